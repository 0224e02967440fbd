# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Store an answer of Trusted Shops; one function per kind of answer."""

import logging
from datetime import timedelta

from odoo import fields

from ... import const
from ...lib.codes import (
    KIND_CERTIFICATE,
    KIND_DUPLICATE,
    KIND_LIMIT,
    KIND_RETRYABLE,
)
from ...lib.exceptions import RefusedError, RetryableError, TrustedShopsError
from ..failure import get_trouble
from .sentences import ANSWERED, Reason
from .standing import (
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    is_asked_in_vain,
    is_duplicate,
    is_entry_refused,
    lacks_number,
)

_logger = logging.getLogger(__name__)


def store_application(protection, answer, is_late, is_own=True):
    """Store the answer to an application, and always keep its number.

    :param answer: the number, or why there is none
    :type answer: int or TrustedShopsError
    :param bool is_late: whether another process took the row over meanwhile
    :param bool is_own: whether a failure is the row's own, not that of all applications
    """
    if isinstance(answer, TrustedShopsError):
        if protection.state == "sending" and not is_late:
            protection.write(_prepare_error_values(protection, answer, is_own))
    elif protection.state in ("queued", "sending", "on_hold") or lacks_number(
        protection
    ):
        protection.write(prepare_requested_values(str(answer)))
    elif protection.application_number != str(answer):
        # An application arrived, but this row has no number or another one.
        protection.write(
            {
                "late_number": str(answer),
                "may_have_arrived": True,
                "notice_due": True,
            }
        )


def prepare_requested_values(number):
    """Return the values after an application that arrived.

    :param number: under which Trusted Shops knows it, False when it is not known here
    :type number: str or bool
    :rtype: dict
    """
    now = fields.Datetime.now()
    return {
        "state": "requested",
        "application_number": number,
        "number_entered_at": False,
        "requested_at": now,
        # Often it is decided at once. Without a number there is nothing to ask.
        "next_attempt_at": number and now,
        "trouble_count": 0,
        "last_code": 0,
        "notice_due": True,
    }


def _prepare_error_values(protection, error, is_own):
    """Return the values after an application without a number."""
    values = {
        "last_code": error.code or 0,
        **_get_answer_reason(protection, error).prepare(),
    }
    is_duplicate = error.kind == KIND_DUPLICATE
    if is_duplicate and protection.may_have_arrived:
        # Our earlier call arrived.
        return {**prepare_requested_values(False), **values}
    if isinstance(error, RefusedError):
        # Trusted Shops knows the order number from another order, for example from an
        # old shop, or from before a sequence was reset.
        state = "on_hold" if is_duplicate else "rejected"
        return {**values, "state": state, "trouble_count": 0, "notice_due": True}
    maybe_sent = isinstance(error, RetryableError) and error.maybe_sent
    # Problems of certificate or service are reported there, not for each row.
    is_own = is_own and error.kind not in (KIND_CERTIFICATE, KIND_LIMIT)
    trouble = prepare_trouble_values(protection, maybe_sent, is_own, error)
    values = {**trouble, **values}
    if error.kind == KIND_LIMIT:
        # The credit limit frees up as older guarantees end.
        values["next_attempt_at"] = fields.Datetime.now() + timedelta(hours=1)
    return values


def _get_answer_reason(protection, error):
    """Return what an answer to an application means for this order.

    :param TrustedShopsError error: from the client
    :rtype: Reason
    """
    if error.kind == KIND_DUPLICATE:
        is_ours = protection.may_have_arrived
        return Reason("number_lost" if is_ours else "number_known", {})
    if not error.code:
        return Reason("no_answer", {"trouble": get_trouble(error)})
    return Reason(ANSWERED, {"code": error.code})


def prepare_trouble_values(protection, maybe_sent, is_own=True, error=None):
    """Return the values after an attempt without a result.

    :param bool maybe_sent: whether the application may have arrived
    :param bool is_own: whether the row itself is at fault
    :param error: why there is none, if there was an answer
    :type error: TrustedShopsError or None
    :rtype: dict
    """
    values = protection._prepare_wait_values(error, is_own)
    is_news = values.get("trouble_count") == const.TROUBLE_ATTENTION
    return {
        **values,
        "state": "queued",
        "may_have_arrived": protection.may_have_arrived or maybe_sent,
        "notice_due": protection.notice_due or is_news,
    }


