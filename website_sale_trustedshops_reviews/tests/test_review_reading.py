# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import psycopg2
import requests
from lxml import etree

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..models.review import reading
from .invitation_common import NOW
from .review_common import READ_CRON, READING_LOGGER, ReviewCommon, make_review


@tagged("full")
class TestReviewReading(ReviewCommon):
    """What is read, when, and how often."""

    QUICK = (
        "test_a_review_becomes_a_row",
        "test_first_all_reviews_are_read_then_what_changed",
        "test_a_row_that_cannot_be_read_is_an_error",
    )

    def test_a_review_becomes_a_row(self):
        self._put(
            1,
            type="PRODUCT_REVIEW",
            product={"sku": "LAMP", "name": "Lamp"},
            reply={"comment": "Thanks", "updatedAt": "2026-10-02T12:00:00Z"},
        )
        self._read()
        self.assertRecordValues(
            self._get(1),
            [
                {
                    "channel_id": self.channel.id,
                    "company_id": self.env.company.id,
                    "subject": "product",
                    "stars": 5,
                    "star_line": "★★★★★",
                    "title": "Title 1",
                    "comment": "Comment 1",
                    "state": "approved",
                    "is_verified": True,
                    "is_low": False,
                    "submitted_at": datetime(2026, 10, 1, 12),
                    "edited_at": False,
                    "reply": "Thanks",
                    "reply_at": datetime(2026, 10, 2, 12),
                    "order_reference": "R00001",
                    "order_id": False,
                    "sku": "LAMP",
                    "product_name": "Lamp",
                }
            ],
        )

    def test_all_states_are_kept(self):
        words = ("SUBMITTED", "APPROVED", "REJECTED", "MODERATION", "DISCARDED", "NEW")
        for number, word in enumerate(words, 1):
            self._put(number, state=word)
        self._read()
        self.assertEqual(
            [self._get(number).state for number in range(1, 7)],
            [
                *("submitted", "approved", "rejected", "moderation", "discarded"),
                "other",
            ],
        )

    def _get_asked(self):
        """Return order and cursor of each page asked for since the last call."""
        asked = [
            (body["orderBy"], body.get("after"))
            for body in self.etrusted.get_bodies("getReviews")
        ]
        self.etrusted.calls.clear()
        return asked

    def test_first_all_reviews_are_read_then_what_changed(self):
        self._put(*range(1, 8))
        self._read(size=3)
        self.assertEqual(len(self._get_refs()), 7)
        self.assertEqual(
            self._get_asked(),
            [("submittedAt", None), ("submittedAt", "rev-5"), ("submittedAt", "rev-2")],
        )
        # A run that only goes on with the one before reads nothing.
        self._read(seconds=30)
        self.assertEqual(self._get_asked(), [])
        self._wait(hours=1)
        self._change(2, title="Changed")
        self._put(9, submittedAt="2026-11-02T10:30:00.000Z")
        self._change(9)
        self._read(size=3)
        self.assertEqual(self._get(2).title, "Changed")
        self.assertTrue(self._get(9))
        self.assertEqual(self._get_asked(), [("updatedAt", None)])

    def test_all_reviews_are_read_once_a_week(self):
        self._put(*range(1, 8))
        self._read(size=3)
        self._get_asked()
        for wait, orders in (
            ({"days": 6}, {"updatedAt"}),
            ({"hours": 23}, {"updatedAt"}),
            ({"hours": 1}, {"submittedAt"}),
            ({"hours": 1}, {"updatedAt"}),
        ):
            self._read(size=3, **wait)
            with self.subTest(wait=wait):
                self.assertEqual({order for order, _after in self._get_asked()}, orders)
        # What changed while nothing was read for long is read at any age.
        self._wait(days=100)
        self._change(2, title="Changed")
        self._wait(days=95)
        self._read()
        self.assertEqual(self._get(2).title, "Changed")

    def test_an_old_date_in_the_middle_ends_no_list(self):
        self._put(*range(1, 6))
        self._read()
        self._wait(hours=1)
        for number in (1, 2, 4, 5):
            self._change(number, title="Changed")
        rows = {row["id"]: row for row in self.etrusted.reviews}
        first, last = ("rev-5", "rev-3", "rev-4"), ("rev-2", "rev-1")
        links = {"next": "https://api.etrusted.com/reviews?after=rev-4"}
        self.etrusted.script(
            "getReviews",
            (200, {"items": [rows[x] for x in first], "paging": {"links": links}}),
            (200, {"items": [rows[x] for x in last], "paging": {"links": {}}}),
        )  # fmt: skip
        self._read()
        self.assertEqual(self._get(1).title, "Changed")
        self.assertEqual(self._get(3).title, "Title 3")

    def test_pages_that_never_end_are_an_error(self):
        self._put(1, 2)
        rows = {row["id"]: row for row in self.etrusted.reviews}
        asked = []

        def answer(body):
            # In a circle; then always the same row, or none, with another cursor.
            asked.append(body.get("after"))
            turn = f"rev-{1 + len(asked) % 2}"
            items = {"circle": [rows[turn]], "row": [rows["rev-1"]]}
            ref = turn if kind == "circle" else f"rev-{len(asked)}"
            link = f"https://api.etrusted.com/reviews?after={ref}"
            paging = {"links": {"next": link}}
            return 200, {"items": items.get(kind, []), "paging": paging}

        for kind, count in (("circle", 3), ("row", 2), ("empty", 1)):
            with (
                self.subTest(kind),
                patch.object(self.etrusted, "_answer_getReviews", answer),
            ):
                self._read(hours=1)
                self.assertEqual(len(asked), count)
                self.assertEqual(self.channel.reviews_error, "unanswered")
                self.assertFalse(self.channel.reviews_at)
            asked.clear()
        self._read(hours=1)
        self.assertEqual(self._get_refs(), ["rev-1", "rev-2"])
        self.assertFalse(self.channel.reviews_error)
        self.assertTrue(self.channel.reviews_at)

    def test_older_copy_never_replaces_a_newer_one(self):
        self._put(1, rating=1, updatedAt="2026-11-01T12:00:00.000Z")
        self._read()
        old = make_review(1, rating=5, updatedAt="2026-11-01T11:59:59.000Z")
        self.etrusted.script("getReviews", (200, {"items": [old], "paging": {}}))
        self._read(hours=1)
        self.assertEqual(self.etrusted.count("getReviews"), 2)
        self.assertEqual(self._get(1).stars, 1)

    def test_review_that_moved_to_another_channel_exists_once(self):
        values = {"channel_ref": "chl-2", "account_id": self.account.id}
        other = self.channel.create({**values, "lang_id": self.langs["de_DE"].id})
        other.website_id = self.website
        self._put(1)
        self._read()
        self._put(1, channelRef="chl-2", title="Moved")
        # Its new channel reads it with the changes, or with all reviews.
        for is_changed, wait in ((True, {"hours": 1}), (False, {"days": 7})):
            with self.subTest(is_changed=is_changed):
                if is_changed:
                    self._change(1)
                self._read(**wait)
                self.assertRecordValues(
                    self._get(1),
                    [{"channel_id": other.id, "title": "Moved", "state": "approved"}],
                )
                self._get(1).channel_id = self.channel

    def test_review_that_moved_to_a_channel_that_is_not_read_is_erased(self):
        self._put(1)
        self._read()
        self._put(1, channelRef="chl-foreign")
        self._read(days=7)
        self.assertRecordValues(
            self._get(1), [{"channel_id": self.channel.id, "state": "removed"}]
        )

    @mute_logger(READING_LOGGER)
    def test_a_row_that_cannot_be_read_is_an_error(self):
        self._put(*range(1, 8))
        self._read()
        self._drop(1)
        strange = make_review(4, rating=None)
        self._put(4, rating=None)
        self._wait(days=7)
        self._change(7, title="Changed")
        self._get_asked()
        self._read(size=2)
        # On the second of three pages: nothing is read behind it, and nothing erased.
        self.assertEqual(len(self._get_asked()), 2)
        self.assertEqual(self._get(7).title, "Changed")
        self.assertEqual(self.channel.reviews_error, "unanswered")
        self.assertEqual(self._get(1).state, "approved")
        # What changes is read all the same.
        self._wait(hours=1)
        self._change(2, title="Changed")
        self._read(size=3)
        self.assertEqual(self._get(2).title, "Changed")
        self.assertTrue(self.channel.reviews_error)
        self._put(4)
        self._read(size=3, hours=1)
        self.assertFalse(self.channel.reviews_error)
        self.assertEqual(self._get(1).state, "removed")
        self.assertEqual(self._get(4).comment, strange["comment"])

    @mute_logger(READING_LOGGER)
    def test_a_review_that_cannot_be_stored_is_an_error(self):
        self._put(*range(1, 5))
        prepare = type(self.reviews)._prepare_values

        def crash(records, channel, review, joins):
            if review.ref == "rev-3":
                raise KeyError("a bug")
            return prepare(records, channel, review, joins)

        with patch.object(type(self.reviews), "_prepare_values", crash):
            self._read()
        self.assertEqual(self._get_refs(), ["rev-1", "rev-2", "rev-4"])
        self.assertEqual(self.channel.reviews_error, "unanswered")
        self.assertFalse(self.channel.reviews_at)

    def test_a_reading_of_all_goes_on_where_it_was(self):
        self._put(*range(1, 8))
        self.etrusted.script("getReviews", self.etrusted._answer_getReviews(
            {"channels": "chl-4711", "orderBy": "submittedAt", "count": "3"}
        ), requests.ReadTimeout())  # fmt: skip
        self._read(size=3)
        self.assertEqual(self._get_refs(), ["rev-5", "rev-6", "rev-7"])
        self.assertEqual(self.channel.reviews_next_page, "rev-5")
        self.assertEqual(self.channel.reviews_error, "unanswered")
        self._get_asked()
        self._wait(hours=1)
        self._put(9, submittedAt="2026-11-02T10:30:00.000Z")
        self._read(size=3)
        # What is new comes first.
        self.assertEqual(
            self._get_asked(),
            [("updatedAt", None), ("submittedAt", "rev-5"), ("submittedAt", "rev-2")],
        )
        self.assertEqual(len(self._get_refs()), 8)
        self.assertFalse(self.channel.reviews_next_page or self.channel.reviews_error)

    def test_changes_that_take_too_long_are_read_with_all_reviews(self):
        self._put(*range(1, 8))
        self._read(size=3)
        self._wait(hours=1)
        for number in range(1, 8):
            self._change(number, title="Changed")
        self._get_asked()
        with patch.object(reading, "PAGE_SIZE", 2), self._out_of_time_after(2):
            self.reviews._cron_read()
            self.assertEqual(self._get_asked(), [("updatedAt", None)])
        for cursor in (None, "rev-6", "rev-4", "rev-2"):
            with patch.object(reading, "PAGE_SIZE", 2), self._out_of_time_after(2):
                self.reviews._cron_read()
            self.assertEqual(self._get_asked(), [("submittedAt", cursor)])
        self.assertEqual({*self.reviews.search([]).mapped("title")}, {"Changed"})
        self.assertFalse(self.channel.reviews_next_page)

    def _out_of_time_after(self, count):
        """Have so many commits before the time of the scheduled action is over."""
        left = [1] * count

        def commit(_self, processed=0, **_words):
            self.env.flush_all()
            return left.pop() if left else 0

        return patch.object(type(self.env["ir.cron"]), "_commit_progress", commit)

    def test_the_channel_that_waited_longest_goes_first(self):
        values = {"channel_ref": "chl-2", "account_id": self.account.id}
        other = self.channel.create({**values, "lang_id": self.langs["de_DE"].id})
        other.website_id = self.website
        self.channel.reviews_tried_at = "2026-11-01"
        for first in ("chl-2", "chl-4711", "chl-2"):
            self._wait(hours=1)
            # There is time for one page only.
            with self._out_of_time_after(2):
                self.reviews._cron_read()
            [asked] = self.etrusted.get_bodies("getReviews")
            self.assertEqual(asked["channels"], first)
            self.etrusted.calls.clear()

    def test_a_page_that_another_process_changed_is_stored_by_the_next_run(self):
        self._put(1, 2)
        reviews = type(self.env["trustedshops.review"])
        store = reviews._store

        def refuse(*arguments):
            store(*arguments)
            raise psycopg2.OperationalError("serialize")

        with patch.object(reviews, "_store", refuse):
            self._read()
        self.assertEqual(self._get_refs(), [])
        self._read()
        self.assertEqual(self._get_refs(), ["rev-1", "rev-2"])

    def test_a_place_that_is_gone_starts_over(self):
        self._put(*range(1, 8))
        self.channel.write({"reviews_all_at": NOW, "reviews_next_page": "rev-99"})
        self._read()
        self.assertEqual(self._get_refs(), [])
        self._read(hours=1)
        self.assertEqual(len(self._get_refs()), 7)

    def test_a_page_that_keeps_failing_keeps_nothing_new_away(self):
        self._put(*range(1, 8))
        self._read(size=3)
        self._wait(days=7)
        self._change(1, title="Changed")
        answer = self.etrusted._answer_getReviews

        def fail(body):
            return (500, {}) if "after" in body else answer(body)

        with patch.object(self.etrusted, "_answer_getReviews", fail):
            self._read(size=3)
            self._put(10, submittedAt="2026-11-09T10:30:00.000Z")
            self._read(size=3, hours=1)
            self.assertTrue(self._get(10))
            self.assertEqual(self._get(1).title, "Changed")
            self.assertTrue(self.channel.reviews_next_page)
        self._read(size=3, hours=1)
        self.assertFalse(self.channel.reviews_next_page)

    def test_trouble_waits_and_holds_no_channel(self):
        self._put(1)
        for answer in ((403, {}), (500, {}), (429, {}, {"Retry-After": "60"})):
            self.etrusted.script("getReviews", answer)
            self._read(hours=1)
            with self.subTest(answer=answer):
                self.assertEqual(self.account.state, "connected")
                self.assertFalse(self.channel.hold_reason)
                self.assertTrue(self.channel.reviews_error)
        self._read()
        self.assertFalse(self._get(1))
        self._read(hours=1)
        self.assertTrue(self._get(1))
        self.etrusted.always["getReviews"] = (401, {})
        self._read(hours=1)
        self.assertEqual(self.account.state, "refused")

    def test_who_runs_the_job_by_hand_reads_at_once(self):
        self._read()
        self._put(1)
        self._read()
        self.assertFalse(self._get(1))  # a run that goes on does not begin again
        with self.enter_registry_test_mode():
            self.env.ref(READ_CRON).method_direct_trigger()
        self.assertTrue(self._get(1))

    def test_a_channel_that_is_added_again_takes_its_reviews_over(self):
        self._put(1)
        self._read()
        values = {"channel_ref": "chl-4711", "website_id": self.website.id}
        account = self.account.copy({"client_id": "client-2", "environment": "qa"})
        account.client_secret = "secret"
        account.state = "connected"
        self.channel.write({"active": False, "website_id": False})
        self.env.flush_all()
        channel = self.channel.create({**values, "account_id": account.id})
        self._read()
        self.assertEqual(self.reviews.search([]).channel_id, channel)
        self.assertEqual(self._get_refs(), ["rev-1"])


