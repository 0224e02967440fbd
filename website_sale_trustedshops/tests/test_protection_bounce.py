# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.mail.tests.common import MockEmail

from .common import POLL, TrustedShopsCommon
from .test_protection_mail import CONFIRMED

BUYER = "erika@muster.example"
# What a mail server sends back that does not know an address.
BOUNCE = """\
From: MAILER-DAEMON@muster.example
To: bounce@shop.example
Subject: Undelivered Mail Returned to Sender
Message-Id: <{number}.bounce@muster.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="LIMIT"

--LIMIT
Content-Type: text/plain

User unknown.

--LIMIT
Content-Type: message/delivery-status

Reporting-MTA: dns; muster.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--LIMIT
Content-Type: message/rfc822

From: shop@shop.example
To: {address}
Subject: Your Buyer Protection
Message-Id: {message_id}

Hello

--LIMIT--
"""
RETURNED = (
    "The buyer's mail came back: the address does not take it. Check the buyer's"
    " address, then press Resend."
)


class TestProtectionBounce(MockEmail, TrustedShopsCommon):
    """A guarantee number that did not reach the buyer becomes something to do."""

    is_frozen = True

    def _make_mailed(self, state="confirmed"):
        """Return a protection whose buyer's mail was sent, and its message."""
        protection = self._make_queued()
        if state == "confirmed":
            self.service.script(POLL, 99887766)
        else:
            protection.state = state
        self._run_queue()
        return protection, self._send(protection)

    def _send(self, protection):
        """Send the mail as the mail queue of Odoo does, which deletes it then."""
        mail = self._get_mails(protection)[-1]
        message_id = mail.message_id
        with self.mock_mail_gateway(mail_unlink_sent=True):
            mail.send()
        self.assertFalse(mail.exists())
        return message_id

    def _bounce(self, message_id, address=BUYER):
        """Let a mail come back, through the gateway of incoming mails."""
        self.number = getattr(self, "number", 0) + 1
        text = BOUNCE.format(message_id=message_id, address=address, number=self.number)
        self.env["mail.thread"].message_process(None, text)

    def test_a_mail_that_comes_back_is_told_once(self):
        for state in ("confirmed", "failed"):
            with self.subTest(state=state):
                protection, message_id = self._make_mailed(state)
                before = protection.activity_ids
                self._bounce(message_id)
                self._bounce(message_id)
                todo = protection.activity_ids - before
                self.assertEqual(todo.note.striptags(), RETURNED)
                self.assertEqual(todo.user_id, self.manager)
                self.assertEqual(protection.mail_status, "Not sent")

    def test_resend_to_a_corrected_address_settles_it(self):
        protection, message_id = self._make_mailed()
        self._bounce(message_id)
        self.buyer.email = "erika@new.example"
        self._resend(protection)
        self.assertFalse(protection.activity_ids)
        self.assertEqual(self._get_mails(protection).email_to, "erika@new.example")
        self._bounce(self._send(protection), "Erika@new.example")
        self.assertTodo(protection, "The buyer's mail came back")

    def test_a_bounce_of_another_person_asks_for_nothing(self):
        protection, message_id = self._make_mailed()
        self._bounce(message_id, "manager@shop.example")
        self._bounce("<unknown@shop.example>")
        self.assertFalse(protection.activity_ids)

    def test_an_impossible_address_or_none_is_told_by_our_queue_at_once(self):
        for address, is_deleted in (("nobody", True), (False, True), ("nobody", False)):
            with self.subTest(address=address, is_deleted=is_deleted):
                self.env.ref(CONFIRMED).auto_delete = is_deleted
                protection = self._make_queued()
                protection.write({"state": "confirmed", "buyer_email": address})
                self._run_queue()
                with self.mock_mail_gateway(mail_unlink_sent=True):
                    self._get_mails(protection).send()
                self.assertFalse(protection.activity_ids)
                for _time in range(2):
                    self._run_queue(hours=1)
                    self.assertTodo(protection, RETURNED)
                    self.assertEqual(protection.mail_status, "Not sent")
