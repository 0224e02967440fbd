# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An order whose invitation is brought into each state that there is."""

import requests

from . import adapter, rest

SILENCE = requests.ReadTimeout("no answer")
NOT_SENT = requests.ConnectTimeout("not there")
STATES = ("due", "retried", "unknown", "failed", "waiting")


class InvitationCase(rest.RestCase):
    """Brings an invitation into each state."""

    def bring(self, state):
        """Return the order of an invitation that was brought into a state."""
        return getattr(self, f"_bring_{state}")()

    def _order_from(self, name="WEB/1", **values):
        """Return a placed order whose buyer agreed."""
        return self._make_order(name=name, **values)

    def _bring_due(self):
        order = self._order_from()
        self.account.state = "refused"
        self._run_invites()
        self.account.state = "connected"
        return order

    def _bring_waiting(self):
        self.channel.delay_days = 3
        order = self._order_from()
        self._run_invites()
        return order

    def _answer(self, *answers, **after):
        """Run the queue once for each answer to an event, a while after the other."""
        for answer in answers:
            self.etrusted.script("sendEvent", answer)
            self._run_invites(**after)

    def _bring_retried(self):
        order = self._order_from()
        self._answer(*[NOT_SENT] * 5, days=2)
        self._wait(days=2)
        return order

    def _bring_unknown(self):
        order = self._order_from()
        self._answer(SILENCE)
        return order

    def _bring_failed(self):
        order = self._order_from()
        self._answer((400, {"Message": "no"}))
        return order

    def _bring_accepted(self):
        order = self._order_from()
        self._run_invites()
        return order

    def press(self, order, button, role="manager"):
        """Press a button of the invitation of an order."""
        adapter.press_invitation(self, order, button, role)

    def withdraw(self, order, email=rest.EMAIL):
        """Have the buyer take the consent back."""
        adapter.stop_by_link(self, order)
