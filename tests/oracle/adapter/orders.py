# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders with their protections, documents and payments."""

from .shared import in_minutes, read


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
    payments = order._trustedshops_get_transactions().sorted("id")
    return {
        "state": order.state,
        "total": order.amount_total,
        "to invoice": order.invoice_status,
        "lines": sorted((see_line(line) for line in order.order_line), key=str),
        "the buyer is told": order.trustedshops_notice or "",
        "protections": [see_protection(case, each) for each in protections],
        "documents": [see_document(each) for each in documents],
        "payments": [see_payment(each) for each in payments],
    }


def see_line(line):
    """Return a line of an order."""
    return {
        "kind": "fee" if line.is_trustedshops_protection else "goods",
        "quantity": line.product_uom_qty,
        "invoiced": line.qty_invoiced,
        "gross": line.price_total,
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
        "billing": protection.billable,
        "books": protection.fee_state,
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


def see_document(move):
    """Return an invoice or credit note."""
    return {
        "type": move.move_type,
        "state": move.state,
        "total": move.amount_total,
        "open": move.amount_residual,
        "fee": move.trustedshops_fee_amount,
    }


def see_payment(transaction):
    """Return a payment through a provider, or what went back of it."""
    return {
        "operation": transaction.operation,
        "state": transaction.state,
        "amount": transaction.amount,
        "with the fee": transaction.trustedshops_fee_amount,
    }
