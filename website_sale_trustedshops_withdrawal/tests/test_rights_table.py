# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon
from odoo.addons.website_sale_trustedshops.tests.rights_common import RightsTableCommon


class TestWithdrawalRightsTable(RightsTableCommon, TrustedShopsCommon):
    """No role calls a method about a withdrawal of another company."""

    def test_every_method_refuses_a_foreign_record_to_every_role(self):
        order = self._make_queued().order_id
        withdrawal = self.env["sale.withdrawal"]._create_declaration(
            "",
            {
                "buyer_name": "Erika Muster",
                "email": "erika@muster.example",
                "order_id": order.id,
                "company_id": order.company_id.id,
            },
        )
        line = {"line_id": order.order_line[0].id, "quantity": 1}
        entry = self.env["sale.withdrawal.entry"].create(
            {"order_id": order.id, "line_ids": [Command.create(line)]}
        )
        self.assertForeignRefused(
            (
                "website_sale_trustedshops_withdrawal.",
                "website_sale_withdrawal.",
                "website_sale_withdrawal_stock.",
            ),
            [order, withdrawal, entry, entry.line_ids],
        )
