# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the buyer paid for an order online, whether that is in the books, and the fee.

Whether a fee was invoiced, paid (``fee_collected``) and paid back, and what the shop
owes Trusted Shops for it. When it is given back: see ``models/fee/refund_fee.py``.
Orders are read in sudo, because salespeople may not read transactions, and accountants
see the orders of others.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL, LazyTranslate

from ... import const
from ..protection.protection import FEE_GIVEN_BACK, NOT_CONCLUDED_STATES, WAITING_STATES

_lt = LazyTranslate(__name__)
DOCUMENT_GROUPS = f"{const.BOOKKEEPERS},sales_team.group_sale_salesman"
# Label of the group without a bill, when a list is grouped by bill.
NOT_BILLED = _lt("Not billed")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # The content of the tab *Payments* of the order form, in core's words.
    trustedshops_payments = fields.Html(
        compute="_compute_trustedshops_payments",
        compute_sudo=True,
        sanitize=False,
        export_string_translation=False,
        groups="base.group_user",  # customers read their orders, but not this
    )

    @api.depends("invoice_ids.payment_state", "invoice_ids.state", "transaction_ids")
    @api.depends_context("lang")
    def _compute_trustedshops_payments(self):
        for order in self:
            documents = order.invoice_ids.filtered(lambda each: each.state == "posted")
            transactions = order._trustedshops_get_transactions()
            shown = {
                "documents": documents.sorted("id"),
                "transactions": transactions.sorted("id"),
            }
            order.trustedshops_payments = any(shown.values()) and self.env[
                "ir.qweb"
            ]._render("website_sale_trustedshops.order_payments", shown)

    # === WHAT THE BUYER IS BOUND TO PAY === #
    def _trustedshops_get_payments(self):
        """Return the transactions with which the buyer paid or is bound to pay.

        :return: records of ``payment.transaction`` in sudo, by their last change of
            state
        """
        self.ensure_one()
        return (
            self.sudo()
            .transaction_ids.filtered(
                lambda transaction: transaction._trustedshops_is_buyers_money()
            )
            .sorted(lambda transaction: (transaction.last_state_change, transaction.id))
        )

    def _trustedshops_get_promised_amount(self):
        """Return the amount that the buyer paid or is bound to pay online.

        :return: amount in the order's currency; None without any payment, as when a
            salesperson confirms the order
        :rtype: float or None
        """
        self.ensure_one()
        payments = self._trustedshops_get_payments()
        if not payments:
            return None
        reserved = self._trustedshops_get_transactions()
        announced = payments.filtered(lambda each: each.state == "pending")
        return (
            self._trustedshops_get_received_amount()
            + reserved._trustedshops_get_reserved_amount()
            + self._trustedshops_get_share(announced)
        )

    # === WHAT CAME IN === #
    def _trustedshops_get_received_amount(self):
        """Return the amount that came in online, less the refunds.

        Payments of invoices are not part of it. Core's ``amount_paid`` ignores captures
        and refunds, and counts a payment of two orders twice.

        :return: amount in the order's currency
        :rtype: float
        """
        self.ensure_one()
        transactions = self._trustedshops_get_transactions()
        received = self._trustedshops_get_received_payments()
        went_back = sum(transactions._trustedshops_get_refunds().mapped("amount"))
        amount = self._trustedshops_get_share(received) + went_back
        return self.currency_id.round(amount)

    def _trustedshops_get_share(self, payments):
        """Return the part of some payments that belongs to this order.

        A payment of several orders counts with the total of this one if it pays them
        all. Otherwise it counts nothing, because its share is not known.

        :param payments: records of ``payment.transaction``
        :return: amount in the order's currency
        :rtype: float
        """
        amounts = []
        for payment in payments:
            orders, amount = payment.sale_order_ids, payment.amount
            if len(orders) > 1:
                is_enough = amount >= sum(orders.mapped("amount_total"))
                amount = self.amount_total if is_enough else 0.0
            amounts.append(amount)
        return sum(amounts)

    def _trustedshops_get_documents(self):
        """Return the posted invoices and credit notes of the order and of its fees.

        :return: records of ``account.move`` in sudo
        """
        order_sudo = self.sudo()
        lines = order_sudo.trustedshops_protection_ids.fee_line_ids
        return (order_sudo.invoice_ids | lines.move_id).filtered(
            lambda move: move.state == "posted" and move.is_sale_document()
        )

    def _trustedshops_get_live_payments(self):
        """Return the payments of the order in accounting, in process or paid.

        They were registered on its documents, or belong to its transactions.

        :return: records of ``account.payment`` in sudo
        """
        payments = self._trustedshops_get_documents().matched_payment_ids
        payments |= self._trustedshops_get_transactions().payment_id
        return payments.filtered(lambda each: each.state in ("in_process", "paid"))

    def _trustedshops_get_entries(self):
        """Return the entries of payments, bank and others that belong to the order.

        Only receivable lines count: taxes on payment match a transition account of
        their own, no matter who paid.

        :return: posted records of ``account.move`` in sudo
        """
        receivable = self._trustedshops_get_documents()._trustedshops_get_receivable()
        matched = receivable.matched_credit_ids.credit_move_id
        matched |= receivable.matched_debit_ids.debit_move_id
        moves = matched.move_id | self._trustedshops_get_live_payments().move_id
        return moves.filtered(
            lambda move: (
                move.state == "posted"
                and not move.is_sale_document(include_receipts=True)
                # Core books a difference of exchange rates beside them.
                and move.journal_id != move.company_id.currency_exchange_journal_id
            )
        )

    def _trustedshops_has_no_money(self):
        """Return True if nothing came in, or core refunded all of it. To be extended.

        :rtype: bool
        """
        transactions = self._trustedshops_get_transactions()
        booked = transactions.payment_id
        others = self._trustedshops_get_live_payments() - booked
        if others or self._trustedshops_get_entries() - booked.move_id:
            return False
        moved = self._trustedshops_get_received_payments() | transactions.filtered(
            lambda each: each.operation == "refund" and each.state == "done"
        )
        return all(
            currency.is_zero(sum(each.mapped("amount")))
            for currency, each in moved.grouped("currency_id").items()
        )

    def _trustedshops_has_open_money(self):
        """Return True if a payment of the order is not matched as a whole.

        A payment without a journal entry is open until the bank's entry takes its place
        on all its documents.

        :rtype: bool
        """
        unbooked = self._trustedshops_get_live_payments().filtered(
            lambda each: not each.move_id
        )
        return bool(self._trustedshops_get_open_lines()) or not all(
            each._trustedshops_is_matched() for each in unbooked
        )

    def _trustedshops_get_open_lines(self):
        """Return the receivable lines of the order's entries that are still open.

        :return: records of ``account.move.line`` in sudo
        """
        lines = self._trustedshops_get_entries()._trustedshops_get_receivable()
        return lines.filtered(lambda line: not line.reconciled)

    def _trustedshops_is_final_invoice_due(self):
        """Return True if a down payment was invoiced that no invoice deducts yet.

        :rtype: bool
        """
        lines = self.sudo().order_line.filtered("is_downpayment")
        return self.state == "sale" and any(
            line.qty_invoiced_posted > 0 for line in lines
        )

    def _trustedshops_get_transactions(self):
        """Return the transactions of the order with their captures and refunds.

        :return: records of ``payment.transaction`` in sudo
        """
        self.ensure_one()
        own = self.sudo().transaction_ids
        children = own.child_transaction_ids
        return own | children | children.child_transaction_ids

    def _trustedshops_get_received_payments(self):
        """Return the transactions whose money came in.

        Captures replace the transaction that they capture.

        :return: records of ``payment.transaction`` in sudo, by their last change of
            state
        """
        received = self._trustedshops_get_transactions().filtered(
            lambda each: each._trustedshops_is_received()
        )
        # A source is also *done* once all of it is captured or voided.
        return (received - received.source_transaction_id).sorted(
            lambda each: (each.last_state_change, each.id)
        )


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
