# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from unittest.mock import patch

import psycopg2

from odoo.tools import mute_logger

from .. import const
from ..models.queue import batches
from .common import APPLY, APPLY_CRON, POLL, QUEUE_LOGGER, TrustedShopsCommon
from .fake_service import TS_ID


class TestQueue(TrustedShopsCommon):
    """A placed protection is applied for, asked about and mailed, each once."""

    is_frozen = True

    def test_an_application_carries_exactly_these_parts(self):
        self.buyer.ref = "C-17"
        order, _protection = self._make_ticked(1999.5, name="WEB/0042")
        order.action_confirm()
        self._run_queue(seconds=90)
        [parts] = self.service.get_parts(APPLY)
        self.assertTrue(parts.pop("shopSystemVersion").startswith("Odoo 19.0"))
        self.assertEqual(
            list(parts.items()),
            [
                ("tsId", TS_ID),
                ("tsProductId", "TS080501_2500_30_EUR"),
                ("amount", "1999.50"),
                ("currency", "EUR"),
                ("paymentType", "OTHER"),
                ("buyerEmail", "erika@muster.example"),
                ("shopCustomerID", "C-17"),
                ("shopOrderID", "WEB/0042"),
                ("orderDate", "2026-11-02T10:00:00"),
                ("wsUser", "wsuser-4711"),
                ("wsPassword", "wspass-0815"),
            ],
        )

    def test_the_number_is_stored_and_the_state_asked_for_at_once(self):
        protection = self._make_queued()
        self._run_queue()
        self.assertValues(
            protection,
            state="requested",
            application_number="4711",
            requested_at=datetime(2026, 11, 2, 10, 0),
            next_attempt_at=datetime(2026, 11, 2, 10, 10),
            attempt_count=1,
            last_error=False,
        )
        self.assertEqual(
            self.service.get_parts(POLL), [{"tsId": TS_ID, "applicationId": "4711"}]
        )

    def test_the_row_says_sending_while_the_service_is_asked(self):
        protection = self._make_queued()
        seen = []

        def look(_parts):
            self.env.cr.execute(
                "SELECT state, lease_until FROM trustedshops_protection WHERE id = %s",
                [protection.id],
            )
            seen.extend(self.env.cr.fetchall())
            return 4711

        self.service.script(APPLY, look)
        self._run_queue()
        self.assertEqual(seen, [("sending", datetime(2026, 11, 2, 10, 10))])

    def test_every_due_row_goes_out_in_one_run_however_many_there_are(self):
        for _count in range(5):
            self._make_queued()
        with patch.object(const, "BATCH_SIZE", 2):
            self._run_queue()
        self.assertEqual(len(self.service.get_parts(APPLY)), 5)

    def test_a_run_that_is_out_of_time_goes_on_at_once(self):
        self._make_queued()
        core = "odoo.addons.base.models.ir_cron"
        with patch(f"{core}.MIN_RUNS_PER_JOB", 1), patch(f"{core}.MIN_TIME_PER_JOB", 0):
            self._run_queue()
        self.assertEqual(self.service.get_parts(POLL), [])
        called_at = self._get_triggers().mapped("call_at")
        self.assertEqual(called_at, [datetime(2026, 11, 2, 10, 0)])

    def test_a_run_that_is_out_of_time_is_not_repeated_by_the_framework(self):
        self._make_queued()
        self._make_queued()
        with patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0):
            self._run_queue()
        self.assertEqual(len(self.service.get_parts(APPLY)), 1)

    def test_however_much_is_due_applications_and_questions_take_turns(self):
        for asked, waiting, expected in (
            (1, 5, [APPLY, POLL] + [APPLY] * 4 + [POLL] * 5),
            (5, 2, [APPLY, POLL, APPLY] + [POLL] * 6),
        ):
            with self.subTest(asked=asked, waiting=waiting):
                rows = [self._make_queued() for _count in range(asked)]
                self._run_queue()
                self._wait(minutes=10)
                rows += [self._make_queued() for _count in range(waiting)]
                self.service.calls.clear()
                self._run_queue()
                self.assertEqual(
                    [name for name, _parts in self.service.calls], expected
                )
                for row in rows:
                    row.state = "cancelled"

    def test_a_run_that_breaks_off_between_two_rows_is_taken_up_at_once(self):
        rows = self._make_queued() + self._make_queued()
        run_together = batches.run_together
        crashes = [psycopg2.InterfaceError("connection already closed")]

        def crash(row, *args):
            if row == rows[0] and crashes:
                raise crashes.pop()
            return run_together(row, *args)

        with (
            patch.object(batches, "run_together", crash),
            mute_logger("odoo.addons.base.models.ir_cron"),
        ):
            self._run_queue()
        self.assertFalse(crashes)
        self.assertEqual(rows.mapped("state"), ["requested", "requested"])
        self.assertEqual(self.env.ref(APPLY_CRON).failure_count, 0)

    def test_a_record_that_crashes_does_not_stop_the_next(self):
        good = self._make_queued()
        bad = self._make_queued()  # the newest goes first
        self.service.script(APPLY, KeyError("a bug"))
        with mute_logger(QUEUE_LOGGER):
            self._run_queue()
        self.assertRecordValues(
            bad + good, [{"state": "sending"}, {"state": "requested"}]
        )

    def test_an_incomplete_application_is_held_alone(self):
        bad, good = self._make_queued(), self._make_queued()
        bad.customer_reference = False
        self._run_queue()
        self.assertRecordValues(
            bad + good, [{"state": "on_hold"}, {"state": "requested"}]
        )
        self.assertEqual(
            self._get_told(bad),
            "The application is incomplete: shop_customer_id is missing",
        )

    def test_a_missing_address_of_the_buyer_is_said_in_words(self):
        protection = self._make_queued()
        protection.buyer_email = False
        self._run_queue()
        self.assertEqual(protection.state, "on_hold")
        self.assertEqual(
            self._get_told(protection),
            "The buyer has no valid e-mail address. Ask for one and apply again within"
            " three days of the order.",
        )
        protection.action_apply_now()
        self._run_queue()
        self.assertEqual(protection.state, "requested")

    def test_rows_wait_while_the_login_of_their_certificate_is_missing(self):
        bad = self._make_queued() + self._make_queued()
        other = self._make_certificate(
            ts_id="X" + "1" * 32, lang_id=self.langs["de_DE"].id
        )
        good = self._make_queued("de_DE")
        self.assertEqual(good.certificate_id, other)
        silent = self.certificate.with_context(tracking_disable=True)
        self._save(silent, ws_password=False)
        self._run_queue()
        self._run_queue(hours=2)
        self.assertEqual(bad.mapped("state"), ["queued", "queued"])
        self.assertEqual(good.state, "requested")
        self.assertFalse(bad.activity_ids)
        self.certificate._check()
        self.assertTodo(self.certificate, "The web service login is missing.")
        causes = self.certificate.activity_ids.mapped("trustedshops_cause")
        self.assertNotIn("queue_stuck", causes)
        self.certificate.with_user(self.manager).new_ws_password = "right"
        self._run_queue()
        self.assertEqual(bad.mapped("state"), ["requested", "requested"])

    def test_the_login_wakes_the_queue_when_it_is_there(self):
        self._make_queued()
        self.certificate.ws_password = False
        self._forget_triggers()
        self.certificate.with_user(self.manager).new_ws_password = "right"
        called_at = self._get_triggers().mapped("call_at")
        self.assertEqual(called_at, [datetime(2026, 11, 2, 10, 0)])

    def _make_requested(self, **values):
        protection = self._make_queued(**values)
        self._run_queue()
        self.assertEqual(protection.state, "requested")
        self.service.calls.clear()
        return protection

    def test_a_guarantee_number_confirms(self):
        protection = self._make_requested(price=700.0)
        self._wait(minutes=10)
        self.service.script(POLL, 99887766)
        self._run_queue()
        self.assertValues(
            protection,
            state="confirmed",
            guarantee_number="99887766",
            confirmed_at=datetime(2026, 11, 2, 10, 10),
            protected_until=date(2026, 12, 2),
            next_attempt_at=False,
        )

    def test_the_last_day_is_counted_from_the_day_in_the_shop(self):
        self.service.always[POLL] = 5
        for company_tz, user_tz, until in (
            ("Europe/Berlin", "America/New_York", date(2026, 12, 3)),
            (False, "Europe/Berlin", date(2026, 12, 3)),
            ("America/New_York", "Europe/Berlin", date(2026, 12, 2)),
            (False, False, date(2026, 12, 2)),
        ):
            with self.subTest(company_tz=company_tz, user_tz=user_tz):
                self.clock.move_to("2026-11-02 23:30:00")
                self.env.company.partner_id.tz = company_tz
                self.certificate.user_id.tz = user_tz
                protection = self._make_queued()
                self._run_queue()
                self.assertEqual(protection.protected_until, until)

    def test_a_mail_that_could_not_be_finished_leaves_no_half_of_it(self):
        protection = self._make_queued()
        self.service.always[POLL] = 5
        # After the mail is made.
        bug = patch.object(type(protection), "_reset_mail_due", side_effect=KeyError)
        with bug, mute_logger(QUEUE_LOGGER):
            self._run_queue()
        self.assertEqual(protection.state, "confirmed")
        self.assertFalse(protection.mailed_at)
        mails = self.env["mail.mail"].search(
            [("model", "=", protection._name), ("email_to", "!=", False)]
        )
        self.assertFalse(mails)  # that to staff, about the activity, names a partner

    def test_questions_are_asked_every_ten_minutes_then_hourly_then_daily(self):
        protection = self._make_requested()
        expected = {
            "2026-11-02 11:59:00": datetime(2026, 11, 2, 12, 9),
            "2026-11-02 12:10:00": datetime(2026, 11, 2, 13, 10),
            "2026-11-04 09:59:00": datetime(2026, 11, 4, 10, 59),
            "2026-11-04 11:00:00": datetime(2026, 11, 5, 11, 0),
        }
        found = {}
        for moment in expected:
            self.clock.move_to(moment)
            self._run_queue()
            found[moment] = protection.next_attempt_at
        self.assertEqual(found, expected)
        self.assertEqual(len(self.service.get_parts(POLL)), 4)

    def test_the_queue_wakes_itself_for_the_next_question(self):
        self._forget_triggers()
        self._make_requested()
        called_at = self._get_triggers().mapped("call_at")
        self.assertIn(datetime(2026, 11, 2, 10, 10), called_at)
