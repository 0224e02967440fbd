# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happens to the choice when the cart is paid, placed, cancelled or deleted.

And the one place that knows what an order costs, what was paid, and what is owed:
online, on its invoices, at the till. Everything is read in sudo, for salespeople may
not read transactions and sales at the till, and accountants see the orders of others.
"""

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..failure import log_failure

_logger = logging.getLogger(__name__)
# Customers read their own orders, but not what is written for staff.
STAFF = "base.group_user"
# What no method of ours returns.
FAILED = object()


def _get_orders(lines):
    """Return the orders whose lines are among lines of invoices or credit notes."""
    return lines.sale_line_ids.order_id | lines.trustedshops_protection_id.order_id


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What the page *Payments* of the order form shows.
    trustedshops_payments = fields.Html(
        compute="_compute_trustedshops_payments",
        compute_sudo=True,
        sanitize=False,
        export_string_translation=False,
        groups=STAFF,
    )
    trustedshops_paid_amount = fields.Monetary(
        string="Paid",
        compute="_compute_trustedshops_paid_amount",
        compute_sudo=True,
        help="Online or reserved on a card, settled on the invoices, or at the till,"
        " less what was paid back.",
        groups=STAFF,
    )
    trustedshops_owed_amount = fields.Monetary(
        string="Owed",
        compute="_compute_trustedshops_paid_amount",
        compute_sudo=True,
        help="The total without what was credited and what was paid. Nothing when the"
        " order is cancelled.",
        groups=STAFF,
    )

    @api.depends("transaction_ids")
    @api.depends_context("lang")
    def _compute_trustedshops_payments(self):
        for order in self:
            transactions = order._trustedshops_get_transactions()
            order.trustedshops_payments = bool(transactions) and self.env[
                "ir.qweb"
            ]._render(
                "website_sale_trustedshops.order_payments",
                {"transactions": transactions.sorted("id")},
            )

    @api.depends("amount_total", "invoice_ids", "state", "transaction_ids")
    def _compute_trustedshops_paid_amount(self):
        for order in self:
            saved = order._origin  # what is only typed has no payments
            paid = saved._trustedshops_get_amount_paid() if saved else 0.0
            cost = saved._trustedshops_get_cost() if saved else order.amount_total
            order.trustedshops_paid_amount = paid
            is_over = order.state == "cancel"  # an open invoice is to be credited
            order.trustedshops_owed_amount = 0.0 if is_over else max(cost - paid, 0.0)

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
        amounts = self._trustedshops_get_payments().mapped("amount")
        amounts += self._trustedshops_get_till_amounts()
        return sum(amounts) if amounts else None

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
            order.trustedshops_protection_id.filtered("ended_at").ended_at = False
            if order.trustedshops_protection_state == "cancelled":
                order._trustedshops_take_out_choice()
        return result

    def unlink(self):
        """Override of `sale` to delete what nobody applied for, too."""
        protections_sudo = self.env["trustedshops.protection"].sudo()
        protections_sudo.search([("order_id", "in", self.ids)]).unlink()
        return super().unlink()

    # === WHAT CAME IN, AND WHAT IT COSTS === #
    def _trustedshops_get_amount_paid(self, with_reserved=True):
        """Return what of the buyer's money is here, less what went back.

        :param bool with_reserved: count authorized money, too
        :return: in the order's currency
        :rtype: float
        """
        self.ensure_one()
        transactions = self._trustedshops_get_transactions()
        online = sum(self._trustedshops_get_received_payments().mapped("amount"))
        if with_reserved:
            online += transactions._trustedshops_get_reserved_amount()
        refunded = -sum(transactions._trustedshops_get_refunds().mapped("amount"))
        charged, credited = (
            sum(self._trustedshops_get_settled(move) for move in moves)
            for moves in self._trustedshops_get_documents()
        )
        till = sum(self._trustedshops_get_till_amounts())
        # The same money, when the payment of a transaction settles an invoice.
        return self.currency_id.round(
            max(online, charged) + till - max(refunded, credited)
        )

    def _trustedshops_get_cost(self):
        """Return what the buyer has to pay for the order, less what was credited.

        A corrected invoice stands beside its credit note and the new one, and an order
        may be reduced after it was invoiced: then more was invoiced than it costs. What
        is invoiced as a whole costs what the posted invoices say, each rounded by
        itself.

        :return: in the order's currency
        :rtype: float
        """
        invoiced, credited = (
            sum(self._trustedshops_get_share(move) for move in moves)
            for moves in self._trustedshops_get_documents()
        )
        drafts = self.sudo().invoice_ids.filtered_domain(
            [("state", "=", "draft"), ("move_type", "=", "out_invoice")]
        )
        is_open = self.invoice_status != "invoiced" or drafts
        if self.state != "cancel" and is_open:
            invoiced = max(self.amount_total, invoiced)
        return self.currency_id.round(invoiced - credited)

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

    def _trustedshops_get_documents(self):
        """Return posted invoices and posted credit notes with lines of the order.

        :rtype: tuple of records of ``account.move`` in sudo
        """
        posted = self.sudo().invoice_ids.filtered(lambda move: move.state == "posted")
        credit_notes = posted.filtered(lambda move: move.move_type == "out_refund")
        return posted - credit_notes, credit_notes

    def _trustedshops_get_share(self, move):
        """Return how much of an invoice or credit note is for this order.

        :param move: record of ``account.move``
        :return: taxes in; all of it, unless there is another order on it
        :rtype: float
        """
        lines = move.invoice_line_ids
        if _get_orders(lines) <= self:
            return move.amount_total
        own = lines.filtered(lambda line: self <= _get_orders(line))
        return sum(own.mapped("price_total"))

    def _trustedshops_get_settled(self, move):
        """Return the money that this order has part in on an invoice or credit note.

        What an invoice and its own credit notes settle of each other is no money. Of
        what is left each order has its share.

        :param move: record of ``account.move``
        :rtype: float
        """
        total, share = move.amount_total, self._trustedshops_get_share(move)
        for partial in move._get_all_reconciled_invoice_partials():
            other, amount = partial["aml"].move_id, partial["amount"]
            if other.is_sale_document() and (
                move in (other.reversed_entry_id | other.reversal_move_ids)
                or _get_orders(move.invoice_line_ids)
                & _get_orders(other.invoice_line_ids)
            ):
                ratio = self._trustedshops_get_share(other) / other.amount_total
                total -= amount
                share -= amount * ratio
        if move.currency_id.is_zero(total):
            return 0.0
        money = total - move.amount_residual
        return move.currency_id.round(money * share / total)

    def _trustedshops_get_till_amounts(self):
        """Return what was paid at the till, and what was paid back there.

        What is sold there is met in the bridge to the point of sale.

        :return: empty when nothing of the order was sold at a till
        :rtype: list[float]
        """
        return []
