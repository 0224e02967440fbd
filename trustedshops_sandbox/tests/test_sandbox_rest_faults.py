# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each fault for each operation of the REST side, as a client sees it."""

import pytest
import requests

from rest_client import FEEDS, fill, make_event

SCRIPT = '"><script>alert(1)</script>'
NO_ANSWER = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture
def callers(rest):
    """A way to call each operation by its name; each returns the response."""
    calls = fill(rest)
    callers = {"postToken": rest.ask_bearer}
    for name, (method, path, data) in calls.items():
        callers[name] = lambda m=method, p=path, d=data, **o: rest.call(m, p, d, **o)
    for name, path in FEEDS.items():
        callers[name] = lambda p=path, **o: rest.call("GET", p, **o)
    return callers


def test_each_operation_can_be_ordered_to_fail(callers, rest):
    for name in callers:
        rest.sandbox.order_fault(name, "http_500")
    assert {each["operation"] for each in rest.sandbox.get("faults")} == set(callers)
    before = rest.sandbox.get("calls")
    for call in callers.values():
        assert call().status_code == 500
    after = rest.sandbox.get("calls")
    assert {name: after[name] - before.get(name, 0) for name in callers} == (
        dict.fromkeys(callers, 1)
    )
    for call in callers.values():
        assert call().ok


@pytest.mark.parametrize("kind", ["refuse", "hang_before", "hang_after", "slow"])
def test_no_whole_answer(callers, rest, kind):
    rest.sandbox.order_fault("*", kind, seconds=0, times=len(callers))
    if kind == "slow":
        callers.pop("deleteReply")  # its answer is empty
    for call in callers.values():
        with pytest.raises(NO_ANSWER):
            call()


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "text"),
    [
        ("http_500", 500, "text/plain", "Internal Server Error\n"),
        ("html_502", 502, "text/html", "<h1>502 Bad Gateway</h1>"),
        ("fault", 500, "application/json", "Internal Server Error (ordered fault)"),
        ("http_403", 403, "application/json", '{"Message": "Forbidden"}'),
        ("http_429", 429, "application/json", '{"Message": "Too Many Requests"}'),
        ("expired", 401, "application/json", '{"Message": "Unauthorized"}'),
        ("redirect", 302, None, ""),
        ("redirect_file", 302, None, ""),
    ],
)
def test_answer_that_is_no_success(callers, rest, kind, status, content_type, text):
    rest.sandbox.order_fault("*", kind, seconds=7.5, times=len(callers))
    for name, call in callers.items():
        response = call()
        assert response.status_code == status, name
        if content_type:
            assert response.headers["Content-Type"] == content_type
        assert text in response.text
        assert response.headers.get("Retry-After") == ("7" if status == 429 else None)


def test_garbage_is_broken_json_and_hostile_is_whole_json(callers, rest):
    rest.sandbox.order_fault("*", "garbage", times=len(callers))
    for call in callers.values():
        response = call()
        assert response.status_code == 200
        with pytest.raises(requests.exceptions.JSONDecodeError):
            response.json()
    harmless = ("deleteReply", "putChannel")  # nothing, and an id alone
    rest.sandbox.order_fault("*", "hostile", times=len(callers))
    for name, call in callers.items():
        response = call()
        if name not in harmless:
            assert {SCRIPT, 2**63 - 1} & set(find_values(response.json())), name
    rest.sandbox.order_fault("getReview", "hostile")
    review = rest.get("/reviews/rev-1")
    assert (review["id"], review["state"]) == ("rev-1", "MODERATION")
    assert (review["title"], review["rating"]) == (SCRIPT, 2**63 - 1)


def find_values(answer):
    """Return all texts and numbers of what JSON said."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, list):
        return [value for each in answer for value in find_values(each)]
    return [answer]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        *(("refuse", 0), ("hang_before", 0), ("http_500", 0), ("http_429", 0)),
        *(("expired", 0), ("http_403", 0), ("fault", 0), ("garbage", 0)),
        *(("hang_after", 1), ("slow", 1), ("no_ref", 1), ("html_202", 1)),
        ("hostile", 1),
    ],
)
def test_whether_the_buyer_is_invited_belongs_to_the_kind(rest, kind, count):
    rest.add_type()
    rest.sandbox.order_fault("postEvent", kind, seconds=0)
    try:
        response = rest.call("POST", "/events", make_event())
    except NO_ANSWER:
        response = None
    assert len(rest.sandbox.get("events")) == len(rest.sandbox.get("mails")) == count
    if kind == "no_ref":
        assert (response.status_code, response.json()) == (202, {"Message": "Accepted"})
    if kind == "html_202":
        assert response.status_code == 202
        assert response.headers["Content-Type"].startswith("text/html")
