# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from unittest.mock import patch

import requests
import urllib3
import zeep
from freezegun import freeze_time
from lxml import etree

from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.lib import client as client_module
from odoo.addons.website_sale_trustedshops.lib import soap
from odoo.addons.website_sale_trustedshops.lib.client import (
    ENDPOINTS,
    CertificateStatus,
    ProtectionItem,
    ProtectionRequest,
    TrustedShopsClient,
)
from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
)

TS_ID = "X0123456789ABCDEF0123456789ABCDEF"
ADMIN = "http://protection.action.b2b.ts.nhp.com/"
APPLICATION = "http://tsp.ts.nhp.com/"
ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
    "<s:Body>{}</s:Body></s:Envelope>"
)
ITEM = (
    "<item><creationDate>2010-08-09T00:00:00+02:00</creationDate><id>1</id>"
    "<currency>EUR</currency><grossFee>0.98</grossFee><netFee>0.82</netFee>"
    "<protectedAmountDecimal>500.00</protectedAmountDecimal>"
    "<protectionDurationInt>30</protectionDurationInt>"
    "<tsProductID>TS080501_500_30_EUR</tsProductID></item>"
)
REQUEST = ProtectionRequest(
    ts_id=TS_ID,
    ts_product_id="TS080501_500_30_EUR",
    amount=Decimal("49.9"),
    currency="EUR",
    payment_type="PREPAYMENT",
    buyer_email="jan.kowalski@shop.example",
    shop_customer_id="cust-4711",
    shop_order_id="S00042",
    order_date=datetime(2026, 3, 29, 1, 30, 59, 999999),
    shop_system_version="Odoo 19.0",
    ws_user="theuser",
    ws_password="s3cret-Pa$$",
)


def make_answer(namespace, operation, content):
    """Return an envelope with the answer to an operation."""
    name = f"{operation}Response"
    return ENVELOPE.format(f'<n:{name} xmlns:n="{namespace}">{content}</n:{name}>')


def make_fault(code="s:Server", text="Service is down"):
    """Return an envelope with a SOAP fault."""
    return ENVELOPE.format(
        f"<s:Fault><faultcode>{code}</faultcode><faultstring>{text}</faultstring>"
        "</s:Fault>"
    )


class CannedCase(BaseCase):
    """Case with a client of which every request gets a prepared answer.

    The real zeep runs; only ``requests.Session.send`` is replaced.
    """

    def setUp(self):
        super().setUp()
        self.client = TrustedShopsClient(ENDPOINTS["qa"])
        self.addCleanup(self.client.close)
        self.sent = []
        self.answer = ""
        self.status = 200
        self.headers = {"Content-Type": "text/xml;charset=utf-8"}

        def send(session, request, **kwargs):
            self.sent.append((request, kwargs))
            if isinstance(self.answer, Exception):
                raise self.answer
            response = requests.Response()
            response.status_code = self.status
            response.headers.update(self.headers)
            response._content = self.answer.encode()
            return response

        patcher = patch.object(requests.Session, "send", send)
        patcher.start()
        self.addCleanup(patcher.stop)

    def answer_number(self, operation, number, namespace=APPLICATION):
        self.answer = make_answer(
            namespace, operation, f"<{operation}>{number}</{operation}>"
        )

    def assertSent(self, url, expected):
        """Assert that one request was sent, to an address and with these values."""
        ((request, _kwargs),) = self.sent
        self.assertEqual(request.url, url)
        self.assertEqual(request.headers["SOAPAction"], '""')
        (wrapper,) = etree.fromstring(request.body)[0]
        self.assertEqual(
            (wrapper.tag, [(part.tag, part.text) for part in wrapper]), expected
        )

    def assertRetryable(self, call, message, maybe_sent=True, code=None):
        with self.assertRaises(RetryableError) as caught:
            call()
        error = caught.exception
        self.assertEqual(
            (str(error), error.maybe_sent, error.code), (message, maybe_sent, code)
        )
        # Neither may a traceback show what zeep and requests put into their errors.
        self.assertIsNone(error.__context__)
        self.assertIsNone(error.__cause__)


