# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from decimal import Decimal

from babel.numbers import format_percent

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import babel_locale_parse, get_lang

from ...framework import clear_caches
from ...lib.fee_item import find_worsened
from ...lib.values import ProtectionItem


class TrustedShopsProtectionItem(models.Model):
    """One step of the fee table of a certificate: what it protects and what it costs.

    Only the service sets the steps; no user may write them.
    """

    _name = "trustedshops.protection.item"
    _description = "Trusted Shops Protection Item"
    _inherit = ["trustedshops.unlogged"]
    _order = "certificate_id, currency_id, protected_amount, id"
    _rec_name = "ts_product_id"

    certificate_id = fields.Many2one(
        "trustedshops.certificate", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="certificate_id.company_id", store=True)
    ts_product_id = fields.Char(string="Item", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    protected_amount = fields.Monetary(required=True)
    duration_days = fields.Integer(string="Days", required=True)
    net_fee = fields.Monetary(required=True)
    gross_fee = fields.Monetary(required=True)
    _item_uniq = models.UniqueIndex("(certificate_id, ts_product_id)")

    def _replace_items(self, certificate, answers):
        """Make these items, the fee table of a certificate, equal to an answer.

        An unchanged table is not written. Items in a currency that Odoo does not know
        are left out; those in an inactive currency stay, so that the form can name it.

        :param certificate: record of ``trustedshops.certificate``
        :param answers: the whole table
        :type answers: collection of ProtectionItem
        :return: codes of items that are gone or cost more now; empty for the first
            table, and when all items are gone
        :rtype: list of str
        """
        currencies = self.env["res.currency"].with_context(active_test=False)
        codes = [answer.currency for answer in answers]
        found = currencies.search([("name", "in", codes)])
        currency_ids = {currency.name: currency.id for currency in found}
        wanted = {answer for answer in answers if answer.currency in currency_ids}
        before = [item._to_lib() for item in self.sorted()]
        if wanted == set(before):
            return []
        self.unlink()
        items = self.create(
            [
                {
                    "certificate_id": certificate.id,
                    "ts_product_id": answer.ts_product_id,
                    "currency_id": currency_ids[answer.currency],
                    "protected_amount": float(answer.protected_amount),
                    "duration_days": answer.duration_days,
                    "net_fee": float(answer.net_fee),
                    "gross_fee": float(answer.gross_fee),
                }
                for answer in sorted(
                    wanted, key=lambda each: (each.currency, each.protected_amount)
                )
            ]
        )
        clear_caches(self.env)
        after = {item._to_lib() for item in items}  # rounded to the currency
        return find_worsened(before, after) if before and after else []

    def _to_lib(self):
        """Convert the item to the plain value with which ``lib`` works.

        :rtype: ProtectionItem
        """
        self.ensure_one()
        return ProtectionItem(
            ts_product_id=self.ts_product_id,
            currency=self.currency_id.name,
            protected_amount=self._to_decimal(self.protected_amount),
            duration_days=self.duration_days,
            net_fee=self._to_decimal(self.net_fee),
            gross_fee=self._to_decimal(self.gross_fee),
        )

    def _to_decimal(self, amount):
        """Convert an amount to a Decimal with the decimals of the item's currency."""
        places = self.currency_id.decimal_places
        return Decimal(f"{amount:.{places}f}")


class TrustedShopsCertificate(models.Model):
    """Describes how the fee will be sold, for users without rights in accounting."""

    _inherit = "trustedshops.certificate"

    fee_tax_text = fields.Char(
        string="Sales Tax", compute="_compute_fee_texts", compute_sudo=True
    )
    fee_account_text = fields.Char(
        string="Account", compute="_compute_fee_texts", compute_sudo=True
    )
    fee_warning = fields.Char(
        compute="_compute_fee_texts", compute_sudo=True, export_string_translation=False
    )
    # Whether a user said that it is booked correctly, in the certificate's company.
    is_fee_booking_checked = fields.Boolean(
        compute="_compute_fee_texts", compute_sudo=True, export_string_translation=False
    )
    # Stored, because an offer would need three more queries to read product and taxes.
    can_sell_fee = fields.Boolean(
        compute="_compute_can_sell_fee", store=True, export_string_translation=False
    )
    fee_taxes = fields.Json(
        compute="_compute_can_sell_fee", store=True, export_string_translation=False
    )
    fee_label = fields.Char(
        string="What Shoppers Read",
        compute="_compute_fee_label",
        compute_sudo=True,
        help="An example from the fee table.",
    )
    fee_refund_policy = fields.Selection(
        [
            ("ask", "Ask the responsible user"),
            ("refund", "Pay it back"),
            ("keep", "Keep it"),
        ],
        string="Fee of Cancelled Orders",
        required=True,
        default="ask",
        help="Also when all goods are credited. Once Buyer Protection was applied for,"
        " Trusted Shops charges the fee all the same.",
    )

    @api.depends(
        "fee_product_id.active",
        "fee_product_id.company_id",
        "fee_product_id.taxes_id",
        "fee_product_id.property_account_income_id",
        "fee_product_id.categ_id.property_account_income_categ_id",
        "company_id.income_account_id",
        "fee_product_id.trustedshops_is_booking_checked",
    )
    @api.depends_context("lang")
    def _compute_fee_texts(self):
        """Compute tax, account and problems of the fee in the certificate's company."""
        for certificate in self:
            taxes = certificate._get_fee_taxes()
            account = certificate._get_fee_account()
            # An account's display name has no code for users without its rights.
            account = account.with_company(certificate.company_id)
            name = f"{account.code} {account.name}" if account else ""
            certificate.fee_account_text = name
            certificate.fee_tax_text = ", ".join(
                f"{tax.name} ({tax.invoice_label})" if tax.invoice_label else tax.name
                for tax in taxes
            )
            product = certificate.fee_product_id.with_company(certificate.company_id)
            is_checked = product.trustedshops_is_booking_checked
            certificate.is_fee_booking_checked = is_checked
            code = certificate._get_fee_problem(taxes, account)
            certificate.fee_warning = code and certificate._format_message(
                code, company=certificate.company_id.name
            )

    @api.depends(
        "lang_id",
        "website_id.default_lang_id",
        "website_id.show_line_subtotals_tax_selection",
        "fee_product_id.taxes_id",
        "item_ids.gross_fee",
    )
    def _compute_fee_label(self):
        """Compute what shoppers read about one item of the fee table, as an example.

        It is the smallest item in the company's currency, else the first one.
        """
        self.fee_label = ""
        for certificate in self.filtered("item_ids"):
            website, items = certificate.website_id, certificate.item_ids
            lang = certificate.lang_id or website.default_lang_id
            env = certificate.with_context(lang=lang.code).env
            own = certificate.company_id.currency_id
            item = items.filtered(lambda each, own=own: each.currency_id == own)[:1]
            item = item or items[:1]
            taxes, amount = certificate._get_fee_taxes(), item.gross_fee
            is_net = website.show_line_subtotals_tax_selection == "tax_excluded"
            if is_net:
                taxes_in = taxes.with_context(force_price_include=True)
                details = taxes_in.compute_all(amount, item.currency_id)
                amount = details["total_excluded"]
            items_in_lang, model = item.with_env(env), certificate.with_env(env)
            format_amount = items_in_lang.currency_id.format
            name = env._(
                "Buyer Protection up to %(amount)s",
                amount=format_amount(item.protected_amount),
            )
            words = model._get_tax_words(taxes.with_env(env), is_net=is_net)
            certificate.fee_label = f"{name}: {format_amount(amount)} {words}".strip()

    @api.depends(
        "company_id",
        "fee_product_id.active",
        "fee_product_id.company_id",
        "fee_product_id.taxes_id.active",
        "fee_product_id.taxes_id.company_id",
    )
    def _compute_can_sell_fee(self):
        """Compute the taxes of the fee, and whether the company can sell it."""
        for certificate in self:
            product = certificate.fee_product_id
            companies = certificate.company_id.parent_ids
            is_own = product.company_id <= companies
            certificate.can_sell_fee = product.active and is_own
            certificate.fee_taxes = certificate._get_fee_taxes().ids

    # === HOW IT IS BOOKED === #
    def action_open_fee_product(self):
        """Open the product of the fee, where its tax and account are set.

        The form shows those of the certificate's company.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_trustedshops.trustedshops_fee_product_action"
        )
        # Tax and account are those of one company.
        context = {"allowed_company_ids": self.company_id.ids}
        return {**action, "res_id": self.fee_product_id.id, "context": context}

    def action_confirm_fee_booking(self):
        """Store that a user confirmed how the company books the fee.

        The fee's product stores it for each company.

        :raise AccessError: when the user may not read the certificate, or is in none of
            the groups ``FEE_BOOKERS``
        :raise UserError: when the fee cannot be sold or booked as it is
        """
        self.ensure_one()
        self.check_access("read")
        if not self._can_act_on("fee_booking"):
            raise AccessError(
                self.env._("Only an administrator of Invoicing may say how to book.")
            )
        if self.fee_warning:
            raise UserError(self.fee_warning)
        product_sudo = self.fee_product_id.sudo().with_company(self.company_id)
        product_sudo.trustedshops_is_booking_checked = True

    # === WHAT IS SOLD === #
    def _has_fresh_items(self):
        """Return True if Trusted Shops confirmed the fee table in the last 72 hours."""
        oldest = fields.Datetime.now() - timedelta(hours=72)
        return bool(self.items_checked_at and self.items_checked_at >= oldest)

    def _get_fee_taxes(self):
        """Return the taxes with which a domestic buyer is charged the fee.

        :return: records of ``account.tax``, those of the certificate's company only
        """
        self.ensure_one()
        return self.fee_product_id.taxes_id._filter_taxes_by_company(self.company_id)

    def _get_fee_account(self):
        """Return the income account of the fee, before a fiscal position maps it.

        Product, category and company are tried as in ``account.move.line``, then the
        company's first sale journal.

        :return: record of ``account.account``, empty without one
        """
        self.ensure_one()
        if not self.fee_product_id:
            return self.env["account.account"]
        template = self.fee_product_id.with_company(self.company_id).product_tmpl_id
        journals = self.env["account.journal"]
        domain = [
            ("company_id", "in", self.company_id.parent_ids.ids),
            ("type", "=", "sale"),
        ]
        return (
            template.get_product_accounts()["income"]
            or journals.search(domain, limit=1).default_account_id
        )

    @api.model
    @tools.ormcache("certificate_id", "checked_at")
    def _get_items_in_cache(self, certificate_id, checked_at):
        """Return the fee table of a certificate from a cache, for pages of shoppers.

        :param int certificate_id: id of the certificate
        :param checked_at: its ``items_checked_at``, which changes with the table: other
            workers learn late that a cron cleared the cache
        :rtype: list of ProtectionItem
        """
        items_sudo = self.sudo().browse(certificate_id).item_ids
        return [item._to_lib() for item in items_sudo]

    # === IN WORDS === #
    @api.model
    def _get_tax_words(self, taxes, is_net=False):
        """Return the tax of the fee in words for the buyer.

        The words name the rate if there is only one. No tax is due at a rate of 0, or
        with a reverse charge.

        :param taxes: records of ``account.tax`` with which the fee is sold
        :param bool is_net: whether the amount beside the words is without tax
        :return: "incl. 19% VAT", "plus 19% VAT", '' when no tax is due
        :rtype: str
        """
        due = taxes.flatten_taxes_hierarchy().filtered(
            lambda tax: tax.amount and not tax.has_negative_factor
        )
        rates = due.filtered(lambda tax: tax.amount_type != "fixed")
        if not due:
            return ""
        if len(rates) != 1 or rates.amount_type != "percent":
            return self.env._("plus VAT") if is_net else self.env._("incl. VAT")
        rate = format_percent(
            Decimal(str(rates.amount)) / 100,  # 5.6 / 100 is not 0.056
            locale=babel_locale_parse(get_lang(self.env).code),
            decimal_quantization=False,
        )
        if is_net:
            return self.env._("plus %(rate)s VAT", rate=rate)
        return self.env._("incl. %(rate)s VAT", rate=rate)

    # === FINDINGS === #
    def _get_fee_problem(self, taxes, account):
        """Return the code of the message about a wrong set-up of the fee.

        :param taxes: records of ``account.tax`` with which the fee is sold
        :param account: record of ``account.account`` on which it is booked
        :return: '' when the fee can be sold and booked
        :rtype: str
        """
        if not self.can_sell_fee:
            return "fee_unsold"
        return "" if taxes and account else "fee_incomplete"

    def _get_fee_findings(self):
        """List the findings about the fee table and the sale and booking of the fee.

        :return: see :meth:`_prepare_finding`
        :rtype: list of dict
        """
        currencies = self.item_ids.currency_id
        own = self.website_id._trustedshops_get_currencies()
        code = ""
        if not (self.item_ids and self._has_fresh_items()):
            code = "items_none"
        elif self.website_id and not own & currencies:
            code = "items_currency"
        words = {
            "currency": ", ".join(own.mapped("name")),
            "currencies": ", ".join(currencies.mapped("name")),
        }
        findings = []
        if code:
            at = self.items_checked_at
            findings.append(self._prepare_finding(code, at=at, **words))
        fee = self._get_fee_taxes(), self._get_fee_account()
        if code := self._get_fee_problem(*fee):
            company = self.company_id.name
            findings.append(self._prepare_finding(code, company=company))
        if self.misfit_order_id:
            order, product = self.misfit_order_id.name, self.fee_product_id.display_name
            words = {"order": order, "product": product}
            findings.append(self._prepare_finding("misfit", **words))
        return findings

    def _update_misfit(self, order):
        """Store an order whose total did not rise by exactly the fee.

        Do nothing if one is stored, or if another process holds the certificate: then
        the next tick of the box stores it.

        :param order: record of ``sale.order``
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        if locked and not self.misfit_order_id:
            self.sudo().misfit_order_id = order
