# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TrustedShopsCommon
from .fake_service import make_item


@tagged("post_install", "-at_install")
class TestCartPayment(TrustedShopsCommon):
    """The last look before the payment: no fee is paid that does not fit the cart."""

    def setUp(self):
        super().setUp()
        self.order = self._make_cart()
        self.protection = self._choose(self.order)
        self.fee_line = self.order.order_line.filtered("is_trustedshops_protection")
        self.goods_line = self.order.order_line - self.fee_line

    def test_an_unchanged_cart_may_be_paid(self):
        self._as_visitor(self.order)._check_cart_is_ready_to_be_paid()

    def test_a_fee_table_that_changed_stops_the_payment(self):
        self.service.items = [make_item("500.00", "1.00", "1.19")]
        self.certificate.action_check_now()
        with self.assertRaisesRegex(ValidationError, "does not fit your cart"):
            self._as_visitor(self.order)._check_cart_is_ready_to_be_paid()
        self.assertEqual(self.order.amount_total, 100.98)

    def test_the_certificate_of_another_language_stops_the_payment(self):
        self._make_certificate(ts_id="X" + "1" * 32, lang_id=self.langs["de_DE"].id)
        cart = self._as_visitor(self.order, "de_DE")
        with self.assertRaises(ValidationError):
            cart._check_cart_is_ready_to_be_paid()

    def test_a_fee_table_that_grew_old_stops_the_payment(self):
        self.certificate.items_checked_at = fields.Datetime.now() - timedelta(hours=73)
        with self.assertRaisesRegex(ValidationError, "does not fit your cart"):
            self._as_visitor(self.order)._check_cart_is_ready_to_be_paid()

    def _add_second_line(self):
        self.env["sale.order.line"].create(
            self.order._trustedshops_prepare_fee_line(
                self.certificate, self.order.trustedshops_protection_id
            )
        )

    def test_a_second_line_stops_the_payment(self):
        self._add_second_line()
        with self.assertRaisesRegex(ValidationError, "does not fit your cart"):
            self._as_visitor(self.order)._check_cart_is_ready_to_be_paid()

    def test_a_second_line_goes_before_the_payment_page(self):
        self._add_second_line()
        self._as_visitor(self.order)._recompute_cart()
        self.assertEqual(self.order.order_line, self.goods_line)

    def test_a_fee_without_its_choice_goes_before_the_payment_page(self):
        self.order.trustedshops_protection_id = False
        self._as_visitor(self.order)._recompute_cart()
        self.assertEqual(self.order.order_line, self.goods_line)

    def test_nothing_changes_while_the_order_is_being_paid(self):
        self._pay(self.order, "pending")
        self.assertFalse(self.order._trustedshops_drop_choice())
        self.assertEqual(self.order.amount_total, 100.98)

    def test_the_fee_of_an_order_that_is_being_paid_cannot_be_removed(self):
        self._pay(self.order, "pending", self._get_wire_transfer())
        with self.assertRaises(UserError):
            self.fee_line.unlink()
