# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The script that a shop's pages load: it draws the floating badge and the Trustcard.

Written anew from the names of the attributes, ids and events of the real one.
"""

import json
from pathlib import Path

from werkzeug.wrappers import Response

from .broken import make_broken_answer, make_hostile, make_late_answer

PATH = "/js/<ts_id>.js"
# The name of a load among operations, faults and counts.
OPERATION = "badge"

_TYPE = "text/javascript; charset=utf-8"
_SCRIPT = Path(__file__).parent / "static" / "badge.js"
# What stands in the script for the shop.
_PLACE = '"@SHOP@"'
_FAULT = 'throw new Error("The badge is out of order (ordered fault).");\n'


def answer(certificate, fault):
    """Return the script for a certificate.

    :param dict certificate: None for an unknown id; for that nothing is drawn.
    :param dict fault: how the answer goes wrong, or None.
    :raise Hangup: for a fault without any answer.
    """
    broken = make_broken_answer(fault, _TYPE, b"(function () {\n")
    if broken:
        return broken
    if fault and fault["kind"] == "fault":
        return Response(_FAULT, content_type=_TYPE)
    if not certificate:
        return Response("// There is no such shop.\n", content_type=_TYPE)
    shop = _make_shop(certificate)
    if fault and fault["kind"] == "hostile":
        shop = make_hostile(shop, OPERATION)
    script = _SCRIPT.read_text().replace(_PLACE, _to_literal(shop))
    return make_late_answer(fault, script.encode(), _TYPE)


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
