# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Set up product, tax and account of the fee."""

from odoo import api, fields, models
from odoo.exceptions import UserError

# The tax for each chart of accounts and booking, as the chart names it. Source: l10n_de
# and l10n_pl of Odoo 19.0. "Exempt" is the exemption of a domestic service without
# deduction of input tax (section 4 no. 8-28 UStG; Polish "zw"), neither export nor
# intra-community supply. The Polish chart has one tax for goods and one for services.
TAX_BY_CHART = {
    ("de_skr03", "normal"): "tax_ust_19_skr03",
    ("de_skr03", "exempt"): "tax_free_skr03_ohne_vst",
    ("de_skr04", "normal"): "tax_ust_19_skr04",
    ("de_skr04", "exempt"): "tax_free_skr04_ohne_vst",
    ("pl", "normal"): "vs_kraj_usl_23",
    ("pl", "exempt"): "vs_kraj_zw",
}
# The account, likewise. The German income account for 19 % computes that tax by
# itself in DATEV, so that an exempt fee needs the one for exempt sales (8100, 4100).
# Passed through: "Durchlaufende Posten" (1590, 1370), "Pozostałe rozrachunki".
ACCOUNT_BY_CHART = {
    ("de_skr03", "exempt"): "account_8100",
    ("de_skr03", "pass_through"): "account_1590",
    ("de_skr04", "exempt"): "chart_skr04_4100",
    ("de_skr04", "pass_through"): "chart_skr04_1370",
    ("pl", "normal"): "chart70000300",
    ("pl", "exempt"): "chart70000300",
    ("pl", "pass_through"): "chart24090900",
}


