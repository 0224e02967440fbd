# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.drill_common import DAY, DrillMixin

from .fake_etrusted import CLIENT_ID
from .invitation_common import INVITE_CRON, NOW
from .review_common import READ_CRON
from .test_service import ServiceCommon

CRONS = {INVITE_CRON: 60, READ_CRON: 60}


@tagged("full")
class TestDrills(DrillMixin, ServiceCommon):
    """A day of invitations and reviews while Trusted Shops has some trouble."""

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

    def _drill(self, **calls):
        """Live a day, and check the most calls of an hour, by operation."""
        self._pass(DAY, CRONS)
        found = {name: self._count_calls(name) for name in calls}
        todos = self._count_todos()
        print(  # pylint: disable=print-used
            f"figures: {self._testMethodName}: {found}, {todos}"
        )
        self.assertEqual(found, calls)
        return todos

    def test_events_are_dead_while_the_probe_lives(self):
        self._make_many(40)
        self.etrusted.always["sendEvent"] = (500, "")
        todos = self._drill(sendEvent=3, getChannels=3)
        self.assertEqual(self._count_states(), {"unknown": 10, "due": 30})
        self.assertEqual(todos, {"service": 1, "channel": 1})

    def test_everything_is_dead(self):
        self._make_many(40)
        self._be_away()
        todos = self._drill(sendEvent=1, getChannels=9)
        self.assertEqual(self._count_states(), {"unknown": 1, "due": 39})
        self.assertEqual(todos, {"service": 1, "channel": 1})

    def test_one_of_two_accounts_is_dead(self):
        other = self._add_account()
        german = self._add_channel("chl-de", other)
        self._make_many(20)
        self.invitations.search([("state", "=", "waiting")])._update_decision()
        self.channel.reviews_at = NOW
        good = self.invitations.search([], order="id")[10:]
        good.channel_id = german
        self.etrusted.dead.add(CLIENT_ID)
        todos = self._drill(sendEvent=13, getReviews=2)
        self.assertFalse(self.rest.silent_since)
        self.assertEqual(set(good.mapped("state")), {"accepted"})
        self.assertEqual(self._count_states()["unknown"], 10)
        self.assertTrue(german.reviews_at)
        # That its invitations rest, which may have been sent, and that its reviews
        # cannot be read.
        self.assertEqual(todos, {"service": 1, "channel": 2})