class TestLibCheckCertificate(CannedCase):
    def check(self):
        return self.client.check_certificate(TS_ID)

    def answer_status(self, **fields):
        content = "".join(f"<{key}>{text}</{key}>" for key, text in fields.items())
        self.answer = make_answer(
            ADMIN,
            "checkCertificate",
            f"<certificateStatus>{content}</certificateStatus>",
        )

    def test_the_id_is_sent_to_the_administrative_service(self):
        self.answer_status(stateEnum="TEST", tsID=TS_ID)
        self.client.check_certificate(f" {TS_ID}\n")
        self.assertSent(
            "https://qa.trustedshops.com/ts/services/TsProtection",
            (f"{{{ADMIN}}}checkCertificate", [("tsId", TS_ID)]),
        )

    def test_the_status_is_returned_in_one_spelling(self):
        self.answer_status(
            certificationLanguage="DE",
            stateEnum=" production ",
            tsID=TS_ID.lower(),
            typeEnum="Excellence",
            url=" https://shop.example/de ",
        )
        self.assertEqual(
            self.check(),
            CertificateStatus(
                ts_id=TS_ID,
                state="PRODUCTION",
                type="EXCELLENCE",
                language="de",
                url="https://shop.example/de",
            ),
        )

    def test_an_unknown_id_is_an_answer(self):
        self.answer_status(stateEnum="INVALID_TS_ID", tsID=TS_ID)
        self.assertEqual(
            self.check(), CertificateStatus(TS_ID, "INVALID_TS_ID", "", "", "")
        )

    def test_an_answer_without_echo_is_taken(self):
        self.answer_status(stateEnum="TEST")
        self.assertEqual(self.check(), CertificateStatus(TS_ID, "TEST", "", "", ""))

    def test_an_id_in_lower_case_is_the_same_certificate(self):
        self.answer_status(stateEnum="TEST", tsID=TS_ID)
        status = self.client.check_certificate(TS_ID.lower())
        self.assertEqual(status.ts_id, TS_ID.lower())

    def test_an_answer_about_another_certificate_is_not_taken(self):
        self.answer_status(stateEnum="PRODUCTION", tsID=f"{TS_ID[:-1]}0")
        self.assertRetryable(
            self.check, "The answer of Trusted Shops to checkCertificate makes no sense"
        )

    def test_an_answer_without_state_never_means_invalid(self):
        for content in (
            "",
            "<certificateStatus/>",
            f"<certificateStatus><tsID>{TS_ID}</tsID></certificateStatus>",
            f"<certificateStatus><stateEnum> </stateEnum><tsID>{TS_ID}</tsID>"
            "</certificateStatus>",
        ):
            with self.subTest(content=content):
                self.answer = make_answer(ADMIN, "checkCertificate", content)
                self.assertRetryable(
                    self.check,
                    "The answer of Trusted Shops to checkCertificate makes no sense",
                )

    def test_without_an_id_nothing_is_sent(self):
        with self.assertRaisesRegex(ValueError, "^ts_id is missing$"):
            self.client.check_certificate(None)
        self.assertEqual(self.sent, [])


class TestLibCheckLogin(CannedCase):
    def check(self):
        return self.client.check_login(TS_ID, "theuser", "s3cret-Pa$$")

    def test_the_login_is_sent_to_the_administrative_service(self):
        self.answer_number("checkLogin", 1, ADMIN)
        self.client.check_login(TS_ID, " theuser ", " s3cret-Pa$$\n")
        self.assertSent(
            "https://qa.trustedshops.com/ts/services/TsProtection",
            (
                f"{{{ADMIN}}}checkLogin",
                [("tsId", TS_ID), ("wsUser", "theuser"), ("wsPassword", "s3cret-Pa$$")],
            ),
        )

    def test_a_valid_login_returns(self):
        self.answer_number("checkLogin", 1, ADMIN)
        self.assertIsNone(self.check())

    def test_a_fault_of_login_or_contract_is_a_misconfiguration(self):
        for code, symbol in (
            (-10001, "NO_VALID_SHOP"),
            (-10002, "LIMIT_CANCELLED"),
            (-10011, "NO_LIMIT"),
        ):
            with self.subTest(code=code):
                self.answer_number("checkLogin", code, ADMIN)
                with self.assertRaises(MisconfiguredError) as caught:
                    self.check()
                self.assertEqual(
                    (str(caught.exception), caught.exception.code),
                    (f"Trusted Shops answered checkLogin with {code} ({symbol})", code),
                )

    def test_a_system_error_is_retryable(self):
        self.answer_number("checkLogin", -11111, ADMIN)
        self.assertRetryable(
            self.check,
            "Trusted Shops answered checkLogin with -11111 (SYSTEM_EXCEPTION)",
            code=-11111,
        )

    def test_another_code_is_a_refusal(self):
        self.answer_number("checkLogin", -5, ADMIN)
        with self.assertRaises(RefusedError) as caught:
            self.check()
        self.assertEqual(caught.exception.code, -5)

    def test_only_one_means_valid(self):
        for number in ("0", "2", "4711", "", "true", "1.0"):
            with self.subTest(number=number):
                self.answer_number("checkLogin", number, ADMIN)
                self.assertRetryable(
                    self.check,
                    "The answer of Trusted Shops to checkLogin makes no sense",
                )

    def test_a_missing_value_is_named(self):
        for args, name in (
            ((None, "u", "p"), "ts_id"),
            ((TS_ID, None, "p"), "user"),
            ((TS_ID, "u", None), "password"),
        ):
            with self.assertRaisesRegex(ValueError, f"^{name} is missing$"):
                self.client.check_login(*args)
        self.assertEqual(self.sent, [])


