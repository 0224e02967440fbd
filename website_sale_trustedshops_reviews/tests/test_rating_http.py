# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta

from lxml import html

from odoo import Command
from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase

from .rating_common import NOTICE, RatingCommon

ADDON = "website_sale_trustedshops_reviews"
CAROUSEL = "website_sale.dynamic_filter_template_product_product_products_item"
LAMP_MARKUP = {
    "@type": "AggregateRating",
    "ratingValue": 4.8,
    "reviewCount": 12,
    "bestRating": 5,
    "worstRating": 1,
}


class RatingHttpCommon(RatingCommon, PatientHttpCase):
    """Pages as a visitor gets them."""

    def setUp(self):
        super().setUp()
        self.rating = self._rate()

    def _open(self, url, lang=""):
        response = self.url_open(f"{lang}{url}")
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.content)

    def _open_product(self, product=None, lang=""):
        return self._open((product or self.product).website_url, lang)

    def _get_stars(self, page):
        """Return the texts of all stars on a page."""
        found = page.xpath("//*[hasclass('o_trustedshops_stars')]")
        return [" ".join(each.text_content().split()) for each in found]

    def _get_notices(self, page):
        found = page.xpath("//*[hasclass('o_trustedshops_notice')]")
        return [" ".join(each.text_content().split()) for each in found]

    def _get_products(self, page):
        """Return the nodes about products in the structured data."""
        return self._get_nodes(page, "Product")

    def _get_nodes(self, page, kind):
        """Return the nodes in the structured data whose type begins with a word."""
        nodes = []
        for text in page.xpath("//script[@type='application/ld+json']/text()"):
            found = json.loads(text)
            nodes += found if isinstance(found, list) else [found]
        return [each for each in nodes if each["@type"].startswith(kind)]

    def _switch(self, key, active):
        """Switch a view on or off as the website builder does."""
        view = self.env.ref(key)
        view.with_context(website_id=self.website.id).active = active
        self.env.flush_all()

    def _add_variants(self, product):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": n}) for n in "SML"]}
        )
        line = {
            "attribute_id": attribute.id,
            "value_ids": [Command.set(attribute.value_ids.ids)],
        }
        product.attribute_line_ids = [Command.create(line)]


