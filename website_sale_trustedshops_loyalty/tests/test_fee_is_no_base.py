# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command

from .common import LoyaltyCommon


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
        cart._trustedshops_remove_choice()
        self.assertEqual(self._get_rewards(self.order), [reward])
        self.assertAlmostEqual(self.order.amount_total, 100.0 + reward)

    def test_a_discount_leaves_the_fee(self):
        money = {"reward_point_mode": "money", "reward_point_amount": 1}
        for reward, rule, total in (
            ({"discount": 10, "discount_mode": "percent"}, {}, -10.0),
            ({"discount": 30, "discount_mode": "per_order"}, {}, -30.0),
            ({"discount": 50, "discount_max_amount": 20}, {}, -20.0),
            ({"discount": 50, "discount_applicability": "cheapest"}, {}, -50.0),
            ({"discount": 10, "discount_applicability": "specific"}, {}, -10.0),
            ({"discount": 0.1, "discount_mode": "per_point"}, money, -10.0),
        ):
            with self.subTest(**reward):
                self.env["loyalty.program"].search([]).action_archive()
                self.order = self._make_cart()
                self.assertRewarded(self._make_program(reward, rule), total)

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

    def test_the_fee_reaches_no_threshold_of_a_program(self):
        self._choose(self.order)
        for code, rule, refusal in (
            (
                "A",
                {"minimum_amount": 100.01},
                "A minimum of 100.01 EUR should be purchased to get the reward",
            ),
            (
                "B",
                {"minimum_qty": 2},
                "You don't have the required product quantities on your sales order.",
            ),
            ("C", {"minimum_amount": 100.0}, None),
        ):
            with self.subTest(**rule):
                self._make_code(code, **rule)
                self.assertEqual(self._enter(self.order, code), refusal)

    def test_the_fee_earns_neither_points_nor_coupons(self):
        loyalty = {"program_type": "loyalty", "applies_on": "both"}
        coupons = {"program_type": "next_order_coupons", "applies_on": "future"}
        for values, mode, amount, split, points in (
            (loyalty, "money", 2, False, [200.0]),
            (loyalty, "unit", 5, False, [5.0]),
            (coupons, "unit", 1, True, [1.0]),
            (coupons, "money", 1, True, [100.0]),
        ):
            rule = {
                "reward_point_mode": mode,
                "reward_point_amount": amount,
                "reward_point_split": split,
            }
            self.env["loyalty.program"].search([]).action_archive()
            order = self._make_cart()
            program = self._make_program(rule=rule, **values)
            for is_chosen in (False, True):
                if is_chosen:
                    self._choose(order)
                self._as_visitor(order)._update_programs_and_rewards()
                with self.subTest(is_chosen=is_chosen, **values, **rule):
                    self.assertEqual(order._get_points_programs(), program)
                    self.assertEqual(self._get_points(order), points)

    def _make_carrier(self, **values):
        product = self.env["product.product"].create(
            {"name": "Parcel", "type": "service", "taxes_id": [Command.clear()]}
        )
        return self.env["delivery.carrier"].create(
            {"name": "Parcel", "product_id": product.id, **values}
        )

    def test_gift_cards_do_not_change_free_delivery(self):
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
