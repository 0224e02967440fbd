# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The HTTP server: threads, HTTP/1.1 with connections that stay open."""

import logging
import socket
import struct
import time
import traceback

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

_logger = logging.getLogger("trustedshops_sandbox")

# A dict in the WSGI environment. The application sets "reusable" in it when it read
# the whole request, so that the connection may carry another one.
CONNECTION = "trustedshops_sandbox.connection"


class Hangup(Exception):
    """Close the connection without an answer.

    :param float seconds: how long to hold it open before.
    """

    def __init__(self, seconds=0):
        super().__init__()
        self.seconds = seconds


class RequestHandler(WSGIRequestHandler):
    """Serve requests; werkzeug's own handler closes each connection after one."""

    protocol_version = "HTTP/1.1"
    # Seconds without a byte until a connection is closed.
    timeout = 300
    # Headers and body are two packets: without this the second one waits 40 ms.
    disable_nagle_algorithm = True

    def run_wsgi(self):
        """Answer one request."""
        try:
            environ = self.make_environ()
            environ[CONNECTION] = connection = {"reusable": False}
            pieces, status, headers = run_wsgi_app(self.server.app, environ)
        except Hangup as hangup:
            self._hang_up(hangup.seconds)
            return
        except (ConnectionError, TimeoutError):
            raise  # the client is gone, ``handle`` knows what to do
        except Exception:  # the border of the process: log, answer, go on serving
            _logger.error("A request failed:\n%s", traceback.format_exc())
            self.close_connection = True
            self.send_error(500)
            return
        self._answer(status, headers, pieces, connection["reusable"])

    def _answer(self, status, headers, pieces, reusable):
        code, _space, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not reusable:
            self.send_header("Connection", "close")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)

    def _hang_up(self, seconds):
        time.sleep(seconds)
        self.close_connection = True
        # Closing with this option resets the connection: no half of an answer, no
        # polite end.
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def log_request(self, code="-", size="-"):
        """Log method, path and status: no query, no header, nothing of the body."""
        path = self.path.partition("?")[0]
        _logger.info("%s %.100s %s", self.command, ascii(path)[1:-1], code)

    def log_message(self, format, *args):
        """Log nothing else: it could contain what the client sent."""

    def log_error(self, format, *args):
        """Log nothing, see above."""


def listen(host, port):
    """Return a socket that listens.

    :raise OSError: when that is impossible.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=128)


def make_server(host, port, app):
    """Return a server that listens on a port.

    :raise OSError: when it cannot listen.
    """
    with listen(host, port) as listener:
        # The server works on a duplicate of the socket.
        return ThreadedWSGIServer(host, port, app, RequestHandler, fd=listener.fileno())
