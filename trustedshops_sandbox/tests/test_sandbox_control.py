# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The control API: what it lists, changes and refuses."""

import pytest
import requests

from sandbox_process import GERMAN, SEED_COUNT

CERTIFICATE = {
    "ts_id": "XABCDEF0123456789ABCDEF0123456789",
    "type": "EXCELLENCE",
    "state": "PRODUCTION",
    "language": "fr",
    "url": "https://boutique.example",
    "ws_user": "user",
    "ws_password": "password",
    "items": [
        {
            "ts_product_id": "TS100629_500_30_CHF",
            "currency": "CHF",
            "protected_amount": "500.00",
            "duration_days": 30,
            "net_fee": "0.82",
            "gross_fee": "0.98",
        }
    ],
}
ITEM = CERTIFICATE["items"][0]


def test_reset_empties_everything(sandbox):
    number = sandbox.apply()
    sandbox.apply(buyerEmail="")
    sandbox.put("settings", pending_seconds=0.5, duplicates="accept", delay_ms=1)
    assert sandbox.put("settings", mails="refuse")["pending_seconds"] == 0.5
    sandbox.order_fault("ping", "fault")
    assert sandbox.put("reset") == {"reset": True}
    lists = ("certificates", "applications", "refused", "mails", "faults")
    assert [sandbox.get(name) for name in lists] == [[]] * 5
    assert sandbox.get("calls") == {}
    assert sandbox.get("settings") == {
        "pending_seconds": 5,
        "duplicates": "refuse",
        "delay_ms": 0,
        "mails": "accept",
        "expires_in": 3600,
        "bearer_seconds": 3600,
        "audience": "check",
        "invite_settings_seconds": 2,
        "reminder_seconds": None,
        "forbidden_channels": [],
        "review_state": "APPROVED",
    }
    assert sandbox.apply() == -10001
    # Only the numbers go on.
    sandbox.put("seed")
    assert sandbox.apply() == number + 1
    assert sandbox.get_state(number) == -10001


def test_seed_restores_the_certificates_and_keeps_others(sandbox):
    sandbox.put("certificates", **CERTIFICATE)
    seeds = sandbox.get("certificates")[:SEED_COUNT]
    sandbox.put("certificates", **{**seeds[0], "state": "DISABLED"})
    assert sandbox.put("seed") == seeds
    assert sandbox.get("certificates")[:SEED_COUNT] == seeds
    assert len(sandbox.get("certificates")) == SEED_COUNT + 1


def test_certificate_is_added_with_all_fields(sandbox):
    assert sandbox.put("certificates", **CERTIFICATE) == {
        **CERTIFICATE,
        "limit": "open",
        "inactive_payment_types": [],
        "ratings": True,
        "rating_active": False,
        "mark": "4.83",
        "reviews": 123,
        "fees_invented": False,
        "note": "",
        "valid_from": "2020-01-01",
        "valid_to": "2099-12-31",
        "feed": True,
        "soap": True,
        "guarantee": True,
        "guarantee_amount": ITEM["protected_amount"],
        "items": [{**ITEM, "id": 1, "creation_date": "2010-08-09T00:00:00+02:00"}],
    }
    status = sandbox.connect("TsProtection").checkCertificate(CERTIFICATE["ts_id"])
    assert (status.certificationLanguage, status.url) == (
        "fr",
        "https://boutique.example",
    )


def test_what_is_listed_can_be_posted_again(sandbox):
    before = sandbox.get("certificates")
    for certificate in before:
        sandbox.put("certificates", **certificate)
    assert sandbox.get("certificates") == before
    # Three fields are enough.
    data = {name: CERTIFICATE[name] for name in ("ts_id", "type", "state")}
    answer = sandbox.put("certificates", **data)
    assert (answer["url"], answer["language"]) == ("http://shop.example", "de")
    assert answer["items"] == []


def test_certificate_can_be_deleted(sandbox):
    assert sandbox.control("DELETE", f"certificates/{GERMAN}").json() == {"deleted": 1}
    status = sandbox.connect("TsProtection").checkCertificate(GERMAN)
    assert status.stateEnum == "INVALID_TS_ID"
    answer = sandbox.control("DELETE", f"certificates/{GERMAN}")
    assert answer.status_code == 400
    assert answer.json() == {"error": "There is no certificate with this id."}


