# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from .certificate_common import DOWN, OTHER_ID, CertificateCommon
from .fake_service import HTML_PAGE
from .test_certificate_seal import CERTIFICATE_URL

SCRIPT = '"><script>alert(1)</script>'


class TestRatings(CertificateCommon):
    """Asked with every check, stored, and kept when nobody says anything."""

    def setUp(self):
        super().setUp()
        self.service.rating = ("4.83", 123)
        self.own = self._add()

    def _get_rating(self):
        return round(self.own.rating_value, 2), self.own.rating_count

    def _get_data(self, lang="de_DE"):
        """Return what a badge shows, as if a new hour had begun."""
        self.env.registry.clear_cache()
        certificates = self.env["trustedshops.certificate"]
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        return certificates._get_badge_data(self.second.id, lang, hour)

    def _get_widget_data(self, lang="de_DE"):
        certificates = self.env["trustedshops.certificate"]
        return certificates._get_widget_data(self.second.id, lang)

    def test_each_check_asks(self):
        self.assertEqual(self._get_rating(), (4.83, 123))
        self.service.rating = ("4.9", 124)
        self.own.action_check_now()
        self.assertEqual(self._get_rating(), (4.9, 124))
        self.service.rating = ("4.8", 125)
        self.own.last_attempt_at = False
        self._refresh()
        self.assertEqual(self._get_rating(), (4.8, 125))
        # Another ID has another rating.
        self.service.rating = None
        self._save(self.own, ts_id="X" + "7" * 32)
        self.assertEqual(self._get_rating(), (0, 0))
        self.assertFalse(self.own.rating_at)

    def test_the_form_says_it_in_one_line(self):
        self.assertEqual(self.own.rating_text, "4.83 of 5, 123 reviews")
        self.service.rating = ("5", 1)
        self.own.action_check_now()
        self.assertEqual(self.own.rating_text, "5.00 of 5, 1 review")
        self.own.rating_count = 0
        self.assertFalse(self.own.rating_text)

    def test_the_last_good_rating_stays(self):
        told_at = self.own.rating_at
        for outcome in (DOWN, HTML_PAGE, (200, "{}"), (200, "<x"), (404, "gone")):
            self.service.always["getRating"] = outcome
            self.own.action_check_now()
            self.assertFalse(self.own.last_check_error)
        self.service.always.clear()
        self.service.rating = None
        self.own.action_check_now()
        self.service.rating = (SCRIPT, SCRIPT)
        self.own.action_check_now()
        self.assertEqual(self._get_rating(), (4.83, 123))
        self.assertEqual(self.own.rating_at, told_at)

    def test_a_rating_flushes_no_page(self):
        self.service.rating = ("4.9", 124)
        with patch.object(type(self.env.registry), "clear_cache") as clear:
            self.own.action_check_now()
        clear.assert_not_called()
        # An unknown certificate is not asked about.
        self.service.calls.clear()
        self.service.status["stateEnum"] = "INVALID_TS_ID"
        self.own.action_check_now()
        self.assertEqual(self.service.get_parts("getRating"), [])

    def test_stars_are_in_the_language_of_the_page(self):
        self.service.rating = ("4.83", 1234)
        self.own.action_check_now()
        self.assertEqual(
            self._get_data()["rating"],
            {
                "icons": ["fa-star"] * 5,
                "text": "4,83 von 5",
                "count": "1.234 Bewertungen",
            },
        )
        self.service.rating = ("5.00", 1)
        self.own.action_check_now()
        self.own.lang_id = False
        rating = self._get_data("en_US")["rating"]
        self.assertEqual((rating["text"], rating["count"]), ("5.00 of 5", "1 review"))

    def test_stars_come_with_a_sentence_that_is_never_empty(self):
        self.own.lang_id = False
        self.second.language_ids = self.langs["en_US"] + self.langs["de_DE"]
        own_words = "Trusted Shops collects the reviews and takes steps"
        notice = self._get_data("en_US")["notice"]
        self.assertTrue(notice.pop("text").startswith(own_words))
        self.assertEqual(
            notice,
            {
                "link": "How they are checked",
                "hint": "(opens a new window)",
                "url": "https://help.etrusted.com/hc/articles/4419944605341",
            },
        )
        english = self.own.with_context(lang="en_US")
        english.rating_notice = "We check them."
        self.own.with_context(lang="de_DE").rating_notice = "Wir prüfen sie."
        self.assertEqual(
            [self._get_data(lang)["notice"]["text"] for lang in ("en_US", "de_DE")],
            ["We check them.", "Wir prüfen sie."],
        )
        for nothing in (" ", "", False):
            english.rating_notice = nothing
            text = self._get_data("en_US")["notice"]["text"]
            self.assertTrue(text.startswith(own_words))

    def test_a_new_sentence_shows_at_once(self):
        for write in (
            lambda: self.own.write({"rating_notice": "We check them."}),
            lambda: self.own.update_field_translations(
                "rating_notice", {"de_DE": "Wir prüfen sie."}
            ),
        ):
            with patch.object(type(self.env.registry), "clear_cache") as clear:
                write()
            clear.assert_called()

    def test_an_old_rating_is_not_shown(self):
        told_at = self.own.rating_at
        with freeze_time(fields.Datetime.add(told_at, days=29)):
            self.assertTrue(self._get_data()["rating"])
        with freeze_time(fields.Datetime.add(told_at, days=31)):
            self.assertIsNone(self._get_data()["rating"])

    def test_blocks_get_all_they_need(self):
        self.own.badge_background_color = "#ffdc0f"
        self.own.badge_consent = "always"
        self.service.rating = None
        data = dict(self._get_data())
        del data["rating"], data["notice"]
        self.assertEqual(
            data,
            {
                "url": CERTIFICATE_URL,
                "image": "/website_sale_trustedshops/static/src/img/seal.svg",
                "isOwn": False,
                "background": "#ffdc0f",
                "color": "#000000",
                "label": "Von Trusted Shops zertifiziert",
                "hint": "Zertifikat ansehen (öffnet ein neues Fenster)",
                "reviewsHint": "Bewertungen ansehen (öffnet ein neues Fenster)",
                "reviewsUrl": "https://www.trustedshops.com/bewertung/info_"
                f"{OTHER_ID}.html",
                "ratio": 1,
            },
        )
        data = self._get_widget_data()
        self.assertIn('class="o_trustedshops_notice', data.pop("notice"))
        self.assertEqual(
            data,
            {
                "consent": "always",
                "cookiesBar": False,
                "widgetScript": "https://integrations.etrusted.com/applications"
                "/widget.js/v2",
            },
        )

    def test_blocks_are_empty_without_a_certificate_in_force(self):
        self.own.badge_shown = False  # only in the footer
        for get in (self._get_data, self._get_widget_data):
            self.assertTrue(get())
            self.assertEqual(get("en_US"), {})
            self.own.action_archive()
            self.assertEqual(get(), {})
            self.own.action_unarchive()
        self.service.status["stateEnum"] = "CANCELLED"
        self.own.action_check_now()
        self.assertEqual((self._get_data(), self._get_widget_data()), ({}, {}))

    def test_reviews_only_shop_shows_widgets_without_a_seal(self):
        self.own.sudo().state = "no_audit"
        self.assertEqual(self._get_data(), {})
        self.assertEqual(
            sorted(self._get_widget_data()),
            ["consent", "cookiesBar", "notice", "widgetScript"],
        )

    def test_a_new_rating_shows_within_the_hour_and_costs_no_query(self):
        website = self.second.with_context(lang="de_DE")
        get = partial(website._trustedshops_prepare_badge, {"variant": "stars"})
        with freeze_time("2026-05-01 10:59:00"):
            self.service.rating = ("4.83", 123)
            self.own.action_check_now()
            self.env.registry.clear_cache()
            self.assertEqual(get()["rating"]["text"], "4,83 von 5")
            self.service.rating = ("4.2", 124)
            self.own.action_check_now()
            self.env.flush_all()
            with self.assertQueryCount(0):
                get()
        with freeze_time("2026-05-01 11:00:00"):
            self.assertEqual(get()["rating"]["text"], "4,20 von 5")
