# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.tests import BaseCase

from ..lib.links import (
    make_loader_url,
    make_rate_now_url,
    make_reviews_url,
    make_widget_script_url,
    normalize_page_url,
)

TS_ID = "X0123456789ABCDEF0123456789ABCDEF"
ORDER = "&buyerEmail=YW5uYUBleGFtcGxlLmNvbQ%3D%3D&shopOrderID=UzAwMDQ3"
# By language: the page to rate on and the page of the reviews.
PAGES = {
    "de": (".com/bewertung/bewerten_", ".com/bewertung/info_"),
    "en": (".com/buyerrating/rate_", ".com/buyerrating/info_"),
    "fr": (".com/evaluation/evaluer_", ".com/evaluation/info_"),
    "es": (".es/evaluacion/evaluar_", ".es/evaluacion/info_"),
    "it": (".it/valutazione-del-negozio/rate_", ".it/valutazione-del-negozio/info_"),
    "pl": (".pl/opinia/ocen_", ".pl/opinia/info_"),
    "nl": (".com/buyerrating/rate_", ".nl/verkopersbeoordeling/info_"),
    # A language in which there is no page.
    "cs": (".com/buyerrating/rate_", ".com/buyerrating/info_"),
}


class TestLibReviewLinks(BaseCase):
    """Addresses at which a buyer reviews the shop."""

    def test_every_language_has_its_pages(self):
        for language, (rate, reviews) in PAGES.items():
            with self.subTest(language=language):
                self.assertEqual(
                    make_rate_now_url(TS_ID, language, "anna@example.com", "S00047"),
                    f"https://www.trustedshops{rate}{TS_ID}.html{ORDER}",
                )
                self.assertEqual(
                    make_reviews_url(TS_ID, language),
                    f"https://www.trustedshops{reviews}{TS_ID}.html",
                )

    def test_the_date_of_the_order_is_the_last_parameter_of_the_order(self):
        ordered_at = datetime(2026, 11, 2, 9, 5, 7)
        date = "&orderDate=MjAyNi0xMS0wMiAwOTowNTowNw%3D%3D"  # 2026-11-02 09:05:07
        order = ("anna@example.com", "S00047")
        url = make_rate_now_url(TS_ID, "de", *order, ordered_at)
        self.assertTrue(url.endswith(ORDER + date), url)

    def test_signs_of_base64_that_mean_something_in_a_query_are_encoded(self):
        # Their base64 is fn4/Pj4= and w7vDv8O+Pj4=.
        url = make_rate_now_url(TS_ID, "de", "~~?>>", "\u00fb\u00ff\u00fe>>")
        self.assertEqual(
            url.partition("&")[2],
            "buyerEmail=fn4%2FPj4%3D&shopOrderID=w7vDv8O%2BPj4%3D",
        )


class TestLibScriptLinks(BaseCase):
    """Addresses from which a visitor's browser loads scripts."""

    def test_each_environment_has_its_scripts(self):
        for environment, loader, widgets in (
            (
                "production",
                f"https://widgets.trustedshops.com/js/{TS_ID}.js",
                "https://integrations.etrusted.com/applications/widget.js/v2",
            ),
            (
                "qa",
                f"https://widgets-qa.trustedshops.com/js/{TS_ID}.js",
                "https://integrations.etrusted.site/applications/widget.js/v2",
            ),
            (
                "sandbox",
                f"http://127.0.0.1:8099/js/{TS_ID}.js",
                "http://127.0.0.1:8099/applications/widget.js/v2",
            ),
        ):
            sandbox = "http://127.0.0.1:8099/"
            self.assertEqual(make_loader_url(TS_ID, environment, sandbox), loader)
            self.assertEqual(make_widget_script_url(environment, sandbox), widgets)


class TestLibPageUrl(BaseCase):
    """Which addresses shoppers may be sent to."""

    def test_public_pages_are_taken_as_they_are(self):
        for url in (
            "https://www.trustedshops.com/shop/data_privacy.php?shop_id=X1&lang=pl",
            "https://shop.example:8443/agb.pdf#schutz",
            "https://ochrona-kupującego.example/warunki/język",
            "HTTPS://SHOP.EXAMPLE/AGB",
        ):
            with self.subTest(url=url):
                self.assertEqual(normalize_page_url(f"  {url}\n"), url)
        for text in (None, False, "", " \n"):
            with self.subTest(text=text):
                self.assertEqual(normalize_page_url(text), "")

    def test_anything_else_is_refused(self):
        for text in (
            *("conditions", "/conditions", "shop.example/agb", "//shop.example/agb"),
            *("http://shop.example/agb", "ftp://shop.example/agb"),
            *("javascript:alert(1)", "data:text/html,<b>x</b>"),
            *("https://", "https:///agb", "https:shop.example"),
            *("https://localhost/agb", "https://intranet/agb", "https://."),
            "https://shop.example/a b",
            "https://shop.example\\@evil.example/",
            "https://www.trustedshops.com@evil.example/",
            "https://:@evil.example/",
            *(f"https://shop.example:{port}/" for port in ("port", 0, 99999)),
            "https://[::1/",
            "https://shop.example/\N{NULL}",
            'https://shop.example/"onclick=',
            "https://shop.example/" + "a" * 2000,
        ):
            with self.subTest(text=text), self.assertRaises(ValueError):
                normalize_page_url(text)
