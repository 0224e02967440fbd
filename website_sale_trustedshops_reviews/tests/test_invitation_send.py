# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

import requests

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.lib.exceptions import RetryableError
from odoo.addons.website_sale_trustedshops.tests.common import QUEUE_LOGGER

from .invitation_common import EMAIL, INVITE_CRON, NOW, InvitationCommon, days

NO_ANSWER = requests.ReadTimeout("no answer")
NOT_SENT = requests.ConnectTimeout("not there")


@tagged("full")
class TestInvitationAnswers(InvitationCommon):
    """What becomes of an invitation by what Trusted Shops answers."""

    QUICK = (
        "test_a_refusal_ends_it_with_its_words",
        "test_a_login_that_is_refused_twice_stops_the_account",
    )

    def test_a_refusal_ends_it_with_its_words(self):
        rows = self.invitations
        for status in (400, 404):
            with self.subTest(status=status):
                invitation = self._make_due()
                rows = invitation | rows
                text = f'instance requires property "{status}"'
                self.etrusted.script("sendEvent", (status, {"Message": text}))
                self._run_invites()
                self.assertValues(
                    invitation, state="failed", ended_at=NOW, attempt_count=1
                )
                self.assertEqual(invitation.last_error, text)
        self._run_invites(days=30)
        self.assertEqual(self.etrusted.count("sendEvent"), 2)
        names = ", ".join(rows.mapped("order_reference"))
        self.assertTodo(self.channel, f"that failed: {names}.")

    def test_the_same_refusal_three_times_holds_the_channel(self):
        rows = [self._make_due() for _count in range(5)]
        self.etrusted.always["sendEvent"] = (400, {"Message": "unknown event type"})
        self._run_invites()
        self.assertEqual(self.etrusted.count("sendEvent"), 3)
        self.assertValues(
            self.channel, hold_reason="invalid", hold_error="unknown event type"
        )
        for row in rows:
            self.assertValues(row, state="due", ended_at=False)
        self.assertTodo(self.channel, "unknown event type")
        del self.etrusted.always["sendEvent"]
        self._run_invites(days=2)
        self.assertEqual(self.etrusted.count("sendEvent"), 3)
        self.channel.event_type = "shipped_by_odoo"  # what was wrong is mended
        self.channel.hold_reason = False
        self._run_invites()
        for row in rows:
            self.assertEqual(row.state, "accepted")
        [*_refused, last] = self.etrusted.get_bodies("sendEvent")
        self.assertEqual(last["type"], "shipped_by_odoo")
        self.assertIn("shipped_by_odoo", rows[0].payload)

    def test_different_refusals_or_one_taken_between_hold_nothing(self):
        first, second = ((400, {"Message": word}) for word in ("no email", "no type"))
        for answers in (
            [first, second, first],
            [second, second, (202, {}), second],
        ):
            with self.subTest(answers=answers):
                for _answer in answers:
                    self._make_due()
                self.etrusted.script("sendEvent", *answers)
                self._run_invites()
                self.assertFalse(self.channel.hold_reason)

    def test_a_login_that_is_refused_twice_stops_the_account(self):
        rows = [self._make_due() for _count in range(3)]
        self.etrusted.always["sendEvent"] = (401, {"Message": "expired"})
        self._run_invites()
        self.assertEqual(self.etrusted.count("sendEvent"), 2)  # renewed once
        self.assertEqual(self.account.state, "refused")
        self.assertTodo(self.account, "login")
        for row in rows:
            self.assertEqual(row.state, "due")
        self.account.state = "connected"
        del self.etrusted.always["sendEvent"]
        self._run_invites(hours=1)
        for row in rows:
            self.assertEqual(row.state, "accepted")

    def test_no_access_holds_the_channel_and_at_a_second_one_the_account(self):
        polish = self.channel.copy(
            {
                "account_id": self.account.id,
                "channel_ref": "chl-pl",
                "lang_id": self.langs["pl_PL"].id,
            }
        )
        german, second = self._make_due(), self._make_due()
        self.etrusted.script("sendEvent", (403, {}), (403, {}))
        self._run_invites()
        self.assertValues(self.channel, hold_reason="refused", hold_error="refused")
        self.assertEqual(self.account.state, "connected")
        self.assertEqual((german.state, second.state), ("due", "due"))
        row = self._make_due()
        row.channel_id = polish
        self._run_invites()
        self.assertEqual(polish.hold_reason, "refused")
        self.assertEqual(self.account.state, "refused")
        self.assertEqual(self.etrusted.count("sendEvent"), 2)

    def test_what_a_gateway_refuses_holds_nothing_and_ends_no_row(self):
        invitation = self._make_due()
        for status in (403, 404, 405, 403, 404, 405, 403, 404):
            self.etrusted.script("sendEvent", (status, "<html>Forbidden</html>"))
            self._run_invites(hours=24)
            self.assertEqual(invitation.state, "due")
            self.assertFalse(self.channel.hold_reason)
            self.assertEqual(self.account.state, "connected")
        self._run_invites(hours=24)
        self.assertValues(invitation, state="accepted", attempt_count=9)

    def test_event_that_certainly_did_not_arrive_can_be_sent_later(self):
        for answer, state in ((NOT_SENT, "accepted"), (NO_ANSWER, "cancelled")):
            with self.subTest(answer=answer):
                self._freeze()
                invitation = self._make_due()
                order = invitation.order_id
                self.etrusted.script("sendEvent", answer)
                self._run_invites()
                if invitation.state == "unknown":
                    for wait in ({"minutes": 15}, {"days": 1}, {"days": 8}):
                        self._run_invites(**wait)
                    invitation.with_user(self.manager).action_send_now()
                order._action_cancel()
                self._run_invites(hours=1)
                self.assertState(order, "cancelled", "cancelled")
                order.action_draft()
                order.action_confirm()
                self._run_invites(hours=1)
                self.assertEqual(invitation.state, state)

    def test_event_that_certainly_did_not_arrive_is_sent_again_five_times(self):
        invitation = self._make_due()
        self.etrusted.always["sendEvent"] = NOT_SENT
        waits = []
        for _attempt in range(5):
            self._run_invites()
            self.assertEqual(invitation.state, "due")
            pause = invitation.next_attempt_at - datetime.now()
            waits.append(pause.total_seconds() / 60)
            self._wait(minutes=waits[-1])
        self.assertEqual(waits, [5, 30, 120, 720, 1440])
        self._run_invites()
        self.assertEqual(invitation.state, "failed")
        self._run_invites(days=3)
        self.assertEqual(invitation.attempt_count, 6)
        self.assertTodo(self.channel, f"that failed: {invitation.order_reference}.")


