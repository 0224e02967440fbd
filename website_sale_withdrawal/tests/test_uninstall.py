# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    """Who uninstalls the addon is warned."""

    def test_who_uninstalls_the_addon_is_told_to_keep_them(self):
        dialogs = self.env["base.module.uninstall"]
        arch = etree.fromstring(dialogs.get_view(False, "form")["arch"])
        [alert] = arch.xpath("//div[text()[contains(., 'deletes all withdrawals')]]")
        for name, is_told in (
            ("website_sale_withdrawal", True),
            ("website_sale", True),  # takes the addon along
            ("website_sale_stock", False),
        ):
            module = self.env["ir.module.module"].search([("name", "=", name)])
            models = dialogs.create({"module_ids": module.ids}).model_ids
            is_hidden = safe_eval(alert.get("invisible"), {"model_ids": models.ids})
            self.assertEqual(is_hidden, not is_told, name)
