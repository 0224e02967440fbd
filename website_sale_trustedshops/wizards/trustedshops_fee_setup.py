# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const


class TrustedShopsFeeSetup(models.TransientModel):
    """Asks how the fee is to be booked, and sets product, tax and account for it.

    It proposes and explains; which booking is right the merchant has to know. Only the
    certificate's company is touched, though its product may be shared by others.
    """

    _name = "trustedshops.fee.setup"
    _description = "Set up the Fee of Buyer Protection"
    _check_company_auto = True

    certificate_id = fields.Many2one(
        "trustedshops.certificate", required=True, readonly=True, ondelete="cascade"
    )
    # Nothing here is computed in sudo: who may not read the certificate learns nothing.
    company_id = fields.Many2one(
        related="certificate_id.company_id", related_sudo=False
    )
    # No default: a tax is nothing to be set by clicking through.
    booking = fields.Selection(
        [
            ("normal", "Own service at the normal rate"),
            ("exempt", "Exempt from VAT: 0 %"),
            ("pass_through", "Passed through: an account of its own, no income"),
        ],
        string="How is the fee booked?",
        required=True,
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type', '=', 'service')]",
    )
    shared_text = fields.Char(compute="_compute_shared_text")
    is_new_product = fields.Boolean(
        string="Make a product for this certificate alone",
        compute="_compute_is_new_product",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    tax_id = fields.Many2one(
        "account.tax",
        string="Sales Tax",
        compute="_compute_tax_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        check_company=True,
        help="Empty: a tax of 0 % is made, when the company has none.",
    )
    account_id = fields.Many2one(
        "account.account",
        compute="_compute_account_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        check_company=True,
    )
    preview = fields.Text(string="What will be set", compute="_compute_preview")

    # === COMPUTE === #

    @api.depends("certificate_id")
    def _compute_product_id(self):
        default = self.env.ref(
            "website_sale_trustedshops.product_protection_fee",
            raise_if_not_found=False,
        )
        for setup in self:
            certificate = setup.certificate_id
            products = certificate.fee_product_id | (default or self.product_id)
            setup.product_id = products.filtered(
                lambda product, certificate=certificate: (
                    product.active and certificate._is_fee_product_of_company(product)
                )
            )[:1]

    @api.depends("product_id")
    def _compute_shared_text(self):
        for setup in self:
            others = ", ".join(setup._get_other_certificates().mapped("ts_id"))
            setup.shared_text = others and self.env._(
                "This company sells the fee of %(certificates)s with the same product:"
                " they change with it.",
                certificates=others,
            )

    @api.depends("company_id", "product_id")
    def _compute_is_new_product(self):
        """A branch has the taxes of its parent, so that a shared product would change
        for both."""
        for setup in self:
            product, company = setup.product_id, setup.company_id
            is_shared_branch = company.parent_id and product.company_id != company
            setup.is_new_product = not product or is_shared_branch

    @api.depends("booking", "certificate_id")
    def _compute_tax_id(self):
        for setup in self:
            setup.tax_id = setup._find_tax()

    @api.depends("booking", "certificate_id", "product_id")
    def _compute_account_id(self):
        for setup in self:
            setup.account_id = setup._find_account()

    @api.depends("booking", "product_id", "is_new_product", "tax_id", "account_id")
    def _compute_preview(self):
        for setup in self:
            setup.preview = setup.booking and "\n".join(setup._prepare_preview())

    # === WHAT IS PROPOSED === #

    def _get_other_certificates(self):
        """Return further certificates of the company that use the product."""
        return (
            self.env["trustedshops.certificate"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("fee_product_id", "=", self.product_id.id),
                    ("id", "!=", self.certificate_id.id),
                ]
            )
        )

    def _find_tax(self):
        """Return the tax to propose, in any case one and never no tax.

        For a service at the normal rate the one of the chart is preferred to the
        company's default: that is another rate in a book shop, and one for goods in
        Poland.

        :return: record of ``account.tax``; empty when one of 0 % has to be made, or
            when there are several and somebody has to choose
        """
        found = self._find_in_chart(const.FEE_TAX_BY_CHART, "account.tax")
        if self.booking == "normal":
            return found if found.active else self.company_id.account_sale_tax_id
        found = found or self._find_own_tax(self.booking)
        candidates = self._get_exempt_taxes()
        return found or (candidates if len(candidates) == 1 else candidates.browse())

    def _find_account(self):
        """Return the account to propose.

        It is set on the product even where the category would give the same: a later
        change of the category must not move the fee.

        :return: record of ``account.account``; empty when somebody has to choose
        """
        found = self._find_in_chart(const.FEE_ACCOUNT_BY_CHART, "account.account")
        if self.booking in ("pass_through", False):
            return found
        default = self.company_id.income_account_id
        category = self.product_id.with_company(self.company_id).categ_id
        # Every category has the company's account, until somebody gives it another.
        own = category.property_account_income_categ_id - default
        if self.booking == "normal" and own:
            return own
        return found or own or default

    def _prepare_preview(self):
        """Return what *Apply* will set, line by line.

        :rtype: list[str]
        """
        certificate = self.certificate_id
        if self.is_new_product:
            product = self.env._("a new product for this certificate")
        else:
            product = self.product_id.display_name
        if self.tax_id or self.booking == "normal":
            tax = certificate._describe_taxes(self.tax_id)
        else:
            tax = self.env._("a new tax: %(name)s", name=self._prepare_tax_name())
        account = certificate._describe_account(self.account_id)
        return [
            self.env._("Company: %(name)s", name=self.company_id.name),
            self.env._("Product: %(name)s", name=product),
            self.env._("Sales tax: %(name)s", name=tax),
            self.env._("Account: %(name)s", name=account),
        ]

    # === APPLYING === #

    def action_apply(self):
        """Set product, tax and account for the certificate's company.

        The right to do this is the right to the wizard and to the certificate, not one
        to write taxes and accounts, nor products that were made here.

        :raise AccessError: when the certificate is another company's, or the product
            one of the merchant's that the user may not change
        :raise UserError: when something has to be chosen first
        """
        self.ensure_one()
        self.certificate_id.check_access("read")
        self._check_product()
        setup_sudo = self.sudo()
        setup_sudo._check_choice()
        told = setup_sudo._prepare_preview()
        if not setup_sudo.tax_id:
            setup_sudo.tax_id = setup_sudo._create_zero_tax()
        if setup_sudo.is_new_product:
            setup_sudo.product_id = setup_sudo._create_product()
            setup_sudo.is_new_product = False
        setup_sudo._apply()
        setup_sudo.certificate_id.message_post(body=Markup("<br/>").join(told))
        return {"type": "ir.actions.act_window_close"}

    def _check_product(self):
        """Refuse a product that is none for a fee, or not the user's to change.

        :raise AccessError: when the user may not change this one of the merchant's
        :raise UserError: when it is no service
        """
        if self.is_new_product:
            return
        if not self._is_made_here(self.product_id):
            self.product_id.check_access("write")
        if self.product_id.type != "service":
            raise UserError(self.env._("Choose a service as the product of the fee."))

    def _check_choice(self):
        """Refuse what would book the fee otherwise than the booking says.

        :raise UserError: with what to choose
        """
        if not self.account_id:
            raise UserError(
                self.env._(
                    "Choose the account. When there is none to choose, install the"
                    " chart of accounts of %(company)s first.",
                    company=self.company_id.name,
                )
            )
        if not self.tax_id and (self.booking == "normal" or self._get_exempt_taxes()):
            raise UserError(
                self.env._("Choose the sales tax. Where no VAT is due, one of 0 %.")
            )
        rates = self.tax_id.flatten_taxes_hierarchy().mapped("amount")
        if self.booking != "normal" and any(rates):
            raise UserError(
                self.env._("Where no VAT is due, the tax has to be one of 0 %.")
            )
        is_income = self.account_id.internal_group in ("income", "expense")
        if self.booking == "pass_through" and is_income:
            raise UserError(
                self.env._(
                    "What is passed through is no income: choose an account of the"
                    " balance sheet."
                )
            )

    def _apply(self):
        """Write what was chosen, for one company; doing it again changes nothing."""
        company = self.company_id
        product = self.product_id.with_company(company).with_context(active_test=False)
        replaced = product.taxes_id._filter_taxes_by_company(company)
        product.taxes_id = product.taxes_id - replaced + self.tax_id
        product.property_account_income_id = self.account_id
        self.tax_id.active = True
        self.certificate_id.fee_product_id = self.product_id
