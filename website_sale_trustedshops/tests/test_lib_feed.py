# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from ..lib.exceptions import RetryableError
from ..lib.feed import FEED_URLS, FeedClient, Rating, Trustmark
from .fake_service import TS_ID
from .lib_common import CannedCase

SHOP = {
    "tsId": TS_ID,
    "name": "Lampenladen Müller",
    "url": "shop.example/de",
    "languageISO2": "de",
    "targetMarketISO3": "DEU",
    "trustMark": {
        "status": "VALID",
        "validFrom": "2019-03-01T00:00:00+01:00",
        "validTo": "2027-02-28T23:59:59+01:00",
    },
    "guarantee": {
        "mainProtectionCurrency": "EUR",
        "maxProtectionAmount": "2,500",
        "maxProtectionDuration": "30",
    },
}
TRUSTMARK = Trustmark(
    ts_id=TS_ID,
    url="shop.example/de",
    language="de",
    status="VALID",
    valid_from=date(2019, 3, 1),
    valid_to=date(2027, 2, 28),
    protection_currency="EUR",
    max_protection_amount=Decimal("2500"),
)
REVIEWS = {
    "overallMark": 4.826,
    "overallMarkDescription": "EXCELLENT",
    "activeReviewCount": 123,
    "totalReviewCount": 4567,
    "reviewsCountedSince": "2015-02-03",
}
NO_SUCH_KEY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>'
    "<Message>The specified key does not exist.</Message><Key>empty.json</Key>"
    "<RequestId>4442587FB7D0A2F9</RequestId></Error>"
)
SCRIPT = '"><script>alert(1)</script>'


def make_document(shop):
    """Return a document about a shop."""
    return {
        "response": {
            "code": 200,
            "status": "SUCCESS",
            "message": "SUCCESS",
            "data": {"shop": shop},
            "responseInfo": {"apiVersion": "2.4.28"},
        }
    }


class FeedCase(CannedCase):
    """Case with a client of the public documents of the test system."""

    OPERATION = "getTrustmark"

    def setUp(self):
        super().setUp()
        self.client = FeedClient(FEED_URLS["qa"])
        self.addCleanup(self.client.close)
        self.unreadable = (
            f"The answer of Trusted Shops to {self.OPERATION} makes no sense"
        )

    def answer_document(self, document):
        self.answer = json.dumps(document)


