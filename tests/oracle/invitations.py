# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Invitations to review: who is invited when, and every answer to an event."""

from datetime import timedelta

from . import adapter, invited, rest
from .answers import REST_TROUBLE, TOKEN_TROUBLE
from .case import START

AREA = "invitations"
EVENT_ANSWERS = {
    "taken": (202, {"Message": "ok", "EventRef": "evt-9"}),
    "taken without ID": (202, {"Message": "ok"}),
    "taken with an odd ID": (202, {"EventRef": "<b>"}),
    "taken in HTML": (202, "<html>accepted</html>"),
    "HTTP 200": (200, {}),
    "HTTP 201": (201, {"eventRef": "evt-8"}),
    "HTTP 203": (203, {}),
    "HTTP 204": (204, ""),
    **REST_TROUBLE,
}


class TestEvents(invited.InvitationCase):
    """What Trusted Shops answers to an event."""

    area = AREA

    def stories(self):
        for state in ("due", "retried"):
            with self.prepared(self.bring, state):
                for number, (name, answer) in enumerate(EVENT_ANSWERS.items()):
                    if state == "due":
                        yield f"due, then {name}", self._tell, answer, False
                        if number % 2:
                            yield f"due, then always {name}", self._tell, answer, True
                    elif number % 2:
                        yield f"{state}, then {name}", self._tell, answer, False
        with self.prepared(self.bring, "due"):
            for name, answer in TOKEN_TROUBLE.items():
                yield f"no token: {name}", self._tell_token, answer

    def _tell(self, answer, is_repeated):
        self.go_on()
        if is_repeated:
            self.etrusted.always["sendEvent"] = answer
        else:
            self.etrusted.script("sendEvent", answer)
        yield "Trusted Shops answers", self._run_invites
        yield "an hour later", lambda: self._run_invites(hours=1)
        yield "a day later", lambda: self._run_invites(days=1)

    def _tell_token(self, answer):
        self.go_on()
        self.etrusted.always["getToken"] = answer
        yield "there is no token", self._run_invites
        del self.etrusted.always["getToken"]
        yield "an hour later there is one", lambda: self._run_invites(hours=1)


