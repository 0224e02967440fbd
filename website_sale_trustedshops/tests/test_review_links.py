# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .fake_service import TS_ID
from .trustcard_common import TrustcardCommon


@tagged("post_install", "-at_install")
class TestReviewLinks(TrustcardCommon, MailCase):
    """Links by which a buyer reviews the shop."""

    def _get_urls(self, order, lang="de_DE"):
        return self._as_visitor(order, lang)._trustedshops_get_rate_urls()

    def test_an_order_can_be_reviewed_whatever_the_model(self):
        order = self._order()
        for model in ("classic", "excellence", "none"):
            with self.subTest(model=model):
                self.certificate.protection_model = model
                self.assertIn(
                    f"/bewertung/bewerten_{TS_ID}.html&buyerEmail=",
                    self._get_urls(order)["now"],
                )

    def test_what_is_no_order_cannot_be_reviewed(self):
        cart = self._make_cart()
        failed = self._make_cart()
        self._pay(failed, "error")
        for order in (cart, failed):
            self.assertEqual(self._get_urls(order), {})

    def test_without_address_or_certificate_there_are_no_links(self):
        order = self._order()
        self.buyer.email = False
        self.assertEqual(self._get_urls(order), {})
        self.buyer.email = "erika@muster.example"
        self.certificate.sudo().state = "cancelled"
        self.assertEqual(self._get_urls(order), {})

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
        urls = self._get_urls(order, "pl_PL")
        self.assertTrue(
            urls["now"].startswith(f"http://127.0.0.1:9/opinia/ocen_{TS_ID}.html&"),
            urls,
        )
        self.assertTrue(
            urls["later"].startswith(
                f"http://127.0.0.1:9/reviews/rateshoplater.php?shop_id={TS_ID}&"
            ),
            urls,
        )

    # === MAIL === #

    def _send(self, order, template=None):
        """Return the text of the mails that a template of `sale` makes."""
        before = self.env["mail.mail"].search([])
        with self.mock_mail_gateway():
            if template:
                order._send_order_notification_mail(self.env.ref(template))
            else:
                order._send_order_confirmation_mail()
        mails = self.env["mail.mail"].search([]) - before + self._new_mails
        return "".join(mails.exists().mapped("body_html"))

    def test_the_confirmation_has_no_links_by_itself(self):
        text = self._send(self._order())
        self.assertTrue(text)
        self.assertNotIn("rateshoplater", text)

    def test_the_confirmation_has_links_when_the_merchant_wants_them(self):
        self.certificate.review_links_in_mail = True
        text = self._send(self._order())
        self.assertIn(f"/bewertung/bewerten_{TS_ID}.html&amp;buyerEmail=", text)
        self.assertIn(f"/reviews/rateshoplater.php?shop_id={TS_ID}", text)

    def test_buyers_get_no_links_of_a_test_system(self):
        self.certificate.review_links_in_mail = True
        order = self._order()
        self.env.cr.execute("UPDATE trustedshops_certificate SET environment = 'qa'")
        self.env.invalidate_all()
        self.assertNotIn("rateshoplater", self._send(order))

    def test_other_mails_have_no_links(self):
        self.certificate.review_links_in_mail = True
        text = self._send(self._order(), "sale.mail_template_sale_payment_executed")
        self.assertTrue(text)
        self.assertNotIn("rateshoplater", text)
