# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.exceptions import TrustedShopsError

from ..lib.errors import AccessRefusedError
from .service import EVENTS, REST


class TrustedShopsChannelQueue(models.AbstractModel):
    """Queue rows for Trusted Shops, and send them with the account of their channel.

    Each row has a ``channel_id``.
    """

    _name = "trustedshops.channel.queue"
    _description = "Trusted Shops Queue of a Channel"
    _inherit = ["trustedshops.queue"]

    _queue_service = REST
    _queue_rest = EVENTS
    _back_off = (
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
        timedelta(hours=24),
    )

    @api.model
    def _get_askable_domain(self, state):
        """Return the due rows in a state whose account may make calls now.

        :param str state: of the rows
        :rtype: Domain
        """
        askable = self.env["trustedshops.account"]._get_askable_domain()
        is_askable = Domain("channel_id.account_id", "any", askable)
        return Domain("state", "=", state) & self._get_due_domain() & is_askable

    @api.model
    def _get_place_domain(self, places):
        """Override: accounts fail alone."""
        return Domain("channel_id.account_id", "in", list(places))

    def _get_login(self):
        """Override to return the account of the channel."""
        return self.channel_id.account_id

    def _get_environment(self):
        """Override to return the environment of the channel's account."""
        return self.channel_id.account_id.environment

    def _get_client(self, run):
        """Override to return the client of the channel's account."""
        account = self.channel_id.account_id
        if account.id not in run.clients:
            try:
                run.clients[account.id] = account._get_client()
            except TrustedShopsError as error:
                self.channel_id._follow_trouble(error)
                return None
        return run.clients[account.id]

    def _ask(self, run, call, store, rest="", **values):
        """Override to stop the channel's other rows if the error is about the login.

        An ``AccessRefusedError`` is about one action, so the other rows go on.
        """
        channel = self.channel_id
        answer = super()._ask(run, call, store, rest, **values)
        is_trouble = isinstance(answer, TrustedShopsError)
        if is_trouble and not isinstance(answer, AccessRefusedError):
            channel._follow_trouble(answer)
        return answer

    def _is_given_up_after(self, error):
        """Override: these rows end."""
        return True

    def _in_shop(self):
        """Override to skip field tracking, which takes a twentieth of the time."""
        return super()._in_shop().with_context(tracking_disable=True)
