# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

import requests

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..client_action import show
from ..models.queue import queue
from .books_common import BooksCommon
from .common import APPLY
from .staff_common import PART_CREDITED, RefundCommon

NOT_CHARGED = "The fee of Buyer Protection is not charged any more."


@tagged("full")
class TestRefund(RefundCommon):
    """The button *Refund fee*: the books first, then the money, and once."""

    QUICK = (
        "test_an_invoiced_fee_is_credited_alone_and_to_the_cent",
        "test_pressed_twice_it_goes_back_once",
        "test_a_fee_that_is_not_invoiced_is_not_charged",
    )
    # === NOT INVOICED === #

    def test_a_fee_that_is_not_invoiced_is_not_charged(self):
        protection = self._make_rejected()
        order = protection.order_id
        order.action_lock()
        self.assertEqual(self._refund(protection), NOT_CHARGED)
        self.assertEqual(protection.fee_state, "waived")
        self.assertEqual(order.amount_total, 100.0)
        self.assertTrue(order.locked)
        self.assertFalse(protection.activity_ids)
        self.assertEqual(self._get_note(order), ("The billing", NOT_CHARGED))
        self.assertEqual(self._get_note(protection), ("The billing", NOT_CHARGED))

    def test_a_notice_says_what_looks_like_a_format(self):
        links = [{"label": "S1", "url": "/odoo"}]
        self.assertEqual(show("100 %s", links)["params"]["message"], "100 %%s %s")
        self.assertEqual(show("100 %")["params"]["message"], "100 %")

    def test_other_taxes_of_a_quotation_do_not_charge_it_again(self):
        order, protection = self._make_ticked()
        self._pay(order, "pending", self._get_wire_transfer())
        protection.state = "rejected"
        self.assertEqual(order.state, "sent")
        self._refund(protection)
        order._recompute_taxes()
        order._recompute_prices()
        self.assertEqual(order.amount_total, 100.0)

    def test_an_invoice_posted_later_does_not_charge_it(self):
        protection = self._make_rejected()
        invoice = protection.order_id._create_invoices()
        self._refund(protection)
        invoice.action_post()
        self.assertIn(NOT_CHARGED, invoice.message_ids.mapped("preview"))
        self.assertEqual(invoice.amount_total, 100.0)
        self.assertEqual(protection.fee_state, "waived")
        self.assertFalse(protection.credit_note_ids)

    def test_an_invoice_of_an_order_cancelled_unsent_does_not_charge_it_later(self):
        protection = self._make_queued()
        order = protection.order_id
        invoice = order._create_invoices()
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 100.0)

    def test_a_bookkeeper_notes_and_plans_at_a_refund_and_writes_no_field(self):
        protection = self._make_rejected()
        self._refund(protection)
        row = self._as("billing", protection.refund_ids)
        self.assertEqual(row._creation_message(), "Fee Refund created")
        row.message_post(body="Called the bank.")
        row.activity_schedule("mail.mail_activity_data_todo", summary="Call again")
        self.assertEqual(str(row.message_ids[0].preview), "Called the bank.")
        with self.assertRaises(AccessError):
            row.state = "done"

    # === INVOICED === #

    def test_an_invoiced_fee_is_credited_alone_and_to_the_cent(self):
        protection, invoice = self._make_invoiced()
        order = protection.order_id
        self.assertEqual(protection.fee_state, "invoiced")
        text = self._refund(protection)
        credit_note = protection.credit_note_ids
        self.assertValues(
            credit_note,
            move_type="out_refund",
            state="posted",
            reversed_entry_id=invoice.id,
            amount_untaxed=0.82,
            amount_tax=0.16,
            amount_total=0.98,
            amount_residual=0.0,
            trustedshops_fee_amount=0.98,
        )
        self.assertEqual(len(credit_note.invoice_line_ids), 1)
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(text, "The fee of Buyer Protection is not charged any more.")
        self.assertValues(
            order._trustedshops_get_fee_lines(),
            product_uom_qty=0.0,
            qty_invoiced=0.0,
            qty_to_invoice=0.0,
            price_total=0.0,
            price_unit=0.98,
        )
        self.assertEqual(order.amount_total, 100.0)

    def test_pressed_twice_it_goes_back_once(self):
        for invoiced in (False, True):
            with self.subTest(invoiced=invoiced):
                protection = self._make_rejected()
                if invoiced:
                    self._invoice(protection.order_id)
                self._refund(protection)
                with self.assertRaisesRegex(UserError, "not possible now"):
                    self._refund(protection)
                self.assertEqual(len(protection.credit_note_ids), int(invoiced))

    def test_an_accountant_corrects_an_invoice_whose_order_lost_its_line(self):
        protection = self._make_queued()
        order = protection.order_id
        invoice = self._invoice(order)
        order._action_cancel()
        order.action_draft()
        corrected = self._correct(self._as("billing", invoice))
        self.assertEqual(corrected.amount_total, 100.98)
        self.assertEqual(protection.fee_state, "invoiced")

    def test_a_down_payment_of_all_asks_for_the_final_invoice(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        invoice = self._invoice_ahead(order, 100.0)
        self.assertEqual(invoice.amount_total, 100.98)
        self._pay_invoice(invoice)
        note = (
            "The buyer made a down payment. Create the final invoice: it leaves out the"
            " fee, and is a credit note if too much was paid."
        )
        self.assertEqual(self._refund(protection), f"{NOT_CHARGED} {note}")
        self.assertEqual(self._get_todo(protection)[1], note)
        self._run_queue()
        self.assertEqual(len(protection.activity_ids), 1)
        final = order._create_invoices(final=True)
        self.assertValues(final, move_type="out_refund", amount_total=0.98)
        final.action_post()
        self.assertFalse(protection.activity_ids)

    def test_after_a_corrected_invoice_the_new_one_is_credited(self):
        protection = self._make_rejected()
        first = self._invoice(protection.order_id)
        second = self._correct(first)
        self.assertEqual(protection.fee_state, "invoiced")
        text = self._refund(protection)
        credit_note = second.reversal_move_ids
        self.assertEqual(credit_note.amount_total, 0.98)
        self.assertEqual(
            protection.credit_note_ids, first.reversal_move_ids + credit_note
        )
        self.assertEqual(protection.fee_state, "refunded")
        # The buyer paid nothing.
        self.assertEqual(text, "The fee of Buyer Protection is not charged any more.")
        self.assertFalse(protection.activity_ids)

    def test_a_returned_fee_is_not_invoiced_again(self):
        for policy in ("order", "delivery"):
            with self.subTest(policy=policy):
                self.fee_product.invoice_policy = policy
                protection = self._make_rejected()
                order = protection.order_id
                self._invoice(order)
                self._refund(protection)
                self.assertEqual(order.invoice_status, "invoiced")
                self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0.0, 0.0])

    def test_only_the_own_fee_on_an_invoice_of_two_orders_is_credited(self):
        first, second = self._make_rejected(), self._make_rejected()
        invoice = (first.order_id + second.order_id)._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 201.96)
        self._refund(first)
        self.assertValues(
            first.credit_note_ids, amount_total=0.98, reversed_entry_id=invoice.id
        )
        self.assertEqual(len(first.credit_note_ids.invoice_line_ids), 1)
        self.assertFalse(second.credit_note_ids)
        self.assertEqual((first.fee_state, second.fee_state), ("refunded", "invoiced"))
        self._refund(second)
        self.assertEqual(second.credit_note_ids.amount_total, 0.98)
        self.assertEqual((first.fee_state, second.fee_state), ("refunded", "refunded"))

    def test_credit_notes_know_whose_fee_it_is_and_copies_do_not(self):
        protection, invoice = self._make_invoiced()
        for document, fee in (
            (invoice, 0.98),
            (self._credit(invoice), 0.98),
            (invoice.copy(), 0.0),
        ):
            marked = document.invoice_line_ids.filtered("trustedshops_protection_id")
            with self.subTest(document=document):
                self.assertEqual(sum(marked.mapped("price_total")), fee)
                self.assertEqual(document.trustedshops_fee_amount, fee)

    def _cancel_invoiced(self):
        """Return the protection of an invoiced order, cancelled unsent, and that.

        The order is a quotation again, without the line of the fee.
        """
        protection = self._make_queued()
        invoice = self._invoice(protection.order_id)
        protection.order_id._action_cancel()
        self.assertValues(protection, state="cancelled", fee_state="invoiced")
        protection.order_id.action_draft()
        self.assertFalse(protection.order_id._trustedshops_get_fee_lines())
        return protection, invoice

    def test_the_state_of_the_fee_follows_the_books_without_its_line(self):
        protection, invoice = self._cancel_invoiced()
        invoice.button_draft()
        self.assertEqual(protection.fee_state, "waived")
        invoice.action_post()
        self.assertEqual(protection.fee_state, "invoiced")

    def test_the_fee_of_another_choice_for_the_same_order_stays(self):
        protection, invoice = self._cancel_invoiced()
        order = protection.order_id
        other = self._choose(order)
        self._refund(protection)
        self.assertEqual(invoice.reversal_move_ids.amount_total, 0.98)
        self.assertEqual(order._trustedshops_get_fee_lines().price_total, 0.98)
        self.assertEqual((protection.fee_state, other.fee_state), ("refunded", "due"))
        self.assertFalse(other.credit_note_ids)

    def test_the_button_closes_what_asked_for_it(self):
        protection = self._make_requested()
        protection._schedule_todo("protection", "Pay the fee back.")
        self._refund(protection)
        self.assertFalse(protection.activity_ids)
        self.assertEqual(protection.state, "requested")

    def test_giving_up_an_unknown_number_ends_it(self):
        self._freeze()
        protection = self._make_queued()
        silent = requests.exceptions.ReadTimeout("slow")
        self.service.script(APPLY, silent, -10003)
        self._run_queue()
        self._run_queue(minutes=5)
        self.assertValues(protection, state="requested", application_number=False)
        self._refund(protection, "sales_manager")
        self.assertValues(
            protection,
            state="failed",
            fee_state="waived",
            last_error="fee_given_up",
            shopper_status="Your Buyer Protection could not be concluded. The fee of"
            " 0.98\xa0€ is not charged.",
            possible_buttons="enter_number,not_found,resend_mail",
            billable="undecided",
        )
        # Trusted Shops may bill it all the same.
        self._run_queue(days=8)
        self.assertTodo(protection, "press Not found at Trusted Shops.")
        self._as("sales_manager", protection).action_not_found()
        self.assertEqual(protection.billable, "void")
        self.assertFalse(protection.activity_ids)


