# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    withdrawal_keep_years = fields.Integer(
        string="Keep Withdrawals for Years",
        default=3,
        help="Withdrawals are proof of what buyers declared. So many years after they"
        " were sent they are erased.",
    )
    withdrawal_transit_days = fields.Integer(
        string="Days in Transit",
        default=3,
        help="Days between dispatch and arrival. The end of the withdrawal period is"
        " estimated with them.",
    )

    _withdrawal_keep_years_positive = models.Constraint(
        "CHECK (withdrawal_keep_years > 0)",
        "Withdrawals are kept for one year at least.",
    )
    _withdrawal_transit_days_not_negative = models.Constraint(
        "CHECK (withdrawal_transit_days >= 0)",
        "Days in transit cannot be negative.",
    )
