# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .rating_common import RatingCommon


class TestReviewsCheck(RatingCommon):
    """What the website check says and looks at beyond seal and badge."""

    def _get(self, name):
        return self.certificate.get_website_expectations()[name]

    def _get_invitations(self):
        return [
            each for each in self._get("findings") if each["cause"] == "invitations"
        ]

    def test_stars_and_structured_data_are_looked_at_on_each_page(self):
        product = '{"@type": "Product"}'
        script = f'<script type="application/ld+json">{product}</script>'
        url = "https://shop.example/shop/lamp"
        source = (
            f"<html lang='en-US' data-website-id='{self.website.id}'><body>"
            f"<i class='o_trustedshops_stars'></i><i id='product_detail'></i>{script}"
            f"{script}"
        )
        page = {"kind": "page", "asked": url, "url": url, "status": 200, "html": source}
        page |= {"is_cut": False, "is_html": True}
        notice, markup = self.certificate.judge_page("en-US", page)
        self.assertEqual(
            notice["text"],
            "Stars are shown without the sentence on how reviews are checked.",
        )
        self.assertEqual(
            markup["text"],
            "The structured data of this page describe 2 products: search engines do"
            " not know which of them is rated.",
        )
        for finding in (notice, markup):
            self.assertTrue(finding["todo"])
            self.assertIn("path=%2Fshop%2Flamp", finding["links"][0]["url"])

    def test_website_check_reports_double_invitations(self):
        for inviter, invites, level in (
            ("odoo", "on", "problem"),
            ("odoo", "unknown", "hint"),
            ("odoo", "off", None),
            ("trustcard", "on", None),
        ):
            self.channel.inviter = inviter
            self.channel.sudo().checkout_invites = invites
            with self.subTest(inviter=inviter, invites=invites):
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
