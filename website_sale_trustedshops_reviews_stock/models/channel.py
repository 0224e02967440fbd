# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _explain_trigger(self):
        """Override: the transfers say it."""
        return False