def store_state(protection, number, answer):
    """Store the decision about an application, unless the row has moved on.

    :param str number: of the application
    :param answer: a guarantee number, 0 for undecided, or why there is none
    :type answer: int or TrustedShopsError
    """
    # A guarantee counts even if the row was given up meanwhile.
    is_error = isinstance(answer, TrustedShopsError)
    was_given_up = protection.state in NOT_CONCLUDED_STATES and not is_error and answer
    if protection.application_number != number or (
        protection.state != "requested" and not was_given_up
    ):
        _logger.info("%s: a late answer is dropped", protection)
    elif was_given_up:
        protection.write(_prepare_late_guarantee_values(protection, answer))
    elif isinstance(answer, RefusedError):
        protection.write(_prepare_refusal_values(protection, answer))
    elif answer and not is_error:
        protection.write(_prepare_confirmed_values(protection, answer))
    else:
        protection.write(_prepare_undecided_values(protection, answer))


def _prepare_refusal_values(protection, error):
    """Return the values when the application was refused."""
    # A number that a person entered may be mistyped, so ask for it again.
    values = {
        "next_attempt_at": False,
        "last_code": error.code,
        **_get_decision_reason(protection, error).prepare(),
        "notice_due": True,
    }
    if protection.number_entered_at:
        return {**values, "application_number": False}
    return {**values, "state": "rejected"}


def _get_decision_reason(protection, error):
    """Return the reason when the application was refused."""
    code = "entry_refused" if protection.number_entered_at else "application_refused"
    values = {"number": protection.application_number, "code": error.code}
    return Reason(code, values)


def _prepare_undecided_values(protection, error):
    """Return the values when an application is not decided yet."""
    code = (error and error.code) or 0
    # Tell a person at once if asking may lead nowhere. Tell them again when the code
    # changes, because what to do changes with it.
    kind = code and error.kind
    is_wrong = code and (protection.number_entered_at or kind == KIND_DUPLICATE)
    is_told = is_wrong or (protection.last_code and is_asked_in_vain(protection))
    reason = _get_unclear_reason(protection, error) if error else Reason(False, {})
    return {
        "last_code": code,
        **reason.prepare(),
        "notice_due": protection.notice_due
        or (code != protection.last_code and bool(is_told)),
    }


def _get_unclear_reason(protection, error):
    """Return the reason when an answer does not decide about the application."""
    if not error.code or error.kind == KIND_RETRYABLE:
        return _get_answer_reason(protection, error)
    values = {"number": protection.application_number, "code": error.code}
    return Reason("unclear", values)


def _prepare_confirmed_values(protection, guarantee_number):
    """Return the values when the application was accepted."""
    # The protected days begin with the day of the order in the shop.
    placed_at = fields.Datetime.context_timestamp(protection, protection.placed_at)
    return {
        "state": "confirmed",
        "guarantee_number": str(guarantee_number),
        "confirmed_at": fields.Datetime.now(),
        "protected_until": placed_at.date() + timedelta(days=protection.duration_days),
        "last_code": 0,
        "notice_due": True,
    }


def _prepare_late_guarantee_values(protection, guarantee_number):
    """Return the values for an application that was accepted after it was given up."""
    # If its fee goes back already, a person is asked about it, as for a late number.
    values = _prepare_confirmed_values(protection, guarantee_number)
    if protection.fee_state in FEE_GIVEN_BACK or protection.refund_ids:
        values["late_number"] = protection.application_number
    return {**values, "may_have_arrived": False}


def prepare_not_found_values(protection):
    """Return the values once a person looked the application up in vain.

    :rtype: dict
    """
    values = {"may_have_arrived": False}
    is_requested = protection.state == "requested"
    if is_requested:
        values["state"] = "failed"
    if is_entry_refused(protection):
        return {**values, **Reason.of(protection).prepare()}
    if is_requested or is_duplicate(protection):
        values["last_code"] = 0
    if protection.state != "rejected":  # a refusal keeps its own reason
        values |= Reason("not_found", {}).prepare()
    return values
