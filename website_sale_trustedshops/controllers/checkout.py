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

# Session key: the id of the order whose choice the next load of the payment page keeps.
# That load removes the key.
KEEP_CHOICE = "trustedshops_keep_choice"


def mark_choice_kept(order):
    """Let the next load of the payment page keep Buyer Protection in this cart.

    Store that in the session; do nothing if the cart does not contain it.

    :param order: record of ``sale.order``
    """
    if order.trustedshops_protection_id:
        request.session[KEEP_CHOICE] = order.id


class TrustedShopsCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        """Override of `website_sale` to refuse a prefetch of a cart with the fee.

        Otherwise the browser would later show an express payment that includes the fee.
        """
        if prefetch.is_prefetch() and request.cart.trustedshops_protection_id:
            return prefetch.refuse()
        return super().cart(*args, **kwargs)

    def _get_express_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale` to take Buyer Protection out of the cart.

        Express checkout never shows its box, and its wallet charges the amount of the
        cart page, which core reads here.
        """
        order._trustedshops_remove_choice("choice_returned")
        return super()._get_express_shop_payment_values(order, **kwargs)


class TrustedShopsCheckout(Delivery):
    @route("/shop/trustedshops/protection", type="jsonrpc", **const.POST_ROUTE)
    def shop_trustedshops_protection(self, enable=None, offer="", amount=None):
        """Add Buyer Protection to the visitor's cart, or take it out.

        :param bool enable: whether the box is ticked
        :param str offer: key of the offer that the visitor saw; if it has changed,
            Buyer Protection is taken out, and the next page shows the new offer
        :param amount: the total that the page shows and can change, in the order's
            currency; None if the page must be loaded again
        :type amount: float or None
        :return: ``enabled``: whether the cart contains it now; ``reload``: whether the
            page must be loaded again; if not, also ``amount``, ``answer`` (HTML) and
            core's values of the order summary
        :rtype: dict
        :raise UserError: when ``enable`` is not a boolean, or the cart is being changed
            or paid
        """
        request.session.pop(KEEP_CHOICE, None)
        # Do not log each tick in the chatter of the cart.
        order_sudo = request.cart.with_context(tracking_disable=True)
        if not order_sudo:
            return {"enabled": False, "reload": True}
        can_update = order_sudo._trustedshops_tick(enable, offer, amount)
        enabled = bool(order_sudo.trustedshops_protection_id)
        if not can_update:
            mark_choice_kept(order_sudo)
            return {"enabled": enabled, "reload": True}
        return {
            "enabled": enabled,
            "reload": False,
            "amount": order_sudo.amount_total,
            "answer": order_sudo._trustedshops_get_answer(),
            **self._order_summary_values(order_sudo),
        }

    @route("/shop/trustedshops/protection/state", type="jsonrpc", **const.POST_ROUTE)
    def shop_trustedshops_protection_state(self, enable=None):
        """Return the state of the cart after a tick whose answer was lost.

        If the page must be loaded again, let that load keep Buyer Protection.

        :param bool enable: whether the box was ticked
        :return: ``enabled``: whether the cart contains Buyer Protection; ``reload``:
            whether the page must be loaded again, because the cart is as wanted
        :rtype: dict
        :raise UserError: while the cart is being changed
        """
        order_sudo = request.cart
        order_sudo._trustedshops_lock()
        enabled = bool(order_sudo.trustedshops_protection_id)
        if enabled and enable:
            mark_choice_kept(order_sudo)
        return {"enabled": enabled, "reload": enabled == enable}

    @route()
    def shop_payment(self, **post):
        """Override of `website_sale` to begin each visit with the box unticked.

        Take Buyer Protection out of the cart, except on the page load after a tick.
        Refuse a prefetch, so that the browser does not show it later.
        """
        order_sudo = request.cart
        if order_sudo.trustedshops_protection_id and prefetch.is_prefetch():
            return prefetch.refuse()
        kept_id = request.session.pop(KEEP_CHOICE, None)
        if order_sudo.trustedshops_protection_id and kept_id != order_sudo.id:
            # Applying a coupon, for example, leads back to this page.
            is_intact = order_sudo._trustedshops_is_choice_intact()
            order_sudo._trustedshops_remove_choice(
                "choice_returned" if is_intact else "choice_changed"
            )
        response = super().shop_payment(**post)
        if response.qcontext.get("trustedshops_no_store"):
            # After going back, a cached page would show an old choice.
            response.headers["Cache-Control"] = "no-store"
        return response

    @route()
    def shop_payment_validate(self, sale_order_id=None, **post):
        """Override of `website_sale` to confirm a free order only as the page shows it.

        Remove a fee that the page does not show. If the order lacks one that the page
        shows, redirect to the payment page, which says so. A second press waits for the
        first, and then also gets the confirmation page.
        """
        shown = post.pop("trustedshops_shown", None)
        for order_sudo in self._find_trustedshops_free_order(sale_order_id, shown):
            order_sudo._trustedshops_lock_and_wait()
            try:
                order_sudo._trustedshops_sync_with_page(shown == "1")
            except UserError:
                order_sudo._trustedshops_update_notice("choice_gone")
                box = "/shop/payment#trustedshops_protection"
                return request.redirect(box, code=303)
        return super().shop_payment_validate(sale_order_id=sale_order_id, **post)

    def _find_trustedshops_free_order(self, sale_order_id, shown):
        """Return the order that core will confirm without a payment, in sudo.

        :param sale_order_id: id of the order, as core's route gets it
        :param shown: '1' if the page shows the fee, '0' if not; then the fee does not
            count as a part of the total
        :type shown: str or None
        :return: record of ``sale.order``, empty if a payment is needed
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
        """Override of `website_sale` to add the values of Buyer Protection.

        Clear the notice of the order, which is shown once.
        """
        values = super()._get_shop_payment_values(order, **kwargs)
        row = order._trustedshops_prepare_row()
        if row.get("notice") and not prefetch.is_prefetch():
            order._trustedshops_update_notice("")
        if row:
            values["trustedshops_no_store"] = True  # the reviews addon sets it as well
        values["trustedshops_offer"] = row
        return values

    def _apply_pricelist(self, pricelist=None):
        """Override of `website_sale` to take Buyer Protection out at other prices."""
        result = super()._apply_pricelist(pricelist=pricelist)
        if order_sudo := request.cart:
            order_sudo._trustedshops_remove_choice("choice_changed")
        return result

    def order_lines_2_google_api(self, order_lines):
        """Override of `website_sale` to leave out the fee, which is not a product."""
        goods = order_lines.filtered(lambda line: not line.is_trustedshops_protection)
        return super().order_lines_2_google_api(goods)


class TrustedShopsPayment(PaymentPortal):
    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Override of `website_sale` to charge the fee only if the page shows it.

        Express checkout, on the cart page, sends neither the box nor an amount: mark it
        in the context.

        :raise UserError: when the page shows a fee that the order lacks, or the order
            is being changed or paid
        """
        is_shown = kwargs.pop("trustedshops_protection", None) is True
        for order_sudo in find_order(self, order_id, access_token):
            order_sudo._trustedshops_sync_with_page(is_shown)
        if not kwargs.get("amount"):
            request.update_context(trustedshops_is_express=True)
        return super().shop_payment_transaction(order_id, access_token, **kwargs)
