# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .privacy_lookup_wizard import WITHDRAWAL


class BaseModuleUninstall(models.TransientModel):
    """Adds how many withdrawals would be deleted, and until when to keep them."""

    _inherit = "base.module.uninstall"

    withdrawal_count = fields.Integer(
        compute="_compute_withdrawals", export_string_translation=False
    )
    withdrawal_last_day = fields.Date(
        compute="_compute_withdrawals", export_string_translation=False
    )

    @api.depends("module_ids")
    def _compute_withdrawals(self):
        withdrawals = self.env[WITHDRAWAL].sudo()
        last_day = withdrawals.search([], limit=1, order="keep_until desc").keep_until
        for wizard in self:
            is_going = WITHDRAWAL in wizard.model_ids.mapped("model")
            wizard.withdrawal_count = is_going and withdrawals.search_count([])
            wizard.withdrawal_last_day = is_going and last_day
