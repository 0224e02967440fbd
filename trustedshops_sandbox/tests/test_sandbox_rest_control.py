# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The controls of the REST side, what its page shows, and what outlives a kill."""

import signal

from lxml import html

from rest_client import ACCOUNT, CLIENT, DESK, GERMAN, POLISH, TYPE, Rest, make_event

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
SECTIONS = ("events", "invitations", "reviews", "accounts")


def read_sections(sandbox):
    """Return the text of each section of the page that is about reviews."""
    page = html.fromstring(sandbox.http.get(sandbox.url, timeout=20).text)
    return {
        name: " ".join(page.get_element_by_id(name).text_content().split())
        for name in SECTIONS
    }


def test_reset_empties_everything_and_seed_brings_the_account_back(rest):
    sandbox = rest.sandbox
    rest.add_type()
    rest.invite()
    sandbox.put("reviews", channelRef=GERMAN, rating=5)
    sandbox.put("reset")
    lists = (
        *("accounts", "channels", "event_types", "invite_settings", "events"),
        *("invites", "reviews", "vetos"),
    )
    assert [sandbox.get(name) for name in lists] == [[]] * len(lists)
    assert rest.call("GET", "/channels").status_code == 401
    sandbox.put("seed")
    assert sandbox.get("accounts") == [
        {
            "client_id": CLIENT[0],
            "client_secret": CLIENT[1],
            "account_ref": ACCOUNT,
            "name": "Account of the sandbox",
            "active": True,
        }
    ]
    assert [each["id"] for each in sandbox.get("channels")] == [GERMAN, POLISH]
    assert [each["name"] for each in sandbox.get("event_types")] == ["checkout"]
    assert len(sandbox.get("invite_settings")) == 2
    # Again it changes nothing, and what was added stays.
    made = Rest(sandbox).log_in().add_type()
    sandbox.put("seed")
    assert sandbox.get("event_types")[1]["id"] == made
    assert len(sandbox.get("invite_settings")) == 4


def test_new_secret_of_a_client_keeps_its_channels(rest):
    rest.sandbox.put("accounts", client_id=CLIENT[0], client_secret="another")
    assert rest.ask_bearer().status_code == 401
    assert len(rest.log_in(client_secret="another").get("/channels")) == 2


def test_channel_may_be_odd_and_may_vanish(rest):
    odd = {
        "name": "Zweiter Laden",
        "url": "www.XN--STRAE-OQA.example:8443/de/?a=b",
        "locale": "en_150",
    }
    made = rest.sandbox.put("channels", **odd)
    assert made["id"].startswith("chl-")
    channel = rest.get("/channels")[2]
    assert {name: channel[name] for name in odd} == odd
    assert len(rest.get("/invite-settings", **{"channel-id": made["id"]})) == 1
    assert rest.sandbox.put("channels", **{**made, "locale": "de"})["locale"] == "de"
    answer = rest.sandbox.control("DELETE", f"channels/{made['id']}").json()
    assert answer == {"deleted": 1}
    assert len(rest.get("/channels")) == 2
    response = rest.call("GET", "/invite-settings", params={"channel-id": made["id"]})
    assert response.status_code == 404


def test_events_invitations_and_reviews_can_be_put_there(rest):
    sandbox = rest.sandbox
    rest.add_type()
    event = sandbox.put("events", **make_event("S1"))
    assert rest.get(f"/events/{event['id']}")["transaction"]["reference"] == "S1"
    invite = sandbox.put(
        "invites", channel=POLISH, email="jan@example.com", reference="S2"
    )
    assert rest.sandbox.http.get(invite["link"], timeout=20).status_code == 200
    [mail] = [
        each for each in sandbox.get("mails") if each["to"] == ["jan@example.com"]
    ]
    assert mail["subject"].startswith("Jak oceniasz")
    many = [{"id": f"rev-{i}", "channelRef": GERMAN, "rating": 5} for i in range(3)]
    answer = sandbox.control("POST", "reviews", many)
    assert (answer.status_code, len(answer.json())) == (200, 3)
    assert rest.get("/reviews/count")["totalElements"] == 3
    # What is listed can be put there again.
    for review in sandbox.get("reviews"):
        assert sandbox.put("reviews", **review) == review
    sandbox.put("reviews", id="rev-1", channelRef=GERMAN, rating=1, state="REJECTED")
    assert rest.get("/reviews", status="REJECTED")["totalElements"] == 1
    answer = sandbox.control("DELETE", "reviews/rev-1")
    assert answer.json() == {"deleted": 1}
    assert rest.call("GET", "/reviews/rev-1").status_code == 404
    assert [each["id"] for each in sandbox.get("reviews?limit=1")] == ["rev-2"]


