# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The money of a returned fee, once the books are settled.

It goes back as a step of the queue: exactly the fee, out of the one payment that
contained it. Where that payment cannot give it back, a person is asked to.
"""

from odoo import api, fields, models
from odoo.fields import Domain


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    refund_state = fields.Selection(
        [
            ("due", "To be refunded"),
            ("sending", "Being refunded"),
            ("done", "Settled"),
            ("by_hand", "By hand"),
        ],
        string="Refund",
        readonly=True,
        help="Being refunded: the payment provider was asked, its answer is not stored"
        " yet. By hand: somebody was asked to refund it. Empty: the shop holds no money"
        " for the fee, as far as it knows.",
    )
    _refund_idx = models.Index("(id) WHERE refund_state IN ('due', 'sending')")

    # === THE MONEY === #
    @api.model
    def _get_refunds_domain(self):
        """Return whose money has to be looked at, lost calls of a provider included."""
        return Domain("refund_state", "in", ("due", "sending"))

    def _refund_money(self):
        """Refund a fee whose books are settled; commits by itself."""
        if self.refund_state == "sending":
            self._note_lost_refund()
            return
        payment = self._get_fee_payments()
        if len(payment) != 1 or not payment._trustedshops_can_refund(self.gross_fee):
            self._settle_by_hand()
            return
        self.refund_state = "sending"
        self.env["ir.cron"]._commit_progress()
        # Somebody captures or refunds it right now, or just did.
        if not (
            payment.try_lock_for_update()
            and payment._trustedshops_can_refund(self.gross_fee)
        ):
            self.refund_state = "due"
            return
        # Last, for money that went out does not come back when something fails.
        refund = payment._refund(amount_to_refund=self.gross_fee)
        refund.trustedshops_refunded_protection_id = self
        # Its payment, made when it is processed, then settles them.
        refund.invoice_ids = self._get_own_credit_notes()
        self.refund_state = "done"
        if refund.state == "error":
            return  # told when the refund is processed
        self._post_note(
            self.env._(
                "%(amount)s of %(reference)s goes back through %(provider)s.",
                amount=self.currency_id.format(self.gross_fee),
                reference=payment.reference,
                provider=payment.provider_id.name,
            )
        )

    def _get_fee_payments(self):
        """Return the payments whose amount contained the fee and came in as a whole.

        :return: records of ``payment.transaction`` in sudo
        """
        payments = (
            self.env["payment.transaction"]
            .sudo()
            .search([("trustedshops_protection_id", "in", self.ids)])
        )
        received = (payments | payments.child_transaction_ids).filtered(
            lambda each: each._trustedshops_is_received()
        )
        captures = received.filtered("source_transaction_id")
        return (captures or received).filtered(
            lambda each: each.amount >= each.source_transaction_id.amount
        )

    def _look_at_money_again(self):
        """Have the money of a returned fee looked at after a payment came in.

        Not if it went back, or a person was asked to see to it.
        """
        for protection in self:
            if protection.fee_returned_at and not protection.refund_state:
                protection.refund_state = "due"
                protection._trigger_queue()

    # === BY HAND === #
    def _settle_by_hand(self):
        """Ask the responsible user for a refund, if the shop has the buyer's money."""
        payments = self._get_fee_payments()
        if any(each._trustedshops_has_returned(self.gross_fee) for each in payments):
            self.refund_state = "done"
            return
        held = self._get_held_amount()
        if not held:
            self.refund_state = False
            return
        credit_notes = self._get_own_credit_notes()
        self._ask_for_refund(
            self.env._(
                "Refund %(amount)s, the fee of Buyer Protection, by hand. Payment:"
                " %(means)s. Credit note: %(credit_notes)s.",
                amount=self.currency_id.format(held),
                means=", ".join(self._get_means_of_payment()) or "–",
                credit_notes=", ".join(credit_notes.mapped("name")) or "–",
            )
        )

    def _get_held_amount(self):
        """Return how much of the fee is here although the books do not charge it.

        :return: in the protection's currency, 0 when there is nothing to give back
        :rtype: float
        """
        order = self.order_id
        paid = order._trustedshops_get_amount_paid(with_reserved=False)
        open_credit = sum(self._get_own_credit_notes().mapped("amount_residual"))
        held = max(open_credit, paid - order._trustedshops_get_cost(), 0.0)
        return self.currency_id.round(min(held, self.gross_fee))

    def _get_means_of_payment(self):
        """Return by what the fee was paid, as far as the order knows.

        :return: references of payments
        :rtype: list of str
        """
        payments = self._get_fee_payments() or (
            self.order_id._trustedshops_get_received_payments()
        )
        return payments.mapped("reference")

    def _note_lost_refund(self):
        """Ask a person whether a refund arrived whose answer was lost."""
        payments = self._get_fee_payments()
        self._notify_doubtful_refund(
            ", ".join(payments.mapped("reference")),
            self.env._("the answer of the payment provider was lost."),
        )

    def _notify_doubtful_refund(self, reference, reason):
        """Ask a person to look whether a refund went through.

        :param str reference: of the payment, or of the refund
        :param str reason: what is known of it, a sentence
        """
        self._ask_for_refund(
            self.env._(
                "%(amount)s, the fee of Buyer Protection, may not have been refunded"
                " (%(reference)s): %(reason)s Check with the payment provider, and"
                " refund it by hand if needed.",
                amount=self.currency_id.format(self.gross_fee),
                reference=reference,
                reason=reason,
            )
        )

    def _ask_for_refund(self, note):
        """Give the responsible user something to do about the money, one thing a time.

        :param str note: what to do
        """
        self.refund_state = "by_hand"
        self._notify_responsible("refund", note)
        self._post_note(note)

    def _close_settled_refund(self):
        """Close what asked for a refund once the credit note is paid out."""
        for protection in self:
            credit_notes = protection._get_own_credit_notes()
            if credit_notes and not sum(credit_notes.mapped("amount_residual")):
                protection._close_todos_about("refund")
