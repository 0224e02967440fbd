# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2
import requests

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.queue import batches
from .common import APPLY, POLL, QUEUE_LOGGER, TrustedShopsCommon

READ_TIMEOUT = requests.exceptions.ReadTimeout("slow")


# What another process made of the row meanwhile, what it is after the late answer 4711,
# and what the responsible user is told about that number, if it is not taken.
LATE_NUMBERS = (
    ({"state": "queued", "may_have_arrived": True}, "requested", "4711", ""),
    ({"state": "on_hold", "may_have_arrived": True}, "requested", "4711", ""),
    # Another process has begun the next call.
    ({"state": "sending", "attempt_count": 2}, "requested", "4711", ""),
    ({"state": "requested"}, "requested", "4711", ""),
    ({"state": "requested", "application_number": "4711"}, "requested", "4711", ""),
    (
        {"state": "requested", "application_number": "999"},
        "requested",
        "999",
        "number 999",
    ),
    ({"state": "confirmed"}, "confirmed", False, "Confirmed"),
    ({"state": "rejected"}, "rejected", False, "Refused"),
    ({"state": "failed"}, "failed", False, "Failed"),
    ({"state": "cancelled"}, "cancelled", False, "Cancelled"),
)


@tagged("full")
class TestQueueLate(TrustedShopsCommon):
    """An answer that comes when the row is elsewhere spoils nothing and is not lost."""

    QUICK = (
        "test_a_late_number_is_taken_where_one_is_missing_else_told",
        "test_a_guarantee_that_comes_after_not_found_counts",
    )
    is_frozen = True

    def _change(self, protection, **values):
        """Change the stored row as another process would."""
        columns = ", ".join(f"{name} = %s" for name in values)
        self.env.cr.execute(
            f"UPDATE trustedshops_protection SET {columns} WHERE id = %s",
            [*values.values(), protection.id],
        )

    def _make_change(self, protection, answer, **values):
        """Return what changes the stored row during a call, and then answers."""

        def change(_parts):
            self._change(protection, **values)
            return answer

        return change

    def _apply_meanwhile(self, answer, **values):
        """Return a protection that another process changed during its call."""
        protection = self._make_queued()
        self.service.script(APPLY, self._make_change(protection, answer, **values))
        self._run_queue()
        protection.invalidate_recordset()
        return protection

    def test_a_late_number_is_taken_where_one_is_missing_else_told(self):
        for meanwhile, state, number, words in LATE_NUMBERS:
            with self.subTest(**meanwhile):
                protection = self._apply_meanwhile(
                    4711,
                    next_attempt_at=datetime(2026, 11, 3),
                    last_error="Old.",
                    **meanwhile,
                )
                self._run_queue()
                self.assertValues(
                    protection,
                    state=state,
                    application_number=number,
                    late_number=False,
                )
                late = protection.activity_ids.filtered(
                    lambda activity: "A late answer gives" in activity.note
                )
                self.assertEqual(len(late), bool(words))
                if words:
                    self.assertIn("order the number 4711", late.note)
                    self.assertIn(words, late.note)
                    logged = " ".join(protection.message_ids.mapped("body"))
                    self.assertIn("order the number 4711", logged)
                if state in ("rejected", "failed", "cancelled"):
                    self.assertEqual(protection.billable, "undecided")

    def test_the_number_that_was_missing_closes_what_asked_for_it(self):
        protection = self._make_answered(READ_TIMEOUT, -10003)
        self.assertTodo(protection, "its number did not reach us")
        self._change(protection, state="queued", next_attempt_at=datetime(2026, 11, 2))
        self.service.script(
            APPLY, self._make_change(protection, 4711, state="requested")
        )
        self._run_queue()
        protection.invalidate_recordset()
        self.assertEqual(protection.application_number, "4711")
        self.assertFalse(protection.activity_ids)

    def test_a_late_error_changes_nothing(self):
        for answer in (-10014, -10003, -10001, READ_TIMEOUT):
            for state in ("queued", "sending", "requested", "cancelled"):
                with self.subTest(answer=answer, state=state):
                    values = {
                        "state": state,
                        "attempt_count": 2,
                        "next_attempt_at": datetime(2026, 11, 3),
                        "lease_until": datetime(2026, 11, 3),
                        "application_number": "999",
                        "billable": "void" if state == "cancelled" else "undecided",
                    }
                    protection = self._apply_meanwhile(answer, **values)
                    self.assertValues(
                        protection, **values, last_error=False, last_code=0
                    )
                    self.assertFalse(self.certificate.hold_reason)
                    self.assertFalse(self._get_todos(protection))
                    protection.state = "cancelled"  # out of the way of the next

    def test_a_decision_about_what_the_row_is_no_longer_waiting_for_is_dropped(self):
        for answer in (5, -10013, READ_TIMEOUT):
            for values in (
                {"state": "rejected", "application_number": "999"},
                {"state": "requested", "application_number": "999"},
            ):
                with self.subTest(answer=answer, **values):
                    protection = self._make_queued()
                    change = self._make_change(protection, answer, **values)
                    self.service.script(POLL, change)
                    self._run_queue()
                    protection.invalidate_recordset()
                    self.assertValues(
                        protection, **values, guarantee_number=False, last_error=False
                    )

    def _confirm_meanwhile(self, *, returned):
        """Return a protection that was given up while a poll brought its guarantee."""
        protection = self._make_queued()
        self.service.always[POLL] = -10001
        self._run_queue()
        self._run_queue(days=8)

        def give_up(_parts):
            protection.action_not_found()
            if returned:
                protection._try_to_refund_fee()
            self.env.flush_all()
            return 99

        self.service.always[POLL] = give_up
        self._run_queue(days=1)
        protection.invalidate_recordset()
        return protection

    def test_a_guarantee_that_comes_after_not_found_counts(self):
        protection = self._confirm_meanwhile(returned=False)
        self._run_queue()
        self.assertValues(
            protection,
            state="confirmed",
            guarantee_number="99",
            billable="owed",
            fee_state="due",
        )
        self.assertEqual(len(self._get_mails(protection)), 1)
        self.assertFalse(protection.activity_ids)

    def test_a_guarantee_whose_fee_is_on_its_way_back_is_for_a_person(self):
        protection = self._confirm_meanwhile(returned=True)
        self._run_queue()
        self.assertValues(
            protection,
            state="confirmed",
            billable="owed",
            fee_state="waived",
            late_number=False,
        )
        self.assertTrue(protection.mailed_at)
        self.assertTodo(
            protection,
            "Trusted Shops confirmed this protection after it had been given up. Decide"
            " who pays the fee.",
        )

    def test_a_guarantee_that_comes_after_a_refusal_counts(self):
        protection = self._make_queued()
        change = self._make_change(protection, 99, state="rejected")
        self.service.script(POLL, change)
        self._run_queue()
        protection.invalidate_recordset()
        self.assertValues(protection, state="confirmed", guarantee_number="99")

    def _run_refusing(self, times):
        """Run the queue while the database refuses an answer some times."""
        wait = batches.lock_and_wait
        refusals = [psycopg2.OperationalError("serialize")] * times

        def refuse(row):
            if refusals:
                raise refusals.pop()
            return wait(row)

        refusing = patch.object(batches, "lock_and_wait", refuse)
        with refusing, patch("time.sleep"):
            self._run_queue()

    def test_an_answer_is_written_again_never_the_call(self):
        protection = self._make_queued()
        self._run_refusing(batches.WRITE_ATTEMPTS - 1)
        self.assertEqual(protection.application_number, "4711")
        self.assertEqual(len(self.service.get_parts(APPLY)), 1)

    def test_an_answer_that_cannot_be_written_is_at_least_logged(self):
        protection = self._make_queued()
        with self.assertLogs(QUEUE_LOGGER, "ERROR") as logged:
            self._run_refusing(batches.WRITE_ATTEMPTS)
        self.assertEqual(protection.state, "sending")
        self.assertIn("4711", logged.output[0])


