# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops import const as base_const

from ..models.invitation import decide
from .invitation_common import EMAIL, INVITE_CRON, NOW, InvitationCommon, days


@tagged("full")
class TestInvitationDecide(InvitationCommon):
    """Whether and when a buyer is invited, decided again from facts in each run."""

    QUICK = (
        "test_consenting_buyer_is_invited_in_the_same_run_if_nothing_delays_it",
        "test_what_rules_an_order_out_ends_its_invitation",
        "test_each_reason_to_wait_keeps_the_invitation_waiting",
        "test_channel_waits_days_after_the_trigger",
    )

    def test_consenting_buyer_is_invited_in_the_same_run_if_nothing_delays_it(self):
        order = self._make_order(name="WEB/0042")
        self._run_invites()
        invitation = self.assertState(order, "accepted")
        self.assertValues(
            invitation,
            order_reference="WEB/0042",
            ordered_at=NOW,
            channel_id=self.channel.id,
            company_id=self.env.company.id,
            email=EMAIL,
            triggered_at=NOW,
            due_at=NOW,
            sent_at=NOW,
            answered_at=NOW,
            ended_at=NOW,
            event_ref="evt-2",
            attempt_count=1,
        )

    def test_an_order_that_crashes_keeps_no_other_waiting_and_tells_no_address(self):
        name = "_trustedshops_prepare_invitation"
        prepare = getattr(self.env["sale.order"], name).__func__
        bad = self._make_order(consent={"email": "bad@x.example"})

        def crash(order):
            if order == bad:
                raise KeyError("bug")
            return prepare(order)

        def leave_out(order):
            values = prepare(order)
            return {**values, "company_id": False} if order == bad else values

        for number, (fail, said) in enumerate(((crash, ""), (leave_out, ": null"))):
            good = self._make_order(consent={"email": f"good-{number}@x.example"})
            with (
                patch.object(self.registry["sale.order"], name, fail),
                self.assertLogs("odoo", "ERROR") as logs,
            ):
                self._run_invites(hours=number)
            self.assertState(good, "accepted")
            self.assertFalse(self._get_invitation(bad))
            self.assertIn(f"made for order {bad.id}{said}", str(logs.output))
            self.assertNotIn("bad@x.example", str(logs.output))

    def test_the_first_run_of_a_day_looks_at_all_consents(self):
        for before, age in (
            (False, days(180)),
            (NOW - days(1), days(180)),
            (NOW - timedelta(hours=1), days(2)),
        ):
            with self.subTest(before=before):
                run = self.invitations.with_context(lastcall=before)
                self.assertEqual(run._get_consent_age(), age)

    def test_order_without_consent_gets_no_invitation(self):
        orders = [
            self._make_order(consent=False),
            self._make_order(consent={"kind": "requested"}),
        ]
        self._run_invites()
        for order in orders:
            self.assertFalse(self._get_invitation(order))
        self.assertEqual(self.etrusted.calls, [])

    def test_order_gets_one_invitation_even_if_it_changes_later(self):
        order = self._make_order()
        self._run_invites()
        self._wait(hours=1)
        self._add_consent(order, moment=datetime(2026, 11, 2, 11))
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self._run_invites(days=40)
        self.assertState(order, "accepted")
        self.assertEqual(self.etrusted.count("sendEvent"), 1)

    def test_channel_waits_days_after_the_trigger(self):
        self.channel.delay_days = 7
        order = self._make_order()
        self._run_invites()
        invitation = self.assertState(order, "waiting", "too_early")
        self.assertValues(
            invitation, due_at=NOW + days(7), next_attempt_at=NOW + days(1)
        )
        self._run_invites(days=6, hours=23)
        self.assertState(order, "waiting", "too_early")
        self._run_invites(hours=1)
        self.assertState(order, "accepted")

    def test_what_rules_an_order_out_ends_its_invitation(self):
        stranger = self.env["res.partner"].create({"name": "Jan", "email": "j@x.pl"})
        self.channel.checkout_invites = "on"

        def stop(by):
            return lambda _order: self._suppress(by, "a@x.example")

        for reason, change in (
            ("cancelled", lambda order: order._action_cancel()),
            ("not_reviewable", lambda order: order.write({"website_id": False})),
            ("not_reviewable", lambda order: order.order_line.write({"price_unit": 0})),
            ("recent", lambda o: o.write({"trustedshops_card_delivered_at": NOW})),
            ("no_consent", stop("link")),
            ("no_consent", stop("import")),
            ("no_consent", stop("staff")),
            ("no_consent", stop("erasure")),
        ):
            state = "cancelled" if reason == "cancelled" else "suppressed"
            with self.subTest(reason=reason), self.env.cr.savepoint() as savepoint:
                order = self._make_order(consent=False, partner_id=stranger.id)
                self._add_consent(order, email="a@x.example")
                change(order)
                self._run_invites()
                invitation = self.assertState(order, state, reason)
                self.assertEqual(invitation.ended_at, NOW)
                self.assertFalse(invitation.payload)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self.etrusted.calls, [])

    def test_lifted_stop_lets_the_invitation_go_on(self):
        order = self._make_order()
        for by in ("staff", "link"):
            self._suppress(by)
        self._run_invites()
        self.assertState(order, "suppressed", "no_consent")
        for by, state, reason in (
            ("link", "suppressed", "no_consent"),
            ("staff", "accepted", False),
        ):
            stops = self.env["trustedshops.suppression"].search([("reason", "=", by)])
            stops.with_user(self.manager).action_end()
            self._run_invites(hours=1)
            with self.subTest(lifted=by):
                self.assertState(order, state, reason)

    def test_each_reason_to_wait_keeps_the_invitation_waiting(self):
        for name, change, undo in (
            ("archived", {"active": False}, {"active": True}),
            ("trustcard", {"inviter": "trustcard"}, {"inviter": "odoo"}),
            ("off", {"consent_mode": "off"}, {"consent_mode": "checkbox"}),
            ("theirs", {"own_invites": "off"}, {"own_invites": "on"}),
        ):
            with self.subTest(name):
                order = self._make_order(consent={"email": f"{name}@x.example"})
                self.channel.write(change)
                self._run_invites()
                self.assertState(order, "waiting", "channel")
                self.channel.write(undo)
                self._run_invites(hours=1)
                self.assertState(order, "accepted")

    def test_what_waits_is_looked_at_in_the_next_hour(self):
        self.channel.consent_mode = "off"
        order = self._make_order()
        self._run_invites()
        invitation = self.assertState(order, "waiting", "channel")
        self.assertValues(invitation, next_attempt_at=NOW + timedelta(minutes=50))

    def test_the_same_address_is_invited_once_in_thirty_days(self):
        first, second = self._make_order(), self._make_order()
        other = self._make_order(consent={"email": "jan@x.pl"})
        self._run_invites()
        self.assertState(first, "accepted")
        self.assertState(second, "suppressed", "recent")
        self.assertState(other, "accepted")
        self._wait(days=29)
        third = self._make_order()
        self._run_invites()
        self.assertState(third, "suppressed", "recent")
        self._wait(days=1)
        fourth = self._make_order()
        self._run_invites()
        self.assertState(fourth, "accepted")

    def test_a_new_consent_reopens_what_a_suppression_ended_and_nothing_else(self):
        order = self._make_order()
        self._suppress()
        self._run_invites()
        invitation = self.assertState(order, "suppressed", "no_consent")
        self._wait(hours=1)
        moment = datetime(2026, 11, 2, 11)
        self._add_consent(order, email="new@x.example", moment=moment)
        for reason, is_found in (("no_consent", True), ("recent", False)):
            invitation.reason = reason
            invitation.flush_recordset()
            found = self.invitations._search_consenting_ids(days(1))
            self.assertEqual(found, order.ids * is_found, reason)
        invitation.reason = "no_consent"
        self._run_invites()
        self.assertState(order, "accepted")
        self.assertEqual(invitation.email, "new@x.example")

    def test_an_erased_buyer_who_agrees_again_is_erased_no_more(self):
        self.channel.delay_days = 7
        order = self._make_order()
        self._run_invites()
        self._delete_person()
        self._run_invites(hours=1)
        invitation = self.assertState(order, "suppressed", "no_consent")
        self.assertValues(invitation, email=False, is_erased=True)
        self._wait(hours=1)
        said = {"mode": "double_opt_in", "moment": datetime.now()}
        self._add_consent(order, **said)
        self._run_invites()
        self.assertState(order, "waiting", "too_early")
        self.assertValues(invitation, email=EMAIL, is_erased=False)

    def test_orders_of_the_last_six_months_are_invited_and_no_older_ones(self):
        young, old = self._make_order(), self._make_order(consent={"email": "o@x.pl"})
        young.date_order = NOW - days(179)
        old.date_order = NOW - days(181)
        self._run_invites()
        self.assertState(young, "accepted")
        self.assertState(old, "suppressed", "not_reviewable")

    def _announce(self, order):
        """Return the announced wire transfer of an order, begun now by the clock."""
        payment = self._pay(order, "pending", self._get_wire_transfer())
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = %s WHERE id = %s",
            [NOW, payment.id],
        )
        payment.invalidate_recordset()
        return payment

    def test_a_wire_transfer_is_placed_at_once_and_delivered_when_paid(self):
        self.channel.trigger = "placed"
        placed = self._make_order(confirm=False, consent={"email": "p@x.pl"})
        self._announce(placed)
        self._run_invites()
        self.assertState(placed, "accepted")
        self.channel.trigger = "delivered"
        order = self._make_order(confirm=False)
        payment = self._announce(order)
        self._run_invites(hours=1)
        self.assertState(order, "waiting", "too_early")
        self._wait(days=10)
        payment._set_done()
        payment._post_process()
        self._run_invites()
        invitation = self.assertState(order, "accepted")
        # Ordered ten days ago, whenever it was paid.
        self.assertEqual(invitation.ordered_at, NOW)

    def test_who_runs_the_job_by_hand_need_not_wait_for_the_next_hour(self):
        self.channel.trigger = "delivered"
        order = self._make_order(**self._make_lines(self._make_work()))
        self._run_invites()
        self.assertState(order, "waiting", "too_early")
        order.order_line.qty_delivered = 1
        self._run_invites(minutes=1)
        self.assertState(order, "waiting", "too_early")
        with self.enter_registry_test_mode():
            self.env.ref(INVITE_CRON).method_direct_trigger()
        self.assertState(order, "accepted")

    def test_abandoned_cart_waits(self):
        order = self._make_order(confirm=False)
        self._run_invites()
        self.assertState(order, "waiting", "too_early")

    def test_goods_without_stock_wait_for_the_quantity_that_staff_enter(self):
        work, more = self._make_work(), self._make_work()
        order = self._make_order(**self._make_lines(work, more, self.goods, quantity=2))
        goods, service, _download = order.order_line
        self._run_invites()
        self.assertState(order, "waiting", "too_early")
        goods.qty_delivered = 2
        service.qty_delivered = 1
        self._run_invites(hours=1)
        self.assertState(order, "waiting", "too_early")
        service.qty_delivered = 2
        self.channel.delay_days = 1
        self._run_invites(hours=1)
        invitation = self.assertState(order, "waiting", "too_early")
        seen_at = datetime(2026, 11, 2, 12)
        # Seen once, it stays the moment from which the days count.
        self._run_invites(hours=5)
        self.assertValues(invitation, triggered_at=seen_at, due_at=seen_at + days(1))
        self._run_invites(days=1)
        self.assertState(order, "accepted")

    def test_everything_credited_is_invited_unless_the_channel_says_no(self):
        for invited, state, reason in (
            (True, "accepted", False),
            (False, "suppressed", "returned"),
        ):
            with self.subTest(invited=invited):
                self.channel.returned_invited = invited
                order = self._make_order(
                    consent={"email": f"returned-{invited}@x.pl".lower()}
                )
                invoice = self._invoice(order)
                invoice._reverse_moves(cancel=True)
                self._run_invites()
                self.assertState(order, state, reason)

    def _declare_withdrawal(self, order, **values):
        """Return the withdrawal that a logged-in buyer declared."""
        return self.env["sale.withdrawal"].create(
            {
                "buyer_name": "Erika Muster",
                "email": EMAIL,
                "order_id": order.id,
                "company_id": order.company_id.id,
                "token": str(order.id),
                "state": "assigned",
                "is_verified": True,
                **values,
            }
        )

    def test_a_declared_withdrawal_keeps_the_buyer_uninvited_until_it_is_refused(self):
        self._require_modules("website_sale_trustedshops_withdrawal")
        self.channel.returned_invited = False
        for end, expected in (
            ("invalid", ("accepted", False)),
            ("valid", ("suppressed", "returned")),
        ):
            with self.subTest(end):
                order = self._make_order(consent={"email": f"{end}@x.example"})
                withdrawal = self._declare_withdrawal(order)
                self._run_invites(days=5)
                self.assertState(order, "waiting", "too_early")
                withdrawal.write({"state": end, "reason": "Made to measure"})
                self._run_invites(days=1, hours=1)
                self.assertState(order, *expected)

    def test_a_withdrawal_of_a_part_or_where_returns_are_invited_stops_nothing(self):
        self._require_modules("website_sale_trustedshops_withdrawal")
        for invited, articles in ((False, "1 × Lamp"), (True, False)):
            self.channel.returned_invited = invited
            order = self._make_order(consent={"email": f"x{invited}@x.pl".lower()})
            self._declare_withdrawal(order, articles=articles)
            self._run_invites()
            self.assertState(order, "accepted")

    def test_an_order_without_total_is_invited_only_if_a_card_paid(self):
        free = self._make_order(
            **self._make_lines(self.goods), consent={"email": "f@x.pl"}
        )
        paid = self._make_order(
            **self._make_lines(self.goods), consent={"email": "p@x.pl"}
        )
        amount = "_trustedshops_get_amount_to_protect"
        real = getattr(self.registry["sale.order"], amount)
        (free + paid).order_line.write({"price_unit": 0})

        def get_amount(order):
            return 50.0 if order == paid else real(order)

        with patch.object(self.registry["sale.order"], amount, get_amount):
            self._run_invites()
        self.assertState(free, "suppressed", "not_reviewable")
        self.assertState(paid, "accepted")

    def test_something_kept_is_no_full_return(self):
        self.channel.returned_invited = False
        order = self._make_order(**self._make_lines(self.goods, self._make_work()))
        order.order_line.qty_delivered = 1
        invoice = self._invoice(order)
        credit_note = invoice._reverse_moves()
        credit_note.invoice_line_ids[0].unlink()
        credit_note.action_post()
        self._run_invites()
        self.assertState(order, "accepted")

    def test_imported_consents_are_spread_over_the_days(self):
        orders = [
            self._make_order(consent={"email": f"{n}@x.pl", "mode": "import"})
            for n in range(5)
        ]
        with patch.object(decide, "IMPORTED_PER_DAY", 2):
            counts = []
            for postponed in (3, 1, 0):
                self._run_invites(days=1, minutes=1)
                counts.append(self.etrusted.count("sendEvent"))
                waiting = self.invitations.search([("reason", "=", "too_early")])
                self.assertEqual(
                    [each.next_attempt_at for each in waiting],
                    [datetime.now() + days(1)] * postponed,
                )
        self.assertEqual(counts, [2, 4, 5])
        for order in orders:
            self.assertState(order, "accepted")

    def test_an_archived_channel_gives_way_to_the_one_in_its_place(self):
        order = self._make_order()
        self.channel.active = False
        self._run_invites()
        self.assertState(order, "waiting", "channel")
        place = {"account_id": self.account.id, "channel_ref": "chl-new"}
        self.channel.website_id = False
        self.env.flush_all()
        place |= {"website_id": self.website.id, "active": True}
        new = self.channel.copy(place)
        self._run_invites(hours=1)
        self.assertEqual(self.assertState(order, "accepted").channel_id, new)

    def test_a_decision_and_a_call_take_turns(self):
        first, second = self._make_due(), self._make_due()
        waiting = [self._make_order(consent={"email": f"{n}@x.pl"}) for n in range(2)]
        seen = []

        def look(_body):
            rows = self.invitations.concat(*map(self._get_invitation, waiting))
            rows.invalidate_recordset(["state"])
            seen.append(rows.mapped("state"))
            return 202, {}

        answer = patch.object(self.etrusted, "_answer_sendEvent", look, create=True)
        with answer, patch.object(base_const, "BATCH_SIZE", 1):
            self._run_invites()
        # Two calls a turn: the newest row and the oldest.
        before = ["due", "waiting"]
        self.assertEqual(seen[:3], [before, before, ["sending", "due"]])
        self.assertEqual((first + second).mapped("state"), ["accepted", "accepted"])

    def test_an_order_in_a_language_without_channel_waits_for_one(self):
        order = self._make_order(consent={"channel_id": False})
        self.channel.active = False
        self._run_invites()
        self.assertFalse(self._get_invitation(order))
        self.channel.active = True
        self._run_invites(hours=1)
        self.assertState(order, "accepted")