@tagged("full")
class TestRatingPages(RatingHttpCommon):
    """Stars and the sentence about reviews, on product page, list and carousels."""

    QUICK = (
        "test_the_product_page_shows_what_it_marks_up",
        "test_nothing_is_shown_that_may_not_be",
    )

    def test_the_product_page_shows_what_it_marks_up(self):
        for lang, text, closed in (
            ("", "4.80 of 5 (12 reviews)", "(opens a new window)"),
            ("/de", "4,80", ""),
        ):
            page = self._open_product(lang=lang)
            [stars] = self._get_stars(page)
            self.assertIn(closed, stars)
            self.assertIn(text, stars.replace(" (opens a new window)", ""))
            [notice] = self._get_notices(page)
            self.assertIn(NOTICE, notice)
            [product] = self._get_products(page)
            self.assertEqual(product["@type"], "Product")
            self.assertEqual(product["aggregateRating"], LAMP_MARKUP)
        [link] = page.xpath("//*[hasclass('o_trustedshops_stars')]//a")
        self.assertIn(self.certificate.ts_id, link.get("href"))
        [link] = page.xpath("//*[hasclass('o_trustedshops_notice')]/a")
        self.assertEqual(
            link.get("href"), "https://help.etrusted.com/hc/articles/4419944605341"
        )

    def test_the_rating_of_the_shop_is_where_core_tells_about_it(self):
        self.channel.is_organization_rated = True
        self.certificate.write(
            {"rating_value": 4.8, "rating_count": 12, "rating_at": self.rating.read_at}
        )
        [shop] = self._get_nodes(self._open("/"), "Organization")
        self.assertEqual(shop["aggregateRating"], LAMP_MARKUP)

    def test_variants_are_rated_together(self):
        self._add_variants(self.product)
        [group] = self._get_products(self._open_product())
        self.assertEqual(group["@type"], "ProductGroup")
        self.assertEqual(group["aggregateRating"], LAMP_MARKUP)
        self.assertEqual(len(group["hasVariant"]), 3)
        for variant in group["hasVariant"]:
            self.assertNotIn("aggregateRating", variant)

    def test_nothing_is_shown_that_may_not_be(self):
        old = self.rating.read_at - timedelta(days=31)
        for record, values in (
            (self.rating, {"count": 0}),
            (self.rating, {"read_at": old}),
            (self.rating, {"channel_id": self._make_channel("chl-other").id}),
            (self.channel, {"hold_reason": "gone"}),
        ):
            before = record.read(values, load="")[0]
            record.write(values)
            self.assertNothingShown(self._open_product())
            record.write({name: before[name] for name in values})
        self.assertEqual(len(self._get_stars(self._open_product())), 1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE trustedshops_account SET environment = 'sandbox'")
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertNothingShown(self._open_product())

    def assertNothingShown(self, page):
        self.assertEqual(self._get_stars(page) + self._get_notices(page), [])
        for product in self._get_products(page):
            self.assertNotIn("aggregateRating", product)

    def test_the_switch_of_the_product_page_is_for_what_is_marked_up_too(self):
        self._switch(f"{ADDON}.product_stars", False)
        self.assertNothingShown(self._open_product())

    def test_core_s_reviews_take_the_place_of_ours(self):
        self._switch("website_sale.product_comment", True)
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("product.template"),
                "res_id": self.product.id,
                "rating": 3,
                "consumed": True,
            }
        )
        page = self._open_product()
        self.assertEqual(self._get_stars(page) + self._get_notices(page), [])
        self.assertTrue(page.xpath("//a[hasclass('o_product_page_reviews_link')]"))
        for product in self._get_products(page):
            value = product.get("aggregateRating", {}).get("ratingValue")
            self.assertNotEqual(value, 4.8)
        self.assertNothingShown(self._open("/shop"))

    def test_the_list_says_above_it_how_reviews_are_checked(self):
        self._rate(self.other, 3.5, 1)
        page = self._open("/shop")
        self.assertEqual(
            sorted(self._get_stars(page)),
            ["3.50 of 5 (1 review)", "4.80 of 5 (12 reviews)"],
        )
        [notice] = page.xpath("//*[hasclass('o_trustedshops_notice')]")
        grid = page.xpath("//*[@id='o_wsale_products_grid']")[0]
        self.assertIn(grid.getparent(), notice.itersiblings())
        self.assertEqual(self._get_products(page), [])
        self._switch(f"{ADDON}.products_stars", False)
        self.assertNothingShown(self._open("/shop"))

    def test_a_carousel_says_it_with_the_first_stars(self):
        self._add_variants(self.product)
        cards = self._get_cards()
        self.assertEqual(len(cards), 4)
        page = html.fromstring("".join(["<div>", *cards, "</div>"]))
        self.assertEqual(self._get_stars(page), ["4.80 of 5 (12 reviews)"] * 3)
        [notice] = self._get_notices(page)
        self.assertIn(NOTICE, notice)
        self._switch(f"{ADDON}.carousel_stars", False)
        page = html.fromstring("".join(["<div>", *self._get_cards(), "</div>"]))
        self.assertNothingShown(page)

    def _get_cards(self):
        """Return the cards of a carousel with all products of the shop."""
        newest = self.env.ref("website_sale.dynamic_filter_newest_products")
        return self.make_jsonrpc_request(
            "/website/snippet/filters",
            {
                "filter_id": newest.id,
                "template_key": CAROUSEL,
                "limit": 16,
                "search_domain": [],
            },
        )


class TestRatingQueries(RatingHttpCommon):
    """What ratings cost a page."""

    def _count_queries(self, url):
        """Return the queries of a page that was opened before."""
        for _visit in range(2):
            before = self.env.cr.sql_log_count
            self._open(url)
            count = self.env.cr.sql_log_count - before
        return count

    def test_stars_cost_one_query_a_page_and_none_where_there_are_none(self):
        bare = self._make_product("SOFA")
        urls = (self.product.website_url, "/shop", bare.website_url)
        self._rate(self.other, 3.5, 1)
        with_stars = [self._count_queries(url) for url in urls]
        self.ratings.search([]).write({"count": 0})
        self.env.registry.clear_cache()
        without_any = [self._count_queries(url) for url in urls]
        self.ratings.search([]).write({"count": 5})
        for view in ("product_stars", "products_stars"):
            self._switch(f"{ADDON}.{view}", False)
        switched_off = [self._count_queries(url) for url in urls]
        self.assertEqual(without_any, switched_off)
        added = [
            count - without
            for count, without in zip(with_stars, switched_off, strict=True)
        ]
        self.assertEqual(added, [1, 1, 1])
