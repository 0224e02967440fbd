# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.tests import Form

from .staff_common import RefundCommon
from .test_protection_refund import NOT_CHARGED


class TestDocumentsAfterwards(RefundCommon):
    """No document that is made, posted or set back to draft later charges the fee."""

    def _give_back(self):
        """Return the protection, the invoice and the credit note of a returned fee."""
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        return protection, invoice, protection.credit_note_ids

    def assertAskedAgain(self, protection):
        [todo] = protection._get_todos_about("fee_invoiced")
        self.assertIn("Its credit note does not count any more", todo.note)

    def assertSettled(self, *moves):
        for move in moves:
            self.assertEqual(move.amount_residual, 0.0, move.name)

    def test_an_invoice_that_is_corrected_charges_it_no_more(self):
        protection, invoice, credit_note = self._give_back()
        new = self._correct(self._as("billing", invoice))
        reversal = invoice.reversal_move_ids - credit_note
        self.assertEqual(reversal.amount_total, 100.0)
        self.assertEqual(new.amount_total, 100.0)
        self.assertEqual(new.amount_residual, 100.0)
        self.assertSettled(invoice, reversal, credit_note)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertFalse(protection.activity_ids)
        self.assertIn(NOT_CHARGED, " ".join(new.message_ids.mapped("preview")))
        self.assertIn(NOT_CHARGED, " ".join(reversal.message_ids.mapped("preview")))
        # Nor does the queue ask anybody.
        self._run_queue()
        self.assertFalse(protection.activity_ids)

    def test_a_corrected_invoice_leaves_the_money_to_be_paid_back(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        self._refund(protection)
        refund = protection.refund_ids
        self.assertEqual(refund.state, "open")
        self._correct(invoice)
        # Core undid the match of the payment, which is open as a whole.
        self.assertEqual(refund.credit_note_ids.amount_residual, 0.0)
        self.assertEqual(refund.state, "open")
        self.assertTrue(refund._get_todos_about("refund"))

    def test_a_copy_of_an_invoice_leaves_it_out(self):
        protection, invoice = self._make_invoiced()
        before = invoice.copy()
        self._refund(protection)
        for copy in (before, invoice.copy()):
            self.assertEqual(copy.amount_total, 100.0)
            self.assertIn(NOT_CHARGED, " ".join(copy.message_ids.mapped("preview")))

    def test_a_recurring_copy_leaves_it_out(self):
        protection = self._make_queued()
        invoice = protection.order_id._create_invoices()
        invoice.auto_post = "monthly"
        invoice.action_post()
        copy = self.env["account.move"].search(
            [("auto_post_origin_id", "=", invoice.id), ("id", "!=", invoice.id)]
        )
        self.assertEqual(copy.amount_total, 100.0)

    def test_our_credit_note_keeps_its_line_and_is_posted_again_by_the_button(self):
        protection, invoice, credit_note = self._give_back()
        credit_note.button_draft()
        self.assertEqual(credit_note.amount_total, 0.98)
        self.assertEqual(protection.fee_state, "invoiced")
        self.assertAskedAgain(protection)
        self.assertIn("refund_fee", self._as("billing", protection).possible_buttons)
        self._refund(protection)
        self.assertEqual(credit_note.state, "posted")
        self.assertEqual(protection.fee_state, "refunded")
        self.assertFalse(protection._get_todos_about("fee_invoiced"))
        self.assertSettled(credit_note)
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(len(protection.refund_ids), 1)

    def test_the_button_replaces_a_cancelled_credit_note(self):
        protection, invoice, credit_note = self._give_back()
        credit_note.button_draft()
        credit_note.button_cancel()
        self.assertEqual(credit_note.amount_total, 0.98)
        self.assertAskedAgain(protection)
        self._refund(protection)
        other = protection.refund_ids.credit_note_ids - credit_note
        self.assertEqual((other.amount_total, other.state), (0.98, "posted"))
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertFalse(protection._get_todos_about("fee_invoiced"))

    def test_an_invoice_set_back_to_draft_keeps_what_is_credited(self):
        protection, invoice, _credit_note = self._give_back()
        invoice.button_draft()
        self.assertEqual(invoice.amount_total, 100.98)
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 100.98)
        self.assertEqual(protection.fee_state, "refunded")

    def test_a_cancelled_invoice_stays_and_loses_it_as_a_draft(self):
        protection = self._make_rejected()
        invoice = protection.order_id._create_invoices()
        invoice.button_cancel()
        self._refund(protection)
        self.assertEqual(invoice.amount_total, 100.98)
        invoice.button_draft()
        self.assertEqual(invoice.amount_total, 100.0)
        self.assertEqual(self._get_note(invoice)[1], NOT_CHARGED)

    def test_a_credit_note_made_by_hand_before_is_posted_without_it(self):
        protection, invoice = self._make_invoiced()
        draft = self._credit(invoice)
        self._refund(protection)
        self.assertEqual(draft.amount_total, 100.98)
        draft.action_post()
        self.assertEqual(draft.amount_total, 100.0)
        self.assertSettled(draft, invoice)
        self.assertEqual(protection.fee_state, "refunded")

    def test_a_fee_credited_by_hand_is_charged_by_a_new_invoice(self):
        protection = self._make_queued()
        invoice = self._invoice(protection.order_id)
        self._credit(invoice).action_post()
        self.assertEqual(protection.fee_state, "refunded")
        self.assertFalse(protection.refund_ids)
        again = self._credit(invoice)
        self.assertEqual(again.amount_total, 100.98)
        again.unlink()
        self.assertEqual(self._invoice(protection.order_id).amount_total, 100.98)

    def test_an_invoice_with_a_discount_for_early_payment(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in ten days",
                "early_discount": True,
                "discount_days": 10,
                "discount_percentage": 2.0,
            }
        )
        protection = self._make_rejected()
        invoice = protection.order_id._create_invoices()
        invoice.invoice_payment_term_id = term
        invoice.action_post()
        self._refund(protection)
        credit_note = protection.credit_note_ids
        self.assertEqual(credit_note.amount_total, 0.98)
        self.assertSettled(credit_note)
        self.assertEqual(invoice.amount_residual, 100.0)


