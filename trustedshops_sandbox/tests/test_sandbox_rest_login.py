# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The login of the REST side, who is let in by it, and what is no request at all."""

import time

import requests
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

from rest_client import (
    AUDIENCE,
    CLIENT,
    GERMAN,
    POLISH,
    UNKNOWN,
    Rest,
    fill,
)
from sandbox_process import wait_until


def test_bearer_is_given_with_all_that_the_real_service_says(sandbox):
    response = Rest(sandbox).ask_bearer()
    assert response.status_code == 200
    answer = response.json()
    assert answer.pop("access_token").count(".") == 2
    assert answer == {
        "expires_in": 3600,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": "email profile",
    }


BAD_LOGINS = [
    ({"grant_type": None}, 400, "invalid_request"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"client_id": "somebody"}, 401, "invalid_client"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_secret": f"{CLIENT[1]}\n"}, 401, "invalid_client"),
    ({"audience": None}, 400, "invalid_request"),
    ({"audience": "https://api.another.example"}, 400, "invalid_request"),
]


def test_bad_login_is_refused_with_an_error_of_oauth(sandbox):
    for changes, status, error in BAD_LOGINS:
        response = Rest(sandbox).ask_bearer(**changes)
        assert (response.status_code, response.json()["error"]) == (status, error)
        assert response.json()["error_description"]
    url = f"{sandbox.url}/oauth/token"
    response = sandbox.http.post(url, json={"grant_type": "x"}, timeout=20)
    assert response.status_code == 415
    response = Rest(sandbox).ask_bearer(client_secret="x" * 1024 * 1024)
    assert response.status_code == 413
    assert response.json()["Message"] == "The request has more than 1048576 bytes."


def test_independent_client_logs_in_and_works(sandbox, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # no TLS on this machine
    session = OAuth2Session(client=BackendApplicationClient(client_id=CLIENT[0]))
    token = session.fetch_token(
        f"{sandbox.url}/oauth/token",
        client_secret=CLIENT[1],
        include_client_id=True,
        audience=AUDIENCE,
    )
    assert token["token_type"] == "Bearer"
    assert token["expires_at"] > time.time() + 3500
    channels = session.get(f"{sandbox.url}/channels", timeout=20).json()
    assert [each["name"] for each in channels] == ["Mein Laden", "Mój sklep"]
    event = {"customer": {"email": "anna@example.com"}}
    answer = session.post(f"{sandbox.url}/events", json=event, timeout=20)
    assert answer.status_code == 400
    assert answer.json()["Message"].startswith("Invalid request: instance requires")


def test_no_operation_is_for_somebody_without_a_good_bearer(rest):
    calls = fill(rest)
    good = rest.bearer
    for name, (method, path, data) in calls.items():
        for header in (None, "", "Bearer", f"Bearer {good}x", f"Basic {good}", good):
            headers = {"Authorization": header}
            response = rest.call(method, path, data, headers=headers)
            assert response.status_code == 401, name
            assert response.json() == {"Message": "Unauthorized"}
            assert response.headers["WWW-Authenticate"] == "Bearer"
    assert rest.get("/channels")
    headers = {"Authorization": f"bearer {good}"}
    assert rest.call("GET", "/channels", headers=headers).status_code == 200


def test_bearer_ends(sandbox):
    sandbox.put("settings", bearer_seconds=2)
    rest = Rest(sandbox).log_in()
    assert rest.get("/channels")
    wait_until(lambda: rest.call("GET", "/channels").status_code == 401)
    sandbox.put("settings", bearer_seconds=3600)
    assert rest.log_in().get("/channels")


def test_bearers_are_revoked_and_so_is_a_client(rest):
    sandbox = rest.sandbox
    sandbox.put("accounts", client_id="other", client_secret="other-secret")
    other = Rest(sandbox).log_in(client_id="other", client_secret="other-secret")
    assert other.get("/channels") == []
    assert sandbox.put("revoke", client_id="other") == {"revoked": 1}
    assert other.call("GET", "/channels").status_code == 401
    answer = other.ask_bearer(client_id="other", client_secret="other-secret")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert rest.get("/channels")
    assert sandbox.put("revoke") == {"revoked": 1}
    assert rest.call("GET", "/channels").status_code == 401
    assert rest.log_in().get("/channels")
    assert sandbox.control("DELETE", f"accounts/{CLIENT[0]}").json() == {"deleted": 1}
    assert rest.call("GET", "/channels").status_code == 401


def test_forbidden_channel_is_403_wherever_it_is_named(rest):
    calls = fill(rest)
    rest.sandbox.put("settings", forbidden_channels=[GERMAN])
    everywhere = {
        *("getChannels", "getEventTypes", "postEventType", "putEventType"),
        *("getReviews", "getReviewsMinimal", "getReviewsCount"),
    }
    for name, (method, path, data) in calls.items():
        response = rest.call(method, path, data)
        allowed = name in everywhere
        assert (response.status_code == 403) != allowed, (name, response.text)
    # Lists over all channels leave it out.
    assert rest.get("/reviews")["totalElements"] == 0
    settings = rest.get("/invite-settings")
    assert {each["channelId"] for each in settings} == {POLISH}
    assert rest.call("GET", f"/reviews?channels={GERMAN}").status_code == 403


def test_nothing_of_another_account_is_seen(rest):
    calls = fill(rest)
    rest.sandbox.put("accounts", client_id="other", client_secret="other-secret")
    other = Rest(rest.sandbox).log_in(client_id="other", client_secret="other-secret")
    lists = ("getChannels", "getEventTypes", "getReviews", "getReviewsMinimal")
    for name, (method, path, data) in calls.items():
        response = other.call(method, path, data)
        if name in lists:
            items = response.json()
            assert (items if isinstance(items, list) else items["items"]) == []
        elif name == "getReviewsCount":
            assert response.json()["totalElements"] == 0
        elif name != "postEventType":
            assert response.status_code == 404, (name, response.text)
    assert other.call("GET", f"/reviews?channels={GERMAN}").status_code == 404


def test_unknown_references_are_404(rest):
    calls = fill(rest)
    known = (GERMAN, "rev-1", "ety-", "evt-", "ist-")
    for name, (method, path, data) in calls.items():
        parts = path.partition("?")[0].split("/")
        if len(parts) < 3 or name == "getReviewsCount":
            continue
        assert parts[2].startswith(known)
        path = "/".join([*parts[:2], UNKNOWN, *parts[3:]])
        response = rest.call(method, path, data)
        assert response.status_code == 404, name
        assert response.json()["Message"].endswith("not found")


BODIES = [
    (b"{", 400),
    (b"\xff", 400),
    (b"", 400),
    (b"[" * 100_000, 400),
    (b"[]", 400),
    (b"{}", 400),
    (b'{"a": "' + b"x" * 1024 * 1024 + b'"}', 413),
]


def test_hostile_bodies_are_refused_in_json_and_nothing_is_done(rest):
    calls = fill(rest)
    lists = ("channels", "event_types", "invite_settings", "events", "reviews")
    before = [rest.sandbox.get(name) for name in lists]
    for name, (method, path, data) in calls.items():
        if data is None:
            continue
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {rest.bearer}",
        }
        for body, status in BODIES:
            url = rest.sandbox.url + path
            response = requests.request(
                *(method, url), data=body, headers=headers, timeout=20
            )
            assert response.status_code == status, (name, body[:20], response.text)
            assert {"Message", "Error"} & set(response.json())
    assert [rest.sandbox.get(name) for name in lists] == before
