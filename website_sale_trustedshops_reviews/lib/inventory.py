# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an account has at Trusted Shops: channels, and who is invited there after what.

Without an event type of our own nobody can be invited, so it is made where it is
missing. That a login may not see or make something is an answer, too.
"""

import time
from dataclasses import dataclass, field

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    TrustedShopsError,
)

from .errors import AccessRefusedError, OtherChannelsError

# The type that belongs to the Trustbadge: never sent by us.
CHECKOUT = "checkout"


@dataclass(frozen=True)
class Invites:
    """Who is invited at one channel after one type of event.

    :param bool is_known: whether Trusted Shops said so
    :param bool is_enabled: whether buyers are invited
    :param delay_days: days that Trusted Shops waits after the event
    :type delay_days: int or None
    """

    is_known: bool = False
    is_enabled: bool = False
    delay_days: int | None = None


@dataclass(frozen=True)
class Inventory:
    """Everything that an account has.

    :param channels: what it consists of
    :type channels: tuple of .etrusted.Channel
    :param dict types: id by name of each type of events, empty when unknown
    :param type_error: why Trusted Shops refused to show or make the types
    :type type_error: TrustedShopsError or None
    :param dict settings: by id of the channel what is set there, None where the login
        may not see it; a channel that was not asked about is missing
    """

    channels: tuple
    types: dict
    type_error: TrustedShopsError | None = None
    settings: dict = field(default_factory=dict)

    def get_invites(self, channel_ref, type_name):
        """Return who is invited at a channel after a type of event.

        :rtype: Invites
        """
        return get_invites(self.settings.get(channel_ref), self.types.get(type_name))


def take_inventory(client, type_names, *, seconds, known_refs=frozenset()):
    """Ask for everything that an account has, and make the types of events it lacks.

    :param ETrustedClient client: with the login of the account
    :param type_names: of the events that will be sent
    :type type_names: set of str
    :param float seconds: after which no further channel is asked about
    :param known_refs: ids of channels by which the account is recognized
    :type known_refs: set of str
    :rtype: Inventory
    :raise OtherChannelsError: when one of those is not listed; then nothing is made
    :raise TrustedShopsError: when the channels cannot be read, the login is not
        accepted, or there is no answer about the types: only a refusal is known
    """
    deadline = time.monotonic() + seconds
    channels = client.get_channels()
    if missing := known_refs - {channel.ref for channel in channels}:
        raise OtherChannelsError(missing)
    types, type_error = {}, None
    try:
        types = ensure_types(client, type_names)
    except (AccessRefusedError, RefusedError) as error:
        type_error = error
    settings = {}
    for channel in channels if types else ():
        if time.monotonic() > deadline:
            break
        try:
            settings[channel.ref] = client.get_invite_settings(channel.ref)
        except (AccessRefusedError, RefusedError):
            settings[channel.ref] = None
        except RetryableError:
            break
    return Inventory(channels, types, type_error, settings)


def ensure_types(client, type_names):
    """Return the types of events of an account, of which some are made or activated.

    :param type_names: those that are needed
    :type type_names: set of str
    :return: id by name
    :rtype: dict
    :raise TrustedShopsError: when that is not possible
    """
    found = {each.name: each for each in client.get_event_types()}
    for name in sorted(type_names - found.keys()):
        client.create_event_type(name)
    for name in sorted(type_names & found.keys()):
        if not found[name].is_active:
            client.activate_event_type(found[name].ref)
    if type_names - found.keys():
        found = {each.name: each for each in client.get_event_types()}
    return {name: each.ref for name, each in found.items()}


def change_invites(client, channel_ref, type_name, **changes):
    """Change who is invited at a channel after a type of event.

    :param str channel_ref: id of the channel
    :param str type_name: name of the type of events
    :param changes: see ``ETrustedClient.change_invite_setting``
    :return: whether there was something to change: the settings of a new type of
        events appear some seconds later
    :rtype: bool
    :raise TrustedShopsError: when it is not possible
    """
    types = {each.name: each.ref for each in client.get_event_types()}
    for setting in client.get_invite_settings(channel_ref):
        if setting.event_type_ref == types.get(type_name):
            client.change_invite_setting(setting, **changes)
            return True
    return False


def get_invites(settings, type_ref):
    """Return who is invited after a type of event.

    :param settings: of one channel, None when they are not known
    :type settings: tuple of .etrusted.InviteSetting, or None
    :param type_ref: id of the type of events
    :type type_ref: str or None
    :rtype: Invites
    """
    for setting in (settings or ()) if type_ref else ():
        if setting.event_type_ref == type_ref:
            return Invites(True, setting.is_enabled, setting.delay_days)
    return Invites()
