# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.rpc_common import RpcCase

from .reviews_common import EMAIL, ReviewsCommon

CONSENT = "trustedshops.consent"
REFUSED = "odoo.exceptions.AccessError"
ROLES = {
    "employee": "base.group_user",
    "salesman": "sales_team.group_sale_salesman",
    "manager": "sales_team.group_sale_manager",
    "accountant": "account.group_account_manager",
    "editor": "website.group_website_restricted_editor",
    "designer": "website.group_website_designer",
    # Who imports has to see the orders, too.
    "administrator": "base.group_system,sales_team.group_sale_manager",
}


class TestConsentRightsRpc(ReviewsCommon, RpcCase):
    """Who may read and change what, over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, group in ROLES.items():
            groups = f"base.group_user,{group}"
            new_test_user(cls.env, f"{role}_rpc", groups=groups, lang="en_US")

    def _log_in(self, role):
        self._log_in_as(f"{role}_rpc")

    def test_an_administrator_adds_imports_only(self):
        self._log_in("administrator")
        order = self._make_cart()
        values = {
            "email": EMAIL,
            "moment": "2026-10-01 08:00:00",
            "text": "Yes",
            "source": "Shop 6",
            "order_id": order.id,
        }
        [new_id] = self._call(CONSENT, "create", [values])
        self.assertValues(self.env[CONSENT].browse(new_id), kind="given", mode="import")
        for name, value in (
            ("kind", "requested"),
            ("kind", "ticked"),
            ("mode", "checkbox"),
            ("channel_id", self.channel.id),
            ("company_id", self.env.company.id),
            ("digest", "00"),
            ("mail_due", True),
            ("mailed_at", "2026-10-01 08:00:00"),
        ):
            with self.subTest(name=name):
                answer = self._try(CONSENT, "create", [{**values, name: value}])
                self.assertEqual(answer, REFUSED)
                context = {f"default_{name}": value}
                [new_id] = self._call(CONSENT, "create", [values], context=context)
                new = self.env[CONSENT].browse(new_id)
                self.assertValues(new, kind="given", mode="import")
                self.assertNotEqual(new.digest, "00")

    def test_users_cannot_read_ticks_keys_or_the_tick_of_a_payment(self):
        cart = self._make_cart()
        tick = self._tick(cart)
        self._begin(cart)
        self.env["ir.config_parameter"].get_param("x")
        for role in ROLES:
            self._log_in(role)
            with self.subTest(role=role):
                self.assertEqual(
                    self._try(CONSENT, "read", tick.ids, ["text"]), REFUSED
                )
                found = self._try(
                    "ir.config_parameter",
                    "search_read",
                    [("key", "like", "address_key")],
                    ["value"],
                )
                self.assertEqual(found == "", role == "administrator")