@tagged("full")
class TestQueueNotices(TrustedShopsCommon):
    """Staff is told of every answer exactly once, also when a process dies."""

    QUICK = ("test_an_answer_is_stored_alone_and_told_by_the_next_run_once",)
    is_frozen = True

    def _run_without_notices(self):
        """Run the queue until the answers would be told."""
        protections = type(self.env["trustedshops.protection"])
        with patch.object(protections, "_run_between", side_effect=[True, False]):
            self._run_queue()

    def _get_notes(self, protection):
        """Return the texts of the chatter, the latest first."""
        return [str(note.body) for note in protection.message_ids]

    def test_an_answer_is_stored_alone_and_told_by_the_next_run_once(self):
        for answer, state, count in (
            (-10014, "rejected", 1),
            (-10003, "on_hold", 1),
            (4711, "requested", 0),
        ):
            with self.subTest(answer=answer):
                protection = self._make_queued()
                before = protection.message_ids
                of_order = protection.order_id.message_ids
                self.service.script(APPLY, answer)
                self._run_without_notices()
                self.assertValues(protection, state=state, notice_due=True)
                self.assertFalse(protection.activity_ids)
                self.assertEqual(protection.message_ids, before)
                for _run in range(3):
                    self._run_queue()
                self.assertFalse(protection.notice_due)
                self.assertEqual(len(self._get_todos(protection)), count)
                told = protection.order_id.message_ids - of_order
                self.assertEqual(len(told), 1 - count)

    def test_each_change_of_the_state_is_noted_once_with_its_reason(self):
        protection = self._make_queued()
        self.service.script(APPLY, -10018)
        self._run_queue()
        cancelled, confirmed = self._make_queued(), self._make_queued()
        cancelled.order_id._action_cancel()
        self.service.always[POLL] = 5
        self._run_queue()
        for row, texts in (
            (
                protection,
                ["<p>Refused<br>Trusted Shops refused the application: EMAIL_EMPTY"],
            ),
            (
                cancelled,
                ["<p>Cancelled<br>The order was cancelled.</p>"],
            ),
            (confirmed, ["<p>Applied for</p>", "<p>Confirmed</p>"]),
        ):
            notes = self._get_notes(row)
            for text in ("<p>Waiting to be applied for</p>", *texts):
                self.assertEqual(len([x for x in notes if x.startswith(text)]), 1, text)

    def test_a_notice_that_crashes_stops_no_other_and_comes_later(self):
        bad, good = self._make_queued(), self._make_queued()
        self.service.script(APPLY, -10014, -10014)
        notify = type(bad)._schedule_todo

        def crash(protection, *args):
            if protection == bad:
                raise KeyError("a bug")
            return notify(protection, *args)

        crashing = patch.object(type(bad), "_schedule_todo", crash)
        with crashing, mute_logger(QUEUE_LOGGER):
            self._run_queue()
        self.assertEqual(
            [len(self._get_todos(bad)), len(self._get_todos(good))], [0, 1]
        )
        self.assertValues(bad, state="rejected", notice_due=True)
        self._run_queue()
        self.assertEqual(len(self._get_todos(bad)), 1)

    def test_a_crash_in_telling_delays_no_question(self):
        protection = self._make_queued()
        self._run_queue()
        self.service.always[POLL] = -10003
        for crashing in ("_log_answers", "_update_todo"):
            with self.subTest(crashing=crashing):
                protection.activity_ids.unlink()
                bug = patch.object(type(protection), crashing, side_effect=KeyError)
                with bug, self.assertLogs(QUEUE_LOGGER) as logged:
                    self._run_queue(minutes=10)
                self.assertIn(
                    f"({protection.id},): its turn in the queue failed",
                    logged.output[0],
                )
                self.assertEqual(
                    protection.next_attempt_at, datetime.now() + timedelta(minutes=10)
                )
                self.assertEqual(protection.last_error, "unclear")
        calls = len(self.service.get_parts(POLL))
        self._run_queue(minutes=10)
        self.assertEqual(len(self.service.get_parts(POLL)), calls + 1)
        self.assertTodo(
            protection, "answered DUPLICATE_ORDER_NUMBER, -10003. Look up the"
        )

    def test_an_answer_after_an_unclear_one_closes_what_was_told_of_it(self):
        for later in ([0], [READ_TIMEOUT, 0]):
            with self.subTest(later=later):
                self.clock.move_to("2026-11-02 10:00:00")
                protection = self._make_queued()
                self.service.script(POLL, -10003, *later)
                self._run_queue()
                self.assertTodo(
                    protection, "answered DUPLICATE_ORDER_NUMBER, -10003. Look up the"
                )
                for _answer in later:
                    self._run_queue(minutes=10)
                self.assertFalse(protection.activity_ids)
                self.assertEqual(protection.explanation, "")
                protection.state = "cancelled"

    def test_three_attempts_without_result_are_told_once(self):
        for answer in (READ_TIMEOUT, -11111):
            with self.subTest(answer=answer):
                protection = self._make_queued()
                self.service.always[APPLY] = answer
                told = []
                for _attempt in range(6):
                    self.clock.move_to(protection.next_attempt_at)
                    self._run_queue()
                    told.append(len(self._get_todos(protection)))
                self.assertEqual(told, [0, 0, 1, 1, 1, 1])
                self.assertEqual(protection.state, "queued")
                self.assertIn("3 attempts in a row", self._get_todos(protection)[0])
                attention = [("needs_attention", "=", True)]
                self.assertIn(protection, protection.search(attention))
                protection.order_id._action_cancel()

    def test_an_answer_or_the_end_closes_what_was_told_of_the_trouble(self):
        for later, state, words in (
            ("2026-11-02 13:00:00", "requested", []),
            ("2026-11-05 10:00:00", "failed", ["Look up the order number"]),
        ):
            with self.subTest(state=state):
                self.clock.move_to("2026-11-02 10:00:00")
                protection = self._make_answered(-11111, -11111, -11111)
                self.assertTodo(protection, "attempts in a row")
                self.clock.move_to(later)
                self._run_queue()
                self.assertEqual(protection.state, state)
                todos = self._get_todos(protection)
                self.assertEqual(len(todos), len(words))
                for todo, word in zip(todos, words, strict=True):
                    self.assertIn(word, todo)

    def test_the_queue_wakes_itself_when_a_call_counts_as_lost(self):
        protection = self._make_queued()
        lost_at = datetime(2026, 11, 2, 10, 6)
        protection.write({"state": "sending", "lease_until": lost_at})
        next_at = self.env["trustedshops.protection"]._get_next_attempt_at()
        self.assertEqual(next_at, datetime(2026, 11, 2, 10, 6))
