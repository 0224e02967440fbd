# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import datetime

import requests

from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.chance import choose_size, make_dice

from .invitation_common import NOW, InvitationCommon, days

# With --long the number of the budget.
COUNT = choose_size(120, 10_000)
DAYS = 26
QUIET = days(30)
# Answers that leave it open whether the event arrived.
LOST = ("lost", "failing")


@tagged("full")
class TestInvitationRandom(InvitationCommon):
    """Random orders, days and answers, compared with what their facts say.

    What is sent is judged at that moment by a second, simple set of rules. In the end
    each buyer who agreed and got everything was invited, or there is a reason.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave_out_what_is_not_compared()
        cls.dice = make_dice("invitations")
        cls.channel.write({"delay_days": 3, "quiet_days": 30})

    def _make_orders(self):
        """Return random orders, all placed, with what is known of each."""
        work = self._make_work()
        partner = self.buyer.with_env(self.env)
        lines = self._make_lines(work, quantity=2)["order_line"]
        orders = self.env["sale.order"].create(
            [
                {
                    "name": f"R{number}",
                    "partner_id": partner.id,
                    "website_id": self.dice.random() < 0.95 and self.website.id,
                    "state": "sale",
                    "date_order": NOW
                    - days(self.dice.choices((0, 20, 175, 200), (8, 2, 1, 1))[0]),
                    "order_line": lines,
                }
                for number in range(COUNT)
            ]
        )
        self.facts = {}
        for order in orders:
            self.facts[order] = self._roll_facts(order)
        return orders

    def _roll_facts(self, order):
        dice = self.dice
        facts = {
            # Some buyers order several times.
            "email": f"buyer-{dice.randrange(COUNT * 2 // 3)}@x.example",
            "consent": dice.choices(("given", "requested", ""), (8, 1, 1))[0],
            "delivered": dice.choices((2, 1, 0), (8, 1, 1))[0],
            "delivered_on": dice.randrange(12),
            "cancelled_on": dice.choices((None, dice.randrange(20)), (8, 1))[0],
            "withdrawn_on": dice.choices((None, dice.randrange(20)), (8, 1))[0],
            "suppressed_on": dice.choices((None, dice.randrange(20)), (20, 1))[0],
            "free": dice.random() < 0.05,
            "card": dice.random() < 0.1,
            "sent": [],
        }
        facts["again_on"] = (
            facts["cancelled_on"] is not None
            and dice.random() < 0.5
            and facts["cancelled_on"] + 2
        )
        if facts["consent"]:
            self._add_consent(order, facts["consent"], email=facts["email"])
        if facts["free"]:
            order.order_line.price_unit = 0.0
        if facts["card"]:
            order.trustedshops_card_delivered_at = NOW
        return facts

    def _live(self, day):
        """Let happen what happens to the orders on a day."""
        for order, facts in self.facts.items():
            if facts["delivered_on"] == day:
                order.order_line.qty_delivered = facts["delivered"]
                facts["seen_at"] = datetime.now()
            if facts["cancelled_on"] == day:
                order.state = "cancel"
            if facts["again_on"] == day:
                order.state = "sale"
            if facts["withdrawn_on"] == day and facts["consent"]:
                self._suppress("link", facts["email"])
                facts["withdrawn_at"] = datetime.now()
            if facts["suppressed_on"] == day:
                self._suppress("staff", facts["email"])
                facts["suppressed_at"] = datetime.now()

    # === THE SECOND SET OF RULES === #
    def _is_out(self, facts):
        """Tell whether the buyer of an order wants no invitations, by now."""
        others = [
            each for each in self.facts.values() if each["email"] == facts["email"]
        ]
        return any("withdrawn_at" in e or "suppressed_at" in e for e in others)

    def _is_eligible(self, order, facts):
        """Tell whether the buyer should be invited, other orders of his apart."""
        return (
            facts["consent"] == "given"
            and order.state == "sale"
            and bool(order.website_id)
            and not facts["free"]
            and not (facts["card"] and self.channel.checkout_invites != "off")
            and not self._is_out(facts)
            and facts["delivered"] == 2
            and "seen_at" in facts
            and datetime.now() >= facts["seen_at"] + days(3)
            and order.date_order >= datetime.now() - days(180)
        )

    def _judge(self, body):
        """Answer an event, after a look at whether it may be sent."""
        order = self.by_name[body["transaction"]["reference"]]
        facts = self.facts[order]
        self.assertTrue(self._is_eligible(order, facts), order.name)
        self.assertEqual(body["customer"]["email"], facts["email"])
        self.assertNotIn(
            True, [answer != "down" for _at, answer in facts["sent"]], "sent twice"
        )
        now = datetime.now()
        for other in self.facts.values():
            if other["email"] == facts["email"] and other is not facts:
                for at, answer in other["sent"]:
                    arrived = answer in ("taken", *LOST)
                    self.assertFalse(arrived and at > now - QUIET, "asked too often")
        answer = self._pick_answer()
        facts["sent"].append((now, answer))
        if answer == "lost":
            raise requests.ReadTimeout
        if answer == "failing":
            return 503, {}
        if answer == "refused":
            return 400, {"Message": f"unknown customer {order.name}"}
        if answer == "down":
            raise requests.ConnectTimeout
        return 202, {}

    def _pick_answer(self):
        words = ("taken", "refused", "down", "lost", "failing")
        return self.dice.choices(words, (17, 1, 1, 1, 1))[0]

    def test_each_consenting_buyer_and_no_other_is_invited_once(self):
        orders = self._make_orders()
        self.by_name = {order.name: order for order in orders}
        self.etrusted._answer_sendEvent = self._judge
        self.addCleanup(delattr, self.etrusted, "_answer_sendEvent")
        self.channel.checkout_invites = "on"
        for day in range(DAYS):
            self._live(day)
            self._run_invites(hours=self.dice.randrange(24))
            self._freeze(str(NOW + days(day + 1)))
        found = Counter()
        for order, facts in self.facts.items():
            found[self._explain(order, facts)] += 1
        # pylint: disable=print-used
        print(f"figures: {COUNT} random orders, {dict(found)}")
        self.assertGreater(found["invited"], COUNT // 8)

    def _explain(self, order, facts):
        """Return in one word what became of an order; fail when nothing explains it."""
        invitation = self._get_invitation(order)
        answers = [answer for _at, answer in facts["sent"]]
        self.assertEqual(bool(invitation), facts["consent"] == "given", order.name)
        if not invitation:
            return "no consent"
        last = answers[-1] if answers else ""
        expected = {"taken": "accepted", "refused": "failed"}
        expected |= dict.fromkeys(LOST, "unknown")
        if last in LOST and invitation.reason == "no_consent":
            self.assertTrue(self._is_out(facts), order.name)
            return last
        if last in expected:
            self.assertEqual(invitation.state, expected[last], order.name)
            return "invited" if last == "taken" else last
        if invitation.reason == "recent" and not facts["card"]:
            asked = [
                at
                for other in self.facts.values()
                if other["email"] == facts["email"] and other is not facts
                for at, answer in other["sent"]
                if answer in ("taken", *LOST)
            ]
            self.assertTrue(asked, order.name)
            return "recent"
        self.assertFalse(self._is_eligible(order, facts), f"{order.name} forgotten")
        self.assertIn(invitation.state, ("suppressed", "cancelled", "waiting"))
        self.assertTrue(invitation.reason)
        return invitation.reason
