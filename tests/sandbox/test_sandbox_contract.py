# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each WSDL says what the original of 2013 said, and each operation answers."""

import pytest
import requests
import zeep
from lxml import etree

from sandbox_process import GERMAN, ROOT, SERVICES, SOAP, make_request

# Operation: (input parts with types, name and type of the output part), written down
# from the original WSDL files, not from the files of the sandbox.
LOGIN = "wsUser string, wsPassword string"
REQUEST = (
    "tsId string, tsProductId string, amount decimal, currency string, "
    "paymentType string, buyerEmail string, shopCustomerID string, "
    "shopOrderID string, orderDate dateTime"
)
RATING = (
    "tsId string, buyerEmail string, websiteRating string, deliveryRating string, "
    "goodsRating string, serviceRating string, buyerStatement string, reference string"
)
BASE = {"alive": ("", "return int"), "ping": ("arg0 int", "return int")}
CONTRACT = {
    "TsProtection": {
        **BASE,
        "checkCertificate": ("tsId string", "certificateStatus CertificateStatus"),
        "checkLogin": (f"tsId string, {LOGIN}", "checkLogin long"),
        "checkShopStatus": (
            f"tsId string, tsProductId string, {LOGIN}",
            "shopStatus long",
        ),
        "getProtectionItems": ("tsId string", "getProtectionItems protectionItemArray"),
        "protectWithAverageDeliveryDays": (
            f"{REQUEST}, {LOGIN}",
            "protectionNumber long",
        ),
    },
    "ApplicationRequestService": {
        **BASE,
        "requestForProtection": (f"{REQUEST}, {LOGIN}", "requestForProtection long"),
        "requestForProtectionV2": (
            f"{REQUEST}, shopSystemVersion string, {LOGIN}",
            "requestForProtectionV2 long",
        ),
        "getRequestState": ("tsId string, applicationId long", "getRequestState long"),
        "setShippingInformation": (
            "tsId string, orderId string, customerId string, logisticsCompany string, "
            "shippingDate dateTime, trackingNumber string",
            "setShippingInformation long",
        ),
    },
    "TsRating": {
        **BASE,
        "updateRatingWidgetState": (
            f"tsId string, activation boolean, {LOGIN}, partnerPackage string",
            "updateResult string",
        ),
        "rateShop": (RATING, "ratingNumber string"),
        "rateShopByReference": (RATING, "ratingNumber string"),
        "rateShopNGN": (RATING, "wsResponse webServiceResponseBase"),
        "rateShopByReferenceNGN": (RATING, "wsResponse webServiceResponseBase"),
        "rateAndRecommendShop": (
            f"{RATING}, recommendation string",
            "ratingNumber string",
        ),
        "rateSimpleServiceProvider": (
            f"{RATING}, recommendation string",
            "ratingNumber string",
        ),
        "rateAndRecommendShopByReference": (
            f"{RATING}, recommend string",
            "ratingNumber string",
        ),
        "rateSimpleServiceProviderByReference": (
            f"{RATING}, recommend string",
            "ratingNumber string",
        ),
        "rateSimpleServiceProviderNGN": (
            f"{RATING}, recommendation string",
            "wsResponse webServiceResponseBase",
        ),
        "rateSimpleServiceProviderByReferenceNGN": (
            f"{RATING}, recommend string",
            "wsResponse webServiceResponseBase",
        ),
        "rateShopLater": (
            "tsId string, buyerEmail string, reference string, rateLaterDays int",
            "ratingNumber string",
        ),
        "retrieveAllRatingsPerShopGoogleData": (
            "tsId string",
            "allRatingPerShopGoogleData buyerRatingSimplifiedArray",
        ),
        "retrieveAllShopRatingData": (
            "countRatings int",
            "allShopRatingData shopRatingDataWidgetArray",
        ),
        "retrieveAllShopsGoogleData": (
            "",
            "allShopsGoogleData shopRatingGoogleDataArray",
        ),
        "retrieveAllTrustbadgeData": (
            LOGIN,
            "allTrustbadgeData shopTrustbadgeDataArray",
        ),
        "retrieveShopRatingDataList": (
            "tsId string, operation string, startIndex int, pageSize int, "
            "password string",
            "retrieveShopRatingDataList RatingStatementArray",
        ),
        "retrieveShopRatingDataOptimized": (
            "tsId string, password string",
            "shopRatingDataOptimized ShopRatingDataProfile",
        ),
        "retrieveShopRatingStatements": (
            f"tsId string, {LOGIN}",
            "shopRatingStatements ratingArray",
        ),
    },
}
# Type of the review service: its fields. A field without a type is an optional string;
# `?` is for what may be missing, `*` for what may be missing or come several times.
RATING_TYPES = {
    "webServiceResponseBase": "statusCode int?, statusMessage, userResponse anyType?",
    "rating": (
        "average, buyerStatement, changeDate dateTime?, deliveryRating, goodsRating, "
        "mark, serviceRating, websiteRating"
    ),
    "shopRatingDataWidget": (
        "averageRating, averageRecommendationPercentage, country, displayStatement, "
        "hasValidCertificate, isBranded, language, mark, name, posStatements, "
        "ratingCount, ratings rating*, tsId, valid, widgetWidth"
    ),
    "shopRatingGoogleData": (
        "city, country, email, language, shopId long?, shopName, shopTSID, street, "
        "url, zip"
    ),
    "ShopRatingDataProfile": (
        "averageRating decimal?, averageRatingCount int, "
        "averageRecommendationPercentage decimal?, countStatements_A, "
        "countStatements_B, countStatements_C, countStatements_D, countStatements_E, "
        "countStatements_all, deliveryRating decimal?, deliveryRatingCount int, "
        "goodsRating decimal?, goodsRatingCount int, language, lastBuyerStatements "
        "RatingStatement*, lastBuyerStatements_A RatingStatement*, "
        "lastBuyerStatements_B RatingStatement*, lastBuyerStatements_C "
        "RatingStatement*, lastBuyerStatements_D RatingStatement*, "
        "lastBuyerStatements_E RatingStatement*, mark, name, "
        "negativeProtectionsLastMonth int, negativeProtectionsSixMonth int, "
        "negativeProtectionsTwelveMonth int, negativeRecommendationsCount int, "
        "neutralProtectionsLastMonth int, neutralProtectionsSixMonth int, "
        "neutralProtectionsTwelveMonth int, openedVetoesTwelveMonths int, "
        "positiveProtectionsLastMonth int, positiveProtectionsSixMonth int, "
        "positiveProtectionsTwelveMonth int, positiveRecommendationsCount int, "
        "reliabilityRating decimal?, reliabilityRatingCount int, "
        "reliabilityRatingInPercent decimal?, serviceRating decimal?, "
        "serviceRatingCount int, shopProfileSummary ShopProfileSummary?, "
        "solvedVetoesTwelveMonths int, state ratingWidgetStateEnum?, statements_A "
        "RatingStatement*, statements_B RatingStatement*, statements_C "
        "RatingStatement*, statements_D RatingStatement*, statements_E "
        "RatingStatement*, totalRatingsCount int, tsCertified, tsId, "
        "vetoesLastTwelveMonths int, websiteRating decimal?, websiteRatingCount int"
    ),
    "ShopProfileSummary": (
        "averageRating decimal?, averageRatingCount int, becomeCategory, categories "
        "(category ProductCategorySummary*)?, certificate CertificateSummary?, "
        "certificationLanguage, certificationLanguageCode, description, "
        "earlyIntegration boolean, hasBannerRotation boolean, hasLogoInNewsletter "
        "boolean, hasProfileInNewsletter boolean, headline, interviewLink, linkText, "
        "logoURL, metaDescription, metaKeywords, name, neutralProtectionsTwelveMonth "
        "int, offeredLanguages (language string*)?, ownCategories, pangoraId, "
        "positiveProtectionsTwelveMonth int, profileActive boolean, reliabilityRating "
        "decimal?, reliabilityRatingCount int, reliabilityRatingPercent decimal?, "
        "screenshotHidden boolean, shopAddress AddressSummary?, shopContact "
        "ContactSummary?, shopKeeper CompanySummary?, shopLink, shopOfTheWeekLink, "
        "shopTargetMarket, specialFeatures, tsId, url, urlLink, webdomains (webdomain "
        "string*)?, widgetState"
    ),
    "ProductCategorySummary": (
        "name, topShopInCategory boolean, xml2Id long?, xml2Name"
    ),
    "AddressSummary": "city, country, countryCode, street, zip",
    "ContactSummary": (
        "email, fax, faxTariff, firstname, lastname, phone, phoneTariff, title"
    ),
    "CompanySummary": (
        "commercialRegisterNumber, companyAddress AddressSummary?, companyContact "
        "ContactSummary?, jurisdication, name, responsible, taxNumber"
    ),
}
# Service: (definitions name, prefix of portType, binding, port and messages).
NAMES = {
    "TsProtection": ("TSProtectionService", "TSProtection"),
    "ApplicationRequestService": (
        "ApplicationRequestService",
        "ApplicationRequestService",
    ),
    "TsRating": ("TSRatingService", "TSRating"),
}
UNAVAILABLE = [
    name
    for name in CONTRACT["TsRating"]
    if name not in ("alive", "ping", "updateRatingWidgetState")
]
NS = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "soap": "http://schemas.xmlsoap.org/wsdl/soap/",
    "xs": "http://www.w3.org/2001/XMLSchema",
}
DUMMIES = {
    "string": "x",
    "int": 1,
    "long": 1,
    "decimal": "1.00",
    "boolean": "true",
    "dateTime": "2026-01-01T00:00:00",
}
each_service = pytest.mark.parametrize("service", list(CONTRACT))
each_version = pytest.mark.parametrize("version", ["1.1", "1.2"])


