# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
        help="What Trusted Shops charges for the protection of the buyer, taxes in.",
    )

    def write(self, vals):
        """Override of `account`: the fee follows its invoices and credit notes.

        A hook, and no stored computed field: that would ask for the protection with
        every change of a cart.
        """
        result = super().write(vals)
        if "state" in vals:
            self._trustedshops_follow_fee(vals["state"])
        return result

    def _invoice_paid_hook(self):
        """Override of `account`: what waited for the money is looked at again."""
        result = super()._invoice_paid_hook()
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        orders._trustedshops_reexamine_protection()
        for protection in self.sudo().invoice_line_ids.trustedshops_protection_id:
            protection.order_id._trustedshops_try(protection._close_settled_refund)
        return result

    def action_update_fpos_values(self):
        """Override of `account`: other taxes leave the fee what it is."""
        pinned = self.invoice_line_ids._trustedshops_get_pinned()
        result = super().action_update_fpos_values()
        pinned._trustedshops_pin_again()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Override of `account`: a fee that was credited is not credited again.

        A credit note that comes with a corrected invoice is core's: both have the fee.
        """
        reverse_moves = super()._reverse_moves(
            default_values_list=default_values_list, cancel=cancel
        )
        if not cancel:
            for credit_note in reverse_moves.sudo():
                if credit_note.move_type == "out_refund":
                    credit_note._trustedshops_leave_out_credited_fees()
        return reverse_moves

    def _trustedshops_leave_out_credited_fees(self):
        """Delete from a draft what was credited already, and say so."""
        self.ensure_one()
        credited = self.invoice_line_ids.filtered(
            lambda line: (
                line.trustedshops_protection_id
                and line.trustedshops_protection_id._get_fee_state() == "refunded"
            )
        )
        credited._trustedshops_take_out(
            self.env._(
                "The fee of Buyer Protection is left out: it was credited already."
            )
        )

    def _trustedshops_follow_fee(self, state):
        """Tell the protections of the orders on these invoices what became of them.

        :param str state: the new one
        """
        documents = self.sudo().filtered(lambda move: move.is_sale_document())
        lines = documents.invoice_line_ids
        protections = lines.sale_line_ids.order_id.trustedshops_protection_id
        # Those, too, whose order came back as a quotation without its line.
        for protection in protections | lines.trustedshops_protection_id:
            order = protection.order_id
            order._trustedshops_try(protection._follow_invoices)
            if state == "posted" and "out_invoice" in documents.mapped("move_type"):
                order._trustedshops_try(protection._follow_new_invoice)
            order._trustedshops_try(protection._follow_return)

    @api.depends(
        "invoice_line_ids.is_trustedshops_protection", "invoice_line_ids.price_total"
    )
    def _compute_trustedshops_fee_amount(self):
        for move in self:
            lines = move.invoice_line_ids.filtered("is_trustedshops_protection")
            move.trustedshops_fee_amount = sum(lines.mapped("price_total"))