class TestLibProtectionItems(CannedCase):
    MESSAGE = "The answer of Trusted Shops to getProtectionItems makes no sense"

    def get(self):
        return self.client.get_protection_items(TS_ID)

    def answer_items(self, *items):
        content = f"<getProtectionItems>{''.join(items)}</getProtectionItems>"
        self.answer = make_answer(ADMIN, "getProtectionItems", content)

    def test_the_id_is_sent_to_the_administrative_service(self):
        self.answer_items(ITEM)
        self.client.get_protection_items(f" {TS_ID} ")
        self.assertSent(
            "https://qa.trustedshops.com/ts/services/TsProtection",
            (f"{{{ADMIN}}}getProtectionItems", [("tsId", TS_ID)]),
        )

    def test_a_single_item_is_returned(self):
        self.answer_items(ITEM)
        expected = (
            ProtectionItem(
                ts_product_id="TS080501_500_30_EUR",
                currency="EUR",
                protected_amount=Decimal("500.00"),
                duration_days=30,
                net_fee=Decimal("0.82"),
                gross_fee=Decimal("0.98"),
            ),
        )
        self.assertEqual(self.get(), expected)
        # Dates in an answer do not disturb a test that stops the clock.
        with freeze_time("2026-01-01"):
            self.assertEqual(self.get(), expected)

    def test_items_are_sorted_by_currency_amount_and_fee(self):
        dear = ITEM.replace("0.98", "0.99").replace("_500_", "_401_")
        large = ITEM.replace("500.00", "1500").replace("_500_", "_1500_")
        zloty = ITEM.replace("EUR", "PLN").replace("500.00", "100")
        same = dear.replace("_401_", "_402_")
        self.answer_items(zloty, large, same, dear, ITEM)
        self.assertEqual(
            [item.ts_product_id for item in self.get()],
            [
                "TS080501_500_30_EUR",
                "TS080501_401_30_EUR",
                "TS080501_402_30_EUR",
                "TS080501_1500_30_EUR",
                "TS080501_500_30_PLN",
            ],
        )

    def test_a_currency_is_returned_in_capitals(self):
        self.answer_items(ITEM.replace(">EUR<", "> eur <"))
        self.assertEqual(self.get()[0].currency, "EUR")

    def test_items_under_another_name_are_not_taken_for_none(self):
        self.answer = make_answer(ADMIN, "getProtectionItems", f"<items>{ITEM}</items>")
        self.assertRetryable(self.get, f"{self.MESSAGE} (HTTP status 200)")

    def test_no_item_is_an_answer(self):
        self.answer_items()
        self.assertEqual(self.get(), ())
        self.answer = make_answer(ADMIN, "getProtectionItems", "")
        self.assertEqual(self.get(), ())

    def test_an_object_instead_of_a_list_is_one_item(self):
        self.answer_items(ITEM)
        (single,) = self.client._call("protection", "getProtectionItems", tsId=TS_ID)
        with patch.object(TrustedShopsClient, "_call", return_value=single):
            self.assertEqual(len(self.get()), 1)

    def test_the_same_item_twice_counts_once(self):
        self.answer_items(ITEM, ITEM.replace("<id>1</id>", "<id>2</id>"))
        self.assertEqual(len(self.get()), 1)

    def test_one_code_with_two_meanings_spoils_the_answer(self):
        self.answer_items(ITEM, ITEM.replace("0.98", "0.99"))
        self.assertRetryable(self.get, self.MESSAGE)

    def test_one_item_that_makes_no_sense_spoils_the_answer(self):
        for old, new in (
            (ITEM, "<item/>"),
            (
                "<item>",
                '<item xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
                'i:nil="true"/><item>',
            ),
            ("<tsProductID>TS080501_500_30_EUR</tsProductID>", ""),
            ("TS080501_500_30_EUR", " "),
            ("<currency>EUR</currency>", ""),
            (">EUR<", ">EURO<"),
            ("<protectedAmountDecimal>500.00</protectedAmountDecimal>", ""),
            ("500.00", "0.00"),
            ("500.00", "-500"),
            ("500.00", "NaN"),
            ("500.00", "Infinity"),
            (">30<", ">0<"),
            (">30<", "><"),
            ("<netFee>0.82</netFee>", ""),
            ("0.82", "-0.01"),
            ("0.82", "NaN"),
            ("<grossFee>0.98</grossFee>", ""),
            ("0.98", "0.81"),
            ("0.98", "sNaN"),
            ("0.98", "Infinity"),
            # Nobody pays more than he can get, and no number is without end.
            ("0.98", "500.00"),
            (">30<", ">3651<"),
            ("500.00", "1000000001.00"),
            (">EUR<", ">E R<"),
            ("TS080501_500_30_EUR", "TS&lt;b&gt;"),
            ("TS080501_500_30_EUR", "T" * 65),
        ):
            with self.subTest(old=old, new=new):
                other = ITEM.replace("_500_", "_1500_")
                self.answer_items(other, ITEM.replace(old, new))
                self.assertRetryable(self.get, self.MESSAGE)

    def test_a_free_item_and_one_without_tax_make_sense(self):
        for net, gross in (("0", "0"), ("0.98", "0.98")):
            self.answer_items(ITEM.replace("0.82", net).replace("0.98", gross))
            self.assertEqual(self.get()[0].gross_fee, Decimal(gross))

    def test_an_amount_that_is_no_number_spoils_the_answer(self):
        self.answer_items(ITEM.replace("0.98", "0,98"))
        self.assertRetryable(self.get, f"{self.MESSAGE} (HTTP status 200)")


