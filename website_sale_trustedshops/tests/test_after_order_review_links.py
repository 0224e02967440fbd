# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.mail.tests.common import MailCase

from .after_order_common import TrustcardCommon
from .fake_service import TS_ID


class TestReviewLinks(TrustcardCommon, MailCase):
    """The link by which a buyer reviews the shop."""

    def _get_url(self, order, lang="de_DE"):
        return self._as_visitor(order, lang)._trustedshops_get_rate_url()

    def test_an_order_can_be_reviewed_whatever_the_model(self):
        order = self._order()
        for model in ("classic", "excellence", "none"):
            with self.subTest(model=model):
                self.certificate.protection_model = model
                self.assertIn(
                    f"/bewertung/bewerten_{TS_ID}.html&buyerEmail=",
                    self._get_url(order),
                )

    def test_what_is_no_order_cannot_be_reviewed(self):
        cart = self._make_cart()
        failed = self._make_cart()
        self._pay(failed, "error")
        unpaid = self._make_cart()
        self._pay(unpaid, "pending", self._get_wire_transfer())
        self.assertEqual(unpaid.state, "sent")
        for order in (cart, failed, unpaid):
            self.assertEqual(self._get_url(order), "")

    def test_without_address_or_certificate_there_is_no_link(self):
        order = self._order()
        self.buyer.email = False
        self.assertEqual(self._get_url(order), "")
        self.buyer.email = "erika@muster.example"
        self.certificate.sudo().state = "cancelled"
        self.assertEqual(self._get_url(order), "")

    def test_the_sandbox_has_its_own_pages(self):
        order = self._order()
        self.env.cr.execute(
            "UPDATE trustedshops_certificate SET environment = 'sandbox'"
        )
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.sandbox_url", "http://127.0.0.1:9"
        )
        self.env.invalidate_all()
        url = self._get_url(order, "pl_PL")
        self.assertTrue(
            url.startswith(f"http://127.0.0.1:9/opinia/ocen_{TS_ID}.html&"), url
        )

    def _send(self, order):
        """Return the text of the order confirmation."""
        before = self.env["mail.mail"].search([])
        with self.mock_mail_gateway():
            order._send_order_confirmation_mail()
        mails = self.env["mail.mail"].search([]) - before + self._new_mails
        return "".join(mails.exists().mapped("body_html"))

    def test_no_mail_asks_for_a_review_without_consent(self):
        self.assertNotIn("review_links_in_mail", self.certificate._fields)
        text = self._send(self._order())
        self.assertTrue(text)
        for word in ("trustedshops.", "rateshoplater"):
            self.assertNotIn(word, text)
