# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The till: orders that are sold, taken back and refunded at the point of sale."""

from itertools import product

from odoo import Command

from odoo.addons.website_sale_trustedshops.tests.common import APPLY, POLL
from odoo.addons.website_sale_trustedshops_pos.tests import test_till

from . import case
from .adapter import money

ANSWERS = {
    "not asked yet": (),
    "confirmed": (4711, 5),
    "refused": (-10005, 0),
}
# Chains of each way to sell and answer, and what is done in each.
CHAINS, STEPS = 7, 4


class TestTill(case.OracleCase, test_till.TestTill):
    area = "till"
    keeps_caches = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order, cls.sale = cls.env["sale.order"], cls.env["pos.order"]

    def stories(self):
        for is_invoiced, answers in product((False, True), ANSWERS):
            with self.undone():
                self.prepare(self._prepare, is_invoiced, answers)
                for policy, number in product(("ask", "refund"), range(CHAINS)):
                    name = f"{answers}, {policy}, {is_invoiced}, {number}"
                    yield f"sold: {name}", self._tell_sold, policy
        for number in range(12):
            yield f"sold in another way {number}", self._tell_other

    def _prepare(self, is_invoiced, answers):
        """Prepare an order that is sold at the till, and what Trusted Shops says."""
        self.order = self._make_ordered()
        self.sale = self._settle(self.order, is_invoiced)
        if ANSWERS[answers]:
            applied, asked = ANSWERS[answers]
            self.service.script(APPLY, applied)
            self.service.always[POLL] = asked
            self._run_queue()

    def _make_ordered(self):
        taxes = [Command.set(self.fee_tax.ids)]
        values = {"product_id": self.goods.id, "tax_ids": taxes}
        lines = [Command.create({**values, "price_unit": 59.5})]
        order = self._make_cart(name="ORDER-1", order_line=lines)
        self._choose(order)
        return order

    def _tell_sold(self, policy):
        self.watch("order", self.order)
        self.watch("sale", self.sale)
        words = f"sold at the till, policy {policy}"
        yield words, lambda: money.set_policy(self.certificate, policy)
        for _number in range(STEPS):
            yield self.dice.choice(self._list_deeds())

    def _tell_other(self):
        dice = self.dice
        self.order = yield "an order", self._make_ordered
        self.watch("order", self.order)
        goods = self.order.order_line - money.get_fee_lines(self.order)
        if dice.random() < 0.5:
            yield "confirmed before", self.order.action_confirm
        if dice.random() < 0.3:
            yield "invoiced before", lambda: self._invoice(self.order)
        sold = dice.choice((goods, self.order.order_line))
        words = "without its fee" if sold == goods else "with its fee"
        is_invoiced = dice.random() < 0.5
        self.sale = yield (
            f"sold {words}, invoiced: {is_invoiced}",
            lambda: self._settle(self.order, is_invoiced, sold),
        )
        if self.sale:
            self.watch("sale", self.sale)
        for _number in range(3):
            yield dice.choice(self._list_deeds())

    def _list_deeds(self):
        """Return words and work of what is done after the sale."""
        order = self.order
        take_back = ("the till takes the fee back", lambda: self._return_lines("fee"))
        return (
            take_back,
            take_back,
            ("the till takes the goods back", lambda: self._return_lines("goods")),
            ("the till takes all back", lambda: self._return_lines("all")),
            ("Refund fee", lambda: money.refund_fee(self, order, "accountant")),
            ("Refund fee", lambda: money.refund_fee(self, order, "manager")),
            ("the order is cancelled", order._action_cancel),
            ("the invoice is reversed", self._reverse),
            ("what is left is invoiced", lambda: self._invoice(order)),
            ("the queue runs", self._run_queue),
            ("the queue runs after two hours", lambda: self._run_queue(hours=2)),
            ("the queue runs after four days", lambda: self._run_queue(days=4)),
        )

    def _return_lines(self, kind):
        """Take something of the sale back."""
        sale = self.need(self.sale)
        refund = self.env["pos.order"].browse(sale.refund()["res_id"])
        of_fee = refund.lines.filtered(lambda line: line.product_id == self.fee_product)
        if kind == "fee":
            (refund.lines - of_fee).unlink()
        elif kind == "goods":
            of_fee.unlink()
        self.need(refund.lines)
        refund.to_invoice = bool(sale.account_move)
        self._finish(refund)

    def _reverse(self):
        moves = self.need(self.order.invoice_ids | self.sale.account_move)
        moves.filtered(lambda move: move.move_type == "out_invoice")._reverse_moves(
            cancel=True
        )
