# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import models
from odoo.tools import urls

# Lengths of GTIN-8, UPC, EAN-13 and GTIN-14.
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _trustedshops_get_sku(self):
        """Return the identifier of the product at Trusted Shops, for every use.

        Reviews are for the product as the shop shows it: with one identifier for each
        variant they would be scattered over sizes and colours.

        :rtype: str
        """
        self.ensure_one()
        return self.default_code or f"odoo-{self.id}"

    def _trustedshops_prepare_card_item(self, website):
        """Return the product as the Trustcard names it.

        :param website: record of ``website``: the shop
        :return: text by the last part of the class in the page; empty where there is
            nothing to tell
        :rtype: dict[str, str]
        """
        self.ensure_one()
        base_url = website.get_base_url()
        sku = self._trustedshops_get_sku()
        image = website.image_url(self, "image_512") if self.image_128 else ""
        gtin = self.barcode or ""
        if gtin == sku or not _GTIN.fullmatch(gtin):
            gtin = ""  # Trusted Shops refuses one that only repeats the SKU
        return {
            "Url": urls.urljoin(base_url, self.website_url),
            "ImageUrl": image and urls.urljoin(base_url, image),
            "Name": self.name,
            "SKU": sku,
            "GTIN": gtin,
            "MPN": "",
            "Brand": "",
        }
