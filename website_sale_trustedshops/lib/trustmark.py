# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of the public list of trustmarks, which needs no login.

The list says by id for which shop Trusted Shops issued a certificate, in which
language, and until when. It also knows certificates that the SOAP services do not.
What it says is shown to people only, so it is cut and cleaned here.

To be sure that an id is unknown and to be unable to ask are two things: only a storage
that says that it has no such document makes an id unknown.

Source: the official SDKs for Android and iOS, which read the same documents.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from .answers import not_understood
from .client import CONNECT_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT, logged
from .connection import Call, running
from .transport import (
    NETWORK_ERRORS,
    Session,
    fetch,
    to_network_error,
    to_status_error,
)
from .ts_id import is_valid as is_ts_id
from .values import to_base_url, to_printable, to_text

# Addresses of the real lists by environment.
# Source: the official SDKs for Android and iOS.
FEED_URLS = {
    "production": "https://cdn1.api.trustedshops.com",
    "qa": "https://cdn1.api-qa.trustedshops.com",
}

_PATH = "/shops/{ts_id}/mobiles/v1/sdks/ios/trustmarks.json"
# Statuses of a document, and of a storage that has none.
_STATUSES = (200, 403, 404)
# The only status that means that a shop is certified. Source: both SDKs.
_STATUS_VALID = "VALID"

# Longest text that is kept, in characters.
_MAX_LENGTH = 255
_LANGUAGE = re.compile("[a-z]{2}")
_CURRENCY = re.compile("[A-Z]{3}")
# An amount may have commas between its thousands, and never twelve digits and more.
_AMOUNT = re.compile(r"([0-9]{1,3}(,[0-9]{3}){1,2}|[0-9]{1,11})(\.[0-9]{1,2})?")
_DAYS = re.compile("[0-9]{1,4}")


@dataclass(frozen=True)
class Trustmark:
    """What the public list says about a certificate; '' or None where it is silent.

    :param str ts_id: the id that was asked for
    :param str name: name of the shop
    :param str url: shop address, as a rule without scheme, possibly with a path
    :param str language: ISO 639-1 code in lower case
    :param str status: Trusted Shops' word in capitals; only VALID means certified
    :param valid_from: first day
    :type valid_from: datetime.date or None
    :param valid_to: last day
    :type valid_to: datetime.date or None
    :param str protection_currency: ISO 4217 code of the guarantee
    :param max_protection_amount: highest amount covered in that currency, 0 or above
    :type max_protection_amount: decimal.Decimal or None
    :param max_protection_days: longest duration of the guarantee in days, 0 or above
    :type max_protection_days: int or None
    """

    ts_id: str
    name: str
    url: str
    language: str
    status: str
    valid_from: date | None
    valid_to: date | None
    protection_currency: str
    max_protection_amount: Decimal | None
    max_protection_days: int | None

    @property
    def is_valid(self):
        """Return whether the shop is certified.

        :rtype: bool
        """
        return self.status == _STATUS_VALID

    @property
    def has_guarantee(self):
        """Return whether purchases can be covered: a shop may have reviews only.

        :rtype: bool
        """
        return bool(self.max_protection_amount)


