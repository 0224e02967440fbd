# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class TrustedShopsNumberEntry(models.TransientModel):
    """Asks for the number of an application whose answer was lost."""

    _name = "trustedshops.number.entry"
    _description = "Enter the application number"
    _inherit = ["trustedshops.dialog"]

    protection_id = fields.Many2one(
        "trustedshops.protection",
        required=True,
        readonly=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    # Read with the rights of the user, who could pass any id.
    order_reference = fields.Char(
        related="protection_id.order_reference", related_sudo=False
    )
    placed_at = fields.Datetime(related="protection_id.placed_at", related_sudo=False)
    state = fields.Selection(related="protection_id.state", related_sudo=False)
    number = fields.Char(string="Application Number")

    def action_apply(self):
        """Store the number, and start the queue, which asks for the decision.

        :return: action that closes the dialog
        :rtype: dict
        :raise AccessError: without the right to do that
        :raise UserError: when it is not a number, or is that of another order
        """
        self.ensure_one()
        self.protection_id._set_number(self.number)
        return {"type": "ir.actions.act_window_close"}
