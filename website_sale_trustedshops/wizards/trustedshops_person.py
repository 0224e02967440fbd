# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import json
import logging
from datetime import date, datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, format_datetime, formatLang

from ..lib.address import normalize_address
from ..models.address import find_by_address

_logger = logging.getLogger(__name__)

FOUND = "website_sale_trustedshops.person_found"
KEPT = "website_sale_trustedshops.person_kept"
# Records of one kind that are listed with a link.
LINKS = 10
PROTECTION_FIELDS = (
    "order_reference placed_at state partner_id buyer_email customer_reference"
    " payment_type order_amount protected_amount gross_fee currency_id fee_state"
    " application_number guarantee_number confirmed_at protected_until lang_id"
    " consent_at consent_text mailed_at"
).split()
REFUND_FIELDS = ("protection_id", "reason", "amount", "state")
VISIT_FIELDS = ("trustedshops_card_delivered_at", "trustedshops_registration_opened_at")


class Section(NamedTuple):
    """Records of one kind that are about a person.

    :param str label: heading, in the reader's language
    :param records: in sudo
    :param tuple names: fields that are shown and exported: no secret, no hash
    """

    label: str
    records: models.BaseModel
    names: tuple


class TrustedShopsPerson(models.TransientModel):
    """What is stored about the owner of an e-mail address, to read and to export.

    A data protection officer needs no rights on the records: they are read in sudo, and
    the user learns only what the form shows.
    """

    _name = "trustedshops.person"
    _description = "This Person"
    _inherit = ["trustedshops.dialog"]

    email = fields.Char(
        string="E-mail Address", required=True, default=lambda self: self._find_email()
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        compute="_compute_company_ids",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
    )
    found = fields.Html(
        compute="_compute_found",
        compute_sudo=False,
        sanitize=False,
        export_string_translation=False,
    )
    kept = fields.Html(
        compute="_compute_kept",
        compute_sudo=False,
        sanitize=False,
        export_string_translation=False,
    )
    # Computed for each download, so that the server keeps no copy.
    export_file = fields.Binary(
        compute="_compute_export_file",
        compute_sudo=False,
        export_string_translation=False,
    )

    # === WHOSE DATA === #
    @api.model
    def _find_email(self):
        """Return the address of the record from which the form is opened."""
        partner = self._find_record("res.partner")
        # A contact may have a name beside the address, or several addresses.
        return partner.email_normalized or partner.email

    @api.model
    def _find_record(self, model):
        """Return the record of a model from which the form is opened, may be empty."""
        context = self.env.context
        if context.get("active_model") != model:
            return self.env[model]
        record = self.env[model].browse(context.get("active_id") or ())
        record.check_access("read")
        return record

    @api.depends("email")
    def _compute_company_ids(self):
        """Propose the companies in which the address is stored."""
        for person in self:
            found = self._find_companies(normalize_address(person.email))
            person.company_ids = found or self.env.company

    @api.model
    def _find_companies(self, email):
        """Return which of the user's companies store anything about an address."""
        return self.env.companies.filtered(
            lambda company: email and self._is_stored(email, company)
        )

    @api.model
    def _is_stored(self, email, company):
        """Return whether a company stores anything about a normalized address."""
        found = self.browse()._find_sections(email, company)
        orders = self.env["sale.order"]._trustedshops_find_by_address(email)
        return any(each.records for each in found) or company in orders.company_id

    def _get_companies(self):
        """Return the companies whose data the form shows.

        :raise AccessError: when one of them is not active for the user; administrators
            could choose any company
        """
        companies = self.company_ids._origin
        if companies - self.env.companies:
            raise AccessError(self.env._("Choose companies in which you work."))
        return companies

    # === WHAT IS STORED === #
    def _find_sections(self, email, company):
        """Return what a company stores about an address. To be extended.

        :param str email: normalized, not empty
        :param company: record of ``res.company``
        :return: in the order in which it is shown, each with its records in sudo
        :rtype: list[Section]
        """
        protections = self._find_protections(email).filtered(
            lambda each: each.company_id == company
        )
        refunds = protections.refund_ids
        orders = self.env["sale.order"]._trustedshops_find_by_address(email)
        visited = orders.filtered(
            lambda order: (
                order.company_id == company
                and any(order[name] for name in VISIT_FIELDS)
            )
        )
        return [
            Section(self.env._("Buyer Protections"), protections, PROTECTION_FIELDS),
            Section(self.env._("Fees Given Back"), refunds, REFUND_FIELDS),
            Section(self.env._("Orders"), visited, ("name", *VISIT_FIELDS)),
        ]

    @api.model
    def _find_protections(self, email):
        """Return the protections of an address, of all companies, in sudo.

        An order that has the address only elsewhere belongs to another person.
        """
        protections = self.env["trustedshops.protection"].sudo()
        paths = ("order_id.partner_id.email_normalized", "buyer_email")
        found = [find_by_address(protections, path, email) for path in paths]
        return protections.union(*found).sorted()

    def _find_rows(self, purpose):
        """Return what is stored, by company and heading, and log who asked for it.

        :param str purpose: why it is read, for the log
        :return: for each record the values that it has, by label
        :rtype: dict[str, dict[str, list[dict]]]
        """
        self.check_access("read")
        email, rows = normalize_address(self.email), {}
        for company in self._get_companies() if email else ():
            sections = self._find_sections(email, company)
            rows[company.name] = {
                each.label: [
                    self._prepare_row(record, each.names) for record in records
                ]
                for each in sections
                if (records := each.records)
            }
            self._log(purpose, company, sum(len(each.records) for each in sections))
        return rows

    @api.model
    def _prepare_row(self, record_sudo, names):
        """Return the values of a record by label, without empty ones."""
        pairs = (
            (record_sudo._fields[name], self._get_value(record_sudo, name))
            for name in names
        )
        return {
            field._description_string(self.env): value
            for field, value in pairs
            if value or isinstance(value, (int, float)) and value is not False
        }

    @api.model
    def _get_value(self, record_sudo, name):
        """Return the value of a field as people know it; moments are UTC."""
        field, value = record_sudo._fields[name], record_sudo[name]
        if field.type == "selection":
            return field.convert_to_export(value, record_sudo)
        return value.display_name if field.relational else value

    def _log(self, purpose, company, count):
        """Log who read how many records and why, but not whose records they are."""
        _logger.info(
            "Trusted Shops, data of a person: user %s, %s, company %s, records: %s",
            self.env.uid,
            purpose,
            company.id,
            count,
        )

    @api.depends("email", "company_ids")
    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_found(self):
        """Show what is stored."""
        for person in self:
            is_asked = bool(normalize_address(person.email))
            values = {
                "rows": person._find_rows("shown"),
                "get_words": person._get_words,
            }
            person.found = is_asked and self.env["ir.qweb"]._render(FOUND, values)

    @api.model
    def _get_words(self, value):
        """Return a value in words of the reader's language."""
        if value is True:
            return "✓"
        if isinstance(value, datetime):
            return format_datetime(self.env, value, dt_format="short")
        if isinstance(value, date):
            return format_date(self.env, value)
        return formatLang(self.env, value) if isinstance(value, float) else value

    # === WHAT STAYS === #
    @api.depends("email", "company_ids")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_kept(self):
        """List the records that name the person and that are never erased here."""
        for person in self:
            email = normalize_address(person.email)
            rows = email and [
                person._prepare_kept(label, records)
                for label, records in person._find_kept(email)
                if records
            ]
            person.kept = email and self.env["ir.qweb"]._render(KEPT, {"rows": rows})

    def _prepare_kept(self, label, records_sudo):
        """Return the values of a row: the linked records, and the number of others."""
        links = records_sudo.sudo(False)._filtered_access("read")[:LINKS]
        more = len(records_sudo) - len(links)
        return {"label": label, "links": links, "more": more}

    def _find_kept(self, email):
        """Return the records that name an address and are not erased. To be extended.

        :param str email: normalized, not empty
        :return: pairs of a label and records in sudo, may be empty
        :rtype: list[tuple]
        """
        self.check_access("read")
        orders = self.env["sale.order"]._trustedshops_find_by_address(email)
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        contacts = find_by_address(contacts, "email_normalized", email)
        moves = self.env["account.move"].sudo()
        moves = moves.search(
            [("partner_id", "in", contacts.ids), ("move_type", "!=", "entry")]
        )
        found = (
            (self.env._("Contacts"), contacts),
            (self.env._("Sales Orders"), orders),
            (self.env._("Invoices"), orders.invoice_ids | moves),
            (self.env._("Buyer Protections"), self._find_protections(email)),
        )
        return [(label, self._filter_companies(records)) for label, records in found]

    def _filter_companies(self, records):
        """Return those records that belong to the companies of the form, or to all."""
        companies = self._get_companies()
        return records.filtered(
            lambda each: not each.company_id or each.company_id in companies
        )

    # === EXPORT === #
    def _compute_export_file(self):
        """Write what is stored as JSON."""
        for person in self:
            content = {
                self.env._("E-mail Address"): normalize_address(person.email),
                self.env._("Exported on"): fields.Datetime.now(),
                self.env._("Companies"): person._find_rows("exported"),
            }
            text = json.dumps(
                content, default=self._get_iso, ensure_ascii=False, indent=2
            )
            person.export_file = base64.b64encode(text.encode())

    @api.model
    def _get_iso(self, value):
        """Return a date or a moment in ISO format, a moment with the Z of UTC."""
        return value.isoformat() + ("Z" if isinstance(value, datetime) else "")

    def action_export(self):
        """Download what is stored as one file.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        # The file does not name the person, because the server logs names of files.
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/trusted_shops.json"
            "?download=true&mimetype=application/json",
            "target": "download",
        }
