# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs the unit tests of our scripts: static/tests/**/*.test.js of all our addons."""

import logging
import re
from pathlib import Path
from urllib.parse import urlencode

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .http_common import PatientHttpCase

# How the names of our addons begin, and those of their suites.
OURS = "website_sale_trustedshops"
# What Hoot says at the end of a file of tests that all passed.
ENDED = re.compile(r'"(\S+)" ended \(passed: \d+ / time:')
# At the end of all, also where the filter chose none.
SUCCEEDED = "[HOOT] Test suite succeeded"


class Messages(logging.Handler):
    """The messages of a logger."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def emit(self, record):
        """Override: keep the text."""
        self.texts.append(record.getMessage())


def read_suites(texts):
    """Return the suites that passed, of which no test was left out.

    :param list[str] texts: what Hoot says
    :rtype: set[str]
    """
    return {suite for text in texts for suite in ENDED.findall(text)}


@tagged("post_install", "-at_install")
class TestJavaScript(PatientHttpCase):
    """One browser runs all of them, as it takes twelve seconds to be ready."""

    def _get_suites(self):
        """Return the names of the suites that have to run: one for each file."""
        suites = set()
        addons = [("state", "=", "installed"), ("name", "=like", f"{OURS}%")]
        for addon in self.env["ir.module.module"].search(addons).mapped("name"):
            folder = Path(get_module_path(addon)) / "static" / "tests"
            for path in folder.rglob("*.test.js"):
                place = path.relative_to(folder).as_posix()
                suites.add(f"@{addon}/{place.removesuffix('.test.js')}")
        return suites

    def _run(self):
        """Run all tests of ours; return what Hoot says."""
        heard = Messages()
        browser = self._logger.getChild("browser")
        browser.addHandler(heard)
        self.addCleanup(browser.removeHandler, heard)
        options = {
            "headless": "",
            "loglevel": 1,
            "preset": "desktop",
            "timeout": 15000,
            "filter": f"/^@{OURS}/",
        }
        self.browser_js(
            f"/web/tests?{urlencode(options)}",
            "",
            login="admin",
            success_signal=SUCCEEDED,
            error_checker=lambda message: "[HOOT]" not in message,
        )
        return heard.texts

    def test_all_of_them_run_and_pass(self):
        suites = self._get_suites()
        self.assertTrue(suites)
        self.assertEqual(suites - read_suites(self._run()), set())
