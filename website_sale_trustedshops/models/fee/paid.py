# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the buyer paid for an order online, and which money of it is in the books.

Everything is read in sudo, because salespeople may not read transactions, and
accountants see the orders of others.
"""

from odoo import api, fields, models


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
