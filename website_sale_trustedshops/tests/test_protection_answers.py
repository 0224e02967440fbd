# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

import requests

from odoo import models
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..lib.codes import APPLICATION_CODES, get_code
from .common import APPLY, POLL, TrustedShopsCommon
from .fake_service import HTML_PAGE, make_fault

# Codes that refuse an application, as an answer to it or as the decision about it.
REFUSED = (
    *(-10004, -10005, -10006, -10007, -10008, -10009, -10010, -10012, -10013, -10014),
    *(-10015, -10016, -10018, -10019, -11001),
)
# Others that refuse it as an answer and decide nothing afterwards.
UNPUBLISHED = (-1, -9999, -10000, -10020, -11000, -12345)
# Codes after which it is tried again, and how the certificate is held meanwhile.
RETRIED = {-10001: "login", -10002: "suspended", -10011: "no_limit", -10017: False}
# What a decision must not promise, because it does not happen.
PROMISES = ("ry again", "apply again", "keep asking", "Correct the cert")
READ_TIMEOUT = requests.exceptions.ReadTimeout("slow")


@tagged("full")
class TestQueueAnswers(TrustedShopsCommon):
    """Every answer but a number: what becomes of the row, and who is told."""

    QUICK = (
        "test_a_known_number_after_a_lost_answer_may_be_ours",
        "test_trouble_of_the_service_queues_again",
        "test_trouble_of_the_certificate_is_tried_again",
        "test_a_refusal_as_the_decision_ends_it",
    )
    is_frozen = True

    def test_a_known_number_at_the_first_call_is_not_ours(self):
        """As after a restored backup, it is not known whose it is."""
        protection = self._make_answered(-10003)
        self.assertValues(protection, state="on_hold", last_code=-10003)
        [todo] = self._get_todos(protection)
        self.assertIn("after a backup was restored. Compare buyer, amount and", todo)
        self.assertIn("press Enter number; if not, press Refund fee.", todo)
        self._run_queue(days=3)
        self.assertEqual(protection.state, "failed")
        todos = " ".join(self._get_todos(protection))
        self.assertIn("compare buyer, amount and date", todos)
        self.assertEqual(len(self.service.get_parts(APPLY)), 1)

    def test_a_known_number_after_a_lost_answer_may_be_ours(self):
        protection = self._make_answered(READ_TIMEOUT)
        self.assertValues(protection, state="queued", may_have_arrived=True)
        self.service.script(APPLY, -10003)
        self.service.always[POLL] = 5
        self._run_queue(minutes=1)
        self._run_queue(days=5)  # never confirmed by itself
        self.assertValues(
            protection,
            state="requested",
            application_number=False,
            requested_at=datetime(2026, 11, 2, 10, 1),
            guarantee_number=False,
        )
        self.assertTodo(
            protection,
            "An earlier application may have arrived, but its number did not reach us."
            " Look up the order number at Trusted Shops, and compare buyer, amount and"
            " date. If you find this purchase, press Enter number; if not, or if it was"
            " refused, press Not found at Trusted Shops.",
        )

    def test_a_lost_answer_is_remembered_over_later_answers(self):
        protection = self._make_answered(READ_TIMEOUT, -10017, -10003)
        self.assertEqual(protection.state, "requested")

    def test_the_wait_grows_from_a_minute_to_an_hour(self):
        protection = self._make_queued()
        self.service.always[APPLY] = -11111
        waits = []
        for attempt in range(1, 8):
            self._run_queue()
            waits.append(protection.next_attempt_at - datetime.now())
            self.clock.move_to(protection.next_attempt_at - timedelta(seconds=1))
            self._run_queue()  # nothing is sent before
            self.assertEqual(protection.attempt_count, attempt)
            self._wait(seconds=1)
        self.assertEqual(
            waits,
            [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 60, 60)],
        )

    def test_trouble_of_the_service_queues_again(self):
        beyond_the_type = -(2**31) - 1
        for trouble in (
            -11111,
            make_fault(),
            HTML_PAGE,
            (200, "<html/>"),
            0,
            beyond_the_type,
        ):
            with self.subTest(trouble=trouble):
                protection = self._make_answered(trouble)
                self.assertValues(
                    protection,
                    state="queued",
                    attempt_count=1,
                    application_number=False,
                    may_have_arrived=True,
                    last_code=-11111 if trouble == -11111 else 0,
                    next_attempt_at=datetime(2026, 11, 2, 10, 1),
                )
                self.assertTrue(protection.last_error)

    def test_a_call_of_a_dead_process_is_sent_again_after_the_usual_wait(self):
        protection = self._make_queued()
        lost_at = datetime(2026, 11, 2, 10, 10)
        protection.write(
            {"state": "sending", "attempt_count": 1, "lease_until": lost_at}
        )
        self._run_queue(minutes=9)
        self.assertEqual(self.service.calls, [])
        self._run_queue(minutes=1)
        self.assertEqual(self.service.calls, [])
        self.assertValues(
            protection, state="queued", next_attempt_at=datetime(2026, 11, 2, 10, 11)
        )
        self._run_queue(minutes=1)
        self.assertValues(
            protection,
            state="requested",
            may_have_arrived=True,
            application_number="4711",
        )

    def test_a_row_that_kills_its_worker_waits_longer_each_time_and_is_told(self):
        protection = self._make_queued()

        def die(_parts):
            raise SystemExit  # as a worker that is killed: nothing is caught or stored

        self.service.always[APPLY] = die
        sent, told = [], []
        for minute in range(0, 200, 10):
            calls = len(self.service.get_parts(APPLY))
            try:
                self._run_queue()
            except SystemExit:
                self.env.invalidate_all()
            if len(self.service.get_parts(APPLY)) > calls:
                sent.append(minute)
            if not told and protection.activity_ids:
                told.append(minute)
            self._wait(minutes=10)
        self.assertEqual(sent, [0, 20, 40, 70, 110, 180])
        self.assertEqual(told, [50])

    def test_after_three_days_the_application_has_failed(self):
        for answer, words in (
            (-10017, "The buyer is not protected"),
            (READ_TIMEOUT, "Look up the order number at Trusted Shops"),
        ):
            with self.subTest(answer=answer):
                self.clock.move_to("2026-11-02 10:00:00")
                calls = len(self.service.get_parts(APPLY))
                protection = self._make_queued()
                self.service.always[APPLY] = answer
                self.clock.move_to("2026-11-05 09:59:59")
                self._run_queue()
                self.assertEqual(protection.state, "queued")
                self._run_queue(seconds=1)
                self.assertEqual(protection.state, "failed")
                self.assertTodo(protection, words)
                self.assertEqual(len(self.service.get_parts(APPLY)), calls + 1)

    def test_an_application_is_not_sent_with_another_certificates_login(self):
        for values in ({"environment": "qa"}, {"ts_id": "X" + "9" * 32}):
            with self.subTest(values=values):
                protection = self._make_queued()
                before = self.certificate.read(["environment", "ts_id"])[0]
                self._change_certificate(**values)
                self._run_queue()
                self.assertEqual(protection.state, "on_hold")
                self.assertFalse(self.service.get_parts(APPLY))
                before.pop("id")
                self._change_certificate(**before)

    def _change_certificate(self, **values):
        """Change the certificate as a restored backup would: no rule is asked."""
        models.BaseModel.write(self.certificate, values)

    def test_money_that_comes_after_a_failed_call_releases_the_row(self):
        order, protection = self._make_ticked()
        self._pay(order)
        self.service.script(APPLY, -10017)
        self._run_queue()
        order.action_unlock()
        order.order_line[0].price_unit += 10
        self._run_queue(hours=1)
        self.assertEqual(protection.state, "on_hold")
        self._pay(order, amount=20.0)
        self.assertEqual(protection.state, "queued")

    def test_a_refusal_ends_it_and_tells_a_person(self):
        for code in (*REFUSED, *UNPUBLISHED):
            with self.subTest(code=code):
                protection = self._make_answered(code)
                self.assertValues(protection, state="rejected", last_code=code)
                self.assertIn(f", {code}.", self._get_told(protection))
                self.assertTodo(protection, f", {code}.")
        calls = len(self.service.get_parts(APPLY))
        self._run_queue(hours=2)  # sends none of them again
        self.assertEqual(len(self.service.get_parts(APPLY)), calls)

    def test_trouble_of_the_certificate_is_tried_again(self):
        for code, hold_reason in RETRIED.items():
            with self.subTest(code=code):
                protection = self._make_answered(code)
                wait = timedelta(hours=1) if code == -10017 else timedelta(minutes=1)
                self.assertValues(
                    protection,
                    state="queued",
                    last_code=code,
                    next_attempt_at=datetime.now() + wait,
                )
                self.assertIn(f", {code}.", protection.explanation)
                self.assertEqual(self.certificate.hold_reason, hold_reason)
                protection.state = "cancelled"
                self.certificate.hold_reason = False

    def test_a_refusal_as_the_decision_ends_it(self):
        for code in REFUSED:
            with self.subTest(code=code):
                protection = self._make_queued()
                self.service.script(POLL, code)
                self._run_queue()
                self.assertValues(protection, state="rejected", last_code=code)
                told = self._get_told(protection)
                number = protection.application_number
                self.assertIn(f"Trusted Shops refused application {number}: ", told)
                self.assertIn(f", {code}.", told)
                for promise in PROMISES:
                    self.assertNotIn(promise, protection.explanation)
                self.assertEqual(len(self._get_todos(protection)), 1)
                self.assertFalse(self.certificate.hold_reason)

    def test_an_undecided_answer_ends_no_application(self):
        for code in (*UNPUBLISHED, *RETRIED, -10003):
            with self.subTest(code=code):
                protection = self._make_queued()
                self.service.script(POLL, code)
                self._run_queue()
                self.assertValues(
                    protection,
                    state="requested",
                    last_code=code,
                    fee_state="due",
                    billable="undecided",
                )
                self.assertTrue(protection.application_number)
                # Another application counts: a person looks at once.
                told = int(code == -10003)
                then = " Look up the order number" if told else ""
                self.assertIn(f", {code}.{then}", protection.explanation)
                self.assertFalse(self.certificate.hold_reason)
                self.assertEqual(len(self._get_todos(protection)), told)
                protection.state = "cancelled"

    def test_a_person_looks_it_up_after_a_week_and_a_later_decision_counts(self):
        for code in (-9999, -10001, -10003, -10017):
            with self.subTest(code=code):
                self.clock.move_to("2026-11-02 10:00:00")
                protection = self._make_queued()
                self.service.always[POLL] = code
                for _day in range(7):
                    self._run_queue()
                    self._wait(days=1)
                # Which application counts is asked already.
                is_told = code == -10003
                self.assertEqual(len(self._get_todos(protection)), is_told)
                self._run_queue()
                self.assertEqual(protection.state, "requested")
                words = f"answered {get_code(code).symbol}, {code}. Look up the order"
                self.assertTodo(protection, words)
                self.assertEqual(
                    self._get_todos(protection), [f"<p>{protection.explanation}</p>"]
                )
                self.assertIn("not_found", protection.possible_buttons)
                self.service.always[POLL] = 99
                self._run_queue(days=1)
                self.assertValues(
                    protection,
                    state="confirmed",
                    guarantee_number="99",
                    last_code=0,
                    explanation="",
                )
                self.assertFalse(protection.activity_ids)
                self.assertEqual(len(self._get_mails(protection)), 1)

    def test_every_published_code_has_a_case_here(self):
        self.assertEqual({*APPLICATION_CODES}, {*REFUSED, *RETRIED, -10003, -11111})

    def test_trouble_is_no_decision(self):
        protection = self._make_queued()
        self.service.script(POLL, READ_TIMEOUT, int("9" * 4000), -11111)
        self._run_queue()
        self._run_queue(minutes=10)
        self._run_queue(minutes=10)
        self.assertValues(
            protection,
            state="requested",
            application_number="4711",
            guarantee_number=False,
            next_attempt_at=datetime(2026, 11, 2, 10, 30),
        )
        self.assertEqual(
            protection.explanation,
            "Trusted Shops has technical problems: SYSTEM_EXCEPTION, -11111.",
        )
        self.assertFalse(self._get_todos(protection))

    def test_an_application_that_has_a_number_is_not_applied_for_again(self):
        """Trusted Shops would only say that it knows the order."""
        protection = self._make_queued()
        self.service.script(POLL, -10014)
        self._run_queue()
        self.assertValues(
            protection,
            state="rejected",
            application_number="4711",
            possible_buttons="enter_number,refund_fee",
        )
        with self.assertRaises(UserError):
            protection.action_apply_now()
        self.assertEqual(len(self.service.get_parts(APPLY)), 1)

    def test_a_held_certificate_is_asked_once_an_hour(self):
        self.service.always["checkLogin"] = -10001
        self._make_answered(-10001)
        asked = []
        for _quarter in range(12):
            self._run_queue(minutes=15)
            asked.append(len(self.service.get_parts("checkLogin")))
        self.assertEqual(asked, [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3])
        self.assertEqual(len(self._get_todos(self.certificate)), 1)

    def test_a_held_certificate_without_a_queue_is_asked_too(self):
        self.certificate._start_hold(-10002)
        self._run_queue(minutes=59)
        self.assertEqual(self.certificate.hold_reason, "suspended")
        self._run_queue(minutes=1)
        self.assertFalse(self.certificate.hold_reason)

    def test_a_suspended_certificate_that_passes_its_check_nags_once(self):
        protection = self._make_queued()
        self.service.always[APPLY] = -10002
        for _hour in range(4):
            self._run_queue()
            self._wait(hours=1)
        self.assertEqual(len(self.service.get_parts(APPLY)), 4)
        self.assertEqual(protection.state, "queued")
        self.assertFalse(protection.activity_ids)
        self.assertEqual(len(self._get_todos(self.certificate)), 1)
