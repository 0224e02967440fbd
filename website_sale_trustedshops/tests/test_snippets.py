# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import tagged

from .certificate_common import CertificateCommon
from .http_common import PatientHttpCase

BLOCK = '<div class="s_trustedshops_badge"/>'
SCRIPT = '"><script>alert(1)</script>'


class SnippetHttpCase(CertificateCommon, PatientHttpCase):
    """A website with one certificate, whose address is this server's."""

    def setUp(self):
        super().setUp()
        self.website.domain = False
        self.certificate.unlink()
        self.service.rating = ("4.83", 123)


class TestSnippetRoute(SnippetHttpCase):
    """One answer for all visitors of a website in a language."""

    def setUp(self):
        super().setUp()
        self.own = self._add(website_id=self.website.id, lang_id=self.langs["de_DE"].id)

    def _get(self, query=""):
        response = self.url_open(f"/shop/trustedshops/snippet{query}")
        self.assertEqual(response.status_code, 200)
        self.assertRegex(response.headers["Content-Type"], "^application/json;")
        return response.json()

    def test_the_language_of_the_page_decides(self):
        self.assertIn("Trusted Shops", self._get("?lang=de-DE")["notice"])
        self.assertEqual(self._get("?lang=en-US"), {})
        self.service.calls.clear()
        self._get("?lang=de-DE")
        self.assertEqual(self.service.calls, [])

    def test_unknown_language_falls_back_to_the_default_one(self):
        self.website.default_lang_id = self.langs["de_DE"]
        for query in ("", "?lang=", "?lang=xx", f"?lang={SCRIPT}", "?lang=a&lang=b"):
            with self.subTest(query=query):
                self.assertIn("Trusted Shops", self._get(query)["notice"])


@tagged("full")
class TestSnippetTours(SnippetHttpCase):
    """An editor drops a block into a page, sets it, and saves."""

    def setUp(self):
        super().setUp()
        self.service.status["certificationLanguage"] = "en"
        self.own = self._add(website_id=self.website.id)

    def _get_block(self, name):
        """Return the block in the page as a visitor gets it, without any script."""
        tree = html.fromstring(self.url_open("/").content)
        [block] = tree.find_class(name)
        return block

    def test_blocks_are_dropped_set_and_saved(self):
        self.start_tour("/", "trustedshops_snippets", login="admin")
        badge = self._get_block("s_trustedshops_badge")
        options = ("variant", "size", "link", "background-color")
        self.assertEqual(
            [badge.get(f"data-{name}") for name in options],
            ["stars", "large", "reviews", "900"],
        )
        self.assertEqual((len(badge), badge.get("style")), (0, None))
        reviews = self._get_block("s_trustedshops_reviews")
        self.assertEqual(
            (reviews.get("data-widget-id"), reviews.get("data-sku"), len(reviews)),
            ("wdg-01234567-89ab-cdef-0123-456789abcdef", '"><b>4711</b>', 0),
        )
