# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ssl
from unittest import TestCase

import requests
import urllib3

from ..lib.client import HOSTS, TrustedShopsClient
from ..lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    TrustedShopsError,
    make_code_error,
)
from ..lib.feed import FEED_URLS, FeedClient
from .fake_service import PROTECTION_NS, TS_ID, make_envelope, make_fault
from .lib_common import CannedCase

NO_HOST = urllib3.exceptions.NewConnectionError(None, "name not known")
GZIP = {"Content-Encoding": "gzip"}
TOO_LARGE = " " * 300_000


class TestLibTrouble(CannedCase):
    """What staff are told about each error, wherever it is made."""

    def assertTroubles(self, call, *rows):
        """Assert the ``trouble`` after an exception, or a status, body and headers."""
        for answer, trouble in rows:
            answer = answer if isinstance(answer, tuple) else (200, answer)
            self.status, self.answer, *headers = answer
            self.headers = headers[0] if headers else {}
            with self.subTest(answer=str(answer)[:60]):
                with self.assertRaises(TrustedShopsError) as caught:
                    call()
                self.assertEqual(caught.exception.trouble, trouble)

    def test_of_the_soap_services(self):
        client = TrustedShopsClient(HOSTS["qa"])
        self.addCleanup(client.close)
        number = f'<n:checkLoginResponse xmlns:n="{PROTECTION_NS}"><checkLogin>{{}}'
        number += "</checkLogin></n:checkLoginResponse>"
        self.assertTroubles(
            lambda: client.check_login(TS_ID, "theuser", "s3cret-Pa$$"),
            (requests.ConnectTimeout(), "unreached"),
            (requests.ConnectionError(NO_HOST), "unreached"),
            (
                requests.exceptions.SSLError(ssl.SSLCertVerificationError("wrong")),
                "unverified",
            ),
            (requests.ReadTimeout(), "unanswered"),
            (requests.ConnectionError("reset by peer"), "unanswered"),
            (requests.exceptions.ChunkedEncodingError("cut short"), "unanswered"),
            ((204, ""), "unanswered"),
            ((302, "", {"Location": "https://evil.example/"}), "unanswered"),
            ((401, "<html>"), "refused"),
            ((404, "<html>"), "refused"),
            ((429, "", {"Retry-After": "120"}), "refused"),
            ((502, "<html>"), "server_error"),
            ((503, "", {"Retry-After": "120"}), "server_error"),
            ((200, "", GZIP), "unanswered"),
            ((500, "", GZIP), "server_error"),
            (TOO_LARGE, "unanswered"),
            ((500, TOO_LARGE), "server_error"),
            ("<html>", "unanswered"),
            ((500, "<html>"), "unanswered"),
            (make_fault(), "unanswered"),
            (make_fault("the database could not be reached"), "unanswered"),
            (make_envelope(number.format(2)), "unanswered"),
            (make_envelope(number.format(-(2**40))), "unanswered"),
            (make_envelope(number.format(-11111)), "unanswered"),
        )

    def test_of_the_public_list(self):
        client = FeedClient(FEED_URLS["qa"])
        self.addCleanup(client.close)
        self.assertTroubles(
            lambda: client.get_trustmark(TS_ID),
            (requests.ConnectTimeout(), "unreached"),
            ("<html>", "unanswered"),
            ("{}", "unanswered"),
            ((403, "<html>"), "refused"),
            ((404, "<html>"), "refused"),
            ((500, "<html>"), "server_error"),
        )


class TestLibCodes(TestCase):
    def test_trouble_of_a_code_and_of_what_was_not_sent(self):
        for error, trouble in (
            (make_code_error("checkLogin", -11111), "unanswered"),
            (make_code_error("checkLogin", -10017), "unanswered"),
            (make_code_error("requestForProtectionV2", -10003), "unanswered"),
            (make_code_error("checkLogin", -10001), "not_sent"),
            (RefusedError("x"), "unanswered"),
            (MisconfiguredError("ws_user contains what cannot be sent"), "not_sent"),
            (TrustedShopsError("state 'NEW' is not known"), "unanswered"),
        ):
            with self.subTest(error=error):
                self.assertEqual(error.trouble, trouble)
