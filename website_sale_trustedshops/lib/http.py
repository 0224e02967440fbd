# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Makes the HTTP calls of all clients.

It sets timeouts and a size limit, follows no redirect, and logs one line per call.

It also decides whether a failed call may have arrived. Later the service may say that
it already knows the order number. The number comes from our failed call if that may
have arrived, otherwise from another shop system.
"""

import io
import logging
import socket
import ssl
import time
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3
from requests.adapters import HTTPAdapter

from .exceptions import RetryableError, TrustedShopsError, make_status_error

_logger = logging.getLogger(__name__)

# Default timeouts in seconds: to connect to one address of the host, between two
# pieces of an answer, and for the whole call.
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 30
TOTAL_TIMEOUT = 60
# Largest answer that is read, in bytes. Twenty-one currencies of six items each need
# less than 64 KiB; the time that hostile XML takes grows with the square of its size.
MAX_ANSWER_SIZE = 256 * 1024
# The longest pause that the service can ask for, in seconds.
LONGEST_PAUSE = 24 * 60 * 60
# Bytes to read or send in one step: one record of TLS. With more, the timeout would
# begin again for each record.
_PIECE_SIZE = 16 * 1024

# After these errors the request was certainly not sent, after all others it may have
# been. An unknown host is also a NewConnectionError.
_NOT_SENT = (
    requests.ConnectTimeout,
    urllib3.exceptions.NewConnectionError,
    ssl.SSLCertVerificationError,
)


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer.

    :param int status_code: HTTP status
    :param bytes content: body
    :param str retry_after: header of that name, '' without one
    :param str etag: header of that name, '' without one
    :param str date: header of that name, '' without one
    :param bool is_too_large: whether the body was not read because of its size
    """

    status_code: int
    content: bytes
    retry_after: str = ""
    etag: str = ""
    date: str = ""
    is_too_large: bool = False

    @property
    def headers(self):
        """Return {}, so that zeep never reads a body as multipart.

        :rtype: dict
        """
        return {}


class Session(requests.Session):
    """Session that ends calls in time, follows no redirect and keeps no cookie.

    A redirect would send login and personal data to another address, and a cookie would
    connect the calls of different certificates. The session makes one call at a time.

    :param float connect_timeout: seconds to connect to one address of the host
    :param float total_timeout: seconds for a whole call: connecting, sending, headers
        and body. Within it, no wait for data is longer than ``READ_TIMEOUT``. Only a
        name lookup takes as long as the system allows
    :param int max_size: bytes of the largest answer that is read
    """

    def __init__(
        self,
        *,
        connect_timeout=CONNECT_TIMEOUT,
        total_timeout=TOTAL_TIMEOUT,
        max_size=MAX_ANSWER_SIZE,
    ):
        super().__init__()
        self._deadline = _Deadline(total_timeout)
        self._max_size = max_size
        for scheme in ("https://", "http://"):
            self.mount(scheme, _DeadlineAdapter(self._deadline, connect_timeout))
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        # A compressed answer could be small on the wire and endless in memory.
        self.headers["Accept-Encoding"] = "identity"

    def get_redirect_target(self, resp):
        """Override of requests to return None: it would read the body of a redirect."""
        return None

    def fetch(self, method, address, *, statuses, **options):
        """Send a request and return the answer.

        Raise the error outside of the ``except`` block: the error of requests contains
        the whole request, and must not become the context of ours.

        :param str method: HTTP method
        :param str address: where to send it
        :param statuses: HTTP statuses of an answer that is worth reading
        :type statuses: tuple of int
        :param options: what else requests takes: body, headers
        :rtype: Answer
        :raise RetryableError: when there is no answer, or one with another status,
            compressed or too large. Its ``status`` and ``head`` are those of the answer
            if the headers have arrived
        """
        self._deadline.start()
        head = None
        try:
            with self.request(
                method, address, stream=True, allow_redirects=False, **options
            ) as response:
                headers = (
                    response.headers.get(name, "")
                    for name in ("Retry-After", "ETag", "Date")
                )
                head = Answer(response.status_code, b"", *headers)
                _check_headers(response, statuses, head)
                content = _read_body(response, self._max_size)
                return replace(head, content=content)
        except _TooLargeError as exc:
            error, head = exc, replace(head, is_too_large=True)
        except RetryableError as exc:
            error = exc
        # Errors of requests are OSErrors; those while the body is read are urllib3's.
        except (OSError, urllib3.exceptions.HTTPError) as exc:
            error = _make_network_error(exc, head and head.status_code)
        error.head = head
        raise error


