# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _withdrawal_get_deliveries(self):
        """Return the transfers to the buyer, except cancelled ones.

        :return: records of ``stock.picking``
        """
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state != "cancel"
                and picking.location_dest_id._is_outgoing()
                and not picking.location_id._is_outgoing()
            )
        )

    def _withdrawal_get_dispatched_at(self):
        """Override of `website_sale_withdrawal` to read the transfers.

        Return when the last one was done, False while one is open. The order's
        ``effective_date`` is that of its first transfer.
        """
        deliveries = self._withdrawal_get_deliveries()
        if not deliveries:
            return super()._withdrawal_get_dispatched_at()
        if any(picking.state != "done" for picking in deliveries):
            return False
        return max(deliveries.mapped("date_done"))
