# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What pages show of the ratings, and what search engines read of them.

Everything is rendered by the server and equal for all visitors. A page costs one query,
for all products on it; none where there is nothing to show.
"""

import json
import re

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools.json import scriptsafe

from odoo.addons.website_sale_trustedshops.const import CERTIFICATE_URL, RATING_FRESH
from odoo.addons.website_sale_trustedshops.framework import get_website
from odoo.addons.website_sale_trustedshops.models.certificate.display import (
    BEST_MARK,
    prepare_stars,
)

from .. import const

ADDON = "website_sale_trustedshops_reviews"
# Core's own reviews, with stars of their own.
CORE_COMMENTS = "website_sale.product_comment"
_SCRIPT = re.compile(r"\s*(<script[^>]*>)(.*)(</script>)\s*", re.DOTALL)


def prepare_markup(rating, count):
    """Return a rating as search engines read it: the value that visitors read.

    Source: schema.org/AggregateRating

    :param float rating: from 1 to 5
    :param int count: reviews, above 0
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

    @api.model
    @tools.ormcache("website_id", "lang_code", "day")
    def _get_star_display(self, website_id, lang_code, day):
        """Return what a website needs to show ratings, without a query.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :param datetime.date day: today: what gets too old is gone by tomorrow
        :return: ``channel_id``, False where no rating may be shown; ``is_any_rated``,
            whether any product has reviews; ``notice``, see ``_prepare_notice`` of the
            certificate; ``reviews_url``, '' when it is not known; ``organization``,
            what is added to the structured data about the shop
        :rtype: dict
        """
        found = self.sudo().browse(self._find_id_for(website_id, lang_code) or ())
        channel = found.with_context(lang=lang_code)
        if not channel._are_ratings_public():
            return {"channel_id": False, "is_any_rated": False, "organization": {}}
        certificate = channel._get_shown_certificate(lang_code)
        return {
            "channel_id": channel.id,
            "is_any_rated": bool(channel._filter_rated()),
            "notice": certificate._prepare_notice(),
            "reviews_url": certificate._get_reviews_url(lang_code),
            "organization": channel._prepare_organization(certificate, lang_code),
        }

    def _are_ratings_public(self):
        """Tell whether visitors may see the ratings: not those of a test.

        Those of a channel that is gone are not read any more.
        """
        if not self or self.hold_reason == "gone":
            return False
        is_live = self.account_id.environment == "production"
        return is_live or self.env["trustedshops.certificate"]._are_tests_public()

    def _get_shown_certificate(self, lang_code):
        """Return the certificate of the channel, else of its website.

        Only one that visitors may see: none otherwise.
        """
        visitor = self.website_id.user_id
        serving = self._get_serving_certificate(lang_code)
        for certificate in (serving.browse(self.certificate_id.id or ()), serving):
            if certificate.active and certificate._is_card_shown_to(visitor):
                return certificate
        return serving.browse()

    def _get_serving_certificate(self, lang_code):
        """Return the certificate of the seal on the website, may be empty."""
        certificates = self.env["trustedshops.certificate"].sudo()
        certificates = certificates.with_context(lang=lang_code)
        found = certificates._find_id_for(self.website_id.id, lang_code)
        return certificates.browse(found or ())

    def _prepare_organization(self, certificate, lang_code):
        """Return what Trusted Shops says of the shop, for its structured data.

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

    def _prepare_preview_blocks(self):
        """Override of `website_sale_trustedshops` to add stars and the question."""
        blocks = super()._prepare_preview_blocks()
        stars = {
            "stars": prepare_stars(self.env, 4.83, 127),
            "stars_url": self._get_reviews_url(self.env.lang),
        }
        notice = {"notice": self._prepare_notice(), "notice_class": ""}
        blocks["product"][:0] = [
            (f"{ADDON}.stars", stars),
            ("website_sale_trustedshops.rating_notice", notice),
        ]
        if question := self._prepare_sample_question("confirmation"):
            values = {"trustedshops_review": question}
            blocks["confirmation"].append((f"{ADDON}.review_question", values))
        return blocks

    def _prepare_sample_rows(self):
        """Override of `website_sale_trustedshops` to add the question."""
        question = self._prepare_sample_question("payment")
        return {**super()._prepare_sample_rows(), "trustedshops_review": question}

    def _prepare_sample_question(self, place):
        """Return what buyers are asked in a place, see ``question_place``."""
        words = self.website_id._trustedshops_get_words()
        is_asked = words and words.place == place
        return is_asked and {"words": words, "ticked": False, "route": ""}

    def _explain_reviews(self):
        """Override of `website_sale_trustedshops` to say what is known of these."""
        channels_sudo = self.env["trustedshops.channel"].sudo()
        lang_code = self.env.lang or self.website_id.default_lang_id.code
        found_id = channels_sudo._find_id_for(self.website_id.id, lang_code)
        verification = channels_sudo.browse(found_id or ())._get_verification()
        if verification == "all":
            return self.env._(
                "Verified by Trusted Shops: technical measures let only buyers write"
                " reviews."
            )
        if verification == "some":
            return self.env._(
                "Not all reviews are verified: some may not come from buyers."
            )
        return super()._explain_reviews()

    def _prepare_certification(self):
        """Return this certificate as search engines read it.

        Source: schema.org/Certification

        :rtype: dict
        """
        return {
            "@type": "Certification",
            "name": self.env._("Trusted Shops Trustmark"),
            "issuedBy": {
                "@type": "Organization",
                "name": "Trusted Shops",
                "url": const.ISSUER_URL,
            },
            "certificationIdentification": self.ts_id,
            "url": self._get_page_url(CERTIFICATE_URL),
        }

    def _get_visible_values(self):
        """Override of `website_sale_trustedshops`: pages show the shop's rating, too.

        Only where a channel says it to search engines: everything else asks for it.
        """
        channels_sudo = self.env["trustedshops.channel"].sudo()
        values = super()._get_visible_values()
        if channels_sudo.search_count([("is_organization_rated", "=", True)], limit=1):
            values += [[each.rating_value, each.rating_count] for each in self.sudo()]
        return values


class Website(models.Model):
    _inherit = "website"

    def _trustedshops_get_star_display(self):
        """Return what pages in the visitor's language need to show ratings.

        :return: see ``_get_star_display`` of the channel
        :rtype: dict
        """
        self.ensure_one()
        channels = self.env["trustedshops.channel"]
        # Programs that read products need not say in which language.
        lang_code = self.env.lang or self.default_lang_id.code
        return channels._get_star_display(self.id, lang_code, fields.Date.today())

    def _trustedshops_can_show_stars(self, view):
        """Tell whether stars are switched on at a place, and core's are not.

        :param str view: name of the view with the stars
        :rtype: bool
        """
        return bool(
            self.is_view_active(f"{ADDON}.{view}")
            and not self.is_view_active(CORE_COMMENTS)
        )

    def _trustedshops_get_stars(self, products, view):
        """Return the stars of products, all of them with one query.

        :param products: records of ``product.template``, or a list of those and of
            ``product.product``
        :param str view: name of the view with the stars
        :return: by the id of the template, see :meth:`_trustedshops_prepare_stars`;
            those without a rating are missing
        :rtype: dict[int, dict]
        """
        if not self._trustedshops_can_show_stars(view):
            return {}
        templates = self.env["product.template"]
        for product in products:
            templates |= (
                product.product_tmpl_id
                if product._name == "product.product"
                else product
            )
        ratings = {
            template.id: template.trustedshops_rating_id
            for template in templates.sudo().with_context(website_id=self.id)
        }
        return {
            template_id: self._trustedshops_prepare_stars(rating)
            for template_id, rating in ratings.items()
            if rating
        }

    def _trustedshops_prepare_stars(self, rating):
        """Return what stars are made of, in the visitor's language.

        :param rating: record of ``trustedshops.product.rating`` with reviews
        :return: see ``prepare_stars`` of the base addon
        :rtype: dict
        """
        return prepare_stars(self.env, rating.rating, rating.count)

    def _trustedshops_extend_organization(self, script):
        """Return the structured data about the shop with what Trusted Shops says.

        :param script: element as core prints it
        :type script: Markup
        :return: the same when there is nothing to add, or it cannot be read
        :rtype: Markup
        """
        added = self._trustedshops_get_star_display()["organization"]
        match = added and _SCRIPT.fullmatch(str(script))
        if not match:
            return script
        start, content, end = match.groups()
        try:
            node = json.loads(content)
        except ValueError:  # core does not escape what it prints
            return script
        if not isinstance(node, dict):
            return script
        # Nothing in it can end the element.
        safe = scriptsafe.dumps({**node, **added}, indent=4)
        return Markup(start) + safe + Markup(end)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    trustedshops_rating_id = fields.Many2one(
        "trustedshops.product.rating",
        compute="_compute_trustedshops_rating_id",
        compute_sudo=True,
        groups="base.group_user",
        export_string_translation=False,
    )

    @api.depends_context("website_id", "lang")
    def _compute_trustedshops_rating_id(self):
        """Find the rating that the website shows: one query for all products."""
        website = get_website(self.env)
        display = website._trustedshops_get_star_display()
        ratings = self.env["trustedshops.product.rating"]
        if display["is_any_rated"]:
            oldest = fields.Datetime.now() - RATING_FRESH
            shown = (
                Domain("channel_id", "=", display["channel_id"])
                & Domain("product_tmpl_id", "in", self._origin.ids)
                & Domain("count", ">", 0)
                & Domain("read_at", ">=", oldest)
            )
            names = ["product_tmpl_id", "rating", "count"]
            ratings = ratings.search_fetch(shown, names)
        rating_by_id = {rating.product_tmpl_id.id: rating for rating in ratings}
        for product in self:
            product.trustedshops_rating_id = rating_by_id.get(product._origin.id)

    def _to_markup_data(self, website):
        """Override of `website_sale` to rate the product as its page does.

        Once, on the node of the product: variants have no reviews of their own.
        """
        data = super()._to_markup_data(website)
        if website._trustedshops_can_show_stars("product_stars"):
            product_sudo = self.sudo().with_context(website_id=website.id)
            if rating_sudo := product_sudo.trustedshops_rating_id:
                data["aggregateRating"] = prepare_markup(
                    rating_sudo.rating, rating_sudo.count
                )
        return data