class _Deadline:
    """The moment at which a call of the session ends."""

    def __init__(self, seconds):
        self._seconds = seconds
        self.start()

    def start(self):
        """Set the deadline of a call that begins now."""
        self._moment = time.monotonic() + self._seconds

    def limit(self, seconds):
        """Return the smaller of a number of seconds and the time until the deadline.

        :raise TimeoutError: when the deadline is over
        """
        left = self._moment - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(seconds, left)


class _DeadlineAdapter(HTTPAdapter):
    """Adapter whose connections keep to the deadline of a session.

    It has its own timeouts, because Odoo's tests expect a number as argument.
    """

    def __init__(self, deadline, connect_timeout):
        self._deadline = deadline
        self._timeout = urllib3.Timeout(connect=connect_timeout, read=READ_TIMEOUT)
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        """Override of requests to apply the deadline to direct connections."""
        result = super().init_poolmanager(*args, **kwargs)
        self._apply_deadline(self.poolmanager)
        return result

    def proxy_manager_for(self, proxy, **kwargs):
        """Override of requests to apply the deadline to connections through a proxy."""
        if proxy not in self.proxy_manager:
            self._apply_deadline(super().proxy_manager_for(proxy, **kwargs))
        return self.proxy_manager[proxy]

    def send(self, request, stream=False, timeout=None, **kwargs):
        """Override of requests to use the timeouts of this adapter."""
        return super().send(request, stream=stream, timeout=self._timeout, **kwargs)

    def _apply_deadline(self, manager):
        """Apply the deadline to the connections of a pool manager of urllib3."""
        manager.pool_classes_by_scheme = {
            scheme: _make_pool_class(pool_class, self._deadline)
            for scheme, pool_class in manager.pool_classes_by_scheme.items()
        }


def _make_pool_class(pool_class, deadline):
    """Return a subclass of a pool of urllib3 whose connections keep to a deadline."""
    bases = _DeadlineConnection, pool_class.ConnectionCls
    connection_class = type("Connection", bases, {"deadline": deadline})
    return type("Pool", (pool_class,), {"ConnectionCls": connection_class})


class _DeadlineConnection:
    """Connection that ends every wait at the deadline.

    The timeouts of urllib3 and Python begin again for each address of a host, and for
    each piece of data.
    """

    deadline = None

    def _new_conn(self):
        """Override of urllib3 to try the addresses of the host until the deadline."""
        host, timeout = self._dns_host, self.timeout
        error = None
        try:
            for address in _resolve_host(host, self.port):
                self._dns_host = address
                self.timeout = self.deadline.limit(timeout)
                try:
                    sock = super()._new_conn()
                except urllib3.exceptions.HTTPError as exc:
                    error = exc
                    continue
                sock.settimeout(self.deadline.limit(timeout))  # for the handshake
                return sock
        except TimeoutError as exc:
            error = urllib3.exceptions.ConnectTimeoutError(self, str(exc))
        finally:
            self._dns_host, self.timeout = host, timeout
        raise error

    def send(self, data):
        """Override of http.client to send in pieces until the deadline."""
        if self.sock is None:
            self.connect()
        pieces = memoryview(data)
        for start in range(0, len(pieces), _PIECE_SIZE):
            self.sock.settimeout(self.deadline.limit(READ_TIMEOUT))
            self.sock.sendall(pieces[start : start + _PIECE_SIZE])

    def response_class(self, sock, *args, **kwargs):
        """Override of http.client to end each read of the answer at the deadline."""
        response = HTTPResponse(sock, *args, **kwargs)
        received = _DeadlineStream(response.fp.detach(), sock, self.deadline)
        response.fp = io.BufferedReader(received)
        return response


def _resolve_host(host, port):
    """Return the IP addresses of a host, or only its name if the lookup fails."""
    with suppress(OSError, UnicodeError):
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(each[-1][0] for each in found))
    return [host]


