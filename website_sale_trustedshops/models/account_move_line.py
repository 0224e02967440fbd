# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Copied, so that credit notes and corrections know their line of the fee.
    is_trustedshops_protection = fields.Boolean(
        string="Is Buyer Protection", readonly=True
    )
