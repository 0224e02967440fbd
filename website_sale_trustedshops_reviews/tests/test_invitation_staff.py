# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..models.invitation_decide import END_BY_REASON
from .invitation_common import EMAIL, INVITE_CRON, NOW, InvitationCommon, days

EXPLAIN_LOGGER = "odoo.addons.website_sale_trustedshops_reviews.models.sale_order"
EXPLAIN = "_trustedshops_format_invitation"
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

    def _read(self, order, user=None):
        return order.with_user(user or self.seller).trustedshops_invitation_text

    def test_the_order_says_where_its_invitation_stands(self):
        order = self._make_order(consent=False)
        self.assertEqual(
            self._read(order),
            "The buyer is not invited to a review: there is no consent to it.",
        )
        self._add_consent(order, kind="requested")
        order.invalidate_recordset()
        self.assertIn("asked by mail to confirm", self._read(order))
        self._add_consent(order)
        order.invalidate_recordset()
        self.assertIn("will be invited within an hour", self._read(order))
        self.channel.delay_days = 7
        order.invalidate_recordset()
        # Before there is a row, too.
        self.assertEqual(self._read(order), "The buyer will be invited on 11/09/2026.")
        self._run_invites()
        order.invalidate_recordset()
        self.assertEqual(self._read(order), "The buyer will be invited on 11/09/2026.")
        self._run_invites(days=7)
        order.invalidate_recordset()
        self.assertEqual(
            self._read(order),
            "Handed over to Trusted Shops on 11/09/2026, which invites the buyer.",
        )

    def test_without_a_row_it_is_told_what_the_queue_will_do(self):
        order = self._make_order()
        for change, text in (
            (lambda: self.account.action_archive(), "waits. The account"),
            (lambda: self.account.action_unarchive(), "within an hour"),
            (lambda: self._suppress(email=EMAIL), "took the consent back"),
        ):
            change()
            order.invalidate_recordset()
            self.assertIn(text, self._read(order))
        self.assertFalse(order.trustedshops_invitation_ids)

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

    def test_order_says_what_its_invitation_waits_for_now(self):
        self.channel.delay_days = 3
        order = self._make_order(**self._make_lines(self._make_work()))
        self._run_invites()
        self.assertEqual(
            self._read(order),
            "Not everything was delivered yet. Days from then until the buyer is"
            " invited: 3.",
        )
        self.channel.delay_days = 0
        order.invalidate_recordset()
        self.assertEqual(
            self._read(order),
            "Not everything was delivered yet. The buyer will be invited as soon as"
            " that changes.",
        )
        self.channel.delay_days = 3
        for change, text in (
            (
                lambda: order.order_line.write({"qty_delivered": 1}),
                "The buyer will be invited on 11/05/2026.",
            ),
            (
                lambda: order._action_cancel(),
                "The buyer is not invited. The order was cancelled.",
            ),
        ):
            change()
            order.invalidate_recordset()
            self.assertEqual(self._read(order), text)

    def test_every_reason_is_a_sentence(self):
        reasons = dict(self.invitations._selection_reason())
        self.assertLessEqual({*END_BY_REASON}, {*reasons})
        for code, sentence in reasons.items():
            with self.subTest(code=code):
                self.assertRegex(sentence, r"^[A-Z].*\.$")

    def test_after_the_trigger_the_button_works_at_once(self):
        self.channel.delay_days = 7
        order = self._make_order(**self._make_lines(self._make_work()))
        self._run_invites()
        invitation = self._get_invitation(order).with_user(self.seller)
        self.assertFalse(invitation.can_invite_earlier)
        for button in ("action_invite_earlier", "action_send_again"):
            with self.assertRaises(UserError):
                getattr(invitation, button)()
        order.order_line.qty_delivered = 1
        invitation.invalidate_recordset()
        self.assertTrue(invitation.can_invite_earlier)
        invitation.action_invite_earlier()
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
        self.assertFalse(invitation.with_user(self.salesman).can_invite_earlier)
        with self.assertRaises(AccessError):
            invitation.with_user(self.salesman).action_invite_earlier()

    def test_a_row_whose_order_is_gone_is_not_every_salesmans(self):
        order = self._make_order(confirm=False, user_id=self.salesman.id)
        self._run_invites()
        invitation = self._get_invitation(order)
        self.assertTrue(invitation.with_user(self.salesman).read(["email"]))
        order.unlink()
        with self.assertRaises(AccessError):
            invitation.with_user(self.salesman).read(["email"])
        self.assertTrue(invitation.with_user(self.seller).read(["email"]))

    def test_order_without_website_tells_nothing_of_an_invitation(self):
        self.assertIs(self._read(self._make_order(website_id=False)), False)

    def test_an_order_opens_although_its_invitation_cannot_be_explained(self):
        order = self._make_order()
        self._run_invites()

        def crash(_order):
            raise KeyError("a bug")

        broken = patch.object(self.registry[order._name], EXPLAIN, crash)
        with broken, self.assertLogs(EXPLAIN_LOGGER, "ERROR"):
            self.assertIn("see the server log", self._read(order))

    def test_channel_says_that_staff_must_enter_deliveries(self):
        has_stock = self.env["ir.module.module"]._get(STOCK_BRIDGE).state == "installed"
        form = etree.fromstring(self.channel.get_view(view_type="form")["arch"])
        told = form.xpath("//div[@name='trigger_notice']/@invisible")
        self.assertEqual(told, ["1" if has_stock else "trigger == 'placed'"])

    def test_the_button_waits_for_the_queue(self):
        invitation = self._make_due()
        invitation.write({"state": "sending", "next_attempt_at": NOW + days(1)})
        with self.assertRaises(UserError):
            invitation.with_user(self.seller).action_send_again()

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
        self.assertState(order, "suppressed", "by_staff")
        self._neutralize()
        stop.with_user(self.seller).action_end()
        self.assertState(order, "cancelled", "copied")
