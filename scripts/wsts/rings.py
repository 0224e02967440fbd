# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: how much is tested, by which seed, how far we are, and what is told.

With ``--quick``, tests that are marked as full are left out, by ``@tagged("full")`` in
the addons, but for those that such a class names in ``QUICK``, and by
``pytest.mark.full`` elsewhere. ``--long`` does more of what is random or
repeated. Tests inside Odoo, which know nothing of pytest, find both and the seed in the
environment. A skipped test fails the run, for it proves nothing. What tests print as
"figures: ..." is shown, passed or not.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from .machine import ROOT

FIGURES = "figures: "
# Of the run: each pytest writes a file there, a line for each thing that happened.
PROGRESS = "WSTS_PROGRESS"
NOTHING_TO_RUN = pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_addoption(parser):
    """Offer the options."""
    parser.addoption("--quick", action="store_true", help="the quick ring alone")
    parser.addoption(
        "--long",
        action="store_true",
        help="more random carts, orders and kills, for half an hour",
    )
    parser.addoption("--seed", type=int, help="of what is random")


def pytest_configure(config):
    """Declare the mark, and tell the tests inside Odoo."""
    config.addinivalue_line("markers", "full: not in the quick ring")
    for ring in ("quick", "long"):
        if config.getoption(ring):
            os.environ["WSTS_RING"] = ring
    seed = config.getoption("seed")
    os.environ["WSTS_SEED"] = str(1 if seed is None else seed)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Teller(config))


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path):
    """Do not let pytest-odoo read the manifest at the root, which is no literal."""
    return False if collection_path.parent == ROOT else None


def _is_full(item):
    """Return True if a test is not in the quick ring."""
    cls = getattr(item, "cls", None)
    if "full" in getattr(cls, "test_tags", ()):
        quick = getattr(cls, "QUICK", ())
        assert all(hasattr(cls, name) for name in quick), f"unknown in {cls}: {quick}"
        return item.name not in quick
    return item.get_closest_marker("full") is not None


def pytest_collection_modifyitems(config, items):
    """Leave out what the quick ring does without."""
    if config.getoption("quick"):
        items[:] = [item for item in items if not _is_full(item)]


class _Teller:
    """Tells the run how far this pytest is, and at the end what was counted."""

    def __init__(self, config):
        self.plugins = config.pluginmanager
        self.total = 0

    def _tell(self, what, count=1):
        with open(Path(os.environ[PROGRESS], str(os.getpid())), "a") as file:
            file.write(f"{what} {count}\n")

    def pytest_collection_finish(self, session):
        self._tell("total", len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        # Each worker collects the same.
        if not self.total:
            self.total = len(ids)
            self._tell("total", self.total)

    def pytest_runtest_logreport(self, report):
        if hasattr(report, "context"):
            return  # of a part of a test
        if report.failed:
            self._tell("failed")
            reporter = self.plugins.get_plugin("terminalreporter")
            reporter.write_line(f"FAILED {report.nodeid}", red=True)
        elif report.when == "call":
            self._tell(report.outcome)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_report_teststatus(self):
        # No dots: the run tells how far it is.
        outcome = yield
        category, _letter, word = outcome.get_result()
        outcome.force_result((category, "", word))

    def pytest_terminal_summary(self, terminalreporter):
        stats = terminalreporter.stats
        for report in (*stats.get("passed", ()), *stats.get("failed", ())):
            for line in report.capstdout.splitlines():
                if line.startswith(FIGURES):
                    terminalreporter.write_line(line.removeprefix(FIGURES))
        for report in stats.get("skipped", ()):
            line = f"SKIPPED, so the run fails: {report.nodeid}"
            terminalreporter.write_line(line, red=True)

    def pytest_sessionfinish(self, session):
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if session.exitstatus == 0 and reporter.stats.get("skipped"):
            session.exitstatus = 1


def read_progress(folder):
    """Return how far the pytests of a run are."""
    told = Counter()
    for path in Path(folder).iterdir():
        for line in path.read_text().splitlines():
            what, _space, count = line.partition(" ")
            told[what] += int(count or 0)
    return told
