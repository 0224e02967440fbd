# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class TrustedShopsMailResend(models.TransientModel):
    """Asks for the address to which to send the buyer's mail again."""

    _name = "trustedshops.mail.resend"
    _description = "Send the Mail Again"
    _inherit = ["trustedshops.dialog"]

    protection_id = fields.Many2one(
        "trustedshops.protection",
        required=True,
        readonly=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    email = fields.Char()

    def action_send(self):
        """Send the mail to the address, and store it as the buyer's.

        :raise AccessError: without the right to do that
        :raise UserError: when it is not an address, or no mail can be sent any more
        """
        self.ensure_one()
        self.protection_id._resend_mail(self.email)
