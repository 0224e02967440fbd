# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""SOAP itself: versions, encodings, types, and what is no proper request."""

import socket

import pytest
from lxml import etree

from sandbox_process import (
    CONTENT_TYPES,
    GERMAN,
    SERVICES,
    SOAP,
    make_envelope,
    make_request,
)

APPLICATIONS = "ApplicationRequestService"
V2 = "requestForProtectionV2"
each_version = pytest.mark.parametrize("version", ["1.1", "1.2"])


def read_fault(response, version="1.1"):
    """Return code and text of a fault, checked against the shape of its version."""
    kind = CONTENT_TYPES[version]
    assert response.headers["Content-Type"] == kind
    namespace = SOAP[version]
    fault = etree.fromstring(response.content)[0][0]
    assert fault.tag == f"{{{namespace}}}Fault"
    if version == "1.1":
        code, text = fault.findtext("faultcode"), fault.findtext("faultstring")
    else:
        names = {"s": namespace}
        code = fault.findtext("s:Code/s:Value", namespaces=names)
        element = fault.find("s:Reason/s:Text", names)
        assert element.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
        text = element.text
    prefix, _colon, name = code.partition(":")
    assert fault.nsmap[prefix] == namespace
    return name, text


def check_sender_fault(response, text, version="1.1", status=None):
    name = {"1.1": "Client", "1.2": "Sender"}[version]
    assert read_fault(response, version) == (name, text)
    assert response.status_code == (status or {"1.1": 500, "1.2": 400}[version])


PING_BODY = make_envelope("TsProtection", "ping", {"arg0": 5})
ACCEPTED = [
    *((PING_BODY, {"SOAPAction": name}) for name in ('""', "", '"urn:other"', None)),
    # Qualified parts, and a request in chunks.
    (PING_BODY.replace("arg0>", "op:arg0>"), {}),
    ([PING_BODY[:100].encode(), PING_BODY[100:].encode()], {}),
]


@pytest.mark.parametrize(("body", "headers"), ACCEPTED)
def test_what_other_clients_send_is_accepted(sandbox, body, headers):
    content = iter(body) if isinstance(body, list) else body
    response = sandbox.post_xml("TsProtection", content, **headers)
    assert response.status_code == 200
    assert etree.fromstring(response.content)[0][0][0].text == "5"


def test_answer_follows_the_envelope_and_not_the_content_type(sandbox):
    body = make_envelope("TsProtection", "ping", {"arg0": 5}, "1.2")
    response = sandbox.post_xml("TsProtection", body, "1.1")
    assert response.headers["Content-Type"] == "application/soap+xml; charset=utf-8"
    assert etree.fromstring(response.content).tag == f"{{{SOAP['1.2']}}}Envelope"


NIL = '<shopOrderID xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true"/>'


def test_texts_are_read_as_xml_says(sandbox):
    body = make_envelope(APPLICATIONS, V2, make_request("Bestellung-ä"))
    sandbox.put("settings", duplicates="accept")
    for encoding in ("iso-8859-1", "iso-8859-2", "utf-8", "utf-16", None):
        declared = body.replace("UTF-8", encoding or "")
        kind = "text/xml"
        if not encoding:
            declared = body.partition("?>")[2]
            kind = "text/xml; charset=ISO-8859-1"
        content = declared.encode(encoding or "iso-8859-1")
        response = sandbox.post_xml(APPLICATIONS, content, Content_Type=kind)
        assert response.status_code == 200, response.text
    marked = body.replace("Bestellung-ä", "a<!-- x --><![CDATA[<b>]]>&amp;c")
    assert sandbox.post_xml(APPLICATIONS, marked).status_code == 200
    orders = [each["shopOrderID"] for each in sandbox.get("applications")]
    assert orders == ["Bestellung-ä"] * 5 + ["a<b>&c"]
    # PHP's null is an empty text.
    body = body.replace("<shopOrderID>Bestellung-ä</shopOrderID>", NIL)
    response = sandbox.post_xml(APPLICATIONS, body)
    assert etree.fromstring(response.content)[0][0][0].text == "-10015"
    parts = dict(reversed(make_request("in another order").items()))
    assert int(sandbox.ask(APPLICATIONS, V2, parts)) > 0


MALFORMED = [
    b"",
    b"not xml",
    b"<a>",
    b'<?xml version="1.0"?>',
    b"\xff\xfe\x00",
    b"<a>&undefined;</a>",
    b"<a>\x00</a>",
    b"<a>" * 5000 + b"</a>" * 5000,
]


@each_version
def test_what_is_no_envelope_is_a_fault(sandbox, version):
    for body in MALFORMED:
        response = sandbox.post_xml("TsProtection", body, version)
        check_sender_fault(response, "The request is not well-formed XML.", version)
    response = sandbox.post_xml("TsProtection", "<html/>")
    check_sender_fault(response, "The request is not a SOAP envelope.")
    response = sandbox.post_xml("TsProtection", '<Envelope xmlns="urn:x"/>')
    assert response.status_code == 500
    assert read_fault(response)[0] == "VersionMismatch"


