# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: shows what tests print as "figures: ...", passed or not."""

MARK = "figures: "


def pytest_terminal_summary(terminalreporter):
    """Print what the tests counted."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for line in report.capstdout.splitlines():
                if line.startswith(MARK):
                    terminalreporter.write_line(line.removeprefix(MARK))
