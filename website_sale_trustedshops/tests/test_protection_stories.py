# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from unittest.mock import Mock, patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import http
from .common import APPLY, POLL
from .payment_common import TrustedShopsPaymentCommon


@tagged("full")
class TestStories(TrustedShopsPaymentCommon):
    """What happens to shops, from the trouble to its end."""

    is_frozen = True

    def _live(self, hours, step=1):
        """Let the queue run every hour, or every few hours."""
        for _run in range(0, hours, step):
            self._run_queue()
            self._wait(hours=step)

    def _count_calls(self):
        return len(self.service.get_parts(APPLY))

    def test_a_wrong_password_for_fifty_orders_that_is_mended(self):
        orders = self._make_cart()
        for _count in range(49):
            orders += self._make_cart()
        rows = self.env["trustedshops.protection"]
        for order in orders:
            rows += self._choose(order)
        orders.action_confirm()
        answer = self.service._answer_requestForProtectionV2

        def check(parts):
            return answer(parts) if parts["wsPassword"] == "right" else -10001

        self.service.always[APPLY] = check
        self.service.always["checkLogin"] = lambda parts: min(check(parts), 1)
        self._live(5)
        self.assertEqual(set(rows.mapped("state")), {"queued"})
        self.assertEqual(self._count_calls(), 1)
        self.assertEqual(len(self._get_todos(self.certificate)), 1)
        self._save(self.certificate, ws_password="right")
        self._run_queue()
        self.assertEqual(set(rows.mapped("state")), {"requested"})
        self.assertEqual(len(set(rows.mapped("application_number"))), 50)
        self.assertEqual(self._count_calls(), 51)
        self.assertFalse(rows.activity_ids)

    def test_a_certificate_archived_with_open_rows(self):
        waiting, asked = self._make_queued(), self._make_queued()
        self.service.script(APPLY, -11111)
        self._run_queue()
        self.certificate.active = False
        self.service.always[POLL] = 5
        self._live(2)
        self.assertEqual((waiting + asked).mapped("state"), ["confirmed"] * 2)

    def test_a_cart_begun_four_days_ago_that_is_paid_by_wire_today(self):
        order = self._make_cart()
        self.clock.move_to("2026-11-06 09:00:00")
        self.certificate.items_checked_at = datetime.now()
        protection = self._choose(order)
        transaction = self._pay(order, "pending", self._get_wire_transfer())
        self._run_queue()
        [parts] = self.service.get_parts(APPLY)
        self.assertEqual(parts["orderDate"], "2026-11-06T09:00:00")
        self.assertEqual(protection.state, "requested")
        self._wait(days=5)
        self._come_back(transaction)
        self._run_queue()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._count_calls(), 1)

    def test_a_clock_that_was_two_hours_ahead(self):
        protection = self._make_queued()
        self.clock.move_to("2026-11-02 08:00:00")
        self._live(2)
        # The service would refuse an order of the future.
        self.assertEqual(self._count_calls(), 0)
        self._run_queue()
        self.assertEqual(protection.state, "requested")
        self.assertEqual(
            self.service.get_parts(APPLY)[0]["orderDate"], "2026-11-02T10:00:00"
        )

    def test_a_clock_that_jumps_two_hours_during_the_call(self):
        for hours in (2, -2):
            with self.subTest(hours=hours):
                protection = self._make_queued()

                def jump(parts, hours=hours):
                    self._wait(hours=hours)
                    return self.service._answer_requestForProtectionV2(parts)

                self.service.script(APPLY, jump)
                # Its deadline is counted by a clock that never jumps.
                with patch.object(http, "time", Mock(monotonic=lambda: 0.0)):
                    self._run_queue()
                self.assertEqual(protection.state, "requested")

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_payments_that_are_reported_out_of_order(self):
        for events, state, calls in (
            (("done", "pending"), "requested", 1),
            (("done", "cancel"), "requested", 1),
            (("pending", "done"), "requested", 1),
            (("done", "done"), "requested", 1),
            (("pending", "cancel"), "selected", 0),
            (("cancel", "done"), "selected", 0),  # core lets it end there
            (("error", "cancel"), "selected", 0),
        ):
            with self.subTest(events=events):
                order = self._make_cart()
                transaction, protection = self._begin_with_choice(order)
                before = self._count_calls()
                for event in events:
                    self._come_back(transaction, event)
                    self._run_queue()
                self.assertEqual(protection.state, state)
                self.assertEqual(self._count_calls() - before, calls)
