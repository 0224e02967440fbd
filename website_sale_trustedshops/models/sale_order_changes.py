# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from .. import const

# What a person changes at an order that may change what it comes to, or whose it is.
WATCHED = {"order_line", "partner_id", "pricelist_id"}


class SaleOrder(models.Model):
    """A choice goes with whatever changes the purchase that it was made for.

    The shop's own ways to change a cart each say what happened. Here is the net under
    them: other modules, another currency, and staff, who write lines as they like.
    """

    _inherit = "sale.order"

    def _trustedshops_note_purchases(self):
        """Return what each open choice was made for, before something changes.

        Within a larger change, that alone is looked at: on the way prices may be
        anything.

        :return: buyer, currency and amount by order in sudo
        :rtype: dict
        """
        if self.env.context.get("trustedshops_changing") == const.OURS:
            return {}
        return {
            order: order._trustedshops_get_purchase()
            for order in self.sudo()
            if order.trustedshops_protection_id
            and order._trustedshops_can_drop_choice()
        }

    def _trustedshops_get_purchase(self):
        """Return who buys for how much.

        :rtype: tuple
        """
        amount = self._trustedshops_get_amount_to_protect()
        return self.partner_id, self.currency_id, amount

    def _trustedshops_drop_where_changed(self, purchases, event="cart"):
        """Drop the choices that were made for another purchase, and say so.

        :param dict purchases: see :meth:`_trustedshops_note_purchases`
        :param str event: what happened, see :meth:`_trustedshops_get_notice`
        """
        for order, purchase in purchases.items():
            if not order.trustedshops_protection_id:
                continue  # taken out by the change itself
            change = order._trustedshops_get_change(purchase, event)
            if not change:
                continue
            # The buyer reads it, whoever changes the order.
            reader = order.with_context(lang=order._get_lang())
            reader._trustedshops_drop_after_change(change)
            if self.env.user._is_internal():
                order._trustedshops_note_drop()

    def _trustedshops_get_change(self, purchase, event):
        """Return what happened to the purchase for which a choice was made.

        :param tuple purchase: see :meth:`_trustedshops_get_purchase`
        :param str event: what changes the amount
        :return: an event of :meth:`_trustedshops_get_notice`; '' when it is the same
        :rtype: str
        """
        buyer, currency, _amount = purchase
        now = self._trustedshops_get_purchase()
        if now == purchase:
            return ""
        if now[0] != buyer:
            return "address"
        return "prices" if now[1] != currency else event

    def _trustedshops_note_drop(self):
        """Tell staff why the line of the fee is gone."""
        self.message_post(
            body=self.env._(
                "Buyer Protection was taken out of this order, because the order"
                " changed after it was chosen."
            )
        )

    # === WHO CHANGES AN ORDER === #

    def write(self, vals):
        """Override of `sale` to drop a choice made for another purchase."""
        if not WATCHED & vals.keys():
            return super().write(vals)
        purchases = self._trustedshops_note_purchases()
        orders = self.with_context(trustedshops_changing=const.OURS)
        result = super(SaleOrder, orders).write(vals)
        self._trustedshops_drop_where_changed(purchases)
        return result

    def _recompute_prices(self):
        """Override of `sale` to drop a choice made at other prices."""
        purchases = self._trustedshops_note_purchases()
        orders = self.with_context(trustedshops_changing=const.OURS)
        result = super(SaleOrder, orders)._recompute_prices()
        self._trustedshops_drop_where_changed(purchases, "prices")
        return result

    def _recompute_taxes(self):
        """Override of `sale` to drop a choice made with other taxes."""
        purchases = self._trustedshops_note_purchases()
        orders = self.with_context(trustedshops_changing=const.OURS)
        result = super(SaleOrder, orders)._recompute_taxes()
        self._trustedshops_drop_where_changed(purchases, "prices")
        return result
