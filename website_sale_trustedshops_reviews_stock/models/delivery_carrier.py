# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.fields import Domain


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    trustedshops_extra_days = fields.Integer(
        string="Extra Days Before Review Invitations",
        help="Buyers are invited to review their order so many days later than the"
        " channel says: this delivery method takes longer.",
    )

    def write(self, vals):
        """Override of the framework to decide again about waiting invitations."""
        result = super().write(vals)
        if "trustedshops_extra_days" in vals:
            invitations_sudo = self.env["trustedshops.invitation"].sudo()
            invitations_sudo._trigger_decision(
                Domain("order_id.carrier_id", "in", self.ids)
            )
        return result
