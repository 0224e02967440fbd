# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .rating_common import RatingCommon


class TestReviewsCheck(RatingCommon):
    """What the website check says and looks at beyond seal and badge."""

    def _get(self, name):
        return self.certificate.get_website_expectations()[name]

    def test_who_is_invited_twice_is_told(self):
        for inviter, invites, level in (
            ("odoo", "on", "problem"),
            ("odoo", "unknown", "hint"),
            ("odoo", "off", None),
            ("trustcard", "on", None),
        ):
            self.channel.inviter = inviter
            self.channel.sudo().checkout_invites = invites
            with self.subTest(inviter=inviter, invites=invites):
                findings = self._get("findings")
                self.assertEqual(
                    [each["level"] for each in findings], [level] * bool(level)
                )
                for finding in findings:
                    self.assertIn("channel Shop", finding["text"])
                    self.assertTrue(finding["todo"])
                    self.assertEqual(
                        finding["url"].rpartition(".")[2],
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
        self.assertEqual(self._get("findings"), [])
        self.assertEqual([page["more"] for page in self._get("pages")][0], [])
