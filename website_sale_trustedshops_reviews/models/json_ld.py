# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON-LD: what search engines read about the ratings of products and of the shop."""

import json
import re

from markupsafe import Markup

from odoo import fields, models
from odoo.tools.json import scriptsafe

from odoo.addons.website_sale_trustedshops.const import CERTIFICATE_URL
from odoo.addons.website_sale_trustedshops.models.certificate.display import BEST_MARK


def prepare_markup(rating, count):
    """Return a rating for search engines, with the value that visitors see.

    Source: schema.org/AggregateRating

    :param float rating: from 1 to 5
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


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    is_organization_rated = fields.Boolean(
        string="Rating of the Shop for Search Engines",
        help="Each page tells search engines and AI assistants how buyers rate the"
        " shop. Trusted Shops recommends it. Switch it off when the Trustbadge does so"
        " already.",
    )
    is_organization_certified = fields.Boolean(
        string="Certification for Search Engines",
        help="Each page tells search engines and AI assistants that Trusted Shops"
        " certified the shop, with a link to its certificate, as long as that is in"
        " force. Trusted Shops recommends it. Switch it off when the Trustbadge does so"
        " already.",
    )

    def _prepare_organization(self, certificate, lang_code):
        """Return what to add to the structured data about the shop.

        :param certificate: the one whose rating is shown, may be empty
        :param str lang_code: for example ``de_DE``
        :rtype: dict
        """
        added = {}
        if self.is_organization_rated and certificate._prepare_rating():
            added["aggregateRating"] = prepare_markup(
                certificate.rating_value, certificate.rating_count
            )
        serving = self._get_serving_certificate(lang_code)
        if self.is_organization_certified and serving._is_shown_to_everybody():
            added["hasCertification"] = serving._prepare_certification()
        return added


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    def _prepare_certification(self):
        """Return this certificate for search engines.

        Source: schema.org/Certification

        :rtype: dict
        """
        return {
            "@type": "Certification",
            "name": self.env._("Trusted Shops Trustmark"),
            "issuedBy": {
                "@type": "Organization",
                "name": "Trusted Shops",
                "url": "https://www.trustedshops.com",
            },
            "certificationIdentification": self.ts_id,
            "url": self._get_page_url(CERTIFICATE_URL),
        }

    def _get_visible_values(self):
        """Override of `website_sale_trustedshops` to add the rating of the shop.

        Cached pages contain that rating only if a channel shows it to search engines.
        """
        channels_sudo = self.env["trustedshops.channel"].sudo()
        values = super()._get_visible_values()
        if channels_sudo.search_count([("is_organization_rated", "=", True)], limit=1):
            values += [[each.rating_value, each.rating_count] for each in self.sudo()]
        return values


class Website(models.Model):
    _inherit = "website"

    def _trustedshops_extend_organization(self, script):
        """Return the structured data about the shop with rating and certification.

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
        # Safe: nothing in it can end the element.
        safe = scriptsafe.dumps({**node, **added}, indent=4)
        return Markup(start) + safe + Markup(end)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _to_markup_data(self, website):
        """Override of `website_sale` to add the rating that the product's page shows.

        Only the node of the product has it: variants have no reviews of their own.
        """
        data = super()._to_markup_data(website)
        if website._trustedshops_can_show_stars("product_stars"):
            product_sudo = self.sudo().with_context(website_id=website.id)
            if rating_sudo := product_sudo.trustedshops_rating_id:
                data["aggregateRating"] = prepare_markup(
                    rating_sudo.rating, rating_sudo.count
                )
        return data
