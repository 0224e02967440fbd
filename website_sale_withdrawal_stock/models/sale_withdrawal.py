# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError


class SaleWithdrawal(models.Model):
    _inherit = "sale.withdrawal"

    def _list_hints_of_order(self):
        """Override of `website_sale_withdrawal` to add a hint about returned goods."""
        yield from super()._list_hints_of_order()
        came_back = self.order_id.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.return_id
        )
        if came_back:
            yield self.env._(
                "Goods of this order were sent back or exchanged before: look at what"
                " the buyer still has."
            )

    def action_return(self):
        """Open core's return dialog for the done transfer, or the list of several.

        :return: action of the dialog or of the list
        :rtype: dict
        :raise UserError: when no transfer of the order is done
        """
        done = self.order_id._withdrawal_get_deliveries().filtered(
            lambda picking: picking.state == "done"
        )
        if not done:
            raise UserError(
                self.env._("Nothing was dispatched: cancel the transfer or the order.")
            )
        if len(done) > 1:
            return done._get_records_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.act_stock_return_picking"
        )
        context = {"active_model": "stock.picking", "active_id": done.id}
        return {**action, "context": {**context, "active_ids": done.ids}}