class TestReviewTrouble(ReviewCommon):
    """A person is told once, as long as the channel is read at all."""

    def setUp(self):
        super().setUp()
        self.etrusted.always["getReviews"] = (500, "")
        self.channel.reviews_at = NOW - timedelta(hours=4)
        self._read()
        self.assertTodo(self.channel, "could not be read")

    def test_what_was_marked_done_is_not_told_again(self):
        self.channel.activity_ids.action_done()
        self._read(hours=1)
        self.assertFalse(self.channel.activity_ids)
        self.etrusted.always.clear()
        self._read(hours=1)
        self.etrusted.always["getReviews"] = (500, "")
        self._read(hours=1)
        self.assertFalse(self.channel.activity_ids)
        self._read(hours=2)
        self.assertTodo(self.channel, "could not be read")

    def test_it_ends_when_the_channel_is_not_read_any_more(self):
        for record, values, undone in (
            (self.channel, {"hold_reason": "gone"}, {"hold_reason": False}),
            (self.channel, {"active": False}, {"active": True}),
            (self.account, {"state": "draft"}, {"state": "connected"}),
            (self.account, {"state": "refused"}, {"state": "connected"}),
        ):
            with self.subTest(values=values):
                record.write(values)
                self._read(hours=1)
                self.assertFalse(self.channel._get_todos_about("channel_unread"))
                record.write(undone)
                self._read(hours=1)
                self.assertTrue(self.channel._get_todos_about("channel_unread"))


