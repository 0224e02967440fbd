# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Gives a fee back: this addon makes the credit note, a user refunds the money.

The fee leaves order and invoices at once and for good. If the shop has the money, one
activity asks for its refund, by core's refund of a payment or outside Odoo.
"""

from datetime import timedelta
from itertools import accumulate

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import const
from ..client_action import show

# Credit notes in these states are settled; "reversed": by another document.
SETTLED_STATES = (*const.PAID_STATES, "reversed")
# The group whose users may refund.
REFUNDERS = "account.group_account_invoice"
# If the activity is closed without a refund, another one follows after this time.
ASK_AGAIN_AFTER = timedelta(days=7)


class TrustedShopsRefund(models.Model):
    """The return of one protection's fee to the buyer.

    A fee with such a record is never charged again. The credit note of a user creates
    none, so its fee may be invoiced again.
    """

    _name = "trustedshops.refund"
    _description = "Fee Refunds"
    _inherit = ["trustedshops.todo", "trustedshops.guarded.fields"]
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
            ("ended", "The order was cancelled or fully credited"),
        ],
        string="Why",
        required=True,
        readonly=True,
    )
    # Those of this addon. A user's credit note of the invoice may contain the fee, too.
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
    open_amount = fields.Monetary(
        string="Amount to Refund", compute="_compute_open_amount", compute_sudo=True
    )
    explanation = fields.Char(
        string="What to do", compute="_compute_explanation", compute_sudo=True
    )
    # Refunds that were started with the button of this record.
    transaction_ids = fields.One2many(
        "payment.transaction",
        "trustedshops_refund_id",
        string="Refunded with",
        readonly=True,
        groups=const.BOOKKEEPERS,
    )
    paid_back_on = fields.Date(readonly=True, export_string_translation=False)
    started_at = fields.Datetime(readonly=True, export_string_translation=False)
    asked_on = fields.Date(readonly=True, export_string_translation=False)

    _protection_uniq = models.UniqueIndex("(protection_id)")

    @api.depends(
        "state",
        "protection_id.fee_line_ids.move_id.amount_residual",
        "protection_id.fee_line_ids.move_id.matched_payment_ids.state",
        "transaction_ids.state",
    )
    def _compute_open_amount(self):
        self.open_amount = 0.0
        for refund in self.filtered(lambda each: each.state == "open"):
            notes = refund._get_credit_notes()
            own = sum(map(refund._get_left, notes & refund.credit_note_ids))
            if own:
                refund.open_amount = own
                continue
            done = refund._get_started().filtered(lambda each: each.state == "done")
            left = refund.amount + sum(done.mapped("amount"))
            left = refund.currency_id.round(left)
            others = sum(map(refund._get_left, notes)) or refund._get_surplus()
            refund.open_amount = min(others or left, left)

    @api.depends("state", "transaction_ids.state", "open_amount")
    @api.depends_context("lang", "uid")
    def _compute_explanation(self):
        can_refund = self.env.user.has_group(REFUNDERS)
        for refund in self:
            refund.explanation = refund._format_to_do(can_refund)

    # === OUT OF THE BOOKS === #
    @api.model
    def _give_back(self, protection, reason):
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
        protection._get_fee_on("draft", "out_invoice")._trustedshops_remove()
        credit_notes = self._credit()
        protection._sync_invoices()
        protection._remove_todos_about("fee_invoiced")
        if credit_notes:
            names = ", ".join(credit_notes.mapped("name"))
            text = self._format_message("credited", credit_notes=names)
        else:
            text = self._format_message("fee_left_out")
            if protection._is_invoiced_ahead():
                protection._schedule_message("final_invoice")
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
        self._balance_order()
        order.locked = was_locked

    def _balance_order(self):
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
        credited = protection._get_fee_on("posted", "out_refund").move_id
        lines = protection._get_fee_on("posted", "out_invoice").filtered(
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
        notes.invoice_payment_term_id = False  # its discount would change the total
        return notes

    # === IS IT SETTLED === #
    def _sync_state(self):
        """Update the state from the books, and schedule or close the activity."""
        for refund in self:
            state = "done" if refund._is_settled() else "open"
            if state != refund.state:
                refund.write({"state": state, "asked_on": False})
            if state == "done":
                refund._remove_todos_about("refund")
            else:
                refund._schedule_refund()

    def _is_settled(self):
        """Return True if the buyer has the money, or never paid it.

        Core matches a credit note with an invoice that is not paid yet. If the buyer
        transfers the old total all the same, more is paid than the documents charge.
        """
        if self._get_returned_on():
            return True
        notes, order = self._get_credit_notes(), self.order_id
        if any(map(self._get_left, notes)) or self._get_surplus():
            return False
        was_ever_paid = (
            order._trustedshops_get_received_payments()
            or order._trustedshops_get_booked_payments()
            or order._trustedshops_get_payment_moves()
        )
        if notes or not was_ever_paid:
            return True
        # The documents do not charge the fee, but a down payment may have paid it.
        is_invoiced = bool(order._trustedshops_get_documents())
        return is_invoiced and not self.protection_id._is_invoiced_ahead()

    def _get_credit_notes(self):
        """Return the posted credit notes with the fee, those of users included.

        If a down payment contained the fee, the final invoice is one of them, which
        core then makes a credit note.

        :return: records of ``account.move`` in sudo
        """
        final = self.order_id.sudo().invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_refund"
                and not move.reversed_entry_id
                and any(move.invoice_line_ids.sale_line_ids.mapped("is_downpayment"))
            )
        )
        return final | self.protection_id._get_fee_on("posted", "out_refund").move_id

    def _get_left(self, note):
        """Return the residual amount of a credit note, in its currency.

        Core calls a credit note settled as soon as it has a payment without a journal
        entry, whatever the amount. The result of a settled one is what such payments
        leave open.

        :param note: record of ``account.move``
        :rtype: float
        """
        if note.payment_state not in SETTLED_STATES:
            return note.amount_residual
        payments = note.matched_payment_ids.filtered(lambda each: not each.move_id)
        by_state = payments.grouped("state")
        waiting = by_state.get("in_process") or by_state.get("paid") or payments[:0]
        due = self._sum_up_due(note, waiting, note.currency_id)
        return min(max(-due, 0.0), note.amount_residual)

    def _sum_up_due(self, documents, waiting, currency):
        """Return the amount due of documents; if below 0, the shop has to pay it out.

        :param documents: records of ``account.move``
        :param waiting: records of ``account.payment`` without a journal entry, which
            settle their documents only with the bank statement
        :param currency: record of ``res.currency``; amounts in others do not count
        :rtype: float
        """
        lines = (documents | waiting.invoice_ids).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.currency_id == currency
            )
        )
        payments = waiting.filtered(lambda each: each.currency_id == currency)
        paid = sum(payments.mapped("amount_signed"))
        return currency.round(sum(lines.mapped("amount_residual_currency")) - paid)

    def _get_surplus(self):
        """Return the overpaid amount of the order, less that of credited goods.

        :return: in the protection's currency, 0 or above
        :rtype: float
        """
        order, currency = self.order_id, self.currency_id
        surplus = sum(
            max(-line.amount_residual_currency, 0.0)
            for line in order._trustedshops_get_payment_moves().line_ids
            if line.account_id.account_type == "asset_receivable"
            and line.currency_id == currency
        )
        waiting = order._trustedshops_get_booked_payments().filtered(
            lambda each: each.state == "in_process" and not each.move_id
        )
        if waiting:
            documents = order._trustedshops_get_documents()
            due = self._sum_up_due(documents, waiting, currency)
            goods = documents.filtered(lambda move: move.move_type == "out_refund")
            left = sum(map(self._get_left, goods - self._get_credit_notes()))
            surplus += max(-due - left, 0.0)
        # Goods may have been credited before they were paid. A surplus of exactly the
        # fee is the fee.
        if currency.compare_amounts(surplus, self.amount):
            surplus -= self._get_credited_goods()
        return currency.round(max(surplus, 0.0))

    def _get_credited_goods(self):
        """Return the amount by which credit notes without the fee reduced invoices.

        Leave out amounts that were invoiced again later, or paid out.

        :return: in the protection's currency
        :rtype: float
        """
        documents = self.order_id._trustedshops_get_documents().filtered(
            lambda move: move.currency_id == self.currency_id
        )
        with_fee, changes = self._get_credit_notes(), [0.0]
        for move in (documents - with_fee).sorted("id"):
            if move.move_type == "out_invoice":
                changes.append(move.amount_total)
                continue
            matched = move.line_ids.matched_debit_ids.filtered(
                lambda each: each.debit_move_id.move_type == "out_invoice"
            )
            changes.append(-sum(matched.mapped("credit_amount_currency")))
        return max(accumulate(changes)) - sum(changes)

    def _get_returned_on(self):
        """Return the day on which the buyer got the fee back.

        :return: False if the buyer did not yet, or Odoo does not know the day
        :rtype: datetime.date or bool
        """
        if not self or self.paid_back_on:
            return self.paid_back_on
        get_day = self.protection_id._get_day_in_shop
        done = self._get_started().filtered(
            lambda each: (
                each.state == "done"
                and self.currency_id.compare_amounts(-each.amount, self.amount) >= 0
            )
        )
        if done:
            return get_day(done[-1:].last_state_change)
        notes, order = self._get_credit_notes(), self.order_id
        if any(map(self._get_left, notes)):
            return False
        moves = order._trustedshops_get_payment_moves()
        payouts = notes._trustedshops_get_settling_lines() & moves.line_ids
        waiting = notes.matched_payment_ids & order._trustedshops_get_booked_payments()
        days = payouts.mapped("date") + waiting.mapped("date")
        return max(days, default=False)

    # === A USER REFUNDS THE MONEY === #
    def _get_responsible(self):
        """Override to return a user who may refund.

        That is the responsible user of the protection, else a bookkeeper of the
        company; without any, still the former.
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
        """Schedule or update the activity that asks for the money.

        If a user closed it without a refund, wait for ``ASK_AGAIN_AFTER``.
        """
        today = fields.Date.today()
        is_asked = bool(self._get_todos_about("refund"))
        is_recent = self.asked_on and self.asked_on > today - ASK_AGAIN_AFTER
        if not is_asked and is_recent:
            return
        if not is_asked:
            self.asked_on = today
        in_lang = self._in_responsible_lang()
        values = {
            "amount": self.currency_id.format(self.open_amount),
            "order": self.protection_id._get_order_name(),
        }
        title = in_lang._format_message("refund", "title", **values)
        in_lang._schedule_todo("refund", in_lang._format_to_do(True), title)

    def _format_to_do(self, can_refund):
        """Return the sentences about the open amount and the way to refund it.

        After a failed refund, begin with the reason of the provider.

        :param bool can_refund: whether the reader has the right to refund
        :return: '' if the fee is settled
        :rtype: str
        """
        if self.state != "open":
            return ""
        last, failure = self.sudo().transaction_ids.sorted("id")[-1:], ""
        if last.state in const.FAILED_STATES:
            reason = last.state_message or "–"
            failure = self._format_message("refund_failed", reason=reason)
        amount = self.currency_id.format(self.open_amount)
        what = self._format_message("refund", amount=amount)
        way = f"refund_{self._get_way() if can_refund else 'without_rights'}"
        return " ".join(
            filter(None, (failure, what, self._format_message(way, "step")))
        )

    def _get_way(self):
        """Return the way in which a user can refund the money.

        :return: ``dialog`` for core's refund of the payment, ``list`` for several
            payments, or another end of the code of a message that begins with
            ``refund_``
        :rtype: str
        """
        if started := self._get_started():
            ways = {"done": "rest", "draft": "started"}
            return ways.get(started[-1].state, "sent")
        payment = self._get_payments()
        if len(payment) > 1:
            return "list"
        # As core says; with full refunds only, its dialog refunds more than it shows.
        dialog = self.env["payment.refund.wizard"].new({"payment_id": payment.id})
        left = payment.amount_available_for_refund
        if self.currency_id.compare_amounts(left, self.open_amount) < 0:
            return "refunded" if payment.refunds_count else "by_hand"
        is_fitting = payment.currency_id == self.currency_id
        return (
            "dialog" if is_fitting and dialog.support_refund == "partial" else "by_hand"
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
        """Open core's refund of the payment, with the open amount.

        :return: action that opens core's dialog, or the list of payments if there are
            several, or else a notification that says what to do
        :rtype: dict
        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled
        """
        self._check_can_refund()
        way, payments = self._get_way(), self._get_payments()
        if way == "list":
            action = self.env["ir.actions.actions"]._for_xml_id(
                "account.action_account_payments"
            )
            return {**action, "domain": [("id", "in", payments.ids)], "context": {}}
        if way != "dialog":
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
                "default_amount_to_refund": self.open_amount,
                # Not as a default: that would leak into the refund, which core then
                # leaves without a payment of its own.
                "trustedshops_refund_id": self.id,
            },
        }

    def _get_payments(self):
        """Return the booked payments of the buyer for the order.

        :return: records of ``account.payment`` in sudo
        """
        payments = self.order_id._trustedshops_get_booked_payments()
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
        if self._get_started():
            raise UserError(self.env._("A refund of this fee was started already."))
        # A concurrent request fails here, is repeated, and then finds this refund.
        self.sudo().started_at = fields.Datetime.now()
        self.sudo().flush_recordset(["started_at"])
        notes = self.sudo()._get_credit_notes().filtered(self.sudo()._get_left)
        return {
            "trustedshops_refund_id": self.id,
            # Core matches them with the payment of the refund.
            "invoice_ids": [fields.Command.set(notes.ids)],
        }

    def action_mark_paid_back(self):
        """Mark the fee as paid back by hand today, and post a note.

        :return: action that shows a notification
        :rtype: dict
        :raise AccessError: without the right to refund
        :raise UserError: when the fee is settled, or the provider is being called
        """
        self._check_can_refund()
        # The database refuses it if the row changed since it was read.
        self.sudo().lock_for_update()
        is_draft = "draft" in self._get_started().mapped("state")
        if is_draft and self.started_at > fields.Datetime.now() - const.LEASE:
            raise UserError(
                self.env._(
                    "The payment provider is being asked for a refund of this fee."
                    " Look again in ten minutes."
                )
            )
        amount = self.currency_id.format(self.open_amount)
        text = self._format_message("paid_back", amount=amount)
        refund_sudo = self.sudo()
        protection_sudo = refund_sudo.protection_id
        refund_sudo.paid_back_on = protection_sudo._get_day_in_shop(
            fields.Datetime.now()
        )
        refund_sudo._sync_state()
        protection_sudo._post_note(text)
        return show(text)

    # === SCHEDULED ACTION === #
    @api.model
    def _cron_ask_again(self):
        """Update the state of open refunds, and of those with an unsettled credit note.

        That schedules activities again, and opens refunds whose payment was undone.
        Refunds that a user marked as paid back stay settled.
        """
        is_undone = Domain("paid_back_on", "=", False) & Domain(
            "protection_id.fee_line_ids",
            "any",
            [
                ("parent_state", "=", "posted"),
                ("move_type", "=", "out_refund"),
                ("move_id.payment_state", "not in", SETTLED_STATES),
            ],
        )
        refunds = self.search(Domain("state", "=", "open") | is_undone)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(refunds))
        for refund in refunds:
            if refund.try_lock_for_update(allow_referencing=True):
                refund.order_id._trustedshops_try(refund._sync_state)
            if not commit(1):
                break
