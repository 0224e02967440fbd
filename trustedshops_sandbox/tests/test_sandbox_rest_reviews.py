# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reviews: how they are searched, answered, reported, and written by people."""

from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from rest_client import ACCOUNT, DESK, GERMAN, POLISH, make_event

PRODUCT = {"type": "PRODUCT_REVIEW", "product": {**DESK, "id": "prt-1"}}


def put(sandbox, number, **changes):
    """Add the review ``rev-<number>``, submitted on that day of October."""
    day = f"2026-10-{number:02d}T12:00:00.000Z"
    review = {
        "id": f"rev-{number}",
        "channelRef": GERMAN,
        "rating": 5,
        "submittedAt": day,
        "transaction": {"reference": f"S{number:05d}"},
        "customer": {"email": "anna@example.com"},
        **changes,
    }
    return sandbox.put("reviews", **review)


def find(rest, path="/reviews", **query):
    """Return the numbers of the reviews found, in their order."""
    items = rest.get(path, **query)["items"]
    return [int(each["id"].removeprefix("rev-")) for each in items]


def test_review_is_shown_with_all_its_fields(rest):
    given = put(
        rest.sandbox,
        1,
        **PRODUCT,
        title="Good",
        comment="Stands firmly",
        inviteRef="inv-1",
        event={"id": "evt-1", "type": "x"},
        questionnaire={"id": "qst-1", "locale": "de_DE", "templateRef": "tpl-1"},
        reply={"comment": "Thank you"},
    )
    assert rest.get("/reviews")["items"] == [given]
    assert rest.get("/reviews/rev-1") == given
    day = "2026-10-01T12:00:00.000Z"
    assert {
        name: given[name] for name in ("createdAt", "submittedAt", "updatedAt")
    } == (dict.fromkeys(("createdAt", "submittedAt", "updatedAt"), day))
    assert (given["accountRef"], given["state"], given["verificationType"]) == (
        *(ACCOUNT, "APPROVED", "VERIFIED"),
    )


@pytest.fixture
def many(rest):
    """A client, and reviews that differ in each respect."""
    put(rest.sandbox, 1, rating=1, state="REJECTED")
    put(rest.sandbox, 2, rating=2, channelRef=POLISH)
    put(rest.sandbox, 3, rating=3, **PRODUCT, updatedAt="2026-11-03T12:00:00+01:00")
    put(rest.sandbox, 4, customer={"email": "Jan@Example.com"})
    put(rest.sandbox, 5, reply={"comment": "Thanks"}, state="MODERATION")
    put(rest.sandbox, 6, editedAt="2026-11-01T12:00:00Z")
    return rest


FOUND = [
    ({}, [6, 5, 4, 3, 2, 1]),
    ({"channels": POLISH}, [2]),
    ({"rating": "1,3"}, [3, 1]),
    ({"type": "PRODUCT_REVIEW"}, [3]),
    ({"hasReply": "true"}, [5]),
    ({"submittedAfter": "2026-10-05T12:00:00.000Z"}, [6]),
    ({"submittedAfter": "2026-10-05T12:59:59.999+0100"}, [6, 5]),
    ({"orderBy": "updatedAt"}, [3, 6, 5, 4, 2, 1]),
]


def test_filters_and_orders(many):
    for query, numbers in FOUND:
        assert find(many, **query) == numbers, query
        assert find(many, "/reviews-minimal", **query) == numbers, query
        if {"orderBy", "count"} & set(query):
            continue
        count = many.get("/reviews/count", **query)
        assert (count["accountId"], count["totalElements"]) == (ACCOUNT, len(numbers))
        assert many.get("/reviews", **query)["totalElements"] == len(numbers)


def test_pages_follow_each_other_but_their_links_forget_the_filters(many):
    first = many.get("/reviews", rating=5, count=2)
    paging = first["paging"]
    assert (first["totalElements"], paging["count"]) == (3, 2)
    assert paging["cursor"] == {"before": "rev-6", "after": "rev-5"}
    url = urlsplit(paging["links"]["next"])
    assert url.path == "/reviews"
    assert parse_qs(url.query) == {"after": ["rev-5"], "count": ["2"]}
    # Followed as it is, it gives what was not asked for.
    assert find(many, paging["links"]["next"]) == [4, 3]
    second = many.get("/reviews", rating=5, count=2, after="rev-5")
    assert [each["id"] for each in second["items"]] == ["rev-4"]
    assert "after" not in second["paging"]["cursor"]
    assert "next" not in second["paging"]["links"]
    assert find(many, rating=5, before="rev-4", count=1) == [5]
    assert find(many, second["paging"]["links"]["previous"]) == [6, 5]
    minimal = many.get("/reviews-minimal", count=1)["paging"]["links"]["next"]
    assert urlsplit(minimal).path == "/reviews-minimal"
    empty = many.get("/reviews", sku="none")
    assert empty["paging"] == {"count": 0, "cursor": {}, "links": {}}


def test_cursor_keeps_its_place_among_equal_moments_and_new_reviews(rest):
    day = "2026-10-01T12:00:00.000Z"
    for number in range(1, 8):
        put(rest.sandbox, number, submittedAt=day)
    seen, query = [], {"count": 3}
    while query:
        answer = rest.get("/reviews", **query)
        seen += [each["id"] for each in answer["items"]]
        after = answer["paging"]["cursor"].get("after")
        query = {"count": 3, "after": after} if after else None
        put(rest.sandbox, 20 + len(seen))
    assert seen == [f"rev-{number}" for number in range(7, 0, -1)]


