# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""HTTP of all clients: deadline, size limit, no redirects, nothing secret in a log.

zeep's own transport writes whole envelopes to the debug log, waits for ever for a
server that sends one byte now and then, follows redirects with the login in the body
and reads answers of any size. :func:`fetch` does none of it, neither for zeep
(:class:`Transport`) nor for a client without it.

The request goes through ``requests.Session.send``, which Odoo's tests replace.
"""

import http.cookiejar
from dataclasses import dataclass

import requests
import urllib3
import zeep

from .connection import CallAdapter, current
from .exceptions import RetryableError

# Largest answer that is read, in bytes. Twenty-one currencies of six items each need
# less than 64 KiB; the time that hostile XML takes grows with the square of its size.
MAX_ANSWER_SIZE = 256 * 1024
# How much of an answer is read at once, in bytes.
_CHUNK_SIZE = 64 * 1024
# Statuses with an envelope in the body: an answer, and a SOAP 1.1 fault.
_SOAP_STATUSES = (200, 500)


class Session(requests.Session):
    """Session that follows no redirect and keeps no cookie.

    A redirect would send login and personal data to wherever it points, a cookie would
    tie the calls of one certificate to those of another.

    :param float connect_timeout: seconds to connect to each address of the host
    """

    def __init__(self, connect_timeout):
        super().__init__()
        adapter = CallAdapter(connect_timeout)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.cookies.set_policy(_NoCookies())
        # A compressed answer could be small on the wire and endless in memory.
        self.headers["Accept-Encoding"] = "identity"

    def get_redirect_target(self, resp):
        return None


class _NoCookies(http.cookiejar.DefaultCookiePolicy):
    def set_ok(self, cookie, request):
        return False


@dataclass(frozen=True)
class Answer:
    """What zeep reads of an HTTP answer; always a plain XML body, never multipart."""

    status_code: int
    content: bytes

    @property
    def headers(self):
        return {"Content-Type": "text/xml"}


class Transport(zeep.Transport):
    """Transport of zeep that is safe to use with a login.

    :param float connect_timeout: seconds to connect to each address of the host
    :param float read_timeout: seconds between two pieces of the answer
    """

    def __init__(self, connect_timeout, read_timeout):
        super().__init__(
            timeout=read_timeout,
            operation_timeout=read_timeout,
            session=Session(connect_timeout),
        )

    def post(self, address, message, headers):
        """Override of zeep: send a message without logging it, read the answer.

        :param str address: address of the service
        :param bytes message: envelope
        :param dict headers: HTTP headers
        :rtype: Answer
        :raise RetryableError: when the answer cannot be an envelope
        :raise OSError: as requests does, when there is no answer
        """
        return fetch(
            self.session,
            "POST",
            address,
            timeout=self.operation_timeout,
            statuses=_SOAP_STATUSES,
            data=message,
            headers=headers,
        )


def fetch(session, method, address, *, timeout, statuses, **options):
    """Send the request of the running call without logging it, read the answer.

    :param Session session: session of the client
    :param str method: HTTP method
    :param str address: where to send it
    :param float timeout: seconds between two pieces of the answer
    :param statuses: HTTP statuses of an answer that is worth reading
    :type statuses: tuple of int
    :param options: what else requests takes: body, headers
    :rtype: Answer
    :raise RetryableError: when the answer has another status, is compressed or too
        large
    :raise OSError: as requests does, when there is no answer
    """
    response = session.request(
        method,
        address,
        timeout=timeout,
        stream=True,
        allow_redirects=False,
        **options,
    )
    try:
        _check_headers(response, statuses)
        content = _read_content(response)
    finally:
        if response.raw is not None:  # it is when a test made the answer
            response.close()
    current.call.status = response.status_code
    return Answer(response.status_code, content)


def _check_headers(response, statuses):
    """Refuse an answer that cannot be what was asked for, before reading its body.

    :param requests.Response response: answer, body not read yet
    :param statuses: HTTP statuses of an answer that is worth reading
    :type statuses: tuple of int
    :raise RetryableError: when it is a redirect, an HTTP error or compressed
    """
    status = response.status_code
    if status not in statuses:
        raise to_status_error(status)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RetryableError("Trusted Shops sent a compressed answer, which is refused")


def to_status_error(status):
    """Return the error for an HTTP status that is no answer.

    :param int status: HTTP status
    :rtype: RetryableError
    """
    note = ", a redirect, which is not followed" if 300 <= status < 400 else ""
    return RetryableError(f"Trusted Shops answered with HTTP status {status}{note}")


def _read_content(response):
    """Read the body of an answer.

    :param requests.Response response: answer, body not read yet
    :rtype: bytes
    :raise RetryableError: when it is larger than ``MAX_ANSWER_SIZE``
    """
    if response.raw is None:
        return response.content
    content = bytearray()
    for chunk in response.iter_content(_CHUNK_SIZE):
        content += chunk
        if len(content) > MAX_ANSWER_SIZE:
            raise RetryableError("Trusted Shops sent an answer that is too large")
    return bytes(content)


# What can be raised when no (complete) answer arrives; requests' own exceptions are
# OSErrors.
NETWORK_ERRORS = (OSError, urllib3.exceptions.HTTPError)


def to_network_error(exc, call):
    """Translate what prevented an answer.

    The text of the original is left out: it may quote what was sent or received.

    :param Exception exc: one of ``NETWORK_ERRORS``
    :param Call call: the call that failed
    :rtype: RetryableError
    """
    maybe_sent = call.sent
    if maybe_sent is None:
        safe = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)
        maybe_sent = not isinstance(exc, safe)
    if maybe_sent:
        what = "Trusted Shops gave no complete answer"
    elif isinstance(exc, requests.exceptions.SSLError):
        what = "The certificate of the Trusted Shops service could not be verified"
    else:
        what = "Trusted Shops could not be reached"
    return RetryableError(f"{what} ({type(exc).__name__})", maybe_sent=maybe_sent)
