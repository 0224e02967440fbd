# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import root
from odoo.tests import JsonRpcException
from odoo.tools import mute_logger

from .common import RETURNED
from .http_common import ADDED, NOT_ADDED, TrustedShopsHttpCommon


class TestTickHttp(TrustedShopsHttpCommon):
    """The tick of a public visitor: what it changes and how long it lasts."""

    def assertChosen(self):
        self.assertEqual(self.order.amount_total, 100.98)
        self.assertEqual(self.order.trustedshops_protection_id.state, "selected")

    def assertNotChosen(self):
        self.assertEqual(self.order.amount_total, 100.0)
        self.assertFalse(self.order.trustedshops_protection_id)
        self.assertEqual(len(self.order.order_line), 1)

    def assertPrefetchRefused(self, url, **headers):
        """Check that the browser gets no page which it could show later."""
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        response = self.url_open(url, headers=headers, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 503)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.text, "")

    def test_a_tick_adds_one_line_of_exactly_the_fee_and_an_untick_takes_it_away(self):
        self.assertEqual(self._tick(), ADDED)
        self.assertEqual(
            self.order.order_line.mapped("is_trustedshops_protection"), [False, True]
        )
        self.assertChosen()
        self.assertEqual(self.service.calls, [])
        self.assertEqual(self._tick(False), NOT_ADDED)
        self.assertNotChosen()
        self.assertFalse(
            self.env["trustedshops.protection"].search(
                [("order_id", "=", self.order.id)]
            )
        )

    def test_a_visitor_without_cart_gets_no_cart(self):
        self.authenticate(None, None)
        before = self.env["sale.order"].search_count([])
        self.assertEqual(self._tick(), NOT_ADDED)
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    @mute_logger("odoo.http")
    def test_an_order_that_is_being_paid_is_not_changed(self):
        self._tick()
        self._pay(self.order, "pending")
        self._pay(self.order, "error")
        self.order.state = "draft"
        with self.assertRaises(JsonRpcException) as caught:
            self._tick(False)
        self.assertEqual(caught.exception.args[0], "odoo.exceptions.UserError")
        self.assertChosen()

    def test_the_visit_after_the_tick_keeps_it_and_the_next_drops_it(self):
        self._tick()
        page = self._open()
        self.assertIsNotNone(self._get_box(page).get("checked"))
        self.assertEqual(self._get_notice(page), "")
        self.assertChosen()
        page = self._open()
        self.assertIsNone(self._get_box(page).get("checked"))
        self.assertEqual(self._get_notice(page), RETURNED)
        self.assertNotChosen()
        self._tick()
        self.assertEqual(self._get_notice(self._open()), "")

    def test_the_mark_of_one_cart_keeps_no_other(self):
        self._tick()
        other = self._make_cart()
        self._choose(other)
        self.order.unlink()
        self.session["sale_order_id"] = other.id
        self._save_session()
        self._open()
        self.assertEqual(other.amount_total, 100.0)

    def _save_session(self):
        stored = root.session_store.get(self.session.sid)
        stored["sale_order_id"] = self.session["sale_order_id"]
        root.session_store.save(stored)

    def test_fetching_the_page_ahead_changes_nothing(self):
        for url in ("/shop/payment", "/shop/cart"):
            self._open(url, Sec_Purpose="prefetch")  # without a choice it may
        self._tick()
        self.assertPrefetchRefused("/shop/payment", Sec_Purpose="prefetch;prerender")
        self.assertPrefetchRefused("/shop/payment", Purpose="prefetch")
        self.assertPrefetchRefused("/shop/cart", Sec_Purpose="prefetch")
        self.assertChosen()
        self.assertIsNotNone(self._get_box(self._open()).get("checked"))
        self.assertPrefetchRefused("/shop/payment", Sec_Purpose="prefetch")
        self.assertChosen()

    def test_the_cart_page_with_its_express_checkout_drops_it(self):
        self._tick()
        page = self._open("/shop/cart")
        self.assertNotChosen()
        self.assertNotIn("Unticked", page.text_content())
        self.assertEqual(self._get_notice(self._open()), RETURNED)
