# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class TrustedShopsRefund(models.Model):
    _inherit = "trustedshops.refund"

    def _refund_rewards(self):
        """Override of `website_sale_trustedshops` to give a gift card its part back.

        If the total of a confirmed order fell below zero, let the card pay less by that
        amount, and return the points to it. Other rewards stay as they are, and staff
        handle a line that is invoiced or taxed.
        """
        super()._refund_rewards()
        order = self.order_id
        if order.state != "sale":
            return  # core computes its rewards again before it is confirmed
        for line in order._trustedshops_get_payment_lines():
            surplus = min(-order.amount_total, -line.price_total)
            if surplus <= 0 or line.qty_invoiced or line.tax_ids:
                continue
            points = line.points_cost * surplus / -line.price_total
            line.price_unit += surplus
            line.points_cost -= points
            order._update_loyalty_history(line.coupon_id, -points)
