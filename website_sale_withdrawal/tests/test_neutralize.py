# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .common import WithdrawalCommon


@tagged("post_install", "-at_install")
class TestNeutralize(WithdrawalCommon):
    """A copy of a database mails nobody, even when its jobs are switched on."""

    def test_a_copy_mails_nobody(self):
        written = self._declare(email="other@x.example")
        self._run_cron()
        receipt, copy = self._get_mails(written)
        copy.state = "exception"
        due = self._declare(email="due@x.example")
        due.write({"copy_email": "copy@x.example", "receipt_at": "2026-11-02 10:00:00"})
        new = self._declare(order_reference="?", email="new@x.example")
        before = self.env["mail.mail"].search([])
        self.env.flush_all()
        for query in get_neutralization_queries(["base", "website_sale_withdrawal"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        # Staff try what they can do there.
        for order in (self.order, self.order.browse(), self.order):
            new.order_id = order
            self._run_cron()
        self.assertEqual(self.env["mail.mail"].search([]), before)
        self.assertEqual((receipt + copy).mapped("state"), ["cancel"] * 2)
        # What is declared in the copy is answered.
        self._declare(order_reference="?", email="tester@x.example")
        self._run_cron()
        self.assertIn("tester@x.example", self._get_mails().mapped("email_to"))
