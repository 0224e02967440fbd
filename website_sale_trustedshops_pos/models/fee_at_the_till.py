# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Follows the fee of an order that was sold at the till."""

from odoo import api, models
from odoo.fields import Domain

from .pos_order import IS_SOLD


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def _get_till_lines(self):
        """Return the lines with which the till sold the fee and took it back.

        :return: records of ``pos.order.line`` in sudo
        """
        lines = self.sudo()._get_fee_lines().pos_order_line_ids
        return lines._trustedshops_with_refunds()

    def _follow_till(self):
        """Act when the till sold the order, or took back a part of it.

        A till makes no corrections, so a fee that it took back is not charged again.
        """
        self._follow_invoices()
        if self.fee_state == "refunded":
            self.refund_ids._close_settled()
            if not self.refund_ids:
                in_lang = self._in_responsible_lang()
                in_lang.refund_ids._give_back(in_lang, "till")
        self._follow_return()

    def _is_fee_off(self):
        """Override of `website_sale_trustedshops` to keep a fee that the till sold."""
        return super()._is_fee_off() and not self._get_till_lines()

    def _get_invoiced_fee(self):
        """Override of `website_sale_trustedshops` to count sales without an invoice."""
        balance, credited = super()._get_invoiced_fee()
        for line in self._get_till_lines():
            if not line.order_id.account_move:
                balance += line.price_subtotal_incl
                credited -= min(line.price_subtotal_incl, 0.0)
        return self.currency_id.round(balance), credited

    @api.model
    def _get_paid_domain(self):
        """Override of `website_sale_trustedshops` to add fees paid at the till."""
        is_sold_fee = Domain("is_trustedshops_protection", "=", True)
        is_sold_fee &= Domain("pos_order_line_ids", "any", IS_SOLD)
        return super()._get_paid_domain() | self._get_domain_of(
            "sale.order", Domain("order_line", "any", is_sold_fee)
        )