def test_reviews_of_products_are_switched_on_as_booked(rest):
    rest.add_type(product=False)
    asked = []
    for number, answer in ((1, None), (2, 1), (3, 0)):
        if answer is not None:
            changed = rest.sandbox.put("product_reviews", channel=GERMAN, asked=answer)
            # That of the Trustbadge, and the new one.
            enabled = [
                each["productInviteConfiguration"]["enabled"] for each in changed
            ]
            assert enabled == [bool(answer)] * 2
        rest.invite(f"S{number}")
        asked.append(len(rest.sandbox.get("invites")[-1]["products"]))
    assert asked == [0, 1, 0]
    others = rest.get("/invite-settings", **{"channel-id": POLISH})
    enabled = [each["productInviteConfiguration"]["enabled"] for each in others]
    assert enabled == [True, False]


REVIEW = {"channelRef": GERMAN, "rating": 5}
BAD = [
    (
        "invite_settings",
        {"channel": GERMAN, "type": "x"},
        "This channel has no such event type.",
    ),
    (
        "invite_settings",
        {"channel": GERMAN, "type": "checkout", "service": 2},
        "'service' must be 0 or 1",
    ),
    ("product_reviews", {"channel": GERMAN}, "A switch needs 'asked'."),
    ("product_reviews", {"channel": GERMAN, "asked": 2}, "'asked' must be 0 or 1"),
    ("product_reviews", {"channel": "chl-x", "asked": 1}, "There is no channel"),
    ("accounts", {"client_id": "a"}, "An account needs 'client_secret'."),
    ("accounts", {"client_id": "", "client_secret": "b"}, "'client_id' must be a text"),
    ("channels", {}, "A channel needs 'name'."),
    ("channels", {"name": "a", "tsId": "X"}, "A channel has no field 'tsId'."),
    ("channels", {"name": "a", "locale": 5}, "'locale' must be a text"),
    ("events", {"type": TYPE}, "instance requires property"),
    ("events", make_event(), "unknown event type"),
    (
        "events",
        make_event(type="checkout", channel_ref="chl-x"),
        "There is no channel with this id.",
    ),
    ("invites", {"channel": GERMAN, "email": "a@b.c"}, "needs 'reference'"),
    (
        "invites",
        {"channel": "chl-x", "email": "a@b.c", "reference": "S1"},
        "There is no channel with this id.",
    ),
    ("reviews", {"channelRef": GERMAN}, "A review needs 'rating'."),
    ("reviews", {**REVIEW, "rating": 6}, "'rating' must be a whole number"),
    ("reviews", {**REVIEW, "rating": True}, "'rating' must be a whole number"),
    ("reviews", {**REVIEW, "state": "NEW"}, "'state' must be one of SUBMITTED"),
    ("reviews", {**REVIEW, "submittedAt": "2026-01-01"}, "'submittedAt' must be a"),
    ("reviews", {**REVIEW, "channelRef": "chl-x"}, "there is no channel with"),
    ("reviews", {**REVIEW, "id": "1"}, "'id' must be rev-"),
    ("reviews", {**REVIEW, "product": DESK}, "'product' belongs to the type"),
    ("reviews", {**REVIEW, "type": "PRODUCT_REVIEW"}, "'product' belongs to the type"),
    ("reviews", [REVIEW, {}], "A review needs 'channelRef'."),
    ("reviews", 5, "A review must be a JSON object."),
    ("revoke", {"client_id": "nobody"}, "There is no account"),
    ("revoke", {"client_id": 5}, "There is no account"),
    ("revoke", [], "Give a 'client_id'"),
    ("settings", {"expires_in": []}, "'expires_in' must be a number"),
    ("settings", {"bearer_seconds": None}, "'bearer_seconds' must be seconds"),
    ("settings", {"forbidden_channels": GERMAN}, "'forbidden_channels' must be a"),
    ("settings", {"review_state": "NEW"}, "'review_state' must be one of"),
    ("settings", {"audience": "x"}, "'audience' must be check or ignore"),
    ("faults", {"operation": "getReviews", "kind": "no_ref"}, "needs the operation"),
    ("faults", {"operation": "*", "kind": "html_202"}, "needs the operation postEvent"),
    ("faults", {"operation": "postEvent", "kind": "code", "code": 1}, "needs one of"),
]


def test_what_is_wrong_is_refused_in_plain_words_and_changes_nothing(rest):
    lists = ("accounts", "channels", "events", "invites", "reviews", "settings")
    before = [rest.sandbox.get(each) for each in lists]
    for name, data, text in BAD:
        response = rest.sandbox.control("POST", name, data)
        assert response.status_code == 400, (name, data)
        assert text in response.json()["error"]
    assert [rest.sandbox.get(each) for each in lists] == before
    assert rest.sandbox.get("faults") == []
    assert rest.get("/channels")


def test_what_is_not_there_cannot_be_deleted(sandbox):
    for name in ("accounts/x", "channels/x", "reviews/x"):
        assert sandbox.control("DELETE", name).status_code == 400


