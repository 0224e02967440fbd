# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of eTrusted, Trusted Shops' interface for channels, events and invitations.

Each call writes one line to the log, without login, token, buyer or body. The client
follows no redirects, so that a token never goes to another server.

Source: developers.etrusted.com
"""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RetryableError,
    make_unreadable_error,
)
from odoo.addons.website_sale_trustedshops.lib.http import Client, log_call
from odoo.addons.website_sale_trustedshops.lib.values import to_base_url

from .errors import LoginRefusedError, make_answer_error
from .parsing import (
    REF,
    get_ref,
    get_rows,
    get_text,
    is_object,
    load_object,
    quote_ref,
)
from .tokens import TokenStore

# Addresses of login and interface by environment.
HOSTS = {
    "production": ("https://login.etrusted.com", "https://api.etrusted.com"),
    "qa": ("https://login-qa.etrusted.com", "https://api.etrusted.site"),
}
# The audience of tokens: the only documented value.
AUDIENCE = "https://api.etrusted.com"

# A token as RFC 6750 defines it: nothing else is safe in a header.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,8192}=*")
# Read every answer except redirects: errors may contain a message.
_STATUSES = (*range(200, 300), *range(400, 600))
_DONE = (200, 201, 202, 204)

_tokens = TokenStore()


@dataclass(frozen=True)
class Channel:
    """A shop at Trusted Shops, in one language; '' for what the answer omits.

    :param str ref: id, ``chl-…``
    :param str name: name of the shop
    :param str url: address of the shop
    :param str locale: language as Trusted Shops names it
    """

    ref: str
    name: str
    url: str
    locale: str


@dataclass(frozen=True)
class EventType:
    """A type of events after which Trusted Shops can invite.

    :param str ref: its id
    :param str name: its name, which events carry
    :param bool is_active: whether Trusted Shops accepts its events
    """

    ref: str
    name: str
    is_active: bool


@dataclass(frozen=True)
class InviteSetting:
    """Whether and when Trusted Shops invites after events of one type at one channel.

    :param str event_type_ref: id of the event type
    :param bool is_enabled: whether it leads to an invitation
    :param delay_days: the longest delay of the enabled configurations, or of all if
        none is enabled; None if the answer has none
    :type delay_days: int or None
    """

    event_type_ref: str
    is_enabled: bool
    delay_days: int | None


def clean_login(text):
    """Return a client ID or a secret without blanks and invisible characters.

    Users copy such characters by accident.

    :param text: text as it was entered
    :type text: str or None or False
    :rtype: str
    """
    return "".join(
        char for char in text or "" if unicodedata.category(char)[0] not in "CZ"
    )


class ETrustedClient(Client):
    """Client of eTrusted with one login.

    Every call raises ``LoginRefusedError`` if eTrusted does not accept the login, even
    with a new token; ``AccessRefusedError`` if the login may not do this (status 403);
    ``RefusedError``, with the message of eTrusted, if it does not accept the request
    for another reason; ``RetryableError`` if there is no usable answer. The last one
    says in ``maybe_sent`` whether eTrusted may have acted, and in ``retry_after`` how
    many seconds to wait (status 429). Nothing is sent if an id is invalid: that raises
    ``ValueError``.

    :param hosts: base addresses of login and interface, one of ``HOSTS``
    :type hosts: tuple of str
    :param str client_id: ID of the API client at Trusted Shops
    :param str client_secret: its secret
    :param timeouts: those of the base's ``Session``, in seconds
    :raise ValueError: if an address is invalid, or the login incomplete
    """

    # Defaults for the base's ``Session``.
    _limits = {}

    def __init__(self, hosts, client_id, client_secret, **timeouts):
        super().__init__(**{**self._limits, **timeouts})
        self._login_url, self._api_url = (to_base_url(host) for host in hosts)
        self._login = clean_login(client_id), clean_login(client_secret)
        if not all(self._login):
            raise ValueError("The client ID or its secret is missing")
        digest = hashlib.sha256(self._login[1].encode()).hexdigest()
        self._key = (self._login_url, self._api_url, self._login[0], digest)
        self._session.headers["Accept"] = "application/json"
        self._session.headers["User-Agent"] = "Trusted Shops for Odoo"

    # === CHANNELS AND SETTINGS === #

    @log_call("getChannels")
    def get_channels(self):
        """Return the channels of the account, each once.

        :rtype: tuple of Channel
        """
        rows = get_rows(self._call("GET", "/channels", "getChannels"), "getChannels")
        channels = (
            Channel(
                ref=get_ref(row, "getChannels"),
                name=get_text(row, "name"),
                url=get_text(row, "url"),
                locale=get_text(row, "locale"),
            )
            for row in rows
        )
        return tuple({channel.ref: channel for channel in channels}.values())

    @log_call("getEventTypes")
    def get_event_types(self):
        """Return the event types of the account.

        :rtype: tuple of EventType
        """
        answer = self._call("GET", "/event-types", "getEventTypes")
        return tuple(
            EventType(
                ref=get_ref(row, "getEventTypes"),
                name=get_text(row, "name"),
                is_active=row.get("active") is not False,
            )
            for row in get_rows(answer, "getEventTypes")
        )

    @log_call("createEventType")
    def create_event_type(self, name):
        """Create an active event type at Trusted Shops.

        :param str name: name of the event type
        """
        body = {"name": name, "active": True}
        self._call("POST", "/event-types", "createEventType", body=body)

    @log_call("activateEventType")
    def activate_event_type(self, event_type_ref):
        """Activate an event type: Trusted Shops ignores events of an inactive one.

        :param str event_type_ref: id of the event type
        """
        path = f"/event-types/{quote_ref(event_type_ref)}"
        self._call("PUT", path, "activateEventType", body={"active": True})

    @log_call("getInviteSettings")
    def get_invite_settings(self, channel_ref):
        """Return the invite settings of a channel.

        Those of a new event type are missing for some seconds.

        :param str channel_ref: ``chl-…``
        :rtype: tuple of InviteSetting
        """
        operation = "getInviteSettings"
        path = f"/invite-settings?channel-id={quote_ref(channel_ref)}"
        rows = get_rows(self._call("GET", path, operation), operation)
        return tuple(_to_invite_setting(row) for row in rows)

    # === EVENTS === #

    @log_call("sendEvent")
    def send_event(self, payload):
        """Send an event about an order, after which Trusted Shops invites the buyer.

        Only status 202 with a JSON object counts as accepted: other good answers may
        come from a gateway.

        :param dict payload: body of ``POST /events``, see ``_prepare_event`` of the
            channel
        :return: id of the event, ``evt-…``, '' if the answer has none
        :rtype: str
        :raise RetryableError: also after another answer with a good status
        """
        customer = payload.get("customer") or {}
        told = [each for each in customer.values() if isinstance(each, str)]
        answer = self._call("POST", "/events", "sendEvent", body=payload, personal=told)
        if answer.status_code != 202 or not is_object(answer.content):
            detail = f" (HTTP status {answer.status_code})"
            raise make_unreadable_error("sendEvent", detail)
        row = load_object(answer.content)
        ref = get_text(row, "EventRef") or get_text(row, "eventRef")
        return ref if REF.fullmatch(ref) else ""

    # === CALLS === #

    def _call(self, method, path, operation, *, body=None, personal=()):
        """Return the answer to a call, made again if the token was refused.

        :param str method: HTTP method
        :param str path: path with the query
        :param str operation: name of the operation, for the error
        :param body: body to send as JSON
        :type body: dict or None
        :param personal: values to mask in the message of an error
        :rtype: Answer
        :raise TrustedShopsError: unless the status is one of ``_DONE``
        """
        token = _tokens.get(self._key, self._request_token)
        answer = self._send(method, path, token, body)
        if answer.status_code == 401:
            token = _tokens.get(self._key, self._request_token, refused=token)
            answer = self._send(method, path, token, body)
        if answer.status_code == 401:
            _tokens.remove(self._key, token)
        if answer.status_code in _DONE:
            return answer
        secrets = [token, *self._login, *personal]
        raise make_answer_error(operation, answer, secrets)

    def _send(self, method, path, token, body):
        """Send a request with a token, and return the answer.

        A function sets the header, because requests may replace one with a ``.netrc``.
        """

        def authorize(request):
            request.headers["Authorization"] = f"Bearer {token}"
            return request

        options = {"auth": authorize}
        if body is not None:
            text = json.dumps(body, ensure_ascii=False, allow_nan=False)
            options["data"] = text.encode()
            options["headers"] = {"Content-Type": "application/json"}
        return self._fetch(method, self._api_url + path, **options)

    def _fetch(self, method, address, **options):
        """Return the answer to a request, without its body if that could not be read.

        The status alone already says what eTrusted did.

        :raise RetryableError: if no headers arrived
        """
        try:
            return self._session.fetch(method, address, statuses=_STATUSES, **options)
        except RetryableError as error:
            if error.head is None:
                raise
            return error.head

    @log_call("getToken")
    def _request_token(self):
        """Return a new access token and its lifetime in seconds.

        All errors have ``maybe_sent`` False: the call that needs the token was not
        sent.

        :rtype: tuple[str, int]
        :raise LoginRefusedError: if eTrusted does not accept the login
        :raise TrustedShopsError: if there is no usable answer
        """
        client_id, client_secret = self._login
        body = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "audience": AUDIENCE,
        }
        try:
            answer = self._fetch("POST", f"{self._login_url}/oauth/token", data=body)
            is_own = answer.status_code != 403 or is_object(answer.content)
            if answer.status_code in (400, 401, 403) and is_own:
                raise LoginRefusedError(
                    f"Login refused with HTTP status {answer.status_code}",
                    status=answer.status_code,
                )
            if answer.status_code != 200:
                raise make_answer_error("getToken", answer, self._login)
            return _to_token(answer)
        except RetryableError as error:
            error.maybe_sent = False
            raise


# === ANSWERS === #

_CONFIGURATIONS = ("serviceInviteConfiguration", "productInviteConfiguration")


def _to_token(answer):
    """Return the access token in an answer, and its lifetime in seconds.

    :raise RetryableError: if there is none
    """
    document = load_object(answer.content)
    token = document.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise make_unreadable_error("getToken")
    return token, _to_lifetime(document.get("expires_in"))


def _to_lifetime(value):
    """Return the lifetime of a token in seconds: at most a day, 300 if unknown."""
    try:
        seconds = int(float(value))
    except (TypeError, ValueError, OverflowError):
        seconds = 300  # the answer does not say
    return min(max(seconds, 0), 24 * 60 * 60)


def _to_invite_setting(row):
    """Return the invite setting in a JSON object of an answer."""
    every = [row[key] for key in _CONFIGURATIONS if isinstance(row.get(key), dict)]
    enabled = [each for each in every if each.get("enabled") is True]
    delays = [each.get("sendingDelayInDays") for each in enabled or every]
    delays = [each for each in delays if type(each) is int and 0 <= each <= 365]
    return InviteSetting(
        event_type_ref=get_text(row, "eventTypeId"),
        is_enabled=bool(enabled),
        delay_days=max(delays, default=None),
    )
