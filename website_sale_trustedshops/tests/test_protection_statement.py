# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .staff_common import RefundCommon, StaffCommon

COLUMNS = (
    "requested_at",
    "application_number",
    "guarantee_number",
    "order_reference",
    "item_code",
    "net_fee",
    "gross_fee",
    "currency_id",
    "invoice_ids",
    "credit_note_ids",
    "state",
    "fee_state",
    "billed_ref",
)


class TestStatement(RefundCommon):
    """What was applied for, beside the invoice of Trusted Shops."""

    ROLES = StaffCommon.ROLES
    is_frozen = True

    def _get_action(self):
        return self.env.ref("website_sale_trustedshops.trustedshops_statement_action")

    def _get_list(self, user):
        """Return the columns of the list as a user gets it."""
        protections = self._as(user, self.env["trustedshops.protection"])
        view = self._get_action().view_id
        arch = protections.get_view(view.id, "list")["arch"]
        fields = html.fromstring(arch.encode()).xpath("/list/field | //list/field")
        return [field.get("name") for field in fields]

    def test_the_list_has_what_has_to_be_compared(self):
        for user in ("billing", "sales_manager"):
            with self.subTest(user=user):
                self.assertLessEqual(set(COLUMNS), set(self._get_list(user)))

    def test_fees_add_up_by_month_and_currency(self):
        self._make_requested(requested_at="2026-10-31 10:00:00")
        self._make_requested(application_number="2")
        self._make_requested(application_number="3")
        zloty = self._make_requested(application_number="4")
        zloty.write({"currency_id": self.currency_pln.id, "gross_fee": 4.9})
        context = safe_eval(self._get_action().context)
        self.assertEqual(
            context,
            {
                "search_default_applied_for": 1,
                "search_default_by_month_requested": 1,
                "search_default_by_currency": 1,
            },
        )
        groups = self._as("billing", self.env["trustedshops.protection"])._read_group(
            [("requested_at", "!=", False)],
            ["requested_at:month", "currency_id"],
            ["net_fee:sum", "gross_fee:sum", "__count"],
        )
        self.assertCountEqual(
            [
                (f"{month:%Y-%m}", currency.name, round(net, 2), round(gross, 2), count)
                for month, currency, net, gross, count in groups
            ],
            [
                ("2026-10", "EUR", 0.82, 0.98, 1),
                ("2026-11", "EUR", 1.64, 1.96, 2),
                ("2026-11", "PLN", 0.82, 4.9, 1),
            ],
        )

    def _filter(self, name):
        protections = self.env["trustedshops.protection"]
        view = self.env.ref(
            "website_sale_trustedshops.trustedshops_protection_view_search"
        )
        arch = protections.get_view(view.id, "search")["arch"]
        [node] = html.fromstring(arch.encode()).xpath(f"//filter[@name='{name}']")
        return protections.search(safe_eval(node.get("domain")), order="id")

    def _pay_online(self, protection, state="done"):
        """Pay an order whose amount contains the fee, as a card does."""
        self._pay(protection.order_id, state, provider=self._get_demo())
        return protection

    def _pay_by_invoice(self, protection):
        """Pay the invoice of an order, as a bank statement does."""
        self._pay_invoice(self._invoice(protection.order_id))
        self.assertEqual(protection.fee_state, "invoiced")
        return protection

    def test_what_is_not_billed_and_applied_for(self):
        requested = self._make_requested()
        confirmed = self._make_requested(state="confirmed", billed_ref="TS-1")
        rejected = self._make_in_state("rejected")
        self.assertEqual(self._filter("not_billed"), requested)
        self.assertEqual(self._filter("applied_for"), requested + confirmed)
        self.assertNotIn(rejected, self._filter("applied_for"))

    def test_billed_but_not_collected_are_fees_that_no_money_contains(self):
        billed = {"billed_ref": "TS-1"}
        self._pay_online(self._make_requested(**billed))
        self._pay_by_invoice(self._make_requested(**billed))
        self._make_requested()  # not billed
        due = self._make_requested(**billed)
        reserved = self._pay_online(self._make_requested(**billed), "authorized")
        invoiced = self._make_requested(**billed)
        self._invoice(invoiced.order_id)
        paid_back = self._pay_by_invoice(self._make_requested(**billed))
        paid_back._return_fee()
        waived = self._make_requested(**billed)
        waived._return_fee()
        self.assertEqual(invoiced.fee_state, "invoiced")
        self.assertEqual(
            self._filter("billed_not_collected"),
            due + reserved + invoiced + paid_back + waived,
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
        given_back._return_fee()
        cancelled = self._pay_online(self._make_in_state("cancelled"))
        self.assertEqual(
            self._filter("collected_not_concluded"), by_card + by_invoice + cancelled
        )

    def test_what_the_provider_refunded_in_full_is_not_collected(self):
        demo = self._get_demo()
        for invoiced in (False, True):
            with self.subTest(invoiced=invoiced):
                order, protection = self._make_ticked()
                payment = self._pay(order, provider=demo)
                if invoiced:
                    self._pay_by_invoice(protection)
                self.assertTrue(protection.fee_collected)
                for amount, collected in ((50.0, True), (50.98, False)):
                    payment.action_refund(amount)
                    protection.invalidate_recordset()
                    self.assertEqual(protection.fee_collected, collected)

    def test_an_invoice_that_is_paid_in_part_collects_no_fee(self):
        protection = self._make_requested()
        invoice = self._invoice(protection.order_id)
        self._pay_invoice(invoice, amount=50.0)
        self.assertEqual(invoice.payment_state, "partial")
        self.assertFalse(protection.fee_collected)

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
        self._as_visitor(order)._trustedshops_drop_choice()
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

    def test_a_page_of_the_statement_asks_for_collected_fees_once(self):
        rows = self.env["trustedshops.protection"].concat(
            *(self._make_requested() for _ in range(5))
        )
        self.env.flush_all()
        self.env.invalidate_all()
        rows.mapped("fee_state")
        with self.assertQueryCount(1):
            rows.mapped("fee_collected")

    def test_the_ordinary_export_is_the_spreadsheet(self):
        protection = self._make_requested(
            guarantee_number="99", order_reference="WEB/0042", billed_ref="TS-1"
        )
        invoice = self._invoice(protection.order_id)
        self._as("billing", protection).action_refund_fee()
        names = [
            "currency_id/name" if name == "currency_id" else name for name in COLUMNS
        ]
        [row] = self._as("billing", protection).export_data(names)["datas"]
        self.assertEqual(
            row[1:],
            [
                "4711",
                "99",
                "WEB/0042",
                "TS080501_500_30_EUR",
                0.82,
                0.98,
                "EUR",
                invoice.display_name,
                protection.credit_note_ids.display_name,
                "Applied for",
                "Paid back",
                "TS-1",
            ],
        )

    def _bill(self, protections, reference, user="billing"):
        """Fill in the dialog for selected rows, return what it says."""
        wizard = self.env["trustedshops.billing"].with_user(self.users[user])
        form = Form(wizard.with_context(active_ids=protections.ids))
        form.reference = reference
        return form.save().action_apply()["params"]["message"]

    def test_selected_rows_are_marked_as_billed(self):
        for user in ("billing", "sales_manager"):
            with self.subTest(user=user):
                protections = self._make_requested() + self._make_requested(
                    application_number="2", state="confirmed"
                )
                text = self._bill(protections, " TS-2026-11 ", user)
                self.assertEqual(text, "2 marked as billed.")
                self.assertEqual(
                    protections.mapped("billed_ref"), ["TS-2026-11", "TS-2026-11"]
                )
                self.assertEqual(
                    self._get_note(protections[0]),
                    (f"The {user}", "Billed by Trusted Shops with TS-2026-11."),
                )

    def test_what_was_billed_already_is_told_and_stays(self):
        billed = self._make_requested(billed_ref="TS-1", order_reference="WEB/1")
        new = self._make_requested()
        text = self._bill(billed + new, "TS-2")
        self.assertEqual(
            text,
            "1 marked as billed. Billed already, they stay as they are: WEB/1 (TS-1).",
        )
        self.assertEqual(billed.billed_ref, "TS-1")
        self.assertEqual(new.billed_ref, "TS-2")

    def test_what_was_never_applied_for_is_refused_as_are_others(self):
        never = self._make_in_state("rejected", order_reference="WEB/2")
        other = self._make_requested()
        with self.assertRaisesRegex(UserError, "Never applied for.*: WEB/2"):
            self._bill(never + other, "TS-1")
        self.assertFalse(other.billed_ref)
        # Nor is anything marked without a reference, or by others.
        protection = self._make_requested()
        wizard = self._as("billing", self.env["trustedshops.billing"])
        wizard = wizard.create({"protection_ids": protection.ids, "reference": "  "})
        with self.assertRaisesRegex(UserError, "Enter the number"):
            wizard.action_apply()
        self.assertFalse(protection.billed_ref)
        for user in ("seller", "all_leads", "designer", "administrator"):
            with self.subTest(user=user), self.assertRaises(AccessError):
                self._bill(protection, "TS-1", user)
        self.assertFalse(protection.billed_ref)
