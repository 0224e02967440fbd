# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_till_amount(self):
        """Override of `website_sale_trustedshops`: what the till took and kept."""
        self.ensure_one()
        sold = self.sudo().pos_order_line_ids
        lines = (sold | sold.refund_orderline_ids).filtered(
            lambda line: line.order_id.state not in ("draft", "cancel")
        )
        return sum(lines.mapped("price_subtotal_incl")) if lines else None
