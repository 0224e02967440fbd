# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Events that shops send, and the invitations that come of them.

An event is accepted whenever it is well formed: whether it invites anybody is decided
by the invite settings of its channel and type. The same order twice is accepted twice.
"""

import re
import secrets

from .accounts import make_ref
from .invitation import make_mail
from .moments import format_moment, read_moment
from .refusal import Refusal

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHANNEL_TYPES = ("etrusted", "user_defined")

# Required and optional parts of an event, by place; all of them are texts.
_TEXTS = {
    "": (("type", "system", "systemVersion"), ("defaultLocale", "createdAt")),
    "customer": (("email",), ("firstName", "lastName", "reference")),
    "channel": (("id", "type"), ()),
    "transaction": (("reference", "date"), ()),
}
_PRODUCT_TEXTS = (("name", "sku", "url"), ("gtin", "mpn", "brand", "imageUrl"))


def _refuse(text):
    return Refusal(400, f"Invalid request: {text}")


def _check_texts(place, value, texts):
    """Check an object with texts, as the real service words it."""
    if not isinstance(value, dict):
        raise _refuse(f"{place} is not of a type(s) object")
    required, optional = texts
    for name in required:
        if name not in value:
            raise _refuse(f'{place} requires property "{name}"')
    for name in (*required, *optional):
        if name in value and not isinstance(value[name], str):
            raise _refuse(f"{place}.{name} is not of a type(s) string")
    for name in required:
        if not value[name].strip():
            raise _refuse(f"{place}.{name} does not meet minimum length of 1")


def _check_formats(event):
    formats = (
        ("customer.email", "email", _EMAIL.fullmatch(event["customer"]["email"])),
        ("transaction.date", "date-time", read_moment(event["transaction"]["date"])),
    )
    for place, name, good in formats:
        if not good:
            raise _refuse(f'instance.{place} does not conform to the "{name}" format')
    if event["channel"]["type"] not in _CHANNEL_TYPES:
        choices = ",".join(_CHANNEL_TYPES)
        raise _refuse(f"instance.channel.type is not one of enum values: {choices}")
    day = event.get("estimatedDeliveryDate", "2026-01-01")
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        raise _refuse(
            'instance.estimatedDeliveryDate does not conform to the "date" format'
        )


def check_event(event):
    """Check the form of an event; what it does not name is tolerated.

    :raise Refusal: 400, in the words of the real service.
    """
    objects = [name for name in _TEXTS if name]
    _check_texts("instance", event, _TEXTS[""])
    for name in objects:
        if name not in event:
            raise _refuse(f'instance requires property "{name}"')
        _check_texts(f"instance.{name}", event[name], _TEXTS[name])
    _check_formats(event)
    products = event.get("products", [])
    if not isinstance(products, list):
        raise _refuse("instance.products is not of a type(s) array")
    for position, product in enumerate(products):
        _check_texts(f"instance.products[{position}]", product, _PRODUCT_TEXTS)


def find_type(store, account_ref, name):
    """Return the event type with that name, or None."""
    for event_type in store.get_records("event_type", owner=account_ref):
        if event_type["name"] == name:
            return event_type
    return None


def accept(store, channel, received, root, now, *, about=None):
    """Keep an event, and invite the buyer if the settings say so; return the event.

    :param dict channel: of the account that sent it.
    :param dict received: a checked event.
    :param str root: the address of the sandbox, for links in mails.
    :param dict about: what else is known of the request.
    :raise Refusal: 400 for an unknown type: an assumption.
    """
    event_type = find_type(store, channel["accountRef"], received["type"])
    if not event_type:
        raise _refuse(f"unknown event type {received['type'][:100]!a}")
    event = {
        "id": make_ref("evt"),
        "accountRef": channel["accountRef"],
        "tracking": {"client": received["system"], "medium": "API"},
        "createdAt": format_moment(now),
    }
    invite = _invite(store, channel, event_type, event["id"], received, root, now)
    row = {**event, "received": received, "invite": invite and invite["id"]}
    row.update(about or {})
    store.put_record("event", event["id"], row, owner=channel["id"], at=now)
    return row


def get_event(store, account, ref):
    """Return an event as the service shows it.

    :raise Refusal: 404 for one of another account.
    """
    row = store.get_record("event", ref)
    if not row or row["accountRef"] != account["account_ref"]:
        raise Refusal(404, "Event not found")
    names = ("id", "accountRef", "tracking")
    return {**row["received"], **{name: row[name] for name in names}} | {
        "createdAt": row["received"].get("createdAt", row["createdAt"])
    }


# Invitations


def _find_setting(store, channel, event_type, now):
    for setting in store.get_records("invite_setting", owner=channel["id"], until=now):
        if setting["eventTypeId"] == event_type["id"]:
            return setting
    return None


def _invite(store, channel, event_type, event_ref, received, root, now):
    """Invite a buyer if channel and type do, without waiting for their days."""
    setting = _find_setting(store, channel, event_type, now)
    if not event_type["active"] or not setting:
        return None
    service = setting["serviceInviteConfiguration"]["enabled"]
    product = setting["productInviteConfiguration"]["enabled"]
    products = received.get("products", []) if product else []
    if not service and not products:
        return None
    order = {name: received[name] for name in ("customer", "transaction")}
    order["locale"] = received.get("defaultLocale") or channel["locale"]
    asked = {"service": service, "products": products}
    about = {"eventRef": event_ref, "eventType": event_type["name"]}
    return put_invite(store, channel, {**order, **asked, **about}, root, now)


def put_invite(store, channel, order, root, now):
    """Keep an invitation and send its mail; return it.

    :param dict order: ``customer``, ``transaction``, ``locale``, ``service`` (is the
        shop to be reviewed?), ``products``, and what else belongs to it.
    """
    token = secrets.token_urlsafe(16)
    invite = {
        "id": make_ref("inv"),
        "channelRef": channel["id"],
        "createdAt": format_moment(now),
        **order,
        "state": "SENT",
        "reminder": False,
        "link": f"{root}/review/{token}",
    }
    store.put_record("review_link", token, {"invite": invite["id"]})
    store.put_record("invite", invite["id"], invite, owner=channel["id"], at=now)
    _send(store, channel, invite, now)
    return invite


def _send(store, channel, invite, now):
    """Send the mail of an invitation by a way of its own: into the inbox at once."""
    data, raw = make_mail(channel, invite)
    store.add_mail(data, raw, now)


def remind_due(store, now):
    """Remind the buyers who wrote nothing for as long as the settings say, once."""
    seconds = store.get_settings()["reminder_seconds"]
    if seconds is None:
        return
    with store.transaction():
        for invite in store.get_records("invite", until=now - seconds):
            told = invite["reminder"] or "remindedAt" in invite
            if invite["state"] == "SENT" and not told:
                _remind(store, invite, now)


def _remind(store, invite, now):
    moment, owner = format_moment(now), invite["channelRef"]
    store.change_record("invite", invite["id"], {**invite, "remindedAt": moment})
    about = {"id": make_ref("inv"), "createdAt": moment, "reminder": True}
    reminder = {**invite, **about}
    store.put_record("invite", reminder["id"], reminder, owner=owner, at=now)
    channel = store.get_record("channel", owner)
    if channel:
        _send(store, channel, reminder, now)