@each_version
@pytest.mark.parametrize("operation", ["cancelProtection", "getRequestState"])
def test_operation_that_the_service_lacks_is_a_fault(sandbox, operation, version):
    response = sandbox.post_call("TsProtection", operation, {}, version)
    check_sender_fault(response, "TsProtection does not have this operation.", version)


@pytest.mark.parametrize("namespace", ["", "urn:other", "http://tsp.ts.nhp.com/"])
def test_wrong_namespace_is_a_fault(sandbox, namespace):
    body = make_envelope("TsProtection", "alive", {})
    body = body.replace("op:alive", "alive").replace("xmlns:op", "xmlns")
    body = body.replace(SERVICES["TsProtection"][1], namespace)
    check_sender_fault(
        sandbox.post_xml("TsProtection", body),
        "The operation must be in the namespace "
        "http://protection.action.b2b.ts.nhp.com/.",
    )


@pytest.mark.parametrize(
    "content", ["", "<q:Body/>", "<q:Body><a/><b/></q:Body>", "<q:Body/><q:Body/>"]
)
def test_envelope_without_one_operation_is_a_fault(sandbox, content):
    body = f'<q:Envelope xmlns:q="{SOAP["1.1"]}">{content}</q:Envelope>'
    check_sender_fault(
        sandbox.post_xml("TsProtection", body),
        "The request needs one Body with one operation.",
    )


@each_version
@pytest.mark.parametrize("name", list(make_request()))
def test_missing_part_is_a_fault(sandbox, name, version):
    parts = make_request()
    del parts[name]
    response = sandbox.post_call(APPLICATIONS, V2, parts, version)
    check_sender_fault(response, f"The part {name} is missing.", version)
    assert sandbox.get("applications") == []


BAD_PARTS = [
    ("<arg0>", "<arg0>1</arg0><arg0>", "The part arg0 comes twice."),
    ("<arg0>", '<arg0 xmlns="urn:x">', "ping has no part like this."),
    ("<arg0>", "<fee>x</fee><arg0>", "ping has no part like this."),
    ("<arg0>", "<Arg0>x</Arg0><arg0>", "ping has no part like this."),
    (">5<", "><b>5</b><", "The part arg0 must not contain elements."),
]


@pytest.mark.parametrize(("old", "new", "text"), BAD_PARTS)
def test_badly_formed_part_is_a_fault(sandbox, old, new, text):
    body = PING_BODY.replace(old, new)
    check_sender_fault(sandbox.post_xml("TsProtection", body), text)


STATE = (APPLICATIONS, "getRequestState", {"tsId": GERMAN, "applicationId": 1})
PING = ("TsProtection", "ping", {"arg0": 1})
WIDGET = (
    "TsRating",
    "updateRatingWidgetState",
    dict.fromkeys(("tsId", "activation", "wsUser", "wsPassword", "partnerPackage"), ""),
)
REQUEST = (APPLICATIONS, V2, make_request())
BAD_VALUES = [
    (REQUEST, "amount", "decimal", ("", "49,90", "4.99E1", "NaN", "INF", "1 0", ".")),
    (REQUEST, "amount", "decimal", ("+", "0x10", "٤٩")),
    (REQUEST, "orderDate", "dateTime", ("", "2026-01-01", "2026-01-01 10:00:00")),
    (REQUEST, "orderDate", "dateTime", ("2026-02-30T10:00:00", "2026-01-01T25:00:00")),
    (REQUEST, "orderDate", "dateTime", ("2026-01-01T24:00:01", "2026-01-01T10:00")),
    (REQUEST, "orderDate", "dateTime", ("2026-01-01T10:00:00+15:00",)),
    (REQUEST, "orderDate", "dateTime", ("2026-01-01T10:00:00+01:60",)),
    (REQUEST, "orderDate", "dateTime", ("0001-01-01T00:00:00+14:00",)),
    (REQUEST, "orderDate", "dateTime", ("0000-01-01T00:00:00",)),
    (STATE, "applicationId", "long", ("", "1.0", "9223372036854775808", "1e3")),
    (STATE, "applicationId", "long", ("9" * 5000,)),
    (PING, "arg0", "int", ("2147483648", "-2147483649", "x")),
    (WIDGET, "activation", "boolean", ("", "TRUE", "yes", "2")),
]


@pytest.mark.parametrize(("call", "name", "kind", "values"), BAD_VALUES)
def test_badly_typed_part_is_a_fault(sandbox, call, name, kind, values):
    service, operation, parts = call
    for value in values:
        response = sandbox.post_call(service, operation, {**parts, name: value})
        check_sender_fault(response, f"The part {name} is not a {kind}.")


