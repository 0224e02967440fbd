# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .. import const


class PaymentMethod(models.Model):
    _inherit = "payment.method"

    trustedshops_payment_type = fields.Selection(
        const.PAYMENT_TYPES,
        string="Trusted Shops Payment Type",
        compute="_compute_trustedshops_payment_type",
        recursive=True,
        store=True,
        readonly=False,
        help="The payment type that is reported to Trusted Shops.",
        groups="base.group_user",
    )

    @api.depends("code", "primary_payment_method_id.trustedshops_payment_type")
    def _compute_trustedshops_payment_type(self):
        for method in self:
            primary = method.primary_payment_method_id
            by_code = const.PAYMENT_TYPE_BY_METHOD.get(method.code)
            method.trustedshops_payment_type = (
                by_code or primary.trustedshops_payment_type or "OTHER"
            )
