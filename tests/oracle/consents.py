# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Consents: ticked, confirmed, entered, imported, taken back, erased, stopped."""

from datetime import timedelta

from . import adapter, rest

AREA = "consents"
MODES = ("off", "checkbox", "double_opt_in")
PAYMENTS = ("done", "authorized", "announced", "pending", "cancelled", "by staff")


class TestTicks(rest.RestCase):
    """What a tick becomes when the order is placed, or is not."""

    area = AREA

    def stories(self):
        for mode in MODES:
            for payment in PAYMENTS:
                name = f"{mode}, {payment}"
                yield name, self._tell_payment, mode, payment, "ticked"
            for ticked in ("not ticked", "ticked and unticked"):
                yield f"{mode}, {ticked}", self._tell_payment, mode, "done", ticked
        for change in self._list_changes():
            for mode in MODES[1:]:
                yield f"{mode}, then {change}", self._tell_change, mode, change
        for lang in ("en_US", "de_DE", "pl_PL"):
            for mode in MODES[1:]:
                yield f"{mode} in {lang}", self._tell_lang, mode, lang

    def _tell_payment(self, mode, payment, ticked):
        self.channel.consent_mode = mode
        order = yield "a cart", lambda: self._make_cart(name="WEB/1")
        if ticked != "not ticked":
            yield "the box is ticked", lambda: self._tick(order)
        begun = yield "a payment begins", lambda: self._begin_by(order, payment)
        if ticked == "ticked and unticked":
            yield "it is unticked", lambda: self._tick(order, ticked=False)
        yield "it ends", lambda: self._end(order, begun, payment)
        yield "mails are written", lambda: adapter.send_requests(self)
        yield "the queue runs", self._run_invites

    def _begin_by(self, order, payment):
        """Return the payment that begins; staff need none."""
        if payment == "by staff":
            return None
        providers = {
            "authorized": lambda: self._prepare_provider("demo"),
            "announced": self._get_wire_transfer,
        }
        values = {}
        if make := providers.get(payment):
            values["provider_id"] = make().id
        return self._begin(order, **values)

    def _end(self, order, transaction, payment):
        if payment == "by staff":
            order.action_confirm()
            return
        states = {"announced": "pending", "cancelled": "cancel"}
        self._finish(transaction, states.get(payment, payment))

    def _list_changes(self):
        """Return what may change between tick and order, by what it is called."""
        channel = self.channel
        return {
            "other words": lambda: channel.text_ids.write({"text": "Other words"}),
            "no words": lambda: channel.text_ids.unlink(),
            "nobody is asked": lambda: channel.write({"consent_mode": "off"}),
            "it is confirmed by mail": lambda: channel.write(
                {"consent_mode": "double_opt_in"}
            ),
            "the Trustcard invites": lambda: channel.write({"inviter": "trustcard"}),
            "the channel is archived": lambda: channel.write({"active": False}),
            "the account is archived": lambda: self.account.write({"active": False}),
            "the channel is of another language": lambda: channel.write(
                {"lang_id": self.langs["pl_PL"].id}
            ),
            "the buyer has no address": lambda: self.buyer.write({"email": "nobody"}),
            "the buyer has another address": lambda: self.buyer.write(
                {"email": "New@X.example"}
            ),
            "staff stop the address": lambda: self._suppress("staff"),
            "the buyer stopped before": lambda: self._suppress("link"),
            "the person is erased": lambda: adapter.erase(self, rest.EMAIL),
        }

    def _tell_change(self, mode, change):
        self.channel.consent_mode = mode
        order = yield "a cart", lambda: self._make_cart(name="WEB/1")
        yield "the box is ticked", lambda: self._tick(order)
        begun = yield "a payment begins", lambda: self._begin(order)
        yield change, self._list_changes()[change]
        self._wait(minutes=7)
        yield "it is paid", lambda: self._finish(begun)
        yield "mails are written", lambda: adapter.send_requests(self)
        yield "the queue runs", self._run_invites

    def _tell_lang(self, mode, lang):
        self.channel.consent_mode = mode
        order = yield "a cart", lambda: self._make_cart(name="WEB/1")
        yield "the box is ticked", lambda: self._tick(order, lang)
        yield "it is paid", lambda: self._finish(self._begin(order))
        yield "mails are written", lambda: adapter.send_requests(self)
        yield "the queue runs", self._run_invites


