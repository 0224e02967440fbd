# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Giving the fee back: first in the books, then the money.

The money is in ``trustedshops_protection_money.py``.
"""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def action_refund_fee(self):
        """Give the fee back to the buyer, once.

        :return: a notification that says what was done
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it was given back already, or a draft is in the way
        """
        protection_sudo = self._begin_button("refund_fee")
        # No default of the dialog that the button stands in is for what is made here.
        context = clean_context(self.env.context)
        protection_sudo = protection_sudo.with_env(self.env(su=True, context=context))
        protection_sudo._close_todos()
        if protection_sudo.state == "on_hold" or protection_sudo._lacks_number():
            protection_sudo.write(
                {
                    "state": "failed",
                    "last_error": self.env._(
                        "Given up: the fee was taken out of the books."
                    ),
                }
            )
        if protection_sudo.state == "rejected":  # its advice was to pay the fee back
            protection_sudo.last_error = protection_sudo._in_responsible_lang().env._(
                "Refused (code %(code)s). The fee was taken out of the books; the notes"
                " tell about the money.",
                code=protection_sudo.last_code,
            )
        text = protection_sudo._give_fee_back()
        protection_sudo._post_note(text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _give_fee_back(self):
        """Take the fee out of the books and return the money.

        The provider is asked last: what comes after it could fail and be undone, but
        money that went out does not come back.

        :return: what was done, for staff
        :rtype: str
        :raise UserError: when a draft credit note is in the way
        """
        self.ensure_one()
        self = self.with_company(self.company_id)
        self._check_no_draft_credit()
        lines = self._get_fee_lines()
        amount = sum(lines.mapped("price_total")) or self.gross_fee
        credit_notes = self._credit_fee()
        if credit_notes:
            done = self.env._(
                "The fee of Buyer Protection was credited: %(credit_notes)s.",
                credit_notes=", ".join(credit_notes.mapped("name")),
            )
        else:
            self._waive_fee(lines)
            done = self.env._("The fee of Buyer Protection is not charged any more.")
        self.env.flush_all()
        return f"{done} {self._return_money(amount, credit_notes)}".strip()

    # === THE BOOKS === #

    def _check_no_draft_credit(self):
        """Refuse while a draft credit note contains the fee: it would be paid twice."""
        draft = self._get_fee_invoice_lines().move_id.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "draft"
        )
        if draft:
            raise UserError(
                self.env._(
                    "A draft credit note of %(invoice)s contains the fee already. Post"
                    " or delete it first.",
                    invoice=", ".join(draft.reversed_entry_id.mapped("name")),
                )
            )

    def _credit_fee(self):
        """Credit the fee where it was invoiced.

        :return: the credit notes, posted, each of exactly the line of the fee
        """
        credit_notes = self.env["account.move"]
        balance, _paid_back = self._get_invoiced_fee()
        if balance <= 0:
            return credit_notes
        invoices = self._get_fee_invoice_lines().move_id.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        # Cancelled and written anew, an order has several invoices: the last counts.
        for invoice in invoices.sorted("id", reverse=True):
            credits = invoice.reversal_move_ids.filtered(
                lambda move: move.state == "posted"
            )
            if not self._get_own_lines(credits):
                credit_notes += self._credit_fee_of(invoice)
        if not credit_notes:
            raise UserError(
                self.env._(
                    "A part of the fee was credited already. Credit the rest by hand,"
                    " on the invoice."
                )
            )
        self._follow_invoices()
        return credit_notes

    def _credit_fee_of(self, invoice):
        """Return the credit note of the line of the fee alone, posted.

        :param invoice: record of ``account.move``
        """
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        reversal = wizard.create(
            {
                "journal_id": invoice.journal_id.id,
                "reason": self.env._("Buyer Protection"),
            }
        )
        reversal.refund_moves()
        credit_note = reversal.new_move_ids
        # Never what is another order's, whose fee may be on the same invoice.
        (credit_note.invoice_line_ids - self._get_own_lines(credit_note)).unlink()
        # Rounded for cash it would not be the fee any more.
        credit_note.invoice_cash_rounding_id = False
        # Core settles it with what is still open of the invoice.
        credit_note.action_post()
        return credit_note

    def _get_own_lines(self, moves):
        """Return the lines of this fee on invoices or credit notes.

        :param moves: records of ``account.move``
        :return: records of ``account.move.line``
        """
        return moves.invoice_line_ids.filtered(
            lambda line: line.trustedshops_protection_id == self
        )

    def _waive_fee(self, lines):
        """Charge nothing for the fee, on the order and on drafts of its invoice.

        :param lines: records of ``sale.order.line``
        """
        self.fee_state = "waived"
        drafts = self._get_fee_invoice_lines().filtered(
            lambda line: line.parent_state == "draft"
        )
        free = {"price_unit": 0.0, "extra_tax_data": False}
        drafts.write(free)
        order = self.order_id
        was_locked = order.locked
        if was_locked:
            order.action_unlock()
        lines.with_context(trustedshops_pinning_fee=True).write(free)
        if was_locked:
            order.action_lock()
