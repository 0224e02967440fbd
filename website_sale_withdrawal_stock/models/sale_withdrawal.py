# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError


class SaleWithdrawal(models.Model):
    _inherit = "sale.withdrawal"

    def action_return(self):
        """Open core's dialog to return goods, or the list of transfers to choose from.

        :rtype: dict
        :raise UserError: when nothing was dispatched
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
