# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.website_sale_trustedshops.tests import chance, test_random_chains

from .till_common import TillCommon


class TestRandomChains(TillCommon, test_random_chains.TestRandomChains):
    """The same when a till sold it, and takes some of it back."""

    chain_count = chance.choose_size(2, 15, 100)

    def _begin(self, dice):
        """Override: of the company of the till."""
        type(self).buyer = self.buyer.copy({"name": "Erika Mustermann"})
        _order, protection = self._make_ticked(price=dice.randint(1, 9999) / 100)
        return protection

    def _place(self, protection, dice):
        """Override: at the till, with an invoice or without one."""
        to_invoice = dice.choice((False, True))
        self._settle(protection.order_id, to_invoice)
        state = dice.choice(("queued", "requested", "confirmed", "rejected"))
        self._decide(protection, state)
        return ["till", to_invoice, state]

    def _get_steps(self):
        """Override: the till takes back the fee, or all."""
        return {**super()._get_steps(), "take back": self._take_some_back}

    def _take_some_back(self, order, dice):
        sale = order.pos_order_line_ids.order_id
        if sale.lines.refund_orderline_ids:
            raise test_random_chains.NothingToDo
        self._take_back(sale, fee_only=dice.choice((False, True)))

    def _sum_up_books(self, protection):
        """Override: what the till sold without an invoice counts, too."""
        sold = protection.order_id.order_line.pos_order_line_ids.filtered(
            lambda line: line.product_id == protection._get_fee_lines().product_id
        )
        lines = sold | sold.refund_orderline_ids
        lines = lines.filtered(lambda line: not line.order_id.account_move)
        lines = lines.filtered(lambda line: line.order_id.state != "draft")
        till = sum(lines.mapped("price_subtotal_incl"))
        return protection.currency_id.round(super()._sum_up_books(protection) + till)

    def assertRight(self, protection, told):
        """Override: until the till took it back, its books have it."""
        if protection.refund_ids.state == "by_hand":
            self.assertEqual(protection.refund_ids.held_amount, protection.gross_fee)
            return
        super().assertRight(protection, told)
