# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Connections that keep to the deadline of a call and know whether it was sent.

The timeouts of a socket start anew with every byte, so alone they never end a call to
a server that sends one now and then.
"""

import http.client
import io
import logging
import threading
import time
from contextlib import contextmanager

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

# The request that is under way in this thread, as attribute ``call``.
current = threading.local()


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
    current.call = call
    try:
        yield
    finally:
        current.call = None


class _Silence(logging.Filter):
    """Drop what other libraries log about our calls, in this thread, meanwhile.

    An answer may repeat what we sent, password included, and zeep logs a value that
    it cannot convert, urllib3 a header that it cannot parse. Levels stay as they are,
    so that these libraries log the calls of other modules as before.
    """

    def filter(self, record):
        return getattr(current, "call", None) is None


_silence = _Silence()
# Every logger that may get a piece of an answer.
for _name in (
    "urllib3.connection",  # a header that cannot be parsed
    "urllib3.connectionpool",  # the same in urllib3 1.26
    "zeep.xsd.schema",  # the name of an unknown type
    "zeep.xsd.types.simple",  # a value that cannot be converted
):
    logging.getLogger(_name).addFilter(_silence)


class _DeadlineReader(io.RawIOBase):
    """Reader of a socket that gives each read only the time that is left.

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
        self._sock.settimeout(min(left, self._read_timeout))
        return self._raw.readinto(buffer)

    def close(self):
        self._raw.close()
        return super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    """Answer that must be complete, headers included, before the call's deadline."""

    def __init__(self, sock, *args, **kwargs):
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(
            _DeadlineReader(self.fp.detach(), sock, current.call)
        )


class _CallConnection:
    """Mixin of connections: deadline, and knowledge whether anything was sent."""

    response_class = _DeadlineResponse

    def request(self, *args, **kwargs):
        # Connect first: a connection that fails has certainly sent nothing.
        if self.sock is None:
            self.connect()
        current.call.sent = True
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


class CallAdapter(HTTPAdapter):
    """Adapter that keeps to the deadline of the call.

    It knows the connect timeout itself: ``Session.send`` gets a single number, because
    Odoo's tests compare it with another one.

    :param float connect_timeout: seconds for each address of the host
    """

    def __init__(self, connect_timeout):
        self._connect_timeout = connect_timeout
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS
        return result

    def proxy_manager_for(self, *args, **kwargs):
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request, stream=False, timeout=None, **kwargs):
        call = current.call
        call.sent = False
        left = call.get_time_left()
        timeout = (min(self._connect_timeout, left), min(timeout, left))
        return super().send(request, stream=stream, timeout=timeout, **kwargs)
