# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read and write SOAP envelopes, version 1.1 and 1.2, rpc/literal.

Sources: SOAP 1.1 (W3C Note, 2000), SOAP 1.2 part 1 (W3C, 2007).
"""

import re
from dataclasses import dataclass

from lxml import etree

from .xsd import READERS

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

CONTENT_TYPES = {
    SOAP_11: "text/xml; charset=utf-8",
    SOAP_12: "application/soap+xml; charset=utf-8",
}
# Names of the same fault in SOAP 1.1 (4.4.1) and SOAP 1.2 (5.4.6).
_FAULT_CODES = {
    "sender": {SOAP_11: "Client", SOAP_12: "Sender"},
    "receiver": {SOAP_11: "Server", SOAP_12: "Receiver"},
    "version": {SOAP_11: "VersionMismatch", SOAP_12: "VersionMismatch"},
    "header": {SOAP_11: "MustUnderstand", SOAP_12: "MustUnderstand"},
}
# A header without one of these actors is meant for us (SOAP 1.1 4.2.2, 1.2 2.2).
_OUR_ACTORS = {
    None,
    "",
    "http://schemas.xmlsoap.org/soap/actor/next",
    f"{SOAP_12}/role/next",
    f"{SOAP_12}/role/ultimateReceiver",
}
_DECLARED = re.compile(rb"\s*<\?xml[^>]*\sencoding\s*=")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


class SoapFault(Exception):
    """An answer that is a fault.

    :param str kind: ``sender``, ``receiver``, ``version`` or ``header``.
    :param str message: what is wrong, in plain words, without personal data.
    :param int status: HTTP status; None for the usual one.
    """

    def __init__(self, kind, message, status=None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Envelope:
    """A request: SOAP namespace, element of the operation, and the text of it all."""

    version: str
    operation: object
    raw: str


def guess_version(content_type):
    """Return the SOAP version that a content type belongs to."""
    return SOAP_12 if "soap+xml" in content_type.lower() else SOAP_11


def parse_envelope(body, content_type):
    """Return the :class:`Envelope` in `body`.

    :param bytes body: the request; the encoding in its XML declaration counts,
        without one that of the content type.
    :raise SoapFault: when it is no SOAP request.
    """
    root = _parse_xml(body, content_type)
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise SoapFault("sender", "The request is not a SOAP envelope.")
    if name.namespace not in CONTENT_TYPES:
        raise SoapFault("version", "Only SOAP 1.1 and SOAP 1.2 are supported.")
    version = name.namespace
    _check_headers(root, version)
    bodies = root.findall(f"{{{version}}}Body")
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise SoapFault("sender", "The request needs one Body with one operation.")
    return Envelope(version, bodies[0][0], _decode(body, root))


def _decode(body, root):
    encoding = root.getroottree().docinfo.encoding or "utf-8"
    try:
        return body.decode(encoding, "replace")
    except LookupError:  # libxml2 knows encodings that Python does not
        return body.decode("utf-8", "replace")


def _parse_xml(body, content_type):
    charset = _CHARSET.search(content_type)
    encoding = charset.group(1) if charset and not _DECLARED.match(body) else None
    options = {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }
    try:
        parser = etree.XMLParser(encoding=encoding, **options)
    except LookupError:
        parser = etree.XMLParser(**options)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise SoapFault("sender", "The request is not well-formed XML.") from None
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise SoapFault("sender", "A document type declaration is not allowed.")
    return root


def _check_headers(root, version):
    attribute, actor = f"{{{version}}}mustUnderstand", f"{{{version}}}actor"
    if version == SOAP_12:
        actor = f"{{{version}}}role"
    for header in root.iterfind(f"{{{version}}}Header/*"):
        required = header.get(attribute, "").strip() in ("1", "true")
        if required and header.get(actor) in _OUR_ACTORS:
            raise SoapFault("header", "A header that must be understood is unknown.")


def get_operation_name(envelope, service):
    """Return the name of the requested operation.

    :raise SoapFault: when the service does not have it.
    """
    name = etree.QName(envelope.operation)
    if name.namespace != service.namespace:
        raise SoapFault(
            "sender",
            f"The operation must be in the namespace {service.namespace}.",
        )
    if name.localname not in service.operations:
        raise SoapFault("sender", f"{service.name} does not have this operation.")
    return name.localname


def read_parts(envelope, service, operation):
    """Return the parts of a request: texts as sent and typed values, by name.

    :return: two dicts in the order in which the parts were sent.
    :raise SoapFault: for a missing, repeated, unknown or badly typed part.
    """
    types = dict(operation.inputs)
    texts, values = {}, {}
    for element in envelope.operation:
        name = etree.QName(element)
        # Some clients qualify the parts although rpc/literal does not.
        ours = name.namespace in (None, service.namespace)
        if not ours or name.localname not in types:
            raise SoapFault("sender", f"{operation.name} has no part like this.")
        if name.localname in texts:
            raise SoapFault("sender", f"The part {name.localname} comes twice.")
        texts[name.localname], values[name.localname] = _read_part(
            element, name.localname, types[name.localname]
        )
    for name in types:
        if name not in texts:
            raise SoapFault("sender", f"The part {name} is missing.")
    return texts, values


def _read_part(element, name, type_name):
    text = element.text or ""
    if len(element):
        raise SoapFault("sender", f"The part {name} must not contain elements.")
    # PHP sends null as xsi:nil; a string is empty then, other types are refused.
    if element.get(_XSI_NIL, "").strip() in ("1", "true") and text:
        raise SoapFault("sender", f"The part {name} is nil and has a value.")
    try:
        return text, READERS[type_name](text)
    except ValueError:
        raise SoapFault("sender", f"The part {name} is not a {type_name}.") from None


def render_start(version):
    """Return the beginning of an answer, which alone is not well-formed."""
    return f'<?xml version="1.0"?><soap:Envelope xmlns:soap="{version}"><soap:'


def render_answer(version, service, operation, value):
    """Return an answer as bytes.

    :param value: an int, a string, a dict (a complex type) or a list of dicts (an
        array, whose children are called ``item``).
    """
    envelope, body = _new_envelope(version)
    wrapper = etree.SubElement(
        body,
        f"{{{service.namespace}}}{operation.name}Response",
        nsmap={"tns": service.namespace},
    )
    _fill(etree.SubElement(wrapper, operation.output), value)
    return _serialize(envelope)


def _fill(element, value):
    if isinstance(value, dict):
        for name, content in value.items():
            _fill(etree.SubElement(element, name), content)
    elif isinstance(value, list):
        for content in value:
            _fill(etree.SubElement(element, "item"), content)
    else:
        element.text = str(value)


def render_fault(version, fault):
    """Return a fault as a pair of HTTP status and bytes."""
    envelope, body = _new_envelope(version)
    element = etree.SubElement(body, f"{{{version}}}Fault")
    code = f"soap:{_FAULT_CODES[fault.kind][version]}"
    if version == SOAP_11:
        etree.SubElement(element, "faultcode").text = code
        etree.SubElement(element, "faultstring").text = fault.message
    else:
        holder = etree.SubElement(element, f"{{{version}}}Code")
        etree.SubElement(holder, f"{{{version}}}Value").text = code
        holder = etree.SubElement(element, f"{{{version}}}Reason")
        text = etree.SubElement(holder, f"{{{version}}}Text")
        text.set(_XML_LANG, "en")
        text.text = fault.message
    # SOAP 1.2 part 2, table 20: 400 for the sender's mistakes, else 500.
    usual = 400 if version == SOAP_12 and fault.kind == "sender" else 500
    return fault.status or usual, _serialize(envelope)


def _new_envelope(version):
    envelope = etree.Element(f"{{{version}}}Envelope", nsmap={"soap": version})
    return envelope, etree.SubElement(envelope, f"{{{version}}}Body")


def _serialize(envelope):
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