class TestLibRequestProtection(CannedCase):
    OPERATION = "requestForProtectionV2"

    def apply(self, request=REQUEST):
        return self.client.request_protection(request)

    def test_the_twelve_values_are_sent_to_the_application_service(self):
        self.answer_number(self.OPERATION, 4711)
        self.apply()
        self.assertSent(
            "https://protection-qa.trustedshops.com"
            "/ts/protectionservices/ApplicationRequestService",
            (
                f"{{{APPLICATION}}}requestForProtectionV2",
                [
                    ("tsId", TS_ID),
                    ("tsProductId", "TS080501_500_30_EUR"),
                    ("amount", "49.90"),
                    ("currency", "EUR"),
                    ("paymentType", "PREPAYMENT"),
                    ("buyerEmail", "jan.kowalski@shop.example"),
                    ("shopCustomerID", "cust-4711"),
                    ("shopOrderID", "S00042"),
                    ("orderDate", "2026-03-29T01:30:59"),
                    ("shopSystemVersion", "Odoo 19.0"),
                    ("wsUser", "theuser"),
                    ("wsPassword", "s3cret-Pa$$"),
                ],
            ),
        )

    def test_every_positive_number_is_an_application_number(self):
        for number in (1, 4711, 2**31, 2**63 - 1):
            self.answer_number(self.OPERATION, number)
            self.assertEqual(self.apply(), number)

    def test_a_large_amount_is_sent_in_plain_notation(self):
        self.answer_number(self.OPERATION, 1)
        self.apply(replace(REQUEST, amount=Decimal("2E+4")))
        self.assertIn(b"<amount>20000.00</amount>", self.sent[0][0].body)

    def test_markup_in_a_value_stays_a_value(self):
        self.answer_number(self.OPERATION, 1)
        self.apply(replace(REQUEST, shop_order_id="</shopOrderID>&ż"))
        (wrapper,) = etree.fromstring(self.sent[0][0].body)[0]
        self.assertEqual(wrapper.findtext("shopOrderID"), "</shopOrderID>&ż")

    def test_codes_of_the_certificate_are_a_misconfiguration(self):
        for code in (-10001, -10002, -10011):
            self.answer_number(self.OPERATION, code)
            with self.subTest(code=code), self.assertRaises(MisconfiguredError) as c:
                self.apply()
            self.assertEqual(
                (c.exception.code, c.exception.kind), (code, "certificate")
            )

    def test_codes_of_the_order_are_a_refusal(self):
        for code, kind in (
            (-10003, "duplicate"),
            (-10004, "rejected"),
            (-10013, "rejected"),
            (-10019, "rejected"),
            (-11001, "rejected"),
            (-1, "rejected"),
            (-(2**31), "rejected"),
        ):
            self.answer_number(self.OPERATION, code)
            with self.subTest(code=code), self.assertRaises(RefusedError) as caught:
                self.apply()
            self.assertEqual(
                (caught.exception.code, caught.exception.kind), (code, kind)
            )

    def test_a_used_up_limit_is_retryable_and_certainly_no_application(self):
        self.answer_number(self.OPERATION, -10017)
        self.assertRetryable(
            self.apply,
            "Trusted Shops answered requestForProtectionV2 with -10017 "
            "(LIMIT_OVERFLOW)",
            maybe_sent=False,
            code=-10017,
        )

    def test_a_system_error_may_have_left_an_application(self):
        self.answer_number(self.OPERATION, -11111)
        self.assertRetryable(
            self.apply,
            "Trusted Shops answered requestForProtectionV2 with -11111 "
            "(SYSTEM_EXCEPTION)",
            code=-11111,
        )

    def test_what_is_no_number_of_the_service_may_have_left_an_application(self):
        for number in ("0", "", "abc", "12.5", 2**63, -(2**31) - 1, "9" * 4000):
            with self.subTest(number=number):
                self.answer_number(self.OPERATION, number)
                self.assertRetryable(
                    self.apply,
                    "The answer of Trusted Shops to requestForProtectionV2 makes no "
                    "sense",
                )

    def test_a_missing_value_is_named_and_nothing_is_sent(self):
        with self.assertRaisesRegex(ValueError, "^buyer_email is missing$"):
            self.apply(replace(REQUEST, buyer_email=None))
        self.assertEqual(self.sent, [])

    def test_an_empty_value_is_left_to_the_service(self):
        self.answer_number(self.OPERATION, -10018)
        with self.assertRaises(RefusedError) as caught:
            self.apply(replace(REQUEST, buyer_email=""))
        self.assertEqual(caught.exception.symbol, "EMAIL_EMPTY")


