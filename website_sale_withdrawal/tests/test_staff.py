# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import WithdrawalCommon


@tagged("post_install", "-at_install")
class TestStaff(WithdrawalCommon):
    """States, dates, hints, and the ways to core's own dialogs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.withdrawal = cls._declare(is_verified=True, order_id=cls.order.id)
        cls.withdrawal.sudo()._follow_order()

    # === STATES === #
    def test_a_valid_one_has_an_order(self):
        unknown = self._declare(order_reference="?")
        with self.assertRaisesRegex(ValidationError, "Assign the order first."):
            unknown.action_mark_valid()
        unknown.order_id = self.order
        unknown.action_mark_valid()
        with self.assertRaisesRegex(ValidationError, "Assign the order first."):
            unknown.order_id = False

    def test_one_that_is_not_valid_has_a_reason(self):
        with self.assertRaisesRegex(ValidationError, "Say why"):
            self.withdrawal.action_mark_invalid()
        self.withdrawal.reason = "Made to measure"
        self.withdrawal.action_mark_invalid()
        self.assertEqual(self.withdrawal.state, "invalid")

    def test_it_is_reopened_as_it_was(self):
        unknown = self._declare(order_reference="?")
        both = self.withdrawal + unknown
        both.reason = "No contract"
        both.action_mark_invalid()
        both.action_reopen()
        self.assertEqual(both.mapped("state"), ["assigned", "received"])

    def test_all_states_are_columns_in_their_order(self):
        board = self.withdrawals.with_context(read_group_expand=True)
        groups = board.web_read_group([], ["state"], ["__count"])["groups"]
        names = [group["state"] for group in groups]
        states = ["received", "assigned", "valid", "invalid", "settled"]
        self.assertEqual(names, states)

    def test_a_settled_one_has_no_activity(self):
        self._run_cron()
        self.assertTrue(self.withdrawal.activity_ids)
        self.withdrawal.action_mark_valid()
        self.assertTrue(self.withdrawal.activity_ids)
        self.withdrawal.action_settle()
        self.assertFalse(self.withdrawal.activity_ids)

    def test_only_a_valid_one_is_settled(self):
        self.withdrawal.reason = "Made to measure"
        for state in ("assigned", "invalid"):
            self.withdrawal.state = state
            with self.assertRaisesRegex(UserError, "Only a valid withdrawal"):
                self.withdrawal.action_settle()
        self.withdrawal.state = "valid"
        for _press in range(2):
            self.withdrawal.action_settle()
            self.assertEqual(self.withdrawal.state, "settled")

    def test_an_order_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        unknown = self._declare(order_reference="?", company_id=company.id)
        with self.assertRaises(UserError):
            unknown.order_id = self.order

    # === DATES === #
    def _get_dates(self, pressed, dispatched=None):
        self.withdrawal.sudo().received_at = pressed
        order = type(self.order)
        with patch.object(
            order, "_withdrawal_get_dispatched_at", lambda _order: dispatched or False
        ):
            self.withdrawal.invalidate_recordset()
            return self.withdrawal.period_end, self.withdrawal.money_back_by

    def test_the_money_goes_back_within_fourteen_days(self):
        # It was the next day in Berlin.
        _end, back = self._get_dates(datetime(2026, 11, 2, 23, 30))
        self.assertEqual(back, date(2026, 11, 17))

    def test_without_dispatch_no_period_is_known(self):
        end, _back = self._get_dates(datetime(2026, 11, 2))
        self.assertFalse(end)

    def test_the_period_ends_on_a_working_day(self):
        self.env.company.withdrawal_transit_days = 0
        for day, end in ((5, 19), (6, 20), (7, 23), (8, 23), (9, 23)):
            dispatched = datetime(2026, 11, day, 10)
            found, _back = self._get_dates(datetime(2026, 11, 2), dispatched)
            self.assertEqual(found, date(2026, 11, end), day)

    def test_days_in_transit_are_added(self):
        found, _back = self._get_dates(datetime(2026, 11, 2), datetime(2026, 11, 2, 10))
        self.assertEqual(found, date(2026, 11, 19))

    # === HINTS === #
    def assertHints(self, withdrawal, *hints):
        withdrawal.invalidate_recordset()
        self.assertEqual(withdrawal.hints.splitlines(), [*hints])

    def test_a_plain_one_has_no_hint(self):
        self.assertHints(self.withdrawal)

    def test_a_company_is_a_hint_and_no_barrier(self):
        hint = (
            "The order's address names a company or a VAT number. The right is for"
            " consumers."
        )
        self.partner.vat = "DE123456788"
        self.assertHints(self.withdrawal, hint)
        self.partner.write({"vat": False, "is_company": True})
        self.assertHints(self.withdrawal, hint)
        self.withdrawal.action_mark_valid()

    def test_a_number_alone_proves_nothing(self):
        withdrawal = self._declare(email="other@x.example")
        self._run_cron()
        self.assertEqual(withdrawal.order_id, self.order)
        self.assertHints(
            withdrawal,
            "Every person who knows the order number could have sent this.",
            "The order has another e-mail address: erika@muster.example gets a notice.",
            "There is another withdrawal from this order.",
        )

    def assertOrderToBeFound(self, **typed):
        withdrawal = self._declare(**typed)
        self._run_cron()
        self.assertHints(
            withdrawal,
            "The order is not known. Look for it, or ask the buyer: the withdrawal"
            " counts all the same.",
        )

    def test_a_number_that_no_order_has_is_to_be_found(self):
        self.assertOrderToBeFound(order_reference="?")

    def test_a_number_of_two_orders_is_to_be_found(self):
        self.order.copy({"name": "S4711"}).action_confirm()
        self.assertOrderToBeFound()

    def test_a_number_of_a_quotation_is_to_be_found(self):
        self.order.copy({"name": "S0815", "website_id": False})
        self.assertOrderToBeFound(order_reference="S0815")

    def test_a_number_of_a_cart_is_to_be_found(self):
        self.empty_cart.name = "S0815"
        self.assertOrderToBeFound(order_reference="S0815")

    def test_details_without_a_number_are_to_be_found(self):
        self.assertOrderToBeFound(order_reference=False, details="The desk")

    def test_being_late_is_a_hint(self):
        self.env.company.withdrawal_transit_days = 0
        for day, hints in (
            (19, []),
            (20, ["The period may have ended on 11/19/2026."]),
        ):
            self.withdrawal.sudo().received_at = datetime(2026, 11, day, 12)
            with patch.object(
                type(self.order),
                "_withdrawal_get_dispatched_at",
                lambda _order: datetime(2026, 11, 5, 10),
            ):
                self.assertHints(self.withdrawal, *hints)

    # === ORDERS === #
    def test_an_order_leads_to_its_withdrawals(self):
        self.assertEqual(self.order.withdrawal_count, 1)
        action = self.order.action_view_withdrawals()
        self.assertEqual(action["res_id"], self.withdrawal.id)
        self._declare(order_id=self.order.id)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.withdrawal_count, 2)
        action = self.order.action_view_withdrawals()
        self.assertEqual(action["domain"], [("order_id", "in", self.order.ids)])
        self.assertFalse(action.get("res_id"))

    def test_orders_with_one_are_found(self):
        found = self.env["sale.order"].search([("withdrawal_ids", "!=", False)])
        self.assertEqual(found, self.order)

    def test_a_copy_of_an_order_has_none(self):
        self.assertFalse(self.order.copy().withdrawal_ids)

    # === CORE'S OWN DIALOGS === #
    def test_it_leads_to_the_order(self):
        action = self.withdrawal.action_open_order()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", self.order.id)
        )

    def test_its_invoices_are_credited_in_cores_dialog(self):
        with self.assertRaisesRegex(UserError, "No invoice"):
            self.withdrawal.action_credit()
        self.order.order_line.qty_delivered = 1
        invoice = self.order._create_invoices()
        with self.assertRaisesRegex(UserError, "No invoice"):
            self.withdrawal.action_credit()
        invoice.action_post()
        action = self.withdrawal.action_credit()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        journal = {"journal_id": invoice.journal_id.id}
        self.assertEqual(wizard.create(journal).move_ids, invoice)

    def test_without_a_payment_it_is_refunded_by_hand(self):
        with self.assertRaisesRegex(UserError, "by hand"):
            self.withdrawal.action_refund()

    def test_a_payment_is_refunded_in_cores_dialog(self):
        payment = self.env["account.payment"].create(
            {"amount": 10.0, "partner_id": self.partner.id, "payment_type": "inbound"}
        )
        provider = self.env["payment.provider"].search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": 10.0,
                "currency_id": self.order.currency_id.id,
                "partner_id": self.partner.id,
                "payment_id": payment.id,
                "sale_order_ids": [Command.set(self.order.ids)],
            }
        )
        field = type(payment).amount_available_for_refund
        with patch.object(
            type(payment),
            "_compute_amount_available_for_refund",
            lambda payments: payments.write({field.name: 10.0}),
        ):
            action = self.withdrawal.action_refund()
        self.assertEqual(action["res_model"], "payment.refund.wizard")
        self.assertEqual(action["context"]["active_id"], payment.id)

    def test_the_order_is_cancelled_by_its_own_button(self):
        self.withdrawal.action_cancel_order()
        self.assertEqual(self.order.state, "cancel")
        self.assertTrue(self.withdrawal.exists())
