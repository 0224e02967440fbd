# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeps the fee right on invoices and credit notes, and follows their payments."""

from odoo import api, fields, models

from ... import const


class AccountMove(models.Model):
    _inherit = "account.move"

    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
        compute_sudo=True,
    )

    @api.depends(
        "invoice_line_ids.trustedshops_protection_id", "invoice_line_ids.price_total"
    )
    def _compute_trustedshops_fee_amount(self):
        for move in self:
            lines = move.invoice_line_ids.filtered("trustedshops_protection_id")
            move.trustedshops_fee_amount = sum(lines.mapped("price_total"))

    def write(self, vals):
        """Override of `account` to update protections and refunds of the fees.

        Do so after a change of state or of matched payments; with stored computed
        fields, every change of a cart would read the protection. When an invoice is
        reset to draft, remove a fee that was given up before.
        """
        if "state" not in vals:
            result = super().write(vals)
            if "matched_payment_ids" in vals:
                self._trustedshops_sync_refunds()
            return result
        # Remove only fees that are not charged, both before and after this write.
        off = self.invoice_line_ids._trustedshops_filter_not_charged()
        result = super().write(vals)
        protections = self._trustedshops_get_protections()
        if vals["state"] == "draft":
            off = off.filtered(lambda line: line.move_type == "out_invoice")
            off._trustedshops_filter_not_charged()._trustedshops_remove()
        for protection in protections:
            order = protection.order_id
            order._trustedshops_try(protection._sync_invoices)
            order._trustedshops_try(protection._sync_return)
            order._trustedshops_try(protection.refund_ids._sync_state)
        return result

    def _trustedshops_get_protections(self):
        """Return the protections of the lines and orders of sale documents, in sudo."""
        documents = self.sudo().filtered(lambda move: move.is_sale_document())
        lines = documents.invoice_line_ids
        protections = lines.sale_line_ids.order_id.trustedshops_protection_id
        # The order of a line may be a quotation again, without its protection.
        return protections | lines.trustedshops_protection_id

    def _invoice_paid_hook(self):
        """Override of `account` to update protections after a payment."""
        result = super()._invoice_paid_hook()
        lines = self.sudo().invoice_line_ids
        lines.sale_line_ids.order_id._trustedshops_sync_money()
        return result

    def _trustedshops_sync_refunds(self):
        """Update the state of the refunds of fees on these documents."""
        for refund in self._trustedshops_get_protections().refund_ids:
            refund.order_id._trustedshops_try(refund._sync_state)

    def _trustedshops_reopen_refunds(self):
        """Open the refunds of fees on these documents, and start the scheduled action.

        That action settles again those that are still settled. A refund that was ended
        for good stays ended.
        """
        refunds = self._trustedshops_get_protections().refund_ids
        undone = refunds.filtered(
            lambda each: each.state == "done" and not each._is_ended()
        )
        if undone:
            undone.state = "open"
            undone._trigger_cron()

    # === FEES THAT WERE GIVEN BACK === #
    # Documents that are created, posted or reset to draft later do not contain them.

    def _trustedshops_log_left_out(self):
        """Log in the chatter of these documents that the fee is not charged."""
        body = self.env["trustedshops.message"]._format_message("fee_left_out")
        for move in self:
            move.message_post(body=body)

    def _trustedshops_log_copies(self, copies):
        """Log in the chatter of each copy that lacks the fee that it was left out.

        :param copies: records of ``account.move``: one copy per record, in the same
            order
        """
        for move, copy in zip(self, copies, strict=True):
            if move.invoice_line_ids._trustedshops_filter_left_out():
                copy._trustedshops_log_left_out()

    def copy(self, default=None):
        """Override of `account` to log on the copies that a fee was left out."""
        copies = super().copy(default)
        self._trustedshops_log_copies(copies)
        return copies

    def _post(self, soft=True):
        """Override of `account` to remove fees that were given back meanwhile."""
        self.invoice_line_ids._trustedshops_filter_off()._trustedshops_remove()
        return super()._post(soft)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Override of `account` to keep the protections of copied lines.

        When an invoice is corrected (``cancel``), core undoes its matching: match it
        with our credit note of the fee again.
        """
        moves = self.with_context(trustedshops_copying_fee=const.OURS)
        reverse_moves = super(AccountMove, moves)._reverse_moves(
            default_values_list=default_values_list, cancel=cancel
        )
        for move in self if cancel else ():
            notes = self._trustedshops_get_protections().refund_ids.credit_note_ids
            both = move.sudo() | (move.sudo().reversal_move_ids & notes)
            lines = both._trustedshops_get_receivable()
            lines.filtered(lambda line: not line.reconciled).reconcile()
        return reverse_moves.with_env(self.env)

    def _trustedshops_get_receivable(self):
        """Return the posted receivable lines of these moves."""
        return self.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.parent_state == "posted"
            )
        )


class AccountMoveReversal(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """Override of `account` to keep the fee on a corrected invoice.

        A fee that was given back is left out, and the chatter of the new invoice says
        so.
        """
        wizard = self.with_context(trustedshops_copying_fee=const.OURS)
        action = super(AccountMoveReversal, wizard).reverse_moves(is_modify=is_modify)
        if is_modify:
            wizard.move_ids._trustedshops_log_copies(wizard.new_move_ids)
        return action


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "trustedshops.guarded.fields"]

    # The protection whose fee the line charges, even after the order line was deleted.
    # A line of a duplicated invoice has none.
    trustedshops_protection_id = fields.Many2one(
        "trustedshops.protection",
        string="Buyer Protection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )

    def _trustedshops_get_paid_orders(self):
        """Return the orders that the entries of these lines pay, in sudo."""
        moves = self.sudo().move_id
        lines = moves._trustedshops_get_receivable()
        lines = lines.matched_debit_ids.debit_move_id | (
            lines.matched_credit_ids.credit_move_id
        )
        orders = lines.move_id.invoice_line_ids.sale_line_ids.order_id
        payments = moves.origin_payment_id
        return orders | payments.payment_transaction_id.sale_order_ids

    def _trustedshops_filter_off(self):
        """Return the lines of fees that were given back, never to be charged again."""
        lines = self._trustedshops_filter_not_charged()
        return lines.filtered(
            lambda line: line.sudo().trustedshops_protection_id.refund_ids
        )

    def _trustedshops_filter_left_out(self):
        """Return the lines of fees that a copy must not contain.

        Credit notes and corrections lack only fees that were given back; a duplicated
        document contains no fee, because no protection belongs to it.
        """
        if self.env.context.get("trustedshops_copying_fee") == const.OURS:
            return self._trustedshops_filter_off()
        return self.filtered(lambda line: line.sudo().trustedshops_protection_id)

    def _trustedshops_filter_not_charged(self):
        """Return the lines of fees that were given up and are not charged.

        See ``_is_fee_off`` of the protection.
        """
        return self.filtered(
            lambda line: (
                line.sudo().trustedshops_protection_id
                and line.sudo().trustedshops_protection_id._is_fee_off()
            )
        )

    def _trustedshops_remove(self):
        """Delete lines of fees, and log in the chatter of their documents."""
        moves = self.move_id
        self.unlink()
        moves._trustedshops_log_left_out()

    def copy_data(self, default=None):
        """Override of `account` to leave fees out of copies.

        Return {} for a line that core must not copy. Leave out the lines of taxes and
        payment terms as well, because core must compute them again without the fee. The
        cost of goods stays, because a reversal must reverse it. Credit notes and
        corrections get the protection of the line.
        """
        off = self._trustedshops_filter_left_out()
        kept = ("product", "line_section", "line_subsection", "line_note", "cogs")
        off |= (off.move_id.line_ids & self).filtered(
            lambda line: line.display_type not in kept
        )
        vals_list = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            for line, vals in zip(self, vals_list, strict=True):
                vals["trustedshops_protection_id"] = line.trustedshops_protection_id.id
        return [
            {} if line in off else vals
            for line, vals in zip(self, vals_list, strict=True)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to ignore a protection in the values of a user.

        Only invoices of orders, credit notes and corrections charge a fee.
        """
        # No caller over RPC can send this context.
        is_copying = self.env.context.get("trustedshops_copying_fee") == const.OURS
        if not (self.env.su or is_copying):
            forgotten = {"trustedshops_protection_id": False}
            vals_list = [{**vals, **forgotten} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Override of `account` to let users change no protection of a line.

        :raise AccessError: when a user changes it
        """
        self._trustedshops_refuse_changes({"trustedshops_protection_id"}, vals)
        return super().write(vals)


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _trustedshops_is_matched(self):
        """Return True if other entries settle all documents of the payment."""
        lines = self.invoice_ids._trustedshops_get_receivable()
        return bool(lines) and all(lines.mapped("reconciled"))


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to look at the refunds of fees after a match."""
        partials = super().create(vals_list)
        partials._trustedshops_get_moves()._trustedshops_sync_refunds()
        return partials

    def unlink(self):
        """Override of `account` to look again at settled refunds, after core's work.

        Core often matches again in the same request, so the scheduled action looks.
        """
        moves = self._trustedshops_get_moves()
        result = super().unlink()
        moves.exists()._trustedshops_reopen_refunds()
        return result

    def _trustedshops_get_moves(self):
        """Return the matched moves, and the other moves that are matched with them."""
        moves = (self.debit_move_id | self.credit_move_id).move_id.sudo()
        lines = moves.line_ids
        matched = lines.matched_debit_ids.debit_move_id
        return moves | (matched | lines.matched_credit_ids.credit_move_id).move_id
