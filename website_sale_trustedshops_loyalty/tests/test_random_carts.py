# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


from odoo import Command
from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.chance import choose_size, make_dice

from .common import LoyaltyCommon

# The same in every run, so all of them are for the long one.
CARTS = choose_size(40, 100)


@tagged("full")
class TestRandomCarts(LoyaltyCommon):
    """In any cart the fee changes the total and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave_out_what_is_not_compared()
        cls.taxes = [
            cls.env["account.tax"],
            cls._make_tax(19),
            cls._make_tax(7, price_include_override="tax_included"),
        ]
        cls.shelf = cls.env["product.product"].create(
            [
                {
                    "name": f"Goods {index}",
                    "type": "service",
                    "list_price": 1.0,
                    "taxes_id": [Command.set(tax.ids)],
                }
                for index, tax in enumerate(cls.taxes)
            ]
        )
        cls.programs = cls._make_programs()
        cls.card_program = cls._make_card(0).program_id

    @classmethod
    def _make_programs(cls):
        """Return one program of each kind."""
        goods = cls.shelf[:2].ids
        rewards = (
            {"discount": 10},
            {"discount": 50, "discount_max_amount": 9},
            {"discount": 4.5, "discount_mode": "per_order"},
            {"discount": 30, "discount_applicability": "cheapest"},
            {
                "discount": 15,
                "discount_applicability": "specific",
                "discount_product_ids": goods,
            },
        )
        rules = (
            ({"minimum_amount": 60.0}, {}),
            ({"minimum_qty": 5}, {}),
            (
                {"reward_point_mode": "money", "reward_point_amount": 1},
                {"program_type": "loyalty", "applies_on": "both"},
            ),
            (
                {"reward_point_mode": "unit", "reward_point_split": True},
                {"program_type": "next_order_coupons", "applies_on": "future"},
            ),
        )
        return cls.env["loyalty.program"].union(
            *(
                cls._make_program({"discount_mode": "percent", **reward})
                for reward in rewards
            ),
            *(cls._make_program(rule=rule, **values) for rule, values in rules),
        )

    def _make_random_cart(self, dice):
        # Not archived, as that would archive and restore their products.
        self.programs.ecommerce_ok = False
        chosen = dice.sample(self.programs.ids, dice.randint(0, 4))
        self.programs.browse(chosen).ecommerce_ok = True
        self.fee_product.taxes_id = dice.choice(self.taxes)
        self.env.company.tax_calculation_rounding_method = dice.choice(
            ("round_globally", "round_per_line")
        )
        lines = [
            {
                "product_id": dice.choice(self.shelf).id,
                "product_uom_qty": dice.randint(1, 3),
                "price_unit": dice.randint(1, 9999) / 100,
            }
            for _line in range(dice.randint(1, 4))
        ]
        order = self._make_cart(order_line=[Command.create(line) for line in lines])
        cart = self._as_visitor(order)
        cart._update_programs_and_rewards()
        cart._auto_apply_rewards()
        # Core counts the points before it adapts the discounts: they follow later.
        for _round in range(5):
            before = self._describe(cart)
            cart._update_programs_and_rewards()
            if self._describe(cart) == before:
                break
        return cart

    def _make_balance(self, points):
        return self.env["loyalty.card"].create(
            {"program_id": self.card_program.id, "points": points}
        )

    def _get_card_lines(self, order):
        return order.order_line.filtered(
            lambda line: line.coupon_id.program_type == "gift_card"
        )

    def _describe(self, order):
        """Return discounts and points of the order."""
        rewards = order.order_line.filtered("reward_id") - self._get_card_lines(order)
        return (
            sorted((line.reward_id.id, line.price_total) for line in rewards),
            sorted((row.coupon_id.id, row.points) for row in order.coupon_point_ids),
        )

    def _check(self, order, goods, card):
        """Choose and drop.

        :param float goods: total before the card paid
        :param float card: its balance
        """
        before, total = self._describe(order), order.amount_total
        is_added = order._trustedshops_add_choice()
        self.assertEqual(is_added, goods > 0)  # discounts may take all
        if not is_added:
            return
        self.assertAlmostEqual(order._trustedshops_get_amount_to_protect(), goods)
        fee = order.trustedshops_protection_id.gross_fee
        if not card:
            self.assertAlmostEqual(order.amount_total, goods + fee)
        # With taxes rounded together core itself leaves a cent that the card could pay.
        left = max(goods + fee - card, 0.0)
        self.assertAlmostEqual(order.amount_total, left, delta=0.011)
        self.assertEqual(self._describe(order), before)
        order._update_programs_and_rewards()
        self.assertEqual(self._describe(order), before)
        order._trustedshops_remove_choice()
        self.assertEqual((self._describe(order), order.amount_total), (before, total))

    def test_the_fee_changes_the_total_and_nothing_else(self):
        dice = make_dice("rewards")
        for number in range(CARTS):
            order = self._make_random_cart(dice)
            goods = order.amount_total
            # One point is what core takes at least.
            card = dice.choice((0.0, 0.0, 20.0, max(goods + 0.5, 1.0), 1000.0))
            card = goods > 0 and card  # core pays nothing where nothing is to be paid
            with self.subTest(number=number):
                if card:
                    self._enter(order, self._make_balance(card).code)
                self._check(order, goods, card)
