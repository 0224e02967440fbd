# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import TrustedShopsCommon
from .rpc_common import RpcCase

EMAIL = "erika@muster.example"
PROTECTION = "trustedshops.protection"
LINE = "privacy.lookup.wizard.line"
KEPT = (
    "Kept with the order, at least until 12/31/2034: Buyer Protection proves a"
    " contract, and its fee is in the books."
)


class TestPrivacy(TrustedShopsCommon, RpcCase):
    """What Privacy Lookup finds of a buyer's protections, and deletes or keeps."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.de")
        cls.administrator = new_test_user(
            cls.env, "privacy_admin", "base.group_system", lang="en_US"
        )

    def _find(self, email=EMAIL, **context):
        lines = self._look_up(email, self.administrator, **context)
        return self.env[PROTECTION].browse(lines.mapped("res_id"))

    def test_only_the_exact_address_finds_a_protection(self):
        protection = self._make_queued()
        self.buyer.email = "new@muster.example"
        for typed, is_found in (
            (" ERIKA@Muster.example", True),
            ("Erika <erika@muster.example>", True),
            ("rika@muster.example", False),
            ("xerika@muster.example", False),
            ("erik_@muster.example", False),
            ("erika@muster.example.com", False),
            # That of the contact finds it, too.
            ("new@muster.example", True),
        ):
            with self.subTest(typed):
                self.assertEqual(self._find(typed) == protection, is_found)

    def test_each_spelling_of_an_address_finds_its_owner_only(self):
        for stored, typed, other in (
            ("e@bücher.example", "E@xn--bcher-kva.example", "x@bücher.example"),
            ("f@xn--bcher-kva.example", "f@BÜCHER.example", "f@bucher.example"),
            (
                "JÜRGEN_%@muster.example",
                "jürgen_%@muster.example",
                "j_rgen_%@m.example",
            ),
        ):
            with self.subTest(stored):
                protection = self._make_queued()
                protection.buyer_email = stored
                self.assertEqual(self._find(typed), protection)
                self.assertFalse(self._find(other))

    def test_a_namesake_finds_nothing_and_a_cart_is_not_placed(self):
        self._make_queued()
        self._make_ticked(partner_id=self.buyer.copy({"email": "max@x.example"}).id)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.buyer.name, "email": "max@x.example"}
        )
        wizard.action_lookup()
        self.assertNotIn(PROTECTION, wizard.line_ids.mapped("res_model"))

    def test_the_order_is_listed_once(self):
        order = self._make_queued().order_id
        wizard = self.env["privacy.lookup.wizard"].create({"name": "?", "email": EMAIL})
        wizard.action_lookup()
        orders = wizard.line_ids.filtered(lambda line: line.res_model == "sale.order")
        self.assertEqual(orders.mapped("res_id"), order.ids)
        with self.assertRaisesRegex(UserError, "of a placed order"):
            orders.action_unlink()

    def test_what_proves_a_contract_is_kept_with_reason_and_date(self):
        protection = self._make_queued()
        line = self._look_up(EMAIL, self.administrator)
        for press in (line.action_unlink, line.action_unlink_all):
            line.execution_details = False
            press()
            self.assertEqual(line.execution_details, KEPT)
        self.assertEqual(line.wizard_id.execution_details, KEPT)
        self.assertFalse(line.is_unlinked)
        self.assertEqual(protection.buyer_email, EMAIL)

    def test_the_country_says_until_when(self):
        self._make_queued()
        for code, year in (("at", 2033), ("pl", 2031), ("fr", 2036)):
            self.env.company.country_id = self.env.ref(f"base.{code}")
            line = self._look_up(EMAIL, self.administrator)
            line.action_unlink_all()
            self.assertIn(f"12/31/{year}", line.execution_details)

    def test_the_year_is_that_of_the_shop(self):
        protection = self._make_queued()
        self.env.company.partner_id.tz = "Europe/Berlin"
        for placed_at, year in (
            ("2026-12-31 22:59:59", 2034),
            ("2026-12-31 23:00:00", 2035),
        ):
            protection.placed_at = placed_at
            line = self._look_up(EMAIL, self.administrator)
            line.action_unlink_all()
            self.assertIn(f"12/31/{year}", line.execution_details)

    def test_what_was_never_applied_for_is_deleted(self):
        protection = self._make_queued()
        protection.write({"state": "cancelled", "fee_state": "waived"})
        line = self._look_up(EMAIL, self.administrator)
        line.action_unlink()
        self.assertFalse(protection.exists())
        self.assertEqual(
            line.execution_details,
            f"Erased: Trusted Shops Buyer Protection #{line.res_id}",
        )
        with self.assertRaisesRegex(UserError, "already unlinked"):
            line.action_unlink()
        line.action_unlink_all()

    def test_companies_are_apart(self):
        ours, other = self.env.company, self._create_company(name="Other")
        protection = self._make_queued()
        line = self._look_up(EMAIL, self.administrator)
        protection.company_id = other
        protection.write({"state": "cancelled", "fee_state": "waived"})
        self.assertFalse(self._find())
        with self.assertRaisesRegex(AccessError, "Choose the company"):
            line.action_unlink()
        self.administrator.company_ids = [Command.set((ours + other).ids)]
        self.assertFalse(self._find(allowed_company_ids=ours.ids))
        both = (ours + other).ids
        self.assertEqual(self._find(allowed_company_ids=both), protection)

    def test_only_administrators_look_up_and_delete(self):
        self._make_queued().write({"state": "cancelled", "fee_state": "waived"})
        line = self._look_up(EMAIL, self.administrator)
        self._create_new_portal_user(login="privacy_portal", password="privacy_portal")
        manager = new_test_user(
            self.env, "privacy_manager", "sales_team.group_sale_manager"
        )
        menu = self.env.ref(
            "website_sale_trustedshops.menu_trustedshops_privacy_lookup"
        )
        values = {"name": "?", "email": EMAIL}
        for login in ("privacy_manager", "privacy_portal", None):
            self._log_in_as(login)
            for model, method, args in (
                ("privacy.lookup.wizard", "create", [[values]]),
                ("privacy.lookup.wizard", "action_lookup", [line.wizard_id.ids]),
                (LINE, "action_unlink", [line.ids]),
                (LINE, "action_unlink_all", [line.ids]),
                (LINE, "read", [line.ids, ["res_id"]]),
            ):
                with self.subTest(login=login, method=method):
                    answer = self._try(model, method, *args)
                    self.assertEqual(answer, "odoo.exceptions.AccessError")
        for user, may in ((self.administrator, True), (manager, False)):
            menus = self.env["ir.ui.menu"].with_user(user)
            self.assertEqual(menu.id in menus._visible_menu_ids(), may)
        self._log_in_as("privacy_admin")
        self.assertEqual(self._try(LINE, "action_unlink", line.ids), "")
