# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the XML Schema types that the parts of the services have.

Source: XML Schema Part 2, second edition (2004), sections 3.2 and 3.3.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

INT_RANGE = (-(2**31), 2**31 - 1)
LONG_RANGE = (-(2**63), 2**63 - 1)

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
# XML Schema knows four blank characters; ``str.strip()`` alone would take more.
_BLANKS = " \t\r\n"


def read_string(text):
    """Return a string as it is: white space belongs to it."""
    return text


def _read_integer(text, limits):
    text = text.strip(_BLANKS)
    # 30 digits: leading zeros are allowed, and int() of a megabyte is slow.
    if not _INTEGER.fullmatch(text) or len(text) > 30:
        raise ValueError("not an integer")
    number = int(text)
    if not limits[0] <= number <= limits[1]:
        raise ValueError("out of range")
    return number


def read_int(text):
    """Return an ``xsd:int``, a signed number of 32 bits."""
    return _read_integer(text, INT_RANGE)


def read_long(text):
    """Return an ``xsd:long``, a signed number of 64 bits."""
    return _read_integer(text, LONG_RANGE)


def read_decimal(text):
    """Return an ``xsd:decimal``: no exponent, no infinity, a point as separator."""
    text = text.strip(_BLANKS)
    if not _DECIMAL.fullmatch(text):
        raise ValueError("not a decimal number")
    return Decimal(text)


def read_boolean(text):
    """Return an ``xsd:boolean``: ``true``, ``false``, ``1`` or ``0``."""
    try:
        return {"true": True, "1": True, "false": False, "0": False}[
            text.strip(_BLANKS)
        ]
    except KeyError:
        raise ValueError("not a boolean") from None


def read_date_time(text):
    """Return an ``xsd:dateTime`` as an aware datetime.

    A value without a zone is taken as UTC. That is an assumption: the real service
    says nothing, and its clients send local time, UTC and offsets alike.
    """
    match = _DATE_TIME.fullmatch(text.strip(_BLANKS))
    if not match:
        raise ValueError("not a date and time")
    *numbers, fraction, zone = match.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    # The end of a day may be written 24:00:00 (XML Schema Part 2, 3.2.7.1).
    end_of_day = (hour, minute, second, int(fraction or 0)) == (24, 0, 0, 0)
    value = datetime(
        *(year, month, day, 0 if end_of_day else hour, minute, second),
        int((fraction or "0")[:6].ljust(6, "0")),
        tzinfo=_read_zone(zone),
    )
    try:
        return (value + timedelta(days=1) if end_of_day else value).astimezone(UTC)
    except OverflowError:
        raise ValueError("not a date and time") from None


def _read_zone(zone):
    if zone in (None, "Z"):
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError("not a zone")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if zone[0] == "-" else offset)


READERS = {
    "string": read_string,
    "int": read_int,
    "long": read_long,
    "decimal": read_decimal,
    "boolean": read_boolean,
    "dateTime": read_date_time,
}
