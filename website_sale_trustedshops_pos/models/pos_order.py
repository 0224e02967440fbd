# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def write(self, vals):
        """Override of `point_of_sale`: the fee follows what is sold and taken back."""
        result = super().write(vals)
        if "state" in vals:
            orders = self.sudo().lines._trustedshops_get_sold_lines().order_id
            for protection in orders.trustedshops_protection_id:
                protection.order_id._trustedshops_try(protection._follow_till)
        return result

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        """Override of `pos_sale`: its invoices know their line of the fee."""
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        fee_line = (
            pos_line.sudo()
            ._trustedshops_get_sold_lines()
            .filtered("is_trustedshops_protection")
        )
        if fee_line:
            protection = fee_line.order_id.trustedshops_protection_id
            values["is_trustedshops_protection"] = True
            values["trustedshops_protection_id"] = protection.id
        return values


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _trustedshops_get_sold_lines(self):
        """Return the lines of sales orders that these sell or take back."""
        return (self | self.refunded_orderline_id).sale_order_line_id
