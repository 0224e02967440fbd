# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2
import requests

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .. import const
from ..models.protection.queue import TrustedShopsProtection
from .common import APPLY, TrustedShopsCommon

POLL = "getRequestState"
READ_TIMEOUT = requests.exceptions.ReadTimeout("slow")
EARLIER = datetime(2026, 11, 2, 9, 0)


@tagged("post_install", "-at_install")
class TestQueueLate(TrustedShopsCommon):
    """An answer that comes when the row is elsewhere spoils nothing and is not lost."""

    def setUp(self):
        super().setUp()
        self._freeze("2026-11-02 10:00:00")

    def _change(self, protection, **values):
        """Change the stored row as another process would."""
        columns = ", ".join(f"{name} = %s" for name in values)
        self.env.cr.execute(
            f"UPDATE trustedshops_protection SET {columns} WHERE id = %s",  # noqa: S608
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
        values = {"sending_since": None, **values}
        self.service.script(APPLY, self._make_change(protection, answer, **values))
        self._run_queue()
        protection.invalidate_recordset()
        return protection

    # === A NUMBER, LATE === #

    def test_a_row_that_waits_to_be_sent_again_takes_the_number(self):
        for state in ("queued", "on_hold"):
            with self.subTest(state=state):
                protection = self._apply_meanwhile(
                    4711, state=state, unanswered=True, next_attempt_at=datetime.max
                )
                self.assertRecordValues(
                    protection,
                    [
                        {
                            "state": "requested",
                            "application_number": "4711",
                            "requested_at": datetime(2026, 11, 2, 10, 0),
                            "late_number": False,
                        }
                    ],
                )
                self.assertFalse(self._get_todos(protection))

    def test_a_row_that_only_lacks_its_number_takes_it(self):
        protection = self._make_queued()
        self.service.script(APPLY, READ_TIMEOUT, -10003)
        self._run_queue()
        self._wait(minutes=1)
        self._run_queue()
        self.assertEqual(
            protection.activity_ids.mapped("trustedshops_cause"), ["number_missing"]
        )
        self._change(protection, state="queued", next_attempt_at=datetime(2026, 11, 2))
        meanwhile = {"state": "requested", "sending_since": None}
        self.service.script(APPLY, self._make_change(protection, 4711, **meanwhile))
        self._run_queue()
        protection.invalidate_recordset()
        self.assertEqual(protection.application_number, "4711")
        self.assertFalse(protection.activity_ids)

    def test_the_number_that_the_row_has_already_is_no_news(self):
        protection = self._apply_meanwhile(
            4711, state="requested", application_number="4711"
        )
        self.assertRecordValues(
            protection,
            [{"state": "requested", "application_number": "4711"}],
        )
        self.assertFalse(protection.requested_at)
        self.assertFalse(self._get_todos(protection))

    def test_a_second_number_is_told_and_the_first_stays(self):
        protection = self._apply_meanwhile(
            4711, state="requested", application_number="999"
        )
        self.assertEqual(protection.application_number, "999")
        [todo] = self._get_todos(protection)
        self.assertIn("exists under the number 4711", todo)
        self.assertIn("number 999", todo)

    def test_what_has_ended_meanwhile_stays_so_and_a_person_is_told(self):
        for state, words in (
            ("confirmed", "Confirmed"),
            ("rejected", "Refused"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ):
            with self.subTest(state=state):
                protection = self._apply_meanwhile(
                    4711, state=state, mail_created_at=EARLIER, last_error="Old."
                )
                self.assertEqual(protection.state, state)
                late = protection.activity_ids.filtered(
                    lambda activity: activity.trustedshops_cause == "late_number"
                )
                self.assertEqual(len(late), 1)
                self.assertIn("exists under the number 4711", late.note)
                self.assertIn(words, late.note)
                self._run_queue()
                self.assertEqual(
                    len(self._get_todos(protection)), len(late) + (state == "rejected")
                )

    def test_a_row_that_another_process_is_sending_is_left_to_it(self):
        for values in (
            {"sending_since": datetime(2026, 11, 2, 10, 20), "attempt_count": 1},
            {"sending_since": datetime(2026, 11, 2, 10, 0), "attempt_count": 2},
        ):
            with self.subTest(values=values):
                protection = self._apply_meanwhile(4711, state="sending", **values)
                self.assertRecordValues(
                    protection,
                    [{"state": "sending", "late_number": "4711", **values}],
                )
                self.assertFalse(self._get_todos(protection))

    def _answer_after_late_number(self, *answers):
        """Return a protection whose earlier call was answered during this one."""
        protection = self._make_queued()
        self._change(protection, unanswered=True, late_number="4711", notice_due=True)
        protection.invalidate_recordset()
        self._change(protection, notice_due=False)
        self.service.script(APPLY, *answers)
        self._run_queue()
        return protection

    def test_whatever_the_later_call_is_told_the_earlier_number_counts(self):
        for answer in (-10003, -10014, -10001, -10017, READ_TIMEOUT):
            with self.subTest(answer=answer):
                protection = self._answer_after_late_number(answer)
                self.assertRecordValues(
                    protection,
                    [
                        {
                            "state": "requested",
                            "application_number": "4711",
                            "late_number": False,
                            "last_error": False,
                        }
                    ],
                )
                self.assertFalse(self._get_todos(protection))
                self.assertFalse(self.certificate.hold_reason)

    def test_two_numbers_of_two_calls_are_both_told(self):
        protection = self._answer_after_late_number(4712)
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "requested",
                    "application_number": "4712",
                    "late_number": False,
                }
            ],
        )
        [todo] = self._get_todos(protection)
        self.assertIn("exists under the number 4711", todo)
        self.assertIn("number 4712", todo)

    def test_two_calls_with_one_number_are_one_application(self):
        protection = self._answer_after_late_number(4711)
        self.assertRecordValues(
            protection, [{"application_number": "4711", "late_number": False}]
        )
        self.assertFalse(self._get_todos(protection))

    # === NO NUMBER, LATE === #

    def test_a_late_error_changes_nothing(self):
        for answer in (-10014, -10003, -10001, READ_TIMEOUT):
            for state in ("queued", "sending", "requested", "cancelled"):
                with self.subTest(answer=answer, state=state):
                    values = {
                        "state": state,
                        "sending_since": EARLIER,
                        "next_attempt_at": datetime(2026, 12, 1),
                        "application_number": "999",
                    }
                    protection = self._apply_meanwhile(answer, **values)
                    self.assertRecordValues(
                        protection, [{**values, "last_error": "", "last_code": 0}]
                    )
                    self.assertFalse(self.certificate.hold_reason)
                    self.assertFalse(self._get_todos(protection))
                    protection.state = "cancelled"  # out of the way of the next

    # === THE DECISION, LATE === #

    def test_a_decision_about_what_the_row_is_no_longer_waiting_for_is_dropped(self):
        for answer in (5, -10013, READ_TIMEOUT):
            for values in (
                {"state": "rejected", "application_number": "4711"},
                {"state": "requested", "application_number": "999"},
            ):
                with self.subTest(answer=answer, **values):
                    protection = self._make_queued()

                    self.service.script(
                        POLL, self._make_change(protection, answer, **values)
                    )
                    self._run_queue()
                    protection.invalidate_recordset()
                    self.assertRecordValues(
                        protection,
                        [{**values, "guarantee_number": False, "last_error": False}],
                    )

    # === THE DATABASE REFUSES === #

    def test_an_answer_is_written_again_never_the_call(self):
        protection = self._make_queued()
        wait = TrustedShopsProtection._wait_for_lock
        refusals = [psycopg2.OperationalError("serialize")] * (const.WRITE_ATTEMPTS - 1)

        def refuse(row):
            if refusals:
                raise refusals.pop()
            return wait(row)

        with (
            patch.object(TrustedShopsProtection, "_wait_for_lock", refuse),
            patch("time.sleep"),
        ):
            self._run_queue()
        self.assertEqual(protection.application_number, "4711")
        self.assertEqual(len(self.service.get_parts(APPLY)), 1)

    def test_an_answer_that_cannot_be_written_is_at_least_logged(self):
        protection = self._make_queued()
        with (
            patch.object(
                TrustedShopsProtection,
                "_wait_for_lock",
                side_effect=psycopg2.OperationalError("serialize"),
            ),
            patch("time.sleep"),
            self.assertLogs(
                "odoo.addons.website_sale_trustedshops.models"
                ".trustedshops_protection_apply",
                "ERROR",
            ) as logged,
        ):
            self._run_queue()
        self.assertEqual(protection.state, "sending")
        self.assertIn("4711", logged.output[0])


