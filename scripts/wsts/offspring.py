# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes that outlive the one that started them, as browsers of tours may."""

import ctypes
import os
import signal
from contextlib import contextmanager
from pathlib import Path

# Source: prctl(2) of Linux
_PR_SET_CHILD_SUBREAPER = 36


@contextmanager
def none_left():
    """End everything that was started inside and still runs at the end.

    Orphans become our children meanwhile, whatever group or session they are in.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        while children := _find_children():
            for child in children:
                os.kill(child, signal.SIGKILL)
            for child in children:
                os.waitpid(child, 0)


def _find_children():
    """Return the ids of our child processes."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
