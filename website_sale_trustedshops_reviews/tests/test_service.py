# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

import requests

from odoo.exceptions import UserError

from .fake_etrusted import CLIENT_ID
from .invitation_common import NOW
from .review_common import ReviewCommon

DOWN = (503, "down")


class ServiceCommon(ReviewCommon):
    """A service for reviews that does not answer; the clock stands at 10:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = "website_sale_trustedshops_reviews.service_rest_production"
        cls.rest = cls.env.ref(name)

    def _end_rest(self):
        """Override: here a rest lasts."""

    def _end_silence(self):
        end_rest = super()._end_rest
        return end_rest()

    def _be_away(self, answer=DOWN):
        for operation in (
            *("sendEvent", "getChannels", "getReviews", "getReview", "sendReply"),
            *("sendVeto", "getVeto"),
        ):
            self.etrusted.always[operation] = answer

    def _count_states(self):
        groups = self.invitations._read_group([], ["state"], ["__count"])
        return dict(groups)

    def _add_channel(self, ref, account):
        lang = {"chl-de": "de_DE", "chl-pl": "pl_PL", "chl-en": "en_US"}[ref]
        values = {"account_id": account.id, "channel_ref": ref}
        website, company = self.website, account.company_id
        if company != website.company_id:
            website = website.create({"name": ref, "company_id": company.id})
            website.language_ids = self.website.language_ids
        values |= {"website_id": website.id, "lang_id": self.langs[lang].id}
        return self.channel.copy(values)

    def _add_account(self, client_id="second"):
        """Return the account of another company, connected."""
        company = self._create_company(name=client_id)
        login = {"client_id": client_id, "client_secret": "2"}
        other = self.account.copy({**login, "company_id": company.id})
        other.state = "connected"
        return other


class TestOutage(ServiceCommon):
    """An outage leaves few unknown invitations, and one activity."""

    def _get_events(self, account=None):
        return self.rest._get_rest("events", account or self.account)

    def test_sending_rests_ten_minutes_and_doubles_that_up_to_four_hours(self):
        rows = [self._make_due() for _row in range(9)]
        self.etrusted.always["sendEvent"] = (500, "")
        pauses = []
        self._run_invites()
        for _rest in range(7):
            pause = self._get_events().rests_until - datetime.now()
            pauses.append(pause.total_seconds() / 60)
            self._run_invites(minutes=pauses[-1])
        self.assertEqual(pauses, [10, 20, 40, 80, 160, 240, 240])
        self.assertEqual(self._count_states(), {"unknown": 8, "due": 1})
        self.env.invalidate_all()
        # One activity, and the same words for everybody.
        self.assertFalse(self.rest.silent_since)
        told = self._get_events().notice
        self.assertIn("gave no answer to the last calls", told)
        self.assertTodo(self._get_events(), told)
        [left] = [row for row in rows if row.state == "due"]
        self.assertIn(told, left.explanation)
        self.assertIn(told, self.account.health)
        # The first answer of the interface ends it, whatever it is.
        self.etrusted.always["sendEvent"] = (400, {"Message": "no"})
        self._run_invites(hours=4)
        self.assertFalse(self._get_events().silent_since)
        self._run_invites(minutes=30)
        self.assertFalse(self._get_events().activity_ids)

    def test_the_rest_ends_when_nothing_is_left_to_send(self):
        self.etrusted.always["sendEvent"] = (500, "")
        pauses = []
        for _week in range(2):
            self._make_due()
            self._run_invites(days=7)
            events = self._get_events()
            pauses.append((events.rests_until - datetime.now()).total_seconds() / 60)
            self._run_invites(minutes=pauses[-1])
            self.assertFalse(events.silent_since)
            self.assertFalse(events.activity_ids)
        self.assertEqual(pauses, [10, 20])
        self.etrusted.always.clear()
        self._make_due()
        self._run_invites()
        self.assertFalse(self._get_events().pause_minutes)

    def test_the_rest_ends_when_the_account_sends_nothing(self):
        for values, undone in (
            ({"state": "draft"}, {"state": "connected"}),
            ({"state": "refused"}, {"state": "connected"}),
        ):
            with self.subTest(values=values):
                rows = [self._make_due() for _row in range(4)]
                self.etrusted.always["sendEvent"] = (500, "")
                for minutes in (0, 240, 240):
                    self._run_invites(minutes=minutes)
                events = self._get_events()
                self.assertTrue(events.activity_ids)
                self.account.write(values)
                self._run_invites(minutes=240)
                self.assertFalse(events.silent_since)
                self.assertFalse(events.activity_ids)
                self.assertIn("due", [row.state for row in rows])
                self.account.write(undone)
                self.etrusted.always.clear()
                self._run_invites(minutes=1)

    def test_event_that_certainly_did_not_arrive_stays_due(self):
        rows = [self._make_due() for _row in range(4)]
        self._be_away(requests.ConnectTimeout())
        for hours in (0, 1, 1, 12, 24, 48, 72):
            self._run_invites(hours=hours)
        self.assertEqual({row.state for row in rows}, {"due"})
        self.etrusted.always.clear()
        self._run_invites(hours=2)
        self.assertEqual({row.state for row in rows}, {"accepted"})

    def test_readers_and_desk_keep_off_a_silent_service_too(self):
        self._put(1)
        self._read()
        self._make_due()
        self._make_due()
        self._be_away()
        for _minute in range(3):
            self._run_invites(minutes=1)
        self.assertEqual(self._count_states(), {"unknown": 1, "due": 1})
        self.etrusted.calls.clear()
        self._wait(seconds=30)
        with self.assertRaisesRegex(UserError, "does not answer. Try again later"):
            self._tell(1)
        self._read()
        self.assertEqual(self.etrusted.calls, [])
        self.etrusted.always.clear()
        self._run_invites(minutes=1)
        self._tell(1)
        self.assertEqual(self._get(1).reply, "Thank you!")

    def test_a_channel_that_fails_stops_no_other(self):
        polish = self._add_channel("chl-pl", self.account)
        self.etrusted.always["getReviews"] = lambda body: (
            (500, "") if body["channels"] == "chl-4711" else (200, {"items": []})
        )
        self._read()
        self.assertEqual(self.etrusted.count("getReviews"), 2)
        self.assertEqual(self.etrusted.count("getChannels"), 1)
        self.assertFalse(self.rest.silent_since)
        self.assertTrue(polish.reviews_at)
        self.assertFalse(self.channel.reviews_at)
        # It is tried again every hour, and is a finding of its own after three.
        self.channel.reviews_at = NOW
        for _hour in range(3):
            self.assertNotIn("could not be read", self.channel.health)
            self.assertFalse(self.channel.activity_ids)
            self._read(hours=1)
        self.assertIn("could not be read", self.channel.health)
        self.assertTodo(self.channel, "(its server reports an error)")
        self.etrusted.always.clear()
        self._read(hours=1)
        self.assertNotIn("could not be read", self.channel.health)
        self.assertFalse(self.channel.activity_ids)

    def test_two_channels_of_an_account_that_fail_stop_no_other_account(self):
        other = self._add_account()
        german = self._add_channel("chl-de", other)
        self._add_channel("chl-pl", self.account)
        self._add_channel("chl-en", self.account)
        self.etrusted.always["getReviews"] = lambda body: (
            (500, "") if body["channels"] != "chl-de" else (200, {"items": []})
        )
        self._read()
        # The second one ends it for the account.
        self.assertEqual(self.etrusted.count("getReviews"), 3)
        self.assertEqual(self.etrusted.count("getChannels"), 1)
        self.assertTrue(german.reviews_at)
        self._read(minutes=1)
        asked = self.etrusted.get_bodies("getReviews")
        self.assertEqual(len({body["channels"] for body in asked}), 4)

    def test_a_silent_account_is_not_a_silent_service(self):
        other = self._add_account()
        german = self._add_channel("chl-de", other)
        row, good = self._make_due(), self._make_due()
        good.channel_id = german
        self.etrusted.dead.add(CLIENT_ID)
        self._run_invites()
        self.assertFalse(self.rest.silent_since)
        self.assertEqual((row.state, good.state), ("unknown", "accepted"))
        self.assertTrue(self._get_events().silent_since)
        self.assertFalse(self._get_events(other))
        # If nobody is answered, the service is silent.
        other.client_id = False
        row = self._make_due()
        self._run_invites(minutes=10)
        self.assertTrue(self.rest.silent_since)

    def test_the_account_that_was_answered_last_is_asked_next(self):
        others = [self._add_account(name) for name in ("second", "third")]
        (others[0] | self.account).connected_at = datetime(2026, 11, 1)
        others[1].connected_at = datetime(2026, 11, 2)
        found = self.rest._get_probing(self.account)
        self.assertEqual([*found], [self.account, others[1], others[0]])

    def test_a_refused_account_says_nothing_about_the_service(self):
        other = self._add_account()
        self._make_due()
        self.etrusted.dead.add(CLIENT_ID)
        other.state = "refused"
        self._run_invites()
        self.assertTrue(self.rest.silent_since)
        self._run_invites(minutes=1)
        self.assertTrue(self.rest.silent_since)
        self.assertEqual(self.rest._get_probing(other), self.account)
        # Nobody waits for an answer any more.
        self.account.state = "refused"
        self._run_invites(minutes=10)
        self.assertFalse(self.rest.silent_since)

    def test_a_good_answer_to_a_person_ends_it(self):
        self._make_due()
        self._be_away()
        self._run_invites()
        self.assertTrue(self.rest.silent_since)
        self.etrusted.always.clear()
        self.account.action_connect()
        self.assertFalse(self.rest.silent_since)


class TestMayAsk(ServiceCommon):
    """Everybody asks the account whether Trusted Shops may be asked."""

    STATES = {
        "": {},
        "draft": {"state": "draft"},
        "refused": {"state": "refused", "last_error": "refused"},
        "mismatch": {"state": "mismatch", "last_error": "Lampenladen"},
        "limited": {"limited_until": NOW + timedelta(hours=1)},
        "resting": {},
        "silent": {},
        "events": {},
    }
    SERVICE = {
        "resting": {"rests_until": NOW + timedelta(minutes=1)},
        "silent": {
            "silent_since": datetime(2026, 11, 2, 9),
            "rests_until": NOW + timedelta(minutes=30),
        },
    }
    SERVICE["events"] = SERVICE["silent"]

    def _ask_all(self, invitation, review):
        """Return what each who asks takes for the answer."""
        accounts, channels = self.account, self.channel
        ratings = self.env["trustedshops.product.rating"]
        own = [("id", "=", self.account.id)]
        return {
            "method": self.account._get_sending_wait(NOW).code,
            "domain": accounts.search(own + [*accounts._get_sendable_domain(NOW)]),
            "invitations": self.invitations.search(invitation._get_sendable_domain()),
            "desk": not review._format_wait(),
            "reader": channels.search(channels._get_readable_domain()),
            "ratings": [*ratings._get_channels()],
            "order's tab": bool(invitation.explanation),
        }

    def test_every_state_is_the_same_to_all_who_ask(self):
        self._put(1)
        self._read()
        review = self._get(1)
        invitation = self._make_due()
        before = {"state": "connected", "limited_until": False}
        for code, values in self.STATES.items():
            self.account.write({**before, **values})
            self._end_silence()
            events = self.rest._get_rest("events", self.account, is_made=True)
            service = events if code == "events" else self.rest
            service.write(self.SERVICE.get(code, {}))
            self.env.invalidate_all()
            is_sent, is_told = not code, code not in ("", "resting")
            # What only reads, and answers to reviews, do not rest with the invitations.
            is_asked = code in ("", "events")
            found = self._ask_all(invitation, review)
            with self.subTest(code=code):
                self.assertEqual(
                    {
                        name: val if name == "method" else bool(val)
                        for name, val in found.items()
                    },
                    {
                        "method": code,
                        "domain": is_sent,
                        "invitations": is_sent,
                        "desk": is_asked or code == "resting",
                        "reader": is_asked,
                        "ratings": is_asked,
                        "order's tab": is_told,
                    },
                )
