# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Gives a fee back: this addon makes the credit note, a user refunds the money.

The fee is removed from order and invoices immediately, and is never charged again. If
the shop received the money, one activity asks a user to refund it, with core's refund
of a payment or outside Odoo. Core's documents and payments tell whether it was paid
back, or a user does; no amount is computed.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ... import const
from ...client_action import show
from ..protection.protection import FEE_GIVEN_BACK

# The group whose users may refund.
REFUNDERS = "account.group_account_invoice"
# If the activity is closed without a refund, another one follows after this time.
ASK_AGAIN_AFTER = timedelta(days=7)


class TrustedShopsRefund(models.Model):
    """The return of one protection's fee to the buyer.

    A fee with such a record is never charged again. A credit note of the whole invoice
    by a user creates none, so its fee may be invoiced again.
    """

    _name = "trustedshops.refund"
    _description = "Fee Refund"
    _inherit = ["trustedshops.todo", "trustedshops.guarded.fields"]
    _order = "id desc"
    _rec_name = "protection_id"
    _mail_post_access = "read"  # a bookkeeper may leave a note, and write no field

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
            ("ended", "The order was cancelled or fully credited"),
        ],
        string="Why",
        required=True,
        readonly=True,
    )
    # Those of the fee alone. A user's of the invoice may contain it, too.
    credit_note_ids = fields.Many2many(
        "account.move",
        "trustedshops_refund_credit_note_rel",
        string="Credit Notes",
        readonly=True,
        groups=const.BOOKKEEPERS,
    )
    # Whether the buyer still has to get the money.
    state = fields.Selection(
        [("open", "To be refunded"), ("done", "Settled")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    explanation = fields.Char(
        string="What to do", compute="_compute_explanation", compute_sudo=True
    )
    # Whether the button leads to core's dialog, or to several payments.
    is_refundable = fields.Boolean(
        compute="_compute_is_refundable",
        compute_sudo=True,
        export_string_translation=False,
    )
    # Refunds that were started with the button of this record.
    transaction_ids = fields.One2many(
        "payment.transaction",
        "trustedshops_refund_id",
        string="Refunded with",
        readonly=True,
        groups=const.BOOKKEEPERS,
    )
    # A user ended it: with the day of the payment, or the reason for none.
    paid_back_on = fields.Date(readonly=True)
    nothing_reason = fields.Char(string="Nothing to Pay Back", readonly=True)
    started_at = fields.Datetime(readonly=True, export_string_translation=False)
    asked_for = fields.Char(readonly=True, export_string_translation=False)
    asked_on = fields.Date(readonly=True, export_string_translation=False)

    _protection_uniq = models.UniqueIndex("(protection_id)")

    @api.depends("state", "transaction_ids.state")
    @api.depends_context("lang", "uid")
    def _compute_explanation(self):
        can_refund = self.env.user.has_group(REFUNDERS)
        for refund in self:
            refund.explanation = refund._format_to_do(can_refund)

    @api.depends("state", "transaction_ids.state")
    def _compute_is_refundable(self):
        for refund in self:
            is_asked = refund._get_next_code() == "refund"
            is_asked = is_asked and refund._get_step_code() != "refund_pending"
            has_several = len(refund._get_payments()) > 1
            refund.is_refundable = is_asked and (has_several or refund._has_dialog())

    # === OUT OF THE BOOKS === #
    @api.model
    def _return_fee(self, protection, reason):
        """Remove the fee of a protection from order and drafts, and credit it.

        Create the record that says so, post a note, and schedule an activity if the
        shop has to refund money. May be called again if a document charges the fee
        again.

        :param protection: record of ``trustedshops.protection``, in sudo
        :param str reason: value of the field ``reason``
        :return: text of the note
        :rtype: str
        :raise UserError: when core refuses the credit note, or a part was credited
        """
        protection.ensure_one()
        protection = protection.with_company(protection.company_id)
        self = protection.refund_ids or protection.refund_ids.create(
            {"protection_id": protection.id, "reason": reason}
        )
        self._remove_from_order()
        moves = self.env["account.move"]
        # Core calls us while it matches a payment, when it computes no documents.
        with (
            moves._disable_recursion({}, "skip_invoice_sync", target=False),
            moves._disable_recursion({}, "check_move_validity", target=True),
        ):
            protection._get_fee_on("draft", "out_invoice")._trustedshops_remove()
            credit_notes = self._credit()
        protection._sync_invoices()
        protection._remove_todos_about("fee_invoiced")
        text = self._format_message("fee_left_out")
        if not credit_notes and self.order_id._trustedshops_is_final_invoice_due():
            text = f"{text} {self._format_message('final_invoice')}"
        protection._post_note(text)
        self._sync_state()
        return text

    def _remove_from_order(self):
        """Set the fee's quantity on the order to 0, so that core does not invoice it.

        Unlock a locked order meanwhile, and give back the rewards that paid for the
        fee. Keep the price, which must fit the invoice and the credit note.
        """
        lines, order = self.protection_id._get_fee_lines(), self.order_id
        if not lines:
            return
        was_locked = order.locked
        order.locked = False
        lines.sudo().write({"product_uom_qty": 0.0, "qty_delivered": 0.0})
        self._refund_rewards()
        order.locked = was_locked

    def _refund_rewards(self):
        """Give back the rewards that paid for the fee. To be extended.

        This method does nothing; the loyalty addon extends it.
        """

    def _credit(self):
        """Post credit notes of exactly the fee, if posted invoices charge it.

        :return: records of ``account.move``, empty if no invoice charges it
        :raise UserError: when a part of the fee was credited by hand
        """
        balance, _credited = self.protection_id._get_invoiced_fee()
        if balance <= 0:
            return self.credit_note_ids.browse()
        # Our credit notes that a user reset to draft.
        notes = self.credit_note_ids.filtered(lambda move: move.state == "draft")
        notes = notes or self._prepare_credit_notes(balance)
        self.credit_note_ids |= notes
        # Core matches them with what is still open of the invoices.
        notes.action_post()
        return notes

    def _prepare_credit_notes(self, balance):
        """Create draft credit notes of exactly the fee, in the buyer's language.

        :param float balance: fee on posted documents, with taxes, in the protection's
            currency
        :return: records of ``account.move``
        :raise UserError: when a part of the fee was credited by hand
        """
        protection = self.protection_id
        # A corrected invoice is credited as a whole; a new one takes its place.
        on_notes = protection._get_fee_on("posted", "out_refund")
        # After a down payment of more than the order costs, core makes the final
        # invoice a credit note, which charges the fee with a quantity below 0.
        charged = on_notes.filtered(lambda line: line.price_total < 0)
        credited = (on_notes - charged).move_id
        charged |= protection._get_fee_on("posted", "out_invoice")
        lines = charged.filtered(
            lambda line: not line.move_id.reversal_move_ids & credited
        )
        total = sum(map(abs, lines.mapped("price_total")))
        if self.currency_id.compare_amounts(total, balance):
            raise UserError(
                self.env._(
                    "A part of the fee was credited already. Credit the rest by hand,"
                    " on the invoice."
                )
            )
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move",
            active_ids=lines.move_id.ids,
            lang=self.order_id._trustedshops_get_buyer_lang(),
        )
        journal = lines.journal_id[:1]
        reason = wizard.env._("Buyer Protection")
        reversal = wizard.create({"journal_id": journal.id, "reason": reason})
        reversal.refund_moves()
        notes = reversal.new_move_ids.with_env(self.env)
        # Another order's fee may be on the same invoice.
        (notes.invoice_line_ids - protection.fee_line_ids).unlink()
        # The reversal of a credit note is an invoice, here of less than 0.
        notes.filtered(
            lambda note: note.move_type == "out_invoice"
        ).action_switch_move_type()
        notes.invoice_payment_term_id = False  # its discount would change the total
        return notes

    # === IS IT SETTLED === #
    def _sync_state(self):
        """Update the state from the books, and schedule or close the activities."""
        for refund in self:
            state = "done" if refund._is_settled() else "open"
            if state != refund.state:
                refund.state = state
            refund._sync_todos()

    def _sync_todos(self):
        """Schedule or update the activity about what comes next, and close others.

        If a user closed it without doing that, wait for ``ASK_AGAIN_AFTER``.
        """
        code = self._get_next_code()
        holders = {"final_invoice": self.protection_id, "refund": self}
        for cause in holders.keys() - {code}:
            holders[cause]._remove_todos_about(cause)
        if code not in holders:
            self.asked_for = False  # what is closed here is asked for again
            return
        today = fields.Date.today()
        if not holders[code]._get_todos_about(code):
            if code == self.asked_for and self.asked_on > today - ASK_AGAIN_AFTER:
                return
            self.write({"asked_for": code, "asked_on": today})
        if code == "refund":
            self._schedule_refund()
        else:
            self.protection_id._schedule_message(code)

    def _get_next_code(self):
        """Return the code of the message that says what a user has to do next.

        :return: ``fee_invoiced`` while documents charge the fee again, about which the
            protection has an activity; ``final_invoice`` before the money can be
            judged; ``refund``; '' if the fee is settled
        :rtype: str
        """
        if self.state != "open":
            return ""
        if self.protection_id.fee_state not in FEE_GIVEN_BACK:
            return "fee_invoiced"
        is_early = self.sudo().order_id._trustedshops_is_final_invoice_due()
        return "final_invoice" if is_early else "refund"

    def _is_settled(self):
        """Return True if the buyer has the money, or never paid it, and owes no fee."""
        if self.protection_id.fee_state not in FEE_GIVEN_BACK:
            return False
        return self._is_ended() or self.protection_id._is_money_settled()

    def _is_ended(self):
        """Return True if a user or a refund of this record settled it for good."""
        return bool(self.nothing_reason or self._get_refunded_on())

    def _get_refunded_on(self):
        """Return the day on which a refund of this record, or a user, paid back.

        :return: False without one
        :rtype: datetime.date or bool
        """
        if not self or self.paid_back_on:
            return self.paid_back_on
        done = self._get_started().filtered(
            lambda each: (
                each.state == "done"
                and self.currency_id.compare_amounts(-each.amount, self.amount) >= 0
            )
        )
        get_day = self.protection_id._get_day_in_shop
        return bool(done) and get_day(done[-1:].last_state_change)

    # === A USER REFUNDS THE MONEY === #
    def _get_responsible(self):
        """Override to return a user who may refund.

        That is the responsible user of the protection, if that user may refund, else a
        bookkeeper of the company. Without any, it is the responsible user.
        """
        user = self.protection_id._get_responsible()
        if user.has_group(REFUNDERS):
            return user
        bookkeepers = (
            self.env.ref(REFUNDERS)
            .sudo()
            .all_user_ids.filtered(
                lambda each: each.active and self.company_id in each.company_ids
            )
        )
        return bookkeepers.sorted("id")[:1] or user

    def _schedule_refund(self):
        """Schedule or update the activity that asks for the money."""
        in_lang = self._with_responsible_lang()
        order, amount = self.protection_id._get_order_name(), in_lang._format_fee()
        code = "refund_check" if self._list_leftovers() else "refund"
        title = in_lang._format_message(code, "title", order=order, amount=amount)
        in_lang._schedule_todo("refund", in_lang._format_to_do(True), title)

    def _format_fee(self):
        """Return the fee with its currency, in the language of the context."""
        return self.currency_id.format(self.amount)

    def _format_to_do(self, can_refund):
        """Return the sentences about the fee and the way to refund it.

        After a failed refund, begin with the reason of the provider.

        :param bool can_refund: whether the reader has the right to refund
        :return: '' if the fee is settled
        :rtype: str
        """
        code = self._get_next_code()
        if code != "refund":
            reason = self._format_message("books_undone")
            return code and self._format_message(code, reason=reason)
        last, parts = self.sudo().transaction_ids.sorted("id")[-1:], []
        if last.state in const.FAILED_STATES:
            reason = last.state_message or "–"
            parts = [self._format_message("refund_failed", reason=reason)]
        leftovers = self.sudo()._list_leftovers()
        code = "refund_check" if leftovers else "refund"
        parts += [self._format_message(code, amount=self._format_fee()), *leftovers]
        if can_refund:
            parts.append(self._format_message(self._get_step_code(), "step"))
        return " ".join(parts)

    def _get_step_code(self):
        """Return the code of the message that says how the user refunds the fee."""
        if self._get_started().filtered(lambda each: each.state != "done"):
            return "refund_pending"
        return "refund" if self.sudo()._has_dialog() else "refund_by_hand"

    def _list_leftovers(self):
        """Return sentences about open payments that a person has to judge.

        Those are in another currency, or pay other orders, too. An open credit note of
        the fee needs no judgement.

        :rtype: list of str
        """
        if self._get_open_notes():
            return []
        order, sentences = self.order_id, []
        for line in order._trustedshops_get_open_lines():
            orders = order | line._trustedshops_get_paid_orders()
            if orders != order or line.currency_id != self.currency_id:
                left = line.currency_id.format(abs(line.amount_residual_currency))
                names = ", ".join(orders.mapped("name"))
                values = {"payment": line.move_id.name, "left": left, "orders": names}
                sentences.append(self._format_message("refund_left", **values))
        return sentences

    def _get_open_notes(self):
        """Return the posted credit notes with the fee that are not settled, in sudo."""
        return self.protection_id._get_fee_notes().filtered(
            lambda note: note.payment_state not in const.SETTLED_STATES
        )

    def _has_dialog(self):
        """Return True if core's dialog can refund exactly the fee, of one payment."""
        payment = self._get_payments()
        is_asked = self._get_next_code() == "refund" and not self._get_started()
        if len(payment) != 1 or not is_asked:
            return False
        # As core says; with full refunds only, its dialog refunds more than it shows.
        dialog = self.env["payment.refund.wizard"].new({"payment_id": payment.id})
        left = payment.amount_available_for_refund
        return (
            self.currency_id.compare_amounts(left, self.amount) >= 0
            and payment.currency_id == self.currency_id
            and dialog.support_refund == "partial"
        )

    def _get_started(self):
        """Return the refunds of this record that did not fail, in sudo.

        :return: records of ``payment.transaction``
        """
        return self.sudo().transaction_ids.filtered(
            lambda each: each.state not in const.FAILED_STATES
        )

    def _check_can_refund(self):
        """Check that the user may refund, and that the fee is not settled.

        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(REFUNDERS):
            raise AccessError(
                self.env._("Only users with the right “Invoicing” may refund a fee.")
            )
        if self.state != "open":
            raise UserError(self.env._("This fee is settled already."))

    def action_refund(self):
        """Open core's refund of the payment, with the fee as its amount.

        :return: action that opens core's dialog, or the list of payments if there are
            several, or else a notification that says what to do
        :rtype: dict
        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled
        """
        self._check_can_refund()
        payments = self._get_payments()
        if self._get_next_code() == "refund" and len(payments) > 1:
            action = self.env["ir.actions.actions"]._for_xml_id(
                "account.action_account_payments"
            )
            return {**action, "domain": [("id", "in", payments.ids)], "context": {}}
        if not self._has_dialog():
            return show(self._format_to_do(True), type="warning", sticky=True)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": "payment.refund.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": "account.payment",
                "active_id": payments.id,
                "default_amount_to_refund": self.amount,
                # Not as a default: that would leak into the refund, which core then
                # leaves without a payment of its own.
                "trustedshops_refund_id": self.id,
            },
        }

    def _get_payments(self):
        """Return the booked payments of the buyer for the order.

        :return: records of ``account.payment`` in sudo
        """
        payments = self.order_id._trustedshops_get_live_payments()
        payments |= self.order_id._trustedshops_get_entries().origin_payment_id
        is_inbound = Domain("payment_type", "=", "inbound")
        return payments.filtered_domain(is_inbound)

    def _prepare_transaction(self, source):
        """Return the values that link a refund from core's dialog to this record.

        Write ``started_at``, so that a second refund at the same time fails.

        :param source: record of ``payment.transaction`` that is refunded
        :return: values of ``payment.transaction``; empty if ``self`` is, or if the
            payment is not one of the order
        :rtype: dict
        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled, or a refund was started
        """
        if not self or source.payment_id not in self._get_payments():
            return {}  # the client may send any id in the dialog's context
        self._check_can_refund()
        refund_sudo = self._trustedshops_lock()
        if self._get_started():
            raise UserError(self.env._("A refund of this fee was started already."))
        # A request that began before fails at the lock, and is repeated.
        refund_sudo.started_at = fields.Datetime.now()
        refund_sudo.flush_recordset(["started_at"])
        notes = refund_sudo._get_open_notes()
        return {
            "trustedshops_refund_id": self.id,
            # Core matches them with the payment of the refund.
            "invoice_ids": [fields.Command.set(notes.ids)],
        }

    def action_mark_paid_back(self, day=None):
        """Settle the record: the fee was paid back by hand.

        :param day: the day of the payment, by default today
        :type day: datetime.date or None
        :return: action that shows a notification
        :rtype: dict
        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled, or a refund begins right now
        """
        day = day or self.protection_id._get_day_in_shop(fields.Datetime.now())
        text = self._format_message("paid_back", amount=self._format_fee())
        return self._close_by_user(text, paid_back_on=day)

    def action_nothing_to_pay_back(self, reason):
        """Settle the record: the buyer gets nothing.

        :param str reason: why
        :return: action that shows a notification
        :rtype: dict
        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled, or a refund begins right now
        :raise ValidationError: without a reason
        """
        if not reason:
            raise ValidationError(self.env._("Say why there is nothing to pay back."))
        text = self._format_message("nothing_to_pay_back", reason=reason)
        return self._close_by_user(text, nothing_reason=reason)

    def _close_by_user(self, text, **values):
        """Settle the record for a user, and post a note.

        :param str text: text of the note
        :param values: values to write
        :return: action that shows a notification
        :rtype: dict
        """
        self._check_can_refund()
        # The database refuses it if the row changed since it was read.
        refund_sudo = self._trustedshops_lock()
        refund_sudo.write(values)
        refund_sudo._sync_state()
        refund_sudo.protection_id._post_note(text)
        return show(text)

    # === SCHEDULED ACTION === #
    @api.model
    def _trigger_cron(self):
        """Start the scheduled action as soon as this request is over."""
        cron = "website_sale_trustedshops.ir_cron_ask_for_refunds"
        self.env.ref(cron).sudo()._trigger()

    @api.model
    def _cron_ask_again(self):
        """Update the state of open refunds, which schedules activities again."""
        refunds = self.search([("state", "=", "open")])
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(refunds))
        for refund in refunds:
            if refund.try_lock_for_update(allow_referencing=True):
                refund.order_id._trustedshops_try(refund._sync_state)
            if not commit(1):
                break
