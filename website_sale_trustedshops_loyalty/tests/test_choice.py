# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.website_sale.tests.common import MockRequest

from .common import LoyaltyCommon


class TestChoice(LoyaltyCommon):
    """A reward that comes after the choice ends it."""

    def setUp(self):
        super().setUp()
        self.order = self._make_cart()
        self.cart = self._as_visitor(self.order)

    def assertDropped(self, total):
        """Check what is left when the payment page is shown."""
        self.cart._recompute_cart()
        self.assertValues(
            self.order,
            trustedshops_protection_id=False,
            amount_total=total,
            trustedshops_notice="choice_changed",
        )

    def test_a_card_pays_the_fee_of_a_choice_that_was_made_before(self):
        """The goods are worth the same, so the purchase is the one that was chosen."""
        wallet = self._make_wallet(150)
        for name, pay, total in (
            ("part", lambda: self._enter(self.order, self._make_card(40).code), 60.98),
            ("all", lambda: self._enter(self.order, self._make_card(150).code), 0.0),
            ("wallet", lambda: self._claim(self.order, wallet.program_id), 0.0),
        ):
            self.order = self._make_cart()
            self.cart = self._as_visitor(self.order)
            protection = self._choose(self.order)
            with self.subTest(card=name):
                pay()
                self.cart._recompute_cart()
                self.assertEqual(self.order.trustedshops_protection_id, protection)
                self.assertEqual(self.order.amount_total, total)
                self.cart._trustedshops_remove_choice()
                self.assertEqual(self.order.amount_total, max(total - 0.98, 0.0))

    def test_a_cart_without_rewards_is_not_looked_through_again(self):
        self._make_program()
        self._choose(self.order)
        self.cart._trustedshops_remove_choice()
        self.assertFalse(self.order.coupon_point_ids)

    def test_without_a_choice_to_drop_the_rewards_stay(self):
        program = self._make_program()
        self._claim(self.order, program)
        program.reward_ids.discount = 20
        self.cart._trustedshops_remove_choice()
        self.assertEqual(self._get_rewards(self.order), [-10.0])

    def test_a_promotion_that_applies_by_itself_drops_the_choice_and_says_so(self):
        self._choose(self.order)
        self._make_program()
        self.cart._recompute_cart()
        self.assertDropped(90.0)

    def test_more_goods_drop_the_choice_and_the_card_pays_them(self):
        self._enter(self.order, self._make_card(150).code)
        self._choose(self.order)
        line = self.order.order_line.filtered(
            lambda line: line.product_id == self.goods
        )
        with MockRequest(self.env, website=self.website, sale_order_id=self.order.id):
            self.cart._cart_update_line_quantity(line.id, 2)
        self.assertDropped(50.0)
        self.assertEqual(self._get_rewards(self.order), [-150.0])
