# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.website_sale_trustedshops.tests.overview_common import OverviewMixin

from .invitation_common import InvitationCommon

LOST = "There was no answer, so the invitation may have been sent"
# What makes a problem true: of an account, and of a channel.
FORCED = {
    "account_refused": {"state": "refused", "last_error": "refused"},
    "channel_held": {"hold_reason": "refused", "hold_error": "No"},
}


class TestOverview(OverviewMixin, InvitationCommon):
    """Accounts, channels, invitations and reviews on the overview."""

    def setUp(self):
        super().setUp()
        self.users = self._make_readers()

    def test_each_problem_stands_first_and_leads_to_its_record(self):
        user = self.users["administrator"]
        for code, values in FORCED.items():
            record = self.account if code.startswith("account_") else self.channel
            with self.subTest(code=code), self.env.cr.savepoint() as savepoint:
                record.sudo().write(values)
                (text,) = [
                    each["text"]
                    for each in record._get_findings()
                    if each["cause"] == code
                ]
                self.assertEqual(self.assertStandsFirst(text, user), record)
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_an_invitation_that_may_have_been_sent_is_a_problem(self):
        order = self._make_order()
        invitation = self.invitations.create(
            {
                "order_id": order.id,
                "order_reference": order.name,
                "channel_id": self.channel.id,
                "company_id": self.env.company.id,
                "state": "unknown",
            }
        )
        user = self.users["seller"]
        self.assertEqual(self.assertStandsFirst(LOST, user), invitation)
        invitation.state = "suppressed"
        self.assertNotIn(LOST, str(self._list_lines(user)))
