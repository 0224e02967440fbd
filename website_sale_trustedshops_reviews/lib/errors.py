# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors of eTrusted, of the same family as those of the base addon.

What may succeed later is a ``RetryableError``, what the service will never accept a
``RefusedError``. Two more say whose fault it is.
"""

import json
import time
from email.utils import parsedate_to_datetime

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    make_status_error,
)
from odoo.addons.website_sale_trustedshops.lib.soap import mask

# Seconds to leave the service alone when it does not say how long, and at most.
DEFAULT_PAUSE = 60
LONGEST_PAUSE = 24 * 60 * 60

# Where the service puts its message, in different places of its interface.
_MESSAGE_KEYS = (
    "Message",
    "message",
    "ErrorDescription",
    "error_description",
    "Error",
    "error",
)


class LoginRefusedError(MisconfiguredError):
    """The client ID or its secret is not accepted, or not any more."""


class AccessRefusedError(MisconfiguredError):
    """The login is good, but may not do this, or not at this channel."""


class OtherChannelsError(MisconfiguredError):
    """The login is good, but of another account at Trusted Shops.

    :param refs: ids of the channels that it should list, but does not
    :type refs: set of str
    """

    def __init__(self, refs):
        super().__init__(f"Trusted Shops does not list {', '.join(sorted(refs))}")
        self.refs = frozenset(refs)


def make_answer_error(operation, answer, secrets):
    """Return the error for an answer that is none of the expected ones.

    A status from 500 may come after the service has done its work.

    :param str operation: name of the operation
    :param Answer answer: with a status from 300
    :param secrets: values that must not appear in its message
    :type secrets: list of str
    :rtype: TrustedShopsError
    """
    status = answer.status_code
    told = _get_message(answer.content, secrets)
    message = f"Trusted Shops answered {operation} with HTTP status {status}"
    message += f": {told}" if told else ""
    if status == 401:
        return LoginRefusedError(message, status=status)
    if status == 403:
        return AccessRefusedError(message, status=status)
    if status == 429:
        pause = parse_retry_after(answer.retry_after, answer.date)
        return RetryableError(
            message, maybe_sent=False, status=status, retry_after=pause
        )
    if 400 <= status < 500 and status != 408:
        return RefusedError(message, status=status)
    return make_status_error(status)


def parse_retry_after(text, answered_at=""):
    """Return for how long the service wants to be left alone.

    A date is one by the clock of the service, which may differ from ours.

    :param str text: header: seconds, a date, or anything
    :param str answered_at: ``Date`` header of the same answer, '' without one
    :return: seconds, from 1 to ``LONGEST_PAUSE``
    :rtype: int
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
    elif until := _to_timestamp(text):
        seconds = int(until - (_to_timestamp(answered_at) or time.time())) + 1
    else:
        seconds = DEFAULT_PAUSE
    return min(max(seconds, 1), LONGEST_PAUSE)


def _to_timestamp(text):
    """Return the seconds since 1970 of an HTTP date, None when it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def _get_message(content, secrets):
    """Return what the service says in an error, '' when it is nothing to show."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict):
        return ""
    texts = (document.get(key) for key in _MESSAGE_KEYS)
    text = next((each for each in texts if isinstance(each, str) and each), "")
    return mask(text, secrets)
