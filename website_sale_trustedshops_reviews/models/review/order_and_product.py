# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The reviews of an order, and of a product."""

from datetime import timedelta

from odoo import fields, models

from .review import APPROVED

READERS = (
    "sales_team.group_sale_salesman,website.group_website_designer,base.group_system"
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    trustedshops_review_ids = fields.One2many(
        "trustedshops.review",
        "order_id",
        string="Reviews",
        readonly=True,
        groups=READERS,
    )

    def _trustedshops_is_reviewed_by(self, review):
        """Return True if a review that names the order's number is about this order.

        An older shop or database may have used the same numbers. So the buyer must have
        been asked for a review, and must have ordered before writing it.

        :param Review review: from the client
        :rtype: bool
        """
        self.ensure_one()
        kinds = self.trustedshops_consent_ids.mapped("kind")
        is_asked = self.trustedshops_card_delivered_at or "given" in kinds
        ordered_at = is_asked and self._trustedshops_get_ordered_at()
        if not ordered_at or not review.submitted_at:
            return False
        told_at = review.ordered_at or ordered_at
        # Trusted Shops may know only the day, in another time zone.
        earliest = ordered_at - timedelta(days=1)
        return review.submitted_at >= ordered_at and told_at >= earliest


class ProductTemplate(models.Model):
    _inherit = "product.template"

    trustedshops_written_count = fields.Integer(
        string="Reviews Written",
        compute="_compute_trustedshops_written_count",
        groups=READERS,
    )

    def _compute_trustedshops_written_count(self):
        """Count the public reviews that the user may read."""
        groups = self.env["trustedshops.review"]._read_group(
            [("product_tmpl_id", "in", self.ids), ("state", "=", APPROVED)],
            ["product_tmpl_id"],
            ["__count"],
        )
        counts = {product.id: count for product, count in groups}
        for product in self:
            product.trustedshops_written_count = counts.get(product.id, 0)

    def action_trustedshops_reviews(self):
        """Open the reviews of the product."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_trustedshops_reviews.trustedshops_review_action"
        )
        return {
            **action,
            "domain": [("product_tmpl_id", "in", self.ids)],
            "context": {},
        }
