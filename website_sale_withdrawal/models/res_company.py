# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .. import const


class ResCompany(models.Model):
    _inherit = "res.company"

    withdrawal_keep_years = fields.Integer(
        string="Keep Withdrawals for (Years)",
        default=const.KEEP_YEARS_GERMANY,
        help="Withdrawals from orders are kept to the end of the year, so many years"
        " after they were sent: as long as your country has business letters kept. For"
        " companies in Germany six years hold, see § 257 HGB and § 147 AO.",
    )
    withdrawal_next_steps = fields.Text(
        string="What Happens Next",
        translate=True,
        help="Appears in the receipt: until when and where goods are sent back, and"
        " when the money comes. Empty: the dates of the law.",
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

    def _withdrawal_get_keep_years(self):
        """Return the number of years for which a withdrawal from an order is kept.

        In Germany the law sets it, elsewhere the company.

        :rtype: int
        """
        is_german = self.partner_id.country_id.code == "DE"
        return const.KEEP_YEARS_GERMANY if is_german else self.withdrawal_keep_years
