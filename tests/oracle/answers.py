# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every way in which the services of Trusted Shops answer, or do not."""

import ssl

import requests
import urllib3

from odoo.addons.website_sale_trustedshops.tests.fake_service import (
    HTML_PAGE,
    make_envelope,
    make_fault,
)

_HOST_UNKNOWN = urllib3.exceptions.NewConnectionError(None, "name not known")
# What is wrong on the way to a service, whichever it is.
NETWORK = {
    "silence": requests.ReadTimeout("no answer"),
    "a cut connection": requests.ConnectionError("reset by peer"),
    "half an answer": requests.exceptions.ChunkedEncodingError("cut short"),
    "nobody there": requests.ConnectTimeout("not there"),
    "an unknown host": requests.ConnectionError(_HOST_UNKNOWN),
    "a wrong TLS certificate": requests.exceptions.SSLError(
        ssl.SSLCertVerificationError("self-signed")
    ),
}
# Result codes of the application service: those that are published, and others.
PUBLISHED_CODES = (*range(-10001, -10020, -1), -11001, -11111)
OTHER_CODES = (-1, -10000, -10020, -12345)
SOAP_TROUBLE = {
    **NETWORK,
    "a fault": make_fault(),
    "HTTP 500": (500, "down"),
    "HTTP 503": (503, "busy"),
    "HTTP 404": (404, "not found"),
    "HTTP 302": (302, ""),
    "a page of a proxy": HTML_PAGE,
    "garbage": (200, "<html>Welcome"),
    "nothing": (200, ""),
    "an envelope without answer": (200, make_envelope("")),
    "a word": "accepted",
    "an empty number": "",
    "a fraction": "4712.5",
    "a number that is too large": 99999999999999999999999,
}
# To an application and to a question about one: numbers as the service gives them.
SOAP_CODES = {f"code {code}": code for code in (*PUBLISHED_CODES, *OTHER_CODES)}
SOAP_ANSWERS = {
    "a number": 4712,
    "zero": 0,
    **SOAP_CODES,
    **SOAP_TROUBLE,
}


def _say(status, text="Not this way", **headers):
    """Return an answer of the REST interface that says why."""
    return (status, {"Message": text}, headers)


# What the REST interface answers whatever it is asked for, when all is not well.
REST_TROUBLE = {
    **NETWORK,
    "HTTP 301": _say(301, Location="https://api.etrusted.com/elsewhere"),
    "HTTP 400": _say(400, 'instance requires property "customer"'),
    "HTTP 401": _say(401, "expired"),
    "HTTP 402": _say(402),
    "HTTP 403": _say(403, "no access"),
    "HTTP 404": _say(404, "no such thing"),
    "HTTP 405": _say(405),
    "HTTP 408": _say(408),
    "HTTP 409": _say(409, "conflict"),
    "HTTP 410": _say(410, "gone"),
    "HTTP 413": _say(413),
    "HTTP 422": _say(422, "unprocessable"),
    "HTTP 429": (429, {}, {"Retry-After": "7200"}),
    "HTTP 429 until a date": (
        429,
        {},
        {
            "Retry-After": "Mon, 02 Nov 2026 13:00:00 GMT",
            "Date": "Mon, 02 Nov 2026 12:00:00 GMT",
        },
    ),
    "HTTP 429 without a time": (429, {}),
    "HTTP 429 for ever": (429, {}, {"Retry-After": "99999999"}),
    "HTTP 500": _say(500, "down"),
    "HTTP 501": _say(501),
    "HTTP 502": HTML_PAGE,
    "HTTP 503": (503, "busy"),
    "HTTP 503 with a time": (503, "busy", {"Retry-After": "600"}),
    "HTTP 504": (504, ""),
}
# What is no document of the interface, though its status says that all is well.
REST_GARBAGE = {
    "garbage": (200, "<html>Welcome"),
    "nothing": (200, ""),
    "a list": (200, []),
    "an empty object": (200, {}),
    "null": (200, "null"),
}
# What the login answers instead of a token.
TOKEN_TROUBLE = {
    **NETWORK,
    "HTTP 400": (400, {"error": "invalid_request"}),
    "HTTP 401": (401, {"error": "invalid_client"}),
    "HTTP 403": (403, {"error": "access_denied"}),
    "HTTP 404": (404, "<html>"),
    "HTTP 429": (429, {}, {"Retry-After": "120"}),
    "HTTP 500": (500, {}),
    "HTTP 502": HTML_PAGE,
    "HTTP 503": (503, "busy"),
    "no token": (200, {"token_type": "Bearer"}),
    "a token that no header may have": (200, {"access_token": "a b\r\nc"}),
    "garbage": (200, "<html>"),
}
