# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: how much is tested, by which seed, and what is told at the end.

With ``--quick``, tests that are marked as full are left out, by ``@tagged("full")`` in
the addons and ``pytest.mark.full`` elsewhere. ``--long`` does more of what is random or
repeated. Tests inside Odoo, which know nothing of pytest, find both and the seed in the
environment. A skipped test fails the run, for it proves nothing. What tests print as
"figures: ..." is shown, passed or not.
"""

import os

FIGURES = "figures: "


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


def pytest_report_header():
    """Name the seed."""
    return f"seed: {os.environ['WSTS_SEED']}"


def _is_full(item):
    """Return True if a test is not in the quick ring."""
    tags = getattr(getattr(item, "cls", None), "test_tags", ())
    return "full" in tags or item.get_closest_marker("full") is not None


def pytest_collection_modifyitems(config, items):
    """Leave out what the quick ring does without."""
    left_out = [item for item in items if config.getoption("quick") and _is_full(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter):
    """Print what the tests counted, and name what was skipped."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for line in report.capstdout.splitlines():
                if line.startswith(FIGURES):
                    terminalreporter.write_line(line.removeprefix(FIGURES))
    for report in terminalreporter.stats.get("skipped", ()):
        terminalreporter.write_line(
            f"SKIPPED, so the run fails: {report.nodeid}", red=True
        )


def pytest_sessionfinish(session):
    """Turn success into failure when something was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = 1
