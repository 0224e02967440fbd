# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import datetime, timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops import const as base_const

from .fake_etrusted import make_grades
from .rating_common import RATING_CRON, RatingCommon

BATCHES_LOGGER = "odoo.addons.website_sale_trustedshops.models.queue.batches"
NOW = datetime(2026, 11, 2, 10)
SERVICE_DOWN = (503, "down")


class TestRatingRead(RatingCommon):
    """What the scheduled action takes over from the feed, and what it leaves."""

    def assertRated(self, rating, count, product=None, **values):
        self.assertRecordValues(
            self._get_rating(product), [{"rating": rating, "count": count, **values}]
        )

    def test_a_product_is_rated(self):
        self._read(LAMP=make_grades(4.826, 12))
        self.assertRated(4.83, 12, read_at=NOW, trouble_count=0)
        self.assertRated(0.0, 0, self.other, read_at=NOW)
        self.assertEqual(
            sorted(self.feed.asked), [("chl-4711", "DESK"), ("chl-4711", "LAMP")]
        )

    def test_nothing_bad_changes_a_rating(self):
        self._read(LAMP=make_grades(4.8, 12))
        for outcome in (
            make_grades(5.4, 12),
            (200, "<html><body>hello</body></html>"),
            SERVICE_DOWN,
            (404, ""),
            requests.ConnectionError(),
        ):
            with self.subTest(outcome=str(outcome)[:60]):
                self._make_due()
                self._read(LAMP=outcome)
                self.assertRated(4.8, 12, read_at=NOW)
        self.assertRated(4.8, 12, trouble_count=5)
        self._make_due()
        self._read(LAMP=make_grades(4.9, 13))
        self.assertRated(4.9, 13, trouble_count=0)

    def _make_due(self):
        self.ratings.search([]).next_attempt_at = NOW

    def test_review_read_while_the_feed_is_asked_has_it_asked_again(self):
        send = self.feed.send

        def send_before_a_review(request):
            answer = send(request)
            if self.feed.asked[-1][1] == "LAMP" and "LAMP" not in self.feed.outcomes:
                self._wait(seconds=1)
                self.ratings._read_soon(self.channel, self.product)
                self.env.flush_all()
                self.feed.outcomes["LAMP"] = make_grades(5.0, 1)
            return answer

        with patch.object(self.feed, "send", send_before_a_review):
            self._read()
        self.assertRated(0.0, 0)
        self._read()
        self.assertRated(5.0, 1)

    def test_a_document_without_grades_clears_what_its_channel_told(self):
        other = self._make_channel("chl-other")
        other_rating = self._rate(rating=3.0, count=4, channel_id=other.id)
        self._read(LAMP=make_grades(4.8, 12))
        self._wait(days=1)
        self._read(LAMP={})
        self.assertRated(0.0, 0, read_at=NOW + timedelta(days=1))
        self.assertRecordValues(other_rating, [{"rating": 3.0, "count": 4}])

    def test_an_unchanged_document_is_as_good_as_a_new_one(self):
        self._read(LAMP=make_grades(4.8, 12))
        self._wait(days=1)
        self._read()
        self.assertEqual(self.feed.etags[0], None)
        self.assertTrue(all(self.feed.etags[2:]))
        self.assertRated(4.8, 12, read_at=NOW + timedelta(days=1))

    def test_each_document_is_read_once_a_day(self):
        self._read()
        self._wait(hours=19)
        self._read()
        self.assertEqual(len(self.feed.asked), 2)
        self._wait(hours=1)
        self._read()
        self.assertEqual(len(self.feed.asked), 4)

    def test_products_unknown_to_trusted_shops_are_not_asked_about(self):
        company = self.env["res.company"].create({"name": "Other"})
        website = self.env["website"].create({"name": "Other"})
        self._make_product("HIDDEN", is_published=False)
        self._make_product("FOREIGN", company_id=company.id)
        self._make_product("ELSEWHERE", website_id=website.id)
        self.other.is_published = False
        self._read()
        self.assertEqual(self.feed.asked, [("chl-4711", "LAMP")])

    def test_only_channels_of_a_website_are_read(self):
        for values in ({"website_id": False}, {"active": False}):
            self.channel.write(values)
            self._read()
            self.assertEqual(self.feed.asked, [])

    def test_another_id_begins_without_reviews(self):
        self._read(LAMP=make_grades(4.8, 12), SOFA=make_grades(3.5, 2))
        self.product.name = "Floor lamp"
        self.assertEqual(self._get_rating().count, 12)
        self.product.with_user(self.manager).trustedshops_sku = "SOFA"
        self.assertFalse(self._get_rating())
        self._read()
        self.assertRated(3.5, 2)

    def test_another_period_is_read_at_once(self):
        document = make_grades(4.8, 12)
        document["grades"]["overall"] = {"rating": 4.1, "count": 99}
        self._read(LAMP=document)
        self.channel.rating_period = "overall"
        self._read()
        self.assertRated(4.1, 99)


