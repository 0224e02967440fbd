# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors of eTrusted, which extend those of the base addon.

``RetryableError``: the same call may succeed later. ``RefusedError``: eTrusted will
never accept this request. The other classes say what is wrong with the account.
"""

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    make_status_error,
)
from odoo.addons.website_sale_trustedshops.lib.http import parse_retry_after
from odoo.addons.website_sale_trustedshops.lib.soap import mask

from .parsing import is_object, load_object

# HTTP statuses by which a gateway may refuse a call instead of eTrusted.
_OF_GATEWAYS = (403, 404, 405)


class LoginRefusedError(MisconfiguredError):
    """Trusted Shops does not accept the client ID or its secret."""


class AccessRefusedError(MisconfiguredError):
    """Trusted Shops accepts the login, but not this operation at this channel."""


class OtherChannelsError(MisconfiguredError):
    """The login belongs to another account at Trusted Shops.

    :param refs: ids of the known channels that this account does not list
    :type refs: set of str
    """

    def __init__(self, refs):
        super().__init__(f"Trusted Shops does not list {', '.join(sorted(refs))}")
        self.refs = frozenset(refs)


def make_answer_error(operation, answer, secrets):
    """Return the error for an answer of eTrusted without success.

    A status of 500 or more leaves open whether eTrusted did the work.

    :param str operation: name of the operation
    :param Answer answer: with a status from 300
    :param secrets: values to mask in the message
    :type secrets: list of str
    :return: ``LoginRefusedError`` for status 401, ``AccessRefusedError`` for 403,
        ``RefusedError`` for other 4xx; ``RetryableError`` for 408, 429 and 5xx, and for
        403, 404 and 405 of a gateway, which have no JSON
    :rtype: TrustedShopsError
    """
    status = answer.status_code
    told = _get_message(answer.content, secrets)
    message = f"Trusted Shops answered {operation} with HTTP status {status}"
    message += f": {told}" if told else ""
    if status in _OF_GATEWAYS and not is_object(answer.content):
        error = RetryableError(message, maybe_sent=False, status=status)
        error.is_from_gateway = True
        return error
    if status == 401:
        return LoginRefusedError(message, status=status)
    if status == 403:
        return AccessRefusedError(message, status=status)
    if status == 429:
        pause = parse_retry_after(answer.retry_after, answer.date)
        return RetryableError(
            message,
            maybe_sent=False,
            status=status,
            retry_after=pause,
            is_answer=True,
        )
    if 400 <= status < 500 and status != 408:
        return RefusedError(message, status=status)
    return make_status_error(status)


def _get_message(content, secrets):
    """Return the message in the JSON of an error, masked; '' without one."""
    document = load_object(content)
    # eTrusted uses different keys in different places.
    names = "Message message ErrorDescription error_description Error error"
    texts = (document.get(name) for name in names.split())
    text = next((each for each in texts if isinstance(each, str) and each), "")
    return mask(text, secrets)
