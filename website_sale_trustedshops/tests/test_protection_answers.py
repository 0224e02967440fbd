# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import socket
from datetime import datetime, timedelta

import requests

from odoo import models
from odoo.exceptions import UserError

from ..lib.codes import APPLICATION_CODES
from .common import APPLY, POLL, TrustedShopsCommon
from .fake_service import HTML_PAGE, make_fault

# By code: how its sentence begins, and the words of its cure.
ITEM_GONE = (
    "Trusted Shops does not sell the protection TS080501_500_",
    "Check the cert",
)
PAYMENT_TYPE = (
    "Trusted Shops does not accept the payment type Other",
    "to activate it",
)
CURRENCY = ("Trusted Shops does not protect orders in EUR", "fees in this currency")
APPLICATION = (
    "Trusted Shops found a mistake in the application itself.",
    "Report the code",
)
EMAIL = (
    "The buyer's e-mail address is missing, or Trusted Shops",
    "Ask the buyer for another one and apply again until 11/5/26",
)
REFUSALS = {
    -10004: ITEM_GONE,
    -10005: PAYMENT_TYPE,
    -10006: PAYMENT_TYPE,
    -10007: CURRENCY,
    -10008: CURRENCY,
    -10009: CURRENCY,
    -10010: PAYMENT_TYPE,
    -10012: APPLICATION,
    -10013: ("Trusted Shops accepts no application for an", "older than three days"),
    -10014: EMAIL,
    -10015: APPLICATION,
    -10016: APPLICATION,
    -10018: EMAIL,
    -10019: ITEM_GONE,
    -11001: APPLICATION,
    -12345: ("Trusted Shops gave an answer that is not documented.", "what it means"),
}
# The same for codes after which the application is tried again.
BAD_CERTIFICATE = "The certificate or its login is not accepted"
RETRIES = {
    -10001: (BAD_CERTIFICATE, "Enter the user and password again"),
    -10002: (BAD_CERTIFICATE, "suspended the credit limit"),
    -10011: (BAD_CERTIFICATE, "granted no credit limit"),
    -10017: ("The credit limit of the certificate is used up.", "for a higher one"),
    -11111: ("Trusted Shops has technical problems.", "We try again."),
}
UNPUBLISHED = (-1, -9999, -10000, -10020, -11000, -12345)
# What a code means that comes as the decision about an application, not as an answer
# to it: nothing is corrected and sent again then.
DECISIONS = {
    **{
        code: meaning
        for code, (meaning, _cure) in REFUSALS.items()
        if code not in UNPUBLISHED
    },
    -10014: "It does not accept the buyer's e-mail address.",
    -10018: "It does not accept the buyer's e-mail address.",
}
# What a code means that decides nothing about an application.
UNDOCUMENTED = "Trusted Shops gave an answer that is not documented."
LIMIT_CLOSED = "The credit limit of the certificate is used up or closed."
UNCLEAR = {
    **dict.fromkeys(UNPUBLISHED, UNDOCUMENTED),
    -10001: "It does not know the application under this certificate.",
    -10002: LIMIT_CLOSED,
    -10003: "It had an application under this order number already.",
    -10011: LIMIT_CLOSED,
    -10017: LIMIT_CLOSED,
}
# What a decision must not promise, because it does not happen.
PROMISES = ("ry again", "apply again", "keep asking", "Correct the cert")
READ_TIMEOUT = requests.exceptions.ReadTimeout("slow")