def test_value_that_xml_schema_allows_is_read(sandbox):
    sandbox.put("settings", duplicates="accept")
    for amount in ("49.9", "+49.90", " 49.90\n", "49", "49.", ".5", "049"):
        assert sandbox.apply(amount=amount) > 0
    assert sandbox.apply(amount="1." + "0" * 5000) > 0
    # The end of a day may be written as 24 hours.
    assert sandbox.apply(orderDate="2020-01-01T24:00:00") == -10013


HEADER = (
    '<q:Header><wsse:Security xmlns:wsse="urn:x" {attributes}>x</wsse:Security>'
    "</q:Header><q:Body>"
)
NEXT_11 = "http://schemas.xmlsoap.org/soap/actor/next"
NEXT_12 = "http://www.w3.org/2003/05/soap-envelope/role/next"
HEADERS = [
    ("1.1", 'q:mustUnderstand="1"', False),
    ("1.1", f'q:mustUnderstand="1" q:actor="{NEXT_11}"', False),
    ("1.1", 'q:mustUnderstand="1" q:actor="urn:somebody-else"', True),
    ("1.1", 'q:mustUnderstand="0"', True),
    ("1.1", "", True),
    ("1.2", 'q:mustUnderstand="true"', False),
    ("1.2", f'q:mustUnderstand="true" q:role="{NEXT_12}"', False),
    ("1.2", 'q:mustUnderstand="true" q:role="urn:somebody-else"', True),
    ("1.2", 'q:mustUnderstand="false"', True),
]


@pytest.mark.parametrize(("version", "attributes", "accepted"), HEADERS)
def test_header_that_must_be_understood(sandbox, version, attributes, accepted):
    body = make_envelope("TsProtection", "ping", {"arg0": 5}, version)
    body = body.replace("<q:Body>", HEADER.format(attributes=attributes))
    response = sandbox.post_xml("TsProtection", body, version)
    if accepted:
        assert response.status_code == 200
    else:
        assert response.status_code == 500
        assert read_fault(response, version)[0] == "MustUnderstand"


LAUGHS = "".join(
    f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' if i else '<!ENTITY a0 "ha">'
    for i in range(10)
)
DOCTYPES = [
    ("<!DOCTYPE x>", "x"),
    (f"<!DOCTYPE x [{LAUGHS}]>", "&a9;"),
    ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
    ('<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:{port}/leak">]>', "&a;"),
    ('<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/leak">', "x"),
    ('<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:{port}/leak"> %a;]>', "x"),
]


@each_version
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(("doctype", "value"), DOCTYPES)
def test_document_type_is_refused(sandbox, doctype, value, encoding, version):
    body = make_envelope("TsProtection", "checkCertificate", {"tsId": "VALUE"}, version)
    doctype = doctype.replace("{port}", str(sandbox.port))
    body = body.replace('encoding="UTF-8"?>', f'encoding="{encoding}"?>{doctype}')
    body = body.replace("VALUE", value).encode(encoding)
    response = sandbox.post_xml("TsProtection", body, version)
    name, text = read_fault(response, version)
    assert name in ("Client", "Sender")
    assert text in (
        "A document type declaration is not allowed.",
        "The request is not well-formed XML.",
    )
    assert "root:" not in response.text
    assert "/leak" not in sandbox.read_log()


LIMIT = 1024 * 1024


def make_large_body(size, version="1.1"):
    body = make_envelope("TsProtection", "checkCertificate", {"tsId": "X"}, version)
    return body.replace(">X<", ">" + "X" * (size - len(body) + 1) + "<").encode()


def test_request_of_the_largest_size_is_answered(sandbox):
    body = make_large_body(LIMIT)
    assert len(body) == LIMIT
    assert sandbox.post_xml("TsProtection", body).status_code == 200


@each_version
@pytest.mark.parametrize("size", [LIMIT + 1, 5 * LIMIT])
@pytest.mark.parametrize("chunked", [False, True])
def test_larger_request_is_refused(sandbox, size, chunked, version):
    body = make_large_body(size, version)
    content = iter([body[:1000], body[1000:]]) if chunked else body
    response = sandbox.post_xml("TsProtection", content, version)
    text = "The request has more than 1048576 bytes."
    check_sender_fault(response, text, version, status=413)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_what_a_form_of_another_site_sends_is_refused(sandbox, kind):
    body = make_envelope(APPLICATIONS, V2, make_request())
    response = sandbox.post_xml(APPLICATIONS, body, Content_Type=kind)
    check_sender_fault(response, "The content type must be XML.", status=415)
    assert sandbox.get("applications") == []


@pytest.mark.parametrize(
    "request_head",
    [b"Content-Length: x\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc"],
)
def test_broken_http_is_answered_with_400(sandbox, request_head):
    path = SERVICES["TsProtection"][0].encode()
    with socket.create_connection(("127.0.0.1", sandbox.port), 10) as connection:
        connection.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + request_head)
        assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 400 ")
