# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..models.invitation.decide import STATE_BY_REASON
from .invitation_common import INVITE_CRON, NOW, InvitationCommon, days

STOCK_BRIDGE = "website_sale_trustedshops_reviews_stock"


class TestInvitationStaff(InvitationCommon):
    """What staff read about an invitation, and what they may do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman, cls.seller, cls.stranger = (
            new_test_user(cls.env, name, groups=f"base.group_user,{groups}")
            for name, groups in (
                ("ts_salesman", "sales_team.group_sale_salesman"),
                ("ts_seller", "sales_team.group_sale_manager"),
                ("ts_stranger", "base.group_user"),
            )
        )

    def test_the_order_says_that_no_channel_serves_its_consent(self):
        order = self._make_order(consent={"channel_id": False})
        self.assertFalse(order.trustedshops_invitation_notice)
        self.channel.active = False
        order.invalidate_recordset()
        seen = order.with_user(self.seller).trustedshops_invitation_notice
        self.assertIn("no channel serves the website", seen)

    def test_the_reason_is_a_sentence_and_nothing_is_said_when_all_is_well(self):
        order = self._make_order(**self._make_lines(self._make_work()))
        self._run_invites()
        invitation = self._get_invitation(order).with_user(self.seller)
        self.assertEqual(
            invitation.explanation,
            "It is too early: not shipped or delivered yet, the waiting days are not"
            " over, or a withdrawal is open.",
        )
        order.order_line.qty_delivered = 1
        self._run_invites(hours=1)
        self.assertValues(invitation, state="accepted", explanation="")
        for state, words in (("failed", "no money"), ("unknown", "two mails")):
            invitation.sudo().write({"state": state, "last_error": "no money"})
            self.assertIn(words, invitation.explanation)

    def test_every_reason_has_a_state_and_a_sentence(self):
        reasons = dict(self.invitations._fields["reason"].selection)
        self.assertEqual({*STATE_BY_REASON}, {*reasons, ""})
        for code, sentence in reasons.items():
            with self.subTest(code=code):
                self.assertRegex(sentence, r"^[A-Z].*\.$")

    def test_an_unknown_reason_or_trigger_is_refused(self):
        invitation = self._make_due()
        with self.assertRaises(KeyError):
            invitation._apply_reason("whatever")
        with self.assertRaises(KeyError):
            invitation.order_id._trustedshops_get_triggered_at("whatever", NOW)

    def test_a_change_of_delay_or_trigger_wakes_those_that_wait(self):
        self.channel.delay_days = 7
        order = self._make_order()
        self._run_invites()
        invitation = self._get_invitation(order)
        for values, state in (
            ({"delay_days": 5}, "waiting"),
            ({"delay_days": 0}, "accepted"),
        ):
            self.channel.write(values)
            self.assertEqual(invitation.next_attempt_at, NOW)
            self._run_invites()
            self.assertEqual(invitation.state, state)

    def test_a_box_ticked_days_before_the_order_is_found_within_the_hour(self):
        cron = self.env.ref(INVITE_CRON)
        order = self._make_order()
        self.env.cr.execute(
            "UPDATE trustedshops_consent SET create_date = %s WHERE order_id = %s",
            [NOW - days(20), order.id],
        )
        cron.lastcall = NOW  # not the first run of the day
        self._run_invites()
        self.assertTrue(order.trustedshops_invitation_ids)

    def test_after_the_trigger_the_button_works_at_once(self):
        self.channel.delay_days = 7
        order = self._make_order(**self._make_lines(self._make_work()))
        self._run_invites()
        invitation = self._get_invitation(order).with_user(self.seller)
        self.assertFalse(invitation.can_send_now)
        with self.assertRaises(UserError):
            invitation.action_send_now()
        order.order_line.qty_delivered = 1
        invitation.invalidate_recordset()
        self.assertTrue(invitation.can_send_now)
        invitation.action_send_now()
        self._run_invites()
        self.assertState(order, "accepted")

    def test_rights_to_read_and_press(self):
        self.channel.delay_days = 7
        order = self._make_order(user_id=self.seller.id)
        self._run_invites()
        invitation = self._get_invitation(order)
        with self.assertRaises(AccessError):
            invitation.with_user(self.stranger).read(["state"])
        with self.assertRaises(AccessError):  # of another user's order
            invitation.with_user(self.salesman).read(["state"])
        order.user_id = self.salesman
        self.assertFalse(invitation.with_user(self.salesman).can_send_now)
        with self.assertRaises(AccessError):
            invitation.with_user(self.salesman).action_send_now()

    def test_a_row_whose_order_is_gone_is_not_every_salesmans(self):
        order = self._make_order(confirm=False, user_id=self.salesman.id)
        self._run_invites()
        invitation = self._get_invitation(order)
        self.assertTrue(invitation.with_user(self.salesman).read(["email"]))
        order.unlink()
        with self.assertRaises(AccessError):
            invitation.with_user(self.salesman).read(["email"])
        self.assertTrue(invitation.with_user(self.seller).read(["email"]))

    def test_channel_says_that_staff_must_enter_deliveries(self):
        has_stock = self.env["ir.module.module"]._get(STOCK_BRIDGE).state == "installed"
        form = etree.fromstring(self.channel.get_view(view_type="form")["arch"])
        told = form.xpath("//div[@name='trigger_notice']/@invisible")
        self.assertEqual(told, ["1" if has_stock else "trigger == 'placed'"])

    def test_the_button_waits_for_the_queue(self):
        invitation = self._make_due()
        invitation.write({"state": "sending", "next_attempt_at": NOW + days(1)})
        with self.assertRaises(UserError):
            invitation.with_user(self.seller).action_send_now()

    def test_copied_database_invites_no_buyer(self):
        known, ended = self._make_due(), self._make_due()
        self._run_invites()
        waiting = self._make_order(consent={"email": "w@x.pl"})
        self.invitations._create_for(waiting)
        fresh = self._make_order(consent={"email": "f@x.pl"})
        self._neutralize()
        for order in (waiting, fresh):
            self.assertState(order, "cancelled", "copied")
        self.assertEqual((known.state, ended.state), ("accepted", "accepted"))
        self.account.write({"client_id": "a", "client_secret": "b"})
        self.account.state = "connected"
        self.etrusted.calls.clear()
        self._run_invites(days=1)
        self.assertEqual(self.etrusted.calls, [])

    def test_lifting_a_stop_in_a_copied_database_invites_nobody(self):
        order, stop = self._make_order(), self._suppress("staff")
        self._run_invites()
        self.assertState(order, "suppressed", "no_consent")
        self._neutralize()
        stop.with_user(self.seller).action_end()
        self.assertState(order, "cancelled", "copied")
