# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.tests import JsonRpcException
from odoo.tools import mute_logger

from .http_common import ROUTE
from .test_order_payment_http import WaysToPayCommon

GONE = "Nothing was ordered: Buyer Protection was taken out of your cart meanwhile."


class ShownCommon(WaysToPayCommon):
    """Requests that pay say what their page shows of the box."""

    def assertRefused(self, name, work, *args, **kwargs):
        """Check that a call raises an error of Odoo, and begins no payment."""
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as caught:
            work(*args, **kwargs)
        self.env.invalidate_all()
        self.assertEqual(caught.exception.args[0], f"odoo.exceptions.{name}")
        self.assertFalse(self.order.transaction_ids)


class TestShownHttp(ShownCommon):
    """What the page shows is what is ordered, whatever became of the last tick."""

    def test_an_unticked_box_is_never_charged(self):
        for provider, flow in (
            (self._get_wire_transfer(), "redirect"),
            (self.demo, "direct"),
            (self.provider, "redirect"),
        ):
            with self.subTest(provider=provider.name):
                self.order = self._make_cart()
                self._visit(self.order)
                page = self._open()
                self._tick(amount=100.0)  # whose answer is lost
                self.assertEqual(self.order.amount_total, 100.98)
                transaction = self._start(page, provider, flow)
                self.assertEqual(transaction.amount, 100.0)
                self.assertFalse(transaction.trustedshops_protection_id)
                self._finish(transaction)
                self.assertEqual(self.order.amount_total, 100.0)
                self.assertFalse(self.order.trustedshops_protection_ids)
        self.assertEqual(self._count_applications(), 0)

    def test_only_a_box_that_is_said_to_be_ticked_is(self):
        page = self._open()
        for sent in (None, False, 0, 1, "true", "1", [True], {"a": 1}):
            with self.subTest(sent=sent):
                self._tick(amount=100.0)
                values = {"trustedshops_protection": sent}
                transaction = self._start(page, self.demo, "direct", **values)
                self.assertEqual(transaction.amount, 100.0)
                self.assertOrder(self.order, "draft", 100.0, None, False)

    def test_an_unticked_box_beside_the_sum_with_the_fee_is_refused(self):
        page = self._open()
        self._tick(amount=100.0)
        protection = self.order.trustedshops_protection_id
        self.assertRefused(
            "ValidationError", self._start, page, self.demo, "direct", amount=100.98
        )
        self.assertOrder(self.order, "draft", 100.98, protection, "selected")

    def test_a_ticked_box_without_the_fee_is_refused_in_one_sentence(self):
        self._tick()
        page = self._open()
        self._tick(False)
        for amount in (100.98, 100.0, None):
            self.assertRefused(
                "UserError", self._start, page, self.demo, "direct", amount=amount
            )
        self.assertOrder(self.order, "draft", 100.0, None, False)
        with self.assertRaisesRegex(UserError, GONE) as caught:
            self.order._trustedshops_sync_with_page(is_shown=True)
        # Our script loads the page anew.
        self.assertEqual(caught.exception.context, {"trustedshops_reload": True})

    def test_a_wallet_that_shows_no_box_sells_nothing(self):
        page = self._open()
        self._tick(amount=100.0)  # in a second tab
        values = {"amount": None, "trustedshops_protection": None}
        transaction = self._start(page, self.demo, "direct", **values)
        self._finish(transaction)
        self.assertEqual(transaction.amount, 100.0)
        self.assertFalse(self.order.trustedshops_was_offered)
        self.assertOrder(self.order, "sale", 100.0, None, False)

    def test_a_stranger_takes_nothing_out(self):
        self._tick()
        page = self._open()
        values = {"access_token": "wrong", "trustedshops_protection": False}
        self.assertRefused("ValidationError", self._start, page, self.demo, **values)
        self.assertEqual(self.order.amount_total, 100.98)

    def test_a_fee_that_is_being_paid_is_not_charged_by_a_page_without_it(self):
        self._tick()
        page = self._open()
        pending = self._start(page, self._get_wire_transfer())
        self._finish(pending)
        for amount in (100.98, None):  # none: express checkout
            values = {"amount": amount, "trustedshops_protection": None}
            with (
                mute_logger("odoo.http"),
                self.assertRaises(JsonRpcException) as caught,
            ):
                self._start(page, self.demo, "direct", **values)
            self.assertEqual(caught.exception.args[0], "odoo.exceptions.UserError")
        self.assertEqual(self.order.transaction_ids, pending)
        with self.assertRaisesRegex(UserError, "is being paid already"):
            self.order._trustedshops_sync_with_page(is_shown=False)

    # === WHAT BECAME OF A TICK === #
    def _read_state(self, enable):
        answer = self.make_jsonrpc_request(f"{ROUTE}/state", {"enable": enable})
        self.env.invalidate_all()
        return answer

    def test_the_state_is_read_and_a_tick_that_arrived_is_kept_by_the_next_load(self):
        self.assertEqual(self._read_state(True), {"enabled": False, "reload": False})
        self.assertEqual(self._read_state(False), {"enabled": False, "reload": True})
        self._tick(amount=100.0)
        self.assertEqual(self._read_state(False), {"enabled": True, "reload": False})
        self.assertEqual(self._read_state(True), {"enabled": True, "reload": True})
        self.assertIsNotNone(self._get_box(self._open()).get("checked"))
        self.assertEqual(self.order.amount_total, 100.98)

    def test_an_untick_that_did_not_arrive_is_not_kept_by_the_next_load(self):
        self._tick(amount=100.0)
        self._read_state(False)
        self.assertIsNone(self._get_box(self._open()).get("checked"))

    def test_the_state_of_no_cart(self):
        self.authenticate(None, None)
        self.assertEqual(self._read_state(True), {"enabled": False, "reload": False})


