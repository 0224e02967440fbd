# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_date


class BaseModuleUninstall(models.TransientModel):
    """Shows what is lost with our addons: waiting applications, and records to keep."""

    _inherit = "base.module.uninstall"

    trustedshops_waiting_count = fields.Integer(
        compute="_compute_trustedshops_waiting_count", export_string_translation=False
    )
    trustedshops_proofs = fields.Text(
        compute="_compute_trustedshops_proofs", export_string_translation=False
    )

    @api.depends("module_ids")
    def _compute_trustedshops_waiting_count(self):
        for wizard in self:
            is_going = "website_sale_trustedshops" in wizard._get_modules().mapped(
                "name"
            )
            protections_sudo = self.env["trustedshops.protection"].sudo()
            wizard.trustedshops_waiting_count = (
                protections_sudo.search_count(protections_sudo._get_unfinished_domain())
                if is_going
                else 0
            )

    @api.depends("module_ids")
    def _compute_trustedshops_proofs(self):
        """Format one line for each model with records to keep, in all companies."""
        models_sudo = self.env["privacy.lookup.wizard"]._trustedshops_get_models()
        for wizard in self:
            going = wizard._get_modules().mapped("name")
            wizard.trustedshops_proofs = "\n".join(
                self.env._(
                    "%(kind)s: %(count)s, to be kept until %(date)s",
                    kind=self.env["ir.model"]._get(model_sudo._name).name,
                    count=count,
                    date=format_date(self.env, last_day),
                )
                for model_sudo in models_sudo
                if model_sudo._original_module in going
                for count, last_day in [model_sudo._trustedshops_count_proofs()]
                if count
            )
