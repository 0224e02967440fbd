# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import AccessError

# What the shop notes while it serves a buyer.
NOTED = {
    "trustedshops_card_delivered_at",
    "trustedshops_certificate_id",
    "trustedshops_protection_id",
    "trustedshops_refunded_protection_id",
}


class TrustedShopsNoted(models.AbstractModel):
    """Nobody but this addon says what belongs to an order or a payment.

    ``readonly`` is for forms only. Over RPC somebody could link his order to another's
    protection and read its numbers, or unlink one that is then sent for a cancelled
    order.
    """

    _name = "trustedshops.noted"
    _description = "What the Shop Notes"

    @api.model
    def default_get(self, fields):
        """Override of the framework: a caller's default notes nothing either."""
        if not self.env.su:
            fields = [name for name in fields if name not in NOTED]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to refuse what is noted by hand.

        :raise AccessError: when a person's values have some of it
        """
        self._trustedshops_check_noted(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override of the framework to refuse what is noted by hand.

        :raise AccessError: when a person's values have some of it
        """
        self._trustedshops_check_noted([vals])
        return super().write(vals)

    @api.model
    def _trustedshops_check_noted(self, vals_list):
        """Refuse what only the shop itself notes.

        :param list vals_list: dicts of ``create`` or ``write``
        :raise AccessError: when there is some of it
        """
        if not self.env.su and any(NOTED & vals.keys() for vals in vals_list):
            raise AccessError(
                self.env._(
                    "What the shop notes about Trusted Shops at an order follows from"
                    " what its buyer did there; nobody can enter or remove it."
                )
            )


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "trustedshops.noted"]


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "trustedshops.noted"]
