# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command

from .fee_money_common import FeeMoneyCommon


class TestFeeMoneyWaiting(FeeMoneyCommon):
    """Money that waits for the bank, or for goods, is told from that of the fee."""

    # === PAYMENTS WITHOUT A JOURNAL ENTRY === #

    def _wait_for_the_bank(self):
        """Have payments booked by the bank's statement, as in an edition with it."""
        for model, name, method in (
            (
                "account.move",
                "_get_invoice_in_payment_state",
                lambda _moves: "in_payment",
            ),
            (
                "account.payment",
                "_compute_outstanding_account_id",
                lambda payments: payments.update({"outstanding_account_id": False}),
            ),
        ):
            self.startPatcher(patch.object(type(self.env[model]), name, method))

    def _make_in_payment(self):
        """Return a protection whose invoice waits for the bank, and the payment."""
        self._wait_for_the_bank()
        protection, invoice = self._make_invoiced()
        payment = self._pay_invoice(invoice)
        self.assertFalse(payment.move_id)
        self.assertEqual(invoice.payment_state, "in_payment")
        return protection, payment

    def test_a_payment_that_waits_for_the_bank_is_money_of_the_buyer(self):
        protection, _payment = self._make_in_payment()
        self._refund(protection)
        # Core matches the credit note with the invoice, which is still open.
        self.assertEqual(protection.refund_ids.credit_note_ids.payment_state, "paid")
        self.assertOpen(protection)
        self.assertIn("will be paid back", protection.shopper_status)
        self._as("billing", protection.refund_ids).action_mark_paid_back()
        self.assertSettled(protection, 100.0)

    def test_a_rejected_payment_is_no_money_of_the_buyer(self):
        protection, payment = self._make_in_payment()
        payment.action_reject()
        self._refund(protection)
        self.assertSettled(protection, 100.0)

    def test_the_old_sum_that_waits_for_the_bank_is_asked_for(self):
        self._wait_for_the_bank()
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        self.assertSettled(protection, 100.0)
        self._pay_part(invoice, 100.98)
        self.assertOpen(protection)

    def test_the_new_sum_that_waits_for_the_bank_is_asked_for_until_it_is_booked(self):
        self._wait_for_the_bank()
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        payment = self._pay_invoice(invoice)
        self.assertOpen(protection)
        self._book(payment)
        self.assertSettled(protection)

    def _book(self, payment):
        """Match the documents of a payment with the entry of a bank statement."""
        sign = 1 if payment.payment_type == "inbound" else -1
        bank = payment.journal_id.default_account_id
        entry = self.env["account.move"].create(
            {
                "journal_id": payment.journal_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": payment.partner_id.id,
                            "balance": balance * sign,
                        }
                    )
                    for account, balance in (
                        (bank, payment.amount),
                        (payment.destination_account_id, -payment.amount),
                    )
                ],
            }
        )
        entry.action_post()
        (entry | payment.invoice_ids).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()

    def test_a_payout_that_waits_for_the_bank_settles_it_once_it_is_booked(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        self._wait_for_the_bank()
        self._refund(protection)
        self.assertOpen(protection)
        note = protection.refund_ids.credit_note_ids
        payout = self._pay_invoice(note)
        self.assertFalse(payout.move_id)
        self.assertValues(note, payment_state="in_payment", amount_residual=0.98)
        self.assertOpen(protection)
        self._book(payout)
        self.assertSettled(protection)

    def test_a_card_payment_that_waits_for_the_bank_is_refunded_by_the_button(self):
        self._wait_for_the_bank()
        protection, payment = self._make_paid()
        self.assertFalse(payment.payment_id.move_id)
        self._invoice(protection.order_id)
        self._refund(protection)
        self.assertOpen(protection)
        self._refund_online(protection)
        self.assertSettled(protection, 100.0)

    def test_a_part_that_waits_for_the_bank_leaves_the_rest_open(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        self._refund(protection)
        self._wait_for_the_bank()
        note = protection.refund_ids.credit_note_ids
        self._pay_part(note, 0.5)
        self.assertEqual(note.payment_state, "in_payment")
        self.assertOpen(protection)

    def test_a_refund_of_a_part_that_waits_for_the_bank_leaves_the_rest_open(self):
        protection, _payment = self._make_paid()
        self._invoice(protection.order_id)
        self._refund(protection)
        self._wait_for_the_bank()
        self.assertFalse(self._refund_online(protection, 0.5).payment_id.move_id)
        self.assertOpen(protection)

    def test_a_payment_of_a_receipt_as_well_can_be_told_apart(self):
        self._wait_for_the_bank()
        protection, invoice = self._make_invoiced()
        line = Command.create({"name": "Cup", "price_unit": 10.0, "tax_ids": []})
        receipt = self.env["account.move"].create(
            {
                "move_type": "out_receipt",
                "partner_id": invoice.partner_id.id,
                "invoice_line_ids": [line],
            }
        )
        receipt.action_post()
        payment = self._pay_invoice(invoice | receipt, group_payment=True)
        self.assertEqual(payment.amount, 110.98)
        self._refund(protection)
        self.assertOpen(protection)

    # === GOODS CREDITED BEFORE THEY ARE PAID === #

    def test_only_exactly_what_is_left_to_pay_settles_it(self):
        for amount, state in (
            (100.0, "open"),
            (100.98, "open"),
            (50.0, "done"),
            (50.98, "open"),
        ):
            with self.subTest(amount=amount):
                protection, invoice = self._make_invoiced()
                self._refund(protection)
                self._credit_goods(invoice, 0.5)
                self._pay_part(invoice, amount)
                self.assertEqual(protection.refund_ids.state, state)

    def test_a_corrected_invoice_credits_no_goods(self):
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        self._pay_part(self._correct(invoice), 110.0)
        self.assertOpen(protection)
