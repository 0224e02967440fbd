# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PaymentTransaction(models.Model):
    """The fee as staff reads it."""

    _inherit = "payment.transaction"

    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
        compute_sudo=True,
        help="What Trusted Shops charges for the protection of the buyer, taxes in.",
    )

    @api.depends("trustedshops_protection_id.gross_fee")
    def _compute_trustedshops_fee_amount(self):
        for transaction in self:
            protection = transaction.trustedshops_protection_id
            transaction.trustedshops_fee_amount = protection.gross_fee
