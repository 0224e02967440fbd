# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Act on the protection when its cart is paid, placed, cancelled or deleted."""

import logging
from typing import NamedTuple

import psycopg2

from odoo import models
from odoo.exceptions import ValidationError

from ... import const
from ..failure import log_failure

_logger = logging.getLogger(__name__)


class Undone(NamedTuple):
    """Why an order is undone.

    :param str reason: ``cancelled``, ``credited`` or ``withdrawn``
    :param bool is_certain: False while it may still be refused, or leave the buyer a
        part of the order
    """

    reason: str
    is_certain: bool = True


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Override of `payment` to let protections follow the money, in this order.

        Before core compares an order with its payments and confirms it:

        1. The order gets the protection that was paid for, and no other.
        2. An order that the buyer pays by wire transfer counts as placed. Core does not
           confirm it, but mails its confirmation, which names the protection.

        Core confirms orders: see ``_action_confirm``, which places them, too.

        3. An order that was confirmed before, for example by a salesperson, is placed.
        4. Protections that waited for money are queued, and returns looked at.
        5. Refunds of fees are settled or opened.
        """
        paid = self.filtered(lambda each: each._trustedshops_is_buyers_money())
        placing = paid.filtered(lambda each: each._trustedshops_is_placing())
        paid.sale_order_ids._trustedshops_sync_choice()
        placing.sale_order_ids._trustedshops_place()
        result = super()._post_process()
        orders = (paid - placing).sale_order_ids
        orders.filtered(lambda order: order.state == "sale")._trustedshops_place()
        self.sale_order_ids._trustedshops_sync_money()
        self._trustedshops_sync_refunds()
        return result

    def _trustedshops_sync_refunds(self):
        """Update the refunds of fees that these transactions paid or paid back."""
        own = self.sudo()
        roots = own | own.source_transaction_id
        roots |= roots.source_transaction_id
        protections = roots.trustedshops_protection_id
        protections |= roots.sale_order_ids.trustedshops_protection_id
        for refund in protections.refund_ids | own.trustedshops_refund_id:
            refund.order_id._trustedshops_try(refund._sync_state)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === BEFORE A PAYMENT === #
    def _check_cart_is_ready_to_be_paid(self):
        """Override of `website_sale` to refuse a payment with an outdated choice.

        The fee is never changed here. Store whether Buyer Protection is offered, and
        the certificate.

        :raise ValidationError: when the choice is not what would be offered now
        """
        result = super()._check_cart_is_ready_to_be_paid()
        if not self._trustedshops_is_choice_right():
            raise ValidationError(self._trustedshops_format_message("choice_outdated"))
        self._trustedshops_try(self._trustedshops_update_was_offered)
        return result

    def _trustedshops_update_was_offered(self):
        """Store whether the shop offers the protection now, and the certificate.

        While an earlier payment is under way, the value of that time stays. A test does
        not count as an offer.
        """
        if self._trustedshops_is_choice_open():
            # A wallet shows no offer.
            is_express = self.env.context.get("trustedshops_is_express")
            offer = {} if is_express else self._trustedshops_get_offer()
            was_offered = bool(offer) and not offer["certificate"]._is_test()
            if was_offered != self.trustedshops_was_offered:
                self.sudo().trustedshops_was_offered = was_offered
        # The language of the payment is the language of the purchase.
        self._trustedshops_update_certificate()

    def _trustedshops_get_payment_method(self):
        """Return the method with which the buyer pays, or last tried to pay.

        Cancelled and failed transactions do not count.

        :return: record of ``payment.method`` in sudo, empty without one
        """
        self.ensure_one()
        payments = self._trustedshops_get_payments()
        tried = self.sudo().transaction_ids.filtered(
            lambda each: each.state not in ("draft", *const.FAILED_STATES)
        )
        return (payments or tried.sorted("id"))[-1:].payment_method_id

    # === WHILE A PAYMENT IS UNDER WAY === #
    def _trustedshops_sync_choice(self):
        """Let the orders contain the protections that were paid for, and no others.

        With a second tab or the back button, a buyer can drop a choice while a
        transaction that contains its fee can still be paid, or make one while a
        transaction without its fee is under way. Call it before the order is compared
        with its payments, confirmed and invoiced.
        """
        for order in self.sudo():
            protection = order._trustedshops_get_paid_protection()
            if not protection:
                if order._trustedshops_is_choice_too_late():
                    order._trustedshops_try(order._trustedshops_remove_late_choice)
                elif order._trustedshops_get_promised_amount() is None:
                    order._trustedshops_try(order._trustedshops_remove_changed_choice)
            elif (
                order.trustedshops_protection_id != protection
                or not order._trustedshops_get_fee_lines()
            ):
                if protection.state == "selected":
                    protection.fee_state = "due"  # not charged while it was dropped
                order._trustedshops_try_for(
                    protection, order._trustedshops_restore_choice
                )

    def _trustedshops_is_choice_too_late(self):
        """Return True if everything but the fee was paid before the box was ticked.

        Return False for any other sum, and for a payment that began after the tick,
        because a user has to settle those. A down payment does not count.
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

    def _trustedshops_remove_late_choice(self):
        """Take out a choice that was not paid for, and tell staff and buyer."""
        self.ensure_one()
        protection = self.trustedshops_protection_id._with_responsible_lang()
        paid = protection.currency_id.format(self._trustedshops_get_promised_amount())
        protection._log_at_orders("choice_paid", paid=paid)
        self._trustedshops_unlink_choice()
        self._trustedshops_update_notice("choice_paid")

    def _trustedshops_get_paid_protection(self):
        """Return the protection of the order that counts, among those paid for.

        One that was placed stays. Otherwise it is the choice in the cart if it was paid
        for, or else the earliest that was.

        :return: record of ``trustedshops.protection``, empty if none was
        """
        self.ensure_one()
        own = self.trustedshops_protection_id
        paid = self._trustedshops_get_payments().trustedshops_protection_id
        if own in paid or own.state not in (False, "selected"):
            return own
        return paid.filtered(lambda protection: protection.state == "selected")[:1]

    def _trustedshops_restore_choice(self):
        """Give the order the protection that was paid for, with the line of its fee.

        If the total with that line is not what was paid, place the protection without
        it, which puts it on hold. A cancelled order gets none.
        """
        self.ensure_one()
        protection = self._trustedshops_get_paid_protection()
        other = self.trustedshops_protection_id
        if self.state == "cancel" or protection.state not in ("selected", "on_hold"):
            return
        if protection != other:
            self._trustedshops_unlink_choice()
            self.trustedshops_protection_id = protection
        if self._trustedshops_can_restore_fee_line():
            order = self.with_context(lang=protection.lang_id.code)
            self.env["sale.order.line"].create(
                order._trustedshops_prepare_fee_line(
                    protection.certificate_id, protection
                )
            )
            protection._log_at_orders("choice_back")
        elif protection.state == "selected":
            protection._place()

    def _trustedshops_can_restore_fee_line(self):
        """Return True if the order, which lost the line of the fee, was paid with it.

        The total with the fee must be what was paid. A locked or invoiced order gets no
        line any more.
        """
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
        """Override of `sale` to make Buyer Protection match what was paid."""
        self._trustedshops_sync_choice()
        return super().action_confirm()

    def _action_confirm(self):
        """Override of `sale` to queue Buyer Protection for the orders.

        Also store a missing certificate, set the delivered quantity of fees that are
        invoiced by delivery, and recheck protections on hold. Errors about certificates
        and protections are logged, and do not stop the confirmation.
        """
        result = super()._action_confirm()
        # The fee needs no delivery. Set this only now, because a till sells those lines
        # of an order that are not delivered.
        for line in self.sudo()._trustedshops_get_fee_lines():
            if line.product_id.invoice_policy == "delivery":
                line.qty_delivered = line.product_uom_qty
        for order in self.sudo():
            if not order.trustedshops_certificate_id:
                lang = order._trustedshops_get_buyer_lang()
                order = order.with_context(lang=lang)
                order._trustedshops_try(order._trustedshops_update_certificate)
        self._trustedshops_place()
        self._trustedshops_update_after_payment()
        return result

    def _trustedshops_place(self):
        """Freeze and queue the protections of placed orders. To be extended.

        It is called when the order is confirmed, and before that when the buyer ordered
        by a wire transfer, so perhaps twice. It must not stop the order, see
        :meth:`_trustedshops_try`.
        """
        for order in self.sudo():
            protection = order.trustedshops_protection_id
            if protection.state != "selected":
                continue
            order._trustedshops_try_for(protection, protection._place)

    def _trustedshops_try_for(self, protection, work):
        """Call a method that queues a protection; if it fails, ask a user to apply.

        :param protection: record of ``trustedshops.protection``
        :param work: the method
        """
        if not self._trustedshops_try(work):
            schedule = protection._schedule_message
            self._trustedshops_try(schedule, "not_placed", "protection")

    def _trustedshops_try(self, work, *args):
        """Call a method of ours so that its errors never stop the shop.

        :param work: the method
        :param args: its arguments
        :return: True if it succeeded; otherwise it was rolled back and logged
        :rtype: bool
        :raise psycopg2.OperationalError: on which the framework repeats the request
        """
        failed = object()
        return self._trustedshops_try_to_get(failed, work, *args) is not failed

    def _trustedshops_try_to_get(self, default, work, *args):
        """Return the result of a method of ours, whose errors never stop the shop.

        :param default: result if it fails; then it is rolled back and logged
        :param work: the method
        :param args: its arguments
        :raise psycopg2.OperationalError: on which the framework repeats the request
        """
        # Flush first, so that errors of the order itself are raised.
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

    def _trustedshops_update_after_payment(self):
        """Check the protections of the orders again, which may wait for a payment."""
        for order in self.sudo():
            if protection := order.trustedshops_protection_id:
                order._trustedshops_try(protection._update_after_payment)

    def _trustedshops_sync_money(self):
        """Update the protections after money of the orders came in or went.

        Queue those that waited for it, and apply the refund policy if all goods were
        credited.
        """
        self._trustedshops_update_after_payment()
        for order in self.sudo():
            if protection := order.trustedshops_protection_id:
                order._trustedshops_try(protection._apply_policy_if_undone)

    def _action_cancel(self):
        """Override of `sale` to cancel protections that were not sent.

        Reset that an offer was made in a cart, because it was never ordered.
        """
        carts_sudo = self.sudo().filtered(lambda order: order.state == "draft")
        carts_sudo.filtered("trustedshops_was_offered").trustedshops_was_offered = False
        result = super()._action_cancel()
        for order in self.sudo():
            if protection := order.trustedshops_protection_id:
                order._trustedshops_try(protection._cancel)
        self._trustedshops_update_after_payment()
        return result

    def action_draft(self):
        """Override of `sale` to take cancelled protections off quotations.

        Reset also that the order ended, and stop asking about its fee.
        """
        result = super().action_draft()
        for order in self.sudo():
            protection = order.trustedshops_protection_id
            protection._reset_end()
            if protection.state == "cancelled":
                order._trustedshops_unlink_choice()
        return result

    def _trustedshops_get_undone(self):
        """Return why the order is undone. To be extended.

        It was cancelled, or posted credit notes cover all its goods.

        :return: None while the order stands
        :rtype: Undone or None
        """
        self.ensure_one()
        if self.state == "cancel":
            return Undone("cancelled")
        return Undone("credited") if self._trustedshops_is_all_credited() else None

    def _trustedshops_is_all_credited(self):
        """Return True if posted credit notes cover all goods of the order.

        Fee, delivery and down payments do not count. Return False for an order without
        goods.
        """
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
        """Override of `sale` to also delete the protections of the orders.

        :raise UserError: when one must not be deleted
        """
        protections_sudo = self.env["trustedshops.protection"].sudo()
        protections_sudo.search([("order_id", "in", self.ids)]).unlink()
        return super().unlink()
