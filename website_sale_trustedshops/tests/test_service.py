# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

import requests

from odoo import fields

from ..lib.exceptions import RetryableError
from .common import APPLY, APPLY_CRON, POLL, REFRESH_CRON, TrustedShopsCommon

CHECK = "checkCertificate"
LOGGER = "odoo.addons.website_sale_trustedshops.models.service"
SILENCE = requests.ReadTimeout("slow")
DOWN = (503, "down")


class ServiceCommon(TrustedShopsCommon):
    """A service that does not answer; the clock stands at 10:00."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.soap = cls.env.ref("website_sale_trustedshops.service_soap_production")

    def _be_away(self, answer=SILENCE):
        self.service.always[APPLY] = answer
        self.service.always[CHECK] = answer

    def _come_back(self):
        self.service.always.clear()

    def _end_rest(self):
        """Override: here a rest lasts."""

    def _make_rows(self, count):
        rows = [self._make_queued() for _count in range(count)]
        return self.env["trustedshops.protection"].union(*rows)

    def _count(self, name=APPLY):
        return len(self.service.get_parts(name))

    def _fall_silent(self, count=5):
        """Return rows of which three got no answer, one a minute."""
        rows = self._make_rows(count)
        self._be_away()
        for minutes in (0, 1, 1):
            self._run_queue(minutes=minutes)
        self.assertEqual(self.soap.silent_since, datetime(2026, 11, 2, 10, 2))
        return rows


class TestOutage(ServiceCommon):
    """Three rows without an answer make an outage; one person hears of it, once."""

    def test_a_run_makes_one_call_without_an_answer_and_the_next_waits_a_minute(self):
        self._make_rows(5)
        self._be_away()
        self._run_queue()
        self.assertEqual(self._count(), 1)
        called_at = self._get_triggers().mapped("call_at")
        self.assertEqual(called_at, [datetime(2026, 11, 2, 10, 1)])
        self._run_queue(seconds=59)
        self.assertEqual(self._count(), 1)
        self._run_queue(seconds=1)
        self.assertEqual(self._count(), 2)

    def test_a_slow_call_leaves_four_times_as_much_to_others(self):
        self._make_rows(1)

        def be_slow(_parts):
            self._wait(seconds=30)
            raise SILENCE

        with patch(
            "odoo.addons.website_sale_trustedshops.models.service.time.monotonic",
            lambda: datetime.now().timestamp(),
        ):
            self.service.script(APPLY, be_slow)
            self._run_queue()
        self.assertEqual(self.soap.rests_until, datetime(2026, 11, 2, 10, 2, 30))

    def test_three_rows_without_an_answer_make_an_outage(self):
        self._fall_silent()
        self._run_queue(seconds=59)
        self.assertEqual((self._count(), self._count(CHECK)), (3, 0))
        # Then it is asked by a call that only reads.
        self._run_queue(seconds=1)
        self.assertEqual((self._count(), self._count(CHECK)), (3, 1))

    def test_one_row_that_is_never_answered_is_no_outage(self):
        self._make_rows(1)
        self._be_away()
        for _attempt in range(5):
            self._run_queue(hours=1)
        self.assertEqual(self._count(), 5)
        self.assertFalse(self.soap.silent_since)
        self._make_rows(2)
        self._come_back()
        self._run_queue(minutes=1)
        self.assertFalse(self.soap.missed)

    def test_answers_between_make_no_outage(self):
        self._make_rows(5)
        self.service.script(APPLY, SILENCE, SILENCE, -10004, SILENCE, SILENCE)
        for _run in range(5):
            self._run_queue(minutes=1)
        self.assertFalse(self.soap.silent_since)

    def test_after_the_probe_one_row_goes_alone_and_then_all(self):
        rows = self._fall_silent()
        self._come_back()
        self.service.script(APPLY, DOWN)
        self._run_queue(minutes=1)
        self.assertEqual((self._count(), self._count(CHECK)), (4, 1))
        self.assertTrue(self.soap.silent_since)
        self._run_queue(minutes=2)
        self.assertEqual(set(rows.mapped("state")), {"requested"})
        self.assertFalse(self.soap.silent_since)

    def test_it_is_asked_again_after_half_the_time_for_which_it_was_silent(self):
        self._fall_silent()
        pauses = []
        for _probe in range(14):
            pause = self.soap.rests_until - fields.Datetime.now()
            pauses.append(pause.total_seconds())
            self._run_queue(seconds=pauses[-1])
        self.assertEqual(pauses[:5], [60, 60, 60, 90, 135])
        self.assertEqual(pauses[-1], 3600)
        self.assertEqual((self._count(), self._count(CHECK)), (3, 14))

    def test_one_activity_after_a_quarter_of_an_hour_until_it_is_over(self):
        rows = self._fall_silent(40)
        self._run_queue(minutes=13)
        self.assertFalse(self.soap.activity_ids)
        for _run in range(2):
            self._run_queue(minutes=15)
        [activity] = self.soap.activity_ids
        self.assertIn("has not answered since 11/2/26, 10:02", activity.note)
        self.assertNotIn("Error", activity.note)  # which only developers know
        self.assertEqual(activity.user_id, self.certificate.user_id)
        self.assertFalse(rows.activity_ids)
        told = "".join(rows.message_ids.mapped("body"))
        self.assertNotIn("did not answer", told)
        self._come_back()
        self._run_queue(hours=1)
        self.assertFalse(self.soap.activity_ids)
        self.assertEqual(set(rows.mapped("state")), {"requested"})

    def test_trials_that_fail_are_told_of_no_row(self):
        [*_others, last] = self._fall_silent(4)
        del self.service.always[CHECK]
        for _trial in range(6):
            self._run_queue(hours=2)
        self.assertEqual(self._count(), 9)
        self.assertFalse(last.activity_ids)

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
        self.assertEqual(elsewhere.next_attempt_at, datetime(2026, 11, 2, 10, 13))
        # The probe is tried again after a rest, not at once.
        self.assertEqual(self.soap.rests_until, datetime(2026, 11, 2, 10, 4))

    def test_a_good_check_by_a_person_ends_it(self):
        rows = self._fall_silent()
        self._forget_triggers()
        self._come_back()
        self.certificate.action_check_now()
        self.assertFalse(self.soap.silent_since)
        self.assertTrue(self._get_triggers())
        self._run_queue(minutes=1)
        self.assertEqual(set(rows.mapped("state")), {"requested"})

    def test_the_daily_check_asks_one_certificate_and_goes_on_when_it_answers(self):
        second = self._make_certificate(ts_id="X" + "7" * 32, mode="disabled")
        both = self.certificate + second
        both.last_attempt_at = False
        self.service.calls.clear()
        self._be_away()
        with self.enter_registry_test_mode():
            self.env.ref(REFRESH_CRON).method_direct_trigger()
        self.assertEqual(self._count(CHECK), 1)
        self._come_back()
        self._wait(minutes=1)
        with self.enter_registry_test_mode():
            self.env.ref(REFRESH_CRON).method_direct_trigger()
        self.assertTrue(all(each.last_attempt_at for each in both))

    def test_an_outage_flips_no_page(self):
        self._make_rows(3)
        self._be_away()
        registry = type(self.env.registry)
        with patch.object(registry, "clear_cache", autospec=True) as clear:
            for minutes in (0, 1, 1, 1, 1, 1):
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
    }
    SERVICE = {
        "resting": {"rests_until": datetime(2026, 11, 2, 10, 1)},
        "silent": {
            "silent_since": datetime(2026, 11, 2, 9),
            "rests_until": datetime(2026, 11, 2, 10, 30),
        },
    }
    # What a login that is refused hides, and silence does not.
    REFUSALS = ("login", "suspended", "no_limit", "login_missing")

    def _ask_all(self, protection):
        """Return what each who asks takes for the answer."""
        certificate = self.certificate
        protections, now = self.env["trustedshops.protection"], datetime.now()
        own = [("id", "=", certificate.id)]
        findings = certificate._get_findings()
        return {
            "method": certificate._get_wait(now).code,
            "domain": bool(
                certificate.search([*own, *certificate._get_askable_domain(now)])
            ),
            "applications": bool(
                protections.search(protections._get_applications_domain())
            ),
            "words": bool(certificate._explain_wait()),
            "order's tab": protection.explanation,
            "offer": certificate._is_usable_by(self.website.user_id),
            "problem": any(
                each["level"] == "problem"
                and "login" in each["cause"]
                or each["cause"] == "limit"
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
            self.soap.write(
                {
                    "silent_since": False,
                    "rests_until": False,
                    **self.SERVICE.get(code, {}),
                }
            )
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
                        "order's tab": certificate_sudo._explain_wait(),
                        "offer": not is_refused,
                        "problem": is_refused,
                    },
                )

    def test_until_when_is_told(self):
        self.soap.write(self.SERVICE["silent"])
        wait = self.certificate._get_wait()
        self.assertEqual(wait, ("silent", datetime(2026, 11, 2, 10, 30)))
        self.assertIn("10:30", self.certificate._explain_wait())
        later = datetime(2026, 11, 2, 10, 45)
        self.assertEqual(self.certificate._get_wait(later), ("silent", later))
        self.soap.is_on_trial = True
        self.assertEqual(self.certificate._get_wait(later), ("", False))

    def test_an_archived_certificate_offers_nothing_but_its_queue_goes_on(self):
        protection = self._make_queued()
        self.certificate.action_archive()
        self._run_queue()
        self.assertEqual(protection.state, "requested")

    def test_button_tells_when_the_application_is_sent(self):
        protection = self._make_queued()
        self.soap.write(self.SERVICE["silent"])
        told = protection.with_user(self.manager).action_apply_now()
        self.assertIn("asked again at", told["params"]["message"])
        self.assertEqual(protection.state, "queued")

    def test_new_password_releases_the_queue(self):
        protection = self._make_queued()
        self.service.script(APPLY, -10001)
        self._run_queue()
        self.assertEqual(self.certificate.hold_reason, "login")
        self.assertEqual(self.certificate.refused_at, datetime(2026, 11, 2, 10))
        [finding] = [
            each
            for each in self.certificate._get_findings()
            if each["cause"] == "login"
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
            rows.mapped("state"), ["queued", "queued", "queued", "requested"]
        )
        self.assertFalse(rows.activity_ids)
        self.assertTodo(self.certificate, "credit limit")
        self.assertFalse(self.soap.missed)
        for _hour in range(3):
            self.service.script(APPLY, -10017)
            self._run_queue(hours=1)
        self.assertFalse(rows.activity_ids)
        self._run_queue(hours=1)
        self.assertFalse(self._get_todos(self.certificate))


class TestSilence(TrustedShopsCommon):
    """What counts as no answer, told by the error alone."""

    def test_error_about_a_row_is_no_silence(self):
        for error, expected in (
            (RetryableError("no answer"), True),
            (RetryableError("trouble", -11111), True),
            (RetryableError("503", status=503), True),
            (RetryableError("later", retry_after=60), False),
            (RetryableError("limit", -10017), False),
            (RetryableError("unknown", -99999), False),
        ):
            with self.subTest(error=str(error)):
                self.assertEqual(error.is_silence, expected)
