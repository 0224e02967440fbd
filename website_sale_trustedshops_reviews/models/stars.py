# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The stars of products: on product pages, in lists and in blocks.

The server renders the same stars for all visitors. A page costs one query for all its
products, and none if there are no stars to show.
"""

from odoo import api, fields, models, tools
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.const import RATING_FRESH
from odoo.addons.website_sale_trustedshops.framework import get_website
from odoo.addons.website_sale_trustedshops.models.certificate.display import (
    prepare_stars,
)

ADDON = "website_sale_trustedshops_reviews"


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    @api.model
    @tools.ormcache("website_id", "lang_code", "day")
    def _get_star_display(self, website_id, lang_code, day):
        """Return what a website needs to show ratings, without a query.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :param datetime.date day: today, so that old ratings disappear the next day
        :return: ``channel_id``, False if no rating may be shown; ``is_any_rated``,
            whether any product has reviews; ``notice``, see ``_prepare_notice`` of the
            certificate; ``reviews_url``, '' if it is unknown; ``organization``, what to
            add to the structured data about the shop
        :rtype: dict
        """
        in_lang = self.sudo().with_context(lang=lang_code)
        channel = in_lang._find_for(website_id, lang_code)
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
        """Return True if the ratings are current, and from production or public tests.

        The ratings of a channel that is gone are not read any more.
        """
        if not self or self.hold_reason == "gone":
            return False
        is_live = self.account_id.environment == "production"
        return is_live or self.env["trustedshops.certificate"]._are_tests_public()

    def _get_shown_certificate(self, lang_code):
        """Return the certificate of the channel, else that of its website.

        :return: empty if visitors may see neither
        """
        visitor = self.website_id.user_id
        serving = self._get_serving_certificate(lang_code)
        for certificate in (serving.browse(self.certificate_id.id or ()), serving):
            if certificate.active and certificate._is_card_shown_to(visitor):
                return certificate
        return serving.browse()

    def _get_serving_certificate(self, lang_code):
        """Return the certificate of the seal on the website, may be empty."""
        certificates_sudo = self.env["trustedshops.certificate"].sudo()
        in_lang = certificates_sudo.with_context(lang=lang_code)
        found_id = in_lang._find_id_for(self.website_id.id, lang_code)
        return in_lang.browse(found_id or ())


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    def _explain_reviews(self):
        """Override of `website_sale_trustedshops` to say whether they are verified."""
        channels_sudo = self.env["trustedshops.channel"].sudo()
        lang_code = self.env.lang or self.website_id.default_lang_id.code
        channel_sudo = channels_sudo._find_for(self.website_id.id, lang_code)
        verification = channel_sudo._get_verification()
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


class Website(models.Model):
    _inherit = "website"

    def _trustedshops_get_star_display(self):
        """Return what pages in the visitor's language need to show ratings.

        :return: see ``_get_star_display`` of the channel
        :rtype: dict
        """
        self.ensure_one()
        channels = self.env["trustedshops.channel"]
        # A program that reads products may have no language in its context.
        lang_code = self.env.lang or self.default_lang_id.code
        return channels._get_star_display(self.id, lang_code, fields.Date.today())

    def _trustedshops_can_show_stars(self, view):
        """Return True if stars are switched on at a place, and core's own are not.

        :param str view: name of the view with the stars
        :rtype: bool
        """
        return bool(
            self.is_view_active(f"{ADDON}.{view}")
            and not self.is_view_active("website_sale.product_comment")
        )

    def _trustedshops_get_stars(self, products, view):
        """Return the stars of products with one query for all.

        :param products: records of ``product.template``, or a list of those and of
            ``product.product``
        :param str view: name of the view with the stars
        :return: see ``prepare_stars`` of the base addon, by the id of the template,
            without templates that have no rating
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
            template_id: prepare_stars(self.env, rating.rating, rating.count)
            for template_id, rating in ratings.items()
            if rating
        }


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
        """Find the ratings that the website shows, with one query for all products."""
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
