# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .http_common import TrustedShopsHttpCommon

OFFER = "//*[contains(@class, 'o_trustedshops_offer')]"


@tagged("post_install", "-at_install")
class TestOfferHttp(TrustedShopsHttpCommon):
    """What a public visitor sees of Buyer Protection on the payment page."""

    def assertOffered(self):
        self.assertIsNotNone(self._get_box(self._open()))

    def assertNotOffered(self):
        self.assertIsNone(self._get_box(self._open()))

    def test_the_box_is_not_ticked(self):
        box = self._get_box(self._open())
        self.assertIsNone(box.get("checked"))

    def test_the_label_tells_amount_fee_and_tax(self):
        self.assertEqual(
            self._get_text(self._open(), "//label[@for='trustedshops_protection']"),
            "Trusted Shops Buyer Protection up to 500.00 € (0.98 € incl. 19 % VAT)",
        )

    def test_the_rate_is_written_as_in_the_buyers_language(self):
        self.fee_product.taxes_id = self._make_tax(5.5)
        words = {}
        for lang in ("en_US", "de_DE"):
            order = self._as_visitor(self.order, lang)
            words[lang] = order._trustedshops_get_tax_words(self.certificate)
        self.assertIn(" 5.5 ", words["en_US"])
        self.assertIn(" 5,5 ", words["de_DE"].replace("\N{NO-BREAK SPACE}", " "))

    def test_no_tax_is_named_where_none_is_due(self):
        self.fee_product.taxes_id = False
        self.assertEqual(
            self._get_text(self._open(), "//label[@for='trustedshops_protection']"),
            "Trusted Shops Buyer Protection up to 500.00 € (0.98 €)",
        )

    def test_no_tax_is_named_for_a_reverse_charge(self):
        lines = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": -100.0}),
        ]
        self.fee_product.taxes_id = self._make_tax(
            19,
            invoice_repartition_line_ids=lines,
            refund_repartition_line_ids=lines,
        )
        self.assertEqual(
            self._get_text(self._open(), "//label[@for='trustedshops_protection']"),
            "Trusted Shops Buyer Protection up to 500.00 € (0.98 €)",
        )

    def test_the_offer_stands_under_the_payment_methods(self):
        page = self._open()
        order = [
            element.get("id") or element.get("class")
            for element in page.xpath(f"//form[@id='o_payment_form'] | {OFFER}")
        ]
        self.assertEqual(order[0], "o_payment_form")
        self.assertIn("o_trustedshops_offer", order[1])

    def test_the_offer_is_not_part_of_the_payment_form(self):
        self.assertFalse(self._open().xpath(f"//form[@id='o_payment_form']{OFFER}"))

    def test_conditions_and_privacy_of_the_certificate_are_linked(self):
        links = self._open().xpath(f"{OFFER}//a/@href")
        ts_id = "X0123456789ABCDEF0123456789ABCDEF"
        self.assertEqual(
            links,
            [
                "https://www.trustedshops.com/shop/protection_conditions.php"
                f"?shop_id={ts_id}",
                f"https://www.trustedshops.com/shop/data_privacy.php?shop_id={ts_id}",
            ],
        )

    def test_the_page_asks_no_service(self):
        self._open()
        self.assertEqual(self.service.calls, [])

    def test_the_page_shows_no_secret(self):
        response = self.url_open("/shop/payment")
        self.assertNotIn("wspass-0815", response.text)

    # === NO OFFER === #

    def test_no_offer_without_certificate(self):
        self.certificate.action_archive()
        self.assertNotOffered()

    def test_no_offer_without_excellence(self):
        self.certificate.protection_model = "classic"
        self.assertNotOffered()

    def test_no_offer_without_login(self):
        self.certificate.with_context(tracking_disable=True).ws_user = False
        self.assertNotOffered()

    def test_an_offer_from_fees_that_are_nearly_72_hours_old(self):
        age = timedelta(hours=71, minutes=59)
        self.certificate.items_checked_at = fields.Datetime.now() - age
        self.assertOffered()

    def test_the_product_of_the_fee_stays_while_buyers_may_choose_it(self):
        self._tick()
        for product in (self.fee_product, self.fee_product.product_tmpl_id):
            with self.subTest(product=product):
                with self.assertRaises(ValidationError) as caught:
                    product.action_archive()
                self.assertEqual(
                    caught.exception.args[0],
                    "The fee of Buyer Protection is sold with [TS-PROTECTION] Trusted Shops"
                    " Buyer Protection (X0123456789ABCDEF0123456789ABCDEF), so it cannot be"
                    " archived. Choose another product on that certificate first.",
                )
        self.assertIsNotNone(self._get_box(self._open()).get("checked"))
        self.assertEqual(self.order.amount_total, 100.98)

    def test_a_choice_ends_with_a_word_when_no_certificate_serves_any_more(self):
        self._tick()
        self.service.status["stateEnum"] = "CANCELLED"
        self.certificate.action_check_now()
        page = self._open()
        self.assertIsNone(self._get_box(page))
        self.assertIn(
            "Buyer Protection is not available for your order at the moment. You can"
            " order without it.",
            page.text_content(),
        )
        self.assertFalse(self.order.trustedshops_protection_id)

    def test_no_offer_from_fees_older_than_72_hours(self):
        age = timedelta(hours=72, seconds=2)
        self.certificate.items_checked_at = fields.Datetime.now() - age
        self.assertNotOffered()

    def test_no_offer_while_the_certificate_is_held(self):
        self.certificate.hold_reason = "suspended"
        self.assertNotOffered()

    def test_no_offer_in_a_currency_without_items(self):
        self.order.pricelist_id = self.env["product.pricelist"].create(
            {"name": "PLN", "currency_id": self.currency_pln.id}
        )
        self.assertNotOffered()

    def test_no_offer_without_an_address_to_confirm_to(self):
        self.order.partner_id = self.buyer.copy({"email": "nobody"})
        self.assertEqual(self.order._trustedshops_get_offer(), {})

    def test_no_offer_for_an_order_of_nothing(self):
        self.goods.list_price = 0.0
        self.order.order_line.price_unit = 0.0
        self.assertNotOffered()

    def test_no_offer_for_a_shop_of_another_address(self):
        self.certificate.shop_match = "mismatch"
        self.assertNotOffered()

    # === TESTS AND PREPARATIONS === #

    def test_a_certificate_being_certified_is_offered(self):
        self.certificate.state = "integration"
        self.assertOffered()

    def test_a_test_certificate_is_not_offered_to_the_public(self):
        self.certificate.state = "test"
        self.assertNotOffered()

    def test_a_test_system_is_not_offered_to_the_public(self):
        self.env["trustedshops.certificate"].flush_model()
        self.env.cr.execute("UPDATE trustedshops_certificate SET environment = 'qa'")
        self.env.invalidate_all()
        self.assertNotOffered()

    def test_a_test_certificate_is_offered_to_employees_under_a_mark(self):
        self.certificate.state = "test"
        new_test_user(self.env, "ts_clerk", groups="base.group_user", lang="en_US")
        self._visit(self.order, "ts_clerk")
        page = self._open()
        self.assertIsNotNone(self._get_box(page))
        self.assertIn(
            "Test", self._get_text(page, f"{OFFER}//*[contains(@class, 'badge')]")
        )

    def test_a_demonstration_offers_a_test_certificate_to_everybody(self):
        self.certificate.state = "test"
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        self.assertOffered()

    def test_a_live_certificate_has_no_mark(self):
        self.assertFalse(self._open().xpath(f"{OFFER}//*[contains(@class, 'badge')]"))

    def test_no_offer_with_an_expired_certificate(self):
        for state in ("cancelled", "disabled", "no_audit", "invalid", "draft"):
            self.certificate.state = state
            with self.subTest(state=state):
                self.assertNotOffered()
