# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Core's Privacy Lookup: find a person by the exact address, and keep what is proof."""

from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from .address import find_by_address
from .protection.protection import get_first_email
from .protection.standing import may_be_deleted

# Years for which documents are kept after the end of theirs, by country of the company.
# Sources: section 147 AO, section 132 BAO, article 86 of Ordynacja podatkowa.
KEEP_YEARS = {"DE": 8, "AT": 7, "PL": 5}
KEEP_YEARS_ELSEWHERE = 10


class TrustedShopsPersonalData(models.AbstractModel):
    """Mark models with data of buyers, whose rows have a ``company_id``.

    Privacy Lookup asks every model that inherits this one, so none is forgotten.
    """

    _name = "trustedshops.personal.data"
    _description = "Trusted Shops: Data of Buyers"

    @api.model
    def _trustedshops_find_person(self, email):
        """Return the rows about the owner of an address, in all companies.

        :param str email: normalized, not empty
        """
        return self.browse()

    def _trustedshops_explain_kept(self):
        """Return why the row must be kept, and until when; '' if it need not be.

        :rtype: str
        """
        return ""

    def _trustedshops_erase(self, email):
        """Erase what names the person.

        :param str email: normalized
        """
        self.unlink()

    @api.model
    def _trustedshops_count_proofs(self):
        """Return what is lost when the addon is uninstalled.

        :return: number of rows that prove something, and until when they must be kept
        :rtype: tuple[int, datetime.date or None]
        """
        return 0, None


class TrustedShopsProtection(models.Model):
    _name = "trustedshops.protection"
    _inherit = ["trustedshops.protection", "trustedshops.personal.data"]

    @api.model
    def _trustedshops_find_person(self, email):
        """Override to find by the address that was sent, or that of the contact."""
        orders = self.env["sale.order"]._trustedshops_find_by_address(email)
        found = self.search([("order_id", "in", orders.ids)])
        found |= find_by_address(self, "buyer_email", email)
        return found.filtered("placed_at")

    def _trustedshops_explain_kept(self):
        """Override to keep what Trusted Shops or the books may know."""
        days = [
            _get_last_day(each.company_id, each.placed_at)
            for each in self
            if not may_be_deleted(each)
        ]
        if not days:
            return ""
        return self.env._(
            "Kept with the order, at least until %(date)s: Buyer Protection proves a"
            " contract, and its fee is in the books.",
            date=format_date(self.env, max(days)),
        )

    @api.model
    def _trustedshops_count_proofs(self):
        """Override to count the protections of placed orders."""
        placed = [("placed_at", "!=", False)]
        groups = self._read_group(placed, ["company_id"], ["__count", "placed_at:max"])
        days = [_get_last_day(company, last) for company, _count, last in groups]
        return sum(count for _company, count, _last in groups), max(days, default=None)


def _get_last_day(company, moment):
    """Return until when a company must keep the documents of a moment."""
    years = KEEP_YEARS.get(company.country_id.code, KEEP_YEARS_ELSEWHERE)
    return date(moment.year + years, 12, 31)


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    @api.model
    def _trustedshops_get_models(self):
        """Return the models that have data of buyers, in sudo.

        :rtype: list of empty records
        """
        mixin = "trustedshops.personal.data"
        names = self.env.registry.descendants([mixin], "_inherit")
        return [self.env[name].sudo() for name in sorted(names) if name != mixin]

    def _get_query_models_blacklist(self):
        """Override of `privacy_lookup`, whose search finds similar addresses, too."""
        own = [model._name for model in self._trustedshops_get_models()]
        return [*super()._get_query_models_blacklist(), *own]

    def _get_query(self):
        """Override of `privacy_lookup` to add what belongs to exactly this address."""
        query = super()._get_query()
        for records in self._trustedshops_find_person():
            query = SQL(
                # Not ALL: core finds most orders, too.
                "%s UNION SELECT %s AS res_model_id, id AS res_id, TRUE AS is_active"
                " FROM %s WHERE id IN %s",
                query,
                self.env["ir.model"]._get_id(records._name),
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        return query

    def _trustedshops_find_person(self):
        """Return what the user's companies store about the owner of the address.

        :return: records in sudo, of each model none or at least one
        :rtype: list of records
        """
        email = get_first_email(self.email)
        if not email:
            return []
        found = [self.env["sale.order"]._trustedshops_find_by_address(email)]
        for model in self._trustedshops_get_models():
            found.append(model._trustedshops_find_person(email))
        own = [("company_id", "in", (False, *self.env.companies.ids))]
        return list(filter(None, (records.filtered_domain(own) for records in found)))


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = "privacy.lookup.wizard.line"

    def _trustedshops_is_ours(self):
        """Return True if rules of ours decide what becomes of the record."""
        self.ensure_one()
        mixin = self.env.registry["trustedshops.personal.data"]
        return isinstance(self.env.get(self.res_model), mixin)

    def _trustedshops_get_record(self):
        """Return the record in sudo if it is one of ours, else an empty one.

        :raise AccessError: if it is of a company in which the user does not work
        """
        if not self._trustedshops_is_ours():
            return self.env["trustedshops.personal.data"]
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if record.company_id - self.env.companies:
            raise AccessError(self.env._("Choose the company of the record first."))
        return record

    def _trustedshops_explain_kept(self):
        """Return why the record must be kept, and until when; '' if it need not be."""
        record = self._trustedshops_get_record()
        if self.res_model == "sale.order":
            protections_sudo = self.env["trustedshops.protection"].sudo()
            record = protections_sudo.search([("order_id", "=", self.res_id)])
        return record._trustedshops_explain_kept()

    def action_unlink(self):
        """Override of `privacy_lookup` to erase what may be erased, and no more.

        :raise UserError: if the record must be kept
        """
        self.ensure_one()
        if not self.is_unlinked:
            if reason := self._trustedshops_explain_kept():
                raise UserError(reason)
            if record := self._trustedshops_get_record():
                record._trustedshops_erase(get_first_email(self.wizard_id.email))
                self.execution_details = self.env._(
                    "Erased: %(model)s #%(id)s",
                    model=self.res_model_id.name,
                    id=self.res_id,
                )
                self.is_unlinked = True
                return None
        return super().action_unlink()

    def action_unlink_all(self):
        """Override of `privacy_lookup` to skip what must be kept, and to say why."""
        kept = self.browse()
        for line in self.filtered(lambda each: not each.is_unlinked):
            if reason := line._trustedshops_explain_kept():
                line.execution_details = reason
                kept |= line
        return super(PrivacyLookupWizardLine, self - kept).action_unlink_all()

    def _compute_has_active(self):
        """Override of `privacy_lookup`: no record of ours is archived."""
        super()._compute_has_active()
        self.filtered(lambda each: each._trustedshops_is_ours()).has_active = False

    def _onchange_is_active(self):
        """Override of `privacy_lookup` to archive no record of ours."""
        others = self.filtered(lambda each: not each._trustedshops_is_ours())
        return super(PrivacyLookupWizardLine, others)._onchange_is_active()
