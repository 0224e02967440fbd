# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Applications for Buyer Protection: every answer in every state, and the buttons."""

from odoo.addons.website_sale_trustedshops.tests.common import APPLY, POLL

from . import states
from .adapter import applications as act
from .states import SOAP_ANSWERS, SOAP_TROUBLE

# Answers that every state gets; of the others each state gets some.
ALWAYS = ("a number", "code -10003", "code -10001", "silence", "nobody there")
# Trouble that is not about one order.
SHARED_TROUBLE = {
    "login": -10001,
    "suspended": -10002,
    "no limit": -10011,
    "limit": -10017,
    "broken": -11111,
    "silence": states.SILENCE,
    "away": states.NOT_SENT,
    "proxy": SOAP_TROUBLE["a page of a proxy"],
}
BUTTONS = (
    "apply_now",
    "check_state",
    "enter_number",
    "not_found",
    "release",
    "refund_fee",
    "resend_mail",
)
ROLES = ("seller", "accountant", "administrator")


def choose_answers(names, name):
    """Yield all answers for the first of some names, else a quarter and the usual ones.

    :param tuple[str] names: states in which there is an answer
    :param str name: one of them
    """
    offset = names.index(name)
    for number, answer in enumerate(SOAP_ANSWERS):
        if not offset or answer in ALWAYS or number % 4 == offset % 4:
            yield answer


class TestAnswers(states.ApplicationCase):
    """What the service answers to an application, in each state."""

    def stories(self):
        for state in states.BEFORE_APPLYING:
            with self.prepared(self.bring, state) as order:
                for name in choose_answers(states.BEFORE_APPLYING, state):
                    yield f"{state}, then {name}", self._tell, order, name

    def _tell(self, order, name):
        self.go_on(order=order)
        self.service.script(APPLY, SOAP_ANSWERS[name])
        yield "the service answers", self._run_queue
        yield "an hour later", lambda: self._run_queue(hours=1)
        yield "three days later", lambda: self._run_queue(days=3)


class TestQuestions(states.ApplicationCase):
    """What the service answers when it is asked for a decision."""

    def stories(self):
        for state in states.BEFORE_ASKING:
            with self.prepared(self.bring, state) as order:
                for name in choose_answers(states.BEFORE_ASKING, state):
                    yield f"asked when {state}, then {name}", self._tell, order, name

    def _tell(self, order, name):
        self.go_on(order=order)
        self.service.script(POLL, SOAP_ANSWERS[name])
        yield "the service answers", self._run_queue
        self.service.script(POLL, states.GUARANTEE)
        yield "a day later there is a guarantee", lambda: self._run_queue(days=1)


class TestButtons(states.ApplicationCase):
    """What each button does in each state, and who may press it."""

    def stories(self):
        for state in states.STATES:
            with self.prepared(self.bring, state) as order:
                for button in BUTTONS:
                    yield f"{state}: {button}", self._tell, order, button
                role = ROLES[states.STATES.index(state) % len(ROLES)]
                for button in BUTTONS[::3]:
                    more = order, button, role
                    yield f"{state}: {button} as {role}", self._tell_role, *more

    def _tell(self, order, button):
        self.go_on(order=order)
        yield f"{button} is pressed", lambda: self.use(order, button, "manager")
        yield "the queue runs", lambda: self._run_queue(minutes=1)

    def _tell_role(self, order, button, role):
        self.go_on(order=order)
        yield f"{button} is pressed", lambda: self.use(order, button, role)


