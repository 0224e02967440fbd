# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Give a fee back: it leaves the books at once and for good, and the money follows.

The queue sends the money back: exactly the fee, from the one payment that contained it.
If that payment cannot be refunded, an activity asks a person.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import const
from ...client_action import show
from ..protection.buttons import NO_RIGHTS, NOT_POSSIBLE, may_press


class TrustedShopsRefund(models.Model):
    """The fee of one protection, given back to the buyer.

    A fee was given back if and only if it has such a row; then it is never charged
    again. A credit note that a person makes creates no row, and its fee may be invoiced
    again.
    """

    _name = "trustedshops.refund"
    _description = "Fees Given Back"
    _inherit = ["trustedshops.guarded.fields"]
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
        ],
        string="Why",
        required=True,
        readonly=True,
    )
    # The drafts that the fee was taken off.
    draft_ids = fields.Many2many(
        "account.move",
        "trustedshops_refund_draft_rel",
        string="Off the Drafts",
        readonly=True,
        groups=const.BOOKKEEPERS,
    )
    credit_note_ids = fields.Many2many(
        "account.move",
        "trustedshops_refund_credit_note_rel",
        string="Credit Notes",
        readonly=True,
        groups=const.BOOKKEEPERS,
    )
    # What happened to the money.
    state = fields.Selection(
        [
            ("due", "To be refunded"),
            ("sending", "Being refunded"),
            ("done", "Settled"),
            ("by_hand", "By hand"),
            ("nothing", "Nothing to pay back"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="due",
    )
    payment_id = fields.Many2one(
        "payment.transaction",
        string="Refunded with",
        readonly=True,
        index="btree_not_null",
    )
    held_amount = fields.Monetary(string="To Give Back", readonly=True)
    means = fields.Char(string="Paid with", readonly=True)
    # When the buyer got it, unless a provider refunded it: that has its own date.
    returned_on = fields.Date(readonly=True, export_string_translation=False)
    # What a person paid back outside Odoo.
    settled_amount = fields.Monetary(readonly=True, export_string_translation=False)

    _protection_uniq = models.UniqueIndex("(protection_id)")
    _due_idx = models.Index("(id) WHERE state IN ('due', 'sending')")

    # === OUT OF THE BOOKS === #
    @api.model
    def _give_back(self, protection, reason):
        """Take a fee out of the books, and have the money follow.

        Call it again if the books charge the fee again: it takes that out as well.

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
        # If a person credited it by hand, they also pay the money back. That is not so
        # for a corrected invoice, because its draft would have charged the fee again.
        if is_first and was_credited and not drafts:
            self.state = "done"
        protection._follow_invoices()
        protection._close_todos_about("fee_invoiced")
        text = self._explain_books(credit_notes)
        protection._post_note(text)
        protection._trigger_queue()
        return text

    def _take_off_order(self):
        """Set the ordered quantity of the fee to 0, so that core does not invoice it.

        Keep its price, which must fit the invoice and the credit note.
        """
        lines, order = self.protection_id._get_fee_lines(), self.order_id
        if not lines:
            return
        was_locked = order.locked
        order.locked = False
        lines.sudo().write({"product_uom_qty": 0.0, "qty_delivered": 0.0})
        self._balance_order()
        order.locked = was_locked

    def _balance_order(self):
        """Give back rewards that paid for the fee; the loyalty addon does that."""

    def _credit(self):
        """Credit the fee where it is invoiced.

        :return: the credit notes, posted, each of exactly the line of the fee
        :raise UserError: when a part of it was credited by hand
        """
        protection, notes = self.protection_id, self.credit_note_ids.browse()
        balance, _credited = protection._get_invoiced_fee()
        if balance <= 0:
            return notes
        # Our credit notes that a person reset to draft.
        notes = self.credit_note_ids.filtered(lambda move: move.state == "draft")
        notes = notes or self._prepare_credit_notes(balance)
        # Core matches them with what is still open of the invoices.
        notes.action_post()
        self.credit_note_ids |= notes
        return notes

    def _prepare_credit_notes(self, balance):
        """Return drafts that credit exactly the fee.

        :param float balance: what posted documents charge for it, with taxes
        :raise UserError: when a part of it was credited by hand
        """
        protection = self.protection_id
        # A corrected invoice is credited as a whole; a new one takes its place.
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
        # Another order's fee may be on the same invoice.
        (notes.invoice_line_ids - protection.fee_line_ids).unlink()
        # Cash rounding or an early payment discount would change the total.
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

    # === THROUGH THE PROVIDER === #
    def _send(self):
        """Refund a fee that is out of the books, and commit before the call."""
        self.ensure_one()
        if self.state == "sending":
            self._note_lost_answer()
            return
        payment = self._get_payments()
        if len(payment) != 1 or not payment._trustedshops_can_refund(self.amount):
            self._settle_by_hand()
            return
        self.state = "sending"
        self.env["ir.cron"]._commit_progress()
        # Another process captures or refunds it right now, or just did.
        if not (
            payment.try_lock_for_update()
            and payment._trustedshops_can_refund(self.amount)
        ):
            self.state = "due"
            return
        # Last, because money that went out does not come back if a later step fails.
        refund = payment._refund(amount_to_refund=self.amount)
        # When it is processed, its payment is matched with them.
        refund.invoice_ids = self._get_posted_notes()
        self.write({"state": "done", "payment_id": refund.id})
        if refund.state == "error":
            return  # `_post_process` reports it
        self.protection_id._post_note(
            self.env._(
                "%(amount)s of %(reference)s goes back through %(provider)s.",
                amount=self.currency_id.format(self.amount),
                reference=payment.reference,
                provider=payment.provider_id.name,
            )
        )

    def _get_payments(self):
        """Return the payments that contained the fee and came in as a whole.

        :return: records of ``payment.transaction`` in sudo
        """
        received = self.order_id._trustedshops_get_received_payments()
        return received.filtered(
            lambda each: (
                self.protection_id
                in (each | each.source_transaction_id).trustedshops_protection_id
                and each.amount >= each.source_transaction_id.amount
            )
        )

    def _get_posted_notes(self):
        """Return our posted credit notes, in sudo."""
        return self.sudo().credit_note_ids.filtered(lambda move: move.state == "posted")

    # === WHAT THE BUYER IS TOLD === #
    def _get_returned_on(self):
        """Return the day on which the buyer got the fee back.

        :return: False while the buyer did not, or when Odoo does not know
        :rtype: datetime.date or bool
        """
        refund = self.payment_id._trustedshops_get_refunds()
        if not refund:
            return self.returned_on
        get_day = self.protection_id._get_day_in_shop
        return refund.state == "done" and get_day(refund.last_state_change)

    def _is_going_back(self):
        """Return True while the shop has money of the buyer that has to go back."""
        if self.state == "due":
            return self._get_held_amount() > 0
        if self.state == "done":
            return bool(self.payment_id._trustedshops_get_refunds())
        return self.state in ("sending", "by_hand")

    # === BY HAND === #
    def _settle_by_hand(self):
        """Ask the responsible user for a refund, if the shop has the buyer's money."""
        if refund := self._find_refund():
            self._end(payment_id=refund.id)
            return
        held = self._get_held_amount()
        if not held:
            self.state = "nothing"
            return
        credit_notes = self._get_posted_notes()
        self._ask_a_person(
            held,
            self.env._(
                "Refund %(amount)s, the fee of Buyer Protection, by hand. Payment:"
                " %(means)s. Credit note: %(credit_notes)s.",
                amount=self.currency_id.format(held),
                means=", ".join(self._get_means()) or "–",
                credit_notes=", ".join(credit_notes.mapped("name")) or "–",
            ),
        )

    def _find_refund(self):
        """Return the refund of the fee that a person made, may be empty."""
        for payment in self._get_payments():
            if refund := payment._trustedshops_find_refund(self.amount):
                return refund
        return self.env["payment.transaction"].sudo()

    def _find_payout_day(self):
        """Return when our credit note was paid out, False if the books do not tell."""
        credits = self._get_posted_notes().line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        paid = credits.matched_debit_ids.debit_move_id.filtered(
            lambda line: line.payment_id or line.statement_line_id
        )
        return max(paid.mapped("date"), default=False)

    def _get_held_amount(self):
        """Return how much of the fee the shop has although the books do not charge it.

        :return: in the protection's currency, 0 when there is nothing to give back
        :rtype: float
        """
        if self.order_id._trustedshops_get_money().is_shared:
            return self.amount  # only a person knows which order the money is for
        return min(max(self._get_balance(), 0.0), self.amount)

    def _get_balance(self):
        """Return what the shop still owes the buyer for the order.

        :return: in the protection's currency
        :rtype: float
        """
        balance = self.order_id._trustedshops_get_balance() - self.settled_amount
        return self.currency_id.round(balance)

    def _get_means(self):
        """Return the payments of the fee that are linked to the order or its invoices.

        :return: references of transactions, or names of payments without a provider
        :rtype: list of str
        """
        order = self.order_id
        payments = self._get_payments() or order._trustedshops_get_received_payments()
        booked = order._trustedshops_get_documents().matched_payment_ids
        at_bank = booked.filtered(lambda each: not each.payment_transaction_id)
        return payments.mapped("reference") or at_bank.mapped("name")

    def _note_lost_answer(self):
        """Ask a person whether the refund went through, because its answer was lost."""
        self._notify_doubt(
            ", ".join(self._get_payments().mapped("reference")),
            self.env._("The answer of the payment provider was lost."),
        )

    def _notify_doubt(self, reference, reason):
        """Ask a person to check whether a refund went through.

        :param str reference: of the payment, or of the refund
        :param str reason: why it is in doubt, a sentence
        """
        self._ask_a_person(
            self.amount,
            self.env._(
                "%(amount)s, the fee of Buyer Protection, may not have been refunded"
                " (%(reference)s): %(reason)s Check with the payment provider, and"
                " refund it by hand if needed.",
                amount=self.currency_id.format(self.amount),
                reference=reference,
                reason=reason,
            ),
        )

    def _ask_a_person(self, amount, note):
        """Leave the money to the responsible user, with one activity.

        :param float amount: that has to go back
        :param str note: what to do
        """
        means = ", ".join(self._get_means())
        self.write({"state": "by_hand", "held_amount": amount, "means": means})
        self.protection_id._notify_responsible("refund", note)
        self.protection_id._post_note(note)

    # === MONEY MOVED === #
    def _look_again(self):
        """Have the queue look again for money to send back, if there was none."""
        for refund in self.filtered(lambda each: each.state == "nothing"):
            refund.state = "due"
            refund.protection_id._trigger_queue()

    def _close_settled(self):
        """Close refunds by hand once the books owe the buyer nothing more."""
        for refund in self.filtered(lambda each: each.state == "by_hand"):
            if refund._get_held_amount():
                continue
            # Without a refund or payout, the fee is charged again or was set off.
            if refund._get_returned_on():
                refund._end()
            elif payment := refund._find_refund():
                refund._end(payment_id=payment.id)
            else:
                refund._end(returned_on=refund._find_payout_day())

    def _end(self, **values):
        """Mark the refund as settled and close its activity.

        :param values: how the buyer got it: by which refund, or on which day
        """
        self.write({"state": "done", "held_amount": 0.0, "found_at": False, **values})
        self.protection_id._close_todos_about("refund")

    def action_settle(self):
        """Note that a person paid it back outside Odoo.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights to give fees back
        :raise UserError: when nothing is to be paid back by hand
        """
        self.ensure_one()
        self.check_access("read")
        if not may_press(self.env, "refund_fee"):
            raise AccessError(self.env._(NO_RIGHTS))
        refund_sudo = self.sudo()
        refund_sudo.lock_for_update()
        if self.state != "by_hand":  # a colleague was faster
            raise UserError(self.protection_id.sudo()._explain(NOT_POSSIBLE))
        text = self.env._(
            "Paid back: %(amount)s", amount=self.currency_id.format(self.held_amount)
        )
        refund_sudo.settled_amount += refund_sudo.held_amount
        today = refund_sudo.protection_id._get_day_in_shop(fields.Datetime.now())
        refund_sudo._end(returned_on=today)
        self.protection_id.sudo()._post_note(text)
        return show(text)
