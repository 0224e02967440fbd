# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError

from odoo.addons.website_sale_trustedshops.hooks import uninstall_hook

from .fake_service import make_item
from .fee_common import FeeSetupCommon

NEW_TAX = "0% Passed through (Buyer Protection)"


class ChartCases:
    """What a set-up does in the books; mixed into one class for each chart."""

    # Of the subclasses: company, and for each booking the expected tax, account and
    # the sums in its currency: net, VAT, gross.
    # The tag reports an exempt sale as one.
    chart = country = town = exempt_tag = ""
    items = ()
    expected = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_2 = cls._make_company("Second", cls.country, cls.chart)
        cls.service.items = list(cls.items)
        cls.shop = cls._make_shop(cls.company_2)
        cls.env["product.pricelist"].search([]).action_archive()
        cls.buyer.write(
            {"country_id": cls.env.ref(f"base.{cls.country}").id, "city": cls.town}
        )

    def _check_booking(self, booking):
        """Sell the fee after it was set up, invoice it, return the line of it."""
        tax, account, net, vat, gross = self.expected[booking]
        self._set_up(self.shop, booking)
        self.shop.last_check_at = "2026-11-02 10:00:00"
        self._freeze()
        order, _protection = self._make_ticked(website_id=self.shop.website_id.id)
        self.assertEqual(order.amount_total, 100.0 + gross)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertValues(
            invoice,
            company_id=self.company_2.id,
            amount_untaxed=100.0 + net,
            amount_tax=vat,
            amount_total=100.0 + gross,
        )
        line = invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.fee_product
        )
        self.assertEqual(line.tax_ids.mapped("name"), [tax])
        self.assertEqual(line.with_company(self.company_2).account_id.code, account)
        self.assertEqual((line.price_subtotal, line.price_total), (net, gross))
        self.assertEqual(self.shop.fee_account_text.split()[0], account)
        self.assertFalse(self.shop.fee_warning)
        return line

    def test_own_service_at_the_normal_rate(self):
        self._check_booking("normal")

    def test_exempt(self):
        line = self._check_booking("exempt")
        self.assertEqual(line.tax_tag_ids.mapped("name"), [self.exempt_tag])

    def test_passed_through(self):
        line = self._check_booking("pass_through")
        self.assertEqual(line.account_id.account_type, "asset_current")
        self.assertFalse(line.tax_tag_ids, "no turnover, so in no tax report")

    def test_from_one_booking_to_another_nothing_stays_behind(self):
        for booking in ("pass_through", "exempt", "normal"):
            self._set_up(self.shop, booking)
        self._check_booking("normal")


class TestSkr03(ChartCases, FeeSetupCommon):
    """A German company with SKR03."""

    chart, country, town, exempt_tag = "de_skr03", "de", "Köln", "48"
    items = (make_item("500.00", "0.82", "0.98"),)
    expected = {
        "normal": ("19%", "8400", 0.82, 0.16, 0.98),
        "exempt": ("0% EX ND", "8100", 0.98, 0.0, 0.98),
        "pass_through": (NEW_TAX, "1590", 0.98, 0.0, 0.98),
    }


class TestSkr04(ChartCases, FeeSetupCommon):
    """A German company with SKR04."""

    chart, country, town, exempt_tag = "de_skr04", "de", "Köln", "48"
    items = (make_item("500.00", "0.82", "0.98"),)
    expected = {
        "normal": ("19%", "4400", 0.82, 0.16, 0.98),
        "exempt": ("0% EX ND", "4100", 0.98, 0.0, 0.98),
        "pass_through": (NEW_TAX, "1370", 0.98, 0.0, 0.98),
    }


class TestPolishChart(ChartCases, FeeSetupCommon):
    """A Polish company."""

    chart, country, town, exempt_tag = "pl", "pl", "Kraków", "K_10"
    items = (make_item("2000.00", "3.98", "4.90", "PLN"),)
    expected = {
        "normal": ("23% S", "70.000.300", 3.98, 0.92, 4.9),
        "exempt": ("0% Exempt", "70.000.300", 4.9, 0.0, 4.9),
        "pass_through": (NEW_TAX, "24.090.900", 4.9, 0.0, 4.9),
    }

    def test_the_tax_is_told_in_the_language_of_the_user(self):
        self._set_up(self.shop, "normal")
        found = [
            self.shop.with_context(lang=lang).fee_tax_text
            for lang in ("en_US", "pl_PL")
        ]
        self.assertEqual(found, ["23% S (23%)", "23% U (23%)"])