BAD_CERTIFICATES = [
    ({"ts_id": "XABC"}, "'ts_id' must be X and 32 capital letters or digits"),
    ({"ts_id": CERTIFICATE["ts_id"].lower()}, "'ts_id' must be X and 32"),
    ({"ts_id": 5}, "'ts_id' must be X and 32"),
    ({"type": "PREMIUM"}, "'type' must be one of CLASSIC, EXCELLENCE"),
    ({"state": "VALID"}, "'state' must be one of PRODUCTION, INTEGRATION"),
    ({"language": "DE"}, "'language' must be two lower-case letters"),
    ({"url": "javascript:alert(1)"}, "'url' must be an address"),
    ({"ws_user": None}, "'ws_user' must be a text"),
    ({"ws_password": "a\u0000b"}, "'ws_password' must be a text"),
    ({"note": "\ud800"}, "The request is not JSON."),
    ({"limit": "high"}, "'limit' must be one of open, used_up"),
    ({"inactive_payment_types": ["CASH"]}, "'inactive_payment_types' must be"),
    ({"ratings": 1}, "'ratings' must be true or false"),
    ({"mark": "5.01"}, "'mark' must be a text like"),
    ({"mark": 4.83}, "'mark' must be a text like"),
    ({"reviews": -1}, "'reviews' must be a whole number"),
    ({"valid_from": "2026-02-30"}, "'valid_from' must be a date like"),
    ({"valid_to": "20260131"}, "'valid_to' must be a date like"),
    ({"guarantee_amount": "-1"}, "'guarantee_amount' must be a text like"),
    ({"colour": "red"}, "has no field 'colour'"),
    ({"items": {}}, "'items' must be a list"),
    ({"items": ["x"]}, "An item must be a JSON object"),
    ({"items": [ITEM, ITEM]}, "two items have the same 'ts_product_id'"),
    ({"items": [{**ITEM, "net_fee": 0.82}]}, "'net_fee' must be a text like"),
    ({"items": [{**ITEM, "protected_amount": "-1"}]}, "'protected_amount' must be"),
    ({"items": [{**ITEM, "currency": "XXX"}]}, "'currency' must be one of EUR"),
    ({"items": [{**ITEM, "duration_days": "30"}]}, "'duration_days' must be"),
    ({"items": [{**ITEM, "fee": "1.00"}]}, "has no field 'fee'"),
]


LACKING = [
    (name, {key: value for key, value in CERTIFICATE.items() if key != name})
    for name in ("ts_id", "type", "state")
]
OBJECTS = ("certificates", "faults", "settings")
BAD_FAULTS = [
    ({"operation": "cancel", "kind": "fault"}, "'operation' must be the name"),
    ({"kind": "fault"}, "'operation' must be the name"),
    ({"operation": "ping", "kind": "explode"}, "'kind' must be one of refuse"),
    ({"operation": "ping"}, "'kind' must be one of refuse"),
    ({"operation": "ping", "kind": "fault", "times": 1.5}, "'times' must be"),
    ({"operation": "ping", "kind": "fault", "times": -2}, "'times' must be"),
    ({"operation": "ping", "kind": "hang_after", "seconds": -1}, "'seconds' must"),
    ({"operation": "ping", "kind": "fault", "code": -10001}, "'code' belongs to"),
    ({"operation": "ping", "kind": "code", "code": 1}, "The kind 'code' needs one"),
    ({"operation": "*", "kind": "code", "code": 1}, "The kind 'code' needs one"),
    ({"operation": "checkLogin", "kind": "code"}, "'code' must be a whole number"),
    ({"operation": "checkLogin", "kind": "code", "code": 2**63}, "'code' must be a"),
    (
        {"operation": "updateRatingWidgetState", "kind": "code", "code": -1},
        "'code' must be one of OK",
    ),
    ({"operation": "ping", "kind": "fault", "delay": 1}, "has no field 'delay'"),
]


BAD_SETTINGS = [
    ({"pending_seconds": -1}, "'pending_seconds' must be seconds"),
    ({"pending_seconds": "5"}, "'pending_seconds' must be seconds"),
    ({"duplicates": "ignore"}, "'duplicates' must be 'refuse' or 'accept'"),
    ({"mails": "lose"}, "'mails' must be 'refuse' or 'accept'"),
    ({"delay_ms": 60001}, "'delay_ms' must be 0 to 60000"),
    ({"colour": "red"}, "There is no setting 'colour'"),
]


