# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import datetime
import logging
import socket
import socketserver
import ssl
import struct
import tempfile
import threading
import time
import traceback
import warnings
from unittest.mock import patch
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from odoo.tests import BaseCase, tagged

from ..lib import http
from ..lib.client import TrustedShopsClient
from ..lib.exceptions import MisconfiguredError, RetryableError
from ..lib.http import Answer, Session
from .fake_service import PROTECTION_NS, TS_ID, make_envelope, make_fault
from .lib_common import REQUEST, CannedCase, everything_logged

URL = "https://qa.trustedshops.com/"
OK = b"HTTP/1.1 200 OK\r\n"
UNREACHABLE = "Trusted Shops could not be reached"
UNVERIFIED = "The certificate of the Trusted Shops service could not be verified"
INCOMPLETE = "Trusted Shops gave no complete answer"
TOO_LARGE = "Trusted Shops sent an answer that is too large"


class TestLibHttp(CannedCase):
    """Whatever comes back, it is read once, or it is said why it is none."""

    def fetch(self, **options):
        with Session() as session:
            return session.fetch("POST", URL, statuses=(200, 500), **options)

    def test_an_answer_is_status_and_body(self):
        self.answer, self.status = "äb", 500
        self.assertEqual(self.fetch(), Answer(500, "äb".encode()))
        self.headers["Retry-After"] = "120"
        self.headers["Date"] = "Mon, 02 Nov 2026 10:00:00 GMT"
        self.assertEqual(
            self.fetch(),
            Answer(
                500,
                "äb".encode(),
                retry_after="120",
                date="Mon, 02 Nov 2026 10:00:00 GMT",
            ),
        )
        # A bug is no trouble of the network.
        self.answer = KeyError("a bug")
        with self.assertRaises(KeyError):
            self.fetch()

    def test_the_request_has_the_options_of_the_caller(self):
        self.fetch(data=b"x", headers={"SOAPAction": '""'})
        ((request, kwargs),) = self.sent
        self.assertEqual((request.url, request.body), (URL, b"x"))
        self.assertEqual(request.headers["SOAPAction"], '""')
        self.assertEqual(request.headers["Accept-Encoding"], "identity")
        # Odoo's tests compare a timeout with a number; ours are given to the adapter.
        self.assertEqual(
            (kwargs["timeout"], kwargs["stream"], kwargs["allow_redirects"]),
            (None, True, False),
        )

    def test_an_http_error_is_retryable_whatever_its_body(self):
        for self.status in (201, 202, 204, 400, 401, 403, 404, 429, 502, 503, 504):
            self.assertRetryable(
                self.fetch,
                f"Trusted Shops answered with HTTP status {self.status}",
                maybe_sent=self.status != 429,
            )

    def test_of_those_who_ask_for_a_pause_only_too_many_calls_is_an_answer(self):
        self.headers["Retry-After"] = "120"
        for self.status, is_silence in ((429, False), (503, True)):
            with self.assertRaises(RetryableError) as caught:
                self.fetch()
            error = caught.exception
            self.assertEqual((error.retry_after, error.is_silence), (120, is_silence))

    def test_a_redirect_is_not_followed_wherever_it_points(self):
        for location in ("https://evil.example/", URL, "/", "file:///etc/passwd"):
            self.headers["Location"] = location
            for self.status in (301, 302, 303, 307, 308):
                self.sent.clear()
                self.assertRetryable(
                    self.fetch,
                    f"Trusted Shops answered with HTTP status {self.status}, a"
                    " redirect, which is not followed",
                )
                self.assertEqual(len(self.sent), 1)

    def test_a_compressed_answer_is_not_taken(self):
        self.headers["Content-Encoding"] = "gzip"
        self.assertRetryable(
            self.fetch, "Trusted Shops sent a compressed answer, which is refused"
        )
        self.headers["Content-Encoding"] = "Identity"
        self.assertEqual(self.fetch().content, b"")

    def test_an_answer_may_have_a_quarter_of_a_mebibyte(self):
        self.answer = " " * 256 * 1024
        self.assertEqual(len(self.fetch().content), 262_144)
        self.answer += " "
        self.assertRetryable(self.fetch, TOO_LARGE)


