# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

MODEL = "sale.withdrawal"


@tagged("post_install", "-at_install")
class TestLists(TransactionCase):
    """What the list begins with, and how its columns, filters and groups are named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref("website_sale_withdrawal.sale_withdrawal_action")

    def _get_arch(self, kind):
        return etree.fromstring(self.env[MODEL].get_view(False, kind)["arch"])

    def _get_label(self, node):
        field = self.env[MODEL]._fields[node.get("name")]
        return node.get("string") or field._description_string(self.env)

    def test_it_begins_with_what_is_open_and_opens_as_cards_on_phones(self):
        self.assertEqual(safe_eval(self.action.context), {"search_default_open": 1})
        self.assertTrue(self._get_arch("search").xpath("//filter[@name='open']"))
        for name in ("menu_ecommerce_withdrawals", "menu_sale_withdrawals"):
            menu = self.env.ref(f"website_sale_withdrawal.{name}")
            self.assertEqual(menu.action, self.action)
        self.assertEqual(self.action.view_mode.split(",")[:2], ["list", "kanban"])

    def test_filters_narrow_each_other(self):
        """Odoo joins neighbours by "or": only a separator makes an "and" of it."""
        filters = [[]]
        for node in self._get_arch("search").iterchildren("filter", "separator"):
            if node.tag == "separator":
                filters.append([])
            else:
                filters[-1].append(node.get("name"))
        groups = [["open"], ["due"], ["without_order"], ["mine"], ["received_at"]]
        self.assertEqual(filters, groups)

    def test_people_group_by_what_has_a_name_for_them(self):
        user = new_test_user(
            self.env, "wd_list", groups="sales_team.group_sale_salesman_all_leads"
        )
        model = self.env[MODEL]
        offered = model.with_user(user).fields_get(attributes=["groupable"])
        nameless = {
            name
            for name, described in offered.items()
            if described["groupable"]
            and model._fields[name]._module == "website_sale_withdrawal"
            and not model._fields[name].export_string_translation
        }
        self.assertEqual(nameless, set())
        self.assertTrue(offered["state"]["groupable"])
