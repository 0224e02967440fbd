# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of the public ratings, which needs no login.

A shop without reviews, one that Trusted Shops does not know any more and a document
that is being moved look alike. So no rating is no news: who asks keeps what he has.

Source: the official SDKs for Android and iOS, which read the same documents.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .answers import not_understood
from .client import logged
from .feed import FeedClient, get_code, get_text, get_value

_PATH = "/shops/{ts_id}/mobiles/v1/sdks/ios/quality/reviews.json"
_MARK = re.compile(r"[1-4](\.[0-9]{1,9})?|5(\.0{1,9})?")
_COUNT = re.compile("[1-9][0-9]{0,8}")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rating:
    """What buyers say about a shop.

    :param decimal.Decimal value: mark from 1 to 5, the best, with two decimals
    :param int count: reviews it is made of, above 0
    """

    value: Decimal
    count: int


class RatingClient(FeedClient):
    """Look-ups of the public ratings."""

    @logged("getRating")
    def get_rating(self, ts_id):
        """Look the rating of a shop up.

        :param str ts_id: Trusted Shops ID
        :return: the rating, None when none is known
        :rtype: Rating or None
        :raise RetryableError: when there is no understandable answer, or one about
            another certificate
        :raise ValueError: when this is no Trusted Shops ID; nothing was sent
        :raise TypeError: when this is no text; nothing was sent
        """
        ts_id, document = self._get_document(ts_id, _PATH, "getRating")
        if document is None or document == {}:
            return None
        return _to_rating(ts_id, document)


def _to_rating(ts_id, document):
    """Return what a document says.

    The mark is that of a year, and so is the first of both numbers.

    :param str ts_id: the id that was asked for
    :param document: whatever came as JSON, not empty
    :rtype: Rating or None
    :raise RetryableError: when it is about another certificate
    """
    shop = get_value(document, "response", "data", "shop")
    if get_text(shop, "tsId").upper() != ts_id:
        raise not_understood("getRating")
    reviews = get_value(shop, "qualityIndicators", "reviewIndicator")
    mark = get_code(_MARK, reviews, "overallMark")
    count = get_code(_COUNT, reviews, "activeReviewCount") or get_code(
        _COUNT, reviews, "totalReviewCount"
    )
    if not mark or not count:
        return None
    return Rating(value=Decimal(mark).quantize(_CENT), count=int(count))
