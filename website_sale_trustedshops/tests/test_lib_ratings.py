# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from decimal import Decimal

import requests

from odoo.addons.website_sale_trustedshops.lib.exceptions import RetryableError
from odoo.addons.website_sale_trustedshops.lib.feed import FEED_URLS
from odoo.addons.website_sale_trustedshops.lib.ratings import Rating, RatingClient
from odoo.addons.website_sale_trustedshops.lib.widget_hosts import (
    make_widget_script_url,
)

from .test_lib_client import TS_ID, CannedCase
from .test_lib_trustmark import NO_SUCH_KEY, make_document

REVIEWS = {
    "overallMark": 4.826,
    "overallMarkDescription": "EXCELLENT",
    "activeReviewCount": 123,
    "totalReviewCount": 4567,
    "reviewsCountedSince": "2015-02-03",
}
UNREADABLE = "The answer of Trusted Shops to getRating makes no sense"
SCRIPT = '"><script>alert(1)</script>'


class TestLibRatings(CannedCase):
    """What buyers say about a shop, and that nothing else is ever taken for it."""

    def setUp(self):
        super().setUp()
        self.client = RatingClient(FEED_URLS["production"])
        self.addCleanup(self.client.close)
        self.answer_reviews()

    def answer_shop(self, **shop):
        self.answer = json.dumps(make_document({"tsId": TS_ID, **shop}))

    def answer_reviews(self, **changes):
        reviews = {**REVIEWS, **changes}
        self.answer_shop(qualityIndicators={"reviewIndicator": reviews})

    def get(self):
        return self.client.get_rating(TS_ID)

    def test_the_document_of_the_id_is_asked_for(self):
        self.client.get_rating(f" {TS_ID.lower()}\n")
        ((request, _kwargs),) = self.sent
        self.assertEqual(
            (request.method, request.url),
            (
                "GET",
                f"https://cdn1.api.trustedshops.com/shops/{TS_ID}"
                "/mobiles/v1/sdks/ios/quality/reviews.json",
            ),
        )

    def test_what_is_no_id_is_not_sent(self):
        for ts_id in (f"../{TS_ID}", "", None):
            with self.subTest(ts_id=ts_id), self.assertRaises(ValueError):
                self.client.get_rating(ts_id)
        self.assertEqual(self.sent, [])

    def test_the_mark_of_a_year_goes_with_the_reviews_of_that_year(self):
        self.assertEqual(self.get(), Rating(value=Decimal("4.83"), count=123))

    def test_all_reviews_count_where_those_of_the_year_are_not_told(self):
        for count in (None, 0, "", "many"):
            self.answer_reviews(activeReviewCount=count)
            self.assertEqual(self.get(), Rating(value=Decimal("4.83"), count=4567))

    def test_a_mark_may_be_written_in_several_ways(self):
        for mark, expected in (
            *((5, "5.00"), ("5.00", "5.00"), (4.8, "4.80"), ("4.826", "4.83")),
            *((1, "1.00"), ("1.004", "1.00"), (" 4.5 ", "4.50")),
        ):
            with self.subTest(mark=mark):
                self.answer_reviews(overallMark=mark)
                self.assertEqual(self.get().value, Decimal(expected))

    def test_a_mark_or_number_that_makes_no_sense_is_no_rating(self):
        for mark in (
            *(0, 0.5, 5.1, 6, -4, "4,8", "1e0", "NaN", "٤", "9" * 5000, SCRIPT, True),
            *(None, "", ["4.8"], {"value": 4.8}, 10**400, float("inf")),
        ):
            with self.subTest(mark=mark):
                self.answer_reviews(overallMark=mark)
                self.assertIsNone(self.get())
        for count in (0, -1, 1.5, "1,234", "10" * 5, SCRIPT, None, [1], True):
            with self.subTest(count=count):
                self.answer_reviews(activeReviewCount=count, totalReviewCount=count)
                self.assertIsNone(self.get())

    def test_a_shop_without_reviews_has_no_rating(self):
        for indicators in (
            *(None, {}, [], SCRIPT),
            *({"reviewIndicator": None}, {"reviewIndicator": []}),
        ):
            self.answer_shop(qualityIndicators=indicators)
            self.assertIsNone(self.get())

    def test_no_document_is_no_rating(self):
        self.answer = "{}"
        self.assertIsNone(self.get())
        self.answer, self.status = NO_SUCH_KEY, 404
        self.assertIsNone(self.get())

    def test_nothing_else_is_understood(self):
        for answer in (
            *("", "null", "[]", "0", "false", '""', '{"a": 1}', "<html/>", "[" * 9999),
            json.dumps(make_document({"tsId": "X" + "9" * 32})),
            json.dumps(make_document(None)),
        ):
            with self.subTest(answer=answer[:20]):
                self.answer = answer
                with self.assertRaisesRegex(RetryableError, f"^{UNREADABLE}$"):
                    self.get()

    def test_no_answer_is_an_error_of_the_moment(self):
        self.answer = requests.ConnectionError("secret")
        with self.assertRaises(RetryableError) as caught:
            self.get()
        self.assertNotIn("secret", str(caught.exception))
        self.answer, self.status = "{}", 500
        with self.assertRaisesRegex(RetryableError, "HTTP status 500$"):
            self.get()

    def test_widgets_are_drawn_by_one_script(self):
        for environment, expected in (
            (
                "production",
                "https://integrations.etrusted.com/applications/widget.js/v2",
            ),
            ("qa", "https://integrations.etrusted.site/applications/widget.js/v2"),
            ("sandbox", "http://127.0.0.1:8099/applications/widget.js/v2"),
        ):
            url = make_widget_script_url(environment, "http://127.0.0.1:8099/")
            self.assertEqual(url, expected)
