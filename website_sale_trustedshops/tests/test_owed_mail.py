# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from email.message import EmailMessage

from odoo import fields

from .common import POLL, TrustedShopsCommon
from .mail_server import TROUBLES, MailServerCase

EMAIL = "erika@muster.example"


class TestOwedMail(MailServerCase, TrustedShopsCommon):
    """The buyer's mail about a protection, from core's queue to the mail server."""

    is_frozen = True

    def _make_confirmed(self):
        now = fields.Datetime.now()
        self.certificate.write({"items_checked_at": now, "last_attempt_at": False})
        protection = self._make_queued()
        self.service.script(POLL, 99887766)
        self._run_queue()
        self.assertEqual(protection.mail_status, "Waits for the mail server")
        return protection

    def _run_hour(self):
        self._run_queue(hours=1)

    def test_a_mail_that_is_sent_is_sent_once(self):
        protection = self._make_confirmed()
        mail = self._get_mails(protection)
        self._send_mails()
        # It stays until our queue has noted it.
        self.assertEqual(mail.state, "sent")
        self._wait(minutes=10)
        self._let_a_day_pass(self._run_hour)
        self.assertFalse(mail.exists())
        self.assertEqual(len(self.server.texts), 1)
        self.assertIn("99887766", self.server.texts[0])
        self.assertEqual(protection.mail_sent_at, datetime(2026, 11, 2, 10, 0))
        self.assertRegex(protection.mail_status, r"^Sent on 11/2/26")
        self.assertIn("99887766", "".join(protection.message_ids.mapped("body")))
        self.assertFalse(protection.activity_ids)

    def test_a_server_in_trouble_gets_a_mail_four_times_then_a_person_is_told(self):
        for trouble, texts in TROUBLES.items():
            with self.subTest(trouble):
                self.server.trouble = trouble
                self.server.calls, self.server.texts = 0, []
                protection = self._make_confirmed()
                self._let_a_day_pass(self._run_hour)
                self.assertEqual(self.server.calls, 4)
                self.assertEqual(len(self.server.texts), texts)
                self.assertTodo(protection, "did not arrive")
                self.assertEqual(protection.mail_status, "Not sent")
                # Nothing with the address or the number is left to be sent.
                self.assertFalse(self._get_mails(protection))
                bodies = "".join(protection.message_ids.mapped("body"))
                self.assertNotIn("99887766", bodies)
                self.server.trouble = ""
                self._let_a_day_pass(self._run_hour)
                self.assertEqual(self.server.calls, 4)
                self.assertEqual(len(protection.activity_ids), 1)

    def test_tries_are_one_six_and_twenty_four_hours_after_it_was_written(self):
        self.server.trouble = "refuses"
        protection = self._make_confirmed()
        calls = {}
        for hour in range(26):
            self._send_mails()
            calls.setdefault(self.server.calls, hour)
            self._run_hour()
        self.assertEqual(calls, {1: 0, 2: 1, 3: 6, 4: 24})
        self.assertEqual(len(protection.activity_ids), 1)

    def test_a_server_that_comes_back_gets_it_once(self):
        self.server.trouble = "refuses"
        protection = self._make_confirmed()
        self._send_mails()
        self._run_queue(minutes=50)
        self._send_mails()
        self.assertEqual(self.server.calls, 1)
        self.server.trouble = ""
        self._run_queue(minutes=10)
        self._send_mails()
        self._run_queue(hours=1)
        self.assertEqual(len(self.server.texts), 1)
        self.assertRegex(protection.mail_status, r"^Sent on 11/2/26")
        self.assertFalse(protection.activity_ids)

    def test_a_mail_that_somebody_cancels_or_deletes_is_not_sent(self):
        for name in ("cancel", "unlink"):
            with self.subTest(name):
                protection = self._make_confirmed()
                getattr(self._get_mails(protection), name)()
                self._send_mails()
                for _time in range(2):
                    self._run_hour()
                    self.assertTodo(protection, "or was deleted")
                    self.assertEqual(protection.mail_status, "Not sent")
        self.assertEqual(self.server.calls, 0)

    def test_an_impossible_address_or_none_is_told_at_once(self):
        for address, is_deleted in (("nobody", True), (False, True), ("nobody", False)):
            with self.subTest(address=address, is_deleted=is_deleted):
                protection = self._make_confirmed()
                values = {"email_to": address, "auto_delete": is_deleted}
                self._get_mails(protection).write(values)
                self._send_mails()
                for _time in range(2):
                    self._run_queue(minutes=10)
                    self.assertTodo(protection, "did not arrive")
                    self.assertEqual(protection.mail_status, "Not sent")
                self.assertFalse(self._get_mails(protection))

    def test_resend_settles_the_activity(self):
        protection = self._make_confirmed()
        self._get_mails(protection).unlink()
        self._run_queue(minutes=10)
        self._resend(protection, email="erika@new.example")
        self.assertFalse(protection.activity_ids)
        self._send_mails()
        self._run_hour()
        self.assertRegex(protection.mail_status, "^Sent on")
        self.assertEqual(len(self.server.texts), 1)

    def test_a_sent_mail_stays_if_its_template_keeps_it(self):
        protection = self._make_confirmed()
        mail = self._get_mails(protection)
        mail.auto_delete = False
        self._send_mails()
        self._run_hour()
        self.assertRegex(protection.mail_status, "^Sent on")
        self.assertEqual(mail.state, "sent")

    def _bounce(self, reference):
        """Have core's gateway receive a mail that came back."""
        bounce = EmailMessage()
        bounce["From"] = "MAILER-DAEMON@muster.example"
        bounce["To"] = self.env.company.bounce_email or "bounce@shop.example"
        bounce["Message-Id"] = "<returned@muster.example>"
        values = {
            **dict.fromkeys(("email_from", "to"), ""),
            "message_id": "<returned@muster.example>",
            "bounced_email": EMAIL,
            "bounced_partner": self.buyer,
            "bounced_msg_ids": [reference],
            "bounced_message": self.env["mail.message"],
        }
        self.env["mail.thread"]._routing_handle_bounce(bounce, values)

    def test_a_mail_that_comes_back_is_told_at_once_and_once(self):
        for is_noted in (True, False):
            with self.subTest(is_noted=is_noted):
                protection = self._make_confirmed()
                reference = self._get_mails(protection).message_id
                self._send_mails()
                if is_noted:
                    self._run_queue(minutes=10)
                for _time in range(2):
                    self._bounce(reference)
                    self.assertTodo(protection, "did not arrive")
                self._run_hour()
                self.assertEqual(protection.mail_status, "Not sent")
                self.assertFalse(self._get_mails(protection))

    def test_another_mail_that_comes_back_is_not_ours(self):
        protection = self._make_confirmed()
        self._send_mails()
        self._bounce("<another@shop.example>")
        self._run_hour()
        self.assertFalse(protection.activity_ids)
        self.assertRegex(protection.mail_status, "^Sent on")

    def test_an_address_typed_by_mistake_is_nowhere_after_the_correction(self):
        protection = self._make_confirmed()
        self._resend(protection, email="wrong@muster.example")
        self.assertEqual(protection.buyer_email, "wrong@muster.example")
        self._resend(protection, email="right@muster.example")
        self._send_mails()
        self._run_hour()
        for record in (protection, protection.order_id):
            for message in record.message_ids:
                said = f"{message.body} {message.subject} {message.outgoing_email_to}"
                self.assertNotIn("wrong@", said)
                self.assertNotIn("right@", said)
        mails = self.env["mail.mail"].search([("email_to", "like", "@muster.example")])
        self.assertFalse(mails)
        self.assertEqual(len(self.server.texts), 1)
