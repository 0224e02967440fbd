# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
from contextlib import nullcontext
from unittest.mock import patch

from lxml import html

from odoo.tests import HttpCase, common

from .common import TrustedShopsCommon

ROUTE = "/shop/trustedshops/protection"
# What the route answers to a page that has to be loaded anew.
ADDED = {"enabled": True, "reload": True}
NOT_ADDED = {"enabled": False, "reload": True}

# Seconds: more than a busy machine takes for a page with new assets, or for a tour.
PATIENCE = 60
TOUR_PATIENCE = 300


class PatientHttpCase(HttpCase):
    """Requests, browsers and tours that may take longer than Odoo lets them."""

    def enter_registry_test_mode(self):
        """Override: it is entered already, of which core warns."""
        return nullcontext()

    def url_open(self, url, *args, timeout=PATIENCE, **kwargs):
        return super().url_open(url, *args, timeout=timeout, **kwargs)

    def make_jsonrpc_request(self, route, *args, timeout=PATIENCE, **kwargs):
        return super().make_jsonrpc_request(route, *args, timeout=timeout, **kwargs)

    def browser_js(self, *args, **kwargs):
        kwargs["timeout"] = TOUR_PATIENCE
        # Below, it tells each request, with whole pages and all addresses in them.
        self._logger.setLevel(logging.INFO)
        iterations = int(PATIENCE / common.CHECK_BROWSER_SLEEP)
        with patch.object(common, "CHECK_BROWSER_ITERATIONS", iterations):
            return super().browser_js(*args, **kwargs)


class TrustedShopsHttpCommon(TrustedShopsCommon, PatientHttpCase):
    """A public visitor with a cart of 100.00 euro before the payment page."""

    def setUp(self):
        super().setUp()
        self._get_wire_transfer()
        self.order = self._make_cart()
        self._visit(self.order)

    @classmethod
    def _make_portal_buyer(cls):
        """Return the login of a buyer with an account."""
        user = cls._create_new_portal_user(
            login="ts_buyer", password="ts_buyer", lang="en_US"
        )
        address = {"email": "buyer@muster.example", **cls._get_address()}
        user.partner_id.write(address)
        return user

    def _visit(self, order, login=None):
        """Begin a session whose cart is the order."""
        self.authenticate(login, login, session_extra={"sale_order_id": order.id})

    def _open(self, url="/shop/payment", **headers):
        """Return the page as a tree; headers with underscores for dashes."""
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        response = self.url_open(url, headers=headers, allow_redirects=False)
        self.assertEqual(response.status_code, 200, response.headers.get("Location"))
        self.env.invalidate_all()
        return html.fromstring(response.content)

    def _get_box(self, page):
        """Return the box of the offer, None without offer."""
        boxes = page.xpath("//input[@name='trustedshops_protection']")
        self.assertLessEqual(len(boxes), 1)
        return boxes[0] if boxes else None

    def _get_settings(self, page):
        """Return what the page's head says to our scripts."""
        [content] = page.xpath("/html/head/meta[@name='trustedshops']/@content")
        return json.loads(content)

    def _get_text(self, page, xpath):
        """Return the text of the one element, with single blanks."""
        [element] = page.xpath(xpath)
        return " ".join(element.text_content().split())

    def _get_notice(self, page):
        """Return what the payment page says of the choice, '' for nothing."""
        texts = page.xpath("//*[@name='trustedshops_answer']")
        return " ".join(texts[0].text_content().split()) if texts else ""

    def _tick(self, enable=True, offer=None, amount=None):
        """Return what the route answers to a page that shows this amount."""
        if offer is None:
            offer = self.order._trustedshops_get_offer().get("key", "")
        answer = self.make_jsonrpc_request(
            ROUTE, {"enable": enable, "offer": offer, "amount": amount}
        )
        self.env.invalidate_all()
        return answer
