# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""SOAP itself: versions, encodings, types, and what is no proper request."""

import pytest
from lxml import etree

from sandbox_process import (
    CONTENT_TYPES,
    GERMAN,
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
    b"<a>",
    b"\xff\xfe\x00",
    b"<a>&undefined;</a>",
    b"<a>" * 5000 + b"</a>" * 5000,
]


@each_version
def test_what_is_no_envelope_is_a_fault(sandbox, version):
    for body in MALFORMED:
        response = sandbox.post_xml("TsProtection", body, version)
        check_sender_fault(response, "The request is not well-formed XML.", version)
    response = sandbox.post_xml("TsProtection", "<html/>")
    check_sender_fault(response, "The request is not a SOAP envelope.")
    response = sandbox.post_call("TsProtection", "getRequestState", {}, version)
    check_sender_fault(response, "TsProtection does not have this operation.", version)
    response = sandbox.post_xml("TsProtection", '<Envelope xmlns="urn:x"/>')
    assert response.status_code == 500
    assert read_fault(response)[0] == "VersionMismatch"


@each_version
@pytest.mark.parametrize("name", list(make_request()))
def test_missing_part_is_a_fault(sandbox, name, version):
    parts = make_request()
    del parts[name]
    response = sandbox.post_call(APPLICATIONS, V2, parts, version)
    check_sender_fault(response, f"The part {name} is missing.", version)
    assert sandbox.get("applications") == []


STATE = (APPLICATIONS, "getRequestState", {"tsId": GERMAN, "applicationId": 1})
PING = ("TsProtection", "ping", {"arg0": 1})
REQUEST = (APPLICATIONS, V2, make_request())
BAD_VALUES = [
    (REQUEST, "amount", "decimal", ("", "49,90", "4.99E1", "NaN", "INF", "1 0", ".")),
    (REQUEST, "orderDate", "dateTime", ("", "2026-01-01", "2026-01-01 10:00:00")),
    (REQUEST, "orderDate", "dateTime", ("2026-02-30T10:00:00", "2026-01-01T25:00:00")),
    (STATE, "applicationId", "long", ("", "1.0", "9223372036854775808", "1e3")),
    (PING, "arg0", "int", ("2147483648", "-2147483649", "x")),
]


@pytest.mark.parametrize(("call", "name", "kind", "values"), BAD_VALUES)
def test_badly_typed_part_is_a_fault(sandbox, call, name, kind, values):
    service, operation, parts = call
    for value in values:
        response = sandbox.post_call(service, operation, {**parts, name: value})
        check_sender_fault(response, f"The part {name} is not a {kind}.")


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


@pytest.mark.parametrize("chunked", [False, True])
def test_larger_request_is_refused(sandbox, chunked):
    body = make_envelope("TsProtection", "checkCertificate", {"tsId": "X"})
    body = body.replace(">X<", f">{'X' * (LIMIT - len(body) + 2)}<").encode()
    content = iter([body[:1000], body[1000:]]) if chunked else body
    response = sandbox.post_xml("TsProtection", content)
    text = "The request has more than 1048576 bytes."
    check_sender_fault(response, text, status=413)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_what_a_form_of_another_site_sends_is_refused(sandbox, kind):
    body = make_envelope(APPLICATIONS, V2, make_request())
    response = sandbox.post_xml(APPLICATIONS, body, Content_Type=kind)
    check_sender_fault(response, "The content type must be XML.", status=415)
    assert sandbox.get("applications") == []
