# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders, protections, documents and payments."""

import re

from .shared import in_minutes
from .texts import read

# Words of the subjects of mails to buyers, in the languages of the shop.
CONFIRMED = "is confirmed|ist bestätigt|jest potwierdzona"
NOT_CONCLUDED = "No Buyer Protection|Kein Käuferschutz|Brak Ochrony"


def see_order(case, order):
    """Return an order with its protections, documents and payments.

    :param case: with ``roles``, users by what they are
    :param order: record of ``sale.order``
    :rtype: dict
    """
    order = order.sudo()
    protections = case.env["trustedshops.protection"].sudo()
    protections = protections.search([("order_id", "=", order.id)], order="id")
    documents = (order.invoice_ids | protections.fee_line_ids.move_id).sorted("id")
    payments = get_payments(order).sorted("id")
    return {
        "state": order.state,
        "total": order.amount_total,
        "tax": order.amount_tax,
        "to invoice": order.invoice_status,
        "lines": sorted((see_line(line) for line in order.order_line), key=str),
        "fee": order.trustedshops_fee_amount,
        "worth protecting": order._trustedshops_get_amount_to_protect(),
        "the buyer is told": read(
            (order.trustedshops_notice or "").removeprefix("choice_")
        ),
        "protections": [see_protection(case, each) for each in protections],
        "documents": [see_document(each) for each in documents],
        "payments": [see_payment(each) for each in payments],
    }


def see_line(line):
    """Return a line of an order."""
    kind = "fee" if line.is_trustedshops_protection else "goods"
    if line.is_delivery:
        kind = "delivery"
    elif line.is_downpayment:
        kind = "down payment"
    elif line.display_type:
        kind = "text"
    elif "reward_id" in line._fields and line.reward_id:
        kind = "reward"
    return {
        "kind": kind,
        "quantity": line.product_uom_qty,
        "delivered": line.qty_delivered,
        "invoiced": line.qty_invoiced,
        "price": line.price_unit,
        "net": line.price_subtotal,
        "gross": line.price_total,
        "open": line.qty_to_invoice,
    }


def see_protection(case, protection):
    """Return how a protection stands, and what everybody reads and may do."""
    return {
        "state": protection.state,
        "shown as": protection.status,
        "item": protection.item_code,
        "up to": protection.protected_amount,
        "fee": [protection.net_fee, protection.gross_fee],
        "for": protection.order_amount,
        "test": protection.is_test,
        "email": protection.buyer_email,
        "payment type": protection.payment_type,
        "attempts": protection.attempt_count,
        "next in minutes": in_minutes(protection.next_attempt_at),
        "may have arrived": protection.may_have_arrived,
        "code": protection.last_code,
        "application": protection.application_number,
        "guarantee": protection.guarantee_number,
        "until": str(protection.protected_until or ""),
        "final in minutes": in_minutes(protection.final_at),
        "mailed": [
            any(re.search(words, each.subject) for each in get_mails(protection))
            for words in (CONFIRMED, NOT_CONCLUDED)
        ],
        "billing": protection.billable,
        "books": protection.fee_state,
        "given back": bool(protection.refund_ids),
        "money back": protection.refund_ids.state,
        "collected": protection.fee_collected,
        "needs a person": bool(
            protection.search_count(
                [("id", "=", protection.id), ("needs_attention", "=", True)]
            )
        ),
        "staff is told": read(protection.explanation),
        "the buyer is told": read(protection.shopper_status),
        "buttons": {
            role: protection.with_user(user).possible_buttons
            for role, user in case.roles.items()
        },
    }


def get_mails(protection):
    """Return the messages that were mailed to the buyer."""
    mails = protection.message_ids
    return mails.filtered(lambda each: each.message_type == "email_outgoing")


def see_document(move):
    """Return an invoice or credit note."""
    return {
        "type": move.move_type,
        "state": move.state,
        "net": move.amount_untaxed,
        "total": move.amount_total,
        "open": move.amount_residual,
        "payment": move.payment_state,
        "fee": move.trustedshops_fee_amount,
        "lines": sorted(
            [
                "fee" if line.trustedshops_protection_id else line.display_type,
                line.quantity,
                line.price_total,
            ]
            for line in move.invoice_line_ids
        ),
        "corrects": move.reversed_entry_id.name or "",
        "paid by": sorted(payment.amount for payment in move.matched_payment_ids),
        "found by the fee": sorted(_find_with_fee(move.matched_payment_ids)),
    }


def _find_with_fee(payments):
    """Return the amounts of the payments that the accountants' filter finds."""
    is_own = ("id", "in", payments.ids)
    return payments.search([is_own, ("trustedshops_has_fee", "=", True)]).mapped(
        "amount"
    )


def see_payment(transaction):
    """Return a payment through a provider, or what went back of it."""
    return {
        "provider": transaction.provider_code,
        "operation": transaction.operation,
        "state": transaction.state,
        "amount": transaction.amount,
        "with the fee": transaction.trustedshops_fee_amount,
        "of a fee": transaction.trustedshops_refund_id.amount,
    }


SEEN = {"sale.order": see_order}


# === WHAT PEOPLE DO === #
def tick(cart):
    """Tick the box, as a visitor; return whether there was an offer."""
    return cart._trustedshops_choose_protection()


def untick(cart):
    """Take the tick out, as a visitor; return whether there was one."""
    return cart._trustedshops_remove_choice()


def get_fee_lines(order):
    """Return the lines by which an order charges the fee."""
    return order.order_line.filtered("is_trustedshops_protection")


def is_of_fee(line):
    """Return True if a line of an invoice or credit note charges the fee."""
    return bool(line.trustedshops_protection_id)


def get_payments(order):
    """Return what moved money of an order online, what went back included."""
    return order._trustedshops_get_transactions()


def get_protection(order):
    """Return the protection of an order."""
    return order.sudo().trustedshops_protection_id


def refund_fee(case, order, role):
    """Press the button by which the fee goes back."""
    protection = case.need(get_protection(order))
    return protection.with_user(case.roles[role]).action_refund_fee()


def list_own_fields(order):
    """Return what only the shop writes, and a person may not change.

    :return: record, and a value that is not its own, by what it is called
    :rtype: dict
    """
    fee_lines = order.invoice_ids.invoice_line_ids.filtered(is_of_fee)
    return {
        "the fee of an invoice": (fee_lines[:1], {"trustedshops_protection_id": False}),
        "the fee of an order": (
            order.order_line.filtered("is_trustedshops_protection"),
            {"is_trustedshops_protection": False},
        ),
        "the protection of an order": (order, {"trustedshops_protection_id": False}),
        "the fee of a payment": (
            get_payments(order)[:1],
            {"trustedshops_protection_id": False},
        ),
        "the state of a protection": (get_protection(order), {"state": "confirmed"}),
        "the amount of a fee": (get_protection(order), {"gross_fee": 0.5}),
    }


def change_own_field(case, order, name, role):
    """Have a person change what only the shop writes, over RPC.

    :param str name: key of :func:`list_own_fields`
    :param str role: key of ``case.roles``
    """
    record, values = list_own_fields(order)[name]
    return case.need(record).with_user(case.roles[role]).write(values)


def set_policy(certificate, policy):
    """Choose what becomes of the fee of an order that came to nothing.

    :param str policy: ``ask``, ``refund`` or ``keep``
    """
    certificate.fee_refund_policy = policy
