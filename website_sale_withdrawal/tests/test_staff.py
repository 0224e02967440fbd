# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import WithdrawalCommon

# Each order of these tests has some.
SERVICES = (
    "The order has services or digital goods: the right may have ended (article 16 of"
    " Directive 2011/83/EU)."
)


@tagged("post_install", "-at_install")
class TestStaff(WithdrawalCommon):
    """States, dates, hints, and the ways to core's own dialogs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.withdrawal = cls._declare(is_verified=True, order_id=cls.order.id)
        cls.withdrawal.sudo()._update_from_order()

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
        states = ["received", "assigned", "valid", "invalid", "settled", "spam"]
        self.assertEqual(names, states)

    def test_a_settled_one_has_no_activity(self):
        self._run_cron()
        self.assertTrue(self.withdrawal.activity_ids)
        self.withdrawal.action_mark_valid()
        self.assertTrue(self.withdrawal.activity_ids)
        self.withdrawal.action_mark_paid_back()
        self.assertFalse(self.withdrawal.activity_ids)

    def test_only_a_valid_one_is_settled(self):
        self.withdrawal.reason = "Made to measure"
        for state in ("assigned", "invalid"):
            self.withdrawal.state = state
            with self.assertRaisesRegex(UserError, "Only a valid withdrawal"):
                self.withdrawal.action_mark_paid_back()
        self.withdrawal.state = "valid"
        for _press in range(2):
            self.withdrawal.action_mark_paid_back()
            self.assertEqual(self.withdrawal.state, "settled")

    def test_spam_has_no_order_no_activity_and_no_mail(self):
        with self.assertRaisesRegex(ValidationError, "It has an order"):
            self.withdrawal.action_mark_spam()
        told, unwritten = (self._declare(order_reference="?") for _number in range(2))
        told._examine()
        self.assertTrue(told.activity_ids)
        (told + unwritten).action_mark_spam()
        self.assertFalse(told.activity_ids)
        self._run_cron()
        self.assertFalse(self._get_mails(told + unwritten))
        unwritten.action_reopen()
        self._run_cron()
        self.assertEqual(len(self._get_mails(unwritten)), 1)

    # === WHAT IS DUE === #
    def _age(self, withdrawal, **age):
        withdrawal.sudo().received_at = fields.Datetime.now() - timedelta(**age)

    def test_an_open_one_is_due_after_seven_days_and_a_problem_after_twelve(self):
        for age, found in (
            ({"days": 6, "hours": 23}, (0, 0)),
            ({"days": 7}, (1, 0)),
            ({"days": 11, "hours": 23}, (1, 0)),
            ({"days": 12}, (0, 1)),
        ):
            self._age(self.withdrawal, **age)
            due, late = self.withdrawals._find_due()
            self.assertEqual((len(due), len(late)), found, age)
        self.assertEqual(self.withdrawals._find_due()[1], self.withdrawal)
        self.withdrawal.action_mark_valid()
        self.assertTrue(self.withdrawals._find_due()[1])
        self.withdrawal.action_mark_paid_back()
        self.assertFalse(any(self.withdrawals._find_due()))

    def test_a_due_one_says_so(self):
        with freeze_time("2026-11-02 10:00"):
            self.withdrawal.sudo().received_at = fields.Datetime.now()
            self.assertHints(self.withdrawal, SERVICES)
        with freeze_time("2026-11-09 10:00"):
            self.assertHints(
                self.withdrawal,
                "Open since 11/02/2026: the money has to be back by 11/16/2026.",
                SERVICES,
            )

    def test_a_due_one_gets_its_activity_again(self):
        proposed = self._declare(buyer_name="Max", email="max@x.example")
        self._run_cron()
        self.assertEqual(proposed.proposed_order_id, self.order)
        self.withdrawal.activity_ids.action_done()
        self._run_cron()
        self.assertFalse(self.withdrawal.activity_ids)
        self._age(self.withdrawal + proposed, days=7)
        for _run in range(2):
            self._run_cron()
            self.assertEqual(len(self.withdrawal.activity_ids), 1)
        self.assertFalse(proposed.activity_ids)

    def test_who_left_is_not_reminded_but_another_person(self):
        proposed = self._declare(buyer_name="Max", email="max@x.example")
        left = self._create_new_internal_user(
            login="left", groups="sales_team.group_sale_salesman"
        )
        self.order.user_id = left
        self.withdrawal.sudo().write({"is_examined": False, "user_id": False})
        self._run_cron()
        listed = self.order.activity_ids
        told = self.withdrawal.activity_ids + listed
        self.assertEqual((len(told), told.user_id), (2, left))
        left.action_archive()  # core deletes the activities
        self._age(self.withdrawal + proposed, days=7)
        for _run in range(2):
            self._run_cron()
            told = self.withdrawal.activity_ids + self.order.activity_ids
            self.assertEqual(len(told), 2)
            self.assertTrue(all(told.mapped("user_id.active")))

    def test_who_may_not_read_withdrawals_any_more_is_not_told(self):
        moved = self._create_new_internal_user(login="moved")
        self.order.user_id = moved
        user = self._declare()._get_responsible()
        self.withdrawal.user_id = moved
        users = user + self.withdrawal._get_responsible()
        for each in users:
            self.assertTrue(each.has_group("sales_team.group_sale_salesman"))

    # === WORDS FOR THE BUYER === #
    def test_a_buyer_reads_where_it_stands(self):
        self.withdrawal.sudo().received_at = datetime(2026, 11, 2, 10, 0, 7)
        received = "Received on November 2, 2026, 11:00:07 (Europe/Berlin, UTC+01:00)."
        self.withdrawal.reason = "Made to measure"
        for state, said in (
            ("assigned", "If it is valid, you get your money back by 11/16/2026."),
            ("valid", "You get your money back by 11/16/2026."),
            ("settled", "It is settled."),
            ("invalid", "We found it not valid: please ask us why."),
        ):
            self.withdrawal.state = state
            told = self.withdrawal._format_standing()
            self.assertEqual(told, f"{received} {said}")

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

    def test_the_period_ends_on_a_working_day(self):
        pressed = datetime(2026, 11, 2)
        self.assertFalse(self._get_dates(pressed)[0])
        found, _back = self._get_dates(pressed, datetime(2026, 11, 2, 10))
        self.assertEqual(found, date(2026, 11, 19))  # three days in transit
        self.env.company.withdrawal_transit_days = 0
        for day, end in ((5, 19), (6, 20), (7, 23), (8, 23), (9, 23)):
            found, _back = self._get_dates(pressed, datetime(2026, 11, day, 10))
            self.assertEqual(found, date(2026, 11, end), day)

    # === HINTS === #
    def assertHints(self, withdrawal, *hints):
        withdrawal.invalidate_recordset()
        self.assertEqual(withdrawal.hints.splitlines(), [*hints])

    def test_a_plain_one_has_no_hint(self):
        self.order.order_line[1].product_uom_qty = 0
        self.assertHints(self.withdrawal)

    def test_services_and_a_part_of_the_order_are_hints(self):
        self.withdrawal.sudo().articles = "1 × Chair"
        part = "The buyer keeps a part of the order."
        self.assertHints(self.withdrawal, part, SERVICES)

    def test_a_company_is_a_hint_and_no_barrier(self):
        hint = (
            "The order's address names a company or a VAT number. The right is for"
            " consumers."
        )
        self.partner.vat = "DE123456788"
        self.assertHints(self.withdrawal, hint, SERVICES)
        self.partner.write({"vat": False, "is_company": True})
        self.assertHints(self.withdrawal, hint, SERVICES)
        self.withdrawal.action_mark_valid()

    def test_a_number_alone_proves_nothing(self):
        withdrawal = self._declare(email="other@x.example", details="The desk")
        self._run_cron()
        self.assertEqual(withdrawal.order_id, self.order)
        self.assertHints(
            withdrawal,
            "Every person who knows the order number could have sent this.",
            "The order has another e-mail address: erika@muster.example gets a notice.",
            "This may be a part of the order: read what the buyer wrote.",
            SERVICES,
            "There is another withdrawal from this order.",
        )

    def test_a_number_that_no_order_has_is_to_be_found(self):
        withdrawal = self._declare(order_reference="?")
        self._run_cron()
        self.assertHints(
            withdrawal,
            "The order is not known. Look for it, or ask the buyer: the withdrawal"
            " counts all the same.",
        )

    def test_being_late_is_a_hint(self):
        self.env.company.withdrawal_transit_days = 0
        for day, hints in (
            (19, [SERVICES]),
            (20, [SERVICES, "The period may have ended on 11/19/2026."]),
        ):
            self.withdrawal.sudo().received_at = datetime(2026, 11, day, 12)
            with patch.object(
                type(self.order),
                "_withdrawal_get_dispatched_at",
                lambda _order: datetime(2026, 11, 5, 10),
            ):
                with freeze_time("2026-11-21"):
                    self.assertHints(self.withdrawal, *hints)

    # === ORDERS === #
    def test_an_order_leads_to_its_withdrawals(self):
        self.assertEqual(self.order.withdrawal_count, 1)
        self.assertFalse(self.order.copy().withdrawal_ids)
        found = self.env["sale.order"].search([("withdrawal_ids", "!=", False)])
        self.assertEqual(found, self.order)
        action = self.order.action_view_withdrawals()
        self.assertEqual(action["res_id"], self.withdrawal.id)
        self._declare(order_id=self.order.id)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.withdrawal_count, 2)
        action = self.order.action_view_withdrawals()
        self.assertEqual(action["domain"], [("order_id", "in", self.order.ids)])
        self.assertFalse(action.get("res_id"))

    # === CORE'S OWN DIALOGS === #
    def test_it_leads_to_the_order(self):
        action = self.withdrawal.action_open_order()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", self.order.id)
        )

    def _load_accounts(self):
        """Give the company the journals of a chart of accounts."""
        charts = self.env["account.chart.template"]
        charts.try_loading("generic_coa", self.env.company, install_demo=False)

    def test_its_invoices_are_credited_in_cores_dialog(self):
        self._load_accounts()
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

    def test_a_payment_is_refunded_in_cores_dialog(self):
        self._load_accounts()
        with self.assertRaisesRegex(UserError, "by hand"):
            self.withdrawal.action_refund()
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
