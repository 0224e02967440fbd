# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: notes the functions that run between two others, each once."""

import os
import sys
from pathlib import Path

from .machine import ROOT

MONITOR = sys.monitoring
TOOL = MONITOR.PROFILER_ID
BEGIN, END, REPORT = os.environ["WSTS_WALK"].split(":")
# By file and name, in the order of the first visit.
VISITS = {}
STATE = {"walking": False}


def pytest_configure():
    """Listen to every function that begins."""
    MONITOR.use_tool_id(TOOL, "walker")
    MONITOR.register_callback(TOOL, MONITOR.events.PY_START, _on_start)
    MONITOR.set_events(TOOL, MONITOR.events.PY_START)


def _on_start(code, _offset):
    """Note a function of the product."""
    if code.co_name == BEGIN:
        STATE["walking"] = True
    if not STATE["walking"]:
        return
    path = Path(code.co_filename)
    if path.is_relative_to(ROOT):
        place = path.relative_to(ROOT)
        is_product = place.parts[0].startswith("website_sale_")
        if is_product and "tests" not in place.parts:
            VISITS[f"{place} {_get_name(code)}"] = None
    if code.co_name == END:
        STATE["walking"] = False
        Path(REPORT).write_text("\n".join(VISITS))


def _get_name(code):
    """Return the method or function of a piece of code, not what is nested in it."""
    names = code.co_qualname.split(".<locals>")[0].split(".")
    return names[-1]
