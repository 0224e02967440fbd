# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The script that draws widgets with reviews into the elements of a shop's page.

Written anew from the names of the element and its attributes. Which widgets exist is
not known here: every id is drawn.
"""

from pathlib import Path

from werkzeug.wrappers import Response

from .broken import make_broken_answer, make_late_answer

PATH = "/applications/widget.js/v2"
# The name of a load among operations, faults and counts.
OPERATION = "widget"

_TYPE = "text/javascript; charset=utf-8"
_SCRIPT = Path(__file__).parent / "static" / "widget.js"
_FAULT = 'throw new Error("The widgets are out of order (ordered fault).");\n'


def answer(fault):
    """Return the script.

    :param dict fault: how the answer goes wrong, or None.
    :raise Hangup: for a fault without any answer.
    """
    broken = make_broken_answer(fault, _TYPE, "(function () {\n")
    if broken:
        return broken
    if fault and fault["kind"] == "fault":
        return Response(_FAULT, content_type=_TYPE)
    return make_late_answer(fault, _SCRIPT.read_bytes(), _TYPE)