class Server(socketserver.ThreadingTCPServer):
    """TCP server on this machine that runs a function for each connection.

    :param handle: called with the socket, in a thread of its own
    :type handle: callable
    """

    daemon_threads = True

    def __init__(self, handle):
        super().__init__(("127.0.0.1", 0), None)
        self.port = self.server_address[1]
        self.connections = 0
        self._handle = handle
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    def finish_request(self, request, _client_address):
        self.connections += 1
        with contextlib.suppress(OSError):  # the client has gone, as it should
            self._handle(request)

    def close(self):
        self.shutdown()
        self.server_close()


def read_request(connection):
    """Return one whole request, b'' when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _blank, body = data.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
    while len(body) < int(length or 0):  # a GET has none
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


# Times that something is sent that would never end: for ten seconds when it drips.
LONG, DRIP = 200, 0.05


def answering(start=b"", forever=b"", pause=0.0):
    """Return what reads a request, sends bytes, and then others until nobody listens.

    Without others it waits, having sent only a part of an answer.
    """

    def handle(connection):
        read_request(connection)
        connection.sendall(start)
        if not forever:
            connection.recv(1)
        for _number in range(LONG if forever else 0):
            connection.sendall(forever)
            time.sleep(pause)

    return handle


def make_lookup(addresses):
    """Return what finds these addresses for a name, and one for each of them."""

    def look_up(host, *_args, **_kwargs):
        return [each for each in addresses if each[-1][0] == host] or addresses

    return look_up


def make_raw(body, head=OK):
    return head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def reset(connection):
    """Read a request and break the connection off."""
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def cut_short(connection):
    """Read a request and send less than was announced."""
    read_request(connection)
    connection.sendall(OK + b"Content-Length: 9\r\n\r\nhalf")


class NetworkCase(BaseCase):
    host = "127.0.0.1"

    def serve(self, handle):
        server = Server(handle)
        self.addCleanup(server.close)
        return server

    def serve_raw(self, response):
        """Serve one response, made by a function when it is one, to each request.

        Without one the connection is closed.
        """

        def handle(connection):
            while request := read_request(connection):
                made = response(request) if callable(response) else response
                if not made:
                    return
                connection.sendall(made)

        return self.serve(handle)

    def make_session(self, **timeouts):
        session = Session(**timeouts)
        self.addCleanup(session.close)
        return session

    def fetch(self, server, scheme="http", session=None, body=b"hello", **timeouts):
        session = session or self.make_session(**timeouts)
        url = f"{scheme}://{self.host}:{server.port}/"
        return session.fetch("POST", url, statuses=(200,), data=body)

    def assertNoAnswer(self, message, maybe_sent, call):
        with self.assertRaises(RetryableError) as caught:
            call()
        self.assertEqual(
            (str(caught.exception), caught.exception.maybe_sent), (message, maybe_sent)
        )


@tagged("full")
class TestLibConnection(NetworkCase):
    """What happened on the wire decides whether a request may have arrived."""

    QUICK = (
        "test_a_connection_refused_or_not_accepted_in_time_has_sent_nothing",
        "test_an_answer_that_drips_is_left_at_the_deadline_wherever_it_is",
        "test_cookies_are_not_kept",
    )

    def assertNotSent(self, message, server, scheme="http"):
        self.assertNoAnswer(message, False, lambda: self.fetch(server, scheme))

    def assertMaybeSent(self, message, handle, scheme="http", **timeouts):
        server = self.serve(handle)
        self.assertNoAnswer(
            message, True, lambda: self.fetch(server, scheme, **timeouts)
        )
        self.assertEqual(server.connections, 1)

    @contextlib.contextmanager
    def assertEndsAtOnce(self):
        """Assert that what drips for ten seconds ends soon after a deadline of one."""
        started = time.monotonic()
        yield
        self.assertLess(time.monotonic() - started, 5)

    def test_a_connection_refused_or_not_accepted_in_time_has_sent_nothing(self):
        server = Server(read_request)
        server.close()
        self.assertNotSent(f"{UNREACHABLE} (ConnectionError)", server)
        server = self.serve(read_request)
        with patch.object(socket.socket, "connect", side_effect=TimeoutError):
            self.assertNotSent(f"{UNREACHABLE} (ConnectTimeout)", server)

    def test_an_unknown_host_has_been_sent_nothing(self):
        server = self.serve(read_request)
        with patch.object(socket, "getaddrinfo", side_effect=socket.gaierror):
            self.assertNotSent(f"{UNREACHABLE} (ConnectionError)", server)

    def test_a_proxy_that_drips_is_left_at_the_deadline(self):
        proxy = self.serve(answering(OK + b"X: ", b"a", DRIP))
        session = self.make_session(total_timeout=1)
        session.proxies["http"] = f"http://127.0.0.1:{proxy.port}"
        with self.assertEndsAtOnce():
            self.assertNoAnswer(
                f"{INCOMPLETE} (ReadTimeout)",
                True,
                lambda: session.fetch("POST", "http://localhost:9/", statuses=(200,)),
            )

    def test_a_host_whose_certificate_cannot_be_verified_gets_no_request(self):
        received = []
        context = make_tls()

        def handle(connection):
            with context.wrap_socket(connection, server_side=True) as tls:
                received.append(tls.recv(65536))

        self.assertNotSent(f"{UNVERIFIED} (SSLError)", self.serve(handle), "https")
        self.assertEqual(received, [])

    def test_everything_else_may_have_sent_the_request(self):
        chunks = OK + b"Transfer-Encoding: chunked\r\n\r\n"
        for error, handle, options in (
            # It may have been later than in the handshake.
            ("SSLError", lambda c: c.sendall(b"no TLS" * 9), {"scheme": "https"}),
            ("ConnectionError", lambda c: c.sendall(b"SSH-2.0\r\n" * 9), {}),
            ("ConnectionError", read_request, {}),
            ("ConnectionError", reset, {}),
            ("ProtocolError", cut_short, {}),
            ("ReadTimeout", answering(), {"total_timeout": 1}),
            ("ReadTimeout", answering(OK), {"total_timeout": 1}),
            (
                "ReadTimeoutError",
                answering(chunks + b"ff\r\nhalf"),
                {"total_timeout": 2},
            ),
        ):
            with self.subTest(error=error, options=options):
                self.assertMaybeSent(f"{INCOMPLETE} ({error})", handle, **options)

    def test_an_answer_that_drips_is_left_at_the_deadline_wherever_it_is(self):
        for start, forever, error in (
            (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "ReadTimeout"),
            (b"HTTP/1.1 ", b"2", "ReadTimeout"),
            (OK + b"X: ", b"a", "ReadTimeout"),
            (OK + b"\r\n", b"a", "ReadTimeoutError"),
            (OK + b"\r\n", b"a" * 1024, "ReadTimeoutError"),
            (
                OK + b"Transfer-Encoding: chunked\r\n\r\n",
                b"1\r\na\r\n",
                "ReadTimeoutError",
            ),
        ):
            with self.subTest(start=start, forever=forever):
                handle = answering(start, forever, DRIP)
                with self.assertEndsAtOnce():
                    self.assertMaybeSent(
                        f"{INCOMPLETE} ({error})", handle, total_timeout=0.5
                    )

    def test_encryption_that_drips_is_left_at_the_deadline(self):
        def handle(connection):
            connection.sendall(b"\x16\x03\x03\x3f\x00")  # a record of 16128 bytes
            for _number in range(LONG):
                connection.sendall(b"a")
                time.sleep(DRIP)

        connect = socket.socket.connect

        def connect_slowly(sock, address):
            time.sleep(1.5)
            connect(sock, address)

        with patch.object(socket.socket, "connect", connect_slowly):
            started = time.monotonic()
            self.assertMaybeSent(
                f"{INCOMPLETE} (ReadTimeout)", handle, "https", total_timeout=2
            )
        self.assertLess(time.monotonic() - started, 3.4)

    def test_a_call_of_a_service_ends_at_its_deadline_when_headers_drip(self):
        server = self.serve(answering(b"", b"HTTP/1.1 100 Continue\r\n\r\n", DRIP))
        hosts = (f"http://127.0.0.1:{server.port}",) * 2
        with TrustedShopsClient(hosts, total_timeout=0.5) as client:
            for call in (
                lambda: client.request_protection(REQUEST),
                lambda: client.check_certificate(TS_ID),
            ):
                with self.assertEndsAtOnce():
                    self.assertNoAnswer(f"{INCOMPLETE} (ReadTimeout)", True, call)

    def test_a_server_that_reads_slowly_is_left_at_the_deadline(self):
        context = make_tls()

        def handle(connection):
            with context.wrap_socket(connection, server_side=True) as tls:
                for _number in range(LONG):
                    tls.recv(65536)
                    time.sleep(DRIP)

        session = self.make_session(total_timeout=1)
        session.verify = session.trust_env = False
        body = b"a" * 32 * 1024 * 1024
        with warnings.catch_warnings(), self.assertEndsAtOnce():
            warnings.simplefilter("ignore")  # of a host that is not verified
            server = self.serve(handle)
            self.assertNoAnswer(
                f"{INCOMPLETE} (ConnectionError)",
                True,
                lambda: self.fetch(server, "https", session, body),
            )

    def test_the_addresses_of_a_host_share_the_time_of_a_call(self):
        tried = []

        def connect(sock, address):
            tried.append(address)
            time.sleep(sock.gettimeout())
            raise TimeoutError

        server = self.serve(read_request)
        self.host = "localhost"
        addresses = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{n}", server.port))
            for n in range(1, 9)
        ]
        with (
            patch.object(socket, "getaddrinfo", side_effect=make_lookup(addresses)),
            patch.object(socket.socket, "connect", connect),
            self.assertEndsAtOnce(),
        ):
            self.assertNoAnswer(
                f"{UNREACHABLE} (ConnectTimeout)",
                False,
                lambda: self.fetch(server, connect_timeout=1, total_timeout=2.5),
            )
        self.assertEqual(
            [host for host, _port in tried], ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
        )

    def test_the_next_address_is_tried_when_one_does_not_answer(self):
        server = self.serve_raw(make_raw(b"hi"))
        self.host = "localhost"
        addresses = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, server.port))
            for host in ("127.0.0.2", "127.0.0.1")
        ]
        with patch.object(socket, "getaddrinfo", side_effect=make_lookup(addresses)):
            self.assertEqual(self.fetch(server).content, b"hi")

    def test_each_call_over_one_connection_has_its_own_deadline(self):
        def respond(_request):
            time.sleep(0.7)
            return make_raw(b"hi")

        server, session = self.serve_raw(respond), self.make_session(total_timeout=1.8)
        for _number in range(3):
            self.assertEqual(self.fetch(server, session=session).content, b"hi")
        self.assertEqual(server.connections, 1)

    def test_a_piece_is_not_waited_for_until_the_deadline(self):
        started = time.monotonic()
        with patch.object(http, "READ_TIMEOUT", 0.2):
            self.assertMaybeSent(f"{INCOMPLETE} (ReadTimeout)", answering())
        self.assertLess(time.monotonic() - started, 30)

    def test_the_head_is_known_even_when_the_body_cannot_be_read(self):
        half = b"Retry-After: 120\r\nContent-Length: 9\r\n\r\nhalf"
        for start, head, seconds in (
            (OK + half, Answer(200, b"", "120"), 1),
            (b"HTTP/1.1 429 No\r\n" + half, Answer(429, b"", "120"), 1),
            (OK + b"Content-Encoding: gzip\r\n\r\n", Answer(200, b""), 1),
            (OK, None, 0.2),
        ):
            with self.assertRaises(RetryableError) as caught:
                self.fetch(self.serve(answering(start)), total_timeout=seconds)
            error = caught.exception
            self.assertEqual(
                (error.status, error.head), (head and head.status_code, head)
            )
            self.assertIsNone(error.__context__)

    def test_a_body_that_is_too_large_is_not_read_on(self):
        self.assertMaybeSent(TOO_LARGE, answering(OK + b"\r\n", b" " * 65536))

    def test_the_body_of_a_redirect_is_not_waited_for(self):
        self.assertMaybeSent(
            "Trusted Shops answered with HTTP status 302, a redirect, which is not"
            " followed",
            answering(b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", b"a", 0.05),
        )

    def test_the_connection_of_an_unread_answer_is_closed_at_once(self):
        gone = threading.Event()

        def handle(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n")
            if connection.recv(1) == b"":
                gone.set()

        server = self.serve(handle)
        with self.assertRaises(RetryableError) as caught:
            self.fetch(server)
        # The error keeps the answer alive, so that nothing but closing closes it.
        self.assertTrue(caught.exception and gone.wait(60))

    def test_cookies_are_not_kept(self):
        requested = []

        def respond(request):
            requested.append(request)
            return make_raw(b"hi", OK + b"Set-Cookie: a=b; Path=/\r\n")

        server, session = self.serve_raw(respond), self.make_session()
        self.fetch(server, session=session)
        self.fetch(server, session=session)
        self.assertEqual(len(requested), 2)
        self.assertNotIn(b"cookie:", requested[1].lower())


def make_tls():
    """Return the context of a TLS server that signed its certificate itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    with tempfile.NamedTemporaryFile() as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        file.flush()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file.name)
    return context


