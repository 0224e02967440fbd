# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree
from psycopg2.errors import ForeignKeyViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .fake_service import make_item
from .fee_common import FeeCommon


class TestFeeTexts(FeeCommon):
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

    def test_the_table_is_sorted_by_what_it_protects(self):
        amounts = ("10000.00", "900.00", "2500.00", "500.00", "20000.00", "1500.00")
        self.service.items = [make_item(amount, "0.82", "0.98") for amount in amounts]
        self.certificate.action_check_now()
        self.assertEqual(
            self.certificate.item_ids.mapped("protected_amount"),
            [500.0, 900.0, 1500.0, 2500.0, 10000.0, 20000.0],
        )

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
        tax, no_tax = self.fee_product.taxes_id, "sells the fee without a tax"
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
        self.assertIn(
            "Bare sells the fee without a tax or without an income account",
            shop.fee_warning,
        )

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


class TestFeeBooking(FeeCommon):
    """Somebody has to say that the fee is booked correctly."""

    GROUPS = {
        "website.group_website_designer": False,
        "account.group_account_invoice": False,
        "account.group_account_manager": True,
        "base.group_system": True,
    }

    def _find_todo(self, certificate):
        """Return the buttons of the to-do as a user gets them; None without it."""
        for finding in certificate._get_findings():
            if finding["cause"] == "fee_booking":
                return [name for name, _label in finding["buttons"]]
        return None

    def test_it_stays_to_do_until_an_accountant_says_so(self):
        buttons = ["action_open_fee_product", "action_confirm_fee_booking"]
        for group, may in self.GROUPS.items():
            user = self._make_user(f"ts_{group}", group, self.env.company)
            certificate = self.certificate.with_user(user)
            product = self.fee_product.with_user(user)
            with self.subTest(group=group):
                self.assertEqual(self._find_todo(certificate), buttons if may else [])
                arch = certificate.get_view()["arch"]
                self.assertEqual("action_open_fee_product" in arch, may)
                field = product._fields["trustedshops_is_booking_checked"]
                self.assertEqual(product._has_field_access(field, "write"), may)
                if not may:
                    with self.assertRaises(AccessError):
                        certificate.action_confirm_fee_booking()
                    continue
                certificate.action_confirm_fee_booking()
                self.assertIsNone(self._find_todo(certificate))
                self.fee_product.trustedshops_is_booking_checked = False

    def test_it_is_said_for_one_company_and_one_product(self):
        other = self._make_company("Other", "us", "generic_coa")
        shop = self._make_shop(other)
        self.certificate.action_confirm_fee_booking()
        self.assertTrue(self.certificate.is_fee_booking_checked)
        self.assertFalse(shop.is_fee_booking_checked)
        self.certificate.fee_product_id = self.fee_product.copy()
        self.assertFalse(self.certificate.is_fee_booking_checked)

    def test_what_cannot_be_sold_is_not_booked_correctly(self):
        self.fee_product.taxes_id = False
        self.assertIsNone(self._find_todo(self.certificate))
        with self.assertRaisesRegex(UserError, "without a tax"):
            self.certificate.action_confirm_fee_booking()

    def test_the_product_opens_with_tax_and_account_of_the_company(self):
        action = self.certificate.action_open_fee_product()
        self.assertEqual(action["res_id"], self.fee_product.id)
        self.assertEqual(
            action["context"], {"allowed_company_ids": self.env.company.ids}
        )
        view = self.fee_product.get_view(action["view_id"][0], "form")
        names = etree.fromstring(view["arch"]).xpath("//field/@name")
        self.assertEqual(names, ["name", "taxes_id", "property_account_income_id"])


class TestBookings(FeeCommon):
    """The three ways of booking that the guide names, in its charts of accounts."""

    is_frozen = True
    # By chart: the steps of the fee table, and for each booking tax and account as the
    # chart names them, the code of the account, and the sums: net, VAT, gross.
    CHARTS = {
        "de_skr03": (
            make_item("500.00", "0.82", "0.98"),
            ("tax_ust_19_skr03", "account_8400", "8400", 0.82, 0.16, 0.98),
            ("tax_free_skr03_ohne_vst", "account_8100", "8100", 0.98, 0.0, 0.98),
            ("made", "account_1590", "1590", 0.98, 0.0, 0.98),
        ),
        "pl": (
            make_item("2000.00", "3.98", "4.90", "PLN"),
            ("vs_kraj_usl_23", "chart70000300", "70.000.300", 3.98, 0.92, 4.90),
            ("vs_kraj_zw", "chart70000300", "70.000.300", 4.90, 0.0, 4.90),
            ("made", "chart24090900", "24.090.900", 4.90, 0.0, 4.90),
        ),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._require_modules("l10n_de", "l10n_pl")

    def test_each_is_booked_as_the_guide_says(self):
        self.env["product.pricelist"].search([]).action_archive()
        for number, (chart, (item, *bookings)) in enumerate(self.CHARTS.items(), 2):
            company = self._make_company(chart, chart[:2], chart)
            self.service.items = [item]
            shop = self._make_shop(company, f"X{number}".ljust(33, "0"))
            for booking in bookings:
                with self.subTest(chart=chart, booking=booking):
                    self._check_booking(shop, *booking)
        # The other German chart numbers the same accounts in its own way.
        charts = self.env["account.chart.template"]
        accounts = charts._get_chart_template_data("de_skr04")["account.account"]
        names = ("chart_skr04_4400", "chart_skr04_4100", "chart_skr04_1370")
        codes = [accounts[name]["code"] for name in names]
        self.assertEqual(codes, ["4400", "4100", "1370"])

    def _check_booking(self, shop, tax, account, code, net, vat, gross):
        """Set tax and account on the product, sell the fee, and look at its invoice."""
        company = shop.company_id
        chart = self.env["account.chart.template"].with_company(company)
        tax = (
            self._make_tax(0, company_id=company.id)
            if tax == "made"
            else chart.ref(tax)
        )
        tax.active = True
        product = self.fee_product.with_company(company)
        others = product.taxes_id._filter_taxes_by_company(company)
        product.taxes_id = product.taxes_id - others + tax
        product.property_account_income_id = chart.ref(account)
        self.assertFalse(shop.fee_warning)
        self.buyer.country_id = company.country_id
        shop.items_checked_at = self.env.cr.now()
        order, _protection = self._make_ticked(website_id=shop.website_id.id)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertValues(
            invoice,
            amount_untaxed=100.0 + net,
            amount_tax=vat,
            amount_total=100.0 + gross,
        )
        line = invoice.invoice_line_ids.filtered("trustedshops_protection_id")
        self.assertEqual(line.with_company(company).account_id.code, code)
