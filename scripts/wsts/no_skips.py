# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: a skipped test fails the run, for it proves nothing."""


def pytest_terminal_summary(terminalreporter):
    """Name what was skipped."""
    for report in terminalreporter.stats.get("skipped", ()):
        terminalreporter.write_line(
            f"SKIPPED, so the run fails: {report.nodeid}", red=True
        )


def pytest_sessionfinish(session):
    """Turn success into failure when something was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = 1