class TrustmarkClient:
    """Calls of the public list of trustmarks.

    One client keeps its connection open between calls; :meth:`close` it, or use it in
    a ``with`` statement.

    :param str base_url: one of ``FEED_URLS``, or the address of a sandbox
    :param float connect_timeout: seconds to connect to one address of the host
    :param float read_timeout: seconds between two pieces of an answer
    :param float total_timeout: seconds for a whole call
    :raise ValueError: when the address is none of http or https
    """

    def __init__(
        self,
        base_url,
        *,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        total_timeout=TOTAL_TIMEOUT,
    ):
        self._base_url = to_base_url(base_url)
        self._read_timeout = read_timeout
        self._total_timeout = total_timeout
        self._session = Session(connect_timeout)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the open connection; the client stays usable."""
        self._session.close()

    @logged("getTrustmark")
    def get_trustmark(self, ts_id):
        """Look a certificate up.

        :param str ts_id: Trusted Shops ID
        :return: what the list says, None when it does not know the id
        :rtype: Trustmark or None
        :raise RetryableError: when there is no understandable answer, or one about
            another certificate
        :raise ValueError: when this is no Trusted Shops ID; nothing was sent
        :raise TypeError: when this is no text; nothing was sent
        """
        ts_id = to_text("ts_id", ts_id).upper()
        if not is_ts_id(ts_id):  # it becomes a part of the address
            raise ValueError("ts_id is no Trusted Shops ID")
        answer = self._fetch(_PATH.format(ts_id=ts_id))
        if _is_missing_document(answer.content):
            return None
        if answer.status_code != 200:
            raise to_status_error(answer.status_code)
        return _to_trustmark(ts_id, _parse(answer.content))

    def _fetch(self, path):
        """Get a document once.

        The error is raised outside of the ``except`` block on purpose: that of requests
        contains the whole request, and must not become the context of ours.

        :param str path: path of the document
        :rtype: Answer
        :raise RetryableError: when there is no answer
        """
        call = Call(self._total_timeout)
        try:
            with running(call):
                return fetch(
                    self._session,
                    "GET",
                    self._base_url + path,
                    timeout=self._read_timeout,
                    statuses=_STATUSES,
                )
        except NETWORK_ERRORS as exc:
            error = to_network_error(exc, call)
        raise error


# === ANSWERS === #


def _is_missing_document(content):
    """Return whether a storage says that it does not have the document.

    :param bytes content: body of an answer
    :rtype: bool
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return False
    return root.tag == "Error" and root.findtext("Code") == "NoSuchKey"


def _parse(content):
    """Return the document in an answer, with every number as the text it was.

    So no number is too large to be read, whatever it is meant to be.

    :param bytes content: body of an answer
    :return: whatever JSON can carry
    :raise RetryableError: when it is no JSON, or nested too deep
    """
    try:
        return json.loads(content, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        error = not_understood("getTrustmark")
    raise error


def _to_trustmark(ts_id, document):
    """Return what a document says.

    :param str ts_id: the id that was asked for
    :param document: whatever came as JSON
    :rtype: Trustmark
    :raise RetryableError: when it has no status, or is about another certificate
    """
    shop = _get(document, "response", "data", "shop")
    status = _get_text(shop, "trustMark", "status").upper()
    if not status or _get_text(shop, "tsId").upper() != ts_id:
        raise not_understood("getTrustmark")
    amount = _get_code(_AMOUNT, shop, "guarantee", "maxProtectionAmount")
    days = _get_code(_DAYS, shop, "guarantee", "maxProtectionDuration")
    return Trustmark(
        ts_id=ts_id,
        name=_get_text(shop, "name"),
        url=_get_text(shop, "url"),
        language=_get_code(_LANGUAGE, shop, "languageISO2", change=str.lower),
        status=status,
        valid_from=_get_date(shop, "trustMark", "validFrom"),
        valid_to=_get_date(shop, "trustMark", "validTo"),
        protection_currency=_get_code(
            _CURRENCY, shop, "guarantee", "mainProtectionCurrency", change=str.upper
        ),
        max_protection_amount=Decimal(amount.replace(",", "")) if amount else None,
        max_protection_days=int(days) if days else None,
    )


def _get(document, *names):
    """Return what is at a place in a document.

    :param document: whatever came as JSON
    :param str names: names of the objects on the way, and of the value
    :return: the value, None when there is no such place
    """
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _get_text(document, *names):
    """Return a text of a document: one printable line, of sane length.

    :return: the text, '' when there is none
    :rtype: str
    """
    value = _get(document, *names)
    return to_printable(value, _MAX_LENGTH) if isinstance(value, str) else ""


def _get_code(pattern, document, *names, change=str):
    """Return a text of a document that has a certain form.

    :param re.Pattern pattern: the form
    :param change: function that gives the text its usual spelling before
    :return: the text, '' when there is none, or none of that form
    :rtype: str
    """
    text = change(_get_text(document, *names))
    return text if pattern.fullmatch(text) else ""


def _get_date(document, *names):
    """Return a day of a document, the one that is written, whatever its offset.

    :rtype: datetime.date or None
    """
    try:
        return datetime.fromisoformat(_get_text(document, *names)).date()
    except ValueError:
        return None
