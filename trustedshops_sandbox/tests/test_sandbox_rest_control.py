# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The controls of the REST side, what its page shows, and what outlives a kill."""

from rest_client import ACCOUNT, CLIENT, DESK, GERMAN, POLISH, TYPE, Rest, make_event


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
    ("product_reviews", {"channel": GERMAN, "asked": 2}, "'asked' must be 0 or 1"),
    ("accounts", {"client_id": "a"}, "An account needs 'client_secret'."),
    ("channels", {"name": "a", "tsId": "X"}, "A channel has no field 'tsId'."),
    ("events", {"type": TYPE}, "instance requires property"),
    ("invites", {"channel": GERMAN, "email": "a@b.c"}, "needs 'reference'"),
    ("reviews", {"channelRef": GERMAN}, "A review needs 'rating'."),
    ("reviews", {**REVIEW, "rating": 6}, "'rating' must be a whole number"),
    ("reviews", {**REVIEW, "channelRef": "chl-x"}, "there is no channel with"),
    ("reviews", {**REVIEW, "id": "1"}, "'id' must be rev-"),
    ("reviews", {**REVIEW, "product": DESK}, "'product' belongs to the type"),
    ("reviews", {**REVIEW, "type": "PRODUCT_REVIEW"}, "'product' belongs to the type"),
    ("revoke", {"client_id": "nobody"}, "There is no account"),
    ("revoke", [], "Give a 'client_id'"),
    ("settings", {"forbidden_channels": GERMAN}, "'forbidden_channels' must be a"),
    ("settings", {"audience": "x"}, "'audience' must be check or ignore"),
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
