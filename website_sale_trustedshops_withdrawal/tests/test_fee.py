# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.staff_common import RefundCommon


@tagged("post_install", "-at_install")
class TestFee(RefundCommon):
    """The fee of an order that the buyer withdrew from follows the policy."""

    def _withdraw(self, protection, **values):
        """Return a withdrawal from the order of a protection, assigned."""
        order = protection.order_id
        return self.env["sale.withdrawal"].create(
            {
                "buyer_name": "Erika Muster",
                "email": "erika@muster.example",
                "order_reference": order.name,
                "order_id": order.id,
                "company_id": order.company_id.id,
                "token": str(order.id),
                "state": "assigned",
                "is_verified": True,
                **values,
            }
        )

    def _make_paid(self, policy):
        self.certificate.fee_refund_policy = policy
        protection = self._make_requested()
        self._pay(protection.order_id)
        return protection

    def test_an_invalid_one_changes_nothing(self):
        protection = self._make_paid("refund")
        withdrawal = self._withdraw(protection)
        withdrawal.write({"reason": "Made to measure", "state": "invalid"})
        self.assertValues(protection, fee_state="due", ended_at=False)

    def test_an_invoiced_fee_is_credited_alone(self):
        protection = self._make_paid("refund")
        invoice = self._invoice(protection.order_id)
        self._withdraw(protection).action_mark_valid()
        self.assertEqual(protection.credit_note_ids.amount_total, 0.98)
        self.assertEqual(protection.fee_state, "refunded")
        self.assertEqual(invoice.amount_total, 100.98)

    def test_the_fee_may_be_kept(self):
        protection = self._make_paid("keep")
        self._withdraw(protection).action_mark_valid()
        self.assertEqual(protection.fee_state, "due")
        self.assertFalse(protection.refund_ids or protection.activity_ids)

    def test_one_that_staff_recorded_gives_the_fee_back(self):
        protection = self._make_paid("refund")
        recorded = {"channel": "phone", "is_verified": False}
        withdrawal = self._withdraw(protection, **recorded)
        withdrawal.action_mark_valid()
        self.assertEqual(protection.fee_state, "waived")

    def test_a_person_is_asked_once(self):
        protection = self._make_paid("ask")
        withdrawal = self._withdraw(protection)
        withdrawal.action_mark_valid()
        self.assertTodo(protection, "The order was cancelled or fully credited")
        withdrawal.action_mark_paid_back()
        self._invoice(protection.order_id)
        self.assertEqual(len(protection.activity_ids), 1)

    def test_one_before_the_application_gives_the_fee_back_once_that_is_sent(self):
        self.certificate.fee_refund_policy = "refund"
        protection = self._make_queued()
        self._pay(protection.order_id)
        withdrawal = self._withdraw(protection)
        withdrawal.action_mark_valid()
        withdrawal.action_mark_paid_back()
        self.assertValues(protection, state="queued", fee_state="due", ended_at=False)
        self._run_queue()
        self.assertValues(protection, state="requested", fee_state="waived")

    def test_a_person_is_asked_when_the_money_comes_after_it(self):
        self.certificate.fee_refund_policy = "ask"
        protection = self._make_requested()
        self._withdraw(protection).action_mark_valid()
        self.assertFalse(protection.ended_at)
        self._pay(protection.order_id)
        self.assertTodo(protection, "The order was cancelled or fully credited")

    def test_an_order_that_is_confirmed_anew_did_not_come_to_nothing(self):
        protection = self._make_paid("ask")
        self._withdraw(protection).action_mark_valid()
        order = protection.order_id
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertFalse(protection.ended_at)
        self.assertFalse(protection.activity_ids)

    def test_an_erased_one_leaves_the_question_about_the_fee(self):
        protection = self._make_paid("ask")
        withdrawal = self._withdraw(protection)
        withdrawal.action_mark_valid()
        withdrawal.sudo().unlink()
        protection.state = "confirmed"
        protection._log_answers()
        self.assertTodo(protection, "The order was cancelled or fully credited")

    def test_reopening_withdraws_the_question_about_the_fee(self):
        protection = self._make_paid("ask")
        withdrawal = self._withdraw(protection)
        withdrawal.action_mark_valid()
        withdrawal.action_reopen()
        self.assertFalse(protection.ended_at)
        self.assertFalse(protection.activity_ids)

    def test_the_fee_stays_while_a_part_of_the_order_is_kept(self):
        protection = self._make_paid("refund")
        self._withdraw(protection, articles="1 × Lamp").action_mark_valid()
        self.assertValues(protection, fee_state="due", ended_at=False)

    def test_the_fee_of_a_guest_follows_the_credit_of_all_goods(self):
        protection = self._make_paid("refund")
        invoice = self._invoice(protection.order_id)
        withdrawal = self._withdraw(protection, is_verified=False)
        withdrawal.action_mark_valid()
        withdrawal.action_mark_paid_back()
        self.assertValues(protection, fee_state="invoiced", ended_at=False)
        self._credit(invoice).action_post()
        self.assertEqual(protection.fee_state, "refunded")

    def test_a_salesperson_need_not_know_of_it(self):
        protection = self._make_paid("refund")
        withdrawal = self._withdraw(protection)
        self._as("seller", withdrawal).action_mark_valid()
        self.assertEqual(protection.fee_state, "waived")

    def test_an_order_says_why_and_how_surely_it_is_undone(self):
        protection = self._make_requested()
        order = protection.order_id
        self.assertFalse(order._trustedshops_get_undone())
        part = self._withdraw(protection, articles="1 × Lamp", token="part")
        self.assertFalse(order._trustedshops_get_undone())
        part.unlink()
        withdrawal = self._withdraw(protection)
        for state, expected in (
            ("received", ("withdrawn", False)),
            ("invalid", None),
            ("valid", ("withdrawn", True)),
            ("settled", ("withdrawn", True)),
        ):
            withdrawal.write({"state": state, "reason": "Made to measure"})
            self.assertEqual(order._trustedshops_get_undone(), expected)
        # A guest may have typed a part of the order.
        withdrawal.is_verified = False
        self.assertEqual(order._trustedshops_get_undone().is_certain, False)
        order._action_cancel()
        self.assertEqual(order._trustedshops_get_undone(), ("cancelled", True))

    def test_an_order_without_protection_is_withdrawn_from(self):
        order = self._make_cart()
        order.action_confirm()
        protection = self.env["trustedshops.protection"].new({"order_id": order.id})
        withdrawal = self._withdraw(protection)
        withdrawal.order_id = order
        withdrawal.action_mark_valid()
        self.assertEqual(withdrawal.state, "valid")
