# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleWithdrawal(models.Model):
    _inherit = "sale.withdrawal"

    def write(self, vals):
        """Override of `website_sale_withdrawal` to apply the refund policy to the fee.

        An error in it is logged, and does not keep the withdrawal from being written.
        """
        orders = self.order_id
        result = super().write(vals)
        if "state" in vals or "order_id" in vals:
            for order in (orders | self.order_id).sudo():
                order._trustedshops_try(order.trustedshops_protection_id._sync_return)
        return result
