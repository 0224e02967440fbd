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
    ({"type": "PREMIUM"}, "'type' must be one of CLASSIC, EXCELLENCE"),
    ({"url": "javascript:alert(1)"}, "'url' must be an address"),
    ({"ws_password": "a\u0000b"}, "'ws_password' must be a text"),
    ({"note": "\ud800"}, "The request is not JSON."),
    ({"mark": 4.83}, "'mark' must be a text like"),
    ({"valid_to": "20260131"}, "'valid_to' must be a date like"),
    ({"colour": "red"}, "has no field 'colour'"),
    ({"items": {}}, "'items' must be a list"),
    ({"items": [{**ITEM, "net_fee": 0.82}]}, "'net_fee' must be a text like"),
]


LACKING = [
    (name, {key: value for key, value in CERTIFICATE.items() if key != name})
    for name in ("ts_id", "type", "state")
]
OBJECTS = ("certificates", "faults", "settings")
BAD_FAULTS = [
    ({"operation": "cancel", "kind": "fault"}, "'operation' must be the name"),
    ({"operation": "ping", "kind": "explode"}, "'kind' must be one of refuse"),
    ({"operation": "ping", "kind": "fault", "times": 1.5}, "'times' must be"),
    ({"operation": "ping", "kind": "code", "code": 1}, "The kind 'code' needs one"),
    (
        {"operation": "updateRatingWidgetState", "kind": "code", "code": -1},
        "'code' must be one of OK",
    ),
]


BAD_SETTINGS = [
    ({"pending_seconds": -1}, "'pending_seconds' must be seconds"),
    ({"duplicates": "ignore"}, "'duplicates' must be 'refuse' or 'accept'"),
    ({"colour": "red"}, "There is no setting 'colour'"),
]


BAD_DECISIONS = [
    ({}, "'application_number' must be a positive number."),
    ({"application_number": 1}, "There is no application with this number."),
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
