# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: notes which tests run some lines, at nearly no cost.

All other code tells of itself once, when it first runs.
"""

import json
import os
import sys
from pathlib import Path

from .machine import ROOT

MONITOR = sys.monitoring
TOOL = MONITOR.COVERAGE_ID
# Lines of files that are looked for, and which tests ran them: "path:line".
WANTED, FOUND = {}, {}
CURRENT = []


def pytest_configure():
    """Read what is looked for, and begin."""
    task = json.loads(Path(os.environ["WSTS_TRACE"]).read_text())
    for place, tests in task.items():
        path, line = place.rsplit(":", 1)
        WANTED.setdefault(str(ROOT / path), set()).add(int(line))
        FOUND[place] = set(tests)
    MONITOR.use_tool_id(TOOL, "tracer")
    MONITOR.register_callback(TOOL, MONITOR.events.PY_START, _on_start)
    MONITOR.register_callback(TOOL, MONITOR.events.LINE, _on_line)
    MONITOR.set_events(TOOL, MONITOR.events.PY_START)


def _on_start(code, _offset):
    """Look at the lines of a function that has one of ours."""
    lines = {line for *_range, line in code.co_lines()}
    if lines & WANTED.get(code.co_filename, set()):
        MONITOR.set_local_events(TOOL, code, MONITOR.events.LINE)
    return MONITOR.DISABLE


def _on_line(code, line):
    if line not in WANTED[code.co_filename]:
        return MONITOR.DISABLE
    if CURRENT:
        path = Path(code.co_filename).relative_to(ROOT)
        FOUND[f"{path}:{line}"].add(CURRENT[0])
    return None


def pytest_runtest_logstart(nodeid):
    """Note which test runs now."""
    CURRENT[:] = [nodeid]


def pytest_sessionfinish():
    """Write down what was found."""
    found = {place: sorted(tests) for place, tests in FOUND.items()}
    Path(os.environ["WSTS_TRACE"]).write_text(json.dumps(found, indent=1))