class TestLibRequestState(CannedCase):
    OPERATION = "getRequestState"

    def get(self):
        return self.client.get_request_state(TS_ID, 4711)

    def test_the_number_is_sent_to_the_application_service(self):
        self.answer_number(self.OPERATION, 0)
        self.client.get_request_state(f" {TS_ID} ", 4711)
        self.assertSent(
            "https://protection-qa.trustedshops.com"
            "/ts/protectionservices/ApplicationRequestService",
            (
                f"{{{APPLICATION}}}getRequestState",
                [("tsId", TS_ID), ("applicationId", "4711")],
            ),
        )

    def test_zero_is_pending_and_more_is_the_guarantee_number(self):
        for number in (0, 1, 815, 2**63 - 1):
            self.answer_number(self.OPERATION, number)
            self.assertEqual(self.get(), number)

    def test_a_number_beyond_the_services_type_decides_nothing(self):
        for number in (2**63, -(2**31) - 1, "9" * 4000):
            with self.subTest(number=number):
                self.answer_number(self.OPERATION, number)
                self.assertRetryable(
                    self.get,
                    "The answer of Trusted Shops to getRequestState makes no sense",
                )

    def test_every_code_but_a_system_error_is_a_refusal(self):
        for code, symbol in (
            (-10001, "NO_VALID_SHOP"),
            (-10003, "DUPLICATE_ORDER_NUMBER"),
            (-10013, "TOO_OLD_ORDER"),
            (-10017, "LIMIT_OVERFLOW"),
        ):
            self.answer_number(self.OPERATION, code)
            with self.subTest(code=code), self.assertRaises(RefusedError) as caught:
                self.get()
            self.assertEqual(
                (str(caught.exception), caught.exception.code),
                (
                    f"Trusted Shops answered getRequestState with {code} ({symbol})",
                    code,
                ),
            )

    def test_a_system_error_is_retryable(self):
        self.answer_number(self.OPERATION, -11111)
        self.assertRetryable(
            self.get,
            "Trusted Shops answered getRequestState with -11111 (SYSTEM_EXCEPTION)",
            code=-11111,
        )

    def test_no_number_is_not_pending(self):
        self.answer_number(self.OPERATION, "")
        self.assertRetryable(
            self.get, "The answer of Trusted Shops to getRequestState makes no sense"
        )

    def test_without_a_number_nothing_is_sent(self):
        for number, error in (
            (None, ValueError),
            (0, ValueError),
            (2**63, ValueError),
            ("1", TypeError),
        ):
            with self.assertRaises(error):
                self.client.get_request_state(TS_ID, number)
        self.assertEqual(self.sent, [])


