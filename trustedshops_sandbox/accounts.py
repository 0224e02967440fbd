# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Accounts of the REST side with their bearers, channels and event types."""

import base64
import json
import secrets
import uuid

from .fields import is_flag, is_text, read_fields
from .moments import format_moment
from .refusal import Refusal

# Hosts of production and of the test system; see README.rst for the sandbox's own.
AUDIENCES = ("https://api.etrusted.com", "https://api.etrusted.site")
GRANT_TYPE = "client_credentials"

# Obviously made up, and printed in README.rst.
CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-client-secret"
_SEED = "5a4db0c5-0000-4000-8000-{:012d}"
ACCOUNT_REF = f"acc-{_SEED.format(1)}"
# The type that belongs to the Trustbadge.
CHECKOUT = "checkout"
# The connector's word for the days in which nothing is sent, in a new setting.
_NEW_DELAY_DAYS = 7


def _is_short(value):
    return is_text(value) and bool(value)


_SHORT = "a text of 1 to 200 characters"
_TEXT = "a text of 200 characters at most"
_ACCOUNT_FIELDS = {
    "client_id": (_is_short, _SHORT, None),
    "client_secret": (_is_short, _SHORT, None),
    "account_ref": (_is_short, _SHORT, ""),
    "name": (is_text, _TEXT, ""),
    "active": (is_flag, "true or false", True),
}
_CHANNEL_FIELDS = {
    "id": (_is_short, _SHORT, ""),
    "name": (is_text, _TEXT, None),
    "url": (is_text, _TEXT, ""),
    "locale": (is_text, _TEXT, "de_DE"),
    "address": (is_text, _TEXT, ""),
    "logoUrl": (is_text, _TEXT, ""),
    "accountRef": (_is_short, _SHORT, ACCOUNT_REF),
    "createdAt": (is_text, "a moment", ""),
    "updatedAt": (is_text, "a moment", ""),
}


def make_ref(kind):
    """Return a new reference, for example ``evt-`` and a UUID."""
    return f"{kind}-{uuid.uuid4()}"


# Accounts


def put_account(store, data):
    """Add an account or replace the one with that client; return it.

    :param dict data: ``client_id`` and ``client_secret`` at least.
    :raise ValueError: in plain words, when something does not fit.
    """
    account = read_fields(data, _ACCOUNT_FIELDS, "An account")
    old = store.get_record("account", account["client_id"])
    # A new secret is no reason to lose the channels.
    same_ref = old["account_ref"] if old else make_ref("acc")
    account["account_ref"] = account["account_ref"] or same_ref
    store.put_record("account", account["client_id"], account)
    return account


def revoke(store, data):
    """Take bearers back: of all clients, or of one that is then refused as well.

    :param dict data: ``client_id``, or nothing for the bearers of all clients.
    """
    if not isinstance(data, dict) or set(data) - {"client_id"}:
        raise ValueError("Give a 'client_id', or nothing for all bearers.")
    client_id = data.get("client_id")
    if client_id is None:
        return {"revoked": store.delete_records("bearer")}
    account = isinstance(client_id, str) and store.get_record("account", client_id)
    if not account:
        raise ValueError("There is no account with this 'client_id'.")
    store.put_record("account", client_id, {**account, "active": False})
    return {"revoked": store.delete_records("bearer", owner=client_id)}


# Bearers


def make_bearer(store, fields, root, now):
    """Return the answer to a request for a bearer.

    :param dict fields: those of the form.
    :param str root: the address of the sandbox, which is an audience, too.
    :raise Refusal: with the errors of OAuth. Which code stands for a wrong audience is
        an assumption.
    """
    if "grant_type" not in fields:
        raise _refuse_login("invalid_request", "Missing form parameter: grant_type")
    if fields["grant_type"] != GRANT_TYPE:
        raise _refuse_login("unsupported_grant_type", "Unsupported grant_type")
    account = store.get_record("account", fields.get("client_id", ""))
    secret = fields.get("client_secret", "").encode()
    if not account or not account["active"]:
        raise _refuse_login("invalid_client", "Invalid client credentials", 401)
    if not secrets.compare_digest(secret, account["client_secret"].encode()):
        raise _refuse_login("invalid_client", "Invalid client credentials", 401)
    settings = store.get_settings()
    known = (*AUDIENCES, root)
    if settings["audience"] == "check" and fields.get("audience") not in known:
        raise _refuse_login("invalid_request", "Invalid or missing audience")
    token = _make_token()
    store.delete_records("bearer", until=now)
    ends = now + settings["bearer_seconds"]
    owner = account["client_id"]
    store.put_record("bearer", token, {"client_id": owner}, owner=owner, at=ends)
    answer = {
        "access_token": token,
        "expires_in": settings["expires_in"],
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": "email profile",
    }
    return {name: value for name, value in answer.items() if value is not None}


def _refuse_login(error, description, status=400):
    return Refusal(status, {"error": error, "error_description": description})


