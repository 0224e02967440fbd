# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lanes that share test files out among themselves while they run; a pytest plugin.

Before a lane starts on a file it claims it; so all lanes end at about the same time,
whatever the files take. A claim is a file in a folder of the run; it is empty while the
tests run and holds their duration afterwards.
"""

import itertools
import json
import os
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from .machine import HOME, ROOT

# What each test file took in the last complete run: the longest go first.
DURATIONS = HOME / "durations.json"


def _get_claim(path):
    return Path(os.environ["WSTS_CLAIMS"], quote(path, safe=""))


def _claim(path):
    """Tell whether a file was still free; from now on it is ours."""
    try:
        _get_claim(path).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def get_free(files):
    """Return the test files that no lane has claimed, the longest first.

    :param list[str] files: below the root of the repository
    :rtype: list[str]
    """
    known = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
    sizes = {file: (ROOT / file).stat().st_size for file in files}
    # A file that never ran is taken for a slow one: about a second each 200 bytes.
    return sorted(
        (file for file in files if not _get_claim(file).exists()),
        key=lambda file: known.get(file, sizes[file] / 200),
        reverse=True,
    )


def store_durations(folder):
    """Keep what the test files of a complete run took.

    :param pathlib.Path folder: of the claims
    """
    durations = {}
    for claim in folder.iterdir():
        durations[claim.name.replace("%2F", "/")] = float(claim.read_text())
    DURATIONS.write_text(json.dumps(durations, indent=1, sort_keys=True))


def _run_file(session, items, following):
    """Run the tests of a file.

    :param following: the first test of the next file, or None
    """
    for item, next_item in zip(items, [*items[1:], following], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_item)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run the files that this lane gets, in place of all."""
    if session.testsfailed:
        return None  # to collect them; pytest says so
    by_file = itertools.groupby(session.items, lambda item: item.nodeid.split("::")[0])
    files = ((path, list(items)) for path, items in by_file)
    claimed = ((path, items) for path, items in files if _claim(path))
    current = next(claimed, None)
    while current:
        path, items = current
        # What a file leaves standing depends on what follows: so that is claimed now.
        current = next(claimed, None)
        began = time.monotonic()
        _run_file(session, items, current[1][0] if current else None)
        _get_claim(path).write_text(str(round(time.monotonic() - began, 1)))
    return True
