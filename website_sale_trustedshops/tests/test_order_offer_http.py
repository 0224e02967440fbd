# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .http_common import TrustedShopsHttpCommon
from .test_certificate_seal import make_image

OFFER = "//*[contains(@class, 'o_trustedshops_offer')]"


@tagged("full")
class TestOfferHttp(TrustedShopsHttpCommon):
    """What a public visitor sees of Buyer Protection on the payment page."""

    QUICK = (
        "test_the_offer_stands_unticked_under_the_payment_methods",
        "test_the_offer_costs_two_queries_at_most",
        "test_a_test_certificate_is_offered_to_employees_under_a_mark",
    )

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
        for product in (self.fee_product, self.fee_product.product_tmpl_id):
            with (
                self.subTest(product=product),
                self.assertRaisesRegex(ValidationError, "so it cannot be archived"),
            ):
                product.action_archive()

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
            ({"state": "test"}, "Test Your purchase is not protected."),
        ):
            self.certificate.write(values)
            self._visit(self.order, "ts_clerk")
            page = self._open()
            self.assertIsNotNone(self._get_box(page))
            mark = f"{OFFER}//p[@name='trustedshops_test']"
            self.assertEqual(self._get_text(page, mark), words)
