# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from unittest.mock import patch

import requests
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import APPLY
from .staff_common import StaffCommon

POLL = "getRequestState"
NOW = datetime(2026, 11, 2, 10, 0)
BUTTONS = (
    "apply_now",
    "enter_number",
    "not_found",
    "release",
    "refund_fee",
    "resend_mail",
)
# What a protection is, and the buttons that then make sense.
POSSIBLE = (
    ({"state": "queued"}, "apply_now"),
    ({"state": "sending"}, ""),
    ({"state": "on_hold"}, "apply_now,release,refund_fee"),
    ({"state": "on_hold", "last_code": -10003}, "apply_now,enter_number,refund_fee"),
    ({"state": "requested"}, "enter_number,not_found,refund_fee"),
    ({"state": "requested", "application_number": "1"}, "refund_fee"),
    (
        {"state": "requested", "application_number": "1", "number_entered_at": NOW},
        "enter_number,refund_fee",
    ),
    (
        {
            "state": "requested",
            "application_number": "1",
            "requested_at": datetime(2026, 10, 26, 10, 0),
        },
        "enter_number,not_found,refund_fee",
    ),
    (
        {"state": "requested", "application_number": "1", "last_code": -10001},
        "refund_fee",
    ),
    (
        {"state": "requested", "application_number": "1", "last_code": -10003},
        "enter_number,not_found,refund_fee",
    ),
    ({"state": "confirmed"}, "refund_fee,resend_mail"),
    ({"state": "confirmed", "buyer_email": False}, "refund_fee,resend_mail"),
    ({"state": "confirmed", "fee_state": "waived"}, "resend_mail"),
    ({"state": "rejected"}, "apply_now,refund_fee"),
    (
        {"state": "rejected", "may_have_arrived": True},
        "apply_now,enter_number,not_found,refund_fee",
    ),
    # Credited by hand, so it may be invoiced again.
    ({"state": "rejected", "fee_state": "refunded"}, "refund_fee,resend_mail"),
    (
        {"state": "rejected", "application_number": "1"},
        "enter_number,refund_fee",
    ),
    ({"state": "failed"}, "refund_fee,resend_mail"),
    ({"state": "failed", "attempt_count": 1}, "enter_number,refund_fee,resend_mail"),
    (
        {"state": "failed", "may_have_arrived": True},
        "enter_number,not_found,refund_fee",
    ),
    ({"state": "failed", "last_code": -10003}, "enter_number,not_found,refund_fee"),
    ({"state": "cancelled"}, "refund_fee"),
    (
        {"state": "cancelled", "may_have_arrived": True},
        "enter_number,not_found,refund_fee",
    ),
)
# What each button says that worked, and the state in which it is pressed.
SAID = {
    "apply_now": ({"state": "rejected"}, "Buyer Protection will be applied for now."),
    "release": (
        {"state": "on_hold", "last_error": "50.00 of 100.98"},
        "Buyer Protection was released, although it was on hold: 50.00 of 100.98",
    ),
}
# Another protection is not sent for sure, so nothing else is.
UNCHANGED = (
    "An earlier application may have arrived, so it is only sent again unchanged. Look"
    " for the order number at Trusted Shops before you press Refund fee."
)