def get_wsdl(sandbox, service, **headers):
    path = SERVICES[service][0]
    response = requests.get(f"{sandbox.url}{path}?wsdl", headers=headers, timeout=20)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(response.content)


def read_parts(root, message):
    parts = root.findall(f"w:message[@name='{message}']/w:part", NS)
    assert not any(part.get("element") for part in parts)
    return ", ".join(
        f"{part.get('name')} {part.get('type').split(':')[1]}" for part in parts
    )


@each_service
def test_operations_and_parts_are_those_of_the_original(sandbox, service):
    root = get_wsdl(sandbox, service)
    prefix = NAMES[service][1]
    found = {
        operation.get("name"): (
            read_parts(root, f"{prefix}_{operation.get('name')}"),
            read_parts(root, f"{prefix}_{operation.get('name')}Response"),
        )
        for operation in root.iterfind("w:portType/w:operation", NS)
    }
    assert found == CONTRACT[service]


@each_service
def test_parameter_order_is_that_of_the_parts(sandbox, service):
    root = get_wsdl(sandbox, service)
    found = {
        operation.get("name"): operation.get("parameterOrder")
        for operation in root.iterfind("w:portType/w:operation", NS)
    }
    expected = {
        name: " ".join(part.split()[0] for part in inputs.split(", ")) or None
        if inputs
        else None
        for name, (inputs, _output) in CONTRACT[service].items()
    }
    assert found == expected


