# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Channels, event types, invite settings, and events with what comes of them."""

import pytest

from rest_client import ACCOUNT, CHECKOUT, DESK, GERMAN, POLISH, TYPE, make_event
from sandbox_process import wait_until


def list_references(rest, channel=GERMAN, **query):
    answer = rest.get(f"/channels/{channel}/invites", **query)
    return [each["transaction"]["reference"] for each in answer["items"]]


def test_channels_are_those_of_the_demonstration(rest):
    channels = rest.get("/channels")
    for channel in channels:
        assert channel.pop("createdAt") == channel.pop("updatedAt")
    about = {"accountRef": ACCOUNT, "address": "", "logoUrl": ""}
    assert channels == [
        {
            "id": GERMAN,
            "name": "Mein Laden",
            "url": "http://shop.example",
            "locale": "de_DE",
            **about,
        },
        {
            "id": POLISH,
            "name": "Mój sklep",
            "url": "http://sklep.shop.example",
            "locale": "pl_PL",
            **about,
        },
    ]


def test_channel_is_changed_in_part(rest):
    answer = rest.send("PUT", f"/channels/{GERMAN}", {"name": "A", "url": "http://a"})
    assert answer == {"id": GERMAN}
    channel = rest.get("/channels")[0]
    assert (channel["name"], channel["url"], channel["locale"]) == (
        *("A", "http://a", "de_DE"),
    )
    assert channel["updatedAt"] > channel["createdAt"]
    for data in ({"url": "http://a"}, {"name": 5}, {"name": "A", "locale": None}):
        answer = rest.send("PUT", f"/channels/{GERMAN}", data, 400)
        assert answer["Message"].startswith("Invalid request: instance")


def test_event_type_is_added_and_switched_off(rest):
    made = rest.send("POST", "/event-types", {"name": TYPE, "active": True}, 201)
    assert sorted(made) == ["active", "createdAt", "id", "name", "updatedAt"]
    assert [each["name"] for each in rest.get("/event-types")] == ["checkout", TYPE]
    rest.send("POST", "/event-types", {"name": TYPE, "active": True}, 409)
    changed = rest.send("PUT", f"/event-types/{made['id']}", {"active": False})
    assert changed["active"] is False
    assert rest.get("/event-types")[1]["active"] is False
    for data in ({"name": "x"}, {"active": True}, {"name": "", "active": True}):
        rest.send("POST", "/event-types", data, 400)
    rest.send("PUT", f"/event-types/{made['id']}", {"active": "yes"}, 400)


def test_settings_of_a_new_type_appear_late(rest):
    rest.sandbox.put("settings", invite_settings_seconds=2)
    made = rest.send("POST", "/event-types", {"name": TYPE, "active": True}, 201)
    changes = {"serviceInviteConfiguration": {"enabled": True}}
    bulk = f"/invite-settings?event-type-id={made['id']}"
    rest.send("PATCH", bulk, changes, 404)
    assert len(rest.get("/invite-settings")) == 2
    wait_until(lambda: len(rest.get("/invite-settings")) == 4)
    assert len(rest.send("PATCH", bulk, changes)) == 2


CONFIGURATION = {
    "enabled": False,
    "sendingDelayInDays": 7,
    "sendingTimeOfDay": None,
    "inviteTemplateId": "tpl-inv-service",
    "questionnaireTemplateId": "tpl-qst-service",
}


def test_settings_are_changed_for_all_channels_or_for_one(rest):
    ref = rest.add_type(service=False, product=False)
    changes = {"serviceInviteConfiguration": {"enabled": True}}
    rest.send(
        "PATCH", f"/invite-settings?event-type-id={ref}&channel-id={POLISH}", changes
    )
    query = {"event-type-id": ref}
    german, polish = rest.get("/invite-settings", **query)
    assert german["serviceInviteConfiguration"] == CONFIGURATION
    service = {**CONFIGURATION, "enabled": True}
    assert polish["serviceInviteConfiguration"] == service
    assert (german["channelId"], german["eventTypeId"]) == (GERMAN, ref)
    # The Trustbadge invites until somebody switches it off.
    [checkout, _own] = rest.get("/invite-settings", **{"channel-id": GERMAN})
    assert checkout["eventTypeId"] == CHECKOUT
    assert checkout["productInviteConfiguration"]["enabled"] is True
    changes = {
        "productInviteConfiguration": {
            "sendingDelayInDays": 0,
            "sendingTimeOfDay": "09:30",
        }
    }
    changed = rest.send("PATCH", f"/invite-settings/{german['id']}", changes)
    product = changed["productInviteConfiguration"]
    assert (product["sendingDelayInDays"], product["sendingTimeOfDay"]) == (0, "09:30")
    assert changed in rest.get("/invite-settings")