@tagged("full")
class TestInvitationUnknown(InvitationCommon):
    """What may have arrived is left to a person, who may send it again."""

    QUICK = ("test_a_lost_answer_is_not_repeated_and_told_once",)

    def _lose(self, answer=NO_ANSWER):
        invitation = self._make_due()
        self.etrusted.script("sendEvent", answer)
        self._run_invites()
        self.assertValues(
            invitation, state="unknown", ended_at=NOW, next_attempt_at=False
        )
        return invitation

    def test_a_lost_answer_is_not_repeated_and_told_once(self):
        lost = (NO_ANSWER, (500, {}), (502, "<html>"), (503, ""), (504, ""))
        # A gateway may say anything; only 202 with JSON says that it was taken.
        lost += ((202, ""), (202, "<html>accepted</html>"), (202, []), (200, {}))
        for answer in (*lost, (201, {"EventRef": "evt-9"}), (204, "")):
            with self.subTest(answer=answer):
                self._lose(answer)
        self._run_invites(days=30)
        self.assertEqual(self.etrusted.count("sendEvent"), 11)
        names = self.invitations.search([]).mapped("order_reference")
        said = "so the invitation may have been sent: {}."
        self.assertTodo(self.channel, said.format(", ".join(names)))
        for _count in range(10):
            self._make_due().write({"state": "unknown", "notice_due": True})
        self._run_invites()
        names = self.invitations.search([], limit=20).mapped("order_reference")
        self.assertTodo(self.channel, said.format(", ".join([*names, "…"])))

    def test_a_process_that_died_in_a_call_leaves_an_unknown_one(self):
        invitation = self._make_due()
        invitation.write(
            {
                "state": "sending",
                "attempt_count": 1,
                "sent_at": NOW,
                "lease_until": NOW + timedelta(minutes=10),
            }
        )
        self._run_invites(minutes=9)
        self.assertEqual(invitation.state, "sending")
        self._run_invites(minutes=1)
        self.assertEqual(invitation.state, "unknown")
        self.assertEqual(self.etrusted.count("sendEvent"), 0)

    def test_late_answer_counts_if_the_event_was_accepted(self):
        invitation = self._lose()
        invitation._store_event("evt-5", True)
        self.assertValues(invitation, state="accepted", event_ref="evt-5")
        invitation._store_event(RetryableError("late"), True)
        self.assertEqual(invitation.state, "accepted")

    def test_user_sends_an_unknown_invitation_again(self):
        invitation = self._lose()
        invitation.with_user(self.manager).action_send_now()
        self._run_invites()
        self.assertValues(invitation, state="accepted", attempt_count=2)
        self.assertEqual(self.etrusted.count("sendEvent"), 2)
        self.assertFalse(self.channel.activity_ids)


