# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.mail_server import (
    TROUBLES,
    MailServerCase,
)
from odoo.addons.website_sale_withdrawal.tests.common import WithdrawalCommon

REFUSED = "A mail to the buyer was not sent"


@tagged("post_install", "-at_install")
class TestOwedMail(MailServerCase, WithdrawalCommon):
    """Receipts and copies of withdrawals, from core's queue to the mail server."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-11-02 10:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)

    def _run_hour(self):
        self.clock.tick(timedelta(hours=1))
        self._run_cron()

    def _get_told(self, withdrawal):
        """Return the notes of the activities about mails."""
        activities = withdrawal.activity_ids
        return [each.note for each in activities if each.summary == REFUSED]

    def test_a_receipt_and_a_copy_are_sent_once(self):
        withdrawal = self._declare(email="other@x.example")
        self._run_cron()
        self._let_a_day_pass(self._run_hour)
        self.assertEqual(len(self.server.texts), 2)
        self.assertTrue(withdrawal.receipt_sent_at and withdrawal.copy_sent_at)
        self.assertFalse(self._get_mails(withdrawal))
        self.assertFalse(self._get_told(withdrawal))

    def test_a_server_in_trouble_gets_a_mail_four_times_then_a_person_is_told(self):
        for trouble, texts in TROUBLES.items():
            with self.subTest(trouble):
                self.server.trouble = trouble
                self.server.calls, self.server.texts = 0, []
                withdrawal = self._declare(email=f"{len(trouble)}@x.example")
                withdrawal.copy_email = False
                withdrawal.order_reference = "?"
                self._run_cron()
                self._let_a_day_pass(self._run_hour)
                self.assertEqual(self.server.calls, 4)
                self.assertEqual(len(self.server.texts), texts)
                [note] = self._get_told(withdrawal)
                self.assertIn("did not take it for a day", note)
                self.assertFalse(withdrawal.receipt_sent_at)
                self.assertFalse(self._get_mails(withdrawal))