class _DeadlineStream(io.RawIOBase):
    """Stream in which no read outlasts the deadline."""

    def __init__(self, raw, sock, deadline):
        super().__init__()
        self._raw = raw
        self._socket = sock
        self._deadline = deadline

    def readable(self):
        return True

    def readinto(self, buffer):
        """Override of io to read no longer than until the deadline."""
        self._socket.settimeout(self._deadline.limit(READ_TIMEOUT))
        return self._raw.readinto(buffer)

    def close(self):
        self._raw.close()
        return super().close()


def _check_headers(response, statuses, head):
    """Raise RetryableError if the status is unexpected or the body compressed."""
    status = response.status_code
    if status not in statuses:
        is_pause = status == 429 or (status == 503 and head.retry_after)
        pause = parse_retry_after(head.retry_after, head.date) if is_pause else None
        raise make_status_error(status, pause)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RetryableError(
            "Trusted Shops sent a compressed answer, which is refused",
            status=status,
        )


def parse_retry_after(text, answered_at=""):
    """Return the pause for which the service asks in the header ``Retry-After``.

    A date is compared with the clock of the service, which may differ from ours.

    :param str text: the header: seconds or a date
    :param str answered_at: ``Date`` header of the same answer, '' without one
    :return: seconds, from 1 to ``LONGEST_PAUSE``; 60 if the header is unreadable
    :rtype: int
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
    elif until := _to_timestamp(text):
        seconds = int(until - (_to_timestamp(answered_at) or time.time())) + 1
    else:
        seconds = 60
    return min(max(seconds, 1), LONGEST_PAUSE)


def _to_timestamp(text):
    """Return the Unix time of an HTTP date, None if it is not a date."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


class _TooLargeError(RetryableError):
    """The body has more bytes than the session may read."""


def _read_body(response, max_size):
    """Return the body of an answer; raise _TooLargeError above ``max_size`` bytes."""
    raw = response.raw
    # Before version 2, urllib3 accepted half an answer as a whole one.
    raw.enforce_content_length = True
    content = bytearray()
    while piece := raw.read(_PIECE_SIZE, decode_content=False):
        content += piece
        if len(content) > max_size:
            raise _TooLargeError(
                "Trusted Shops sent an answer that is too large",
                status=response.status_code,
            )
    return bytes(content)


def _make_network_error(exc, status):
    """Return the RetryableError for an error of requests or urllib3.

    Leave out its text, which may quote the request or the answer.

    :param Exception exc: the error
    :param status: HTTP status of the answer, None if no headers arrived
    :type status: int or None
    """
    cause = next(
        (each for each in _get_causes(exc) if isinstance(each, _NOT_SENT)), None
    )
    if cause is None:
        what, trouble = "Trusted Shops gave no complete answer", ""
    elif isinstance(cause, ssl.SSLCertVerificationError):
        what = "The certificate of the Trusted Shops service could not be verified"
        trouble = "unverified"
    else:
        what, trouble = "Trusted Shops could not be reached", "unreached"
    return RetryableError(
        f"{what} ({type(exc).__name__})",
        maybe_sent=cause is None,
        status=status,
        trouble=trouble,
    )


def _get_causes(exc):
    """Yield an error and those that it wraps, as requests and urllib3 do."""
    while isinstance(exc, Exception):
        yield exc
        inner = [getattr(exc, "reason", None), *exc.args]
        exc = next((each for each in inner if isinstance(each, Exception)), None)


class Client(AbstractContextManager):
    """Base of the clients. It keeps connections open between calls.

    Call :meth:`close`, or use it in a ``with`` statement.

    :param timeouts: those of :class:`Session`, in seconds
    """

    def __init__(self, **timeouts):
        self._session = Session(**timeouts)

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the open connections; the client stays usable."""
        self._session.close()


@contextmanager
def log_call(operation):
    """Log operation, outcome and duration of a call, as context manager or decorator.

    :param str operation: name of the remote operation
    """
    started = time.monotonic()
    outcome = "not called"
    try:
        yield
        outcome = "answered"
    except TrustedShopsError as exc:
        outcome = f"{type(exc).__name__}: {exc}"
        raise
    finally:
        duration = (time.monotonic() - started) * 1000
        _logger.info("Trusted Shops %s: %s (%d ms)", operation, outcome, duration)
