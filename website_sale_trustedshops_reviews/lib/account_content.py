# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading the channels, event types and invite settings of an account.

Invitations need an event type of our own, which is created if it is missing.
"""

import time
from dataclasses import dataclass, field

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    TrustedShopsError,
)

from .errors import AccessRefusedError, OtherChannelsError

# The event type of the Trustbadge, which this addon never sends.
CHECKOUT = "checkout"


@dataclass(frozen=True)
class AccountContent:
    """What Trusted Shops has of an account.

    :param channels: the channels
    :type channels: tuple of .etrusted.Channel
    :param dict types: id of each event type by its name, empty if unknown
    :param type_error: why Trusted Shops refused to show or create the types
    :type type_error: TrustedShopsError or None
    :param dict settings: tuple of ``InviteSetting`` by id of the channel, None if the
        login may not see them; channels that were not asked about are missing
    """

    channels: tuple
    types: dict
    type_error: TrustedShopsError | None = None
    settings: dict = field(default_factory=dict)

    def find_setting(self, channel_ref, type_name):
        """Return the invite setting of an event type at a channel, None if unknown.

        :param str channel_ref: ``chl-…``
        :param str type_name: name of the event type
        :rtype: .etrusted.InviteSetting or None
        """
        return find_setting(self.settings.get(channel_ref), self.types.get(type_name))


def read_account_content(client, type_names, *, seconds, known_refs=frozenset()):
    """Read what Trusted Shops has of an account, and create missing event types there.

    :param ETrustedClient client: client with the login of the account
    :param type_names: event types that the shop sends
    :type type_names: set of str
    :param float seconds: after this time no further settings are read
    :param known_refs: ids of channels that the account must list
    :type known_refs: set of str
    :rtype: AccountContent
    :raise OtherChannelsError: if it does not list one of them; then nothing is created
    :raise TrustedShopsError: if the channels cannot be read, the login is refused, or
        there is no answer about the types (a refusal goes into ``type_error``)
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
    return AccountContent(channels, types, type_error, settings)


def ensure_types(client, type_names):
    """Create or activate event types at Trusted Shops as needed, and return all.

    :param ETrustedClient client: client with the login of the account
    :param type_names: names of the event types that must be active
    :type type_names: set of str
    :return: id by name of all event types
    :rtype: dict
    :raise TrustedShopsError: if that is not possible
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


def find_setting(settings, type_ref):
    """Return the invite setting of an event type, None if it is unknown.

    :param settings: settings of one channel, None if they are unknown
    :type settings: tuple of .etrusted.InviteSetting, or None
    :param type_ref: id of the event type
    :type type_ref: str or None
    :rtype: .etrusted.InviteSetting or None
    """
    found = (each for each in settings or () if each.event_type_ref == type_ref)
    return next(found, None) if type_ref else None