@each_service
def test_names_and_binding_are_those_of_the_original(sandbox, service):
    root = get_wsdl(sandbox, service)
    name, prefix = NAMES[service]
    namespace = SERVICES[service][1]
    assert (root.get("name"), root.get("targetNamespace")) == (name, namespace)
    assert root.find("w:portType", NS).get("name") == prefix
    binding = root.find("w:binding", NS)
    assert binding.get("name") == f"{prefix}Binding"
    assert dict(binding.find("soap:binding", NS).attrib) == {
        "style": "rpc",
        "transport": "http://schemas.xmlsoap.org/soap/http",
    }
    assert root.find("w:service", NS).get("name") == name
    assert root.find("w:service/w:port", NS).get("name") == f"{prefix}Port"
    operations = binding.findall("w:operation", NS)
    assert [o.get("name") for o in operations] == list(CONTRACT[service])
    for operation in operations:
        assert operation.find("soap:operation", NS).get("soapAction") == ""
        bodies = operation.findall("*/soap:body", NS)
        assert [dict(body.attrib) for body in bodies] == [
            {"use": "literal", "namespace": namespace}
        ] * 2


def read_type(root, name):
    fields = root.iterfind(f".//xs:complexType[@name='{name}']//xs:element", NS)
    return [
        (f.get("name"), f.get("type").split(":")[1], f.get("minOccurs", "1"))
        for f in fields
    ]


