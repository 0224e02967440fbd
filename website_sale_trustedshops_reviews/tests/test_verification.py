# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How reviews are checked: no more is said than Trusted Shops vouches for."""

from unittest.mock import patch

from .review_common import ReviewCommon

ALL = "Verified by Trusted Shops: technical measures let"
SOME = "Not all reviews are verified: some"
UNKNOWN = "Trusted Shops collects the reviews and takes steps"


class TestVerification(ReviewCommon):
    def setUp(self):
        super().setUp()
        self.certificate.website_id = self.channel.website_id
        self.certificate.lang_id = False

    def assertSaid(self, start):
        certificate = self.certificate.with_context(lang="en_US")
        text = certificate._prepare_notice()["text"]
        self.assertTrue(text.startswith(start), text)

    def test_sentence_follows_the_reviews(self):
        self.assertSaid(UNKNOWN)
        self._read()
        self.assertSaid(UNKNOWN)
        self._put(3, verificationType="UNDEFINED")
        self._read(hours=1)
        self.assertSaid(SOME)
        self._put(1, 2)
        self._read(hours=1)
        self.assertSaid(SOME)
        # Only what is public counts.
        self._change(3, state="REJECTED")
        self._read(hours=1)
        self.assertSaid(ALL)

    def test_sentence_disappears_after_a_month_without_reading(self):
        self._put(1)
        self._read()
        self._wait(days=29)
        self.assertSaid(ALL)
        self._wait(days=2)
        self.assertSaid(UNKNOWN)

    def test_a_change_shows_at_once_and_nothing_else_flushes_a_page(self):
        registry = type(self.env.registry)
        for review, is_flushed in (
            ({}, True),
            ({}, False),
            ({"verificationType": "UNDEFINED"}, True),
        ):
            self._put(1, **review)
            with patch.object(registry, "clear_cache") as clear:
                self._read(hours=1)
            self.assertEqual(clear.called, is_flushed)

    def test_the_reviews_of_another_website_or_language_say_nothing(self):
        self._put(1)
        self._read()
        self.channel.lang_id = self.env["res.lang"]._activate_lang("pl_PL")
        self.assertSaid(UNKNOWN)
