# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.delivery import Delivery
from odoo.addons.website_sale.controllers.payment import PaymentPortal

from .. import const
from . import prefetch
from .portal import find_order

# Session key of a mark that is used once: the id of the order whose choice the next
# page load keeps.
KEEP_CHOICE = "trustedshops_keep_choice"
# Session key: the reason why a button that was pressed without JavaScript did nothing.
ANSWER = "trustedshops_answer"
# Where a page without JavaScript goes on.
BOX_PAGE = "/shop/payment#trustedshops_protection"


def keep_choice(order):
    """Let the next load of the payment page keep the choice of this cart, if any.

    :param order: record of ``sale.order``
    """
    if order.trustedshops_protection_id:
        request.session[KEEP_CHOICE] = order.id


class TrustedShopsCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        """Override of `website_sale`: refuse a prefetch while the fee is in the cart.

        Otherwise the browser would later show an express payment that includes the fee.
        """
        if prefetch.is_prefetch() and request.cart.trustedshops_protection_id:
            return prefetch.refuse()
        return super().cart(*args, **kwargs)

    def _get_express_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale`: express checkout never shows the box.

        The wallet charges the amount on the cart page, so drop an earlier choice before
        core reads that amount.
        """
        order._trustedshops_remove_choice("choice_returned")
        return super()._get_express_shop_payment_values(order, **kwargs)


class TrustedShopsCheckout(Delivery):
    @route("/shop/trustedshops/protection", type="jsonrpc", **const.POST_ROUTE)
    def shop_trustedshops_protection(self, enable=None, offer="", amount=None):
        """Add Buyer Protection to the visitor's cart, or take it out.

        :param bool enable: whether the box is ticked
        :param str offer: key of the offer that the visitor saw; if it has changed,
            nothing is chosen and the next page shows the new offer
        :param amount: the total that the page shows and can change, in the order's
            currency; None if the page must be loaded again
        :type amount: float or None
        :return: ``enabled``: whether the cart contains it now; ``reload``: whether the
            page must be loaded again; if not, also the values that it must show
        :rtype: dict
        :raise UserError: when the cart is being paid
        """
        return self._tick_trustedshops(enable, offer, amount)

    @route("/shop/trustedshops/protection/page", type="http", **const.POST_ROUTE)
    def shop_trustedshops_protection_page(self, enable="", offer="", **_post):
        """Add or remove Buyer Protection without JavaScript, then show the page again.

        :param str enable: '' to take it out
        :param str offer: see :meth:`shop_trustedshops_protection`
        """
        try:
            self._tick_trustedshops(bool(enable), offer, None)
        except UserError as error:
            self._keep_trustedshops_refusal(error)
        return request.redirect(BOX_PAGE, code=303)

    @route("/shop/trustedshops/protection/state", type="jsonrpc", **const.POST_ROUTE)
    def shop_trustedshops_protection_state(self, enable=None):
        """Read the choice after a tick whose answer was lost.

        :param bool enable: whether the box was ticked
        :return: ``enabled``: whether the cart contains Buyer Protection; ``reload``:
            whether the page must be loaded again, because that is what was wanted
        :rtype: dict
        :raise UserError: while the cart is being changed
        """
        order_sudo = request.cart
        order_sudo._trustedshops_lock()
        enabled = bool(order_sudo.trustedshops_protection_id)
        if enabled and enable:
            keep_choice(order_sudo)
        return {"enabled": enabled, "reload": enabled == enable}

    def _keep_trustedshops_refusal(self, error):
        """Undo what the request did; the next payment page says why."""
        request.env.cr.rollback()
        request.session[ANSWER] = error.args[0]

    def _tick_trustedshops(self, enable, offer, amount):
        """Add Buyer Protection to the cart, or take it out; see the route."""
        request.session.pop(KEEP_CHOICE, None)
        # Do not note each tick of the box in the cart's chatter.
        order_sudo = request.cart.with_context(tracking_disable=True)
        if not order_sudo:
            return {"enabled": False, "reload": True}
        can_update = order_sudo._trustedshops_tick(enable, offer, amount)
        enabled = bool(order_sudo.trustedshops_protection_id)
        if not can_update:
            keep_choice(order_sudo)
            return {"enabled": enabled, "reload": True}
        return {
            "enabled": enabled,
            "reload": False,
            "amount": order_sudo.amount_total,
            "answer": order_sudo._trustedshops_get_answer(),
            **self._order_summary_values(order_sudo),
        }

    @route()
    def shop_payment(self, **post):
        """Override of `website_sale`: a visit begins with the box unticked.

        Only the page load after a tick keeps the choice. A prefetch changes nothing and
        is refused, so that it is not shown later.
        """
        order_sudo = request.cart
        if order_sudo.trustedshops_protection_id and prefetch.is_prefetch():
            return prefetch.refuse()
        kept_id = request.session.pop(KEEP_CHOICE, None)
        if order_sudo.trustedshops_protection_id and kept_id != order_sudo.id:
            # A coupon, for example, leads back to this page.
            is_intact = order_sudo._trustedshops_is_choice_intact()
            order_sudo._trustedshops_remove_choice(
                "choice_returned" if is_intact else "choice_changed"
            )
        response = super().shop_payment(**post)
        if response.qcontext.get("trustedshops_no_store"):
            # Going back is also a visit: a cached page would show an old choice.
            response.headers["Cache-Control"] = "no-store"
        return response

    @route()
    def shop_payment_validate(self, sale_order_id=None, **post):
        """Override of `website_sale`: an order that costs nothing is what was shown.

        A second press waits for the first and leads to the confirmation, too.
        """
        shown = post.pop("trustedshops_shown", None)
        try:
            for order_sudo in self._find_trustedshops_free_order(sale_order_id, shown):
                order_sudo._trustedshops_wait_for_lock()
                order_sudo._trustedshops_sync_with_page(shown == "1")
        except UserError as error:
            self._keep_trustedshops_refusal(error)
            return request.redirect(BOX_PAGE, code=303)
        return super().shop_payment_validate(sale_order_id=sale_order_id, **post)

    def _find_trustedshops_free_order(self, sale_order_id, shown):
        """Return the order that core would confirm without a payment.

        The total may contain a fee that the page says it does not show.
        """
        order_sudo = request.cart
        if sale_order_id or not order_sudo:
            own_id = request.session.get("sale_last_order_id")
            order_sudo = request.env["sale.order"].sudo().browse(own_id or ()).exists()
        total = order_sudo.amount_total
        if shown == "0":
            total -= order_sudo._trustedshops_get_fee_in_total()
        return order_sudo.filtered(
            lambda order: (
                order.state in ("draft", "sent")
                and order.currency_id.is_zero(total)
                and not order.get_portal_last_transaction()
            )
        )

    def _get_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale` to add the values of Buyer Protection."""
        values = super()._get_shop_payment_values(order, **kwargs)
        row = order._trustedshops_prepare_row()
        if row.get("notice") and not prefetch.is_prefetch():
            order._trustedshops_update_notice("")  # it is said once
        if answer := request.session.pop(ANSWER, ""):
            row["notice"] = answer
        if row:
            values["trustedshops_no_store"] = True  # the reviews addon sets it as well
        values["trustedshops_offer"] = row
        values["trustedshops_included"] = order._trustedshops_get_included()
        return values

    def _apply_pricelist(self, pricelist=None):
        """Override of `website_sale` to drop a choice that was made at other prices."""
        result = super()._apply_pricelist(pricelist=pricelist)
        if order_sudo := request.cart:
            order_sudo._trustedshops_remove_choice("choice_changed")
        return result

    def order_lines_2_google_api(self, order_lines):
        """Override of `website_sale`: do not report the fee as a product."""
        goods = order_lines.filtered(lambda line: not line.is_trustedshops_protection)
        return super().order_lines_2_google_api(goods)


class TrustedShopsPayment(PaymentPortal):
    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Override of `website_sale`: charge the fee only if the buyer's page shows it.

        Express checkout sends neither the box nor an amount: its wallet is on the cart
        page.
        """
        is_shown = kwargs.pop("trustedshops_protection", None) is True
        for order_sudo in find_order(self, order_id, access_token):
            order_sudo._trustedshops_sync_with_page(is_shown)
        if not kwargs.get("amount"):
            request.update_context(trustedshops_is_express=True)
        return super().shop_payment_transaction(order_id, access_token, **kwargs)
