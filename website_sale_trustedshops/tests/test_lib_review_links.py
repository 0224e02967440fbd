# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.tests import BaseCase

from ..lib.review_links import (
    make_rate_later_url,
    make_rate_now_url,
    make_reviews_url,
)

TS_ID = "X0123456789ABCDEF0123456789ABCDEF"
ORDER = "&buyerEmail=YW5uYUBleGFtcGxlLmNvbQ%3D%3D&shopOrderID=UzAwMDQ3"
# By language: the page to rate on and the page of the reviews.
PAGES = {
    "de": (
        f"https://www.trustedshops.com/bewertung/bewerten_{TS_ID}.html",
        f"https://www.trustedshops.com/bewertung/info_{TS_ID}.html",
    ),
    "en": (
        f"https://www.trustedshops.com/buyerrating/rate_{TS_ID}.html",
        f"https://www.trustedshops.com/buyerrating/info_{TS_ID}.html",
    ),
    "fr": (
        f"https://www.trustedshops.com/evaluation/evaluer_{TS_ID}.html",
        f"https://www.trustedshops.com/evaluation/info_{TS_ID}.html",
    ),
    "es": (
        f"https://www.trustedshops.es/evaluacion/evaluar_{TS_ID}.html",
        f"https://www.trustedshops.es/evaluacion/info_{TS_ID}.html",
    ),
    "it": (
        f"https://www.trustedshops.it/valutazione-del-negozio/rate_{TS_ID}.html",
        f"https://www.trustedshops.it/valutazione-del-negozio/info_{TS_ID}.html",
    ),
    "pl": (
        f"https://www.trustedshops.pl/opinia/ocen_{TS_ID}.html",
        f"https://www.trustedshops.pl/opinia/info_{TS_ID}.html",
    ),
    "nl": (
        f"https://www.trustedshops.com/buyerrating/rate_{TS_ID}.html",
        f"https://www.trustedshops.nl/verkopersbeoordeling/info_{TS_ID}.html",
    ),
    # A language in which there is no page.
    "cs": (
        f"https://www.trustedshops.com/buyerrating/rate_{TS_ID}.html",
        f"https://www.trustedshops.com/buyerrating/info_{TS_ID}.html",
    ),
}


class TestReviewLinks(BaseCase):
    """Addresses at which a buyer reviews the shop."""

    def test_every_language_has_its_pages(self):
        for language, (rate, reviews) in PAGES.items():
            with self.subTest(language=language):
                self.assertEqual(
                    make_rate_now_url(TS_ID, language, "anna@example.com", "S00047"),
                    rate + ORDER,
                )
                self.assertEqual(make_reviews_url(TS_ID, language), reviews)

    def test_the_date_of_the_order_is_the_last_parameter(self):
        url = make_rate_now_url(
            *(TS_ID, "de", "anna@example.com", "S00047"),
            ordered_at=datetime(2026, 11, 2, 9, 5, 7),
        )
        # 2026-11-02 09:05:07
        self.assertEqual(
            url.partition("&")[2],
            f"{ORDER[1:]}&orderDate=MjAyNi0xMS0wMiAwOTowNTowNw%3D%3D",
        )

    def test_signs_of_base64_that_mean_something_in_a_query_are_encoded(self):
        # Their base64 is fn4/Pj4= and w7vDv8O+Pj4=.
        url = make_rate_now_url(TS_ID, "de", "~~?>>", "\u00fb\u00ff\u00fe>>")
        self.assertEqual(
            url.partition("&")[2],
            "buyerEmail=fn4%2FPj4%3D&shopOrderID=w7vDv8O%2BPj4%3D",
        )

    def test_the_reminder_names_certificate_and_days(self):
        self.assertEqual(
            make_rate_later_url(TS_ID, "anna@example.com", "S00047", 10),
            "https://www.trustedshops.com/reviews/rateshoplater.php"
            f"?shop_id={TS_ID}{ORDER}&days=10",
        )

    def test_the_reminder_can_name_the_date(self):
        url = make_rate_later_url(
            *(TS_ID, "anna@example.com", "S00047", 10),
            ordered_at=datetime(2026, 11, 2, 9, 5, 7),
        )
        self.assertTrue(
            url.endswith("&orderDate=MjAyNi0xMS0wMiAwOTowNTowNw%3D%3D&days=10"), url
        )

    def test_hostile_text_stays_inside_its_parameter(self):
        url = make_rate_now_url(
            TS_ID, "pl", '"><script>@x.example', "S1&days=1#' OR 1=1"
        )
        self.assertRegex(
            url.partition(".html")[2],
            r"^&buyerEmail=[A-Za-z0-9%]+&shopOrderID=[A-Za-z0-9%]+$",
        )
