# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import LoyaltyCommon


class TestRefund(LoyaltyCommon):
    """A fee that a card paid goes back to the card."""

    def _make_confirmed(self, card, **values):
        """Return the protection of a confirmed order that a card paid, fee included."""
        order = self._make_cart(**values)
        self._redeem(order, card)
        protection = self._choose(order)
        order.action_confirm()
        protection.state = "confirmed"
        return protection

    def test_the_card_gets_back_what_it_paid_of_it(self):
        for card in (self._make_card(150), self._make_wallet(150)):
            with self.subTest(card=card.program_type):
                protection = self._make_confirmed(card)
                order = protection.order_id
                self.assertEqual(order.amount_total, 0.0)
                self.assertAlmostEqual(card.points, 49.02)
                order.action_lock()
                protection._try_to_refund_fee()
                self.assertEqual(order.amount_total, 0.0)
                self.assertAlmostEqual(card.points, 50.0)
                self.assertEqual(sum(card.history_ids.mapped("used")), 100.0)
                self.assertTrue(order.locked)
                self._run_queue()
                self.assertFalse(protection.activity_ids)

    def test_a_card_gets_back_only_what_no_other_money_paid(self):
        card = self._make_card(100.5)
        protection = self._make_confirmed(card)
        order = protection.order_id
        self.assertEqual(order.amount_total, 0.48)
        protection._try_to_refund_fee()
        self.assertEqual(order.amount_total, 0.0)
        self.assertAlmostEqual(card.points, 0.5)

    def test_a_card_that_paid_a_part_keeps_what_it_paid(self):
        card = self._make_card(30)
        protection = self._make_confirmed(card)
        protection._try_to_refund_fee()
        self.assertEqual(protection.order_id.amount_total, 70.0)
        self.assertEqual(card.points, 0.0)

    def test_other_rewards_of_the_order_stay(self):
        program = self._make_program({"discount": 10, "discount_mode": "percent"})
        order = self._make_cart()
        self._claim(order, program)
        card = self._make_card(150)
        self._enter(order, card.code)
        protection = self._choose(order)
        order.action_confirm()
        protection.state = "confirmed"
        program.active = False
        protection._try_to_refund_fee()
        self.assertEqual(order.amount_total, 0.0)
        self.assertAlmostEqual(card.points, 60.0)

    def test_an_invoiced_reward_is_left_to_a_person(self):
        card = self._make_card(150)
        protection = self._make_confirmed(card)
        protection.order_id._create_invoices().action_post()
        protection._try_to_refund_fee()
        self.assertAlmostEqual(card.points, 49.02)
        self._run_queue()
        [note] = self._get_todos(protection.refund_ids)
        self.assertIn("0.98", note)
