# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, ValidationError

from .staff_common import StaffCommon

COUNTS = ["offered:sum", "ticked:sum", "share:avg", "confirmed:sum", "returned:sum"]


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
    """Every reader sees the same numbers of a month."""

    def setUp(self):
        super().setUp()
        self.report = self.env["trustedshops.report"]

    def _add(self, date="2026-10-05", offered=True, ticked=False, **values):
        """Return an order that was placed on a day."""
        order = self._make_ticked()[0] if ticked else self._make_cart()
        order.action_confirm()
        order.write({"date_order": date, "trustedshops_was_offered": offered, **values})
        return order

    def _read(self, *groups, domain=(), user=None):
        self.env.flush_all()
        report = self.report.with_user(user) if user else self.report
        return report._read_group(list(domain), groups, COUNTS)

    def test_the_share_of_a_group_is_that_of_all_its_orders(self):
        for ticked in (True, False, False, False):
            self._add(ticked=ticked)
        self._add("2026-11-01", ticked=True)
        self._add("2026-11-01", offered=False)
        months = self._read("date:month")
        self.assertEqual(
            [(month.month, *counts) for month, *counts in months],
            [(10, 4, 1, 0.25, 0, 0), (11, 1, 1, 1.0, 0, 0)],
        )
        self.assertEqual(self._read(), [(5, 2, 0.4, 0, 0)])

    def test_there_is_no_share_without_an_offer(self):
        self._add(offered=False)
        self.assertEqual(self._read(), [(0, 0, False, 0, 0)])

    def test_confirmed_protections_and_returned_fees_are_counted(self):
        kept, back = (self._add(ticked=True) for _order in range(2))
        protections = (kept + back).trustedshops_protection_id
        protections.state = "confirmed"
        self.env["trustedshops.refund"].create(
            {"protection_id": back.trustedshops_protection_id.id, "reason": "person"}
        )
        self.assertEqual(self._read(), [(2, 2, 1.0, 2, 1)])

    def test_a_test_counts_neither_as_offered_nor_as_ticked_nor_confirmed(self):
        protection = self._add(ticked=True).trustedshops_protection_id
        self.env["trustedshops.refund"].create(
            {"protection_id": protection.id, "reason": "person"}
        )
        for state in ("queued", "confirmed"):
            protection.write({"state": state, "is_test": True})
            self.assertEqual(self._read(), [(0, 0, False, 0, 0)])

    def test_a_cart_that_is_cancelled_was_neither_offered_nor_ticked(self):
        for cart in (self._make_cart(), self._make_ticked()[0]):
            cart.trustedshops_was_offered = True
            self._as("sales_manager", cart)._action_cancel()
        self.assertEqual(self._read(), [(0, 0, False, 0, 0)])

    def test_a_fee_that_went_back_counts_although_nothing_was_placed(self):
        order = self._add(ticked=True)
        protection = order.trustedshops_protection_id
        protection.placed_at = False
        self.env["trustedshops.refund"].create(
            {"protection_id": protection.id, "reason": "person"}
        )
        self.assertEqual(self._read(), [(0, 0, False, 0, 1)])

    def test_a_cancelled_order_counts_but_no_cart_nor_order_of_no_website(self):
        for ticked in (True, False):
            self._add(ticked=ticked)._action_cancel()
        self._add(website_id=False)
        self._make_cart().trustedshops_was_offered = True
        self.assertEqual(self._read(), [(2, 1, 0.5, 0, 0)])

    def test_an_order_that_waits_for_a_wire_transfer_counts(self):
        order, _protection = self._make_ticked()
        order.trustedshops_was_offered = True
        self._pay(order, "pending", self._get_wire_transfer())
        self.assertEqual(order.state, "sent")
        self.assertEqual(self._read(), [(1, 1, 1.0, 0, 0)])

    def test_websites_are_told_apart(self):
        other = self.website.copy({"name": "Other"})
        self._add(ticked=True)
        self._add(website_id=other.id)
        self.assertEqual(
            self._read("website_id"),
            [(self.website, 1, 1, 1.0, 0, 0), (other, 1, 0, 0.0, 0, 0)],
        )

    def test_managers_editors_and_administrators_read_it_and_no_others(self):
        self._add()
        readers = {"sales_manager", "designer", "administrator"}
        for name, user in self.users.items():
            with self.subTest(role=name):
                if name in readers:
                    self.assertEqual(self._read(user=user), [(1, 0, 0.0, 0, 0)])
                else:
                    with self.assertRaises(AccessError):
                        self._read(user=user)

    def test_another_company_does_not_read_it(self):
        self._add()
        other = self._make_company("Other", "de", None)
        elsewhere = self.users["sales_manager"].copy(
            {"company_id": other.id, "company_ids": other.ids}
        )
        self.assertEqual(self._read(user=elsewhere), [(False,) * 5])

    def test_the_year_begins_eleven_months_before_this_one(self):
        self._freeze("2026-11-28 10:00:00")
        for date in ("2025-11-30 22:00:00", "2025-12-01 12:00:00"):
            self._add(date)
        self.env.flush_all()
        found = self._find(
            "sales_manager",
            "trustedshops.report",
            "website_sale_trustedshops.trustedshops_report_view_search",
            "year",
        )
        self.assertEqual([row.date.month for row in found], [12])