class TestLibAnswers(CannedCase):
    """Whatever comes back, the client says what it knows, and no more."""

    UNREADABLE = "The answer of Trusted Shops to checkLogin makes no sense"

    def check(self):
        return self.client.check_login(TS_ID, "theuser", "s3cret-Pa$$")

    def test_a_fault_is_retryable(self):
        for status in (200, 500):
            self.status = status
            self.answer = make_fault()
            self.assertRetryable(
                self.check,
                "Trusted Shops answered with a SOAP fault, Server: Service is down",
            )

    def test_a_fault_without_code_or_text_is_retryable(self):
        self.answer = ENVELOPE.format("<s:Fault/>")
        self.assertRetryable(
            self.check, "Trusted Shops answered with a SOAP fault, no code: no text"
        )

    def test_an_answer_with_an_error_status_is_no_answer(self):
        self.status = 500
        self.answer_number("checkLogin", 1, ADMIN)
        self.assertRetryable(
            self.check,
            "Trusted Shops answered with a SOAP fault, no code: Unknown fault occured",
        )

    def test_what_is_no_envelope_makes_no_sense(self):
        for answer in (
            "Service Unavailable",
            "<html><body><p>Bad gateway<br></body></html>",
            "<html><body><p>Bad gateway</p></body></html>",
            "<a>",
            ENVELOPE.replace("soap/envelope", "soap12/envelope").format(""),
            ENVELOPE.format(""),
            ENVELOPE.format("<checkLoginResponse/>").replace("s:Body", "s:Header"),
        ):
            for status in (200, 500):
                self.status = status
                with self.subTest(answer=answer, status=status):
                    self.answer = answer
                    self.assertRetryable(
                        self.check, f"{self.UNREADABLE} (HTTP status {status})"
                    )

    def test_an_empty_answer_makes_no_sense(self):
        self.answer = ""
        for status in (200, 500):
            self.status = status
            self.assertRetryable(
                self.check, f"{self.UNREADABLE} (HTTP status {status})"
            )

    def test_the_answer_to_another_operation_makes_no_sense(self):
        for answer in (
            make_answer(ADMIN, "checkShopStatus", "<checkLogin>1</checkLogin>"),
            make_answer(APPLICATION, "checkLogin", "<checkLogin>1</checkLogin>"),
            make_answer(ADMIN, "checkLogin", "<shopStatus>1</shopStatus>"),
            make_answer(
                ADMIN,
                "checkLogin",
                "<checkLogin>1</checkLogin><checkLogin>1</checkLogin>",
            ),
            make_answer(ADMIN, "checkLogin", "<checkLogin>1</checkLogin>").replace(
                "</s:Body>", "<other/></s:Body>"
            ),
            make_answer(ADMIN, "checkLogin", "<checkLogin>1</checkLogin>").replace(
                "<s:Body>", "<s:Body><?pi data?>"
            ),
        ):
            with self.subTest(answer=answer):
                self.answer = answer
                self.assertRetryable(self.check, f"{self.UNREADABLE} (HTTP status 200)")

    def test_a_part_in_the_namespace_of_the_service_is_tolerated(self):
        self.answer = make_answer(ADMIN, "checkLogin", "<n:checkLogin>1</n:checkLogin>")
        self.assertIsNone(self.check())

    def test_a_soap_header_is_tolerated(self):
        self.answer_number("checkLogin", 1, ADMIN)
        self.answer = self.answer.replace(
            "<s:Body>", "<s:Header><id>1</id></s:Header><s:Body>"
        )
        self.assertIsNone(self.check())

    def test_references_are_not_expanded(self):
        items = "".join(f'<item href="#a" id="i{n}"/>' for n in range(3))
        name = "getProtectionItemsResponse"
        self.answer = ENVELOPE.format(
            f'<n:{name} xmlns:n="{ADMIN}" id="a"><getProtectionItems>{items}'
            f"</getProtectionItems></n:{name}>"
        )
        self.assertRetryable(
            lambda: self.client.get_protection_items(TS_ID),
            "The answer of Trusted Shops to getProtectionItems makes no sense "
            "(HTTP status 200)",
        )

    def test_entities_and_external_documents_are_refused(self):
        bomb = '<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {name} "{f"&{old};" * 10}">'
            for old, name in zip("abcdefgh", "bcdefghi", strict=True)
        )
        number = make_answer(ADMIN, "checkLogin", "<checkLogin>&i;</checkLogin>")
        for doctype in (
            f"<!DOCTYPE x [{bomb}]>",
            '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
            "<!DOCTYPE x>",
        ):
            with self.subTest(doctype=doctype):
                self.answer = doctype + number.replace(
                    "&i;", "&i;" if "ENTITY" in doctype else "1"
                )
                self.assertRetryable(self.check, f"{self.UNREADABLE} (HTTP status 200)")
        self.assertEqual(len(self.sent), 4)

    def test_a_tree_that_is_too_deep_is_refused(self):
        self.answer = ENVELOPE.format("<a>" * 10000 + "</a>" * 10000)
        self.assertRetryable(self.check, f"{self.UNREADABLE} (HTTP status 200)")

    def test_an_http_error_is_retryable_whatever_its_body(self):
        self.answer_number("checkLogin", 1, ADMIN)
        for status in (201, 202, 204, 400, 401, 403, 404, 429, 502, 503, 504):
            with self.subTest(status=status):
                self.status = status
                self.assertRetryable(
                    self.check, f"Trusted Shops answered with HTTP status {status}"
                )

    def test_a_redirect_is_not_followed(self):
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status=status):
                self.sent.clear()
                self.status = status
                self.headers["Location"] = "https://evil.example/"
                self.assertRetryable(
                    self.check,
                    f"Trusted Shops answered with HTTP status {status}, a redirect, "
                    "which is not followed",
                )
                self.assertEqual(len(self.sent), 1)

    def test_a_compressed_answer_is_neither_asked_for_nor_taken(self):
        self.answer_number("checkLogin", 1, ADMIN)
        self.headers["Content-Encoding"] = "gzip"
        self.assertRetryable(
            self.check, "Trusted Shops sent a compressed answer, which is refused"
        )
        self.assertEqual(self.sent[0][0].headers["Accept-Encoding"], "identity")
        self.headers["Content-Encoding"] = "Identity"
        self.assertIsNone(self.check())

    def test_the_content_type_of_an_answer_does_not_matter(self):
        self.answer_number("checkLogin", 1, ADMIN)
        for kind in ("text/plain", "multipart/related; boundary=a", "x"):
            self.headers["Content-Type"] = kind
            self.assertIsNone(self.check())

    def test_what_prevents_an_answer_tells_whether_something_was_sent(self):
        for error, maybe_sent, message in (
            (requests.ConnectTimeout(), False, "could not be reached (ConnectTimeout)"),
            (requests.ReadTimeout(), True, "gave no complete answer (ReadTimeout)"),
            (
                requests.ConnectionError("s3cret-Pa$$"),
                True,
                "gave no complete answer (ConnectionError)",
            ),
            (
                requests.exceptions.ChunkedEncodingError(),
                True,
                "gave no complete answer (ChunkedEncodingError)",
            ),
            (
                requests.RequestException(),
                True,
                "gave no complete answer (RequestException)",
            ),
            (
                urllib3.exceptions.HTTPError(),
                True,
                "gave no complete answer (HTTPError)",
            ),
            (
                ConnectionResetError(),
                True,
                "gave no complete answer (ConnectionResetError)",
            ),
        ):
            with self.subTest(error=error):
                self.answer = error
                self.assertRetryable(
                    self.check, f"Trusted Shops {message}", maybe_sent=maybe_sent
                )

    def test_a_failed_tls_handshake_has_sent_nothing(self):
        self.answer = requests.exceptions.SSLError()
        self.assertRetryable(
            self.check,
            "The certificate of the Trusted Shops service could not be verified "
            "(SSLError)",
            maybe_sent=False,
        )

    def test_a_bug_before_sending_rises_as_it_is(self):
        with self.assertRaises(TypeError):
            self.client._call("protection", "checkLogin", wrong=1)
        with self.assertRaises(zeep.exceptions.ValidationError):
            self.client._call("protection", "checkCertificate", tsId=None)
        self.assertEqual(self.sent, [])

    def test_a_failure_of_zeep_after_sending_is_an_unreadable_answer(self):
        self.answer_number("checkLogin", 1, ADMIN)
        for error in (
            zeep.exceptions.XMLParseError("s3cret"),
            zeep.exceptions.TransportError("s3cret", content=b"s3cret"),
            zeep.exceptions.ValidationError("s3cret"),
            etree.XPathEvalError("s3cret"),
            ArithmeticError("s3cret"),
            AttributeError("s3cret"),
            IndexError("s3cret"),
            TypeError("s3cret"),
            ValueError("s3cret"),
        ):
            reply = "zeep.wsdl.bindings.soap.SoapBinding.process_reply"
            with self.subTest(error=error), patch(reply, side_effect=error):
                self.assertRetryable(self.check, f"{self.UNREADABLE} (HTTP status 200)")

    def test_timeouts_are_given_in_the_form_odoo_compares(self):
        self.answer_number("checkLogin", 1, ADMIN)
        self.check()
        ((_request, kwargs),) = self.sent
        self.assertEqual(
            (kwargs["timeout"], kwargs["stream"], kwargs["allow_redirects"]),
            (30, True, False),
        )
        transport = self.client._transport
        self.assertEqual(
            (transport.load_timeout, transport.operation_timeout), (30, 30)
        )

    def test_default_timeouts_fit_a_request_of_a_minute(self):
        self.assertEqual(client_module.CONNECT_TIMEOUT, 5)
        self.assertEqual(client_module.READ_TIMEOUT, 30)
        self.assertEqual(client_module.TOTAL_TIMEOUT, 60)

    def test_clients_share_the_wsdl_but_neither_session_nor_address(self):
        self.answer_number("checkLogin", 1, ADMIN)
        other = TrustedShopsClient(ENDPOINTS["production"])
        self.addCleanup(other.close)
        other.check_login(TS_ID, "u", "p")
        self.check()
        self.assertEqual(
            [request.url for request, _kwargs in self.sent],
            [
                "https://www.trustedshops.com/ts/services/TsProtection",
                "https://qa.trustedshops.com/ts/services/TsProtection",
            ],
        )
        self.assertIsNot(other._transport.session, self.client._transport.session)

    def test_a_client_makes_the_operations_of_a_service_once(self):
        self.answer_number("checkLogin", 1, ADMIN)
        with patch.object(soap, "create_proxy", wraps=soap.create_proxy) as create:
            self.check()
            self.check()
        self.assertEqual(create.call_count, 1)

    def test_threads_can_use_the_shared_wsdl_at_the_same_time(self):
        self.answer = make_answer(
            ADMIN,
            "getProtectionItems",
            f"<getProtectionItems>{ITEM * 20}</getProtectionItems>",
        )

        def get(_number):
            with TrustedShopsClient(ENDPOINTS["qa"]) as client:
                return client.get_protection_items(TS_ID)

        with patch.dict(soap._clients, clear=True), ThreadPoolExecutor(4) as pool:
            answers = set(pool.map(get, range(40)))
        self.assertEqual(len(answers), 1)


