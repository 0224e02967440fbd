# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import new_test_user

from ..models.certificate import daily_summary
from .common import TrustedShopsCommon

CRON = "website_sale_trustedshops.ir_cron_send_summaries"


class TestProtectionSummary(TrustedShopsCommon):
    """The daily mail to the responsible user."""

    def setUp(self):
        super().setUp()
        self._freeze()
        self.manager.write({"name": "Maria", "email": "manager@shop.example"})

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        mails = self.env["mail.mail"].search([("email_to", "like", "@shop.example")])
        return mails.sorted("id")

    def _make(self, name="WEB/0060", **values):
        protection = self._make_queued(name=name)
        protection.write({"fee_state": "invoiced", **values})
        return protection

    def test_nothing_to_do_is_no_mail(self):
        self._make("W1")
        self._make("W2", state="confirmed")
        self._make("W3", state="rejected", fee_state="refunded")
        self._make("W4", state="failed", fee_state="waived")
        self._make("W5", state="cancelled", fee_state="waived")
        self._make(
            "W6",
            state="requested",
            application_number="1",
            requested_at="2026-10-26 10:00:01",
        )
        self.assertFalse(self._run())

    def test_the_summary_links_what_needs_a_person(self):
        rows = (
            ({"state": "on_hold", "last_error": "<Sums>"}, "On hold. &lt;Sums&gt;"),
            ({"state": "requested"}, "Applied for."),
            (
                {
                    "state": "requested",
                    "application_number": "1",
                    "requested_at": "2026-10-26 10:00:00",
                },
                "Applied for.",
            ),
            ({"state": "failed"}, "Failed."),
            ({"state": "rejected", "fee_state": "due"}, "Refused."),
            ({"state": "cancelled"}, "Cancelled."),
        )
        made = [
            self._make(f"WEB/{number}", **values)
            for number, (values, _words) in enumerate(rows)
        ]
        [mail] = self._run()
        body = " ".join(mail.body_html.split())
        for buyer in ("muster.example", "Erika"):
            self.assertNotIn(buyer, body)
        for protection, (_values, words) in zip(made, rows, strict=True):
            self.assertRegex(
                body,
                r"/mail/view\?model=trustedshops\.protection&amp;res_id="
                rf'{protection.id}\b[^<]*">{protection.order_reference}</a> – {words}',
            )
        self.assertEqual(
            (mail.email_to, mail.subject),
            ('"Maria" <manager@shop.example>', "Trusted Shops: action required"),
        )

    def test_a_held_certificate_is_listed(self):
        self.certificate.hold_reason = "login"
        [mail] = self._run()
        self.assertIn("shop.example, All languages, Excellence", mail.body_html)
        self.assertIn("Enter the user and password again", mail.body_html)

    def test_an_archived_certificate_is_not_forgotten(self):
        self._make(state="on_hold")
        self.certificate.action_archive()
        self.assertEqual(len(self._run()), 1)

    def test_once_a_day_while_it_lasts(self):
        protection = self._make(state="on_hold")
        self._run()
        self._wait(hours=13)
        self.assertEqual(len(self._run()), 1)
        self._wait(hours=1)
        self.assertEqual(len(self._run()), 2)
        protection.state = "confirmed"
        self._wait(days=1)
        self.assertEqual(len(self._run()), 2)

    def test_one_mail_for_all_certificates_of_a_user_one_for_each_user(self):
        other = new_test_user(self.env, "ts_other_mgr", email="other@shop.example")
        for number, (lang, user) in enumerate(
            (("de_DE", self.manager), ("pl_PL", other)), 1
        ):
            certificate = self._make_certificate(
                ts_id=f"X{number}" + "1" * 31,
                lang_id=self.langs[lang].id,
                user_id=user.id,
            )
            self._make(f"WEB/{lang}", state="on_hold").certificate_id = certificate
        self._make("WEB/en", state="on_hold")
        mails = {mail.email_to: mail.body_html for mail in self._run()}
        self.assertEqual(len(mails), 2)
        of_manager = mails['"Maria" <manager@shop.example>']
        self.assertIn("WEB/en", of_manager)
        self.assertIn("WEB/de_DE", of_manager)
        self.assertNotIn("WEB/pl_PL", of_manager)

    def test_it_is_from_the_company_or_else_from_the_user(self):
        self._make(state="on_hold")
        self.env.company.write({"name": "Shop", "email": "info@company.example"})
        [mail] = self._run()
        self.assertEqual(mail.email_from, '"Shop" <info@company.example>')
        self.env.company.email = False
        self._wait(days=1)
        self.assertEqual(self._run()[1].email_from, '"Maria" <manager@shop.example>')

    def test_it_goes_only_to_users_with_address_and_wish(self):
        self._make(state="on_hold")
        self.manager.email = False
        self.assertFalse(self._run())
        self.manager.email = "manager@shop.example"
        self.certificate.send_summary_mail = False
        self.assertFalse(self._run())
        self.certificate.send_summary_mail = True
        self.assertEqual(len(self._run()), 1)

    def test_a_long_list_is_cut_and_counted(self):
        for number in range(3):
            self._make(f"WEB/{number}", state="on_hold")
        with patch.object(daily_summary, "SUMMARY_LINES", 2):
            text = " ".join(self._run().body_html.split())
        self.assertIn("and 1 more", text)
        self.assertNotIn("WEB/2", text)
