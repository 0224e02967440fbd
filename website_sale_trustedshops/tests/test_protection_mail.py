# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .common import POLL, QUEUE_LOGGER, TrustedShopsCommon
from .test_certificate_seal import make_image

CONFIRMED = "website_sale_trustedshops.mail_template_protection_confirmed"
FAILED = "website_sale_trustedshops.mail_template_protection_failed"
NOW = datetime(2026, 11, 2, 10, 0)


class TestProtectionMail(TrustedShopsCommon):
    """The mails that tell the buyer what became of the protection."""

    is_frozen = True

    def _get_mails(self, protections):
        """Return the mails to buyers, the oldest first."""
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "trustedshops.protection"),
                ("res_id", "in", protections.ids),
                ("email_to", "!=", False),
            ]
        )
        return mails.sorted("id")

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
        company.write(
            {"logo": make_image(), "phone": "+49 30 1", "email": "a@b.example"}
        )
        for protection in (self._make_confirmed(), self._make_failed()):
            order = protection.order_id
            order._portal_ensure_token()
            protection.action_resend_mail()
            page = html.fromstring(self._get_mails(protection)[-1].body_html)
            [logo] = page.xpath("//img/@src")
            self.assertTrue(logo.endswith(f"/logo.png?company={company.id}"), logo)
            [button] = page.xpath("//a[normalize-space()='View order']/@href")
            self.assertEqual(button, f"{order.get_base_url()}{order.get_portal_url()}")
            self.assertEqual(len(page.xpath("//a[@href='mailto:a@b.example']")), 1)
            [style] = page.xpath("//body/@style")
            self.assertIn("background-color: #ffffff", style)

    def test_without_access_to_the_order_it_has_no_button(self):
        protection = self._make_confirmed()
        protection.order_id.access_token = False
        protection.action_resend_mail()
        self.assertNotIn("View order", self._get_mails(protection)[-1].body_html)

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
        self.assertValues(confirmed.mail_ids, state="skipped", settled_at=NOW)
        self.assertValues(failed.mail_ids, state="skipped", settled_at=NOW)

    def test_without_a_template_it_waits_for_one_and_says_so_once(self):
        self.env.ref(CONFIRMED).unlink()
        protections = self._make_confirmed() + self._make_confirmed()
        self._run_queue()
        self.assertEqual(
            protections.mail_ids.mapped("display_name"),
            ["To the buyer: confirmed (Waiting)"] * 2,
        )
        self.assertTodo(self.certificate, "The template of this mail was deleted.")
        new = self.env.ref(FAILED).copy({"subject": "New"})
        self.certificate.confirmed_template_id = new
        self._run_queue(hours=1)
        self.assertEqual(self._get_mails(protections).mapped("subject"), ["New", "New"])
        self.assertFalse(self.certificate.activity_ids)

    def test_resending_or_switching_off_closes_the_template_activity(self):
        self.env.ref(CONFIRMED).unlink()
        protection = self._make_confirmed()
        self.certificate.confirmed_template_id = self.env.ref(FAILED).copy()
        protection.action_resend_mail()
        self.assertFalse(self.certificate.activity_ids)
        self.certificate.confirmed_template_id.unlink()
        self._make_confirmed()
        self.assertTrue(self.certificate.activity_ids)
        self.certificate.send_confirmed_mail = False
        self._run_queue(hours=1)
        self.assertFalse(self.certificate.activity_ids)

    def test_a_template_that_is_there_does_not_close_what_asks_for_the_other(self):
        self.env.ref(FAILED).unlink()
        self._make_refused()
        self._wait(hours=1)
        self._make_confirmed()
        [todo] = self.certificate.activity_ids
        self._run_queue()
        self.assertEqual(self.certificate.activity_ids, todo)

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
                    protection.action_resend_mail()
                self._run_queue(hours=1)
                self._run_queue()
                mails = self._get_mails(protection)
                self.assertEqual(mails.mapped("subject"), ["Correct"])
                self.assertFalse(protection.mail_ids.next_attempt_at)
                self.assertFalse(protection.activity_ids)

    def test_without_an_address_a_person_is_asked(self):
        protection = self._make_queued()
        protection.write({"state": "confirmed", "buyer_email": False})
        self._run_queue()
        self._run_queue()
        self.assertValues(protection.mail_ids, state="skipped", settled_at=NOW)
        self.assertTodo(protection, "could not be sent")

    def test_many_mails_at_once_each_have_their_language(self):
        rows = [
            self._make_queued(lang, name=name)
            for lang, name in (
                ("de_DE", "WEB/0061"),
                ("en_US", "WEB/0062"),
                ("de_DE", "WEB/0063"),
            )
        ]
        protections = self.env["trustedshops.protection"].union(*rows)
        protections.write({"state": "confirmed"})
        rows[1].buyer_email = False
        rows[2].buyer_email = "jan@kunde.example"
        self._run_queue()
        mails = self._get_mails(protections)
        self.assertEqual(
            mails.mapped("email_to"), ["erika@muster.example", "jan@kunde.example"]
        )
        for row, mail in zip((rows[0], rows[2]), mails, strict=True):
            words = f"Bestellung {row.order_reference} ist bestätigt"
            self.assertIn(words, mail.subject)
            self.assertIn(row.order_reference, mail.body_html)
            self.assertEqual(row.mail_ids.mail_id, mail)
            self.assertEqual(self._get_mailed_at(row), NOW)
        self.assertValues(rows[1].mail_ids, state="skipped", settled_at=NOW)
        self.assertTodo(rows[1], "could not be sent")

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
        self.assertEqual(self._get_mailed_at(protection, "failed"), NOW)
        self.assertRegex(
            protection.mail_ids.display_name,
            r"^To the buyer: not concluded \(Written 11/2/26.*\)$",
        )
        self.assertFalse(self._get_mailed_at(protection))

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

    def test_a_refusal_is_told_when_it_stands_for_an_hour(self):
        protection = self._make_refused()
        self._run_queue(minutes=59)
        self.assertFalse(self._get_mails(protection))
        self._run_queue(minutes=1)
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_a_refusal_that_is_corrected_in_time_is_not_told(self):
        protection = self._make_refused()
        self._wait(minutes=30)
        protection.write({"state": "queued", "next_attempt_at": "2026-11-02 10:30:00"})
        self.assertFalse(protection.final_at)
        self._run_queue(minutes=31)
        self.assertEqual(protection.state, "requested")
        self.assertFalse(self._get_mails(protection))
        self.assertFalse(protection.mail_ids)

    def test_a_second_refusal_is_told(self):
        protection = self._make_refused()
        protection.write({"state": "queued", "next_attempt_at": False})
        protection.write({"state": "rejected", "last_error": "Refused"})
        self._run_queue(hours=1)
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_nothing_changes_of_no_protection(self):
        self.env["trustedshops.protection"].write({"state": "failed"})

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
        subjects = self._get_mails(protection).mapped("subject")
        self.assertEqual(len(subjects), 2)
        self.assertIn("is confirmed", subjects[1])
        self._run_queue(hours=1)
        self.assertEqual(untrue.state, "exception")

    def test_it_goes_back_into_the_mail_queue_at_once_then_after_pauses(self):
        protection = self._make_confirmed()
        mail = protection.mail_ids.mail_id
        before, sent_again, told = 0, [], []
        for hour in range(49):
            self._wait(hours=hour - before)
            before = hour
            mail.state = "exception"
            self._run_queue()
            if mail.state == "outgoing":
                sent_again.append(hour)
            told += [hour] * len(protection.activity_ids)
        self.assertEqual(sent_again, [0, 1, 2, *range(4, 48, 4)])
        self.assertEqual(told, [48])
        self.assertIn("could not be sent", self._get_todos(protection)[0])
        self.assertEqual(len(self._get_mails(protection)), 1)
        protection.action_resend_mail()
        self.assertFalse(protection.activity_ids)

    def test_a_mail_that_was_sent_or_waits_is_left_alone(self):
        for state in ("outgoing", "sent"):
            with self.subTest(state=state):
                protection = self._make_confirmed()
                protection.mail_ids.mail_id.state = state
                self._run_queue(days=3)
                self.assertEqual(protection.mail_ids.mail_id.state, state)
                self.assertFalse(self._get_todos(protection))

    def test_resend_sends_again(self):
        protection = self._make_confirmed()
        self._wait(minutes=5)
        protection.action_resend_mail()
        self.assertEqual(len(self._get_mails(protection)), 2)
        self.assertEqual(self._get_mailed_at(protection), datetime(2026, 11, 2, 10, 5))
        # What is sent before the queue comes to it is sent once.
        failed = self._make_queued()
        failed.state = "failed"
        failed.action_resend_mail()
        self._run_queue()
        self.assertEqual(len(self._get_mails(failed)), 1)
        # Without a template there is nothing to send or to show.
        self.env.ref(CONFIRMED).unlink()
        for button in ("action_resend_mail", "action_preview_mail"):
            with self.assertRaisesRegex(UserError, "was deleted"):
                getattr(protection, button)()

    def test_resend_goes_to_the_address_that_was_corrected(self):
        protection = self._make_confirmed()
        for email in ("erika@new.example", False):
            self.buyer.email = email
            protection.action_resend_mail()
        self.assertEqual(
            self._get_mails(protection).mapped("email_to"),
            ["erika@muster.example", "erika@new.example", "erika@muster.example"],
        )
        self.assertEqual(protection.buyer_email, "erika@muster.example")

    def test_resend_by_a_template_that_names_partners_sends_one_mail(self):
        protection = self._make_confirmed()
        self.env.ref(CONFIRMED).write(
            {"email_to": False, "partner_to": "{{ object.partner_id.id }}"}
        )
        self.buyer.email = "erika@new.example"
        protection.action_resend_mail()
        mail = protection.mail_ids.mail_id
        self.assertFalse(mail.email_to)
        self.assertEqual(mail.recipient_ids, self.buyer)

    def test_preview_shows_the_mail_in_the_buyers_language(self):
        protection = self._make_confirmed("de_DE", name="WEB/0052")
        german = self.env.ref(CONFIRMED).with_context(lang="de_DE")
        german.subject = "Bestätigt: {{ object.order_reference }}"
        group = "sales_team.group_sale_salesman_all_leads"
        user = new_test_user(self.env, "ts_mail_user", groups=group, lang="en_US")
        action = protection.with_user(user).action_preview_mail()
        dialog = self.env[action["res_model"]].with_user(user)
        preview = dialog.with_context(**action["context"]).create({})
        self.assertEqual(
            (preview.subject, preview.email_to, preview.error_msg),
            ("Bestätigt: WEB/0052", "erika@muster.example", False),
        )
        action = self._make_refused().action_preview_mail()
        template_id = action["context"]["default_mail_template_id"]
        self.assertEqual(template_id, self.env.ref(FAILED).id)
