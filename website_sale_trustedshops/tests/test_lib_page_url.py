# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase

from ..lib.page_url import normalize_page_url


class TestPageUrl(BaseCase):
    """Which addresses shoppers may be sent to."""

    def test_public_pages_are_taken_as_they_are(self):
        for url in (
            "https://www.trustedshops.com/shop/data_privacy.php?shop_id=X1&lang=pl",
            "https://shop.example:8443/agb.pdf#schutz",
            "https://ochrona-kupującego.example/warunki/język",
            "HTTPS://SHOP.EXAMPLE/AGB",
        ):
            with self.subTest(url=url):
                self.assertEqual(normalize_page_url(url), url)

    def test_white_space_around_is_dropped(self):
        self.assertEqual(
            normalize_page_url("  https://shop.example/agb\n"),
            "https://shop.example/agb",
        )

    def test_nothing_stays_nothing(self):
        for text in (None, False, "", " \n"):
            with self.subTest(text=text):
                self.assertEqual(normalize_page_url(text), "")

    def test_anything_else_is_refused(self):
        for text in (
            "conditions",
            "/conditions",
            "shop.example/agb",
            "//shop.example/agb",
            "http://shop.example/agb",
            "ftp://shop.example/agb",
            "javascript:alert(1)",
            "data:text/html,<b>x</b>",
            "https://",
            "https:///agb",
            "https:shop.example",
            "https://localhost/agb",
            "https://intranet/agb",
            "https://.",
            "https://shop.example/a b",
            "https://shop.example\\@evil.example/",
            "https://www.trustedshops.com@evil.example/",
            "https://:@evil.example/",
            "https://shop.example:port/",
            "https://shop.example:0/",
            "https://shop.example:99999/",
            "https://[::1/",
            "https://shop.example/\N{NULL}",
            'https://shop.example/"onclick=',
            "https://shop.example/" + "a" * 2000,
        ):
            with self.subTest(text=text), self.assertRaises(ValueError):
                normalize_page_url(text)
