# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class TrustedShopsReadiness(models.Model):
    _inherit = "trustedshops.readiness"

    def _find_own_page(self, website, kind):
        """Override to find the page of `website_sale_withdrawal`.

        It already has the instructions and the model form.
        """
        page_sudo = super()._find_own_page(website, kind)
        if kind != "withdrawal":
            return page_sudo
        return page_sudo or website._withdrawal_find_instructions()