class TestQueues(states.ApplicationCase):
    """Several orders, and trouble that is not about one of them."""

    def stories(self):
        with self.prepared(self._place_three) as orders:
            for name, answer in SHARED_TROUBLE.items():
                more = orders, answer
                yield f"three orders, {name}, mended", self._tell_mended, *more
                yield f"three orders, {name}, for good", self._tell_for_good, *more
        yield "a late number", self._tell_late_number
        yield "a number of another order", self._tell_number_twice
        yield "cancelled while it is applied for", self._tell_cancelled_in_call
        yield "confirmed after it was given up", self._tell_late_guarantee
        yield "a guarantee after the fee went back", self._tell_guarantee_and_no_fee
        yield "a process dies", self._tell_death

    def _place_three(self):
        """Return three placed orders, one of which was applied for before."""
        orders = self.bring("requested")
        for number in (2, 3):
            orders += self._make_queued(name=f"WEB/{number}").order_id
        return orders

    def _watch_all(self, orders):
        self.go_on(certificate=self.certificate)
        for order in orders:
            self.watch(order.name, order)

    def _fail(self, answer):
        """Have the service answer every application with the same."""
        self.service.always[APPLY] = answer
        if answer in (-10001, -10002, -10011):
            self.service.always["checkLogin"] = answer

    def _tell_mended(self, orders, answer):
        self._watch_all(orders)
        self._fail(answer)
        self.service.always[POLL] = answer
        yield "trouble begins", self._run_queue
        for _hour in range(3):
            yield "an hour later", lambda: self._run_queue(hours=1)
        self.service.reset()
        self.service.always[POLL] = states.GUARANTEE
        yield "an hour later all is well", lambda: self._run_queue(hours=1)
        yield "the certificate is checked", self.certificate.action_check_now
        yield "an hour later", lambda: self._run_queue(hours=1)

    def _tell_for_good(self, orders, answer):
        self._watch_all(orders)
        self._fail(answer)
        for _day in range(4):
            yield "trouble goes on", lambda: self._run_queue(hours=20)

    def _tell_late_number(self):
        order = yield "an application is lost", lambda: self.bring("lost")
        self.watch("order", order)
        yield "another one is taken", lambda: self._answer(APPLY, 4711)
        yield "a late number", lambda: act.store_late_number(order, 1, 4710)
        yield "the queue runs", lambda: self._run_queue(hours=1)

    def _tell_number_twice(self):
        order = yield "an order with number 4711", lambda: self.bring("requested")
        other = yield "one without a number", self._place_numberless
        self.watch("order", order)
        self.watch("other", other)
        yield "its number is entered", lambda: self._enter(other, "4711")
        yield "no number is entered", lambda: self._enter(other, "47a")
        yield "zero is entered", lambda: self._enter(other, "0")
        yield "a number is entered", lambda: self._enter(other, " 0815 ")

    def _place_numberless(self):
        order = self._make_queued(name="WEB/2").order_id
        self._answer(APPLY, states.SILENCE, -10003, hours=1)
        return order

    def _tell_cancelled_in_call(self):
        order = yield "an order", lambda: self.bring("queued")
        self.watch("order", order)

        def cancel(_parts):
            self._cancel(order)
            self.env.flush_all()
            return 4711

        self.service.script(APPLY, cancel)
        yield "it is cancelled while it is applied for", self._run_queue
        yield "the queue runs", lambda: self._run_queue(hours=1)

    def _tell_late_guarantee(self):
        order = yield "an undecided application", lambda: self.bring("undecided")
        self.watch("order", order)
        yield "nobody finds it", lambda: self._press(order, "not_found")
        yield "it is decided", lambda: act.store_late_guarantee(order, "4711", 815)
        yield "the queue runs", lambda: self._run_queue(hours=1)

    def _tell_guarantee_and_no_fee(self):
        order = yield "a refused application", lambda: self.bring("rejected")
        self.watch("order", order)
        yield "the fee goes back", lambda: self._run_queue(days=1)
        yield "it is decided", lambda: act.store_late_guarantee(order, "4711", 815)
        yield "the queue runs", lambda: self._run_queue(hours=1)

    def _tell_death(self):
        order = yield "an order", lambda: self.bring("queued")
        self.watch("order", order)
        yield "a process dies in the call", lambda: act.die_in_call(order)
        yield "nine minutes later", lambda: self._run_queue(minutes=9)
        yield "a minute later", lambda: self._run_queue(minutes=1)
        yield "an hour later", lambda: self._run_queue(hours=1)
