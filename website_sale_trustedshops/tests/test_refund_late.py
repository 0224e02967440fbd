# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo.exceptions import AccessError

from .staff_common import RefundCommon

LATE_CRON = "website_sale_trustedshops.ir_cron_find_late_money"


class TestLateMoney(RefundCommon):
    """Money that comes in after its fee was given back is told to one person."""

    def _look(self):
        """Look at all of them again, as on another day."""
        self.env["trustedshops.refund"].search([]).looked_at = False
        with self.enter_registry_test_mode():
            self.env.ref(LATE_CRON).method_direct_trigger()

    def _give_back(self):
        """Return the refund of an unpaid fee, and the invoice."""
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        self._run_queue()
        refund = protection.refund_ids
        self.assertEqual(refund.state, "nothing")
        return refund, invoice

    def assertFound(self, refund, amount, means):
        self._look()
        self.assertValues(refund, state="by_hand", held_amount=amount)
        self.assertIn(means, refund.means)
        [activity] = self.certificate.activity_ids
        self.assertIn("fees that had been given back: 1.", activity.note)
        rows = "website_sale_trustedshops.trustedshops_refund_view_search"
        self.assertEqual(self._find("billing", refund._name, rows, "by_hand"), refund)

    def test_no_activity_while_no_money_comes(self):
        refund, invoice = self._give_back()
        self._pay_invoice(invoice)
        self._look()
        self.assertEqual(refund.state, "nothing")
        self.assertFalse(self.certificate.activity_ids)

    def test_a_payment_of_the_old_sum_on_the_invoice(self):
        refund, invoice = self._give_back()
        payment = self._pay_invoice(
            invoice, amount=100.98, payment_difference_handling="open"
        )
        self.assertFound(refund, 0.98, payment.move_id.name)
        # Once more, and it is told once.
        self._look()
        self.assertEqual(len(self.certificate.activity_ids), 1)
        # Paid back by hand.
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": payment.partner_id.id,
                "amount": 0.98,
            }
        )
        back.action_post()
        lines = (payment.move_id + back.move_id).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        self._look()
        self.assertValues(refund, state="done", held_amount=0.0, found_at=False)
        self.assertFalse(self.certificate.activity_ids)

    def test_a_line_of_a_bank_statement(self):
        refund, invoice = self._give_back()
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": 100.98,
                "payment_ref": invoice.name,
                "partner_id": invoice.partner_id.id,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = invoice.line_ids.filtered(
            lambda each: each.account_id.account_type == "asset_receivable"
        )
        suspense.account_id = receivable.account_id
        (suspense + receivable).reconcile()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertFound(refund, 0.98, line.move_id.name)

    def test_a_second_transfer_on_a_paid_invoice(self):
        refund, invoice = self._give_back()
        self._pay_invoice(invoice)
        self._look()
        self.assertFalse(self.certificate.activity_ids)
        second = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "amount": 100.98,
                "invoice_ids": [(4, invoice.id)],
            }
        )
        second.action_post()
        self.assertFound(refund, 100.98, second.move_id.name)

    def test_a_second_payment_online(self):
        protection = self._make_rejected()
        self._refund(protection)
        self._run_queue()
        refund = protection.refund_ids
        self.assertEqual(refund.state, "nothing")
        refund.state = "done"  # settled, as far as anybody knew
        payment = self._pay(protection.order_id, amount=100.98)
        payment.last_state_change += timedelta(seconds=5)
        self.assertFound(refund, 0.98, payment.reference)

    def test_a_credit_note_that_was_not_paid_out(self):
        refund, invoice = self._give_back()
        credit_note = refund.credit_note_ids
        credit_note.line_ids.remove_move_reconcile()
        self.assertEqual(credit_note.amount_residual, 0.98)
        # The buyer owes as much more.
        self._look()
        self.assertEqual(refund.state, "nothing")
        self._pay_invoice(invoice, amount=100.98)
        self._look()
        self.assertValues(refund, state="by_hand", held_amount=0.98)
        self._pay_invoice(credit_note)
        self._look()
        self.assertEqual(refund.state, "done")

    def test_a_payment_that_came_before_and_is_matched_afterwards(self):
        protection, invoice = self._make_invoiced()
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "amount": 100.98,
            }
        )
        payment.action_post()
        self._refund(protection)
        self._run_queue()
        refund = protection.refund_ids
        self.assertEqual(refund.state, "nothing")
        self._look()
        self.assertEqual(refund.state, "nothing")
        lines = (payment.move_id + invoice).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertFound(refund, 0.98, payment.move_id.name)

    def _pay_and_invoice(self, state="done"):
        """Return a protection whose order was paid by card and invoiced, and that."""
        self.post_process_patcher.stop()  # payments are made
        order, protection = self._make_ticked()
        payment = self._pay(order, state, self._get_demo())
        if order.state != "sale":
            order.action_confirm()
        self._invoice(order)
        protection.state = "rejected"
        return protection, payment

    def test_a_refund_by_cores_button_is_not_told(self):
        for amount in (100.98, 0.98):
            with self.subTest(amount=amount):
                protection, payment = self._pay_and_invoice()
                payment._refund(amount_to_refund=amount)._post_process()
                self._refund(protection)
                self._run_queue()
                self.assertEqual(protection.refund_ids.state, "done")
                self._look()
                self.assertEqual(protection.refund_ids.state, "done")
                self.post_process_patcher.start()

    def test_a_refund_after_its_capture_is_not_told(self):
        protection, payment = self._pay_and_invoice("authorized")
        self._refund(protection)
        self._run_queue()
        refund = protection.refund_ids
        self.assertEqual(refund.state, "nothing")
        payment._set_done()
        payment._post_process()
        self._run_queue()
        self.assertEqual(refund.payment_id.amount, -0.98)
        refund.payment_id._post_process()
        self._look()
        self.assertEqual(refund.state, "done")

    def test_a_settled_refund_is_not_asked_again(self):
        order, protection = self._make_ticked()
        payment = self._pay(order)  # its provider cannot refund
        protection.state = "rejected"
        self._refund(protection)
        self._run_queue()
        refund = protection.refund_ids
        self.assertValues(refund, state="by_hand", held_amount=0.98)
        self._look()
        self.assertEqual(refund.state, "by_hand")
        payment._create_child_transaction(0.98, is_refund=True)._set_done()
        self._look()
        self.assertValues(refund, state="done", held_amount=0.0)
        self.assertFalse(protection._find_todos_about("refund"))

    def test_a_button_says_that_it_was_paid_back_elsewhere(self):
        order, protection = self._make_ticked(user_id=self.users["seller"].id)
        self._pay(order)
        protection.state = "rejected"
        self._refund(protection)
        self._run_queue()
        refund = protection.refund_ids
        self._invoice(order)
        with self.assertRaises(AccessError):
            self._as("seller", refund).action_settle()
        self.assertEqual(refund.state, "by_hand")
        self._as("billing", refund).action_settle()
        self.assertValues(refund, state="done", held_amount=0.0)
        self.assertFalse(protection._find_todos_about("refund"))
        # Nor is it told again on another day; what comes in afterwards is.
        self._look()
        self.assertEqual(refund.state, "done")
        payment = self._pay(order, amount=10.0)
        payment.last_state_change += timedelta(seconds=5)
        self._look()
        self.assertValues(refund, state="by_hand", held_amount=10.0)

    def test_the_search_ends_after_three_months(self):
        refund, invoice = self._give_back()
        self._pay_invoice(invoice, amount=100.98, payment_difference_handling="open")
        self._freeze(self.env.cr.now() + timedelta(days=91))
        self._look()
        self.assertEqual(refund.state, "nothing")

    def test_a_refund_of_the_provider_is_not_told_again(self):
        self.post_process_patcher.stop()  # payments are made
        order, protection = self._make_ticked()
        self._pay(order, provider=self._get_demo())
        self._invoice(order)
        protection.state = "rejected"
        self._refund(protection)
        self._run_queue()
        self._look()
        self.assertEqual(protection.refund_ids.state, "done")
        self.assertFalse(self.certificate.activity_ids)
