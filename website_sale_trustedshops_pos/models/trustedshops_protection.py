# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fee of an order that was settled at the till, which gives it back, too."""

from odoo import api, models
from odoo.fields import Domain


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def _get_till_lines(self):
        """Return the lines by which the till sold the fee and took it back.

        :return: records of ``pos.order.line`` in sudo
        """
        self.ensure_one()
        return _get_valid(self.sudo()._get_fee_lines().pos_order_line_ids)

    def _follow_till(self):
        """Act when the till sold the order, or took something of it back.

        A till makes no corrections: a fee that it took back is not charged again.
        """
        self._follow_invoices()
        if self.fee_state == "refunded":
            self._close_todos_about("refund")
            if not self.fee_returned_at:
                self._in_responsible_lang()._return_fee()
        self._follow_return()

    def _get_sold_and_returned(self, line):
        """Override of our main addon: at the till, too."""
        sold, returned = super()._get_sold_and_returned(line)
        for each in _get_valid(line.sudo().pos_order_line_ids):
            quantity = line._convert_qty(line, each.qty, "p2s")
            sold += max(quantity, 0.0)
            returned -= min(quantity, 0.0)
        return sold, returned

    def _get_invoiced_fee(self):
        """Override of our main addon: what has no invoice counts as well."""
        balance, credited = super()._get_invoiced_fee()
        lines = self._get_till_lines().filtered(
            lambda line: not line.order_id.account_move
        )
        taken_back = lines.filtered(lambda line: line.qty < 0)
        balance += sum(lines.mapped("price_subtotal_incl"))
        credited -= sum(taken_back.mapped("price_subtotal_incl"))
        return self.currency_id.round(balance), credited

    def _credit_fee(self):
        """Override of our main addon: the till makes its own credit note."""
        if self._get_till_lines():
            return self.env["account.move"]
        return super()._credit_fee()

    def _settle_by_hand(self):
        """Override of our main addon: what the till took it gives back."""
        lines = self._get_till_lines()
        if not lines:
            return super()._settle_by_hand()
        amount = self.currency_id.round(sum(lines.mapped("price_subtotal_incl")))
        self.refund_state = "done"
        if amount > 0:
            self._ask_for_refund(
                self.env._(
                    "Refund the fee of Buyer Protection, %(amount)s, at the till: it is"
                    " a line of its own on %(receipts)s.",
                    amount=self.currency_id.format(amount),
                    receipts=", ".join(lines.order_id.mapped("name")),
                )
            )
        return None

    @api.model
    def _get_paid_domain(self):
        """Override of our main addon: or at the till."""
        sold = (
            self.env["pos.order.line"]
            .sudo()
            ._search(
                Domain("sale_order_line_id.is_trustedshops_protection", "=", True)
                & Domain("order_id.state", "not in", ("draft", "cancel"))
            )
        )
        orders = (
            self.env["sale.order"]
            .sudo()
            ._search(
                Domain("trustedshops_protection_id", "!=", False)
                & Domain("order_line", "in", sold.subselect("sale_order_line_id"))
            )
        )
        is_sold = Domain("id", "in", orders.subselect("trustedshops_protection_id"))
        return super()._get_paid_domain() | is_sold


def _get_valid(sold_lines):
    """Return the lines of sales at the till with those that took something back.

    :param sold_lines: records of ``pos.order.line`` in sudo
    """
    return (sold_lines | sold_lines.refund_orderline_ids).filtered(
        lambda line: line.order_id.state not in ("draft", "cancel")
    )
