# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    trustedshops_loss = fields.Char(
        compute="_compute_trustedshops_loss", export_string_translation=False
    )

    @api.depends("module_ids")
    def _compute_trustedshops_loss(self):
        """Compute the sentence about the records of all companies that will be lost."""
        models_sudo = self.env["privacy.lookup.wizard"]._trustedshops_get_models()
        for wizard in self:
            chosen = wizard.module_ids
            going = chosen.downstream_dependencies(chosen).mapped("name")
            waiting = proofs = 0
            for model_sudo in models_sudo:
                if model_sudo._original_module in going:
                    waiting += model_sudo._trustedshops_count_waiting()
                    proofs += model_sudo._trustedshops_count_proofs()
            wizard.trustedshops_loss = False
            if waiting or proofs:
                messages = self.env["trustedshops.message"]
                wizard.trustedshops_loss = messages._format_message(
                    "uninstall_loss", waiting=waiting, proofs=proofs
                )
