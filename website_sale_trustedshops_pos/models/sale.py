# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_till_amounts(self):
        """Override of `website_sale_trustedshops`: what the till took and gave back."""
        lines = self.sudo().pos_order_line_ids._trustedshops_with_refunds()
        own = lines.mapped("price_subtotal_incl")
        return [*super()._trustedshops_get_till_amounts(), *own]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("order_id.trustedshops_protection_id.fee_returned_at")
    def _compute_qty_invoiced(self):
        """Override of `pos_sale`: see :meth:`_prepare_qty_invoiced`."""
        return super()._compute_qty_invoiced()

    def _prepare_qty_invoiced(self):
        """Override of `pos_sale`: a returned fee is between the buyer and the till.

        Else the order had one to credit until the till took it back.
        """
        quantities = super()._prepare_qty_invoiced()
        for line in self.filtered("is_trustedshops_protection"):
            if line.order_id.sudo().trustedshops_protection_id.fee_returned_at:
                quantities[line] = 0.0
        return quantities