@tagged("full")
class TestReviewRemoved(ReviewCommon):
    """What Trusted Shops has not any more is erased, and nothing else is."""

    QUICK = ("test_review_that_a_reading_of_all_does_not_see_is_erased",)

    def setUp(self):
        super().setUp()
        self._put(1, 2, 3)
        self._read()

    def assertErased(self, *numbers):
        removed = self.reviews.search([("state", "=", "removed")])
        self.assertEqual(
            sorted(removed.mapped("review_ref")), [f"rev-{each}" for each in numbers]
        )
        self.assertFalse(any(each.comment or each.title for each in removed))

    def test_review_that_a_reading_of_all_does_not_see_is_erased(self):
        self._drop(2)
        self._read(hours=1)
        self.assertErased()  # changes say nothing about it
        self._read(days=7)
        self.assertErased(2)
        self.assertEqual(self._get(2).stars, 5)

    def test_a_list_that_lost_its_rows_erases_none(self):
        page = {"items": [], "totalElements": 3, "paging": {}}
        self.etrusted.always["getReviews"] = (200, page)
        self._read(days=7)
        self.assertErased()
        self.assertTrue(self.channel.reviews_error)
        self.etrusted.always["getReviews"] = (200, {**page, "totalElements": 0})
        self._read(hours=1)
        self.assertErased(1, 2, 3)

    def test_a_reading_that_did_not_end_erases_none(self):
        self._drop(2)
        answer = self.etrusted._answer_getReviews(
            {"channels": "chl-4711", "orderBy": "submittedAt", "count": "1"}
        )
        self.etrusted.script("getReviews", answer, (500, {}))
        self._read(size=1, days=7)
        self.assertErased()
        self._read(size=1, hours=1)
        self.assertErased(2)

    def test_a_review_that_changes_while_all_are_read_is_not_erased(self):
        answer = self.etrusted._answer_getReviews

        def change(body):
            page = answer(body)
            if body.get("after") == "rev-3":
                self._change(1)
            return page

        with patch.object(self.etrusted, "_answer_getReviews", change):
            self._read(size=1, days=7)
        self.assertErased()

    def test_a_review_that_comes_back_is_whole_again(self):
        self._drop(2)
        self._read(days=7)
        self._put(2)
        self._read(days=7)
        self.assertErased()
        self.assertEqual(self._get(2).comment, "Comment 2")


