# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Grades: what the reviews of a shop or a product come to, and the public feeds.

Only approved and verified reviews count. Sources: the documents in the tests of the
official SDK for iOS, and clients of the list of reviews.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta

from werkzeug.wrappers import Response

from .broken import make_broken_answer, make_hostile, make_late_answer
from .moments import format_moment
from .reviews import SERVICE

_JSON = "application/json"
_GRADES = "/feeds/grades/v1/channels/<channel>"
_PRODUCTS = "/feeds/products/v1/channels/<channel>"
# Operation: path. The sku is hexadecimal, gtin and mpn are not.
PATHS = {
    "shopGradeFeed": f"{_GRADES}/touchpoints/all/feed.json",
    "productGradeFeed": (
        f"{_GRADES}/products/<any(sku, gtin, mpn):kind>/<path:value>/feed.json"
    ),
    "productFeed": f"{_PRODUCTS}/<any(sku):kind>/<value>/feed.json",
    "productReviewsFeed": (
        "/feeds/product-reviews/v1/channels/<channel>/<any(sku, gtin, mpn):kind>"
        "/<path:value>/default/all/feed.json"
    ),
}
OPERATIONS = tuple(PATHS)
_PERIODS = {"7days": 7, "30days": 30, "90days": 90, "365days": 365}
_STARS = ("oneStar", "twoStars", "threeStars", "fourStars", "fiveStars")
_COUNTS = "state = 'APPROVED' AND verified"
# Reviews in the list of a product.
_LISTED = 100
# Difference from the period before that is a trend: made up.
_TREND = 0.25
_KEPT = ("id", "submittedAt", "channelId", "accountId", "period")


# Grades


def _find(store, channel, kind, value):
    """Return submission and rating of all that counts, oldest first."""
    # Only reviews of products have one of the numbers.
    rows = store.run(
        f"SELECT submitted, rating FROM review WHERE channel = ? "
        f"AND {kind or 'type'} = ? AND {_COUNTS} ORDER BY submitted",
        *(channel, value if kind else SERVICE),
    )
    return [(row["submitted"], row["rating"]) for row in rows]


def _average(ratings):
    return round(sum(ratings) / len(ratings), 2) if ratings else 0


def _grade(reviews, start, end, calculated, *, before=None):
    ratings = [rating for _submitted, rating in reviews]
    period = {"start": start, "end": end, "calculatedAt": calculated}
    if reviews:
        period["firstConsideredReviewSubmission"] = reviews[0][0]
        period["lastConsideredReviewSubmission"] = reviews[-1][0]
        if before is not None:
            difference = _average(ratings) - _average(before) if before else 0
            trend = (difference > _TREND) - (difference < -_TREND)
            period["ratingTrend"] = ("NEGATIVE", "NEUTRAL", "POSITIVE")[trend + 1]
    return {
        "rating": _average(ratings),
        "count": len(ratings),
        "distribution": {
            name: ratings.count(stars) for stars, name in enumerate(_STARS, 1)
        },
        "period": period,
    }


def make_grades(store, channel, kind, value, now):
    """Return the grades by period, or None without any review.

    :param str kind: ``sku``, ``gtin``, ``mpn``, or empty for those of the shop.
    :param float now: seconds since 1970.
    """
    reviews = _find(store, channel, kind, value)
    if not reviews:
        return None
    today = datetime.fromtimestamp(now, UTC).date()
    end = f"{today}T23:59:59.999Z"
    # As of the last review, so that an unchanged document has an unchanged ETag.
    calculated = max(reviews[-1][0], f"{today}T00:00:00.000Z")
    calculated = min(calculated, format_moment(now))
    grades = {}
    for name, days in _PERIODS.items():
        start = f"{today - timedelta(days=days)}T00:00:00.000Z"
        earlier = f"{today - timedelta(days=2 * days)}T00:00:00.000Z"
        counted = [each for each in reviews if each[0] >= start]
        before = [rating for at, rating in reviews if earlier <= at < start]
        grades[name] = _grade(counted, start, end, calculated, before=before)
    grades["overall"] = _grade(reviews, reviews[0][0], end, calculated)
    return grades


def make_empty_grades(now):
    """Return the grades of a shop without reviews."""
    today = datetime.fromtimestamp(now, UTC).date()
    end, calculated = f"{today}T23:59:59.999Z", f"{today}T00:00:00.000Z"
    return {
        name: _grade(
            [], f"{today - timedelta(days=days)}T00:00:00.000Z", end, calculated
        )
        for name, days in (*_PERIODS.items(), ("overall", 0))
    }


# Feeds


def _read_value(kind, value):
    """Return what is looked up; for what is no hexadecimal text, nothing."""
    if kind != "sku":
        return value
    try:
        return bytes.fromhex(value).decode()
    except ValueError:
        return ""


def _list_reviews(store, channel, kind, value):
    rows = store.run(
        f"SELECT data FROM review WHERE channel = ? AND {kind} = ? "
        f"AND {_COUNTS} ORDER BY submitted DESC LIMIT {_LISTED}",
        *(channel, value),
    )
    return [json.loads(row["data"]) for row in rows]


def _show(review):
    names = ("id", "submittedAt", "rating", "title", "comment")
    shown = {name: review[name] for name in names}
    return {**shown, "isVerified": review["verificationType"] == "VERIFIED"}


def _make_document(store, operation, channel, kind, value, now):
    """Return the document of a feed; an unknown channel or product has an empty one."""
    if operation == "shopGradeFeed":
        grades = make_grades(store, channel, "", "", now)
    elif operation == "productGradeFeed":
        grades = make_grades(store, channel, kind, value, now)
    elif operation == "productReviewsFeed":
        return [_show(each) for each in _list_reviews(store, channel, kind, value)]
    else:
        found = _list_reviews(store, channel, kind, value)[:1]
        for review in found:
            owner = {"channelId": channel, "accountId": review["accountRef"]}
            return {**review["product"], **owner}
        return {}
    return {"grades": grades} if grades else {}


def answer(store, request, operation, values, fault, now):
    """Return a feed, as good or bad as a fault wants it.

    :param dict values: the parts of the path.
    :raise Hangup: for a fault without any answer.
    """
    broken = make_broken_answer(fault, _JSON, '{"grades": {"365days": {"count')
    if broken:
        return broken
    kind = fault and fault["kind"]
    if kind == "fault":
        content = b'{"Message": "Internal Server Error (ordered fault)"}'
        return make_late_answer(fault, content, _JSON, 500)
    what = values.get("kind", "")
    value = _read_value(what, values.get("value", ""))
    channel = values["channel"]
    document = _make_document(store, operation, channel, what, value, now)
    if kind == "hostile":
        document = make_hostile(document, operation, _KEPT)
    content = json.dumps(document).encode()
    etag = hashlib.sha256(content).hexdigest()[:32]
    if not fault and etag in request.if_none_match:
        response = Response(status=304)
    else:
        response = make_late_answer(fault, content, _JSON)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "public, max-age=0"
    return response
