# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def write(self, vals):
        """Override of `point_of_sale`: the fee follows what is sold and taken back."""
        result = super().write(vals)
        if "state" in vals:
            for protection in self.sudo().lines._trustedshops_get_protections():
                protection.order_id._trustedshops_try(protection._follow_invoices)
        return result

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        """Override of `pos_sale`: its invoices know their line of the fee."""
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        if protection := pos_line.sudo()._trustedshops_get_protections():
            values["is_trustedshops_protection"] = True
            values["trustedshops_protection_id"] = protection.id
        return values


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _trustedshops_get_protections(self):
        """Return the protections whose fees are sold or taken back with these lines."""
        sold = (self | self.refunded_orderline_id).sale_order_line_id
        fees = sold.filtered("is_trustedshops_protection")
        return fees.order_id.trustedshops_protection_id
