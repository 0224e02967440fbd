# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import requests

from ..lib.exceptions import RetryableError
from ..lib.feed import FEED_URLS, FeedClient
from .common import TrustedShopsCommon
from .fake_service import HTML_PAGE, TS_ID

SHOP = {"url": "shop.example", "trustMark": {"status": "VALID"}}


class TestFakeFeed(TrustedShopsCommon):
    """The fake answers for the public list as it does for the services."""

    def get(self, environment="production"):
        with FeedClient(FEED_URLS[environment]) as client:
            return client.get_trustmark(TS_ID)

    def test_no_id_is_known_unless_a_test_says_so(self):
        self.assertIsNone(self.get())
        self.assertEqual(self.service.calls, [("getTrustmark", {"tsId": TS_ID})])

    def test_a_shop_is_known_on_every_host(self):
        self.service.trustmark = SHOP
        for environment in FEED_URLS:
            answer = self.get(environment)
            self.assertEqual((answer.ts_id, answer.url), (TS_ID, "shop.example"))
        self.service.reset()
        self.assertIsNone(self.get())

    def test_outcomes_can_be_scripted(self):
        self.service.script(
            "getTrustmark",
            requests.ReadTimeout(),
            HTML_PAGE,
            lambda parts: {**SHOP, "url": parts["tsId"].lower()},
            None,
            SHOP,
        )
        for pattern in ("ReadTimeout", "HTTP status 502"):
            with self.assertRaisesRegex(RetryableError, pattern):
                self.get()
        self.assertEqual(self.get().url, TS_ID.lower())
        self.assertIsNone(self.get())
        self.assertEqual(self.get().url, "shop.example")
        self.assertIsNone(self.get())