def test_types_of_the_protection_service_are_those_of_the_original(sandbox):
    root = get_wsdl(sandbox, "TsProtection")
    assert read_type(root, "CertificateStatus") == [
        ("certificationLanguage", "string", "0"),
        ("stateEnum", "string", "0"),
        ("tsID", "string", "0"),
        ("typeEnum", "string", "0"),
        ("url", "string", "0"),
    ]
    assert read_type(root, "baseEntity") == [
        ("creationDate", "dateTime", "0"),
        ("id", "long", "0"),
    ]
    assert read_type(root, "protectionItem") == [
        ("currency", "currencyEnum", "0"),
        ("grossFee", "decimal", "0"),
        ("netFee", "decimal", "0"),
        ("protectedAmountDecimal", "decimal", "0"),
        ("protectionDurationInt", "int", "1"),
        ("tsProductID", "string", "0"),
    ]


def test_array_and_currencies_are_those_of_the_original(sandbox):
    root = get_wsdl(sandbox, "TsProtection")
    assert read_type(root, "protectionItemArray") == [("item", "protectionItem", "0")]
    item = root.find(".//xs:complexType[@name='protectionItemArray']//xs:element", NS)
    assert (item.get("maxOccurs"), item.get("nillable")) == ("unbounded", "true")
    assert root.find(".//xs:extension", NS).get("base") == "tns:baseEntity"
    assert root.find(".//xs:schema", NS).get("elementFormDefault") is None
    values = [e.get("value") for e in root.iterfind(".//xs:enumeration", NS)]
    assert " ".join(values) == (
        "EUR USD AUD CAD CHF DKK GBP JPY NZD SEK PLN NOK BGN LVL LTL RON RUB TRY CZK "
        "HUF HRK"
    )


def write_fields(parent):
    """Return the fields of a type as in ``RATING_TYPES``."""
    words = []
    for field in parent.findall("xs:sequence/xs:element", NS):
        inner = field.find("xs:complexType", NS)
        if inner is None:
            kind = field.get("type").split(":")[1]
        else:
            kind = f"({write_fields(inner)})"
        optional = field.get("minOccurs") == "0"
        mark = "*" if field.get("maxOccurs") == "unbounded" else "?" * optional
        words.append(f"{field.get('name')} {kind}{mark}".removesuffix(" string?"))
    return ", ".join(words)


def test_types_of_the_rating_service_are_those_of_the_original(sandbox):
    root = get_wsdl(sandbox, "TsRating")
    found = {
        name: write_fields(root.find(f".//xs:complexType[@name='{name}']", NS))
        for name in RATING_TYPES
    }
    assert found == RATING_TYPES


def test_no_type_of_the_rating_service_is_open(sandbox):
    root = get_wsdl(sandbox, "TsRating")
    assert root.findall(".//xs:any", NS) == []
    declared = root.xpath("//xs:schema/*/@name", namespaces=NS)
    used = root.xpath("//@type[starts-with(., 'tns:')]", namespaces=NS)
    assert {name.removeprefix("tns:") for name in used} - {"TSRating"} <= set(declared)


def read_shape(element):
    """Return an element with its attributes and children, wherever the service is."""
    attributes = {
        name: value.split()
        for name, value in element.attrib.items()
        if name != "location"
    }
    children = [read_shape(child) for child in element.iterchildren("*")]
    return element.tag, attributes, children


