# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lanes that share test files out among themselves while they run; a pytest plugin.

Before a lane starts on a file it claims it; so all lanes end at about the same time,
whatever the files take. A claim is a file in a folder of the run; at the end of a lane
it gets the seconds that the tests took.
"""

import itertools
import json
import os
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from .machine import HOME, ROOT

# What each test file took in the last complete run here: the longest go first. A
# machine without one begins with what they took on another.
DURATIONS = HOME / "durations.json"
ELSEWHERE = ROOT / "tests" / "durations.json"


def _get_claim(path):
    return Path(os.environ["WSTS_CLAIMS"], quote(path, safe=""))


def _get_path(item):
    # Its id would not do: what that begins with depends on what else is run.
    return str(item.path.relative_to(ROOT))


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
    measured = DURATIONS if DURATIONS.exists() else ELSEWHERE
    known = json.loads(measured.read_text())
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
        durations[unquote(claim.name)] = float(claim.read_text())
    DURATIONS.write_text(json.dumps(durations, indent=1, sort_keys=True))


def _pair(items):
    """Yield the tests of the files that we get, each with the one that follows.

    What a test leaves standing depends on that; so a file is claimed before the last
    test of the file before it runs.
    """
    current = None
    for path, of_file in itertools.groupby(items, _get_path):
        if _claim(path):
            for item in of_file:
                if current:
                    yield current, item
                current = item
    if current:
        yield current, None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run the files that this lane gets, in place of all."""
    if session.testsfailed:
        return None  # to collect them; pytest says so
    durations = Counter()
    for item, following in _pair(session.items):
        began = time.monotonic()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        durations[_get_path(item)] += time.monotonic() - began
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    for path, seconds in durations.items():
        _get_claim(path).write_text(str(round(seconds, 1)))
    return True