BAD_SETTINGS = [
    {"serviceInviteConfiguration": {"enabled": "yes"}},
    {"serviceInviteConfiguration": {"sendingDelayInDays": -1}},
    {"serviceInviteConfiguration": {"sendingDelayInDays": True}},
    {"serviceInviteConfiguration": {"sendingTimeOfDay": "noon"}},
    {"serviceInviteConfiguration": {"colour": "red"}},
    {"serviceInviteConfiguration": True},
    {"enabled": True},
]


def test_bad_settings_are_refused_in_their_own_words(rest):
    before = rest.get("/invite-settings")
    paths = (
        f"/invite-settings/{before[0]['id']}",
        f"/invite-settings?event-type-id={CHECKOUT}",
    )
    for path in paths:
        for data in BAD_SETTINGS:
            answer = rest.send("PATCH", path, data, 400)
            assert sorted(answer) == ["Error", "ErrorDescription"]
    rest.send("PATCH", "/invite-settings", BAD_SETTINGS[0], 400)
    assert rest.get("/invite-settings") == before


BAD_EVENTS = [
    *(
        ({name: None}, f'instance requires property "{name}"')
        for name in (
            *("type", "customer", "channel", "transaction", "system"),
            "systemVersion",
        )
    ),
    ({"customer": {}}, 'instance.customer requires property "email"'),
    ({"customer": "anna"}, "instance.customer is not of a type(s) object"),
    (
        {"customer": {"email": "anna"}},
        'instance.customer.email does not conform to the "email" format',
    ),
    (
        {"customer": {"email": "a@example.com", "firstName": None}},
        "instance.customer.firstName is not of a type(s) string",
    ),
    ({"channel": {"id": GERMAN}}, 'instance.channel requires property "type"'),
    (
        {"channel": {"id": GERMAN, "type": "shop"}},
        "instance.channel.type is not one of enum values: etrusted,user_defined",
    ),
    (
        {"transaction": {"reference": "", "date": "2026-11-01T10:00:00Z"}},
        "instance.transaction.reference does not meet minimum length of 1",
    ),
    (
        {"transaction": {"reference": "S1", "date": "2026-11-01 10:00:00"}},
        'instance.transaction.date does not conform to the "date-time" format',
    ),
    (
        {"estimatedDeliveryDate": "01.11.2026"},
        'instance.estimatedDeliveryDate does not conform to the "date" format',
    ),
    ({"products": {}}, "instance.products is not of a type(s) array"),
    (
        {"products": [DESK, {**DESK, "sku": 5}]},
        "instance.products[1].sku is not of a type(s) string",
    ),
    (
        {"products": [{"name": "Desk", "sku": "x"}]},
        'instance.products[0] requires property "url"',
    ),
    ({"type": "unknown"}, "unknown event type 'unknown'"),
]


def test_bad_events_are_refused_and_invite_nobody(rest):
    rest.add_type()
    for changes, text in BAD_EVENTS:
        answer = rest.send("POST", "/events", make_event(**changes), 400)
        assert answer == {"Message": f"Invalid request: {text}"}
    for ref in ("chl-unknown", ACCOUNT):
        rest.send("POST", "/events", make_event(channel_ref=ref), 404)
    assert rest.sandbox.get("events") == rest.sandbox.get("mails") == []


def test_event_is_kept_as_it_came_and_its_buyer_is_invited(rest):
    rest.add_type()
    ref = rest.invite(metadata={"x": [1]}, estimatedDeliveryDate="2026-11-05")
    assert ref.startswith("evt-")
    [row] = rest.sandbox.get("events")
    sent = make_event(metadata={"x": [1]}, estimatedDeliveryDate="2026-11-05")
    assert (row["id"], row["received"], row["client_id"]) == (
        *(ref, sent, "sandbox-client"),
    )
    assert row["user_agent"].startswith("python-requests/")
    shown = rest.get(f"/events/{ref}")
    assert shown == {
        **sent,
        "id": ref,
        "accountRef": ACCOUNT,
        "tracking": {"client": "Odoo", "medium": "API"},
        "createdAt": row["createdAt"],
    }
    [mail] = rest.sandbox.get("mails")
    assert (mail["from"], mail["to"]) == (
        *("invitations@trustedshops.example", ["anna@example.com"]),
    )
    assert mail["subject"] == "Wie war Ihr Einkauf bei Mein Laden?"
    [invite] = rest.sandbox.get("invites")
    assert invite["id"] == row["invite"]
    assert invite["link"] in mail["text"]
    assert f'href="{invite["link"]}"' in mail["html"]
    assert invite["link"].startswith(f"{rest.sandbox.url}/review/")


@pytest.mark.parametrize(
    ("channel", "locale", "subject"),
    [
        (POLISH, None, "Jak oceniasz zakupy w sklepie Mój sklep?"),
        (POLISH, "de_DE", "Wie war Ihr Einkauf bei Mój sklep?"),
        (GERMAN, "en_150", "How was your purchase at Mein Laden?"),
    ],
)
def test_mail_has_the_language_of_the_event_else_of_the_channel(
    rest, channel, locale, subject
):
    rest.add_type()
    rest.invite(channel_ref=channel, defaultLocale=locale)
    assert [mail["subject"] for mail in rest.sandbox.get("mails")] == [subject]


