# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class TrustedShopsReport(models.Model):
    """Adds consents, invitations and reviews of the shop to each order."""

    _inherit = "trustedshops.report"

    # 1 or 0 for each order.
    consents = fields.Integer(
        readonly=True,
        help="Orders whose buyers agreed: those with an invitation, sent or not."
        " Buyers whose data was erased do not count.",
    )
    invited = fields.Integer(string="Invitations", readonly=True)
    # An order may have several, because each channel reads its own.
    reviewed = fields.Integer(string="Reviews of the Shop", readonly=True)
    stars = fields.Float(string="Average Stars", readonly=True, aggregator="avg")

    def _select(self):
        """Override of `website_sale_trustedshops` to add the columns of this addon."""
        return SQL(
            """%s,
            (i.id IS NOT NULL AND i.is_erased IS NOT TRUE)::int AS consents,
            (i.state = 'accepted')::int AS invited,
            v.reviewed,
            v.stars
            """,
            super()._select(),
        )

    def _from(self):
        """Override of `website_sale_trustedshops` to join invitations and reviews."""
        return SQL(
            """%s
            LEFT JOIN trustedshops_invitation i ON i.order_id = o.id
            LEFT JOIN (
                SELECT order_id,
                       COUNT(*)::int AS reviewed,
                       SUM(stars)::float / COUNT(*) AS stars
                  FROM trustedshops_review
                 WHERE state = 'approved' AND subject = 'shop'
                 GROUP BY order_id
            ) v ON v.order_id = o.id
            """,
            super()._from(),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Override of the framework to weight the average by reviews, not orders."""
        if aggregate_spec != "stars:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%(stars)s * %(reviewed)s) / NULLIF(SUM(%(reviewed)s), 0)",
            stars=self._field_to_sql(self._table, "stars", query),
            reviewed=self._field_to_sql(self._table, "reviewed", query),
        )
