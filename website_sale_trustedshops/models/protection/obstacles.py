# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find what keeps an application from being sent, in words for staff.

Each function returns '' when nothing does. A person may overrule the reasons of
``get_hold_reason``, and no other.
"""

from decimal import Decimal

from ...lib.fee_choice import choose_item
from . import order_number
from .standing import FEE_GIVEN_BACK


def get_obstacle(protection):
    """Return why the queue may send nothing now.

    :return: what is wrong and what to do, '' when it may be sent
    :rtype: str
    """
    reason = (
        get_unpaid_reason(protection)
        or _get_taken_reason(protection)
        or get_hold_reason(protection)
        or get_foreign_reason(protection)
    )
    if reason or protection.buyer_email:
        return reason
    return protection.env._(
        "The buyer has no valid e-mail address. Ask for one and apply again within"
        " three days of the order."
    )


def get_unpaid_reason(protection):
    """Return why the buyer is not bound any more, '' while still bound.

    A wire transfer on its way places an order that is not confirmed. When it is called
    off, the buyer owes nothing, and not even a person can release the application.
    """
    order = protection.order_id
    is_confirmed = order.state == "sale"
    if is_confirmed or order._trustedshops_get_promised_amount() is not None:
        return ""
    return protection.env._(
        "The order is neither paid nor confirmed. The application goes out when it is;"
        " if the order is given up, cancel it."
    )


def _get_taken_reason(protection):
    """Return what to do while another order has this one's number, '' if none has."""
    owner = protection.is_number_taken and order_number.find_owner(
        protection, protection
    )
    return order_number.explain_taken(owner) if owner else ""


def get_foreign_reason(protection):
    """Return that the certificate became another one, '' when it did not.

    Its login may then belong to another environment, and a test order must not reach
    production. A changed state holds nothing back, because it may change again.
    """
    certificate = protection.certificate_id
    is_same_id = protection.ts_id == certificate.ts_id
    if is_same_id and protection.environment == certificate.environment:
        return ""
    return protection.env._(
        "Nothing is sent: the certificate has another Trusted Shops ID or environment"
        " now."
    )


def get_hold_reason(protection):
    """Return why the protection must wait for a person or for a payment.

    :return: what does not fit, '' when everything does
    :rtype: str
    """
    protection.ensure_one()
    if protection.fee_state in FEE_GIVEN_BACK:
        return _explain_missing_fee(protection)
    if protection.is_released:
        return ""
    order = protection.order_id
    paid = _get_paid_amount(protection)
    total = order.amount_total
    if not order._trustedshops_get_fee_lines():
        return protection.env._(
            "%(paid)s was paid, %(fee)s for Buyer Protection included, but the"
            " order changed during the payment and comes to %(total)s without it."
            " Settle the difference with the buyer, or press Refund fee.",
            paid=order.currency_id.format(paid or 0.0),
            fee=protection.currency_id.format(protection.gross_fee),
            total=order.currency_id.format(total),
        )
    if paid is not None and protection.currency_id.compare_amounts(paid, total) < 0:
        return protection.env._(
            "%(paid)s of %(total)s was paid, so the fee may not be part of it."
            " The application goes out when the rest is paid.",
            paid=protection.currency_id.format(paid),
            total=protection.currency_id.format(total),
        )
    if not _covers_order(protection):
        return protection.env._(
            "The order was changed after Buyer Protection was chosen: it has"
            " another buyer, or is worth more than the protection covers."
        )
    return ""


def _get_paid_amount(protection):
    """Return what the buyer paid of the order, or is bound to pay.

    :return: in the order's currency; None when nothing ever said how it is paid
    :rtype: float or None
    """
    order = protection.order_id
    paid = order._trustedshops_get_promised_amount()
    # An order without any payment is on account; one with a voided payment is not.
    if paid is None and not protection.placed_with_payment:
        return None
    is_enough = protection.currency_id.compare_amounts(paid or 0.0, order.amount_total)
    if is_enough >= 0 or order._trustedshops_get_till_amounts():
        return paid
    # Payments of invoices count, too, less what went back.
    balance = order._trustedshops_get_balance()
    money = order._trustedshops_get_money()
    promised = (paid or 0.0) - money.received
    return protection.currency_id.round(order.amount_total + balance + promised)


def _explain_missing_fee(protection):
    """Return what to do when the fee was taken out of the books.

    It may be charged again, because a corrected invoice begins with a credit note.
    """
    reason = protection.env._(
        "Nothing is applied for, because the fee was taken out of the books. Invoice it"
        " again, or cancel the order."
    )
    if not protection.may_have_arrived:
        return reason
    doubt = protection.env._(
        "An application may have arrived: look for the order number at Trusted Shops"
        " before you decide about the fee."
    )
    return f"{reason} {doubt}"


def _covers_order(protection):
    """Return True if the chosen item still fits the buyer and amount of the order."""
    order = protection.order_id
    amount = order._trustedshops_get_amount_to_protect()
    is_same_buyer = (
        not protection.partner_id or protection.partner_id == order.partner_id
    )
    if not is_same_buyer or protection.currency_id != order.currency_id:
        return False
    if protection.currency_id.compare_amounts(amount, protection.protected_amount) <= 0:
        return True
    # For amounts above all items the largest item is right ("up to ...").
    items = [item._to_lib() for item in protection.certificate_id.item_ids]
    value = Decimal(f"{amount:.2f}")
    fitting = choose_item(items, value, protection.currency_id.name)
    return bool(fitting) and fitting.ts_product_id == protection.item_code
