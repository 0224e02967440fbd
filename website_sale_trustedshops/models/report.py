# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class TrustedShopsReport(models.Model):
    """Statistics with one row per order: offer, protection, confirmation, refund.

    As in Odoo's own analysis, an order belongs to the month of its order date, even if
    its protection is confirmed later. Cancelled orders count, because most refunded
    fees are theirs. Tests and protections that were never ordered do not count. Other
    addons add columns to ``_select`` and joins to ``_from``. A join must find one row
    at most; then it costs nothing where its columns are not shown.
    """

    _name = "trustedshops.report"
    _description = "Trusted Shops Statistics"
    _auto = False
    _rec_name = "date"
    _order = "date desc, id desc"

    date = fields.Datetime(string="Order Date", readonly=True)
    website_id = fields.Many2one("website", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    # Each 1 or 0.
    offered = fields.Integer(string="Orders with an Offer", readonly=True)
    ticked = fields.Integer(string="With Buyer Protection", readonly=True)
    confirmed = fields.Integer(readonly=True)
    returned = fields.Integer(string="Fee Refunds", readonly=True)
    # NULL without an offer, so that the average is the share of all offers.
    share = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Of the orders with an offer, those with Buyer Protection.",
    )

    @property
    def _table_query(self):
        # An order by wire transfer stays a sent quotation until the money is there.
        where = SQL("WHERE o.website_id IS NOT NULL AND o.state != 'draft'")
        return SQL("SELECT %s FROM %s %s", self._select(), self._from(), where)

    def _select(self):
        """Return the columns, from the tables of :meth:`_from`. To be extended.

        :rtype: odoo.tools.SQL
        """
        return SQL("""
            o.id,
            o.date_order AS date,
            o.website_id,
            o.company_id,
            (o.trustedshops_was_offered AND t.id IS NULL)::int AS offered,
            (o.trustedshops_protection_id IS NOT NULL AND t.id IS NULL)::int AS ticked,
            (
                o.trustedshops_protection_id IS NOT NULL
                AND t.id IS NULL
                AND u.id IS NULL
            )::int AS confirmed,
            (r.id IS NOT NULL AND t.is_test IS NOT TRUE)::int AS returned,
            CASE WHEN o.trustedshops_was_offered AND t.id IS NULL
                 THEN (o.trustedshops_protection_id IS NOT NULL)::int END AS share
        """)

    def _from(self):
        """Return the joined tables. To be extended.

        ``o`` is the order, ``t`` its protection if that is a test or was never ordered,
        ``u`` its protection if that is not confirmed, ``r`` the refund of its fee. Most
        protections get confirmed, so an index finds the few others, and PostgreSQL
        reads no big table.

        :rtype: odoo.tools.SQL
        """
        field = self.env["trustedshops.protection"]._fields["state"]
        states = [state for state in field.get_values(self.env) if state != "confirmed"]
        return SQL(
            """
            sale_order o
            LEFT JOIN trustedshops_protection t
                   ON t.id = o.trustedshops_protection_id
                  AND (t.is_test OR t.placed_at IS NULL)
            LEFT JOIN trustedshops_protection u
                   ON u.id = o.trustedshops_protection_id AND u.state IN %s
            LEFT JOIN trustedshops_refund r
                   ON r.protection_id = o.trustedshops_protection_id
            """,
            tuple(states),
        )
