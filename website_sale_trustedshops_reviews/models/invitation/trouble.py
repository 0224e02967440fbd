# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an answer to one invitation means for all others of its channel or account."""

from datetime import timedelta

from odoo import fields, models

from odoo.addons.website_sale_trustedshops.lib.exceptions import RetryableError

from ...lib.errors import AccessRefusedError, LoginRefusedError


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

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
        elif isinstance(error, RetryableError) and error.retry_after:
            wait = timedelta(seconds=error.retry_after)
            account.paused_until = fields.Datetime.now() + wait
