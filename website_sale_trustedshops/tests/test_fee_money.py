# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..lib.codes import DUPLICATE_CODES
from .fee_money_common import FeeMoneyCommon

CRON = "website_sale_trustedshops.ir_cron_ask_for_refunds"


class TestFeeMoney(FeeMoneyCommon):
    """A fee that goes back ends with nothing open in the ledger, or with one activity.

    The order costs 100.00 €, the fee 0.98 €.
    """

    # === PAID BY TRANSFER, GOODS CREDITED AND PAID OUT === #

    def test_goods_that_were_paid_out_leave_the_fee_to_be_asked_for(self):
        for how in ("button", "refusal"):
            for quantity, discount in ((1.0, 0.0), (0.5, 0.0), (1.0, 5.0)):
                with self.subTest(how=how, quantity=quantity, discount=discount):
                    protection = self._make_rejected()
                    invoice = protection.order_id._create_invoices()
                    goods = invoice.invoice_line_ids.filtered(
                        lambda line: not line.trustedshops_protection_id
                    )
                    goods.discount = discount
                    invoice.action_post()
                    self._pay_invoice(invoice)
                    self._pay_invoice(self._credit_goods(invoice, quantity))
                    self._return(protection, how)
                    self.assertOpen(protection)
                    self.assertEqual(self._get_open_items(), [-0.98])
                    self._pay_invoice(protection.refund_ids.credit_note_ids)
                    self.assertSettled(protection)
                    self.assertIn("was paid back", protection.shopper_status)

    def test_a_policy_that_gives_back_leaves_the_fee_to_be_asked_for(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_requested("confirmed")
        invoice = self._invoice(protection.order_id)
        self._pay_invoice(invoice)
        goods = self._credit_goods(invoice, 1.0)
        self.assertEqual(protection.refund_ids.reason, "ended")
        self.assertOpen(protection)
        self._pay_invoice(goods)
        self.assertEqual(self._get_open_items(), [-0.98])
        self.assertOpen(protection)
        self._pay_invoice(protection.refund_ids.credit_note_ids)
        self.assertSettled(protection)

    def test_a_payment_begins_the_return_of_goods_that_were_credited_before(self):
        # Core computes no documents while it matches a payment.
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_requested("on_hold", last_code=DUPLICATE_CODES[0])
        invoice = self._invoice(protection.order_id)
        self._pay_invoice(invoice)
        goods = self._credit_goods(invoice, 1.0)
        protection.state = "requested"
        self.assertFalse(protection.refund_ids)
        self._pay_invoice(goods)
        self.assertEqual(protection.refund_ids.credit_note_ids.amount_total, 0.98)
        self.assertOpen(protection)

    # === PAID BY CARD, NOT INVOICED === #

    def test_paid_by_card_and_not_invoiced_it_is_asked_for(self):
        protection, payment = self._make_paid()
        self._refund(protection)
        self.assertFalse(protection.credit_note_ids)
        self.assertOpen(protection)
        self.assertIn("will be paid back", protection.shopper_status)
        self._invoice(protection.order_id)
        self.assertOpen(protection)
        refund = self._refund_online(protection)
        self.assertValues(
            refund, amount=-0.98, source_transaction_id=payment.id, state="done"
        )
        (payment | refund).payment_id.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        self.assertSettled(protection)

    def test_refunded_before_the_invoice_it_stays_settled(self):
        protection, _payment = self._make_paid()
        self._refund(protection)
        self._refund_online(protection)
        self.assertSettled(protection, -100.98, 0.98)
        # Core matches the payment with the invoice, and an accountant the rest.
        invoice = self._invoice(protection.order_id)
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (100.0, 0.0))
        self.assertSettled(protection, -0.98, 0.98)

    def test_a_captured_fee_is_asked_for_then(self):
        protection, payment = self._make_paid(state="authorized")
        self._refund(protection)
        self.assertEqual(protection.refund_ids.state, "done")
        payment._set_done()
        payment._post_process()
        self.assertOpen(protection)

    # === NOT PAID WHEN THE FEE GOES BACK === #

    def test_the_old_sum_that_comes_later_is_asked_for(self):
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        self.assertSettled(protection, 100.0)
        self.assertIn("is not charged", protection.shopper_status)
        payment = self._pay_part(invoice, 100.98)
        self.assertEqual(self._get_open_items(), [-0.98])
        self.assertOpen(protection)
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.buyer.id,
                "amount": 0.98,
            }
        )
        back.action_post()
        (payment | back).move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        self.assertSettled(protection)

    def test_the_new_sum_that_comes_later_is_not_asked_for(self):
        protection, invoice = self._make_invoiced()
        self._refund(protection)
        self._pay_invoice(invoice)
        self.assertSettled(protection)

    def test_an_order_invoiced_without_it_afterwards_is_not_asked_for(self):
        protection = self._make_rejected()
        self._refund(protection)
        self._pay_invoice(self._invoice(protection.order_id))
        self.assertSettled(protection)

    def test_a_wire_transfer_that_comes_before_the_invoice_is_asked_for(self):
        self.post_process_patcher.start()  # its provider has no journal here
        order, protection = self._make_ticked()
        payment = self._pay(order, "pending", self._get_wire_transfer())
        protection.state = "rejected"
        self._refund(protection)
        self.assertEqual(protection.refund_ids.state, "done")
        payment._set_done()
        payment._post_process()
        self.assertOpen(protection)
        self.post_process_patcher.stop()

    # === CORE'S REFUND BY OUR BUTTON === #

    def test_the_refund_of_the_button_settles_the_credit_note(self):
        protection, payment = self._make_paid()
        self._invoice(protection.order_id)
        self._refund(protection)
        note = protection.refund_ids.credit_note_ids
        self.assertOpen(protection)
        refund = self._refund_online(protection)
        self.assertEqual(refund.invoice_ids, note)
        self.assertEqual(refund.payment_id.amount, 0.98)
        self.assertEqual(note.amount_residual, 0.0)
        self.assertSettled(protection)
        self.assertEqual(payment.child_transaction_ids, refund)

    def assertByHand(self, protection, words):
        """Check that the row says what to do, and the button says it, too."""
        refund = self._as("billing", protection.refund_ids)
        self.assertIn(words, refund.explanation)
        action = refund.action_refund()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn(words, action["params"]["message"])
        self.assertFalse(refund.is_refundable)  # so it has no button

    def test_a_provider_of_full_refunds_is_left_to_a_person(self):
        protection, payment = self._make_paid()
        payment.payment_method_id.support_refund = "full_only"
        self._refund(protection)
        self.assertByHand(protection, "Look at the payments, transfer what is missing")
        self._as("billing", protection.refund_ids).action_mark_paid_back()
        self.assertEqual(protection.refund_ids.state, "done")
        self.assertIn("Paid back: 0.98", self._get_note(protection)[1])

    def test_several_payments_are_listed(self):
        protection = self._make_rejected()
        for amount in (50.0, 50.98):
            self._pay(protection.order_id, provider=self._get_demo(), amount=amount)
        self._refund(protection)
        action = self._as("billing", protection.refund_ids).action_refund()
        payments = protection.order_id.transaction_ids.payment_id
        self.assertEqual(action["res_model"], "account.payment")
        self.assertEqual(action["domain"], [("id", "in", payments.ids)])
        row = self._as("billing", protection.refund_ids)
        self.assertTrue(row.is_refundable)
        self.assertIn("Look at the payments, transfer what", row.explanation)
        [todo] = protection.refund_ids.activity_ids
        self.assertIn("Look at the payments, transfer what", todo.note)

    def test_who_may_move_the_money(self):
        protection, _payment = self._make_paid()
        self._invoice(protection.order_id)
        self._refund(protection, "sales_manager")
        self.assertEqual(protection.refund_ids.credit_note_ids.amount_total, 0.98)
        refund = self._as("sales_manager", protection.refund_ids)
        locks = patch.object(
            type(refund), "try_lock_for_update", side_effect=LookupError
        )
        for press in (refund.action_refund, refund.action_mark_paid_back):
            with locks, self.assertRaisesRegex(AccessError, "right “Invoicing” may"):
                press()
        form = Form(refund)
        self.assertNotIn("Press Refund", form.explanation)
        for button in ("Refund", "Paid Back", "Nothing to Pay Back"):
            self.assertNotIn(
                f'string="{button}"', refund.get_view(view_type="form")["arch"]
            )
        self.assertIn("Press Refund", Form(self._as("billing", refund)).explanation)
        [todo] = protection.refund_ids.activity_ids
        self.assertTrue(todo.user_id.has_group("account.group_account_invoice"))

    def test_the_button_refunds_only_payments_of_its_order(self):
        protection, _payment = self._make_paid()
        self._refund(protection)
        _other, payment = self._make_paid()
        context = {"trustedshops_refund_id": protection.refund_ids.id}
        refund = payment.with_context(**context)._refund(amount_to_refund=0.98)
        self.assertFalse(refund.trustedshops_refund_id)
        self.assertOpen(protection)

    # === SMALL SUMS === #

    def _make_rounded(self, strategy, is_paid):
        """Return a protection on an invoice that is rounded to five cents, and that."""
        accounts = self.fee_product._get_product_accounts()["income"]
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "strategy": strategy,
                "rounding_method": "HALF-UP",
                "profit_account_id": accounts.id,
                "loss_account_id": accounts.id,
            }
        )
        protection = self._make_rejected()
        invoice = protection.order_id._create_invoices()
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 101.0)
        if is_paid:
            self._pay_invoice(invoice)
        self._refund(protection)
        note = protection.refund_ids.credit_note_ids
        self.assertEqual(note.amount_total, 1.0)
        return protection, invoice, note

    def test_a_credit_note_is_rounded_for_cash_as_its_invoice(self):
        for strategy in ("biggest_tax", "add_invoice_line"):
            with self.subTest(strategy=strategy):
                protection, _invoice, note = self._make_rounded(strategy, True)
                self.assertOpen(protection)
                self._pay_invoice(note)
                self.assertSettled(protection)
                protection, invoice, _note = self._make_rounded(strategy, False)
                self.assertEqual(invoice.amount_residual, 100.0)
                self._pay_invoice(invoice)
                self.assertSettled(protection)

    def test_a_rounded_credit_note_goes_back_by_the_button(self):
        protection, _payment = self._make_paid()
        invoice = protection.order_id._create_invoices()
        invoice.invoice_cash_rounding_id = self.env["account.cash.rounding"].create(
            {"name": "Five cents", "rounding": 0.05, "strategy": "biggest_tax"}
        )
        invoice.action_post()
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (101.0, 0.02))
        self._refund(protection)
        # Core matches two cents of it with what the buyer still owes.
        self.assertOpen(protection)
        refund = self._refund_online(protection)
        self.assertEqual(refund.amount, -0.98)
        self.assertSettled(protection)

    # === CREDITED BY HAND, INVOICED AGAIN === #

    def test_an_order_invoiced_again_leaves_the_fee_to_be_asked_for(self):
        protection = self._make_rejected()
        invoice = self._invoice(protection.order_id)
        self._pay_invoice(invoice)
        note = self._credit(invoice)
        note.action_post()
        protection._try_to_refund_fee()
        self.assertFalse(protection.refund_ids.credit_note_ids)
        self.assertOpen(protection)
        again = self._invoice(protection.order_id)
        self.assertEqual(again.amount_total, 100.0)
        (again | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(self._get_open_items(), [-0.98])
        self.assertOpen(protection)

    def test_while_a_corrected_draft_exists_the_button_works(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        draft = self._correct(invoice, post=False)
        self.assertEqual(draft.amount_total, 100.98)
        self._refund(protection)
        self.assertEqual(draft.amount_total, 100.0)
        draft.action_post()
        self.assertFalse(protection.refund_ids.credit_note_ids)
        self.assertOpen(protection)

    # === DOWN PAYMENTS, ORDERS THAT NOBODY PAID === #

    def test_an_unpaid_down_payment_of_all_is_not_collected(self):
        protection = self._make_requested("confirmed")
        invoice = self._invoice_ahead(protection.order_id, 100.0)
        self.assertFalse(protection.fee_collected)
        protection.state = "rejected"
        self.assertNotIn("paid back", protection.shopper_status)
        self._refund(protection)
        self.assertEqual(protection.refund_ids.state, "done")
        self.assertIn("is not charged", protection.shopper_status)
        self._pay_invoice(invoice)
        self.assertEqual(protection.refund_ids.state, "open")
        self.assertEqual(self._get_asked(protection), [])

    def test_a_down_payment_of_all_that_was_paid_goes_back_with_the_final_invoice(self):
        protection = self._make_requested("confirmed")
        self._pay_invoice(self._invoice_ahead(protection.order_id, 100.0))
        self._refund(protection)
        final = protection.order_id._create_invoices(final=True)
        final.action_post()
        self.assertEqual((final.move_type, final.amount_total), ("out_refund", 0.98))
        self.assertOpen(protection)
        self._pay_invoice(final)
        self.assertSettled(protection)

    def test_a_reversed_down_payment_is_not_collected(self):
        protection = self._make_requested("confirmed")
        invoice = self._invoice_ahead(protection.order_id, 100.0)
        self._credit(invoice).action_post()
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(protection.fee_collected)

    def test_a_paid_down_payment_of_all_is_collected_with_the_final_invoice(self):
        protection = self._make_requested("confirmed")
        self._pay_invoice(self._invoice_ahead(protection.order_id, 100.0))
        protection.invalidate_recordset()
        self.assertFalse(protection.fee_collected)
        protection.order_id._create_invoices(final=True).action_post()
        protection.invalidate_recordset()
        self.assertTrue(protection.fee_collected)

    def test_a_final_invoice_that_is_a_credit_note_charges_it(self):
        protection = self._make_rejected()
        order = protection.order_id
        self._pay_invoice(self._invoice_ahead(order, 50.0))
        (order.order_line[0]).price_unit = 20.0
        final = order._create_invoices(final=True)
        self.assertEqual((final.move_type, final.amount_total), ("out_refund", 29.51))
        final.action_post()
        self.assertEqual(protection.fee_state, "invoiced")
        self._refund(protection)
        credit_note = protection.refund_ids.credit_note_ids
        self.assertEqual(credit_note.move_type, "out_refund")
        self.assertEqual(credit_note.amount_total, 0.98)
        self.assertEqual(credit_note.amount_tax, 0.16)
        self.assertEqual(protection.fee_state, "waived")
        self.assertOpen(protection)
        self._pay_invoice(credit_note)
        self.assertOpen(protection)
        self._pay_invoice(final)
        self.assertSettled(protection)

    def test_nobody_is_asked_about_an_order_that_was_never_paid(self):
        for is_cancelled, is_invoiced, fee_state, debt in (
            (False, False, "waived", []),
            (True, False, "waived", []),
            (False, True, "refunded", [100.0]),
        ):
            with self.subTest(is_cancelled=is_cancelled, is_invoiced=is_invoiced):
                protection = self._make_rejected()
                if is_invoiced:
                    self._invoice(protection.order_id)
                if is_cancelled:
                    protection.order_id._action_cancel()
                self._refund(protection)
                self.assertSettled(protection, *debt)
                self.assertValues(protection, fee_state=fee_state, fee_collected=False)
                self.assertIn("is not charged", protection.shopper_status)
                row = self._as("billing", protection)
                self.assertNotIn("refund_fee", row.possible_buttons)

    # === A PERSON PAYS IT BACK === #

    def test_paid_back_by_hand_it_is_settled_though_its_credit_note_is_open(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        self._refund(protection)
        self._as("billing", protection.refund_ids).action_mark_paid_back()
        # The credit note waits for its payout among core's open items.
        self.assertSettled(protection, -0.98)
        self.assertIn("was paid back", protection.shopper_status)
        self._pay_invoice(protection.refund_ids.credit_note_ids)
        self.assertSettled(protection)

    # === REFUNDS AND PAYMENTS OF OTHER THINGS === #

    def test_one_payment_for_two_orders_is_asked_about(self):
        protections = [self._make_rejected() for _each in "ab"]
        orders = protections[0].order_id + protections[1].order_id
        self._pay(orders[0], amount=201.96, provider=self._get_demo()).write(
            {"sale_order_ids": orders.ids}
        )
        for protection in protections:
            self._refund(protection)
            self.assertOpen(protection, "Look at the payments of {}")
        # Each has a refund of its own.
        self._refund_online(protections[0])
        self.assertEqual(protections[0].refund_ids.state, "done")
        self.assertOpen(protections[1], "Look at the payments of {}")
        self._refund_online(protections[1])
        self.assertEqual(protections[1].refund_ids.state, "done")

    def test_a_refund_of_goods_does_not_close_it(self):
        for is_invoiced in (False, True):
            for amount in (50.0, 0.98, 0.5):
                with self.subTest(is_invoiced=is_invoiced, amount=amount):
                    protection, payment = self._make_paid()
                    if is_invoiced:
                        self._invoice(protection.order_id)
                    self._refund(protection)
                    payment._refund(amount_to_refund=amount)._post_process()
                    self.assertOpen(protection)
                    self._refund_online(protection)
                    self.assertEqual(protection.refund_ids.state, "done")

    def test_a_refund_of_less_by_the_button_does_not_close_it(self):
        for is_invoiced in (False, True):
            with self.subTest(is_invoiced=is_invoiced):
                protection, _payment = self._make_paid()
                if is_invoiced:
                    self._invoice(protection.order_id)
                self._refund(protection)
                refund = self._refund_online(protection, 0.5)
                self.assertEqual(refund.trustedshops_refund_id, protection.refund_ids)
                self.assertOpen(protection)
                row = self._as("billing", protection.refund_ids)
                self.assertIn("Look at the payments, transfer", row.explanation)
                self.assertEqual(row.action_refund()["tag"], "display_notification")
                row.action_mark_paid_back()
                self.assertEqual(row.state, "done")

    def test_a_refund_of_goods_beside_an_open_payment_does_not_close_it(self):
        protection, payment = self._make_paid(state="authorized")
        self._invoice(protection.order_id)
        self._refund(protection)
        payment._set_done()
        payment._post_process()
        self.assertOpen(protection)
        payment._refund(amount_to_refund=50.0)._post_process()
        self.assertOpen(protection)

    # === A REFUND THAT TAKES ITS TIME === #

    def _refund_when_provider(self, effect):
        """Return a protection and its refund; the provider does this when asked."""
        protection, payment = self._make_paid()
        self._refund(protection)
        with patch.object(type(payment), "_send_refund_request", effect):
            refund = self._refund_online(protection)
        return protection, refund

    def test_a_refund_that_is_done_days_later(self):
        protection, refund = self._refund_when_provider(lambda tx: tx._set_pending())
        self.assertOpen(protection)
        row = self._as("billing", protection.refund_ids)
        self.assertIn("is under way: do not pay it again", row.explanation)
        self.assertEqual(row.action_refund()["tag"], "display_notification")
        self.assertFalse(row.is_refundable)  # so it has no button
        refund._set_done()
        refund._post_process()
        self.assertEqual(protection.refund_ids.state, "done")

    def test_a_refund_that_fails_can_be_repeated(self):
        protection, refund = self._refund_when_provider(
            lambda tx: tx._set_error("Not today.")
        )
        self.assertEqual(refund.state, "error")
        row = self._as("billing", protection.refund_ids)
        self.assertIn("The refund failed: Not today.", row.explanation)
        self.assertTrue(row.is_refundable)
        self.assertOpen(protection)
        self._refund_online(protection)
        self.assertEqual(protection.refund_ids.state, "done")

    def test_paid_back_ends_it_while_the_provider_has_not_confirmed(self):
        protection, _refund = self._refund_when_provider(lambda tx: tx._set_pending())
        self._as("billing", protection.refund_ids).action_mark_paid_back()
        self.assertEqual(protection.refund_ids.state, "done")

    def test_a_dialog_that_was_opened_twice_refunds_once(self):
        protection, payment = self._make_paid()
        self._refund(protection)
        first, second = (self._open_dialog(protection).save() for _each in "ab")
        first.action_refund()
        with self.assertRaisesRegex(UserError, "was started already"):
            second.action_refund()
        self.assertEqual(payment.child_transaction_ids.mapped("amount"), [-0.98])

    # === ASKED AGAIN === #

    def test_it_is_asked_again_after_a_week(self):
        self._freeze()
        protection, _payment = self._make_paid()
        self._refund(protection)
        self.assertOpen(protection)
        protection.refund_ids.activity_ids.action_done()
        for days, count in ((6, 0), (1, 1)):
            self.clock.tick(timedelta(days=days))
            with self.enter_registry_test_mode():
                self.env.ref(CRON).method_direct_trigger()
            self.assertEqual(len(self._get_asked(protection)), count)

    def test_a_payout_that_is_undone_is_asked_for_again(self):
        protection, invoice = self._make_invoiced()
        self._pay_invoice(invoice)
        self._refund(protection)
        payout = self._pay_invoice(protection.refund_ids.credit_note_ids)
        self.assertSettled(protection)
        payout.move_id.line_ids.remove_move_reconcile()
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.assertOpen(protection)

    # === WORDS === #

    def test_a_credit_note_speaks_the_buyers_language(self):
        self.buyer.lang = "de_DE"
        protection, _invoice = self._make_invoiced()
        self._refund(protection)
        note = protection.refund_ids.credit_note_ids
        self.assertIn("Käuferschutz", note.ref)
