# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urljoin

from lxml import html

from odoo.exceptions import ValidationError

from .fake_service import TS_ID
from .http_common import ADDED, NOT_ADDED, TrustedShopsHttpCommon

BOX = "//*[contains(@class, 'o_trustedshops_offer')]"
PREFIXES = {"en_US": "", "de_DE": "/de", "pl_PL": "/pl"}
# What the buyer of goods for 100.00 reads, by language.
TITLES = {
    "en_US": "Trusted Shops Buyer Protection up to 500 €",
    "de_DE": "Trusted Shops Käuferschutz bis 500 €",
    "pl_PL": "Ochrona Kupującego Trusted Shops do 500 €",
}
TEXTS = {
    "en_US": "Money back if the goods do not arrive or a return is not refunded, for 30"
    " days from your order. For this, order data and e‑mail address are sent to Trusted"
    " Shops and stored there.",
    "de_DE": "Geld zurück, wenn die Ware nicht ankommt oder nach Rückgabe nicht"
    " erstattet wird; 30 Tage ab Bestellung. Dafür erhält und speichert Trusted"
    " Shops Bestelldaten und E‑Mail-Adresse.",
    "pl_PL": "Zwrot pieniędzy, jeśli towar nie dotrze lub zwrot nie zostanie"
    " rozliczony; 30 dni od zamówienia. Trusted Shops otrzyma i zapisze dane"
    " zamówienia i e‑mail.",
}


class TestOfferTerms(TrustedShopsHttpCommon):
    """What the buyer agrees to is what is kept, in every language."""

    def _read_terms(self, page):
        """Return title, text and the two links of the offer."""
        title = self._get_text(page, "//label[@for='trustedshops_protection']/span[1]")
        text = self._get_text(page, "//*[@id='trustedshops_protection_text']")
        return [f"{title} {text}", *page.xpath(f"{BOX}/div//a/@href")]

    def _tick_page(self, page):
        """Tick the box of a page as its visitor does; return what was kept."""
        self.assertEqual(self._tick(offer=self._get_settings(page)["offer"]), ADDED)
        return self.order.trustedshops_protection_id

    def _get_kept_terms(self, protection):
        consent = " ".join(protection.consent_text.split())
        return [consent, protection.conditions_url, protection.privacy_url]

    def test_the_stored_terms_are_those_shown_in_each_language(self):
        for lang, prefix in PREFIXES.items():
            with self.subTest(lang=lang):
                page = self._open(f"{prefix}/shop/payment")
                shown = self._read_terms(page)
                protection = self._tick_page(page)
                self.assertEqual(shown[0], f"{TITLES[lang]} {TEXTS[lang]}")
                self.assertEqual(self._get_kept_terms(protection), shown)
                self.assertEqual(protection.lang_id.code, lang)

    def test_a_tick_on_links_that_changed_meanwhile_adds_nothing(self):
        offer = self._get_settings(self._open())["offer"]
        for name in ("conditions_url", "privacy_url"):
            self.certificate[name] = "https://shop.example/new"
            with self.subTest(name=name):
                self.assertEqual(self._tick(offer=offer), NOT_ADDED)
                self.assertEqual(self.order.amount_total, 100.0)
            self.certificate[name] = False

    def test_pages_of_the_merchant_are_linked_by_language_else_those_of_trusted_shops(
        self,
    ):
        german = self.certificate.with_context(lang="de_DE")
        self.certificate.conditions_url = " https://shop.example/terms "
        german.conditions_url = "https://shop.example/bedingungen"
        self.certificate.privacy_url = "https://shop.example/privacy"
        self.certificate.update_field_translations(
            "privacy_url", {"de_DE": " https://shop.example/datenschutz ", "pl_PL": " "}
        )
        page = "https://www.trustedshops.com/shop/data_privacy.php"
        for prefix, links in (
            ("", ["terms", "privacy"]),
            ("/de", ["bedingungen", "datenschutz"]),
            ("/pl", ["terms", f"{page}?shop_id={TS_ID}"]),
        ):
            shown = self._read_terms(self._open(f"{prefix}/shop/payment"))[1:]
            expected = [urljoin("https://shop.example/", link) for link in links]
            with self.subTest(prefix=prefix):
                self.assertEqual(shown, expected)

    def test_an_address_that_is_none_is_refused(self):
        page = "http://shop.example/privacy"
        for address in ("javascript:alert(1)", page):
            with self.assertRaisesRegex(ValidationError, "must begin with https://"):
                self.certificate.conditions_url = address
        with self.assertRaises(ValidationError):
            self.certificate.update_field_translations("privacy_url", {"de_DE": page})
        with self.assertRaises(ValidationError):
            self._make_certificate(ts_id="X" + "2" * 32, privacy_url=page)

    def test_the_box_is_named_and_described(self):
        page = self._open()
        box = self._get_box(page)
        self.assertEqual(
            [
                page.get_element_by_id(each).tag
                for each in box.get("aria-describedby").split()
            ],
            ["span", "strong"],
        )
        self.assertEqual(self._get_text(page, f"{BOX}/legend"), "Buyer Protection")

    def test_the_new_total_is_read_out_after_the_tick(self):
        read = []
        for enable in (True, False):
            self._tick(enable)
            [region] = self._open().xpath("//*[@name='trustedshops_answer']")
            self.assertEqual(region.get("role"), "status")
            self.assertEqual(region.text_content().strip(), "")
            answer = html.fromstring(region.get("data-answer")).text_content()
            read.append(answer.replace("\N{NO-BREAK SPACE}", " "))
        self.assertEqual(
            read, ["Added. New total: 100.98 €.", "Removed. New total: 100.00 €."]
        )
