# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    trustedshops_extra_days = fields.Integer(
        string="Extra Days Before Review Invitations",
        help="Buyers are invited to review their order so many days later than the"
        " channel says: this delivery method takes longer.",
    )
