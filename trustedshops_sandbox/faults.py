# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults: what can go wrong on purpose, and the check of what was ordered."""

from . import badge, contract, feed, grades, rest, widget
from .xsd import LONG_RANGE

# What can go wrong: the operations of the services and of the REST side, a load of one
# of the two scripts of the badge or of that of the widgets, and a look-up in the public
# ratings or list.
OPERATIONS = (
    *contract.OPERATIONS,
    *rest.OPERATIONS,
    *grades.OPERATIONS,
    badge.OPERATION,
    badge.SHARED_OPERATION,
    widget.OPERATION,
    feed.RATING_OPERATION,
    feed.OPERATION,
)
# Kind: what happens in words, and what the caller sees of it.
KINDS = {
    "refuse": ("Is down", "The connection is closed at once, nothing is done."),
    "hang_before": ("Never answers", "Nothing is done."),
    "hang_after": ("Answers too late", "The work is done, but no answer comes."),
    "http_500": ("Server error", "HTTP 500 with plain text instead of SOAP."),
    "html_502": ("Error page", "HTTP 502 with the HTML page of a proxy."),
    "redirect": ("Redirect", "To another host."),
    "redirect_file": ("Redirect to a file", "Of the caller."),
    "fault": (
        "Reports a fault",
        "A SOAP fault of the server; JSON that says so from the REST side and in the"
        " public list; an error in a script.",
    ),
    "garbage": ("Broken answer", "HTTP 200 with broken XML, JSON or script."),
    "hostile": (
        "Hostile answer",
        "A good answer, but its texts are scripts and its numbers huge.",
    ),
    "huge": ("Endless answer", "More bytes than anybody should read."),
    "slow": (
        "Slow answer",
        "The work is done, the answer comes at one byte a second.",
    ),
    "code": ("Answers with a code", "The code is the result, nothing is done."),
    "http_403": ("Is not allowed", "HTTP 403, nothing is done."),
    "http_429": (
        "Too many requests",
        "HTTP 429, with the seconds below as Retry-After; nothing is done.",
    ),
    "expired": ("The bearer has expired", "HTTP 401 although it is good."),
    "no_ref": (
        "Accepts without a reference",
        "HTTP 202, and the event is there, but the answer does not name it.",
    ),
    "html_202": (
        "Accepts with a page",
        "HTTP 202, and the event is there, but the answer is HTML.",
    ),
    "bad_row": ("Has an unreadable row", "One review of the page has no stars."),
    "old_row": (
        "Has an old row in the middle",
        "One review of the page says that it last changed years ago.",
    ),
    "endless": ("Has no last page", "Each page leads to the second one."),
}
# Kinds that have a meaning for one operation only.
_ONLY_FOR = {
    **dict.fromkeys(("no_ref", "html_202"), "postEvent"),
    **dict.fromkeys(("bad_row", "old_row", "endless"), "getReviews"),
}
# What a newcomer may want to see: what happens, what that means; operation, kind, code.
SCENARIOS = (
    (
        "Trusted Shops is down",
        "Nothing answers: no service, and no badge.",
        *("*", "refuse", None),
    ),
    (
        "Trusted Shops answers too late",
        "Applications arrive, but the shop does not learn that they did.",
        *("requestForProtectionV2", "hang_after", None),
    ),
    (
        "Trusted Shops shows an error page",
        "Whatever is asked, the answer is a web page.",
        *("*", "html_502", None),
    ),
    (
        "Trusted Shops refuses the application",
        "For good: the payment type is not supported.",
        *("requestForProtectionV2", "code", -10006),
    ),
    (
        "Trusted Shops refuses the login",
        "The certificate has another user or password.",
        *("requestForProtectionV2", "code", -10001),
    ),
    (
        "The credit limit is used up",
        "Applications have to wait until Trusted Shops raises it.",
        *("requestForProtectionV2", "code", -10017),
    ),
    (
        "The badge does not load",
        "Pages stay as they are, only without it.",
        *("badge", "refuse", None),
    ),
    (
        "Reviews: no invitation gets in",
        "Trusted Shops takes the login, and then refuses its bearer.",
        *("postEvent", "expired", None),
    ),
    (
        "Reviews: too many invitations",
        "Trusted Shops asks the shop to wait two minutes.",
        *("postEvent", "http_429", None),
    ),
    (
        "Reviews: invited without an answer",
        "Buyers are invited, but the shop does not learn that they are.",
        *("postEvent", "hang_after", None),
    ),
    (
        "Reviews: the settings are closed",
        "The plan of the shop does not let it see who invites, and when.",
        *("getInviteSettings", "http_403", None),
    ),
)
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
    only_for = _ONLY_FOR.get(fault["kind"], fault["operation"])
    if fault["operation"] != only_for:
        raise ValueError(f"The kind {fault['kind']!r} needs the operation {only_for}.")
    fault["times"] = _read_times(fault["times"])
    fault["seconds"] = _read_seconds(fault["seconds"])
    if fault["times"] != 0:
        _check_code(fault["operation"], fault["kind"], fault["code"])
    return fault


def describe_fault(fault):
    """Return what a fault does, in words.

    :param dict fault: with all fields.
    :rtype: str
    """
    what = tuple(fault[name] for name in ("operation", "kind", "code"))
    for title, _text, *scenario in SCENARIOS:
        if tuple(scenario) == what:
            return title
    return KINDS[fault["kind"]][0]


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
