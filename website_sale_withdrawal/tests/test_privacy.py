# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo.tests import new_test_user

from .common import WithdrawalCommon

EMAIL = "erika@muster.example"
STRANGER = {"buyer_name": "Max Fremd", "email": "max@fremd.example"}
KEPT = (
    "Kept until 12/31/2029: a withdrawal is proof. To erase it before, press “Erase”"
    " on it."
)


class TestPrivacy(WithdrawalCommon):
    """What Privacy Lookup finds, and why it is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, "privacy_withdrawal", "base.group_system", lang="en_US"
        )

    def _look_up(self, email=EMAIL, name="?"):
        wizards = self.env["privacy.lookup.wizard"].with_user(self.administrator)
        wizard = wizards.create({"name": name, "email": email})
        wizard.action_lookup()
        return wizard.line_ids.filtered(
            lambda line: line.res_model == "sale.withdrawal"
        )

    def _find(self, email=EMAIL, **values):
        return self.withdrawals.browse(self._look_up(email, **values).mapped("res_id"))

    def test_only_the_exact_address_finds_a_withdrawal(self):
        withdrawal = self._declare()
        umlaut = self._declare(email="müller@muster.example")
        self.assertEqual(self._find(" ERIKA@Muster.example"), withdrawal)
        self.assertEqual(self._find("müller@muster.example"), umlaut)
        for typed in (
            "xerika@muster.example",
            "erik_@muster.example",
            "erika@muster.example.org",
        ):
            with self.subTest(typed):
                self.assertFalse(self._find(typed))
        # Nor does a name.
        self.assertFalse(self._find("x@x.example", name="Erika Muster"))

    def test_what_a_stranger_declares_is_not_the_buyers(self):
        proposed = self._declare(**STRANGER)
        self._run_cron()
        self.assertEqual(proposed.proposed_order_id, self.order)
        self.assertFalse(self._find())
        self.assertEqual(self._find("max@fremd.example"), proposed)
        # Once staff say that it is, its copy is theirs.
        proposed.action_assign()
        self.assertEqual(self._find(), proposed)

    def test_it_is_kept_with_reason_and_date(self):
        with freeze_time("2026-11-02 10:00:07"):
            withdrawal = self._declare()
        line = self._look_up()
        for press in (line.action_unlink, line.action_unlink_all):
            line.execution_details = False
            press()
            self.assertEqual(line.execution_details, KEPT)
        self.assertFalse(line.is_unlinked)
        self.assertTrue(withdrawal.exists())

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._declare(company_id=company.id)
        self.assertFalse(self._find())
