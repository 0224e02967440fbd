# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The control API of the REST side."""

import time

from . import accounts, events, reviews
from .fields import is_text, one_of, read_fields, whole
from .refusal import Refusal

# Seconds; a month is longer than any test.
_MAX_SECONDS = 31 * 24 * 3600


def _is_seconds(value):
    return type(value) in (int, float) and 0 <= value <= _MAX_SECONDS


def _is_seconds_or_none(value):
    return value is None or _is_seconds(value)


def _is_expiry(value):
    """Accept whatever a service may say of the life of a bearer."""
    return value is None or type(value) in (int, float) or is_text(value)


def _is_list_of_texts(value):
    return isinstance(value, list) and all(is_text(each) for each in value)


_SETTINGS = {
    "expires_in": (_is_expiry, "a number, a text or null"),
    "bearer_seconds": (_is_seconds, "seconds, at most 31 days"),
    "audience": (one_of(("check", "ignore")), "check or ignore"),
    "invite_settings_seconds": (_is_seconds, "seconds, at most 31 days"),
    "reminder_seconds": (_is_seconds_or_none, "seconds, or null for never"),
    "forbidden_channels": (_is_list_of_texts, "a list of channel ids"),
    "review_state": (one_of(reviews.STATES), "one of " + ", ".join(reviews.STATES)),
}


def check_rest_setting(name, value):
    """Tell whether there is such a setting.

    :raise ValueError: when its value does not fit.
    """
    if name not in _SETTINGS:
        return False
    is_good, expected = _SETTINGS[name]
    if not is_good(value):
        raise ValueError(f"{name!r} must be {expected}.")
    return True


def _is_object(value):
    return isinstance(value, dict)


_SHORT = "a text of 200 characters at most"
_INVITE_FIELDS = {
    "channel": (is_text, "the id of a channel", None),
    "email": (is_text, _SHORT, None),
    "reference": (is_text, _SHORT, None),
    "locale": (is_text, _SHORT, ""),
    "customer": (_is_object, "an object", {}),
}
_PRODUCT_REVIEWS_FIELDS = {
    "channel": (is_text, "the id of a channel", None),
    "asked": (whole(0, 1), "0 or 1", None),
}
# What is not named stays as it is.
_SWITCH = (whole(0, 1), "0 or 1", "")
_INVITE_SETTING_FIELDS = {
    "channel": (is_text, "the id of a channel", None),
    "type": (is_text, _SHORT, None),
    "service": _SWITCH,
    "product": _SWITCH,
    "days": (whole(0, 365), "0 to 365", ""),
}


class RestControl:
    """The calls below ``/_control/`` about accounts and reviews."""

    # Methods that write links into mails.
    needs_root = ("put_event", "put_invite")

    def get_accounts(self, limit):
        """Return all accounts, with their secrets."""
        return self.store.get_records("account", limit=limit)

    def put_account(self, data):
        """Add or replace an account; return it with all fields."""
        return accounts.put_account(self.store, data)

    def delete_account(self, client_id):
        """Delete one account; its channels stay."""
        self.store.delete_records("bearer", owner=client_id)
        if not self.store.delete_records("account", ref=client_id):
            raise ValueError("There is no account with this client.")
        return {"deleted": 1}

    def revoke(self, data):
        """Take bearers back, or a client with its bearers."""
        with self.store.transaction():
            return accounts.revoke(self.store, data)

    def get_channels(self, limit):
        """Return all channels."""
        return self.store.get_records("channel", limit=limit)

    def put_channel(self, data):
        """Add or replace a channel; return it with all fields."""
        with self.store.transaction():
            return accounts.put_channel(self.store, data, time.time())

    def put_product_reviews(self, data):
        """Ask about products, too, or not; return the changed invite settings."""
        fields = read_fields(data, _PRODUCT_REVIEWS_FIELDS, "A switch")
        with self.store.transaction():
            channel = self._find_channel(fields["channel"])
            return accounts.ask_about_products(
                self.store, channel, bool(fields["asked"])
            )

    def put_invite_setting(self, data):
        """Change who is asked after one type of event; return the invite setting."""
        fields = read_fields(data, _INVITE_SETTING_FIELDS, "A setting")
        with self.store.transaction():
            channel = self._find_channel(fields.pop("channel"))
            name = fields.pop("type")
            changes = {key: value for key, value in fields.items() if value != ""}
            return accounts.change_invites(self.store, channel, name, changes)

    def delete_channel(self, ref):
        """Delete one channel; what came for it stays."""
        with self.store.transaction():
            return accounts.delete_channel(self.store, ref)

    def get_event_types(self, limit):
        """Return the event types of all accounts."""
        return self.store.get_records("event_type", limit=limit)

    def get_invite_settings(self, limit):
        """Return all invite settings, also those that are not listed yet."""
        return self.store.get_records("invite_setting", limit=limit)

    def get_events(self, limit):
        """Return the events received, oldest first."""
        return self.store.get_records("event", limit=limit)

    def put_event(self, data, root):
        """Let an event arrive as if a shop had sent it; return it."""
        try:
            events.check_event(data)
        except Refusal as refusal:
            raise ValueError(refusal.body["Message"]) from refusal
        with self.store.transaction():
            channel = self._find_channel(data["channel"]["id"])
            try:
                return events.accept(self.store, channel, data, root, time.time())
            except Refusal as refusal:
                raise ValueError(refusal.body["Message"]) from refusal

    def get_invites(self, limit):
        """Return all invitations with their links, oldest first, reminders included."""
        events.remind_due(self.store, time.time())
        return self.store.get_records("invite", limit=limit)

    def put_invite(self, data, root):
        """Invite a buyer without an event; return the invitation."""
        fields = read_fields(data, _INVITE_FIELDS, "An invitation")
        now = time.time()
        with self.store.transaction():
            channel = self._find_channel(fields["channel"])
            order = {
                "customer": {**fields["customer"], "email": fields["email"]},
                "transaction": {"reference": fields["reference"]},
                "locale": fields["locale"] or channel["locale"],
                **{"service": True, "products": [], "eventRef": None},
            }
            return events.put_invite(self.store, channel, order, root, now)

    def get_reviews(self, limit):
        """Return all reviews, in the order in which they came."""
        return reviews.get_reviews(self.store, limit=limit)

    def put_review(self, data):
        """Add or replace a review, or each of a list; return what was stored."""
        now = time.time()
        with self.store.transaction():
            found = [
                reviews.make_review(self.store, each, now)
                for each in (data if isinstance(data, list) else [data])
            ]
            for review in found:
                reviews.put_review(self.store, review)
        return found if isinstance(data, list) else found[0]

    def delete_review(self, ref):
        """Delete one review, as if it had never been there."""
        if not reviews.delete_review(self.store, ref):
            raise ValueError("There is no review with this id.")
        return {"deleted": 1}

    def get_vetos(self, limit):
        """Return all vetos, with what the shop told about itself."""
        return self.store.get_records("veto", limit=limit)

    def _find_channel(self, ref):
        channel = self.store.get_record("channel", ref)
        if not channel:
            raise ValueError("There is no channel with this id.")
        return channel
