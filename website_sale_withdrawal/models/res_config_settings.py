# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    withdrawal_keep_years = fields.Integer(
        related="website_id.company_id.withdrawal_keep_years", readonly=False
    )
    withdrawal_next_steps = fields.Text(
        related="website_id.company_id.withdrawal_next_steps", readonly=False
    )
    withdrawal_transit_days = fields.Integer(
        related="website_id.company_id.withdrawal_transit_days", readonly=False
    )
