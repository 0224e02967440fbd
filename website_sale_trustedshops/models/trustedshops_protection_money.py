# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Returning the money of a fee: never more than is here too much, and never twice."""

from typing import NamedTuple

from odoo import models


class Parts(NamedTuple):
    """Where the money of a fee is that goes back, in the protection's currency."""

    here: float
    reserved: float  # on a card, not captured
    expected: float  # announced, as by wire transfer


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def _return_money(self, fee, credit_notes):
        """Return what was paid too much once the books do not charge the fee.

        :param float fee: in the protection's currency
        :param credit_notes: records of ``account.move``, may be empty
        :return: what was done, or why nothing was; '' when nothing was paid
        :rtype: str
        """
        refunds = self._get_fee_refunds()
        parts = self._split_fee(fee + sum(refunds.mapped("amount")))
        done = (
            self._return_what_is_here(parts.here, credit_notes),
            self._ask_to_capture_less(parts.reserved),
            self._ask_to_return_later(parts.expected),
        )
        return " ".join(filter(None, done)) or self._explain_why_nothing(refunds)

    # === HOW MUCH === #

    def _get_fee_refunds(self):
        """Return the refunds by which the fee went back, or is about to.

        :return: records of ``payment.transaction`` in sudo, whose amounts are negative
        """
        return (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("trustedshops_refunded_protection_id", "in", self.ids),
                    ("state", "not in", ("cancel", "error")),
                ]
            )
        )

    def _split_fee(self, fee):
        """Tell how much of a fee goes back, by where the money is.

        What the order costs without the fee is never touched: of an order of which only
        a part was paid nothing goes back.

        :param float fee: what did not go back yet
        :rtype: Parts
        """
        money = self.order_id._trustedshops_get_money()
        cost = self._get_cost_without_fee()
        waiting = sum(self._get_waiting_payments().mapped("amount"))
        limits = (money.kept, money.paid, money.paid + waiting)
        here, paid, expected = (
            self.currency_id.round(max(min(limit - cost, fee), 0.0)) for limit in limits
        )
        return Parts(
            here=here,
            reserved=self.currency_id.round(paid - here),
            expected=self.currency_id.round(expected - paid),
        )

    def _get_cost_without_fee(self):
        """Return what the order still costs, after the fee was credited or waived.

        :return: in the order's currency; nothing for a cancelled order
        :rtype: float
        """
        order = self.order_id
        if order.state == "cancel":
            return 0.0
        return order._trustedshops_get_cost()

    def _get_waiting_payments(self):
        """Return the transactions by which the buyer is bound to pay, as by wire."""
        return self.order_id._trustedshops_get_payments().filtered(
            lambda each: each.state == "pending"
        )

    # === RETURNING === #

    def _return_what_is_here(self, amount, credit_notes):
        """Return money through the provider, or ask the accountant to.

        :param float amount: in the protection's currency
        :param credit_notes: records of ``account.move``, may be empty
        :return: what was done, '' for no amount
        :rtype: str
        """
        if not amount:
            return ""
        payments = self.order_id._trustedshops_get_received_payments()
        if transaction := self._find_refundable(payments, amount):
            refund = self._refund_online(transaction, amount, credit_notes)
            if refund.state not in ("cancel", "error"):
                return self.env._(
                    "%(amount)s of %(reference)s goes back through %(provider)s.",
                    amount=self.currency_id.format(amount),
                    reference=transaction.reference,
                    provider=transaction.provider_id.name,
                )
        return self._ask_accountant(self._get_text_by_hand(amount, payments))

    def _get_text_by_hand(self, amount, payments):
        """Return what the accountant has to do where no provider does it.

        :param float amount: in the protection's currency
        :param payments: records of ``payment.transaction``, may be empty
        :rtype: str
        """
        text = self.currency_id.format(amount)
        if payments:
            return self.env._(
                "Pay the fee of Buyer Protection, %(amount)s, back by hand: it was"
                " paid with %(references)s.",
                amount=text,
                references=", ".join(payments.mapped("reference")),
            )
        if self.order_id._trustedshops_get_till_amount():
            return self.env._(
                "Pay the fee of Buyer Protection, %(amount)s, back by hand: it was"
                " paid at the till.",
                amount=text,
            )
        return self.env._(
            "Pay the fee of Buyer Protection, %(amount)s, back by hand: the"
            " invoice was paid.",
            amount=text,
        )

    def _ask_to_capture_less(self, amount):
        """Ask the accountant to leave the fee out of what is captured.

        :param float amount: in the protection's currency
        :return: what was asked, '' for no amount
        :rtype: str
        """
        if not amount:
            return ""
        payments = self.order_id._trustedshops_get_payments().filtered(
            lambda each: each.state == "authorized"
        )
        return self._ask_accountant(
            self.env._(
                "The money of %(references)s is only reserved. Capture %(amount)s less"
                " than the rest of it: the fee of Buyer Protection is not charged any"
                " more.",
                amount=self.currency_id.format(amount),
                references=", ".join(payments.mapped("reference")),
            )
        )

    def _ask_to_return_later(self, amount):
        """Ask the accountant to pay the fee back when the money is here.

        :param float amount: in the protection's currency
        :return: what was asked, '' for no amount
        :rtype: str
        """
        if not amount:
            return ""
        return self._ask_accountant(
            self.env._(
                "The buyer was asked to pay the fee of Buyer Protection with"
                " %(references)s. When the money is here, pay %(amount)s back.",
                amount=self.currency_id.format(amount),
                references=", ".join(self._get_waiting_payments().mapped("reference")),
            )
        )

    def _explain_why_nothing(self, refunds):
        """Return why no money goes back.

        :param refunds: records of ``payment.transaction`` that brought the fee back
        :return: '' when nothing was paid
        :rtype: str
        """
        if refunds:
            return self.env._(
                "The money went back already, with %(references)s.",
                references=", ".join(refunds.mapped("reference")),
            )
        money = self.order_id._trustedshops_get_money()
        if not money.received and not money.reserved:
            return ""
        return self.env._(
            "Of the buyer's money %(paid)s is here or reserved, and the order costs"
            " %(cost)s without the fee: nothing was paid too much, so no money goes"
            " back.",
            paid=self.currency_id.format(money.paid),
            cost=self.currency_id.format(self._get_cost_without_fee()),
        )

    # === THROUGH THE PROVIDER === #

    def _find_refundable(self, payments, amount):
        """Return the transaction of which a part can be paid back online.

        :param payments: records of ``payment.transaction`` that are done
        :param float amount: in the protection's currency
        :return: one record, may be empty; the one that was paid with the fee first
        """
        refundable = payments.filtered(
            lambda each: (
                each.currency_id == self.currency_id
                and each._trustedshops_can_refund(amount)
            )
        )
        own = refundable.filtered(
            lambda each: (
                self in (each | each.source_transaction_id).trustedshops_protection_id
            )
        )
        return (own or refundable)[:1]

    def _refund_online(self, transaction, amount, credit_notes):
        """Return the refund of exactly this amount, which remembers whose fee it is.

        :param transaction: record of ``payment.transaction``
        :param float amount: in its currency
        :param credit_notes: records of ``account.move`` that the refund settles
        """
        before = transaction.child_transaction_ids
        transaction.action_refund(amount_to_refund=amount)
        refund = transaction.child_transaction_ids - before
        refund.trustedshops_refunded_protection_id = self
        # Its payment, made when it is processed, then settles them.
        refund.invoice_ids = credit_notes
        return refund

    # === BY HAND === #

    def _ask_accountant(self, note):
        """Give whoever pressed the button something to do, or the responsible user.

        :param str note: what to do
        :return: the note
        :rtype: str
        """
        user = self.env.user
        is_accountant = user.has_group("account.group_account_invoice")
        self.certificate_id._notify_of(self, note, user=user if is_accountant else None)
        return note
