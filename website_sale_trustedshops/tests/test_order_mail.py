# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from lxml import html

from .common import TrustedShopsCommon

PLACING_LOGGER = "odoo.addons.website_sale_trustedshops.models.checkout.placing"


class TestOrderMail(TrustedShopsCommon):
    """What the mail of the order says about Buyer Protection."""

    WORDS = (
        "Your Buyer Protection has been ordered; the confirmation follows by e-mail."
    )

    def _get_order_mails(self, order):
        messages = order.message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_comment")
        )
        mails = messages.mail_ids.sorted("id")
        return [" ".join(str(body).split()) for body in mails.mapped("body_html")]

    def _confirm(self, lang="en_US", choose=True):
        self.buyer.lang = lang
        order = self._make_cart()
        if choose:
            self._choose(order, lang)
        order.with_context(send_email=True).action_confirm()
        return order

    def test_the_confirmation_says_so(self):
        order = self._confirm()
        [body] = self._get_order_mails(order)
        self.assertIn(
            f"<strong>Trusted Shops Buyer Protection:</strong> {self.WORDS}", body
        )
        # A message of staff does not.
        order.message_post(
            body="Hello", partner_ids=self.buyer.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertNotIn("Buyer Protection", self._get_order_mails(order)[-1])

    def test_it_is_in_the_language_of_the_buyer(self):
        [body] = self._get_order_mails(self._confirm("de_DE"))
        self.assertIn("bestellt, die Bestätigung folgt per E-Mail", body)

    def test_a_sentence_that_fails_stops_no_mail(self):
        order = self._make_cart()
        self._choose(order)
        protections = type(self.env["trustedshops.protection"])
        failing = patch.object(
            protections, "_format_mail_status", side_effect=ValueError
        )
        with failing, self.assertLogs(PLACING_LOGGER, "ERROR"):
            body = self._send_order_mail(order)
        self.assertIn(order.name, body)

    def test_an_order_without_protection_says_nothing(self):
        [body] = self._get_order_mails(self._confirm(choose=False))
        self.assertNotIn("Buyer Protection", body)

    def test_the_mail_before_a_wire_transfer_says_so(self):
        self.buyer.lang = "en_US"
        order, _protection = self._make_ticked()
        self._pay(order, "pending", self._get_wire_transfer())
        [body] = self._get_order_mails(order)
        self.assertIn(self.WORDS, body)
        # That of another pending payment promises less.
        order, _protection = self._make_ticked()
        self._pay(order, "pending")
        [body] = self._get_order_mails(order)
        self.assertIn("applied for once your payment has arrived", body)

    # === A CLASSIC SHOP === #

    def _get_link(self, order):
        """Return what the mail says of registering, and where its link leads."""
        [body] = self._get_order_mails(order)
        if "Register within" not in body:
            return "", ""
        [link] = html.fromstring(body).xpath("//a[contains(., 'Register within')]")
        words = " ".join(link.getparent().text_content().split())
        return words.replace("\N{NO-BREAK SPACE}", " "), link.get("href")

    def test_the_mail_of_a_classic_shop_leads_to_the_button(self):
        self.certificate.sudo().write(
            {
                "protection_model": "classic",
                "guarantee_amount": 100.0,
                "guarantee_currency_id": self.env.ref("base.EUR").id,
                "item_ids": False,
            }
        )
        order = self._confirm(choose=False)
        words, link = self._get_link(order)
        self.assertEqual(
            words,
            "Trusted Shops Buyer Protection: It is free for you up to 100.00 €."
            " Register within three days",
        )
        self.assertEqual(
            link,
            order.get_base_url() + order.get_portal_url(anchor="trustedshops_form"),
        )

    def test_an_order_that_needs_no_registration_has_no_link_to_it(self):
        self.assertEqual(self._get_link(self._confirm()), ("", ""))
