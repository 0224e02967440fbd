# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

from lxml import etree

from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.lib import soap

WSDL = {"w": "http://schemas.xmlsoap.org/wsdl/"}
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
LOGIN = "wsUser:string wsPassword:string"
ORDER = (
    "tsId:string tsProductId:string amount:decimal currency:string "
    "paymentType:string buyerEmail:string shopCustomerID:string shopOrderID:string "
    "orderDate:dateTime"
)


def read_wsdl(name):
    return etree.parse(str(Path(soap.__file__).parent / "wsdl" / name)).getroot()


def get_operations(root):
    """Return 'parts > result' of each operation, as messages and portType say."""
    messages = {
        message.get("name"): " ".join(
            f"{part.get('name')}:{part.get('type').partition(':')[2]}"
            for part in message
        )
        for message in root.findall("w:message", WSDL)
    }
    operations = {}
    for operation in root.findall("w:portType/w:operation", WSDL):
        parts, result = (
            messages[child.get("message").partition(":")[2]] for child in operation
        )
        operations[operation.get("name")] = f"{parts} > {result}".strip()
        order = [part.partition(":")[0] for part in parts.split()]
        assert (operation.get("parameterOrder") or "").split() == order
    return operations


class TestLibWsdl(BaseCase):
    """The bundled WSDL files say what the published ones say."""

    def test_the_protection_service_has_the_published_operations(self):
        self.assertEqual(
            get_operations(read_wsdl("TSProtectionService.wsdl")),
            {
                "alive": "> return:int",
                "ping": "arg0:int > return:int",
                "checkCertificate": "tsId:string > certificateStatus:CertificateStatus",
                "checkLogin": f"tsId:string {LOGIN} > checkLogin:long",
                "checkShopStatus": f"tsId:string tsProductId:string {LOGIN} "
                "> shopStatus:long",
                "getProtectionItems": "tsId:string "
                "> getProtectionItems:protectionItemArray",
                "protectWithAverageDeliveryDays": f"{ORDER} {LOGIN} "
                "> protectionNumber:long",
            },
        )

    def test_the_application_service_has_the_published_operations(self):
        self.assertEqual(
            get_operations(read_wsdl("ApplicationRequestService.wsdl")),
            {
                "alive": "> return:int",
                "ping": "arg0:int > return:int",
                "requestForProtection": f"{ORDER} {LOGIN} > requestForProtection:long",
                "requestForProtectionV2": f"{ORDER} shopSystemVersion:string {LOGIN} "
                "> requestForProtectionV2:long",
                "getRequestState": "tsId:string applicationId:long "
                "> getRequestState:long",
                "setShippingInformation": "tsId:string orderId:string "
                "customerId:string logisticsCompany:string shippingDate:dateTime "
                "trackingNumber:string > setShippingInformation:long",
            },
        )

    def test_the_rating_service_has_the_operations_for_shops(self):
        self.assertEqual(
            get_operations(read_wsdl("TSRatingService.wsdl")),
            {
                "alive": "> return:int",
                "ping": "arg0:int > return:int",
                "updateRatingWidgetState": f"tsId:string activation:boolean {LOGIN} "
                "partnerPackage:string > updateResult:string",
            },
        )

    def test_names_and_binding_are_the_published_ones(self):
        for name, service, prefix, namespace, address in (
            (
                "TSProtectionService.wsdl",
                "TSProtectionService",
                "TSProtection",
                "http://protection.action.b2b.ts.nhp.com/",
                "https://www.trustedshops.com:443/ts/services/TsProtection",
            ),
            (
                "ApplicationRequestService.wsdl",
                "ApplicationRequestService",
                "ApplicationRequestService",
                "http://tsp.ts.nhp.com/",
                "https://protection.trustedshops.com:443"
                "/ts/protectionservices/ApplicationRequestService",
            ),
            (
                "TSRatingService.wsdl",
                "TSRatingService",
                "TSRating",
                "http://rating.action.b2b.ts.nhp.com/",
                "https://www.trustedshops.com:443/ts/services/TsRating",
            ),
        ):
            with self.subTest(name=name):
                root = read_wsdl(name)
                self.assertEqual(root.get("name"), service)
                self.assertEqual(root.get("targetNamespace"), namespace)
                self.assertEqual(root.find("w:portType", WSDL).get("name"), prefix)
                self.assertEqual(root.find("w:service", WSDL).get("name"), service)
                port = root.find("w:service/w:port", WSDL)
                self.assertEqual(port.get("name"), f"{prefix}Port")
                self.assertEqual(port.get("binding"), f"tns:{prefix}Binding")
                self.assertEqual(port[0].get("location"), address)
                binding = root.find("w:binding", WSDL)
                self.assertEqual(binding.get("name"), f"{prefix}Binding")
                self.assertEqual(binding.get("type"), f"tns:{prefix}")
                self.assertEqual(binding[0].get("style"), "rpc")
                actions = {
                    each.get("soapAction") for each in binding.iter(f"{SOAP}operation")
                }
                self.assertEqual(actions, {""})
                bodies = {
                    (each.get("use"), each.get("namespace"), each.get("encodingStyle"))
                    for each in binding.iter(f"{SOAP}body")
                }
                self.assertEqual(bodies, {("literal", namespace, None)})
                bound = [each.get("name") for each in binding[1:]]
                self.assertEqual(bound, list(get_operations(root)))
                for operation in get_operations(root):
                    for suffix in ("", "Response"):
                        message = f"{prefix}_{operation}{suffix}"
                        path = f"w:message[@name='{message}']"
                        self.assertEqual(len(root.findall(path, WSDL)), 1, message)

    def test_types_have_the_published_fields(self):
        schema = read_wsdl("TSProtectionService.wsdl").find(f".//{XS}schema")
        self.assertIsNone(schema.get("elementFormDefault"))
        fields = {
            kind.get("name"): [
                (
                    field.get("name"),
                    field.get("type"),
                    field.get("minOccurs"),
                    field.get("maxOccurs"),
                )
                for field in kind.iter(f"{XS}element")
            ]
            for kind in schema.findall(f"{XS}complexType")
        }
        self.assertEqual(
            fields,
            {
                "CertificateStatus": [
                    ("certificationLanguage", "xs:string", "0", None),
                    ("stateEnum", "xs:string", "0", None),
                    ("tsID", "xs:string", "0", None),
                    ("typeEnum", "xs:string", "0", None),
                    ("url", "xs:string", "0", None),
                ],
                "baseEntity": [
                    ("creationDate", "xs:dateTime", "0", None),
                    ("id", "xs:long", "0", None),
                ],
                "protectionItem": [
                    ("currency", "tns:currencyEnum", "0", None),
                    ("grossFee", "xs:decimal", "0", None),
                    ("netFee", "xs:decimal", "0", None),
                    ("protectedAmountDecimal", "xs:decimal", "0", None),
                    ("protectionDurationInt", "xs:int", None, None),
                    ("tsProductID", "xs:string", "0", None),
                ],
                "protectionItemArray": [
                    ("item", "tns:protectionItem", "0", "unbounded")
                ],
            },
        )
        base = schema.find(f".//{XS}extension").get("base")
        self.assertEqual(base, "tns:baseEntity")
        currencies = [each.get("value") for each in schema.iter(f"{XS}enumeration")]
        self.assertEqual(
            " ".join(currencies),
            "EUR USD AUD CAD CHF DKK GBP JPY NZD SEK PLN NOK BGN LVL LTL RON RUB TRY "
            "CZK HUF HRK",
        )

    def test_every_service_has_a_file_and_its_binding(self):
        for service, (_name, binding) in soap.SERVICES.items():
            self.assertIn(binding, soap.get_client(service).wsdl.bindings)

    def test_a_wsdl_is_parsed_once_however_many_threads_ask(self):
        barrier = threading.Barrier(4)

        def load(_number):
            barrier.wait(timeout=10)
            return soap.get_client("protection")

        with (
            patch.dict(soap._clients, clear=True),
            patch.object(soap.zeep, "Client", wraps=soap.zeep.Client) as client,
            ThreadPoolExecutor(4) as pool,
        ):
            loaded = set(pool.map(load, range(4)))
        self.assertEqual((len(loaded), client.call_count), (1, 1))

    def test_parsing_a_wsdl_sends_no_request(self):
        with (
            patch.dict(soap._clients, clear=True),
            patch("requests.Session.send", side_effect=AssertionError),
        ):
            for service in soap.SERVICES:
                soap.get_client(service)

    def test_answers_are_parsed_without_dtd_entities_and_huge_trees(self):
        for settings in (soap.get_settings(), soap.get_client("protection").settings):
            self.assertTrue(settings.strict)
            self.assertTrue(settings.forbid_dtd)
            self.assertTrue(settings.forbid_entities)
            self.assertTrue(settings.forbid_external)
            self.assertFalse(settings.xml_huge_tree)
