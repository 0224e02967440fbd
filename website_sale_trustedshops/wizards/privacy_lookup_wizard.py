# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Extends Privacy Lookup: finds our records by exact address, and keeps proofs."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.address import get_first_email


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    @api.model
    def _trustedshops_get_models(self):
        """Return the models that inherit ``trustedshops.personal.data``, in sudo.

        :rtype: list of empty recordsets
        """
        mixin = "trustedshops.personal.data"
        names = self.env.registry.descendants([mixin], "_inherit")
        return [self.env[name].sudo() for name in sorted(names) if name != mixin]

    def _get_query_models_blacklist(self):
        """Override of `privacy_lookup` to leave our models to our exact search."""
        own = [model._name for model in self._trustedshops_get_models()]
        return [*super()._get_query_models_blacklist(), *own]

    def _get_query(self):
        """Override of `privacy_lookup` to add the records of exactly this address."""
        query = super()._get_query()
        models_sudo = self.env["ir.model"].sudo()
        for records in self._trustedshops_search_person():
            query = SQL(
                # UNION without ALL, because core also finds most orders.
                "%s UNION SELECT %s AS res_model_id, id AS res_id, TRUE AS is_active"
                " FROM %s WHERE id IN %s",
                query,
                models_sudo.search([("model", "=", records._name)]).id,
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        return query

    def _trustedshops_search_person(self):
        """Return our records and the orders of the owner of the address.

        Leave out records of companies that are not active for the user.

        :return: recordsets in sudo, one for each model, none of them empty
        :rtype: list
        """
        email = get_first_email(self.email)
        if not email:
            return []
        found = [self.env["sale.order"]._trustedshops_search_by_address(email)]
        for model in self._trustedshops_get_models():
            found.append(model._trustedshops_search_person(email))
        own = [("company_id", "in", (False, *self.env.companies.ids))]
        return list(filter(None, (records.filtered_domain(own) for records in found)))


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = "privacy.lookup.wizard.line"

    def _trustedshops_is_ours(self):
        """Return True if the model inherits ``trustedshops.personal.data``."""
        self.ensure_one()
        mixin = self.env.registry["trustedshops.personal.data"]
        return isinstance(self.env.get(self.res_model), mixin)

    def _trustedshops_get_record(self):
        """Return the record of a line of ours in sudo; an empty one if it was deleted.

        :raise AccessError: if its company is not among the user's active ones
        """
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if record.company_id - self.env.companies:
            raise AccessError(self.env._("Choose the company of the record first."))
        return record

    def action_unlink(self):
        """Override of `privacy_lookup` to erase our records by our own rules.

        Skip a record that must be kept, and store the reason in ``execution_details``.

        :raise AccessError: if its company is not among the user's active ones
        """
        self.ensure_one()
        if self.is_unlinked or not self._trustedshops_is_ours():
            return super().action_unlink()
        # Another user may have deleted it meanwhile.
        if record := self._trustedshops_get_record():
            if reason := record._trustedshops_format_kept():
                self.execution_details = reason
                return None
            record._trustedshops_remove_person(get_first_email(self.wizard_id.email))
        self.execution_details = self.env._(
            "Erased: %(model)s #%(id)s", model=self.res_model_id.name, id=self.res_id
        )
        self.is_unlinked = True
        return None

    def _compute_has_active(self):
        """Override of `privacy_lookup` to offer no archiving of our records."""
        result = super()._compute_has_active()
        self.filtered(lambda each: each._trustedshops_is_ours()).has_active = False
        return result

    def _onchange_is_active(self):
        """Override of `privacy_lookup` to archive none of our records."""
        others = self.filtered(lambda each: not each._trustedshops_is_ours())
        return super(PrivacyLookupWizardLine, others)._onchange_is_active()
