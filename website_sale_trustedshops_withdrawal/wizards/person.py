# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from odoo.addons.website_sale_trustedshops.models.address import find_by_address
from odoo.addons.website_sale_trustedshops.wizards.trustedshops_person import Section

WITHDRAWAL_FIELDS = (
    "received_at buyer_name email order_reference order_id details articles remark"
    " is_verified lang state reason receipt_at copy_email copy_at"
).split()


class TrustedShopsPerson(models.TransientModel):
    """Shows the withdrawals of a person; they stay, because they are proof."""

    _inherit = "trustedshops.person"

    def _find_sections(self, email, company):
        """Override to add withdrawals, also those of which the address got a copy."""
        withdrawals = self._find_withdrawals(email).filtered(
            lambda each: each.company_id == company
        )
        return [
            *super()._find_sections(email, company),
            Section(self.env._("Withdrawals"), withdrawals, WITHDRAWAL_FIELDS),
        ]

    def _find_kept(self, email):
        """Override to add withdrawals, why they stay, and how to erase one."""
        label = self.env._(
            "Withdrawals (proof until their years are over; each has a button to erase"
            " it)"
        )
        withdrawals = self._filter_companies(self._find_withdrawals(email))
        return [*super()._find_kept(email), (label, withdrawals)]

    def _find_withdrawals(self, email):
        """Return the withdrawals that hold an address, of all companies, in sudo."""
        withdrawals = self.env["sale.withdrawal"].sudo()
        found = (
            find_by_address(withdrawals, name, email)
            for name in ("email", "copy_email")
        )
        return withdrawals.union(*found).sorted()
