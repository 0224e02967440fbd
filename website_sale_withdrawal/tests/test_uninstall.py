# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from freezegun import freeze_time

from odoo.tests import Form

from .common import WithdrawalCommon


class TestUninstall(WithdrawalCommon):
    """Who uninstalls the addon is told what goes, and until when to keep it."""

    def test_who_uninstalls_the_addon_is_told_to_keep_them(self):
        with freeze_time("2026-11-02 10:00:07"):
            self._declare()
        other = self.env["res.company"].create({"name": "Other"})
        other.withdrawal_keep_years = 5
        older = self._declare(received_at="2026-01-02 10:00:00", is_verified=True)
        older.company_id = other
        for name, count, last_day in (
            ("website_sale_withdrawal", 2, date(2031, 12, 31)),
            ("website_sale", 2, date(2031, 12, 31)),  # takes the addon along
            ("website_sale_stock", 0, False),
        ):
            module = self.env["ir.module.module"].search([("name", "=", name)])
            action = module.button_uninstall_wizard()
            with self.subTest(name), Form.from_action(self.env, action) as dialog:
                self.assertEqual(dialog.withdrawal_count, count)
                self.assertEqual(dialog.withdrawal_last_day, last_day)
