# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happens to the choice when the cart is paid, placed, cancelled or deleted.

What came in for an order, and what went back: online, on its invoices, at the till.

Everything is read in sudo: sales people may not read transactions and sales at the
till, accountants see orders of others.
"""

import logging

import psycopg2

from odoo import models
from odoo.exceptions import ValidationError

from ... import const
from ...lib.sql_log import log_failure

_logger = logging.getLogger(__name__)


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


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === PAYING === #
    def _trustedshops_is_being_paid(self):
        """Tell whether a payment is under way or was made.

        :rtype: bool
        """
        self.ensure_one()
        return any(
            transaction.state not in ("draft", "cancel", "error")
            for transaction in self.sudo().transaction_ids
        )

    def _trustedshops_can_drop_choice(self):
        """Tell whether there is a choice that nobody ordered or paid for yet.

        A quotation may still hold what was ticked in the cart that it once was.

        :rtype: bool
        """
        self.ensure_one()
        protection = self.sudo().trustedshops_protection_id
        return (
            self.state in ("draft", "sent")
            and protection.state in (False, "selected")
            and bool(protection or self._trustedshops_get_fee_lines())
            and not self._trustedshops_is_being_paid()
        )

    def _trustedshops_is_choice_right(self):
        """Tell whether the line in the cart is what would be offered now.

        :rtype: bool
        """
        self.ensure_one()
        protection = self.trustedshops_protection_id
        lines = self._trustedshops_get_fee_lines()
        if not protection:
            return not lines
        if protection.state != "selected":
            # It was ordered: what does not fit about it is for a person, and no reason
            # to refuse the rest of the money.
            return len(lines) <= 1
        if not self._trustedshops_is_choice_open():
            # Another payment is under way: nothing may change, so nothing is compared
            # with today's offer.
            fee = protection.gross_fee
            return len(lines) == 1 and not self.currency_id.compare_amounts(
                fee, lines.price_total
            )
        offer = self._trustedshops_get_offer()
        return (
            bool(offer)
            and len(lines) == 1
            and lines.product_uom_qty == 1
            and offer["certificate"] == protection.certificate_id
            and offer["item"].ts_product_id == protection.item_code
            and not self.currency_id.compare_amounts(offer["fee"], lines.price_total)
        )

    def _check_cart_is_ready_to_be_paid(self):
        """Override of `website_sale` to check the fee again, never to re-price it."""
        if self.env.context.get("trustedshops_amount_unseen"):
            self._trustedshops_drop_choice()
        result = super()._check_cart_is_ready_to_be_paid()
        if not self._trustedshops_is_choice_right():
            raise ValidationError(
                self.env._(
                    "Buyer Protection does not fit your cart any more. Please reload"
                    " this page and choose it again if you like."
                )
            )
        return result

    def _trustedshops_get_payments(self):
        """Return the transactions by which the buyer paid or is bound to pay.

        :return: records of ``payment.transaction`` in sudo, the earliest first
        """
        self.ensure_one()
        return (
            self.sudo()
            .transaction_ids.filtered(
                lambda transaction: transaction._trustedshops_is_buyers_money()
            )
            .sorted(lambda transaction: (transaction.last_state_change, transaction.id))
        )

    def _trustedshops_find_payment_method(self):
        """Return how the buyer pays, or tries to if nothing is paid yet.

        What was cancelled or refused does not count.

        :return: record of ``payment.method`` in sudo, may be empty
        """
        self.ensure_one()
        payments = self._trustedshops_get_payments()
        tried = self.sudo().transaction_ids.filtered(
            lambda transaction: transaction.state not in ("cancel", "error")
        )
        return (payments[-1:] or tried._get_last()).payment_method_id

    def _trustedshops_get_paid_amount(self):
        """Return what the buyer paid or is bound to pay, online and at the till.

        :return: in the order's currency; None when nothing says how it is paid, as
            with a salesperson's confirmation
        :rtype: float or None
        """
        self.ensure_one()
        amounts = self._trustedshops_get_payments().mapped("amount")
        till = self._trustedshops_get_till_amount()
        if till is not None:
            amounts.append(till)
        return sum(amounts) if amounts else None

    # === WHAT WAS PAID FOR RETURNS === #
    def _trustedshops_settle_choice(self):
        """Let the orders contain the protections that were paid for, and no others.

        A second tab, or the back button during a redirect, drops a choice while a
        transaction that contains its fee can still be paid, or makes one while a
        transaction without its fee is under way. To be called before the order is
        compared with its payments, confirmed and invoiced.

        :return: the orders for which a protection could not be brought back; the log
            says why
        """
        failed = self.browse()
        for order in self.sudo():
            protection = order._trustedshops_get_paid_protection()
            if not protection:
                if order._trustedshops_is_choice_too_late():
                    order._trustedshops_try(order._trustedshops_drop_late_choice)
            elif not order._trustedshops_contains(protection):
                if not order._trustedshops_try(order._trustedshops_bring_back_choice):
                    failed += order
        return failed

    def _trustedshops_is_choice_too_late(self):
        """Tell whether all was paid but for the fee of a choice made afterwards.

        Any other sum is for a person, so is a payment that somebody began without the
        fee later, as at the till; and a down payment is a part of all there is.

        :rtype: bool
        """
        self.ensure_one()
        paid = self._trustedshops_get_paid_amount()
        fee = self._trustedshops_get_fee_in_total()
        if (
            self.state not in ("draft", "sent")
            or self.trustedshops_protection_state != "selected"
            or paid is None
            or not fee
            or not self._trustedshops_is_choice_younger_than_payments()
        ):
            return False
        without_fee = self.amount_total - fee
        is_all_but_fee = not self.currency_id.compare_amounts(paid, without_fee)
        down_payment = self._get_prepayment_required_amount()
        is_down_payment = not self.currency_id.compare_amounts(paid, down_payment)
        return is_all_but_fee and not is_down_payment

    def _trustedshops_is_choice_younger_than_payments(self):
        """Tell whether every payment had begun when the box was ticked.

        :rtype: bool
        """
        chosen_at = self.trustedshops_protection_id.create_date
        began_at = self._trustedshops_get_payments().mapped("create_date")
        return bool(began_at) and max(began_at) <= chosen_at

    def _trustedshops_drop_late_choice(self):
        """Take out a choice for which nobody paid, and say so to staff and buyer."""
        self.ensure_one()
        protection = self.trustedshops_protection_id
        protection._note_late_choice()
        reader = self.with_context(lang=protection.lang_id.code)
        self._trustedshops_take_out_choice()
        reader._trustedshops_tell("paid")

    def _trustedshops_get_paid_protection(self):
        """Return the one protection that counts among those that were paid for.

        There is never a second one: what was placed stays, then the choice in the cart
        if it was paid for, then the earliest that was.

        :return: record of ``trustedshops.protection``, may be empty
        """
        self.ensure_one()
        own = self.trustedshops_protection_id
        paid = self._trustedshops_get_payments().trustedshops_protection_id
        if own in paid or own.state not in (False, "selected"):
            return own
        return paid.filtered(lambda protection: protection.state == "selected")[:1]

    def _trustedshops_contains(self, protection):
        """Tell whether a protection is the order's, with the line of its fee.

        :param protection: record of ``trustedshops.protection``
        :rtype: bool
        """
        is_own = self.trustedshops_protection_id == protection
        return is_own and bool(self._trustedshops_get_fee_lines())

    def _trustedshops_bring_back_choice(self):
        """Make the protection that was paid for the order's own, with its line.

        Where the order and what was paid do not fit together with the line, it waits
        for a person.
        """
        self.ensure_one()
        protection = self._trustedshops_get_paid_protection()
        other = self.trustedshops_protection_id
        if self.state == "cancel" or protection.state not in ("selected", "on_hold"):
            return
        if protection != other:
            self.with_context(
                trustedshops_dropping_choice=const.OURS
            )._trustedshops_get_fee_lines().unlink()
            self.trustedshops_protection_id = protection
            self._trustedshops_forget(other)
        if self._trustedshops_is_fee_paid():
            order = self.with_context(lang=protection.lang_id.code)
            self.env["sale.order.line"].create(
                order._trustedshops_prepare_fee_line(
                    protection.certificate_id, protection
                )
            )
            protection._note_return()
        elif protection.state == "selected":
            protection._place()

    def _trustedshops_is_fee_paid(self):
        """Tell whether the order with the line of the fee comes to what was paid.

        :rtype: bool
        """
        self.ensure_one()
        protection = self.trustedshops_protection_id
        paid = self._trustedshops_get_paid_amount()
        if paid is None or self.currency_id != protection.currency_id:
            return False
        if self.state == "sale" and (self.locked or self.invoice_status == "invoiced"):
            return False
        owed = self.amount_total + protection.gross_fee
        return not self.currency_id.compare_amounts(paid, owed)

    # === PLACING === #
    def action_confirm(self):
        """Override of `sale`: what was paid for is part of what is confirmed."""
        self._trustedshops_settle_choice()
        return super().action_confirm()

    def _action_confirm(self):
        """Override of `sale` to place the protections of the orders."""
        result = super()._action_confirm()
        # Nobody delivers it. Not in the cart: a till sells what is not delivered yet.
        for line in self.sudo()._trustedshops_get_fee_lines():
            if line.product_id.invoice_policy == "delivery":
                line.qty_delivered = line.product_uom_qty
        self._trustedshops_place_protection()
        self._trustedshops_reexamine_protection()
        return result

    def _trustedshops_place_protection(self):
        """Freeze and queue the protection; never stop an order for a reason of ours."""
        for order in self.sudo():
            protection = order.trustedshops_protection_id
            if protection.state != "selected":
                continue
            if not order._trustedshops_try(protection._place):
                order._trustedshops_try(protection._notify_not_placed)

    def _trustedshops_try(self, work):
        """Do something of ours within the shop's work, without ever stopping that.

        :param work: called without arguments
        :return: whether it was done; if not, the log says why and nothing of it is left
        :rtype: bool
        """
        # What is wrong with the order itself is not ours to hide.
        self.env.cr.flush()
        try:
            with self.env.cr.savepoint():
                work()
        except psycopg2.OperationalError:
            raise  # the whole request is repeated by the framework
        except Exception as error:
            text = "Buyer Protection of order %s: %s failed"
            log_failure(_logger, error, text, self.name, work.__name__)
            return False
        return True

    def _trustedshops_reexamine_protection(self):
        """Queue protections that waited for this payment."""
        for order in self.sudo():
            if protection := order.trustedshops_protection_id:
                order._trustedshops_try(protection._reexamine)

    def _action_cancel(self):
        """Override of `sale` to give up protections that were not sent."""
        result = super()._action_cancel()
        for order in self.sudo():
            if protection := order.trustedshops_protection_id:
                order._trustedshops_try(protection._cancel)
        self._trustedshops_reexamine_protection()
        return result

    def action_draft(self):
        """Override of `sale`: an order that comes back is a new purchase."""
        result = super().action_draft()
        for order in self.sudo():
            order.trustedshops_protection_id.filtered("ended_at").ended_at = False
            if order.trustedshops_protection_state == "cancelled":
                order.with_context(
                    trustedshops_dropping_choice=const.OURS
                )._trustedshops_get_fee_lines().unlink()
                order.trustedshops_protection_id = False
        return result

    def unlink(self):
        """Override of `sale` to take along what nobody applied for."""
        protections_sudo = self.env["trustedshops.protection"].sudo()
        protections_sudo.search([("order_id", "in", self.ids)]).unlink()
        return super().unlink()

    # === MONEY === #

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