class TestLibLogging(CannedCase):
    """One line per call says what happened."""

    LOGGER = "odoo.addons.website_sale_trustedshops.lib.client"

    def assertLogged(self, call, pattern, error=None):
        with self.assertLogs(self.LOGGER, logging.INFO) as logs:
            if error:
                self.assertRaises(error, call)
            else:
                call()
        self.assertEqual([record.levelno for record in logs.records], [20])
        self.assertRegex(logs.records[0].getMessage(), pattern)

    def test_an_answer_is_logged_with_its_duration(self):
        self.answer_number("getRequestState", 815)
        self.assertLogged(
            lambda: self.client.get_request_state(TS_ID, 4711),
            r"^Trusted Shops getRequestState: answered \(\d+ ms\)$",
        )

    def test_a_failure_is_logged_with_its_kind(self):
        self.answer_number("requestForProtectionV2", -10003)
        self.assertLogged(
            lambda: self.client.request_protection(REQUEST),
            r"^Trusted Shops requestForProtectionV2: RefusedError: Trusted Shops "
            r"answered requestForProtectionV2 with -10003 \(DUPLICATE_ORDER_NUMBER\) "
            r"\(\d+ ms\)$",
            RefusedError,
        )

    def test_a_call_that_was_not_made_says_so(self):
        self.assertLogged(
            lambda: self.client.check_certificate(None),
            r"^Trusted Shops checkCertificate: not called \(\d+ ms\)$",
            ValueError,
        )

    def test_every_operation_is_logged_by_its_name(self):
        self.answer = requests.ConnectTimeout()
        for operation, call in (
            ("checkCertificate", lambda: self.client.check_certificate(TS_ID)),
            ("checkLogin", lambda: self.client.check_login(TS_ID, "u", "p")),
            ("getProtectionItems", lambda: self.client.get_protection_items(TS_ID)),
            (
                "requestForProtectionV2",
                lambda: self.client.request_protection(REQUEST),
            ),
            ("getRequestState", lambda: self.client.get_request_state(TS_ID, 1)),
        ):
            self.assertLogged(
                call, f"^Trusted Shops {operation}: RetryableError: ", RetryableError
            )


