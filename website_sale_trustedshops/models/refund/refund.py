# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A fee that goes back: why, and how it leaves the books, at once and for good."""

from odoo import api, fields, models
from odoo.exceptions import UserError

BOOKKEEPERS = "account.group_account_invoice,account.group_account_readonly"


class TrustedShopsRefund(models.Model):
    """The fee of one protection, given back to the buyer.

    A fee was given back if, and only if, it has such a row: then it is never charged
    again. What somebody credits by hand makes none, and may be invoiced anew.
    """

    _name = "trustedshops.refund"
    _description = "Fees Given Back"
    _order = "id desc"
    _rec_name = "protection_id"

    protection_id = fields.Many2one(
        "trustedshops.protection",
        string="Buyer Protection",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(related="protection_id.order_id")
    partner_id = fields.Many2one(related="protection_id.partner_id")
    company_id = fields.Many2one(
        related="protection_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="protection_id.currency_id")
    amount = fields.Monetary(related="protection_id.gross_fee", string="Fee")
    reason = fields.Selection(
        [
            ("person", "Refund fee"),
            ("not_concluded", "Not concluded"),
            ("ended", "The order came to nothing"),
            ("till", "The till took it back"),
        ],
        string="Why",
        required=True,
        readonly=True,
    )
    # What left the books: the line of the order, those of drafts; and what credits it.
    is_off_order = fields.Boolean(readonly=True, export_string_translation=False)
    draft_ids = fields.Many2many(
        "account.move",
        "trustedshops_refund_draft_rel",
        string="Off the Drafts",
        readonly=True,
        groups=BOOKKEEPERS,
    )
    credit_note_ids = fields.Many2many(
        "account.move",
        "trustedshops_refund_credit_note_rel",
        string="Credit Notes",
        readonly=True,
        groups=BOOKKEEPERS,
    )

    _protection_uniq = models.UniqueIndex("(protection_id)")

    @api.model
    def _give_back(self, protection, reason):
        """Take a fee out of the books, and have the money follow; again: the books.

        :param protection: record of ``trustedshops.protection``, in sudo
        :param str reason: key of the field
        :return: what was done, for staff
        :rtype: str
        :raise UserError: when core refuses the credit note, or a part was credited
        """
        protection.ensure_one()
        protection = protection.with_company(protection.company_id)
        was_credited = protection.fee_state == "refunded"
        is_first = not protection.refund_ids
        self = protection.refund_ids or protection.refund_ids.create(
            {"protection_id": protection.id, "reason": reason}
        )
        self._take_off_order()
        drafts = protection._take_off_drafts()
        self.draft_ids |= drafts
        credit_notes = self._credit()
        # Whoever credited it by hand saw to the money as well; not so a correction,
        # whose new invoice would have charged it again.
        if is_first and was_credited and not drafts:
            self.state = "done"
        protection._follow_invoices()
        protection._close_todos_about("fee_invoiced")
        text = self._explain_books(credit_notes)
        protection._post_note(text)
        protection._trigger_queue()
        return text

    def _take_off_order(self):
        """Order nothing of the fee any more, so that core finds nothing to invoice.

        Its price stays: what was invoiced, and is credited, still fits.
        """
        lines, order = self.protection_id._get_fee_lines(), self.order_id
        if not lines:
            return
        was_locked = order.locked
        order.locked = False
        lines.sudo().write({"product_uom_qty": 0.0, "qty_delivered": 0.0})
        self._balance_order()
        order.locked = was_locked
        self.is_off_order = True

    def _balance_order(self):
        """Settle what paid the fee within the order; met in the bridge to loyalty."""

    def _credit(self):
        """Credit the fee where it is invoiced.

        :return: the credit notes, posted, each of exactly the line of the fee
        :raise UserError: when a part of it was credited by hand
        """
        protection, notes = self.protection_id, self.credit_note_ids.browse()
        balance, _credited = protection._get_invoiced_fee()
        if balance <= 0:
            return notes
        # Ours, that somebody set back to draft.
        notes = self.credit_note_ids.filtered(lambda move: move.state == "draft")
        notes = notes or self._prepare_credit_notes(balance)
        # Core settles them with what is still open of the invoices.
        notes.action_post()
        self.credit_note_ids |= notes
        return notes

    def _prepare_credit_notes(self, balance):
        """Return drafts that credit exactly the fee.

        :param float balance: what posted documents charge for it, taxes in
        :raise UserError: when a part of it was credited by hand
        """
        protection = self.protection_id
        # A corrected invoice stands beside its credit note and the new one.
        credited = protection._get_posted_lines("out_refund").move_id
        lines = protection._get_posted_lines("out_invoice").filtered(
            lambda line: not line.move_id.reversal_move_ids & credited
        )
        if self.currency_id.compare_amounts(sum(lines.mapped("price_total")), balance):
            raise UserError(
                self.env._(
                    "A part of the fee was credited already. Credit the rest by hand,"
                    " on the invoice."
                )
            )
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=lines.move_id.ids
        )
        journal = lines.journal_id[:1]
        reason = self.env._("Buyer Protection")
        reversal = wizard.create({"journal_id": journal.id, "reason": reason})
        reversal.refund_moves()
        notes = reversal.new_move_ids
        # Never what is another order's, whose fee may be on the same invoice.
        (notes.invoice_line_ids - protection.fee_line_ids).unlink()
        # Rounded for cash, or paid early with a discount, it would not be the fee.
        notes.write(
            {"invoice_cash_rounding_id": False, "invoice_payment_term_id": False}
        )
        return notes

    def _explain_books(self, credit_notes):
        """Return what was done in the books, and what is left to do there.

        :param credit_notes: records of ``account.move``, may be empty
        :rtype: str
        """
        if credit_notes:
            return self.env._(
                "The fee of Buyer Protection was credited: %(credit_notes)s.",
                credit_notes=", ".join(credit_notes.mapped("name")),
            )
        text = self.env._("The fee of Buyer Protection is not charged any more.")
        if not self.protection_id._is_invoiced_ahead():
            return text
        note = self.env._(
            "The down payment was more than the order costs without the fee. Create the"
            " final invoice: Odoo makes a credit note of the difference."
        )
        self.protection_id._notify_responsible("final_invoice", note)
        return f"{text} {note}"
