# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import gzip
import json
import logging
import socket
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import requests
from freezegun import freeze_time

from odoo.addons.website_sale_trustedshops.lib.exceptions import RetryableError
from odoo.addons.website_sale_trustedshops.lib.feed import FEED_URLS
from odoo.addons.website_sale_trustedshops.lib.trustmark import (
    Trustmark,
    TrustmarkClient,
)

from .test_lib_client import TS_ID, CannedCase
from .test_lib_network import OK, NetworkCase, drip, make_response, read_request

SHOP = {
    "tsId": TS_ID,
    "name": "Lampenladen Müller",
    "url": "shop.example/de",
    "languageISO2": "de",
    "targetMarketISO3": "DEU",
    "trustMark": {
        "status": "VALID",
        "validFrom": "2019-03-01T00:00:00+01:00",
        "validTo": "2027-02-28T23:59:59+01:00",
    },
    "guarantee": {
        "mainProtectionCurrency": "EUR",
        "maxProtectionAmount": "2,500",
        "maxProtectionDuration": "30",
    },
}
TRUSTMARK = Trustmark(
    ts_id=TS_ID,
    name="Lampenladen Müller",
    url="shop.example/de",
    language="de",
    status="VALID",
    valid_from=date(2019, 3, 1),
    valid_to=date(2027, 2, 28),
    protection_currency="EUR",
    max_protection_amount=Decimal("2500"),
    max_protection_days=30,
)
NO_SUCH_KEY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>'
    "<Message>The specified key does not exist.</Message><Key>empty.json</Key>"
    "<RequestId>4442587FB7D0A2F9</RequestId></Error>"
)
UNREADABLE = "The answer of Trusted Shops to getTrustmark makes no sense"
INCOMPLETE = "Trusted Shops gave no complete answer"


def make_document(shop):
    """Return a document of the list."""
    return {
        "response": {
            "code": 200,
            "status": "SUCCESS",
            "message": "SUCCESS",
            "data": {"shop": shop},
            "responseInfo": {"apiVersion": "2.4.28"},
        }
    }


DOCUMENT = json.dumps(make_document(SHOP)).encode()


