# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from odoo.addons.sale.models.sale_order_line import SaleOrderLine

from .common import TrustedShopsCommon
from .fake_service import make_item


class OrderCommon(TrustedShopsCommon):
    """A cart of 100.00 euro with a fee of 0.98."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "ts_seller", groups="sales_team.group_sale_salesman_all_leads"
        )

    def setUp(self):
        super().setUp()
        self._begin()

    def _begin(self):
        """Tick the box of a new cart."""
        self.order = self._make_cart()
        self.protection = self._choose(self.order)
        self.fee_line = self.order._trustedshops_get_fee_lines()
        self.goods_line = self.order.order_line - self.fee_line
        self.cart = self._as_visitor(self.order)

    def _make_carrier(self, **values):
        product = {"name": "Parcel", "type": "service"}
        return self.env["delivery.carrier"].create(
            {
                "name": "Parcel",
                "product_id": self.env["product.product"].create(product).id,
                **values,
            }
        )


class TestFeeIsNoGoods(OrderCommon):
    """The line of the fee is no product, and costs what the service says."""

    def test_the_line_says_what_is_sold(self):
        self.assertValues(
            self.fee_line,
            product_id=self.fee_product.id,
            name="Buyer Protection up to 500.00\N{NO-BREAK SPACE}€",
            product_uom_qty=1.0,
            price_total=0.98,
        )

    def test_the_line_is_neither_counted_listed_clicked_ordered_again_nor_invoiced(
        self,
    ):
        self.assertEqual(self.order.cart_quantity, 1)
        self.assertEqual(self.order.website_order_line, self.goods_line)
        self.assertFalse(self.fee_line._is_reorder_allowed())
        self.assertFalse(self.fee_line._is_sellable())
        self.assertFalse(self.fee_line._can_be_invoiced_alone())

    def test_prices_computed_again_leave_the_fee(self):
        self.fee_product.list_price = 55.0
        self.order._recompute_prices()
        self.fee_line.with_context(force_price_recomputation=True)._compute_price_unit()
        self.assertEqual(self.fee_line.price_total, 0.98)

    def test_a_pricelist_of_half_price_leaves_the_fee_that_is_being_paid(self):
        self._pay(self.order, "pending")
        half = Command.create({"compute_price": "percentage", "percent_price": 50})
        self.order.pricelist_id = self.env["product.pricelist"].create(
            {"name": "half", "currency_id": self.currency_euro.id, "item_ids": [half]}
        )
        self.order._recompute_prices()
        self.assertValues(
            self.fee_line, price_total=0.98, discount=0.0, pricelist_item_id=False
        )
        self.assertEqual(self.goods_line.price_total, 50.0)

    def test_free_delivery_over_an_amount_does_not_count_the_fee(self):
        self.assertEqual(self.order._compute_amount_total_without_delivery(), 100.0)
        carrier = self._make_carrier(
            delivery_type="fixed", fixed_price=8.10, free_over=True, amount=100.5
        )
        self.assertEqual(carrier.rate_shipment(self.order)["price"], 8.10)

    def test_a_delivery_price_by_rules_does_not_count_the_fee(self):
        carrier = self._make_carrier(
            delivery_type="base_on_rule",
            price_rule_ids=[
                Command.create(
                    {
                        "variable": "price",
                        "operator": operator,
                        "max_value": 100.5,
                        "list_base_price": price,
                    }
                )
                for operator, price in (("<=", 7.0), (">", 0.0))
            ],
        )
        self.assertEqual(carrier.rate_shipment(self.order)["price"], 7.0)


class TestChoice(OrderCommon):
    """The choice goes with the cart for which it was made."""

    def _set_quantity(self, line, quantity):
        self.cart._cart_update_line_quantity(line.id, quantity)

    def test_without_its_line_there_is_no_choice(self):
        removals = {
            "in the cart": lambda: self._set_quantity(self.fee_line, 0),
            "with all lines": lambda: self.order.order_line.unlink(),
            "by staff": lambda: self.fee_line.with_user(self.seller).unlink(),
        }
        for name, remove in removals.items():
            self._begin()
            with self.subTest(removed=name):
                remove()
                self.assertFalse(self.order.trustedshops_protection_id)
                self.assertFalse(self.protection.exists())

    def test_choosing_again_keeps_one_line(self):
        again = self._choose(self.order)
        self.assertEqual(len(self.order.order_line), 2)
        self.assertEqual(self.order.amount_total, 100.98)
        self.assertFalse(self.protection.exists())
        self.assertEqual(again.state, "selected")

    def test_a_changed_offer_cannot_be_paid(self):
        lang = self.langs["de_DE"]
        changes = {
            "dearer": self._make_fee_dearer,
            "second line": self._add_second_line,
            "stale": lambda: self.certificate.write(
                {"items_checked_at": fields.Datetime.now() - timedelta(hours=73)}
            ),
            "other certificate": lambda: self._make_certificate(
                ts_id="X" + "1" * 32, lang_id=lang.id
            ),
        }
        for name, change in changes.items():
            with self.subTest(change=name), self.env.cr.savepoint() as savepoint:
                change()
                with self.assertRaisesRegex(ValidationError, "hat sich geändert"):
                    self._as_visitor(
                        self.order, "de_DE"
                    )._check_cart_is_ready_to_be_paid()
                self.assertEqual(self.order.trustedshops_protection_id, self.protection)
                savepoint.rollback()
                self.env.registry.clear_cache()
                self.env.invalidate_all()

    def _make_fee_dearer(self):
        self.service.items = [make_item("500.00", "1.00", "1.19")]
        self.certificate.action_check_now()

    def _add_second_line(self):
        self.env["sale.order.line"].create(
            self.order._trustedshops_prepare_fee_line(
                self.certificate, self.order.trustedshops_protection_id
            )
        )

    def test_a_fee_without_its_choice_and_a_second_one_go_before_the_page(self):
        for spoil in (
            self._add_second_line,
            lambda: self.order.write({"trustedshops_protection_id": False}),
        ):
            self._begin()
            spoil()
            self.cart._recompute_cart()
            self.assertEqual(self.order.order_line, self.goods_line)


class TestOtherApps(OrderCommon):
    """The tick raises the total by exactly the fee, whatever else is installed."""

    def _discount_lines(self, model):
        """Compute a discount of 10 % on each line, as an app that is loaded there.

        :param type model: class of Odoo, or that of the registry, which comes last
        """
        compute = model._compute_discount

        def compute_discount(lines):
            compute(lines)
            lines.discount = 10.0

        self.patch(model, "_compute_discount", compute_discount)

    def test_a_discount_that_is_computed_again_leaves_the_fee(self):
        self._discount_lines(SaleOrderLine)
        order = self._make_cart()
        self._choose(order)
        self.assertEqual(order.amount_total, 90.98)
        self.env.add_to_compute(order.order_line._fields["discount"], order.order_line)
        self.assertEqual(order.order_line.mapped("discount"), [10.0, 0.0])
        self._as_visitor(order)._check_cart_is_ready_to_be_paid()

    def test_the_line_begins_without_a_discount_of_any_app(self):
        self._discount_lines(type(self.env["sale.order.line"]))
        order = self._make_cart()
        self._choose(order)
        self.assertEqual(order.amount_total, 90.98)

    def test_a_total_that_rises_by_something_else_takes_the_tick_back(self):
        self._discount_totals()
        order = self._make_cart()
        cart = self._as_visitor(order)
        self.assertFalse(cart._trustedshops_add_choice())
        self.assertEqual(order.amount_total, 90.0)
        self.assertEqual(order.order_line.product_id, self.goods)
        self.assertFalse(order.trustedshops_protection_ids)
        self.assertEqual(order.trustedshops_notice, "choice_misfit")
        cart._check_cart_is_ready_to_be_paid()

    def test_a_total_that_rises_by_something_else_is_found_until_a_person_checks(self):
        self._discount_totals()
        order = self._make_cart()
        self._as_visitor(order)._trustedshops_add_choice()
        for _check in range(2):  # those of each day
            self.certificate._check()
            [finding] = self._get_misfits()
            self.assertEqual(finding["level"], "problem")
            self.assertIn(f"the total of {order.name} did not rise", finding["text"])
        causes = self.certificate.activity_ids.mapped("trustedshops_cause")
        self.assertEqual(causes.count("misfit"), 1)
        self.certificate.action_check_now()
        self.assertEqual(self._get_misfits(), [])
        self.assertNotIn(
            "misfit", self.certificate.activity_ids.mapped("trustedshops_cause")
        )

    def _get_misfits(self):
        findings = self.certificate._get_findings()
        return [each for each in findings if each["key"] == "misfit"]

    def test_a_discount_that_the_tick_changes_takes_it_back(self):
        order = self._make_cart()

        def update_rewards(order):
            order.order_line[0].price_unit = 99.0

        model = type(self.env["sale.order"])
        self.patch(model, "_trustedshops_update_rewards", update_rewards)
        cart = self._as_visitor(order)
        self.assertFalse(cart._trustedshops_add_choice())
        self.assertEqual(order.amount_total, 99.0)
        self.assertEqual(order.trustedshops_notice, "choice_changed")
