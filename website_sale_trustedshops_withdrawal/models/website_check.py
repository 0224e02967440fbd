# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import models


class TrustedShopsCertificate(models.Model):
    """Add the withdrawal function to the website check."""

    _inherit = "trustedshops.certificate"

    def _check_page(self, root, page, lang):
        """Override of `website_sale_trustedshops` to look for the link to withdraw."""
        yield from super()._check_page(root, page, lang)
        path = self.website_id._trustedshops_get_lang_path(lang) + "/withdrawal"
        paths = [urlsplit(href).path for href in root.xpath("//a/@href")]
        if path not in paths:
            yield self._prepare_page_finding("withdrawal", "withdrawal_not_linked")
