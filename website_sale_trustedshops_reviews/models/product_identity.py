# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The data of a product that Odoo sends to Trusted Shops, and since when."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Fields that can be sent: a text, a choice, or the name of another record.
_FIELD_DOMAIN = [
    ("model", "in", ("product.template", "product.product")),
    ("ttype", "in", ("char", "selection", "many2one")),
]


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    brand_field_id = fields.Many2one(
        "ir.model.fields",
        string="Brand of Products",
        domain=_FIELD_DOMAIN,
        ondelete="set null",
        groups="base.group_system",
        help="The field of products, or of their variants, that holds the brand. Empty:"
        " no brand is sent.",
    )
    mpn_field_id = fields.Many2one(
        "ir.model.fields",
        string="MPN of Products",
        domain=_FIELD_DOMAIN,
        ondelete="set null",
        groups="base.group_system",
        help="The field of products, or of their variants, that holds the"
        " manufacturer's part number. Empty: none is sent.",
    )

    @api.constrains("brand_field_id", "mpn_field_id")
    def _check_told_fields(self):
        """Refuse other fields, because pages for shoppers show the values."""
        for channel in self.sudo():
            told = channel.brand_field_id | channel.mpn_field_id
            if told - told.filtered_domain(_FIELD_DOMAIN):
                raise ValidationError(
                    self.env._(
                        "Brand and MPN must be fields of products with a text, a choice"
                        " or a link to another record."
                    )
                )


class ProductTemplate(models.Model):
    _inherit = "product.template"

    trustedshops_rating_ids = fields.One2many(
        "trustedshops.product.rating",
        "product_tmpl_id",
        string="Ratings at Trusted Shops",
        readonly=True,
        domain=[("count", ">", 0)],
        groups="base.group_user",
    )
    trustedshops_review_count = fields.Integer(
        string="Reviews at Trusted Shops",
        compute="_compute_trustedshops_review_count",
        groups="base.group_user",
    )
    trustedshops_told = fields.Char(
        string="Also Sent",
        compute="_compute_trustedshops_told",
        compute_sudo=True,
        groups="base.group_user",
        help="GTIN, MPN and brand as Trusted Shops gets them. Variants that differ have"
        " their own.",
    )
    trustedshops_told_at = fields.Datetime(
        string="First Sent to Trusted Shops",
        compute="_compute_trustedshops_told_at",
        compute_sudo=True,
        groups="base.group_user",
        help="When Odoo first invited a buyer of this product.",
    )

    @api.depends("trustedshops_rating_ids.count")
    def _compute_trustedshops_review_count(self):
        for product in self:
            counts = product.trustedshops_rating_ids.mapped("count")
            product.trustedshops_review_count = sum(counts)

    @api.depends_context("lang")
    def _compute_trustedshops_told(self):
        channels = self.env["trustedshops.channel"]
        websites = channels.search([("website_id", "!=", False)]).website_id
        for product in self:
            companies = product.company_id or websites.company_id
            own = websites.filtered(lambda each: each.company_id in companies)  # noqa: B023
            website = product.website_id & own or own[:1]
            product.trustedshops_told = product._origin._trustedshops_explain(website)

    def _trustedshops_explain(self, website):
        """Return what Trusted Shops gets about a product beside its name and ID.

        :param website: record of ``website``, may be empty
        :rtype: str
        """
        if not (self and website):
            return ""
        variants = self.product_variant_ids
        item = self._trustedshops_prepare_card_item(website, variants)
        labels = {"GTIN": "GTIN", "MPN": "MPN", "Brand": self.env._("Brand")}
        return ", ".join(
            f"{label} {item[name]}" for name, label in labels.items() if item[name]
        )

    def _compute_trustedshops_told_at(self):
        """Find the first invitations with one query for all products."""
        self.env["trustedshops.invitation"].flush_model()
        self.env["sale.order.line"].flush_model(["order_id", "product_id"])
        self.env["product.product"].flush_model(["product_tmpl_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.product_tmpl_id, MIN(invitation.answered_at)
                  FROM product_product product
                  JOIN sale_order_line line
                    ON line.product_id = product.id
                  JOIN trustedshops_invitation invitation
                    ON invitation.order_id = line.order_id
                 WHERE product.product_tmpl_id = ANY(%(product_ids)s)
                   AND invitation.state = 'accepted'
              GROUP BY product.product_tmpl_id
                """,
                product_ids=self._origin.ids,
            )
        )
        told_at = dict(rows)
        for product in self:
            product.trustedshops_told_at = told_at.get(product._origin.id)

    def write(self, vals):
        """Override of `product` to delete the ratings of the former ID."""
        is_changed = "trustedshops_sku" in vals
        old_skus = self.sudo().mapped("trustedshops_sku") if is_changed else []
        result = super().write(vals)
        if is_changed and old_skus != self.sudo().mapped("trustedshops_sku"):
            ratings_sudo = self.env["trustedshops.product.rating"].sudo()
            ratings_sudo.search([("product_tmpl_id", "in", self.ids)]).unlink()
        return result

    def _trustedshops_prepare_card_item(self, website, variants):
        """Override of `website_sale_trustedshops` to add brand and MPN."""
        item = super()._trustedshops_prepare_card_item(website, variants)
        channels_sudo = website.env["trustedshops.channel"].sudo()
        channel_sudo = channels_sudo._find_for(website.id, website.env.lang)
        for name, field in (
            ("Brand", channel_sudo.brand_field_id),
            ("MPN", channel_sudo.mpn_field_id),
        ):
            item[name] = self._trustedshops_get_told_text(field, variants) or item[name]
        return item

    def _trustedshops_get_told_text(self, field, variants):
        """Return the value of a field that the merchant chose, as text.

        :param field: record of ``ir.model.fields``, may be empty
        :param variants: records of ``product.product``: those that were bought
        :return: '' if there is none, or the variants differ
        :rtype: str
        """
        records = variants if field.model == "product.product" else self
        if not field or field.name not in records._fields:
            return ""
        values = set()
        for record_sudo in records.sudo():
            own = record_sudo._fields[field.name]
            text = own.convert_to_export(record_sudo[field.name], record_sudo)
            values.add((text or "").strip())
        return values.pop() if len(values) == 1 else ""
