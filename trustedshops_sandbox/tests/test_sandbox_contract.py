# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each WSDL says what the original of 2013 said, and each operation answers."""

import re
from pathlib import Path

import pytest
import requests
import zeep
from lxml import etree

from sandbox_process import GERMAN, SERVICES, make_request

# What was written down from the original WSDL files, not from those of the sandbox.
WRITTEN = Path(__file__).with_name("contract.txt")
OPERATION = re.compile(r"  (\w+)\((.*)\) -> (\w+ \w+)")
TYPE = re.compile(r"  (\w+): (.+)")


def read_written(pattern):
    """Return what fits the pattern: by service, then by name."""
    found = {}
    for line in WRITTEN.read_text().splitlines():
        if line.startswith("service "):
            of_service = found[line.split()[1]] = {}
        elif match := pattern.fullmatch(line):
            name, *rest = match.groups()
            of_service[name] = tuple(rest)
    return found


CONTRACT = read_written(OPERATION)
# Service: (definitions name, prefix of portType, binding, port and messages).
NAMES = {
    "TsProtection": ("TSProtectionService", "TSProtection"),
    "ApplicationRequestService": (
        "ApplicationRequestService",
        "ApplicationRequestService",
    ),
    "TsRating": ("TSRatingService", "TSRating"),
}
NS = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "soap": "http://schemas.xmlsoap.org/wsdl/soap/",
    "xs": "http://www.w3.org/2001/XMLSchema",
}
each_service = pytest.mark.parametrize("service", list(CONTRACT))
each_version = pytest.mark.parametrize("version", ["1.1", "1.2"])


def get_wsdl(sandbox, service, **headers):
    path = SERVICES[service][0]
    response = requests.get(f"{sandbox.url}{path}?wsdl", headers=headers, timeout=20)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(response.content)


def get_inputs(service, operation):
    """Return the types of the parts of a request by their names."""
    inputs = CONTRACT[service][operation][0]
    return dict(part.split() for part in inputs.split(", ") if part)


def read_parts(root, message):
    parts = root.findall(f"w:message[@name='{message}']/w:part", NS)
    assert not any(part.get("element") for part in parts)
    return ", ".join(
        f"{part.get('name')} {part.get('type').split(':')[1]}" for part in parts
    )


@each_service
def test_operations_and_parts_are_those_of_the_original(sandbox, service):
    root = get_wsdl(sandbox, service)
    found, orders = {}, {}
    for operation in root.iterfind("w:portType/w:operation", NS):
        name = operation.get("name")
        message = f"{NAMES[service][1]}_{name}"
        found[name] = read_parts(root, message), read_parts(root, f"{message}Response")
        orders[name] = operation.get("parameterOrder", "")
    assert found == CONTRACT[service]
    assert orders == {
        name: " ".join(get_inputs(service, name)) for name in CONTRACT[service]
    }


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


def write_fields(parent):
    """Return the fields of a type as they were written down."""
    words = []
    extension = parent.find("xs:complexContent/xs:extension", NS)
    if extension is not None:
        parent = extension
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


@pytest.mark.parametrize("service", ["TsProtection", "TsRating"])
def test_types_are_those_of_the_original(sandbox, service):
    root = get_wsdl(sandbox, service)
    expected = read_written(TYPE)[service]
    found = {
        name: (write_fields(root.find(f".//xs:complexType[@name='{name}']", NS)),)
        for name in expected
    }
    assert found == expected


@each_service
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_address_fits_host_and_scheme_of_the_caller(sandbox, service, scheme):
    headers = {"Host": "ts.example:8443", "X-Forwarded-Proto": scheme}
    address = get_wsdl(sandbox, service, **headers).find(".//soap:address", NS)
    path = SERVICES[service][0]
    assert address.get("location") == f"{scheme}://ts.example:8443{path}"
    hostile = {"Host": 'x"><evil/>'}
    url = f"{sandbox.url}{path}"
    assert requests.get(f"{url}?wsdl", headers=hostile, timeout=20).status_code == 400
    assert b"definitions" in requests.get(f"{url}?WSDL", timeout=20).content
    response = requests.get(url, timeout=20)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "?wsdl" in response.text


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
    items = client.getProtectionItems(GERMAN)
    assert [(i.tsProductID, str(i.netFee), str(i.grossFee)) for i in items] == [
        ("TS080501_500_30_EUR", "0.82", "0.98"),
        ("TS080501_1500_30_EUR", "2.47", "2.94"),
        ("TS080501_2500_30_EUR", "4.12", "4.90"),
        ("TS080501_5000_30_EUR", "8.24", "9.80"),
        ("TS080501_10000_30_EUR", "16.47", "19.60"),
        ("TS080501_20000_30_EUR", "32.94", "39.20"),
    ]
    assert client.getProtectionItems("X") is None


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
