# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import time
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.website_sale_trustedshops.tests.lib_common import CannedCase

from ..lib.grade_feed import OVERALL, YEAR, Grade, GradeClient, Reading
from .fake_etrusted import make_grades

CHANNEL = "chl-4711"
UNREADABLE = "The answer of Trusted Shops to getProductGrade makes no sense"
URL = (
    "https://feed.example/feeds/grades/v1/channels/chl-4711/products/sku/4c616d7065/"
    "feed.json"
)


class TestLibGrades(CannedCase):
    """That nothing but a grade is ever taken for one."""

    def setUp(self):
        super().setUp()
        self.client = GradeClient("https://feed.example", interval=0)
        self.addCleanup(self.client.close)

    def _get(self, document=None, period=YEAR, **words):
        if document is not None:
            self.answer = json.dumps(document)
        return self.client.get_grade(CHANNEL, "Lampe", period, **words)

    def test_a_grade_is_read_with_its_etag(self):
        self.headers = {"ETag": '"abc"'}
        reading = self._get(make_grades(4.826, 12))
        grade = Grade(Decimal("4.83"), 12)
        self.assertEqual(reading, Reading(grade=grade, etag='"abc"'))
        self.assertEqual(self.sent[0][0].url, URL)
        self.assertNotIn("If-None-Match", self.sent[0][0].headers)

    def test_the_period_falls_back_to_all_reviews(self):
        document = make_grades(4.5, 2)
        document["grades"][YEAR] = {"rating": 0, "count": 0}
        for period in (YEAR, OVERALL):
            self.assertEqual(
                self._get(document, period).grade, Grade(Decimal("4.50"), 2)
            )
        document = make_grades(3, 7)
        document["grades"][YEAR] = {"rating": 5, "count": 1}
        self.assertEqual(self._get(document, YEAR).grade.count, 1)
        self.assertEqual(self._get(document, OVERALL).grade.count, 7)

    def test_a_document_without_reviews_has_no_grade(self):
        for document in ({}, make_grades(0, 0)):
            self.assertEqual(self._get(document), Reading())

    def test_a_document_is_read_as_far_as_its_grade_is_wanted(self):
        grade = '{"rating": 4.82500000000000000001, "count": 12}'
        for year, overall, expected in (
            (grade, '{"rating": "4,8", "count": -1}', Grade(Decimal("4.83"), 12)),
            (grade, "null", Grade(Decimal("4.83"), 12)),
            ('{"rating": null, "count": 0}', grade, Grade(Decimal("4.83"), 12)),
            ('{"count": 0}', '{"rating": "-", "count": 0}', None),
        ):
            self.answer = f'{{"grades": {{"365days": {year}, "overall": {overall}}}}}'
            with self.subTest(year=year, overall=overall):
                self.assertEqual(self._get().grade, expected)

    def test_an_unchanged_document_is_not_sent_again(self):
        self.status = 304
        self.assertEqual(self._get(etag='"abc"'), Reading(True, etag='"abc"'))
        self.assertEqual(self.sent[0][0].headers["If-None-Match"], '"abc"')
        # The request did not ask whether it changed.
        with self.assertRaises(Exception) as caught:
            self._get()
        self.assertEqual(caught.exception.status, 304)

    def test_nonsense_is_no_grade(self):
        grades = make_grades(4.8, 12)
        bodies = [
            json.dumps(make_grades(rating, 12))
            for rating in (5.4, "4,8", -1, 0.5, 0, "4.8\n", float("nan"), 1e300, None)
        ]
        bodies += [
            json.dumps(make_grades(4.8, count))
            for count in (-1, 10**12, 1.5, "1,000", float("inf"), None, [12], True)
        ]
        bodies += [
            json.dumps({**grades, "channelId": "chl-other"}),
            json.dumps({**grades, "sku": "other"}),
            json.dumps({"grades": {OVERALL: grades["grades"][OVERALL]}}),
            *("", "null", "[]", "12", '"{}"', '{"grades": {}}', '{"grades": [1]}'),
            *("<html><body>502</body></html>", "[" * 100000, '{"grades": {"365days":'),
        ]
        for body in bodies:
            self.answer = body
            with self.subTest(body=body[:80]):
                self.assertRetryable(self._get, UNREADABLE)

    def test_too_large_an_answer_is_a_document_that_makes_no_sense(self):
        self.answer = json.dumps({**make_grades(4.8, 12), "x": "x" * 2 * 1024 * 1024})
        with self.assertRaises(Exception) as caught:
            self._get()
        self.assertEqual(caught.exception.status, 200)

    def test_another_status_says_nothing_about_the_product(self):
        self.answer = json.dumps(make_grades(4.8, 12))
        for status in (204, 302, 401, 404, 429, 500, 503):
            self.status = status
            with self.subTest(status), self.assertRaises(Exception) as caught:
                self._get()
            self.assertEqual(caught.exception.status, status)

    def test_an_etag_is_sent_back_only_if_it_is_one(self):
        for etag in ("abc", '"a b"', '"' + "a" * 201 + '"', '"ü"'):
            self.headers = {"ETag": etag}
            self.assertEqual(self._get(make_grades(4.8, 12)).etag, "", etag)

    def test_the_feed_is_not_asked_faster_than_it_may_be(self):
        pauses = []
        self.client = GradeClient("https://feed.example", interval=0.1)
        self.addCleanup(self.client.close)
        with patch.object(time, "sleep", pauses.append):
            for _number in range(3):
                self._get({})
        self.assertEqual(len(pauses), 2)
        self.assertGreater(min(pauses), 0.05)
