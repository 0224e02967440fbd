# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from .http_common import TrustedShopsHttpCommon
from .test_certificate_seal import make_image

OFFER = "//*[contains(@class, 'o_trustedshops_offer')]"


class TestOfferHttp(TrustedShopsHttpCommon):
    """What a public visitor sees of Buyer Protection on the payment page."""

    def assertOffered(self):
        self.assertIsNotNone(self._get_box(self._open()))

    def assertNotOffered(self):
        self.assertIsNone(self._get_box(self._open()))

    def test_the_offer_stands_unticked_under_the_payment_methods(self):
        page = self._open()
        self.assertIsNone(self._get_box(page).get("checked"))
        self.assertFalse(page.xpath(f"//form[@id='o_payment_form']{OFFER}"))
        self.assertFalse(page.xpath(f"{OFFER}//*[contains(@class, 'badge')]"))
        order = [
            element.get("id") or element.get("class")
            for element in page.xpath(f"//form[@id='o_payment_form'] | {OFFER}")
        ]
        self.assertEqual(order[0], "o_payment_form")
        self.assertIn("o_trustedshops_offer", order[1])
        response = self.url_open("/shop/payment")
        self.assertNotIn("wspass-0815", response.text)
        self.assertEqual(self.service.calls, [])

    def _age_fees(self, **age):
        self.certificate.items_checked_at = fields.Datetime.now() - timedelta(**age)

    def _make_free(self):
        self.goods.list_price = 0.0
        self.order.order_line.price_unit = 0.0

    def _use_test_system(self):
        self.env["trustedshops.certificate"].flush_model()
        self.env.cr.execute("UPDATE trustedshops_certificate SET environment = 'qa'")
        self.env.invalidate_all()

    def _price_in_zloty(self):
        self.order.pricelist_id = self._make_zloty_prices()

    def _set(self, **values):
        return lambda: self.certificate.with_context(tracking_disable=True).write(
            values
        )

    def _show_tests(self):
        self.certificate.state = "test"
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )

    def test_when_there_is_an_offer(self):
        states = ("cancelled", "disabled", "no_audit", "invalid", "draft", "test")
        cases = {
            "as it is": (lambda: None, True),
            "fees nearly 72 hours old": (
                lambda: self._age_fees(hours=71, minutes=59),
                True,
            ),
            "being certified": (self._set(state="integration"), True),
            "tests are shown": (self._show_tests, True),
            "no certificate": (lambda: self.certificate.action_archive(), False),
            "no Excellence": (self._set(protection_model="classic"), False),
            "no login": (self._set(ws_user=False), False),
            "old fees": (lambda: self._age_fees(hours=72, seconds=2), False),
            "held": (self._set(hold_reason="suspended"), False),
            "another currency": (self._price_in_zloty, False),
            "nothing to pay": (self._make_free, False),
            "disabled by a person": (self._set(mode="disabled"), False),
            "paused": (self._set(offered_to="nobody"), False),
            "no address": (lambda: self.buyer.write({"email": "nobody"}), False),
            "test system": (self._use_test_system, False),
            **{state: (self._set(state=state), False) for state in states},
        }
        for name, (change, is_offered) in cases.items():
            with self.subTest(case=name), self.env.cr.savepoint() as savepoint:
                change()
                self.env.flush_all()
                box = self._get_box(self._open())
                self.assertEqual(box is not None, is_offered)
                savepoint.rollback()
                self.env.registry.clear_all_caches()
                self.env.invalidate_all()

    def _count_queries(self):
        """Return how many queries a page takes that was opened before."""
        for _number in range(3):
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.url_open("/shop/payment")
            queries = self.cr.sql_log_count - before
        return queries

    def test_the_offer_costs_two_queries_at_most(self):
        """In a cart whose goods are not taxed, and where the fee is mapped."""
        self.order.fiscal_position_id = self.env["account.fiscal.position"].create(
            {"name": "Domestic", "tax_ids": self.fee_tax.ids}
        )
        self.assertOffered()
        with_offer = self._count_queries()
        self.certificate.action_archive()
        self.assertNotOffered()
        self.assertLessEqual(with_offer - self._count_queries(), 2)

    def _read_tax_words(self):
        """Return what is said of the fee's taxes when a page is read again."""
        self.env.invalidate_all()
        return self.order._trustedshops_get_tax_words(
            self.env["account.tax"].browse(self.certificate.fee_taxes or ()),
            self.order.fiscal_position_id.ids,
        )

    def test_the_words_follow_the_taxes_at_once(self):
        fee_tax = self.fee_product.taxes_id
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        seven = self._make_tax(7, original_tax_ids=fee_tax.ids)
        reverse = [
            Command.create({"repartition_type": "tax", "factor_percent": -100.0})
        ]

        self.assertEqual(self._read_tax_words(), "incl. 19% VAT")
        for record, values, words in (
            (fee_tax, {"amount": 20}, "incl. 20% VAT"),
            (self.order, {"fiscal_position_id": position.id}, ""),
            (position, {"tax_ids": [Command.set(seven.ids)]}, "incl. 7% VAT"),
            (seven, {"amount": 5}, "incl. 5% VAT"),
            (fee_tax, {"replacing_tax_ids": [Command.clear()]}, "incl. 20% VAT"),
            (position, {"tax_ids": [Command.clear()]}, ""),
            (self.order, {"fiscal_position_id": False}, "incl. 20% VAT"),
            (self.fee_product, {"taxes_id": seven.ids}, "incl. 5% VAT"),
            (seven, {"active": False}, ""),
            (seven, {"active": True}, "incl. 5% VAT"),
            (
                seven,
                {
                    "invoice_repartition_line_ids": reverse,
                    "refund_repartition_line_ids": reverse,
                },
                "",
            ),
        ):
            record.write(values)
            with self.subTest(record=record, values=values):
                self.assertEqual(self._read_tax_words(), words)
        # They outlive a tax that is deleted.
        self.fee_product.taxes_id.unlink()
        self.assertOffered()

    def test_the_product_of_the_fee_stays_while_buyers_may_choose_it(self):
        self._tick()
        for product in (self.fee_product, self.fee_product.product_tmpl_id):
            with self.subTest(product=product):
                with self.assertRaises(ValidationError) as caught:
                    product.action_archive()
                self.assertEqual(
                    caught.exception.args[0],
                    "The fee of Buyer Protection is sold with [TS-PROTECTION] Trusted"
                    " Shops Buyer Protection (X0123456789ABCDEF0123456789ABCDEF), so it"
                    " cannot be archived. Choose another product on that certificate"
                    " first.",
                )
        self.assertIsNotNone(self._get_box(self._open()).get("checked"))
        self.assertEqual(self.order.amount_total, 100.98)

    def test_only_the_merchants_own_seal_stands_beside_the_offer(self):
        picture = "//label[@for='trustedshops_protection']//img/@src"
        self.certificate.seal_shown = True
        self.assertEqual(self._open().xpath(picture), [])
        self.certificate.seal_image = make_image(200, 50)
        [source] = self._open().xpath(picture)
        self.assertIn(
            f"/web/image/trustedshops.certificate/{self.certificate.id}/", source
        )
        self.certificate.seal_shown = False
        self.assertEqual(self._open().xpath(picture), [])

    def test_a_test_certificate_is_offered_to_employees_under_a_mark(self):
        new_test_user(self.env, "ts_clerk", groups="base.group_user", lang="en_US")
        for values, words in (
            (
                {"mode": "test"},
                "Test Only internal users see this offer. Your order will be protected,"
                " and billed, like any other.",
            ),
            ({"state": "test"}, "Test This is a test offer. No purchase is protected."),
        ):
            self.certificate.write(values)
            self._visit(self.order, "ts_clerk")
            page = self._open()
            self.assertIsNotNone(self._get_box(page))
            mark = f"{OFFER}//p[@name='trustedshops_test']"
            self.assertEqual(self._get_text(page, mark), words)
