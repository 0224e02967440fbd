# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .mails_common import CONFIRMED, FAILED, MailsCommon


@tagged("post_install", "-at_install")
class TestMailPlaces(MailsCommon):
    """Mails by a button of the form, and in the mail of the order."""

    WORDS = "ordered, the confirmation follows by e-mail"

    # === PREVIEW AND RESEND === #

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales_manager = new_test_user(
            cls.env,
            "ts_sales_manager",
            groups="sales_team.group_sale_manager",
            lang="en_US",
        )
        cls.salesman = new_test_user(
            cls.env,
            "ts_salesman",
            groups="sales_team.group_sale_salesman_all_leads",
        )

    def test_resend_sends_again_and_notes_who_wanted_it(self):
        protection = self._make_confirmed()
        self._wait(minutes=5)
        protection.with_user(self.sales_manager).action_resend_mail()
        self.assertEqual(len(self._get_mails(protection)), 2)
        self.assertEqual(protection.mail_created_at, datetime(2026, 11, 2, 10, 5))
        message = protection.order_id.message_ids[0]
        self.assertIn("was sent again by hand", message.body)
        self.assertEqual(message.author_id, self.sales_manager.partner_id)

    def test_resend_before_the_queue_leaves_nothing_to_the_queue(self):
        protection = self._make_queued()
        protection.state = "failed"
        protection.with_user(self.sales_manager).action_resend_mail()
        self._run_queue()
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_resend_is_for_managers(self):
        protection = self._make_confirmed()
        with self.assertRaises(AccessError):
            protection.with_user(self.salesman).action_resend_mail()
        self.assertEqual(len(self._get_mails(protection)), 1)

    def test_an_administrator_without_rights_in_sales_may_resend(self):
        protection = self._make_confirmed()
        protection.with_user(self.manager).action_resend_mail()
        message = protection.order_id.message_ids[0]
        self.assertEqual(message.author_id, self.manager.partner_id)

    def test_nothing_is_resent_while_the_queue_works_on_it(self):
        protection = self._make_confirmed().with_user(self.sales_manager)
        with (
            patch.object(
                type(protection), "try_lock_for_update", return_value=protection[:0]
            ),
            self.assertRaisesRegex(UserError, "being worked on"),
        ):
            protection.action_resend_mail()

    def test_nothing_is_resent_before_a_decision(self):
        protection = self._make_queued()
        with self.assertRaisesRegex(UserError, "not decided yet"):
            protection.with_user(self.sales_manager).action_resend_mail()

    def test_nothing_is_resent_without_address_or_template(self):
        protection = self._make_confirmed()
        protection.buyer_email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            protection.with_user(self.sales_manager).action_resend_mail()
        protection.buyer_email = "erika@muster.example"
        self.env.ref(CONFIRMED).unlink()
        for button in ("action_resend_mail", "action_preview_mail"):
            with self.assertRaisesRegex(UserError, "was deleted"):
                getattr(protection.with_user(self.sales_manager), button)()

    def test_preview_shows_the_mail_in_the_buyers_language(self):
        protection = self._make_confirmed("de_DE", name="WEB/0052")
        self.env.ref(CONFIRMED).with_context(
            lang="de_DE"
        ).subject = "Bestätigt: {{ object.order_reference }}"
        action = protection.with_user(self.salesman).action_preview_mail()
        preview = (
            self.env[action["res_model"]]
            .with_user(self.salesman)
            .with_context(**action["context"])
            .create({})
        )
        self.assertRecordValues(
            preview,
            [
                {
                    "subject": "Bestätigt: WEB/0052",
                    "email_to": "erika@muster.example",
                    "error_msg": False,
                }
            ],
        )

    def test_preview_of_a_refused_one_shows_the_other_mail(self):
        action = self._make_refused().action_preview_mail()
        self.assertEqual(
            action["context"]["default_mail_template_id"], self.env.ref(FAILED).id
        )

    # === THE ORDER'S OWN MAIL === #

    def _get_order_mails(self, order):
        messages = order.message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_comment")
        )
        return [
            " ".join(str(body).split()) for body in messages.sorted("id").mapped("body")
        ]

    def _confirm(self, lang="en_US", choose=True):
        self.buyer.lang = lang
        order = self._make_cart()
        if choose:
            self._choose(order, lang)
        order.with_context(send_email=True).action_confirm()
        return order

    def test_the_confirmation_says_so(self):
        [body] = self._get_order_mails(self._confirm())
        self.assertIn(
            f"<strong>Trusted Shops Buyer Protection:</strong> {self.WORDS}", body
        )

    def test_it_says_so_in_the_buyers_language(self):
        translated = "bestellt, die Bestätigung folgt per E-Mail"
        [body] = self._get_order_mails(self._confirm("de_DE"))
        self.assertIn(translated, body)

    def test_a_buyer_without_a_language_reads_that_of_the_purchase(self):
        order = self._make_cart()
        self._choose(order, "de_DE")
        self.buyer.lang = False
        order.with_context(send_email=True).action_confirm()
        [body] = self._get_order_mails(order)
        self.assertIn("bestellt, die Bestätigung folgt per E-Mail", body)

    def test_an_order_without_protection_says_nothing(self):
        [body] = self._get_order_mails(self._confirm(choose=False))
        self.assertNotIn("Buyer Protection", body)

    def test_a_template_of_the_website_says_so_as_well(self):
        self.website.confirmation_email_template_id = self.env.ref(
            "sale.mail_template_sale_confirmation"
        ).copy({"body_html": "<p>Thanks</p>", "lang": False})
        [body] = self._get_order_mails(self._confirm())
        self.assertIn("Thanks", body)
        self.assertIn(self.WORDS, body)

    def test_a_mail_that_waits_for_its_job_says_so_as_well(self):
        self.env["ir.config_parameter"].set_param("sale.async_emails", True)
        order = self._confirm()
        self.assertFalse(self._get_order_mails(order))
        with self.enter_registry_test_mode():
            self.env.ref("sale.send_pending_emails_cron").method_direct_trigger()
        [body] = self._get_order_mails(order)
        self.assertIn(self.WORDS, body)
        self.assertFalse(order.pending_email_template_id)

    def test_without_a_template_there_is_no_mail_and_no_trouble(self):
        order = self._make_cart()
        self._choose(order)
        order._send_order_notification_mail(self.env["mail.template"])
        self.assertEqual(self._get_order_mails(order), [])

    def test_a_note_of_staff_says_nothing(self):
        order = self._confirm()
        order.message_post(body="A note")
        self.assertNotIn("Buyer Protection", order.message_ids[0].body)

    def test_the_mail_before_a_wire_transfer_says_so(self):
        self.buyer.lang = "en_US"
        order = self._make_cart()
        self._choose(order)
        self._pay(order, "pending", self._get_wire_transfer())
        [body] = self._get_order_mails(order)
        self.assertIn(self.WORDS, body)

    def test_a_payment_given_up_since_then_makes_no_difference(self):
        self.buyer.lang = "en_US"
        order = self._make_cart()
        self._choose(order)
        with patch.object(self.env.registry["payment.transaction"], "_post_process"):
            transfer = self._pay(order, "pending", self._get_wire_transfer())
            self._pay(order, "cancel")
        transfer._post_process()
        [body] = self._get_order_mails(order)
        self.assertIn(self.WORDS, body)

    def test_the_mail_of_another_pending_payment_promises_less(self):
        self.buyer.lang = "en_US"
        order = self._make_cart()
        self._choose(order)
        self._pay(order, "pending")
        [body] = self._get_order_mails(order)
        self.assertIn("applied for when your payment has arrived", body)
