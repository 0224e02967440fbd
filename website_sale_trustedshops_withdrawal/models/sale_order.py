# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from odoo.addons.website_sale_trustedshops.models.checkout.placing import Undone


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_undone(self):
        """Override of `website_sale_trustedshops` to add declared withdrawals.

        One that names articles leaves the buyer a part, and one that was refused counts
        for nothing. It is certain once it is valid and surely covers the whole order;
        its credit note may come later.
        """
        undone = super()._trustedshops_get_undone()
        if undone:
            return undone
        declared = self.sudo().withdrawal_ids.filtered(
            lambda each: each.state != "invalid" and not each.articles
        )
        valid = declared.filtered(
            lambda each: each.state in ("valid", "settled") and each._is_whole()
        )
        return Undone("withdrawn", bool(valid)) if declared else None
