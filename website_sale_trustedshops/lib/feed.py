# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of the documents that Trusted Shops publishes about a shop; needs no login.

The list of trustmarks has the shop, the language and the validity of each certificate,
also of those that the SOAP services do not know. The ratings are the buyers'. All texts
are cut and cleaned here, because people read them.

A missing document and a failed request are different answers: only the error message of
the storage itself means the former.

Source: the official SDKs for Android and iOS, which read the same documents.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .exceptions import make_status_error, make_unreadable_error
from .http import Client, log_call
from .ts_id import is_valid as is_ts_id
from .values import read_moment, to_base_url, to_printable, to_text

# Addresses of the real documents by environment.
FEED_URLS = {
    "production": "https://cdn1.api.trustedshops.com",
    "qa": "https://cdn1.api-qa.trustedshops.com",
}
# How the storage says that it does not have the document.
_NO_DOCUMENT = re.compile(
    rb"\s*(<\?xml[^<>]*\?>)?\s*<Error>\s*<Code>NoSuchKey</Code>.*</Error>\s*", re.DOTALL
)
# Longest text that is kept, in characters.
_MAX_LENGTH = 255
# An amount has at most eleven digits, and may have commas between its thousands.
_AMOUNT = r"([0-9]{1,3}(,[0-9]{3}){1,2}|[0-9]{1,11})(\.[0-9]{1,2})?"
_COUNT = "[1-9][0-9]{0,8}"


@dataclass(frozen=True)
class Trustmark:
    """The entry of a certificate in the public list; '' or None for missing values.

    :param str ts_id: the id that was asked for
    :param str url: shop address, as a rule without scheme, possibly with a path
    :param str language: ISO 639-1 code in lower case
    :param str status: Trusted Shops' word in capitals; only VALID means certified
    :param valid_from: first day of its validity
    :type valid_from: datetime.date or None
    :param valid_to: last day of its validity
    :type valid_to: datetime.date or None
    :param str protection_currency: ISO 4217 code of the guarantee
    :param max_protection_amount: highest amount covered in that currency, 0 or above
    :type max_protection_amount: decimal.Decimal or None
    """

    ts_id: str
    url: str
    language: str
    status: str
    valid_from: date | None
    valid_to: date | None
    protection_currency: str
    max_protection_amount: Decimal | None


@dataclass(frozen=True)
class Rating:
    """The rating of a shop by its buyers.

    :param decimal.Decimal value: mark from 1 to 5, the best, with two decimals
    :param int count: number of reviews, above 0
    """

    value: Decimal
    count: int


class FeedClient(Client):
    """Looks up certificates and ratings in the public documents.

    :param str base_url: one of ``FEED_URLS``, or the address of a sandbox
    :param timeouts: those of :class:`.http.Session`, in seconds
    :raise ValueError: when it is not an http or https address
    """

    def __init__(self, base_url, **timeouts):
        super().__init__(**timeouts)
        self._base_url = to_base_url(base_url)

    @log_call("getTrustmark")
    def get_trustmark(self, ts_id):
        """Look up a certificate in the public list.

        :param str ts_id: Trusted Shops ID
        :return: its entry, None if the list has none
        :rtype: Trustmark or None
        :raise RetryableError: when there is no understandable answer, or one about
            another certificate
        :raise ValueError: when this is not a Trusted Shops ID; nothing was sent
        """
        ts_id, document = self._get_document(ts_id, "trustmarks", "getTrustmark")
        return None if document is None else _to_trustmark(ts_id, document)

    @log_call("getRating")
    def get_rating(self, ts_id):
        """Look up the rating of a shop.

        None does not mean that the last rating is wrong: a shop without reviews, a shop
        that Trusted Shops does not know any more and a document that is being moved
        look alike.

        :param str ts_id: Trusted Shops ID
        :return: the rating, None when none is known
        :rtype: Rating or None
        :raise RetryableError: when there is no understandable answer, or one about
            another certificate
        :raise ValueError: when this is not a Trusted Shops ID; nothing was sent
        """
        ts_id, document = self._get_document(ts_id, "quality/reviews", "getRating")
        return _to_rating(ts_id, document) if document not in (None, {}) else None

    def _get_document(self, ts_id, name, operation):
        """Download a document about a shop.

        :return: the id in normal form; the document, None if there is none
        :rtype: tuple
        :raise RetryableError: when there is no understandable answer
        :raise ValueError: when this is not a Trusted Shops ID; nothing was sent
        """
        ts_id = to_text("ts_id", ts_id).upper()
        if not is_ts_id(ts_id):  # it becomes a part of the address
            raise ValueError("ts_id is no Trusted Shops ID")
        address = f"{self._base_url}/shops/{ts_id}/mobiles/v1/sdks/ios/{name}.json"
        # The storage answers 403 or 404 if it has no such document.
        answer = self._session.fetch("GET", address, statuses=(200, 403, 404))
        if _NO_DOCUMENT.fullmatch(answer.content):
            return ts_id, None
        if answer.status_code != 200:
            raise make_status_error(answer.status_code)
        return ts_id, _parse(answer.content, operation)


