# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.website_sale_trustedshops.models.finding import OK, PROBLEM

_lt = LazyTranslate(__name__)
LINKED = (
    OK,
    _lt(
        "A link leads to the withdrawal function. A sample shows what buyers get by"
        " e-mail."
    ),
)
NOT_LINKED = (
    PROBLEM,
    _lt("No link leads visitors to the withdrawal function."),
    _lt(
        "Withdrawal Function puts the link on each page. A cache may hold an old page,"
        " or the theme a copy of it."
    ),
)


class TrustedShopsCertificate(models.Model):
    """Add the withdrawal function to the website check."""

    _inherit = "trustedshops.certificate"

    def _check_page(self, root, page, lang):
        """Override of `website_sale_trustedshops` to look for the link on each page."""
        yield from super()._check_page(root, page, lang)
        path = self.website_id._trustedshops_get_lang_path(lang) + "/withdrawal"
        paths = [urlsplit(href).path for href in root.xpath("//a/@href")]
        if path not in paths:
            yield self._tell("withdrawal", NOT_LINKED)
        elif page["is_start"]:
            finding = self._tell("withdrawal", LINKED)
            label = self.env._("Sample of the receipt")
            yield {**finding, "links": [{"text": label, "url": f"{path}/sample"}]}
