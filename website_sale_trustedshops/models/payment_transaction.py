# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    trustedshops_protection_id = fields.Many2one(
        "trustedshops.protection",
        string="Buyer Protection",
        readonly=True,
        index="btree_not_null",
        help="The Buyer Protection that was part of the amount of this transaction.",
    )

    def _post_process(self):
        """Override of `payment` to go on with the protection of the orders paid."""
        result = super()._post_process()
        for transaction in self:
            orders = transaction.sale_order_ids
            if transaction._trustedshops_places_order():
                orders._trustedshops_place_protection()
            orders._trustedshops_reexamine_protection()
        return result

    def _trustedshops_places_order(self):
        """Tell whether the buyer has ordered although the money is not here.

        A wire transfer takes days and the service refuses orders older than three, so
        waiting for the money would lose the protection. Another provider's pending is
        often an abandoned redirect.

        :rtype: bool
        """
        self.ensure_one()
        return (
            self.state == "pending"
            and self.provider_code == "custom"
            and self.operation != "validation"
        )

    def _trustedshops_is_buyers_money(self):
        """Tell whether the transaction counts as paid for the sum of an order.

        :rtype: bool
        """
        self.ensure_one()
        return self.operation != "validation" and (
            self.state in ("authorized", "done") or self._trustedshops_places_order()
        )
