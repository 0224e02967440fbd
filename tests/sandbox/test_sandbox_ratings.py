# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The public ratings and the script of the widgets, and how both fail."""

import pytest
import requests

from sandbox_process import GERMAN, POLISH

CERTIFICATE = {"ts_id": GERMAN, "type": "CLASSIC", "state": "PRODUCTION"}
SCRIPT = '"><script>alert(1)</script>'
WIDGET = "/applications/widget.js/v2"


def look_up(sandbox, ts_id=GERMAN, system="ios"):
    url = f"{sandbox.url}/shops/{ts_id}/mobiles/v1/sdks/{system}/quality/reviews.json"
    return sandbox.http.get(url, timeout=20, allow_redirects=False)


def get_shop(sandbox):
    return look_up(sandbox).json()["response"]["data"]["shop"]


@pytest.mark.parametrize("system", ["ios", "android"])
def test_document_of_a_rating(sandbox, system):
    response = look_up(sandbox, system=system)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "response": {
            "code": 200,
            "status": "SUCCESS",
            "message": "SUCCESS",
            "data": {
                "shop": {
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
            },
            "responseInfo": {"apiVersion": "2.4.28"},
        }
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


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mark": "5.01"}, "'mark' must be a text like"),
        ({"mark": 4.83}, "'mark' must be a text like"),
        ({"mark": SCRIPT}, "'mark' must be a text like"),
        ({"reviews": -1}, "'reviews' must be a whole number"),
        ({"reviews": "7"}, "'reviews' must be a whole number"),
    ],
)
def test_a_bad_rating_is_refused(sandbox, changes, error):
    url = f"{sandbox.url}/_control/certificates"
    response = requests.post(url, json={**CERTIFICATE, **changes}, timeout=20)
    assert response.status_code == 400
    assert error in response.json()["error"]


def test_an_unknown_id_is_a_missing_document_of_the_storage(sandbox):
    sandbox.put("certificates", **CERTIFICATE, feed=False)
    for ts_id in (GERMAN, POLISH.lower(), "X"):
        response = look_up(sandbox, ts_id)
        assert response.status_code == 404
        assert "<Code>NoSuchKey</Code>" in response.text


def test_loads_are_counted(sandbox):
    look_up(sandbox)
    sandbox.http.get(sandbox.url + WIDGET, timeout=20)
    assert sandbox.get("calls") == {"rating": 1, "widget": 1}


# Faults


def test_a_fault_of_the_list_of_trustmarks_does_not_matter(sandbox):
    sandbox.order_fault("trustmark", "html_502")
    assert look_up(sandbox).status_code == 200
    assert sandbox.look_up().status_code == 502


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("http_500", 500, "Internal Server Error\n"),
        ("garbage", 200, '{"response": {"code": 200, "data": {"'),
    ],
)
def test_fault_of_the_ratings(sandbox, kind, status, text):
    sandbox.order_fault("rating", kind)
    response = look_up(sandbox)
    assert (response.status_code, response.text) == (status, text)
    assert look_up(sandbox).status_code == 200


def test_hostile_ratings_are_of_the_right_shop(sandbox):
    sandbox.order_fault("rating", "hostile")
    shop = get_shop(sandbox)
    assert shop["tsId"] == GERMAN
    assert shop["name"] == SCRIPT
    assert shop["qualityIndicators"]["reviewIndicator"]["overallMark"] == SCRIPT


@pytest.mark.parametrize("operation", ["rating", "widget"])
def test_no_answer(sandbox, operation):
    sandbox.order_fault(operation, "refuse")
    with pytest.raises(requests.ConnectionError):
        if operation == "rating":
            look_up(sandbox)
        else:
            sandbox.http.get(sandbox.url + WIDGET, timeout=20)


# Widgets


def test_script_of_the_widgets(sandbox):
    response = sandbox.http.get(sandbox.url + WIDGET, timeout=20)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert 'const NAME = "etrusted-widget";' in response.text


@pytest.mark.parametrize(
    ("kind", "text"),
    [("garbage", "(function () {\n"), ("fault", "throw new Error(")],
)
def test_fault_of_the_widgets(sandbox, kind, text):
    sandbox.order_fault("widget", kind)
    response = sandbox.http.get(sandbox.url + WIDGET, timeout=20)
    assert response.status_code == 200
    assert response.text.startswith(text)
