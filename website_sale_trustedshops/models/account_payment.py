# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
        compute_sudo=True,
        help="What Trusted Shops charges for the protection of the buyer, taxes in."
        " Empty when only a part of the invoice is paid: nobody can tell which part.",
    )

    @api.depends(
        "amount",
        "currency_id",
        "payment_transaction_id.trustedshops_fee_amount",
        "reconciled_invoice_ids",
    )
    def _compute_trustedshops_fee_amount(self):
        for payment in self:
            fee = payment.payment_transaction_id.trustedshops_fee_amount
            payment.trustedshops_fee_amount = (
                fee or payment._trustedshops_get_invoiced_fee()
            )

    def _trustedshops_get_invoiced_fee(self):
        """Return the fee in the invoices, or credit notes, that this payment settles.

        :return: in the payment's currency; 0 when they are not paid by it to the cent
        :rtype: float
        """
        self.ensure_one()
        moves = self.reconciled_invoice_ids
        total = sum(moves.mapped("amount_total"))
        if moves.currency_id != self.currency_id or self.currency_id.compare_amounts(
            total, self.amount
        ):
            return 0.0
        return sum(moves.mapped("trustedshops_fee_amount"))
