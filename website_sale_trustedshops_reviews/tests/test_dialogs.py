# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.website_sale_trustedshops.tests.dialog_common import DialogCommon

from .review_common import ReviewCommon
from .reviews_common import EMAIL


class TestReviewDialogs(DialogCommon, ReviewCommon):
    """An open dialog is private to the user who opened it."""

    def test_only_the_owner_reads_and_changes_an_open_dialog(self):
        self._put(1, rating=1)
        self._read()
        answer = {"review_id": self._get(1).id, "text": "We are sorry."}
        other = {"email": "max@muster.example"}
        rows = (
            (
                "trustedshops.consent.entry",
                {"order_id": self._make_cart().id, "email": EMAIL, "source": "Call"},
                "action_enter",
                other,
            ),
            (
                "trustedshops.review.answer",
                answer,
                "action_send",
                {"text": "Go away."},
            ),
        )
        for model, values, action, changes in rows:
            dialog = self._open_dialog(model, **values)
            self.assertPrivate(dialog, action, **changes)
        tested = [row[0] for row in rows]
        self.assertAllPrivate("website_sale_trustedshops_reviews", tested)
        # No other user has done anything.
        self.assertFalse(self.env["trustedshops.suppression"].search([]))
        self.assertEqual(self.etrusted.count("sendReply"), 0)

    def test_nobody_points_a_dialog_to_records_of_another_company(self):
        self._put(1, rating=1)
        self._read()
        order, review = self._make_cart(), self._get(1)
        said = {"email": EMAIL, "text": "Yes", "source": "Call"}
        rows = [
            ("trustedshops.review.answer", {"review_id": review.id}),
            ("trustedshops.consent.entry", {"order_id": order.id, **said}),
        ]
        for model, values in rows:
            self.assertPointsToOwnRecords(model, **values)
        # Nor does the refusal tell whether a company there invites an address.
        self._suppress()
        self.assertPointsToOwnRecords(*rows[1][:1], **rows[1][1])

    def test_nobody_sees_rows_of_another_company_nor_words_in_a_name(self):
        order = self._make_order()
        self._put_invited(order, 1, rating=1, reply={"comment": "Reply 1"})
        self._read()
        self._suppress()
        self.env["trustedshops.product.rating"].create(
            {
                "product_tmpl_id": self.goods.product_tmpl_id.id,
                "channel_id": self.channel.id,
            }
        )
        consent = order._trustedshops_get_newest_consent()
        self.assertTrue(consent.email and self._get(1).comment)
        expected = (
            *("account", "channel", "consent", "consent.text", "suppression"),
            *("invitation", "review", "product.rating", "protection.item"),
        )
        self.assertCompanyPrivate(
            [f"trustedshops.{name}" for name in expected],
            [consent.email, consent.text, "Title 1", "Comment 1", "Reply 1"],
        )
