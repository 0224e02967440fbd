# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests

from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.tests.lib_common import everything_logged

from ..lib import etrusted, tokens
from ..lib.errors import AccessRefusedError
from ..lib.review_client import WRITTEN, Reply, Review, ReviewClient, is_same_text
from .fake_etrusted import CLIENT_ID, CLIENT_SECRET, FakeETrusted, make_review

CHANNEL = "chl-4711"
NOON = datetime(2026, 10, 1, 12)


class ReviewClientCase(BaseCase):
    """Case with a client of which every request is answered here."""

    def setUp(self):
        super().setUp()
        self.service = service = FakeETrusted()
        self.enterContext(
            patch.object(requests.Session, "send", lambda _s, r, **kw: service.send(r))
        )
        self.enterContext(patch.object(etrusted, "_tokens", tokens.TokenStore()))
        self.client = ReviewClient(
            etrusted.HOSTS["production"], CLIENT_ID, CLIENT_SECRET
        )
        self.addCleanup(self.client.close)

    def get_page(self, *rows, **paging):
        """Return the page that these rows make, valid or not."""
        document = {"items": list(rows), "paging": paging}
        self.service.script("getReviews", (200, document))
        return self.client.get_reviews(CHANNEL)

    def read_one(self, **values):
        [review] = self.get_page(make_review(1, **values)).reviews
        return review


class TestLibReviewRead(ReviewClientCase):
    """What is taken from a review, however it was written."""

    def test_a_review_is_read_without_its_author(self):
        review = self.read_one(
            type="PRODUCT_REVIEW",
            product={"id": "prt-1", "sku": "LAMP", "name": "Lamp"},
            event={"id": "evt-7", "type": "x"},
            editedAt="2026-10-02T14:00:00.500+02:00",
            reply={"comment": "Thanks", "createdAt": "2026-10-03T12:00:00Z"},
        )
        self.assertEqual(
            review,
            Review(
                ref="rev-1",
                stars=5,
                title="Title 1",
                comment="Comment 1",
                state="APPROVED",
                is_of_product=True,
                is_verified=True,
                submitted_at=NOON,
                updated_at=NOON,
                edited_at=datetime(2026, 10, 2, 12),
                reference="R00001",
                ordered_at=NOON,
                event_ref="evt-7",
                sku="LAMP",
                product_name="Lamp",
                reply=Reply("Thanks", datetime(2026, 10, 3, 12)),
            ),
        )
        self.assertNotIn("Erika", str(vars(review)))
        self.assertNotIn("Comment", repr(review))

    def test_texts_are_plain_and_harm_nothing(self):
        for written, expected in (
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
            ("\u202eevil\u202c \u2066x\u2069", "evil x"),
            ("nul\x00 bell\x07\ttab", "nul bell\ttab"),
            ("half \ud800 and 🎁", "half  and 🎁"),
            ("\u0634\u0643\u0631\u0627\u200f", "\u0634\u0643\u0631\u0627\u200f"),
            ("x" * 50_000, "x" * 50_000),
            ("x" * 200_000, "x" * 100_000),
            (None, ""),
            (["a"], ""),
        ):
            with self.subTest(repr(written)[:40]):
                self.assertEqual(self.read_one(comment=written).comment, expected)

    def test_a_title_is_one_short_line(self):
        review = self.read_one(title="a\u202eb\nc" + "x" * 500)
        self.assertEqual(review.title[:5], "ab cx")
        self.assertEqual(len(review.title), 255)

    def test_missing_or_strange_values_are_empty(self):
        review = self.read_one(
            submittedAt="soon", createdAt=None, updatedAt=5, transaction=None,
            product=[], reply={"comment": " "}, event={"id": "../x"}, state=None,
        )  # fmt: skip
        self.assertEqual(
            (review.submitted_at, review.updated_at, review.reference, review.sku),
            (None, None, "", ""),
        )
        self.assertEqual((review.reply, review.event_ref, review.state), (None, "", ""))

    def test_a_page_says_whether_all_its_rows_could_be_read(self):
        strange = [make_review(2, rating=each) for each in (0, 6, 4.5, "5", None, True)]
        strange += [make_review(2, id="../x"), make_review(2, id=None), "text", None]
        for row in strange:
            with self.subTest(row=row):
                page = self.get_page(row, make_review(1))
                self.assertEqual([each.ref for each in page.reviews], ["rev-1"])
                self.assertFalse(page.is_whole)
        for rows in ((), (make_review(1),), (make_review(1), make_review(2, title=5))):
            self.assertTrue(self.get_page(*rows).is_whole)

    def test_a_review_that_comes_twice_is_one(self):
        page = self.get_page(make_review(1, rating=1), make_review(1, rating=5))
        self.assertEqual([each.stars for each in page.reviews], [1])

    def test_reviews_of_another_channel_are_not_there(self):
        page = self.get_page(make_review(1, channel_ref="chl-other"), make_review(2))
        self.assertEqual([each.ref for each in page.reviews], ["rev-2"])
        self.assertTrue(page.is_whole)


