# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

import requests

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .books_common import BooksCommon
from .common import APPLY
from .staff_common import RefundCommon


@tagged("post_install", "-at_install")
class TestRefund(RefundCommon):
    """The button *Refund fee*: the books first, then the money, and once."""

    # === NOT INVOICED === #

    def test_a_fee_that_is_not_invoiced_is_not_charged(self):
        protection = self._make_rejected()
        order = protection.order_id
        text = self._refund(protection)
        self.assertEqual(text, "The fee of Buyer Protection is not charged any more.")
        self.assertEqual(protection.fee_state, "waived")
        self.assertEqual(order.amount_total, 100.0)
        self.assertFalse(protection.activity_ids)
        self.assertEqual(self._get_note(order), ("The billing", text))
        self.assertEqual(self._get_note(protection), ("The billing", text))

    def test_the_reason_of_a_refusal_asks_for_no_refund_any_more(self):
        protection = self._make_rejected()
        protection.write({"last_code": -10018, "last_error": "Pay the fee back."})
        self._refund(protection)
        self.assertEqual(
            protection.last_error,
            "Refused (code -10018). The fee was taken out of the books; the notes tell"
            " about the money.",
        )

    def test_staff_cannot_give_the_line_a_price_again(self):
        protection = self._make_rejected()
        self._refund(protection)
        line = protection.order_id._trustedshops_get_fee_lines()
        with self.assertRaisesRegex(UserError, "set by Trusted Shops"):
            line.price_unit = 5.0
        forged = self._as("sales_manager", line)
        with self.assertRaisesRegex(UserError, "set by Trusted Shops"):
            forged.with_context(trustedshops_pinning_fee=True).price_unit = 5.0
        protection.order_id._recompute_taxes()
        protection.order_id._recompute_prices()
        self.assertEqual(line.price_total, 0.0)

    def test_other_taxes_of_a_quotation_do_not_charge_it_again(self):
        order = self._make_cart()
        protection = self._choose(order)
        wire = self._get_wire_transfer()
        self._pay(order, "pending", wire)
        protection.state = "rejected"
        self.assertEqual(order.state, "sent")
        self._refund(protection)
        order._recompute_taxes()
        self.assertEqual(order.amount_total, 100.0)

    def test_a_locked_order_is_locked_again(self):
        protection = self._make_rejected()
        protection.order_id.action_lock()
        self._refund(protection)
        self.assertTrue(protection.order_id.locked)
        self.assertEqual(protection.order_id.amount_total, 100.0)

    def test_a_draft_invoice_does_not_charge_it_either(self):
        protection = self._make_rejected()
        invoice = protection.order_id._create_invoices()
        self._refund(protection)
        self.assertEqual(invoice.amount_total, 100.0)
        invoice.action_post()
        self.assertEqual(protection.fee_state, "waived")

    # === INVOICED === #

    def test_an_invoiced_fee_is_credited_alone_and_to_the_cent(self):
        protection = self._make_rejected()
        invoice = self._invoice(protection.order_id)
        self.assertEqual(protection.fee_state, "invoiced")
        text = self._refund(protection)
        credit_note = protection.credit_note_ids
        self.assertRecordValues(
            credit_note,
            [
                {
                    "move_type": "out_refund",
                    "state": "posted",
                    "reversed_entry_id": invoice.id,
                    "amount_untaxed": 0.82,
                    "amount_tax": 0.16,
                    "amount_total": 0.98,
                    "trustedshops_fee_amount": 0.98,
                }
            ],
        )
        self.assertEqual(len(credit_note.invoice_line_ids), 1)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(
            text, f"The fee of Buyer Protection was credited: {credit_note.name}."
        )
        self.assertEqual(protection.order_id.amount_total, 100.98)

    def test_an_open_invoice_is_reduced_by_it(self):
        protection = self._make_rejected()
        invoice = self._invoice(protection.order_id)
        self._refund(protection)
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(protection.credit_note_ids.amount_residual, 0.0)
        order = protection.order_id
        self.env.invalidate_all()
        self.assertEqual(order.trustedshops_paid_amount, 0.0)
        self.assertEqual(order.trustedshops_owed_amount, 100.0)

    def test_a_credit_note_is_not_rounded_for_cash(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "strategy": "biggest_tax",
                "rounding_method": "HALF-UP",
            }
        )
        protection = self._make_rejected()
        invoice = protection.order_id._create_invoices()
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 101.0)
        self._refund(protection)
        self.assertEqual(protection.credit_note_ids.amount_total, 0.98)

    def test_pressed_twice_it_goes_back_once(self):
        protection = self._make_rejected()
        self._invoice(protection.order_id)
        self._refund(protection)
        with self.assertRaisesRegex(UserError, "not possible now"):
            self._refund(protection)
        self.assertEqual(len(protection.credit_note_ids), 1)

    def test_pressed_twice_it_is_waived_once(self):
        protection = self._make_rejected()
        self._refund(protection)
        with self.assertRaisesRegex(UserError, "not possible now"):
            self._refund(protection)

    def test_a_draft_credit_note_has_to_be_settled_first(self):
        protection = self._make_rejected()
        invoice = self._invoice(protection.order_id)
        self._credit(invoice)
        with self.assertRaisesRegex(UserError, f"draft credit note of {invoice.name}"):
            self._refund(protection)
        self.assertEqual(protection.fee_state, "invoiced")

    def test_a_part_that_was_credited_by_hand_is_for_a_person(self):
        protection = self._make_rejected()
        credit_note = self._credit(self._invoice(protection.order_id))
        line = credit_note.invoice_line_ids.filtered("is_trustedshops_protection")
        line.write({"price_unit": 0.5, "extra_tax_data": False})
        credit_note.action_post()
        self.assertEqual(protection.fee_state, "invoiced")
        with self.assertRaisesRegex(UserError, "part of the fee was credited"):
            self._refund(protection)

    def test_after_a_corrected_invoice_the_new_one_is_credited(self):
        protection = self._make_rejected()
        first = self._invoice(protection.order_id)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=first.ids
        )
        reversal = wizard.create({"journal_id": first.journal_id.id})
        reversal.modify_moves()
        second = reversal.new_move_ids
        second.action_post()
        self.assertEqual(protection.fee_state, "invoiced")
        text = self._refund(protection)
        self.assertEqual(second.reversal_move_ids.amount_total, 0.98)
        self.assertEqual(
            protection.credit_note_ids,
            first.reversal_move_ids + second.reversal_move_ids,
        )
        self.assertEqual(protection.fee_state, "refunded")
        # Nobody paid anything.
        [credit_note] = second.reversal_move_ids
        self.assertEqual(
            text, f"The fee of Buyer Protection was credited: {credit_note.name}."
        )
        self.assertFalse(protection.activity_ids)
        self.assertEqual(protection.order_id.trustedshops_owed_amount, 100.0)

    def test_of_a_down_payment_of_a_corrected_invoice_nothing_goes_back(self):
        protection = self._make_rejected()
        self._pay(protection.order_id, provider=self._get_demo(), amount=50.49)
        self._correct(self._invoice(protection.order_id))
        text = self._refund(protection)
        self.assertIn("the order costs 100.00 € without the fee", text)
        self.assertIn("no money goes back", text)
        self.assertFalse(self._get_refunds(protection))
        self.assertFalse(protection.activity_ids)

    def test_of_goods_returned_and_not_ordered_any_more_nothing_goes_back(self):
        protection = self._make_rejected()
        order = protection.order_id
        goods = order.order_line.filtered(lambda line: line.product_id == self.goods)
        goods.product_uom_qty = 2
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_total, 200.98)
        credit_note = self._credit(invoice)
        fee = credit_note.invoice_line_ids.filtered("is_trustedshops_protection")
        fee.unlink()
        credit_note.invoice_line_ids.quantity = 1
        credit_note.action_post()
        goods.product_uom_qty = 1
        self._pay_invoice(invoice, amount=100.0)
        text = self._refund(protection)
        self.assertIn("no money goes back", text)
        self.assertFalse(protection.activity_ids)

    def test_what_was_given_back_is_not_invoiced_again(self):
        for policy in ("order", "delivery"):
            with self.subTest(policy=policy):
                self.fee_product.invoice_policy = policy
                protection = self._make_rejected()
                order = protection.order_id
                self._invoice(order)
                self._refund(protection)
                self.assertEqual(order.invoice_status, "no")
                self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0.0, 0.0])

    def test_what_can_still_be_applied_for_is_invoiced_again(self):
        protection = self._make_queued()
        order = protection.order_id
        self._credit(self._invoice(order)).action_post()
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(self._invoice(order).amount_total, 100.98)
        self.assertEqual(protection.fee_state, "invoiced")

    # === INVOICED WITH OTHERS === #

    def _invoice_two(self):
        """Return two protections whose fees are on one posted invoice, and that."""
        first, second = self._make_rejected(), self._make_rejected()
        invoice = (first.order_id + second.order_id)._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 201.96)
        return first, second, invoice

    def test_of_an_invoice_of_two_orders_only_the_own_fee_is_credited(self):
        first, second, invoice = self._invoice_two()
        self._refund(first)
        self.assertRecordValues(
            first.credit_note_ids,
            [{"amount_total": 0.98, "reversed_entry_id": invoice.id}],
        )
        self.assertEqual(len(first.credit_note_ids.invoice_line_ids), 1)
        self.assertFalse(second.credit_note_ids)
        self.assertEqual(first.fee_state, "refunded")
        self.assertEqual(second.fee_state, "invoiced")

    def test_the_fee_of_the_other_order_can_be_credited_afterwards(self):
        first, second, invoice = self._invoice_two()
        self._refund(first)
        self._refund(second)
        self.assertEqual(second.credit_note_ids.amount_total, 0.98)
        self.assertEqual(second.fee_state, "refunded")
        self.assertEqual(invoice.amount_residual, 200.0)

    def test_a_draft_credit_note_of_the_other_order_is_not_in_the_way(self):
        first, second, invoice = self._invoice_two()
        draft = self._credit(invoice)
        lines = draft.invoice_line_ids
        (lines - self._get_lines_of(second, draft)).unlink()
        self._refund(first)
        self.assertEqual(first.fee_state, "refunded")
        self.assertEqual(second.credit_note_ids, draft)

    def _get_lines_of(self, protection, move):
        return move.invoice_line_ids.filtered(
            lambda line: line.trustedshops_protection_id == protection
        )

    def test_credit_notes_and_corrections_know_whose_fee_it_is_copies_do_not(self):
        protection = self._make_rejected()
        invoice = self._invoice(protection.order_id)
        self.assertEqual(self._get_lines_of(protection, invoice).price_total, 0.98)
        credit_note = self._credit(invoice)
        self.assertEqual(self._get_lines_of(protection, credit_note).price_total, 0.98)
        copy = invoice.copy()
        self.assertEqual(copy.trustedshops_fee_amount, 0.98)
        self.assertFalse(copy.invoice_line_ids.trustedshops_protection_id)

    # === CANCELLED === #

    def _cancel_invoiced(self):
        """Return the protection of an invoiced order, cancelled unsent, and that."""
        protection = self._make_queued()
        invoice = self._invoice(protection.order_id)
        protection.order_id._action_cancel()
        self.assertRecordValues(
            protection, [{"state": "cancelled", "fee_state": "invoiced"}]
        )
        return protection, invoice

    def test_a_fee_is_credited_after_its_line_was_deleted(self):
        protection, invoice = self._cancel_invoiced()
        protection.order_id.action_draft()
        self.assertFalse(protection.order_id._trustedshops_get_fee_lines())
        text = self._refund(protection)
        credit_note = invoice.reversal_move_ids
        self.assertEqual(
            text, f"The fee of Buyer Protection was credited: {credit_note.name}."
        )
        self.assertEqual(credit_note.amount_total, 0.98)
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertFalse(protection.activity_ids)

    def test_the_state_of_the_fee_follows_the_books_without_its_line(self):
        protection, invoice = self._cancel_invoiced()
        protection.order_id.action_draft()
        invoice.button_draft()
        self.assertEqual(protection.fee_state, "due")
        invoice.action_post()
        self.assertEqual(protection.fee_state, "invoiced")

    def test_the_fee_of_another_choice_for_the_same_order_stays(self):
        protection, _invoice = self._cancel_invoiced()
        order = protection.order_id
        order.action_draft()
        other = self._choose(order)
        self._refund(protection)
        self.assertEqual(order._trustedshops_get_fee_lines().price_total, 0.98)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(other.fee_state, "due")
        self.assertFalse(other.credit_note_ids)

    # === THE MONEY === #

    def test_what_was_paid_online_goes_back_through_the_provider(self):
        protection = self._make_rejected()
        order = protection.order_id
        transaction = self._pay(order, provider=self._get_demo())
        text = self._refund(protection)
        refund = transaction.child_transaction_ids
        self.assertRecordValues(
            refund, [{"operation": "refund", "amount": -0.98, "state": "done"}]
        )
        self.assertEqual(
            text,
            "The fee of Buyer Protection is not charged any more. 0.98 € of"
            f" {transaction.reference} goes back through Demo.",
        )
        self.assertFalse(protection.activity_ids)
        self.env.invalidate_all()
        self.assertEqual(order.trustedshops_paid_amount, 100.0)
        self.assertEqual(order.trustedshops_owed_amount, 0.0)
        self.assertIn(f"R-{order.name}", order.trustedshops_payments)

    def test_the_refund_of_the_provider_settles_the_credit_note(self):
        self.post_process_patcher.stop()  # payments are made
        protection = self._make_rejected()
        order = protection.order_id
        invoice = self._invoice(order)
        transaction = self._pay(
            order, provider=self._get_demo(), invoice_ids=[Command.set(invoice.ids)]
        )
        self.assertEqual(invoice.amount_residual, 0.0)
        self._refund(protection)
        refund = transaction.child_transaction_ids
        self.assertEqual(refund.invoice_ids, protection.credit_note_ids)
        refund._post_process()
        self.assertEqual(protection.credit_note_ids.amount_residual, 0.0)
        self.assertEqual(refund.payment_id.amount, 0.98)
        self.env.invalidate_all()
        self.assertEqual(order.trustedshops_paid_amount, 100.0)
        self.assertEqual(order.trustedshops_owed_amount, 0.0)

    def test_of_two_payments_the_one_with_the_fee_gives_it_back(self):
        protection = self._make_rejected()
        demo = self._get_demo()
        self._pay(protection.order_id, provider=demo, amount=50.0)
        with_fee = self._pay(protection.order_id, provider=demo, amount=50.98)
        with_fee.trustedshops_protection_id = protection
        self._refund(protection)
        self.assertEqual(with_fee.child_transaction_ids.amount, -0.98)

    # === NOT MORE THAN WAS PAID TOO MUCH === #

    def _assert_nothing_goes_back(self, protection, text, paid, cost="100.00"):
        """Check that the fee is out of the books, and that nobody pays anything."""
        self.assertEqual(
            text,
            "The fee of Buyer Protection is not charged any more. Of the buyer's money"
            f" {paid} € is here or reserved, and the order costs {cost} € without the"
            " fee: nothing was paid too much, so no money goes back.",
        )
        self.assertEqual(protection.fee_state, "waived")
        self.assertFalse(protection.activity_ids)

    def _get_refunds(self, protection):
        """Return the amounts that went back online."""
        transactions = protection.order_id.transaction_ids
        return transactions.child_transaction_ids.mapped("amount")

    def test_a_box_ticked_after_the_payment_began_brings_no_money(self):
        order = self._make_cart()
        protection = self._choose(order)
        order.action_confirm()
        transaction = self._pay(order, provider=self._get_demo(), amount=100.0)
        protection.state = "on_hold"
        text = self._refund(protection)
        self._assert_nothing_goes_back(protection, text, "100.00")
        self.assertEqual(protection.state, "failed")
        self.assertFalse(transaction.child_transaction_ids)

    def test_of_a_down_payment_nothing_goes_back(self):
        protection = self._make_rejected()
        self._pay(protection.order_id, provider=self._get_demo(), amount=50.49)
        text = self._refund(protection)
        self._assert_nothing_goes_back(protection, text, "50.49")
        self.assertFalse(self._get_refunds(protection))

    def test_of_an_invoice_paid_in_part_nothing_goes_back(self):
        protection = self._make_rejected()
        invoice = self._invoice(protection.order_id)
        self._pay_invoice(invoice, amount=50.0)
        text = self._refund(protection)
        self.assertIn("50.00 € is here or reserved", text)
        self.assertFalse(protection.activity_ids)
        self.assertEqual(invoice.amount_residual, 50.0)

    def test_what_went_back_already_does_not_go_back_again(self):
        protection = self._make_rejected()
        transaction = self._pay(protection.order_id, provider=self._get_demo())
        transaction.action_refund(100.5)
        text = self._refund(protection)
        self.assertIn("0.48 € is here or reserved", text)
        self.assertEqual(self._get_refunds(protection), [-100.5])
        self.assertFalse(protection.activity_ids)

    def test_of_the_fee_only_what_is_here_too_much_goes_back(self):
        protection = self._make_rejected()
        transaction = self._pay(protection.order_id, provider=self._get_demo())
        transaction.action_refund(0.5)
        text = self._refund(protection)
        self.assertIn(f"0.48 € of {transaction.reference} goes back", text)
        self.assertCountEqual(self._get_refunds(protection), [-0.5, -0.48])

    def test_a_refund_that_is_on_its_way_counts(self):
        protection = self._make_rejected()
        transaction = self._pay(protection.order_id, provider=self._get_demo())
        refund = transaction._create_child_transaction(0.98, is_refund=True)
        refund._set_pending()
        text = self._refund(protection)
        self._assert_nothing_goes_back(protection, text, "100.00")
        self.assertEqual(self._get_refunds(protection), [-0.98])

    def test_a_cancelled_order_of_which_all_went_back_gets_no_more(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_requested("confirmed")
        order = protection.order_id
        transaction = self._pay(order, provider=self._get_demo())
        transaction.action_refund(100.98)
        order._action_cancel()
        self.assertEqual(protection.fee_state, "waived")
        self.assertEqual(self._get_refunds(protection), [-100.98])
        self.assertFalse(protection.activity_ids)
        self.assertIn("nothing was paid too much", self._get_note(order)[1])

    def test_a_cancelled_order_costs_nothing(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        transaction = self._pay(order, provider=self._get_demo())
        transaction.action_refund(100.0)
        order._action_cancel()
        text = self._refund(protection)
        self.assertIn(f"0.98 € of {transaction.reference} goes back", text)
        self.assertCountEqual(self._get_refunds(protection), [-100.0, -0.98])

    def test_of_returned_goods_the_fee_goes_back_besides(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        invoice = self._invoice(order)
        transaction = self._pay(order, provider=self._get_demo())
        credit_note = self._credit(invoice)
        credit_note.invoice_line_ids.filtered("is_trustedshops_protection").unlink()
        credit_note.action_post()
        transaction.action_refund(100.0)
        self._refund(protection)
        self.assertCountEqual(self._get_refunds(protection), [-100.0, -0.98])

    # === RESERVED === #

    def test_what_is_only_reserved_is_captured_without_the_fee(self):
        protection = self._make_rejected()
        transaction = self._pay(
            protection.order_id, "authorized", self._prepare_provider("demo")
        )
        text = self._refund(protection)
        note = (
            f"The money of {transaction.reference} is only reserved. Capture 0.98 €"
            " less than the rest of it: the fee of Buyer Protection is not charged any"
            " more."
        )
        self.assertEqual(self._get_todo(protection), ("The billing", note))
        self.assertEqual(
            text, f"The fee of Buyer Protection is not charged any more. {note}"
        )
        self.assertFalse(transaction.child_transaction_ids)

    def test_what_is_captured_covers_the_order_before_what_is_reserved(self):
        protection = self._make_rejected()
        demo = self._get_demo()
        self._pay(protection.order_id, provider=demo, amount=60.98)
        reserved = self._pay(protection.order_id, "authorized", demo, amount=40.0)
        self._refund(protection)
        self.assertFalse(self._get_refunds(protection))
        self.assertIn(
            f"The money of {reserved.reference} is only reserved. Capture 0.98 €",
            self._get_todo(protection)[1],
        )

    def test_what_was_captured_in_parts_goes_back_of_a_part(self):
        protection = self._make_rejected()
        demo = self._get_demo()
        demo.capture_manually = True
        demo.support_manual_capture = "partial"
        transaction = self._pay(protection.order_id, "authorized", demo)
        parts = transaction._capture(60.98) + transaction._capture(40.0)
        self.assertEqual(transaction.state, "done")
        text = self._refund(protection)
        self.assertIn(f"0.98 € of {parts[0].reference} goes back", text)
        self.assertEqual(parts.child_transaction_ids.mapped("amount"), [-0.98])
        self.env.invalidate_all()
        self.assertEqual(protection.order_id.trustedshops_paid_amount, 100.0)

    # === ONCE === #

    def _undo_credit_note(self, protection):
        credit_note = protection.credit_note_ids
        credit_note.button_draft()
        credit_note.button_cancel()
        self.assertEqual(protection.fee_state, "invoiced")

    def test_after_the_credit_note_was_undone_the_money_goes_back_no_second_time(self):
        protection = self._make_rejected()
        order = protection.order_id
        transaction = self._pay(order, provider=self._get_demo())
        self._invoice(order)
        self._refund(protection)
        self._undo_credit_note(protection)
        text = self._refund(protection)
        name = protection.credit_note_ids.name
        self.assertEqual(
            text,
            f"The fee of Buyer Protection was credited: {name}. The money went back"
            f" already, with R-{transaction.reference}.",
        )
        self.assertEqual(self._get_refunds(protection), [-0.98])
        self.assertFalse(protection.activity_ids)

    def test_neither_when_its_payments_are_in_the_books(self):
        self.post_process_patcher.stop()  # payments are made
        protection = self._make_rejected()
        order = protection.order_id
        invoice = self._invoice(order)
        transaction = self._pay(
            order, provider=self._get_demo(), invoice_ids=[Command.set(invoice.ids)]
        )
        self._refund(protection)
        transaction.child_transaction_ids._post_process()
        self.assertEqual(protection.credit_note_ids.amount_residual, 0.0)
        self._undo_credit_note(protection)
        self.assertIn("went back already", self._refund(protection))
        self.assertEqual(self._get_refunds(protection), [-0.98])

    def test_a_refund_that_failed_is_no_reason_to_keep_the_money(self):
        protection = self._make_rejected()
        order = protection.order_id
        transaction = self._pay(order, provider=self._get_demo())
        self._invoice(order)
        self._refund(protection)
        transaction.child_transaction_ids.state = "error"
        self._undo_credit_note(protection)
        self.assertIn("goes back through Demo", self._refund(protection))
        self.assertEqual(self._get_refunds(protection), [-0.98, -0.98])

    # === WHO PAYS IT BACK === #

    def _get_todo(self, protection):
        """Return for whom the one activity is, and what it says."""
        [activity] = protection.activity_ids
        return activity.user_id.name, activity.note.striptags().replace("\xa0", " ")

    def test_a_provider_that_cannot_leaves_it_to_the_accountant(self):
        protection = self._make_rejected()
        transaction = self._pay(protection.order_id)
        self.assertEqual(self.provider.support_refund, "none")
        self._refund(protection)
        self.assertFalse(transaction.child_transaction_ids)
        self.assertEqual(
            self._get_todo(protection),
            (
                "The billing",
                "Pay the fee of Buyer Protection, 0.98 €, back by hand: it was paid"
                f" with {transaction.reference}.",
            ),
        )

    def test_a_method_that_gives_only_all_back_leaves_it_to_the_accountant(self):
        protection = self._make_rejected()
        demo = self._get_demo()
        transaction = self._pay(protection.order_id, provider=demo)
        transaction.payment_method_id.support_refund = "full_only"
        self._refund(protection)
        self.assertFalse(transaction.child_transaction_ids)
        self.assertEqual(len(protection.activity_ids), 1)

    def test_a_refund_that_fails_is_left_to_the_accountant(self):
        protection = self._make_rejected()
        transaction = self._pay(protection.order_id, provider=self._get_demo())

        reason = "Not today"

        def fail(_self):
            raise ValidationError(reason)

        with patch.object(type(transaction), "_send_refund_request", fail):
            text = self._refund(protection)
        self.assertEqual(transaction.child_transaction_ids.state, "error")
        self.assertIn("back by hand", text)
        self.assertIn(transaction.reference, self._get_todo(protection)[1])

    def test_a_sales_manager_leaves_the_money_to_the_responsible_user(self):
        protection = self._make_rejected()
        self._pay(protection.order_id)
        self._refund(protection, "sales_manager")
        self.assertEqual(protection.activity_ids.user_id, self.manager)

    def test_a_wire_transfer_that_is_expected_goes_back_when_it_is_here(self):
        order = self._make_cart()
        protection = self._choose(order)
        transaction = self._pay(order, "pending", self._get_wire_transfer())
        protection.state = "rejected"
        self._refund(protection)
        self.assertEqual(
            self._get_todo(protection)[1],
            "The buyer was asked to pay the fee of Buyer Protection with"
            f" {transaction.reference}. When the money is here, pay 0.98 € back.",
        )

    def test_an_invoice_that_was_paid_goes_back_by_hand(self):
        protection = self._make_rejected()
        self._pay_invoice(self._invoice(protection.order_id))
        self._refund(protection)
        self.assertEqual(
            self._get_todo(protection)[1],
            "Pay the fee of Buyer Protection, 0.98 €, back by hand: the invoice was"
            " paid.",
        )

    def test_the_button_closes_what_asked_for_it(self):
        protection = self._make_rejected()
        self.certificate._notify_of(protection, "Pay the fee back.")
        self._refund(protection)
        self.assertFalse(protection.activity_ids)

    def test_giving_up_what_is_on_hold_ends_it(self):
        protection = self._make_in_state("on_hold")
        self._refund(protection)
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "failed",
                    "fee_state": "waived",
                    "last_error": "Given up: the fee was taken out of the books.",
                }
            ],
        )

    def test_giving_up_a_number_that_nobody_finds_ends_it(self):
        self._freeze("2026-11-02 10:00:00")
        protection = self._make_queued()
        silent = requests.exceptions.ReadTimeout("slow")
        self.service.script(APPLY, silent, -10003)
        self._run_queue()
        self._wait(minutes=5)
        self._run_queue()
        self.assertRecordValues(
            protection, [{"state": "requested", "application_number": False}]
        )
        self._refund(protection, "sales_manager")
        self.assertRecordValues(
            protection,
            [
                {
                    "state": "failed",
                    "fee_state": "waived",
                    "last_error": "Given up: the fee was taken out of the books.",
                    "staff_advice": "“Buyer Protection could not be concluded; its fee"
                    " is not charged.”",
                    # Trusted Shops may still find it.
                    "can_enter_number": True,
                }
            ],
        )
        self.assertEqual(
            protection._get_shopper_status(),
            "could not be concluded; its fee is not charged, or is paid back",
        )
        self._run_queue()
        self.assertTrue(protection.failed_mail_created_at)
        self._wait(days=8)
        self._run_queue()
        self.assertEqual(protection._get_summary_groups(self.certificate), [])
        self.assertFalse(protection.activity_ids)

    def test_an_application_with_a_number_stays_when_the_fee_goes_back(self):
        protection = self._make_requested()
        self._refund(protection)
        self.assertEqual(protection.state, "requested")

    def test_a_fee_that_was_paid_for_without_its_line_goes_back(self):
        protection = self._make_queued()
        self._pay(protection.order_id)
        protection.state = "on_hold"
        line = protection.order_id._trustedshops_get_fee_lines()
        line.with_context(trustedshops_pinning_fee=True).write(
            {
                "is_trustedshops_protection": False,
                "price_unit": 0.0,
                "extra_tax_data": False,
            }
        )
        self._refund(protection)
        self.assertIn("0.98 €", self._get_todo(protection)[1])
        self.assertEqual(protection.fee_state, "waived")


