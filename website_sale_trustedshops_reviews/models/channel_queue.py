# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.exceptions import TrustedShopsError

from .. import const
from ..lib.errors import AccessRefusedError
from ..lib.etrusted import ETrustedClient
from .service import REST


class TrustedShopsChannelQueue(models.AbstractModel):
    """Rows about which the account of their channel is asked: see ``channel_id``."""

    _name = "trustedshops.channel.queue"
    _description = "Trusted Shops Queue of a Channel"
    _inherit = ["trustedshops.queue"]

    _queue_service = REST
    # Which client asks.
    _queue_client = ETrustedClient
    _back_off = const.BACK_OFF
    _gives_up = True

    @api.model
    def _get_askable_domain(self):
        """Return the rows that are due and whose account may be asked now."""
        askable = self.env["trustedshops.account"]._get_askable_domain()
        is_askable = Domain("channel_id.account_id", "any", askable)
        return self._get_due_domain() & is_askable

    def _get_environment(self):
        return self.channel_id.account_id.environment

    def _get_client(self, run):
        """Override: of the account of the channel."""
        account = self.channel_id.account_id
        if account.id not in run.clients:
            try:
                run.clients[account.id] = account._get_client(self._queue_client)
            except TrustedShopsError as error:
                self.channel_id._follow_trouble(error)
                return None
        return run.clients[account.id]

    def _ask(self, run, call, store, **values):
        """Override: others wait, too, when it is about the login.

        That one thing may not be done says nothing about others.
        """
        channel = self.channel_id
        answer = super()._ask(run, call, store, **values)
        is_trouble = isinstance(answer, TrustedShopsError)
        if is_trouble and not isinstance(answer, AccessRefusedError):
            channel._follow_trouble(answer)
        return answer

    def _in_shop(self):
        """Override: no field is tracked, and looking for one takes a twentieth."""
        return super()._in_shop().with_context(tracking_disable=True)