class TestLibFeed(FeedCase):
    """That nothing but a document is ever taken for one."""

    def get(self):
        return self.client.get_trustmark(TS_ID)

    def setUp(self):
        super().setUp()
        self.answer_document(make_document(SHOP))

    def test_the_documents_of_the_id_are_asked_for(self):
        for base_url, host in (
            (FEED_URLS["production"], "https://cdn1.api.trustedshops.com"),
            (FEED_URLS["qa"], "https://cdn1.api-qa.trustedshops.com"),
            (" http://127.0.0.1:8099/ ", "http://127.0.0.1:8099"),
        ):
            self.sent.clear()
            with FeedClient(base_url) as client:
                client.get_trustmark(f" {TS_ID.lower()}\n")
                with contextlib.suppress(RetryableError):
                    client.get_rating(f" {TS_ID.lower()}\n")
            folder = f"{host}/shops/{TS_ID}/mobiles/v1/sdks/ios"
            self.assertEqual(
                [(sent.method, sent.url, sent.body) for sent, _options in self.sent],
                [
                    ("GET", f"{folder}/trustmarks.json", None),
                    ("GET", f"{folder}/quality/reviews.json", None),
                ],
            )

    def test_what_is_no_id_is_not_sent(self):
        for ts_id in (f"../{TS_ID}", f"{TS_ID}/a", "", None):
            for get in (self.client.get_trustmark, self.client.get_rating):
                with self.subTest(ts_id=ts_id), self.assertRaises(ValueError):
                    get(ts_id)
        self.assertEqual(self.sent, [])

    def test_a_storage_without_the_document_makes_an_id_unknown(self):
        self.answer = NO_SUCH_KEY
        for self.status in (200, 403, 404):
            self.assertIsNone(self.get())

    def test_nothing_else_makes_an_id_unknown(self):
        for answer in (
            "",
            "<Error><Code>AccessDenied</Code></Error>",
            "<Error><Message>NoSuchKey</Message></Error>",
            "<Fault><Code>NoSuchKey</Code></Fault>",
            "<Error><Code>NoSuchKey</Code>",
            "<html><body>404 Not Found<p>Code: NoSuchKey</body></html>",
            "<html><body><Error><Code>NoSuchKey</Code></Error></body></html>",
            '<!DOCTYPE Error [<!ENTITY a "NoSuchKey">]><Error><Code>&a;</Code></Error>',
            "NoSuchKey",
            "{}",
        ):
            with self.subTest(answer=answer):
                self.answer, self.status = answer, 200
                self.assertRetryable(self.get, self.unreadable)
                for self.status in (403, 404):
                    self.assertRetryable(
                        self.get,
                        f"Trusted Shops answered with HTTP status {self.status}",
                    )

    def test_another_status_is_no_answer_whatever_its_body(self):
        document = self.answer
        for status, answer in (
            *((status, document) for status in (201, 400, 403, 404, 410, 500, 503)),
            *((status, NO_SUCH_KEY) for status in (201, 400, 410, 500, 503)),
        ):
            self.status, self.answer = status, answer
            self.assertRetryable(
                self.get, f"Trusted Shops answered with HTTP status {status}"
            )

    def test_what_is_no_document_makes_no_sense(self):
        for answer in (
            "<html><body><h1>We are back soon</h1></body></html>",
            *("{", self.answer[:-9], '{"response": "\x00"}'),
            *("[" * 100_000, '{"a":' * 40_000, "[" * 100_000 + "]" * 100_000),
        ):
            with self.subTest(answer=answer[:60]):
                self.answer = answer
                self.assertRetryable(self.get, self.unreadable)

    def test_a_document_of_another_shape_makes_no_sense(self):
        for document in (
            *(None, 1, "text", [], {}, [SHOP], SHOP),
            {"response": None},
            {"response": [{"data": {"shop": SHOP}}]},
            {"response": {"code": 404, "status": "ERROR", "message": "NOT_FOUND"}},
            {"response": {"data": {}}},
            make_document(None),
            make_document([SHOP]),
            make_document({"tsId": TS_ID}),
            *(
                make_document({**SHOP, "trustMark": mark})
                for mark in ("VALID", {}, {"status": " "}, {"status": ["VALID"]})
            ),
            *(
                make_document({**SHOP, "tsId": ts_id})
                for ts_id in (f"{TS_ID[:-1]}0", f"{TS_ID}0", "", None, [TS_ID])
            ),
        ):
            with self.subTest(document=document):
                self.answer_document(document)
                self.assertRetryable(self.get, self.unreadable)


class TestLibTrustmark(FeedCase):
    """What the public list says."""

    def get(self, **changes):
        self.answer_document(make_document({**SHOP, **changes}))
        return self.client.get_trustmark(TS_ID)

    def get_guarantee(self, **changes):
        return self.get(guarantee={**SHOP["guarantee"], **changes})

    def test_everything_that_is_said_is_returned(self):
        self.assertEqual(self.get(), TRUSTMARK)
        with freeze_time("2026-01-01"):
            self.assertEqual(self.get(), TRUSTMARK)
        # A number of any size is read.
        self.answer = json.dumps(make_document(SHOP)).replace('"30"', "9" * 5000)
        self.assertEqual(self.client.get_trustmark(TS_ID), TRUSTMARK)

    def test_a_document_with_a_mark_only_is_enough(self):
        self.answer_document(
            make_document({"tsId": TS_ID, "trustMark": {"status": "VALID"}})
        )
        self.assertEqual(
            self.client.get_trustmark(TS_ID),
            Trustmark(TS_ID, "", "", "VALID", None, None, "", None),
        )

    def test_codes_come_in_one_spelling(self):
        found = self.get(
            tsId=TS_ID.lower(),
            languageISO2=" DE ",
            trustMark={**SHOP["trustMark"], "status": " valid "},
            guarantee={**SHOP["guarantee"], "mainProtectionCurrency": "eur"},
        )
        self.assertEqual(found, TRUSTMARK)

    def test_a_day_is_the_one_that_is_written(self):
        for text, expected in (
            ("2026-12-31T00:00:00+14:00", date(2026, 12, 31)),
            ("2026-12-31T23:59:59.999-12:00", date(2026, 12, 31)),
            ("2026-12-31T23:59:59Z", date(2026, 12, 31)),
            ("2026-12-31T23:59:59.123456789Z", date(2026, 12, 31)),
            ("2026-12-31", date(2026, 12, 31)),
            *((text, None) for text in ("2026-02-30", "31.12.2026", "99999-12-31")),
            *((text, None) for text in ("9" * 5000, "", None, 20261231000000, [])),
        ):
            with self.subTest(text=text):
                mark = {"status": "VALID", "validFrom": text, "validTo": text}
                answer = self.get(trustMark=mark)
                self.assertEqual(
                    (answer.valid_from, answer.valid_to), (expected, expected)
                )

    def test_an_amount_may_be_written_in_several_ways(self):
        for text, expected in (
            *(("2,500", "2500"), ("2500", "2500"), ("2,500.00", "2500")),
            *(("1,234,567.8", "1234567.8"), ("0", "0")),
            *((2500, "2500"), (2500.5, "2500.5")),
        ):
            with self.subTest(text=text):
                answer = self.get_guarantee(maxProtectionAmount=text)
                self.assertEqual(answer.max_protection_amount, Decimal(expected))
        for text in (
            *("", "-1", "1e5", "2.500", "25,00", "NaN", "Infinity", "٢٥٠٠", "2500 €"),
            *("1,234,567,890", "9" * 12, "9" * 5000, 10**400, 1e300),
            *(float("nan"), float("inf"), True, None, ["2500"], {"value": "2500"}),
        ):
            with self.subTest(text=text):
                answer = self.get_guarantee(maxProtectionAmount=text)
                self.assertIsNone(answer.max_protection_amount)

    def test_a_guarantee_has_an_amount(self):
        nothing = {"protection_currency": "", "max_protection_amount": None}
        for guarantee in (None, [], "EUR", {}):
            self.assertEqual(
                self.get(guarantee=guarantee), replace(TRUSTMARK, **nothing)
            )

    def test_what_is_no_code_is_left_out(self):
        for text in ("", "d", "deu", "de_DE", "<b>", "ß", 12, None, ["de"]):
            found = self.get(languageISO2=text)
            self.assertEqual(found, replace(TRUSTMARK, language=""))
        for text in ("", "EU", "EURO", "€", "<b>", 123, None, ["EUR"]):
            found = self.get_guarantee(mainProtectionCurrency=text)
            self.assertEqual(found, replace(TRUSTMARK, protection_currency=""))

    def test_a_text_is_one_printable_line_of_sane_length(self):
        for text, expected in (
            (" a\x00b\x1b[31m\n c\u2028d\ud800\u202ee ", "ab[31m c de"),
            ("x" * 1000, "x" * 255),
            (SCRIPT, '"><script>alert(1)</script>'),
        ):
            self.assertEqual(self.get(url=text).url, expected)