class TrustedShopsFeeSetup(models.TransientModel):
    """Asks how to book the fee, and sets product, tax and account for it.

    It proposes and explains; the merchant has to know which booking is right. It
    changes only the certificate's company, though others may share its product.
    """

    _name = "trustedshops.fee.setup"
    _description = "Set up the fee"
    _check_company_auto = True

    certificate_id = fields.Many2one(
        "trustedshops.certificate", required=True, readonly=True, ondelete="cascade"
    )
    # No field is computed in sudo, so that a user learns nothing of a certificate
    # without the right to read it.
    company_id = fields.Many2one(
        related="certificate_id.company_id", related_sudo=False
    )
    # No default, so that the merchant does not click through.
    booking = fields.Selection(
        [
            ("normal", "Own service at the normal rate"),
            ("exempt", "Exempt from VAT: 0%"),
            ("pass_through", "Passed through: an account of its own, no income"),
        ],
        string="How is the fee booked?",
        required=True,
    )
    # If it is empty, a product is created for this certificate alone.
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type', '=', 'service')]",
    )
    shared_text = fields.Char(
        compute="_compute_shared_text", export_string_translation=False
    )
    # If it is empty, a tax of 0 % is created when the company has none.
    tax_id = fields.Many2one(
        "account.tax",
        string="Sales Tax",
        compute="_compute_tax_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        check_company=True,
    )
    account_id = fields.Many2one(
        "account.account",
        compute="_compute_account_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        check_company=True,
    )

    # === WHAT IS PROPOSED === #
    @api.depends("certificate_id")
    def _compute_product_id(self):
        default = self.env.ref(
            "website_sale_trustedshops.product_protection_fee",
            raise_if_not_found=False,
        )
        for setup in self:
            products = setup.certificate_id.fee_product_id
            if default:
                products |= default
            setup.product_id = products.filtered(setup._can_be_sold)[:1]

    def _can_be_sold(self, product):
        """Return True if the company can sell a product without effect on others.

        A branch has its parent's taxes, so changing a shared product affects both.
        """
        company = self.company_id
        return (
            product.active
            and product.type == "service"
            and self.certificate_id._is_fee_product_of_company(product)
            and (not company.parent_id or product.company_id == company)
        )

    @api.depends("product_id")
    def _compute_shared_text(self):
        certificates = self.env["trustedshops.certificate"]
        for setup in self:
            others = certificates.with_context(active_test=False).search(
                [
                    ("company_id", "=", setup.company_id.id),
                    ("fee_product_id", "in", setup.product_id.ids),
                    ("protection_model", "!=", "classic"),  # has no fee
                    ("id", "!=", setup.certificate_id.id),
                ]
            )
            names = "; ".join(others.mapped("display_name"))
            setup.shared_text = names and self.env._(
                "This company sells the fee of %(certificates)s with the same product:"
                " they change with it.",
                certificates=names,
            )

    @api.depends("booking", "certificate_id")
    def _compute_tax_id(self):
        """Propose a tax, none where one of 0 % is created or the user has to choose.

        At the normal rate, prefer the tax of the chart to the company's default, which
        may be the reduced rate of a book shop, or the Polish one for goods.
        """
        for setup in self:
            tax = setup._find_in_chart(
                TAX_BY_CHART.get(setup._get_chart_key()), "account.tax"
            )
            if setup.booking == "normal":
                tax = tax if tax.active else setup.company_id.account_sale_tax_id
            elif not tax:
                candidates = setup._get_exempt_taxes()
                tax = setup._find_own_tax(setup.booking) or (
                    candidates if len(candidates) == 1 else candidates.browse()
                )
            setup.tax_id = tax

    @api.depends("booking", "certificate_id", "product_id")
    def _compute_account_id(self):
        """Propose an account, none where the user has to choose.

        It is set on the product even if its category has the same one, because a later
        change of the category must not move the fee.
        """
        for setup in self:
            account = setup._find_in_chart(
                ACCOUNT_BY_CHART.get(setup._get_chart_key()),
                "account.account",
            )
            if setup.booking in ("normal", "exempt"):
                default = setup.company_id.income_account_id
                category = setup.product_id.with_company(setup.company_id).categ_id
                # Every category has the company's account, unless given another one.
                own = category.property_account_income_categ_id - default
                is_normal = setup.booking == "normal"
                account = (is_normal and own) or account or own or default
            setup.account_id = account

    # === THE BOOKS OF THE COMPANY === #
    def _get_chart_key(self):
        """Return the key of the booking in the tables of charts of accounts."""
        return (self.company_id.chart_template, self.booking)

    def _find_in_chart(self, name, model):
        """Return a record of the company's chart of accounts, may be empty or archived.

        :param str name: its name there, without the company; None for no record
        :param str model: name of the model
        """
        charts = self.env["account.chart.template"].with_company(self.company_id)
        found = name and charts.ref(name, raise_if_not_found=False)
        return found or self.env[model]

    def _find_own_tax(self, booking):
        """Return the tax of 0 % that was created here for a booking, may be empty."""
        return self._find_in_chart(f"trustedshops_tax_{booking}", "account.tax")

    def _get_exempt_taxes(self):
        """Return the taxes of 0 % that may be the right one for an exempt fee.

        Leave out taxes for buyers abroad. A fee that is passed through is not turnover,
        but every tax of a chart would report it as turnover, so return none.

        :return: records of ``account.tax``, also archived ones
        """
        taxes = self.env["account.tax"].with_context(active_test=False)
        if self.booking != "exempt":
            return taxes
        found = taxes.search([*self._get_zero_domain(), ("is_domestic", "=", True)])
        return found - self._find_own_tax("pass_through")

    def _get_zero_domain(self):
        """Return the domain of the company's sales taxes of 0 %."""
        return [
            *self.env["account.tax"]._check_company_domain(self.company_id),
            ("type_tax_use", "=", "sale"),
            ("amount_type", "=", "percent"),
            ("amount", "=", 0.0),
        ]

    # === APPLYING === #
    def action_apply(self):
        """Set product, tax and account for the certificate's company.

        Doing it again changes nothing. The user needs rights to the wizard and to the
        certificate, but not to write taxes, accounts or products that this addon made.

        :raise AccessError: when the certificate is another company's, or the user may
            not change the merchant's product
        :raise UserError: when the user has to choose a tax first
        """
        self.ensure_one()
        self.certificate_id.check_access("read")
        # What this addon made is for the fee alone.
        xmlid = self.product_id.get_external_id().get(self.product_id.id, "")
        if not xmlid.startswith("website_sale_trustedshops."):
            self.product_id.check_access("write")
        setup_sudo = self.sudo()
        setup_sudo._check_tax()
        if not setup_sudo.tax_id:
            setup_sudo.tax_id = setup_sudo._make_zero_tax()
        if not setup_sudo.product_id:
            setup_sudo.product_id = setup_sudo._make_product()
        setup_sudo._apply()
        return {"type": "ir.actions.act_window_close"}

    def _check_tax(self):
        """Check that the tax books the fee as the booking says.

        :raise UserError: when it does not, with what to choose
        """
        if self.booking == "normal":
            is_right = bool(self.tax_id)
        else:
            rates = self.tax_id.flatten_taxes_hierarchy().mapped("amount")
            is_right = not any(rates) and (self.tax_id or not self._get_exempt_taxes())
        if not is_right:
            raise UserError(
                self.env._("Choose the sales tax. Where no VAT is due, one of 0 %.")
            )

    def _apply(self):
        """Write the choice for one company, and post it on the certificate."""
        certificate, company = self.certificate_id, self.company_id
        product = self.product_id.with_company(company).with_context(active_test=False)
        replaced = product.taxes_id._filter_taxes_by_company(company)
        product.taxes_id = product.taxes_id - replaced + self.tax_id
        product.property_account_income_id = self.account_id
        self.tax_id.active = True
        certificate.fee_product_id = self.product_id
        certificate.message_post(
            body=self.env._(
                "%(company)s sells the fee with the product %(product)s, the tax"
                " %(tax)s and the account %(account)s.",
                company=company.name,
                product=product.display_name,
                tax=certificate._describe_taxes(self.tax_id),
                account=certificate._describe_account(self.account_id),
            )
        )

    # === MAKING WHAT IS MISSING === #
    def _make(self, xmlid, model, **values):
        """Create or return a record of the company under an external id.

        Updates do not touch it.

        :param str xmlid: with its module, or else of the company's chart of accounts
        :param str model: name of the model
        """
        charts = self.env["account.chart.template"].with_company(self.company_id)
        data = {
            "xml_id": charts.company_xmlid(xmlid),
            "values": {"company_id": self.company_id.id, **values},
            "noupdate": True,
        }
        return self.env[model]._load_records([data])

    def _make_product(self):
        """Create a product for the fee of this certificate.

        Its external id is ours, so that it goes with the addon unless it was sold.
        """
        return self._make(
            f"website_sale_trustedshops.fee_product_{self.certificate_id.id}",
            "product.product",
            name=self.env._("Trusted Shops Buyer Protection"),
            active=True,
            type="service",
            categ_id=self.certificate_id.fee_product_id.categ_id.id,
            sale_ok=False,
            purchase_ok=False,
            list_price=0.0,
            invoice_policy="order",
            taxes_id=self.tax_id.ids,
        )

    def _make_zero_tax(self):
        """Create a tax of 0 % that appears in no tax report.

        It joins the group of other taxes of 0 %. In the default group the buyer would
        read "VAT 19 %: 0.00" on the invoice.
        """
        taxes = self.env["account.tax"].search(self._get_zero_domain(), limit=1)
        group = taxes.tax_group_id or self._make(
            "trustedshops_tax_group", "account.tax.group", name="0%"
        )
        name = self.env._("0% Passed through (Buyer Protection)")
        if self.booking == "exempt":
            name = self.env._("0% Exempt (Buyer Protection)")
        return self._make(
            f"trustedshops_tax_{self.booking}",
            "account.tax",
            name=name,
            invoice_label="0%",
            amount_type="percent",
            amount=0.0,
            type_tax_use="sale",
            tax_group_id=group.id,
        )
