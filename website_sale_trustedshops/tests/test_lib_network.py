# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import datetime
import ipaddress
import logging
import os
import socket
import ssl
import tempfile
import threading
import time
import traceback
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from xml.sax.saxutils import escape

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
from requests.adapters import HTTPAdapter

from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.lib import connection as wire
from odoo.addons.website_sale_trustedshops.lib import transport
from odoo.addons.website_sale_trustedshops.lib.client import (
    Endpoints,
    TrustedShopsClient,
)
from odoo.addons.website_sale_trustedshops.lib.exceptions import RetryableError

from .test_lib_client import (
    ADMIN,
    APPLICATION,
    ENVELOPE,
    REQUEST,
    TS_ID,
    make_answer,
    make_fault,
)

OK = b"HTTP/1.1 200 OK\r\n"
VALID_LOGIN = make_answer(ADMIN, "checkLogin", "<checkLogin>1</checkLogin>").encode()
# Seconds between two bytes of a dripping server: far below every read timeout.
DRIP = 0.05


def make_response(body, head=OK):
    return head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


class Server:
    """TCP server on this machine that runs a function for each connection.

    :param handle: called with the socket, in a thread of its own
    :type handle: callable
    """

    def __init__(self, handle):
        self.connections = 0
        self._handle = handle
        self._sockets = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            self.connections += 1
            self._sockets.append(connection)
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        try:
            with contextlib.suppress(OSError):  # the client has gone, as it should
                self._handle(connection)
        finally:
            connection.close()

    def close(self):
        # Waking the thread in accept() needs more than closing its socket.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._sockets:
            connection.close()


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


def drip(connection, piece):
    """Send a piece now and then for ever, that is until the client has gone."""
    while True:
        connection.sendall(piece)
        time.sleep(DRIP)


class NetworkCase(BaseCase):
    def serve(self, handle):
        server = Server(handle)
        self.addCleanup(server.close)
        return server

    def answer(self, response):
        """Serve one response, made by a function when it is one, to each request."""

        def handle(connection):
            while request := read_request(connection):
                made = response(request) if callable(response) else response
                connection.sendall(made)

        return self.serve(handle)

    def make_client(self, server, scheme="http", **timeouts):
        url = f"{scheme}://127.0.0.1:{server.port}"
        client = TrustedShopsClient(Endpoints.from_base_url(url), **timeouts)
        self.addCleanup(client.close)
        return client

    def check(self, client):
        return client.check_login(TS_ID, REQUEST.ws_user, REQUEST.ws_password)

    def assertRetryable(self, client, message, maybe_sent):
        with self.assertRaises(RetryableError) as caught:
            self.check(client)
        self.assertEqual(
            (str(caught.exception), caught.exception.maybe_sent), (message, maybe_sent)
        )


