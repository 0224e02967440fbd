# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

import requests

from odoo.exceptions import UserError

from .common import APPLY, POLL
from .payment_common import TrustedShopsPaymentCommon

AWAY = requests.exceptions.ConnectTimeout("away")
SILENT = requests.exceptions.ReadTimeout("slow")
NOT_BOUND = (
    "The order is neither paid nor confirmed. The application is sent when it is; if"
    " the order is given up, cancel it."
)
TOO_LATE = (
    "The order is neither paid nor confirmed, but its Buyer Protection was applied for"
    " and cannot be cancelled. Cancel the order if it is given up; then decide about"
    " the fee."
)


class TestCalledOff(TrustedShopsPaymentCommon):
    """Nothing is applied for when the order or its payment was called off meanwhile."""

    is_frozen = True

    def _count_applications(self):
        return len(self.service.get_parts(APPLY))

    def _run_for_hours(self, hours):
        for _hour in range(hours):
            self._run_queue(hours=1)

    def _cancel_during_the_call(self, answer):
        """Return the protection of an order that was cancelled during a call."""
        protection = self._make_queued()

        def cancel(_parts):
            protection.order_id._action_cancel()
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.service.script(APPLY, cancel)
        self._run_queue()
        return protection

    def test_an_order_cancelled_during_the_call_is_not_sent_again(self):
        for answer in (AWAY, -11111, -10017):
            with self.subTest(answer=answer):
                before = self._count_applications()
                protection = self._cancel_during_the_call(answer)
                self._run_for_hours(3)
                self.assertEqual(self._count_applications(), before + 1)
                self.assertEqual(protection.state, "cancelled")
        # Nor is one that was cancelled behind our back.
        self.service.calls.clear()
        protection = self._make_queued()
        protection.order_id.state = "cancel"
        self._run_queue()
        self.assertEqual(protection.state, "cancelled")
        self.assertEqual(self.service.calls, [])

    def test_it_is_cancelled_although_its_certificate_waits(self):
        self.service.always["checkLogin"] = -10001
        protection = self._cancel_during_the_call(-10001)
        self._run_for_hours(1)
        self.assertTrue(self.certificate.hold_reason)
        self.assertEqual(protection.state, "cancelled")

    def test_a_number_that_came_for_a_cancelled_order_stays(self):
        protection = self._cancel_during_the_call(4712)
        self._run_for_hours(1)
        self.assertValues(protection, state="requested", application_number="4712")

    def test_nothing_is_sent_by_hand_for_a_cancelled_order(self):
        protection = self._make_answered(-10014)
        protection.order_id._action_cancel()
        self.assertValues(
            protection, state="rejected", possible_buttons="refund_fee,resend_mail"
        )
        with self.assertRaisesRegex(UserError, "This is not possible now"):
            protection.action_apply_now()

    def _make_announced(self, number=0, answer=4711):
        """Return an announced wire transfer and its protection after a first run."""
        order, protection = self._make_ticked()
        transaction = self._pay(order, "pending", self._get_wire_transfer())
        self.service.script(APPLY, answer)
        self.service.script(POLL, number)
        self._run_queue()
        return transaction, protection

    def _make_called_off(self):
        """Return the protection of an announced wire transfer that was called off."""
        transaction, protection = self._make_announced(answer=AWAY)
        self._come_back(transaction, "cancel")
        self.assertEqual(protection.order_id.state, "sent")
        return protection

    def test_a_wire_transfer_that_was_called_off_is_not_applied_for(self):
        protection = self._make_called_off()
        self._run_for_hours(3)
        self.assertEqual(self._count_applications(), 1)
        self.assertValues(protection, state="on_hold", last_error="unpaid")
        self.assertEqual(self._get_todos(protection), [f"<p>{NOT_BOUND}</p>"])
        # The next payment sends it.
        self._pay(protection.order_id, "done")
        self.assertEqual(protection.state, "queued")
        self._run_queue()
        self.assertEqual(protection.state, "requested")

    def test_no_user_can_send_or_release_it(self):
        protection = self._make_called_off()
        with self.assertRaisesRegex(UserError, "neither paid nor confirmed"):
            protection.action_apply_now()
        self._run_for_hours(1)
        with self.assertRaisesRegex(UserError, "neither paid nor confirmed"):
            protection.action_release()
        # As if a user could.
        now = datetime.now()
        protection.write(
            {"state": "queued", "is_released": True, "next_attempt_at": now}
        )
        self._run_for_hours(1)
        self.assertEqual(protection.state, "on_hold")
        self.assertEqual(self._count_applications(), 1)

    def test_a_person_decides_about_what_was_applied_for(self):
        for number, state in ((0, "requested"), (99, "confirmed")):
            with self.subTest(state=state):
                transaction, protection = self._make_announced(number)
                self._come_back(transaction, "cancel")
                self.assertEqual(
                    (protection.order_id.state, protection.state), ("sent", state)
                )
                self.assertEqual(self._get_todos(protection), [f"<p>{TOO_LATE}</p>"])
                protection._update_after_payment()
                self._run_queue()
                self.assertEqual(len(self._get_todos(protection)), 1)

    def test_the_decision_is_moot_when_the_buyer_is_bound_again(self):
        for bind in (self._pay, lambda order: order.action_confirm()):
            transaction, protection = self._make_announced()
            self._come_back(transaction, "cancel")
            bind(protection.order_id)
            self.assertFalse(self._get_todos(protection))
        # Cancelling the order is the decision.
        transaction, protection = self._make_announced()
        self._come_back(transaction, "cancel")
        protection.order_id._action_cancel()
        self.assertFalse(self._get_todos(protection))  # for nothing was paid

    def test_a_payment_called_off_during_the_call_is_told_after_it(self):
        order, protection = self._make_ticked()
        transaction = self._pay(order, "pending", self._get_wire_transfer())

        def call_off(_parts):
            self._come_back(transaction, "cancel")
            return 4711

        self.service.script(APPLY, call_off)
        self._run_queue()
        self.assertEqual(protection.state, "requested")
        self.assertEqual(self._get_todos(protection), [f"<p>{TOO_LATE}</p>"])

    def _make_voided(self):
        """Return the protection of an order whose reservation was voided."""
        self.provider.support_manual_capture = "full_only"
        self.provider.capture_manually = True
        self.service.script(APPLY, AWAY)
        transaction, protection = self._begin_with_choice(self._make_cart())
        self._come_back(transaction, "authorized")
        self._run_queue()
        self._come_back(transaction, "cancel")
        self.assertEqual(protection.order_id.state, "sale")
        return protection

    def test_a_reservation_that_was_voided_is_not_applied_for(self):
        protection = self._make_voided()
        self._run_for_hours(3)
        self.assertEqual(self._count_applications(), 1)
        self.assertEqual(protection.state, "on_hold")
        self.assertEqual(
            self._get_told(protection),
            "0.00 € of 100.98 € was paid, so the fee may not be part of it. The"
            " application is sent when the rest is paid.",
        )
        # A person releases what is paid in another way.
        protection.action_release()
        self._run_queue()
        self.assertEqual(protection.state, "requested")

    def test_paying_the_invoice_sends_the_application(self):
        voided = self._make_voided()
        self._run_for_hours(1)
        self.assertEqual(voided.state, "on_hold")
        self._pay_invoice(self._invoice(voided.order_id))
        self.assertEqual(voided.state, "queued")
        called_off = self._make_called_off()
        called_off.order_id.action_confirm()
        self._pay_invoice(self._invoice(called_off.order_id))
        self._run_for_hours(3)
        self.assertEqual((voided + called_off).mapped("state"), ["requested"] * 2)

    def test_a_salesperson_confirms_after_a_payment_that_never_was_one(self):
        for state in ("draft", "cancel", "error"):
            with self.subTest(state=state):
                order, protection = self._make_ticked()
                self._pay(order, state)
                order.action_confirm()
                self._run_queue()
                self.assertEqual(protection.state, "requested")
