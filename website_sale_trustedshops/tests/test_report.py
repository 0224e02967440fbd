# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID
from odoo.exceptions import ValidationError

from .staff_common import StaffCommon


class TestOfferMark(StaffCommon):
    """An order remembers whether the shop offered Buyer Protection to its buyer."""

    def _press(self, order, **context):
        """Press the button that orders."""
        visitor = self._as_visitor(order).with_context(**context)
        visitor._check_cart_is_ready_to_be_paid()
        return order.trustedshops_was_offered

    def test_it_is_written_when_the_buyer_orders_and_not_before(self):
        order = self._make_cart()
        self.assertTrue(self._as_visitor(order)._trustedshops_get_offer())
        self.assertFalse(order.trustedshops_was_offered)
        self.assertTrue(self._press(order))
        self.assertFalse(order.copy().trustedshops_was_offered)

    def test_each_try_to_order_decides_again(self):
        order = self._make_cart()
        for offered_to, was_offered in (
            ("all", True),
            ("nobody", False),
            ("all", True),
        ):
            self.certificate.offered_to = offered_to
            self.assertEqual(self._press(order), was_offered)

    def test_the_mark_stays_while_an_earlier_payment_is_open(self):
        for order in (self._make_ticked()[0], self._make_cart()):
            self.assertTrue(self._press(order))
            self._create_transaction(
                "redirect",
                state="pending",
                reference=order.name,
                sale_order_ids=order.ids,
                amount=order.amount_total,
            )
            self.assertFalse(order._trustedshops_is_choice_open())
            self.assertTrue(self._press(order))

    def test_an_offer_of_a_test_is_none(self):
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        self.certificate.sudo().state = "test"
        ticked, _protection = self._make_ticked()
        for order in (ticked, self._make_cart()):
            self.assertTrue(self._as_visitor(order)._trustedshops_get_offer())
            self.assertFalse(self._press(order))

    def test_an_offer_to_staff_alone_is_none_for_a_shopper(self):
        self.certificate.mode = "test"
        order = self._make_cart()
        # As core takes a payment: see `_document_check_access`.
        order.with_user(SUPERUSER_ID)._check_cart_is_ready_to_be_paid()
        self.assertFalse(order.trustedshops_was_offered)

    def test_a_choice_made_before_the_switch_to_tests_is_not_paid(self):
        order, _protection = self._make_ticked()
        self.certificate.mode = "test"
        with self.assertRaisesRegex(ValidationError, "Your order changed"):
            order.with_user(SUPERUSER_ID)._check_cart_is_ready_to_be_paid()

    def test_a_wallet_shows_no_offer(self):
        self.assertFalse(self._press(self._make_cart(), trustedshops_is_express=True))


class TestReport(StaffCommon):
    """Core's report of sales tells orders with the offer, and those with its tick."""

    def test_orders_are_grouped_by_offer_and_protection(self):
        for is_offered, is_ticked in ((True, True), (True, False), (True, False)):
            order = self._make_ticked()[0] if is_ticked else self._make_cart()
            order.action_confirm()
            order.trustedshops_was_offered = is_offered
        self._make_cart().action_confirm()
        self.env.flush_all()
        rows = self._as("sales_manager", self.env["sale.report"])._read_group(
            [("order_reference", "!=", False), ("website_id", "=", self.website.id)],
            ["trustedshops_was_offered", "trustedshops_has_protection"],
            ["order_reference:count_distinct"],
        )
        found = {(offered, has): count for offered, has, count in rows}
        self.assertEqual(found[True, True], 1)
        self.assertEqual(found[True, False], 2)
