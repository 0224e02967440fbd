# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, ValidationError

from .fee_money_common import FeeMoneyCommon


class TestFeeStanding(FeeMoneyCommon):
    """Buyer, books and telephone say the same of a fee of 0.98 €, and what is true.

    The order costs 100.00 € without it.
    """

    def assertTold(self, protection, words):
        """Check what the buyer reads, and what staff tell on the telephone."""
        self.env.invalidate_all()
        self.assertIn(words, protection.shopper_status)

    def assertNotTold(self, protection, words):
        self.env.invalidate_all()
        self.assertNotIn(words, protection.shopper_status)

    def _transfer(self, amount, *invoices, currency=None):
        """Return a payment that is matched with the invoices."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": amount,
                "currency_id": (currency or self.env.company.currency_id).id,
            }
        )
        payment.action_post()
        moves = payment.move_id.union(*invoices)
        moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        return payment

    def _credit_fee(self, invoice):
        """Return the posted credit note of the fee alone, made by hand."""
        note = self._credit(invoice)
        is_fee = note.invoice_line_ids.filtered("trustedshops_protection_id")
        (note.invoice_line_ids - is_fee).unlink()
        note.action_post()
        return note

    # === TAXES ON PAYMENT === #

    def _tax_on_payment(self):
        company = self.env.company
        account = self.fee_product._get_product_accounts()["income"].copy()
        account.write({"account_type": "asset_current", "reconcile": True})
        company.write(
            {
                "tax_exigibility": True,
                "tax_cash_basis_journal_id": self.env["account.journal"].search(
                    [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
                ),
            }
        )
        self.fee_tax.write(
            {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": account.id,
            }
        )

    def test_under_a_tax_on_payment_an_unpaid_fee_was_not_paid_back(self):
        self._tax_on_payment()
        protection, _invoice = self._make_invoiced()
        self._refund(protection)
        self.assertSettled(protection, 100.0)
        self.assertTold(protection, "The fee of 0.98\xa0€ is not charged.")

    def test_under_a_tax_on_payment_the_old_sum_that_comes_later_is_asked_for(self):
        self._tax_on_payment()
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        self._transfer(100.98, invoice)
        self.assertEqual(self._get_open_items(), [-0.98])
        self.assertOpen(protection)
        self.assertTold(protection, "will be paid back")

    # === WHAT NEEDS JUDGEMENT === #

    def test_a_sum_too_high_in_another_currency_is_asked_about(self):
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": self.currency_pln.id, "rate": 4.0}
        )
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        payment = self._transfer(403.92, invoice, currency=self.currency_pln)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertOpen(protection, "Look at the payments of {}")
        explanation = protection.refund_ids.explanation.replace("\xa0", " ")
        self.assertIn(f"{payment.move_id.name} has 3.92 zł left and pays", explanation)

    def test_one_transfer_for_two_orders_is_asked_about_and_not_summed(self):
        protections, invoices = zip(
            *(self._make_invoiced() for _each in "ab"), strict=True
        )
        for protection in protections:
            self._refund(protection)
        payment = self._transfer(200.98, *invoices)
        self.assertEqual(self._get_open_items(), [-0.98])
        for protection, other in (protections, protections[::-1]):
            self.assertOpen(protection, "Look at the payments of {}")
            explanation = protection.refund_ids.explanation.replace("\xa0", " ")
            self.assertIn(
                f"{payment.move_id.name} has 0.98 € left and pays"
                f" {protection.order_id.name}, {other.order_id.name}.",
                explanation,
            )
        ending = self._as("billing", protections[1].refund_ids)
        ending.action_nothing_to_pay_back("It went back with the other order.")
        self.assertEqual(protections[1].refund_ids.state, "done")
        self.assertTold(protections[1], "is not charged")
        self.assertEqual(protections[0].refund_ids.state, "open")

    # === REFUNDED BY CORE === #

    def test_a_payment_that_core_refunded_whole_is_not_asked_for_again(self):
        for is_invoiced in (False, True):
            with self.subTest(is_invoiced=is_invoiced):
                protection, payment = self._make_paid()
                if is_invoiced:
                    self._invoice(protection.order_id)
                payment._refund(amount_to_refund=100.98)._post_process()
                self._refund(protection)
                self.assertEqual(protection.refund_ids.state, "done")
                self.assertEqual(self._get_asked(protection), [])
                self.assertTold(protection, "is not charged")

    # === COLLECTED === #

    def assertCollected(self, protection, expected):
        self.env.invalidate_all()
        self.assertEqual(protection.fee_collected, expected)
        found = protection.search(
            [("id", "=", protection.id), ("fee_collected", "=", True)]
        )
        self.assertEqual(bool(found), expected)

    def test_a_down_payment_of_one_percent_collects_and_promises_nothing(self):
        protection = self._make_requested("confirmed")
        self._pay_invoice(self._invoice_ahead(protection.order_id, 1.0))
        self.assertCollected(protection, False)
        protection.state = "rejected"
        self.assertNotTold(protection, "paid back")
        self._refund(protection)
        self.assertTold(protection, "is not charged")
        self.assertEqual(self._get_asked(protection), [])

    def test_two_online_payments_that_cover_the_order_collect_the_fee(self):
        protection = self._make_requested("confirmed")
        self._pay(protection.order_id, provider=self._get_demo(), amount=50.0)
        self.assertCollected(protection, False)
        self._pay(protection.order_id, provider=self._get_demo(), amount=50.98)
        self.assertCollected(protection, True)

    def test_a_payment_of_two_orders_collects_neither_before_their_invoices(self):
        protections = [self._make_requested("confirmed") for _each in "ab"]
        orders = protections[0].order_id + protections[1].order_id
        self._pay(orders[0], amount=201.96, provider=self._get_demo()).write(
            {"sale_order_ids": orders.ids}
        )
        for protection in protections:
            self.assertCollected(protection, False)

    def test_an_order_that_became_dearer_is_not_collected(self):
        protection = self._make_requested("confirmed")
        self._pay(protection.order_id, provider=self._get_demo())
        self.assertCollected(protection, True)
        protection.order_id.order_line[0].price_unit = 120.0
        self.assertCollected(protection, False)

    def test_the_invoice_with_the_fee_has_to_be_paid_and_no_other_open(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        self._pay_invoice(self._invoice(order))
        self.assertCollected(protection, True)
        order.order_line[0].product_uom_qty = 2.0
        later = self._invoice(order)
        self.assertEqual(later.amount_total, 100.0)
        self.assertCollected(protection, False)
        self._pay_invoice(later)
        self.assertCollected(protection, True)

    # === CREDITED BY HAND === #

    def test_a_fee_credited_and_paid_out_by_hand_is_not_charged_again(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        invoice = self._invoice(order)
        self._pay_invoice(invoice)
        note = self._credit_fee(invoice)
        self.assertOpen(protection)
        self.assertEqual(protection.refund_ids.credit_note_ids, note)
        self._pay_invoice(note)
        self.assertSettled(protection)
        self.assertTold(protection, "was paid back on")
        order.order_line[0].product_uom_qty = 2.0
        again = self._invoice(order)
        self.assertEqual(again.amount_total, 100.0)
        self.assertEqual(protection.state, "confirmed")

    def test_a_fee_credited_by_hand_before_it_is_applied_for_ends_the_protection(self):
        protection = self._make_queued()
        self._credit_fee(self._invoice(protection.order_id))
        self.assertValues(protection, state="failed", last_error="fee_given_up")

    def test_an_invoice_credited_whole_by_hand_leaves_its_money_to_be_paid_back(self):
        protection = self._make_requested("confirmed")
        invoice = self._invoice(protection.order_id)
        self._pay_invoice(invoice)
        note = self._credit(invoice)
        note.action_post()
        self.assertEqual((note.amount_total, note.amount_residual), (100.98, 100.98))
        self.assertFalse(protection.refund_ids)
        self.assertTold(protection, "will be paid back")
        self.assertNotTold(protection, "is not charged")
        self._pay_invoice(note)
        self.assertTold(protection, "was paid back on")

    def test_our_credit_note_reset_to_draft_leaves_the_fee_charged(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        self._refund(protection)
        self._pay_invoice(protection.refund_ids.credit_note_ids)
        self.assertSettled(protection)
        protection.refund_ids.credit_note_ids.button_draft()
        self.assertEqual(protection.fee_state, "invoiced")
        self.assertEqual(protection.refund_ids.state, "open")
        # An activity about the books asks, not one about money.
        self.assertEqual(self._get_asked(protection), [])
        for words in ("is not charged", "paid back"):
            self.assertNotTold(protection, words)
        self._refund(protection)
        # Core matches it with its payment again.
        self.assertSettled(protection)

    def test_the_money_is_asked_for_again_after_a_credit_note_was_corrected(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        self._refund(protection)
        asked = self._get_asked(protection)
        self.assertEqual(len(asked), 1)
        note = protection.refund_ids.credit_note_ids
        note.button_draft()
        self.assertEqual(self._get_asked(protection), [])
        note.action_post()
        self.assertEqual(self._get_asked(protection), asked)

    def test_an_unpaid_invoice_with_the_fee_is_never_called_not_charged(self):
        protection, _invoice = self._make_invoiced()
        self.assertNotTold(protection, "is not charged")

    # === DOWN PAYMENTS === #

    def test_a_paid_down_payment_of_all_asks_for_the_final_invoice_alone(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        self._pay_invoice(self._invoice_ahead(order, 100.0))
        self._refund(protection)
        self.assertEqual(protection.refund_ids.state, "open")
        self.assertEqual(self._get_asked(protection), [])
        [todo] = protection.activity_ids
        self.assertEqual(todo.summary, "Trusted Shops: create the final invoice")
        self.assertEqual(
            self._as("billing", protection.refund_ids).action_refund()["tag"],
            "display_notification",
        )
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual((final.move_type, final.amount_total), ("out_refund", 0.98))
        self.assertFalse(protection.activity_ids)
        self.assertOpen(protection)
        self.assertTold(protection, "will be paid back")

    # === A USER ENDS IT === #

    def _end(self, protection, **values):
        """Press a button of the row, and confirm its dialog."""
        dialogs = self._as("billing", self.env["trustedshops.refund.end"])
        values["refund_id"] = protection.refund_ids.id
        dialogs.create(values).action_apply()
        self.assertEqual(protection.refund_ids.state, "done")
        self.assertEqual(self._get_asked(protection), [])

    def test_paid_back_stores_the_day(self):
        protection, _payment = self._make_paid()
        self._refund(protection)
        self._end(protection, outcome="paid_back", day="2026-11-05")
        self.assertTold(protection, "was paid back on November 5, 2026")

    def test_nothing_to_pay_back_stores_the_reason(self):
        protection, _payment = self._make_paid()
        self._refund(protection)
        with self.assertRaises(ValidationError):
            self._end(protection, outcome="nothing")
        reason = "The buyer got a voucher."
        self._end(protection, outcome="nothing", reason=reason)
        self.assertEqual(protection.refund_ids.nothing_reason, reason)
        self.assertIn(reason, self._get_note(protection)[1])
        self.assertTold(protection, "is not charged")
        with self.enter_registry_test_mode():
            self.env.ref(
                "website_sale_trustedshops.ir_cron_ask_for_refunds"
            ).method_direct_trigger()
        self.assertEqual(protection.refund_ids.state, "done")

    def test_only_who_may_refund_ends_it(self):
        protection, _payment = self._make_paid()
        self._refund(protection)
        with self.assertRaisesRegex(AccessError, "right “Invoicing” may"):
            self._as("sales_manager", protection.refund_ids).action_nothing_to_pay_back(
                "Why not"
            )

    # === A DRAFT IS THE ACCOUNTANT'S === #

    def test_an_edited_fee_on_a_draft_is_credited_as_it_was_posted(self):
        protection = self._make_rejected()
        invoice = self._as("billing", protection.order_id.sudo()._create_invoices())
        line = invoice.invoice_line_ids.filtered("trustedshops_protection_id")
        line.write({"tax_ids": [Command.clear()], "extra_tax_data": False})
        line.price_unit = 0.5
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 100.5)
        self._refund(protection)
        self.assertEqual(protection.refund_ids.credit_note_ids.amount_total, 0.5)
        self.assertEqual(invoice.amount_residual, 100.0)
