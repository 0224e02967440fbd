# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    @api.model
    def _trustedshops_get_proofs(self):
        """Override of `website_sale_trustedshops` to add the consents."""
        said, addon = [("kind", "!=", "ticked")], "website_sale_trustedshops_reviews"
        names = "company_id email kind moment text privacy_url lang_id mode source"
        return [
            *super()._trustedshops_get_proofs(),
            (addon, "trustedshops.consent", said, [*names.split(), "order_id"]),
        ]
