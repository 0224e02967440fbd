# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.fields import Domain

# Domain of the lines of orders at the till that are neither drafts nor cancelled.
IS_SOLD = Domain("order_id.state", "not in", ("draft", "cancel"))


class PosOrder(models.Model):
    _inherit = "pos.order"

    def write(self, vals):
        """Override of `point_of_sale` to have the fee follow sales and returns."""
        result = super().write(vals)
        if "state" in vals:
            lines = self.sudo().lines
            lines |= lines.refunded_orderline_id
            orders = lines.sale_order_line_id.order_id
            for protection in orders.trustedshops_protection_id:
                protection.order_id._trustedshops_try(protection._follow_till)
        return result

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        """Override of `pos_sale` to mark the line of the fee on invoices."""
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        lines = pos_line.sudo() | pos_line.sudo().refunded_orderline_id
        fee_line = lines.sale_order_line_id.filtered("is_trustedshops_protection")
        if protection := fee_line.order_id.trustedshops_protection_id:
            values["trustedshops_protection_id"] = protection.id
        return values


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _trustedshops_with_refunds(self):
        """Return the lines that were sold, with the lines that returned them."""
        return (self | self.refund_orderline_ids).filtered_domain(IS_SOLD)