def test_page_shows_what_came_and_what_became_of_it(rest):
    rest.add_type()
    rest.invite("S1")
    rest.send(
        "PUT", f"/event-types/{rest.get('/event-types')[1]['id']}", {"active": False}
    )
    rest.invite("S2")
    link = rest.sandbox.get("invites")[0]["link"]
    fields = {"rating-shop": "5", "title-shop": "Fast", "rating-0": "1"}
    rest.sandbox.http.post(link, data=fields, timeout=20)
    rest.sandbox.put("settings", forbidden_channels=[POLISH])
    text = read_sections(rest.sandbox)
    for name, expected in (
        ("events", f"Invited S1 {TYPE} · Mein Laden"),
        ("events", f"Nobody asked S2 {TYPE} · Mein Laden"),
        ("events", "customer emailanna@example.com"),
        ("events", "Desk FURN_1"),
        ("invitations", "Reviewed S1 to anna@example.com"),
        ("invitations", "asked aboutthe shop and 1 product"),
        ("reviews", "Approved 5 stars: Fast Mein Laden"),
        ("reviews", "Approved 1 star: (no title) Desk"),
        ("accounts", "Active Account of the sandbox 2 channels sandbox-client"),
        ("accounts", "secretsan… bearers given1"),
        ("accounts", f"Mój sklep (forbidden){POLISH}"),
        ("accounts", "de_DEcheckoutStop asking after checkout"),
        ("accounts", "checkoutSwitch off"),
    ):
        assert expected.replace(" ", "") in text[name].replace(" ", ""), name
    content = rest.sandbox.http.get(rest.sandbox.url, timeout=20).text
    assert CLIENT[1] not in content
    assert rest.bearer not in content


def test_hostile_text_is_shown_as_text_and_shortened(rest):
    rest.add_type()
    customer = {"email": "a@example.com", "firstName": HOSTILE, "more": [HOSTILE]}
    product = {**DESK, "name": HOSTILE, "sku": HOSTILE, "gtin": HOSTILE}
    rest.invite(HOSTILE, customer=customer, products=[product], system=HOSTILE)
    rest.invite("S" * 100_000, products=[{**product, "name": "N" * 100_000}])
    link = rest.sandbox.get("invites")[0]["link"]
    fields = {"rating-shop": "5", "title-shop": HOSTILE, "comment-shop": HOSTILE}
    rest.sandbox.http.post(link, data={**fields, "rating-0": "2"}, timeout=20)
    about = {"channelRef": GERMAN, "rating": 5, "type": "PRODUCT_REVIEW"}
    product = {"name": {"x": HOSTILE}, "sku": 5}
    rest.sandbox.put("reviews", **about, product=product, reply={"comment": [HOSTILE]})
    rest.sandbox.put("channels", id=POLISH, name=HOSTILE, url=HOSTILE, locale=HOSTILE)
    for url in (rest.sandbox.url, link):
        content = rest.sandbox.http.get(url, timeout=20).text
        assert len(content) < 90_000
        page = html.fromstring(content)
        assert not page.xpath("//script/text()")
        assert not page.xpath("//img")
        assert not page.xpath("//@*[starts-with(name(), 'on')]")
        assert HOSTILE in page.text_content()


def test_kill_loses_nothing_that_was_answered(own_sandbox):
    rest = Rest(own_sandbox).log_in()
    ref = rest.add_type()
    event = rest.invite()
    own_sandbox.put("reviews", id="rev-1", channelRef=GERMAN, rating=4)
    rest.send("POST", "/reviews/rev-1/reply", {"comment": "Thank you"})
    own_sandbox.order_fault("getChannels", "http_429", seconds=9)
    lists = ("invites", "mails", "reviews", "events", "invite_settings")
    before = [own_sandbox.get(name) for name in lists]
    own_sandbox.process.send_signal(signal.SIGKILL)
    own_sandbox.process.wait(5)
    own_sandbox.stop()
    own_sandbox.start()
    # The bearer is good as long as it was said to be.
    assert rest.call("GET", "/channels").headers["Retry-After"] == "9"
    assert rest.get(f"/events/{event}")["type"] == TYPE
    assert rest.get("/event-types")[1]["id"] == ref
    assert [own_sandbox.get(name) for name in lists] == before


def test_log_has_no_secrets_and_no_personal_data(own_sandbox):
    rest = Rest(own_sandbox).log_in()
    rest.add_type()
    rest.invite("S00042")
    rest.ask_bearer(client_secret="wrong-secret")
    rest.get("/reviews", query="anna@example.com")
    link = own_sandbox.get("invites")[0]["link"]
    own_sandbox.http.post(link, data={"rating-shop": "5"}, timeout=20)
    log = own_sandbox.read_log()
    assert "POST /events 202" in log
    for word in ("secret", "S00042", "example.com", "Anna", rest.bearer[-40:]):
        assert word not in log