class TestRights(RefundCommon):
    """Who can read fees that were given back; no user can write them."""

    def test_each_role_reads_those_of_its_orders(self):
        own, other = self._make_rejected(), self._make_rejected()
        other.order_id.user_id = self.users["all_leads"]
        for protection in (own, other):
            self._invoice(protection.order_id)
            self._refund(protection)
        both = own.refund_ids + other.refund_ids
        for role, rows in (
            ("seller", own.refund_ids),
            ("all_leads", both),
            ("sales_manager", both),
            ("billing", both),
        ):
            with self.subTest(role=role):
                found = self._as(role, both).search([], order="id")
                self.assertEqual(found, rows)
                self.assertEqual(Form(found[0]).amount, 0.98)
                for forbidden in (
                    lambda found=found: found.write({"state": "done"}),
                    lambda found=found: found.unlink(),
                    lambda found=found: found.create(
                        {"protection_id": own.id, "reason": "person"}
                    ),
                ):
                    with self.assertRaises(AccessError):
                        forbidden()

    def test_another_company_reads_none(self):
        protection = self._make_rejected()
        self._refund(protection)
        elsewhere = self._make_company("Elsewhere", "us", "generic_coa")
        self.users["billing"].company_ids += elsewhere
        refunds = self._as("billing", protection.refund_ids)
        self.assertTrue(refunds.search([]))
        there = refunds.with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(there.search([]))


class TestToDos(RefundCommon):
    """What asked for a decision goes with its cause."""

    def test_a_rest_that_is_paid_on_the_corrected_invoice(self):
        order, protection = self._make_ticked()
        order.action_confirm()
        self._pay(order, amount=50.0)
        protection._set_on_hold(protection._get_hold_reason())
        self._pay_invoice(self._correct(self._invoice(order)))
        self.assertEqual(protection.state, "queued")

    def test_an_online_refund_counts_more_than_a_paid_invoice(self):
        self.post_process_patcher.stop()  # payments are made
        order, protection = self._make_ticked()
        payment = self._pay(order, provider=self._get_demo())
        self.assertEqual(self._invoice(order).payment_state, "paid")
        self.assertEqual(protection._get_hold_reason(), {})
        payment._refund(amount_to_refund=100.98)._post_process()
        reason = protection._get_hold_reason()
        self.assertEqual(reason["error_values"]["paid"], 0.0)
