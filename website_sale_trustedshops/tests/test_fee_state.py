# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from .staff_common import RefundCommon


@tagged("post_install", "-at_install")
class TestFeeState(RefundCommon):
    """The state of the fee follows the books, whoever changes them."""

    def test_it_follows_the_invoice(self):
        protection = self._make_requested()
        self.assertEqual(protection.fee_state, "due")
        invoice = protection.order_id._create_invoices()
        self.assertEqual(protection.fee_state, "due")
        invoice.action_post()
        self.assertEqual(protection.fee_state, "invoiced")
        self.assertEqual(protection.invoice_ids, invoice)
        invoice.button_draft()
        self.assertEqual(protection.fee_state, "due")
        invoice.button_cancel()
        self.assertFalse(protection.invoice_ids)

    def test_it_follows_a_credit_note_of_everything(self):
        protection = self._make_requested()
        credit_note = self._credit(self._invoice(protection.order_id))
        self.assertEqual(protection.fee_state, "invoiced")
        credit_note.action_post()
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(protection.credit_note_ids, credit_note)
        credit_note.button_draft()
        self.assertEqual(protection.fee_state, "invoiced")

    def test_a_credit_note_of_the_goods_alone_leaves_it(self):
        self.certificate.fee_refund_policy = "keep"
        protection = self._make_requested()
        self._credit_goods(self._invoice(protection.order_id))
        self.assertEqual(protection.fee_state, "invoiced")

    def _credit_goods(self, invoice, quantity=1.0):
        credit_note = self._credit(invoice)
        credit_note.invoice_line_ids.filtered("is_trustedshops_protection").unlink()
        credit_note.invoice_line_ids.quantity = quantity
        credit_note.action_post()
        return credit_note

    # === THE POLICY === #

    def _cancel(self, policy, **values):
        """Return the protection of an order that was cancelled under a policy."""
        self.certificate.fee_refund_policy = policy
        protection = self._make_requested(**values)
        protection.order_id._action_cancel()
        return protection

    def test_a_new_certificate_asks(self):
        self.assertEqual(self.certificate.fee_refund_policy, "ask")

    def test_cancelled_the_responsible_user_is_asked(self):
        protection = self._cancel("ask")
        self.assertEqual(protection.fee_state, "due")
        [note] = self._get_todos(protection)
        self.assertIn("Decide whether the fee is paid back", note)

    def test_cancelled_the_fee_is_paid_back(self):
        protection = self._cancel("refund")
        self.assertEqual(protection.fee_state, "waived")
        self.assertEqual(protection.order_id.amount_total, 100.0)
        self.assertFalse(protection.activity_ids)
        self.assertIn("not charged any more", self._get_note(protection.order_id)[1])

    def test_cancelled_the_fee_is_kept(self):
        protection = self._cancel("keep")
        self.assertEqual(protection.fee_state, "due")
        self.assertFalse(protection.activity_ids)
        self.assertIn("is kept", self._get_note(protection.order_id)[1])

    def test_cancelled_while_it_is_sent_the_row_is_left_to_the_queue(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_in_state("sending")
        protection.order_id._action_cancel()
        self.assertEqual(protection.fee_state, "due")
        self.assertEqual(len(protection.activity_ids), 1)

    def test_cancelled_before_it_was_sent_nothing_is_charged(self):
        protection = self._make_queued()
        protection.order_id._action_cancel()
        self.assertRecordValues(
            protection, [{"state": "cancelled", "fee_state": "waived"}]
        )
        self.assertFalse(protection.activity_ids)

    def test_cancelled_before_it_was_sent_an_invoiced_fee_has_to_go_back(self):
        protection = self._make_queued()
        invoice = self._invoice(protection.order_id)
        protection.order_id._action_cancel()
        self.assertRecordValues(
            protection, [{"state": "cancelled", "fee_state": "invoiced"}]
        )
        activity = protection.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(
            activity.note.striptags(),
            "The order was cancelled before Buyer Protection was applied for, but its"
            f" fee is on invoice {invoice.name}. Pay it back: Refund fee.",
        )
        self._refund(protection)
        self.assertFalse(protection.activity_ids)

    def test_what_has_to_go_back_is_settled_by_a_credit_note_of_everything(self):
        protection = self._make_queued()
        invoice = self._invoice(protection.order_id)
        protection.order_id._action_cancel()
        self._credit(invoice).action_post()
        self.assertEqual(protection.fee_state, "refunded")
        self.assertFalse(protection.activity_ids)

    def test_a_fee_that_went_back_asks_nobody(self):
        protection = self._cancel("ask", fee_state="refunded")
        self.assertFalse(protection.activity_ids)

    def test_returned_the_fee_is_paid_back(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_requested()
        goods = self._credit_goods(self._invoice(protection.order_id))
        fee = protection.credit_note_ids
        self.assertEqual(fee.amount_total, 0.98)
        self.assertNotEqual(fee, goods)
        self.assertEqual(protection.fee_state, "refunded")

    def test_returned_the_responsible_user_is_asked_once(self):
        protection = self._make_requested()
        credit_note = self._credit_goods(self._invoice(protection.order_id))
        [note] = self._get_todos(protection)
        self.assertIn("All goods of the order were credited", note)
        credit_note.button_draft()
        credit_note.action_post()
        self.assertEqual(len(protection.activity_ids), 1)

    def test_returned_in_part_nothing_happens(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_requested()
        self._credit_goods(self._invoice(protection.order_id), quantity=0.5)
        self.assertFalse(protection.activity_ids)
        self.assertEqual(protection.fee_state, "invoiced")

    def test_an_error_of_ours_never_stops_an_invoice(self):
        protection = self._make_requested()

        def fail(_self):
            raise ZeroDivisionError

        name = "odoo.addons.website_sale_trustedshops.models.sale_order_payment"
        with (
            patch.object(type(protection), "_follow_invoices", fail),
            self.assertLogs(name, "ERROR"),
        ):
            invoice = self._invoice(protection.order_id)
        self.assertEqual(invoice.state, "posted")
