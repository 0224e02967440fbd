# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..models.protection.standing import get_unfinished_domain


class BaseModuleUninstall(models.TransientModel):
    """Asks first when buyers still wait for what this addon would do."""

    _inherit = "base.module.uninstall"

    trustedshops_waiting_count = fields.Integer(
        compute="_compute_trustedshops_waiting_count", export_string_translation=False
    )

    @api.depends("module_ids")
    def _compute_trustedshops_waiting_count(self):
        for wizard in self:
            names = wizard._get_modules().mapped("name")
            is_going = "website_sale_trustedshops" in names
            protections_sudo = self.env["trustedshops.protection"].sudo()
            wizard.trustedshops_waiting_count = (
                protections_sudo.search_count(get_unfinished_domain())
                if is_going
                else 0
            )
