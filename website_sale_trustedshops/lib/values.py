# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks and converts the values that we send to the services and get from them."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from urllib.parse import urlsplit

# Largest number that we send to the service or take from it or from users, and the
# lowest code that we take.
# Source: xsd:long in the WSDLs; the published codes have five digits, so a number of
# more than 32 bits is not a code.
LARGEST_NUMBER = 2**63 - 1
LOWEST_CODE = -(2**31)
# Amounts in all currencies are sent with exactly two decimals.
_CENT = Decimal("0.01")
# Characters that XML 1.0 cannot contain. lxml refuses them without naming the field.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_base_url(text):
    """Return a base address, to which a path can be appended.

    :param text: scheme, host and port, e.g. ``http://127.0.0.1:8099``
    :type text: str or None
    :return: the address without blanks around it, and without a slash at its end
    :rtype: str
    :raise ValueError: when this is not an http or https address
    """
    parts = urlsplit((text or "").strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The address must start with http:// or https://")
    return parts.geturl().rstrip("/")


@dataclass(frozen=True)
class CertificateStatus:
    """The answer of the service about a certificate; '' for missing values.

    :param str ts_id: the id that was asked for
    :param str state: service's word in capitals: PRODUCTION, TEST, INTEGRATION,
        CANCELLED, DISABLED, NO_AUDIT, INVALID_TS_ID, or a word not known yet
    :param str type: service's word in capitals: CLASSIC, EXCELLENCE, or another
    :param str language: ISO 639-1 code in lower case
    :param str url: shop address the certificate was issued for
    """

    ts_id: str
    state: str
    type: str
    language: str
    url: str


@dataclass(frozen=True)
class ProtectionItem:
    """One protection that a certificate may sell.

    :param str ts_product_id: the service's code of the item
    :param str currency: ISO 4217 code
    :param decimal.Decimal protected_amount: highest amount covered, above 0
    :param int duration_days: duration of the protection in days, above 0
    :param decimal.Decimal net_fee: fee without tax
    :param decimal.Decimal gross_fee: fee with tax, not below the net fee
    """

    ts_product_id: str
    currency: str
    protected_amount: Decimal
    duration_days: int
    net_fee: Decimal
    gross_fee: Decimal


@dataclass(frozen=True)
class ProtectionRequest:
    """The twelve values of an application for protection.

    Its text form shows no login, e-mail address or customer, so it may be logged.

    :param str ts_id: certificate of the language in which the buyer ordered
    :param str ts_product_id: code of the item, in the currency of the order
    :param decimal.Decimal amount: value to protect in ``currency``; sent with two
        decimals, rounded half up
    :param str currency: ISO 4217 code of the order
    :param str payment_type: code of the service, e.g. ``PREPAYMENT``
    :param str buyer_email: address that receives the guarantee
    :param str shop_customer_id: customer number, not empty
    :param str shop_order_id: order number, unique per certificate
    :param datetime.datetime order_date: when the order was placed; naive means UTC;
        sent in UTC without zone, cut to the second
    :param str shop_system_version: free text naming the shop software
    :param str ws_user: web-service login of the certificate
    :param str ws_password: its password
    """

    ts_id: str
    ts_product_id: str
    amount: Decimal
    currency: str
    payment_type: str
    buyer_email: str = field(repr=False)
    shop_customer_id: str = field(repr=False)
    shop_order_id: str
    order_date: datetime
    shop_system_version: str
    ws_user: str = field(repr=False)
    ws_password: str = field(repr=False)

    def to_parts(self):
        """Check the values, and return the parts of the SOAP message.

        :return: value in the form to send by part name, in the order of the service
        :rtype: dict
        :raise ValueError: when a value is None or cannot be sent; names the field
        """
        to_value = {"amount": to_amount, "order_date": to_order_date}
        return {
            part: to_value.get(name, to_text)(name, getattr(self, name))
            for name, part in _PART_NAMES.items()
        }


# Part of the message by field of ProtectionRequest, in the order of the service.
_PART_NAMES = {
    "ts_id": "tsId",
    "ts_product_id": "tsProductId",
    "amount": "amount",
    "currency": "currency",
    "payment_type": "paymentType",
    "buyer_email": "buyerEmail",
    "shop_customer_id": "shopCustomerID",
    "shop_order_id": "shopOrderID",
    "order_date": "orderDate",
    "shop_system_version": "shopSystemVersion",
    "ws_user": "wsUser",
    "ws_password": "wsPassword",
}


def to_text(name, value):
    """Return a text in the form to send: without blanks around it.

    :param str name: field to name in an error; the value is never shown
    :param str value: text, may be empty
    :rtype: str
    :raise ValueError: when it is None or contains characters that XML cannot contain
    """
    _check_given(name, value)
    if _NOT_XML.search(value):
        raise ValueError(f"{name} contains characters that cannot be sent")
    return value.strip()


def to_printable(text, length):
    """Clean and shorten a text of a server, so that it may be shown and stored.

    :param str text: text that a server sent
    :param int length: longest result, in characters
    :return: printable characters on one line, without blanks around them
    :rtype: str
    """
    text = " ".join(text.split())
    return "".join(char for char in text if char.isprintable())[:length]


def read_moment(text):
    """Return the moment that a text in the form of ISO 8601 names, in whole seconds.

    :param str text: text that a server sent
    :rtype: datetime.datetime
    :raise ValueError: when it is not a moment
    """
    # Python 3.10 reads neither each fraction of a second nor the Z.
    whole = re.sub(r"[.,]\d+", "", text)
    return datetime.fromisoformat(re.sub(r"Z$", "+00:00", whole))


def to_amount(name, value):
    """Return an amount in the form to send: two decimals, rounded half up.

    :param str name: field to name in an error
    :param decimal.Decimal value: amount in the currency of the order
    :rtype: decimal.Decimal
    :raise ValueError: when it is None, not finite, not above zero, or too large
    """
    _check_given(name, value)
    try:
        amount = value.quantize(_CENT, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise ValueError(f"{name} must be a finite amount above zero")
    return amount


def to_order_date(name, value):
    """Return a moment in the form to send: UTC, without zone, whole seconds.

    The service expects a moment without zone, and refuses one in the future. Cut the
    moment, do not round it, so that it never becomes later.

    :param str name: field to name in an error
    :param datetime.datetime value: moment; naive means UTC
    :return: ``YYYY-MM-DDThh:mm:ss``
    :rtype: str
    :raise ValueError: when it is None
    """
    _check_given(name, value)
    if value.tzinfo is not None:
        value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return value.isoformat(timespec="seconds")


def _check_given(name, value):
    """Raise ValueError for None, and name the field."""
    if value is None:
        raise ValueError(f"{name} is missing")
