# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import zeep
from lxml import etree

from odoo.tests import BaseCase

from ..lib import soap
from ..lib.client import HOSTS, TrustedShopsClient
from .fake_service import APPLICATION_NS, PROTECTION_NS, TS_ID, make_envelope
from .test_lib_client import ITEM, ClientCase


class TestLibWsdl(BaseCase):
    """The bundled WSDL files; the sandbox's tests show that they are the published."""

    def test_a_wsdl_is_parsed_once_and_without_a_request(self):
        soap.get_client.cache_clear()
        with patch("requests.Session.send", side_effect=AssertionError):
            for service, (_name, binding, _path) in soap.SERVICES.items():
                client = soap.get_client(service)
                self.assertIs(soap.get_client(service), client)
                self.assertIn(binding, client.wsdl.bindings)


class TestLibAnswers(ClientCase):
    """Whatever comes back, the client says what it knows, and no more."""

    FAULT = "Trusted Shops answered with a SOAP fault, "

    def assertUnreadable(self, answer, status=200):
        self.answer, self.status = answer, status
        with self.subTest(answer=answer[:200], status=status):
            self.assertRetryable(self.call, f"{self.unreadable} (HTTP status {status})")

    def test_a_fault_is_retryable(self):
        for status, content, words in (
            (200, "", "no code: no text"),
            (500, "<faultcode>s:Server</faultcode>", "Server: no text"),
            (
                500,
                "<faultcode>s:Server</faultcode><faultstring>Down</faultstring>",
                "Server: Down",
            ),
        ):
            self.status = status
            self.answer = make_envelope(f"<s:Fault>{content}</s:Fault>")
            self.assertRetryable(self.call, self.FAULT + words)

    def test_an_answer_with_an_error_status_is_no_answer(self):
        self.status = 500
        self.answer_number(1)
        self.assertRetryable(self.call, f"{self.FAULT}no code: Unknown fault occured")

    def test_what_is_no_envelope_makes_no_sense(self):
        empty = make_envelope("")
        for answer in (
            *("", "Service Unavailable", "<a>"),
            "<html><body><p>Bad gateway<br></body></html>",
            "<html><body><p>Bad gateway</p></body></html>",
            empty.replace("soap/envelope", "soap12/envelope"),
            empty,
            make_envelope("<checkLoginResponse/>").replace("s:Body", "s:Header"),
            make_envelope("<a>" * 10000 + "</a>" * 10000),
        ):
            for status in (200, 500):
                self.assertUnreadable(answer, status)

    def test_the_answer_to_another_operation_makes_no_sense(self):
        self.answer_number(1)
        good = self.answer
        for old, new in (
            ("checkLoginResponse", "checkShopStatusResponse"),
            (PROTECTION_NS, APPLICATION_NS),
            ("checkLogin>", "shopStatus>"),
            ("<checkLogin>", "<checkLogin>1</checkLogin><checkLogin>"),
            ("</s:Body>", "<other/></s:Body>"),
            ("<s:Body>", "<s:Body><?pi data?>"),
        ):
            self.assertUnreadable(good.replace(old, new))

    def test_what_says_nothing_else_is_tolerated(self):
        self.answer_number(1)
        good = self.answer
        for old, new in (
            ("checkLogin>", "n:checkLogin>"),
            ("<s:Body>", "<s:Header><id>1</id></s:Header><s:Body>"),
        ):
            self.answer = good.replace(old, new)
            self.assertIsNone(self.call())
        for kind in ("text/plain", "multipart/related; boundary=a", "x"):
            self.headers["Content-Type"] = kind
            self.assertIsNone(self.call())

    def test_entities_and_external_documents_are_refused(self):
        bomb = '<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {name} "{f"&{old};" * 10}">'
            for old, name in zip("abcdefgh", "bcdefghi", strict=True)
        )
        for doctype, number in (
            (f"<!DOCTYPE x [{bomb}]>", "&i;"),
            ('<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>', "&i;"),
            ('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">', "1"),
            ("<!DOCTYPE x>", "1"),
        ):
            self.answer_number(number)
            self.assertUnreadable(doctype + self.answer)
        self.assertEqual(len(self.sent), 4)
        self.answer_with('<checkLogin href="#a">1</checkLogin>')
        self.assertUnreadable(self.answer)

    def test_a_failure_of_zeep_after_sending_is_an_unreadable_answer(self):
        for error in (
            zeep.exceptions.XMLParseError("s3cret"),
            zeep.exceptions.TransportError("s3cret", content=b"s3cret"),
            zeep.exceptions.ValidationError("s3cret"),
            etree.XPathEvalError("s3cret"),
            *(ArithmeticError("s3cret"), AttributeError("s3cret")),
            *(IndexError("s3cret"), TypeError("s3cret"), ValueError("s3cret")),
        ):
            reply = "zeep.wsdl.bindings.soap.SoapBinding.process_reply"
            with self.subTest(error=error), patch(reply, side_effect=error):
                self.assertUnreadable("x")

    def test_a_bug_before_sending_rises_as_it_is(self):
        self.answer_number(1)
        self.call()  # that it was sent must not count for the next one
        self.sent.clear()
        with self.assertRaises(TypeError):
            self.client._call("protection", "checkLogin", wrong=1)
        with self.assertRaises(zeep.exceptions.ValidationError):
            self.client._call("protection", "checkCertificate", tsId=None)
        self.assertEqual(self.sent, [])

    def test_threads_can_use_the_shared_wsdl_at_the_same_time(self):
        self.answer = make_envelope(
            f'<n:getProtectionItemsResponse xmlns:n="{PROTECTION_NS}">'
            f"<getProtectionItems>{ITEM * 20}</getProtectionItems>"
            "</n:getProtectionItemsResponse>"
        )

        def get(_number):
            with TrustedShopsClient(HOSTS["qa"]) as client:
                return client.get_protection_items(TS_ID)

        soap.get_client.cache_clear()
        with ThreadPoolExecutor(4) as pool:
            answers = set(pool.map(get, range(40)))
        self.assertEqual(len(answers), 1)


class TestLibMask(BaseCase):
    """A server that repeats what we sent does not get it into a message."""

    def test_words_that_repeat_a_secret_or_an_address_go(self):
        secrets = ["theuser", "s3cret-Pa$$ word", "jan.kowalski@shop.example", ""]
        secrets += ["xy", "QWERTZ", "poiuyt"]
        for text, expected in (
            ("Server: java.lang.NullPointerException: null",) * 2,
            ("login theuser/s3cret-Pa$$ failed", "login *** failed"),
            ("login 'THEUSER' failed", "login *** failed"),
            ("bad s3cret-Pa$$ word !", "bad *** *** !"),
            ("cut s3cr...", "cut ***"),
            ("to=jan.kowalski%40shop", "***"),
            ("<JAN.KOWALSKI@SHOP.EXAMPLE>", "***"),
            ("known: ola@w.pl, ola%40w.pl !", "known: *** *** !"),
            ("line\none\x00\x1b[31m\u2028two", "line one[31m two"),
            ("b" * 1000, "b" * 200),
            ("qwertz POIUYT is (xy) !", "*** *** is *** !"),
        ):
            with self.subTest(text=text):
                self.assertEqual(soap.mask(text, secrets), expected)