@tagged("full")
class TestProtectionStaff(StaffCommon):
    """The buttons: they change the row and wake the queue, which alone sends."""

    QUICK = (
        "test_there_are_the_buttons_that_make_sense",
        "test_a_button_says_what_it_did_at_once_and_at_order_and_protection",
        "test_apply_now_sends_what_was_corrected_after_a_refusal",
        "test_entering_the_number_of_a_known_order_settles_what_asked_for_it",
    )
    is_frozen = True

    def _get_possible(self, protection, user="sales_manager"):
        return self._as(user, protection).possible_buttons

    def _press(self, button, protection, user="sales_manager"):
        return getattr(self._as(user, protection), f"action_{button}")()

    def _assert_due(self, protection, state="queued", **values):
        """Check that the queue works on it now, which nothing keeps it from."""
        due = {"next_attempt_at": NOW, "last_error": False}
        self.assertValues(protection, state=state, **{**due, **values})

    def test_there_are_the_buttons_that_make_sense(self):
        protection = self._make_queued()
        usual = {
            "last_code": 0,
            "may_have_arrived": False,
            "fee_state": "due",
            "application_number": False,
            "attempt_count": 0,
            "number_entered_at": False,
            "requested_at": False,
            "buyer_email": "erika@muster.example",
        }
        for values, expected in POSSIBLE:
            with self.subTest(**values):
                protection.write({**usual, **values})
                self.assertEqual(self._get_possible(protection), expected)

    def test_each_button_is_in_the_form_and_on_the_order_while_it_makes_sense(self):
        for model in ("trustedshops.protection", "sale.order"):
            view = self._as("sales_manager", self.env[model]).get_view(view_type="form")
            arch = etree.fromstring(view["arch"])
            for button in BUTTONS:
                with self.subTest(model=model, button=button):
                    shown = arch.xpath(f"//button[@name='action_{button}']/@invisible")
                    self.assertTrue(shown)
                    for condition in shown:
                        self.assertIn(f"'{button}' not in possible_buttons", condition)

    def test_after_three_days_nothing_can_be_applied_for(self):
        protection = self._make_in_state("on_hold")
        self._wait(days=2, hours=23)
        self.env.invalidate_all()
        self.assertEqual(self._get_possible(protection), "apply_now,release,refund_fee")
        self._wait(hours=1)
        self.env.invalidate_all()
        self.assertEqual(self._get_possible(protection), "refund_fee")
        with self.assertRaisesRegex(UserError, "not possible now.*“On hold”"):
            self._press("apply_now", protection)

    def test_while_the_service_is_asked_a_button_says_so(self):
        protection = self._make_in_state("sending")
        for button in BUTTONS:
            with (
                self.subTest(button=button),
                self.assertRaisesRegex(UserError, "asked about this order now"),
            ):
                self._press(button, protection)
        self.assertEqual(protection.state, "sending")

    def test_while_the_queue_holds_the_row_a_button_says_so(self):
        for button in ("apply_now", "refund_fee"):
            protection = self._make_in_state("rejected")
            with (
                self.subTest(button=button),
                patch.object(
                    type(protection), "try_lock_for_update", lambda row, **_kw: row[:0]
                ),
                self.assertRaisesRegex(UserError, "Try again in a minute"),
            ):
                self._press(button, protection)
            self.assertEqual(protection.state, "rejected")

    def test_a_button_says_what_it_did_at_once_and_at_order_and_protection(self):
        for button, (values, text) in SAID.items():
            with self.subTest(button=button):
                protection = self._make_in_state(**values)
                # A program that presses it over XML-RPC cannot be told None.
                self.assertEqual(
                    self._press(button, protection)["params"]["message"], text
                )
                for record in (protection, protection.order_id):
                    self.assertEqual(
                        self._get_note(record), ("The sales_manager", text)
                    )

    def test_each_cause_has_one_activity_which_says_the_latest(self):
        protection = self._make_queued()
        for cause, note in (("a", "1"), ("ended", "<b>2</b>"), ("a", "<b>3</b>")):
            protection._schedule_todo(cause, note)
        self.assertCountEqual(
            protection.activity_ids.mapped("note"),
            ["<p>&lt;b&gt;2&lt;/b&gt;</p>", "<p>&lt;b&gt;3&lt;/b&gt;</p>"],
        )
        self.assertEqual(protection.activity_ids.user_id, self.manager)

    def test_apply_now_sends_what_was_corrected_after_a_refusal(self):
        protection = self._make_queued()
        self.service.script(APPLY, -10014)
        self._run_queue()
        self.assertEqual(protection.state, "rejected")
        self.assertEqual(len(protection.activity_ids), 1)
        self.buyer.email = "erika@new.example"
        self.service.calls.clear()
        self._forget_triggers()
        self._press("apply_now", protection)
        self._assert_due(protection, buyer_email="erika@new.example", last_code=0)
        self.assertEqual(self.service.calls, [])
        self.assertEqual(len(self._get_triggers()), 1)
        self.assertFalse(protection.activity_ids)
        self._run_queue()
        [parts] = self.service.get_parts(APPLY)
        self.assertEqual(parts["buyerEmail"], "erika@new.example")
        self.assertEqual(protection.state, "requested")

    def test_apply_now_does_not_wait_for_the_back_off(self):
        later = datetime(2026, 11, 2, 11, 0)
        protection = self._make_in_state("queued", next_attempt_at=later)
        self._press("apply_now", protection)
        self.assertEqual(protection.next_attempt_at, NOW)

    def test_apply_now_says_that_a_correction_is_not_sent_and_why(self):
        protection = self._make_queued(user_id=self.users["seller"].id)
        silent = requests.exceptions.ReadTimeout("slow")
        self.service.script(APPLY, silent, -10014)
        self._run_queue()
        self._run_queue(minutes=5)
        self.assertEqual(protection.state, "rejected")
        self.buyer.email = "erika@new.example"
        action = self._press("apply_now", protection)
        text = f"Buyer Protection will be applied for now. {UNCHANGED}"
        self.assertEqual(
            (action["params"]["type"], action["params"]["message"]), ("warning", text)
        )
        self.assertIn(text, protection.order_id.message_ids[:1].body)
        self.service.script(APPLY, -10003)
        self._run_queue()
        self.assertEqual(
            self.service.get_parts(APPLY)[-1]["buyerEmail"], "erika@muster.example"
        )
        self.assertEqual(protection.state, "requested")

    def test_apply_now_refuses_while_the_sums_do_not_fit(self):
        protection = self._make_in_state("on_hold")
        self._pay(protection.order_id, amount=50.0)
        with self.assertRaisesRegex(UserError, "50.00.* of .*100.98.* was paid"):
            self._press("apply_now", protection)
        self.assertEqual(protection.state, "on_hold")

    def test_apply_now_refuses_when_the_certificate_is_another_one(self):
        protection = self._make_in_state("rejected", environment="qa")
        with self.assertRaisesRegex(UserError, "Trusted Shops ID or environment"):
            self._press("apply_now", protection)

    def test_apply_now_refuses_while_the_certificate_waits(self):
        first, second = self._make_queued(), self._make_queued()
        self.service.always[APPLY] = self.service.always["checkLogin"] = -10001
        self._run_queue()
        reason = (
            "Trusted Shops does not accept the web service login. Enter the user and"
            " password again, as Trusted Shops sent them to you."
        )
        for protection in first + second:
            with self.subTest(protection=protection):
                with self.assertRaisesRegex(UserError, f"^{reason}$"):
                    self._press("apply_now", protection)

    def _enter(self, protection, number, user="sales_manager"):
        action = self._as(user, protection).action_enter_number()
        wizard = self.env[action["res_model"]].with_user(self.users[user])
        wizard = wizard.with_context(**action["context"])
        return wizard.create({"number": number}).action_apply()

    def test_the_number_of_an_application_that_arrived_is_entered(self):
        requested_at = datetime(2026, 11, 1, 9, 0)
        protection = self._make_in_state("requested", requested_at=requested_at)
        self._enter(protection, " 0815 ")
        self._assert_due(
            protection, "requested", application_number="815", requested_at=requested_at
        )
        self.assertEqual(len(self._get_triggers()), 1)
        self.assertEqual(
            self._get_note(protection.order_id),
            ("The sales_manager", "The application number 815 was entered by hand."),
        )
        self._run_queue()
        self.assertEqual(
            [parts["applicationId"] for parts in self.service.get_parts(POLL)], ["815"]
        )

    def test_entering_the_number_of_a_known_order_settles_what_asked_for_it(self):
        for may_have_arrived, state, number in (
            (True, "requested", "4711"),
            (False, "on_hold", "9223372036854775807"),
        ):
            with self.subTest(may_have_arrived=may_have_arrived):
                protection = self._make_queued()
                protection.may_have_arrived = may_have_arrived
                self.service.script(APPLY, -10003)
                self._run_queue()
                self.assertEqual(protection.state, state)
                self.assertEqual(
                    protection.activity_ids.trustedshops_cause, "protection"
                )
                self._enter(protection, number)
                self._assert_due(
                    protection,
                    "requested",
                    application_number=number,
                    requested_at=NOW,
                    last_code=0,
                )
                self.assertFalse(protection.activity_ids)

    def test_the_number_of_a_cancelled_order_can_be_entered(self):
        protection = self._make_answered(requests.ReadTimeout())
        protection.order_id._action_cancel()
        self.assertValues(protection, state="cancelled", billable="undecided")
        self._enter(protection, "4712")
        self.service.script(POLL, 99)
        self._run_queue()
        self.assertValues(protection, state="confirmed", billable="owed")

    def test_a_number_that_was_mistyped_is_corrected(self):
        protection = self._make_in_state("requested", may_have_arrived=True)
        self._enter(protection, "4712")
        self.service.script(POLL, -10013)
        self._run_queue()
        self.assertValues(
            protection,
            state="requested",
            application_number=False,
            last_code=-10013,
            next_attempt_at=False,
        )
        text = protection.explanation
        self.assertIn("Trusted Shops refused application 4712: ", text)
        self.assertIn("or if it was refused, press Not found at Trusted Shops.", text)
        self.assertEqual(self._get_todos(protection), [f"<p>{text}</p>"])
        self.assertEqual(
            self._get_possible(protection), "enter_number,not_found,refund_fee"
        )
        self.service.calls.clear()
        self._run_queue(days=4)
        self.assertEqual(self.service.calls, [])
        self.assertFalse(protection.mailed_at)
        self._enter(protection, "4711")
        self.assertFalse(protection.activity_ids)
        self.service.script(POLL, 99)
        self._run_queue()
        self.assertValues(protection, state="confirmed", guarantee_number="99")

    def test_an_unknown_number_is_asked_again_and_told_at_once(self):
        protection = self._make_in_state("requested", may_have_arrived=True)
        self._enter(protection, "4712")
        self.service.always[POLL] = -10001
        self._run_queue()
        self.assertValues(protection, state="requested", application_number="4712")
        text = protection.explanation
        self.assertIn("Trusted Shops answered NO_VALID_SHOP, -10001.", text)
        self.assertIn("or if it was refused, press Not found at Trusted Shops.", text)
        self.assertEqual(self._get_todos(protection), [f"<p>{text}</p>"])
        notes = len(protection.message_ids)
        self._run_queue(minutes=10)  # which is no news
        self.assertEqual(len(protection.message_ids), notes)
        self.assertEqual(len(self.service.get_parts(POLL)), 2)
        self.service.always[POLL] = 99
        self._run_queue(minutes=10)
        self.assertEqual(protection.state, "confirmed")
        self.assertFalse(protection.activity_ids)

    def test_the_buyer_of_a_number_that_stays_refused_is_told_with_the_fee(self):
        protection = self._make_in_state("requested", may_have_arrived=True)
        self._enter(protection, "4711")
        self.service.script(POLL, -10013)
        self._run_queue()
        action = self._press("not_found", protection)
        note = "Trusted Shops has no application for this order."
        self.assertEqual(action["params"]["message"], note)
        self._run_queue()
        self.assertValues(
            protection,
            state="failed",
            fee_state="waived",
            last_code=-10013,
            explanation="Trusted Shops refused application 4711: TOO_OLD_ORDER, -10013."
            " The buyer is not protected.",
        )
        self.assertTrue(protection.mailed_at)

    def test_a_week_without_decision_begins_when_the_number_is_entered(self):
        requested_at = datetime(2026, 10, 24, 9, 0)
        protection = self._make_in_state("requested", requested_at=requested_at)
        self._enter(protection, "4712")
        self._run_queue()
        self.assertFalse(protection.activity_ids)
        # The statement of its month stays as it is.
        self.assertEqual(protection.requested_at, requested_at)
        # It may be decided soon.
        self.assertEqual(protection.next_attempt_at, datetime(2026, 11, 2, 10, 10))
        self._run_queue(days=7)
        self.assertTodo(protection, "has not decided about application 4712 for a week")

    def test_an_invalid_number_is_refused(self):
        protection = self._make_in_state("requested")
        for text in ("", " ", "0", "-5", "12a", "1.5", "²", "٣", str(2**63), "9" * 99):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, "digits"):
                self._enter(protection, text)
        self.assertFalse(protection.application_number)

    def test_the_number_of_another_order_is_refused(self):
        other = self._make_requested()
        protection = self._make_in_state("requested")
        with self.assertRaisesRegex(UserError, f"4711.*{other.order_reference}"):
            self._enter(protection, "04711")
        other.environment = "qa"  # counted on its own there
        self._enter(protection, "4711")
        self.assertEqual(protection.application_number, "4711")

    def test_released_it_goes_out_although_the_sums_do_not_fit(self):
        protection = self._make_in_state("queued")
        self._pay(protection.order_id, amount=50.0)
        self._run_queue()
        self.assertEqual(protection.state, "on_hold")
        self._press("release", protection)
        self._assert_due(protection, is_released=True)
        self.assertEqual(self.service.calls, [])
        self._run_queue()
        self.assertEqual(protection.state, "requested")
