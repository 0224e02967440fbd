# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of the public feed with the average ratings of products, without a login.

Visitors and search engines see the ratings, so the client accepts a document only if
every value that it reads makes sense.

Source: the documents in the official SDKs for Android and iOS.
"""

import json
import re
import time
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import quote

from odoo.addons.website_sale_trustedshops.lib.exceptions import make_unreadable_error
from odoo.addons.website_sale_trustedshops.lib.http import Client
from odoo.addons.website_sale_trustedshops.lib.values import to_base_url

from .errors import make_answer_error

# The periods whose rating a merchant can show.
YEAR, OVERALL = "365days", "overall"

_OPERATION = "getProductGrade"
# Rating and count as JSON writes them, without sign and exponent, of limited length.
_RATING = re.compile(r"[0-4](\.[0-9]{1,20})?|5(\.0{1,20})?")
_COUNT = re.compile("0|[1-9][0-9]{0,8}")
# An ETag that can be sent back in a header.
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{1,200}"')


@dataclass(frozen=True)
class Grade:
    """The average of the reviews of a product.

    :param decimal.Decimal rating: average from 1 to 5 (the best), with two decimals
    :param int count: number of reviews, above 0
    """

    rating: Decimal
    count: int


@dataclass(frozen=True)
class Reading:
    """The answer of the feed about one product.

    :param bool is_unchanged: whether the document with the given ETag is still valid
    :param grade: None without reviews
    :type grade: Grade or None
    :param str etag: ETag to send with the next request, '' without one
    """

    is_unchanged: bool = False
    grade: Grade | None = None
    etag: str = ""


class GradeClient(Client):
    """Client of the public feed, with a pause between two requests.

    :param str base_url: address of the feed, or of a sandbox
    :param float interval: seconds between two requests
    :param timeouts: those of the base's ``Session``, in seconds
    :raise ValueError: if the address is not one of http or https
    """

    def __init__(self, base_url, *, interval, **timeouts):
        super().__init__(**timeouts)
        self._base_url = to_base_url(base_url)
        self._interval = interval
        self._next_at = 0.0

    def get_grade(self, channel_ref, sku, period, etag=""):
        """Return the average rating of a product at one channel.

        Sleep before the request if the last one was sent less than ``interval`` ago.

        :param str channel_ref: ``chl-…``
        :param str sku: identifier by which Trusted Shops knows the product
        :param str period: ``YEAR``, which falls back to ``OVERALL``, or ``OVERALL``
        :param str etag: ETag of the last reading, '' to read the document in any case
        :rtype: Reading
        :raise RetryableError: if there is no usable answer; its status is 200 if the
            document makes no sense
        """
        channel, product = quote(channel_ref, safe=""), sku.encode().hex()
        path = f"/feeds/grades/v1/channels/{channel}/products/sku/{product}/feed.json"
        headers = {"If-None-Match": etag} if etag else {}
        self._sleep()
        answer = self._session.fetch(
            "GET", self._base_url + path, statuses=(200, 304, 429), headers=headers
        )
        if answer.status_code == 304 and etag:
            return Reading(is_unchanged=True, etag=etag)
        if answer.status_code != 200:
            raise make_answer_error(_OPERATION, answer, [])
        new_etag = answer.etag if _ETAG.fullmatch(answer.etag) else ""
        return Reading(
            grade=parse_grade(answer.content, channel_ref, sku, period), etag=new_etag
        )

    def _sleep(self):
        """Sleep until the next request may be sent."""
        pause = self._next_at - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._next_at = time.monotonic() + self._interval


def parse_grade(content, channel_ref, sku, period):
    """Return the average rating in a document of the feed.

    A product without reviews and an unknown channel look alike: a document without
    ratings.

    :param bytes content: body of the answer
    :param str channel_ref: id of the channel in the request
    :param str sku: identifier of the product in the request
    :param str period: ``YEAR``, which falls back to ``OVERALL``, or ``OVERALL``
    :return: None without reviews
    :rtype: Grade or None
    :raise RetryableError: if the document makes no sense, or is about another product
    """
    try:
        return _read_grade(content, channel_ref, sku, period)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        error = make_unreadable_error(_OPERATION)
        error.status = 200
    raise error


def _read_grade(content, channel_ref, sku, period):
    """Return the rating of a period, else the overall one; None without reviews.

    :raise ValueError: if a value makes no sense; other built-in exceptions are possible
    """
    # Numbers stay text, so that none is too large and none is rounded.
    document = json.loads(
        content, parse_int=str, parse_float=str, parse_constant=_refuse
    )
    if document == {}:
        return None
    _check_subject(document, channel_ref, sku)
    grades = document["grades"]
    return _to_grade(grades[period]) or _to_grade(grades[OVERALL])


def _refuse(constant):
    """Raise ValueError for a constant like NaN, which is not JSON."""
    raise ValueError(constant)


def _check_subject(document, channel_ref, sku):
    """Raise ValueError if a document is about another channel or product."""
    subject = {"channelId": channel_ref, "sku": sku}
    if any(document.get(name, value) != value for name, value in subject.items()):
        raise ValueError("another subject")


def _to_grade(part):
    """Return the rating of one period of a document, None without reviews.

    :raise ValueError: if the values make no sense
    """
    count = part["count"]
    if not _COUNT.fullmatch(count):
        raise ValueError("no grade")
    if count == "0":  # its rating means nothing
        return None
    rating = part["rating"]
    if not _RATING.fullmatch(rating):
        raise ValueError("no grade")
    value = Decimal(rating).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if value < 1:
        raise ValueError("no review gives less than a star")
    return Grade(value, int(count))