@tagged("full")
class TestNotConcluded(RefundCommon):
    """Where there is no protection the fee goes back by itself."""

    QUICK = (
        "test_a_refused_protection_is_not_charged_after_an_hour",
        "test_the_fee_of_a_doubtful_application_stays",
    )
    is_frozen = True

    def test_a_refused_protection_is_not_charged_after_an_hour(self):
        protection = self._make_rejected(last_code=-10005)
        order = protection.order_id
        self._run_queue(minutes=59)
        self.assertEqual(order.amount_total, 100.98)
        self.assertFalse(protection.mailed_at)
        self._run_queue(minutes=2)
        self.assertValues(protection, state="rejected", fee_state="waived")
        self.assertEqual(self._invoice(order).amount_total, 100.0)
        self.assertTrue(protection.mailed_at)

    def test_an_invoiced_one_is_credited_and_the_money_asked_for(self):
        self.post_process_patcher.stop()  # payments are made
        protection = self._make_queued()
        payment = self._pay(protection.order_id, provider=self._get_demo())
        self._invoice(protection.order_id)
        protection.write({"state": "rejected", "last_code": -10005})
        self._run_queue(hours=2)
        self.assertEqual(protection.credit_note_ids.amount_total, 0.98)
        self.assertEqual(protection.refund_ids.state, "open")
        self.assertFalse(payment.child_transaction_ids)

    def test_the_fee_of_a_doubtful_application_stays(self):
        protections = [
            self._make_in_state(state, **values)
            for state, values in (
                ("failed", {"may_have_arrived": True}),
                ("failed", {"last_code": -10003}),
                ("rejected", {"may_have_arrived": True, "last_code": -10005}),
            )
        ]
        self._run_queue(days=4)
        for protection in protections:
            self.assertEqual(protection.fee_state, "due")
            self.assertFalse(protection.mailed_at)

    def test_books_that_refuse_are_told_once_until_the_rest_is_credited(self):
        protection = self._make_rejected(last_code=-10005)
        invoice = self._invoice(protection.order_id)
        self._credit_part(invoice, 0.5)
        self._run_queue(hours=2)
        self._run_queue()
        todos = protection.activity_ids.grouped("trustedshops_cause")
        self.assertEqual(todos["fee_invoiced"].note.striptags(), PART_CREDITED)
        self.assertEqual(
            todos["protection"].note.striptags(), "The buyer is not protected."
        )
        self.assertFalse(protection.refund_ids)
        buttons = self._as("billing", protection).possible_buttons
        self.assertEqual(buttons, "refund_fee")
        self._credit_part(invoice, 0.48)
        self._run_queue()
        self.assertTrue(protection.refund_ids)
        self.assertFalse(protection._get_todos_about("fee_invoiced"))
        line = protection.order_id._trustedshops_get_fee_lines()
        self.assertEqual(line.qty_to_invoice, 0.0)

    def test_the_fee_of_a_failed_protection_goes_back_without_a_call(self):
        protection = self._make_in_state("failed")
        with patch.object(queue, "run_in_turn", lambda *_args: False):
            self._run_queue()
        self.assertEqual(protection.fee_state, "waived")


