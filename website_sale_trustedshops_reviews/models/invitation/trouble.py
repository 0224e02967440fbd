# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an answer to one invitation means for all others of its channel or account."""

from odoo import api, fields, models
from odoo.fields import Domain

from ... import const
from ...lib.errors import AccessRefusedError, LoginRefusedError


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _wake_invitations(self):
        """Have it decided soon when buyers are invited by what was changed now."""
        invitations_sudo = self.env["trustedshops.invitation"].sudo()
        invitations_sudo._wake(Domain("channel_id", "in", self.ids))

    def _follow_trouble(self, error):
        """Have invitations wait when it is not one of them that is at fault.

        :param TrustedShopsError error: from the client
        """
        self.ensure_one()
        account = self.account_id
        if isinstance(error, LoginRefusedError):
            account._refuse(str(error))
        elif isinstance(error, AccessRefusedError):
            self._hold("refused", str(error))
            refused = account.channel_ids.filtered(
                lambda each: each.hold_reason == "refused"
            )
            if len(refused) > 1:  # then it is not about the channel
                account._refuse(str(error))
        else:
            account._note_limit(error)


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    @api.model
    def _wake(self, domain):
        """Have the queue look soon at some of those that wait.

        :param Domain domain: which ones
        """
        waiting = self.search(Domain("state", "=", "waiting") & domain)
        if waiting:
            # One that the queue is at work on, it looks at by itself.
            locked = waiting.try_lock_for_update(allow_referencing=True)
            locked.next_attempt_at = fields.Datetime.now()
            self._trigger_queue()

    def _hold_after_same_answers(self):
        """Hold the channel when the last invitations were refused in the same words."""
        # Then it is not about the single orders: they are due again once it is
        # released.
        last = self.search(
            [("channel_id", "=", self.channel_id.id), ("answered_at", "!=", False)],
            order="answered_at desc, id desc",
            limit=const.REFUSED_IN_A_ROW,
        )
        told = {(each.state, each.last_error) for each in last}
        if len(last) < const.REFUSED_IN_A_ROW or told != {("failed", self.last_error)}:
            return
        rows = last.try_lock_for_update(allow_referencing=True)
        rows.write(
            {
                "state": "due",
                "ended_at": False,
                "notice_due": False,
                "next_attempt_at": fields.Datetime.now(),
            }
        )
        self.channel_id._hold("invalid", self.last_error)
