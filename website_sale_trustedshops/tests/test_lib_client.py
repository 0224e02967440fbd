# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from freezegun import freeze_time
from lxml import etree

from ..lib.client import HOSTS, TrustedShopsClient
from ..lib.exceptions import MisconfiguredError, RefusedError, RetryableError
from ..lib.values import CertificateStatus, ProtectionItem
from .fake_service import APPLICATION_NS, PROTECTION_NS, TS_ID, make_envelope
from .lib_common import REQUEST, CannedCase

PROTECTION_URL = "https://qa.trustedshops.com/ts/services/TsProtection"
APPLICATION_URL = (
    "https://protection-qa.trustedshops.com"
    "/ts/protectionservices/ApplicationRequestService"
)
ITEM = (
    "<item><creationDate>2010-08-09T00:00:00+02:00</creationDate><id>1</id>"
    "<currency>EUR</currency><grossFee>0.98</grossFee><netFee>0.82</netFee>"
    "<protectedAmountDecimal>500.00</protectedAmountDecimal>"
    "<protectionDurationInt>30</protectionDurationInt>"
    "<tsProductID>TS080501_500_30_EUR</tsProductID></item>"
)


class ClientCase(CannedCase):
    """Case with a client of the test system of Trusted Shops."""

    NAMESPACE = PROTECTION_NS
    OPERATION = "checkLogin"

    def setUp(self):
        super().setUp()
        self.client = TrustedShopsClient(HOSTS["qa"])
        self.addCleanup(self.client.close)
        self.unreadable = (
            f"The answer of Trusted Shops to {self.OPERATION} makes no sense"
        )

    def answer_with(self, content):
        """Prepare an answer with this content."""
        name = f"{self.OPERATION}Response"
        self.answer = make_envelope(
            f'<n:{name} xmlns:n="{self.NAMESPACE}">{content}</n:{name}>'
        )

    def answer_number(self, number):
        self.answer_with(f"<{self.OPERATION}>{number}</{self.OPERATION}>")

    def call(self):
        return self.client.check_login(TS_ID, "theuser", "s3cret-Pa$$")

    def assertSent(self, url, parts):
        """Assert that one request was sent, to an address and with these parts."""
        ((request, _kwargs),) = self.sent
        self.assertEqual(request.url, url)
        self.assertEqual(request.headers["SOAPAction"], '""')
        (wrapper,) = etree.fromstring(request.body)[0]
        self.assertEqual(wrapper.tag, f"{{{self.NAMESPACE}}}{self.OPERATION}")
        self.assertEqual([(part.tag, part.text) for part in wrapper], parts)

    def assertCode(self, code, error, symbol, kind):
        """Assert what a code of the service leads to."""
        self.answer_number(code)
        with self.subTest(code=code), self.assertRaises(error) as caught:
            self.call()
        self.assertEqual(
            (str(caught.exception), caught.exception.code, caught.exception.kind),
            (
                f"Trusted Shops answered {self.OPERATION} with {code} ({symbol})",
                code,
                kind,
            ),
        )

    def assertNumberMakesNoSense(self, number, is_read=True):
        """Assert that a number decides nothing, and whether zeep gets to read it."""
        self.answer_number(number)
        detail = "" if is_read else " (HTTP status 200)"
        with self.subTest(number=number):
            self.assertRetryable(self.call, self.unreadable + detail)


