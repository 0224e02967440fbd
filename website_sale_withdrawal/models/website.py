# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class Website(models.Model):
    _inherit = "website"

    def _withdrawal_find_instructions(self):
        """Return the website's page about the right of withdrawal, in sudo, or none."""
        website = self.with_context(website_id=self.id)
        view = website.viewref("website_sale_withdrawal.instructions", False)
        pages_sudo = self.env["website.page"].sudo()
        return pages_sudo.search([("view_id", "=", view.id)], limit=1)