class TestShownFreeHttp(ShownCommon):
    """Orders without anything to pay, which a form confirms."""

    def _make_free(self, is_free=True):
        """Let goods and delivery cost nothing, or what they cost before."""
        self.order.order_line[0].price_unit = 0.0 if is_free else 100.0
        self.env.flush_all()

    def _confirm(self, shown=None):
        values = {"csrf_token": http.Request.csrf_token(self)}
        if shown is not None:
            values["trustedshops_shown"] = shown
        url = "/shop/payment/validate"
        response = self.url_open(url, data=values, allow_redirects=False)
        self.env.invalidate_all()
        return response.headers["Location"]

    def test_an_unticked_box_is_never_charged(self):
        self._tick(amount=100.0)
        self._make_free()
        self.assertEqual(self.order.amount_total, 0.98)
        self.assertURLEqual(self._confirm("0"), "/shop/confirmation")
        self.assertOrder(self.order, "sale", 0.0, None, False)

    def test_a_ticked_box_without_the_fee_is_refused_in_one_sentence(self):
        self._make_free()
        location = self._confirm("1")
        self.assertURLEqual(location, "/shop/payment#trustedshops_protection")
        self.assertEqual(self.order.state, "draft")
        self._make_free(False)
        notice = f"{GONE} Today: 0.98 € incl. 19% VAT"
        self.assertEqual(self._get_notice(self._open()), notice)
        self.assertEqual(self._get_notice(self._open()), "")

    def test_what_would_not_be_confirmed_is_not_judged(self):
        self._tick(amount=100.0)
        protection = self.order.trustedshops_protection_id
        for shown in ("0", None):
            self.assertURLEqual(self._confirm(shown), "/shop")
            self.assertOrder(self.order, "draft", 100.98, protection, "selected")
        self._make_free()
        # A visit that says nothing, while another page may show the fee.
        self.assertURLEqual(self._confirm(), "/shop")
        self.assertOrder(self.order, "draft", 0.98, protection, "selected")
