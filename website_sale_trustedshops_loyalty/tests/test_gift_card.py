# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command

from .common import LoyaltyCommon


class TestGiftCard(LoyaltyCommon):
    """Gift cards and eWallets are means of payment: for the goods and for the fee."""

    def _make_paid_cart(self, card, price=100.0, **values):
        """Return a cart that a card paid as far as it can."""
        order = self._make_cart(price, **values)
        self._redeem(order, card)
        return order

    def _get_fee(self, order):
        item = self._as_visitor(order)._trustedshops_get_offer().get("item")
        return item and float(item.gross_fee)

    def test_the_item_covers_what_cards_pay_and_no_discount(self):
        points = {"program_type": "loyalty", "partner_id": self.buyer.id}
        reward = {"discount": 150, "discount_mode": "per_order"}
        for name, price, make, fee in (
            ("gift card", 600.0, lambda: self._make_card(150), 2.94),
            ("eWallet", 600.0, lambda: self._make_wallet(150), 2.94),
            ("just covered", 500.0, lambda: self._make_card(150), 0.98),
            ("not covered", 500.01, lambda: self._make_card(150), 2.94),
            ("points of loyalty", 600.0, lambda: self._make_card(150, **points), 0.98),
            ("discount", 600.0, lambda: self._make_program(reward), 0.98),
        ):
            with self.subTest(name):
                self.env["loyalty.program"].search([]).action_archive()
                order = self._make_paid_cart(make(), price)
                self.assertAlmostEqual(order.amount_total, price - 150.0)
                self.assertEqual(self._get_fee(order), fee)

    def test_a_card_that_is_bought_is_goods(self):
        for program_type in ("gift_card", "ewallet"):
            with self.subTest(program_type=program_type):
                card = self._make_card(0, program_type, self.goods)
                order = self._make_cart(600.0)
                self._as_visitor(order)._update_programs_and_rewards()
                self.assertIn(card.program_id, order._get_points_programs())
                self.assertEqual(self._get_fee(order), 2.94)

    def test_the_choice_keeps_the_item_when_the_card_pays_the_fee(self):
        self.goods.list_price = 500.0
        order = self._make_paid_cart(self._make_card(1000), 500.0)
        protection = self._choose(order)
        self._as_visitor(order)._recompute_cart()
        self._as_visitor(order)._check_cart_is_ready_to_be_paid()
        self.assertEqual(order.trustedshops_protection_id, protection)
        self.assertEqual(protection.protected_amount, 500.0)

    def test_a_card_that_pays_all_does_not_hide_a_total_that_another_app_changes(self):
        order = self._make_paid_cart(self._make_card(1000))
        self._discount_totals()
        self.assertFalse(self._as_visitor(order)._trustedshops_add_choice())
        self.assertEqual(
            (order.amount_total, order.trustedshops_notice), (0, "choice_misfit")
        )

    def test_a_taxed_card_and_taxes_rounded_together_leave_the_goods_to_the_cent(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        tax = self._make_tax(19)
        card = self._make_card(7.77)
        card.program_id.reward_ids.discount_line_product_id.taxes_id = tax
        line = {"product_id": self.goods.id, "price_unit": 3.33}
        line = {**line, "tax_ids": [Command.set(tax.ids)]}
        order = self._make_cart(order_line=[Command.create(line)] * 3)
        before = order.amount_total
        self._enter(order, card.code)
        self.assertEqual(before, 11.89)
        self.assertEqual(order._trustedshops_get_amount_to_protect(), 11.89)

    def test_without_a_card_the_amount_is_what_the_order_costs(self):
        # The tax is that of the price after the discount for paying early.
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within a week",
                "early_discount": True,
                "discount_percentage": 2,
                "early_pay_discount_computation": "mixed",
            }
        )
        order = self._make_cart(payment_term_id=term.id)
        order.order_line.tax_ids = self._make_tax(19)
        self.assertEqual(order.amount_total, 118.62)
        self.assertEqual(order._trustedshops_get_amount_to_protect(), 118.62)

    def assertPaid(self, card, without, with_fee):
        """Compare total and card line without the fee, with it, and without again."""
        order = self._make_paid_cart(card)
        cart = self._as_visitor(order)
        for _visit in range(2):
            self.assertEqual((order.amount_total, *self._get_rewards(order)), without)
            self._choose(order)
            self.assertEqual((order.amount_total, *self._get_rewards(order)), with_fee)
            cart._recompute_cart()
            self.assertEqual((order.amount_total, *self._get_rewards(order)), with_fee)
            cart._trustedshops_remove_choice()
        self.assertEqual((order.amount_total, *self._get_rewards(order)), without)

    def test_a_card_pays_of_the_fee_what_it_can(self):
        for make, balance, without, with_fee in (
            (self._make_card, 40, (60.0, -40.0), (60.98, -40.0)),
            (self._make_card, 150, (0.0, -100.0), (0.0, -100.98)),
            (self._make_card, 100.5, (0.0, -100.0), (0.48, -100.5)),
            (self._make_card, 100, (0.0, -100.0), (0.98, -100.0)),
            (self._make_wallet, 40, (60.0, -40.0), (60.98, -40.0)),
            (self._make_wallet, 150, (0.0, -100.0), (0.0, -100.98)),
        ):
            with self.subTest(make=make.__name__, balance=balance):
                self.env["loyalty.program"].search([]).action_archive()
                self.assertPaid(make(balance), without, with_fee)
        self.fee_product.taxes_id = self._make_tax(19)
        self.assertPaid(self._make_card(150), (0.0, -100.0), (0.0, -100.98))

    def test_two_cards_pay_the_fee_together(self):
        order = self._make_paid_cart(self._make_card(40))
        self._enter(order, self._make_card(60.5).code)
        self._choose(order)
        self.assertEqual(order.amount_total, 0.48)
        self.assertEqual(self._get_rewards(order), [-40.0, -60.5])