@pytest.mark.parametrize("service", ["TsProtection", "ApplicationRequestService"])
def test_the_addon_brings_the_same_wsdl(sandbox, service):
    folder = ROOT / "website_sale_trustedshops" / "lib" / "wsdl"
    bundled = etree.parse(folder / f"{NAMES[service][0]}.wsdl").getroot()
    assert read_shape(bundled) == read_shape(get_wsdl(sandbox, service))


@each_service
def test_address_fits_the_host_of_the_caller(sandbox, service):
    root = get_wsdl(sandbox, service, Host="ts.example:8443")
    path = SERVICES[service][0]
    address = root.find(".//soap:address", NS).get("location")
    assert address == f"http://ts.example:8443{path}"


def test_address_follows_a_proxy_that_speaks_https(sandbox):
    headers = {"Host": "ts.example", "X-Forwarded-Proto": "https"}
    root = get_wsdl(sandbox, "TsProtection", **headers)
    address = root.find(".//soap:address", NS).get("location")
    assert address == "https://ts.example/ts/services/TsProtection"


def test_hostile_host_is_refused(sandbox):
    url = f"{sandbox.url}/ts/services/TsProtection?wsdl"
    headers = {"Host": 'x"><evil/>'}
    assert requests.get(url, headers=headers, timeout=20).status_code == 400


def test_wsdl_is_found_whatever_the_case_of_the_query(sandbox):
    url = f"{sandbox.url}/ts/services/TsProtection?WSDL"
    assert b"definitions" in requests.get(url, timeout=20).content


@each_service
def test_get_without_wsdl_says_what_to_do(sandbox, service):
    response = requests.get(sandbox.url + SERVICES[service][0], timeout=20)
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "?wsdl" in response.text


# Every operation


@each_version
@each_service
def test_alive_and_ping_answer(sandbox, service, version):
    client = sandbox.connect(service, version)
    assert client.alive() == 1
    assert client.ping(-17) == -17
    assert sandbox.ask(service, "ping", {"arg0": 4}, version) == "4"


@each_version
def test_protection_service_with_zeep(sandbox, version):
    client = sandbox.connect("TsProtection", version)
    status = client.checkCertificate(GERMAN)
    assert zeep.helpers.serialize_object(status, dict) == {
        "certificationLanguage": "de",
        "stateEnum": "PRODUCTION",
        "tsID": GERMAN,
        "typeEnum": "EXCELLENCE",
        "url": "http://shop.example",
    }
    assert client.checkLogin(GERMAN, "shop-de", "sandbox-de") == 1
    item = "TS080501_500_30_EUR"
    assert client.checkShopStatus(GERMAN, item, "shop-de", "sandbox-de") == 1
    parts = make_request(f"P{version}")
    del parts["shopSystemVersion"]
    number = client.protectWithAverageDeliveryDays(**parts)
    assert number == sandbox.get("applications")[0]["application_number"]


@each_version
def test_items_with_zeep(sandbox, version):
    items = sandbox.connect("TsProtection", version).getProtectionItems(GERMAN)
    assert [(i.tsProductID, str(i.netFee), str(i.grossFee)) for i in items] == [
        ("TS080501_500_30_EUR", "0.82", "0.98"),
        ("TS080501_1500_30_EUR", "2.47", "2.94"),
        ("TS080501_2500_30_EUR", "4.12", "4.90"),
        ("TS080501_5000_30_EUR", "8.24", "9.80"),
        ("TS080501_10000_30_EUR", "16.47", "19.60"),
        ("TS080501_20000_30_EUR", "32.94", "39.20"),
    ]


@each_version
def test_application_service_with_zeep(sandbox, version):
    client = sandbox.connect("ApplicationRequestService", version)
    parts = make_request("S00002")
    second = client.requestForProtectionV2(**parts)
    assert 0 < second < 2**31
    del parts["shopSystemVersion"]
    first = client.requestForProtection(**{**parts, "shopOrderID": "S00001"})
    assert first == second + 1
    assert client.getRequestState(GERMAN, second) == 0
    sandbox.put("settings", pending_seconds=0)
    assert 0 < client.getRequestState(GERMAN, second) < 2**31
    shipping = (GERMAN, "S00002", "7", "DHL", "2026-01-02T00:00:00", "JD01")
    assert client.setShippingInformation(*shipping) == 1