def test_same_order_twice_makes_two_mails(rest):
    rest.add_type()
    first, second = rest.invite(), rest.invite()
    assert first != second
    assert len(rest.sandbox.get("mails")) == 2
    assert list_references(rest) == ["S00001", "S00001"]


def test_who_is_invited_is_decided_by_type_and_settings(rest):
    ref = rest.add_type(service=False, product=False)
    rest.invite()
    [setting] = [
        each
        for each in rest.get("/invite-settings", **{"channel-id": GERMAN})
        if each["eventTypeId"] == ref
    ]
    path = f"/invite-settings/{setting['id']}"
    rest.send("PATCH", path, {"productInviteConfiguration": {"enabled": True}})
    rest.invite(products=None)
    rest.invite(channel_ref=POLISH)
    assert rest.sandbox.get("mails") == []
    assert [each["invite"] for each in rest.sandbox.get("events")] == [None] * 3
    rest.invite()
    [invite] = rest.sandbox.get("invites")
    assert (invite["service"], invite["products"]) == (False, [DESK])
    # A type that is off takes events all the same.
    rest.send("PUT", f"/event-types/{ref}", {"active": False})
    rest.invite()
    assert len(rest.sandbox.get("mails")) == 1
    # Trustbadge and shop together are two mails.
    rest.send("PUT", f"/event-types/{ref}", {"active": True})
    rest.invite("S2")
    rest.invite("S2", type="checkout")
    assert len(rest.sandbox.get("mails")) == 3


def test_invites_are_listed_newest_first_in_pages(rest):
    rest.add_type()
    for number in range(5):
        rest.invite(f"S{number}")
    path = f"/channels/{GERMAN}/invites"
    first = rest.get(path, count=2)
    assert first["paging"]["count"] == 2
    cursor = first["paging"]["cursor"]
    assert list_references(rest, count=2) == ["S4", "S3"]
    second = rest.get(path, count=2, after=cursor["after"])
    assert [each["transaction"]["reference"] for each in second["items"]] == [
        "S2",
        "S1",
    ]
    cursor = second["paging"]["cursor"]
    third = rest.get(path, count=2, after=cursor["after"])
    assert "after" not in third["paging"]["cursor"]
    assert list_references(rest, count=1, before=cursor["before"]) == ["S3"]
    assert list_references(rest, query="s3") == ["S3"]
    assert list_references(rest, query="ANNA@") == ["S4", "S3", "S2", "S1", "S0"]
    assert list_references(rest, query="%") == list_references(rest, POLISH) == []
    for count in ("0", "1001", "x", "-1", "²"):
        assert rest.call("GET", path, params={"count": count}).status_code == 400


def test_invite_says_for_whom_it_is_and_not_how_to_review(rest):
    rest.add_type()
    ref = rest.invite()
    [invite] = rest.get(f"/channels/{GERMAN}/invites")["items"]
    assert invite.pop("id").startswith("inv-")
    assert invite.pop("createdAt").endswith("Z")
    assert invite == {
        "channelRef": GERMAN,
        "customer": {"email": "anna@example.com", "firstName": "Anna"},
        "transaction": {"reference": "S00001", "date": "2026-11-01T10:00:00.000Z"},
        "locale": "de_DE",
        "eventRef": ref,
        "state": "SENT",
        "reminder": False,
    }


def test_invites_are_listed_late_or_never(rest):
    rest.add_type()
    rest.sandbox.put("settings", invite_list_seconds=1000)
    rest.invite()
    assert list_references(rest) == []
    assert len(rest.sandbox.get("invites")) == 1
    rest.sandbox.put("settings", invite_list_seconds=0.3)
    wait_until(lambda: list_references(rest) == ["S00001"])
    rest.sandbox.put("settings", invite_list_seconds=None)
    assert list_references(rest) == []


def test_reminder_is_another_mail_and_another_invite_once(rest):
    rest.add_type()
    rest.invite()
    rest.sandbox.put("settings", reminder_seconds=0)
    assert list_references(rest) == ["S00001"] * 2
    assert list_references(rest) == ["S00001"] * 2
    first, second = rest.sandbox.get("mails")
    assert second["subject"] == f"Erinnerung: {first['subject']}"
    invite, reminder = rest.sandbox.get("invites")
    assert (invite["reminder"], reminder["reminder"]) == (False, True)
    assert invite["link"] == reminder["link"]


def test_texts_of_the_event_do_no_harm_in_a_mail(rest):
    rest.add_type()
    hostile = "S1\r\nBcc: eve@example.com <script>{shop}"
    rest.invite(hostile)
    [mail] = rest.sandbox.get("mails")
    assert "\nBcc" not in mail["raw"].partition("\r\n\r\n")[0]
    assert "<script>" not in mail["html"]
    assert "{shop}" in mail["text"]
