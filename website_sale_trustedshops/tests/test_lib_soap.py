# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import zeep
from lxml import etree

from odoo.tests import BaseCase

from ..lib import soap
from ..lib.client import ENDPOINTS, TrustedShopsClient
from .fake_service import APPLICATION_NS, PROTECTION_NS, TS_ID, make_envelope
from .test_lib_client import ITEM, ClientCase

WSDL = {"w": "http://schemas.xmlsoap.org/wsdl/"}
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
LOGIN = "wsUser:string wsPassword:string"
ORDER = (
    "tsId:string tsProductId:string amount:decimal currency:string "
    "paymentType:string buyerEmail:string shopCustomerID:string shopOrderID:string "
    "orderDate:dateTime"
)
# Parts and result of each operation, by file.
OPERATIONS = {
    "TSProtectionService": {
        "alive": "> return:int",
        "ping": "arg0:int > return:int",
        "checkCertificate": "tsId:string > certificateStatus:CertificateStatus",
        "checkLogin": f"tsId:string {LOGIN} > checkLogin:long",
        "checkShopStatus": f"tsId:string tsProductId:string {LOGIN} > shopStatus:long",
        "getProtectionItems": "tsId:string > getProtectionItems:protectionItemArray",
        "protectWithAverageDeliveryDays": f"{ORDER} {LOGIN} > protectionNumber:long",
    },
    "ApplicationRequestService": {
        "alive": "> return:int",
        "ping": "arg0:int > return:int",
        "requestForProtection": f"{ORDER} {LOGIN} > requestForProtection:long",
        "requestForProtectionV2": f"{ORDER} shopSystemVersion:string {LOGIN}"
        " > requestForProtectionV2:long",
        "getRequestState": "tsId:string applicationId:long > getRequestState:long",
        "setShippingInformation": "tsId:string orderId:string customerId:string"
        " logisticsCompany:string shippingDate:dateTime trackingNumber:string"
        " > setShippingInformation:long",
    },
}
# Namespace, name of port type, and address, by file.
NAMES = {
    "TSProtectionService": (
        PROTECTION_NS,
        "TSProtection",
        "https://www.trustedshops.com:443/ts/services/TsProtection",
    ),
    "ApplicationRequestService": (
        APPLICATION_NS,
        "ApplicationRequestService",
        "https://protection.trustedshops.com:443"
        "/ts/protectionservices/ApplicationRequestService",
    ),
}
# Fields of the types; all may be missing but for the one with "!".
FIELDS = {
    "CertificateStatus": "certificationLanguage:string stateEnum:string tsID:string"
    " typeEnum:string url:string",
    "baseEntity": "creationDate:dateTime id:long",
    "protectionItem": "currency:currencyEnum grossFee:decimal netFee:decimal"
    " protectedAmountDecimal:decimal !protectionDurationInt:int tsProductID:string",
    "protectionItemArray": "item:protectionItem[]",
}
CURRENCIES = (
    "EUR USD AUD CAD CHF DKK GBP JPY NZD SEK PLN NOK BGN LVL LTL RON RUB TRY CZK HUF"
    " HRK"
)


def get_type(element):
    """Return 'name:type' of a part or field."""
    return f"{element.get('name')}:{element.get('type').partition(':')[2]}"


