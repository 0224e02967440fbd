# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.website_sale_trustedshops.client_action import show

from ..lib.address import normalize_address

CONSENT = "trustedshops.consent"


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
        models_sudo = self.env["trustedshops.personal.data"]._get_models_sudo()
        for erasure in self:
            email = normalize_address(erasure.email)
            found = self.env["res.company"].concat(
                *(each._trustedshops_find_companies(email) for each in models_sudo)
            )
            own = self.env.companies & found.sudo(False)
            erasure.company_ids = consent.company_id or own or self.env.company

    def action_erase(self):
        """Erase the address in all models of Trusted Shops, and never invite it.

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
        count = sum(self._erase(email, company) for company in companies)
        self.sudo().unlink()  # nor does it stay here
        if not count:
            return show(
                self.env._(
                    "Nothing of this address was stored, so nothing was erased. It is"
                    " never invited from now on: a hash of it stays for that."
                ),
                sticky=True,
            )
        return show(
            self.env._(
                "Erased in %(count)s records. A hash of the address stays, so that the"
                " person is never invited again. Contact and orders are not touched,"
                " nor mails in their chatter, and what Trusted Shops has got has to be"
                " erased there.",
                count=count,
            ),
            sticky=True,
        )

    @api.model
    def _erase(self, email, company):
        """Return in how many records of a company a normalized address was erased."""
        # Before it is erased: what is on its way has to be stopped.
        self.env["trustedshops.suppression"]._suppress(email, company, "erasure")
        models_sudo = self.env["trustedshops.personal.data"]._get_models_sudo()
        return sum(each._trustedshops_erase(email, company) for each in models_sudo)
