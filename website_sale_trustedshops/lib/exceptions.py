# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Exceptions of the clients: retryable, refused, misconfigured.

Messages are English technical sentences for the log: they never contain a login, a
password, personal data or a piece of an envelope. Staff read ``trouble``, or what
``code`` and ``kind`` mean.
"""

from .codes import (
    KIND_CERTIFICATE,
    KIND_LIMIT,
    REFUSALS_WHEN_APPLYING,
    get_code,
)


class TrustedShopsError(Exception):
    """Base of all errors that a call to Trusted Shops may raise.

    :param str message: English technical sentence, safe for logs
    :param code: negative result code of the service, if it gave one
    :type code: int or None
    :param status: HTTP status of the answer, when there was one
    :type status: int or None
    :param str trouble: what models store and show staff: words of the service, or the
        code of a message without its beginning ``trouble_``; '' for the code by the
        status, or without one of 400 or more for that of the class
    """

    trouble = "unanswered"

    def __init__(self, message, code=None, *, status=None, trouble=""):
        super().__init__(message)
        self.code = code
        self.status = status
        if not trouble and status and status >= 400:
            trouble = "server_error" if status >= 500 else "refused"
        if trouble:
            self.trouble = trouble

    @property
    def kind(self):
        """Return the kind of the code: what to do about it.

        :return: one of the ``KIND_*`` constants of :mod:`.codes`, '' without a code
        :rtype: str
        """
        return get_code(self.code).kind if self.code is not None else ""

    @property
    def is_silence(self):
        """Return True if the service gave no answer of its own; by default it did.

        :rtype: bool
        """
        return False


class RetryableError(TrustedShopsError):
    """The same call may succeed later without any change.

    :param str message: English technical sentence, safe for logs
    :param code: negative result code of the service, if it gave one
    :type code: int or None
    :param bool maybe_sent: whether the service may have acted although it gave no
        usable answer. False only when the request certainly never reached it (refused
        connection, unknown host, connect timeout, a certificate that cannot be
        verified) or when it answered that it did not act (credit limit exceeded, too
        many calls)
    :param status: HTTP status of the answer, even of one that could not be read
    :type status: int or None
    :param retry_after: seconds that the service asks us to wait
    :type retry_after: int or None
    :param bool is_answer: whether it is the service's own answer, though without a code
    :param str trouble: see :class:`TrustedShopsError`
    """

    # ``Answer`` of :mod:`.http` without its body, None if no headers arrived.
    head = None
    # Whether a gateway refused the call, which says nothing about what was sent.
    is_from_gateway = False

    def __init__(
        self,
        message,
        code=None,
        *,
        maybe_sent=True,
        status=None,
        retry_after=None,
        is_answer=False,
        trouble="",
    ):
        super().__init__(message, code, status=status, trouble=trouble)
        self.maybe_sent = maybe_sent
        self.retry_after = retry_after
        self.is_answer = is_answer or code is not None

    @property
    def is_silence(self):
        """Return True if the service gave no answer of its own.

        An error page of a gateway is none.

        :rtype: bool
        """
        return not self.is_answer


class RefusedError(TrustedShopsError):
    """The service refused this request; the same request will be refused again."""


class MisconfiguredError(TrustedShopsError):
    """The certificate, its login or its contract is at fault, not the one order."""

    trouble = "not_sent"


def make_code_error(operation, code, refusals=REFUSALS_WHEN_APPLYING):
    """Return the error for a negative result.

    :param str operation: name of the operation
    :param int code: result, below 0
    :param refusals: kinds of codes that mean a refusal of this operation
    :type refusals: tuple of str
    :return: RefusedError, MisconfiguredError if the certificate is at fault, else
        RetryableError
    :rtype: TrustedShopsError
    """
    known = get_code(code)
    message = f"Trusted Shops answered {operation} with {code} ({known.symbol})"
    if known.kind in refusals:
        return RefusedError(message, code)
    if known.kind == KIND_CERTIFICATE:
        return MisconfiguredError(message, code)
    return RetryableError(message, code, maybe_sent=known.kind != KIND_LIMIT)


def make_unreadable_error(operation, detail=""):
    """Return the error for an answer that makes no sense.

    :param str operation: name of the operation
    :param str detail: more about the answer, with a leading blank
    :rtype: RetryableError
    """
    return RetryableError(
        f"The answer of Trusted Shops to {operation} makes no sense{detail}"
    )


def make_status_error(status, retry_after=None):
    """Return the error for an unexpected HTTP status.

    :param int status: HTTP status
    :param retry_after: seconds that the service asks us to wait
    :type retry_after: int or None
    :rtype: RetryableError
    """
    note = ", a redirect, which is not followed" if 300 <= status < 400 else ""
    # Too many calls: the service counted this one, and did nothing.
    is_limit = status == 429
    return RetryableError(
        f"Trusted Shops answered with HTTP status {status}{note}",
        status=status,
        retry_after=retry_after,
        maybe_sent=not is_limit,
        is_answer=is_limit,
    )
