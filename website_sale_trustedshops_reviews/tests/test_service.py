# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

import requests

from odoo.tests import tagged

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

    def _be_away(self, answer=DOWN):
        for operation in (
            *("sendEvent", "getChannels", "getReviews", "getReview", "sendReply"),
            *("sendVeto", "getVeto"),
        ):
            self.etrusted.always[operation] = answer

    def _count_states(self):
        groups = self.invitations._read_group([], ["state"], ["__count"])
        return dict(groups)


class TestOutage(ServiceCommon):
    """An outage leaves few unknown invitations, and one activity."""

    def _make_many(self, count):
        """Return how many invitations are due now, each of another buyer."""
        first = self._make_due()
        order, consent = first.order_id, first.order_id.trustedshops_consent_ids
        orders = order.create(
            [
                {
                    "partner_id": order.partner_id.id,
                    "website_id": order.website_id.id,
                    "state": "sale",
                    "date_order": order.date_order,
                    "order_line": [
                        (0, 0, {"product_id": line.product_id.id, "price_unit": 9})
                        for line in order.order_line
                    ],
                }
                for _number in range(count - 1)
            ]
        )
        values = {"channel_id": self.channel.id, "company_id": consent.company_id.id}
        consent.create(
            [
                {
                    **values,
                    "kind": "given",
                    "order_id": each.id,
                    "email": f"many-{each.id}@x.example",
                    "moment": NOW,
                    "mode": "checkbox",
                    "text": "Yes",
                }
                for each in orders
            ]
        )
        self.invitations._create_for(orders)

    @tagged("full")
    def test_an_hour_of_503_leaves_three_unknown_of_five_hundred(self):
        self._make_many(500)
        self._be_away()
        for _minute in range(60):
            self._run_invites(minutes=1)
        self.assertEqual(self.etrusted.count("sendEvent"), 3)
        self.assertEqual(self._count_states()["unknown"], 3)
        [activity] = self.rest.activity_ids
        self.assertIn("has not answered since", activity.note)
        self.assertFalse(self.invitations.search([]).activity_ids)
        self.assertTodo(self.channel, "because there was no answer: 3.")
        self.etrusted.always.clear()
        self._run_invites(hours=1)
        for _run in range(12):  # a run has no clock here, but takes a batch at least
            self._run_invites(minutes=1)
        counts = self._count_states()
        self.assertEqual((counts["accepted"], counts["unknown"]), (497, 3))
        self.assertFalse(self.rest.activity_ids)

    def test_each_release_that_fails_leaves_one_more(self):
        for _row in range(8):
            self._make_due()
        self._be_away()
        for _minute in range(3):
            self._run_invites(minutes=1)
        del self.etrusted.always["getChannels"]
        for release in range(1, 4):
            self._run_invites(hours=2)
            self.assertEqual(self._count_states()["unknown"], 3 + release)

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
        self._get(1)._order_task("reply", text="Thank you!")
        for _row in range(3):
            self._make_due()
        self._be_away()
        for _minute in range(3):
            self._run_invites(minutes=1)
        self.etrusted.calls.clear()
        self._wait(seconds=30)
        self._answer()
        self._read()
        self.assertEqual(self.etrusted.calls, [])
        self.assertIn("has not answered", self._get(1).task_notice)
        self.etrusted.always.clear()
        self._run_invites(minutes=1)
        self._answer()
        self.assertEqual(self._get(1).reply, "Thank you!")

    def test_a_page_that_is_not_answered_ends_the_reading(self):
        polish = self.channel.copy(
            {
                "account_id": self.account.id,
                "channel_ref": "chl-pl",
                "lang_id": self.langs["pl_PL"].id,
            }
        )
        self._be_away()
        self._read()
        self.assertEqual(self.etrusted.count("getReviews"), 1)
        self.assertTrue(polish.exists())
        self.etrusted.always.clear()
        self._read(minutes=1)
        self.assertEqual(self.etrusted.count("getReviews"), 4)

    def test_a_good_answer_to_a_person_ends_it(self):
        for _row in range(3):
            self._make_due()
        self._be_away()
        for _minute in range(3):
            self._run_invites(minutes=1)
        self.assertTrue(self.rest.silent_since)
        self.etrusted.always.clear()
        self.account.action_connect()
        self.assertFalse(self.rest.silent_since)


class TestMayAsk(ServiceCommon):
    """Everybody asks the account whether Trusted Shops may be asked."""

    STATES = {
        "": {},
        "draft": {"state": "draft"},
        "refused": {"state": "refused", "last_error": "HTTP status 401"},
        "mismatch": {"state": "mismatch", "last_error": "Lampenladen"},
        "archived": {"active": False},
        "limited": {"limited_until": NOW + timedelta(hours=1)},
        "resting": {},
        "silent": {},
    }
    SERVICE = {
        "resting": {"rests_until": NOW + timedelta(minutes=1)},
        "silent": {
            "silent_since": datetime(2026, 11, 2, 9),
            "rests_until": NOW + timedelta(minutes=30),
        },
    }

    def _ask_all(self, invitation, review):
        """Return what each who asks takes for the answer."""
        accounts = self.account.with_context(active_test=False)
        channels, ratings = self.channel, self.env["trustedshops.product.rating"]
        tasks = review.task_ids
        own = [("id", "=", self.account.id)]
        return {
            "method": self.account._get_wait(NOW).code,
            "domain": accounts.search(own + [*accounts._get_askable_domain(NOW)]),
            "invitations": self.invitations.search(invitation._get_sendable_domain()),
            "desk": tasks.search(tasks._get_askable_domain("queued")),
            "reader": channels.search(channels._get_readable_domain()),
            "ratings": [*ratings._get_channels().values()],
            "order's tab": "invitation waits" in invitation.explanation,
            "review": "waiting" in review.task_notice,
        }

    def test_every_state_is_the_same_to_all_who_ask(self):
        self._put(1)
        self._read()
        review = self._get(1)
        review._order_task("reply", text="Thank you!")
        invitation = self._make_due()
        before = {"state": "connected", "active": True, "limited_until": False}
        for code, values in self.STATES.items():
            self.account.write({**before, **values})
            rested = {"silent_since": False, "rests_until": False}
            self.rest.write({**rested, **self.SERVICE.get(code, {})})
            self.env.invalidate_all()
            is_asked, is_told = not code, code not in ("", "resting")
            found = self._ask_all(invitation, review)
            with self.subTest(code=code):
                self.assertEqual(
                    {
                        name: val if name == "method" else bool(val)
                        for name, val in found.items()
                    },
                    {
                        "method": code,
                        "domain": is_asked,
                        "invitations": is_asked,
                        "desk": is_asked,
                        "reader": is_asked,
                        "ratings": is_asked,
                        "order's tab": is_told,
                        "review": is_told,
                    },
                )
