# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tests import tagged

from ..models.protection import applying
from .common import APPLY, APPLY_CRON, REFRESH_CRON
from .drill_common import BEGIN, DrillMixin, minutes
from .test_service import ServiceCommon

CHECK = "checkCertificate"
SILENCE = requests.ReadTimeout("slow")
TROUBLE = -11111
BROKEN = (500, "<html>Internal Server Error</html>")
CRONS = {APPLY_CRON: 10, REFRESH_CRON: 24 * 60}
DAY = 24 * 60


@tagged("full")
class TestDrills(DrillMixin, ServiceCommon):
    """A day of the queue while Trusted Shops has one trouble or another.

    Orders whose number begins with BAD are those that never get a number.
    """

    def setUp(self):
        super().setUp()
        # Every application is decided at once.
        self.service.always["getRequestState"] = lambda _parts: 5
        pauses = ((timedelta.max, timedelta(days=1)),)
        self.enterContext(patch.object(applying, "POLL_INTERVALS", pauses))
        self.template = self._make_queued()
        names = self.template.get_metadata()[0].keys()
        self.values = {
            name: field.convert_to_write(self.template[name], self.template)
            for name, field in self.template._fields.items()
            if field.store and field.type not in ("one2many", "many2many")
            and name not in names
        }
        self.template.state = "cancelled"
        self.rows = {}
        self.applying = self.env.ref("website_sale_trustedshops.service_applying_production")

    def _place(self, name, count):
        """Place orders, the names of which begin with a word."""
        order = self.template.order_id
        now = fields.Datetime.now()
        numbers = [f"{name}-{len(self.rows) + each}" for each in range(count)]
        orders = order.create(
            [
                {
                    "name": number,
                    "partner_id": order.partner_id.id,
                    "website_id": order.website_id.id,
                    "state": "sale",
                }
                for number in numbers
            ]
        )
        rows = self.template.create(
            [
                {
                    **self.values,
                    "order_id": order.id,
                    "order_reference": order.name,
                    "state": "queued",
                    "placed_at": now,
                    "next_attempt_at": now,
                    "is_released": True,
                }
                for order in orders
            ]
        )
        self.rows.update({row.order_reference: row for row in rows})
        rows._trigger_queue()

    def _spread(self, every, count=1, until=DAY):
        """Return what places good orders all day."""
        return {at: lambda: self._place("GOOD", count) for at in range(1, until, every)}

    def _drill(self, decide, happenings, until=DAY, probe=None):
        """Live a day, and return its figures."""
        self.service.always[APPLY] = self._record(APPLY, decide)
        good = self.service._answer_checkCertificate
        self.service.always[CHECK] = self._record(CHECK, probe or (lambda _parts: good))
        self._pass(until, CRONS, happenings)
        waits = [
            (row.requested_at or fields.Datetime.now()) - row.placed_at
            for name, row in self.rows.items()
            if name.startswith("GOOD")
        ]
        figures = {
            "wait": max(waits, default=timedelta()).total_seconds() / 60,
            "applications": self._count_calls(APPLY),
            "probes": self._count_calls(CHECK),
            "todos": self._count_todos(),
        }
        print(f"figures: {self._testMethodName}: {figures}")
        return figures

    def _fail(self, outcome, is_failing):
        """Return what answers applications with an outcome, if they fail."""
        number = self.service._answer_requestForProtectionV2
        return lambda parts: outcome if is_failing(parts) else number

    def _drill_bad(self, count, outcome, longest, calls):
        """Live a day with some orders that always fail, and others now and then."""
        happenings = {0: lambda: self._place("BAD", count), **self._spread(47)}
        decide = self._fail(outcome, lambda each: "BAD" in each["shopOrderID"])
        figures = self._drill(decide, happenings)
        self.assertLessEqual(figures["wait"], longest)
        self.assertLessEqual(figures["applications"], calls)
        self.assertFalse(self.soap.silent_since)
        self.assertFalse(self.soap.activity_ids)
        return figures

    def test_twelve_orders_that_get_a_system_error(self):
        self._drill_bad(12, TROUBLE, longest=10, calls=5 * 12)

    def test_thirty_orders_that_get_a_system_error(self):
        self._drill_bad(30, TROUBLE, longest=10, calls=5 * 30)

    def test_twelve_orders_that_break_the_server(self):
        self._drill_bad(12, BROKEN, longest=30, calls=30)

    def test_thirty_orders_that_break_the_server(self):
        self._drill_bad(30, BROKEN, longest=30, calls=30)

    def test_applications_are_dead_while_the_probe_lives(self):
        decide = self._fail(SILENCE, lambda _parts: True)
        figures = self._drill(decide, self._spread(47))
        print(self.applying.activity_ids.mapped("note"), figures)

    def test_everything_is_dead(self):
        back = DAY - 60

        def is_dead(_parts=None):
            return fields.Datetime.now() < minutes(back)

        good = self.service._answer_checkCertificate
        self.service.always["getRequestState"] = lambda _parts: SILENCE if is_dead() else 5
        figures = self._drill(
            self._fail(SILENCE, is_dead),
            self._spread(94, 20, until=back),
            probe=lambda _parts: SILENCE if is_dead() else good,
        )
        last = max(row.requested_at for row in self.rows.values())
        print("applied", (last - minutes(back)).total_seconds() / 60, len(self.rows))

    def test_a_service_that_lives_one_minute_of_five(self):
        chance = random.Random(5)
        alive = {5 * block + chance.randrange(5) for block in range(DAY // 5)}

        def is_dead(_parts=None):
            return (fields.Datetime.now() - BEGIN) // timedelta(minutes=1) not in alive

        good = self.service._answer_checkCertificate
        self._drill(
            self._fail(SILENCE, is_dead),
            self._spread(10),
            probe=lambda _parts: SILENCE if is_dead() else good,
        )

    def test_the_login_is_refused(self):
        decide = self._fail(-10001, lambda _parts: fields.Datetime.now() < minutes(600))
        self.service.always["checkLogin"] = lambda _parts: (
            -10001 if fields.Datetime.now() < minutes(600) else 1
        )
        self._drill(decide, self._spread(30))
