# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find what keeps an application from being sent.

Each function returns None when nothing does. A person may overrule the reasons of
``get_hold_reason``, and no other.
"""

from decimal import Decimal

from ...lib.fee_choice import choose_item
from .sentences import Reason
from .standing import FEE_GIVEN_BACK


def get_obstacle(protection):
    """Return why the queue may send nothing now.

    :rtype: Reason or None
    """
    reason = (
        get_unpaid_reason(protection)
        or get_number_reason(protection)
        or get_hold_reason(protection)
        or get_foreign_reason(protection)
    )
    return reason or (None if protection.buyer_email else Reason("no_email", {}))


def get_unpaid_reason(protection):
    """Return why the buyer is not bound any more, None while still bound.

    A wire transfer on its way places an order that is not confirmed. When it is called
    off, the buyer owes nothing, and not even a person can release the application.
    """
    order = protection.order_id
    is_confirmed = order.state == "sale"
    if is_confirmed or order._trustedshops_get_promised_amount() is not None:
        return None
    return Reason("unpaid", {})


def get_number_reason(protection):
    """Return that it has no order number, because another order has it."""
    return None if protection.order_reference else Reason("number_known", {})


def get_foreign_reason(protection):
    """Return that the certificate became another one, None when it did not.

    Its login may then belong to another environment, and a test order must not reach
    production. A changed state holds nothing back, because it may change again.
    """
    certificate = protection.certificate_id
    is_same_id = protection.ts_id == certificate.ts_id
    if is_same_id and protection.environment == certificate.environment:
        return None
    return Reason("other_certificate", {})


def get_hold_reason(protection):
    """Return why the protection must wait for a person or for a payment.

    :return: what does not fit, None when everything does
    :rtype: Reason or None
    """
    protection.ensure_one()
    if protection.fee_state in FEE_GIVEN_BACK:
        # It may be charged again: a corrected invoice begins with a credit note.
        return Reason("fee_credited", {})
    if protection.is_released:
        return None
    order = protection.order_id
    paid, total = _get_paid_amount(protection), order.amount_total
    sums = {"paid": paid or 0.0, "total": total, "currency": order.currency_id.id}
    if not order._trustedshops_get_fee_lines():
        return Reason("fee_dropped", sums)
    if paid is not None and protection.currency_id.compare_amounts(paid, total) < 0:
        return Reason("partly_paid", sums)
    return None if _covers_order(protection) else Reason("not_covered", {})


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
    if is_enough >= 0:
        return paid
    paid = (paid or 0.0) + order._trustedshops_get_booked_amount()
    return protection.currency_id.round(paid)


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