@tagged("full")
class TestReviewJoined(ReviewCommon):
    """What a review belongs to."""

    QUICK = ("test_a_number_counts_for_an_order_whose_buyer_was_asked",)

    def test_the_event_of_the_invitation_is_certain(self):
        order, other = self._make_order(), self._make_order()
        self._put_invited(order, 1, transaction={"reference": other.name})
        self._put_about(order, 2)
        self._read()
        self.assertEqual(self._get(1).order_id, order)
        self.assertEqual(self._get(1).invitation_id, self._get_invitation(order))
        self.assertEqual(self._get(2).order_id, order)
        self.assertFalse(self._get(2).invitation_id)

    def test_a_number_counts_for_an_order_whose_buyer_was_asked(self):
        other_website = self.website.create({"name": "Other"})
        company = self.env["res.company"].create({"name": "Other"})
        for name, order, is_joined in (
            ("consent", self._make_order(), True),
            ("Trustcard", self._make_carded_order(), True),
            ("not asked", self._make_order(consent=False), False),
            ("a cart", self._make_order(confirm=False), False),
            (
                "another website",
                self._make_order(website_id=other_website.id),
                False,
            ),
            ("no website", self._make_order(website_id=False), False),
            ("another company", self._make_order(), False),
            ("two orders", self._make_order(), False),
        ):
            with self.subTest(name):
                if name == "another company":
                    self.env.cr.execute(
                        "UPDATE sale_order SET company_id = %s WHERE id = %s",
                        [company.id, order.id],
                    )
                if name == "two orders":
                    order.copy().name = order.name
                self._put_about(order, 1)
                self._read(hours=1)
                self.assertEqual(bool(self._get(1).order_id), is_joined)
                self._get(1).unlink()

    def test_a_number_of_an_older_shop_is_another_order(self):
        order = self._make_order(name="S00154")
        old, today = "2024-05-03T12:00:00.000Z", "2026-11-02T10:00:00.000Z"
        for written, ordered, is_joined in (
            (old, old, False),
            (old, None, False),
            (today, old, False),
            (today, "2026-11-01T23:00:00.000Z", True),
            (today, today, True),
            (today, None, True),
        ):
            with self.subTest(written=written, ordered=ordered):
                about = {"reference": "S00154", "date": ordered}
                self._put(1, transaction=about, submittedAt=written)
                self._read(minutes=5)
                self.assertEqual(bool(self._get(1).order_id), is_joined)
                self.assertEqual(self._get(1).order_reference, "S00154")
                self._get(1).unlink()
        undated = SimpleNamespace(submitted_at=None, ordered_at=None)
        self.assertFalse(order._trustedshops_is_reviewed_by(undated))

    def test_a_product_is_found_by_the_id_that_was_told(self):
        product = self.env["product.template"].create(
            {"name": "Lamp", "trustedshops_sku": "LAMP"}
        )
        about = {"type": "PRODUCT_REVIEW", "product": {"sku": "LAMP"}}
        self._put(1, **about)
        self._put(2, **about, state="REJECTED")
        self._put(3)
        product.active = False
        self._read()
        self.assertEqual(self._get(1).product_tmpl_id, product)
        self.assertEqual(product.trustedshops_written_count, 1)
        action = product.action_trustedshops_reviews()
        found = self.reviews.search(action["domain"])
        self.assertEqual(found, self._get(1) | self._get(2))

    def test_the_stars_of_its_product_are_read_within_the_hour(self):
        lamp, desk = self.env["product.template"].create(
            [
                {"name": "Lamp", "trustedshops_sku": "LAMP"},
                {"name": "Desk", "trustedshops_sku": "DESK"},
            ]
        )
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        row = {"channel_id": self.channel.id, "next_attempt_at": tomorrow}
        ratings = self.env["trustedshops.product.rating"].create(
            [{**row, "product_tmpl_id": product.id} for product in (lamp, desk)]
        )
        self._put(1, type="PRODUCT_REVIEW", product={"sku": "LAMP"})
        self._read()
        now = fields.Datetime.now()
        self.assertEqual(ratings.mapped("next_attempt_at"), [now, tomorrow])
        self._wait(hours=1)
        self._read()  # nothing new: it is not made due again
        self.assertEqual(ratings.mapped("next_attempt_at"), [now, tomorrow])

    def test_order_and_product_of_a_review_stay(self):
        order = self._make_order()
        self._put_about(order, 1)
        self._read()
        self._change(1, transaction={"reference": "S99999"})
        self._read(hours=1)
        self.assertEqual(self._get(1).order_id, order)


