# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Buttons of a protection: who may press them when, and how their work begins and ends.

A button never asks Trusted Shops. It changes the row and wakes the queue, so that it
answers at once, and so that nothing is applied for twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ... import const
from ...client_action import show
from .standing import (
    ENDED_STATES,
    FEE_GIVEN_BACK,
    awaits_lookup,
    is_asked_in_vain,
    is_duplicate,
    is_in_doubt,
    is_order_cancelled,
)


@dataclass(frozen=True)
class Button:
    """Who may press a button; sales people only where they see the order.

    :param tuple groups: one of which is needed
    :param is_possible: tells whether it makes sense now for anybody
    """

    groups: tuple
    is_possible: Callable


# === WHEN === #


def can_still_be_sent(protection):
    """Tell whether there is an order, young enough for the service."""
    oldest = fields.Datetime.now() - const.APPLY_WITHIN
    is_in_time = bool(protection.placed_at) and protection.placed_at > oldest
    return is_in_time and not is_order_cancelled(protection)


def _can_be_sent(protection):
    """Tell whether it can still be applied for, and the buyer is to pay the fee."""
    is_charged = protection.fee_state not in FEE_GIVEN_BACK
    return is_charged and not protection.refund_ids and can_still_be_sent(protection)


def _may_apply(protection):
    # Of what has a number, Trusted Shops only says that it knows the order.
    is_open = protection.state in ("queued", "on_hold", "rejected")
    return is_open and not protection.application_number and _can_be_sent(protection)


def _may_release(protection):
    is_held = protection.state == "on_hold" and not is_duplicate(protection)
    return is_held and _can_be_sent(protection)


def _may_check(protection):
    return protection.state == "requested" and bool(protection.application_number)


def _may_enter(protection):
    state = protection.state
    is_open = not protection.application_number or bool(protection.number_entered_at)
    is_open = is_open or is_asked_in_vain(protection)
    return (
        (state == "requested" and is_open)
        or (state == "on_hold" and is_duplicate(protection))
        # Also after somebody did not find it at first.
        or (state in ENDED_STATES and _may_be_entered(protection))
        or (state == "failed" and protection.is_number_taken)
    )


def _may_be_entered(protection):
    """Return True if an ended protection goes on once its number is known."""
    if protection.state == "rejected":
        # Refused by a decision: what is left is to apply by hand.
        return bool(protection.application_number) or is_in_doubt(protection)
    # One that is only chosen would find its place taken.
    order = protection.order_id
    others = order.trustedshops_protection_ids | order.trustedshops_protection_id
    others = others.filtered(lambda each: each.state != "cancelled")
    was_sent = bool(protection.attempt_count) or is_in_doubt(protection)
    return was_sent and not others - protection


def _may_resend(protection):
    is_decided = protection.state == "confirmed" or protection._is_over()
    return is_decided and bool(protection.buyer_email)


def _may_refund(protection):
    if protection.fee_state in FEE_GIVEN_BACK:
        return False
    if protection.state == "selected":  # it could not be placed
        return protection.order_id.state == "sale"
    return protection.state not in ("queued", "sending")


# === WHO === #

MANAGERS = ("sales_team.group_sale_manager", "base.group_system")
SELLERS = ("sales_team.group_sale_salesman", "base.group_system")
BOOKKEEPERS = ("account.group_account_invoice", "sales_team.group_sale_manager")
BUTTONS = {
    "apply_now": Button(MANAGERS, _may_apply),
    "check_state": Button(SELLERS, _may_check),
    "enter_number": Button(MANAGERS, _may_enter),
    "not_found": Button(MANAGERS, awaits_lookup),
    "release": Button(MANAGERS, _may_release),
    "refund_fee": Button(BOOKKEEPERS, _may_refund),
    "resend_mail": Button(MANAGERS, _may_resend),
}


def may_press(env, button):
    """Tell whether the user has the rights for a button of ``BUTTONS``."""
    return any(env.user.has_group(group) for group in BUTTONS[button].groups)


def get_possible(protection):
    """Return the names of the buttons that the user may press now, with commas."""
    return ",".join(
        name
        for name, button in BUTTONS.items()
        if may_press(protection.env, name) and button.is_possible(protection)
    )


# === PRESSED === #


def check(protection, button):
    """Check that the user may press a button, and that it makes sense now.

    :param str button: key of ``BUTTONS``
    :raise AccessError: without the rights
    :raise UserError: when it makes no sense now
    """
    protection.ensure_one()
    protection.check_access("read")
    protection_sudo = protection.sudo()
    if not may_press(protection.env, button):
        raise AccessError(protection_sudo._explain("no_rights"))
    if protection_sudo.state == "sending":
        raise UserError(protection_sudo._explain("busy"))
    if not BUTTONS[button].is_possible(protection_sudo):
        raise UserError(protection_sudo._explain("not_possible"))


def press(protection, button):
    """Check that a button may be pressed, and keep the queue off the row.

    :param str button: key of ``BUTTONS``
    :return: the record in sudo, locked: nobody has rights to write it
    :raise AccessError: without the rights
    :raise UserError: when it makes no sense now, or the queue is at work on it
    """
    check(protection, button)
    locked_sudo = protection.sudo().try_lock_for_update(allow_referencing=True)
    if not locked_sudo or locked_sudo.state == "sending":
        raise UserError(protection._explain("busy"))
    return locked_sudo


def finish(protection, name, warning="", **values):
    """Note what somebody did, close what asked for it, and return what shows it.

    :param str name: of the sentence that says what was done
    :param str warning: what has to be read besides
    :param values: as in :meth:`_explain`
    :rtype: dict
    """
    text = f"{protection._explain(name, **values)} {warning}".strip()
    protection._finish_todos()
    protection._post_note(text)
    if warning:
        return show(text, type="warning", sticky=True)
    return show(text)
