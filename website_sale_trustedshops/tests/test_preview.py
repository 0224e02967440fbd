# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff see of the shoppers' pages without placing an order."""

from lxml import html

from odoo.tests import new_test_user

from .common import TrustedShopsCommon
from .http_common import PatientHttpCase

TEXT = "//main//section[h1]"


class TestPreview(TrustedShopsCommon, PatientHttpCase):
    def setUp(self):
        super().setUp()
        self.url = self.certificate.action_preview()["url"]
        new_test_user(
            self.env,
            "designer",
            groups="base.group_user,website.group_website_designer",
        )

    def _open(self, login="designer"):
        self.authenticate(login, login)
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["X-Robots-Tag"], "noindex")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        return html.fromstring(response.content)

    def _get_columns(self, page):
        """Return name of the language, and text, of each."""
        return {
            column.xpath("./h1/text()")[0]: " ".join(column.text_content().split())
            for column in page.xpath(TEXT)
        }

    def test_each_language_shows_offer_and_what_follows_the_order(self):
        self.website.language_ids += self.env["res.lang"]._activate_lang("de_DE")
        columns = self._get_columns(self._open())
        for name, words in (
            ("English (US)", ("Buyer Protection up to", "€", "Payment page")),
            ("German / Deutsch", ("Käuferschutz", "€", "Payment page")),
        ):
            for word in words:
                self.assertIn(word, columns[name])

    def test_what_follows_the_order_is_what_its_buyer_will_see(self):
        page = self._open()
        [told, *_langs] = page.xpath("//div[@name='trustedshops_protection']")
        self.assertIn("Buyer Protection is ordered", told.text_content())
        [agreed, *_langs] = page.xpath("//*[@name='trustedshops_agreed']")
        self.assertIn("Money back if the goods do not arrive", agreed.text_content())

    def test_a_classic_shows_what_is_included_and_its_button(self):
        self.certificate.item_ids.sudo().unlink()
        self.certificate.sudo().write(
            {
                "protection_model": "classic",
                "included_shown": True,
                "guarantee_amount": 100.0,
                "guarantee_currency_id": self.env.ref("base.EUR").id,
            }
        )
        text = self._get_columns(self._open())["English (US)"]
        self.assertIn("100.00", text.partition("After the order")[0])
        self.assertIn("Register for Buyer Protection", text)
        self.assertNotIn("Money back if", text)

    def test_a_block_shows_as_in_a_page(self):
        self.certificate.sudo().write(
            {"rating_value": 4.8, "rating_count": 3, "rating_at": self.env.cr.now()}
        )
        text = self._get_columns(self._open())["English (US)"]
        self.assertIn("4.80 of 5 (3 reviews)", text)

    def test_nothing_in_it_can_be_used_or_edited(self):
        page = self._open()
        for tag in ("input", "button", "form"):
            found = page.xpath(f"{TEXT}//{tag}")
            self.assertTrue(all(each.xpath("ancestor::*[@inert]") for each in found))
        self.assertTrue(page.xpath(f"{TEXT}//input"))
        self.assertEqual(page.xpath(f"{TEXT}//@data-oe-model"), [])

    def test_nothing_is_stored(self):
        models = ("sale.order", "trustedshops.protection", "sale.order.line")
        before = [self.env[model].search_count([]) for model in models]
        self._open()
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(after, before)

    def test_others_get_nothing(self):
        new_test_user(self.env, "clerk", groups="base.group_user")
        new_test_user(self.env, "buyer", groups="base.group_portal")
        for login in ("clerk", "buyer"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(self.url).status_code, 404)
        self.authenticate(None, None)
        response = self.url_open(self.url, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self.authenticate("designer", "designer")
        self.url = "/shop/trustedshops/preview/999999"
        self.assertEqual(self.url_open(self.url).status_code, 404)
