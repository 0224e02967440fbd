# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What came in for an order, and what went back: online, on its invoices, at the till.

Everything is read in sudo: sales people may not read transactions and sales at the
till, accountants see orders of others.
"""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_amount_paid(self):
        """Return what of the buyer's money is here or reserved, less what went back.

        :return: in the order's currency
        :rtype: float
        """
        self.ensure_one()
        done, refunded, reserved = self._trustedshops_get_online_amounts()
        charged, credited = self.sudo()._trustedshops_get_settled_amounts()
        till = self._trustedshops_get_till_amount() or 0.0
        # The same money, when the payment of a transaction settles an invoice.
        received = max(done + reserved, charged)
        return self.currency_id.round(received + till - max(refunded, credited))

    def _trustedshops_get_owed_amount(self):
        """Return what the buyer still has to pay.

        :return: in the order's currency, never negative
        :rtype: float
        """
        paid = self._trustedshops_get_amount_paid()
        return self.currency_id.round(max(self._trustedshops_get_cost() - paid, 0.0))

    # === ONLINE === #

    def _trustedshops_get_transactions(self):
        """Return the transactions of the order, captures, and what was paid back."""
        self.ensure_one()
        own = self.sudo().transaction_ids
        children = own.child_transaction_ids
        return own | children | children.child_transaction_ids

    def _trustedshops_get_received_payments(self):
        """Return the transactions whose money came in, each capture by itself.

        :return: records of ``payment.transaction`` in sudo, the earliest first
        """
        done = self._trustedshops_get_transactions().filtered(
            lambda each: each._trustedshops_is_received()
        )
        # A capture is a child, and its source is done when all of it is captured.
        captures = done.filtered("source_transaction_id")
        return (done - captures.source_transaction_id).sorted(
            lambda each: (each.last_state_change, each.id)
        )

    def _trustedshops_get_online_amounts(self):
        """Return what was paid online, what went back or is about to, what is reserved.

        :return: three amounts, none of them negative
        :rtype: tuple of float
        """
        transactions = self._trustedshops_get_transactions()
        refunds = transactions._trustedshops_get_refunds()
        reserved = (transactions - refunds).filtered(
            lambda each: each.state == "authorized" and each.operation != "validation"
        )
        return (
            sum(self._trustedshops_get_received_payments().mapped("amount")),
            -sum(refunds.mapped("amount")),
            sum(_get_reserved(each) for each in reserved),
        )

    def _trustedshops_get_online_amount(self):
        """Return what is here of what was paid online.

        :return: in the order's currency
        :rtype: float
        """
        done, refunded, _reserved = self._trustedshops_get_online_amounts()
        return done - refunded

    # === ON THE INVOICES === #

    def _trustedshops_get_settled_amounts(self):
        """Return what was paid on invoices for this order, and on its credit notes.

        :rtype: tuple of float
        """
        invoices, credit_notes = self._trustedshops_get_documents()
        return (
            sum(self._trustedshops_get_settled(each) for each in invoices),
            sum(self._trustedshops_get_settled(each) for each in credit_notes),
        )

    def _trustedshops_get_cost(self):
        """Return what the buyer has to pay for the order, less what was credited.

        A corrected invoice stands beside its credit note and the new one, and an order
        may be reduced after it was invoiced: then more was invoiced than it costs. What
        is invoiced as a whole costs what the invoices say, each rounded by itself.

        :return: in the order's currency
        :rtype: float
        """
        invoices, credit_notes = self.sudo()._trustedshops_get_documents()
        invoiced = sum(self._trustedshops_get_share(each) for each in invoices)
        credited = sum(self._trustedshops_get_share(each) for each in credit_notes)
        if self.state != "cancel" and self.invoice_status != "invoiced":
            invoiced = max(self.amount_total, invoiced)
        return self.currency_id.round(invoiced - credited)

    def _trustedshops_get_documents(self):
        """Return posted invoices and posted credit notes with lines of the order.

        :rtype: tuple of records of ``account.move``
        """
        posted = self.invoice_ids.filtered(lambda move: move.state == "posted")
        credit_notes = posted.filtered(lambda move: move.move_type == "out_refund")
        return posted - credit_notes, credit_notes

    def _trustedshops_get_share(self, move):
        """Return how much of an invoice or credit note is for this order.

        :param move: record of ``account.move``
        :return: taxes in; all of it, unless there is another order on it
        :rtype: float
        """
        if _get_orders(move) <= self:
            return move.amount_total
        own = move.invoice_line_ids.filtered(lambda line: self <= _get_orders(line))
        return sum(own.mapped("price_total"))

    def _trustedshops_get_settled(self, move):
        """Return the money that this order has part in on an invoice or credit note.

        What an invoice and its own credit notes settle of each other is no money. Of
        what is left each order has its share.

        :param move: record of ``account.move``
        :rtype: float
        """
        money = move.amount_total - move.amount_residual
        total, share = move.amount_total, self._trustedshops_get_share(move)
        for other, amount in _get_offsets(move):
            money -= amount
            total -= amount
            share -= amount * self._trustedshops_get_share(other) / other.amount_total
        if move.currency_id.is_zero(total):
            return 0.0
        return move.currency_id.round(money * share / total)

    # === AT THE TILL === #

    def _trustedshops_get_till_amount(self):
        """Return what was paid at the till, less what was paid back there.

        What is sold there is met in the bridge to the point of sale.

        :return: None when nothing of the order was sold at a till
        :rtype: float or None
        """
        self.ensure_one()
        return None


def _get_reserved(transaction):
    """Return what is left of an authorization, without what was captured or let go."""
    parts = transaction.child_transaction_ids.filtered(
        lambda each: each.operation != "refund" and each.state in ("done", "cancel")
    )
    return transaction.amount - sum(parts.mapped("amount"))


def _get_orders(moves_or_lines):
    """Return the orders whose lines are on invoices and credit notes.

    :param moves_or_lines: records of ``account.move`` or ``account.move.line``
    """
    lines = moves_or_lines
    if lines._name == "account.move":
        lines = lines.invoice_line_ids
    orders = lines.sale_line_ids.order_id
    return orders | lines.trustedshops_protection_id.order_id


def _get_offsets(move):
    """Return what an invoice and its own credit notes settle of each other.

    :param move: record of ``account.move``, one of them
    :return: the other document, and how much in the currency of the first
    :rtype: list of tuple
    """
    lines = move.line_ids
    pairs = [
        (partial.credit_move_id.move_id, partial.debit_amount_currency)
        for partial in lines.matched_credit_ids
    ] + [
        (partial.debit_move_id.move_id, partial.credit_amount_currency)
        for partial in lines.matched_debit_ids
    ]
    return [
        (other, amount)
        for other, amount in pairs
        if other.is_sale_document()
        and (
            move in (other.reversed_entry_id | other.reversal_move_ids)
            or _get_orders(move) & _get_orders(other)
        )
    ]
