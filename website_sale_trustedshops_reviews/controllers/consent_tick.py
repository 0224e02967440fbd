# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The consent box at checkout and on the confirmation page."""

from odoo.http import request, route

from odoo.addons.website_sale.controllers.delivery import Delivery
from odoo.addons.website_sale.controllers.payment import PaymentPortal
from odoo.addons.website_sale_trustedshops.const import POST_ROUTE
from odoo.addons.website_sale_trustedshops.controllers import prefetch
from odoo.addons.website_sale_trustedshops.controllers.checkout import (
    keep_choice,
)


class TrustedShopsReviewsCheckout(Delivery):
    @route("/shop/trustedshops/reviews", type="http", **POST_ROUTE)
    def shop_trustedshops_reviews(self, key="", ticked=None, in_place=None, **_post):
        """Store, or delete, the visitor's consent to a review invitation.

        Accept only the visitor's own cart. After an error the visitor can still pay.

        :param str key: version of the words that the visitor saw
        :param ticked: value of the box, None if the visitor did not tick it
        :type ticked: str or None
        :param in_place: set by our script, which stays on the page; else None
        :type in_place: str or None
        :return: JSON with ``ticked`` for the script (null: unknown), else a redirect to
            the page
        """
        cart = request.cart
        is_ticked = bool(cart) and cart._trustedshops_try_to_get(
            None, cart._trustedshops_tick_review, bool(ticked), key
        )
        if in_place:
            return request.make_json_response({"ticked": is_ticked})
        keep_choice(cart)
        return request.redirect("/shop/payment#trustedshops_review_box", code=303)

    @route("/shop/trustedshops/reviews/ordered", type="http", **POST_ROUTE)
    def shop_trustedshops_reviews_ordered(
        self, key="", ticked=None, in_place=None, **_post
    ):
        """Store the visitor's consent after the order, for their own last order only.

        To take it back, the visitor uses the page of the order.

        :param str key: see above
        :param ticked: see above
        :param in_place: see above
        :return: see above; ``ticked`` is also true if the visitor agreed before
        """
        order_sudo = self._find_trustedshops_own_order()
        is_ticked = bool(order_sudo) and order_sudo._trustedshops_try_to_get(
            None, order_sudo._trustedshops_agree_late, bool(ticked), key
        )
        if in_place:
            return request.make_json_response({"ticked": is_ticked})
        return request.redirect("/shop/confirmation", code=303)

    @route("/shop/trustedshops/reviews/state", type="jsonrpc", **POST_ROUTE)
    def shop_trustedshops_reviews_state(self, is_ordered=False):
        """Tell the page whether the box is ticked, after a lost answer.

        :param bool is_ordered: whether the visitor has ordered already
        :return: ``ticked``: whether the visitor agrees, as far as the shop knows
        :rtype: dict
        """
        if is_ordered:
            order_sudo = self._find_trustedshops_own_order()
            ticked = bool(order_sudo) and order_sudo._trustedshops_agree_late(False, "")
        else:
            cart = request.cart
            question = cart and cart._trustedshops_get_review_question(can_write=False)
            ticked = bool(question) and question["ticked"]
        return {"ticked": ticked}

    def _find_trustedshops_own_order(self):
        """Return the visitor's last order in sudo, if there is one."""
        own_id = request.session.get("sale_last_order_id")
        return request.env["sale.order"].sudo().browse(own_id or ()).exists()

    def _get_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale` to ask for the consent."""
        values = super()._get_shop_payment_values(order, **kwargs)
        question = order._trustedshops_get_review_question(
            can_write=not prefetch.is_prefetch()
        )
        if question:
            values["trustedshops_no_store"] = True
        values["trustedshops_review"] = question
        return values

    def _prepare_shop_payment_confirmation_values(self, order):
        """Override of `website_sale` to ask for the consent after the order."""
        values = super()._prepare_shop_payment_confirmation_values(order)
        values["trustedshops_review"] = order._trustedshops_get_late_question()
        return values


class TrustedShopsReviewsPayment(PaymentPortal):
    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Override of `website_sale` to remember the tick if the buyer's page shows it.

        Express checkout shows no box.
        """
        if kwargs.pop("trustedshops_review", None) is True:
            request.update_context(trustedshops_is_payment_page=True)
        return super().shop_payment_transaction(order_id, access_token, **kwargs)
