# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Consents: ticked, confirmed, taken back, erased, stopped, and given again."""

from unittest.mock import patch

from odoo.addons.website_sale_trustedshops_reviews.lib import etrusted, tokens
from odoo.addons.website_sale_trustedshops_reviews.tests.invitation_common import (
    InvitationCommon,
)

from .adapter import consents as act
from .case import OracleCase

MODES = ("off", "checkbox", "double_opt_in")
PAYMENTS = ("done", "authorized", "announced", "pending", "cancelled", "by staff")
EMAIL = "erika@muster.example"


class ConsentCase(OracleCase, InvitationCommon):
    """A shop whose buyers are asked whether they want to be invited."""

    area = "consents"
    # Whose hashes are told from others.
    emails = (EMAIL, "jan@x.example", "new@x.example")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles["manager"].email = "manager@shop.example"
        cls.website.name = "Shop"

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(etrusted, "_tokens", tokens.TokenStore()))

    def clear_services(self):
        """Override: also those of the reviews."""
        super().clear_services()
        self.etrusted.reset()
        etrusted._tokens = tokens.TokenStore()

    def look(self):
        """Override: everything about consents is seen."""
        return {**super().look(), **act.see_consents(self)}


class TestTicks(ConsentCase):
    """What a tick becomes when the order is placed, or is not."""

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
        yield "mails are written", lambda: act.send_requests(self)
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
            "the person is erased": lambda: act.erase(self, EMAIL),
        }

    def _tell_change(self, mode, change):
        self.channel.consent_mode = mode
        order = yield "a cart", lambda: self._make_cart(name="WEB/1")
        yield "the box is ticked", lambda: self._tick(order)
        begun = yield "a payment begins", lambda: self._begin(order)
        yield change, self._list_changes()[change]
        self._wait(minutes=7)
        yield "it is paid", lambda: self._finish(begun)
        yield "mails are written", lambda: act.send_requests(self)
        yield "the queue runs", self._run_invites

    def _tell_lang(self, mode, lang):
        self.channel.consent_mode = mode
        order = yield "a cart", lambda: self._make_cart(name="WEB/1")
        yield "the box is ticked", lambda: self._tick(order, lang)
        yield "it is paid", lambda: self._finish(self._begin(order))
        yield "mails are written", lambda: act.send_requests(self)
        yield "the queue runs", self._run_invites


class TestRequests(ConsentCase):
    """Requests that are confirmed by the link in a mail, or are not."""

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
            act.send_requests(self)
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
            "a link is cut": lambda: act.press_link(self, "1-2-3", "confirm"),
            "a week passes": lambda: self._wait(days=7),
            "more than a week passes": lambda: self._wait(days=7, seconds=1),
            "the order is cancelled": order._action_cancel,
            "staff stop the address": lambda: self._suppress("staff"),
            "the person is erased": lambda: act.erase(self, EMAIL),
            "nobody is asked": lambda: self.channel.write({"consent_mode": "off"}),
            "the channel is archived": lambda: self.channel.write({"active": False}),
            "staff take it back": lambda: act.withdraw_order(self, order, "seller"),
            "the order is deleted": lambda: (order._action_cancel(), order.unlink()),
        }

    def _open(self, consent, purpose, user=None):
        return act.open_link(self, consent, purpose, user)

    def _mix(self, request):
        token = act.get_token(request, "stop")
        return act.press_link(self, token, "confirm")

    def _tell(self, order, name):
        self.go_on()
        request = order.sudo().trustedshops_consent_ids
        tokens = {
            purpose: act.get_token(request, purpose) for purpose in ("stop", "confirm")
        }
        yield name, self._list_acts(order)[name]
        yield "mails are written", lambda: act.send_requests(self)
        yield (
            "it is confirmed",
            lambda: act.press_link(self, tokens["confirm"], "confirm"),
        )
        yield "the queue runs", lambda: self._run_invites(hours=1)
        yield "it is stopped", lambda: act.press_link(self, tokens["stop"], "stop")
        self._wait(days=10)
        yield "old ones are deleted", lambda: act.clean_consents(self)
        yield (
            "the old link is used",
            lambda: act.press_link(self, tokens["stop"], "stop"),
        )


class TestEnds(ConsentCase):
    """Consents that are taken back, erased and given again."""

    def stories(self):
        for mode in MODES[1:]:
            with self.prepared(self._bring_given, mode) as order:
                for end in self._list_ends(order):
                    for again in ("ticked", "confirmed"):
                        name = f"{mode}, {end}, {again} again"
                        yield name, self._tell, order, end, again

    def _bring_given(self, mode):
        """Return an order whose buyer agreed."""
        order = self._make_order(consent=False, name="WEB/1")
        self._add_consent(order, mode=mode, moment=self.clock())
        self._run_invites(hours=1)
        self._wait(hours=1)
        return order

    def _list_ends(self, order):
        """Return how a consent may end, by what that is called."""
        consent = order.sudo().trustedshops_consent_ids[:1]
        stop = self._stop
        manager = self.roles["manager"]
        return {
            "stopped by link": lambda: stop(consent),
            "stopped by the manager with the link": lambda: stop(consent, manager),
            "taken back by staff": lambda: act.withdraw_order(self, order, "manager"),
            "taken back twice": lambda: (stop(consent), stop(consent)),
            "erased": lambda: act.erase(self, " Erika@MUSTER.example"),
            "erased and stopped": lambda: self._erase_and_stop(consent),
            "stopped and erased": lambda: (
                stop(consent),
                act.erase(self, EMAIL),
            ),
            "stopped and lifted": lambda: (stop(consent), act.lift(self, "manager")),
            "erased and lifted": lambda: (
                act.erase(self, EMAIL),
                act.lift(self, "manager"),
            ),
            "kept for years": lambda: self._keep_for_years(),
        }

    def _stop(self, consent, user=None):
        return act.open_link(self, consent, "stop", user)

    def _erase_and_stop(self, consent):
        token = act.get_token(consent, "stop")
        act.erase(self, EMAIL)
        return act.press_link(self, token, "stop")

    def _keep_for_years(self):
        self._wait(days=3 * 366)
        act.clean_consents(self)

    def _tell(self, order, end, again):
        self.go_on()
        yield end, self._list_ends(order)[end]
        yield "the queue runs", lambda: self._run_invites(hours=1)
        yield f"{again} again", lambda: self._agree_again(again == "confirmed")
        yield "the queue runs", lambda: self._run_invites(days=31)

    def _agree_again(self, is_confirmed):
        """Have the buyer agree at another order."""
        if is_confirmed:
            self.channel.consent_mode = "double_opt_in"
        order = self._order(name="WEB/2")
        for row in order.sudo().trustedshops_consent_ids:
            if is_confirmed and row.kind == "requested":
                act.open_link(self, row, "confirm")
