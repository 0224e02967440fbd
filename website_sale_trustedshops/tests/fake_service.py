# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Trusted Shops as seen from the HTTP session: what is sent, and what comes back."""

import io
import json
from collections import defaultdict, deque
from xml.sax.saxutils import escape

import requests
import urllib3
from lxml import etree

TS_ID = "X0123456789ABCDEF0123456789ABCDEF"
PROTECTION_NS = "http://protection.action.b2b.ts.nhp.com/"
APPLICATION_NS = "http://tsp.ts.nhp.com/"
HOSTS = (
    "www.trustedshops.com",
    "protection.trustedshops.com",
    "cdn1.api.trustedshops.com",
    "cdn1.api-qa.trustedshops.com",
)

# Protected amount: net fee, gross fee; the euro table of a German shop.
EURO_FEES = {
    "500.00": ("0.82", "0.98"),
    "1500.00": ("2.47", "2.94"),
    "2500.00": ("4.12", "4.90"),
    "5000.00": ("8.24", "9.80"),
    "10000.00": ("16.47", "19.60"),
    "20000.00": ("32.94", "39.20"),
}


def make_item(amount, net, gross, currency="EUR", days=30):
    """Return a protection item as the service describes it."""
    return {
        "currency": currency,
        "grossFee": gross,
        "netFee": net,
        "protectedAmountDecimal": amount,
        "protectionDurationInt": days,
        "tsProductID": f"TS080501_{int(float(amount))}_{days}_{currency}",
    }


def make_envelope(body):
    """Return a SOAP 1.1 envelope."""
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )


def make_response(status, body, **headers):
    """Return an answer as ``requests.Session.send`` does, its body not read yet."""
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    stream = io.BytesIO(body.encode())
    response.raw = urllib3.HTTPResponse(stream, preload_content=False)
    return response


def make_fault(text="Service is down"):
    """Return HTTP status and body of a SOAP fault."""
    fault = f"<faultcode>s:Server</faultcode><faultstring>{text}</faultstring>"
    return 500, make_envelope(f"<s:Fault>{fault}</s:Fault>")


def make_trustmark(shop):
    """Return HTTP status and body of a document of the public list."""
    return 200, json.dumps({"response": {"code": 200, "data": {"shop": shop}}})


def make_rating(mark, count):
    """Return what a document of the public ratings says about a shop."""
    reviews = {"overallMark": mark, "activeReviewCount": count}
    return {"qualityIndicators": {"reviewIndicator": reviews}}


# What the storage behind the public list says about an unknown id.
NO_SUCH_KEY = (404, "<Error><Code>NoSuchKey</Code><Key>empty.json</Key></Error>")
HTML_PAGE = (502, "<html><body><h1>Bad Gateway</h1></body></html>")


class FakeTrustedShops:
    """Canned answers of both services and of the public list.

    Without a script everything is well: the certificate is a valid Excellence one, an
    application gets the next number and is never decided. The public list knows no id
    until ``trustmark`` is set, to what its document says about the shop. :meth:`script`
    prepares other outcomes, each for one call: a number, an exception to raise, HTTP
    status, body and perhaps headers, or a function of the parts that returns one of
    these; for ``getTrustmark`` and ``getRating`` a shop or None in place of the number.
    A pair in ``rating`` is mark and number of reviews.
    """

    def __init__(self):
        self.reset()

    def reset(self):
        """Forget calls and scripts."""
        self.calls = []
        self.status = {
            "certificationLanguage": "de",
            "stateEnum": "PRODUCTION",
            "typeEnum": "EXCELLENCE",
            "url": "shop.example",
        }
        self.items = [make_item(amount, *fee) for amount, fee in EURO_FEES.items()]
        self.trustmark = None
        self.rating = None
        self.always = {}
        self._scripts = defaultdict(deque)
        self._last_number = 4710

    def script(self, operation, *outcomes):
        """Prepare the outcomes of the next calls of an operation."""
        self._scripts[operation].extend(outcomes)

    def get_parts(self, operation):
        """Return the parts of every call of an operation."""
        return [parts for name, parts in self.calls if name == operation]

    def send(self, request):
        """Answer a prepared HTTP request."""
        if request.method == "GET":
            is_rating = request.path_url.endswith("/quality/reviews.json")
            namespace = None
            operation = "getRating" if is_rating else "getTrustmark"
            parts = {"tsId": request.path_url.split("/")[2]}
        else:
            namespace, operation, parts = _read_envelope(request.body)
        self.calls.append((operation, parts))
        outcome = self._get_outcome(operation, parts)
        if isinstance(outcome, Exception):
            raise outcome
        if not isinstance(outcome, tuple):
            outcome = self._make_answer(operation, namespace, parts, outcome)
        status, body, *headers = outcome
        return make_response(status, body, **(headers[0] if headers else {}))

    def _get_outcome(self, operation, parts):
        if self._scripts[operation]:
            outcome = self._scripts[operation].popleft()
        elif operation in self.always:
            outcome = self.always[operation]
        else:
            outcome = getattr(self, f"_answer_{operation}")
        return outcome(parts) if callable(outcome) else outcome

    def _make_answer(self, operation, namespace, parts, content):
        """Return HTTP status and body of an answer."""
        if operation in ("getTrustmark", "getRating"):
            return make_trustmark({**parts, **content}) if content else NO_SUCH_KEY
        part = {"checkCertificate": "certificateStatus"}.get(operation, operation)
        name = f"{operation}Response"
        return 200, make_envelope(
            f'<n:{name} xmlns:n="{namespace}"><{part}>{content}</{part}></n:{name}>'
        )

    def _answer_getTrustmark(self, _parts):
        return self.trustmark

    def _answer_getRating(self, _parts):
        return self.rating and make_rating(*self.rating)

    def _answer_checkCertificate(self, parts):
        status = dict(sorted({**self.status, "tsID": parts["tsId"]}.items()))
        return _make_fields(status)

    def _answer_getProtectionItems(self, _parts):
        return "".join(f"<item>{_make_fields(item)}</item>" for item in self.items)

    def _answer_checkLogin(self, _parts):
        return 1

    def _answer_requestForProtectionV2(self, _parts):
        self._last_number += 1
        return self._last_number

    def _answer_getRequestState(self, _parts):
        return 0


def _read_envelope(body):
    """Return namespace and name of an operation, and its parts."""
    wrapper = etree.fromstring(body).find("{*}Body")[0]
    name = etree.QName(wrapper)
    return name.namespace, name.localname, {p.tag: p.text or "" for p in wrapper}


def _make_fields(values):
    return "".join(f"<{key}>{escape(str(val))}</{key}>" for key, val in values.items())
