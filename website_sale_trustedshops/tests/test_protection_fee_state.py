# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import APPLY
from .staff_common import RefundCommon


@tagged("full")
class TestFeeState(RefundCommon):
    """The state of the fee follows every change of the books."""

    QUICK = (
        "test_it_follows_invoice_and_credit_note",
        "test_cancelled_the_fee_follows_the_policy",
        "test_returned_the_fee_is_paid_back",
    )

    def test_it_follows_invoice_and_credit_note(self):
        protection = self._make_requested()
        self.assertEqual(protection.fee_state, "due")
        invoice = protection.order_id._create_invoices()
        self.assertEqual(protection.fee_state, "due")
        self.assertEqual(protection.invoice_ids, invoice)
        invoice.action_post()
        credit_note = self._credit(invoice)
        self.assertEqual(protection.fee_state, "invoiced")
        credit_note.action_post()
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(protection.credit_note_ids, credit_note)
        credit_note.button_draft()
        self.assertEqual(protection.fee_state, "invoiced")
        invoice.button_draft()
        self.assertEqual(protection.fee_state, "due")
        invoice.button_cancel()
        self.assertFalse(protection.invoice_ids)

    def _credit_goods(self, invoice, quantity=1.0):
        credit_note = self._credit(invoice)
        credit_note.invoice_line_ids.filtered("trustedshops_protection_id").unlink()
        credit_note.invoice_line_ids.quantity = quantity
        credit_note.action_post()
        return credit_note

    def _assert_asked_about_return(self, protection):
        self.assertTodo(protection, "The order was cancelled or fully credited")

    def _cancel(self, policy, is_paid=True, **values):
        """Return the protection of an order that was cancelled under a policy."""
        self.certificate.fee_refund_policy = policy
        protection = self._make_requested(**values)
        if is_paid:
            self._pay(protection.order_id)
        protection.order_id._action_cancel()
        return protection

    def test_cancelled_the_fee_follows_the_policy(self):
        new = self.certificate.fee_refund_policy
        question = "Press Refund fee to give the fee up, or keep it"
        for policy, before, after, asked, said in (
            (new, "due", "due", [question], "cannot be cancelled"),
            ("refund", "due", "waived", [], "not charged any more"),
            ("keep", "due", "due", [], ""),
            ("ask", "refunded", "refunded", [], ""),
        ):
            with self.subTest(policy=policy, before=before):
                protection = self._cancel(policy, fee_state=before)
                self.assertEqual(protection.fee_state, after)
                todos = self._get_todos(protection)
                self.assertEqual(len(todos), len(asked))
                for words in asked:
                    self.assertIn(words, todos[0])
                notes = protection.order_id.message_ids.mapped("body")
                self.assertIn(said, " ".join([*notes, *todos]))

    def test_an_unpaid_fee_needs_no_decision(self):
        for policy in ("ask", "keep"):
            with self.subTest(policy=policy):
                protection = self._cancel(policy, is_paid=False)
                order = protection.order_id
                self.assertFalse(protection.activity_ids)
                self.assertNotIn("kept", " ".join(order.message_ids.mapped("body")))
                self._pay(order, amount=100.98)
                self.assertTrue(protection.ended_at)
                self.assertEqual(len(protection.activity_ids), policy == "ask")

    def test_cancelled_nothing_is_owed_though_an_invoice_is_open(self):
        protection = self._make_requested()
        invoice = self._invoice(protection.order_id)
        protection.order_id._action_cancel()
        self.assertEqual(invoice.amount_residual, 100.98)
        self.assertTodo(protection, "Press Refund fee to give the fee up")

    def test_cancelled_while_it_is_sent_the_policy_waits_for_the_answer(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_queued()
        self._pay(protection.order_id)

        def cancel(_parts):
            protection.order_id._action_cancel()
            self.assertEqual(protection.fee_state, "due")
            return 4711

        self.service.script(APPLY, cancel)
        self._run_queue()
        self.assertValues(protection, state="requested", fee_state="waived")

    def test_cancelled_before_it_was_sent_an_invoiced_fee_has_to_go_back(self):
        for settle in (
            lambda protection, _invoice: self._refund(protection),
            lambda _protection, invoice: self._credit(invoice).action_post(),
        ):
            protection = self._make_queued()
            invoice = self._invoice(protection.order_id)
            protection.order_id._action_cancel()
            self.assertValues(protection, state="cancelled", fee_state="invoiced")
            self.assertEqual(
                self._get_todo(protection),
                (
                    self.manager,
                    "The order was cancelled, but its fee is on invoice"
                    f" {invoice.name}. Press Refund fee to credit it.",
                ),
            )
            settle(protection, invoice)
            self.assertEqual(protection.fee_state, "refunded")
            self.assertFalse(protection.activity_ids)

    def test_returned_the_fee_is_paid_back(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_requested()
        goods = self._credit_goods(self._invoice(protection.order_id))
        fee = protection.credit_note_ids
        self.assertEqual(fee.amount_total, 0.98)
        self.assertNotEqual(fee, goods)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(protection.refund_ids.reason, "ended")

    def test_returned_the_responsible_user_is_asked_once(self):
        protection = self._make_requested()
        credit_note = self._credit_goods(self._invoice(protection.order_id))
        self._assert_asked_about_return(protection)
        credit_note.button_draft()
        credit_note.action_post()
        self.assertEqual(len(protection.activity_ids), 1)

    def test_kept_or_returned_in_part_nothing_happens(self):
        for policy, quantity in (("keep", 1.0), ("refund", 0.5)):
            self.certificate.fee_refund_policy = policy
            protection = self._make_requested()
            self._credit_goods(self._invoice(protection.order_id), quantity=quantity)
            self.assertFalse(protection.activity_ids)
            self.assertEqual(protection.fee_state, "invoiced")

    def _make_confirmed_with_later_goods(self):
        """Return the protection of an order with goods that are invoiced later."""
        self.certificate.fee_refund_policy = "refund"
        later = self.env["product.product"].create(
            {"name": "Shade", "type": "service", "invoice_policy": "delivery"}
        )
        order = self._make_cart()
        order.order_line = [
            Command.create(
                {"product_id": later.id, "price_unit": 50.0, "tax_ids": False}
            )
        ]
        protection = self._choose(order)
        order.action_confirm()
        protection.write({"state": "confirmed", "application_number": "4711"})
        return protection, order.order_line[1]

    def test_goods_that_are_not_invoiced_yet_are_not_returned(self):
        protection, later = self._make_confirmed_with_later_goods()
        first = self._invoice(protection.order_id)
        self.assertEqual(first.amount_total, 100.98)
        self._credit_goods(first)
        self.assertEqual(protection.fee_state, "invoiced")
        self.assertFalse(protection.ended_at)
        later.qty_delivered = 1.0
        second = later.order_id._create_invoices()
        lines = second.invoice_line_ids
        (lines - lines.filtered(lambda line: line.sale_line_ids == later)).unlink()
        second.action_post()
        self.assertEqual(second.amount_total, 50.0)
        self.assertEqual(protection.fee_state, "invoiced")
        self._credit_goods(second)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertTrue(protection.ended_at)

    def test_goods_of_which_none_are_ordered_any_more_do_not_matter(self):
        protection, later = self._make_confirmed_with_later_goods()
        later.product_uom_qty = 0.0
        self._credit_goods(self._invoice(protection.order_id))
        self.assertEqual(protection.fee_state, "refunded")

    def test_a_corrected_invoice_is_no_return_but_one_afterwards_is(self):
        for policy in ("ask", "refund"):
            self.certificate.fee_refund_policy = policy
            with self.subTest(policy=policy):
                protection = self._make_requested()
                corrected = self._correct(self._invoice(protection.order_id))
                self.assertEqual(protection.fee_state, "invoiced")
                self.assertFalse(protection.ended_at)
                self.assertFalse(protection.activity_ids)
                self._credit_goods(corrected)
                if policy == "ask":
                    self._assert_asked_about_return(protection)

    def test_after_an_order_was_cancelled_and_came_back_a_return_counts(self):
        protection = self._make_requested()
        order = protection.order_id
        invoice = self._invoice(order)
        order._action_cancel()
        self.assertTrue(protection.ended_at)
        order.action_draft()
        self.assertFalse(protection._get_todos_about("ended"))
        order.action_confirm()
        self._credit_goods(invoice)
        self._assert_asked_about_return(protection)

    def _credit_unsent(self, **values):
        """Return a queued protection whose fee was credited, and the credit note."""
        protection = self._make_queued()
        protection.write(values)
        credit_note = self._credit(self._invoice(protection.order_id))
        credit_note.action_post()
        self.assertValues(protection, state="queued", fee_state="refunded")
        return protection, credit_note

    def _count_applications(self):
        self._run_queue()
        return len(self.service.get_parts(APPLY))

    def test_a_fee_credited_before_sending_stops_the_application(self):
        protection, _credit_note = self._credit_unsent()
        self.assertEqual(self._count_applications(), 0)
        reason = (
            "Nothing is applied for, because the fee was credited or removed."
            " Invoice it again, or cancel the order."
        )
        self.assertValues(protection, state="on_hold", last_error="fee_credited")
        self.assertEqual(self._get_todo(protection)[1], reason)
        protection.order_id._action_cancel()
        self.assertEqual(protection.state, "cancelled")
        self.assertEqual(self._count_applications(), 0)

    def test_a_corrected_invoice_is_applied_for_once(self):
        protection = self._make_queued()
        self._correct(self._invoice(protection.order_id))
        self.assertEqual(self._count_applications(), 1)
        self.assertEqual(protection.state, "requested")
        self.assertFalse(protection.activity_ids)

    def test_an_invoice_that_is_corrected_later_is_applied_for_by_itself(self):
        protection, credit_note = self._credit_unsent()
        self.assertEqual(self._count_applications(), 0)
        credit_note.button_draft()
        self.assertValues(protection, state="queued", fee_state="invoiced")
        self.assertFalse(protection.activity_ids)
        self.assertEqual(self._count_applications(), 1)
        # As is one that is invoiced again.
        protection, _credit_note = self._credit_unsent()
        self.service.calls.clear()
        self.assertEqual(self._count_applications(), 0)
        self.assertEqual(self._invoice(protection.order_id).amount_total, 100.98)
        self.assertEqual(protection.fee_state, "invoiced")
        self.assertEqual(self._count_applications(), 1)
        self.assertEqual(protection.state, "requested")

    def test_a_released_application_is_not_sent_without_its_fee(self):
        protection, credit_note = self._credit_unsent(is_released=True)
        self.assertEqual(self._count_applications(), 0)
        self.assertEqual(protection.state, "on_hold")
        buttons = self._as("sales_manager", protection).possible_buttons
        self.assertEqual(buttons, "refund_fee")
        credit_note.button_draft()
        self.assertEqual(self._count_applications(), 1)

    def test_a_doubtful_application_asks_for_a_lookup(self):
        protection, _credit_note = self._credit_unsent(may_have_arrived=True)
        self.assertEqual(self._count_applications(), 0)
        self.assertTodo(protection, "An application may have arrived: look for")

    def test_an_error_of_ours_never_stops_an_invoice(self):
        protection = self._make_requested()

        def fail(_self):
            raise ZeroDivisionError

        name = "odoo.addons.website_sale_trustedshops.models.checkout.placing"
        with (
            patch.object(type(protection), "_sync_invoices", fail),
            self.assertLogs(name, "ERROR"),
        ):
            invoice = self._invoice(protection.order_id)
        self.assertEqual(invoice.state, "posted")
