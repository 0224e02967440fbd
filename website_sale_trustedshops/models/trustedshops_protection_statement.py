# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import AccessError

# Who compares the statement with the invoices of Trusted Shops.
BILLING_GROUPS = ("account.group_account_invoice", "sales_team.group_sale_manager")


class TrustedShopsProtection(models.Model):
    """What Trusted Shops bills, to compare with what the buyers pay."""

    _inherit = "trustedshops.protection"

    def _mark_as_billed(self, reference):
        """Note the invoice of Trusted Shops that contains these fees.

        :param str reference: its number
        :raise AccessError: without the rights
        """
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in BILLING_GROUPS):
            raise AccessError(
                self.env._(
                    "Only accountants and sales managers mark protections as billed."
                )
            )
        self.sudo().billed_ref = reference
        text = self.env._(
            "Billed by Trusted Shops with %(reference)s.", reference=reference
        )
        self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, text))
