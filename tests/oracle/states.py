# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The states of a protection, and the answers to an application."""

import ssl

import requests
import urllib3

from odoo.addons.website_sale_trustedshops.tests.common import APPLY, POLL
from odoo.addons.website_sale_trustedshops.tests.fake_service import (
    HTML_PAGE,
    make_envelope,
    make_fault,
)

from .adapter import applications as act
from .case import OracleCase

SILENCE = requests.ReadTimeout("no answer")
NOT_SENT = requests.ConnectTimeout("not there")
GUARANTEE = 99887766
# By what a row is asked for or applied for before the answer that a story is about.
BEFORE_APPLYING = ("queued", "lost", "limited", "corrected", "doubted", "released")
BEFORE_ASKING = ("requested", "entered", "known_twice", "undecided", "called_off")
STATES = (
    *BEFORE_APPLYING,
    *BEFORE_ASKING,
    *("failing", "on_hold", "foreign", "numberless", "misread", "confirmed"),
    *("rejected", "curable", "overdue", "cancelled", "given_up"),
)
# Every way in which the service answers, or does not.
_HOST_UNKNOWN = urllib3.exceptions.NewConnectionError(None, "name not known")
SOAP_TROUBLE = {
    "silence": SILENCE,
    "a cut connection": requests.ConnectionError("reset by peer"),
    "half an answer": requests.exceptions.ChunkedEncodingError("cut short"),
    "nobody there": NOT_SENT,
    "an unknown host": requests.ConnectionError(_HOST_UNKNOWN),
    "a wrong TLS certificate": requests.exceptions.SSLError(
        ssl.SSLCertVerificationError("self-signed")
    ),
    "a fault": make_fault(),
    "HTTP 500": (500, "down"),
    "HTTP 503": (503, "busy"),
    "HTTP 404": (404, "not found"),
    "HTTP 302": (302, ""),
    "a page of a proxy": HTML_PAGE,
    "garbage": (200, "<html>Welcome"),
    "nothing": (200, ""),
    "an envelope without answer": (200, make_envelope("")),
    "a word": "accepted",
    "an empty number": "",
    "a fraction": "4712.5",
    "a number that is too large": 99999999999999999999999,
}
# Result codes: those that are published, and others.
CODES = (*range(-10001, -10020, -1), -11001, -11111, -1, -10000, -10020, -12345)
# To an application and to a question about one: numbers as the service gives them.
SOAP_ANSWERS = {
    "a number": 4712,
    "zero": 0,
    **{f"code {code}": code for code in CODES},
    **SOAP_TROUBLE,
}


class ApplicationCase(OracleCase):
    """A shop with one order whose protection is applied for."""

    area = "applications"

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
        act.press(self, order, button, role)

    def _enter(self, order, number, role="manager"):
        """Enter an application number by hand."""
        act.enter_number(self, order, number, role)

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