class TestWords(rest.RestCase):
    """The words by which buyers are asked, and whose notice stands beside them."""

    area = AREA

    def stories(self):
        for name in self._list_certificates():
            yield f"proposed with {name}", self._tell, name

    def _list_certificates(self):
        """Return what certificate there may be, by what it is called."""
        channel, certificate = self.channel, self.certificate
        return {
            "the certificate of the channel": lambda: channel.write(
                {"certificate_id": certificate.id}
            ),
            "that of the website": lambda: channel.write({"certificate_id": False}),
            "a page at Trusted Shops": lambda: certificate.write(
                {"privacy_url": False}
            ),
            "a certificate of a sandbox": lambda: certificate.write(
                {"environment": "sandbox"}
            ),
            "an archived certificate": lambda: certificate.write({"active": False}),
        }

    def _tell(self, name):
        self.certificate.privacy_url = "https://shop.example/privacy"
        yield f"there is {name}", self._list_certificates()[name]
        yield "words are proposed", lambda: adapter.propose_words(self.channel)


class TestRequests(rest.RestCase):
    """Requests that are confirmed by the link in a mail, or are not."""

    area = AREA

    def stories(self):
        for is_mailed in (True, False):
            with self.prepared(self._bring_request, is_mailed) as order:
                for name in self._list_acts(order):
                    when = "mailed" if is_mailed else "not mailed"
                    yield f"{when}, {name}", self._tell, order, name

    def _bring_request(self, is_mailed):
        """Return the order of a buyer who is asked to confirm."""
        self.channel.consent_mode = "double_opt_in"
        order = self._order(name="WEB/1")
        if is_mailed:
            adapter.send_requests(self)
        return order

    def _list_acts(self, order):
        """Return what may happen to a request, by what it is called."""
        request = order.sudo().trustedshops_consent_ids
        manager, seller = self.roles["manager"], self.roles["seller"]
        return {
            "it is confirmed": lambda: self._open(request, "confirm"),
            "the manager confirms": lambda: self._open(request, "confirm", manager),
            "it is stopped": lambda: self._open(request, "stop"),
            "the seller stops": lambda: self._open(request, "stop", seller),
            "the link to stop is used to confirm": lambda: self._mix(request),
            "a link is cut": lambda: adapter.press_link(self, "1-2-3", "confirm"),
            "a week passes": lambda: self._wait(days=7),
            "more than a week passes": lambda: self._wait(days=7, seconds=1),
            "the order is cancelled": order._action_cancel,
            "staff stop the address": lambda: self._suppress("staff"),
            "the person is erased": lambda: adapter.erase(self, rest.EMAIL),
            "nobody is asked": lambda: self.channel.write({"consent_mode": "off"}),
            "the channel is archived": lambda: self.channel.write({"active": False}),
            "staff take it back": lambda: adapter.withdraw_order(self, order, "seller"),
            "the order is deleted": lambda: (order._action_cancel(), order.unlink()),
        }

    def _open(self, consent, purpose, user=None):
        return adapter.open_link(self, consent, purpose, user)

    def _mix(self, request):
        token = adapter.get_token(request, "stop")
        return adapter.press_link(self, token, "confirm")

    def _tell(self, order, name):
        self.go_on()
        request = order.sudo().trustedshops_consent_ids
        tokens = {
            purpose: adapter.get_token(request, purpose)
            for purpose in ("stop", "confirm")
        }
        yield name, self._list_acts(order)[name]
        yield "mails are written", lambda: adapter.send_requests(self)
        yield (
            "it is confirmed",
            lambda: adapter.press_link(self, tokens["confirm"], "confirm"),
        )
        yield "the queue runs", lambda: self._run_invites(hours=1)
        yield "it is stopped", lambda: adapter.press_link(self, tokens["stop"], "stop")
        self._wait(days=10)
        yield "old ones are deleted", lambda: adapter.clean_consents(self)
        yield (
            "the old link is used",
            lambda: adapter.press_link(self, tokens["stop"], "stop"),
        )


