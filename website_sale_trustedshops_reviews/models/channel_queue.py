# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.exceptions import TrustedShopsError

from ..lib.etrusted import ETrustedClient


class TrustedShopsChannelQueue(models.AbstractModel):
    """Rows about which the account of their channel is asked: see ``channel_id``."""

    _name = "trustedshops.channel.queue"
    _description = "Trusted Shops Queue of a Channel"
    _inherit = ["trustedshops.queue"]

    # Which client asks.
    _queue_client = ETrustedClient

    @api.model
    def _get_ready_domain(self):
        """Return the rows whose account may be asked now."""
        usable = self.env["trustedshops.account"]._get_usable_domain()
        return Domain("channel_id.account_id", "any", usable)

    def _get_client(self, clients):
        """Return an open client for the account of the channel.

        :param dict clients: open clients by their account, filled here
        :return: None when the login cannot be used
        :rtype: ETrustedClient or None
        """
        account = self.channel_id.account_id
        if account.id not in clients:
            try:
                clients[account.id] = account._get_client(self._queue_client)
            except TrustedShopsError as error:
                self.channel_id._follow_trouble(error)
                return None
        return clients[account.id]
