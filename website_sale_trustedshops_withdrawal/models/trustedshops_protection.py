# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def _explain(self, name, /, **values):
        """Override: an order that the buyer withdrew from need not be credited yet."""
        if name == "ended" and self.order_id._trustedshops_is_withdrawn():
            return self.env._(
                "The buyer withdrew from the whole order, but its Buyer Protection was"
                " applied for already and Trusted Shops has no way to cancel it."
                " Decide: press Refund fee to give the fee up, or leave it as it is."
            )
        return super()._explain(name, **values)
