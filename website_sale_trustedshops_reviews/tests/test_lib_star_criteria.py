# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the website check says of stars and structured data."""

from unittest import TestCase

from odoo.addons.website_sale_trustedshops.lib.inspection import Inspection
from odoo.addons.website_sale_trustedshops.lib.shop_page import read_page

from ..lib.star_criteria import see_markup, see_notice, see_pasted_notice

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


def look(rule, content):
    """Return what a rule sees of a page."""
    url = "https://lampen.example/shop/lampe-1"
    page = read_page("page", url, url, 200, f"<html><body>{content}</body></html>")
    return rule(Inspection([page], {}), None)


class TestLibStarCriteria(TestCase):
    def test_stars_without_the_sentence(self):
        for content in (
            STARS,
            STARS + NOTICE.format("d-none"),
            STARS + NOTICE.format("collapse"),
            STARS + NOTICE.format("").replace("We check.", " "),
            # The block tells of its own reviews, with the stars of none beside it.
            STARS + REVIEWS,
        ):
            with self.subTest(content):
                self.assertEqual(look(see_notice, content).cause, "problem")
                self.assertIsNone(look(see_pasted_notice, content))
        self.assertEqual(look(see_pasted_notice, PASTED).cause, "problem")
        self.assertIsNone(look(see_notice, PASTED))

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
                self.assertIsNone(look(see_notice, content))
                self.assertIsNone(look(see_pasted_notice, content))

    def test_two_descriptions_of_a_product(self):
        for content in (
            LAMP + BROKEN + GROUP,
            LAMP + MICRODATA.format(""),
            MICRODATA.format("") * 2,
        ):
            with self.subTest(content):
                seen = look(see_markup, PRODUCT_PAGE + content)
                self.assertEqual((seen.cause, seen.values), ("problem", {"count": 2}))

    def test_one_description_of_a_product(self):
        for content in (
            LAMP + GROUP,  # a list of products
            PRODUCT_PAGE + MICRODATA.format(MICRODATA.format("")),
            PRODUCT_PAGE + VARIANTS + OTHERS,
        ):
            with self.subTest(content):
                self.assertIsNone(look(see_markup, content))