@tagged("post_install", "-at_install")
class TestQueueNotices(TrustedShopsCommon):
    """Staff is told of every answer exactly once, also when a process dies."""

    def setUp(self):
        super().setUp()
        self._freeze("2026-11-02 10:00:00")

    def _run_without_notices(self):
        """Run the queue until the answers would be told."""
        protections = type(self.env["trustedshops.protection"])
        with patch.object(protections, "_run_notices", side_effect=[True, False]):
            self._run_queue()

    def _get_notes(self, protection):
        """Return the texts of the chatter, the latest first."""
        return [str(note.body) for note in protection.message_ids]

    def test_the_answer_is_stored_without_any_note(self):
        protection = self._make_queued()
        before = protection.message_ids
        self.service.script(APPLY, -10014)
        self._run_without_notices()
        self.assertRecordValues(protection, [{"state": "rejected", "notice_due": True}])
        self.assertFalse(protection.activity_ids)
        self.assertEqual(protection.message_ids, before)

    def test_what_was_not_told_is_told_by_the_next_run_and_once(self):
        for answer, count in ((-10014, 1), (-10003, 1), (4711, 0)):
            with self.subTest(answer=answer):
                protection = self._make_queued()
                self.service.script(APPLY, answer)
                self._run_without_notices()
                before = len(protection.order_id.message_ids)
                for _run in range(3):
                    self._run_queue()
                self.assertFalse(protection.notice_due)
                self.assertEqual(len(self._get_todos(protection)), count)
                told = protection.order_id.message_ids[:-before]
                self.assertEqual(len(told), 1 - count)

    def test_each_change_of_the_state_is_noted_with_its_reason(self):
        protection = self._make_queued()
        self.assertEqual(
            self._get_notes(protection)[0], "<p>Waiting to be applied for</p>"
        )
        self.service.script(APPLY, -10018)
        self._run_queue()
        self.assertIn(
            "<p>Refused<br>The buyer has no e-mail address.",
            [note[:46] for note in self._get_notes(protection)],
        )
        protection = self._make_queued()
        protection.order_id._action_cancel()
        self.assertEqual(self._get_notes(protection)[0], "<p>Cancelled</p>")

    def test_a_confirmation_is_noted(self):
        protection = self._make_queued()
        self.service.always["getRequestState"] = 5
        self._run_queue()
        notes = self._get_notes(protection)
        self.assertIn("<p>Applied for</p>", notes)
        self.assertEqual(notes.count("<p>Confirmed</p>"), 1)

    def test_a_write_that_changes_no_state_is_not_noted(self):
        protection = self._make_queued()
        before = protection.message_ids
        protection.write({"state": "queued", "next_attempt_at": datetime.now()})
        self.assertEqual(protection.message_ids, before)

    def test_a_notice_that_crashes_stops_no_other_and_comes_later(self):
        bad, good = self._make_queued(), self._make_queued()
        self.service.script(APPLY, -10014, -10014)
        notify = type(bad)._notify_responsible

        def crash(protection, *args):
            if protection == bad:
                raise KeyError("a bug")
            return notify(protection, *args)

        logger = "odoo.addons.website_sale_trustedshops.models.protection.queue"
        with (
            patch.object(type(bad), "_notify_responsible", crash),
            mute_logger(logger),
        ):
            self._run_queue()
        self.assertEqual(
            [len(self._get_todos(bad)), len(self._get_todos(good))], [0, 1]
        )
        self.assertRecordValues(bad, [{"state": "rejected", "notice_due": True}])
        self._run_queue()
        self.assertEqual(len(self._get_todos(bad)), 1)

    # === TROUBLE === #

    def test_three_attempts_without_result_are_told_once(self):
        for answer in (READ_TIMEOUT, -11111, -10017):
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
                protection.order_id._action_cancel()

    def test_calls_of_dead_processes_count_as_attempts(self):
        protection = self._make_queued()
        self.service.always[APPLY] = READ_TIMEOUT
        self._run_queue()
        self._wait(minutes=1)
        self._run_queue()
        protection.write({"state": "sending", "sending_since": datetime.now()})
        self._wait(minutes=10)
        self._run_queue()
        self.assertEqual(len(self._get_todos(protection)), 1)

    def test_an_answer_closes_what_was_told_of_the_trouble(self):
        protection = self._make_queued()
        self.service.script(APPLY, READ_TIMEOUT, READ_TIMEOUT, READ_TIMEOUT)
        for _attempt in range(3):
            self._run_queue()
            self.clock.move_to(protection.next_attempt_at)
        self.assertEqual(len(self._get_todos(protection)), 1)
        self._run_queue()
        self.assertRecordValues(
            protection, [{"state": "requested", "trouble_count": 0}]
        )
        self.assertFalse(self._get_todos(protection))

    def test_the_end_closes_what_was_told_of_the_trouble(self):
        protection = self._make_queued()
        self.service.always[APPLY] = -11111
        for _attempt in range(3):
            self._run_queue()
            self.clock.move_to(protection.next_attempt_at)
        self.assertEqual(
            protection.activity_ids.mapped("trustedshops_cause"), ["trouble"]
        )
        self.clock.move_to("2026-11-05 10:00:00")
        self._run_queue()
        self.assertEqual(protection.state, "failed")
        self.assertEqual(
            protection.activity_ids.mapped("trustedshops_cause"), ["protection"]
        )

    def test_a_held_certificate_is_no_trouble_of_its_rows(self):
        protection = self._make_queued()
        self.service.always[APPLY] = -10002
        for _hour in range(4):
            self._run_queue()
            self._wait(hours=1)
        self.assertFalse(self._get_todos(protection))

    # === NO DECISION === #

    def test_a_week_without_decision_is_told_once_and_closed_by_the_decision(self):
        protection = self._make_queued()
        self._run_queue()
        told = []
        for moment in (
            "2026-11-09 09:59:59",
            "2026-11-09 10:00:00",
            "2026-11-10 10:00:00",
            "2026-11-12 10:00:00",
        ):
            self.clock.move_to(moment)
            self._run_queue()
            told.append(len(self._get_todos(protection)))
        self.assertEqual(told, [0, 1, 1, 1])
        self.assertIn("4711", self._get_todos(protection)[0])
        protection.activity_ids.unlink()
        self._wait(days=1)
        self._run_queue()
        self.assertFalse(self._get_todos(protection))
        protection.undecided_told = False
        self._run_queue()
        self.service.always["getRequestState"] = 5
        self._wait(days=1)
        self._run_queue()
        self.assertEqual(protection.state, "confirmed")
        self.assertFalse(self._get_todos(protection))

    # === THE NEXT RUN === #

    def test_the_queue_wakes_itself_when_a_call_counts_as_lost(self):
        protection = self._make_queued()
        since = datetime.now() - timedelta(minutes=4)
        protection.write({"state": "sending", "sending_since": since})
        next_at = self.env["trustedshops.protection"]._get_next_attempt_at()
        self.assertEqual(next_at, datetime(2026, 11, 2, 10, 6))

    def test_a_lost_call_that_somebody_has_locked_is_no_reason_to_run_at_once(self):
        protection = self._make_queued()
        since = datetime.now() - timedelta(minutes=40)
        protection.write({"state": "sending", "sending_since": since})
        next_at = self.env["trustedshops.protection"]._get_next_attempt_at()
        self.assertEqual(next_at, datetime(2026, 11, 2, 10, 1))

    def test_a_long_history_does_not_slow_the_search_for_notices(self):
        protections = self.env["trustedshops.protection"]
        query = protections._search(protections._get_notices_domain())
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertIn("trustedshops_protection_notice_idx", str(plan))
