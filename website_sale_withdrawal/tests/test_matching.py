# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from psycopg2 import DatabaseError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WithdrawalCommon

LOGGER = "odoo.addons.website_sale_withdrawal.models.sale_withdrawal"


@tagged("post_install", "-at_install")
class TestMatching(WithdrawalCommon):
    """Which order the scheduled action finds, and whom it tells."""

    def _find(self, typed):
        withdrawal = self._declare(order_reference=typed)
        self._run_cron()
        return withdrawal.order_id

    def test_a_number_is_found_however_it_is_typed(self):
        for name, *texts in (
            ("S4711", "s4711", "#S4711", "Order S4711", "Nr. s4711, please"),
            ("Web/0042", "Order Web/0042"),
            # Dots got spaces, so that they make no link.
            ("WEB.A.0042", "WEB. A.0042", "Order web. a.0042"),
        ):
            self.order.name = name
            for typed in (name, *texts):
                with self.subTest(typed=typed):
                    self.assertEqual(self._find(typed), self.order)

    def test_wildcards_and_parts_find_nothing(self):
        for typed in ("%", "S471_", "S47%", "4711", "S47111", "' OR 1=1 --", False):
            self.assertFalse(self._find(typed), typed)

    def test_two_orders_are_left_to_a_person(self):
        other = self.order.copy()
        other.action_confirm()
        for number, typed in (("S4711", "S4711"), ("S4712", "S4711 S4712")):
            other.name = number
            self.assertFalse(self._find(typed), typed)

    def test_a_cart_or_a_quotation_is_no_contract(self):
        self.empty_cart.name = "S0815"
        quotation = self.order.copy({"name": "S0816", "website_id": False})
        quotation.action_quotation_sent()
        for number in ("S0815", "S0816"):
            self.assertFalse(self._find(number), number)

    def test_an_order_that_is_cancelled_or_waits_for_its_payment_is_found(self):
        self.empty_cart.write({"name": "S0815", "state": "sent"})
        self.assertEqual(self._find("S0815"), self.empty_cart)
        self.order._action_cancel()
        self.assertEqual(self._find("S4711"), self.order)

    def test_orders_of_other_companies_are_not_looked_at(self):
        company = self.env["res.company"].create({"name": "Other"})
        withdrawal = self._declare(company_id=company.id)
        self.assertFalse(withdrawal._find_order())
        self.assertEqual(self._declare()._find_order(), self.order)

    def test_the_state_follows_the_order(self):
        withdrawal, unknown = self._declare(), self._declare(order_reference="?")
        self._run_cron()
        self.assertValues(withdrawal, state="assigned", order_id=self.order)
        self.assertValues(unknown, state="received", order_id=self.order.browse())
        unknown.order_id = self.order
        self.assertEqual(unknown.state, "assigned")
        unknown.order_id = False
        self.assertEqual(unknown.state, "received")

    def test_a_person_may_take_an_order_away(self):
        withdrawal = self._declare()
        self._run_cron()
        withdrawal.order_id = False
        self._run_cron()
        self.assertFalse(withdrawal.order_id)

    def test_the_salesperson_of_the_order_is_told_once(self):
        user = self._create_new_internal_user(
            login="seller", groups="sales_team.group_sale_salesman", lang="de_DE"
        )
        self.order.user_id = user
        withdrawal = self._declare()
        for _run in range(2):
            self._run_cron()
            self.assertValues(withdrawal, user_id=user)
            self.assertValues(withdrawal.activity_ids, user_id=user)

    def test_a_thousand_of_them_are_one_mail_to_staff(self):
        user = self._create_new_internal_user(
            login="seller", groups="sales_team.group_sale_salesman"
        )
        user.notification_type = "email"
        self.website.salesperson_id = user
        mails = self.env["mail.mail"].search([])
        for number in range(3):
            self._declare(order_reference=f"?{number}")
            self._run_cron()
        told = (self.env["mail.mail"].search([]) - mails).filtered(
            lambda mail: user.partner_id in mail.recipient_ids
        )
        self.assertEqual(len(told), 1)
        self.assertEqual(len(self._find_all().activity_ids), 3)

    def test_without_a_salesperson_a_manager_is_told(self):
        self.website.salesperson_id = False
        self.order.user_id = False
        withdrawal = self._declare()
        self._run_cron()
        user = withdrawal.activity_ids.user_id
        self.assertEqual(user, withdrawal.user_id)
        self.assertTrue(user.has_group("sales_team.group_sale_manager"))
        self.assertIn(self.env.company, user.company_ids)

    def test_a_person_who_left_is_not_told(self):
        left, moved, present = (
            self._create_new_internal_user(
                login=login, groups="sales_team.group_sale_salesman"
            )
            for login in ("left", "moved", "present")
        )
        withdrawal = self._declare()
        withdrawal.user_id = left
        self.order.user_id = moved
        self.website.salesperson_id = present
        left.active = False
        company = self.env["res.company"].create({"name": "Other"})
        moved.write({"company_id": company.id, "company_ids": [company.id]})
        self._run_cron()
        self.assertEqual(withdrawal.user_id, present)
        self.assertEqual(withdrawal.activity_ids.user_id, present)
        present.active = False
        manager = withdrawal._get_responsible()
        self.assertTrue(manager.has_group("sales_team.group_sale_manager"))

    def test_odoo_logs_no_statement_that_the_database_refuses(self):
        """Core logs its values, also when the commit is what sends it."""
        withdrawal = self._declare()
        values = {"copy_email": "erika@muster.example", "website_id": 2**31 - 1}

        def ask(_withdrawal):
            self.env.cr.execute("SELECT 'erika@muster.example'::int")

        for examine in (ask, lambda each: each.write(values)):
            with (
                patch.object(type(withdrawal), "_examine", examine),
                self.assertLogs(LOGGER, "ERROR") as logged,
                self.assertNoLogs("odoo.sql_db", "ERROR"),
            ):
                self._run_cron()
            self.assertIn("its turn failed", logged.output[0])
            self.assertNotIn("erika", "".join(logged.output))

    def test_odoo_logs_nothing_that_people_typed_when_two_write_at_once(self):
        withdrawal = self._declare()
        typed = "erika@muster.example"
        for refused in (
            lambda: withdrawal._create([{"stored": {"create_uid": typed}}]),
            lambda: withdrawal._write_multi([{"create_uid": typed}]),
        ):
            with (
                self.assertNoLogs("odoo.sql_db"),
                self.assertRaisesRegex(DatabaseError, typed),
                self.env.cr.savepoint(),
            ):
                refused()

    def test_one_that_crashes_does_not_stop_the_others(self):
        bad, good = self._declare(order_reference="bad"), self._declare()
        find_order = type(self.withdrawals)._find_order

        def crash(withdrawal):
            if withdrawal == bad:
                raise ValueError("a bug")
            return find_order(withdrawal)

        with (
            patch.object(type(self.withdrawals), "_find_order", crash),
            mute_logger(LOGGER),
        ):
            self._run_cron()
        self.assertEqual(good.order_id, self.order)
        self.assertTrue(good.receipt_at)
        self.assertFalse(bad.is_examined)
        # What staff do with it does not hold up the buyer's receipt.
        self.assertTrue(bad.receipt_at)
        self._run_cron()
        self.assertTrue(bad.is_examined)
        self.assertEqual(len(self._get_mails(bad)), 1)
