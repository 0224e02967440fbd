# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form

from .staff_common import RefundCommon

STATEMENT = {
    "label": "Statement",
    "url": "/odoo/action-website_sale_trustedshops.trustedshops_statement_action",
}


class TestBilling(RefundCommon):
    """The list that comes with a bill is compared with what we know."""

    is_frozen = True

    def setUp(self):
        super().setUp()
        october = "2026-10-20 10:00:00"
        self.owed = self.env["trustedshops.protection"].concat(
            *(
                self._make_requested(
                    "confirmed", order_reference=name, requested_at=october
                )
                for name in ("S1", "S2", "S3")
            )
        )

    def _open(self, text=None, user="billing", selected=None, **values):
        """Return the dialog with a list pasted."""
        context = {f"default_{name}": value for name, value in values.items()}
        if selected:
            context["active_model"] = selected._name
            context["active_ids"] = selected.ids
        wizard = self._as(user, self.env["trustedshops.billing"])
        form = Form(wizard.with_context(**context))
        if text:
            form.listing = text
        return form

    def _read(self, form):
        """Return the rows of the comparison, and what is not understood."""
        tree = html.fragment_fromstring(str(form.comparison), create_parent="div")
        rows = [
            " ".join(" | ".join(cell.text_content() for cell in row).split())
            for row in tree.iter("tr")
        ]
        alerts = tree.xpath("//*[@role='alert']")
        # Before a negative amount stands a character that no line breaks at.
        rows = [row.replace("\ufeff", "") for row in rows]
        return rows, [" ".join(each.text_content().split()) for each in alerts]

    def _make_bill(self, **values):
        """Return a vendor bill of Trusted Shops, not posted."""
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.env["res.partner"].create({"name": "TS"}).id,
                "invoice_date": "2026-12-02",
                "ref": "TS-2026-11",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Fees", "price_unit": 1.64, "tax_ids": False}
                    )
                ],
                **values,
            }
        )

    def test_a_pasted_list_is_compared_and_what_agrees_is_marked(self):
        self.owed[2].net_fee = 4.12
        form = self._open("Order;Amount\nS1;0,82\nS2;0,98\nS9;1,00\n<b>oops</b>")
        self.assertEqual(
            self._read(form),
            (
                [
                    "Order | On the bill | Net Fee |",
                    "1 | 0.82 € | 0.82 € | Agrees",
                    "S2 | 0.98 € | 0.82 € | Another amount",
                    "S9 | 1.00 € | | Only on the bill",
                    "S3 | | 4.12 € | Only here",
                    "Total | 2.80 € | 5.76 € | Difference -2.96 €",
                ],
                ["Line 5 is not understood: <b>oops</b>"],
            ),
        )
        form.reference = "TS-1"
        action = form.save().action_apply()
        self.assertEqual(action["params"]["message"], "1 marked as billed. %s")
        self.assertEqual(action["params"]["links"], [STATEMENT])
        self.assertEqual(self.owed.mapped("billed_ref"), ["TS-1", False, False])

    def test_an_uploaded_list_is_the_same_and_its_lines_count_from_one(self):
        form = self._open(user="sales_manager")
        content = "S1;0,98 €\nS2;0,98 €\nS3".encode("cp1252")
        form.listing_file = base64.b64encode(content)
        self.assertEqual(
            self._read(form),
            (
                [
                    "Order | On the bill | Gross Fee |",
                    "2 | 1.96 € | 1.96 € | Agrees",
                    "S3 | | 0.98 € | Only here",
                    "Total | 1.96 € | 2.94 € | Difference -0.98 €",
                ],
                ["Line 3 is not understood: S3"],
            ),
        )
        form.reference = "TS-1"
        form.save().action_apply()
        self.assertEqual(self.owed.mapped("billed_ref"), ["TS-1", "TS-1", False])

    def test_a_spreadsheet_is_refused(self):
        form = self._open()
        with self.assertRaisesRegex(UserError, "no text. Save the list as CSV"):
            form.listing_file = base64.b64encode(b"PK\x03\x04\0\0")

    def test_a_list_of_more_than_a_month_is_refused(self):
        with self.assertRaisesRegex(UserError, "more than 20000 lines"):
            self._open("S1;0,82\n" * 20_001)

    def test_reasons_for_which_an_order_does_not_agree(self):
        self.owed[0].billed_ref = "TS-0"
        self._make_in_state("rejected", order_reference="S4", requested_at="2026-11-02")
        form = self._open(
            "S1;0,82\nS2;0,82\nS2;0,82\nS3;5,00 PLN\nS4;0,82\nS5;1,00 XYZ"
        )
        rows, _bad = self._read(form)
        self.assertEqual(
            rows[1:-1],
            [
                "1 | 0.82 € | 0.82 € | Agrees",
                "S1 | 0.82 € | | Billed already",
                "S2 | 0.82 € | | Twice on the bill",
                "S3 | 5.00 zł | | Another currency",
                "S4 | 0.82 € | | Not owed",
                "S5 | 1.00 XYZ | | Only on the bill",
            ],
        )

    def test_selected_rows_are_what_should_be_on_the_list(self):
        selected = self.owed[:2]
        form = self._open("S1;0,82", selected=selected)
        self.assertFalse(form.until)
        self.assertEqual(form.protection_ids.ids, self.owed[0].ids)
        self.assertIn("S2 | | 0.82 € | Only here", self._read(form)[0])
        self.assertNotIn("S3", form.comparison)
        form.listing = False
        self.assertEqual(form.protection_ids.ids, selected.ids)
        self.assertFalse(form.comparison)

    def test_without_rows_it_is_about_the_month_of_the_bill(self):
        self.owed[1].requested_at = "2026-11-01 10:00:00"
        self.owed[2].requested_at = "2026-10-31 10:00:00"
        form = self._open("S1;0,82")
        # Today is 2 November: the bill is about October.
        self.assertEqual(str(form.until), "2026-10-31")
        rows, _bad = self._read(form)
        self.assertEqual(rows[2:-1], ["S3 | | 0.82 € | Only here"])
        form.until = "2026-11-30"
        form.since = "2026-11-01"
        rows, _bad = self._read(form)
        self.assertEqual(rows[2:-1], ["S2 | | 0.82 € | Only here"])
        form.listing = "S1;0,82\nS7;0,82"
        self.assertEqual(str(form.until), "2026-11-30")

    def test_the_list_of_a_line_of_a_bill_is_about_its_month_and_currency(self):
        bill = self._make_bill()
        line = self._as("billing", bill.invoice_line_ids)
        context = line.action_trustedshops_propose_billed()["context"]
        wizard = self._as("billing", self.env["trustedshops.billing"])
        form = Form(wizard.with_context(**context))
        self.assertEqual(form.difference, -0.82)
        form.listing = "S1;0,82\nS2;0,82"
        self.assertEqual(str(form.until), "2026-11-30")
        self.assertEqual(form.difference, 0.0)
        rows, _bad = self._read(form)
        self.assertEqual(rows[2:-1], ["S3 | | 0.82 € | Only here"])
        action = form.save().action_apply()
        url = f"/odoo/action-account.action_move_in_invoice_type/{bill.id}"
        self.assertEqual(
            action["params"]["links"], [{"label": bill.display_name, "url": url}]
        )

    def test_another_companys_orders_are_unknown(self):
        theirs = self._make_company("Elsewhere", "us", "generic_coa")
        self.owed[0].company_id = theirs
        self.users["billing"].company_ids += theirs
        wizard = self._as("billing", self.env["trustedshops.billing"]).with_context(
            allowed_company_ids=[self.env.company.id, theirs.id]
        )
        form = Form(wizard)
        form.listing = "S1;0,82"
        self.assertIn("S1 | 0.82 € | | Only on the bill", self._read(form)[0])

    def test_differences_beyond_the_limit_are_counted(self):
        form = self._open("\n".join(f"X{number};1,00" for number in range(250)))
        rows, _bad = self._read(form)
        # Three of ours are only here.
        self.assertEqual((len(rows), rows[-2]), (204, "And 53 more."))
