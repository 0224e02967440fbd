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
        person = self._open_dialog("trustedshops.person", email=EMAIL)
        rows = (
            ("trustedshops.person", {"email": EMAIL}, "action_erase", other),
            (
                "trustedshops.person.review",
                {"person_id": person.id, "res_id": self._get(1).id},
                "unlink",
                {"is_theirs": True},
            ),
            (
                "trustedshops.consent.entry",
                {"order_id": self._make_cart().id, "email": EMAIL, "source": "Call"},
                "action_enter",
                other,
            ),
            (
                "trustedshops.review.answer",
                {**answer, "task": "reply"},
                "action_send",
                {"text": "Go away."},
            ),
        )
        for model, values, action, changes in rows:
            dialog = self._open_dialog(model, **values)
            self.assertPrivate(dialog, action, **changes)
        tested = [row[0] for row in rows if row[0] != "trustedshops.person"]
        self.assertAllPrivate("website_sale_trustedshops_reviews", tested)
        # No other user has done anything.
        self.assertFalse(self.env["trustedshops.suppression"].search([]))
        self.assertFalse(self._get(1).task_state)
