# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class TrustedShopsSamplePage(models.TransientModel):
    _inherit = "trustedshops.sample.page"

    def action_create_page(self):
        """Override of `website_sale_trustedshops` to open an existing page.

        That is the page of `website_sale_withdrawal`, if it still exists. It already
        contains the model form, so no second one is created.
        """
        page_sudo = self.website_id._withdrawal_find_instructions()
        if self.kind != "withdrawal" or not page_sudo:
            return super().action_create_page()
        website = self.website_id
        return website.get_client_action(page_sudo.url, True, website.id)
