# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import AccessError

LINK = "trustedshops_protection_id"


class TrustedShopsLink(models.AbstractModel):
    """Nobody but this addon says which Buyer Protection belongs to what.

    ``readonly`` is for forms only. Over RPC somebody could link his order to another's
    protection and read its numbers, or unlink one that is then sent for a cancelled
    order.
    """

    _name = "trustedshops.link"
    _description = "Link to a Buyer Protection"

    @api.model
    def default_get(self, fields):
        """Override of the framework: a caller's default makes no link either."""
        if not self.env.su:
            fields = [name for name in fields if name != LINK]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to refuse a link by hand.

        :raise AccessError: when a person's values have one
        """
        self._trustedshops_check_link(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override of the framework to refuse a link by hand.

        :raise AccessError: when a person's values have one
        """
        self._trustedshops_check_link([vals])
        return super().write(vals)

    @api.model
    def _trustedshops_check_link(self, vals_list):
        """Refuse a link that a person makes, or takes away.

        :param list vals_list: dicts of ``create`` or ``write``
        :raise AccessError: when there is one
        """
        if not self.env.su and any(LINK in vals for vals in vals_list):
            raise AccessError(
                self.env._(
                    "Which Buyer Protection belongs to an order follows from the"
                    " buyer's choice in the shop; nobody can enter or remove it."
                )
            )


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "trustedshops.link"]


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "trustedshops.link"]
