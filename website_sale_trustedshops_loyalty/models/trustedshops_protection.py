# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def _get_means_of_payment(self):
        """Override of `website_sale_trustedshops`: cards and eWallets are some, too."""
        lines = self.order_id._trustedshops_get_payment_lines()
        cards = lines.coupon_id.mapped("display_name")
        return [*cards, *super()._get_means_of_payment()]
