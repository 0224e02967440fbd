# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The contract of the three services, read from the WSDL files of this package.

The WSDL is the only place that says which operations, parts and types exist; the
server checks requests against the same file that it hands out.
"""

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_NS = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "soap": "http://schemas.xmlsoap.org/wsdl/soap/",
}


@dataclass(frozen=True)
class Operation:
    """One operation.

    ``inputs`` are pairs of part name and XML Schema type in the order of the WSDL,
    ``output`` is the name of the only part of the answer.
    """

    name: str
    inputs: tuple
    output: str


@dataclass(frozen=True)
class Service:
    """One service: its name in the address, path, namespace and operations by name."""

    name: str
    path: str
    namespace: str
    operations: dict
    wsdl: bytes

    def render_wsdl(self, base_url):
        """Return the WSDL with an address below `base_url`, as bytes."""
        root = etree.fromstring(self.wsdl)
        root.find(".//soap:address", _NS).set("location", base_url + self.path)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _read_operations(root):
    parts = {
        message.get("name"): tuple(
            (part.get("name"), part.get("type").partition(":")[2])
            for part in message.findall("w:part", _NS)
        )
        for message in root.findall("w:message", _NS)
    }
    operations = {}
    for element in root.findall("w:portType/w:operation", _NS):
        name = element.get("name")
        inputs, outputs = (
            parts[element.find(f"w:{direction}", _NS).get("message").partition(":")[2]]
            for direction in ("input", "output")
        )
        operations[name] = Operation(name, inputs, outputs[0][0])
    return operations


def _load(name, path):
    content = (Path(__file__).parent / "wsdl" / f"{name}.wsdl").read_bytes()
    root = etree.fromstring(content)
    namespace = root.get("targetNamespace")
    return Service(name, path, namespace, _read_operations(root), content)


# Paths of the real hosts (original WSDL files, 2013).
SERVICES = {
    service.path: service
    for service in (
        _load("TsProtection", "/ts/services/TsProtection"),
        _load(
            "ApplicationRequestService",
            "/ts/protectionservices/ApplicationRequestService",
        ),
        _load("TsRating", "/ts/services/TsRating"),
    )
}

# Every operation name of the three services, in the order of the WSDL files.
OPERATIONS = tuple(
    dict.fromkeys(name for service in SERVICES.values() for name in service.operations)
)
