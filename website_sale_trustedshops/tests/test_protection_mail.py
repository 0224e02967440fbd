# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import POLL, QUEUE_LOGGER, TrustedShopsCommon
from .test_certificate_seal import make_image

CONFIRMED = "website_sale_trustedshops.mail_template_protection_confirmed"
FAILED = "website_sale_trustedshops.mail_template_protection_failed"
NOW = datetime(2026, 11, 2, 10, 0)


@tagged("full")
class TestProtectionMail(TrustedShopsCommon):
    """The mails that tell the buyer what became of the protection."""

    QUICK = (
        "test_it_names_order_amount_end_number_conditions_and_claims",
        "test_a_failed_protection_is_told_at_once_and_once",
        "test_resend_sends_again",
    )
    is_frozen = True

    def _make_confirmed(self, lang="en_US", **values):
        protection = self._make_queued(lang, **values)
        self.service.script(POLL, 99887766)
        self._run_queue()
        self.assertEqual(protection.state, "confirmed")
        return protection

    def _make_refused(self, **values):
        protection = self._make_queued(**values)
        protection.write({"state": "rejected", "last_error": "Refused"})
        return protection

    def _make_failed(self, **values):
        protection = self._make_queued(**values)
        protection.state = "failed"
        self._run_queue()
        return protection

    def _refuse(self, mail):
        """Let the mail server refuse a mail now."""
        self.env.cr._now = datetime.now()  # else the true time is stored
        mail.state = "exception"
        mail.flush_recordset()

    def test_it_names_order_amount_end_number_conditions_and_claims(self):
        protection = self._make_confirmed(name="WEB/0050", price=700.0)
        [mail] = self._get_mails(protection)
        text = mail.body_html.replace("\N{NO-BREAK SPACE}", " ")
        for words in (
            "WEB/0050",
            "1,500.00 €",
            "12/02/2026",
            "99887766",
            f'href="{protection.conditions_url}"',
            'href="https://my.trustedshops.com/"',
        ):
            self.assertIn(words, text)

    def test_it_wears_logo_button_and_footer(self):
        company = self.certificate.company_id
        company.write({"logo": make_image(), "email": "a@b.example"})
        for protection in (self._make_confirmed(), self._make_failed()):
            order = protection.order_id
            order._portal_ensure_token()
            self._resend(protection)
            page = html.fromstring(self._get_mails(protection)[-1].body_html)
            [logo] = page.xpath("//img/@src")
            self.assertTrue(logo.endswith(f"/logo.png?company={company.id}"), logo)
            [button] = page.xpath("//a[normalize-space()='View order']/@href")
            self.assertEqual(button, f"{order.get_base_url()}{order.get_portal_url()}")
            self.assertTrue(page.xpath("//a[@href='mailto:a@b.example']"))

    def test_files_of_the_template_and_of_the_certificate_are_attached(self):
        files = self.env["ir.attachment"].create(
            [{"name": name, "raw": b"%PDF"} for name in ("a.pdf", "b.pdf", "c.pdf")]
        )
        self.env.ref(CONFIRMED).attachment_ids = files[0]
        self.certificate.conditions_attachment_ids = files[1:]
        [mail] = self._get_mails(self._make_confirmed())
        self.assertEqual(mail.attachment_ids, files)

    def test_a_user_attaches_only_readable_files(self):
        secret = self.env["ir.attachment"].create({"name": "secret", "raw": b"x"})
        group = "base.group_user,website.group_website_designer"
        designer = new_test_user(self.env, "ts_mail_designer", groups=group)
        with self.assertRaises(AccessError):
            self.certificate.with_user(designer).conditions_attachment_ids = [
                Command.link(secret.id)
            ]

    def test_the_certificates_own_templates_are_used(self):
        own = self.env.ref(CONFIRMED).copy({"subject": "Ours {{ object.item_code }}"})
        sorry = self.env.ref(FAILED).copy({"subject": "Sorry"})
        self.certificate.write(
            {"confirmed_template_id": own.id, "failed_template_id": sorry.id}
        )
        [mail] = self._get_mails(self._make_confirmed())
        self.assertEqual(mail.subject, "Ours TS080501_500_30_EUR")
        self.assertEqual(self._get_mails(self._make_failed()).subject, "Sorry")
        other = self.env.ref("sale.mail_template_sale_confirmation")
        for name in ("confirmed_template_id", "failed_template_id"):
            with self.assertRaisesRegex(ValidationError, "is not for Buyer Protection"):
                self.certificate[name] = other

    def test_switched_off_a_mail_is_not_sent_later_either(self):
        off = {"send_confirmed_mail": False, "send_failed_mail": False}
        self.certificate.write(off)
        confirmed, failed = self._make_confirmed(), self._make_failed()
        self.certificate.write(dict.fromkeys(off, True))
        self._run_queue()
        self.assertFalse(self._get_mails(confirmed + failed))
        statuses = (confirmed + failed).mapped("mail_status")
        self.assertEqual(statuses, ["Not sent", "Not sent"])

    def _make_unwritable(self):
        """Return a protection for which the template fails, and one for which not."""
        good = self._make_queued()  # core tries the first record when it is saved
        self.env.ref(CONFIRMED).subject = "{{ 100 / (object.protected_amount - 2500) }}"
        bad = self._choose(self._make_cart(2000.0))
        bad.order_id.action_confirm()
        self.service.always[POLL] = 5
        with self.assertLogs(QUEUE_LOGGER, "ERROR") as logs:
            self._run_queue()
        self.assertEqual(len(logs.output), 1)
        self.assertEqual((good + bad).mapped("state"), ["confirmed", "confirmed"])
        self.assertEqual(len(self._get_mails(good)), 1)
        return bad

    def test_a_broken_mail_is_told_once_and_waits(self):
        protection = self._make_unwritable()
        reason = (
            "The buyer's mail could not be written: correct its template, see the"
            " server log. We try again every hour; Resend tries at once."
        )
        self.assertEqual(self._get_todos(protection), [f"<p>{reason}</p>"])
        self._wait(minutes=59)
        with self.assertNoLogs(QUEUE_LOGGER, "ERROR"):
            self._run_queue()
        self._wait(minutes=1)
        with self.assertLogs(QUEUE_LOGGER, "ERROR"):
            self._run_queue()
        self.assertEqual(len(protection.activity_ids), 1)
        # No template is needed when the mail is switched off.
        self.certificate.send_confirmed_mail = False
        self._run_queue(hours=1)
        self.assertFalse(protection.activity_ids)

    def test_a_corrected_template_gets_it_out_by_itself_or_by_resending(self):
        for by_hand in (False, True):
            with self.subTest(by_hand=by_hand):
                protection = self._make_unwritable()
                self.env.ref(CONFIRMED).subject = "Correct"
                if by_hand:
                    self._resend(protection)
                self._run_queue(hours=1)
                self._run_queue()
                mails = self._get_mails(protection)
                self.assertEqual(mails.mapped("subject"), ["Correct"])
                self.assertFalse(protection.next_attempt_at)
                self.assertFalse(protection.activity_ids)

    def test_many_mails_at_once_each_have_their_language(self):
        self._load_translations("de_DE")
        rows = self.env["trustedshops.protection"]
        for lang in ("de_DE", "en_US", "de_DE"):
            rows |= self._make_queued(lang)
        rows.write({"state": "confirmed"})
        rows[2].buyer_email = "jan@kunde.example"
        self._run_queue()
        erika = "erika@muster.example"
        for row, email, words in (
            (rows[0], erika, "Bestellung %s ist bestätigt"),
            (rows[1], erika, "order %s is confirmed"),
            (rows[2], "jan@kunde.example", "Bestellung %s ist bestätigt"),
        ):
            mail = self._get_mails(row)
            self.assertEqual(mail.email_to, email)
            self.assertIn(words % row.order_reference, mail.subject)
            self.assertIn(row.order_reference, mail.body_html)
            self.assertEqual(row.mailed_at, NOW)

    def test_a_language_that_the_shop_dropped_stops_no_mail(self):
        protection = self._make_queued("pl_PL")
        self.website.language_ids -= self.langs["pl_PL"]
        self.env["res.partner"].search([("lang", "=", "pl_PL")]).lang = "en_US"
        self.langs["pl_PL"].active = False
        self.assertEqual(protection._get_buyer_lang(), "de_DE")
        self.buyer.lang = False
        self.assertEqual(protection._get_buyer_lang(), "en_US")
        self.service.script(POLL, 7)
        self._run_queue()
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_a_failed_protection_is_told_at_once_and_once(self):
        protection = self._make_failed(name="WEB/0051")
        self._run_queue()
        [mail] = self._get_mails(protection)
        subject = "No Buyer Protection for order WEB/0051: your fee comes back"
        self.assertEqual(
            (mail.email_to, mail.subject), ("erika@muster.example", subject)
        )
        self.assertIn("0.98", mail.body_html)
        self.assertEqual(protection.mailed_at, NOW)
        self.assertEqual(protection.mail_status, "Waits for the mail server")

    def test_a_failure_that_may_be_none_is_told_when_the_fee_goes_back(self):
        for values in ({"may_have_arrived": True}, {"last_code": -10003}):
            with self.subTest(**values):
                protection = self._make_queued()
                protection.write({"state": "failed", **values})
                self._run_queue()
                self.assertFalse(self._get_mails(protection))
                protection.fee_state = "waived"
                self._run_queue()
                self.assertEqual(len(self._get_mails(protection)), 1)

    def test_a_refusal_that_is_corrected_in_time_is_not_told(self):
        protection = self._make_refused()
        self._wait(minutes=30)
        protection.write({"state": "queued", "next_attempt_at": "2026-11-02 10:30:00"})
        self.assertFalse(protection.final_at)
        self._run_queue(minutes=31)
        self.assertEqual(protection.state, "requested")
        self.assertFalse(self._get_mails(protection))
        self.assertFalse(protection.mail_due)

    def test_a_second_refusal_is_told_once(self):
        protection = self._make_refused()
        for _time in range(2):
            protection.write({"state": "queued", "next_attempt_at": False})
            protection.write({"state": "rejected", "last_error": "Refused"})
            self._run_queue(hours=1)
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_a_protection_that_came_about_after_all_is_told_too(self):
        protection = self._make_refused()
        self._run_queue(hours=1)
        untrue = self._get_mails(protection)
        untrue.state = "exception"  # the mail server was away
        # As when Trusted Shops tells the number by telephone.
        number = {"state": "requested", "application_number": "4711"}
        protection.write({**number, "requested_at": NOW, "next_attempt_at": NOW})
        self.service.script(POLL, 5)
        self._run_queue()
        mail = self._get_mails(protection) - untrue
        self.assertIn("is confirmed", mail.subject)
        self.assertFalse(untrue.exists())

    def test_a_mail_that_became_untrue_is_not_tried_again(self):
        protection = self._make_refused()
        self._run_queue(hours=1)
        mail = self._get_mails(protection)
        self._refuse(mail)
        protection.state = "confirmed"
        self.env.ref(CONFIRMED).unlink()
        with self.assertLogs(QUEUE_LOGGER, "ERROR"):
            self._run_queue(hours=1)
        self.assertEqual(mail.state, "exception")
        self.assertTodo(protection, "could not be written")

    def test_a_mail_that_waits_is_left_alone_but_told_after_a_day(self):
        protection = self._make_confirmed()
        mail = self._get_mails(protection)
        self._run_queue(hours=29)
        self.assertFalse(self._get_todos(protection))
        self._run_queue(hours=1)
        self.assertTodo(protection, "did not arrive")
        protection.activity_ids.action_feedback()
        self._run_queue(days=4)
        self.assertEqual(mail.state, "outgoing")
        self.assertFalse(self._get_todos(protection))

    def test_a_mail_that_waited_long_and_was_sent_closes_the_activity(self):
        protection = self._make_confirmed()
        self._run_queue(hours=30)
        self.assertTrue(protection.activity_ids)
        mail = self._get_mails(protection)
        mail.state = "sent"
        mail._postprocess_sent_message([], [mail.email_to])
        self._run_queue(hours=1)
        self.assertFalse(protection.activity_ids)
        self.assertRegex(protection.mail_status, "^Sent on")

    def test_refused_mails_to_staff_or_of_a_merchants_rule_are_not_ours(self):
        protection = self._make_confirmed()
        record = {"model": protection._name, "res_id": protection.id}
        mails = self.env["mail.mail"].create(
            [
                {**record, "message_type": "user_notification"},
                {**record, "message_type": "email_outgoing"},
            ]
        )
        self._refuse(mails)
        self._run_queue(days=1)
        self.assertEqual(mails.mapped("state"), ["exception", "exception"])
        self.assertFalse(protection.activity_ids)

    def test_resend_sends_again(self):
        protection = self._make_confirmed()
        self._wait(minutes=5)
        self._resend(protection)
        # The first one, which still waited, gives way.
        self.assertEqual(self._get_mails(protection).state, "outgoing")
        self.assertEqual(protection.mailed_at, datetime(2026, 11, 2, 10, 5))
        # What is sent before the queue comes to it is sent once.
        failed = self._make_queued()
        failed.state = "failed"
        self._resend(failed)
        self._run_queue()
        self.assertEqual(len(self._get_mails(failed)), 1)
        # Without a template there is nothing to send or to show.
        self.env.ref(CONFIRMED).unlink()
        for press in (self._resend, type(protection).action_preview_mail):
            with self.assertRaisesRegex(UserError, "was deleted"):
                press(protection)

    def test_resend_goes_to_the_address_that_the_dialog_names(self):
        protection = self._make_confirmed()
        old, new, typed = (f"{name}@muster.example" for name in ("erika", "neu", "e.m"))
        # The dialog proposes the contact's address; the protection keeps what was used.
        self.buyer.email = new
        self._resend(protection)
        self.assertEqual(protection.buyer_email, new)
        self._resend(protection, email=typed)
        self.assertEqual(self._get_mails(protection).email_to, typed)
        self.assertNotIn(old, "".join(protection.message_ids.mapped("body")))

    def test_resend_refuses_what_is_no_address(self):
        protection = self._make_confirmed()
        for typed in ("a@b", "max mustermann@web.example", ""):
            with self.subTest(typed=typed), self.assertRaises(UserError):
                protection._resend_mail(typed)

    def test_resend_by_a_template_that_names_partners_goes_to_the_address_alone(self):
        protection = self._make_confirmed()
        self.env.ref(CONFIRMED).write(
            {"email_to": False, "partner_to": "{{ object.partner_id.id }}"}
        )
        self._resend(protection, email="erika@new.example")
        mail = self._get_mails(protection)[-1]
        self.assertEqual(mail.email_to, "erika@new.example")
        self.assertFalse(mail.recipient_ids)

    def test_preview_shows_the_mail_in_the_buyers_language(self):
        self._load_translations("de_DE")
        protection = self._make_confirmed("de_DE", name="WEB/0052")
        group = "sales_team.group_sale_salesman_all_leads"
        user = new_test_user(self.env, "ts_mail_user", groups=group, lang="en_US")
        action = protection.with_user(user).action_preview_mail()
        dialog = self.env[action["res_model"]].with_user(user)
        preview = dialog.with_context(**action["context"]).create({})
        self.assertIn("Bestellung WEB/0052 ist bestätigt", preview.subject)
        self.assertEqual(preview.email_to, "erika@muster.example")
        action = self._make_refused().action_preview_mail()
        template_id = action["context"]["default_mail_template_id"]
        self.assertEqual(template_id, self.env.ref(FAILED).id)
