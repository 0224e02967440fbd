# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user

from .certificate_common import CertificateCommon


class TestSamplePage(CertificateCommon):
    """Pages that the law asks for, to begin with."""

    def _create_page(self, kind, user=None):
        wizard = self.env["trustedshops.sample.page"].with_user(user or self.designer)
        wizard = wizard.create({"website_id": self.website.id, "kind": kind})
        path = wizard.action_create_page()["params"]["path"]
        return self.env["website.page"].search(
            [("url", "=", path), ("website_id", "=", self.website.id)]
        )

    def test_each_sample_is_a_page_of_the_website_that_nobody_sees(self):
        for kind, path in (
            ("identity", "/imprint"),
            ("privacy", "/privacy-policy"),
            ("shipping", "/shipping-and-payment"),
        ):
            with self.subTest(kind):
                page = self._create_page(kind)
                self.assertTrue(page.url.startswith(path), page.url)
                self.assertEqual(page.website_id, self.website)
                self.assertFalse(page.is_published)
                self.assertIn("✎", page.view_id.arch_db)

    def test_a_sample_is_published_when_its_gaps_are_filled_in_each_language(self):
        template = self.env.ref("website_sale_trustedshops.sample_shipping")
        terms = {"Shipping Costs": "Versandkosten"}
        template.update_field_translations("arch_db", {"de_DE": terms})
        # Who makes it may use another language than the website.
        self.designer.lang = "de_DE"
        page = self._create_page("shipping")
        german = page.view_id.with_context(lang="de_DE")
        self.assertIn("<h2>Versandkosten</h2>", german.arch_db)
        english = page.view_id.with_context(lang="en_US")
        self.assertIn("<h2>Shipping Costs</h2>", english.arch_db)
        with self.assertRaisesRegex(ValidationError, r"in English \(US\) .*\(✎\)"):
            page.is_published = True
        page.is_published = False
        for code in ("en_US", "pl_PL", "de_DE"):
            view = page.view_id.with_context(lang=code)
            view.arch_db = view.arch_db.replace("✎", "")
        german.arch_db = german.arch_db.replace("<h2>", "<h2>✎ ", 1)
        with self.assertRaisesRegex(ValidationError, "in German / Deutsch"):
            page.with_user(self.designer).website_publish_button()
        page.is_published = False
        german.arch_db = german.arch_db.replace("✎ ", "")
        page.with_user(self.designer).website_publish_button()
        self.assertTrue(page.is_published)

    def test_other_pages_may_have_the_sign(self):
        page = self.env["website.page"].create(
            {
                "url": "/write-to-us",
                "website_id": self.website.id,
                "type": "qweb",
                "key": "website.write_to_us",
                "arch": "<div>✎ Write to us</div>",
                "is_published": True,
            }
        )
        self.assertTrue(page.is_published)

    def test_others_make_no_pages(self):
        seller = new_test_user(
            self.env, "ts_seller", groups="sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            self._create_page("identity", seller)