class TestLibRating(FeedCase):
    """What buyers say about a shop."""

    OPERATION = "getRating"

    def get(self, **changes):
        indicators = {"reviewIndicator": {**REVIEWS, **changes}}
        return self.get_shop(qualityIndicators=indicators)

    def get_shop(self, **shop):
        self.answer_document(make_document({"tsId": TS_ID, **shop}))
        return self.client.get_rating(TS_ID)

    def test_the_reviews_of_a_year_count_or_all_where_those_are_not_told(self):
        for count in (None, 0, "", "many"):
            self.assertEqual(
                self.get(activeReviewCount=count),
                Rating(value=Decimal("4.83"), count=4567),
            )
        self.assertEqual(self.get(), Rating(value=Decimal("4.83"), count=123))

    def test_a_mark_may_be_written_in_several_ways(self):
        for mark, expected in (
            *((5, "5.00"), ("5.00", "5.00"), (4.8, "4.80"), ("4.826", "4.83")),
            *((1, "1.00"), ("1.004", "1.00"), (" 4.5 ", "4.50")),
        ):
            with self.subTest(mark=mark):
                self.assertEqual(self.get(overallMark=mark).value, Decimal(expected))

    def test_a_mark_or_number_that_makes_no_sense_is_no_rating(self):
        for mark in (
            *(0, 0.5, 5.1, 6, -4, "4,8", "1e0", "NaN", "٤", "9" * 5000, SCRIPT, True),
            *(None, "", ["4.8"], {"value": 4.8}, 10**400, float("inf")),
        ):
            with self.subTest(mark=mark):
                self.assertIsNone(self.get(overallMark=mark))
        for count in (0, -1, 1.5, "1,234", "10" * 5, SCRIPT, None, [1], True):
            with self.subTest(count=count):
                found = self.get(activeReviewCount=count, totalReviewCount=count)
                self.assertIsNone(found)

    def test_a_shop_without_reviews_or_document_has_no_rating(self):
        for indicators in (
            *(None, {}, [], SCRIPT),
            *({"reviewIndicator": None}, {"reviewIndicator": []}),
        ):
            self.assertIsNone(self.get_shop(qualityIndicators=indicators))
        for self.answer, self.status in (("{}", 200), (NO_SUCH_KEY, 404)):
            self.assertIsNone(self.client.get_rating(TS_ID))
