# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_is_all_credited(self):
        """Override of `website_sale_trustedshops` to count a withdrawal as a credit.

        It has to be valid and to cover the whole order; its credit note may come later.
        """
        is_credited = super()._trustedshops_is_all_credited()
        return is_credited or self._trustedshops_is_withdrawn()

    def _trustedshops_is_withdrawn(self):
        """Return True if a valid or settled withdrawal surely covers the order."""
        return any(
            withdrawal.state in ("valid", "settled") and withdrawal._is_whole()
            for withdrawal in self.sudo().withdrawal_ids
        )
