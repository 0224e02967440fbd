# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.lib.address import (
    get_spellings,
    normalize_address,
)

from ..models.invitation.staff import ARRIVED_STATES

CONSENT = "trustedshops.consent"
KEPT = "website_sale_trustedshops_reviews.erasure_kept"
# Records of one kind that are listed with a link.
LINKS = 10


class TrustedShopsErasure(models.TransientModel):
    """Removes what this addon knows of a person who asks for it."""

    _name = "trustedshops.erasure"
    _description = "Erase a Person's Data"

    email = fields.Char(
        string="E-mail Address", required=True, default=lambda self: self._find_email()
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        compute="_compute_company_ids",
        precompute=True,
        store=True,
        readonly=False,
    )
    # Whose they are, only a person can tell.
    possible_review_ids = fields.Many2many(
        "trustedshops.review",
        compute="_compute_possible_review_ids",
        compute_sudo=False,
        export_string_translation=False,
    )
    review_ids = fields.Many2many("trustedshops.review", string="Erase These, Too")
    kept = fields.Html(
        compute="_compute_kept",
        compute_sudo=False,
        sanitize=False,
        export_string_translation=False,
    )

    @api.model
    def _find_email(self):
        """Return the address of the record from which the form is opened."""
        record = self._find_record("res.partner") or self._find_record(CONSENT)
        return record and record.email

    @api.model
    def _find_record(self, model):
        """Return the record of a model from which the form is opened, may be empty."""
        context = self.env.context
        is_from = context.get("active_model") == model
        record = self.env[model].browse(is_from and context.get("active_id") or ())
        record.check_access("read")
        return record

    @api.depends("email")
    def _compute_company_ids(self):
        """Propose the consent's company, or where else the address is stored."""
        consent = self._find_record(CONSENT)
        for erasure in self:
            found = erasure._find_companies(normalize_address(erasure.email))
            own = self.env.companies & found.sudo(False)
            erasure.company_ids = consent.company_id or own or self.env.company

    @api.model
    def _find_companies(self, email):
        """Return where something of an address is stored, as companies in sudo.

        :param str email: normalized, may be empty
        """
        models_sudo = self.env["trustedshops.personal.data"]._get_models_sudo()
        found = [
            each._trustedshops_find_companies(email) for each in models_sudo if email
        ]
        return self.env["res.company"].concat(*found)

    @api.depends("email", "company_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_possible_review_ids(self):
        """List what is not certain: nothing is erased by guess."""
        reviews_sudo = self.env["trustedshops.review"].sudo()
        for erasure in self:
            email = normalize_address(erasure.email)
            found = email and reviews_sudo._find_possible(email)
            erasure.possible_review_ids = bool(found) and erasure._filter_own(found)

    @api.depends("email", "company_ids")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_kept(self):
        """List what names the person and stays, for it has rules of its own."""
        for erasure in self:
            email = normalize_address(erasure.email)
            rows = email and [
                erasure._prepare_kept(label, records)
                for label, records in erasure._find_kept(email)
                if records
            ]
            erasure.kept = email and self.env["ir.qweb"]._render(KEPT, {"rows": rows})

    def _prepare_kept(self, label, records_sudo):
        """Return the values of a row: what has a link, and how many there are else."""
        links = self._filter_own(records_sudo)[:LINKS]
        more = len(records_sudo) - len(links)
        return {"label": label, "links": links, "more": more}

    def _find_kept(self, email):
        """Return the records that name an address and are not erased.

        :param str email: normalized
        :return: pairs of a label and records in sudo, may be empty
        :rtype: list[tuple]
        """
        spellings = get_spellings(email)
        orders = self.env["sale.order"]._trustedshops_find_by_address(email)
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        contacts = contacts.search([("email_normalized", "in", spellings)])
        moves = self.env["account.move"].sudo()
        moves = moves.search(
            [("partner_id", "in", contacts.ids), ("move_type", "!=", "entry")]
        )
        protections = self.env["trustedshops.protection"].sudo()
        protections = protections.search(
            [
                "|",
                ("order_id", "in", orders.ids),
                ("buyer_email", "in", spellings),
            ]
        )
        invitations = self.env["trustedshops.invitation"].sudo()
        told = invitations.search(
            [("email", "=", email), ("state", "in", ARRIVED_STATES)]
        )
        found = (
            (self.env._("Contacts"), contacts),
            (self.env._("Sales Orders"), orders),
            (self.env._("Invoices"), orders.invoice_ids | moves),
            (self.env._("Buyer Protections"), protections),
            (self.env._("Orders That Trusted Shops Knows of"), told),
        )
        return [(label, self._filter_companies(records)) for label, records in found]

    def _filter_companies(self, records):
        """Return those records that belong to the companies of the form, or to all."""
        companies = self.company_ids._origin & self.env.companies
        return records.filtered(
            lambda each: not each.company_id or each.company_id in companies
        )

    def _filter_own(self, records_sudo):
        """Return those records of the form's companies that the user may read."""
        records = self._filter_companies(records_sudo).sudo(False)
        return records._filtered_access("read")

    def action_erase(self):
        """Erase the address in all models of Trusted Shops, and do not invite it.

        Contact and orders are not touched: they have rules of their own.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it is not exactly one address
        """
        self.ensure_one()
        consents = self.env[CONSENT]
        companies = self.company_ids or self.env.company
        if not consents._may_manage() or companies - self.env.companies:
            raise AccessError(
                self.env._("Only sales managers and administrators can do this.")
            )
        email = normalize_address(self.email)
        if not email:
            raise UserError(self.env._("Enter exactly one e-mail address."))
        # Before the address is gone, by which they are found.
        ticked_sudo = (self.review_ids & self.possible_review_ids).sudo()
        count = sum(self._erase(email, company) for company in companies)
        count += ticked_sudo._erase()
        self._find_open(email, companies).unlink()
        if not count:
            return show(
                self.env._(
                    "Nothing of this address was stored, so nothing was erased. A hash"
                    " of it stays, so that it is not invited."
                ),
                sticky=True,
            )
        return show(
            self.env._(
                "Erased, number of records: %(count)s. A hash of the address stays, so"
                " that the person is not invited again. Contact and orders are not"
                " touched, nor mails in their chatter, and what Trusted Shops has got"
                " has to be erased there.",
                count=count,
            ),
            sticky=True,
        )

    def _find_open(self, email, companies):
        """Return this form, and those of other users for an address, in sudo."""
        others = self.sudo().search([("company_ids", "in", companies.ids)])
        return self.sudo() | others.filtered(
            lambda each: normalize_address(each.email) == email
        )

    @api.model
    def _erase(self, email, company):
        """Return in how many records of a company a normalized address was erased."""
        # Before it is erased: what is on its way has to be stopped.
        self.env["trustedshops.suppression"]._suppress(email, company, "erasure")
        models_sudo = self.env["trustedshops.personal.data"]._get_models_sudo()
        return sum(each._trustedshops_erase(email, company) for each in models_sudo)
