# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happens to the choice when the cart is paid, placed, cancelled or deleted.

And the one place that knows what came in online and at the till; what is invoiced, the
invoices know. Everything is read in sudo, for salespeople may not read transactions and
sales at the till, and accountants see the orders of others.
"""

import logging
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..failure import log_failure

_logger = logging.getLogger(__name__)
# Customers read their own orders, but not what is written for staff.
STAFF = "base.group_user"
# What no method of ours returns.
FAILED = object()
# By what a document adds to what the buyer has to pay.
DOCUMENT_SIGNS = {"out_invoice": 1, "out_refund": -1}


class Money(NamedTuple):
    """What came in for an order, in its currency.

    :param float received: by transactions and at the till, less what went back
    :param float reserved: authorized, and neither captured nor let go
    :param bool is_shared: a transaction paid other orders, too, so that only a person
        can tell what is for which
    """

    received: float
    reserved: float
    is_shared: bool


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What the page *Payments* of the order form shows, in core's words.
    trustedshops_payments = fields.Html(
        compute="_compute_trustedshops_payments",
        compute_sudo=True,
        sanitize=False,
        export_string_translation=False,
        groups=STAFF,
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

    # === BEFORE A PAYMENT === #
    def _check_cart_is_ready_to_be_paid(self):
        """Override of `website_sale` to check the fee again, never to re-price it."""
        result = super()._check_cart_is_ready_to_be_paid()
        if not self._trustedshops_is_choice_right():
            raise ValidationError(self._trustedshops_get_sentence("outdated"))
        # Who pays in a language buys in it.
        self._trustedshops_try(self._trustedshops_keep_certificate)
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

    def _trustedshops_get_promised_amount(self):
        """Return what the buyer paid or is bound to pay, online and at the till.

        :return: in the order's currency; None when nothing says how it is paid, as
            with a salesperson's confirmation
        :rtype: float or None
        """
        self.ensure_one()
        payments = self._trustedshops_get_payments()
        if not (payments or self._trustedshops_get_till_amounts()):
            return None
        money = self._trustedshops_get_money()
        announced = payments.filtered(lambda each: each.state == "pending")
        return money.received + money.reserved + self._trustedshops_sum_up(announced)

    # === WHILE A PAYMENT IS UNDER WAY === #
    def _trustedshops_settle_choice(self):
        """Let the orders contain the protections that were paid for, and no others.

        A second tab, or the back button during a redirect, drops a choice while a
        transaction that contains its fee can still be paid, or makes one while a
        transaction without its fee is under way. To be called before the order is
        compared with its payments, confirmed and invoiced.
        """
        for order in self.sudo():
            protection = order._trustedshops_get_paid_protection()
            if not protection:
                if order._trustedshops_is_choice_too_late():
                    order._trustedshops_try(order._trustedshops_drop_late_choice)
                elif order._trustedshops_get_promised_amount() is None:
                    order._trustedshops_try(order._trustedshops_drop_changed_choice)
            elif (
                order.trustedshops_protection_id != protection
                or not order._trustedshops_get_fee_lines()
            ) and not order._trustedshops_try(order._trustedshops_bring_back_choice):
                order._trustedshops_try(protection._notify_not_placed)

    def _trustedshops_is_choice_too_late(self):
        """Tell whether everything but the fee was paid before the box was ticked.

        Any other sum is for a person to settle, and so is a payment that was begun
        later without the fee, as at the till. A down payment is no such sum.
        """
        self.ensure_one()
        payments = self._trustedshops_get_payments()
        protection = self.trustedshops_protection_id
        fee = self._trustedshops_get_fee_in_total()
        if (
            self.state not in ("draft", "sent")
            or protection.state != "selected"
            or not (payments and fee)
            or max(payments.mapped("create_date")) > protection.create_date
        ):
            return False
        paid = self._trustedshops_get_promised_amount()
        down_payment = self._get_prepayment_required_amount()
        without_fee = self.amount_total - fee
        return not self.currency_id.compare_amounts(paid, without_fee) and bool(
            self.currency_id.compare_amounts(paid, down_payment)
        )

    def _trustedshops_drop_late_choice(self):
        """Take out a choice for which nobody paid, and tell staff and buyer."""
        self.ensure_one()
        protection = self.trustedshops_protection_id._in_responsible_lang()
        paid = protection.currency_id.format(self._trustedshops_get_promised_amount())
        protection._post_at_orders("chosen_too_late", paid=paid)
        self._trustedshops_take_out_choice()
        self._trustedshops_tell("paid")

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

    def _trustedshops_bring_back_choice(self):
        """Make the protection that was paid for the order's own, with its line.

        If the order with that line does not come to what was paid, it is put on hold.
        """
        self.ensure_one()
        protection = self._trustedshops_get_paid_protection()
        other = self.trustedshops_protection_id
        if self.state == "cancel" or protection.state not in ("selected", "on_hold"):
            return
        if protection != other:
            self._trustedshops_take_out_choice()
            self.trustedshops_protection_id = protection
        if self._trustedshops_is_fee_paid():
            order = self.with_context(lang=protection.lang_id.code)
            self.env["sale.order.line"].create(
                order._trustedshops_prepare_fee_line(
                    protection.certificate_id, protection
                )
            )
            protection._post_at_orders("fee_came_back")
        elif protection.state == "selected":
            protection._place()

    def _trustedshops_is_fee_paid(self):
        """Tell whether the order with the line of the fee comes to what was paid."""
        self.ensure_one()
        protection = self.trustedshops_protection_id
        paid = self._trustedshops_get_promised_amount()
        if paid is None or self.currency_id != protection.currency_id:
            return False
        if self.state == "sale" and (self.locked or self.invoice_status == "invoiced"):
            return False
        owed = self.amount_total + protection.gross_fee
        return not self.currency_id.compare_amounts(paid, owed)

    # === PLACING === #
    def action_confirm(self):
        """Override of `sale`: a choice that was paid for is confirmed, too."""
        self._trustedshops_settle_choice()
        return super().action_confirm()

    def _action_confirm(self):
        """Override of `sale` to place the protections of the orders."""
        result = super()._action_confirm()
        # Nobody will deliver it. Not earlier: a till sells what is not delivered yet.
        for line in self.sudo()._trustedshops_get_fee_lines():
            if line.product_id.invoice_policy == "delivery":
                line.qty_delivered = line.product_uom_qty
        for order in self.sudo():
            if not order.trustedshops_certificate_id:
                lang = order._trustedshops_get_buyer_lang()
                order = order.with_context(lang=lang)
                order._trustedshops_try(order._trustedshops_keep_certificate)
        self._trustedshops_place()
        self._trustedshops_reexamine_protection()
        return result

    def _trustedshops_place(self):
        """Do what is due when a buyer has ordered; to be extended by other addons.

        Called when the order is confirmed, and when the buyer ordered by a transfer
        that takes days: so perhaps twice. Nothing in it may stop the order, see
        :meth:`_trustedshops_try`.
        """
        self._trustedshops_place_protection()

    def _trustedshops_place_protection(self):
        """Freeze and queue protections; never stop an order for a reason of ours."""
        for order in self.sudo():
            protection = order.trustedshops_protection_id
            if protection.state != "selected":
                continue
            if not order._trustedshops_try(protection._place):
                order._trustedshops_try(protection._notify_not_placed)

    def _trustedshops_try(self, work, *args):
        """Call a method of ours without ever stopping what the shop is doing.

        :param work: the method
        :param args: its arguments
        :return: whether it succeeded; otherwise it is rolled back and logged
        :rtype: bool
        """
        return self._trustedshops_try_to_get(FAILED, work, *args) is not FAILED

    def _trustedshops_try_to_get(self, default, work, *args):
        """Return what a method of ours returns, without ever stopping the shop.

        :param default: returned when it failed; then it is rolled back and logged
        :param work: the method
        :param args: its arguments
        """
        # Errors of the order itself are not ours to hide.
        self.env.cr.flush()
        try:
            with self.env.cr.savepoint():
                return work(*args)
        except psycopg2.OperationalError:
            raise  # the framework repeats the whole request
        except Exception as error:
            text = "Trusted Shops, order %s: %s failed"
            log_failure(_logger, error, text, self.name, work.__name__)
            return default

    def _trustedshops_reexamine_protection(self):
        """Queue the protections that waited for this payment."""
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
        """Override of `sale`: a quotation again, the order is a new purchase."""
        result = super().action_draft()
        for order in self.sudo():
            order.trustedshops_protection_id._forget_end()
            if order.trustedshops_protection_state == "cancelled":
                order._trustedshops_take_out_choice()
        return result

    def _trustedshops_is_all_credited(self):
        """Tell whether all goods of the order were invoiced, and all were credited."""
        self.ensure_one()
        goods = self.order_line.filtered(
            lambda line: (
                not line.is_trustedshops_protection
                and not line.is_delivery
                and not line.is_downpayment
                and not line.display_type
            )
        )
        quantities = [
            (line, *line._trustedshops_get_sold_and_returned()) for line in goods
        ]
        return any(returned for _line, _sold, returned in quantities) and all(
            line.product_uom_id.compare(returned, max(sold, line.product_uom_qty)) >= 0
            for line, sold, returned in quantities
        )

    def unlink(self):
        """Override of `sale` to delete what nobody applied for, too."""
        protections_sudo = self.env["trustedshops.protection"].sudo()
        protections_sudo.search([("order_id", "in", self.ids)]).unlink()
        return super().unlink()

    # === WHAT CAME IN === #
    def _trustedshops_get_money(self):
        """Return what of the buyer's money came in, by transactions and at the till.

        What was paid on invoices, the invoices say. Core's ``amount_paid`` counts
        neither captures nor refunds, and a payment of two orders twice.

        :rtype: Money
        """
        self.ensure_one()
        transactions = self._trustedshops_get_transactions()
        received = self._trustedshops_get_received_payments()
        went_back = sum(transactions._trustedshops_get_refunds().mapped("amount"))
        till = sum(self._trustedshops_get_till_amounts())
        amount = self._trustedshops_sum_up(received) + went_back + till
        reserved = transactions._trustedshops_get_reserved_amount()
        return Money(
            received=self.currency_id.round(amount),
            reserved=self.currency_id.round(reserved),
            is_shared=any(len(each.sale_order_ids) > 1 for each in received),
        )

    def _trustedshops_sum_up(self, payments):
        """Return what payments brought for this order.

        :param payments: records of ``payment.transaction``
        :return: in the order's currency; of one that pays several orders the total of
            this one if it pays them all, otherwise nothing, for nobody knows
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

    def _trustedshops_get_balance(self):
        """Return what the buyer has to get for the order, less what he has to pay.

        What is open of its documents and of their payments, with what a provider moved
        and nobody booked yet, less what of the order is still to be invoiced. Money
        that is only reserved or announced is none. Sales at the till are its own.

        :return: in the order's currency
        :rtype: float
        """
        self.ensure_one()
        documents = self._trustedshops_get_documents()
        transactions = self._trustedshops_get_transactions()
        unbooked = transactions.filtered(lambda each: not each.payment_id)
        received = self._trustedshops_get_received_payments() & unbooked
        gone = sum(unbooked._trustedshops_get_refunds().mapped("amount"))
        charged = sum(
            DOCUMENT_SIGNS[move.move_type] * move.amount_total for move in documents
        )
        cost = charged if self.state == "cancel" else self.amount_total
        lines = (documents | self._trustedshops_find_payment_moves()).line_ids
        open_amount = sum(
            self._trustedshops_get_residual(line)
            for line in lines
            if line.account_id.account_type == "asset_receivable"
        )
        moved = self._trustedshops_sum_up(received) + gone
        return self.currency_id.round(moved - open_amount - max(cost - charged, 0.0))

    def _trustedshops_get_residual(self, line):
        """Return what is open of a line of a journal, in the order's currency."""
        if line.currency_id == self.currency_id:
            return line.amount_residual_currency
        return line.company_currency_id._convert(
            line.amount_residual, self.currency_id, line.company_id, line.date
        )

    def _trustedshops_get_documents(self):
        """Return the posted invoices and credit notes of the order and of its fees.

        :return: records of ``account.move`` in sudo
        """
        order_sudo = self.sudo()
        lines = order_sudo.trustedshops_protection_ids.fee_line_ids
        return (order_sudo.invoice_ids | lines.move_id).filtered(
            lambda move: move.state == "posted" and move.move_type in DOCUMENT_SIGNS
        )

    def _trustedshops_find_payment_moves(self):
        """Return the entries of payments that have to do with the order.

        Matched with a document, registered for one, or booked for a transaction.

        :return: posted records of ``account.move`` in sudo
        """
        documents = self._trustedshops_get_documents()
        payments = documents.matched_payment_ids
        payments |= self._trustedshops_get_transactions().payment_id
        moves = documents._trustedshops_get_settling_lines().move_id | payments.move_id
        return moves.filtered(
            lambda move: move.state == "posted" and not move.is_sale_document()
        )

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
        received = self._trustedshops_get_transactions().filtered(
            lambda each: each._trustedshops_is_received()
        )
        # A source is done, too, when all of it is captured or voided.
        return (received - received.source_transaction_id).sorted(
            lambda each: (each.last_state_change, each.id)
        )

    def _trustedshops_get_till_amounts(self):
        """Return what was paid at the till, and what was paid back there.

        What is sold there is met in the bridge to the point of sale.

        :return: empty when nothing of the order was sold at a till
        :rtype: list[float]
        """
        return []
