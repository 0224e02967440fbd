# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from unittest.mock import patch

from odoo.orm.models import BaseModel
from odoo.tests import JsonRpcException
from odoo.tools import mute_logger

from .http_common import NOT_ADDED, ROUTE, TrustedShopsHttpCommon

USER_ERROR = "odoo.exceptions.UserError"


class TestTickHostile(TrustedShopsHttpCommon):
    """Calls of the route that no page of ours makes: refused, without any change."""

    def assertUntouched(self, order=None):
        order = order or self.order
        self.env.invalidate_all()
        self.assertEqual(order.amount_total, 100.0)
        self.assertEqual(len(order.order_line), 1)
        self.assertFalse(order.trustedshops_protection_id)

    def assertRefused(self, params):
        """Check that the call is answered with a sentence, not with a crash."""
        with self.assertRaises(JsonRpcException) as caught:
            self.make_jsonrpc_request(ROUTE, params)
        self.assertEqual(caught.exception.args[0], USER_ERROR)
        self.assertUntouched()

    def _post(self, body, content_type="application/json"):
        """Send a body as it is; return the response."""
        headers = {"Content-Type": content_type}
        return self.url_open(
            ROUTE, data=body, headers=headers, method="POST", allow_redirects=False
        )

    def _get_body(self, **params):
        offer = self.order._trustedshops_get_offer()["key"]
        params = {"enable": True, "offer": offer, **params}
        return json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})

    @mute_logger("odoo.http")
    def test_a_box_that_is_neither_ticked_nor_not(self):
        offer = self.order._trustedshops_get_offer()["key"]
        for enable in (1, 0.5, "true", "", None, [], [True], {"a": 1}, "x" * 10**6):
            with self.subTest(enable=str(enable)[:20]):
                self.assertRefused({"enable": enable, "offer": offer})
        self.assertRefused({})

    def test_an_offer_that_was_never_made(self):
        free = self.order._trustedshops_get_offer()["key"].replace("/0.98/", "/0.0/")
        other = "X/TS080501_1500_30_EUR/2.94/en_US/2026-11"
        for offer in (
            *(free, other, "", "\0", "x" * 10**6),
            *(None, 1, True, [], ["X"], {"a": 1}),
        ):
            with self.subTest(offer=str(offer)[:20]):
                answer = self.make_jsonrpc_request(
                    ROUTE, {"enable": True, "offer": offer}
                )
                self.assertEqual(answer, NOT_ADDED)
                self.assertUntouched()
        self.assertEqual(self.order.trustedshops_notice, "choice_offer")

    @mute_logger("odoo.http")
    def test_another_buyers_cart_cannot_be_named(self):
        other = self._make_cart()
        token = other._portal_ensure_token()
        for name in ("order_id", "sale_order_id", "order", "cart_id", "id"):
            with self.subTest(name=name):
                params = {name: other.id, "access_token": token, "enable": True}
                self.make_jsonrpc_request(
                    ROUTE, {**params, "offer": other._trustedshops_get_offer()["key"]}
                )
                self.assertUntouched(other)

    def test_a_page_that_is_opened_ticks_nothing(self):
        for url in (ROUTE, f"{ROUTE}?enable=true&offer=X"):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 405)
                self.assertUntouched()

    @mute_logger("odoo.http")
    def test_forms_of_other_sites_tick_nothing(self):
        """A browser sends these across sites without asking ours first."""
        for content_type in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ):
            with self.subTest(content_type=content_type):
                response = self._post(self._get_body(), content_type)
                self.assertEqual(response.status_code, 415)
                self.assertUntouched()
        # Nor is any allowed to ask.
        headers = {
            "Origin": "https://evil.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        response = self.opener.options(self.base_url() + ROUTE, headers=headers)
        self.assertNotIn("Access-Control-Allow-Origin", response.headers)

    @mute_logger("odoo.http")
    def test_a_cart_that_is_locked_by_a_payment(self):
        """Core locks the order while a payment starts."""
        with patch.object(
            BaseModel, "try_lock_for_update", lambda self, **_kw: self[:0]
        ):
            answer = self._post(self._get_body()).json()
        self.assertEqual(
            [answer["error"]["data"][name] for name in ("name", "message")],
            [USER_ERROR, "Your cart is being changed. Please try again."],
        )
        self.assertUntouched()

    def test_an_order_that_was_placed_stays_as_it_was(self):
        self._tick()
        protection = self.order.trustedshops_protection_id
        self.order.action_confirm()
        for enable in (True, False):
            with self.subTest(enable=enable):
                self.assertEqual(self._tick(enable, offer="X"), NOT_ADDED)
                self.assertEqual(self.order.amount_total, 100.98)
                self.assertEqual(protection.state, "queued")
