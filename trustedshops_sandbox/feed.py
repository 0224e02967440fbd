# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The public list of trustmarks and the public ratings: JSON documents for everybody.

There is one of each per certificate. Source: the documents that the official SDKs for
Android and iOS read. Of the statuses only VALID is known, and so is the shape of the
answer for an unknown id. A shop without reviews is assumed to have a document without
them.
"""

import json
from decimal import Decimal

from .broken import make_broken_answer, make_hostile, make_late_answer

# Name of a look-up among the operations.
OPERATION = "trustmark"
RATING_OPERATION = "rating"
_FOLDER = "/shops/<ts_id>/mobiles/v1/sdks/<any(ios, android):system>"
PATH = f"{_FOLDER}/trustmarks.json"
RATING_PATH = f"{_FOLDER}/quality/reviews.json"

_JSON = "application/json"
_NO_SUCH_KEY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>'
    b"<Message>The specified key does not exist.</Message><Key>empty.json</Key>"
    b"</Error>"
)
# Status by the state of a certificate; all but VALID are made up.
_STATUSES = {"PRODUCTION": "VALID", "CANCELLED": "EXPIRED"}
_MARKETS = {
    "de": "DEU",
    "en": "GBR",
    "es": "ESP",
    "fr": "FRA",
    "it": "ITA",
    "nl": "NLD",
    "pl": "POL",
}
_REST_OF_EUROPE = "EUO"
# Words for a mark of at least so much; the limits are made up.
_WORDS = (
    ("4.50", "EXCELLENT"),
    ("3.50", "GOOD"),
    ("2.50", "FAIR"),
    ("1.50", "POOR"),
    ("0.00", "VERY_POOR"),
)
# How many of all reviews are those of the last year: made up.
_YEARS = 4
# The guarantee of a certificate without items.
_CURRENCIES = {"pl": "PLN"}
_CLASSIC_DAYS = 30


def answer(certificate, fault, operation=OPERATION):
    """Return the Response to a look-up, as good or bad as a fault wants it.

    :param dict certificate: the certificate with that id, or None.
    :param dict fault: the fault, or None.
    :param str operation: what is looked up.
    :raise Hangup: for a fault without any answer.
    """
    kind = fault and fault["kind"]
    broken = make_broken_answer(fault, _JSON, '{"response": {"code": 200, "data": {"')
    if broken:
        return broken
    if kind == "fault":
        document = _make_response(500, "ERROR", "INTERNAL_SERVER_ERROR")
        return make_late_answer(fault, _to_bytes(document), _JSON, 500)
    if not certificate or not certificate["feed"]:
        return make_late_answer(fault, _NO_SUCH_KEY, "application/xml", 404)
    make_shop = _make_rated_shop if operation == RATING_OPERATION else _make_marked_shop
    document = _make_response(200, "SUCCESS", "SUCCESS", shop=make_shop(certificate))
    if kind == "hostile":
        document = make_hostile(document, operation)
    return make_late_answer(fault, _to_bytes(document), _JSON)


def _to_bytes(document):
    return json.dumps(document).encode()


def _make_response(code, status, message, **data):
    return {
        "response": {
            "code": code,
            "status": status,
            "message": message,
            "data": data,
            "responseInfo": {"apiVersion": "2.4.28"},
        }
    }


def _make_shop(certificate):
    language = certificate["language"]
    address = certificate["url"].partition("://")[2]
    return {
        "tsId": certificate["ts_id"],
        "name": address.partition("/")[0],
        "url": address,
        "languageISO2": language,
        "targetMarketISO3": _MARKETS.get(language, _REST_OF_EUROPE),
    }


def _make_marked_shop(certificate):
    shop = {**_make_shop(certificate), "trustMark": _make_mark(certificate)}
    if certificate["guarantee"]:
        shop["guarantee"] = _make_guarantee(certificate)
    return shop


def _make_rated_shop(certificate):
    shop = _make_shop(certificate)
    if certificate["reviews"]:
        indicator = _make_review_indicator(certificate)
        shop["qualityIndicators"] = {"reviewIndicator": indicator}
    return shop


def _make_review_indicator(certificate):
    mark, count = certificate["mark"], certificate["reviews"]
    return {
        "overallMark": float(mark),
        "overallMarkDescription": next(
            word for lowest, word in _WORDS if mark >= lowest
        ),
        "activeReviewCount": count,
        "totalReviewCount": _YEARS * count,
        "reviewsCountedSince": certificate["valid_from"],
    }


def _make_mark(certificate):
    """Return status and days; the real list may be silent about a day, too."""
    state = certificate["state"]
    mark = {"status": _STATUSES.get(state, state)}
    for name, field in (("validFrom", "valid_from"), ("validTo", "valid_to")):
        if certificate[field]:
            mark[name] = f"{certificate[field]}T00:00:00+01:00"
    return mark


def _make_guarantee(certificate):
    """Return what a certificate covers, in the currency of its largest item."""
    classic = {
        "currency": _CURRENCIES.get(certificate["language"], "EUR"),
        "protected_amount": "0",
        "duration_days": _CLASSIC_DAYS,
    }
    largest = max(
        certificate["items"] or [classic],
        key=lambda item: Decimal(item["protected_amount"]),
    )
    guarantee = {
        "mainProtectionCurrency": largest["currency"],
        "maxProtectionDuration": str(largest["duration_days"]),
    }
    if certificate["guarantee_amount"]:
        amount = int(Decimal(certificate["guarantee_amount"]))
        guarantee["maxProtectionAmount"] = f"{amount:,}"
    return guarantee