@tagged("full")
class TestReviewLow(ReviewCommon):
    """Who is asked to look at a review, and how often."""

    QUICK = ("test_a_low_review_has_one_activity",)

    def assertTold(self, *numbers):
        """Check which reviews have an activity, each one."""
        told = [each.res_id for each in self.reviews.search([]).activity_ids]
        self.assertCountEqual(told, [self._get(number).id for number in numbers])

    def test_a_low_review_has_one_activity(self):
        self._put(1, rating=2)
        self._put(2, rating=3)
        self._read()
        self.assertTold(1)
        activity = self._get(1).activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("2 of 5 stars", activity.note)
        # Marked done it goes to the chatter, so nothing leads to the buyer.
        for words in ("Comment", "Title", "R00001"):
            self.assertNotIn(words, f"{activity.note} {activity.res_name}")
        activity.unlink()
        self._change(1, title="Again")
        self._read(hours=1)
        self.assertTold()

    def test_an_edit_from_five_to_one_raises_one(self):
        self._put(1, submittedAt="2026-01-01T12:00:00.000Z")
        self._read()
        self.assertTold()
        self._wait(hours=1)
        self._change(1, rating=1, editedAt="2026-11-02T10:59:00.000Z")
        self._read()
        self.assertEqual(self._get(1).stars, 1)
        self.assertTold(1)
        self._wait(hours=1)
        self._change(1, rating=5)
        self._read()
        self.assertTold()
        self._wait(hours=1)
        self._change(1, rating=1)
        self._read()
        self.assertTold(1)

    def _reply(self, text="Thank you, Erika!"):
        """Have a person reply to the first review."""
        self._tell(1, text=text)
        self.assertEqual(self._get(1).reply, text)

    def test_a_review_edited_down_after_our_reply_is_a_new_task(self):
        self._put(1)
        self._read()
        self._reply()
        self.assertFalse(self._get(1).is_outdated)
        self._wait(hours=2)
        self._change(1, rating=1, editedAt="2026-11-02T11:00:00.000Z")
        self._read()
        review = self._get(1)
        self.assertTrue(review.is_outdated)
        self.assertEqual(review.reply, "Thank you, Erika!")
        arch = etree.fromstring(review.get_view(view_type="search")["arch"])
        [to_answer] = arch.xpath("//filter[@name='to_answer']/@domain")
        self.assertEqual(review.search(safe_eval(to_answer)), review)
        note = review.activity_ids.note
        self.assertIn("1 of 5 stars, and no reply to what it says now", note)
        self.assertNotIn("Erika", note)  # it stays in the chatter
        self._reply("We are sorry.")
        self.assertFalse(review.search(safe_eval(to_answer)))
        self.assertFalse(review.activity_ids)
        self.assertFalse(review.is_outdated)
        # Nothing more comes of it, until the buyer changes it again.
        self._read(days=1)
        self.assertTold()
        self._wait(hours=1)
        self._change(1, comment="Still bad.")
        self._read()
        self.assertTold(1)

    def test_an_edit_that_was_not_read_before_the_reply_is_a_new_task(self):
        self._put(1)
        self._read()
        self._wait(hours=1)
        self._change(1, rating=1, editedAt="2026-11-02T10:30:00.000Z")
        self._reply()
        self._read(minutes=1)
        self.assertTold(1)

    def test_an_edit_that_is_read_after_a_lost_reply_stays_a_task(self):
        self._put(1)
        self._read()
        self.etrusted.script("sendReply", requests.ReadTimeout())
        self._tell(1)
        self._wait(minutes=2)
        reply = {"comment": "Thank you!", "createdAt": "2026-11-02T10:00:00.000Z"}
        self._change(1, rating=1, editedAt="2026-11-02T10:01:00.000Z", reply=reply)
        self._read()
        self.assertTold(1)
        self._press(self._get(1), "action_read_again")
        self.assertFalse(self._get(1).may_have_arrived)
        self.assertEqual(self._get(1).reply, "Thank you!")
        self.assertTold(1)

    def test_a_reply_at_trusted_shops_is_judged_by_its_own_moment(self):
        self._put(1, 2)
        self._read()
        self._wait(hours=1)
        edited = {"rating": 1, "editedAt": "2026-11-02T10:30:00.000Z"}
        for number, minute in ((1, 20), (2, 40)):
            reply = {"comment": "Hm", "updatedAt": f"2026-11-02T10:{minute}:00.000Z"}
            self._change(number, **edited, reply=reply)
        self._read()
        self.assertTold(1)

    def test_older_reviews_than_the_connection_raise_none(self):
        self.channel.reviews_from = "2026-10-15"
        self._put(14, 16, rating=1)
        self._read()
        self.assertTold(16)

    def test_only_what_is_public_and_open_raises_one(self):
        self._put(1, rating=1, state="MODERATION")
        self._put(2, rating=1, reply={"comment": "Sorry"})
        self._read()
        self.assertTold()
        self._wait(hours=1)
        self._change(1, state="APPROVED")
        self._read()
        self.assertTold(1)

    def test_threshold_and_user_are_those_of_the_channel(self):
        seller = self._make_user("desk_seller", "sales_team.group_sale_manager")
        self.channel.write({"low_stars": 3, "review_user_id": seller.id})
        self._put(1, rating=3)
        self._read()
        self.assertEqual(self._get(1).activity_ids.user_id, seller)
        self.channel.low_stars = 0
        self.assertFalse(self._get(1).is_low)
        self._put(2, rating=1)
        self._read(days=1)
        self.assertFalse(self._get(2).activity_ids)

    def test_only_who_may_answer_is_told(self):
        salesman = "sales_team.group_sale_salesman"
        company = self.env["res.company"].create({"name": "Other"})
        strangers = [
            self._make_user("desk_nobody"),
            self._make_user("desk_salesman", salesman),
            self._make_user("desk_seller", f"{salesman}_all_leads"),
            self._make_user("desk_other", "base.group_system", company=company),
        ]
        for user in strangers:
            with self.subTest(user.login), self.assertRaises(ValidationError):
                self.channel.review_user_id = user
        for number, user in enumerate(strangers, 1):
            self.account.user_id = user
            self._put(number, rating=1)
            self._read(days=1)
            told = self._get(number).activity_ids.user_id
            with self.subTest(user.login):
                self.assertTrue(told)
                self.assertNotIn(told, strangers)
                self.assertIn(self.company, told.company_ids)
