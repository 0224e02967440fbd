# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Accounts and channels: every answer when it is asked what there is."""

from odoo.addons.website_sale_trustedshops_reviews.tests.fake_etrusted import (
    make_channel,
    make_setting,
)

from . import adapter, rest
from .answers import REST_GARBAGE, REST_TROUBLE, TOKEN_TROUBLE
from .rest import OWN, SHOP

AREA = "accounts"
SHORT = (
    "HTTP 400",
    "HTTP 401",
    "HTTP 403",
    "HTTP 404",
    "HTTP 409",
    "HTTP 429",
    "HTTP 500",
    "HTTP 502",
    "silence",
    "nobody there",
    "garbage",
    "nothing",
)
ALL = {**REST_TROUBLE, **REST_GARBAGE}
SOME = {name: ALL[name] for name in SHORT}
# Of what the inventory consists, and how each part is answered.
ASKED = {
    "getToken": TOKEN_TROUBLE,
    "getChannels": ALL,
    "getEventTypes": SOME,
    "createEventType": SOME,
    "getInviteSettings": SOME,
}
STATES = ("draft", "connected", "refused")


class TestInventory(rest.AccountCase):
    """What Trusted Shops answers when it is asked what an account has."""

    area = AREA

    def stories(self):
        for state in STATES:
            with self.prepared(self._bring, state):
                for operation, answers in ASKED.items():
                    for number, (name, answer) in enumerate(answers.items()):
                        if state == "draft" or number % 3 == len(state) % 3:
                            words = f"{state}, {operation}: {name}"
                            yield words, self._tell, state, operation, answer

    def _bring(self, state):
        """Have the account in a state."""
        self.account.sudo().write({"client_secret": "other"})
        if state == "draft":
            return
        adapter.connect(self, self.account)
        if state == "refused":
            self.etrusted.always["getToken"] = TOKEN_TROUBLE["HTTP 401"]
            adapter.refresh(self, self.account)

    def _tell(self, state, operation, answer):
        self.go_on()
        self.etrusted.always[operation] = answer
        ask = adapter.connect if state == "draft" else adapter.refresh
        yield "it is asked", lambda: ask(self, self.account)
        yield "a day later", lambda: self._refresh_later()
        del self.etrusted.always[operation]
        yield "three days later all is well", self._refresh_much_later

    def _refresh_later(self):
        self._wait(days=1)
        adapter.refresh(self, self.account)

    def _refresh_much_later(self):
        self._wait(days=3)
        adapter.refresh(self, self.account)


class TestPlaces(rest.AccountCase):
    """Where channels belong, and what becomes of them."""

    area = AREA

    def stories(self):
        for name, channels in self._list_channels().items():
            yield f"channels: {name}", self._tell, channels
        for name in self._list_changes():
            yield f"then {name}", self._tell_change, name
        for delay in (0, 5):
            for is_enabled in (True, False):
                name = f"their {delay} days, {'on' if is_enabled else 'off'}"
                yield name, self._tell_settings, delay, is_enabled

    def _list_channels(self):
        """Return channels as Trusted Shops lists them, by what is odd about them."""
        polish = make_channel("chl-pl", SHOP, "pl_PL")
        return {
            "none": [],
            "another account": [polish],
            "German": [OWN, make_channel("chl-de", SHOP, "de_DE")],
            "Polish": [OWN, polish],
            "both": [OWN, polish, make_channel("chl-de", SHOP, "de_DE")],
            "Austrian": [OWN, make_channel("chl-at", SHOP, "de_AT")],
            "French": [OWN, make_channel("chl-fr", SHOP, "fr_FR")],
            "elsewhere": [OWN, make_channel("chl-x", "https://x.example", "pl_PL")],
            "with www": [OWN, make_channel("chl-w", "www.shop.example", "pl_PL")],
            "with a path": [OWN, make_channel("chl-p", f"{SHOP}/pl", "pl_PL")],
            "no address": [OWN, make_channel("chl-n", "", "pl_PL")],
            "no language": [OWN, make_channel("chl-l", SHOP, "")],
            "no name": [OWN, make_channel("chl-a", SHOP, "pl_PL", "")],
            "twice": [OWN, OWN, polish, polish],
            "renamed": [make_channel("chl-4711", "https://y.example", "en_GB", "New")],
            "no ID": [{"name": "odd"}],
        }

    def _tell(self, channels):
        self.etrusted.channels = channels
        yield "it is connected", lambda: adapter.connect(self, self.account)
        self.etrusted.channels = [OWN]
        yield "a day later all others are gone", self._refresh
        self.etrusted.channels = channels
        yield "a day later they are back", self._refresh

    def _refresh(self):
        self._wait(days=1)
        adapter.refresh(self, self.account)

    def _list_changes(self):
        """Return what a person may change, by what it is called."""
        channel, account = self.channel, self.account
        admin = self.roles["administrator"]
        as_admin, its = channel.with_user(admin), account.with_user(admin)
        polish = self.langs["pl_PL"].id
        return {
            "it is released": lambda: adapter.release(self, channel),
            "its language changes": lambda: as_admin.write({"lang_id": polish}),
            "its website goes": lambda: as_admin.write({"website_id": False}),
            "it is archived": lambda: as_admin.write({"active": False}),
            "it invites": lambda: as_admin.write({"inviter": "odoo"}),
            "it asks nobody": lambda: as_admin.write({"consent_mode": "off"}),
            "its event changes": lambda: as_admin.write({"event_type": "my_event"}),
            "its event is checkout": lambda: as_admin.write({"event_type": "Checkout"}),
            "its days are too many": lambda: as_admin.write({"delay_days": 181}),
            "its hold is changed by hand": lambda: as_admin.write(
                {"hold_reason": "gone"}
            ),
            "the account is archived": lambda: its.write({"active": False}),
            "the ID changes": lambda: its.write({"client_id": " other\n"}),
            "the secret changes": lambda: its.write({"new_client_secret": "new"}),
            "the secret is gone": lambda: its.write({"client_secret": False}),
            "the environment changes": lambda: its.write({"environment": "qa"}),
            "the state is changed by hand": lambda: its.write({"state": "draft"}),
            "the account is deleted": its.unlink,
        }

    def _tell_change(self, name):
        yield "it is connected", lambda: adapter.connect(self, self.account)
        yield name, self._list_changes()[name]
        yield "a day later", self._refresh
        self.etrusted.channels = []
        yield "a day later the channel is gone", self._refresh

    def _tell_settings(self, delay, is_enabled):
        self.etrusted.event_types.append(
            {"id": "ety-odoo", "name": "order_status_from_odoo", "active": False}
        )
        self.etrusted.settings.append(
            make_setting("set-odoo", "ety-odoo", enabled=is_enabled, delay=delay)
        )
        yield "it is connected", lambda: adapter.connect(self, self.account)