class TestLibHosts(ClientCase):
    """The services have the addresses that are published."""

    def test_each_host_has_its_service(self):
        path = "/ts/protectionservices/ApplicationRequestService"
        for hosts, protection, application in (
            (
                HOSTS["production"],
                "https://www.trustedshops.com/ts/services/TsProtection",
                f"https://protection.trustedshops.com{path}",
            ),
            (HOSTS["qa"], PROTECTION_URL, APPLICATION_URL),
            (
                (" http://127.0.0.1:8099/ ",) * 2,
                "http://127.0.0.1:8099/ts/services/TsProtection",
                f"http://127.0.0.1:8099{path}",
            ),
        ):
            self.sent.clear()
            with TrustedShopsClient(hosts) as client, suppress(RetryableError):
                client.get_protection_items(TS_ID)
            with TrustedShopsClient(hosts) as client, suppress(RetryableError):
                client.get_request_state(TS_ID, 1)
            urls = [request.url for request, _kwargs in self.sent]
            self.assertEqual(urls, [protection, application])

    def test_what_cannot_be_sent_is_named_and_not_sent(self):
        incomplete = replace(REQUEST, buyer_email=None)
        for call, args, error, words in (
            (self.client.check_certificate, [None], ValueError, "ts_id is missing"),
            (self.client.get_protection_items, [None], ValueError, "ts_id is missing"),
            (self.client.check_login, [TS_ID, None, "p"], ValueError, "user is"),
            (self.client.check_login, [TS_ID, "u", None], ValueError, "password is"),
            (self.client.get_request_state, [None, 1], ValueError, "ts_id is missing"),
            (self.client.request_protection, [incomplete], ValueError, "buyer_email"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(error, f"^{words}"):
                call(*args)
        self.assertEqual(self.sent, [])


class TestLibCheckCertificate(ClientCase):
    OPERATION = "checkCertificate"

    def call(self):
        return self.client.check_certificate(TS_ID)

    def answer_status(self, **fields):
        content = "".join(f"<{key}>{text}</{key}>" for key, text in fields.items())
        self.answer_with(f"<certificateStatus>{content}</certificateStatus>")

    def test_the_status_is_returned_in_one_spelling(self):
        self.answer_status(
            certificationLanguage="DE",
            stateEnum=" production ",
            tsID=TS_ID.lower(),
            typeEnum="Excellence",
            url=" https://shop.example/de ",
        )
        self.assertEqual(
            self.client.check_certificate(f" {TS_ID}\n"),
            CertificateStatus(
                ts_id=TS_ID,
                state="PRODUCTION",
                type="EXCELLENCE",
                language="de",
                url="https://shop.example/de",
            ),
        )
        self.assertSent(PROTECTION_URL, [("tsId", TS_ID)])

    def test_a_state_alone_is_an_answer(self):
        for fields in (
            {"stateEnum": "INVALID_TS_ID", "tsID": TS_ID},
            {"stateEnum": "INVALID_TS_ID"},
        ):
            self.answer_status(**fields)
            self.assertEqual(
                self.call(), CertificateStatus(TS_ID, "INVALID_TS_ID", "", "", "")
            )

    def test_an_answer_about_another_certificate_is_not_taken(self):
        self.answer_status(stateEnum="PRODUCTION", tsID=f"{TS_ID[:-1]}0")
        self.assertRetryable(self.call, self.unreadable)

    def test_an_answer_without_state_never_means_invalid(self):
        for content in (
            "",
            "<certificateStatus/>",
            f"<certificateStatus><tsID>{TS_ID}</tsID></certificateStatus>",
            f"<certificateStatus><stateEnum> </stateEnum><tsID>{TS_ID}</tsID>"
            "</certificateStatus>",
        ):
            with self.subTest(content=content):
                self.answer_with(content)
                self.assertRetryable(self.call, self.unreadable)


class TestLibCheckLogin(ClientCase):
    def test_the_login_is_sent_to_the_administrative_service(self):
        self.answer_number(1)
        self.assertIsNone(self.client.check_login(TS_ID, " theuser ", " s3cret-Pa$$\n"))
        self.assertSent(
            PROTECTION_URL,
            [("tsId", TS_ID), ("wsUser", "theuser"), ("wsPassword", "s3cret-Pa$$")],
        )

    def test_only_one_means_valid(self):
        for number in (0, 2, 4711, ""):
            self.assertNumberMakesNoSense(number)
        for text in ("true", "1.0"):
            self.assertNumberMakesNoSense(text, is_read=False)


class TestLibProtectionItems(ClientCase):
    OPERATION = "getProtectionItems"

    def call(self):
        return self.client.get_protection_items(TS_ID)

    def answer_items(self, *items):
        self.answer_with(f"<getProtectionItems>{''.join(items)}</getProtectionItems>")

    def test_an_item_is_returned(self):
        self.answer_items(ITEM)
        # Dates in an answer do not disturb a test that stops the clock.
        with freeze_time("2026-01-01"):
            (item,) = self.client.get_protection_items(f" {TS_ID} ")
        self.assertEqual(
            item,
            ProtectionItem(
                ts_product_id="TS080501_500_30_EUR",
                currency="EUR",
                protected_amount=Decimal("500.00"),
                duration_days=30,
                net_fee=Decimal("0.82"),
                gross_fee=Decimal("0.98"),
            ),
        )
        self.assertSent(PROTECTION_URL, [("tsId", TS_ID)])

    def test_items_are_sorted_by_currency_amount_and_fee(self):
        dear = ITEM.replace("0.98", "0.99").replace("_500_", "_401_")
        large = ITEM.replace("500.00", "1500").replace("_500_", "_1500_")
        zloty = ITEM.replace("EUR", "PLN").replace("500.00", "100")
        zloty = zloty.replace(">PLN<", "> pln <")
        same = dear.replace("_401_", "_402_")
        self.answer_items(zloty, large, same, dear, ITEM)
        self.assertEqual(
            [item.ts_product_id for item in self.call()],
            [
                "TS080501_500_30_EUR",
                "TS080501_401_30_EUR",
                "TS080501_402_30_EUR",
                "TS080501_1500_30_EUR",
                "TS080501_500_30_PLN",
            ],
        )

    def test_items_may_be_none_or_come_twice_but_not_with_two_meanings(self):
        self.answer_items()
        self.assertEqual(self.call(), ())
        self.answer_with("")
        self.assertEqual(self.call(), ())
        # The same item twice counts once, one code with two meanings spoils the answer.
        self.answer_items(ITEM, ITEM.replace("<id>1</id>", "<id>2</id>"))
        self.assertEqual(len(self.call()), 1)
        self.answer_items(ITEM, ITEM.replace("0.98", "0.99"))
        self.assertRetryable(self.call, self.unreadable)

    def test_one_item_that_makes_no_sense_spoils_the_answer(self):
        nil = '<item xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
        amount = "<protectedAmountDecimal>500.00</protectedAmountDecimal>"
        for old, new in (
            *((ITEM, "<item/>"), ("<item>", f"{nil}<item>")),
            ("<tsProductID>TS080501_500_30_EUR</tsProductID>", ""),
            *(("TS080501_500_30_EUR", code) for code in (" ", "TS&lt;b&gt;", "T" * 65)),
            ("<currency>EUR</currency>", ""),
            *((">EUR<", f">{currency}<") for currency in ("EURO", "E R")),
            (amount, ""),
            *(("500.00", text) for text in ("0.00", "-500", "NaN", "Infinity")),
            ("500.00", "1000000001.00"),
            *((">30<", f">{days}<") for days in ("0", "", "3651")),
            ("<netFee>0.82</netFee>", ""),
            *(("0.82", text) for text in ("-0.01", "NaN")),
            ("<grossFee>0.98</grossFee>", ""),
            *(("0.98", text) for text in ("0.81", "sNaN", "Infinity")),
            ("0.98", "500.00"),  # nobody pays more than he can get
        ):
            with self.subTest(old=old, new=new):
                other = ITEM.replace("_500_", "_1500_")
                self.answer_items(other, ITEM.replace(old, new))
                self.assertRetryable(self.call, self.unreadable)

    def test_a_free_item_and_one_without_tax_make_sense(self):
        for net, gross in (("0", "0"), ("0.98", "0.98")):
            self.answer_items(ITEM.replace("0.82", net).replace("0.98", gross))
            self.assertEqual(self.call()[0].gross_fee, Decimal(gross))

    def test_what_cannot_be_read_spoils_the_answer(self):
        for content in (
            f"<getProtectionItems>{ITEM.replace('0.98', '0,98')}</getProtectionItems>",
            f"<items>{ITEM}</items>",
        ):
            self.answer_with(content)
            self.assertRetryable(self.call, f"{self.unreadable} (HTTP status 200)")


class TestLibRequestProtection(ClientCase):
    NAMESPACE = APPLICATION_NS
    OPERATION = "requestForProtectionV2"

    def call(self, **changes):
        return self.client.request_protection(replace(REQUEST, **changes))

    def test_the_twelve_values_are_sent_to_the_application_service(self):
        self.answer_number(4711)
        self.call()
        self.assertSent(
            APPLICATION_URL,
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
        )

    def test_every_positive_number_is_an_application_number(self):
        for number in (1, 4711, 2**31, 2**63 - 1):
            self.answer_number(number)
            self.assertEqual(self.call(), number)

    def test_each_code_leads_to_its_error(self):
        for case in (
            (-10001, MisconfiguredError, "NO_VALID_SHOP", "certificate"),
            (-10002, MisconfiguredError, "LIMIT_CANCELLED", "certificate"),
            (-10011, MisconfiguredError, "NO_LIMIT", "certificate"),
            (-10003, RefusedError, "DUPLICATE_ORDER_NUMBER", "duplicate"),
            (-10013, RefusedError, "TOO_OLD_ORDER", "rejected"),
            (-1, RefusedError, "UNKNOWN", "unknown"),
            (-(2**31), RefusedError, "UNKNOWN", "unknown"),
            (-10017, RetryableError, "LIMIT_OVERFLOW", "limit"),
            (-11111, RetryableError, "SYSTEM_EXCEPTION", "retryable"),
        ):
            self.assertCode(*case)

    def test_a_used_up_limit_certainly_left_no_application(self):
        for code, maybe_sent in ((-10017, False), (-11111, True)):
            self.answer_number(code)
            with self.assertRaises(RetryableError) as caught:
                self.call()
            self.assertIs(caught.exception.maybe_sent, maybe_sent)

    def test_what_is_no_number_of_the_service_may_have_left_an_application(self):
        for number in (0, "", 2**63, -(2**31) - 1):
            self.assertNumberMakesNoSense(number)
        for text in ("abc", "12.5", "9" * 4000):
            self.assertNumberMakesNoSense(text, is_read=False)


class TestLibRequestState(ClientCase):
    NAMESPACE = APPLICATION_NS
    OPERATION = "getRequestState"

    def call(self):
        return self.client.get_request_state(TS_ID, 4711)

    def test_the_number_is_sent_to_the_application_service(self):
        self.answer_number(0)
        self.client.get_request_state(f" {TS_ID} ", 4711)
        self.assertSent(APPLICATION_URL, [("tsId", TS_ID), ("applicationId", "4711")])

    def test_zero_is_pending_and_more_is_the_guarantee_number(self):
        for number in (0, 1, 815, 2**63 - 1):
            self.answer_number(number)
            self.assertEqual(self.call(), number)

    def test_only_a_published_refusal_is_one(self):
        for case in (
            (-10001, MisconfiguredError, "NO_VALID_SHOP", "certificate"),
            (-10003, RetryableError, "DUPLICATE_ORDER_NUMBER", "duplicate"),
            (-10013, RefusedError, "TOO_OLD_ORDER", "rejected"),
            (-10017, RetryableError, "LIMIT_OVERFLOW", "limit"),
            (-9999, RetryableError, "UNKNOWN", "unknown"),
            (-11111, RetryableError, "SYSTEM_EXCEPTION", "retryable"),
        ):
            self.assertCode(*case)


class TestLibLogging(ClientCase):
    """One line per call says what happened."""

    LOGGER = "odoo.addons.website_sale_trustedshops.lib.http"

    def assertLogged(self, call, pattern, error=None):
        with self.assertLogs(self.LOGGER, logging.INFO) as logs:
            if error:
                self.assertRaises(error, call)
            else:
                call()
        self.assertEqual([record.levelno for record in logs.records], [20])
        self.assertRegex(logs.records[0].getMessage(), pattern)

    def test_an_outcome_is_logged_with_its_duration(self):
        for number, call, words, error in (
            (1, self.call, "checkLogin: answered", None),
            (
                -10001,
                self.call,
                "checkLogin: MisconfiguredError: Trusted Shops answered checkLogin with"
                " -10001 (NO_VALID_SHOP)",
                MisconfiguredError,
            ),
            (
                1,
                lambda: self.client.check_certificate(None),
                "checkCertificate: not called",
                ValueError,
            ),
        ):
            self.answer_number(number)
            pattern = rf"^Trusted Shops {re.escape(words)} \(\d+ ms\)$"
            self.assertLogged(call, pattern, error)
