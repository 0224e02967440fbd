# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.website_sale_trustedshops.tests.overview_common import OverviewMixin

from .invitation_common import InvitationCommon

ASK = "Ask an administrator to see to it."
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
                seen = str(self._list_lines(self.users["seller"]))
                self.assertIn(f"{text} {ASK}", seen)
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_an_invitation_that_may_have_been_sent_stands_there_until_marked_done(self):
        invitation = self._make_due()
        invitation.state = "unknown"
        invitation._schedule_outcomes()
        user, about = self.users["seller"], "invitations without an answer"
        self.assertEqual(self.assertStandsFirst(about, user), self.channel)
        (todo,) = self.channel.activity_ids
        self.assertIn(f"may have been sent: {invitation.order_reference}.", todo.note)
        self.assertIn("Press Mark Done if you do not.", todo.note)
        todo.action_feedback()
        self.assertNotIn(about, str(self._list_lines(user)))
