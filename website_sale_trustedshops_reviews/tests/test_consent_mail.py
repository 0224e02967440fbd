# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from email import message_from_string
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase
from odoo.addons.website_sale_trustedshops.tests.mail_server import (
    TROUBLES,
    MailServerCase,
)

from .reviews_common import EMAIL, ReviewsCommon

CONFIRM = "website_sale_trustedshops_reviews.mail_template_consent_confirm"
LOGGER = "odoo.addons.website_sale_trustedshops_reviews.models.consent.link"


class TestConsentMail(MailServerCase, ReviewsCommon, PatientHttpCase):
    """The mails about a consent, from core's queue to the mail server."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.consent_mode = "double_opt_in"

    def _request(self, kind="requested", **values):
        """Return a request to confirm whose mail waits in core's queue."""
        row = self._add_consent(
            self._make_cart(state="sale"),
            kind,
            **{
                "mode": "double_opt_in",
                "moment": datetime(2026, 11, 2, 10),
                "mail_due": True,
                **values,
            },
        )
        self._run_mails()
        self.assertEqual(row.mail_status, "Waits for the mail server")
        return row

    def _run_hour(self):
        self._wait(hours=1)
        self._run_mails()

    def test_a_mail_that_is_sent_is_sent_once_and_leaves_no_links(self):
        for kind in ("requested", "given"):
            with self.subTest(kind):
                self.server.texts = []
                row = self._request(kind)
                message = row.mail_id.mail_message_id
                self._send_mails()
                self._let_a_day_pass(self._run_hour)
                self.assertEqual(len(self.server.texts), 1)
                self.assertRegex(row.mail_status, r"^Sent on 11/[23]/26")
                self.assertFalse(row.mail_id or message.exists())
        self.assertFalse(self.channel.activity_ids)

    def test_a_server_in_trouble_gets_a_mail_four_times_then_a_person_is_told(self):
        for trouble, texts in TROUBLES.items():
            with self.subTest(trouble):
                self.channel.activity_ids.unlink()
                self.server.trouble = trouble
                self.server.calls, self.server.texts = 0, []
                moment = self.env.cr.now()
                self._wait(seconds=1)
                row = self._request(moment=moment)
                self._let_a_day_pass(self._run_hour)
                self.assertEqual(self.server.calls, 4)
                self.assertEqual(len(self.server.texts), texts)
                self.assertTodo(self.channel, "did not arrive")
                self.assertEqual(row.mail_status, "Not sent")
                self.assertFalse(row.mail_id)
                found = [("body_html", "like", "/trustedshops/reviews/")]
                self.assertFalse(self.env["mail.mail"].search(found))

    def test_many_lost_mails_are_one_activity(self):
        rows = [self._request(), self._request()]
        for row in rows:
            row.mail_id.cancel()
        self._run_hour()
        self.assertTodo(self.channel, "did not arrive")
        self.assertEqual({row.mail_status for row in rows}, {"Not sent"})
        lost = self.env["trustedshops.consent"].search(
            [("mailed_at", "!=", False), ("mail_sent_at", "=", False)]
        )
        self.assertEqual(len(lost), 2)

    def test_a_mail_that_comes_back_or_cannot_arrive_is_told_at_once(self):
        row, other = self._request(), self._request()
        reference = row.mail_id.message_id
        other.mail_id.email_to = "nobody"
        self._send_mails()
        self._wait(minutes=10)
        self._run_mails()
        self.assertTodo(self.channel, "did not arrive")
        self.assertEqual(other.mail_status, "Not sent")
        self.channel.activity_ids.unlink()
        self.assertRegex(row.mail_status, "^Sent on")
        values = {
            **dict.fromkeys(("email_from", "to", "message_id"), ""),
            "bounced_email": EMAIL,
            "bounced_partner": self.buyer,
            "bounced_msg_ids": [reference],
            "bounced_message": self.env["mail.message"],
        }
        self.env["mail.thread"]._routing_handle_bounce(None, values)
        self.assertTodo(self.channel, "did not arrive")
        self.assertEqual(row.mail_status, "Not sent")

    def test_a_broken_template_is_told_and_loses_no_mail(self):
        template = self.env.ref(CONFIRM)
        subject, template.subject = template.subject, "{{ 100 / object.mail_tries }}"
        row = self._add_consent(self._make_cart(state="sale"), "requested")
        with mute_logger(LOGGER):
            for _run in range(2):
                self._run_mails()
        self.assertEqual(row.mail_status, "Not written yet")
        self.assertTodo(self.channel, "could not be written")
        template.subject = subject
        self.assertTrue(self._run_mails().filtered("trustedshops_is_owed"))
        self.assertFalse(self.channel.activity_ids)

    def test_a_mail_that_is_not_wanted_any_more_is_dropped_and_not_told(self):
        stopped, cancelled = self._request(), self._request(email="max@muster.example")
        self.server.trouble = "refuses"
        self._send_mails()
        stopped._withdraw("link")
        cancelled.order_id.state = "cancel"
        self._run_hour()
        self._send_mails()
        self.assertEqual(self.server.calls, 2)
        for row in (stopped, cancelled):
            self.assertFalse(row.mail_id or row.mail_tries)
        self.assertFalse(self.channel.activity_ids)

    # === WHAT IT SAYS === #
    def test_it_has_question_stop_link_and_imprint_but_no_advertising(self):
        company = self.env.company
        company.partner_id.write({"street": "Hauptstr. 1", "city": "Berlin"})
        company.vat = "DE136695976"
        for kind in ("requested", "given"):
            with self.subTest(kind):
                row = self._request(kind)
                body = row.mail_id.body_html
                for words in (
                    row._get_link("stop"),
                    company.name,
                    "Hauptstr. 1",
                    "DE136695976",
                ):
                    self.assertIn(words, body)
                for words in ("Powered", "odoo.com", "unfollow"):
                    self.assertNotIn(words, body)

    def test_mail_programs_can_stop_it_by_one_press(self):
        row = self._request()
        self._send_mails()
        [text] = self.server.texts
        headers = message_from_string(text)
        link = row._get_link("stop")
        found = "".join(headers["List-Unsubscribe"].split())
        self.assertEqual(found, f"<{link}>")
        self.assertEqual(headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertFalse(row._is_stopped())
        posted = {"List-Unsubscribe": "One-Click"}
        answer = self.url_open(urlsplit(link).path, data=posted)
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertTrue(row._is_stopped())

    # === SENDING IT AGAIN === #
    def test_managers_send_it_again(self):
        row = self._request()
        row.mail_id.unlink()
        self._run_hour()
        groups = "sales_team.group_sale_salesman"
        seller = new_test_user(self.env, "ts_mail_seller", groups)
        boss = new_test_user(self.env, "ts_mail_boss", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            row.with_user(seller).action_resend_mail()
        job = self.env.ref(
            "website_sale_trustedshops_reviews.ir_cron_send_consent_mails"
        )
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        triggers.unlink()
        row.with_user(boss).action_resend_mail()
        self.assertTrue(triggers.search([("cron_id", "=", job.id)]))
        self.assertEqual(row.mail_status, "Not written yet")
        self.assertTrue(self._run_mails().filtered("trustedshops_is_owed"))
        self._send_mails()
        self._run_hour()
        self.assertRegex(row.mail_status, "^Sent on")
        row._withdraw("link")
        with self.assertRaisesRegex(UserError, "not needed any more"):
            row.with_user(boss).action_resend_mail()
