# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import etree, html

from odoo import Command
from odoo.tests import tagged

from .staff_common import RefundCommon, StaffCommon


@tagged("full")
class TestStatement(RefundCommon):
    """What was applied for, beside the invoice of Trusted Shops."""

    QUICK = (
        "test_owed_is_what_was_confirmed_and_undecided_what_may_be",
        "test_billed_but_not_collected_are_fees_that_no_money_contains",
        "test_collected_but_not_concluded_is_what_has_to_go_back",
    )
    ROLES = StaffCommon.ROLES
    is_frozen = True

    def _get_action(self):
        return self.env.ref("website_sale_trustedshops.trustedshops_statement_action")

    def _get_arch(self, user):
        """Return the list as a user gets it."""
        protections = self._as(user, self.env["trustedshops.protection"])
        return protections.get_view(self._get_action().view_id.id, "list")["arch"]

    def _get_list(self, user):
        """Return the columns of the list as a user gets it."""
        arch = self._get_arch(user)
        fields = html.fromstring(arch.encode()).xpath("/list/field | //list/field")
        return [field.get("name") for field in fields]

    def test_only_what_is_owed_is_added_up(self):
        added = etree.fromstring(self._get_arch("billing")).xpath("//field[@sum]/@name")
        self.assertEqual(added, ["owed_fee"])
        # The web client adds up in groups whatever has an aggregator.
        fees = self.env["trustedshops.protection"].fields_get(["net_fee", "owed_fee"])
        self.assertNotIn("aggregator", fees["net_fee"])
        self.assertEqual(fees["owed_fee"]["aggregator"], "sum")

    def test_owed_is_what_was_confirmed_and_undecided_what_may_be(self):
        for state, values, billable in (
            ("queued", {}, "undecided"),
            ("sending", {}, "undecided"),
            ("on_hold", {}, "undecided"),
            ("requested", {}, "undecided"),
            ("confirmed", {}, "owed"),
            ("confirmed", {"fee_state": "waived"}, "owed"),
            ("confirmed", {"is_test": True}, "void"),
            ("rejected", {}, "void"),
            ("failed", {}, "void"),
            ("failed", {"may_have_arrived": True}, "undecided"),
            ("failed", {"may_have_arrived": True, "fee_state": "waived"}, "undecided"),
            ("failed", {"last_code": -10003, "fee_state": "waived"}, "undecided"),
            ("rejected", {"may_have_arrived": True}, "undecided"),
            ("cancelled", {}, "void"),
            ("cancelled", {"may_have_arrived": True}, "undecided"),
        ):
            with self.subTest(state=state, **values):
                protection = self._make_in_state(state, **values)
                owed = 0.82 if billable == "owed" else 0.0
                self.assertValues(protection, billable=billable, owed_fee=owed)

    def _filter(self, *names):
        view = "website_sale_trustedshops.trustedshops_protection_view_search"
        return self._find("billing", "trustedshops.protection", view, *names)

    def _pay_online(self, protection, state="done"):
        """Pay an order whose amount contains the fee, as a card does."""
        self._pay(protection.order_id, state, provider=self._get_demo())
        return protection

    def _pay_by_invoice(self, protection):
        """Pay the invoice of an order, as a bank statement does."""
        self._pay_invoice(self._invoice(protection.order_id))
        self.assertEqual(protection.fee_state, "invoiced")
        return protection

    def test_the_filter_finds_what_is_not_billed(self):
        requested = self._make_requested()
        confirmed = self._make_requested(state="confirmed", billed_ref="TS-1")
        self._make_in_state("rejected")
        self.assertEqual(self._filter("not_billed"), requested)
        self.assertEqual(self._filter("owed"), confirmed)
        self.assertFalse(self._filter("owed", "not_billed"))

    def test_billed_but_not_collected_are_fees_that_no_money_contains(self):
        billed = {"billed_ref": "TS-1"}
        self._pay_online(self._make_requested(**billed))
        self._pay_by_invoice(self._make_requested(**billed))
        self._make_requested()  # not billed
        due = self._make_requested(**billed)
        reserved = self._pay_online(self._make_requested(**billed), "authorized")
        invoiced = self._make_requested(**billed)
        self._invoice(invoiced.order_id)
        in_part = self._make_requested(**billed)
        self._pay_invoice(self._invoice(in_part.order_id), amount=50.0)
        paid_back = self._pay_by_invoice(self._make_requested(**billed))
        paid_back._try_to_refund_fee()
        waived = self._make_requested(**billed)
        waived._try_to_refund_fee()
        self.assertEqual(invoiced.fee_state, "invoiced")
        self.assertEqual(
            self._filter("billed_not_collected"),
            due + reserved + invoiced + in_part + paid_back + waived,
        )

    def test_collected_but_not_concluded_is_what_has_to_go_back(self):
        by_card, by_invoice = (
            self._pay_online(self._make_in_state("rejected")),
            self._pay_by_invoice(self._make_in_state("failed")),
        )
        self.assertEqual(by_card.fee_state, "due")
        self._pay_online(self._make_requested("confirmed"))  # concluded
        self._invoice(self._make_in_state("rejected").order_id)  # never paid
        given_back = self._pay_online(self._make_in_state("rejected"))
        given_back._try_to_refund_fee()
        cancelled = self._pay_online(self._make_in_state("cancelled"))
        self.assertEqual(
            self._filter("collected_not_concluded"), by_card + by_invoice + cancelled
        )

    def test_a_payment_of_which_a_part_went_back_collects_none_before_the_invoice(self):
        order, protection = self._make_ticked()
        payment = self._pay(order, provider=self._get_demo())
        self.assertTrue(protection.fee_collected)
        payment.action_refund(50.0)
        protection.invalidate_recordset()
        self.assertFalse(protection.fee_collected)
        self._pay_by_invoice(protection)
        protection.invalidate_recordset()
        self.assertTrue(protection.fee_collected)

    def test_an_earlier_choice_of_the_order_is_not_collected_with_the_invoice(self):
        order = self._make_cart()
        earlier = self._choose(order)
        self._create_transaction(
            "redirect",
            reference="earlier",
            sale_order_ids=[Command.set(order.ids)],
            currency_id=order.currency_id.id,
            amount=100.98,
        )
        self._as_visitor(order)._trustedshops_remove_choice()
        later = self._choose(order)
        order.action_confirm()
        self._pay_by_invoice(later)
        self.assertEqual((earlier + later).mapped("fee_collected"), [False, True])

    def test_the_collected_fee_is_found_and_shown_to_all_who_compare(self):
        collected = self._pay_online(self._make_requested())
        due = self._make_requested()
        both = collected + due
        for role in ("billing", "sales_manager"):
            rows = self._as(role, both)
            with self.subTest(role=role):
                self.assertEqual(rows.mapped("fee_collected"), [True, False])
                for domain, expected in (
                    ([("fee_collected", "=", True)], collected),
                    ([("fee_collected", "!=", True)], due),
                    ([("fee_collected", "in", (True, False))], both),
                ):
                    domain = [("id", "in", both.ids), *domain]
                    self.assertEqual(rows.search(domain, order="id"), expected)

    def test_the_bill_is_written_into_several_rows_at_once(self):
        for user in ("billing", "sales_manager"):
            protections = self._make_requested() + self._make_requested(
                application_number="2", state="confirmed"
            )
            rows = self._as(user, protections)
            rows.web_save_multi([{"billed_ref": "TS-11"}] * 2, {"billed_ref": {}})
            with self.subTest(user=user):
                self.assertEqual(protections.mapped("billed_ref"), ["TS-11", "TS-11"])
        self.assertEqual(self._filter("billed").mapped("billed_ref"), ["TS-11"] * 4)
        self.assertTrue(rows._fields["billed_ref"].tracking)

    def test_only_the_bill_can_be_edited_in_the_list(self):
        for user, expected in (("billing", ["billed_ref"]), ("administrator", [])):
            protections = self._as(user, self.env["trustedshops.protection"])
            described = protections.fields_get(attributes=["readonly"])
            editable = [
                name for name in self._get_list(user) if not described[name]["readonly"]
            ]
            can_edit = etree.fromstring(self._get_arch(user)).get("edit") != "False"
            with self.subTest(user=user):
                self.assertEqual(editable if can_edit else [], expected)

    def test_a_filter_finds_what_trusted_shops_forgot_to_bill(self):
        old, new = "2026-09-02 10:00:00", "2026-09-03 10:00:00"
        forgotten = self._make_requested("confirmed", confirmed_at=old)
        self._make_requested("confirmed", confirmed_at=new)
        self._make_requested("confirmed", confirmed_at=old, billed_ref="TS-1")
        self._make_requested("confirmed", confirmed_at=old, is_test=True)
        self.assertEqual(self._filter("late_bill"), forgotten)
