# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .staff_common import StaffCommon

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


@tagged("post_install", "-at_install")
class TestStatement(StaffCommon):
    """What was applied for, beside the invoice of Trusted Shops."""

    def setUp(self):
        super().setUp()
        self._freeze("2026-11-02 10:00:00")

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

    def test_the_filters_show_what_is_missing_on_either_side(self):
        requested = self._make_requested()
        confirmed = self._make_requested(
            state="confirmed", billed_ref="TS-1", fee_state="invoiced"
        )
        waived = self._make_requested(billed_ref="TS-1", fee_state="waived")
        refunded = self._make_requested(billed_ref="TS-1", fee_state="refunded")
        due = self._make_requested(billed_ref="TS-1")
        rejected = self._make_in_state("rejected", fee_state="invoiced")
        failed = self._make_in_state("failed", fee_state="invoiced")
        cancelled = self._make_in_state("cancelled", fee_state="invoiced")
        self._make_in_state("rejected", fee_state="waived")
        self.assertEqual(self._filter("not_billed"), requested)
        self.assertEqual(self._filter("billed_not_collected"), waived + refunded + due)
        self.assertEqual(
            self._filter("collected_not_concluded"), rejected + failed + cancelled
        )
        self.assertIn(confirmed, self._filter("applied_for"))
        self.assertNotIn(rejected, self._filter("applied_for"))

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

    # === MARK AS BILLED === #

    def _open(self, protections, user="billing"):
        """Return the dialog for selected rows."""
        wizard = self.env["trustedshops.billing"].with_user(self.users[user])
        return Form(wizard.with_context(active_ids=protections.ids))

    def _bill(self, protections, reference, user="billing"):
        form = self._open(protections, user)
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
        form = self._open(billed + new)
        self.assertEqual(
            form.billed_text, "Billed already, they stay as they are: WEB/1 (TS-1)."
        )
        text = self._bill(billed + new, "TS-2")
        self.assertEqual(
            text,
            "1 marked as billed. Billed already, they stay as they are: WEB/1 (TS-1).",
        )
        self.assertEqual(billed.billed_ref, "TS-1")
        self.assertEqual(new.billed_ref, "TS-2")

    def test_what_was_never_applied_for_is_refused(self):
        never = self._make_in_state("rejected", order_reference="WEB/2")
        other = self._make_requested()
        with self.assertRaisesRegex(UserError, "Never applied for.*: WEB/2"):
            self._bill(never + other, "TS-1")
        self.assertFalse(other.billed_ref)

    def test_without_a_reference_nothing_is_marked(self):
        protection = self._make_requested()
        wizard = self._as("billing", self.env["trustedshops.billing"])
        wizard = wizard.create({"protection_ids": protection.ids, "reference": "  "})
        with self.assertRaisesRegex(UserError, "Enter the number"):
            wizard.action_apply()
        self.assertFalse(protection.billed_ref)

    def test_others_mark_nothing(self):
        protection = self._make_requested()
        for user in ("seller", "all_leads", "designer", "administrator"):
            with self.subTest(user=user), self.assertRaises(AccessError):
                self._as(user, protection)._mark_as_billed("TS-1")
        self.assertFalse(protection.billed_ref)
