# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    is_trustedshops_protection = fields.Boolean(
        string="Buyer Protection", readonly=True
    )

    def _select_additional_fields(self):
        """Override of `sale` to tell the fee from what the shop sells."""
        result = super()._select_additional_fields()
        result["is_trustedshops_protection"] = "l.is_trustedshops_protection"
        return result

    def _group_by_sale(self):
        """Override of `sale`, see above."""
        return f"{super()._group_by_sale()}, l.is_trustedshops_protection"
