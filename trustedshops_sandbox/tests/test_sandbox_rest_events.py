# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Channels, event types, invite settings, and events with what comes of them."""

from rest_client import ACCOUNT, CHECKOUT, DESK, GERMAN, POLISH, TYPE, make_event
from sandbox_process import wait_until


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
    rest.send("POST", "/event-types", {"name": TYPE, "active": True}, 201)
    assert len(rest.get("/invite-settings")) == 2
    wait_until(lambda: len(rest.get("/invite-settings")) == 4)


CONFIGURATION = {
    "enabled": False,
    "sendingDelayInDays": 7,
    "sendingTimeOfDay": None,
    "inviteTemplateId": "tpl-inv-service",
    "questionnaireTemplateId": "tpl-qst-service",
}


def test_settings_are_changed_as_a_merchant_does_there(rest):
    ref = rest.add_type(service=False, product=False)
    changes = {"service": 1, "days": 0}
    changed = rest.sandbox.put("invite_settings", channel=POLISH, type=TYPE, **changes)
    german, polish = rest.get("/invite-settings", **{"event-type-id": ref})
    assert german["serviceInviteConfiguration"] == CONFIGURATION
    service = {**CONFIGURATION, "enabled": True, "sendingDelayInDays": 0}
    assert polish["serviceInviteConfiguration"] == service
    assert polish["productInviteConfiguration"]["enabled"] is False
    assert changed == polish
    assert (german["channelId"], german["eventTypeId"]) == (GERMAN, ref)
    # The Trustbadge invites until somebody switches it off.
    [checkout, _own] = rest.get("/invite-settings", **{"channel-id": GERMAN})
    assert checkout["eventTypeId"] == CHECKOUT
    assert checkout["productInviteConfiguration"]["enabled"] is True


BAD_EVENTS = [
    *(
        ({name: None}, f'instance requires property "{name}"')
        for name in (
            *("type", "customer", "channel", "transaction", "system"),
            "systemVersion",
        )
    ),
    ({"customer": {}}, 'instance.customer requires property "email"'),
    (
        {"customer": {"email": "anna"}},
        'instance.customer.email does not conform to the "email" format',
    ),
    (
        {"channel": {"id": GERMAN, "type": "shop"}},
        "instance.channel.type is not one of enum values: etrusted,user_defined",
    ),
    (
        {"transaction": {"reference": "", "date": "2026-11-01T10:00:00Z"}},
        "instance.transaction.reference does not meet minimum length of 1",
    ),
    (
        {"estimatedDeliveryDate": "01.11.2026"},
        'instance.estimatedDeliveryDate does not conform to the "date" format',
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


def test_who_is_invited_is_decided_by_type_and_settings(rest):
    ref = rest.add_type(service=False, product=False)
    rest.invite()
    rest.sandbox.put("invite_settings", channel=GERMAN, type=TYPE, product=1)
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
    # As is the same event twice.
    rest.invite("S2")
    assert len(rest.sandbox.get("mails")) == 4


def test_reminder_is_another_mail_and_another_invite_once(rest):
    rest.add_type()
    rest.invite()
    rest.sandbox.put("settings", reminder_seconds=0)
    assert len(rest.sandbox.get("invites")) == len(rest.sandbox.get("invites")) == 2
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