class TestFacts(invited.InvitationCase):
    """What happens to an order before, between and after two runs."""

    area = AREA

    def stories(self):
        for state in (*invited.STATES, "accepted"):
            with self.prepared(self.bring, state) as order:
                for name in self._list_changes(order):
                    yield f"{state}, {name}", self._tell, order, name
        for trigger in ("placed", "shipped", "delivered"):
            for days in (0, 2):
                for goods in ("download", "work", "both"):
                    name = f"{goods}, {days} days after {trigger}"
                    yield name, self._tell_trigger, trigger, days, goods
        yield "a wire transfer", self._tell_wire
        yield "another language", self._tell_language
        yield "an order of long ago", self._tell_old, 170
        yield "an order of too long ago", self._tell_old, 181
        yield "the same buyer again and again", self._tell_again
        yield "imported consents", self._tell_imported
        yield "everything credited, invited", self._tell_credited, True
        yield "everything credited, not invited", self._tell_credited, False

    def _list_changes(self, order):
        """Return what may change, by what it is called."""
        channel, account = self.channel, self.account
        now = self.moment
        changes = {
            "it is cancelled": order._action_cancel,
            "its website is gone": lambda: order.write({"website_id": False}),
            "it costs nothing": lambda: order.order_line.write({"price_unit": 0.0}),
            "the Trustcard was shown": lambda: (
                order.write({"trustedshops_card_delivered_at": now}),
                channel.write({"checkout_invites": "unknown"}),
            ),
            "the buyer takes it back": lambda: self.withdraw(order),
            "staff stop the address": lambda: self._suppress("staff"),
            "the person is erased": self._erase,
            "the buyer agrees again": lambda: self._add_consent(
                order, email="new@x.example", moment=now
            ),
            "nobody is asked": lambda: channel.write({"consent_mode": "off"}),
            "the Trustcard invites": lambda: channel.write({"inviter": "trustcard"}),
            "their invitations are off": lambda: channel.write({"own_invites": "off"}),
            "the channel is archived": lambda: channel.write({"active": False}),
            "the account is archived": lambda: account.write({"active": False}),
            "the login changes": lambda: account.write({"client_id": "other"}),
            "more days": lambda: channel.write({"delay_days": 20}),
            "no days": lambda: channel.write({"delay_days": 0}),
            "another trigger": lambda: channel.write({"trigger": "placed"}),
            "invite earlier": lambda: self.press(order, "invite_earlier"),
            "send again": lambda: self.press(order, "send_again"),
            "the seller sends again": lambda: self.press(order, "send_again", "seller"),
            "the channel is released": lambda: self._release(channel),
            "the order is deleted": lambda: (order._action_cancel(), order.unlink()),
        }
        return changes

    def _release(self, channel):
        channel.with_user(self.roles["administrator"]).action_release()

    def _erase(self):
        adapter.erase(self, rest.EMAIL)

    def _tell(self, order, name):
        self.go_on()
        yield name, self._list_changes(order)[name]
        yield "the queue runs", self._run_invites
        yield "two days later", lambda: self._run_invites(days=2)

    def _tell_trigger(self, trigger, days, goods):
        self.channel.write({"trigger": trigger, "delay_days": days})
        work = self._make_work()
        products = {
            "download": [self.goods],
            "work": [work],
            "both": [self.goods, work],
        }
        lines = self._make_lines(*products[goods], quantity=2)
        order = yield "an order", lambda: self._order_from(**lines)
        yield "the queue runs", self._run_invites
        yield "a part is delivered", lambda: self._deliver(order, 1)
        yield "an hour later", lambda: self._run_invites(hours=1)
        yield "all is delivered", lambda: self._deliver(order, 2)
        yield "an hour later", lambda: self._run_invites(hours=1)
        yield "two days later", lambda: self._run_invites(days=2)

    def _deliver(self, order, quantity):
        order.order_line.write({"qty_delivered": quantity})

    def _tell_wire(self):
        order = yield "an order", lambda: self._order_from(confirm=False)
        yield "the queue runs", self._run_invites
        wire = self._get_wire_transfer()
        payment = yield "it is announced", lambda: self._pay(order, "pending", wire)
        yield "an hour later", lambda: self._run_invites(hours=1)
        yield "the money comes", lambda: self._finish(payment)
        yield "two hours later", lambda: self._run_invites(hours=2)

    def _tell_language(self):
        polish = self.langs["pl_PL"].id
        agreed = {"lang_id": polish, "email": "ola@x.example"}
        yield "a Polish buyer agreed", lambda: self._order_from(consent=agreed)
        yield "the queue runs", self._run_invites

    def _tell_old(self, days):
        order = yield "an order", self._order_from
        ordered_at = START - timedelta(days=days)
        yield "it is old", lambda: order.write({"date_order": ordered_at})
        yield "the queue runs", self._run_invites

    def _tell_again(self):
        for number in range(1, 5):
            yield "an order", lambda name=f"WEB/{number}": self._order_from(name)
            yield "the queue runs", self._run_invites
            yield "time passes", lambda: self._wait(days=14)

    def _tell_imported(self):
        for number in range(1, 4):
            agreed = {"email": f"{number}@x.example", "mode": "import"}
            yield (
                "an order",
                lambda name=f"WEB/{number}", agreed=agreed: self._order_from(
                    name, consent=agreed
                ),
            )
        for _day in range(3):
            yield "the queue runs", self._run_throttled

    def _run_throttled(self):
        with adapter.imported_per_day(1):
            self._run_invites(days=1, minutes=1)

    def _tell_credited(self, is_invited):
        self.channel.returned_invited = is_invited
        order = yield "an order", self._order_from
        invoice = yield "it is invoiced", lambda: self._invoice(order)
        yield "it is credited", lambda: invoice._reverse_moves(cancel=True)
        yield "the queue runs", self._run_invites


