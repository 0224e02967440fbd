# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .. import const


class ResCompany(models.Model):
    _inherit = "res.company"

    trustedshops_consent_years = fields.Integer(
        string="Keep Consents for",
        required=True,
        default=const.CONSENT_YEARS,
        help="Years for which consents to review invitations are kept as proof. The"
        " words that buyers read should state the same number.",
    )

    _trustedshops_consent_years_positive = models.Constraint(
        "CHECK (trustedshops_consent_years > 0)",
        "Consents are the proof that buyers agreed: keep them for at least a year.",
    )
