# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

REST = "rest"


class TrustedShopsService(models.Model):
    _inherit = "trustedshops.service"

    kind = fields.Selection(
        selection_add=[(REST, "Reviews")], ondelete={REST: "cascade"}
    )

    def _find_logins(self):
        """Override to return the accounts that were connected."""
        if self.kind != REST:
            return super()._find_logins()
        accounts = self.env["trustedshops.account"].sudo()
        place = [("environment", "=", self.environment), ("state", "!=", "draft")]
        return accounts.search(place)

    def _wake(self):
        """Override to start the queues of invitations and answers."""
        if self.kind != REST:
            super()._wake()
            return
        self.env["trustedshops.account"]._trigger_queues()