def _make_token():
    """Return what looks like a signed token, and says nothing."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256"}).encode()).decode()
    return f"{head.rstrip('=')}.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(64)}"


def find_account(store, authorization, now):
    """Return the account of an Authorization header.

    :raise Refusal: when there is none, or its bearer has ended or was revoked.
    """
    scheme, _space, token = authorization.partition(" ")
    bearer = scheme.lower() == "bearer" and store.get_record(
        "bearer", token.strip(), since=now
    )
    account = bearer and store.get_record("account", bearer["client_id"])
    if not account or not account["active"]:
        raise Refusal(401, "Unauthorized")
    return account


# Channels


def put_channel(store, data, now):
    """Add a channel or replace the one with that id; return it.

    It may have any address and locale: real ones are odd, too.

    :param dict data: ``name`` at least.
    :raise ValueError: in plain words, when something does not fit.
    """
    channel = read_fields(data, _CHANNEL_FIELDS, "A channel")
    channel["id"] = channel["id"] or make_ref("chl")
    old = store.get_record("channel", channel["id"])
    moment = format_moment(now)
    channel["createdAt"] = channel["createdAt"] or (old or {}).get("createdAt", moment)
    channel["updatedAt"] = channel["updatedAt"] or moment
    owner = channel["accountRef"]
    store.put_record("channel", channel["id"], channel, owner=owner)
    for event_type in store.get_records("event_type", owner=owner):
        _add_setting(store, channel, event_type, now)
    return channel


def delete_channel(store, ref):
    """Delete a channel with its invite settings; its reviews stay."""
    store.delete_records("invite_setting", owner=ref)
    if not store.delete_records("channel", ref=ref):
        raise ValueError("There is no channel with this id.")
    return {"deleted": 1}


def find_channel(store, account, ref):
    """Return a channel of an account.

    :raise Refusal: 404 for one that it does not have, 403 for a forbidden one.
    """
    channel = isinstance(ref, str) and store.get_record("channel", ref)
    if not channel or channel["accountRef"] != account["account_ref"]:
        raise Refusal(404, "Channel not found")
    if ref in store.get_settings()["forbidden_channels"]:
        raise Refusal(403, "Forbidden")
    return channel


# Event types and invite settings


def put_event_type(store, account_ref, data, now, *, delay=0):
    """Add an event type; its invite settings are there `delay` seconds later."""
    moment = format_moment(now)
    event_type = {
        "id": data.get("id") or make_ref("ety"),
        "name": data["name"],
        "active": data["active"],
        "createdAt": moment,
        "updatedAt": moment,
    }
    store.put_record("event_type", event_type["id"], event_type, owner=account_ref)
    for channel in store.get_records("channel", owner=account_ref):
        _add_setting(store, channel, event_type, now, now + delay)
    return event_type


def _add_setting(store, channel, event_type, now, at=0.0):
    """Let nobody be invited, but by the Trustbadge: that is how an account begins."""
    name = f"{channel['id']} {event_type['id']}"
    ref = f"ist-{uuid.uuid5(uuid.NAMESPACE_OID, name)}"
    if store.get_record("invite_setting", ref):
        return
    kinds = ("service", "product")
    configurations = {
        f"{kind}InviteConfiguration": {
            "enabled": event_type["name"] == CHECKOUT,
            "sendingDelayInDays": _NEW_DELAY_DAYS,
            "sendingTimeOfDay": None,
            "inviteTemplateId": f"tpl-inv-{kind}",
            "questionnaireTemplateId": f"tpl-qst-{kind}",
        }
        for kind in kinds
    }
    setting = {
        "id": ref,
        "channelId": channel["id"],
        "eventTypeId": event_type["id"],
        "createdAt": format_moment(now),
        **configurations,
    }
    store.put_record("invite_setting", ref, setting, owner=channel["id"], at=at)


def ask_about_products(store, channel, is_asked):
    """Have whoever is asked about the shop be asked about products, too, or not.

    :param dict channel: as it is stored.
    :param bool is_asked: as a merchant who booked reviews of products sets it.
    :return: the invite settings that ask about the shop.
    :raise ValueError: when there is none.
    """
    settings = [
        {**setting, "productInviteConfiguration": {**product, "enabled": is_asked}}
        for setting in store.get_records("invite_setting", owner=channel["id"])
        if setting["serviceInviteConfiguration"]["enabled"]
        for product in [setting["productInviteConfiguration"]]
    ]
    if not settings:
        raise ValueError("This channel asks nobody about the shop yet.")
    for setting in settings:
        store.change_record("invite_setting", setting["id"], setting)
    return settings


def change_invites(store, channel, type_name, changes):
    """Change who is asked after one type of event, as a merchant does there.

    :param dict channel: as it is stored.
    :param str type_name: of the event type.
    :param dict changes: of ``service`` and ``product``, 1 or 0: whether buyers are
        asked about them; ``days`` from the event to the invitation.
    :return: the changed invite setting.
    :raise ValueError: when there is none.
    """
    types = store.get_records("event_type", owner=channel["accountRef"])
    refs = {each["id"] for each in types if each["name"] == type_name}
    for setting in store.get_records("invite_setting", owner=channel["id"]):
        if setting["eventTypeId"] in refs:
            for kind in ("service", "product"):
                configuration = setting[f"{kind}InviteConfiguration"]
                if kind in changes:
                    configuration["enabled"] = bool(changes[kind])
                if "days" in changes:
                    configuration["sendingDelayInDays"] = changes["days"]
            store.change_record("invite_setting", setting["id"], setting)
            return setting
    raise ValueError("This channel has no such event type.")


# Seeds


def _make_polish_url(shop_url):
    """Return the address of the second website of the demonstration."""
    scheme, _separator, rest = shop_url.partition("://")
    return f"{scheme}://sklep.{rest}"


def plant(store, shop_url, now):
    """Put the seeded account, its channels and its event type there, or back."""
    account = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    about = {"account_ref": ACCOUNT_REF, "name": "Account of the sandbox"}
    put_account(store, {**account, **about})
    channels = (
        ("Mein Laden", shop_url, "de_DE"),
        ("Mój sklep", _make_polish_url(shop_url), "pl_PL"),
    )
    for number, (name, url, locale) in enumerate(channels, 1):
        ref = f"chl-{_SEED.format(number)}"
        put_channel(store, {"id": ref, "name": name, "url": url, "locale": locale}, now)
    checkout = {"id": f"ety-{_SEED.format(1)}", "name": CHECKOUT, "active": True}
    put_event_type(store, ACCOUNT_REF, checkout, now)
