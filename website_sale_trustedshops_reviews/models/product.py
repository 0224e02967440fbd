# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .review.review import APPROVED, READERS


class ProductTemplate(models.Model):
    """Adds the reviews of a product, and the ratings of its identifier."""

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

    trustedshops_written_count = fields.Integer(
        string="Reviews Written",
        compute="_compute_trustedshops_written_count",
        groups=READERS,
    )

    @api.depends("trustedshops_rating_ids.count")
    def _compute_trustedshops_review_count(self):
        for product in self:
            counts = product.trustedshops_rating_ids.mapped("count")
            product.trustedshops_review_count = sum(counts)

    def _compute_trustedshops_written_count(self):
        """Compute the number of public reviews that the user may read."""
        groups = self.env["trustedshops.review"]._read_group(
            [("product_tmpl_id", "in", self.ids), ("state", "=", APPROVED)],
            ["product_tmpl_id"],
            ["__count"],
        )
        counts = {product.id: count for product, count in groups}
        for product in self:
            product.trustedshops_written_count = counts.get(product.id, 0)

    def write(self, vals):
        """Override of `product` to delete the ratings when the identifier changes."""
        is_changed = "trustedshops_sku" in vals
        old_skus = self.sudo().mapped("trustedshops_sku") if is_changed else []
        result = super().write(vals)
        if is_changed and old_skus != self.sudo().mapped("trustedshops_sku"):
            ratings_sudo = self.env["trustedshops.product.rating"].sudo()
            ratings_sudo.search([("product_tmpl_id", "in", self.ids)]).unlink()
        return result

    def action_trustedshops_reviews(self):
        """Open the reviews of the products.

        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_trustedshops_reviews.trustedshops_review_action"
        )
        return {
            **action,
            "domain": [("product_tmpl_id", "in", self.ids)],
            "context": {},
        }
