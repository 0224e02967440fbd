# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each operation of the REST side does: each returns status and answer."""

from . import accounts, events, grades, reviews
from .fields import is_flag, is_text
from .invitation import make_reply_mail
from .moments import format_moment
from .refusal import Refusal

_MAX_COUNT = 1000
_COUNT = 20


def read_count(args):
    """Return how many a page shall have.

    :raise Refusal: 400 for what is no number from 1 to 1000.
    """
    text = args.get("count", str(_COUNT))
    good = text.isascii() and text.isdigit() and len(text) < 6
    if not good or not 1 <= int(text) <= _MAX_COUNT:
        raise Refusal(400, f"Invalid request: count must be 1 to {_MAX_COUNT}")
    return int(text)


def _check_object(call):
    if not isinstance(call.data, dict):
        raise Refusal(400, "Invalid request: instance is not of a type(s) object")


def _require(call, name, is_good, kind):
    if name not in call.data:
        raise Refusal(400, f'Invalid request: instance requires property "{name}"')
    if not is_good(call.data[name]):
        text = f"Invalid request: instance.{name} is not of a type(s) {kind}"
        raise Refusal(400, text)


# Channels


def _get_channels(call):
    return 200, call.store.get_records("channel", owner=call.account["account_ref"])


def _put_channel(call):
    channel = accounts.find_channel(call.store, call.account, call.values["ref"])
    _check_object(call)
    _require(call, "name", is_text, "string")
    names = ("name", "address", "url", "logoUrl", "locale")
    changes = {name: call.data[name] for name in names if name in call.data}
    if not all(is_text(value) for value in changes.values()):
        raise Refusal(400, "Invalid request: instance is not of a type(s) string")
    changes["updatedAt"] = format_moment(call.now)
    call.store.change_record("channel", channel["id"], {**channel, **changes})
    return 200, {"id": channel["id"]}


# Event types


def _get_event_types(call):
    return 200, call.store.get_records("event_type", owner=call.account["account_ref"])


def _post_event_type(call):
    """Assumption: a name that exists is refused with 409."""
    _check_object(call)
    _require(call, "name", lambda name: is_text(name) and name, "string")
    _require(call, "active", is_flag, "boolean")
    account_ref = call.account["account_ref"]
    if events.find_type(call.store, account_ref, call.data["name"]):
        raise Refusal(409, "An event type with this name exists")
    delay = call.store.get_settings()["invite_settings_seconds"]
    data = {name: call.data[name] for name in ("name", "active")}
    return 201, accounts.put_event_type(
        call.store, account_ref, data, call.now, delay=delay
    )


def _put_event_type(call):
    _check_object(call)
    _require(call, "active", is_flag, "boolean")
    for event_type in _get_event_types(call)[1]:
        if event_type["id"] == call.values["ref"]:
            changes = {"active": call.data["active"]}
            changes["updatedAt"] = format_moment(call.now)
            event_type.update(changes)
            call.store.change_record("event_type", event_type["id"], event_type)
            return 200, event_type
    raise Refusal(404, "Event type not found")


# Invite settings


def _find_settings(call, channel_ref, type_ref):
    """Return the settings that are there by now; forbidden channels have none."""
    forbidden = call.store.get_settings()["forbidden_channels"]
    if channel_ref is not None:
        channels = [accounts.find_channel(call.store, call.account, channel_ref)]
    else:
        channels = _get_channels(call)[1]
    return [
        setting
        for channel in channels
        if channel["id"] not in forbidden
        for setting in call.store.get_records(
            "invite_setting", owner=channel["id"], until=call.now
        )
        if type_ref in (None, setting["eventTypeId"])
    ]


def _get_invite_settings(call):
    args = call.args
    return 200, _find_settings(call, args.get("channel-id"), args.get("event-type-id"))


# Events and invites


def _post_event(call):
    events.check_event(call.data)
    ref = call.data["channel"]["id"]
    channel = accounts.find_channel(call.store, call.account, ref)
    event = events.accept(
        *(call.store, channel, call.data, call.root, call.now), about=call.about
    )
    return 202, {"Message": "Accepted", "EventRef": event["id"]}


def _get_event(call):
    event = events.get_event(call.store, call.account, call.values["ref"])
    accounts.find_channel(call.store, call.account, event["channel"]["id"])
    return 200, event


# Reviews


def _get_reviews(call):
    return reviews.answer_list(call, read_count(call.args), reviews.show_review)


def _get_reviews_minimal(call):
    return reviews.answer_list(call, read_count(call.args), reviews.show_minimal)


def _post_reply(call):
    """Keep the reply; the buyer gets a mail if the shop wants that."""
    _check_object(call)

    def notify(review):
        channel = call.store.get_record("channel", review["channelRef"])
        if review["customer"].get("email"):
            call.store.add_mail(*make_reply_mail(channel, review), call.now)

    return reviews.post_reply(call, notify)


def _post_veto(call):
    _check_object(call)
    return reviews.post_veto(call)


def _get_aggregate_rating(call):
    """Return the grades of a shop; the feeds have them below a name."""
    channel = accounts.find_channel(call.store, call.account, call.values["ref"])
    found = grades.make_grades(call.store, channel["id"], "", "", call.now)
    return 200, found or grades.make_empty_grades(call.now)


# Operation: method, path, what it does.
ROOMS = {
    "getChannels": ("GET", "/channels", _get_channels),
    "putChannel": ("PUT", "/channels/<ref>", _put_channel),
    "getEventTypes": ("GET", "/event-types", _get_event_types),
    "postEventType": ("POST", "/event-types", _post_event_type),
    "putEventType": ("PUT", "/event-types/<ref>", _put_event_type),
    "getInviteSettings": ("GET", "/invite-settings", _get_invite_settings),
    "postEvent": ("POST", "/events", _post_event),
    "getEvent": ("GET", "/events/<ref>", _get_event),
    "getReviews": ("GET", "/reviews", _get_reviews),
    "getReviewsMinimal": ("GET", "/reviews-minimal", _get_reviews_minimal),
    "getReviewsCount": ("GET", "/reviews/count", reviews.answer_count),
    "getReview": (
        *("GET", "/reviews/<ref>"),
        lambda call: (200, reviews.get_review(call)),
    ),
    "postReply": ("POST", "/reviews/<ref>/reply", _post_reply),
    "getReply": ("GET", "/reviews/<ref>/reply", reviews.get_reply),
    "deleteReply": ("DELETE", "/reviews/<ref>/reply", reviews.delete_reply),
    "postVeto": ("POST", "/reviews/<ref>/vetos", _post_veto),
    "getVeto": ("GET", "/reviews/<ref>/vetos", reviews.get_veto),
    "getAggregateRating": (
        *("GET", "/channels/<ref>/service-reviews/aggregate-rating"),
        _get_aggregate_rating,
    ),
}
