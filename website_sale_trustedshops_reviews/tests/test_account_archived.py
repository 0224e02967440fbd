# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import UserError

from .account_common import REFRESH_CRON
from .review_common import ReviewCommon

OPTIN_CRON = "website_sale_trustedshops_reviews.ir_cron_send_consent_mails"


class TestAccountArchived(ReviewCommon):
    """An archived account neither sends nor asks; unarchived, it goes on."""

    def setUp(self):
        super().setUp()
        self.triggered = self.enterContext(
            patch.object(type(self.env["ir.cron"]), "_trustedshops_trigger")
        )

    def _archive(self):
        self.account.action_archive()
        self.etrusted.calls.clear()

    def _unarchive(self):
        """Unarchive the account, and return which scheduled actions it wakes."""
        self.triggered.reset_mock()
        self.account.action_unarchive()
        return [call.args[0].partition(".")[2] for call in self.triggered.mock_calls]

    def test_a_run_under_way_reads_no_further_page(self):
        self._put(*range(1, 8))
        answer = self.etrusted._answer_getReviews

        def archive(body):
            self.account.action_archive()
            self.env.flush_all()
            return answer(body)

        with patch.object(self.etrusted, "_answer_getReviews", archive):
            self._read(size=3)
        self.assertEqual(self.etrusted.count("getReviews"), 1)
        self.assertEqual(len(self._get_refs()), 3)

    def test_it_is_not_asked_once_a_day_and_no_button_asks(self):
        self._archive()
        self.account.last_attempt_at = False
        with self.enter_registry_test_mode():
            self.env.ref(REFRESH_CRON).method_direct_trigger()
        with self.assertRaisesRegex(UserError, "is archived: unarchive it first"):
            self.account.with_user(self.manager).action_connect()
        self.assertEqual(self.etrusted.calls, [])
        words = "archived, so nothing is sent and nothing is read."
        for record in (self.account, self.channel):
            self.assertIn(words, record.headline)

    def test_archived_account_sends_no_mail_to_confirm(self):
        self.channel.consent_mode = "double_opt_in"
        order = self._make_order(consent=False)
        request = self._add_consent(order, "requested", moment=self.env.cr.now())
        self._archive()
        for is_archived in (True, False):
            if not is_archived:
                self.assertIn("ir_cron_invite", self._unarchive())
            with self.enter_registry_test_mode():
                self.env.ref(OPTIN_CRON).method_direct_trigger()
            self.assertEqual(bool(request.mailed_at), not is_archived)

    def test_shoppers_and_staff_are_told_nothing_of_it(self):
        order = self._as_visitor(self._make_cart())
        paid = self._make_order()
        invitations = self.env["trustedshops.invitation"]
        invitations._create_for(paid)
        paid.trustedshops_invitation_ids.state = "accepted"
        words = {"text": "I agree", "lang_id": self.langs["en_US"].id}
        self.env["trustedshops.consent.text"].search(
            [("channel_id", "=", self.channel.id), ("lang_id", "=", words["lang_id"])]
        ).unlink()
        self.channel.text_ids.create({"channel_id": self.channel.id, **words})

        def get_words():
            return order._trustedshops_get_review_question()

        self.assertTrue(get_words())
        self._archive()
        self.assertFalse(get_words())
        self.assertFalse(paid._trustedshops_get_asking_channel())
        self.assertFalse(self.channel._is_asking())
        display = self.website._trustedshops_get_star_display()
        self.assertFalse(display["channel_id"])
        self._unarchive()
        self.assertTrue(get_words())
