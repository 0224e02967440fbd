# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ssl
from datetime import datetime, timedelta
from unittest.mock import patch

import requests

from odoo import fields

from ..lib.exceptions import RetryableError
from .common import APPLY, APPLY_CRON, POLL, REFRESH_CRON, TrustedShopsCommon
from .fake_service import make_fault

CHECK = "checkCertificate"
LOGGER = "odoo.addons.website_sale_trustedshops.models.queue.service"
SILENCE = requests.ReadTimeout("slow")
DOWN = (503, "down")
BROKEN = (500, "<html>Internal Server Error</html>")


class ServiceCommon(TrustedShopsCommon):
    """A service that does not answer; the clock stands at 10:00."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.soap = cls.env.ref("website_sale_trustedshops.service_soap_production")
        cls.applying = cls.env.ref(
            "website_sale_trustedshops.service_applying_production"
        )

    def _be_away(self, answer=SILENCE):
        self.service.always[APPLY] = answer
        self.service.always[CHECK] = answer

    def _come_back(self):
        self.service.always.clear()

    def _end_rest(self):
        """Override: here a rest lasts."""

    def _end_silence(self):
        end_rest = super()._end_rest
        return end_rest()

    def _make_rows(self, count):
        rows = [self._make_queued() for _count in range(count)]
        return self.env["trustedshops.protection"].union(*rows)

    def _count(self, name=APPLY):
        return len(self.service.get_parts(name))

    def _fall_silent(self, count=5):
        """Return rows of which the newest got no answer, nor did the probe."""
        rows = self._make_rows(count)
        self._be_away()
        self._run_queue()
        self.assertEqual(self.soap.silent_since, datetime(2026, 11, 2, 10))
        return rows

    def _fail_to_apply(self, count=5):
        """Return rows of which two got no answer, but the probe did."""
        rows = self._make_rows(count)
        self.service.always[APPLY] = SILENCE
        self._run_queue()
        return rows


class TestOutage(ServiceCommon):
    """Only the probe makes a service silent; one person hears of it, once."""

    def test_one_call_without_an_answer_and_the_probe_make_an_outage(self):
        rows = self._fall_silent()
        self.assertEqual((self._count(), self._count(CHECK)), (1, 1))
        self.assertEqual(self.soap.rests_until, datetime(2026, 11, 2, 10, 1))
        self.assertFalse(self.applying.silent_since)
        called_at = self._get_triggers().mapped("call_at")
        self.assertIn(datetime(2026, 11, 2, 10, 1), called_at)
        self._run_queue(seconds=59)
        self.assertEqual((self._count(), self._count(CHECK)), (1, 1))
        self._come_back()
        self._run_queue(seconds=1)
        self.assertEqual(set(rows.mapped("state")), {"requested"})
        self.assertFalse(self.soap.silent_since)

    def test_it_is_asked_again_after_one_two_four_and_then_every_ten_minutes(self):
        self._fall_silent()
        pauses = []
        for _probe in range(6):
            pause = self.soap.rests_until - fields.Datetime.now()
            pauses.append(pause.total_seconds() / 60)
            self._run_queue(minutes=pauses[-1])
        self.assertEqual(pauses, [1, 2, 4, 10, 10, 10])
        self.assertEqual((self._count(), self._count(CHECK)), (1, 7))

    def test_an_archived_certificate_can_be_asked_too(self):
        self._make_queued()
        self.certificate.action_archive()
        self._be_away()
        self._run_queue()
        self.assertTrue(self.soap.silent_since)

    def test_a_certificate_with_an_unreadable_answer_makes_no_outage(self):
        self._fall_silent()
        others = [
            self._make_certificate(ts_id="X" + digit * 32, mode="disabled")
            for digit in "789"
        ]
        asked = []

        def answer(parts):
            asked.append(parts["tsId"])
            is_good = asked[-1] == others[1].ts_id
            return self.service._answer_checkCertificate(parts) if is_good else BROKEN

        self.service.always = {CHECK: answer}
        self._run_queue(minutes=1)
        self.assertEqual(len(asked), 3)
        self.assertFalse(self.soap.silent_since)

    def _hang(self, answer, seconds=5):
        """Have each probe take some time; return the certificates that are asked."""
        clock, asked = [0], []

        def probe(certificate):
            clock[0] += seconds
            asked.append(certificate)
            return answer

        self.enterContext(patch(f"{LOGGER}.time.monotonic", lambda: clock[0]))
        self.enterContext(patch.object(type(self.certificate), "_probe", probe))
        return asked

    def test_a_probe_that_hangs_twice_is_over(self):
        self._fall_silent()
        for digit in "789":
            self._make_certificate(ts_id="X" + digit * 32, mode="disabled")
        asked = self._hang(RetryableError("no answer in time"))
        self._run_queue(minutes=1)
        self.assertEqual(len(asked), 2)
        self.assertTrue(self.soap.silent_since)

    def test_the_pause_is_twice_as_long_as_the_probe_took(self):
        self._make_queued()
        self.service.always[APPLY] = SILENCE
        asked = self._hang(None, seconds=40)
        self._run_queue()
        self.assertEqual(len(asked), 1)
        self.assertEqual(self.soap.rests_until, datetime(2026, 11, 2, 10, 1, 20))

    def test_what_counts_as_an_answer(self):
        for answer, is_silent in (
            (-11111, False),
            (make_fault(), False),
            (-10017, False),
            (BROKEN, True),
            ((200, "<html>"), True),
            (DOWN, True),
            (requests.ConnectTimeout(), True),
            (SILENCE, True),
        ):
            with self.subTest(answer=answer):
                self.service.calls.clear()
                self._end_silence()
                row = self._make_queued()
                self.service.script(APPLY, answer)
                self.service.always[CHECK] = SILENCE
                self._run_queue()
                self.assertEqual(bool(self.soap.silent_since), is_silent)
                self.assertEqual(self._count(CHECK), int(is_silent))
                row.state = "cancelled"

    def test_a_run_ends_at_the_second_call_without_an_answer(self):
        rows = self._make_rows(5)
        self.service.script(APPLY, SILENCE, 4712, SILENCE)
        self._run_queue()
        self.assertEqual((self._count(), self._count(CHECK)), (3, 1))
        # Two in succession would have made a rest.
        self.assertFalse(self.applying.silent_since)
        self._run_queue(seconds=59)
        self.assertEqual(self._count(), 3)
        self._run_queue(seconds=1)
        self.assertEqual(set(rows.mapped("state")), {"requested"})

    def test_calls_that_hang_leave_twice_as_much_to_others(self):
        self._make_rows(1)

        def be_slow(_parts):
            self._wait(seconds=45)
            raise SILENCE

        with patch(
            "odoo.addons.website_sale_trustedshops.models.queue.service.time.monotonic",
            lambda: datetime.now().timestamp(),
        ):
            self.service.script(APPLY, be_slow)
            self._run_queue()
        self.assertEqual(self.soap.rests_until, datetime(2026, 11, 2, 10, 2, 15))

    def test_one_activity_after_a_quarter_of_an_hour_until_it_is_over(self):
        rows = self._fall_silent(4)
        for wait in (1, 2, 4, 7):
            self._run_queue(minutes=wait)
        self.assertFalse(self.soap.activity_ids)
        self._run_queue(minutes=3)
        [activity] = self.soap.activity_ids
        self.assertEqual(activity.user_id, self.certificate.user_id)
        # The same words for everybody, and no moment.
        told = (
            "Trusted Shops does not answer (no usable answer): Certificates and Buyer"
            " Protection, Production. What waits is sent as soon as it answers. If this"
            " lasts, check whether this server can reach Trusted Shops."
        )
        self.assertEqual(activity.note, f"<p>{told}</p>")
        self.assertEqual(self.soap.notice, told)
        self.assertEqual(rows[0].explanation, told)
        [finding] = [
            each
            for each in self.certificate._get_findings()
            if each["cause"] == "silent"
        ]
        self.assertEqual(finding["text"], told)
        self.assertFalse(rows.activity_ids)
        self._come_back()
        self._run_queue(minutes=10)
        self.assertEqual(set(rows.mapped("state")), {"requested"})
        self._run_queue(minutes=29)
        self.assertEqual(self.soap.activity_ids, activity)
        self._run_queue(minutes=1)
        self.assertFalse(self.soap.activity_ids)

    def test_a_trouble_that_comes_back_goes_on_with_the_same_activity(self):
        self._fall_silent(2)
        self._run_queue(minutes=15)
        [activity] = self.soap.activity_ids
        self._come_back()
        self._run_queue(minutes=10)
        self.assertFalse(self.soap.silent_since)
        self._make_queued()
        self._be_away()
        self._run_queue(minutes=29)
        self._run_queue(minutes=10)
        self.assertTrue(self.soap.silent_since)
        self.assertEqual(self.soap.activity_ids, activity)

    def test_an_activity_that_a_person_closed_does_not_come_back(self):
        self._fall_silent(2)
        self._run_queue(minutes=15)
        self.soap.activity_ids.action_feedback()
        self._run_queue(minutes=10)
        self.assertTrue(self.soap.silent_since)
        self.assertFalse(self.soap.activity_ids)

    def test_an_activity_stays_while_a_missed_application_waits(self):
        rows = self._fall_silent(2)
        self._run_queue(minutes=15)
        for row in rows.filtered("next_attempt_at"):
            row.next_attempt_at += timedelta(days=1)
        self._come_back()
        self._run_queue(minutes=10)
        self._run_queue(hours=2)
        self.assertFalse(self.soap.silent_since)
        self.assertTrue(self.soap.activity_ids)
        self._run_queue(days=1)
        self._run_queue(minutes=1)
        self.assertFalse(self.soap.activity_ids)

    def test_bug_in_a_probe_stops_no_other_service(self):
        elsewhere = self._make_queued()
        self._run_queue()
        self._fall_silent()
        elsewhere.write(
            {
                "environment": "qa",
                "state": "requested",
                "next_attempt_at": fields.Datetime.now(),
            }
        )
        with (
            patch.object(type(self.certificate), "_probe", side_effect=KeyError("x")),
            self.assertLogs(LOGGER, "ERROR") as logged,
        ):
            self._run_queue(minutes=1)
        self.assertIn("could not be probed", logged.output[0])
        # Its application was asked for.
        self.assertEqual(elsewhere.next_attempt_at, datetime(2026, 11, 2, 10, 11))
        # The probe is tried again after a rest, not at once.
        self.assertEqual(self.soap.rests_until, datetime(2026, 11, 2, 10, 2))

    def test_a_good_check_by_a_person_ends_it(self):
        rows = self._fall_silent()
        self._forget_triggers()
        self._come_back()
        self.certificate.action_check_now()
        self.assertFalse(self.soap.silent_since)
        self.assertTrue(self._get_triggers())
        self._run_queue(minutes=1)
        self.assertEqual(set(rows.mapped("state")), {"requested"})

    def _check_certificates(self):
        with self.enter_registry_test_mode():
            self.env.ref(REFRESH_CRON).method_direct_trigger()

    def test_the_daily_check_notices_an_outage_and_goes_on_when_it_is_over(self):
        second = self._make_certificate(ts_id="X" + "7" * 32, mode="disabled")
        both = self.certificate + second
        both.last_attempt_at = False
        self.service.calls.clear()
        self._be_away()
        self._check_certificates()
        self.assertEqual(self._count(CHECK), 3)  # one check, and a probe with each
        self.assertTrue(self.soap.silent_since)
        self._come_back()
        self._wait(minutes=1)
        self._check_certificates()
        self.assertTrue(all(each.last_attempt_at for each in both))
        self.assertFalse(self.soap.silent_since)

    def test_polls_and_checks_go_on_while_applications_rest(self):
        asked = self._make_queued()
        self._run_queue()
        self._fail_to_apply(2)
        self.certificate.last_attempt_at = False
        self.service.calls.clear()
        self._run_queue(minutes=10)
        self.assertEqual(self._count(POLL), 1)
        self._wait(minutes=1)  # for a moment after a call in vain nobody calls
        self._check_certificates()
        self.assertEqual(self._count("getProtectionItems"), 1)
        self.assertEqual(asked.state, "requested")


class TestApplyingRests(ServiceCommon):
    """Two different rows in succession without an answer: applications rest."""

    def _count_pauses(self, count):
        pauses = []
        for _rest in range(count):
            pause = self.applying.rests_until - fields.Datetime.now()
            pauses.append(pause.total_seconds() / 60)
            self._run_queue(minutes=pauses[-1])
        return pauses

    def test_it_rests_five_ten_twenty_and_then_thirty_minutes(self):
        rows = self._fail_to_apply()
        self.assertEqual(self._count_pauses(6), [5, 10, 20, 30, 30, 30])
        self.assertEqual(self._count(), 2 + 6)  # each time one alone
        self.assertFalse(self.soap.silent_since)
        self.env.invalidate_all()
        # One activity, none per order, and the same words for everybody.
        self.assertFalse(rows.activity_ids)
        self.assertTodo(self.applying, "gave no answer to the last calls")
        self.assertIn(self.applying.notice, rows[-1].explanation)
        self.assertIn(
            self.applying.notice,
            [each["text"] for each in self.certificate._get_findings()],
        )

    def test_any_answer_to_an_application_ends_it(self):
        for answer in (4999, -11111, -10004, make_fault()):
            with self.subTest(answer=answer):
                rows = self._fail_to_apply(3)
                self.service.always.clear()
                self.service.script(APPLY, answer)
                self._run_queue(minutes=4)
                self.assertTrue(self.applying.silent_since)
                self.assertEqual(rows.mapped("state"), ["queued"] * 3)
                self._run_queue(minutes=1)
                self.assertFalse(self.applying.silent_since)
                self._run_queue(hours=1)
                self.assertNotIn("queued", rows.mapped("state"))
                self.assertFalse(self.applying.activity_ids)

    def test_two_rows_in_two_runs_make_it_too(self):
        self.service.always[APPLY] = SILENCE
        first = self._make_queued()
        self._run_queue()
        first.next_attempt_at += timedelta(days=1)
        self.assertFalse(self.applying.silent_since)
        self._make_queued()
        self._run_queue(minutes=5)
        self.assertTrue(self.applying.silent_since)

    def test_one_row_alone_makes_no_rest(self):
        self._make_queued()
        self.service.always[APPLY] = SILENCE
        for _attempt in range(4):
            self._run_queue(hours=1)
        self.assertEqual(self._count(), 4)
        self.assertFalse(self.applying.silent_since)

    def test_the_newest_with_the_fewest_attempts_goes_first_and_the_oldest_second(self):
        rows = self._make_rows(4)
        rows[0].attempt_count, rows[3].attempt_count = 9, 1
        self._run_queue()
        order = [parts["shopOrderID"] for parts in self.service.get_parts(APPLY)]
        expected = [rows[2], rows[0], rows[1], rows[3]]
        self.assertEqual(order, [row.order_reference for row in expected])

    def test_it_ends_when_no_application_waits(self):
        rows = self._fail_to_apply()
        self._count_pauses(3)
        self.env.invalidate_all()
        self.assertTodo(self.applying, "gave no answer to the last calls")
        rows.state = "cancelled"
        self._run_queue(minutes=30)
        self.assertFalse(self.applying.silent_since)
        self.env.invalidate_all()
        self.assertFalse(self.applying.activity_ids)

    def test_button_tells_why_it_waits(self):
        [*_others, protection] = self._fail_to_apply(3)
        told = protection.with_user(self.manager).action_apply_now()
        self.assertIn("gave no answer to the last calls", told["params"]["message"])


class TestRetryAfter(ServiceCommon):
    """Trusted Shops says for how long it wants no calls."""

    def test_nothing_is_sent_or_asked_before(self):
        for status, header, minutes in (
            (429, "7200", 120),
            (429, None, 1),
            (503, "600", 10),
            (503, "Mon, 02 Nov 2026 10:30:00 GMT", 20),
        ):
            with self.subTest(status=status, header=header):
                self._freeze()
                self._end_silence()
                self.certificate.sudo().limited_until = False
                asked = self._make_queued()
                self._run_queue()
                self._wait(minutes=10)
                rows = self._make_rows(2)
                self.service.calls.clear()
                headers = {"Retry-After": header} if header else {}
                self.service.script(APPLY, (status, "later", headers))
                self._run_queue()
                self.assertEqual((self._count(), self._count(POLL)), (1, 0))
                self.assertFalse(self.soap.silent_since)
                self.assertTrue(self.certificate.limited_until)
                self.assertEqual(rows[1].trouble_count, 0)
                self._run_queue(minutes=minutes - 1, seconds=50)
                self.assertEqual((self._count(), self._count(POLL)), (1, 0))
                self._run_queue(seconds=70)
                self.assertEqual(set(rows.mapped("state")), {"requested"})
                (asked | rows).state = "cancelled"

    def test_a_service_that_only_asks_for_pauses_is_silent(self):
        self._make_rows(1)
        self._be_away((503, "later", {"Retry-After": "600"}))
        self._run_queue()
        self.assertTrue(self.soap.silent_since)


class TestWords(ServiceCommon):
    """Silence is no riddle."""

    def test_a_wrong_certificate_of_the_server_is_said_in_words(self):
        wrong = requests.exceptions.SSLError(ssl.SSLCertVerificationError("wrong"))
        protection = self._make_queued()
        self._be_away(wrong)
        self._run_queue()
        words = "its certificate could not be verified"
        self.assertIn(words, self._get_told(protection))
        self.assertEqual(self.soap.last_error, "unverified")
        self.assertIn(words, self.soap.notice)
        self.certificate.action_check_now()
        self.assertIn(words, self.certificate._get_check_finding()["text"])


class TestPages(ServiceCommon):
    """Shoppers do not see an outage."""

    def test_an_outage_flips_no_page(self):
        self._make_rows(3)
        self._be_away()
        registry = type(self.env.registry)
        with patch.object(registry, "clear_cache", autospec=True) as clear:
            for minutes in (0, 1, 2):
                self._run_queue(minutes=minutes)
            self.certificate.sudo().limited_until = datetime(2026, 11, 2, 12)
            self.env.flush_all()
        clear.assert_not_called()
        self.assertTrue(self.soap.silent_since)
        self.assertTrue(self.certificate._is_usable_by(self.website.user_id))


class TestClock(ServiceCommon):
    """A clock that jumps ends nothing and keeps nothing waiting."""

    def _run_after(self, lastcall):
        cron = self.env.ref(APPLY_CRON)
        cron.lastcall = lastcall
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_after_a_jump_it_is_applied_first_and_trusted_shops_decides(self):
        now = datetime(2026, 11, 7, 10)
        for lastcall, state in (
            (now - timedelta(hours=3, seconds=1), "rejected"),
            (now + timedelta(seconds=1), "rejected"),
            (False, "rejected"),
            (now - timedelta(hours=3), "failed"),
            (now, "failed"),
        ):
            with self.subTest(lastcall=lastcall):
                self._freeze()
                protection = self._make_queued()
                self._wait(days=5)
                self.service.script(APPLY, -10013)
                self._run_after(lastcall)
                self.assertEqual(protection.state, state)
                self.service.reset()

    def test_wait_set_by_a_wrong_clock_is_ignored(self):
        protection = self._make_queued()
        protection.next_attempt_at = datetime(2027, 1, 1)
        self.soap.rests_until = datetime(2027, 1, 1)
        self.certificate.sudo().limited_until = datetime(2027, 1, 1)
        self._run_queue()
        self.assertEqual(protection.state, "requested")
        protection.next_attempt_at = datetime(2027, 1, 1)
        self._run_queue()
        self.assertEqual(self._count(POLL), 2)

    def test_a_lease_of_a_wrong_clock_is_over(self):
        protection = self._make_queued()
        protection.write(
            {
                "state": "sending",
                "attempt_count": 1,
                "lease_until": datetime(2027, 1, 1),
            }
        )
        self._run_queue()
        self.assertEqual(protection.state, "queued")
        self.assertTrue(protection.may_have_arrived)


class TestMayAsk(ServiceCommon):
    """Everybody asks the certificate whether Trusted Shops may be asked."""

    STATES = {
        "": {},
        "login": {"hold_reason": "login"},
        "suspended": {"hold_reason": "suspended"},
        "no_limit": {"hold_reason": "no_limit"},
        "login_missing": {"ws_user": False},
        "limited": {"limited_until": datetime(2026, 11, 2, 11)},
        "resting": {},
        "silent": {},
        "applying": {},
    }
    SERVICE = {
        "resting": {"rests_until": datetime(2026, 11, 2, 10, 1)},
        "silent": {
            "silent_since": datetime(2026, 11, 2, 9),
            "rests_until": datetime(2026, 11, 2, 10, 30),
        },
    }
    SERVICE["applying"] = SERVICE["silent"]
    # What a login that is refused hides, and silence does not.
    REFUSALS = ("login", "suspended", "no_limit", "login_missing")

    def _ask_all(self, protection):
        """Return what each who asks takes for the answer."""
        certificate = self.certificate
        protections, now = self.env["trustedshops.protection"], datetime.now()
        own = [("id", "=", certificate.id)]
        findings = certificate._get_findings()
        return {
            "method": certificate._get_sending_wait(now).code,
            "domain": bool(
                certificate.search([*own, *certificate._get_sendable_domain(now)])
            ),
            "applications": bool(
                protections.search(protections._get_applications_domain())
            ),
            "words": bool(certificate._format_wait()),
            "order's tab": protection.explanation,
            "offer": certificate._is_usable_by(self.website.user_id),
            "problem": any(
                each["level"] == "problem" and each["cause"].startswith("hold_")
                for each in findings
            ),
        }

    def test_reason_and_domain_agree_in_every_state(self):
        protection = self._make_queued()
        before = {"hold_reason": False, "limited_until": False}
        for code, values in self.STATES.items():
            certificate_sudo = self.certificate.sudo()
            certificate_sudo.ws_user = "u"
            certificate_sudo.write({**before, **values})
            self._end_silence()
            service = self.applying if code == "applying" else self.soap
            service.write(self.SERVICE.get(code, {}))
            protection.next_attempt_at = fields.Datetime.now()
            self.env.invalidate_all()
            is_refused = code in self.REFUSALS
            with self.subTest(code=code):
                self.assertEqual(
                    self._ask_all(protection),
                    {
                        "method": code,
                        "domain": not code,
                        "applications": not code,
                        "words": code not in ("", "resting"),
                        "order's tab": certificate_sudo._format_wait(),
                        "offer": not is_refused,
                        "problem": is_refused,
                    },
                )

    def test_a_service_stays_silent_until_the_probe_is_answered(self):
        self.soap.write(self.SERVICE["silent"])
        until = datetime(2026, 11, 2, 10, 30)
        self.assertEqual(self.certificate._get_wait(), ("silent", until))
        later = datetime(2026, 11, 2, 10, 45)
        self.assertEqual(self.certificate._get_wait(later), ("silent", later))

    def test_after_a_rest_one_row_goes_alone(self):
        self.applying.write(self.SERVICE["silent"])
        later = datetime(2026, 11, 2, 10, 45)
        self.assertEqual(self.certificate._get_sending_wait(later), ("", False))

    def test_an_archived_certificate_offers_nothing_but_its_queue_goes_on(self):
        protection = self._make_queued()
        self.certificate.action_archive()
        self._run_queue()
        self.assertEqual(protection.state, "requested")

    def test_new_password_releases_the_queue(self):
        protection = self._make_queued()
        self.service.script(APPLY, -10001)
        self._run_queue()
        self.assertEqual(self.certificate.hold_reason, "login")
        self.assertEqual(self.certificate.refused_at, datetime(2026, 11, 2, 10))
        [finding] = [
            each
            for each in self.certificate._get_findings()
            if each["cause"] == "hold_login"
        ]
        self.assertIn("10:00", finding["date"])
        self.assertTodo(self.certificate, "does not accept the web service login")
        self.certificate.write({"ws_user": "u", "new_ws_password": "right"})
        self.assertFalse(self.certificate.hold_reason)
        self.assertFalse(self._get_todos(self.certificate))
        self._run_queue()
        self.assertEqual(protection.state, "requested")


class TestCreditLimit(ServiceCommon):
    """A used-up limit is the row's own; only its activity is the certificate's."""

    def test_smaller_orders_go_on_and_one_activity_tells_of_the_others(self):
        rows = self._make_rows(4)
        self.service.script(APPLY, -10017, -10017, -10017)
        self._run_queue()
        self.assertEqual(
            rows.mapped("state"), ["queued", "requested", "queued", "queued"]
        )
        self.assertFalse(rows.activity_ids)
        self.assertTodo(self.certificate, "credit limit")
        for _hour in range(3):
            self.service.script(APPLY, -10017)
            self._run_queue(hours=1)
        self.assertFalse(rows.activity_ids)
        self._run_queue(hours=1)
        self.assertFalse(self._get_todos(self.certificate))
