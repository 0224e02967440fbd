# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .reviews_common import ReviewsCommon

COUNTS = ["consents:sum", "invited:sum", "reviewed:sum", "stars:avg"]


class TestReport(ReviewsCommon):
    """What became of the consents of a month's orders."""

    def _add(self, state=None, *reviews):
        """Add an order with the state of its invitation, and reviews."""
        order = self._make_cart()
        order.action_confirm()
        order.date_order = "2026-10-05"
        if state:
            self.env["trustedshops.invitation"].create(
                {
                    "order_id": order.id,
                    "channel_id": self.channel.id,
                    "company_id": order.company_id.id,
                    "state": state,
                }
            )
        for number, (stars, subject, status) in enumerate(reviews):
            self.env["trustedshops.review"].create(
                {
                    "review_ref": f"rev-{order.id}-{number}",
                    "channel_id": self.channel.id,
                    "order_id": order.id,
                    "stars": stars,
                    "subject": subject,
                    "state": status,
                }
            )

    def test_each_order_and_each_review_counts_once(self):
        self._add("accepted", (5, "shop", "approved"), (4, "shop", "approved"))
        self._add("accepted", (3, "shop", "approved"))
        self._add("waiting", (1, "product", "approved"))
        self._add("suppressed", (1, "shop", "rejected"))
        self._add()
        self.env.flush_all()
        report = self.env["trustedshops.report"]
        # Of 5, 4 and 3: each review weighs the same, not each order.
        total, month = report._read_grouping_sets([], [[], ["date:month"]], COUNTS)
        self.assertEqual(total, [(4, 2, 3, 4.0)])
        self.assertEqual(month[0][1:], (4, 2, 3, 4.0))
        self.assertEqual(report._read_group([], [], ["__count"]), [(5,)])

    def test_erased_buyers_have_no_consent(self):
        self._add("accepted")
        self._add("waiting")
        erased = self.env["trustedshops.invitation"].search([], limit=1)
        erased.is_erased = True
        self.env.flush_all()
        rows = self.env["trustedshops.report"]._read_group([], [], COUNTS[:1])
        self.assertEqual(rows, [(1,)])