class TestLibWsdl(BaseCase):
    """The bundled WSDL files say what the published ones say."""

    def setUp(self):
        super().setUp()
        self.roots = {
            name: etree.parse(Path(soap.__file__).parent / "wsdl" / f"{name}.wsdl")
            for name in OPERATIONS
        }

    def test_the_services_have_the_published_operations(self):
        for name, root in self.roots.items():
            messages = {
                message.get("name"): " ".join(map(get_type, message))
                for message in root.findall("w:message", WSDL)
            }
            found = {}
            for operation in root.findall("w:portType/w:operation", WSDL):
                parts, result = (
                    messages[child.get("message").partition(":")[2]]
                    for child in operation
                )
                found[operation.get("name")] = f"{parts} > {result}".strip()
                self.assertEqual(
                    (operation.get("parameterOrder") or "").split(),
                    [part.partition(":")[0] for part in parts.split()],
                )
            self.assertEqual(found, OPERATIONS[name])

    def test_names_and_binding_are_the_published_ones(self):
        for name, root in self.roots.items():
            namespace, prefix, address = NAMES[name]
            port = root.find("w:service/w:port", WSDL)
            binding = root.find("w:binding", WSDL)
            bodies = binding.iter(f"{SOAP}body")
            self.assertEqual(
                {
                    "names": [
                        root.getroot().get("name"),
                        root.getroot().get("targetNamespace"),
                        root.find("w:portType", WSDL).get("name"),
                        root.find("w:service", WSDL).get("name"),
                    ],
                    "port": [port.get("name"), port.get("binding")],
                    "address": port[0].get("location"),
                    "binding": [binding.get("name"), binding.get("type")],
                    "style": binding[0].get("style"),
                    "actions": {
                        each.get("soapAction")
                        for each in binding.iter(f"{SOAP}operation")
                    },
                    "bodies": {(b.get("use"), b.get("namespace")) for b in bodies},
                    "bound": [each.get("name") for each in binding[1:]],
                },
                {
                    "names": [name, namespace, prefix, name],
                    "port": [f"{prefix}Port", f"tns:{prefix}Binding"],
                    "address": address,
                    "binding": [f"{prefix}Binding", f"tns:{prefix}"],
                    "style": "rpc",
                    "actions": {""},
                    "bodies": {("literal", namespace)},
                    "bound": list(OPERATIONS[name]),
                },
            )

    def test_types_have_the_published_fields(self):
        schema = self.roots["TSProtectionService"].find(f".//{XS}schema")
        self.assertIsNone(schema.get("elementFormDefault"))

        def describe(field):
            needed = "" if field.get("minOccurs") == "0" else "!"
            many = "[]" if field.get("maxOccurs") == "unbounded" else ""
            return f"{needed}{get_type(field)}{many}"

        self.assertEqual(
            {
                kind.get("name"): " ".join(map(describe, kind.iter(f"{XS}element")))
                for kind in schema.findall(f"{XS}complexType")
            },
            FIELDS,
        )
        base = schema.find(f".//{XS}extension").get("base")
        self.assertEqual(base, "tns:baseEntity")
        currencies = [each.get("value") for each in schema.iter(f"{XS}enumeration")]
        self.assertEqual(" ".join(currencies), CURRENCIES)

    def test_a_wsdl_is_parsed_once_and_without_a_request(self):
        soap.get_client.cache_clear()
        with patch("requests.Session.send", side_effect=AssertionError):
            for service, (_name, binding) in soap.SERVICES.items():
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

    def test_references_are_not_expanded(self):
        self.answer_with('<checkLogin href="#a">1</checkLogin>')
        self.assertUnreadable(self.answer)

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
            with TrustedShopsClient(ENDPOINTS["qa"]) as client:
                return client.get_protection_items(TS_ID)

        soap.get_client.cache_clear()
        with ThreadPoolExecutor(4) as pool:
            answers = set(pool.map(get, range(40)))
        self.assertEqual(len(answers), 1)


class TestLibMask(BaseCase):
    """A server that repeats what we sent does not get it into a message."""

    def test_words_that_repeat_a_secret_or_an_address_go(self):
        secrets = ["theuser", "s3cret-Pa$$ word", "jan.kowalski@shop.example", ""]
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
        ):
            with self.subTest(text=text):
                self.assertEqual(soap.mask(text, secrets), expected)

    def test_the_case_of_letters_does_not_matter(self):
        self.assertEqual(soap.mask("qwertyuiop !", ["QWERTYUIOP"]), "*** !")
        self.assertEqual(soap.mask("QWERTYUIOP !", ["qwertyuiop"]), "*** !")

    def test_a_short_secret_is_found_too(self):
        self.assertEqual(soap.mask("the pw is (xy) !", ["xy"]), "the pw is *** !")