@tagged("full")
class TestInvitationQueue(InvitationCommon):
    """The queue asks again whether it may, says that it sends, and then sends."""

    QUICK = (
        "test_facts_are_asked_again_before_it_is_sent",
        "test_withdrawn_consent_stops_an_unsent_invitation_at_once",
    )

    def test_the_row_says_sending_while_trusted_shops_is_asked(self):
        invitation = self._make_due()
        seen = []
        send = self.etrusted._answer_sendEvent

        def look(body):
            self.env.cr.execute(
                "SELECT state, lease_until FROM trustedshops_invitation WHERE id = %s",
                [invitation.id],
            )
            seen.extend(self.env.cr.fetchall())
            return send(body)

        with patch.object(self.etrusted, "_answer_sendEvent", look, create=True):
            self._run_invites()
        self.assertEqual(seen, [("sending", NOW + timedelta(minutes=10))])

    def test_facts_are_asked_again_before_it_is_sent(self):
        for reason, state, change in (
            ("cancelled", "cancelled", lambda o: o._action_cancel()),
            (
                "not_reviewable",
                "suppressed",
                lambda o: o.order_line.write({"price_unit": 0}),
            ),
            (
                "channel",
                "waiting",
                lambda _o: self.channel.write({"consent_mode": "off"}),
            ),
        ):
            with self.subTest(reason=reason):
                invitation = self._make_due()
                change(invitation.order_id)
                self._run_invites()
                self.assertState(invitation.order_id, state, reason)
        self.assertEqual(self.etrusted.calls, [])

    def test_withdrawn_consent_stops_an_unsent_invitation_at_once(self):
        invitation = self._make_due(email=EMAIL)
        may = patch.object(type(invitation), "_get_reason", side_effect=KeyError)
        with may:  # no bug keeps a buyer from his will
            self._suppress(email=EMAIL)
        self._run_invites()
        self.assertValues(invitation, state="suppressed", reason="no_consent")
        self.assertEqual(self.etrusted.calls, [])

    def test_after_the_invitation_a_person_asks_trusted_shops_to_stop(self):
        self.channel.quiet_days = 0
        rows = []
        for wait in (0, 7, 60):  # reminders come within 7 + 60 days
            self._wait(days=wait)
            rows.append(self._make_due(email=EMAIL))
            self._run_invites()
        self._wait(days=1)
        self._suppress(email=EMAIL)
        old, second, newest = rows
        self.assertFalse(newest.activity_ids)
        self._run_invites()
        self.assertEqual({row.state for row in rows}, {"accepted"})
        self.assertFalse((old + second).activity_ids)
        references = f"{second.order_reference}, {newest.order_reference}."
        self.assertTodo(newest, references)

    def test_consent_withdrawn_meanwhile_is_told_and_never_sent_again(self):
        invitation = self._make_due()
        self.etrusted.script("sendEvent", NO_ANSWER)
        self._run_invites()
        self._suppress(email=invitation.email)
        self._run_invites()
        self.assertTodo(invitation, "no reminder")
        self.assertEqual(invitation.state, "suppressed")
        self.assertFalse(invitation.can_send_now)
        self.assertEqual(invitation.reason, "no_consent")
        self.assertFalse(self.channel.activity_ids)

    def test_a_consent_taken_back_during_the_call_is_told_of(self):
        invitation = self._make_due()

        def withdraw(_body):
            self._suppress(email=invitation.email)
            return 202, {}

        answer = patch.object(self.etrusted, "_answer_sendEvent", withdraw, create=True)
        with answer:
            self._run_invites()
        self.assertEqual(invitation.state, "accepted")
        self.assertTodo(invitation, "no reminder")

    def test_an_address_is_forgotten_with_the_consents_of_its_company(self):
        self.env["res.company"].search([]).trustedshops_consent_years = 1
        for quiet_days, last in ((30, 425), (1000, 1001)):
            with self.subTest(quiet_days=quiet_days):
                self._freeze()
                self.channel.quiet_days = quiet_days
                invitation = self._make_due()
                self._run_invites()
                self._run_invites(days=last - 1)
                self.assertTrue(invitation.email)
                self._run_invites(days=1)
                self.assertFalse(invitation.email)

    def test_sent_data_is_deleted_after_thirty_days(self):
        invitation = self._make_due()
        self._run_invites()
        self._run_invites(days=29)
        self.assertTrue(invitation.payload)
        self._run_invites(days=1)
        self.assertFalse(invitation.payload)
        self.assertEqual(invitation.event_ref, "evt-2")

    def test_a_row_that_crashes_lets_the_others_pass_and_waits_a_day(self):
        bad, good = self._make_due(), self._make_due()
        prepare = type(bad)._prepare_payload

        def crash(row):
            if row.id == bad.id:
                raise KeyError("bug")
            return prepare(row)

        crashing = patch.object(type(bad), "_prepare_payload", crash)
        with crashing, mute_logger(QUEUE_LOGGER):
            self._run_invites()
        self.assertEqual(good.state, "accepted")
        self.assertIn("An error in this addon", bad.explanation)
        self.assertValues(bad, state="due", next_attempt_at=NOW + days(1))

    def test_the_next_run_is_asked_for_when_something_is_due_before_the_hour(self):
        self._make_due()
        self.etrusted.script("sendEvent", NOT_SENT)
        for wait, expected in ({}, 1), ({"minutes": 1}, 5):
            self._run_invites(**wait)
            triggers = self.env["ir.cron.trigger"].search(
                [("cron_id", "=", self.env.ref(INVITE_CRON).id)]
            )
            self.assertIn(NOW + timedelta(minutes=expected), triggers.mapped("call_at"))
