# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .http_common import PatientHttpCase
from .staff_common import StaffCommon

STATEMENT = "/odoo/action-website_sale_trustedshops.trustedshops_statement_action"


@tagged("full")
class TestProtectionTours(StaffCommon, PatientHttpCase):
    """Staff at work in the browser."""

    def test_a_sales_manager_works_on_the_page_of_the_order(self):
        protection = self._make_in_state("requested")
        self._pay(protection.order_id, provider=self._prepare_provider("demo"))
        protection.state = "requested"
        self.start_tour(
            f"/odoo/sales/{protection.order_id.id}",
            "trustedshops_staff",
            login="staff_sales_manager",
        )
        self.assertValues(protection, application_number="815", fee_state="waived")

    def test_an_accountant_writes_the_bill_into_several_rows(self):
        protections = self._make_requested()
        protections += self._make_requested(application_number="2")
        self.start_tour(STATEMENT, "trustedshops_statement", login="staff_billing")
        self.assertEqual(protections.mapped("billed_ref"), ["TS-2026-11", "TS-2026-11"])
