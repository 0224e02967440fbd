# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class TrustedShopsRefund(models.Model):
    _inherit = "trustedshops.refund"

    def _credit(self):
        """Override of `website_sale_trustedshops` to let the till credit its sales."""
        if self.protection_id._get_till_lines():
            return self.credit_note_ids.browse()
        return super()._credit()

    def _get_balance(self):
        """Override of `website_sale_trustedshops` to return what the till owes."""
        if lines := self.protection_id._get_till_lines():
            balance = sum(lines.mapped("price_subtotal_incl")) - self.settled_amount
            return self.currency_id.round(balance)
        return super()._get_balance()

    def _settle_by_hand(self):
        """Override of `website_sale_trustedshops` to ask for a refund at the till."""
        lines = self.protection_id._get_till_lines()
        if not lines:
            return super()._settle_by_hand()
        amount = self._get_balance()
        self.state = "done"
        if amount > 0:
            self._ask_a_person(
                amount,
                self.env._(
                    "Refund the fee of Buyer Protection, %(amount)s, at the till: it is"
                    " a line of its own on %(receipts)s.",
                    amount=self.currency_id.format(amount),
                    receipts=", ".join(lines.order_id.mapped("name")),
                ),
            )
        return None
