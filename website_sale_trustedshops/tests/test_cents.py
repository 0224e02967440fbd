# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import product

from odoo import Command
from odoo.tests import tagged

from .common import TrustedShopsCommon

# Value of the goods in each step of the fee table, and its fee.
STEPS = {
    77.77: 0.98,
    1111.11: 2.94,
    2222.23: 4.90,
    3333.37: 9.80,
    6666.67: 19.60,
    12345.67: 39.20,
}
ROUNDINGS = ("round_per_line", "round_globally")


@tagged("post_install", "-at_install")
class TestCents(TrustedShopsCommon):
    """The fee raises order, invoice and credit note by exactly what was offered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        included = {"price_include_override": "tax_included"}
        seven = cls._make_tax(7, include_base_amount=True, sequence=1)
        children = cls._make_tax(19, name="part a") + cls._make_tax(3, name="part b")
        cls.taxes = {
            "none": cls.env["account.tax"],
            "included 19": cls._make_tax(19, **included),
            "excluded 19": cls._make_tax(19),
            "excluded 23": cls._make_tax(23),
            "two": seven + cls._make_tax(19, name="second", sequence=2),
            "mixed": cls._make_tax(19, name="in", **included)
            + cls._make_tax(5, name="out"),
            "fixed": cls._make_tax(0.25, amount_type="fixed")
            + cls._make_tax(19, name="beside fixed"),
            "group": cls._make_tax(
                0, amount_type="group", children_tax_ids=[Command.set(children.ids)]
            ),
        }
        cls.goods_tax = cls._make_tax(19, name="goods")

    def _make_odd_cart(self, price, tax=None):
        """Return a cart of three lines whose taxes do not come out even."""
        tax = self.goods_tax if tax is None else tax
        order = self._make_cart(price)
        order.order_line.tax_ids = tax
        for odd_price, quantity in ((0.07, 3), (13.33, 1)):
            order.order_line = [
                Command.create(
                    {
                        "product_id": self.goods.id,
                        "price_unit": odd_price,
                        "product_uom_qty": quantity,
                        "tax_ids": [Command.set(tax.ids)],
                    }
                )
            ]
        return order

    def _get_misses(self, tax_name, rounding, goods_tax=None):
        """Return the fees that change the total by something else."""
        self.env.company.tax_calculation_rounding_method = rounding
        self.fee_product.taxes_id = self.taxes[tax_name]
        misses = {}
        for price, fee in STEPS.items():
            order = self._make_odd_cart(price / 1.19, goods_tax)
            before = order.amount_total
            self._choose(order)
            added = self.currency_euro.round(order.amount_total - before)
            if added != fee:
                misses[fee] = added
        return misses

    def test_the_order_rises_by_the_fee_whatever_tax_and_rounding(self):
        for tax_name, rounding in product(self.taxes, ROUNDINGS):
            with self.subTest(tax=tax_name, rounding=rounding):
                self.assertEqual(self._get_misses(tax_name, rounding), {})

    def test_the_order_rises_by_the_fee_beside_goods_of_the_same_tax(self):
        for tax_name, rounding in product(self.taxes, ROUNDINGS):
            misses = self._get_misses(tax_name, rounding, self.taxes[tax_name])
            with self.subTest(tax=tax_name, rounding=rounding):
                self.assertEqual(misses, {})

    def test_the_order_rises_by_the_fee_for_many_odd_goods_prices(self):
        tax = self.fee_product.taxes_id = self.taxes["excluded 19"]
        for rounding in ROUNDINGS:
            self.env.company.tax_calculation_rounding_method = rounding
            misses = []
            for cents in range(1, 60, 3):
                order = self._make_odd_cart(10 + cents / 100, tax)
                before = order.amount_total
                self._choose(order)
                if self.currency_euro.round(order.amount_total - before) != 0.98:
                    misses.append(cents)
            with self.subTest(rounding=rounding):
                self.assertEqual(misses, [])

    def test_the_total_of_the_line_is_the_fee(self):
        self.fee_product.taxes_id = self.taxes["excluded 19"]
        order = self._make_odd_cart(2000.0)
        self._choose(order)
        line = order.order_line.filtered("is_trustedshops_protection")
        self.assertRecordValues(
            line,
            [
                {
                    "product_uom_qty": 1.0,
                    "discount": 0.0,
                    "price_subtotal": 4.12,
                    "price_total": 4.90,
                }
            ],
        )

    def test_a_fiscal_position_without_tax_leaves_the_fee_as_it_is(self):
        self.fee_product.taxes_id = self.taxes["included 19"]
        position = self._make_position(self.taxes["included 19"], self._make_tax(0))
        order = self._make_odd_cart(100.0)
        order.fiscal_position_id = position
        before = order.amount_total
        self._choose(order)
        self.assertAlmostEqual(order.amount_total - before, 0.98, 6)

    def test_a_reverse_charge_leaves_the_fee_as_it_is(self):
        self.fee_product.taxes_id = self.taxes["included 19"]
        reverse = self._make_tax(
            19,
            name="reverse charge",
            invoice_repartition_line_ids=self._get_reverse_charge_lines(),
            refund_repartition_line_ids=self._get_reverse_charge_lines(),
        )
        order = self._make_odd_cart(100.0)
        order.fiscal_position_id = self._make_position(
            self.taxes["included 19"], reverse
        )
        before = order.amount_total
        self._choose(order)
        self.assertAlmostEqual(order.amount_total - before, 0.98, 6)

    def test_taxes_computed_again_leave_the_fee_as_it_is(self):
        self.fee_product.taxes_id = self.taxes["excluded 19"]
        self.goods.taxes_id = self.goods_tax
        order = self._make_odd_cart(100.0)
        self._choose(order)
        order.fiscal_position_id = self._make_position(
            self.taxes["excluded 19"], self.taxes["excluded 23"]
        )
        order._recompute_taxes()
        fee_line = order.order_line.filtered("is_trustedshops_protection")
        self.assertRecordValues(
            fee_line,
            [
                {
                    "tax_ids": self.taxes["excluded 23"].ids,
                    "price_subtotal": 0.80,
                    "price_total": 0.98,
                }
            ],
        )

    # === INVOICES === #

    def _make_position(self, source, target):
        position = self.env["account.fiscal.position"].create({"name": "elsewhere"})
        target.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.set(source.ids)],
            }
        )
        return position

    @staticmethod
    def _get_reverse_charge_lines():
        return [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": -100.0}),
        ]

    def _get_document_amounts(self, order):
        """Return totals and fee lines of the invoice and its credit note."""
        invoice = order._create_invoices()
        invoice.action_post()
        reversal = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        fee_product = self.fee_product
        return [
            (
                move.amount_total,
                move.invoice_line_ids.filtered(
                    lambda line: line.product_id == fee_product
                ).mapped("price_total"),
            )
            for move in (invoice, reversal)
        ]

    def test_invoice_and_credit_note_contain_exactly_the_fee(self):
        for tax_name, rounding in product(self.taxes, ROUNDINGS):
            self.env.company.tax_calculation_rounding_method = rounding
            self.fee_product.taxes_id = self.taxes[tax_name]
            order = self._make_odd_cart(1877.31, self.taxes[tax_name])
            self._choose(order)
            order.action_confirm()
            expected = (order.amount_total, [4.90])
            with self.subTest(tax=tax_name, rounding=rounding):
                self.assertEqual(
                    self._get_document_amounts(order), [expected, expected]
                )
