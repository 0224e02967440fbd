# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import POLL, QUEUE_LOGGER
from .mails_common import CONFIRMED, FAILED, MailsCommon

NOW = datetime(2026, 11, 2, 10, 0)


@tagged("post_install", "-at_install")
class TestMails(MailsCommon):
    """The mails that tell the buyer what became of his protection."""

    # === CONFIRMED === #

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

    def test_the_merchants_files_are_attached(self):
        attachments = self.env["ir.attachment"].create(
            [{"name": name, "raw": b"%PDF"} for name in ("conditions.pdf", "more.pdf")]
        )
        self.certificate.conditions_attachment_ids = attachments
        [mail] = self._get_mails(self._make_confirmed())
        self.assertEqual(mail.attachment_ids, attachments)

    def test_files_of_the_template_stay_beside_those_of_the_certificate(self):
        files = self.env["ir.attachment"].create(
            [{"name": name, "raw": b"%PDF"} for name in ("a.pdf", "b.pdf")]
        )
        self.env.ref(CONFIRMED).attachment_ids = files[0]
        self.certificate.conditions_attachment_ids = files[1]
        [mail] = self._get_mails(self._make_confirmed())
        self.assertEqual(mail.attachment_ids, files)

    def test_nobody_attaches_what_he_may_not_read(self):
        secret = self.env["ir.attachment"].create({"name": "secret", "raw": b"x"})
        designer = new_test_user(
            self.env,
            "ts_mail_designer",
            groups="base.group_user,website.group_website_designer",
        )
        with self.assertRaises(AccessError):
            self.certificate.with_user(designer).conditions_attachment_ids = [
                Command.link(secret.id)
            ]

    def test_the_certificates_own_template_confirms(self):
        own = self.env.ref(CONFIRMED).copy({"subject": "Ours {{ object.item_code }}"})
        self.certificate.confirmed_template_id = own
        [mail] = self._get_mails(self._make_confirmed())
        self.assertEqual(mail.subject, "Ours TS080501_500_30_EUR")

    def test_a_template_of_another_model_is_refused(self):
        other = self.env.ref("sale.mail_template_sale_confirmation")
        with self.assertRaisesRegex(ValidationError, "not made for Buyer Protection"):
            self.certificate.confirmed_template_id = other
        with self.assertRaisesRegex(ValidationError, "not made for Buyer Protection"):
            self.certificate.failed_template_id = other

    def test_switched_off_a_confirmation_is_not_sent_later_either(self):
        self.certificate.send_confirmed_mail = False
        protection = self._make_confirmed()
        self.certificate.send_confirmed_mail = True
        self._run_queue()
        self.assertFalse(self._get_mails(protection))
        self.assertRecordValues(
            protection, [{"mail_created_at": False, "mail_skipped_at": NOW}]
        )

    def test_without_a_template_it_waits_for_one_and_says_so_once(self):
        self.env.ref(CONFIRMED).unlink()
        protections = self._make_confirmed() + self._make_confirmed()
        self._run_queue()
        self.assertEqual(protections.mapped("mail_created_at"), [False, False])
        [todo] = self._get_todos(self.certificate)
        self.assertIn("The template of this mail was deleted.", todo)
        self.certificate.confirmed_template_id = self.env.ref(FAILED).copy(
            {"subject": "New"}
        )
        self._run_queue()
        self.assertEqual(self._get_mails(protections).mapped("subject"), ["New", "New"])
        self.assertFalse(self.certificate.activity_ids)

    def test_what_asked_for_a_template_is_closed_when_the_mail_is_sent_by_hand(self):
        self.env.ref(CONFIRMED).unlink()
        protection = self._make_confirmed()
        self.certificate.confirmed_template_id = self.env.ref(FAILED).copy()
        protection.action_resend_mail()
        self.assertFalse(self.certificate.activity_ids)

    def test_what_asked_for_a_template_is_closed_when_none_is_needed(self):
        self.env.ref(CONFIRMED).unlink()
        self._make_confirmed()
        self.certificate.send_confirmed_mail = False
        self._run_queue()
        self.assertFalse(self.certificate.activity_ids)

    def test_a_template_that_is_there_does_not_close_what_asks_for_the_other(self):
        self.env.ref(FAILED).unlink()
        self._make_refused()
        self._wait(hours=1)
        self._make_confirmed()
        [todo] = self.certificate.activity_ids
        self._run_queue()
        self.assertEqual(self.certificate.activity_ids, todo)

    def test_what_asked_for_a_mended_template_is_closed_when_none_is_needed(self):
        protection = self._make_unwritable()
        self.certificate.send_confirmed_mail = False
        self._wait(hours=1)
        self._run_queue()
        self.assertFalse(protection.activity_ids)

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

    def test_one_that_cannot_be_written_is_told_once_and_waits(self):
        protection = self._make_unwritable()
        reason = (
            "The buyer's mail about the Buyer Protection of order"
            f" {protection.order_id.name} could not be written: most often its template"
            " asks for something that this order does not have; the server's log"
            " says what. Mend the template. We try again every hour; Resend on the"
            " protection tries at once."
        )
        self.assertEqual(self._get_todos(protection), [f"<p>{reason}</p>"])
        self._wait(minutes=59)
        with self.assertNoLogs(QUEUE_LOGGER, "ERROR"):
            self._run_queue()
        self._wait(minutes=1)
        with self.assertLogs(QUEUE_LOGGER, "ERROR"):
            self._run_queue()
        self.assertEqual(len(protection.activity_ids), 1)

    def test_a_mended_template_gets_it_out(self):
        protection = self._make_unwritable()
        self.env.ref(CONFIRMED).subject = "Mended"
        self._wait(hours=1)
        self._run_queue()
        self._run_queue()
        self.assertEqual(self._get_mails(protection).mapped("subject"), ["Mended"])
        self.assertFalse(protection.mail_paused_until)
        self.assertFalse(protection.activity_ids)

    def test_resending_gets_it_out_at_once_and_once(self):
        protection = self._make_unwritable()
        self.env.ref(CONFIRMED).subject = "Mended"
        protection.action_resend_mail()
        self._wait(hours=2)
        self._run_queue()
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_without_an_address_a_person_is_asked(self):
        protection = self._make_queued()
        protection.write({"state": "confirmed", "buyer_email": False})
        self._run_queue()
        self._run_queue()
        self.assertRecordValues(
            protection, [{"mail_created_at": False, "mail_skipped_at": NOW}]
        )
        [todo] = self._get_todos(protection)
        self.assertIn("could not be sent", todo)

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

    # === NOT CONCLUDED: THE FEE COMES BACK === #

    def test_a_failed_protection_is_told_at_once_and_once(self):
        protection = self._make_queued(name="WEB/0051")
        protection.state = "failed"
        self._run_queue()
        self._run_queue()
        [mail] = self._get_mails(protection)
        self.assertEqual(
            (mail.email_to, mail.subject),
            (
                "erika@muster.example",
                "No Buyer Protection for order WEB/0051: your fee comes back",
            ),
        )
        self.assertIn("0.98", mail.body_html)
        self.assertRecordValues(
            protection, [{"failed_mail_created_at": NOW, "mail_created_at": False}]
        )

    def test_a_failure_that_may_be_none_is_told_when_the_fee_goes_back(self):
        for values in ({"unanswered": True}, {"last_code": -10003}):
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
        self._wait(minutes=59)
        self._run_queue()
        self.assertFalse(self._get_mails(protection))
        self._wait(minutes=1)
        self._run_queue()
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_a_refusal_that_is_corrected_in_time_is_not_told(self):
        protection = self._make_refused()
        self._wait(minutes=30)
        protection.write({"state": "queued", "next_attempt_at": "2026-11-02 10:30:00"})
        self.assertFalse(protection.not_concluded_at)
        self._wait(minutes=31)
        self._run_queue()
        self.assertEqual(protection.state, "requested")
        self.assertFalse(self._get_mails(protection))

    def test_a_protection_that_came_about_after_all_is_told_too(self):
        protection = self._make_refused()
        self._wait(hours=1)
        self._run_queue()
        protection.write(  # as when Trusted Shops tells the number by telephone
            {
                "state": "requested",
                "application_number": "4711",
                "requested_at": NOW,
                "next_attempt_at": NOW,
            }
        )
        self.service.script(POLL, 5)
        self._run_queue()
        subjects = self._get_mails(protection).mapped("subject")
        self.assertEqual(len(subjects), 2)
        self.assertIn("is confirmed", subjects[1])

    def test_switched_off_a_failure_is_not_told_later_either(self):
        self.certificate.send_failed_mail = False
        protection = self._make_queued()
        protection.state = "failed"
        self._run_queue()
        self.certificate.send_failed_mail = True
        self._run_queue()
        self.assertFalse(self._get_mails(protection))
        self.assertEqual(protection.failed_mail_skipped_at, NOW)

    def test_the_certificates_own_template_tells_of_a_failure(self):
        self.certificate.failed_template_id = self.env.ref(FAILED).copy(
            {"subject": "Sorry"}
        )
        protection = self._make_queued()
        protection.state = "failed"
        self._run_queue()
        self.assertEqual(self._get_mails(protection).subject, "Sorry")

    # === THE MAIL SERVER DOES NOT TAKE IT === #

    def test_it_goes_back_into_the_mail_queue_at_once_then_after_pauses(self):
        protection = self._make_confirmed()
        mail = protection.buyer_mail_id
        found = []
        for minutes in (0, 9, 1, 29, 1):
            self._wait(minutes=minutes)
            mail.state = "exception"
            self._run_queue()
            found.append(mail.state)
        self.assertEqual(
            found, ["outgoing", "exception", "outgoing", "exception", "outgoing"]
        )
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_a_mail_that_was_sent_is_looked_after_no_more(self):
        protection = self._make_confirmed()
        protection.buyer_mail_id.state = "sent"
        self._run_queue()
        self.assertFalse(protection.buyer_mail_id)
        self.assertFalse(self._get_todos(protection))

    def test_in_the_end_a_person_is_asked_once(self):
        protection = self._make_confirmed()
        mail = protection.buyer_mail_id
        for _attempt in range(10):
            mail.state = "exception"
            self._run_queue()
            self._wait(days=1)
        self.assertEqual(mail.state, "exception")
        [todo] = self._get_todos(protection)
        self.assertIn("could not be sent", todo)

    def test_a_mail_still_in_the_queue_is_left_alone(self):
        protection = self._make_confirmed()
        self._wait(days=1)
        self._run_queue()
        self.assertEqual(protection.mail_retry_count, 0)
        self.assertEqual(protection.buyer_mail_id.state, "outgoing")
