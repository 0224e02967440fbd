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

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .answers import not_understood
from .client import logged
from .feed import FeedClient, get_code, get_text, get_value

_PATH = "/shops/{ts_id}/mobiles/v1/sdks/ios/trustmarks.json"
# The only status that means that a shop is certified. Source: both SDKs.
_STATUS_VALID = "VALID"

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


class TrustmarkClient(FeedClient):
    """Look-ups in the public list of trustmarks."""

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
        ts_id, document = self._get_document(ts_id, _PATH, "getTrustmark")
        return None if document is None else _to_trustmark(ts_id, document)


# === ANSWERS === #


def _to_trustmark(ts_id, document):
    """Return what a document says.

    :param str ts_id: the id that was asked for
    :param document: whatever came as JSON
    :rtype: Trustmark
    :raise RetryableError: when it has no status, or is about another certificate
    """
    shop = get_value(document, "response", "data", "shop")
    status = get_text(shop, "trustMark", "status").upper()
    if not status or get_text(shop, "tsId").upper() != ts_id:
        raise not_understood("getTrustmark")
    amount = get_code(_AMOUNT, shop, "guarantee", "maxProtectionAmount")
    days = get_code(_DAYS, shop, "guarantee", "maxProtectionDuration")
    return Trustmark(
        ts_id=ts_id,
        name=get_text(shop, "name"),
        url=get_text(shop, "url"),
        language=get_code(_LANGUAGE, shop, "languageISO2", change=str.lower),
        status=status,
        valid_from=_get_date(shop, "trustMark", "validFrom"),
        valid_to=_get_date(shop, "trustMark", "validTo"),
        protection_currency=get_code(
            _CURRENCY, shop, "guarantee", "mainProtectionCurrency", change=str.upper
        ),
        max_protection_amount=Decimal(amount.replace(",", "")) if amount else None,
        max_protection_days=int(days) if days else None,
    )


def _get_date(document, *names):
    """Return a day of a document, the one that is written, whatever its offset.

    :rtype: datetime.date or None
    """
    try:
        return datetime.fromisoformat(get_text(document, *names)).date()
    except ValueError:
        return None
