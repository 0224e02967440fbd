# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    trustedshops_consent_years = fields.Integer(
        string="Keep Consents for",
        required=True,
        default=3,
        help="Years for which new consents to review invitations are kept as proof,"
        " counted from the end of their year. The words that buyers read name them.",
    )

    _trustedshops_consent_years_positive = models.Constraint(
        "CHECK (trustedshops_consent_years > 0)",
        "Consents are the proof that buyers agreed: keep them for at least a year.",
    )

    @api.model
    def _trustedshops_get_outdated_domain(self, name):
        """Return the domain of records older than their company keeps consents.

        :param str name: field with the moment of a record, which also has a
            ``company_id``
        :rtype: Domain
        """
        groups = self.sudo()._read_group(
            [], ["trustedshops_consent_years"], ["id:recordset"]
        )
        return Domain.OR(
            Domain("company_id", "in", companies.ids)
            & Domain(name, "<", companies[0]._trustedshops_get_oldest_kept())
            for _years, companies in groups
        )

    def _trustedshops_get_oldest_kept(self):
        """Return the moment before which consents are too old for this company to keep.

        They are kept until the end of their year plus the years of the company.

        :return: UTC
        :rtype: datetime.datetime
        """
        years = self.sudo().trustedshops_consent_years
        return datetime(fields.Datetime.now().year - years, 1, 1)