class TestEnds(rest.RestCase):
    """Consents that are taken back, erased and given again."""

    area = AREA
    WAYS = ("checkbox", "double_opt_in", "manual", "import")
    AGAIN = ("tick", "confirm", "enter", "import")

    def stories(self):
        for way in self.WAYS:
            with self.prepared(self._bring_given, way) as order:
                for end in self._list_ends(order):
                    for again in self.AGAIN:
                        if way == "checkbox" or self._is_drawn(way, end, again):
                            name = f"{way}, {end}, {again} again"
                            yield name, self._tell, order, end, again
        for role in ("seller", "accountant", "administrator"):
            with self.prepared(self._bring_given, "checkbox") as order:
                for end in ("withdraw order", "withdraw consent", "erase", "lift"):
                    yield f"{role}: {end}", self._tell_role, order, role, end

    def _is_drawn(self, *words):
        """Tell whether one of many combinations is played: each fourth is."""
        return sum(map(ord, "".join(words))) % 4 == 0

    def _bring_given(self, way):
        """Return an order whose buyer agreed."""
        order = self._make_order(consent=False, name="WEB/1")
        self._give(order, way)
        self._run_invites(hours=1)
        self._wait(hours=1)
        return order

    def _give(self, order, way):
        """Have the buyer of an order agree in some way."""
        said = {"mode": way, "moment": self.clock()}
        if way in ("manual", "import"):
            said |= {
                "text": f"I, Erika Muster ({rest.EMAIL}), agree to WEB/1.",
                "source": "Erika Muster by telephone",
            }
        self._add_consent(order, **said)

    def _list_ends(self, order):
        """Return how a consent may end, by what that is called."""
        consent = order.sudo().trustedshops_consent_ids[:1]
        stop = self._stop
        manager = self.roles["manager"]
        return {
            "stopped by link": lambda: stop(consent),
            "stopped by the manager with the link": lambda: stop(consent, manager),
            "taken back by staff": lambda: adapter.withdraw_order(
                self, order, "manager"
            ),
            "taken back twice": lambda: (stop(consent), stop(consent)),
            "erased": lambda: adapter.erase(self, " Erika@MUSTER.example"),
            "erased and stopped": lambda: self._erase_and_stop(consent),
            "stopped and erased": lambda: (
                stop(consent),
                adapter.erase(self, rest.EMAIL),
            ),
            "stopped and lifted": lambda: (stop(consent), self._lift("manager")),
            "erased and lifted": lambda: (
                adapter.erase(self, rest.EMAIL),
                self._lift("manager"),
            ),
            "kept for years": lambda: self._keep_for_years(),
        }

    def _stop(self, consent, user=None):
        return adapter.open_link(self, consent, "stop", user)

    def _erase_and_stop(self, consent):
        token = adapter.get_token(consent, "stop")
        adapter.erase(self, rest.EMAIL)
        return adapter.press_link(self, token, "stop")

    def _lift(self, role):
        adapter.lift(self, role)

    def _keep_for_years(self):
        self._wait(days=3 * 366)
        adapter.clean_consents(self)

    def _tell(self, order, end, again):
        self.go_on()
        yield end, self._list_ends(order)[end]
        yield "the queue runs", lambda: self._run_invites(hours=1)
        yield f"{again} again", lambda: self._agree_again(again)
        yield "the queue runs", lambda: self._run_invites(days=31)

    def _agree_again(self, again):
        """Have the buyer agree at another order."""
        if again in ("tick", "confirm"):
            if again == "confirm":
                self.channel.consent_mode = "double_opt_in"
            order = self._order(name="WEB/2")
            for row in order.sudo().trustedshops_consent_ids:
                if again == "confirm" and row.kind == "requested":
                    adapter.open_link(self, row, "confirm")
            return
        order = self._make_order(consent=False, name="WEB/2")
        if again == "enter":
            adapter.enter_consent(self, order, "manager")
        else:
            adapter.import_consent(self, order, rest.EMAIL)

    def _tell_role(self, order, role, end):
        self.go_on()
        consent = order.sudo().trustedshops_consent_ids[:1]
        self._suppress("staff", "jan@x.example")
        acts = {
            "withdraw order": lambda: adapter.withdraw_order(self, order, role),
            "withdraw consent": lambda: adapter.withdraw(self, consent, role),
            "erase": lambda: adapter.erase(self, rest.EMAIL, role),
            "lift": lambda: self._lift(role),
        }
        yield end, acts[end]
        yield "again", acts[end]