# === ANSWERS === #


def _parse(content, operation):
    """Read the JSON of an answer, with numbers as texts, so that none is too large.

    :raise RetryableError: when it is not JSON, or null
    """
    try:
        document = json.loads(content, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        document = None
    if document is None:
        raise make_unreadable_error(operation)
    return document


def _get_shop(ts_id, document, operation):
    """Return the part of a document about the shop.

    :raise RetryableError: when the document is about another shop
    """
    shop = _get_value(document, "response", "data", "shop")
    if _get_text(shop, "tsId").upper() != ts_id:
        raise make_unreadable_error(operation)
    return shop


def _to_trustmark(ts_id, document):
    """Convert a document; raise RetryableError if it lacks the status or the shop."""
    shop = _get_shop(ts_id, document, "getTrustmark")
    status = _get_text(shop, "trustMark", "status").upper()
    if not status:
        raise make_unreadable_error("getTrustmark")
    amount = _get_code(_AMOUNT, shop, "guarantee", "maxProtectionAmount")
    return Trustmark(
        ts_id=ts_id,
        url=_get_text(shop, "url"),
        language=_get_code("[A-Za-z]{2}", shop, "languageISO2").lower(),
        status=status,
        valid_from=_get_date(shop, "trustMark", "validFrom"),
        valid_to=_get_date(shop, "trustMark", "validTo"),
        protection_currency=_get_code(
            "[A-Za-z]{3}", shop, "guarantee", "mainProtectionCurrency"
        ).upper(),
        max_protection_amount=Decimal(amount.replace(",", "")) if amount else None,
    )


def _to_rating(ts_id, document):
    """Convert a document to a Rating; return None if it lacks the mark or the count."""
    shop = _get_shop(ts_id, document, "getRating")
    reviews = _get_value(shop, "qualityIndicators", "reviewIndicator")
    mark = _get_code(r"[1-4](\.[0-9]{1,9})?|5(\.0{1,9})?", reviews, "overallMark")
    count = _get_code(_COUNT, reviews, "activeReviewCount") or _get_code(
        _COUNT, reviews, "totalReviewCount"
    )
    if not mark or not count:
        return None
    return Rating(value=Decimal(mark).quantize(Decimal("0.01")), count=int(count))


def _get_value(document, *names):
    """Return the value under nested names in a document, None if one is missing."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _get_text(document, *names):
    """Return a text of a document as one short printable line, '' if it is missing."""
    value = _get_value(document, *names)
    return to_printable(value, _MAX_LENGTH) if isinstance(value, str) else ""


def _get_code(pattern, document, *names):
    """Return a text of a document if it matches a pattern, else ''."""
    text = _get_text(document, *names)
    return text if re.fullmatch(pattern, text) else ""


def _get_date(document, *names):
    """Return the day of a moment in a document, None if it is unreadable.

    Ignore its time zone.
    """
    try:
        return read_moment(_get_text(document, *names)).date()
    except ValueError:
        return None
