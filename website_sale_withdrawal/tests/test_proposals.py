# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from lxml import html

from odoo.tests import tagged

from ..models.sale_order import PROPOSED
from .common import WithdrawalCommon

STRANGER = {"buyer_name": "Max Fremd", "email": "max@fremd.example"}


@tagged("post_install", "-at_install")
class TestProposals(WithdrawalCommon):
    """A number alone proposes an order: a person decides, and nobody else is mailed."""

    def _list(self):
        """Return the activity of the order, and the withdrawals that it lists."""
        activity = self.order.activity_search([PROPOSED])
        links = html.fromstring(activity.note or "<p/>").xpath("//a/@data-oe-id")
        return activity, self.withdrawals.browse(map(int, links))

    def test_a_matching_name_or_address_assigns_the_order(self):
        for values in (
            {"email": "else@x.example"},
            {"buyer_name": "MUSTER, Erika", "email": "else@x.example"},
            {"buyer_name": "E. M."},
        ):
            withdrawal = self._declare(**values)
            self._run_cron()
            self.assertValues(
                withdrawal,
                order_id=self.order,
                state="assigned",
                proposed_order_id=self.order.browse(),
            )
            self.assertEqual(len(withdrawal.activity_ids), 1)

    def test_a_number_without_name_and_address_is_a_proposal(self):
        withdrawal = self._declare(**STRANGER)
        self._run_cron()
        self.assertValues(
            withdrawal,
            order_id=self.order.browse(),
            state="received",
            proposed_order_id=self.order,
        )
        self.assertIn("An order has the number", withdrawal.hints)

    def test_a_part_of_the_name_is_not_the_name(self):
        for name in ("Erika", "Erika Muster Fremd", "?"):
            withdrawal = self._declare(**STRANGER | {"buyer_name": name})
            self._run_cron()
            self.assertFalse(withdrawal.order_id)

    def test_an_order_without_a_name_matches_no_name(self):
        self.partner.write({"name": "?", "email": False})
        withdrawal = self._declare(**STRANGER | {"buyer_name": "!"})
        self._run_cron()
        self.assertFalse(withdrawal.order_id)

    def test_it_mails_nobody_but_the_address_that_was_given(self):
        self.order.user_id = self.env.ref("base.user_admin")
        self.order.user_id.notification_type = "email"
        before = self.env["mail.mail"].search([])
        self._declare(**STRANGER)
        for _run in range(2):
            self._run_cron()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.email_to, "max@fremd.example")
        self.assertFalse(mail.recipient_ids)

    def test_one_activity_of_the_order_lists_all(self):
        user = self._create_new_internal_user(
            login="seller", groups="sales_team.group_sale_salesman"
        )
        self.order.user_id = user
        proposals = self.withdrawals.browse()
        for _number in range(23):
            proposals += self._declare(**STRANGER)
        self._run_cron()
        activity, listed = self._list()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, user)
        self.assertEqual(listed, proposals.sorted("id", reverse=True)[:20])
        self.assertIn("3 older ones", activity.note)
        self.assertNotIn("Fremd", activity.note)
        self.assertFalse(proposals.activity_ids)
        self.assertEqual(set(proposals.mapped("user_id")), {user})

    def test_it_lists_only_what_is_still_to_decide(self):
        assigned, refused, erased = (self._declare(**STRANGER) for _each in range(3))
        self._run_cron()
        assigned.action_assign()
        self.assertValues(assigned, order_id=self.order, state="assigned")
        self.assertEqual(self._list()[1], erased + refused)
        refused.reason = "Not the buyer"
        refused.action_mark_invalid()
        self.assertEqual(self._list()[1], erased)
        erased.action_erase()
        self.assertFalse(self._list()[0])
        refused.action_reopen()
        self.assertEqual(self._list()[1], refused)

    def test_when_its_order_is_deleted_a_person_is_told(self):
        refused, proposal = (self._declare(**STRANGER) for _each in range(2))
        self._run_cron()
        refused.reason = "Not the buyer"
        refused.action_mark_invalid()
        self.order._action_cancel()
        self.order.unlink()
        for _run in range(2):
            self._run_cron()
        self.assertEqual(proposal.activity_ids.summary, "Withdrawal received")
        self.assertFalse(refused.activity_ids)
        self.assertEqual(len(self._get_mails()), 2)

    def test_who_came_by_the_link_has_an_activity_of_their_own(self):
        by_link = {"is_verified": True, "order_id": self.order.id}
        self._declare(**STRANGER)
        own = [self._declare(**STRANGER, **by_link) for _each in range(2)]
        self._run_cron()
        for withdrawal in own:
            self.assertEqual(len(withdrawal.activity_ids), 1)
        self.assertFalse(self._list()[1] & own[0].union(*own))

    def test_every_due_date_runs_from_the_press(self):
        # It was the next day in Berlin.
        pressed = datetime(2026, 11, 2, 23, 30)
        by_link = {"is_verified": True, "order_id": self.order.id}
        withdrawals = [
            self._declare(received_at=pressed, **values)
            for values in (STRANGER, by_link, {"order_reference": "?"})
        ]
        self._run_cron()
        self._get_mails(withdrawals[1]).cancel()
        self._run_cron()
        activities = self._list()[0].union(*(each.activity_ids for each in withdrawals))
        self.assertEqual(len(activities), 4)
        self.assertEqual(set(activities.mapped("date_deadline")), {date(2026, 11, 3)})
        back = {each.money_back_by for each in withdrawals}
        self.assertEqual(back, {date(2026, 11, 17)})