class TestLibTrustmark(CannedCase):
    """What the public list says, and that nothing else is ever taken for it."""

    def setUp(self):
        super().setUp()
        self.client = TrustmarkClient(FEED_URLS["qa"])
        self.addCleanup(self.client.close)
        self.answer_shop()

    def answer_shop(self, **changes):
        self.answer = json.dumps(make_document({**SHOP, **changes}))

    def answer_mark(self, **changes):
        self.answer_shop(trustMark={**SHOP["trustMark"], **changes})

    def answer_guarantee(self, **changes):
        self.answer_shop(guarantee={**SHOP["guarantee"], **changes})

    def get(self):
        return self.client.get_trustmark(TS_ID)

    # === THE REQUEST === #

    def test_the_document_of_the_id_is_asked_for(self):
        self.client.get_trustmark(f" {TS_ID.lower()}\n")
        ((request, kwargs),) = self.sent
        self.assertEqual(
            (request.method, request.url, request.body),
            (
                "GET",
                f"https://cdn1.api-qa.trustedshops.com/shops/{TS_ID}"
                "/mobiles/v1/sdks/ios/trustmarks.json",
                None,
            ),
        )
        self.assertEqual(
            (kwargs["timeout"], kwargs["stream"], kwargs["allow_redirects"]),
            (30, True, False),
        )
        self.assertEqual(request.headers["Accept-Encoding"], "identity")

    def test_production_and_qa_have_hosts_of_their_own(self):
        self.assertEqual(
            FEED_URLS,
            {
                "production": "https://cdn1.api.trustedshops.com",
                "qa": "https://cdn1.api-qa.trustedshops.com",
            },
        )

    def test_a_sandbox_has_an_address_of_its_own(self):
        with TrustmarkClient(" http://127.0.0.1:8099/ ") as client:
            client.get_trustmark(TS_ID)
        ((request, _kwargs),) = self.sent
        self.assertTrue(request.url.startswith("http://127.0.0.1:8099/shops/X"))

    def test_an_address_of_another_kind_is_refused(self):
        for address in ("file:///etc/passwd", "ftp://a.example", "a.example", "", None):
            with self.assertRaisesRegex(
                ValueError, "^The address must start with http"
            ):
                TrustmarkClient(address)

    def test_what_is_no_id_is_not_sent(self):
        for ts_id, error in (
            (f"../{TS_ID}", ValueError),
            (f"{TS_ID}/a", ValueError),
            ("", ValueError),
            (None, ValueError),
            (5, TypeError),
        ):
            with self.subTest(ts_id=ts_id), self.assertRaises(error):
                self.client.get_trustmark(ts_id)
        self.assertEqual(self.sent, [])

    # === WHAT IS SAID === #

    def test_everything_that_is_said_is_returned(self):
        self.assertEqual(self.get(), TRUSTMARK)
        with freeze_time("2026-01-01"):
            self.assertEqual(self.get(), TRUSTMARK)

    def test_a_document_with_a_mark_only_is_enough(self):
        self.answer = json.dumps(
            make_document({"tsId": TS_ID, "trustMark": {"status": "VALID"}})
        )
        self.assertEqual(
            self.get(),
            Trustmark(TS_ID, "", "", "", "VALID", None, None, "", None, None),
        )

    def test_codes_come_in_one_spelling(self):
        self.answer_shop(
            tsId=TS_ID.lower(),
            languageISO2=" DE ",
            trustMark={**SHOP["trustMark"], "status": " valid "},
            guarantee={**SHOP["guarantee"], "mainProtectionCurrency": "eur"},
        )
        self.assertEqual(self.get(), TRUSTMARK)

    def test_only_one_status_is_valid(self):
        for status, expected in (("VALID", True), ("INVALID", False), ("x", False)):
            self.answer_mark(status=status)
            self.assertIs(self.get().is_valid, expected)

    def test_a_day_is_the_one_that_is_written(self):
        for text, expected in (
            ("2026-12-31T00:00:00+14:00", date(2026, 12, 31)),
            ("2026-12-31T23:59:59.999-12:00", date(2026, 12, 31)),
            ("2026-12-31T23:59:59Z", date(2026, 12, 31)),
            ("2026-12-31", date(2026, 12, 31)),
            ("2026-02-30", None),
            ("31.12.2026", None),
            ("99999-12-31", None),
            ("9" * 5000, None),
            ("", None),
            (None, None),
            (20261231000000, None),
            (["2026-12-31"], None),
        ):
            with self.subTest(text=text):
                self.answer_mark(validFrom=text, validTo=text)
                answer = self.get()
                self.assertEqual(
                    (answer.valid_from, answer.valid_to), (expected, expected)
                )

    def test_an_amount_may_be_written_in_several_ways(self):
        for text, expected in (
            ("2,500", Decimal("2500")),
            ("2500", Decimal("2500")),
            ("2,500.00", Decimal("2500")),
            ("1,234,567.8", Decimal("1234567.8")),
            ("0", Decimal("0")),
            (2500, Decimal("2500")),
            (2500.5, Decimal("2500.5")),
        ):
            with self.subTest(text=text):
                self.answer_guarantee(maxProtectionAmount=text)
                self.assertEqual(self.get().max_protection_amount, expected)

    def test_an_amount_that_makes_no_sense_is_none(self):
        for text in (
            *("", "-1", "1e5", "2.500", "25,00", "NaN", "Infinity", "٢٥٠٠", "2500 €"),
            *(
                "1,234,567,890",
                "9" * 12,
                "9" * 5000,
                10**400,
                1e300,
                float("nan"),
                float("inf"),
            ),
            *(True, None, ["2500"], {"value": "2500"}),
        ):
            with self.subTest(text=text):
                self.answer_guarantee(maxProtectionAmount=text)
                answer = self.get()
                self.assertIsNone(answer.max_protection_amount)
                self.assertIs(answer.has_guarantee, False)

    def test_a_number_of_any_size_is_read(self):
        self.answer = json.dumps(make_document(SHOP)).replace('"30"', "9" * 5000)
        self.assertEqual(self.get(), replace(TRUSTMARK, max_protection_days=None))

    def test_a_duration_is_a_number_of_days(self):
        for text, expected in (
            *(("30", 30), (30, 30), ("0", 0), ("9999", 9999)),
            *(
                ("10000", None),
                ("-1", None),
                ("30 days", None),
                (1.5, None),
                ("", None),
            ),
        ):
            with self.subTest(text=text):
                self.answer_guarantee(maxProtectionDuration=text)
                self.assertEqual(self.get().max_protection_days, expected)

    def test_a_guarantee_has_an_amount(self):
        self.assertIs(self.get().has_guarantee, True)
        self.answer_guarantee(maxProtectionAmount="0")
        self.assertIs(self.get().has_guarantee, False)
        for guarantee in (None, [], "EUR", {}):
            self.answer_shop(guarantee=guarantee)
            self.assertEqual(
                self.get(),
                replace(
                    TRUSTMARK,
                    protection_currency="",
                    max_protection_amount=None,
                    max_protection_days=None,
                ),
            )

    def test_what_is_no_code_is_left_out(self):
        for text in ("", "d", "deu", "de_DE", "<b>", "ß", 12, None, ["de"]):
            self.answer_shop(languageISO2=text)
            self.assertEqual(self.get(), replace(TRUSTMARK, language=""))
        for text in ("", "EU", "EURO", "€", "<b>", 123, None, ["EUR"]):
            self.answer_guarantee(mainProtectionCurrency=text)
            self.assertEqual(self.get(), replace(TRUSTMARK, protection_currency=""))

    def test_a_text_is_one_printable_line_of_sane_length(self):
        self.answer_shop(
            name=" a\x00b\x1b[31m\n c\u2028d\ud800\u202ee ",
            url="x" * 1000,
        )
        answer = self.get()
        self.assertEqual((answer.name, answer.url), ("ab[31m c de", "x" * 255))

    def test_markup_is_data(self):
        text = '"><script>alert(1)</script>'
        self.answer_shop(
            name=text, url=text, languageISO2=text, trustMark={"status": text}
        )
        self.assertEqual(
            self.get(),
            replace(
                TRUSTMARK,
                name='"><script>alert(1)</script>',
                url='"><script>alert(1)</script>',
                language="",
                status='"><SCRIPT>ALERT(1)</SCRIPT>',
                valid_from=None,
                valid_to=None,
            ),
        )

    # === AN UNKNOWN ID === #

    def test_a_storage_without_the_document_makes_an_id_unknown(self):
        self.answer = NO_SUCH_KEY
        for status in (200, 403, 404):
            self.status = status
            self.assertIsNone(self.get())

    def test_a_huge_error_is_no_answer_of_a_storage(self):
        attributes = " ".join(f'a{number}=""' for number in range(90_000))
        self.answer = f"<Error {attributes}><Code>NoSuchKey</Code></Error>"
        self.assertRetryable(self.get, UNREADABLE)

    def test_a_huge_error_is_no_storage_s(self):
        attributes = " ".join(f'a{number}=""' for number in range(90_000))
        self.answer = f"<Error {attributes}><Code>NoSuchKey</Code></Error>"
        self.assertRetryable(self.get, UNREADABLE)

    def test_nothing_else_makes_an_id_unknown(self):
        for answer in (
            "",
            "<Error><Code>AccessDenied</Code></Error>",
            "<Error><Message>NoSuchKey</Message></Error>",
            "<Fault><Code>NoSuchKey</Code></Fault>",
            "<Error><Code>NoSuchKey</Code>",
            "<html><body>404 Not Found<p>Code: NoSuchKey</body></html>",
            "<html><body><Error><Code>NoSuchKey</Code></Error></body></html>",
            '<!DOCTYPE Error [<!ENTITY a "NoSuchKey">]><Error><Code>&a;</Code></Error>',
            "NoSuchKey",
            "{}",
        ):
            with self.subTest(answer=answer):
                self.answer = answer
                self.status = 200
                self.assertRetryable(self.get, UNREADABLE)
                for status in (403, 404):
                    self.status = status
                    self.assertRetryable(
                        self.get, f"Trusted Shops answered with HTTP status {status}"
                    )

    def test_a_document_with_an_error_status_is_no_answer(self):
        for status in (403, 404):
            self.status = status
            self.assertRetryable(
                self.get, f"Trusted Shops answered with HTTP status {status}"
            )

    # === NO ANSWER === #

    def test_another_status_is_no_answer_whatever_its_body(self):
        for status in (201, 204, 400, 401, 410, 429, 500, 502, 503):
            for self.answer in (NO_SUCH_KEY, DOCUMENT.decode()):
                self.status = status
                self.assertRetryable(
                    self.get, f"Trusted Shops answered with HTTP status {status}"
                )

    def test_a_redirect_is_not_followed_wherever_it_points(self):
        for location in (
            "https://another.example/",
            f"https://cdn1.api-qa.trustedshops.com/shops/{TS_ID}",
            "/",
            "file:///etc/passwd",
        ):
            for status in (301, 302, 303, 307, 308):
                self.sent.clear()
                self.status = status
                self.headers["Location"] = location
                self.assertRetryable(
                    self.get,
                    f"Trusted Shops answered with HTTP status {status}, a redirect, "
                    "which is not followed",
                )
                self.assertEqual(len(self.sent), 1)

    def test_a_compressed_answer_is_not_taken(self):
        self.headers["Content-Encoding"] = "gzip"
        self.assertRetryable(
            self.get, "Trusted Shops sent a compressed answer, which is refused"
        )

    def test_what_is_no_document_makes_no_sense(self):
        for answer in (
            "<html><body><h1>We are back soon</h1></body></html>",
            "{",
            DOCUMENT.decode()[:-9],
            '{"response": "\x00"}',
            "[" * 100_000,
            '{"a":' * 100_000,
            "[" * 100_000 + "]" * 100_000,
        ):
            with self.subTest(answer=answer[:60]):
                self.answer = answer
                self.assertRetryable(self.get, UNREADABLE)

    def test_a_document_of_another_shape_makes_no_sense(self):
        for document in (
            *(None, 1, "text", [], {}, [SHOP], SHOP),
            {"response": None},
            {"response": [{"data": {"shop": SHOP}}]},
            {"response": {"code": 404, "status": "ERROR", "message": "NOT_FOUND"}},
            {"response": {"data": {}}},
            make_document(None),
            make_document([SHOP]),
            make_document({"tsId": TS_ID}),
            make_document({**SHOP, "trustMark": "VALID"}),
            make_document({**SHOP, "trustMark": {}}),
            make_document({**SHOP, "trustMark": {"status": " "}}),
            make_document({**SHOP, "trustMark": {"status": ["VALID"]}}),
        ):
            with self.subTest(document=document):
                self.answer = json.dumps(document)
                self.assertRetryable(self.get, UNREADABLE)

    def test_a_document_about_another_certificate_is_not_taken(self):
        for ts_id in (f"{TS_ID[:-1]}0", f"{TS_ID}0", "", None, [TS_ID]):
            with self.subTest(ts_id=ts_id):
                self.answer_shop(tsId=ts_id)
                self.assertRetryable(self.get, UNREADABLE)

    def test_what_prevents_an_answer_is_named_without_its_text(self):
        for error, message, maybe_sent in (
            (
                requests.ConnectTimeout("s3cret"),
                "Trusted Shops could not be reached (ConnectTimeout)",
                False,
            ),
            (requests.ReadTimeout("s3cret"), f"{INCOMPLETE} (ReadTimeout)", True),
            (
                requests.exceptions.SSLError("s3cret"),
                "The certificate of the Trusted Shops service could not be verified "
                "(SSLError)",
                False,
            ),
        ):
            with self.subTest(error=error):
                self.answer = error
                self.assertRetryable(self.get, message, maybe_sent=maybe_sent)

    def test_each_call_writes_one_line(self):
        logger = "odoo.addons.website_sale_trustedshops.lib.client"
        for self.status, outcome in (
            (200, "answered"),
            (500, "RetryableError: Trusted Shops answered with HTTP status 500"),
        ):
            with self.assertLogs(logger, logging.INFO) as logs:
                with contextlib.suppress(RetryableError):
                    self.get()
            (record,) = logs.records
            self.assertEqual(record.levelno, logging.INFO)
            pattern = rf"^Trusted Shops getTrustmark: {outcome} \(\d+ ms\)$"
            self.assertRegex(record.getMessage(), pattern)