class TestQueueAnswers(TrustedShopsCommon):
    """Every answer but a number: what becomes of the row, and who is told."""

    is_frozen = True

    def test_a_known_number_at_the_first_call_is_not_ours(self):
        """As after a restored backup, it is not known whose it is."""
        protection = self._make_answered(-10003)
        self.assertValues(protection, state="on_hold", last_code=-10003)
        [todo] = self._get_todos(protection)
        self.assertIn("this order was never sent. Compare buyer, amount and", todo)
        self.assertIn("press Enter number; if not, press Refund fee.", todo)
        self._run_queue(days=3)
        self.assertEqual(protection.state, "failed")
        todos = " ".join(self._get_todos(protection))
        self.assertIn("Compare buyer, amount and date", todos)
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
            " Compare buyer, amount and date of the application at Trusted Shops. If it"
            " is this purchase, press Enter number; if not, press Not found at Trusted"
            " Shops.",
        )

    def test_a_lost_answer_is_remembered_over_later_answers(self):
        protection = self._make_answered(READ_TIMEOUT, -10017, -10003)
        self.assertEqual(protection.state, "requested")

    def test_a_refused_connection_leaves_no_doubt(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        protection = self._make_queued()
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.sandbox_url", f"http://127.0.0.1:{port}"
        )
        self._change_certificate(environment="sandbox")
        protection.write({"environment": "sandbox", "is_test": True})
        self._run_queue()
        self.assertValues(
            protection,
            state="queued",
            may_have_arrived=False,
            attempt_count=1,
            next_attempt_at=datetime(2026, 11, 2, 10, 1),
        )

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
            (READ_TIMEOUT, "An application may have arrived"),
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

    def test_every_other_code_rejects_and_tells_a_person(self):
        unpublished = dict.fromkeys(UNPUBLISHED, REFUSALS[-12345])
        refusals = {**REFUSALS, **unpublished}
        for code, (meaning, cure) in refusals.items():
            with self.subTest(code=code):
                protection = self._make_answered(code)
                self.assertValues(protection, state="rejected", last_code=code)
                self._assert_explained(protection, meaning, cure)
                self.assertIn(f"(code {code})", self._get_told(protection))
                self.assertTodo(protection, f"(code {code})")
        self._run_queue(hours=2)  # sends none of them again
        self.assertEqual(len(self.service.get_parts(APPLY)), len(refusals))

    def test_a_retry_is_explained(self):
        holds = {-10001: "login", -10002: "suspended", -10011: "no_limit"}
        for code, (meaning, cure) in RETRIES.items():
            with self.subTest(code=code):
                protection = self._make_answered(code)
                wait = timedelta(hours=1) if code == -10017 else timedelta(minutes=1)
                self.assertValues(
                    protection,
                    state="queued",
                    last_code=code,
                    next_attempt_at=datetime.now() + wait,
                )
                self._assert_explained(protection, meaning, cure)
                self.assertEqual(self.certificate.hold_reason, holds.get(code, False))
                protection.state = "cancelled"
                self.certificate.hold_reason = False

    def test_a_code_as_a_decision_is_explained_as_one(self):
        for code, meaning in DECISIONS.items():
            with self.subTest(code=code):
                protection = self._make_queued()
                self.service.script(POLL, code)
                self._run_queue()
                self.assertValues(protection, state="rejected", last_code=code)
                told = self._get_told(protection)
                number = protection.application_number
                start = f"Trusted Shops refused application {number}. {meaning}"
                self.assertTrue(told.startswith(start), told)
                self.assertIn(f"(code {code})", told)
                for promise in PROMISES:
                    self.assertNotIn(promise, protection.explanation)
                self.assertEqual(len(self._get_todos(protection)), 1)
                self.assertFalse(self.certificate.hold_reason)

    def _ask_undecided(self, code):
        """Return a protection about which Trusted Shops gave an undecided answer."""
        self.clock.move_to("2026-11-02 10:00:00")
        protection = self._make_queued()
        self.service.always[POLL] = code
        self._run_queue()
        return protection

    def test_an_undecided_answer_ends_no_application(self):
        for code, meaning in UNCLEAR.items():
            with self.subTest(code=code):
                number = str(4711 + len(self.service.get_parts(APPLY)))
                protection = self._ask_undecided(code)
                self.assertValues(
                    protection,
                    state="requested",
                    application_number=number,
                    last_code=code,
                    fee_state="due",
                    billable="undecided",
                )
                self._assert_explained(
                    protection,
                    f"Asked about application {number}, Trusted Shops said: {meaning}",
                    f"(code {code}) We keep asking.",
                )
                self.assertFalse(self.certificate.hold_reason)
                # Another application counts: a person looks at once.
                told = int(code == -10003)
                self.assertEqual(len(self._get_todos(protection)), told)
                protection.state = "cancelled"

    def test_a_person_looks_up_what_is_undecided_for_a_week(self):
        for code, meaning in UNCLEAR.items():
            with self.subTest(code=code):
                protection = self._ask_undecided(code)
                for _day in range(7):
                    self._run_queue(days=1)
                self.assertEqual(protection.state, "requested")
                # Which application counts is asked already.
                words = "was not decided within a week"
                self.assertTodo(protection, meaning if code == -10003 else words)
                self.assertTodo(protection, meaning)
                self.assertEqual(
                    self._get_todos(protection), [f"<p>{protection.explanation}</p>"]
                )
                self.assertIn("not_found", protection.possible_buttons)
                protection.state = "cancelled"

    def test_a_decision_counts_however_late_it_is(self):
        for code in UNCLEAR:
            with self.subTest(code=code):
                protection = self._ask_undecided(code)
                for _day in range(7):
                    self._run_queue(days=1)
                self.assertTrue(self._get_todos(protection))
                self.service.always[POLL] = 99
                self._run_queue(days=1)
                self.assertValues(
                    protection, state="confirmed", last_code=0, explanation=""
                )
                self.assertFalse(self._get_todos(protection))

    def test_an_odd_answer_costs_the_buyer_no_protection(self):
        protection = self._make_queued()
        self.service.script(POLL, -10001, -9999, 99)
        for _question in range(3):
            self._run_queue(minutes=10)
        self.assertValues(protection, state="confirmed", guarantee_number="99")
        self.assertEqual(len(self._get_mails(protection)), 1)
        self.assertFalse(protection.activity_ids)

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
        self._assert_explained(
            protection, "Trusted Shops has technical problems.", "We keep asking."
        )
        self.assertFalse(self._get_todos(protection))

    def test_every_published_code_has_a_case_here(self):
        for cases in ({-10003, *REFUSALS, *RETRIES}, {*DECISIONS, *UNCLEAR, -11111}):
            self.assertEqual(set(APPLICATION_CODES), cases - set(UNPUBLISHED))

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

    def _assert_explained(self, protection, meaning, cure):
        self.assertTrue(protection.explanation.startswith(meaning))
        self.assertIn(cure, protection.explanation)

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
        self.certificate._hold(-10002)
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
