# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _prepare_global_discount_lines(self, base_lines, *args, **kwargs):
        """Override of `account`: a discount of the whole order leaves the fee out."""
        discounted = [
            line
            for line in base_lines
            if not getattr(line["record"], "is_trustedshops_protection", False)
        ]
        return super()._prepare_global_discount_lines(discounted, *args, **kwargs)
