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


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

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

    def _trustedshops_get_star_display(self):
        """Return the settings for ratings on pages in the visitor's language, cached.

        :return: ``channel_id``, False if no rating may be shown; ``is_any_rated``,
            whether any product has reviews; ``notice``, see ``_prepare_notice`` of the
            certificate; ``reviews_url``, '' if it is unknown; ``organization``, what to
            add to the structured data about the shop. Without a channel, ``notice`` and
            ``reviews_url`` are missing
        :rtype: dict
        """
        self.ensure_one()
        # A program that reads products may have no language in its context.
        lang_code = self.env.lang or self.default_lang_id.code
        # Old ratings disappear the next day.
        return self._trustedshops_prepare_star_display(lang_code, fields.Date.today())

    @tools.ormcache("self.id", "lang_code", "day")
    def _trustedshops_prepare_star_display(self, lang_code, day):
        """Return :meth:`_trustedshops_get_star_display` for a language and a day."""
        channels_sudo = self.env["trustedshops.channel"].sudo()
        in_lang = channels_sudo.with_context(lang=lang_code)
        channel = in_lang._get_for(self.id, lang_code)
        if not channel._are_ratings_public():
            return {"channel_id": False, "is_any_rated": False, "organization": {}}
        certificate = channel._get_shown_certificate(lang_code)
        ratings = self.env["trustedshops.product.rating"]
        return {
            "channel_id": channel.id,
            "is_any_rated": bool(ratings._filter_rated(channel)),
            "notice": certificate._prepare_notice(),
            "reviews_url": certificate._get_reviews_url(lang_code),
            "organization": channel._prepare_organization(certificate, lang_code),
        }

    def _trustedshops_can_show_stars(self, view):
        """Return True if a view with stars is active, and core's own comments are not.

        :param str view: name of the view, without the addon
        :rtype: bool
        """
        return bool(
            self.is_view_active(f"{ADDON}.{view}")
            and not self.is_view_active("website_sale.product_comment")
        )

    def _trustedshops_get_stars(self, products, view):
        """Return the stars of products, with one query for all.

        :param products: records of ``product.template``, or a list of those and of
            ``product.product``
        :param str view: name of the view with the stars; {} is returned if it is off
        :return: see ``prepare_stars`` of the base addon, by id of the template, without
            templates that have no rating
        :rtype: dict[int, dict]
        """
        if not self._trustedshops_can_show_stars(view):
            return {}
        templates = self.env["product.template"]
        for product in products:
            is_variant = product._name == "product.product"
            templates |= product.product_tmpl_id if is_variant else product
        templates_sudo = templates.sudo().with_context(website_id=self.id)
        return {
            template.id: prepare_stars(self.env, rating.rating, rating.count)
            for template in templates_sudo
            if (rating := template.trustedshops_rating_id)
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
        """Compute the ratings that the current website shows, with one query for all.

        Ratings that are too old or without reviews do not count.
        """
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