class TestLibMask(BaseCase):
    """A server that repeats what we sent does not get it into a message."""

    SECRETS = ["theuser", "s3cret-Pa$$ word", "jan.kowalski@shop.example", ""]

    def assertMasked(self, text, expected):
        self.assertEqual(soap.mask(text, self.SECRETS), expected)

    def test_words_without_secrets_stay(self):
        self.assertMasked(
            "Server: java.lang.NullPointerException: null",
            "Server: java.lang.NullPointerException: null",
        )
        self.assertEqual(soap.mask("Service is down", []), "Service is down")

    def test_words_with_a_secret_or_a_piece_of_one_go(self):
        self.assertMasked("login theuser/s3cret-Pa$$ failed", "login *** failed")
        self.assertMasked("login 'THEUSER' failed", "login *** failed")
        self.assertMasked("bad s3cret-Pa$$ word !", "bad *** *** !")
        self.assertMasked("cut s3cr...", "cut ***")
        self.assertMasked("to=jan.kowalski%40shop", "***")
        self.assertMasked("<JAN.KOWALSKI@SHOP.EXAMPLE>", "***")

    def test_an_address_that_was_not_sent_goes_too(self):
        text = "known: ola@w.pl or ola%40w.pl !"
        self.assertEqual(soap.mask(text, []), "known: *** or *** !")

    def test_the_case_of_letters_does_not_matter(self):
        self.assertEqual(soap.mask("qwertyuiop !", ["QWERTYUIOP"]), "*** !")
        self.assertEqual(soap.mask("QWERTYUIOP !", ["qwertyuiop"]), "*** !")

    def test_a_short_secret_is_found_too(self):
        self.assertEqual(soap.mask("the pw is (xy) !", ["xy"]), "the pw is *** !")

    def test_a_long_or_unprintable_text_is_cut(self):
        self.assertMasked("line\none\x00\x1b[31m\u2028two", "line one[31m two")
        self.assertEqual(len(soap.mask("b" * 1000, ["s3cret"])), 200)