class TestRatingRun(RatingCommon):
    """How a run goes through many products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(5):
            cls._make_product(f"P{number}")

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(base_const, "BATCH_SIZE", 3))

    def test_a_run_that_is_out_of_time_goes_on_where_it_was(self):
        # Missing ratings are created, a batch begins, one is asked for and stored.
        with self._without_commit(left=(9, 9, 9, 0)):
            self.ratings._cron_read()
        self.assertEqual(len(self.feed.asked), 1)
        trigger = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(RATING_CRON).id)]
        )
        self.assertEqual(len(trigger), 1)
        self._read()
        self.assertEqual(len(self.feed.asked), 7)
        self.assertEqual(len(set(self.feed.asked)), 7)

    def test_a_service_that_is_down_is_left_alone_until_the_next_run(self):
        self._read(**{f"P{number}": SERVICE_DOWN for number in range(5)}, LAMP={})
        self.feed.outcomes.update(LAMP=SERVICE_DOWN, DESK=SERVICE_DOWN)
        self.feed.asked.clear()
        self._wait(days=1)
        self._read()
        self.assertEqual(len(self.feed.asked), 3)
        self._wait(minutes=30)
        self._read()
        self.assertEqual(len(set(self.feed.asked)), 6)

    def test_a_service_that_wants_a_pause_gets_it(self):
        self.feed.outcomes = {
            sku: (429, "", {"Retry-After": "7200"})
            for sku in self.env["product.template"]
            .search([])
            .mapped("trustedshops_sku")
        }
        for minutes, count in ((0, 1), (119, 1), (1, 2)):
            self._wait(minutes=minutes)
            # A new review makes the rating of its product due, and ends no pause.
            self.ratings.search([]).next_attempt_at = fields.Datetime.now()
            self._read()
            self.assertEqual(len(self.feed.asked), count)

    def test_a_pause_set_by_a_wrong_clock_is_ignored(self):
        for until, count in (("2026-11-03 09:00:00", 0), ("2027-11-02 10:00:00", 1)):
            self.channel.ratings_paused_until = until
            self._read()
            self.assertEqual(bool(self.feed.asked), bool(count))

    def test_documents_that_are_refused_stop_no_others(self):
        for status in (403, 404):
            self._read(**{f"P{number}": (status, "") for number in range(5)})
            self.assertEqual(len(set(self.feed.asked)), 7)
            self.feed.asked.clear()
            self._wait(minutes=59)
            self._read()
            self.assertEqual(self.feed.asked, [])
            self._wait(days=1)

    def test_a_channel_without_answers_stops_no_other(self):
        other = self._make_channel(
            "chl-other", website_id=self.website.id, lang_id=self.langs["de_DE"].id
        )
        send = self.feed.send

        def fail(request):
            answer = send(request)
            if self.feed.asked[-1][0] == other.channel_ref:
                raise requests.ConnectionError
            return answer

        with patch.object(self.feed, "send", fail):
            self._read()
        counts = Counter(channel_ref for channel_ref, _sku in self.feed.asked)
        self.assertEqual(counts, {"chl-4711": 7, "chl-other": 3})

    def test_an_address_that_is_none_stops_no_other(self):
        account = self.account.create({"environment": "sandbox"})
        account.state = "connected"
        self._make_channel(
            "chl-sandbox",
            account_id=account.id,
            website_id=self.website.id,
            lang_id=self.langs["de_DE"].id,
        )
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("website_sale_trustedshops.sandbox_url", "nowhere")
        with mute_logger(BATCHES_LOGGER):
            self._read()
        self.assertEqual(len(self.feed.asked), 7)

    def _without_commit(self, left=()):
        """Commit nothing, with a number of seconds left after each commit."""
        left = list(left)

        def commit(_self, processed=0, **_words):
            return left.pop(0) if left else 60

        return patch.object(type(self.env["ir.cron"]), "_commit_progress", commit)

    def test_the_website_is_told_of_the_first_rating_and_when_none_is_left(self):
        for outcomes, count in (
            ({}, 0),
            ({"LAMP": make_grades(4.8, 12)}, 1),
            ({}, 0),
            ({"LAMP": (200, "nonsense")}, 0),
            ({"LAMP": make_grades(4.7, 13), "DESK": make_grades(3, 1)}, 0),
            ({"LAMP": {}}, 0),
            ({"DESK": {}}, 1),
        ):
            self._wait(days=1)
            with (
                self._without_commit(),
                patch.object(type(self.env.registry), "clear_cache") as clear,
            ):
                self.feed.outcomes.update(outcomes)
                self.ratings._cron_read()
            with self.subTest(outcomes=outcomes):
                self.assertEqual(clear.call_count, count)


class TestRatingProduct(RatingCommon):
    """What the product's form says, and what Trusted Shops is told of a product."""

    def test_reviews_are_counted_over_all_channels(self):
        other = self._make_channel("chl-other")
        self._rate()
        self._rate(count=3, channel_id=other.id)
        self.assertEqual(self.product.trustedshops_review_count, 15)
        self.assertEqual(self.other.trustedshops_review_count, 0)

    def test_products_are_read_without_a_language(self):
        rating = self._rate()
        product = self.product.with_context(lang=False, website_id=self.website.id)
        [values] = product.read(["trustedshops_rating_id"])
        self.assertEqual(values["trustedshops_rating_id"][0], rating.id)


class TestProductBlock(RatingCommon):
    """By what the block with reviews of a product asks for them."""

    def test_only_a_product_that_visitors_may_see_has_an_id(self):
        website = self.website.with_user(self.website.user_id)
        website = website.with_context(website_id=website.id)
        self.assertEqual(website._trustedshops_get_sku(self.product.id), "LAMP")
        second = self.env["website"].create({"name": "Second"})
        for change in (
            {"is_published": False},
            {"sale_ok": False},
            {"active": False},
            {"website_id": second.id},
        ):
            with self.subTest(change):
                before = self.product.read(change, load="")[0]
                self.product.write(change)
                self.assertEqual(website._trustedshops_get_sku(self.product.id), "")
                self.product.write(before)
        self.assertEqual(website._trustedshops_get_sku(2**31 - 1), "")
