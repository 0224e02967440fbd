# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .http_common import TrustedShopsHttpCommon

LABEL = "//label[@for='trustedshops_protection']"
ROW = "//tr[@name='o_order_trustedshops_protection']"


class TestTaxWords(TrustedShopsHttpCommon):
    """What the buyer reads about the tax of the fee, and the amount beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": -100.0}),
        ]
        none = cls.env["account.tax"]
        fixed = cls._make_tax(0.25, amount_type="fixed")
        parts = cls._make_tax(19) + cls._make_tax(3)
        cls.taxes = {
            "none": none,
            "nothing": cls._make_tax(0),
            "reverse charge": cls._make_tax(
                19,
                invoice_repartition_line_ids=lines,
                refund_repartition_line_ids=lines,
            ),
            "included": cls.fee_tax,
            "excluded": cls._make_tax(19),
            "with nothing": cls._make_tax(0) + cls._make_tax(23),
            "two": cls._make_tax(7) + cls._make_tax(19),
            "group": cls._make_tax(
                0, amount_type="group", children_tax_ids=[Command.set(parts.ids)]
            ),
            "fixed": fixed,
            "beside fixed": fixed + cls._make_tax(5.6),
        }

    def _show_net(self):
        self.website.show_line_subtotals_tax_selection = "tax_excluded"

    def _get_words(self):
        """Return the words for each of the taxes, in the order of the cart."""
        words = {}
        for name, taxes in self.taxes.items():
            self.fee_product.taxes_id = taxes
            words[name] = self._get_cart_words()
        return words

    def _get_cart_words(self):
        return self.order._trustedshops_get_tax_words(
            self.env["account.tax"].browse(self.certificate.fee_taxes or ()),
            self.order.fiscal_position_id.ids,
        )

    def test_words_tell_whether_tax_is_included_or_added(self):
        expected = {
            "none": "",
            "nothing": "",
            "reverse charge": "",
            "included": "incl. 19% VAT",
            "excluded": "incl. 19% VAT",
            "with nothing": "incl. 23% VAT",
            "two": "incl. VAT",
            "group": "incl. VAT",
            "fixed": "incl. VAT",
            "beside fixed": "incl. 5.6% VAT",
        }
        self.assertEqual(self._get_words(), expected)
        self._show_net()
        added = {
            name: words.replace("incl.", "plus") for name, words in expected.items()
        }
        self.assertEqual(self._get_words(), added)

    def test_the_words_follow_the_fiscal_position(self):
        positions = self.env["account.fiscal.position"]
        words = {}
        for name, tax in (
            ("export", self._make_tax(0)),
            ("Finland", self._make_tax(25.5)),
            ("company abroad", self.taxes["reverse charge"]),
        ):
            self.order.fiscal_position_id = positions.create({"name": name})
            tax.fiscal_position_ids = self.order.fiscal_position_id
            tax.original_tax_ids = self.fee_product.taxes_id
            words[name] = self._get_cart_words()
        self.assertEqual(
            words, {"export": "", "Finland": "incl. 25.5% VAT", "company abroad": ""}
        )

    def test_a_fee_in_the_cart_keeps_the_words_of_its_own_tax(self):
        self._choose(self.order)
        line = self.order._trustedshops_get_fee_lines()
        line.tax_ids.active = False
        words = self.order._trustedshops_get_tax_words(line.tax_ids)
        self.assertEqual(words, "incl. 19% VAT")

    def test_the_net_fee_offered_is_that_of_the_line(self):
        self._show_net()
        for name, taxes in self.taxes.items():
            self.fee_product.taxes_id = taxes
            offered = self.order._trustedshops_get_displayed_fee(self.fee_product, 0.98)
            self._choose(self.order)
            line = self.order._trustedshops_get_fee_lines()
            with self.subTest(taxes=name):
                self.assertAlmostEqual(offered, line._get_cart_display_price(), 6)
                self.assertEqual(self.order.amount_total, 100.98)

    def _get_rows(self, page, xpath):
        """Return the texts of rows, once for all sizes of screens."""
        return {" ".join(row.text_content().split()) for row in page.xpath(xpath)}

    def test_the_row_in_the_totals_says_the_same_and_the_total_agrees(self):
        self._show_net()
        self._tick()
        page = self._open()
        self.assertEqual(
            self._get_rows(page, ROW), {"Buyer Protection (plus 19% VAT) 0.82 €"}
        )
        self.assertEqual(
            self._get_rows(page, "//tr[starts-with(@name, 'o_order_total')]"),
            {"Subtotal 100.82 €", "Taxes 0.16 €", "Total 100.98 €"},
        )
        # Where no tax is due, none is named.
        self.fee_product.taxes_id = self.taxes["nothing"]
        self._tick()
        self.assertEqual(self._get_rows(self._open(), ROW), {"Buyer Protection 0.98 €"})

    def test_the_merchant_reads_what_shoppers_of_the_website_read(self):
        label = "Buyer Protection up to 500.00\N{NO-BREAK SPACE}€: "
        self.assertEqual(
            self.certificate.fee_label, f"{label}0.98\N{NO-BREAK SPACE}€ incl. 19% VAT"
        )
        self._show_net()
        self.assertEqual(
            self.certificate.fee_label, f"{label}0.82\N{NO-BREAK SPACE}€ plus 19% VAT"
        )

    def test_a_german_reads_german_numbers(self):
        self._show_net()
        self.fee_product.taxes_id = self._make_tax(5.5)
        label = self._get_text(self._open("/de/shop/payment"), LABEL)
        self.assertIn("bis 500 € + 0,93 € ", label)
        self.assertIn(" 5,5 % ", label)