class TestSeveral(invited.InvitationCase):
    """Several invitations, and trouble that is not about one of them."""

    area = AREA
    NAMES = (
        "HTTP 400",
        "HTTP 401",
        "HTTP 403",
        "HTTP 404",
        "HTTP 409",
        "HTTP 429",
        "HTTP 500",
        "HTTP 502",
        "HTTP 503",
        "silence",
        "nobody there",
    )

    def stories(self):
        with self.prepared(self._bring_four):
            for name in self.NAMES:
                answer = REST_TROUBLE[name]
                yield f"four due, {name}, mended", self._tell_mended, answer
                yield f"four due, {name}, for good", self._tell_for_good, answer
            yield "four due, refused in different words", self._tell_words
            yield "two channels without access", self._tell_two_channels
            yield "a process dies", self._tell_death
            yield "taken back while it is sent", self._tell_withdrawn_in_call

    def _bring_four(self):
        """Return four orders that are due, of four buyers."""
        self.account.state = "refused"
        orders = self.env["sale.order"]
        for number in range(1, 5):
            agreed = {"email": f"{number}@x.example"}
            orders += self._order_from(f"WEB/{number}", consent=agreed)
        self._run_invites()
        self.account.state = "connected"
        self.four = orders
        return orders

    def _tell_mended(self, answer):
        self.go_on()
        self.etrusted.always["sendEvent"] = answer
        yield "trouble begins", self._run_invites
        yield "an hour later", lambda: self._run_invites(hours=1)
        self.etrusted.reset()
        yield "an hour later all is well", lambda: self._run_invites(hours=1)
        yield "the channel is released", lambda: adapter.release(self, self.channel)
        yield "the account is connected", lambda: adapter.connect(self, self.account)
        yield "two hours later", lambda: self._run_invites(hours=2)

    def _tell_for_good(self, answer):
        self.go_on()
        self.etrusted.always["sendEvent"] = answer
        for _day in range(4):
            yield "trouble goes on", lambda: self._run_invites(hours=13)

    def _tell_words(self):
        self.go_on()
        for word in ("one", "two", "one", "two"):
            self.etrusted.script("sendEvent", (400, {"Message": word}))
        yield "the queue runs", self._run_invites
        yield "all are sent again", self._send_all_again
        self.etrusted.always["sendEvent"] = (400, {"Message": "three"})
        yield "the queue runs", self._run_invites

    def _send_all_again(self):
        for order in self.four:
            self.press(order, "send_again")

    def _tell_two_channels(self):
        self.go_on()
        yield "a Polish channel", self._add_polish_order
        self.etrusted.always["sendEvent"] = (403, {"Message": "no"})
        yield "the queue runs", self._run_invites
        yield "an hour later", lambda: self._run_invites(hours=1)

    def _add_polish_order(self):
        polish = self.channel.copy(
            {
                "account_id": self.account.id,
                "channel_ref": "chl-pl",
                "lang_id": self.langs["pl_PL"].id,
                "reviews_from": "2026-09-01",
            }
        )
        agreed = {"channel_id": polish.id, "email": "ola@x.example"}
        return self._order_from("WEB/5", consent=agreed)

    def _tell_death(self):
        self.go_on()
        yield "a process dies in the call", lambda: adapter.die_in_event(self.four[0])
        yield "nine minutes later", lambda: self._run_invites(minutes=9)
        yield "a minute later", lambda: self._run_invites(minutes=1)
        yield "a day later", lambda: self._run_invites(days=1)

    def _tell_withdrawn_in_call(self):
        self.go_on()

        def take(_body):
            self._suppress("staff", "1@x.example")
            self.env.flush_all()
            return 202, ""

        yield "it is taken back meanwhile", lambda: self._run_with(take)
        yield "an hour later", lambda: self._run_invites(hours=1)

    def _run_with(self, take):
        """Run the queue with another answer to all events."""
        self.etrusted._answer_sendEvent = take
        try:
            self._run_invites()
        finally:
            del self.etrusted._answer_sendEvent


class TestLives(invited.InvitationCase):
    """Two orders to which anything happens."""

    area = AREA

    def stories(self):
        with self.prepared(self._bring_two) as orders:
            for number in range(30):
                yield f"life {number}", self._tell, orders

    def _bring_two(self):
        self.channel.delay_days = 1
        lines = self._make_lines(self._make_work(), quantity=2)
        return self._order_from(**lines) + self._order_from(
            "WEB/2", consent={"email": "jan@x.example"}
        )

    def _tell(self, orders):
        self.go_on()
        happenings = self._list_happenings()
        for _count in range(6):
            words = self.dice.choice(list(happenings))
            order = self.dice.choice(orders)
            yield words, lambda words=words, order=order: happenings[words](order)
            yield "the queue runs", self._run_later

    def _list_happenings(self):
        """Return what may happen to an order, by what it is called."""
        return {
            "trouble comes": lambda _order: self._script(),
            "it is cancelled": lambda order: order._action_cancel(),
            "it becomes a draft": lambda order: order.action_draft(),
            "it is confirmed": lambda order: order.action_confirm(),
            "a part is delivered": lambda order: order.order_line[:1].write(
                {"qty_delivered": 1}
            ),
            "all is delivered": lambda order: order.order_line.write(
                {"qty_delivered": 2}
            ),
            "it is invoiced": self._invoice,
            "the buyer takes it back": self.withdraw,
            "the buyer agrees again": lambda order: self._agree(order),
            "invite earlier": lambda order: self.press(order, "invite_earlier"),
            "send again": lambda order: self.press(order, "send_again"),
            "staff stop the address": lambda _order: self._suppress("staff"),
            "somebody is erased": lambda _order: adapter.erase(self, rest.EMAIL),
            "the channel changes": lambda _order: self.channel.write(
                self.dice.choice(
                    (
                        {"delay_days": 5},
                        {"delay_days": 0},
                        {"trigger": "placed"},
                        {"consent_mode": "off"},
                        {"consent_mode": "double_opt_in"},
                        {"active": False},
                        {"active": True},
                    )
                )
            ),
            "days pass": lambda _order: self._wait(days=self.dice.choice((1, 9, 40))),
        }

    def _script(self):
        answer = EVENT_ANSWERS[self.dice.choice(list(EVENT_ANSWERS))]
        self.etrusted.script("sendEvent", answer)

    def _agree(self, order):
        email = self.dice.choice(self.emails)
        self._add_consent(order, email=email, moment=self.clock())

    def _run_later(self):
        self._run_invites(hours=self.dice.choice((1, 1, 5, 25)))
