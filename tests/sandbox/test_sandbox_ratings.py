# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The public ratings and the script of the widgets, and how both fail."""

import pytest

from sandbox_process import GERMAN

CERTIFICATE = {"ts_id": GERMAN, "type": "CLASSIC", "state": "PRODUCTION"}
SCRIPT = '"><script>alert(1)</script>'
RATINGS = "quality/reviews"
WIDGET = "/applications/widget.js/v2"


def get_shop(sandbox):
    return sandbox.look_up(document=RATINGS).json()["response"]["data"]["shop"]


@pytest.mark.parametrize("system", ["ios", "android"])
def test_document_of_a_rating(sandbox, system):
    response = sandbox.look_up(system=system, document=RATINGS)
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["response"]["data"]["shop"] == {
        "tsId": GERMAN,
        "name": "shop.example",
        "url": "shop.example",
        "languageISO2": "de",
        "targetMarketISO3": "DEU",
        "qualityIndicators": {
            "reviewIndicator": {
                "overallMark": 4.83,
                "overallMarkDescription": "EXCELLENT",
                "activeReviewCount": 123,
                "totalReviewCount": 492,
                "reviewsCountedSince": "2020-01-01",
            }
        },
    }


@pytest.mark.parametrize(
    ("mark", "word"),
    [
        *(("5.00", "EXCELLENT"), ("4.49", "GOOD"), ("2.50", "FAIR")),
        *(("2.49", "POOR"), ("1.00", "VERY_POOR")),
    ],
)
def test_a_mark_can_be_given(sandbox, mark, word):
    sandbox.put("certificates", **CERTIFICATE, mark=mark, reviews=7)
    indicator = get_shop(sandbox)["qualityIndicators"]["reviewIndicator"]
    assert indicator["overallMark"] == float(mark)
    assert indicator["overallMarkDescription"] == word
    assert indicator["activeReviewCount"] == 7


def test_a_shop_can_be_without_reviews(sandbox):
    sandbox.put("certificates", **CERTIFICATE, reviews=0)
    assert "qualityIndicators" not in get_shop(sandbox)


def test_loads_are_counted(sandbox):
    sandbox.look_up(document=RATINGS)
    sandbox.http.get(sandbox.url + WIDGET, timeout=20)
    assert sandbox.get("calls") == {"rating": 1, "widget": 1}


# Faults


def test_hostile_ratings_are_of_the_right_shop(sandbox):
    sandbox.order_fault("rating", "hostile")
    shop = get_shop(sandbox)
    assert shop["tsId"] == GERMAN
    assert shop["name"] == SCRIPT
    assert shop["qualityIndicators"]["reviewIndicator"]["overallMark"] == SCRIPT


# Widgets


def test_script_of_the_widgets(sandbox):
    for kind, text in (
        ("", 'const NAME = "etrusted-widget";'),
        ("garbage", "(function () {\n"),
        ("fault", "throw new Error("),
    ):
        if kind:
            sandbox.order_fault("widget", kind)
        response = sandbox.http.get(sandbox.url + WIDGET, timeout=20)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert text in response.text
