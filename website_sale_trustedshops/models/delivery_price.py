# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Leave the fee out of delivery prices that depend on the order's total."""

from odoo import models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    def _get_price_available(self, order):
        """Override of `delivery` to leave the fee out of a price by rules.

        Core adds up the order here; ``_get_price_dict`` then subtracts the fee.
        """
        fee = order.sudo()._trustedshops_get_fee_in_total()
        fee = self._compute_currency(order, fee, "pricelist_to_company")
        carrier = self.with_context(trustedshops_fee=fee)
        return super(DeliveryCarrier, carrier)._get_price_available(order)

    def _get_price_dict(self, total, weight, volume, quantity, wv=0.0):
        """Override of `delivery` to subtract the fee from the order's total."""
        total -= self.env.context.get("trustedshops_fee", 0.0)
        return super()._get_price_dict(total, weight, volume, quantity, wv=wv)