class TestLibDeadline(NetworkCase):
    """A call ends at its deadline, whatever the server does.

    Odoo raises timeouts below ten seconds to ten in tests, so a call that ends earlier
    was ended by the deadline.
    """

    def assertEndsInTime(self, handle, error, scheme="http", maybe_sent=True):
        server = self.serve(handle)
        client = self.make_client(server, scheme, total_timeout=0.4)
        started = time.monotonic()
        what = "gave no complete answer" if maybe_sent else "could not be reached"
        self.assertRetryable(client, f"Trusted Shops {what} ({error})", maybe_sent)
        self.assertLess(time.monotonic() - started, 5)

    def assertDripEnds(self, start, piece, error):
        def handle(connection):
            read_request(connection)
            connection.sendall(start)
            drip(connection, piece)

        self.assertEndsInTime(handle, error)

    def test_a_server_that_drips_a_header_is_left(self):
        self.assertDripEnds(OK + b"X: ", b"a", "ReadTimeout")

    def test_a_server_that_drips_headers_is_left(self):
        self.assertDripEnds(OK, b"a:b\r\n", "ReadTimeout")

    def test_a_server_that_drips_interim_answers_is_left(self):
        self.assertDripEnds(b"", b"HTTP/1.1 100 Continue\r\n\r\n", "ReadTimeout")

    def test_a_server_that_drips_a_body_is_left(self):
        self.assertDripEnds(OK + b"\r\n", b"a", "ConnectionError")

    def test_a_server_that_drips_chunks_is_left(self):
        start = OK + b"Transfer-Encoding: chunked\r\n\r\n"
        self.assertDripEnds(start, b"1\r\na\r\n", "ConnectionError")

    def test_a_server_that_drips_an_error_page_is_left(self):
        self.assertDripEnds(b"HTTP/1.1 500 No\r\n\r\n", b"a", "ConnectionError")

    def test_a_server_that_never_answers_is_left(self):
        def handle(connection):
            read_request(connection)
            connection.recv(1)

        self.assertEndsInTime(handle, "ReadTimeout")

    def test_a_server_that_stops_in_its_answer_is_left(self):
        def handle(connection):
            read_request(connection)
            connection.sendall(OK)
            connection.recv(1)

        self.assertEndsInTime(handle, "ReadTimeout")

    def test_a_server_that_drips_an_encrypted_answer_is_left(self):
        context = make_tls(self)

        def handle(connection):
            with context.wrap_socket(connection, server_side=True) as tls:
                read_request(tls)
                tls.sendall(OK)
                drip(tls, b"a:b\r\n")

        with trust(self.certificate):
            self.assertEndsInTime(handle, "ReadTimeout", "https")

    def test_a_server_that_drips_a_tls_handshake_is_left(self):
        def handle(connection):
            connection.recv(65536)
            connection.sendall(b"\x16\x03\x03\x40\x00")
            drip(connection, b"a")

        self.assertEndsInTime(handle, "ReadTimeout", "https", maybe_sent=False)

    def test_the_body_of_a_redirect_is_not_waited_for(self):
        def handle(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n")
            drip(connection, b"a")

        self.assertRetryable(
            self.make_client(self.serve(handle)),
            "Trusted Shops answered with HTTP status 302, a redirect, which is not "
            "followed",
            True,
        )

    def test_a_slow_answer_within_the_deadline_is_taken(self):
        def handle(connection):
            read_request(connection)
            response = make_response(VALID_LOGIN)
            for start in range(0, len(response), 20):
                connection.sendall(response[start : start + 20])
                time.sleep(0.005)

        self.assertIsNone(self.check(self.make_client(self.serve(handle))))

    def test_a_read_gets_no_more_time_than_is_left(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        ours.settimeout(30)
        reader = wire._DeadlineReader(
            ours.makefile("rb").detach(), ours, wire.Call(0.2)
        )
        self.addCleanup(reader.close)
        started = time.monotonic()
        with self.assertRaises(TimeoutError):
            reader.readinto(bytearray(1))
        self.assertLess(time.monotonic() - started, 5)

    def test_a_read_gets_no_more_time_than_the_read_timeout(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        ours.settimeout(0.2)
        reader = wire._DeadlineReader(ours.makefile("rb").detach(), ours, wire.Call(30))
        self.addCleanup(reader.close)
        started = time.monotonic()
        with self.assertRaises(TimeoutError):
            reader.readinto(bytearray(1))
        self.assertLess(time.monotonic() - started, 5)

    def test_each_call_has_a_deadline_of_its_own(self):
        client = self.make_client(
            self.answer(make_response(VALID_LOGIN)), total_timeout=5
        )
        self.check(client)
        with patch.object(wire.time, "monotonic", lambda: later):
            later = time.time() + 10**9
            self.check(client)

    def test_without_time_left_nothing_is_sent(self):
        server = self.answer(make_response(VALID_LOGIN))
        self.assertRetryable(
            self.make_client(server, total_timeout=0),
            "Trusted Shops could not be reached (TimeoutError)",
            False,
        )
        self.assertEqual(server.connections, 0)

    def test_connecting_and_reading_have_timeouts_of_their_own(self):
        server = self.answer(make_response(VALID_LOGIN))
        for timeouts, expected in (
            ({}, (5, 30)),
            ({"connect_timeout": 7, "read_timeout": 20}, (7, 20)),
        ):
            client = self.make_client(server, **timeouts)
            send = HTTPAdapter.send
            with patch.object(
                HTTPAdapter, "send", autospec=True, side_effect=send
            ) as s:
                self.check(client)
            self.assertEqual(s.call_args.kwargs["timeout"], expected)

    def test_no_timeout_is_longer_than_the_deadline(self):
        client = self.make_client(
            self.answer(make_response(VALID_LOGIN)), total_timeout=3
        )
        send = HTTPAdapter.send
        with patch.object(HTTPAdapter, "send", autospec=True, side_effect=send) as s:
            self.check(client)
        connect, read = s.call_args.kwargs["timeout"]
        self.assertTrue(0 < connect <= 3, connect)
        self.assertTrue(0 < read <= 3, read)


class TestLibConnection(NetworkCase):
    """What happened on the wire decides whether a request may have arrived."""

    def test_a_refused_connection_has_sent_nothing(self):
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        listener.close()
        client = TrustedShopsClient(Endpoints.from_base_url(f"http://127.0.0.1:{port}"))
        self.addCleanup(client.close)
        self.assertRetryable(
            client,
            "Trusted Shops could not be reached (ConnectionError)",
            False,
        )

    def test_an_unknown_host_has_been_sent_nothing(self):
        client = TrustedShopsClient(Endpoints.from_base_url("http://localhost:1"))
        self.addCleanup(client.close)
        with patch.object(socket, "getaddrinfo", side_effect=socket.gaierror):
            self.assertRetryable(
                client, "Trusted Shops could not be reached (ConnectionError)", False
            )

    def test_a_connection_that_is_not_accepted_in_time_has_sent_nothing(self):
        client = TrustedShopsClient(Endpoints.from_base_url("http://localhost:1"))
        self.addCleanup(client.close)
        with patch.object(socket.socket, "connect", side_effect=TimeoutError):
            self.assertRetryable(
                client, "Trusted Shops could not be reached (ConnectTimeout)", False
            )

    def test_a_connection_that_breaks_after_the_request_may_have_sent_it(self):
        self.assertRetryable(
            self.make_client(self.serve(read_request)),
            "Trusted Shops gave no complete answer (ConnectionError)",
            True,
        )

    def test_an_answer_that_breaks_off_may_belong_to_an_accepted_request(self):
        def handle(connection):
            read_request(connection)
            head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
            connection.sendall(head + b"ff\r\n" + VALID_LOGIN[:99])

        self.assertRetryable(
            self.make_client(self.serve(handle)),
            "Trusted Shops gave no complete answer (ChunkedEncodingError)",
            True,
        )

    def test_half_an_answer_may_belong_to_an_accepted_request(self):
        def handle(connection):
            read_request(connection)
            connection.sendall(make_response(VALID_LOGIN)[:-20])

        with self.assertRaises(RetryableError) as caught:
            self.check(self.make_client(self.serve(handle)))
        # Old versions of urllib3 do not miss the rest: then the half makes no sense.
        self.assertIs(caught.exception.maybe_sent, True)

    def test_what_is_no_http_may_have_taken_the_request(self):
        self.assertRetryable(
            self.make_client(self.serve(lambda c: c.sendall(b"SSH-2.0\r\n" * 9))),
            "Trusted Shops gave no complete answer (ConnectionError)",
            True,
        )

    def test_an_encrypted_connection_that_breaks_may_have_sent_the_request(self):
        context = make_tls(self)

        def handle(connection):
            with context.wrap_socket(connection, server_side=True) as tls:
                read_request(tls)

        with trust(self.certificate):
            self.assertRetryable(
                self.make_client(self.serve(handle), "https"),
                "Trusted Shops gave no complete answer (ConnectionError)",
                True,
            )

    def test_an_unverified_certificate_gets_no_request(self):
        received = []
        context = make_tls(self)

        def handle(connection):
            with context.wrap_socket(connection, server_side=True) as tls:
                received.append(tls.recv(65536))

        self.assertRetryable(
            self.make_client(self.serve(handle), "https"),
            "The certificate of the Trusted Shops service could not be verified "
            "(SSLError)",
            False,
        )
        self.assertEqual(received, [])

    def test_a_verified_certificate_gets_the_request(self):
        context = make_tls(self)

        def handle(connection):
            with context.wrap_socket(connection, server_side=True) as tls:
                read_request(tls)
                tls.sendall(make_response(VALID_LOGIN))

        with trust(self.certificate):
            client = self.make_client(self.serve(handle), "https")
            self.assertIsNone(self.check(client))

    def test_the_connection_of_an_unread_answer_is_closed_at_once(self):
        gone = threading.Event()

        def handle(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n")
            if connection.recv(1) == b"":
                gone.set()

        client = self.make_client(self.serve(handle))
        try:
            self.check(client)
        except RetryableError as exc:
            # It keeps the answer alive, so that nothing but closing closes it.
            self.assertTrue(exc.__traceback__ and gone.wait(5))
        else:
            self.fail("the call succeeded")

    def test_an_answer_that_is_too_large_is_not_read_on(self):
        def handle(connection):
            read_request(connection)
            connection.sendall(OK + b"\r\n")
            while True:
                connection.sendall(b" " * 65536)

        self.assertRetryable(
            self.make_client(self.serve(handle)),
            "Trusted Shops sent an answer that is too large",
            True,
        )

    def test_an_answer_may_have_a_quarter_of_a_mebibyte(self):
        self.assertEqual(transport.MAX_ANSWER_SIZE, 256 * 1024)
        filling = b" " * (256 * 1024 - len(VALID_LOGIN))
        client = self.make_client(self.answer(make_response(VALID_LOGIN + filling)))
        self.assertIsNone(self.check(client))
        filling += b" "
        client = self.make_client(self.answer(make_response(VALID_LOGIN + filling)))
        self.assertRetryable(
            client, "Trusted Shops sent an answer that is too large", True
        )

    def test_calls_share_one_connection_until_the_client_is_closed(self):
        server = self.answer(make_response(VALID_LOGIN))
        with self.make_client(server) as client:
            for _number in range(3):
                self.check(client)
            self.assertEqual(server.connections, 1)
        self.check(client)
        self.assertEqual(server.connections, 2)

    def test_a_redirect_gets_no_second_request(self):
        other = self.answer(make_response(VALID_LOGIN))
        head = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{other.port}/\r\n"
        client = self.make_client(self.answer(make_response(b"", head.encode())))
        self.assertRetryable(
            client,
            "Trusted Shops answered with HTTP status 307, a redirect, which is not "
            "followed",
            True,
        )
        self.assertEqual(other.connections, 0)

    def test_cookies_are_not_kept(self):
        requested = []

        def respond(request):
            requested.append(request)
            return make_response(VALID_LOGIN, OK + b"Set-Cookie: a=b; Path=/\r\n")

        client = self.make_client(self.answer(respond))
        self.check(client)
        self.check(client)
        self.assertEqual(len(requested), 2)
        self.assertNotIn(b"cookie:", requested[1].lower())

    def test_a_proxy_of_the_system_is_used_under_the_same_deadline(self):
        def handle(connection):
            read_request(connection)
            drip(connection, OK + b"X: a")

        proxy = self.serve(handle)
        client = self.make_client(self.answer(b""), total_timeout=0.4)
        client._transport.session.trust_env = False
        client._transport.session.proxies["http"] = f"http://127.0.0.1:{proxy.port}"
        self.assertRetryable(
            client, "Trusted Shops gave no complete answer (ReadTimeout)", True
        )
        self.assertEqual(proxy.connections, 1)


def make_tls(case):
    """Return the context of a TLS server, its certificate in ``case.certificate``."""
    folder = tempfile.TemporaryDirectory()
    case.addCleanup(folder.cleanup)
    case.certificate = Path(folder.name) / "server.pem"
    case.certificate.write_bytes(make_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(case.certificate)
    return context


def trust(certificate):
    """Make requests trust a certificate, for a while."""
    return patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(certificate))


def make_certificate():
    """Return key and certificate of 127.0.0.1, signed by itself, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def get_text(request):
    """Return all values of a request."""
    envelope = etree.fromstring(request.partition(b"\r\n\r\n")[2])
    return escape(" ".join(envelope.itertext()))


@contextmanager
def everything_logged(but=()):
    """Collect the records of every logger at every level.

    :param but: names of loggers of which DEBUG is left out
    """
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    names = [None, *logging.root.manager.loggerDict]
    names += ["odoo", "requests", "urllib3", "zeep"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    try:
        for logger in loggers:
            quiet = logger.name in but
            logger.setLevel(logging.INFO if quiet else logging.DEBUG)
            logger.propagate = True
        logging.root.addHandler(handler)
        yield records
    finally:
        logging.root.removeHandler(handler)
        for logger, level, propagate in before:
            logger.setLevel(level)
            logger.propagate = propagate


class TestLibSecrets(NetworkCase):
    """No log at any level shows what a request or an answer contains."""

    SECRETS = ("s3cret", "theuser", "kowalski", "cust-4711", "Envelope")

    def assertSilent(self, response):
        """Assert that a call logs nothing of the envelopes, whatever comes back."""
        client = self.make_client(self.answer(response), total_timeout=0.4)
        text = []
        with everything_logged() as records:
            for call in (
                lambda: client.request_protection(REQUEST),
                lambda: self.check(client),
            ):
                try:
                    call()
                except RetryableError as exc:
                    text += [repr(exc), *traceback.format_exception(exc)]
        formatter = logging.Formatter("%(name)s %(message)s")
        text += [formatter.format(record) for record in records]
        text = "\n".join(text)
        self.assertIn("Trusted Shops requestForProtectionV2: ", text)
        for secret in self.SECRETS:
            self.assertNotIn(secret, text)

    def test_a_call_logs_no_envelope(self):
        self.assertSilent(make_response(VALID_LOGIN))
        number = "<requestForProtectionV2>1</requestForProtectionV2>"
        answer = make_answer(APPLICATION, "requestForProtectionV2", number)
        self.assertSilent(make_response(answer.encode()))

    def test_a_server_that_repeats_the_request_gets_it_into_no_log(self):
        secret = "s3cret-Pa$$ theuser jan.kowalski@shop.example"
        number = f"<checkLogin>{secret}</checkLogin>"
        fault = make_fault(text=secret).encode()
        typed = (
            '<checkLogin xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
            'xmlns:q="urn:s3cret" i:type="q:theuser">1</checkLogin>'
        )
        for response in (
            lambda request: make_response(request.partition(b"\r\n\r\n")[2]),
            lambda request: make_response(make_fault(text=get_text(request)).encode()),
            make_response(make_answer(ADMIN, "checkLogin", number).encode()),
            make_response(make_answer(ADMIN, "checkLogin", typed).encode()),
            make_response(fault),
            make_response(fault, b"HTTP/1.1 500 No\r\n"),
            make_response(secret.encode()),
            make_response(ENVELOPE.format(f"<a>{secret}</a>").encode()),
            make_response(b"", f"HTTP/1.1 503 {secret}\r\n".encode()),
            make_response(
                b"", f"HTTP/1.1 302 {secret}\r\nLocation: /{secret}\r\n".encode()
            ),
            make_response(VALID_LOGIN, OK + f"{secret}\r\n".encode()),
            make_response(VALID_LOGIN, OK + f"X: {secret}\r\n".encode()),
            make_response(VALID_LOGIN, f"HTTP/1.1 {secret}\r\n".encode()),
            make_response(VALID_LOGIN, f"{secret}\r\n".encode()),
            make_response(VALID_LOGIN, OK + f"Content-Encoding: {secret}\r\n".encode()),
            OK + f"Transfer-Encoding: chunked\r\n\r\n{secret}\r\n".encode(),
            OK + f"Content-Length: {secret}\r\n\r\n".encode(),
        ):
            with self.subTest(response=response):
                self.assertSilent(response)

    def test_the_loggers_of_libraries_work_for_others(self):
        silenced = logging.getLogger("zeep.xsd.types.simple")
        call = wire.Call(60)
        with everything_logged() as records:
            silenced.debug("before")
            with wire.running(call):
                silenced.error("meanwhile")
                other = threading.Thread(target=silenced.debug, args=("elsewhere",))
                other.start()
                other.join()
            silenced.debug("after")
        self.assertEqual(
            [record.getMessage() for record in records if record.name == silenced.name],
            ["before", "elsewhere", "after"],
        )

    def test_a_failed_call_silences_nobody_for_good(self):
        with self.assertRaises(KeyError), wire.running(wire.Call(60)):
            raise KeyError
        with everything_logged() as records:
            logging.getLogger("zeep.xsd.types.simple").debug("after")
        self.assertEqual([record.getMessage() for record in records], ["after"])

    def test_odoo_can_replace_the_way_requests_are_sent(self):
        seen = []

        def send(session, request, **kwargs):
            seen.append((type(session).__mro__[1], request.method, kwargs["timeout"]))
            raise requests.ConnectionError

        with patch.object(requests.Session, "send", send):
            self.assertRetryable(
                self.make_client(self.answer(b"")),
                "Trusted Shops gave no complete answer (ConnectionError)",
                True,
            )
        self.assertEqual(seen, [(requests.Session, "POST", 30)])