@tagged("post_install", "-at_install")
class TestRefundInGermany(BooksCommon, RefundCommon):
    """The fee goes back to the cent on an untouched German company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._make_shop("de_skr03", "de", "X" + "3" * 32)
        cls.shop.company.tax_calculation_rounding_method = "round_per_line"
        cls.env.user.group_ids += cls.env.ref("account.group_account_invoice")

    def _sell(self, position):
        company, products = self.shop.company, self.shop.products
        products["goods"].taxes_id = company.account_sale_tax_id
        products["fee"].taxes_id = company.account_sale_tax_id
        order = self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "company_id": company.id,
                "website_id": self.shop.certificate.website_id.id,
                "fiscal_position_id": position.id,
                "order_line": [
                    Command.create(
                        {"product_id": products["goods"].id, "price_unit": price}
                    )
                    for price in (33.33, 0.07, 899.99)
                ],
            }
        )
        protection = self._choose(order)
        order.action_confirm()
        protection.state = "rejected"
        return protection

    def _assert_exact(self, position):
        protection = self._sell(position)
        invoice = self._invoice(protection.order_id)
        total = invoice.amount_total
        text = protection.action_refund_fee()["params"]["message"]
        self.assertIn("credited", text)
        self.assertEqual(protection.credit_note_ids.amount_total, 2.94)
        self.assertEqual(round(total - invoice.amount_residual, 2), 2.94)
        self.assertEqual(protection.fee_state, "refunded")

    def test_a_net_tax_rounded_per_line(self):
        self._assert_exact(self.shop.positions[0])

    def test_the_tax_of_another_country(self):
        self._assert_exact(self.shop.positions[-1])