@tagged("full")
class TestRefundInGermany(BooksCommon, RefundCommon):
    """The fee goes back to the cent on an untouched German company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._make_shop("de_skr03", "de", "X" + "3" * 32)
        cls.shop.company.tax_calculation_rounding_method = "round_per_line"
        cls.env.user.group_ids += cls.env.ref("account.group_account_invoice")

    def _sell(self, position=None):
        company, products = self.shop.company, self.shop.products
        products["goods"].taxes_id = company.account_sale_tax_id
        products["fee"].taxes_id = company.account_sale_tax_id
        position = self.shop.positions[0] if position is None else position
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
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
        )
        protection = self._choose(order)
        order.action_confirm()
        protection.state = "rejected"
        return protection

    def test_a_net_tax_rounded_per_line_and_the_tax_of_another_country(self):
        for position in (self.shop.positions[0], self.shop.positions[-1]):
            with self.subTest(position=position.name):
                protection = self._sell(position)
                invoice = self._invoice(protection.order_id)
                total = invoice.amount_total
                text = protection.action_refund_fee()["params"]["message"]
                self.assertIn("not charged any more", text)
                self.assertEqual(protection.credit_note_ids.amount_total, 2.94)
                self.assertEqual(round(total - invoice.amount_residual, 2), 2.94)
                self.assertEqual(protection.fee_state, "refunded")

    def test_a_corrected_invoice_comes_to_the_order_without_the_fee(self):
        protection = self._sell()
        invoice = self._invoice(protection.order_id)
        protection.action_refund_fee()
        corrected = self._correct(invoice)
        self.assertEqual(corrected.amount_total, protection.order_id.amount_total)
        for move in (invoice, *invoice.reversal_move_ids):
            self.assertEqual(move.amount_residual, 0.0)