BAD_DECISIONS = [
    ({}, "'application_number' must be a positive number."),
    ({"application_number": "1"}, "'application_number' must be a positive number."),
    ({"application_number": 1}, "There is no application with this number."),
    (
        {"application_number": 1, "code": 5},
        "'code' must be a negative number, or missing.",
    ),
    ([], "Give 'application_number' and, to reject it, 'code'."),
]
BAD = [
    *(("certificates", {**CERTIFICATE, **d}, text) for d, text in BAD_CERTIFICATES),
    *(("certificates", each, f"A certificate needs '{n}'.") for n, each in LACKING),
    *(("faults", data, text) for data, text in BAD_FAULTS),
    *(("settings", data, text) for data, text in BAD_SETTINGS),
    *(("applications", data, text) for data, text in BAD_DECISIONS),
    *((name, "x", "must be a JSON object") for name in OBJECTS),
    *((name, [5], "must be a JSON object") for name in OBJECTS),
]


@pytest.mark.parametrize(("name", "data", "text"), BAD)
def test_what_is_wrong_is_refused_in_plain_words_and_changes_nothing(
    sandbox, name, data, text
):
    before = sandbox.get(name)
    response = sandbox.control("POST", name, data)
    assert response.status_code == 400
    assert text in response.json()["error"]
    assert sandbox.get(name) == before


def test_delay_slows_the_answers_down(sandbox):
    sandbox.put("settings", delay_ms=300)
    response = sandbox.post_call("TsProtection", "alive", {})
    assert response.elapsed.total_seconds() >= 0.3
    assert sandbox.look_up().elapsed.total_seconds() >= 0.3


def test_calls_are_counted_by_operation(sandbox):
    sandbox.apply()
    sandbox.apply()
    sandbox.order_fault("ping", "http_500")
    sandbox.post_call("TsProtection", "ping", {"arg0": 1})
    sandbox.post_call("TsProtection", "ping", {"arg0": "not a number"})
    sandbox.post_call("TsProtection", "unknown", {})
    sandbox.look_up()
    sandbox.look_up("X-unknown", "android")
    sandbox.look_up(document="quality/reviews")
    sandbox.http.get(f"{sandbox.url}/applications/widget.js/v2", timeout=20)
    assert sandbox.get("calls") == {
        "ping": 2,
        "requestForProtectionV2": 2,
        "trustmark": 2,
        "rating": 1,
        "widget": 1,
    }


def test_limit_gives_the_newest(sandbox):
    for number in range(3):
        sandbox.apply(f"S{number}")
    rows = sandbox.get("applications?limit=2")
    assert [row["shopOrderID"] for row in rows] == ["S1", "S2"]
    # Money is never a float.
    assert [row["amount"] for row in rows] == ["49.90"] * 2
    assert sandbox.find()["items"][0]["net_fee"] == "0.82"
    assert sandbox.control("GET", "applications?limit=x").status_code == 400


@pytest.mark.parametrize("body", [b"{", b"[", b"\xff", b"[" * 100000])
def test_what_is_no_json_is_refused(sandbox, body):
    url = f"{sandbox.url}/_control/settings"
    headers = {"Content-Type": "application/json"}
    response = requests.post(url, data=body, headers=headers, timeout=20)
    assert response.status_code == 400
    assert response.json() == {"error": "The request is not JSON."}
    response = sandbox.control("POST", "settings", {"x": "y" * 1024 * 1024})
    assert response.status_code == 413
    assert response.json() == {"error": "The request has more than 1048576 bytes."}


def test_forms_of_other_sites_cannot_change_anything(sandbox):
    sandbox.apply()
    url = f"{sandbox.url}/_control/reset"
    for headers in ({}, {"Content-Type": "text/plain"}):
        response = requests.post(url, data=b"{}", headers=headers, timeout=20)
        assert response.status_code == 400
        assert response.json()["error"] == "The content type must be application/json."
    response = requests.post(url, data={"a": "b"}, timeout=20)
    assert response.status_code == 400
    for origin in ("http://evil.example", "null"):
        response = requests.post(url, json={}, headers={"Origin": origin}, timeout=20)
        assert response.status_code == 400
        response = requests.delete(url, headers={"Origin": origin}, timeout=20)
        assert response.status_code == 405
    assert len(sandbox.get("applications")) == 1
    for method in ("GET", "OPTIONS"):
        response = requests.request(method, url, headers={"Origin": origin}, timeout=20)
        assert "Access-Control-Allow-Origin" not in response.headers
    own = {"Origin": sandbox.url}
    assert requests.post(url, json={}, headers=own, timeout=20).status_code == 200


@pytest.mark.parametrize(
    ("method", "name", "status"),
    [("GET", "nothing", 404), ("GET", "reset", 405), ("PUT", "faults", 405)],
)
def test_wrong_address_or_method_is_json_too(sandbox, method, name, status):
    response = sandbox.control(method, name)
    assert response.status_code == status
    assert list(response.json()) == ["error"]
