# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests import chance, test_random_chains

from .common import LoyaltyCommon


@tagged("full")
class TestRandomChains(LoyaltyCommon, test_random_chains.TestRandomChains):
    """The same when a gift card or an eWallet pays a part of it, or all."""

    allow_inherited_tests_method = True  # otherwise Odoo's own runner finds none
    chain_count = chance.choose_size(15, 100)

    def _begin(self, dice):
        """Override: of the own company, whose cards are in euro."""
        type(self).buyer = self.buyer.copy({"name": "Erika Mustermann"})
        order = self._make_cart(price=dice.randint(1, 9999) / 100)
        balance = dice.choice((1.5, 30, 150))
        make = dice.choice((self._make_card, self._make_wallet))
        self._redeem(order, make(balance))
        return self._choose(order)

    def _get_fee(self, order):
        """Override: there is one shop."""
        return order.order_line.filtered("is_trustedshops_protection").product_id

    def _came_in(self, order):
        """Override: a card whose part was invoiced paid, too."""
        cards = order.order_line.filtered("reward_id.program_id.is_payment_program")
        return any(cards.mapped("qty_invoiced")) or super()._came_in(order)

    def _place(self, protection, dice):
        """Override: what a card paid as a whole is not paid otherwise."""
        if protection.order_id.amount_total:
            return super()._place(protection, dice)
        protection.order_id.action_confirm()
        protection.write({"state": "rejected"})
        return ["card of the shop"]
