# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What reviews come to: the grades by period, and the feeds for everybody."""

from datetime import UTC, datetime, timedelta

from rest_client import DESK, FEEDS, GERMAN, GRADES, POLISH


def ago(days):
    """Return midnight of a day so long ago, as feeds write it."""
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d}T00:00:00.000Z"


def rate(rest, rating, days=1, sku="", **changes):
    """Let a shop or a product be reviewed so many days ago."""
    product = {**DESK, "id": "prt-1", "sku": sku, "gtin": "4006381333931", "mpn": "A/1"}
    kind = {"type": "PRODUCT_REVIEW", "product": product} if sku else {}
    at = {"submittedAt": ago(days)}
    return rest.sandbox.put(
        "reviews", **{"channelRef": GERMAN, "rating": rating, **at, **kind, **changes}
    )


def read(rest, path, status=200, **headers):
    """Return a feed, as anybody gets it."""
    response = rest.sandbox.http.get(
        rest.sandbox.url + path, headers=headers, timeout=20
    )
    assert response.status_code == status
    return response


def test_grades_of_a_shop_by_period(rest):
    for rating, days in ((5, 3), (4, 20), (2, 80), (1, 300), (3, 1000)):
        rate(rest, rating, days)
    rate(rest, 1, state="MODERATION")
    rate(rest, 1, verificationType="UNDEFINED")
    rate(rest, 1, channelRef=POLISH)
    rate(rest, 1, sku="FURN_1")
    grades = read(rest, FEEDS["shopGradeFeed"]).json()["grades"]
    assert {name: (each["rating"], each["count"]) for name, each in grades.items()} == {
        "7days": (5, 1),
        "30days": (4.5, 2),
        "90days": (3.67, 3),
        "365days": (3, 4),
        "overall": (3, 5),
    }
    end = ago(0).replace("00:00:00.000", "23:59:59.999")
    assert grades["30days"] == {
        "rating": 4.5,
        "count": 2,
        "distribution": {
            "oneStar": 0,
            "twoStars": 0,
            "threeStars": 0,
            "fourStars": 1,
            "fiveStars": 1,
        },
        "period": {
            "start": ago(30),
            "end": end,
            "calculatedAt": ago(0),
            "firstConsideredReviewSubmission": ago(20),
            "lastConsideredReviewSubmission": ago(3),
            "ratingTrend": "NEUTRAL",
        },
    }
    assert grades["7days"]["period"]["ratingTrend"] == "NEUTRAL"
    assert "ratingTrend" not in grades["overall"]["period"]
    assert grades["overall"]["period"]["start"] == ago(1000)
    path = f"/channels/{GERMAN}/service-reviews/aggregate-rating"
    assert rest.get(path) == grades


def test_shop_without_reviews_has_zeros_for_itself_and_nothing_in_public(rest):
    assert read(rest, FEEDS["shopGradeFeed"]).json() == {}
    grades = rest.get(f"/channels/{GERMAN}/service-reviews/aggregate-rating")
    assert [(each["rating"], each["count"]) for each in grades.values()] == [(0, 0)] * 5
    assert sorted(grades["365days"]["period"]) == ["calculatedAt", "end", "start"]


def test_product_is_found_by_each_of_its_numbers(rest):
    rate(rest, 4, sku="Ä 1/ß")
    rate(rest, 5, sku="Ä 1/ß", days=2)
    rate(rest, 1, sku="Ä 1", product={"id": "prt-2", "sku": "Ä 1", "mpn": "A"})
    good = f"{GRADES}/products/sku/{'Ä 1/ß'.encode().hex()}/feed.json"
    for path in (
        good,
        good.replace("c384", "C384"),
        f"{GRADES}/products/gtin/4006381333931/feed.json",
        f"{GRADES}/products/mpn/A%2F1/feed.json",
    ):
        grades = read(rest, path).json()["grades"]
        assert (grades["365days"]["rating"], grades["365days"]["count"]) == (4.5, 2)
    for path in (
        f"{GRADES}/products/sku/{b'none'.hex()}/feed.json",
        f"{GRADES}/products/sku/xyz/feed.json",
        f"{GRADES}/products/sku/ff/feed.json",
        f"{GRADES}/products/gtin/1/feed.json",
        f"{GRADES}/products/mpn/B2/feed.json",
        good.replace(GERMAN, POLISH),
        good.replace(GERMAN, "chl-unknown"),
    ):
        assert read(rest, path).json() == {}
    read(rest, good.replace("/sku/", "/ean/"), 404)


def test_unchanged_feed_is_304(rest):
    rate(rest, 4, sku="FURN_1")
    rate(rest, 4)
    for path in FEEDS.values():
        etag = read(rest, path).headers["ETag"]
        response = read(rest, path, 304, **{"If-None-Match": f'"other", {etag}'})
        assert (response.content, response.headers["ETag"]) == (b"", etag)
    rate(rest, 5, sku="FURN_1")
    path = FEEDS["productGradeFeed"]
    changed = read(rest, path, **{"If-None-Match": etag})
    assert changed.headers["ETag"] != etag
    assert changed.headers["Content-Type"] == "application/json"
