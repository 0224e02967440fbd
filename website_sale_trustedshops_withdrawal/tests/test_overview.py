# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.website_sale_trustedshops.tests.overview_common import OverviewMixin


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 10:00:00")
class TestOverview(OverviewMixin, TransactionCase):
    """Withdrawals on the overview."""

    def test_one_that_is_late_stands_first(self):
        self.env["sale.withdrawal"].search([]).unlink()
        withdrawal = self.env["sale.withdrawal"].create(
            {
                "buyer_name": "Erika Muster",
                "company_id": self.env.company.id,
                "token": "overview",
                "received_at": "2026-11-12 10:00:00",
            }
        )
        user = self._make_readers()["seller"]
        due = "Open for 8 days: the money has to be back by 11/26/2026."
        found = [line[:2] for line in self._list_lines(user) if due in line[1]]
        self.assertEqual(found, [("todo", f"{withdrawal.display_name} {due}")])
        withdrawal.received_at = "2026-11-08 10:00:00"
        late = "Open for 12 days: the money has to be back by 11/22/2026."
        self.assertEqual(self.assertStandsFirst(late, user), withdrawal)
        withdrawal.state = "spam"
        self.assertNotIn("the money has to be back", str(self._list_lines(user)))

    def test_the_job_stands_among_the_others_until_it_is_deleted(self):
        job = self.env.ref("website_sale_withdrawal.ir_cron_work")
        name, user = job.name, self._make_readers()["seller"]
        self.assertIn(name, self._read(user).text_content())
        job.unlink()
        self.assertNotIn(name, self._read(user).text_content())