class TestLibReviewPages(ReviewClientCase):
    """That each page is asked for with all filters, and none for ever."""

    def get_query(self):
        """Return what was last asked for, and of whom."""
        parts = urlsplit(self.service.requests[-1].url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return f"{parts.scheme}://{parts.netloc}{parts.path}", query

    def test_filters_are_asked_for_again_with_each_page(self):
        self.service.reviews = [make_review(number) for number in range(1, 6)]
        page = self.client.get_reviews(CHANNEL, count=3)
        self.assertEqual(
            [each.ref for each in page.reviews], ["rev-5", "rev-4", "rev-3"]
        )
        page = self.client.get_reviews(CHANNEL, cursor=page.cursor, count=3)
        self.assertEqual(
            self.get_query(),
            (
                "https://api.etrusted.com/reviews",
                {
                    "channels": CHANNEL,
                    "orderBy": "updatedAt",
                    "after": "rev-3",
                    "count": "3",
                },
            ),
        )
        self.assertEqual([each.ref for each in page.reviews], ["rev-2", "rev-1"])
        self.assertEqual(page.cursor, "")
        self.client.get_reviews(CHANNEL, order=WRITTEN)
        expected = {"channels": CHANNEL, "orderBy": "submittedAt", "count": "100"}
        self.assertEqual(self.get_query()[1], expected)

    def test_only_the_cursor_is_taken_from_a_link(self):
        link = "https://evil.example/steal?after=rev-9&channels=chl-other"
        self.assertEqual(self.get_page(links={"next": link}).cursor, "rev-9")
        for paging, cursor in (
            ({"links": {}, "cursor": {"after": "rev-8"}}, ""),
            ({"links": {"next": None}}, ""),
            ({"cursor": {"after": "rev-8"}}, "rev-8"),
            ({"cursor": {"after": None}}, ""),
            ({}, ""),
        ):
            with self.subTest(paging=paging):
                self.assertEqual(self.get_page(**paging).cursor, cursor)

    def test_pages_that_lead_nowhere_are_refused(self):
        for paging in (
            {"links": {"next": "https://api.etrusted.com/reviews?page=2"}},
            {"links": {"next": 5}},
            {"links": {"next": "https://api.etrusted.com/reviews?after=../x"}},
            {"cursor": {"after": {"id": 1}}},
        ):
            with self.subTest(paging=paging), self.assertRaises(RetryableError):
                self.get_page(**paging)

    def test_an_answer_that_is_too_large_is_asked_for_in_halves(self):
        self.service.reviews = [
            make_review(number, comment="x" * 90_000) for number in range(1, 31)
        ]
        page = self.client.get_reviews(CHANNEL)
        asked = [body["count"] for body in self.service.get_bodies("getReviews")]
        self.assertEqual((asked, page.count), (["100", "50", "25", "12"], 12))
        self.assertEqual(len(page.reviews), 12)

    def test_one_review_that_is_too_large_is_an_error(self):
        self.service.reviews = [make_review(1, comment="x" * 3_000_000)]
        with self.assertRaisesRegex(RetryableError, "makes no sense"):
            self.client.get_reviews(CHANNEL)

    def test_nonsense_is_no_page(self):
        forgotten = '{"items": [], "totalElements": 3, "paging": {}}'
        for answer in ("<html>", "[]", '{"items": {}}', "null", "{}", forgotten):
            self.service.script("getReviews", (200, answer))
            with self.subTest(answer), self.assertRaises(RetryableError):
                self.client.get_reviews(CHANNEL)
        with self.assertRaises(ValueError):
            self.client.get_reviews("chl-1&count=1")


class TestLibReviewAnswers(ReviewClientCase):
    """Replies, and what is known of them."""

    def setUp(self):
        super().setUp()
        self.service.reviews = [make_review(1)]

    def test_a_reply_is_sent_and_read_back(self):
        self.client.send_reply("rev-1", "Danke", is_buyer_told=True)
        self.assertEqual(
            self.service.get_bodies("sendReply"),
            [{"id": "rev-1", "comment": "Danke", "sendNotification": True}],
        )
        self.assertEqual(self.client.get_review("rev-1").reply, Reply("Danke", None))

    def test_only_an_answer_of_the_interface_is_a_success(self):
        for answer in (
            *((200, "<html>"), (200, ""), (201, "[]"), (202, "{}"), (202, "")),
        ):
            self.service.script("sendReply", answer)
            with self.subTest(answer=answer):
                with self.assertRaisesRegex(RetryableError, "makes no") as caught:
                    self.client.send_reply("rev-1", "Danke")
                self.assertTrue(caught.exception.maybe_sent)
        for answer in ((200, "{}"), (201, "{}"), (204, "")):
            self.service.script("sendReply", answer)
            self.client.send_reply("rev-1", "Danke")

    def test_a_review_that_is_gone_is_none(self):
        self.assertIsNone(self.client.get_review("rev-2"))
        self.service.script("getReview", (410, {}))
        self.assertIsNone(self.client.get_review("rev-1"))
        for answer, kind in (
            ((403, {}), AccessRefusedError),
            ((400, {}), RefusedError),
            ((500, {}), RetryableError),
            ((200, "<html>"), RetryableError),
            ((200, {"id": "rev-1"}), RetryableError),
        ):
            self.service.script("getReview", answer)
            with self.subTest(answer=answer), self.assertRaises(kind):
                self.client.get_review("rev-1")

    def test_texts_are_neither_logged_nor_quoted(self):
        echo = (400, {"Message": "refused: Secret words"})
        self.service.script("sendReply", echo)
        with everything_logged() as logged:
            with self.assertRaises(TrustedShopsError) as caught:
                self.client.send_reply("rev-1", "Secret words")
            self.assertNotIn("Secret words", str(caught.exception))
        text = " ".join(record.getMessage() for record in logged)
        self.assertIn("sendReply", text)
        self.assertNotIn("Secret words", text)

    def test_texts_are_the_same_but_for_blanks(self):
        self.assertTrue(is_same_text("a\r\n b", "a b "))
        self.assertTrue(is_same_text(False, ""))
        self.assertFalse(is_same_text("a", "b"))
