# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestFeeIsNoBase(LoyaltyCommon):
    """Goods of 100.00 with a fee of 0.98 are rewarded like goods of 100.00."""

    def setUp(self):
        super().setUp()
        self.order = self._make_cart()

    def assertRewarded(self, program, reward):
        """The reward is the same before, with and after the choice."""
        self._claim(self.order, program)
        self.assertEqual(self._get_rewards(self.order), [reward])
        self._choose(self.order)
        cart = self._as_visitor(self.order)
        cart._update_programs_and_rewards()
        self.assertEqual(self._get_rewards(self.order), [reward])
        self.assertAlmostEqual(self.order.amount_total, 100.98 + reward)
        cart._trustedshops_drop_choice()
        self.assertEqual(self._get_rewards(self.order), [reward])
        self.assertAlmostEqual(self.order.amount_total, 100.0 + reward)

    # === DISCOUNTS === #

    def test_a_discount_of_the_order_leaves_the_fee(self):
        self.assertRewarded(self._make_program(), -10.0)

    def test_a_discount_of_an_amount_leaves_the_fee(self):
        reward = {"discount": 30, "discount_mode": "per_order"}
        self.assertRewarded(self._make_program(reward), -30.0)

    def test_a_discount_with_a_maximum_leaves_the_fee(self):
        reward = {"discount": 50, "discount_max_amount": 20}
        self.assertRewarded(self._make_program(reward), -20.0)

    def test_the_fee_is_not_the_cheapest_product(self):
        reward = {"discount": 50, "discount_applicability": "cheapest"}
        self.assertRewarded(self._make_program(reward), -50.0)

    def test_a_discount_of_any_product_leaves_the_fee(self):
        reward = {"discount": 10, "discount_applicability": "specific"}
        self.assertRewarded(self._make_program(reward), -10.0)

    def test_a_discount_for_each_point_leaves_the_fee(self):
        reward = {"discount_mode": "per_point", "discount": 0.1}
        rule = {"reward_point_mode": "money", "reward_point_amount": 1}
        self.assertRewarded(self._make_program(reward, rule), -10.0)

    def test_a_fee_that_is_taxed_apart_is_no_part_of_a_discount(self):
        self.fee_product.taxes_id = self._make_tax(19)
        self.assertRewarded(self._make_program(), -10.0)

    def test_a_discount_of_goods_and_delivery_leaves_both(self):
        carrier = self._make_carrier(fixed_price=4.9)
        self.order.set_delivery_line(carrier, 4.9)
        self._claim(self.order, self._make_program())
        self._choose(self.order)
        self._as_visitor(self.order)._update_programs_and_rewards()
        self.assertEqual(self._get_rewards(self.order), [-10.0])
        self.assertEqual(self.order.amount_total, 95.88)

    # === THRESHOLDS === #

    def test_the_fee_does_not_reach_the_least_amount_of_a_program(self):
        self._make_code("WIN", minimum_amount=100.01)
        self._choose(self.order)
        self.assertEqual(
            self._enter(self.order, "WIN"),
            "A minimum of 100.01 EUR should be purchased to get the reward",
        )

    def test_goods_reach_the_least_amount_of_a_program(self):
        self._make_code("WIN", minimum_amount=100.0)
        self._choose(self.order)
        self.assertIsNone(self._enter(self.order, "WIN"))

    def test_the_fee_is_none_of_two_products(self):
        self._make_code("WIN", minimum_qty=2)
        self._choose(self.order)
        self.assertEqual(
            self._enter(self.order, "WIN"),
            "You don't have the required product quantities on your sales order.",
        )

    def test_the_fee_buys_no_free_shipping(self):
        program = self._make_program(
            {"reward_type": "shipping"}, {"minimum_amount": 100.01}
        )
        self._choose(self.order)
        self._as_visitor(self.order)._update_programs_and_rewards()
        self.assertNotIn(program, self.order._get_points_programs())

    # === POINTS === #

    def assertPoints(self, points, **values):
        program = self._make_program(**values)
        for choose in (False, True):
            if choose:
                self._choose(self.order)
            self._as_visitor(self.order)._update_programs_and_rewards()
            self.assertEqual(self.order._get_points_programs(), program)
            self.assertEqual(self._get_points(self.order), points)

    def test_the_fee_earns_no_points_for_its_amount(self):
        rule = {"reward_point_mode": "money", "reward_point_amount": 2}
        values = {"program_type": "loyalty", "applies_on": "both"}
        self.assertPoints([200.0], rule=rule, **values)

    def test_the_fee_earns_no_points_as_a_product(self):
        rule = {"reward_point_mode": "unit", "reward_point_amount": 5}
        values = {"program_type": "loyalty", "applies_on": "both"}
        self.assertPoints([5.0], rule=rule, **values)

    def test_the_fee_earns_no_coupon_for_the_next_order(self):
        rule = {
            "reward_point_mode": "unit",
            "reward_point_amount": 1,
            "reward_point_split": True,
        }
        values = {"program_type": "next_order_coupons", "applies_on": "future"}
        self.assertPoints([1.0], rule=rule, **values)

    def test_the_fee_earns_no_coupon_by_its_amount(self):
        rule = {
            "reward_point_mode": "money",
            "reward_point_amount": 1,
            "reward_point_split": True,
        }
        values = {"program_type": "next_order_coupons", "applies_on": "future"}
        self.assertPoints([100.0], rule=rule, **values)

    # === DELIVERY THAT A GIFT CARD PAYS === #

    def _make_carrier(self, **values):
        product = self.env["product.product"].create(
            {"name": "Parcel", "type": "service", "taxes_id": [Command.clear()]}
        )
        return self.env["delivery.carrier"].create(
            {"name": "Parcel", "product_id": product.id, **values}
        )

    def test_delivery_is_free_over_the_goods_alone_whoever_pays(self):
        carrier = self._make_carrier(
            delivery_type="fixed", fixed_price=8.10, free_over=True, amount=100.01
        )
        self._enter(self.order, self._make_card(150).code)
        self._choose(self.order)
        self.assertEqual(carrier.rate_shipment(self.order)["price"], 8.10)
        carrier.amount = 100.0
        self.assertEqual(carrier.rate_shipment(self.order)["price"], 0.0)

    def test_a_delivery_price_by_rules_is_there_when_a_card_pays_the_fee(self):
        rule = {"variable": "price", "operator": ">=", "max_value": 0.0}
        carrier = self._make_carrier(
            delivery_type="base_on_rule",
            price_rule_ids=[Command.create({**rule, "list_base_price": 7.0})],
        )
        for balance in (150, 100.5):
            with self.subTest(balance=balance):
                order = self._make_cart()
                self._enter(order, self._make_card(balance).code)
                self._choose(order)
                rate = carrier.rate_shipment(order)
                self.assertEqual((rate["success"], rate["price"]), (True, 7.0))