class TestLibTrustmarkNetwork(NetworkCase):
    """A call ends in time and reads no more than it should, whatever the server."""

    def make_client(self, server, **timeouts):
        client = TrustmarkClient(f"http://127.0.0.1:{server.port}", **timeouts)
        self.addCleanup(client.close)
        return client

    def check(self, client):
        return client.get_trustmark(TS_ID)

    def assertDripEnds(self, start, piece, error):
        def handle(connection):
            read_request(connection)
            connection.sendall(start)
            drip(connection, piece)

        client = self.make_client(self.serve(handle), total_timeout=0.4)
        started = time.monotonic()
        self.assertRetryable(client, f"{INCOMPLETE} ({error})", True)
        self.assertLess(time.monotonic() - started, 5)

    def test_a_document_is_read(self):
        client = self.make_client(self.answer(make_response(DOCUMENT)))
        self.assertEqual(self.check(client), TRUSTMARK)

    def test_a_server_that_drips_headers_is_left(self):
        self.assertDripEnds(OK, b"a:b\r\n", "ReadTimeout")

    def test_a_server_that_drips_a_body_is_left(self):
        self.assertDripEnds(OK + b"\r\n", b" ", "ConnectionError")

    def test_a_server_that_drips_an_unknown_id_is_left(self):
        self.assertDripEnds(b"HTTP/1.1 404 No\r\n\r\n", b" ", "ConnectionError")

    def test_a_server_that_never_answers_is_left(self):
        def handle(connection):
            read_request(connection)
            connection.recv(1)

        client = self.make_client(self.serve(handle), total_timeout=0.4)
        self.assertRetryable(client, f"{INCOMPLETE} (ReadTimeout)", True)

    def test_each_timeout_has_its_own_meaning(self):
        server = self.answer(make_response(DOCUMENT))
        for timeouts, expected in (
            ({}, (5, 30)),
            ({"connect_timeout": 7, "read_timeout": 20}, (7, 20)),
        ):
            send = requests.adapters.HTTPAdapter.send
            with patch.object(
                requests.adapters.HTTPAdapter, "send", autospec=True, side_effect=send
            ) as spy:
                self.check(self.make_client(server, **timeouts))
            self.assertEqual(spy.call_args.kwargs["timeout"], expected)

    def test_an_endless_answer_is_not_read_on(self):
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

    def test_a_compressed_bomb_is_not_unpacked(self):
        bomb = gzip.compress(b" " * 10_000_000)
        response = make_response(bomb, OK + b"Content-Encoding: gzip\r\n")
        self.assertRetryable(
            self.make_client(self.answer(response)),
            "Trusted Shops sent a compressed answer, which is refused",
            True,
        )

    def test_a_redirect_gets_no_second_request(self):
        other = self.answer(make_response(DOCUMENT))
        for location in (f"http://127.0.0.1:{other.port}/", "file:///etc/passwd"):
            head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n".encode()
            self.assertRetryable(
                self.make_client(self.answer(make_response(b"", head))),
                "Trusted Shops answered with HTTP status 302, a redirect, which is not "
                "followed",
                True,
            )
        self.assertEqual(other.connections, 0)

    def test_half_a_document_makes_no_sense(self):
        response = OK + b"Connection: close\r\n\r\n" + DOCUMENT[:-20]

        def handle(connection):
            read_request(connection)
            connection.sendall(response)

        self.assertRetryable(self.make_client(self.serve(handle)), UNREADABLE, True)

    def test_a_refused_connection_is_no_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        client = TrustmarkClient(f"http://127.0.0.1:{port}")
        self.addCleanup(client.close)
        self.assertRetryable(
            client, "Trusted Shops could not be reached (ConnectionError)", False
        )

    def test_calls_share_one_connection_until_the_client_is_closed(self):
        server = self.answer(make_response(DOCUMENT))
        with self.make_client(server) as client:
            for _number in range(3):
                self.check(client)
            self.assertEqual(server.connections, 1)
        self.check(client)
        self.assertEqual(server.connections, 2)

    def test_cookies_are_not_kept(self):
        requested = []

        def respond(request):
            requested.append(request)
            return make_response(DOCUMENT, OK + b"Set-Cookie: a=b; Path=/\r\n")

        client = self.make_client(self.answer(respond))
        self.check(client)
        self.check(client)
        self.assertNotIn(b"cookie:", requested[1].lower())
