# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models.protection import applying
from .common import APPLY, APPLY_CRON, POLL, REFRESH_CRON
from .drill_common import BEGIN, DAY, DrillMixin, minutes
from .test_service import BROKEN, CHECK, SILENCE, ServiceCommon

# The regular runs of every ten minutes would take most of the time: what the queue
# triggers for itself is enough.
CRONS = {APPLY_CRON: 60, REFRESH_CRON: DAY}


@tagged("full")
class TestDrills(DrillMixin, ServiceCommon):
    """A day of the queue while Trusted Shops has one trouble or another.

    Orders whose number begins with BAD are those that never get a number.
    """

    def setUp(self):
        super().setUp()
        # Questions for a decision would take most of the time. A longer wait than a day
        # counts as a mistake, and is due.
        pauses = ((timedelta.max, timedelta(days=1)),)
        self.enterContext(patch.object(applying, "POLL_INTERVALS", pauses))
        self.template = self._make_queued()
        names = self.template.get_metadata()[0].keys()
        self.values = {
            name: field.convert_to_write(self.template[name], self.template)
            for name, field in self.template._fields.items()
            if field.store
            and field.type not in ("one2many", "many2many")
            and name not in names
        }
        self.template.state = "cancelled"
        self.rows = {}

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

    def _fail(self, operation, outcome, is_failing):
        """Have an operation answer with an outcome, when it fails."""
        good = getattr(self.service, f"_answer_{operation}")

        def answer(parts):
            failed = is_failing(parts)
            return outcome if failed else good(parts)

        self.service.always[operation] = answer

    def _drill(self, happenings):
        """Live a day; return the longest wait of a good order, in minutes."""
        self._pass(DAY, CRONS, happenings)
        now = fields.Datetime.now()
        longest = max(
            (row.requested_at or now) - row.placed_at
            for name, row in self.rows.items()
            if name.startswith("GOOD")
        )
        wait = longest.total_seconds() / 60
        calls = {name: self._count_calls(name) for name in (APPLY, CHECK)}
        figures = (
            f"waited {wait:.0f} min, in the busiest hour {calls},"
            f" activities {self._count_todos()}"
        )
        print(  # pylint: disable=print-used
            f"figures: {self._testMethodName}: {figures}"
        )
        return wait

    def _drill_bad(self, count, outcome):
        """Live a day with some orders that always fail, and good ones now and then."""
        self._fail(APPLY, outcome, lambda parts: "BAD" in parts["shopOrderID"])
        happenings = {0: lambda: self._place("BAD", count), **self._spread(47)}
        wait = self._drill(happenings)
        # Trusted Shops works, so nobody reads that it does not answer.
        self.assertFalse(self.soap.silent_since)
        self.assertFalse(self.soap.activity_ids)
        self.assertTrue(self.certificate._is_usable_by(self.website.user_id))
        return wait

    def test_orders_that_get_a_system_error(self):
        self.assertLessEqual(self._drill_bad(30, -11111), 10)
        self.assertEqual(self._count_todos(), {"protection": 30})

    def test_thirty_orders_that_break_the_server(self):
        self.assertLessEqual(self._drill_bad(30, BROKEN), 30)
        self.assertLessEqual(self._count_calls(APPLY), 12)

    def test_a_trouble_with_an_answer_each_hour_makes_one_activity_and_one_mail(self):
        self._fail(APPLY, BROKEN, lambda parts: "BAD" in parts["shopOrderID"])
        overdue, protections = [], self.env["trustedshops.protection"]

        def count_overdue():
            domain = protections._get_stuck_domain()
            overdue.append(protections.search_count(domain))

        happenings = {0: lambda: self._place("BAD", 30)}
        happenings |= self._spread(60, until=600)
        happenings |= dict.fromkeys(range(3, 600, 10), count_overdue)
        self._pass(600, CRONS, happenings)
        self.assertEqual(self._count_todos(), {"service": 1})
        mails = [
            ("model", "=", "trustedshops.service"),
            ("message_type", "=", "user_notification"),
        ]
        self.assertEqual(self.env["mail.message"].search_count(mails), 1)
        self.assertEqual(set(overdue), {0})

    def test_applications_are_dead_while_the_probe_lives(self):
        self._fail(APPLY, SILENCE, lambda _parts: True)
        self._drill(self._spread(47))
        # The first order is alone, and has an activity of its own.
        self.assertLessEqual(self._count_calls(APPLY), 8)
        self.assertEqual(self._count_todos(), {"protection": 1, "service": 1})
        told = self.applying.notice
        self.assertIn("gave no answer to the last calls (no usable answer)", told)
        self.assertTodo(self.applying, told)
        self.assertIn(told, self.rows["GOOD-0"].explanation)

    def test_everything_is_dead(self):
        back = DAY - 60

        def is_dead(_parts):
            return fields.Datetime.now() < minutes(back)

        for operation in (APPLY, POLL, CHECK):
            self._fail(operation, SILENCE, is_dead)
        self._drill(self._spread(94, 20, until=back))
        self.assertEqual(len(self.rows), 300)
        last = max(row.requested_at for row in self.rows.values())
        self.assertLessEqual(last - minutes(back), timedelta(minutes=15))
        self.assertLessEqual(self._count_calls(CHECK), 10)
        self.assertFalse(self._count_todos())

    def test_a_service_that_lives_one_minute_of_five(self):
        chance = random.Random(5)
        alive = {5 * block + chance.randrange(5) for block in range(DAY // 5)}

        def is_dead(_parts):
            return (fields.Datetime.now() - BEGIN) // timedelta(minutes=1) not in alive

        for operation in (APPLY, POLL, CHECK):
            self._fail(operation, SILENCE, is_dead)
        self.assertLessEqual(self._drill(self._spread(47)), 120)
        self.assertFalse(self._get_todos(self.template.search([])))

    def test_a_login_that_is_refused_for_ten_hours(self):
        def is_refused(_parts):
            return fields.Datetime.now() < minutes(600)

        for operation in (APPLY, "checkLogin"):
            self._fail(operation, -10001, is_refused)
        self.assertLessEqual(self._drill(self._spread(30)), 11 * 60)
        self.assertLessEqual(self._count_calls("checkLogin"), 2)
        self.assertEqual(self._count_todos(), {"certificate": 1})
