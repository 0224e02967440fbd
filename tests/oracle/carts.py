# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Carts: what the tick adds, what changes it, and what a payment makes of it."""

from . import case


class TestCarts(case.OracleCase):
    area = "carts"

    def stories(self):
        for number in range(3):
            yield f"tick {number}", self._tell_tick

    def _tell_tick(self):
        order = yield "a cart", lambda: self._make_cart(name="ORDER-1")
        self.watch("order", order)
        yield "the buyer ticks the box", lambda: self._choose(order)
        yield "the salesperson confirms", order.action_confirm
        yield "the queue runs", self._run_queue