class TestLibSecrets(NetworkCase):
    """No log at any level shows what a request or an answer contains."""

    SECRETS = ("s3cret", "theuser", "kowalski", "cust-4711", "Envelope")

    def assertSilent(self, response):
        """Assert that calls log nothing of the envelopes, whatever comes back."""
        server = self.serve_raw(response)
        hosts = (f"http://127.0.0.1:{server.port}",) * 2
        text = []
        with (
            TrustedShopsClient(hosts, total_timeout=1) as client,
            everything_logged() as records,
        ):
            for call in (
                lambda: client.request_protection(REQUEST),
                lambda: client.check_login(TS_ID, REQUEST.ws_user, REQUEST.ws_password),
            ):
                try:
                    call()
                except (RetryableError, MisconfiguredError) as exc:
                    text += [repr(exc), *traceback.format_exception(exc)]
        formatter = logging.Formatter("%(name)s %(message)s")
        text += [formatter.format(record) for record in records]
        text = "\n".join(text)
        self.assertIn("Trusted Shops requestForProtectionV2: ", text)
        for secret in self.SECRETS:
            self.assertNotIn(secret, text)

    def test_a_server_that_repeats_the_request_gets_it_into_no_log(self):
        secret = "s3cret-Pa$$ theuser jan.kowalski@shop.example"

        def make_number(number):
            name = "checkLoginResponse"
            return make_envelope(
                f'<n:{name} xmlns:n="{PROTECTION_NS}"><checkLogin>{number}</checkLogin>'
                f"</n:{name}>"
            ).encode()

        def repeat_as_fault(request):
            envelope = etree.fromstring(request.partition(b"\r\n\r\n")[2])
            text = escape(" ".join(envelope.itertext()))
            return make_raw(make_fault(text)[1].encode())

        valid = make_number(1)
        for response in (
            make_raw(valid),
            make_raw(make_number(-10001)),
            make_raw(make_number(secret)),
            lambda request: make_raw(request.partition(b"\r\n\r\n")[2]),
            repeat_as_fault,
            make_raw(make_fault(secret)[1].encode(), b"HTTP/1.1 500 No\r\n"),
            make_raw(secret.encode()),
            make_raw(make_envelope(f"<a>{secret}</a>").encode()),
            make_raw(b"", f"HTTP/1.1 503 {secret}\r\n".encode()),
            make_raw(b"", f"HTTP/1.1 302 {secret}\r\nLocation: /{secret}\r\n".encode()),
            make_raw(valid, OK + f"X: {secret}\r\n".encode()),
            make_raw(valid, f"HTTP/1.1 {secret}\r\n".encode()),
            make_raw(valid, f"{secret}\r\n".encode()),
            make_raw(valid, OK + f"Content-Encoding: {secret}\r\n".encode()),
            OK + f"Transfer-Encoding: chunked\r\n\r\n{secret}\r\n".encode(),
            OK + f"Content-Length: {secret}\r\n\r\n".encode(),
        ):
            with self.subTest(response=response):
                self.assertSilent(response)
