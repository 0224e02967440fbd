# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import BaseCase

from ..lib.match import match_language, match_shop_url


class TestLibShopUrl(BaseCase):
    """A certificate belongs to a host, however its address is written."""

    def assertMatch(self, expected, certificate_url, shop_url):
        with self.subTest(certificate_url=certificate_url, shop_url=shop_url):
            self.assertEqual(match_shop_url(certificate_url, shop_url), expected)
            self.assertEqual(match_shop_url(shop_url, certificate_url), expected)

    def test_another_spelling_of_the_same_host_matches(self):
        for url in (
            *("shop.example", "shop.example.", "shop.example/", "//shop.example"),
            *("www.shop.example", "WWW.Shop.Example", " http://shop.example\n"),
            *("https://shop.example", "https://shop.example:8443/"),
            *("HTTPS://SHOP.EXAMPLE/", "https://shop.example/pl?a=b#c"),
            *("shop.example:8069/pl", "shop.example/to?url=https://evil.com"),
            "shop.example/a//b",
        ):
            self.assertMatch("match", url, "https://www.shop.example")

    def test_an_internationalised_name_matches_its_punycode(self):
        for url in (
            *("https://bücher.example/", "BÜCHER.example", "bücher\u3002example"),
            "bu\u0308cher.example",
        ):
            self.assertMatch("match", url, "https://www.xn--bcher-kva.example")
        self.assertMatch("match", "żółw.example", "xn--w-uga1v8h.example")

    def test_another_host_does_not_match(self):
        for url in (
            *("https://shop.example.evil.com", "https://notshop.example"),
            *("https://shop.example@evil.com", "https://evil.com/shop.example"),
            *("https://evil.com?shop.example", "https://evil.com#shop.example"),
            *("https://pl.shop.example", "https://shop.example.com"),
            *("https://shop-example", "https://example", "https://bücher.example"),
        ):
            self.assertMatch("mismatch", url, "https://shop.example")

    def test_a_local_host_or_number_is_a_host_too(self):
        self.assertMatch("match", "http://127.0.0.1:8069", "127.0.0.1")
        self.assertMatch("match", "http://localhost:8069/", "localhost")
        self.assertMatch("match", "http://[::1]:8069/", "https://[::1]")
        self.assertMatch("match", "my_shop.example", "http://my_shop.example")
        self.assertMatch("mismatch", "http://127.0.0.1", "http://127.0.0.2")
        # And “www” alone is no prefix.
        self.assertMatch("mismatch", "www.example", "example")
        self.assertMatch("mismatch", "www.www.shop.example", "shop.example")

    def test_what_is_no_address_is_unknown(self):
        for url in (
            *("", None, False, "   ", "https://", "http://["),
            *("shop.example:port", "shop.example:99999", "our shop"),
            *("https://shop.example evil.com", "https://evil.com\\@shop.example"),
            *("https://shop..example", "https://-shop.example"),
            *("https://sh%6Fp.example", "https://a\u0000b.example"),
            "https://☃\u200d.example",
        ):
            self.assertMatch("unknown", url, "https://shop.example")
        self.assertMatch("unknown", "", "")


class TestLibLanguage(BaseCase):
    """A certificate belongs to a language, whatever the region."""

    def assertMatch(self, expected, *pairs):
        for pair in pairs:
            with self.subTest(pair=pair):
                self.assertEqual(match_language(*pair), expected)
                self.assertEqual(match_language(*reversed(pair)), expected)

    def test_the_same_language_matches_however_it_is_written(self):
        self.assertMatch(
            "match",
            *(("de", "de"), ("de_AT", "de_AT"), ("sr@latin", "sr@latin")),
            ("en_150", "en_GB"),  # English of Europe, as channels name it
            *(("fil", "fil"), ("DE", "de"), (" de\n", "de")),
            *(("de-at", "de_AT"), ("DE_at", "de-AT")),
        )

    def test_another_region_or_script_fits_with_a_hint(self):
        self.assertMatch(
            "regional",
            *(("de", "de_AT"), ("de", "de-CH"), ("en", "en_GB"), ("es", "es_419")),
            *(("sr", "sr@latin"), ("sr@latin", "sr@Cyrl"), ("zh_CN", "zh_TW")),
            *(("zh", "zh_Hant_TW"), ("ca", "ca_ES@valencia")),
        )

    def test_another_language_does_not_match(self):
        self.assertMatch(
            "mismatch",
            *(("de", "pl"), ("de", "pl_DE"), ("de", "nds"), ("fi", "fil")),
            ("pt", "pl_PL"),
        )

    def test_what_is_no_language_says_nothing(self):
        for code in (
            *("", " ", None, False, "d", "deutsch", "de_", "_de", "de__AT"),
            *("de.AT", "d3", "dé", "de AT", "12", "de_A", "de\nx"),
            '"><script>alert(1)</script>',
        ):
            self.assertMatch("unknown", (code, "de"), (code, code))
