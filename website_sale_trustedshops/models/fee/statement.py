# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fee in the books, when it is given back, and what Trusted Shops bills.

How it is given back: see ``models/fee/giving_back.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL, LazyTranslate
from odoo.tools.misc import clean_context

from ... import const
from ...client_action import link, show
from ..protection.protection import (
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    SENT_STATES,
    WAITING_STATES,
)

_lt = LazyTranslate(__name__)
DOCUMENT_GROUPS = f"{const.BOOKKEEPERS},sales_team.group_sale_salesman"
# Label of the group without a bill, when a list is grouped by bill.
NOT_BILLED = _lt("Not billed")


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    fee_line_ids = fields.One2many(
        "account.move.line",
        "trustedshops_protection_id",
        groups=NO_ACCESS,
        export_string_translation=False,
    )
    invoice_ids = fields.Many2many(
        "account.move", compute="_compute_invoice_ids", groups=DOCUMENT_GROUPS
    )
    credit_note_ids = fields.Many2many(
        "account.move", compute="_compute_invoice_ids", groups=DOCUMENT_GROUPS
    )
    # As on the order, because some users who see the protection may not open it.
    order_payments = fields.Html(
        related="order_id.trustedshops_payments", export_string_translation=False
    )
    # One record as soon as the fee is given back.
    refund_ids = fields.One2many(
        "trustedshops.refund", "protection_id", string="Fee Refund"
    )
    billable = fields.Selection(
        [
            ("owed", "Owed to Trusted Shops"),
            ("undecided", "Undecided"),
            ("void", "Not owed"),
        ],
        string="Billing",
        compute="_compute_billable",
        store=True,
        help="Owed: confirmed. Undecided: it may still be confirmed. Not owed: all"
        " else, and tests.",
    )
    owed_fee = fields.Monetary(
        string="Owed",
        compute="_compute_billable",
        store=True,
    )
    _undecided_idx = models.Index("(id) WHERE billable = 'undecided'")
    fee_collected = fields.Boolean(
        compute="_compute_fee_collected",
        search="_search_fee_collected",
        help="The buyer paid the fee and did not get it back.",
    )
    # The number of Trusted Shops' bill; the only field that users write.
    billed_ref = fields.Char(
        string="Bill", index=True, tracking=True, falsy_value_label=NOT_BILLED
    )

    # === THE BOOKS === #
    @api.depends("fee_line_ids.parent_state", "fee_line_ids.move_type")
    @api.depends_context("uid")
    def _compute_invoice_ids(self):
        """Compute the draft and posted documents of the fee that the user may read."""
        for protection in self:
            lines = protection.sudo().fee_line_ids.sudo(False)
            moves = lines.move_id._filtered_access("read").filtered(
                lambda move: move.state in ("draft", "posted")
            )
            invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
            protection.invoice_ids = invoices
            protection.credit_note_ids = moves - invoices

    def _get_fee_lines(self):
        """Return the order's line of the fee, unless it is another protection's.

        :return: records of ``sale.order.line``, empty without one
        """
        self.ensure_one()
        order = self.order_id
        lines = order._trustedshops_get_fee_lines()
        return lines if order.trustedshops_protection_id == self else lines.browse()

    def _get_fee_on(self, state, move_type):
        """Return the lines of the fee on invoices or credit notes.

        :param str state: state of the documents: ``draft`` or ``posted``
        :param str move_type: ``out_invoice`` or ``out_refund``
        :return: records of ``account.move.line`` in sudo
        """
        self.ensure_one()
        return self.sudo().fee_line_ids.filtered_domain(
            Domain("parent_state", "=", state) & Domain("move_type", "=", move_type)
        )

    def _is_fee_off(self):
        """Return True if the fee was given up, and posted documents do not charge it.

        They charge it again while our own credit note is reset to draft.
        """
        is_given_up = bool(self.refund_ids) or self.state == "cancelled"
        return is_given_up and not self._get_invoiced_fee()[0]

    def _get_invoiced_fee(self):
        """Return the fee on posted documents, with taxes.

        :return: what invoices charge less what credit notes credit, and the latter
            alone
        :rtype: tuple of float
        """
        invoiced, credited = (
            sum(self._get_fee_on("posted", move_type).mapped("price_total"))
            for move_type in ("out_invoice", "out_refund")
        )
        return self.currency_id.round(invoiced - credited), credited

    def _get_fee_state(self):
        """Return the state of the fee by the books, to be stored in ``fee_state``.

        :rtype: str
        """
        balance, credited = self._get_invoiced_fee()
        if balance > 0:
            return "invoiced"
        if credited:
            return "refunded"
        return "waived" if self.refund_ids or self.state == "cancelled" else "due"

    def _sync_invoices(self):
        """Update ``fee_state`` after the invoices changed, and act on the change.

        Close the activities about the books that are settled, and ask again if a fee
        that was given back is charged. A protection whose fee is charged again goes on.
        """
        for protection in self:
            before, after = protection.fee_state, protection._get_fee_state()
            if before == after:
                continue
            protection.fee_state = after
            if after != "invoiced":
                protection._remove_todos_about("fee_invoiced")
            elif protection.refund_ids:
                protection._schedule_books("books_undone")
            if after == "refunded" and not protection.refund_ids:
                protection._process_credit_by_user()
            if before in FEE_GIVEN_BACK and after not in FEE_GIVEN_BACK:
                protection._update_after_payment()
            elif protection.state in NOT_CONCLUDED_STATES:
                protection._update_todo()

    def _process_credit_by_user(self):
        """Give the fee back if a user credited it alone, as *Refund fee* does.

        A credit note of the whole invoice leaves open whether it is invoiced again.
        """
        notes = self._get_fee_on("posted", "out_refund").move_id
        alone = notes.filtered(
            lambda note: all(
                line.trustedshops_protection_id
                for line in note.invoice_line_ids
                if line.display_type == "product"
            )
        )
        if alone:
            self._set_failed()
            self.refund_ids._return_fee(self, "person")
            self.refund_ids.credit_note_ids |= alone

    # === IS ITS MONEY BACK === #
    def _get_fee_standing(self):
        """Return where the fee stands, by documents and payments.

        :return: ``charged``, ``open`` (to be paid back), ``paid_back`` or
            ``not_charged``
        :rtype: str
        """
        self.ensure_one()
        refund = self.refund_ids
        if self.fee_state not in FEE_GIVEN_BACK:
            return "charged"
        if refund:
            is_settled = refund.state == "done"
        else:
            is_settled = self.fee_state == "waived" or self._is_money_settled()
        if not is_settled:
            # The final invoice says what the buyer gets back of a down payment.
            is_early = self.order_id._trustedshops_is_final_invoice_due()
            return "not_charged" if is_early else "open"
        return "paid_back" if self._get_paid_back_on() else "not_charged"

    def _is_money_settled(self):
        """Return True if documents and payments leave nothing of the fee to pay back.

        :rtype: bool
        """
        order = self.order_id
        if order._trustedshops_has_no_money():
            return True
        documents = order._trustedshops_get_documents()
        notes = documents.filtered(lambda move: move.move_type == "out_refund")
        return (
            bool(documents)
            and not order._trustedshops_is_final_invoice_due()
            and all(note.payment_state in const.SETTLED_STATES for note in notes)
            and not order._trustedshops_has_open_money()
        )

    def _get_fee_notes(self):
        """Return the posted credit notes with the fee, those of users included.

        If a down payment contained the fee, the final invoice is one of them, which
        core then makes a credit note.

        :return: records of ``account.move`` in sudo
        """
        # The final invoice may also be a credit note that charges the fee.
        lines = self._get_fee_on("posted", "out_refund")
        notes = lines.filtered(lambda line: line.price_total > 0).move_id
        return notes or self.order_id._trustedshops_get_documents().filtered(
            lambda move: (
                move.move_type == "out_refund"
                and not move.reversed_entry_id
                and any(move.invoice_line_ids.sale_line_ids.mapped("is_downpayment"))
            )
        )

    def _get_paid_back_on(self):
        """Return the day on which the buyer got the fee back.

        A refund of its own or a user says so, or a credit note that was paid out.

        :return: False if the buyer did not, or Odoo does not know the day
        :rtype: datetime.date or bool
        """
        if day := self.refund_ids._get_refunded_on():
            return day
        receivable = self._get_fee_notes()._trustedshops_get_receivable()
        payouts = receivable.matched_debit_ids.debit_move_id.filtered(
            lambda line: (
                line.move_id.statement_line_id
                or line.move_id.origin_payment_id.payment_type == "outbound"
            )
        )
        return max(payouts.mapped("date"), default=False)

    # === THE ORDER ENDS === #
    def _sync_return(self):
        """Apply the refund policy if all goods were credited: the buyer withdrew.

        Stop asking about the fee when goods are charged again, because a corrected
        invoice begins with a credit note of everything.
        """
        self._apply_return()
        for protection in self.filtered("ended_at"):
            is_sent = protection.state in SENT_STATES
            is_open = is_sent and protection.order_id.state != "cancel"
            if is_open and not protection._is_order_undone():
                protection._reset_end()

    def _apply_return(self):
        """Apply the refund policy to sent protections whose goods were all credited.

        Do so once for each. It is also called after answers and payments, because the
        goods may have been returned before.
        """
        for protection in self.filtered(lambda each: not each.ended_at):
            is_sent = protection.state in SENT_STATES
            is_open = is_sent and protection.order_id.state != "cancel"
            if is_open and protection._is_order_undone():
                protection._with_responsible_lang()._apply_refund_policy()

    def _is_order_undone(self):
        """Return True if the order is undone for certain: the fee follows it."""
        undone = self.order_id._trustedshops_get_undone()
        return bool(undone) and undone.is_certain

    def _reset_end(self):
        """Clear ``ended_at``, and close the activity about an ended order's fee."""
        ended = self.filtered("ended_at")
        ended.ended_at = False
        ended._remove_todos_about("ended")

    def _apply_refund_policy(self):
        """Give an ended order's fee back, keep it, or ask, as the certificate says.

        Store ``ended_at``. Unless the fee must be given back, do nothing before the
        buyer paid it or got an invoice.
        """
        policy = self.certificate_id.fee_refund_policy
        is_open = self.fee_state not in FEE_GIVEN_BACK
        is_paid = not self.order_id._trustedshops_has_no_money()
        is_charged = self.fee_state == "invoiced" or is_paid
        if is_open and policy != "refund" and not is_charged:
            return
        self.ended_at = fields.Datetime.now()
        if not is_open:
            return
        if policy == "refund":
            self._try_to_refund_fee("ended")
        else:
            self._schedule_ended()

    def _schedule_ended(self):
        """Ask a user whether to give back the fee of an ended order.

        Do nothing if the policy decides, the fee was given back, or the user has to
        look the application up at Trusted Shops first.
        """
        is_open = self.ended_at and self.fee_state not in FEE_GIVEN_BACK
        is_asked = is_open and self.certificate_id.fee_refund_policy == "ask"
        if is_asked and not self._is_lookup_due():
            self._schedule_message("ended")

    def _schedule_credit(self):
        """Ask a user to credit the invoiced fee of a cancelled protection.

        Do nothing while an application may have arrived.
        """
        is_invoiced = self.state == "cancelled" and self.fee_state == "invoiced"
        if is_invoiced and not self._is_in_doubt():
            invoices = self._get_fee_on("posted", "out_invoice").move_id
            names = ", ".join(invoices.mapped("name"))
            self._schedule_message("fee_on_invoice", "fee_invoiced", invoices=names)

    # === REFUND === #
    def _can_refund_fee(self):
        """Return True if there is a fee to give back, and the queue is not at work."""
        if self.fee_state == "refunded":
            # A user credited the whole invoice, to correct it or to invoice again.
            lines = self._get_fee_lines().filtered("product_uom_qty")
            is_left = lines or self._get_fee_on("draft", "out_invoice")
            is_given_up = self.refund_ids or self.state == "cancelled"
            if is_given_up or not is_left:
                return False
        if self.fee_state == "waived":
            return False
        if self.state == "selected":  # it could not be placed
            return self.order_id.state == "sale"
        return self.state not in ("queued", "sending")

    def action_refund_fee(self):
        """Give the fee back to the buyer, once.

        A protection on hold, or applied for without a known number, ends as ``failed``.

        :return: a notification that says what was done, with a link to the refund
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it was given back already, or core refuses to credit
        """
        protection_sudo = self._lock_for_press("refund_fee")
        # The records made here must not get the defaults of the dialog with the button.
        context = clean_context(self.env.context)
        protection_sudo = protection_sudo.with_env(self.env(su=True, context=context))
        protection_sudo._set_failed()
        protection_sudo._close_todos()
        text = protection_sudo.refund_ids._return_fee(protection_sudo, "person")
        action = "website_sale_trustedshops.trustedshops_refund_action"
        label = self.env["ir.actions.actions"]._for_xml_id(action)["display_name"]
        return show(text, [link(label, action, protection_sudo.refund_ids.id)])

    def _set_failed(self):
        """End a protection as ``failed`` that waits, or has no known number."""
        is_unnumbered = self.state == "requested" and not self.application_number
        if is_unnumbered or self.state in ("queued", "on_hold"):
            self.write({"state": "failed", **self._prepare_reason("fee_given_up")})

    @api.model
    def _get_unrefunded_domain(self):
        """Return the domain of protections whose fee the queue has to give back."""
        is_blocked = Domain("activity_ids.trustedshops_cause", "=", "fee_invoiced")
        is_charged = Domain("refund_ids", "=", False)
        return self._get_not_concluded_domain() & is_charged & ~is_blocked

    def _try_to_refund_fee(self, reason="not_concluded"):
        """Give the fee back; if core refuses, ask a user to settle the books.

        :param str reason: key of the field ``reason`` of the refund
        """
        try:
            with self.env.cr.savepoint():
                self.refund_ids._return_fee(self, reason)
        except (RedirectWarning, UserError) as error:
            self._schedule_books(str(error))

    def _schedule_books(self, reason="bug"):
        """Ask a user to settle the books; the queue does not try again meanwhile.

        :param str reason: what core says, or the code of a message
        """
        self = self._with_responsible_lang()
        if reason in self._get_messages():
            reason = self._format_message(reason)
        self._schedule_message("fee_invoiced", reason=reason)
        self._update_todo()  # it still says that the fee will be paid back

    # === THE STATEMENT === #
    @api.depends(
        "state",
        "may_have_arrived",
        "application_number",
        "last_code",
        "is_test",
        "net_fee",
    )
    def _compute_billable(self):
        """Compute whether, and how much, the shop owes Trusted Shops."""
        for protection in self:
            is_open = protection.state in WAITING_STATES
            if protection.state == "confirmed":
                protection.billable = "void" if protection.is_test else "owed"
            # An application stays at Trusted Shops when the order is cancelled.
            elif is_open or protection._is_in_doubt():
                protection.billable = "undecided"
            else:
                protection.billable = "void"
            is_owed = protection.billable == "owed"
            protection.owed_fee = protection.net_fee if is_owed else 0

    @api.depends("fee_state", "refund_ids")
    def _compute_fee_collected(self):
        collected = self._filter_collected()
        for protection in self:
            protection.fee_collected = protection in collected

    def _filter_collected(self):
        """Return those whose fee is collected now, computed without the cache."""
        is_collected = Domain("fee_collected", "=", True)
        return self.sudo().search(Domain("id", "in", self.ids) & is_collected)

    def _search_fee_collected(self, operator, value):
        """Search for protections that were paid, and whose fee was not given back.

        The invoice with the fee has to be paid and no other one open; before there is
        one, the order's transactions have to cover it.
        """
        if operator != "in":
            return NotImplemented
        is_posted = Domain("parent_state", "=", "posted")
        is_invoice = is_posted & Domain("move_type", "=", "out_invoice")
        is_paid = is_posted & Domain("move_id.payment_state", "in", const.PAID_STATES)
        is_unpaid = is_invoice & Domain(
            "move_id.payment_state", "in", ("not_paid", "partial")
        )
        invoiced = "order_id.order_line.invoice_lines"
        domain = Domain("fee_line_ids", "any", is_paid)
        domain &= ~Domain(invoiced, "any", is_unpaid)
        domain |= ~Domain(invoiced, "any", is_invoice) & Domain(
            "id", "in", self._get_covered()
        )
        domain &= Domain("fee_state", "not in", FEE_GIVEN_BACK)
        domain &= Domain("refund_ids", "=", False)
        found = Domain("id", "in", self.sudo()._search(domain))
        return Domain.OR(found if each else ~found for each in value)

    @api.model
    def _get_covered(self):
        """Return SQL for the ids of protections whose order is paid by transactions.

        Those of this order alone count, captures instead of their source, less the
        refunds, which carry no order.

        :rtype: odoo.tools.SQL
        """
        orders, transactions = self.env["sale.order"], self.env["payment.transaction"]
        return SQL(
            """(
            SELECT o.trustedshops_protection_id
              FROM payment_transaction t
              LEFT JOIN payment_transaction source
                     ON source.id = t.source_transaction_id
              LEFT JOIN payment_transaction first
                     ON first.id = source.source_transaction_id
              JOIN sale_order_transaction_rel r
                     ON r.transaction_id = COALESCE(first.id, source.id, t.id)
              JOIN sale_order o ON o.id = r.sale_order_id
             WHERE o.trustedshops_protection_id IS NOT NULL
               AND t.currency_id = o.currency_id
               AND CASE t.operation
                        WHEN 'validation' THEN FALSE
                        WHEN 'refund' THEN t.state NOT IN %(failed)s
                        ELSE t.state = 'done' END
               AND NOT EXISTS (
                    SELECT FROM payment_transaction capture
                     WHERE capture.source_transaction_id = t.id
                       AND capture.operation != 'refund' AND capture.state = 'done')
               AND NOT EXISTS (
                    SELECT FROM sale_order_transaction_rel other
                     WHERE other.transaction_id = r.transaction_id
                       AND other.sale_order_id != o.id)
             GROUP BY o.id
            HAVING SUM(t.amount) >= o.amount_total
            )""",
            failed=const.FAILED_STATES,
            to_flush=[
                orders._fields["amount_total"],
                orders._fields["transaction_ids"],
                orders._fields["trustedshops_protection_id"],
                transactions._fields["amount"],
                transactions._fields["source_transaction_id"],
                transactions._fields["state"],
            ],
        )
