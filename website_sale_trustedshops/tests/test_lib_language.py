# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.lib import language


class TestLibLanguage(BaseCase):
    """A certificate belongs to a language, whatever the region."""

    def assertMatch(self, expected, *pairs):
        for pair in pairs:
            with self.subTest(pair=pair):
                self.assertEqual(language.match_language(*pair), expected)
                self.assertEqual(language.match_language(*reversed(pair)), expected)

    def test_the_same_language_matches(self):
        self.assertMatch(
            "match",
            ("de", "de"),
            ("pl", "pl"),
            ("de_AT", "de_AT"),
            ("sr@latin", "sr@latin"),
            ("fil", "fil"),
        )

    def test_the_spelling_of_a_code_does_not_matter(self):
        self.assertMatch(
            "match",
            ("DE", "de"),
            (" de\n", "de"),
            ("de-at", "de_AT"),
            ("DE_at", "de-AT"),
        )

    def test_another_region_or_script_fits_with_a_hint(self):
        self.assertMatch(
            "regional",
            ("de", "de_AT"),
            ("de", "de-CH"),
            ("en", "en_GB"),
            ("es", "es_419"),
            ("sr", "sr@latin"),
            ("sr@latin", "sr@Cyrl"),
            ("zh_CN", "zh_TW"),
            ("zh", "zh_Hant_TW"),
            ("ca", "ca_ES@valencia"),
        )

    def test_another_language_does_not_match(self):
        self.assertMatch(
            "mismatch",
            ("de", "pl"),
            ("de", "pl_DE"),
            ("de", "nds"),
            ("fi", "fil"),
            ("pt", "pl_PL"),
        )

    def test_what_is_no_language_says_nothing(self):
        for code in (
            *("", " ", None, False, "d", "deutsch", "de_", "_de", "de__AT"),
            *("de.AT", "d3", "dé", "de AT", "12", "de_A", "de\nx"),
            '"><script>alert(1)</script>',
        ):
            self.assertMatch("unknown", (code, "de"), (code, code))

    def test_the_answers_have_names(self):
        self.assertEqual(
            (language.MATCH, language.REGIONAL, language.MISMATCH, language.UNKNOWN),
            ("match", "regional", "mismatch", "unknown"),
        )
