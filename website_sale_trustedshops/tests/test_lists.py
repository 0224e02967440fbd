# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Menus and lists are read at a glance."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .staff_common import StaffCommon

ADDON = "website_sale_trustedshops"
# What is asked first where a list opens.
DEFAULTS = {
    "certificate": set(),  # those that are not archived
    "protection": {"placed"},
    "refund": {"open"},
    "statement": {"not_billed", "by_month_requested", "by_billable", "by_currency"},
}
OVERVIEW, CERTIFICATES, PROTECTIONS = "Overview", "Certificates", "Buyer Protections"
MENUS = {
    "designer": [OVERVIEW, CERTIFICATES],
    "seller": [PROTECTIONS],
    "sales_manager": [
        *(OVERVIEW, PROTECTIONS, "Fee Refunds", "Statement"),
    ],
    "billing": [PROTECTIONS, "Fee Refunds", "Statement"],
    "administrator": [
        *(OVERVIEW, CERTIFICATES, PROTECTIONS),
    ],
}


@tagged("-at_install", "post_install")
class TestLists(StaffCommon):
    """What each list begins with, and what it can be grouped by."""

    def _get_action(self, name):
        return self.env.ref(f"{ADDON}.trustedshops_{name}_action")

    def _get_arch(self, model, view_type, view_id=None):
        arch = self.env[model].get_view(view_id, view_type)["arch"]
        return etree.fromstring(arch)

    def test_each_role_has_the_menus_of_its_work_in_their_order(self):
        top = self.env.ref(f"{ADDON}.menu_trustedshops")
        for role, names in MENUS.items():
            menus = self._as(role, self.env["ir.ui.menu"])
            found = menus.search([("parent_id", "=", top.id)], order="sequence, id")
            own = found._filter_visible_menus().filtered(
                lambda menu: (
                    # The folder shows with what other addons have in it.
                    menu.action
                    and menu.get_external_id()[menu.id].startswith(f"{ADDON}.")
                )
            )
            with self.subTest(role=role):
                self.assertEqual(own.mapped("name"), names)

    def test_each_list_begins_with_what_matters_and_opens_as_cards_on_phones(self):
        for name, filters in DEFAULTS.items():
            action = self._get_action(name)
            begins = safe_eval(action.context)
            found = {
                key.removeprefix("search_default_")
                for key, value in begins.items()
                if key.startswith("search_default_") and value
            }
            search = self._get_arch(action.res_model, "search")
            with self.subTest(action=name):
                self.assertEqual(found, filters)
                self.assertLessEqual(filters, set(search.xpath("//filter/@name")))
                self.assertEqual(action.view_mode.split(",")[:2], ["list", "kanban"])
                # A title, then what appears and what to do.
                help_ = etree.HTML(action.help)
                self.assertEqual(len(help_.findall(".//p")), 2)