class TestEntries(rest.RestCase):
    """What staff enter and import."""

    area = AREA
    ENTRIES = {
        "as proposed": {},
        "another address": {"email": "Jan@X.example"},
        "two addresses": {"email": "a@x.example, b@x.example"},
        "no address": {"email": "nobody"},
        "an odd address": {"email": "erika@bücher.example"},
        "yesterday": {"moment": timedelta(days=-1)},
        "in a second": {"moment": timedelta(seconds=1)},
        "no words": {"text": " \n"},
        "own words": {"text": "She said yes."},
        "no source": {"source": False},
    }
    IMPORTS = {
        "as it is": {},
        "without moment": {"moment": False},
        "without words": {"text": False},
        "without source": {"source": " "},
        "without order": {"order_id": False},
        "of the future": {"moment": "2026-11-03 10:00:00"},
        "with a bad address": {"email": "nobody"},
        "with too much": {"mode": "checkbox"},
        "as withdrawn": {"kind": "withdrawn"},
    }

    def stories(self):
        for name, values in self.ENTRIES.items():
            for role in ("seller", "manager", "accountant"):
                yield f"{role} enters {name}", self._tell_entry, role, values
        for name, values in self.IMPORTS.items():
            for role in ("administrator", "manager"):
                yield f"{role} imports {name}", self._tell_import, role, values
        for mode in MODES:
            for name in ("marketplace", "shop"):
                yield f"{mode}, {name} order", self._tell_channel, mode, name

    def _tell_entry(self, role, values):
        order = yield "an order", lambda: self._make_order(consent=False, name="WEB/1")
        values = dict(values)
        if moment := values.get("moment"):
            values["moment"] = self.clock() + moment
        yield (
            "it is entered",
            lambda: adapter.enter_consent(self, order, role, **values),
        )
        yield "the queue runs", self._run_invites

    def _tell_import(self, role, values):
        order = yield "an order", lambda: self._make_order(consent=False, name="WEB/1")
        values = {"email": " Erika@Muster.example", **values}
        yield (
            "it is imported",
            lambda: adapter.import_consent(self, order, role=role, **values),
        )
        yield "the queue runs", self._run_invites

    def _tell_channel(self, mode, name):
        self.channel.consent_mode = mode
        values = {"website_id": False} if name == "marketplace" else {}
        order = yield (
            "an order",
            lambda: self._make_order(consent=False, name="WEB/1", **values),
        )
        yield (
            "it is entered",
            lambda: adapter.enter_consent(self, order, "manager", text="Yes"),
        )
        yield "it is imported", lambda: adapter.import_consent(self, order, rest.EMAIL)
        yield "the queue runs", self._run_invites


class TestLives(rest.RestCase):
    """Buyers who order, agree, take it back and come again."""

    area = AREA

    def stories(self):
        for number in range(20):
            yield f"life {number}", self._tell

    def _tell(self):
        self.channel.consent_mode = self.dice.choice(MODES[1:])
        happenings = self._list_happenings()
        yield "an order", lambda: self._order(name="WEB/1")
        for number in range(2, 8):
            words = self.dice.choice(list(happenings))
            yield words, lambda words=words, number=number: happenings[words](number)
            self._wait(hours=self.dice.choice((1, 20, 24 * 8, 24 * 31)))
            yield "mails, queue", self._run_all

    def _run_all(self):
        adapter.send_requests(self)
        self._run_invites()

    def _list_happenings(self):
        """Return what may happen, by what it is called."""
        return {
            "another order": lambda number: self._order(name=f"WEB/{number}"),
            "an order without tick": lambda number: self._order(
                name=f"WEB/{number}", ticked=False
            ),
            "a link is pressed": lambda _number: self._press("stop"),
            "a request is confirmed": lambda _number: self._press("confirm"),
            "staff take it back": lambda _number: self._suppress("staff"),
            "it is lifted": lambda _number: adapter.lift(self, "manager"),
            "the person is erased": lambda _number: adapter.erase(self, rest.EMAIL),
            "old ones are deleted": lambda _number: adapter.clean_consents(self),
            "the mode changes": lambda _number: self.channel.write(
                {"consent_mode": self.dice.choice(MODES)}
            ),
        }

    def _press(self, purpose):
        consents = self.env["trustedshops.consent"].sudo()
        for consent in consents.search([("kind", "in", ("requested", "given"))]):
            if purpose == "stop" or consent.kind == "requested":
                adapter.open_link(self, consent, purpose)
                break
