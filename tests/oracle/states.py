# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An order whose Buyer Protection is brought into each state that there is."""

import requests

from odoo.addons.website_sale_trustedshops.tests.common import APPLY, POLL

from . import adapter, branches

SILENCE = requests.ReadTimeout("no answer")
NOT_SENT = requests.ConnectTimeout("not there")
GUARANTEE = 99887766
# By what a row is asked for or applied for before the answer that a story is about.
BEFORE_APPLYING = ("queued", "lost", "limited", "corrected", "doubted", "released")
BEFORE_ASKING = ("requested", "entered", "known_twice", "undecided", "called_off")
STATES = (
    *BEFORE_APPLYING,
    *BEFORE_ASKING,
    "failing",
    "on_hold",
    "foreign",
    "numberless",
    "misread",
    "confirmed",
    "rejected",
    "curable",
    "overdue",
    "cancelled",
    "given_up",
)


class ApplicationCase(branches.BranchingCase):
    """A shop with one order whose protection is applied for."""

    # === STATES === #
    def bring(self, state):
        """Return the order of a protection that was brought into a state.

        :param str state: one of ``STATES``
        """
        return getattr(self, f"_bring_{state}")()

    def _answer(self, operation, *answers, **after):
        """Run the queue once for each answer, a while after the other."""
        for answer in answers:
            self.service.script(operation, answer)
            self._run_queue(**after)

    def _bring_queued(self):
        return self._make_queued(name="WEB/1").order_id

    def _bring_lost(self):
        order = self._bring_queued()
        self._answer(APPLY, SILENCE)
        self._wait(minutes=1)
        return order

    def _bring_limited(self):
        order = self._bring_queued()
        self._answer(APPLY, -10017)
        self._wait(hours=1)
        return order

    def _bring_curable(self):
        order = self._bring_queued()
        self._answer(APPLY, -10014)
        return order

    def _bring_corrected(self):
        order = self._bring_curable()
        self.buyer.email = "erika@new.example"
        self._press(order, "apply_now")
        return order

    def _bring_doubted(self):
        order = self._bring_lost()
        self._cancel(order)
        self._confirm_again(order)
        return order

    def _bring_on_hold(self):
        order, _protection = self._make_ticked(name="WEB/1")
        self._pay(order, amount=50.0)
        return order

    def _bring_released(self):
        order = self._bring_on_hold()
        self._press(order, "release")
        return order

    def _bring_requested(self):
        order = self._bring_queued()
        self._answer(APPLY, 4711)
        self._wait(minutes=10)
        return order

    def _bring_foreign(self):
        order = self._bring_queued()
        self._answer(APPLY, -10003)
        return order

    def _bring_numberless(self):
        order = self._bring_lost()
        self._answer(APPLY, -10003)
        return order

    def _bring_entered(self):
        order = self._bring_numberless()
        self._enter(order, "815")
        return order

    def _bring_misread(self):
        order = self._bring_entered()
        self._answer(POLL, -10013)
        return order

    def _bring_known_twice(self):
        order = self._bring_requested()
        self._answer(POLL, -10003)
        self._wait(minutes=10)
        return order

    def _bring_undecided(self):
        order = self._bring_requested()
        self._run_queue(days=7)
        self._wait(days=1)
        return order

    def _bring_called_off(self):
        order = self._bring_requested()
        self._cancel(order)
        return order

    def _bring_failing(self):
        order = self._bring_queued()
        self._answer(APPLY, *[NOT_SENT] * 4, hours=1)
        return order

    def _bring_confirmed(self):
        order = self._bring_requested()
        self._answer(POLL, GUARANTEE)
        return order

    def _bring_rejected(self):
        order = self._bring_requested()
        self._answer(POLL, -10004)
        return order

    def _bring_overdue(self):
        order = self._bring_failing()
        self._run_queue(days=3)
        return order

    def _bring_cancelled(self):
        order = self._bring_queued()
        self._cancel(order)
        return order

    def _bring_given_up(self):
        order = self._bring_lost()
        self._cancel(order)
        return order

    # === WHAT HAPPENS === #
    def _press(self, order, button, role="manager"):
        """Press a button of the order's protection."""
        adapter.press(self, order, button, role)

    def _enter(self, order, number, role="manager"):
        """Enter an application number by hand."""
        adapter.enter_number(self, order, number, role)

    def use(self, order, button, role):
        """Press a button, and fill in what it asks for."""
        if button == "enter_number":
            self._enter(order, "4242", role)
        else:
            self._press(order, button, role)

    def _cancel(self, order):
        """Cancel an order, as a person who was asked whether to do so."""
        order._action_cancel()

    def _confirm_again(self, order):
        """Make a cancelled order a purchase again, with Buyer Protection."""
        order.action_draft()
        self._choose(order)
        order.action_confirm()
