# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""HTTP below zeep: deadline, size limit, no redirects, nothing secret in a log.

zeep's own transport writes whole envelopes to the debug log, waits for ever for a
server that sends one byte now and then, follows redirects with the login in the body
and reads answers of any size. :class:`Transport` does none of it.

The request goes through ``requests.Session.send``, which Odoo's tests replace.
"""

import http.client
import http.cookiejar
import io
import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

import requests
import urllib3
import zeep
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .exceptions import RetryableError

# Largest answer that is read, in bytes. Twenty-one currencies of six items each need
# less than 64 KiB.
MAX_ANSWER_SIZE = 1024 * 1024
# How much of an answer is read at once, in bytes.
_CHUNK_SIZE = 64 * 1024
# Statuses with an envelope in the body: an answer, and a SOAP 1.1 fault.
_SOAP_STATUSES = (200, 500)

# The request that is under way in this thread, as attribute ``call``.
_current = threading.local()


class Call:
    """One request: how long it may take, and how far it got.

    :param float seconds: time from now until the answer must be complete
    """

    def __init__(self, seconds):
        self.deadline = time.monotonic() + seconds
        # None: unknown, because something replaced the way requests are sent (tests).
        self.sent = None
        # HTTP status of the answer, once it was received completely.
        self.status = None

    def get_time_left(self):
        """Return the seconds left until the deadline.

        :rtype: float
        :raise TimeoutError: when there are none, as a socket would
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the total time of the call is used up")
        return left


@contextmanager
def running(call):
    """Make a call known to the connections and log filters of this thread.

    :param Call call: the call that is about to start
    """
    _current.call = call
    try:
        yield
    finally:
        _current.call = None


class _Silence(logging.Filter):
    """Drop what other libraries log about our calls, in this thread, meanwhile.

    An answer may repeat what we sent, password included, and zeep logs a value that
    it cannot convert, urllib3 a header that it cannot parse. Levels stay as they are,
    so that these libraries log the calls of other modules as before.
    """

    def filter(self, record):
        return getattr(_current, "call", None) is None


_silence = _Silence()
# Every logger that may get a piece of a request or an answer.
for _name in (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.response",
    "zeep.transports",
    "zeep.xsd.elements.attribute",
    "zeep.xsd.schema",
    "zeep.xsd.types.any",
    "zeep.xsd.types.complex",
    "zeep.xsd.types.simple",
):
    logging.getLogger(_name).addFilter(_silence)


class _DeadlineReader(io.RawIOBase):
    """Reader of a socket that gives each read only the time that is left.

    The timeout of a socket starts anew with every byte, so it never ends a call to a
    server that sends a byte now and then.

    :param io.RawIOBase raw: reader of the socket
    :param socket.socket sock: the socket, with the read timeout set
    :param Call call: call that the answer belongs to
    """

    def __init__(self, raw, sock, call):
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._call = call
        self._read_timeout = sock.gettimeout()

    def readable(self):
        return True

    def readinto(self, buffer):
        left = self._call.get_time_left()
        self._sock.settimeout(min(left, self._read_timeout or left))
        return self._raw.readinto(buffer)

    def close(self):
        self._raw.close()
        super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    """Answer that must be complete, headers included, before the call's deadline."""

    def __init__(self, sock, *args, **kwargs):
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(
            _DeadlineReader(self.fp.detach(), sock, _current.call)
        )


class _CallConnection:
    """Mixin of connections: deadline, and knowledge whether anything was sent."""

    response_class = _DeadlineResponse

    def request(self, *args, **kwargs):
        # Connect first: a connection that fails has certainly sent nothing.
        if self.sock is None:
            self.connect()
        _current.call.sent = True
        return super().request(*args, **kwargs)


class _CallHTTPConnection(_CallConnection, HTTPConnection):
    pass


class _CallHTTPSConnection(_CallConnection, HTTPSConnection):
    pass


class _CallHTTPPool(HTTPConnectionPool):
    ConnectionCls = _CallHTTPConnection


class _CallHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _CallHTTPSConnection


_POOLS = {"http": _CallHTTPPool, "https": _CallHTTPSPool}


class _Adapter(HTTPAdapter):
    """Adapter that keeps to the deadline of the call.

    It knows the connect timeout itself: ``Session.send`` gets a single number, because
    Odoo's tests compare it with another one.

    :param float connect_timeout: seconds for each address of the host
    """

    def __init__(self, connect_timeout):
        self._connect_timeout = connect_timeout
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args, **kwargs):
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request, stream=False, timeout=None, **kwargs):
        call = _current.call
        call.sent = False
        left = call.get_time_left()
        timeout = (min(self._connect_timeout, left), min(timeout or left, left))
        return super().send(request, stream=stream, timeout=timeout, **kwargs)


class _Session(requests.Session):
    """Session that follows no redirect and keeps no cookie.

    A redirect would send login and personal data to wherever it points, a cookie would
    tie the calls of one certificate to those of another.
    """

    def __init__(self, connect_timeout):
        super().__init__()
        adapter = _Adapter(connect_timeout)
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
    encoding: str = "utf-8"

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
            session=_Session(connect_timeout),
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
        response = self.session.post(
            address,
            data=message,
            headers=headers,
            timeout=self.operation_timeout,
            stream=True,
            allow_redirects=False,
        )
        try:
            _check_headers(response)
            content = _read_content(response)
        finally:
            if response.raw is not None:  # it is when a test made the answer
                response.close()
        _current.call.status = response.status_code
        return Answer(response.status_code, content)


def _check_headers(response):
    """Refuse an answer that cannot be an envelope, before reading its body.

    :param requests.Response response: answer, body not read yet
    :raise RetryableError: when it is a redirect, an HTTP error or compressed
    """
    status = response.status_code
    if status not in _SOAP_STATUSES:
        note = ", a redirect, which is not followed" if 300 <= status < 400 else ""
        raise RetryableError(f"Trusted Shops answered with HTTP status {status}{note}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RetryableError("Trusted Shops sent a compressed answer, which is refused")


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
