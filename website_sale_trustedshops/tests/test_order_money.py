# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from ..models.protection.obstacles import get_hold_reason
from .staff_common import RefundCommon


class TestOrderMoney(RefundCommon):
    """What was paid: invoiced, the invoice says it; otherwise the transactions."""

    def _get_money(self, order):
        self.env.invalidate_all()
        return tuple(order._trustedshops_get_money())

    def _make_placed(self, provider, state="done"):
        """Return the order of a ticked protection, its payment, and the protection."""
        order, protection = self._make_ticked()
        payment = self._pay(order, state, provider)
        return order, payment, protection

    def _get_capturing_demo(self):
        demo = self._get_demo()
        demo.capture_manually = True
        demo.support_manual_capture = "partial"
        return demo

    def test_a_wire_transfer_that_is_paid_on_the_invoice(self):
        order, _payment, protection = self._make_placed(
            self._get_wire_transfer(), "pending"
        )
        order.action_confirm()
        invoice = self._invoice(order)
        self.assertEqual(self._get_money(order), (0.0, 0.0, False))
        self.assertEqual(order._trustedshops_get_balance(), -100.98)
        self.assertFalse(protection.fee_collected)
        self._pay_invoice(invoice)
        self.assertEqual(order._trustedshops_get_balance(), 0.0)
        protection.invalidate_recordset()
        self.assertTrue(protection.fee_collected)

    def test_a_payment_that_was_refunded_as_a_whole(self):
        order, payment, protection = self._make_placed(self._get_demo())
        self.assertEqual(self._get_money(order), (100.98, 0.0, False))
        self.assertTrue(protection.fee_collected)
        refund = payment._create_child_transaction(100.98, is_refund=True)
        refund._set_pending()
        self.assertEqual(self._get_money(order), (0.0, 0.0, False))
        self.assertFalse(protection.fee_collected)
        refund._set_error("Not today")
        self.assertEqual(self._get_money(order), (100.98, 0.0, False))

    def test_a_payment_that_is_only_authorized(self):
        order, _payment, protection = self._make_placed(self._get_demo(), "authorized")
        self.assertEqual(self._get_money(order), (0.0, 100.98, False))
        self.assertFalse(protection.fee_collected)

    def test_a_part_that_is_captured_and_a_rest_that_is_let_go(self):
        order, payment, protection = self._make_placed(
            self._get_capturing_demo(), "authorized"
        )
        payment._capture(60.0)
        self.assertEqual(self._get_money(order), (60.0, 40.98, False))
        payment._void(40.98)
        self.assertEqual(payment.state, "done")
        self.assertEqual(self._get_money(order), (60.0, 0.0, False))
        self.assertFalse(protection.fee_collected)
        protection._reexamine()
        protection._put_on_hold(get_hold_reason(protection))
        self.assertIn("60.00", self._get_told(protection))

    def test_captures_of_all_of_it(self):
        order, payment, protection = self._make_placed(
            self._get_capturing_demo(), "authorized"
        )
        payment._capture(60.98)
        payment._capture(40.0)
        self.assertEqual(self._get_money(order), (100.98, 0.0, False))
        self.assertTrue(protection.fee_collected)

    def test_one_payment_for_two_orders_is_for_a_person(self):
        orders = self._make_queued().order_id + self._make_queued().order_id
        self._pay(orders[0], amount=201.96).sale_order_ids = orders
        for order in orders:
            self.assertEqual(self._get_money(order), (100.98, 0.0, True))
        protection = orders[0].trustedshops_protection_id
        protection.state = "rejected"
        self._refund(protection)
        self._run_queue()
        self.assertValues(protection.refund_ids, state="by_hand", held_amount=0.98)
        with self.enter_registry_test_mode():
            late = "website_sale_trustedshops.ir_cron_find_late_money"
            self.env.ref(late).method_direct_trigger()
        self.assertEqual(protection.refund_ids.state, "by_hand")
        # One that is not enough for both says nothing of either.
        orders = self._make_queued().order_id + self._make_queued().order_id
        self._pay(orders[0], amount=150.0).sale_order_ids = orders
        self.assertEqual(self._get_money(orders[0]), (0.0, 0.0, True))

    def test_a_down_payment_of_all_that_is_paid(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        self._pay_invoice(self._invoice_ahead(order, 100.0))
        self.assertEqual(self._get_money(order), (0.0, 0.0, False))
        self._refund(protection)
        self._run_queue()
        # The final invoice gives it back.
        self.assertEqual(protection.refund_ids.state, "nothing")
        self.assertTodo(protection, "Create the final invoice")

    def test_an_unpaid_down_payment_gives_nothing_back(self):
        protection = self._make_requested("confirmed")
        order = protection.order_id
        self._invoice_ahead(order, 50.0)
        self._refund(protection)
        self._run_queue()
        self.assertEqual(protection.refund_ids.state, "nothing")
        self.assertFalse(protection.activity_ids)

    def test_nearly_all_that_was_refunded_before_is_not_paid_out_again(self):
        order, payment, protection = self._make_placed(self.provider)
        self._invoice(order)
        refund = payment._create_child_transaction(100.48, is_refund=True)
        refund._set_done()
        protection.state = "rejected"
        self._refund(protection)
        self._run_queue()
        self.assertLessEqual(protection.refund_ids.held_amount, 0.5)

    def test_a_payment_at_the_bank_has_a_name(self):
        protection, invoice = self._make_invoiced()
        payment = self._pay_invoice(invoice)
        self._refund(protection)
        self._run_queue()
        self.assertTodo(protection, f"Payment: {payment.name}.")
        self.assertEqual(protection.refund_ids.means, payment.name)
