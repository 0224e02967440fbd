# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import WithdrawalCommon

SELLER = "sales_team.group_sale_salesman"
MANAGER = "sales_team.group_sale_manager"
BILLING = "account.group_account_invoice"
# What staff may press in each state.
JUDGE = ["Valid", "Not Valid"]
BUTTONS = {
    "received": ["Assign Order", *JUDGE, "Spam"],
    "assigned": JUDGE,
    "valid": ["Settled", "Cancel Order", "Reopen"],
    "invalid": ["Reopen"],
    "settled": ["Reopen"],
    "spam": ["Reopen"],
}
QUESTIONS = {
    "action_cancel_order": "Cancel the whole order, as its own button does?",
    "action_erase": "Erase this withdrawal with its mails? Afterwards nothing proves"
    " what the buyer declared, and when.",
}


@tagged("post_install", "-at_install")
class TestStaffViews(WithdrawalCommon):
    """What staff see and may press, by their rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.seller, cls.accountant, cls.manager = (
            cls._create_new_internal_user(login=f"wd_{number}", groups=groups)
            for number, groups in enumerate((SELLER, f"{SELLER},{BILLING}", MANAGER))
        )

    def _read(self, view_type, model="sale.withdrawal", user=None):
        """Return the view that a user gets, the salesperson by default."""
        records = self.env[model].with_user(user or self.seller)
        return etree.fromstring(records.get_view(view_type=view_type)["arch"])

    def _find_buttons(self, state, user):
        """Return the words of the buttons that a user sees above the form."""
        values = {
            "is_verified": False,
            "order_id": False,
            "proposed_order_id": self.order.id,
        }
        return [
            button.get("string")
            for button in self._read("form", user=user).xpath("//header/button")
            if not safe_eval(
                button.get("invisible", "False"), {**values, "state": state}
            )
            # That one is of `website_sale_withdrawal_stock`.
            and button.get("name") != "action_return"
        ]

    def test_each_state_has_its_buttons(self):
        for state, labels in BUTTONS.items():
            self.assertEqual(self._find_buttons(state, self.seller), labels, state)
            erasing = [*labels, "Erase"]
            self.assertEqual(self._find_buttons(state, self.manager), erasing, state)

    def test_accountants_pay_the_money_of_a_valid_one_back(self):
        labels = ["Settled", "Credit Note", "Refund", "Cancel Order", "Reopen"]
        self.assertEqual(self._find_buttons("valid", self.accountant), labels)
        self.assertEqual(self._find_buttons("settled", self.accountant), ["Reopen"])

    def test_what_cannot_be_undone_is_asked_about(self):
        buttons = self._read("form", user=self.manager).xpath("//button[@confirm]")
        asked = {button.get("name"): button.get("confirm") for button in buttons}
        self.assertEqual(asked, QUESTIONS)

    def test_nobody_makes_or_deletes_one_in_a_view(self):
        for view_type in ("form", "list", "kanban"):
            view = self._read(view_type)
            offered = view.get("create"), view.get("delete")
            self.assertEqual(offered, ("False", "False"), view_type)
        # The buttons check what dragging would not.
        self.assertEqual(self._read("kanban").get("records_draggable"), "0")

    def test_they_are_found_by_person_number_order_and_state(self):
        search = self._read("search")
        wanted = {"open", "without_order", "mine", "received_at"}
        filters = {each.get("name") for each in search.iter("filter")}
        self.assertLessEqual(wanted, filters)
        groups = search.xpath("//filter/@context")
        self.assertEqual(
            [safe_eval(group)["group_by"] for group in groups], ["state", "user_id"]
        )
        [typed] = search.xpath("//field[@name='buyer_name']")
        domain = safe_eval(typed.get("filter_domain"), {"self": "4711"})
        self.assertEqual(self.withdrawals.search(domain), self.withdrawals)
        found = self._declare()
        for text in ("muster", "erika@", "s4711"):
            domain = safe_eval(typed.get("filter_domain"), {"self": text})
            domain = [*domain, ("company_id", "=", self.env.company.id)]
            self.assertEqual(self.withdrawals.search(domain), found, text)

    def test_those_that_are_due_are_filtered(self):
        [found] = self._read("search").xpath("//filter[@name='due']")
        now = fields.Datetime.now()
        due = self._declare(received_at=now - timedelta(days=7, minutes=1))
        self._declare(received_at=now - timedelta(days=6, hours=23))
        domain = safe_eval(found.get("domain"))
        self.assertEqual(self.withdrawals.search(domain), due)

    def test_it_begins_with_what_is_open_and_opens_as_cards_on_phones(self):
        action = self.env.ref("website_sale_withdrawal.sale_withdrawal_action")
        self.assertEqual(safe_eval(action.context), {"search_default_open": 1})
        self.assertTrue(self._read("search").xpath("//filter[@name='open']"))
        for name in ("menu_ecommerce_withdrawals", "menu_sale_withdrawals"):
            menu = self.env.ref(f"website_sale_withdrawal.{name}")
            self.assertEqual(menu.action, action)
        self.assertEqual(action.view_mode.split(",")[:2], ["list", "kanban"])

    def test_filters_narrow_each_other(self):
        """Odoo joins neighbours by "or": only a separator makes an "and" of it."""
        filters = [[]]
        for node in self._read("search").iterchildren("filter", "separator"):
            if node.tag == "separator":
                filters.append([])
            else:
                filters[-1].append(node.get("name"))
        groups = [["open"], ["due"], ["without_order"], ["mine"], ["received_at"]]
        self.assertEqual(filters, groups)

    def test_people_group_by_what_has_a_name_for_them(self):
        model = self.withdrawals
        offered = model.with_user(self.seller).fields_get(attributes=["groupable"])
        nameless = {
            name
            for name, described in offered.items()
            if described["groupable"]
            and model._fields[name]._module == "website_sale_withdrawal"
            and not model._fields[name].export_string_translation
        }
        self.assertEqual(nameless, set())
        self.assertTrue(offered["state"]["groupable"])
