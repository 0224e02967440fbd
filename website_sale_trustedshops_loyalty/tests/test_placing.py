# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import LoyaltyCommon


class TestPlacing(LoyaltyCommon):
    """An order with rewards is placed, paid, cancelled and copied like any other."""

    def _make_chosen(self, card, price=100.0):
        order = self._make_cart(price)
        self._enter(order, card.code)
        self._choose(order)
        return order

    def assertState(self, order, state, order_amount=100.0, fee_state="due"):
        self.assertValues(
            order.trustedshops_protection_id,
            state=state,
            order_amount=order_amount,
            fee_state=fee_state,
        )

    def test_an_order_paid_by_card_and_payment_is_protected(self):
        order = self._make_chosen(self._make_card(60))
        self._pay(order, amount=40.98)
        self.assertEqual(order.state, "sale")
        self.assertState(order, "queued")
        order = self._make_chosen(self._make_card(60))
        self._pay(order, amount=39.0)
        self.assertState(order, "on_hold")
        self._pay(order, amount=1.98)
        self.assertState(order, "queued")

    def test_a_choice_after_the_payment_began_goes_and_the_card_still_pays(self):
        card = self._make_card(60)
        order = self._make_chosen(card)
        self._pay(order, amount=40.0)
        self.assertValues(
            order, state="sale", amount_total=40.0, trustedshops_protection_id=False
        )
        self.assertAlmostEqual(card.points, 0.0)

    def test_an_order_paid_by_gift_card_alone_is_protected(self):
        card = self._make_card(150)
        order = self._make_chosen(card)
        self._as_visitor(order)._validate_order()
        self.assertEqual((order.state, order.amount_total), ("sale", 0.0))
        self.assertState(order, "queued")
        self.assertAlmostEqual(card.points, 49.02)

    def test_an_order_that_outgrew_its_item_is_held_despite_a_gift_card(self):
        order = self._make_chosen(self._make_card(150), 499.0)
        self._pay(order, "pending")  # so that no change drops the choice any more
        order.order_line.filtered(
            lambda line: line.product_id == self.goods
        ).price_unit = 501.0
        order.action_confirm()
        self.assertState(order, "on_hold", 501.0)

    def test_a_cancelled_order_gives_the_card_back_what_it_paid(self):
        card = self._make_card(150)
        order = self._make_chosen(card)
        order.action_confirm()
        order._action_cancel()
        self.assertState(order, "cancelled", fee_state="waived")
        self.assertEqual(card.points, 150.0)
        self.assertFalse(order.order_line.filtered("reward_id"))
        # It comes back with its goods alone.
        order.action_draft()
        self.assertEqual(order.order_line.product_id, self.goods)
        self.assertEqual(order.amount_total, 100.0)
