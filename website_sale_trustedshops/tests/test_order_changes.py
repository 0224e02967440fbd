# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import TrustedShopsCommon

NOTE = (
    "Buyer Protection was taken out of this order, because the order changed after it"
    " was chosen."
)


class TestOrderChanges(TrustedShopsCommon):
    """What staff do to the quotation of a cart of 119.00 euro with a fee of 0.98.

    19.00 of it are tax. What buyers do is in ``test_order_changes_http.py``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer.lang = "en_US"
        cls.tax = cls._make_tax(19)
        cls.goods.taxes_id = cls.tax
        cls.chair = cls.env["product.product"].create(
            {
                "name": "Chair",
                "type": "service",
                "list_price": 7.0,
                "taxes_id": [Command.set(cls.tax.ids)],
                "website_published": True,
            }
        )
        cls.seller = new_test_user(
            cls.env,
            "ts_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            lang="en_US",
        )
        discounts = cls.env.ref("sale.group_discount_per_so_line")
        cls.env.ref("base.group_user").implied_ids |= discounts
        cls.same, cls.half, cls.polish = cls._make_pricelists(
            ("same", cls.currency_euro, 0),
            ("half", cls.currency_euro, 50),
            ("polish", cls.currency_pln, 50),
        )

    def setUp(self):
        super().setUp()
        self._begin()

    def _begin(self):
        """Tick the box of a new cart."""
        self.order = self._make_cart()
        self.goods_line = self.order.order_line
        self.goods_line.tax_ids = self.tax
        self.protection = self._choose(self.order)
        self.fee_line = self.order._trustedshops_get_fee_lines()
        self.staff_order = self.order.with_user(self.seller)
        self.staff_line = self.goods_line.with_user(self.seller)
        self.order.sudo().trustedshops_notice = False

    def assertTotals(self, total, tax):
        """Compare to the cent, and not with a tolerance."""
        totals = [f"{self.order[name]:.10f}" for name in ("amount_total", "amount_tax")]
        self.assertEqual(totals, [f"{total:.10f}", f"{tax:.10f}"])

    def assertDropped(self, total, tax):
        """Check that nothing of the choice is left, and what is kept as the reason."""
        self.assertFalse(self.order.trustedshops_protection_id)
        self.assertFalse(self.protection.exists())
        self.assertFalse(self.order._trustedshops_get_fee_lines())
        self.assertTotals(total, tax)
        self.assertEqual(self.order.trustedshops_notice, "choice_changed")

    def assertKept(self, total, tax):
        """Check that the choice is as it was, and nothing is said."""
        self.assertEqual(self.order.trustedshops_protection_id, self.protection)
        self.assertEqual(self.order._trustedshops_get_fee_lines(), self.fee_line)
        self.assertEqual(self.fee_line.price_total, 0.98)
        self.assertTotals(total, tax)
        self.assertFalse(self.order.trustedshops_notice)

    def _get_notes(self):
        """Return what the chatter tells about the choice."""
        bodies = self.order.message_ids.mapped("body")
        return [str(body) for body in bodies if "taken out of this" in body]

    def test_a_changed_purchase_is_confirmed_without_the_choice(self):
        sold = {"partner_id": self.buyer.copy({"email": "b@muster.example"}).id}
        polish = {"pricelist_id": self.polish.id}
        half = {"discount_percentage": 0.5}
        changes = {
            "price": ({"price_unit": 150.0}, 178.5, 28.5),
            "taxes": ({"tax_ids": [Command.clear()]}, 100.0, 0.0),
            "new line": (self._add_chair, 127.33, 20.33),
            "pricelist": (self._set_prices(self.half), 59.5, 9.5),
            "currency": (lambda: self.staff_order.write(polish), 119, 19),
            "buyer": (lambda: self.staff_order.write(sold), 119, 19),
            "discount of lines": (self._discount("sol_discount", **half), 59.5, 9.5),
            "discount of all": (self._discount("so_discount", **half), 59.5, 9.5),
            "discount of an amount": (
                self._discount("amount", discount_amount=11.9),
                107.1,
                17.1,
            ),
        }
        for name, (change, total, tax) in changes.items():
            with self.subTest(change=name):
                self._begin()
                if isinstance(change, dict):
                    self.staff_line.write(change)
                else:
                    change()
                self.assertEqual(self.order.trustedshops_protection_id, self.protection)
                self.staff_order.action_confirm()
                self.assertDropped(total, tax)
                self.assertEqual(self._get_notes(), [f"<p>{NOTE}</p>"])

    def _add_chair(self):
        self.env["sale.order.line"].with_user(self.seller).create(
            {"order_id": self.order.id, "product_id": self.chair.id}
        )

    def _set_prices(self, pricelist):
        def change():
            self.staff_order.pricelist_id = pricelist
            self.staff_order.action_update_prices()

        return change

    def _discount(self, discount_type, **values):
        # The first discount of a company makes the product of discounts.
        return lambda: (
            self.env["sale.order.discount"]
            .create(
                {
                    "sale_order_id": self.order.id,
                    "discount_type": discount_type,
                    **values,
                }
            )
            .action_apply_discount()
        )

    def test_another_price_of_the_fee_takes_the_choice_out(self):
        """Another addon may write as the superuser, whom nothing refuses."""
        self.fee_line.sudo().write({"price_unit": 0.5, "extra_tax_data": False})
        self.assertEqual(self.fee_line.price_total, 0.5)
        self.staff_order.action_confirm()
        self.assertDropped(119.0, 19.0)
        self.assertEqual(self._get_notes(), [f"<p>{NOTE}</p>"])

    def test_an_unchanged_purchase_keeps_the_choice(self):
        changes = {
            "words": lambda: self.staff_line.write({"name": "A lamp", "sequence": 12}),
            "sequence of the fee": lambda: self.fee_line.with_user(self.seller).write(
                {"sequence": 1}
            ),
            "the same in sum": lambda: self.staff_order.write(
                {
                    "order_line": [
                        Command.update(self.goods_line.id, {"price_unit": 93.0}),
                        Command.create({"product_id": self.chair.id}),
                    ]
                }
            ),
            "the same prices": self._set_prices(self.same),
            "the same buyer": lambda: self.staff_order.write(
                {"partner_id": self.buyer.id}
            ),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                self._begin()
                change()
                self.staff_order.action_confirm()
                self.assertKept(119.98, 19.16)
                self.assertEqual(self._get_notes(), [])
                self.assertEqual(self.protection.state, "queued")

    def test_staff_is_told_in_its_own_language(self):
        self.buyer.lang = "de_DE"
        self.order.state = "sent"  # it is no cart any more
        self.staff_line.price_unit = 150.0
        self.staff_order.action_confirm()
        self.assertDropped(178.5, 28.5)
        self.assertEqual(self._get_notes(), [f"<p>{NOTE}</p>"])

    def test_a_duplicate_is_the_cart_without_a_tick(self):
        copy = self.staff_order.copy()
        self.assertValues(
            copy,
            trustedshops_protection_id=False,
            amount_total=119.0,
            amount_tax=19.0,
            trustedshops_notice=False,
        )
        self.assertKept(119.98, 19.16)

    def test_the_fee_is_not_changed_or_sold_as_something_else(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        other_company = self.env["res.company"].create({"name": "Other"})
        pinned = self.fee_line.extra_tax_data
        for confirm in (None, self.order.action_confirm):
            if confirm:
                confirm()
            for vals in (
                {"product_id": self.chair.id},
                {"product_uom_id": dozen.id},
                {"price_unit": 0.5},
                {"product_uom_qty": 0},
                {"price_total": 0.5},
                {"price_subtotal": 0.5},
                {"price_tax": 0.5},
                {"qty_to_invoice": 5.0},
                {"company_id": other_company.id},
                {"is_trustedshops_protection": False},
                {"extra_tax_data": False},
                {"extra_tax_data": {**pinned, "manual_total_excluded_currency": 0.01}},
            ):
                with self.subTest(vals=vals), self.assertRaises(AccessError):
                    self.fee_line.with_user(self.seller).write(vals)
            self.assertKept(119.98, 19.16)

    def test_values_that_change_nothing_are_no_reason_to_refuse(self):
        self.fee_line.with_user(self.seller).write(
            {
                "product_id": self.fee_product.id,
                "price_unit": self.fee_line.price_unit,
                "product_uom_qty": 1.0,
            }
        )
        self.assertKept(119.98, 19.16)

    def test_other_taxes_of_the_fee_leave_it_to_the_cent(self):
        for taxes, tax in ((self._make_tax(23), 19.18), (self.tax.browse(), 19.0)):
            with self.subTest(tax=tax):
                self.fee_line.with_user(self.seller).tax_ids = taxes
                self.assertKept(119.98, tax)
        # Nor do those of an ordered one.
        self.order.action_confirm()
        self.fee_line.with_user(self.seller).tax_ids = self._make_tax(23)
        self.assertEqual(self.fee_line.price_total, 0.98)
        self.assertTotals(119.98, 19.18)

    def test_a_discount_of_a_placed_order_is_none_of_the_fee(self):
        self._pay(self.order, "pending", self._get_wire_transfer())
        for discount_type in ("sol_discount", "so_discount"):
            self._discount(discount_type, discount_percentage=0.5)()
            self.assertEqual(self.fee_line.price_total, 0.98)
        self.assertTotals(29.75 + 0.98, 4.75 + 0.16)

    def test_an_order_that_is_being_paid_keeps_the_choice(self):
        self._pay(self.order, "pending")
        self.staff_line.price_unit = 150.0
        self._as_visitor(self.order)._recompute_cart()
        self.assertFalse(self._get_notes())
        self.assertEqual(self.order.trustedshops_protection_id, self.protection)

    def test_the_fee_of_an_order_that_is_being_paid_stays_with_it(self):
        self._pay(self.order, "pending")
        other = self._make_cart(200.0)
        self._as_visitor(self.order).order_line.write({"order_id": other.id})
        self.assertEqual(other.amount_total, 319.0)
        self.assertEqual(self.fee_line.order_id, self.order)
        self.assertEqual(self.order.trustedshops_protection_id, self.protection)
