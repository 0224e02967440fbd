# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The scripts that a shop's pages load: they draw the floating badge and the Trustcard.

There are two, as in real life: a small one of the shop brings a large one that all
shops share. Written anew from the names of the attributes, ids and events of the real
ones.
"""

import json
from pathlib import Path

from werkzeug.wrappers import Response

from .broken import make_broken_answer, make_hostile, make_late_answer

PATH = "/js/<ts_id>.js"
SHARED_PATH = "/assets/trustbadge.js"
# The names of their loads among operations, faults and counts.
OPERATION = "badge"
SHARED_OPERATION = "trustbadge"

_TYPE = "text/javascript; charset=utf-8"
_FOLDER = Path(__file__).parent / "static"
_SCRIPT = _FOLDER / "badge.js"
_SHARED_SCRIPT = _FOLDER / "trustbadge.js"
_START = b"(function () {\n"
# What stands in the script for the shop, and for the address of the second one.
_PLACE = '"@SHOP@"'
_PATH_PLACE = "@PATH@"
_FAULT = 'throw new Error("The badge is out of order (ordered fault).");\n'


def answer(certificate, fault):
    """Return the script of a certificate.

    :param dict certificate: None for an unknown id; for that nothing is drawn.
    :param dict fault: how the answer goes wrong, or None.
    :raise Hangup: for a fault without any answer.
    """
    spoiled = _spoil(fault)
    if spoiled:
        return spoiled
    if not certificate:
        return Response("// There is no such shop.\n", content_type=_TYPE)
    shop = _make_shop(certificate)
    if fault and fault["kind"] == "hostile":
        shop = make_hostile(shop, OPERATION)
    script = _SCRIPT.read_text().replace(_PATH_PLACE, SHARED_PATH)
    script = script.replace(_PLACE, _to_literal(shop))
    return make_late_answer(fault, script.encode(), _TYPE)


def answer_shared(fault):
    """Return the script that all shops share.

    :param dict fault: how the answer goes wrong, or None.
    :raise Hangup: for a fault without any answer.
    """
    content = _SHARED_SCRIPT.read_bytes()
    return _spoil(fault) or make_late_answer(fault, content, _TYPE)


def _spoil(fault):
    """Return the answer of a fault that leaves no script, or None."""
    if fault and fault["kind"] == "fault":
        return Response(_FAULT, content_type=_TYPE)
    return make_broken_answer(fault, _TYPE, _START)


def _make_shop(certificate):
    address = certificate["url"].partition("://")[2]
    return {
        "tsId": certificate["ts_id"],
        "name": address.partition("/")[0],
        "isCertified": certificate["state"] in ("PRODUCTION", "INTEGRATION", "TEST"),
        "isProtected": certificate["type"] == "CLASSIC",
        "stars": "4.80" if certificate["ratings"] else "",
    }


def _to_literal(shop):
    """Return JSON that may stand in a script of any page."""
    return json.dumps(shop).replace("<", "\\u003c")
