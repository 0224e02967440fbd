# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class TrustedShopsRefundEnd(models.TransientModel):
    """Asks on which day a fee was paid back outside of Odoo, or why it is not."""

    _name = "trustedshops.refund.end"
    _description = "Settle the Fee"
    _inherit = ["trustedshops.dialog"]

    refund_id = fields.Many2one(
        "trustedshops.refund",
        required=True,
        readonly=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    outcome = fields.Selection(
        [("paid_back", "Paid Back"), ("nothing", "Nothing to Pay Back")],
        required=True,
        default="paid_back",
        export_string_translation=False,
    )
    day = fields.Date(string="Paid Back On", default=fields.Date.context_today)
    reason = fields.Char()

    def action_apply(self):
        """Settle the fee.

        :return: action that shows a notification
        :rtype: dict
        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled, or a refund begins right now
        """
        self.ensure_one()
        if self.outcome == "nothing":
            return self.refund_id.action_nothing_to_pay_back(self.reason)
        return self.refund_id.action_mark_paid_back(self.day)
