# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .person import WITHDRAWAL_FIELDS


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    @api.model
    def _trustedshops_get_proofs(self):
        """Override of `website_sale_trustedshops` to add the withdrawals."""
        addon, names = "website_sale_withdrawal", ["company_id", *WITHDRAWAL_FIELDS]
        return [
            *super()._trustedshops_get_proofs(),
            (addon, "sale.withdrawal", [], names),
        ]
