# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers that an ordered fault spoils, alike for the services and the public list."""

import json
import time

from werkzeug.wrappers import Response

from .server import Hangup
from .xsd import INT_RANGE, LONG_RANGE

_PROXY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)
# Status and message of an interface that does not let a good caller in.
_REFUSALS = {
    "http_403": (403, "Forbidden"),
    "http_429": (429, "Too Many Requests"),
    "expired": (401, "Unauthorized"),
}
_LOCATIONS = {
    "redirect": "http://another.example/elsewhere",
    "redirect_file": "file:///etc/passwd",
}
# Bytes of a huge answer, and of a piece of it.
HUGE_SIZE = 50 * 1024 * 1024
_PIECE = 64 * 1024

HOSTILE_TEXT = '"><script>alert(1)</script>'
_HUGE_AMOUNT = "9" * 30
# Values that are no texts although they look like some, and numbers of 32 bits.
_HOSTILE_NUMBERS = {
    "alive": INT_RANGE[1],
    "ping": INT_RANGE[1],
    "protectionDurationInt": INT_RANGE[1],
    "grossFee": _HUGE_AMOUNT,
    "netFee": _HUGE_AMOUNT,
    "protectedAmountDecimal": _HUGE_AMOUNT,
    "maxProtectionAmount": _HUGE_AMOUNT,
    "maxProtectionDuration": _HUGE_AMOUNT,
}
# Without these nobody would take the answer for one: the id that was asked for, and
# what the contract gives a type of its own.
_KEPT = ("tsID", "tsId", "currency", "mainProtectionCurrency", "creationDate")


def make_broken_answer(fault, content_type, start):
    """Return the answer of a fault that happens before anything is done, or None.

    :param dict fault: the fault, or None.
    :param str content_type: that of a good answer.
    :param str start: the beginning of a good answer, which alone is garbage.
    :raise Hangup: for a fault without any answer.
    """
    kind = fault and fault["kind"]
    if kind == "refuse":
        raise Hangup
    if kind == "hang_before":
        raise Hangup(fault["seconds"])
    if kind == "http_500":
        return Response("Internal Server Error\n", 500, content_type="text/plain")
    if kind == "html_502":
        return Response(_PROXY_PAGE, 502, content_type="text/html")
    if kind in _REFUSALS:
        return _make_refusal(fault)
    if kind in _LOCATIONS:
        return Response("", 302, headers={"Location": _LOCATIONS[kind]})
    if kind == "garbage":
        return Response(start, content_type=content_type)
    if kind == "huge":
        pieces = (b" " * _PIECE for _number in range(HUGE_SIZE // _PIECE))
        return _stream(pieces, content_type)
    return None


def _make_refusal(fault):
    status, message = _REFUSALS[fault["kind"]]
    content = json.dumps({"Message": message})
    response = Response(content, status, content_type="application/json")
    if status == 429:
        response.headers["Retry-After"] = str(int(fault["seconds"]))
    return response


def make_late_answer(fault, content, content_type, status=200):
    """Return the answer after the work is done, as late as a fault wants it.

    :param dict fault: the fault, or None.
    :param bytes content: the answer.
    :raise Hangup: for a fault without any answer.
    """
    kind = fault and fault["kind"]
    if kind == "hang_after":
        raise Hangup(fault["seconds"])
    if kind != "slow":
        return Response(content, status, content_type=content_type)
    pieces = _drip(content, fault["seconds"])
    response = _stream(pieces, content_type, status)
    response.content_length = len(content)
    return response


def _drip(content, seconds):
    """Give one byte per second, at most for so many seconds."""
    for byte in content[: int(seconds)]:
        yield bytes([byte])
        time.sleep(1)


def _stream(pieces, content_type, status=200):
    """Return a Response whose connection ends with it."""
    headers = {"Connection": "close"}
    return Response(pieces, status, headers=headers, content_type=content_type)


def make_hostile(value, name, kept=_KEPT):
    """Return a result with markup in place of its texts, and huge numbers.

    :param value: an int, a text, a dict or a list of dicts.
    :param str name: the name of the field, or of the operation.
    :param tuple kept: names of fields that stay as they are.
    """
    if name in kept:
        return value
    if name in _HOSTILE_NUMBERS:
        return _HOSTILE_NUMBERS[name]
    if isinstance(value, dict):
        return {key: make_hostile(content, key, kept) for key, content in value.items()}
    if isinstance(value, list):
        return [make_hostile(content, name, kept) for content in value]
    return LONG_RANGE[1] if isinstance(value, int) else HOSTILE_TEXT
