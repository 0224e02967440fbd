# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import ForeignKeyViolation

from odoo import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .fake_service import make_item
from .fee_common import FeeSetupCommon


class TestFeeTexts(FeeSetupCommon):
    """What the form of a certificate says about the fee."""

    def _make_account(self, code):
        return self.env["account.account"].create(
            {"name": f"Account {code}", "code": code, "account_type": "income"}
        )

    def _see_texts(self, tax, account, warning):
        """See what the form says; the warning by a part of it."""
        self.assertValues(self.certificate, fee_tax_text=tax, fee_account_text=account)
        if warning:
            self.assertIn(warning, self.certificate.fee_warning)
        else:
            self.assertEqual(self.certificate.fee_warning, "")

    def test_several_taxes_are_listed(self):
        taxes = self._make_tax(1, name="A", invoice_label="a") + self._make_tax(
            2, name="B", invoice_label="b", sequence=2
        )
        self.fee_product.taxes_id = taxes
        self.assertEqual(self.certificate.fee_tax_text, "A (a), B (b)")

    def test_the_account_is_the_one_that_an_invoice_gets(self):
        template = self.fee_product.product_tmpl_id
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        )
        sources = [
            (template, "property_account_income_id", "8001"),
            (template.categ_id, "property_account_income_categ_id", "8002"),
            (self.env.company, "income_account_id", "8003"),
            (journal, "default_account_id", "8004"),
        ]
        for record, name, code in sources:
            record[name] = self._make_account(code)
        found = []
        for record, name, _code in sources[:3]:
            found.append(self._get_both_accounts())
            record[name] = False
        found.append(self._get_both_accounts())
        self.assertEqual(
            found,
            [
                ("8001 Account 8001", "8001"),
                ("8002 Account 8002", "8002"),
                ("8003 Account 8003", "8003"),
                ("8004 Account 8004", "8004"),
            ],
        )

    def _get_both_accounts(self):
        """Return the account in words, and the one of a new invoice."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.fee_product.id})
                ],
            }
        )
        code = invoice.invoice_line_ids.account_id.code
        return self.certificate.fee_account_text, code

    def test_the_label_says_no_more_than_the_fee_when_no_tax_is_due(self):
        self.fee_product.taxes_id = self._make_tax(0)
        self.assertEqual(
            self.certificate.fee_label,
            "Buyer Protection up to 500.00\N{NO-BREAK SPACE}€: 0.98\N{NO-BREAK SPACE}€",
        )

    def test_the_label_prefers_the_currency_of_the_company(self):
        self.service.items = [
            make_item("9.00", "1.00", "1.19", "PLN"),
            make_item("1500.00", "2.47", "2.94"),
            make_item("500.00", "0.82", "0.98"),
        ]
        self.certificate.action_check_now()
        self.assertIn("up to 500.00\N{NO-BREAK SPACE}€", self.certificate.fee_label)
        self.service.items = [make_item("2000.00", "3.98", "4.90", "PLN")]
        self.certificate.action_check_now()
        self.assertEqual(
            self.certificate.fee_label,
            "Buyer Protection up to 2,000.00\N{NO-BREAK SPACE}zł:"
            " 4.90\N{NO-BREAK SPACE}zł incl. 19% VAT",
        )
        self.service.items = []
        self.certificate.action_check_now()
        self.assertEqual(self.certificate.fee_label, "")

    def test_the_label_is_in_the_language_of_the_certificate_or_website(self):
        self.assertIn("0.98\N{NO-BREAK SPACE}€", self.certificate.fee_label)
        for record, name in (
            (self.certificate, "lang_id"),
            (self.website, "default_lang_id"),
        ):
            before = record[name]
            record[name] = self.langs["de_DE"]
            with self.subTest(name):
                self.assertIn("0,98\N{NO-BREAK SPACE}€", self.certificate.fee_label)
            record[name] = before

    def test_the_form_tells_at_once_how_another_product_is_sold(self):
        other = self.env["product.product"].create(
            {
                "name": "Fee",
                "type": "service",
                "taxes_id": self._make_tax(7, name="7%", invoice_label=False).ids,
                "property_account_income_id": self._make_account("8300").id,
            }
        )
        with Form(self.certificate) as form:
            form.fee_product_id = other
            self.assertEqual(form.fee_tax_text, "7%")
            self.assertEqual(form.fee_account_text, "8300 Account 8300")
            self.assertIn("incl. 7% VAT", form.fee_label)
            form.fee_product_id = self.env["product.product"]
            self.assertIn("has no product to sell", form.fee_warning)

    def _see_no_product(self):
        self.assertIn("has no product to sell the fee", self.certificate.fee_warning)
        self.assertFalse(self.certificate._is_usable_by(self.website.user_id))

    def test_without_a_product_of_the_own_company_nothing_is_offered(self):
        self.fee_product.company_id = self.env.company
        self.assertEqual(self.certificate.fee_warning, "")
        self.fee_product.taxes_id = False
        self.fee_product.company_id = self.env["res.company"].create({"name": "Other"})
        self._see_no_product()
        self.certificate.fee_product_id = False
        self._see_texts("", "", "has no product to sell the fee with")
        self._see_no_product()

    def test_archived_product_sells_no_fee(self):
        self.certificate.action_archive()
        self.fee_product.action_archive()
        self.certificate.action_unarchive()
        self._see_no_product()

    def test_a_product_in_use_cannot_be_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.fee_product.unlink()
        self.certificate.fee_product_id = False
        self.fee_product.unlink()
        self.assertFalse(self.fee_product.exists())

    def test_no_tax(self):
        tax, no_tax = self.fee_product.taxes_id, "sells the fee with no tax at all"
        self.fee_product.taxes_id = False
        self.assertIn(no_tax, self.certificate.fee_warning)
        self.fee_product.taxes_id = self._make_tax(0)
        self.assertEqual(self.certificate.fee_warning, "")
        self.fee_product.taxes_id = tax
        tax.active = False
        self.assertIn(no_tax, self.certificate.fee_warning)

    def test_no_account(self):
        company = self._make_company("Bare", "de", None)
        shop = self._make_shop(company)
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "company_id": company.id}
        )
        self.fee_product.taxes_id += self._make_tax(
            19, company_id=company.id, tax_group_id=group.id
        )
        self.assertIn("Bare has no income account", shop.fee_warning)

    def test_a_designer_reads_the_texts_without_rights_in_accounting(self):
        self.fee_product.taxes_id.write({"name": "19%", "invoice_label": False})
        self.fee_product.property_account_income_id = self._make_account("8519")
        user = self._make_user(
            "ts_designer", "website.group_website_designer", self.env.company
        )
        self.certificate = self.certificate.with_user(user)
        self._see_texts("19%", "8519 Account 8519", "")
        self.fee_product.taxes_id.invoice_label = "19% VAT"
        self.certificate.invalidate_recordset()
        self._see_texts("19% (19% VAT)", "8519 Account 8519", "")

    def test_only_administrators_and_accountants_see_the_button(self):
        seen = {}
        for group in (
            "website.group_website_designer",
            "account.group_account_invoice",
            "account.group_account_manager",
            "base.group_system",
        ):
            user = self._make_user(f"ts_{group}", group, self.env.company)
            view = self.env["trustedshops.certificate"].with_user(user).get_view()
            seen[group] = "Set up the fee" in view["arch"]
        self.assertEqual(list(seen.values()), [False, False, True, True])
