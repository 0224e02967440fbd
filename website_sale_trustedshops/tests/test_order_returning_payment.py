# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import APPLY, ORDER_LOGGER
from .payment_common import TrustedShopsPaymentCommon


@tagged("full")
class TestReturningPayment(TrustedShopsPaymentCommon):
    """A payment comes back when its choice was dropped from the cart meanwhile."""

    QUICK = (
        "test_a_paid_choice_returns_and_is_applied_for_once",
        "test_the_present_order_decides_whether_it_returns",
        "test_a_cart_that_grew_meanwhile_is_on_hold_until_the_rest_is_paid",
        "test_it_goes_with_every_promise_of_money",
    )

    def setUp(self):
        super().setUp()
        self.order = self._make_cart()

    def _begin_and_drop(self, provider=None):
        """Return a payment with the fee, and the choice that was dropped since."""
        begun = self._begin_with_choice(self.order, provider)
        self._drop(self.order)
        return begun

    def _find_applications(self):
        """Run the queue and return what Trusted Shops received."""
        self._run_queue()
        return [
            (parts["shopOrderID"], parts["amount"], parts["tsProductId"])
            for parts in self.service.get_parts(APPLY)
        ]

    def test_a_paid_choice_returns_and_is_applied_for_once(self):
        transaction, protection = self._begin_and_drop()
        self.assertOrder(self.order, "draft", 100.0, None, False)
        self._come_back(transaction)
        self.assertOrder(self.order, "sale", 100.98, protection, "queued")
        self.assertEqual(self._count_fee_lines(self.order), 1)
        self.assertEqual(
            self._find_applications(),
            [(self.order.name, "100.00", "TS080501_500_30_EUR")],
        )

    def test_the_line_that_returns_speaks_the_language_of_the_buyer(self):
        protection = self._choose(self.order, "de_DE")
        transaction = self._begin(self.order)
        name = self.order.order_line[1].name
        self._drop(self.order)
        self._come_back(transaction)
        self.assertEqual(protection.lang_id.code, "de_DE")
        self.assertEqual(self.order.order_line[1].name, name)
        self.assertIn("Käuferschutz", name)

    def test_every_way_to_place_the_order_brings_it_back(self):
        for provider, event, state in (
            (self._get_demo(), "authorized", "sale"),
            (self._get_wire_transfer(), "pending", "sent"),
        ):
            with self.subTest(event=event):
                self.order = self._make_cart()
                before = len(self.service.get_parts(APPLY))
                transaction, protection = self._begin_and_drop(provider)
                self._come_back(transaction, event)
                self.assertOrder(self.order, state, 100.98, protection, "queued")
                self._come_back(transaction, "done")
                self.assertOrder(self.order, "sale", 100.98, protection, "queued")
                self.assertEqual(len(self._find_applications()), before + 1)

    def test_the_pending_of_another_provider_waits_for_its_money(self):
        transaction, protection = self._begin_and_drop()
        self._come_back(transaction, "pending")
        self.assertOrder(self.order, "sent", 100.0, None, False)
        self._come_back(transaction, "done")
        self.assertOrder(self.order, "sale", 100.98, protection, "queued")

    def test_a_confirmation_before_the_payment_is_looked_at_finds_it_back(self):
        # As pay in store does: it confirms before this addon sees the transaction.
        transaction, protection = self._begin_and_drop(self._get_wire_transfer())
        transaction._set_pending()
        self.order.action_confirm()
        self.assertOrder(self.order, "sale", 100.98, protection, "queued")

    def _make_dearer(self):
        self.order.order_line[0].product_uom_qty = 2

    def _make_cheaper(self):
        self.order.order_line[0].price_unit = 60.0

    def _lock(self):
        self.order.action_confirm()
        self.order.action_lock()

    def test_the_present_order_decides_whether_it_returns(self):
        for change, state, total, ended in (
            (lambda: self.order.action_confirm(), "sale", 100.98, "queued"),
            (self._make_cheaper, "sale", 60.0, "on_hold"),
            (self._lock, "sale", 100.0, "on_hold"),
            (lambda: self.order._action_cancel(), "cancel", 100.0, None),
        ):
            with self.subTest(state=state, total=total):
                self.order = self._make_cart()
                transaction, protection = self._begin_and_drop()
                change()
                self._come_back(transaction)
                kept = protection if ended else None
                self.assertOrder(self.order, state, total, kept, ended or False)
                is_on_hold = ended == "on_hold"
                self.assertEqual(len(self._get_todos(protection)), is_on_hold)

    def test_a_cart_that_grew_meanwhile_is_on_hold_until_the_rest_is_paid(self):
        transaction, protection = self._begin_and_drop()
        self._make_dearer()
        self._come_back(transaction)
        self.assertOrder(self.order, "draft", 200.0, protection, "on_hold")
        [todo] = self._get_todos(protection)
        self.assertEqual(
            todo.striptags().replace("\N{NO-BREAK SPACE}", " "),
            "100.98 € was paid, 0.98 € for Buyer Protection included, but the order"
            " changed during the payment and comes to 200.00 € without it. Settle the"
            " difference with the buyer, or press Refund fee.",
        )
        self.assertEqual(self._find_applications(), [])
        # The rest of the money releases it with its line.
        self._come_back(self._begin(self.order, amount=100.0))
        self.assertOrder(self.order, "sale", 200.98, protection, "queued")
        self.assertEqual(self._count_fee_lines(self.order), 1)

    def test_the_rest_may_be_paid_while_it_is_on_hold(self):
        transaction, protection = self._begin_and_drop()
        self._make_dearer()
        self._come_back(transaction)
        self._come_back(self._begin(self.order), "error")
        cart = self._as_visitor(self.order)
        cart._recompute_cart()
        cart._check_cart_is_ready_to_be_paid()
        self.assertOrder(self.order, "draft", 200.0, protection, "on_hold")

    def test_another_currency_by_now_is_put_on_hold(self):
        transaction, protection = self._begin_and_drop()
        self.order.pricelist_id = self._make_zloty_prices()
        self.order.currency_id = self.currency_pln
        self._come_back(transaction)
        self.assertEqual(protection.state, "on_hold")
        self.assertEqual(self._count_fee_lines(self.order), 0)

    def test_a_payment_that_fails_brings_nothing_back(self):
        for state in ("error", "cancel"):
            order = self._make_cart()
            with self.subTest(state=state):
                transaction, _protection = self._begin_with_choice(order)
                self._drop(order)
                self._come_back(transaction, state)
                self.assertOrder(order, "draft", 100.0, None, False)
        self.assertEqual(self._find_applications(), [])

    def test_staff_give_no_fee_back_that_nobody_paid(self):
        for state in (None, "cancel"):  # none: a redirect that was given up
            with self.subTest(state=state):
                self.order = self._make_cart()
                given_up, dropped = self._begin_and_drop()
                if state:
                    self._come_back(given_up, state)
                self._come_back(self._begin(self.order))
                self.assertOrder(self.order, "sale", 100.0, None, False)
                self.assertFalse(self.order.trustedshops_protection_ids)
                self.assertNotIn("refund_fee", dropped._get_possible_buttons())

    def test_a_payment_with_the_fee_after_one_without_it_is_put_on_hold(self):
        late, protection = self._begin_and_drop()
        self._come_back(self._begin(self.order))
        self._come_back(late)
        self.assertOrder(self.order, "sale", 100.0, protection, "on_hold")
        [todo] = self._get_todos(protection)
        self.assertIn("200.98", todo)

    def test_the_choice_that_was_paid_for_wins_over_one_ticked_again(self):
        transaction, paid_for = self._begin_and_drop()
        ticked_again = self._choose(self.order)
        self._come_back(transaction)
        self.assertOrder(self.order, "sale", 100.98, paid_for, "queued")
        self.assertEqual(self._count_fee_lines(self.order), 1)
        self.assertFalse(ticked_again.exists())

    def test_the_second_choice_is_never_applied_for_when_it_is_paid_as_well(self):
        first, first_choice = self._begin_and_drop()
        second, second_choice = self._begin_with_choice(self.order)
        self._come_back(first)
        self._come_back(second)
        self.assertOrder(self.order, "sale", 100.98, first_choice, "queued")
        self.assertEqual(self._count_fee_lines(self.order), 1)
        self.assertEqual(second_choice.state, "selected")
        self.assertEqual(len(self._find_applications()), 1)

    def test_the_choice_in_the_cart_stays_when_both_were_paid(self):
        first, _first_choice = self._begin_and_drop()
        second, second_choice = self._begin_with_choice(self.order)
        first._set_done()
        second._set_done()
        first._post_process()
        second._post_process()
        self.assertOrder(self.order, "sale", 100.98, second_choice, "queued")
        self.assertEqual(len(self._find_applications()), 1)

    def _pay_what_was_shown_before(self, state="done", **values):
        """Tick while a payment of 100.00 is under way, and let that come back."""
        transaction = self._begin(self.order, **values)
        protection = self._choose(self.order)
        self.assertEqual(self.order.amount_total, 100.98)
        self._come_back(transaction, state)
        return protection

    def test_a_payment_that_began_later_without_the_fee_is_for_a_person(self):
        protection = self._choose(self.order)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE trustedshops_protection"
            " SET create_date = create_date - interval '1 minute' WHERE id = %s",
            [protection.id],
        )
        self.env.invalidate_all()
        self._come_back(self._begin(self.order, amount=100.0))
        self.assertEqual(self.order.trustedshops_protection_id, protection)
        self.assertEqual(self._count_fee_lines(self.order), 1)

    def test_staff_and_buyer_are_told_why_that_choice_is_gone(self):
        transaction = self._begin(self.order)
        self._choose(self.order, "de_DE")
        self._come_back(transaction)
        notes = [
            str(message.preview).replace("\N{NO-BREAK SPACE}", " ")
            for message in self.order.message_ids
        ]
        self.assertIn(
            "Buyer Protection for 0.98 € was chosen after the payment of 100.00 € had"
            " begun. The fee was not paid, so it was taken out of this order.",
            notes,
        )
        self.assertEqual(self.order.trustedshops_notice, "choice_paid")

    def test_it_goes_with_every_promise_of_money(self):
        demo, wire = self._get_demo(), self._get_wire_transfer()
        for asked, event, provider, state in (
            (True, "done", demo, "sale"),
            (True, "authorized", demo, "sale"),
            (True, "pending", wire, "sent"),
            (False, "done", self.provider, "sale"),  # no payment is asked for
        ):
            with self.subTest(asked=asked, event=event):
                self.env.company.portal_confirmation_pay = asked
                self.order = self._make_cart()
                self._pay_what_was_shown_before(event, provider=provider)
                self.assertOrder(self.order, state, 100.0, None, False)

    def test_it_goes_when_staff_confirms_before_the_payment_is_looked_at(self):
        transaction = self._begin(self.order)
        self._choose(self.order)
        transaction._set_done()
        self.env.invalidate_all()
        self.order.action_confirm()
        self.assertOrder(self.order, "sale", 100.0, None, False)

    def test_another_sum_than_the_order_without_the_fee_leaves_the_choice(self):
        for amount in (99.0, 50.0, 100.5):
            with self.subTest(amount=amount):
                self.order = self._make_cart()
                protection = self._pay_what_was_shown_before(amount=amount)
                self.assertOrder(self.order, "draft", 100.98, protection, "selected")

    def test_a_down_payment_of_the_order_with_the_fee_leaves_the_choice(self):
        protection = self._choose(self.order)
        self.order.prepayment_percent = 100.0 / 100.98
        self._come_back(self._begin(self.order, amount=100.0))
        self.assertOrder(self.order, "sale", 100.98, protection, "on_hold")

    def test_a_choice_that_an_unpaid_payment_contains_goes_with_its_line_only(self):
        begun_before = self._begin(self.order)
        late, protection = self._begin_with_choice(self.order)
        self._come_back(begun_before)
        self.assertOrder(self.order, "sale", 100.0, None, False)
        self.assertTrue(protection.exists())
        self._come_back(late)
        self.assertOrder(self.order, "sale", 100.0, protection, "on_hold")

    def test_an_error_while_the_choice_goes_stops_nothing(self):
        with (
            patch.object(
                type(self.env["trustedshops.protection"]),
                "_log_at_orders",
                side_effect=ValueError("a bug"),
            ),
            mute_logger(ORDER_LOGGER),
        ):
            protection = self._pay_what_was_shown_before()
        self.assertOrder(self.order, "draft", 100.98, protection, "selected")
        self.assertEqual(self.order.transaction_ids.state, "done")

    def test_an_error_of_ours_leaves_the_payment_done_and_tells_a_person(self):
        transaction, protection = self._begin_and_drop()
        with (
            patch.object(
                type(self.order),
                "_trustedshops_prepare_fee_line",
                side_effect=ValueError("a bug"),
            ),
            mute_logger(ORDER_LOGGER),
        ):
            self._come_back(transaction)
        self.assertOrder(self.order, "sale", 100.0, None, False)
        self.assertEqual(protection.state, "selected")
        [todo] = self._get_todos(protection)
        self.assertIn(self.order.name, todo)
        self.assertEqual(self._find_applications(), [])
        self.assertEqual(self.order.trustedshops_protection_ids, protection)
        self.assertIn("refund_fee", protection._get_possible_buttons())
