# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import APPLY
from .staff_common import RefundCommon


class TestOrderMoney(RefundCommon):
    """What was paid: invoiced, the invoice says it; otherwise the transactions."""

    def _get_money(self, order):
        """Return what came in, and what is reserved."""
        self.env.invalidate_all()
        transactions = order._trustedshops_get_transactions()
        return (
            order._trustedshops_get_received_amount(),
            round(transactions._trustedshops_get_reserved_amount(), 2),
        )

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
        self.assertEqual(self._get_money(order), (0.0, 0.0))
        self.assertFalse(protection.fee_collected)
        self._pay_invoice(invoice)
        protection.invalidate_recordset()
        self.assertTrue(protection.fee_collected)

    def test_a_payment_that_was_refunded_as_a_whole(self):
        order, payment, protection = self._make_placed(self._get_demo())
        self.assertEqual(self._get_money(order), (100.98, 0.0))
        self.assertTrue(protection.fee_collected)
        refund = payment._create_child_transaction(100.98, is_refund=True)
        refund._set_pending()
        self.assertEqual(self._get_money(order), (0.0, 0.0))
        self.assertFalse(protection.fee_collected)
        refund._set_error("Not today")
        self.assertEqual(self._get_money(order), (100.98, 0.0))

    def test_a_payment_that_is_only_authorized(self):
        order, _payment, protection = self._make_placed(self._get_demo(), "authorized")
        self.assertEqual(self._get_money(order), (0.0, 100.98))
        self.assertFalse(protection.fee_collected)

    def test_a_part_that_is_captured_and_a_rest_that_is_let_go(self):
        order, payment, protection = self._make_placed(
            self._get_capturing_demo(), "authorized"
        )
        payment._capture(60.0)
        self.assertEqual(self._get_money(order), (60.0, 40.98))
        payment._void(40.98)
        self.assertEqual(payment.state, "done")
        self.assertEqual(self._get_money(order), (60.0, 0.0))
        self.assertFalse(protection.fee_collected)
        protection._update_after_payment()
        protection._set_on_hold(protection._get_hold_reason())
        self.assertIn("60.00", self._get_told(protection))

    def test_captures_of_all_of_it(self):
        order, payment, protection = self._make_placed(
            self._get_capturing_demo(), "authorized"
        )
        self._run_queue()
        for amount in (60.98, 40.0):
            payment._capture(amount)._post_process()
        self._run_queue()
        self.assertEqual(self._get_money(order), (100.98, 0.0))
        self.assertTrue(protection.fee_collected)
        self.assertEqual(len(self.service.get_parts(APPLY)), 1)

    def test_one_payment_for_two_orders(self):
        orders = self._make_queued().order_id + self._make_queued().order_id
        self._pay(orders[0], amount=201.96).sale_order_ids = orders
        for order in orders:
            self.assertEqual(self._get_money(order), (100.98, 0.0))
        # One that is not enough for both says nothing of either.
        orders = self._make_queued().order_id + self._make_queued().order_id
        self._pay(orders[0], amount=150.0).sale_order_ids = orders
        self.assertEqual(self._get_money(orders[0]), (0.0, 0.0))
