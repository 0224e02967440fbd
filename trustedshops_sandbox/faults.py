# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults: what can go wrong on purpose, and the check of what was ordered."""

from . import badge, contract, feed, widget
from .xsd import LONG_RANGE

# What can go wrong: the operations of the services, a load of one of the two scripts of
# the badge or of that of the widgets, and a look-up in the public ratings or list.
OPERATIONS = (
    *contract.OPERATIONS,
    badge.OPERATION,
    badge.SHARED_OPERATION,
    widget.OPERATION,
    feed.RATING_OPERATION,
    feed.OPERATION,
)
# Kind: what the caller sees.
KINDS = {
    "refuse": "The connection is closed at once, nothing is done.",
    "hang_before": "No answer, nothing is done.",
    "hang_after": "The work is done, but no answer comes.",
    "http_500": "HTTP 500 with plain text instead of SOAP.",
    "html_502": "HTTP 502 with the HTML page of a proxy.",
    "redirect": "A redirect to another host.",
    "redirect_file": "A redirect to a file of the caller.",
    "fault": (
        "A SOAP fault of the server; JSON that says so in the public list; an error in"
        " a script."
    ),
    "garbage": "HTTP 200 with broken XML, JSON or script.",
    "hostile": "A good answer, but its texts are scripts and its numbers huge.",
    "huge": "More bytes than anybody should read.",
    "slow": "The work is done, the answer comes at one byte per second.",
    "code": "The code is the result, nothing is done.",
}
# Operations whose result is a number, so that ``code`` has a meaning.
CODE_OPERATIONS = (
    "checkLogin",
    "checkShopStatus",
    "protectWithAverageDeliveryDays",
    "requestForProtection",
    "requestForProtectionV2",
    "getRequestState",
    "setShippingInformation",
)
# Results of updateRatingWidgetState (shop modules of 2010-2015).
RATING_RESULTS = (
    "OK",
    "INVALID_TSID",
    "NOT_REGISTERED_FOR_TRUSTEDRATING",
    "WRONG_WSUSERNAME_WSPASSWORD",
)
HANG_SECONDS = 120
_FIELDS = ("operation", "kind", "times", "code", "seconds")


def read_fault(data):
    """Return a fault with all fields from what was ordered.

    :param dict data: ``operation`` (a name or ``*``), ``kind``, ``times`` (calls;
        None, -1 or missing: until cleared; 0: clear this kind for this operation),
        ``code`` (for the kind ``code``), ``seconds`` (how long a hang or a slow answer
        lasts).
    :raise ValueError: in plain words, when something does not fit.
    """
    if not isinstance(data, dict):
        raise ValueError("A fault must be a JSON object.")
    unknown = sorted(set(data) - set(_FIELDS))
    if unknown:
        raise ValueError(f"A fault has no field {unknown[0]!r}.")
    fault = {name: data.get(name) for name in _FIELDS}
    if fault["operation"] != "*" and fault["operation"] not in OPERATIONS:
        raise ValueError("'operation' must be the name of an operation or '*'.")
    if fault["kind"] not in tuple(KINDS):
        raise ValueError(f"'kind' must be one of {', '.join(KINDS)}.")
    fault["times"] = _read_times(fault["times"])
    fault["seconds"] = _read_seconds(fault["seconds"])
    if fault["times"] != 0:
        _check_code(fault["operation"], fault["kind"], fault["code"])
    return fault


def _read_times(times):
    if times is None or (type(times) is int and times == -1):
        return None
    if type(times) is not int or not 0 <= times <= 2**31:
        raise ValueError("'times' must be a number of calls, or null for always.")
    return times


def _read_seconds(seconds):
    if seconds is None:
        return HANG_SECONDS
    if type(seconds) not in (int, float) or not 0 <= seconds <= 3600:
        raise ValueError("'seconds' must be a number between 0 and 3600.")
    return seconds


def _check_code(operation, kind, code):
    if kind != "code":
        if code is not None:
            raise ValueError("'code' belongs to the kind 'code' only.")
    elif operation == "updateRatingWidgetState":
        if code not in RATING_RESULTS:
            raise ValueError(f"'code' must be one of {', '.join(RATING_RESULTS)}.")
    elif operation not in CODE_OPERATIONS:
        raise ValueError(
            "The kind 'code' needs one of these operations: "
            f"{', '.join(CODE_OPERATIONS)}, updateRatingWidgetState."
        )
    elif type(code) is not int or not LONG_RANGE[0] <= code <= LONG_RANGE[1]:
        raise ValueError("'code' must be a whole number, for example -10003.")
