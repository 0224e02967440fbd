# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_till_amounts(self):
        """Override of `website_sale_trustedshops` to add sales and returns."""
        lines = self.sudo().pos_order_line_ids._trustedshops_with_refunds()
        own = lines.mapped("price_subtotal_incl")
        return [*super()._trustedshops_get_till_amounts(), *own]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("order_id.trustedshops_protection_id.refund_ids")
    def _compute_qty_invoiced(self):
        """Override of `pos_sale` to recompute it when the fee is refunded."""
        return super()._compute_qty_invoiced()

    def _prepare_qty_invoiced(self):
        """Override of `pos_sale` to let the till take back a refunded fee.

        Otherwise the order would ask for a credit note until the till takes it back.
        """
        quantities = super()._prepare_qty_invoiced()
        for line in self.filtered("is_trustedshops_protection"):
            protection_sudo = line.order_id.sudo().trustedshops_protection_id
            if protection_sudo.refund_ids and line.sudo().pos_order_line_ids:
                quantities[line] = 0.0
        return quantities

    def _trustedshops_get_sold_and_returned(self):
        """Override of `website_sale_trustedshops` to count the till as well."""
        sold, returned = super()._trustedshops_get_sold_and_returned()
        for each in self.sudo().pos_order_line_ids._trustedshops_with_refunds():
            quantity = self._convert_qty(self, each.qty, "p2s")
            sold += max(quantity, 0.0)
            returned -= min(quantity, 0.0)
        return sold, returned


class SaleReport(models.Model):
    _inherit = "sale.report"

    def _where_pos(self):
        """Override of `pos_sale` to leave out a fee that the till took back.

        The order's line of the fee stands for the sale at the till, and is now 0.
        """
        return f"""{super()._where_pos()}
            AND NOT EXISTS (
                SELECT
                  FROM pos_order_line sold
                  JOIN sale_order_line ordered ON ordered.id = sold.sale_order_line_id
                 WHERE sold.id = l.refunded_orderline_id
                   AND ordered.is_trustedshops_protection
                   AND ordered.product_uom_qty = 0
            )"""
