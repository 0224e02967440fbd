# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Decide where a protection stands: which states go together, what follows from them.

Queue, buttons, texts, books and the statement all ask here.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ... import const
from ...lib.codes import APPLICATION_CODES, KIND_DUPLICATE

# The fields by which the functions below decide, for what depends on them.
STANDING_FIELDS = (
    "state",
    "last_code",
    "may_have_arrived",
    "application_number",
    "number_entered_at",
    "requested_at",
    "fee_state",
    "final_at",
    "order_id.state",
)
# Nothing was sent yet, so giving up costs nothing.
UNSENT_STATES = ("selected", "queued", "on_hold")
# Placed, and Trusted Shops has not decided.
WAITING_STATES = ("queued", "sending", "on_hold", "requested")
# Applied for, and not refused.
SENT_STATES = ("requested", "confirmed")
# Ended without a protection.
NOT_CONCLUDED_STATES = ("rejected", "failed")
# Over, or given up before an answer: nothing is sent any more.
ENDED_STATES = (*NOT_CONCLUDED_STATES, "cancelled")
# States of the fee when the buyer does not pay for the protection.
FEE_GIVEN_BACK = ("refunded", "waived")
# Answers by which the service says that it knows the order number already.
DUPLICATE_CODES = tuple(
    code for code, known in APPLICATION_CODES.items() if known.kind == KIND_DUPLICATE
)


def is_duplicate(protection):
    """Return True if the service knew the order number when it was asked last."""
    return protection.last_code in DUPLICATE_CODES


def is_in_doubt(protection):
    """Return True if the service may have an application without a number here.

    :rtype: bool
    """
    return is_duplicate(protection) or (
        protection.may_have_arrived and not protection.application_number
    )


def lacks_number(protection):
    """Return True if an application arrived whose number is not known here."""
    return protection.state == "requested" and not protection.application_number


def is_entry_refused(protection):
    """Return True if Trusted Shops refused the number that was entered last."""
    was_entered = lacks_number(protection) and bool(protection.number_entered_at)
    return was_entered and bool(protection.last_code)


def is_asked_in_vain(protection):
    """Return True if asking about a known number leads nowhere."""
    if protection.state != "requested" or not protection.application_number:
        return False
    # The number may be mistyped, or another application may be the one that counts.
    is_wrong = bool(protection.number_entered_at) or is_duplicate(protection)
    return is_asked_for_long(protection) or bool(protection.last_code and is_wrong)


def is_asked_for_long(protection):
    """Return True if the application should have been decided long ago."""
    long_ago = fields.Datetime.now() - const.POLL_ATTENTION_AFTER
    asked_since = protection.number_entered_at or protection.requested_at
    return bool(asked_since) and asked_since <= long_ago


def awaits_lookup(protection):
    """Return True while only a person can find out what Trusted Shops has.

    The statement says *Undecided* until then. The twin of :func:`get_lookups_domain`.

    :rtype: bool
    """
    if protection.state in ENDED_STATES:
        return is_in_doubt(protection)
    return lacks_number(protection) or is_asked_in_vain(protection)


def needs_person(protection):
    """Return True if a person has to act on the application, or know of it.

    :rtype: bool
    """
    if (
        protection.state in NOT_CONCLUDED_STATES
        and protection.fee_state not in FEE_GIVEN_BACK
    ):
        return True
    is_stuck = protection.trouble_count >= const.TROUBLE_ATTENTION
    return (
        protection.state == "on_hold"
        or (protection.state == "queued" and is_stuck)
        or awaits_lookup(protection)
    )


def is_order_cancelled(protection):
    """Return True if the order was cancelled, even if the user may not read it."""
    return protection.sudo().order_id.state == "cancel"


def can_still_be_sent(protection):
    """Return True if there is an order, young enough for the service."""
    oldest = fields.Datetime.now() - const.APPLY_WITHIN
    is_in_time = bool(protection.placed_at) and protection.placed_at > oldest
    return is_in_time and not is_order_cancelled(protection)


def may_be_deleted(protection):
    """Return True if neither Trusted Shops nor the books know of it."""
    was_given_up = protection.state == "cancelled" and protection.fee_state in (
        "due",
        "waived",
    )
    is_free = protection.state == "selected" or (
        was_given_up and not protection.attempt_count
    )
    return is_free and not protection.refund_ids


def get_final_moment(protection):
    """Return when a protection that ends now is over for good.

    A user can correct a wrong address for three days, anything else for an hour. Only
    after that the fee goes back and the buyer is told.

    :return: in UTC; False for one that did not end, or was confirmed
    :rtype: datetime.datetime or bool
    """
    if protection.state not in NOT_CONCLUDED_STATES:
        return False
    now, placed_at = fields.Datetime.now(), protection.placed_at
    if protection.state != "rejected" or not placed_at:
        return now
    last = placed_at + const.APPLY_WITHIN
    if protection.last_code in const.CURABLE_CODES:
        return last
    return min(last, now + timedelta(hours=1))


def get_lookups_domain():
    """Return the rows that await a look at Trusted Shops, see ``awaits_lookup``."""
    long_ago = fields.Datetime.now() - const.POLL_ATTENTION_AFTER
    is_ended = Domain("state", "in", ENDED_STATES)
    is_wrong = Domain("number_entered_at", "!=", False)
    is_wrong |= Domain("last_code", "in", DUPLICATE_CODES)
    is_unclear = Domain("application_number", "=", False)
    is_unclear |= Domain("number_entered_at", "<=", long_ago)
    is_unclear |= Domain("requested_at", "<=", long_ago) & Domain(
        "number_entered_at", "=", False
    )
    is_unclear |= Domain("last_code", "!=", 0) & is_wrong
    return (is_ended & Domain("billable", "=", "undecided")) | (
        Domain("state", "=", "requested") & is_unclear
    )


def get_unfinished_domain():
    """Return the protections that need this addon to come to their end."""
    is_open = Domain("refund_ids", "any", Domain("state", "=", "open"))
    return Domain("state", "in", WAITING_STATES) | is_open
