# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .rating_common import RatingCommon

STARS = '<div class="o_trustedshops_stars">4.5</div>'
NOTICE = '<p class="o_trustedshops_notice {}">We check.</p>'
PASTED = '<etrusted-widget data-etrusted-widget-id="w"></etrusted-widget>'
REVIEWS = '<div class="s_trustedshops_reviews" data-widget-id="w"></div>'
BADGE = '<div class="s_trustedshops_badge" data-variant="stars"></div>'
MARKUP = '<script type="application/ld+json">{}</script>'
LAMP = MARKUP.format('{"@type": "Product", "name": "Lamp"}')
GROUP = MARKUP.format('{"@graph": [{"@type": ["ProductGroup"], "name": "Lamps"}]}')
VARIANTS = MARKUP.format(
    '{"@type": "ProductGroup", "hasVariant": [{"@type": "Product"}]}'
)
OTHERS = MARKUP.format('[{"@type": "BreadcrumbList"}, null, 7]')
BROKEN = MARKUP.format("{broken")
MICRODATA = '<div itemscope itemtype="https://schema.org/Product">Lamp {}</div>'
PRODUCT_PAGE = '<section id="product_detail"></section>'


class TestReviewsCheck(RatingCommon):
    """What the website check says and looks at beyond seal and badge."""

    def _get(self, name):
        return self.certificate.start_website_check()[name]

    def _get_invitations(self):
        causes = ("channel_twice", "channel_maybe_twice")
        return [each for each in self._get("findings") if each["cause"] in causes]

    def _judge(self, content):
        """Return what is said of stars on a page, by cause."""
        url = "https://shop.example/shop/lamp"
        root = f"<html lang='en-US' data-website-id='{self.website.id}'><body>"
        page = {"is_start": False, "path": "/shop/lamp", "url": url, "status": 200}
        page |= {"html": root + content, "is_html": True}
        found = self.certificate.check_page("en-US", page)
        causes = ("notice", "notice_pasted", "markup")
        return {each["cause"]: each for each in found if each["cause"] in causes}

    def assertFound(self, finding, text, todo):
        self.assertEqual((finding["level"], finding["text"]), ("problem", text))
        self.assertIn(todo, finding["todo"])
        self.assertIn("path=%2Fshop%2Flamp", finding["links"][0]["url"])

    def test_stars_without_the_sentence(self):
        text = "Stars are shown without the sentence on how reviews are checked."
        for content in (
            STARS,
            STARS + NOTICE.format("d-none"),
            STARS + NOTICE.format("collapse"),
            STARS + NOTICE.format("").replace("We check.", " "),
            # The block tells of its own reviews, with the stars of none beside it.
            STARS + REVIEWS,
        ):
            with self.subTest(content):
                found = self._judge(content)
                self.assertFound(found.pop("notice"), text, "a theme that hides it")
                self.assertEqual(found, {})
        found = self._judge(PASTED)
        self.assertFound(found.pop("notice_pasted"), text, "Replace the pasted widget")
        self.assertEqual(found, {})

    def test_stars_with_the_sentence(self):
        for content in (
            "",
            STARS + NOTICE.format(""),
            STARS + NOTICE.format("collapse show"),
            PASTED + BADGE,
            PASTED + REVIEWS,
            REVIEWS,
        ):
            with self.subTest(content):
                self.assertEqual(self._judge(content), {})

    def test_two_descriptions_of_a_product(self):
        text = (
            "The structured data of this page describe several products (2):"
            " search engines do not know which of them is rated."
        )
        for content in (
            LAMP + BROKEN + GROUP,
            LAMP + MICRODATA.format(""),
            MICRODATA.format("") * 2,
        ):
            with self.subTest(content):
                found = self._judge(PRODUCT_PAGE + content)
                self.assertFound(found["markup"], text, "Remove the other description")

    def test_one_description_of_a_product(self):
        for content in (
            LAMP + GROUP,  # a list of products
            PRODUCT_PAGE + MICRODATA.format(MICRODATA.format("")),
            PRODUCT_PAGE + VARIANTS + OTHERS,
        ):
            with self.subTest(content):
                self.assertEqual(self._judge(content), {})

    def test_website_check_reports_double_invitations(self):
        for values, level in (
            ({"checkout_invites": "on"}, "problem"),
            ({"checkout_invites": "unknown"}, "warning"),
            ({"checkout_invites": "off"}, None),
            ({"checkout_invites": "on", "inviter": "trustcard"}, None),
            # Where Odoo does not invite nobody is invited twice.
            ({"inviter": "odoo", "consent_mode": "off", "own_invites": "on"}, None),
            ({"consent_mode": "checkbox", "own_invites": "off"}, None),
        ):
            self.channel.sudo().write(values)
            with self.subTest(values):
                findings = self._get_invitations()
                self.assertEqual(
                    [each["level"] for each in findings], [level] * bool(level)
                )
                for finding in findings:
                    self.assertIn("channel Shop", finding["text"])
                    self.assertTrue(finding["todo"])
                    self.assertEqual(
                        finding["links"][0]["url"].rpartition(".")[2],
                        f"trustedshops_channel_action/{self.channel.id}",
                    )

    def test_list_and_a_product_are_looked_at_in_each_language(self):
        self._rate(self.other)
        more = {page["lang"]: page["more"] for page in self._get("pages")}
        self.assertEqual(more["en-US"], ["/shop", self.other.website_url])
        german = self.other.with_context(lang="de_DE").website_url
        self.assertEqual(more["de-DE"], ["/de/shop", f"/de{german}"])

    def test_a_product_that_visitors_cannot_open_is_not_looked_at(self):
        self._rate(self.other)
        self.other.is_published = False
        more = {page["lang"]: page["more"] for page in self._get("pages")}
        self.assertEqual(len(more["en-US"]), 2)
        self.assertNotIn(self.other.website_url, more["en-US"])

    def test_without_a_channel_there_is_nothing_more(self):
        self.channel.active = False
        self.assertEqual(self._get_invitations(), [])
        self.assertEqual([page["more"] for page in self._get("pages")][0], [])