def test_reply_is_added_changed_and_taken_back(rest):
    put(rest.sandbox, 1)
    path = "/reviews/rev-1/reply"
    assert rest.call("GET", path).status_code == 404
    made = rest.send("POST", path, {"comment": "Thank you"})
    assert (made["comment"], made["sendNotification"]) == ("Thank you", False)
    changed = rest.send("POST", path, {"comment": "Thanks", "sendNotification": True})
    assert changed["createdAt"] == made["createdAt"] <= changed["updatedAt"]
    assert rest.get(path) == changed
    review = rest.get("/reviews/rev-1")
    assert review["reply"] == changed
    assert review["updatedAt"] > review["submittedAt"]
    [mail] = rest.sandbox.get("mails")
    assert (mail["to"], mail["text"]) == (
        ["anna@example.com"],
        "Die Antwort:\n\nThanks\n",
    )
    response = rest.call("DELETE", path)
    assert (response.status_code, response.content) == (204, b"")
    assert rest.call("DELETE", path).status_code == 404
    assert "reply" not in rest.get("/reviews/rev-1")
    for data in ({}, {"comment": " "}, {"comment": 5}, {"comment": "x" * 10_001}):
        rest.send("POST", path, data, 400)
    rest.send("POST", path, {"comment": "x", "sendNotification": "yes"}, 400)


def test_veto_is_a_ticket_and_brings_moderation(rest):
    put(rest.sandbox, 1)
    path = "/reviews/rev-1/vetos"
    assert rest.call("GET", path).status_code == 404
    veto = {"comment": "Not ours", "reason": "ABUSIVE"}
    about = {"vetoReporterEmail": "shop@example.com", "channelName": "Mein Laden"}
    made = rest.send("POST", path, {**veto, **about}, 201)
    assert sorted(made) == [
        *("comment", "createdAt", "id", "reason", "ticketId", "updatedAt"),
    ]
    assert rest.get(path) == made
    assert rest.get("/reviews/rev-1")["state"] == "MODERATION"
    [kept] = rest.sandbox.get("vetos")
    assert kept == {**made, "reviewRef": "rev-1", **about}
    for reason in ("UNTRUTHFUL", "VIOLATES_THE_TERMS_OF_USE", "INAPPROPRIATE_IMAGE"):
        rest.send("POST", path, {**veto, "reason": reason}, 201)
    assert len(rest.sandbox.get("vetos")) == 4
    for changes in ({"reason": "RUDE"}, {"comment": None}, {"vetoReporterEmail": 5}):
        rest.send("POST", path, {**veto, **changes}, 400)


def open_form(rest, link, **fields):
    """Open the page of an invitation, or send its form; return response and tree."""
    method, data = ("POST", fields) if fields else ("GET", None)
    response = rest.sandbox.http.request(method, link, data=data, timeout=20)
    return response, html.fromstring(response.text)


def make_link(rest, **changes):
    rest.add_type()
    rest.invite(**changes)
    return rest.sandbox.get("invites")[0]["link"]


def test_person_reviews_shop_and_products_by_the_link(rest):
    link = make_link(rest, products=[DESK, {**DESK, "sku": "X", "name": "<b>"}, DESK])
    _response, page = open_form(rest, link)
    assert page.xpath("//h2/text()") == ["The shop", "Desk", "<b>"]
    words = {"title-shop": "Fast", "comment-0": "Grüße\n<script>"}
    response, page = open_form(
        rest, link, **{"rating-shop": "5", "rating-0": "3"}, **words
    )
    assert (response.status_code, response.url) == (200, f"{link}#thanks")
    assert "Thank you" in page.get_element_by_id("thanks").text
    product, shop = rest.get("/reviews")["items"]
    [invite, event] = rest.sandbox.get("invites") + rest.sandbox.get("events")
    for review in (product, shop):
        assert review["inviteRef"] == invite["id"]
        assert review["event"] == {"id": event["id"], "type": event["received"]["type"]}
        assert review["customer"] == make_event()["customer"]
        assert review["transaction"] == make_event()["transaction"]
    assert (shop["type"], shop["rating"], shop["title"]) == (
        "SERVICE_REVIEW",
        5,
        "Fast",
    )
    assert (product["rating"], product["comment"]) == (3, words["comment-0"])
    product["product"].pop("id")
    assert product["product"] == DESK
    assert invite["state"] == "REVIEWED"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "form-action 'self'" in policy


def test_person_changes_what_was_written(rest):
    rest.sandbox.put("settings", review_state="MODERATION")
    link = make_link(rest)
    open_form(rest, link, **{"rating-shop": "1", "title-shop": "Slow"})
    _response, page = open_form(rest, link)
    assert page.xpath("//input[@checked]/@value") == ["1"]
    assert page.xpath("//input[@name='title-shop']/@value") == ["Slow"]
    open_form(rest, link, **{"rating-shop": "2"})
    [review] = rest.get("/reviews")["items"]
    assert (review["rating"], review["state"]) == (2, "MODERATION")
    assert review["editedAt"] == review["updatedAt"] > review["submittedAt"]
    # Who has written is not reminded.
    rest.sandbox.put("settings", reminder_seconds=0)
    assert len(rest.sandbox.get("invites")) == len(rest.sandbox.get("mails")) == 1


def test_a_page_is_spoilt_as_a_fault_wants_it(many):
    for kind in ("bad_row", "old_row", "endless"):
        many.sandbox.order_fault("getReviews", kind, times=1)
    pages = [many.get("/reviews", count=3) for _kind in range(3)]
    assert pages[0]["items"][1]["rating"] is None
    assert pages[1]["items"][1]["updatedAt"].startswith("2020-")
    last = pages[2]["items"][-1]["id"]
    assert pages[2]["paging"]["links"]["next"] == f"/reviews?after={last}"
    many.sandbox.order_fault("getReviews", "endless", times=1)
    page = many.get("/reviews", count=3, after=last)
    assert page["paging"]["links"]["next"] == f"/reviews?after={last}"