@each_version
def test_rating_service_with_zeep(sandbox, version):
    client = sandbox.connect("TsRating", version)
    login = ("sandbox-partner", "sandbox-partner-password")
    assert client.updateRatingWidgetState(GERMAN, True, *login, "odoo") == "OK"
    certificates = {c["ts_id"]: c for c in sandbox.get("certificates")}
    assert certificates[GERMAN]["rating_active"] is True


@each_version
@pytest.mark.parametrize("operation", UNAVAILABLE)
def test_other_rating_operations_answer_a_fault(sandbox, operation, version):
    inputs = [i for i in CONTRACT["TsRating"][operation][0].split(", ") if i]
    parts = dict(part.split() for part in inputs)
    values = {name: DUMMIES[kind] for name, kind in parts.items()}
    client = sandbox.connect("TsRating", version)
    with pytest.raises(zeep.exceptions.Fault) as caught:
        getattr(client, operation)(**values)
    assert caught.value.message == f"{operation} is not available in the sandbox."
    response = sandbox.post_call("TsRating", operation, values, version)
    assert response.status_code == 500


RAW_CALLS = [
    ("TsProtection", "checkLogin", "checkLogin", "1"),
    ("TsProtection", "checkShopStatus", "shopStatus", "1"),
    ("ApplicationRequestService", "getRequestState", "getRequestState", "-10001"),
    (
        "ApplicationRequestService",
        "setShippingInformation",
        "setShippingInformation",
        "-10001",
    ),
    ("TsRating", "updateRatingWidgetState", "updateResult", "OK"),
]


@each_version
@pytest.mark.parametrize(("service", "operation", "part", "answer"), RAW_CALLS)
def test_raw_answer_has_the_shape_of_the_original(
    sandbox, service, operation, part, answer, version
):
    known = {
        "tsId": GERMAN,
        "wsUser": "shop-de",
        "wsPassword": "sandbox-de",
        "tsProductId": "TS080501_500_30_EUR",
    }
    inputs = dict(p.split() for p in CONTRACT[service][operation][0].split(", "))
    parts = {name: known.get(name, DUMMIES[kind]) for name, kind in inputs.items()}
    response = sandbox.post_call(service, operation, parts, version)
    assert response.status_code == 200
    kinds = {"1.1": "text/xml", "1.2": "application/soap+xml"}
    assert response.headers["Content-Type"] == f"{kinds[version]}; charset=utf-8"
    root = etree.fromstring(response.content)
    assert root.tag == f"{{{SOAP[version]}}}Envelope"
    wrapper = root.find(f"{{{SOAP[version]}}}Body")[0]
    assert wrapper.tag == f"{{{SERVICES[service][1]}}}{operation}Response"
    assert [(child.tag, child.text) for child in wrapper] == [(part, answer)]


def test_raw_item_has_its_fields_in_the_order_of_the_type(sandbox):
    response = sandbox.post_call("TsProtection", "getProtectionItems", {"tsId": GERMAN})
    array = etree.fromstring(response.content)[0][0][0]
    assert [child.tag for child in array] == ["item"] * 6
    assert [(field.tag, field.text) for field in array[3]] == [
        ("creationDate", "2010-08-09T00:00:00+02:00"),
        ("id", "4"),
        ("currency", "EUR"),
        ("grossFee", "9.80"),
        ("netFee", "8.24"),
        ("protectedAmountDecimal", "5000.00"),
        ("protectionDurationInt", "30"),
        ("tsProductID", "TS080501_5000_30_EUR"),
    ]


def test_empty_array_is_an_empty_part(sandbox):
    response = sandbox.post_call("TsProtection", "getProtectionItems", {"tsId": "X"})
    wrapper = etree.fromstring(response.content)[0][0]
    assert [(child.tag, len(child)) for child in wrapper] == [("getProtectionItems", 0)]
    assert sandbox.connect("TsProtection").getProtectionItems("X") is None
