# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The public list, the ratings and the script of the widgets, and how they fail."""

from datetime import date, timedelta

import pytest

from sandbox_process import GERMAN, POLISH

SEED = "X5A4DB0C50000000000000000000000{:02d}"
CERTIFICATE = {"ts_id": GERMAN, "type": "CLASSIC", "state": "PRODUCTION"}
# What every document of that certificate begins with.
SHOP = {
    "tsId": GERMAN,
    "name": "shop.example",
    "url": "shop.example",
    "languageISO2": "de",
    "targetMarketISO3": "DEU",
}
RATINGS = "quality/reviews"
WIDGET = "/applications/widget.js/v2"


def get_shop(sandbox, ts_id=GERMAN, **options):
    return sandbox.look_up(ts_id, **options).json()["response"]["data"]["shop"]


@pytest.mark.parametrize("system", ["ios", "android"])
def test_document_of_a_certificate(sandbox, system):
    response = sandbox.look_up(GERMAN, system)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    trust_mark = {
        "status": "VALID",
        "validFrom": "2020-01-01T00:00:00+01:00",
        "validTo": "2099-12-31T00:00:00+01:00",
    }
    guarantee = {
        "mainProtectionCurrency": "EUR",
        "maxProtectionAmount": "20,000",
        "maxProtectionDuration": "30",
    }
    shop = {**SHOP, "trustMark": trust_mark, "guarantee": guarantee}
    words = {"code": 200, "status": "SUCCESS", "message": "SUCCESS"}
    version = {"responseInfo": {"apiVersion": "2.4.28"}}
    assert response.json() == {"response": {**words, "data": {"shop": shop}, **version}}


def test_a_guarantee_can_be_given_and_left_out(sandbox):
    for given, shown in (
        *(("100", "100"), ("0", "0"), ("0.00", "0"), ("12345.67", "12,345")),
        ("", None),
    ):
        sandbox.put("certificates", **CERTIFICATE, guarantee_amount=given)
        assert get_shop(sandbox)["guarantee"].get("maxProtectionAmount") == shown
    for number in (8, 14):
        assert "guarantee" not in get_shop(sandbox, SEED.format(number))
    sandbox.put("certificates", **{**CERTIFICATE, "type": "NO_AUDIT"}, guarantee=True)
    assert get_shop(sandbox)["guarantee"]["maxProtectionAmount"] == "2,500"


@pytest.mark.parametrize(
    ("number", "status"),
    [
        *((1, "VALID"), (4, "INTEGRATION"), (5, "TEST"), (6, "EXPIRED")),
        *((7, "DISABLED"), (8, "NO_AUDIT"), (13, "VALID"), (14, "VALID")),
    ],
)
def test_status_is_that_of_the_state(sandbox, number, status):
    assert get_shop(sandbox, SEED.format(number))["trustMark"]["status"] == status


def test_dates_can_be_given_and_left_out(sandbox):
    day = date.today() + timedelta(days=20)
    ends = get_shop(sandbox, SEED.format(15))["trustMark"]["validTo"]
    assert ends == f"{day}T00:00:00+01:00"
    sandbox.put("certificates", **CERTIFICATE, valid_from="2026-01-31", valid_to="")
    assert get_shop(sandbox)["trustMark"] == {
        "status": "VALID",
        "validFrom": "2026-01-31T00:00:00+01:00",
    }
    sandbox.put("certificates", **CERTIFICATE, valid_from="")
    assert "validFrom" not in get_shop(sandbox)["trustMark"]


@pytest.mark.parametrize("document", ["trustmarks", RATINGS])
def test_unknown_id_is_a_missing_document_of_the_storage(sandbox, document):
    sandbox.put("certificates", **CERTIFICATE, feed=False)
    for ts_id in (GERMAN, POLISH.lower(), "X"):
        response = sandbox.look_up(ts_id, document=document)
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/xml"
        assert response.text == (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>'
            "<Message>The specified key does not exist.</Message>"
            "<Key>empty.json</Key></Error>"
        )


def test_fault_is_json_and_garbage_is_broken_json(sandbox):
    sandbox.order_fault("trustmark", "fault")
    response = sandbox.look_up()
    assert response.status_code == 500
    assert response.json()["response"] == {
        "code": 500,
        "status": "ERROR",
        "message": "INTERNAL_SERVER_ERROR",
        "data": {},
        "responseInfo": {"apiVersion": "2.4.28"},
    }
    sandbox.order_fault("trustmark", "garbage")
    response = sandbox.look_up()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.text == '{"response": {"code": 200, "data": {"'


@pytest.mark.parametrize("system", ["ios", "android"])
def test_document_of_a_rating(sandbox, system):
    assert get_shop(sandbox, system=system, document=RATINGS) == {
        **SHOP,
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
    indicator = get_shop(sandbox, document=RATINGS)["qualityIndicators"][
        "reviewIndicator"
    ]
    assert indicator["overallMark"] == float(mark)
    assert indicator["overallMarkDescription"] == word
    assert indicator["activeReviewCount"] == 7
    sandbox.put("certificates", **CERTIFICATE, reviews=0)
    assert "qualityIndicators" not in get_shop(sandbox, document=RATINGS)


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
