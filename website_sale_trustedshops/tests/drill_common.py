# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Days of the scheduled actions, with a clock that jumps from one run to the next."""

from collections import Counter
from datetime import datetime, timedelta

from odoo import fields

BEGIN = datetime(2026, 11, 2, 10)
# In minutes.
DAY = 24 * 60


def minutes(count):
    """Return the moment so many minutes after the beginning."""
    return BEGIN + timedelta(minutes=count)


class _Log(list):
    """Remembers when a fake service was called."""

    def __init__(self, calls):
        self.timed = calls

    def append(self, call):
        self.timed.append((fields.Datetime.now(), call[0]))


class DrillMixin:
    """Passes time as the scheduler does, and counts the calls of each hour."""

    def setUp(self):
        super().setUp()
        self.calls = []
        for fake in filter(None, (self.service, getattr(self, "etrusted", None))):
            fake.calls = _Log(self.calls)

    def _pass(self, until, crons, happenings=None):
        """Run the scheduled actions whenever they are due.

        :param int until: minutes after the beginning
        :param dict crons: minutes of the interval by external ID
        :param happenings: functions to call by minutes after the beginning
        :type happenings: dict or None
        """
        happenings = {minutes(at): do for at, do in (happenings or {}).items()}
        ids = {xmlid: self.env.ref(xmlid) for xmlid in crons}
        regular = dict.fromkeys(crons, fields.Datetime.now())
        triggers = self.env["ir.cron.trigger"]
        while True:
            due = {}
            for xmlid, cron in ids.items():
                called_at = triggers.search([("cron_id", "=", cron.id)]).mapped(
                    "call_at"
                )
                due[xmlid] = min([*called_at, regular[xmlid]])
            now = max(min([*due.values(), *happenings]), fields.Datetime.now())
            if now >= minutes(until):
                break
            self.clock.move_to(now)
            for at in [each for each in happenings if each <= now]:
                happenings.pop(at)()
            for xmlid in [each for each in crons if due[each] <= now]:
                self._run_cron(ids[xmlid], now)
                if regular[xmlid] <= now:
                    regular[xmlid] = now + timedelta(minutes=crons[xmlid])
        self.clock.move_to(minutes(until))
        self.env.invalidate_all()

    def _run_cron(self, cron, now):
        past = [("cron_id", "=", cron.id), ("call_at", "<=", now)]
        self.env["ir.cron.trigger"].search(past).unlink()
        cron.lastcall = now - timedelta(minutes=1)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _count_calls(self, *operations):
        """Return the calls of some operations in the busiest hour."""
        hours = Counter()
        for moment, operation in self.calls:
            if not operations or operation in operations:
                hours[(moment - BEGIN) // timedelta(hours=1)] += 1
        return max(hours.values(), default=0)

    def _count_todos(self, *models):
        """Return how many activities of ours there are, by model."""
        todos = self.env["mail.activity"].search([("trustedshops_cause", "!=", False)])
        counts = Counter(todos.mapped("res_model"))
        return {
            model.removeprefix("trustedshops."): count
            for model, count in counts.items()
        }
