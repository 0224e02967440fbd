# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from unittest.mock import patch

import requests

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import APPLY
from .staff_common import StaffCommon

POLL = "getRequestState"
BUTTONS = ("apply_now", "check_state", "enter_number", "release", "refund_fee")


@tagged("post_install", "-at_install")
class TestStaffActions(StaffCommon):
    """The buttons: they change the row and wake the queue, which alone sends."""

    def setUp(self):
        super().setUp()
        self._freeze("2026-11-02 10:00:00")

    def _get_possible(self, protection, user="sales_manager"):
        protection = self._as(user, protection)
        return [name for name in BUTTONS if protection[f"can_{name}"]]

    # === WHEN === #

    def test_each_state_has_the_buttons_that_make_sense(self):
        protection = self._make_queued()
        expected = {
            "queued": ["apply_now"],
            "sending": [],
            "on_hold": ["apply_now", "release", "refund_fee"],
            "requested": ["enter_number", "refund_fee"],
            "confirmed": ["refund_fee"],
            "rejected": ["apply_now", "refund_fee"],
            "failed": ["refund_fee"],
            "cancelled": ["refund_fee"],
        }
        found = {}
        for state in expected:
            protection.state = state
            found[state] = self._get_possible(protection)
        self.assertEqual(found, expected)

    def test_what_else_is_known_decides_too(self):
        protection = self._make_queued()
        expected = {
            "number known": ["check_state", "refund_fee"],
            "duplicate": ["apply_now", "enter_number", "refund_fee"],
            "may have arrived": ["enter_number", "refund_fee"],
            "failed as duplicate": ["enter_number", "refund_fee"],
            "paid back": [],
            "not charged": [],
        }
        cases = {
            "number known": {"state": "requested", "application_number": "1"},
            "duplicate": {"state": "on_hold", "last_code": -10003},
            "may have arrived": {"state": "failed", "unanswered": True},
            "failed as duplicate": {"state": "failed", "last_code": -10003},
            "paid back": {"state": "rejected", "fee_state": "refunded"},
            "not charged": {"state": "confirmed", "fee_state": "waived"},
        }
        usual = {
            "last_code": 0,
            "unanswered": False,
            "fee_state": "due",
            "application_number": False,
        }
        found = {}
        for case, values in cases.items():
            protection.write({**usual, **values})
            found[case] = self._get_possible(protection)
        self.assertEqual(found, expected)

    def test_after_three_days_nothing_can_be_applied_for(self):
        protection = self._make_in_state("on_hold")
        self._wait(days=2, hours=23)
        self.env.invalidate_all()
        self.assertEqual(
            self._get_possible(protection), ["apply_now", "release", "refund_fee"]
        )
        self._wait(hours=1)
        self.env.invalidate_all()
        self.assertEqual(self._get_possible(protection), ["refund_fee"])
        with self.assertRaisesRegex(UserError, "not possible now.*“On hold”"):
            self._as("sales_manager", protection).action_apply_now()

    def test_while_the_service_is_asked_a_button_says_so(self):
        protection = self._make_in_state("sending")
        for button in BUTTONS:
            with (
                self.subTest(button=button),
                self.assertRaisesRegex(UserError, "asked"),
            ):
                getattr(self._as("sales_manager", protection), f"action_{button}")()
        self.assertEqual(protection.state, "sending")

    def test_while_the_queue_holds_the_row_a_button_says_so(self):
        protection = self._make_in_state("rejected")
        model = type(protection)
        with (
            patch.object(model, "try_lock_for_update", lambda self, **_kw: self[:0]),
            self.assertRaisesRegex(UserError, "right now. Try again in a minute"),
        ):
            self._as("sales_manager", protection).action_apply_now()
        self.assertEqual(protection.state, "rejected")

    # === APPLY NOW === #

    def test_apply_now_sends_what_was_mended_after_a_refusal(self):
        protection = self._make_queued()
        self.service.script(APPLY, -10014)
        self._run_queue()
        self.assertEqual(protection.state, "rejected")
        self.assertEqual(len(protection.activity_ids), 1)
        self.buyer.email = "erika@new.example"
        self.service.calls.clear()
        self._forget_triggers()
        self._as("sales_manager", protection).action_apply_now()
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "queued",
                    "buyer_email": "erika@new.example",
                    "next_attempt_at": datetime(2026, 11, 2, 10, 0),
                    "last_code": 0,
                    "last_error": False,
                }
            ],
        )
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
        self._as("sales_manager", protection).action_apply_now()
        self.assertEqual(protection.next_attempt_at, datetime(2026, 11, 2, 10, 0))

    def test_apply_now_after_an_unanswered_call_sends_the_same_again(self):
        protection = self._make_in_state("on_hold", unanswered=True)
        self.assertIs(self._as("sales_manager", protection).action_apply_now(), True)
        self.assertEqual(protection.buyer_email, "erika@muster.example")

    def test_apply_now_says_that_a_correction_is_not_sent_and_why(self):
        protection = self._make_queued(user_id=self.users["seller"].id)
        silent = requests.exceptions.ReadTimeout("slow")
        self.service.script(APPLY, silent, -10014)
        self._run_queue()
        self._wait(minutes=5)
        self._run_queue()
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "rejected",
                    "last_error": "Trusted Shops does not accept the buyer's e-mail"
                    " address. Ask the buyer for another one and apply again within"
                    " three days of the order. (code -10014) An"
                    " earlier application got no answer and may have arrived, so"
                    " another address is not sent: look for the order number at Trusted"
                    " Shops before you press Refund fee.",
                }
            ],
        )
        self.buyer.email = "erika@new.example"
        action = self._as("sales_manager", protection).action_apply_now()
        text = (
            "Buyer Protection will be applied for now: Apply now. It is sent as it was,"
            " without what was corrected since: an earlier application got no answer"
            " and may have arrived, and a different one might then protect the purchase"
            " twice. If it is refused again, look for the order number at Trusted"
            " Shops; when there is nothing, press Refund fee."
        )
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
            self._as("sales_manager", protection).action_apply_now()
        self.assertEqual(protection.state, "on_hold")

    def test_apply_now_refuses_when_the_certificate_is_another_one(self):
        protection = self._make_in_state("rejected", environment="qa")
        with self.assertRaisesRegex(UserError, "another Trusted Shops ID"):
            self._as("sales_manager", protection).action_apply_now()

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
                    self._as("sales_manager", protection).action_apply_now()
                self.assertEqual(
                    self._as("seller", protection).staff_advice,
                    "“Your Buyer Protection is applied for as soon as we have settled"
                    " something with Trusted Shops; the confirmation comes by e-mail.”"
                    f" What there is to settle: {reason}",
                )

    def test_a_button_leaves_a_note_at_order_and_protection(self):
        protection = self._make_in_state("rejected")
        self._as("sales_manager", protection).action_apply_now()
        expected = (
            "The sales_manager",
            "Buyer Protection will be applied for now: Apply now.",
        )
        self.assertEqual(self._get_note(protection), expected)
        self.assertEqual(self._get_note(protection.order_id), expected)

    # === CHECK STATE === #

    def test_check_state_makes_the_question_due(self):
        protection = self._make_requested(next_attempt_at=datetime(2026, 11, 3))
        # A program that presses it over XML-RPC cannot be told None.
        self.assertIs(self._as("seller", protection).action_check_state(), True)
        self.assertRecordValues(
            protection,
            [{"state": "requested", "next_attempt_at": datetime(2026, 11, 2, 10, 0)}],
        )
        self.assertEqual(self.service.calls, [])
        self.assertEqual(len(self._get_triggers()), 1)
        self.assertEqual(
            self._get_note(protection),
            (
                "The seller",
                "Trusted Shops will be asked for the decision: Check state.",
            ),
        )
        self.service.script(POLL, 99)
        self._run_queue()
        self.assertEqual(protection.guarantee_number, "99")

    # === ENTER NUMBER === #

    def _enter(self, protection, number, user="sales_manager"):
        action = self._as(user, protection).action_enter_number()
        wizard = self.env[action["res_model"]].with_user(self.users[user])
        wizard = wizard.with_context(**action["context"])
        return wizard.create({"number": number}).action_apply()

    def test_the_number_of_an_application_that_arrived_is_entered(self):
        requested_at = datetime(2026, 11, 1, 9, 0)
        protection = self._make_in_state("requested", requested_at=requested_at)
        self._enter(protection, " 0815 ")
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "requested",
                    "application_number": "815",
                    "requested_at": requested_at,
                    "next_attempt_at": datetime(2026, 11, 2, 10, 0),
                }
            ],
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

    def test_it_is_this_order_says_who_enters_the_number_of_a_duplicate(self):
        protection = self._make_queued()
        self.service.script(APPLY, -10003)
        self._run_queue()
        self.assertEqual(protection.state, "on_hold")
        self._enter(protection, "9223372036854775807")
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "requested",
                    "application_number": "9223372036854775807",
                    "requested_at": datetime(2026, 11, 2, 10, 0),
                    "last_code": 0,
                    "last_error": False,
                }
            ],
        )
        self.assertFalse(protection.activity_ids)

    def test_entering_the_number_settles_that_it_was_missing(self):
        protection = self._make_queued()
        protection.unanswered = True
        self.service.script(APPLY, -10003)
        self._run_queue()
        self.assertEqual(
            protection.activity_ids.mapped("trustedshops_cause"), ["number_missing"]
        )
        self._enter(protection, "4711")
        self.assertFalse(protection.activity_ids)

    def test_a_number_that_was_mistyped_is_corrected(self):
        protection = self._make_in_state("requested", unanswered=True)
        self._enter(protection, "4712")
        self.service.script(POLL, -10001)
        self._run_queue()
        text = (
            "Trusted Shops refused application 4712, whose number was entered by hand"
            " (code -10001). Look the number up at Trusted Shops by the order number"
            " and enter it again; if it is right, there is no protection: press"
            " Refund fee."
        )
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "requested",
                    "application_number": False,
                    "last_code": -10001,
                    "last_error": text,
                    "next_attempt_at": False,
                }
            ],
        )
        self.assertEqual(self._get_todos(protection), [f"<p>{text}</p>"])
        self.assertEqual(self._get_possible(protection), ["enter_number", "refund_fee"])
        self.assertEqual(
            protection.staff_advice,
            "“Your Buyer Protection has been applied for; we are looking its number up"
            " and come back to you.”",
        )
        self.assertEqual(
            protection._get_shopper_status(), "ordered, the shop is looking into it"
        )
        self.service.calls.clear()
        self._wait(days=4)
        self._run_queue()
        self.assertEqual(self.service.calls, [])
        self.assertFalse(protection.failed_mail_created_at)
        self._enter(protection, "4711")
        self.assertFalse(protection.activity_ids)
        self.service.script(POLL, 99)
        self._run_queue()
        self.assertRecordValues(
            protection, [{"state": "confirmed", "guarantee_number": "99"}]
        )

    def test_a_number_entered_by_hand_is_corrected_before_the_decision_too(self):
        protection = self._make_in_state("requested")
        self._enter(protection, "4712")
        self._run_queue()
        self.assertEqual(
            self._get_possible(protection),
            ["check_state", "enter_number", "refund_fee"],
        )
        self._enter(protection, "4711")
        self.assertEqual(protection.application_number, "4711")

    def test_the_buyer_of_a_number_that_stays_refused_is_told_with_the_fee(self):
        protection = self._make_in_state("requested", unanswered=True)
        self._enter(protection, "4711")
        self.service.script(POLL, -10013)
        self._run_queue()
        self._as("sales_manager", protection).action_refund_fee()
        self._run_queue()
        self.assertEqual(protection.state, "failed")
        self.assertTrue(protection.failed_mail_created_at)

    def test_what_is_no_number_is_refused(self):
        protection = self._make_in_state("requested")
        for text in (
            "",
            "  ",
            "0",
            "-5",
            "12a",
            "1.5",
            "²",
            "٣",
            "9223372036854775808",
            "9" * 99,
        ):
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

    def test_a_long_history_does_not_slow_the_search_for_a_number(self):
        protection = self._make_in_state("requested")
        executed = []
        execute = type(self.env.cr).execute

        def watch(cursor, query, *args, **kwargs):
            executed.append(query)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", watch):
            protection._check_number("4711")
        [search] = [
            query for query in executed if "LIMIT" in getattr(query, "code", "")
        ]
        self.env.cr.execute(
            "INSERT INTO trustedshops_protection (order_id, certificate_id, company_id,"
            " currency_id, item_code, fee_state, state, application_number, ts_id,"
            " environment) SELECT order_id, certificate_id, company_id, currency_id,"
            " item_code, fee_state, 'cancelled', number, ts_id, environment FROM"
            " trustedshops_protection, generate_series(1, 5000) number WHERE id = %s",
            [protection.id],
        )
        self.env.cr.execute("ANALYZE trustedshops_protection")
        plan = self.env.execute_query(SQL("EXPLAIN %s", search))
        self.assertIn("trustedshops_protection__application_number_index", str(plan))

    # === RELEASE === #

    def test_released_it_goes_out_although_the_sums_do_not_fit(self):
        protection = self._make_in_state("on_hold", last_error="50.00 of 100.98")
        self._pay(protection.order_id, amount=50.0)
        self.assertIs(self._as("sales_manager", protection).action_release(), True)
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "queued",
                    "is_released": True,
                    "next_attempt_at": datetime(2026, 11, 2, 10, 0),
                    "last_error": False,
                }
            ],
        )
        self.assertEqual(self.service.calls, [])
        author, text = self._get_note(protection)
        self.assertEqual(author, "The sales_manager")
        self.assertIn("although it was on hold: 50.00 of 100.98", text)
        self._run_queue()
        self.assertEqual(protection.state, "requested")

    def test_without_release_it_stays_on_hold(self):
        protection = self._make_in_state("queued")
        self._pay(protection.order_id, amount=50.0)
        self._run_queue()
        self.assertEqual(protection.state, "on_hold")

    def test_a_number_that_is_known_already_is_not_released(self):
        protection = self._make_in_state("on_hold", last_code=-10003)
        with self.assertRaisesRegex(UserError, "not possible now"):
            self._as("sales_manager", protection).action_release()
