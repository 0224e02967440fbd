# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from .reviews_common import EMAIL, ReviewsCommon


class TestLateConsent(ReviewsCommon):
    """The mail with the stop link for buyers who agree after the order."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.question_place = "confirmation"

    def _agree(self, lang="en_US", order=None):
        """Return the order of a buyer who ticks the box of the confirmation page."""
        order = order or self._order(ticked=False)
        visited = self._as_visitor(order, lang)
        words = visited._trustedshops_get_review_words()
        self.assertTrue(visited._trustedshops_create_late_consent(True, words.version))
        return order

    def test_the_buyer_gets_one_mail_with_the_stop_link(self):
        order = self._agree()
        self._agree(order=order)  # pressed twice
        consent = order._trustedshops_get_consent()
        self._wait(minutes=10)
        mail = self._run_mails()
        self.assertEqual(len(mail), 1)
        self.assertValues(
            mail, email_to=EMAIL, state="outgoing", model=False, res_id=False
        )
        self.assertIn(order.name, mail.subject)
        self.assertIn(consent._get_link("stop"), mail.body_html)
        name = consent.display_name
        for word in ("/my/orders/", "bewerten_", "/reviews/confirm/", name):
            self.assertNotIn(word, mail.body_html)
        self.assertEqual(consent.mailed_at, datetime(2026, 11, 2, 10, 10))
        self.assertFalse(self._run_mails())

    def test_a_tick_of_the_payment_page_is_in_no_ones_way(self):
        self.channel.question_place = "payment"
        order = self._make_cart()
        self._tick(order)
        self.channel.question_place = "confirmation"
        transaction = self._begin(order)
        transaction.trustedshops_tick_id = False
        self._finish(transaction)
        self.assertEqual(self._get_rows(order), [("ticked", False)])
        self._agree(order=order)
        self.assertEqual(self._get_rows(order), [("given", "checkbox")])

    def test_the_mail_does_not_rely_on_that_of_the_order(self):
        self.env["ir.config_parameter"].set_param("sale.async_emails", "True")
        order = self._agree()
        self.assertTrue(order.pending_email_template_id)
        self.assertIn("/reviews/stop/", self._run_mails().body_html)

    def test_a_request_to_confirm_is_the_only_mail(self):
        self.channel.consent_mode = "double_opt_in"
        order = self._agree()
        self.assertIn("/reviews/confirm/", self._run_mails().body_html)
        order._trustedshops_get_newest_consent()._confirm()
        self.assertFalse(self._run_mails())

    def test_copied_database_mails_nobody(self):
        self._agree()
        mails = self._run_mails()
        self.channel.consent_mode = "double_opt_in"
        self._agree()
        mails += self._run_mails()
        messages = mails.mail_message_id
        self.assertEqual(len(messages), 2)
        self.channel.consent_mode = "checkbox"
        self._agree()
        cart = self._make_cart()
        self._tick(cart)
        self._neutralize()
        self.env.registry.clear_cache()
        self.assertFalse(mails.exists() or messages.exists())
        self.assertFalse(self._run_mails())
        self.assertEqual(self._get_rows(), [("given", "checkbox")] * 2)
        self.assertFalse(self._as_visitor(cart)._trustedshops_get_review_question())
