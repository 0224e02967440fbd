# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find withdrawals by the exact address in Privacy Lookup, and keep them as proof."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..address import get_first_address

WITHDRAWAL = "sale.withdrawal"


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    def _get_query_models_blacklist(self):
        """Override of `privacy_lookup` to skip withdrawals in its inexact search."""
        return [*super()._get_query_models_blacklist(), WITHDRAWAL]

    def _get_query(self):
        """Override of `privacy_lookup` to add withdrawals with exactly this address.

        Those of the selected companies count. The customer of an order that a stranger
        named finds the withdrawal once staff assigned the order.
        """
        query = super()._get_query()
        email = get_first_address(self.email)
        # Both are stored as we normalize them.
        is_meant = Domain("email", "=", email) | Domain("copy_email", "=", email)
        is_meant &= Domain("company_id", "in", self.env.companies.ids)
        found = self.env[WITHDRAWAL].sudo().search(is_meant & Domain(bool(email)))
        if not found:
            return query
        return SQL(
            "%s UNION ALL SELECT %s, id, TRUE FROM %s WHERE id IN %s",
            query,
            self.env["ir.model"].sudo().search([("model", "=", WITHDRAWAL)]).id,
            SQL.identifier(found._table),
            tuple(found.ids),
        )


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = "privacy.lookup.wizard.line"

    def action_unlink(self):
        """Override of `privacy_lookup` to skip withdrawals, and to store the reason."""
        self.ensure_one()
        withdrawals = self.env[WITHDRAWAL].sudo()
        if self.res_model == WITHDRAWAL:
            withdrawals = withdrawals.browse(self.res_id).exists()
        if not withdrawals:
            return super().action_unlink()
        self.execution_details = self.env._(
            "Kept until %(date)s: a withdrawal is proof. To erase it before, press"
            " “Erase” on it.",
            date=format_date(self.env, withdrawals.keep_until),
        )
        return None
