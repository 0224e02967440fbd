# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Routes of the consent box on the payment page and on the confirmation page."""

from odoo.http import request, route

from odoo.addons.website_sale.controllers.delivery import Delivery
from odoo.addons.website_sale.controllers.payment import PaymentPortal
from odoo.addons.website_sale_trustedshops.const import POST_ROUTE
from odoo.addons.website_sale_trustedshops.controllers import prefetch


class TrustedShopsReviewsCheckout(Delivery):
    @route("/shop/trustedshops/reviews", type="jsonrpc", **POST_ROUTE)
    def shop_trustedshops_reviews(self, key="", ticked=None):
        """Store or delete the consent that the visitor ticks for their cart.

        An error is logged, and does not keep the visitor from paying.

        :param str key: version of the words that the page showed, see ``Words``
        :param bool ticked: whether the box is ticked
        :return: ``ticked``: whether the tick is stored now, None after an error
        :rtype: dict
        """
        cart = request.cart
        is_ticked = bool(cart) and cart._trustedshops_try_to_get(
            None, cart._trustedshops_tick_review, bool(ticked), key
        )
        return {"ticked": is_ticked}

    @route("/shop/trustedshops/reviews/ordered", type="jsonrpc", **POST_ROUTE)
    def shop_trustedshops_reviews_ordered(self, key="", ticked=None):
        """Store the consent that the visitor ticks on the page of their last order.

        It cannot be taken back here, only on the page of the order.

        :param str key: see :meth:`shop_trustedshops_reviews`
        :param bool ticked: see :meth:`shop_trustedshops_reviews`
        :return: ``ticked``: whether the visitor agreed, now or before, None after an
            error
        :rtype: dict
        """
        order_sudo = self._find_trustedshops_own_order()
        is_ticked = bool(order_sudo) and order_sudo._trustedshops_try_to_get(
            None, order_sudo._trustedshops_create_late_consent, bool(ticked), key
        )
        return {"ticked": is_ticked}

    @route("/shop/trustedshops/reviews/state", type="jsonrpc", **POST_ROUTE)
    def shop_trustedshops_reviews_state(self, is_ordered=False):
        """Return whether the visitor agrees, for a script whose last request failed.

        :param bool is_ordered: whether to look at the last order, not at the cart
        :return: ``ticked``, a bool
        :rtype: dict
        """
        if is_ordered:
            order_sudo = self._find_trustedshops_own_order()
            ticked = bool(order_sudo) and order_sudo._trustedshops_create_late_consent(
                False, ""
            )
        else:
            cart = request.cart
            question = cart and cart._trustedshops_get_review_question(can_write=False)
            ticked = bool(question) and question["ticked"]
        return {"ticked": ticked}

    def _find_trustedshops_own_order(self):
        """Return the order that the visitor placed last, in sudo, or none."""
        own_id = request.session.get("sale_last_order_id")
        return request.env["sale.order"].sudo().browse(own_id or ()).exists()

    def _get_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale` to add the question for the consent.

        Unless the browser prefetches the page, this deletes a tick that no longer
        counts.
        """
        values = super()._get_shop_payment_values(order, **kwargs)
        question = order._trustedshops_get_review_question(
            can_write=not prefetch.is_prefetch()
        )
        if question:
            values["trustedshops_no_store"] = True
        values["trustedshops_review"] = question
        return values

    def _prepare_shop_payment_confirmation_values(self, order):
        """Override of `website_sale` to add the question after the order."""
        values = super()._prepare_shop_payment_confirmation_values(order)
        values["trustedshops_review"] = order._trustedshops_get_late_question()
        return values

    @route()
    def shop_payment_validate(self, sale_order_id=None, **post):
        """Override of `website_sale` to count the tick of an order without a payment.

        It counts if the page shows it, as with an order that is paid.
        """
        if post.pop("trustedshops_review", None) == "1":
            request.cart = request.cart.with_context(trustedshops_is_payment_page=True)
        return super().shop_payment_validate(sale_order_id=sale_order_id, **post)


class TrustedShopsReviewsPayment(PaymentPortal):
    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Override of `website_sale` to link the transaction with the tick in the cart.

        The payment page asks for it; express checkout does not, as it shows no box.
        """
        if kwargs.pop("trustedshops_review", None) is True:
            request.update_context(trustedshops_is_payment_page=True)
        return super().shop_payment_transaction(order_id, access_token, **kwargs)
