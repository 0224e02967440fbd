# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of the public feed with the grades of products; it needs no login.

What it says is shown to everybody, and search engines read it, so it is taken only when
all of it makes sense.

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

# Periods of which a merchant may show the grade.
YEAR, OVERALL = "365days", "overall"

_PATH = "/feeds/grades/v1/channels/{channel}/products/sku/{sku}/feed.json"
_OPERATION = "getProductGrade"
# Answers that are read: one that says how long to wait, too.
_STATUSES = (200, 304, 429)
# Rating and count as JSON writes them: without sign and exponent, and not endless.
_RATING = re.compile(r"[0-4](\.[0-9]{1,20})?|5(\.0{1,20})?")
_COUNT = re.compile("0|[1-9][0-9]{0,8}")
# What may be sent back in a header.
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{1,200}"')
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Grade:
    """What the reviews of a product come to.

    :param decimal.Decimal rating: average from 1 to 5, the best, with two decimals
    :param int count: reviews it is made of, above 0
    """

    rating: Decimal
    count: int


@dataclass(frozen=True)
class Reading:
    """A document that was read.

    :param bool is_unchanged: whether it is still the one with the given ETag
    :param grade: None when there are no reviews
    :type grade: Grade or None
    :param str etag: with which to ask the next time, '' without one
    """

    is_unchanged: bool = False
    grade: Grade | None = None
    etag: str = ""


class GradeClient(Client):
    """Look-ups in the public feed, not faster than it may be asked.

    :param str base_url: address of the feed, or of a sandbox
    :param float interval: seconds between two requests
    :param timeouts: those of the base's ``Session``, in seconds
    :raise ValueError: when the address is none of http or https
    """

    def __init__(self, base_url, *, interval, **timeouts):
        super().__init__(**timeouts)
        self._base_url = to_base_url(base_url)
        self._interval = interval
        self._next_at = 0.0

    def get_grade(self, channel_ref, sku, period, etag=""):
        """Look up the grade of a product at one channel.

        :param str channel_ref: ``chl-…``
        :param str sku: under which Trusted Shops keeps the reviews of the product
        :param str period: ``YEAR``, which falls back to ``OVERALL``, or ``OVERALL``
        :param str etag: of the last reading, '' to read whatever there is
        :rtype: Reading
        :raise RetryableError: when there is no understandable answer; with the status
            200 when it is the document that makes no sense
        :raise TrustedShopsError: when Trusted Shops answers something else
        """
        path = _PATH.format(channel=quote(channel_ref, safe=""), sku=sku.encode().hex())
        headers = {"If-None-Match": etag} if etag else {}
        self._wait()
        answer = self._session.fetch(
            "GET", self._base_url + path, statuses=_STATUSES, headers=headers
        )
        if answer.status_code == 304 and etag:
            return Reading(is_unchanged=True, etag=etag)
        if answer.status_code != 200:
            raise make_answer_error(_OPERATION, answer, [])
        new_etag = answer.etag if _ETAG.fullmatch(answer.etag) else ""
        return Reading(
            grade=parse_grade(answer.content, channel_ref, sku, period), etag=new_etag
        )

    def _wait(self):
        """Wait until the next request may be sent."""
        pause = self._next_at - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._next_at = time.monotonic() + self._interval


def parse_grade(content, channel_ref, sku, period):
    """Return the grade in a document.

    A document without grades has no reviews, or is about a channel that is not known
    there: both look alike.

    :param bytes content: of the answer
    :param str channel_ref: that was asked for
    :param str sku: that was asked for
    :param str period: ``YEAR``, which falls back to ``OVERALL``, or ``OVERALL``
    :return: None without reviews
    :rtype: Grade or None
    :raise RetryableError: when the document makes no sense, or is about something else
    """
    try:
        return _read_grade(content, channel_ref, sku, period)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        error = make_unreadable_error(_OPERATION)
        error.status = 200
    raise error


def _read_grade(content, channel_ref, sku, period):
    """Return the grade of a period, else of all; None without reviews.

    What is not wanted is not judged.
    """
    # Numbers stay the text they are: none is too large, and none is rounded.
    document = json.loads(
        content, parse_int=str, parse_float=str, parse_constant=_refuse
    )
    if document == {}:
        return None
    _check_subject(document, channel_ref, sku)
    grades = document["grades"]
    return _to_grade(grades[period]) or _to_grade(grades[OVERALL])


def _refuse(constant):
    """Refuse what Python reads as a number but JSON does not know."""
    raise ValueError(constant)


def _check_subject(document, channel_ref, sku):
    """Refuse a document that says it is about something else."""
    subject = {"channelId": channel_ref, "sku": sku}
    if any(document.get(name, value) != value for name, value in subject.items()):
        raise ValueError("another subject")


def _to_grade(part):
    """Return the grade of one period, None without reviews in it."""
    count = part["count"]
    if not _COUNT.fullmatch(count):
        raise ValueError("no grade")
    if count == "0":  # whatever the rating of no review is
        return None
    rating = part["rating"]
    if not _RATING.fullmatch(rating):
        raise ValueError("no grade")
    value = Decimal(rating).quantize(_HUNDREDTH, ROUND_HALF_UP)
    if value < 1:
        raise ValueError("no review gives less than a star")
    return Grade(value, int(count))
