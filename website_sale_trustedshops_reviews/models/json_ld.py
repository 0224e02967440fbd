# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON-LD about the ratings of products and of the shop, for search engines."""

import json
import re

from markupsafe import Markup

from odoo import models
from odoo.tools.json import scriptsafe

from odoo.addons.website_sale_trustedshops.models.certificate.display import BEST_MARK


def prepare_markup(rating, count):
    """Return a rating as structured data, with the value that visitors see.

    Source: schema.org/AggregateRating

    :param float rating: rating from 1 to 5
    :param int count: number of reviews, above 0
    :rtype: dict
    """
    return {
        "@type": "AggregateRating",
        "ratingValue": round(rating, 2),
        "reviewCount": count,
        "bestRating": BEST_MARK,
        "worstRating": 1,
    }


class Website(models.Model):
    _inherit = "website"

    def _trustedshops_add_to_organization(self, script):
        """Return core's element about the shop with rating and certification added.

        :param script: element that core prints
        :type script: Markup
        :return: the same element if there is nothing to add, or it is unreadable
        :rtype: Markup
        """
        added = self._trustedshops_get_star_display()["organization"]
        element = r"\s*(<script[^>]*>)(.*)(</script>)\s*"
        match = added and re.fullmatch(element, str(script), re.DOTALL)
        if not match:
            return script
        start, content, end = match.groups()
        try:
            node = json.loads(content)
        except ValueError:  # core does not escape what it prints
            return script
        if not isinstance(node, dict):
            return script
        # Safe as markup: ``scriptsafe`` lets no content end the element.
        safe = scriptsafe.dumps({**node, **added}, indent=4)
        return Markup(start) + safe + Markup(end)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _to_markup_data(self, website):
        """Override of `website_sale` to add the rating that the product's page shows.

        Only the product's own node has it: variants have no reviews of their own.
        """
        data = super()._to_markup_data(website)
        if website._trustedshops_can_show_stars("product_stars"):
            product_sudo = self.sudo().with_context(website_id=website.id)
            if rating_sudo := product_sudo.trustedshops_rating_id:
                data["aggregateRating"] = prepare_markup(
                    rating_sudo.rating, rating_sudo.count
                )
        return data