class TestFeeSetup(FeeSetupCommon):
    """Who may set up the fee, what is proposed, and what stays as it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.fee_product.taxes_id
        taxes.filtered_domain([("company_id", "=", cls.env.company.id)]).write(
            {"name": "19% main", "invoice_label": False}
        )
        cls.german = cls._make_company("German", "de", "de_skr03")
        cls.shop = cls._make_shop(cls.german)
        cls.generic = cls._make_company("Generic", "us", "generic_coa")
        cls.generic_shop = cls._make_shop(cls.generic, "X" + "3" * 32)
        cls.accountant = cls._make_user(
            "ts_accountant", "account.group_account_manager", cls.german
        )

    def _ref(self, name, company=None):
        charts = self.env["account.chart.template"]
        return charts.with_company(company or self.german).ref(name)

    def _get_books(self, company=None):
        """Return names of taxes and code of the account of the common product."""
        return self._get_own(self.fee_product, company or self.german)

    def _make_product(self, **values):
        values = {"name": "Fee", "type": "service", **values}
        return self.env["product.product"].create(values)

    # === ANOTHER COMPANY === #

    def test_a_company_that_came_later_is_warned_until_set_up(self):
        company = self._make_company("Later", "de", None)
        shop = self._make_shop(company, "X" + "4" * 32)
        no_tax = "Later sells the fee with no tax at all"
        self.assertIn(no_tax, shop.fee_warning)
        # The addon was there before any tax: then no chart of accounts brings one.
        self.fee_product.taxes_id = False
        self._load_chart(company, "de_skr04")
        shop.invalidate_recordset()
        self.assertIn(no_tax, shop.fee_warning)
        self._set_up(shop, "exempt")
        self.assertEqual(shop.fee_warning, "")
        self.assertEqual(self._get_books(company)[1], "4100")

    def test_other_companies_keep_tax_and_account_of_a_shared_product(self):
        account = self.env["account.account"].create(
            {"name": "Fee", "code": "4711", "account_type": "income"}
        )
        self.fee_product.property_account_income_id = account
        self._set_up(self.shop, "pass_through")
        self.assertEqual(self.shop.fee_product_id, self.fee_product)
        self.assertEqual(
            [self._get_books(each) for each in (self.env.company, self.generic)],
            [(["19% main"], "4711"), (["15%"], False)],
        )
        self.assertEqual(self._get_books(), ([NEW_TAX], "1590"))

    def test_doing_it_again_changes_nothing(self):
        def look():
            taxes = self.env["account.tax"].with_context(active_test=False)
            product = self.shop.fee_product_id
            return product, self._get_own(product, self.german), taxes.search_count([])

        for product in (self.fee_product, self.env["product.product"]):
            with self.subTest(product=product.name):
                setup = self._set_up(self.shop, "pass_through", product_id=product)
                before = look()
                setup.action_apply()
                self._set_up(self.shop, "pass_through")
                self.assertEqual(look(), before)

    def test_an_archived_tax_does_not_stay_on_the_product(self):
        self._ref("tax_ust_19_skr03").active = False
        exempt = self._ref("tax_free_skr03_ohne_vst")
        self.assertFalse(exempt.active)
        self._set_up(self.shop, "exempt")
        self.assertTrue(exempt.active)
        self._ref("tax_ust_19_skr03").active = True
        self.assertEqual(self._get_books()[0], ["0% EX ND"])

    def test_a_branch_gets_a_product_of_its_own(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.german.id}
        )
        self.env.user.company_ids = [Command.link(branch.id)]
        self._load_chart(branch, "de_skr03")
        shop = self._make_shop(branch, "X" + "4" * 32)
        before = self._get_books()
        self._set_up(shop, "exempt")
        self.assertEqual(self._get_books(), before)
        product = shop.fee_product_id
        self.assertEqual(product.company_id, branch)
        self.assertEqual(shop.fee_tax_text, "0% EX ND (Taxable turnover(§ 4 No. 8-28))")
        self.assertEqual(
            shop.fee_account_text, "8100 Tax-exempt sales, section 4 no. 8 ff. UStG"
        )
        self.assertEqual(self._open_setup(shop, "normal").product_id, product)

    # === PRODUCT === #

    def test_a_product_of_its_own(self):
        nothing = self.env["product.product"]
        self._set_up(self.shop, "exempt", product_id=nothing)
        product = self.shop.fee_product_id
        self.assertNotEqual(product, self.fee_product)
        self.assertValues(
            product,
            name="Trusted Shops Buyer Protection",
            type="service",
            company_id=self.german.id,
            categ_id=self.fee_product.categ_id.id,
            sale_ok=False,
            purchase_ok=False,
            list_price=0.0,
            invoice_policy="order",
            taxes_id=self._ref("tax_free_skr03_ohne_vst").ids,
        )
        self.assertEqual(self._get_books(), (["19%"], False))
        self.assertEqual(self.certificate.fee_product_id, self.fee_product)

    def test_the_product_that_is_proposed_can_be_used(self):
        own = self._make_product()
        self.shop.fee_product_id = own
        self.assertEqual(self._open_setup(self.shop, "normal").product_id, own)
        self.shop.fee_product_id = self.fee_product
        own.action_archive()
        self.shop.fee_product_id = own
        for values in ({}, {"active": True, "company_id": self.generic.id}):
            own.write(values)
            proposed = self._open_setup(self.shop, "normal").product_id
            self.assertEqual(proposed, self.fee_product)

    def test_a_new_product_when_there_is_none(self):
        self.env["trustedshops.certificate"].search([]).fee_product_id = False
        self.fee_product.unlink()
        form = self._open_setup(self.shop, "normal")
        self.assertFalse(form.product_id)
        form.save().action_apply()
        self.assertTrue(self.shop.fee_product_id)

    def test_it_says_who_else_in_the_company_uses_the_product(self):
        classic = self._make_shop(self.german, "X" + "6" * 32)
        classic.protection_model = "classic"  # it has no fee
        self.assertFalse(self._open_setup(self.shop, "normal").shared_text)
        other = self._make_shop(self.german, "X" + "5" * 32)
        other.action_archive()
        other.shop_url = "https://www.other.example"
        form = self._open_setup(self.shop, "normal")
        self.assertEqual(
            form.shared_text,
            "This company sells the fee of other.example, All languages, Excellence"
            " with the same product: they change with it.",
        )
        form.product_id = self.env["product.product"]
        self.assertFalse(form.shared_text)

    def test_the_chatter_of_the_certificate_tells_what_was_set(self):
        self._set_up(self.shop, "normal")
        self.assertEqual(
            self.shop.message_ids[0].body,
            "<p>German sells the fee with the product [TS-PROTECTION] Trusted Shops"
            " Buyer Protection, the tax 19% (19% VAT) and the account 8400 Revenue,"
            " 19 % VAT.</p>",
        )
        self.assertTrue(self.shop.unlink(), "a set-up keeps no certificate")

    def test_updates_leave_alone_what_was_made(self):
        self._set_up(self.shop, "pass_through", product_id=self.env["product.product"])
        names = self.env["ir.model.data"].search(
            [
                "|",
                ("name", "=like", f"fee_product_{self.shop.id}%"),
                ("name", "=", f"{self.german.id}_trustedshops_tax_pass_through"),
            ]
        )
        self.assertEqual(names.mapped("noupdate"), [True, True, True])

    # === TAX AND ACCOUNT === #

    def _get_proposed(self, certificate, booking):
        form = self._open_setup(certificate, booking)
        account = form.account_id.with_company(certificate.company_id)
        return form.tax_id.name, account.code

    def test_the_chart_of_accounts_comes_first(self):
        """Before the rate of books, but not a tax that the merchant archived."""
        self.german.account_sale_tax_id = self._ref("tax_ust_7_skr03")
        self.assertEqual(self._get_proposed(self.shop, "normal"), ("19%", "8400"))
        own = self._make_tax(19, name="19% shop", company_id=self.german.id)
        self.german.account_sale_tax_id = own
        self._ref("tax_ust_19_skr03").active = False
        self.assertEqual(self._get_proposed(self.shop, "normal"), ("19% shop", "8400"))
        category = self.fee_product.categ_id.with_company(self.german)
        category.property_account_income_categ_id = self._ref("account_8519")
        self.assertEqual(self._get_proposed(self.shop, "normal")[1], "8519")
        self.assertEqual(self._get_proposed(self.shop, "exempt")[1], "8100")

    def test_another_chart_has_its_defaults(self):
        proposed = self._get_proposed(self.generic_shop, "normal")
        self.assertEqual(proposed, ("15%", "400000"))
        category = self.fee_product.categ_id.with_company(self.generic)
        category.property_account_income_categ_id = self._ref(
            "other_income", self.generic
        )
        proposed = self._get_proposed(self.generic_shop, "exempt")
        self.assertEqual(proposed, (False, "450000"))

    def test_another_chart_gets_a_tax_of_zero_when_it_has_none(self):
        self._set_up(self.generic_shop, "exempt")
        taxes = self.fee_product.taxes_id
        tax = taxes.filtered(lambda tax: tax.company_id == self.generic)
        self.assertValues(
            tax,
            name="0% Exempt (Buyer Protection)",
            invoice_label="0%",
            amount=0.0,
            amount_type="percent",
            type_tax_use="sale",
            tax_group_id=self._ref("tax_group_0", self.generic).id,
        )
        self.assertEqual(self._get_books(self.generic)[1], "400000")

    def _delete_zero_taxes(self):
        self.env["account.tax"].search(
            [("company_id", "=", self.generic.id), ("amount", "=", 0)]
        ).unlink()

    def _make_zero_taxes(self, *names):
        for name in names:
            self._make_tax(0, name=name, company_id=self.generic.id)

    def test_the_only_tax_of_zero_is_proposed(self):
        for values in (
            {"name": "Zero", "active": False},
            {"type_tax_use": "purchase"},
            {"amount_type": "fixed"},
        ):
            self._make_tax(0, company_id=self.generic.id, **values)
        self.assertEqual(self._get_proposed(self.generic_shop, "exempt")[0], "Zero")

    def test_the_tax_that_was_made_for_a_booking_is_proposed_for_it_alone(self):
        account = self._ref("current_liabilities", self.generic)
        self._set_up(self.generic_shop, "pass_through", account_id=account)
        self.assertFalse(self._get_proposed(self.generic_shop, "exempt")[0])
        self._set_up(self.generic_shop, "exempt")
        self._make_zero_taxes("Zero")
        self.assertEqual(
            self._get_proposed(self.generic_shop, "exempt")[0],
            "0% Exempt (Buyer Protection)",
        )

    def test_the_user_chooses_among_several_taxes_of_zero(self):
        self._make_zero_taxes("Zero", "Nought")
        form = self._open_setup(self.generic_shop, "exempt")
        self.assertFalse(form.tax_id)
        with self.assertRaisesRegex(UserError, "Choose the sales tax"):
            form.save().action_apply()
        self.assertEqual(self._get_books(self.generic), (["15%"], False))

    def test_another_chart_has_nothing_for_what_is_passed_through(self):
        """A tax of the chart would report it, so one has to be made."""
        self._make_zero_taxes("Zero")
        proposed = self._get_proposed(self.generic_shop, "pass_through")
        self.assertEqual(proposed, (False, False))
        form = self._open_setup(self.generic_shop, "pass_through")
        with self.assertRaisesRegex(AssertionError, "account_id is a required field"):
            form.save()
        form.account_id = self._ref("current_liabilities", self.generic)
        form.save().action_apply()
        self.assertEqual(self._get_books(self.generic), ([NEW_TAX], "201000"))
        form = self._open_setup(self.shop, False)
        self.assertFalse(form.tax_id or form.account_id)

    def _make_setup(self, booking, user=None, **values):
        setups = self.env["trustedshops.fee.setup"].with_user(user or self.env.user)
        values = {"certificate_id": self.shop.id, "booking": booking, **values}
        return setups.create(values)

    def test_a_tax_that_would_book_otherwise_than_the_booking_is_refused(self):
        tax = self._ref("tax_ust_19_skr03")
        group = self._make_tax(
            0,
            amount_type="group",
            company_id=self.german.id,
            children_tax_ids=[Command.set(tax.ids)],
        )
        for booking, value in (
            ("normal", tax.browse()),
            ("exempt", tax),
            ("exempt", group),
            ("pass_through", tax),
        ):
            setup = self._make_setup(booking, tax_id=value.id)
            with (
                self.subTest(booking=booking, value=value.display_name),
                self.assertRaisesRegex(UserError, "Choose the sales tax"),
            ):
                setup.action_apply()

    def test_tax_account_and_product_of_another_company_are_refused(self):
        product = self._make_product(company_id=self.generic.id)
        for values in (
            {"tax_id": self._ref("sale_tax_template", self.generic).id},
            {"account_id": self._ref("income", self.generic).id},
            {"product_id": product.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._make_setup("normal", **values)

    # === RIGHTS === #

    def test_accountants_and_administrators_can_set_up_the_fee(self):
        admin = self._make_user("ts_admin", "base.group_system", self.german)
        for user in (self.accountant, admin):
            with self.subTest(user=user.login):
                self._set_up(self.shop, "pass_through", user)
                self.assertEqual(self._get_books(), ([NEW_TAX], "1590"))
                self._set_up(self.shop, "exempt", user)
                self.assertEqual(self._get_books(), (["0% EX ND"], "8100"))
        for login, groups, company in (
            ("ts_designer", "website.group_website_designer", self.german),
            ("ts_far", "account.group_account_manager,base.group_system", self.generic),
        ):
            user = self._make_user(login, groups, company)
            with self.subTest(login), self.assertRaises(AccessError):
                self._make_setup("pass_through", user).action_apply()

    def test_a_user_of_another_company_learns_nothing_from_the_form(self):
        stranger = self._make_user(
            "ts_stranger", "account.group_account_manager", self.generic
        )
        setups = self.env["trustedshops.fee.setup"].with_user(stranger)
        values = {"certificate_id": self.shop.id, "booking": "pass_through"}
        no_records = {"product_id": False, "tax_id": False, "account_id": False}
        for name in ("company_id", "shared_text", *no_records):
            self.env.invalidate_all()  # each call of a browser begins so
            spec = {"certificate_id": {}, "booking": {}, name: {}}
            with self.subTest(asked=name), self.assertRaises(AccessError):
                setups.onchange(values, ["certificate_id", "booking"], spec)
        for given in (values, {**values, **no_records}):
            with self.subTest(given=given), self.assertRaises(AccessError):
                setups.create(given)
        own = setups.create({**values, "certificate_id": self.generic_shop.id})
        with self.assertRaises(AccessError):
            own.certificate_id = self.shop
            own.flush_recordset()  # as at the end of the call

    def test_access_is_looked_at_again_when_it_is_applied(self):
        setup = self._make_setup("pass_through", self.accountant)
        companies = [Command.set(self.generic.ids)]
        self.accountant.write({"company_ids": companies, "company_id": self.generic.id})
        with self.assertRaises(AccessError):
            setup.action_apply()

    def test_a_user_without_rights_changes_no_product(self):
        lamp = self._make_product()
        setup = self._make_setup("pass_through", self.accountant, product_id=lamp.id)
        with self.assertRaises(AccessError):
            setup.action_apply()
        self.assertEqual(self._get_own(lamp, self.german), (["19%"], False))
        self.accountant.group_ids += self.env.ref("product.group_product_manager")
        setup.action_apply()
        self.assertEqual(self._get_own(lamp, self.german), ([NEW_TAX], "1590"))

    def test_a_product_that_was_made_here_is_anybodys_who_may_set_up_the_fee(self):
        self._set_up(self.shop, "exempt", product_id=self.env["product.product"])
        self._make_setup("pass_through", self.accountant).action_apply()
        product = self.shop.fee_product_id
        self.assertNotEqual(product, self.fee_product)
        self.assertEqual(self._get_own(product, self.german), ([NEW_TAX], "1590"))

    def test_a_tax_that_is_made_has_a_group_of_its_own(self):
        self._delete_zero_taxes()
        self._set_up(self.generic_shop, "exempt")
        group = self._ref("trustedshops_tax_group", self.generic)
        tax = self._ref("trustedshops_tax_exempt", self.generic)
        self.assertEqual(tax.tax_group_id, group)
        self.assertValues(group, name="0%", company_id=self.generic.id)

    def test_a_product_that_was_made_goes_unless_it_was_sold(self):
        self._set_up(self.shop, "normal", product_id=self.env["product.product"])
        product = self.shop.fee_product_id
        uninstall_hook(self.env)
        self.assertTrue(product.get_external_id()[product.id])
        order = self._make_cart(website_id=self.shop.website_id.id)
        order.order_line.product_id = product
        uninstall_hook(self.env)
        self.assertFalse(product.get_external_id()[product.id])
        self.assertFalse(product.active)
