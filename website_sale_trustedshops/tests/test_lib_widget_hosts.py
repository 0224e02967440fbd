# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase, tagged

from ..lib.widget_hosts import make_loader_url

TS_ID = "X" + "1" * 32


@tagged("post_install", "-at_install")
class TestLibWidgetHosts(BaseCase):
    def test_each_environment_has_its_loader(self):
        found = [
            make_loader_url(TS_ID, environment, "http://127.0.0.1:8099/")
            for environment in ("production", "qa", "sandbox")
        ]
        self.assertEqual(
            found,
            [
                f"https://widgets.trustedshops.com/js/{TS_ID}.js",
                f"https://widgets-qa.trustedshops.com/js/{TS_ID}.js",
                f"http://127.0.0.1:8099/js/{TS_ID}.js",
            ],
        )
