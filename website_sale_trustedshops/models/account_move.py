# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
        help="What Trusted Shops charges for the protection of the buyer, taxes in.",
    )

    @api.depends(
        "invoice_line_ids.is_trustedshops_protection", "invoice_line_ids.price_total"
    )
    def _compute_trustedshops_fee_amount(self):
        for move in self:
            lines = move.invoice_line_ids.filtered("is_trustedshops_protection")
            move.trustedshops_fee_amount = sum(lines.mapped("price_total"))
