# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deliveries from stock: when an invitation is due, and what comes back."""

from odoo.addons.website_sale_trustedshops_reviews_stock.tests import test_delivered

from . import rest

AREA = "deliveries"
STEPS = ("ship_only", "pick_ship", "pick_pack_ship")
TRIGGERS = ("placed", "shipped", "delivered")


class TestDeliveries(rest.RestCase):
    """Orders of goods in stock to which anything happens."""

    area = AREA
    # As the tests of the bridge to stock do it.
    _make_stocked = classmethod(test_delivered.TestDelivered._make_stocked.__func__)
    _transfer = test_delivered.TestDelivered._transfer
    _open = test_delivered.TestDelivered._open
    _return = test_delivered.TestDelivered._return
    _open_return = test_delivered.TestDelivered._open_return

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        warehouses = cls.env["stock.warehouse"]
        cls.warehouse = warehouses.search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.chair = cls._make_stocked("Chair")
        cls.table = cls._make_stocked("Table")

    def stories(self):
        for steps in STEPS:
            for trigger in TRIGGERS:
                yield f"{steps}, {trigger}, in one", self._tell, steps, trigger, 3
                yield f"{steps}, {trigger}, in parts", self._tell, steps, trigger, 1
        for invited in (True, False):
            for quantity in (1, 3):
                for to_refund in (True, False):
                    name = f"{quantity} returned, {invited}, {to_refund}"
                    yield name, self._tell_return, invited, quantity, to_refund
        for number in range(24):
            yield f"life {number}", self._tell_life

    def _place(self, *products):
        """Return an order of three pieces of products, whose buyer agreed."""
        lines = self._make_lines(*products, quantity=3)
        return self._make_order(name="WEB/1", **lines)

    def _set_up(self, steps, trigger, **values):
        self.warehouse.delivery_steps = steps
        self.channel.write({"trigger": trigger, "delay_days": 1, **values})

    def _tell(self, steps, trigger, quantity):
        yield "the set-up", lambda: self._set_up(steps, trigger)
        order = yield "an order", lambda: self._place(self.chair, self.table)
        yield "the queue runs", self._run_invites
        for _step in range(4):
            yield "a transfer is done", lambda: self._do_next(order, quantity)
            yield "the queue runs", lambda: self._run_invites(hours=7)
        yield "the rest is cancelled", lambda: self._cancel_rest(order)
        yield "the queue runs", lambda: self._run_invites(hours=7)
        yield "two days later", lambda: self._run_invites(days=2)

    def _do_next(self, order, quantity):
        """Do the next transfer of an order, or a part of it."""
        if picking := self._open(order)[:1]:
            self._transfer(picking, quantity)

    def _cancel_rest(self, order):
        """Cancel what was not delivered."""
        self._open(order).action_cancel()

    def _tell_return(self, invited, quantity, to_refund):
        yield (
            "the set-up",
            lambda: self._set_up("ship_only", "delivered", returned_invited=invited),
        )
        order = yield "an order", lambda: self._place(self.chair)
        yield "the queue runs", self._run_invites
        yield "it is delivered", lambda: self._do_next(order, 3)
        yield "the queue runs", lambda: self._run_invites(hours=1)
        yield (
            "it comes back",
            lambda: self._return(order.picking_ids, quantity, to_refund=to_refund),
        )
        yield "the queue runs", lambda: self._run_invites(hours=1)
        yield "a day later", lambda: self._run_invites(days=1)

    def _tell_life(self):
        steps = self.dice.choice(STEPS)
        trigger = self.dice.choice(TRIGGERS[1:])
        yield "the set-up", lambda: self._set_up(steps, trigger)
        order = yield "an order", lambda: self._place(self.chair, self.table)
        happenings = self._list_happenings(order)
        for _count in range(5):
            words = self.dice.choice(list(happenings))
            yield words, happenings[words]
            yield "the queue runs", lambda: self._run_invites(hours=9)
        yield "two days later", lambda: self._run_invites(days=2)

    def _list_happenings(self, order):
        """Return what may happen to an order, by what it is called."""
        return {
            "a transfer is done": lambda: self._do_next(order, None),
            "a part is done": lambda: self._do_next(order, 1),
            "no back-order": lambda: self._transfer(
                self._open(order)[:1], 1, backorder=False
            ),
            "the rest is cancelled": lambda: self._cancel_rest(order),
            "more is ordered": lambda: order.order_line[:1].write(
                {"product_uom_qty": 4}
            ),
            "less is ordered": lambda: order.order_line[:1].write(
                {"product_uom_qty": 2}
            ),
            "a part comes back": lambda: self._return(self._find_arrived(order), 1),
            "the order is cancelled": order._action_cancel,
        }

    def _find_arrived(self, order):
        """Return the first transfer by which the buyer got something."""
        arrived = order.picking_ids.filtered(
            lambda each: (
                each.state == "done" and each.location_dest_id.usage == "customer"
            )
        )
        return self.need(arrived[:1])
