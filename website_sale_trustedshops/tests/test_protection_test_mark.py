# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import html

from .common import POLL, TrustedShopsCommon
from .http_common import TrustedShopsHttpCommon

MARK = "Test Your purchase is not protected."
TESTS_FOR_EVERYBODY = "website_sale_trustedshops.test_offers_for_everybody"


class TestMarkCommon(TrustedShopsCommon):
    """A shop that shows a test certificate to everybody."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(TESTS_FOR_EVERYBODY, "True")
        cls.certificate.sudo().state = "test"
        cls.buyer.lang = "en_US"

    def assertMarked(self, text, is_marked=True):
        """Check that a page or mail has the mark once, or not at all."""
        words = " ".join(html.fromstring(text).text_content().split())
        self.assertEqual(words.count(MARK), int(is_marked), words)

    def _confirm(self, protection):
        self.service.script(POLL, 99887766)
        self._run_queue()
        self.assertEqual(protection.state, "confirmed")


class TestMark(TestMarkCommon):
    """What is a test says so in mails, and stays what the buyer agreed to."""

    def test_mails_of_a_test_are_marked(self):
        for state, mark in (("test", "[Test] "), ("production", "")):
            with self.subTest(state=state):
                self.certificate.sudo().state = state
                confirmed = self._make_queued()
                self._confirm(confirmed)
                failed = self._make_queued()
                failed.state = "failed"
                self._run_queue()
                for protection, subject in (
                    (confirmed, "Your Buyer Protection for order %s is confirmed"),
                    (
                        failed,
                        "No Buyer Protection for order %s: your fee comes back",
                    ),
                ):
                    mail = self._get_mails(protection)
                    subject = subject % protection.order_reference
                    self.assertEqual(mail.subject, f"{mark}{subject}")
                    self.assertMarked(mail.body_html, bool(mark))

    def test_texts_for_staff_mark_a_test(self):
        protection = self._make_queued(name="WEB/0077")
        self.assertEqual(protection.display_name, "[Test] WEB/0077")
        self._confirm(protection)
        self._resend(protection)
        notes = [
            html.fromstring(note).text_content()
            for note in protection.order_id.message_ids.mapped("body")
            if "Buyer Protection" in note
        ]
        self.assertTrue(notes)
        self.assertEqual([note for note in notes if not note.startswith("[Test] ")], [])
        protection.state = "failed"
        [activity] = protection._get_todos_about("protection")
        self.assertEqual(activity.res_name, "[Test] WEB/0077")

    def test_mail_of_the_order_is_marked(self):
        order, protection = self._make_ticked()
        self._pay(order, "pending", self._get_wire_transfer())
        order.action_confirm()
        self.assertMarked(self._send_order_mail(order))
        protection.is_test = False
        self.assertMarked(self._send_order_mail(order), False)

    def test_mail_of_a_classic_order_is_marked(self):
        self.certificate.protection_model = "classic"
        order = self._make_cart()
        order.action_confirm()
        text = html.fromstring(self._send_order_mail(order)).text_content()
        self.assertIn("Test Your purchase", " ".join(text.split()))

    def test_a_protection_stays_a_test_or_real(self):
        for chosen, later in (("test", "production"), ("production", "test")):
            with self.subTest(chosen=chosen):
                self.certificate.sudo().state = chosen
                protection = self._make_queued()
                self.certificate.sudo().state = later
                self._run_queue()
                self.assertEqual(protection.is_test, chosen == "test")
                # A passing answer of the service about the certificate holds nothing.
                self.assertEqual(protection.state, "requested")

    def test_another_environment_makes_a_test(self):
        self.certificate.sudo().state = "production"
        self.env.flush_all()
        self.env.cr.execute("UPDATE trustedshops_certificate SET environment = 'qa'")
        self.env.invalidate_all()
        self.assertTrue(self._make_queued().is_test)

    def test_choice_of_a_test_is_not_paid_once_the_certificate_is_live(self):
        order, protection = self._make_ticked()
        self.assertTrue(protection.is_test)
        self.certificate.sudo().state = "production"
        self._as_visitor(order)._recompute_cart()
        self.assertFalse(order.trustedshops_protection_id)

    def test_live_certificate_that_only_staff_sees_makes_no_test(self):
        self.certificate.sudo().write({"state": "production", "mode": "test"})
        self.manager.email = "manager@shop.example"
        order = self._make_cart(partner_id=self.manager.partner_id.id)
        self.assertTrue(order._trustedshops_add_choice())
        self.assertFalse(order.trustedshops_protection_id.is_test)


class TestMarkHttp(TestMarkCommon, TrustedShopsHttpCommon):
    """What is a test says so on the pages of the order."""

    is_frozen = False

    def test_confirmation_page_and_portal_mark_each_state_of_a_test(self):
        protection = self._make_queued()
        order = protection.order_id
        order._portal_ensure_token()
        self.authenticate(None, None, session_extra={"sale_last_order_id": order.id})
        portal = f"/my/orders/{order.id}?access_token={order.access_token}"
        for is_test in (True, False):
            protection.is_test = is_test
            for state in ("queued", "confirmed", "failed"):
                protection.state = state
                for url in ("/shop/confirmation", portal):
                    with self.subTest(url=url, state=state, is_test=is_test):
                        row = "//*[@name='trustedshops_protection']"
                        text = self._get_text(self._open(url), row)
                        self.assertEqual(MARK in text, is_test, text)
