# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .http_common import TrustedShopsHttpCommon

BUTTON = "//button[@name='o_payment_submit_button']"
MARK = "//*[@data-trustedshops-words]//form[@id='o_payment_form']"
WORDS = "Order with obligation to pay"


class TestOrderButton(TrustedShopsHttpCommon):
    """The words of the button that orders, by the switch of the website."""

    def setUp(self):
        super().setUp()
        self.view = self.env.ref("website_sale_trustedshops.order_button_words")
        # Not what the demonstration shop has translated.
        self._translate("Zahlungspflichtig bestellen")

    def _translate(self, words):
        self.view.update_field_translations("arch_db", {"de_DE": {WORDS: words}})

    def _read_labels(self, path="/shop/payment"):
        """Return what the buttons say, which are there for desktop and for phone."""
        page = self._open(path)
        self.is_marked = bool(page.xpath(MARK))
        return {button.text_content().strip() for button in page.xpath(BUTTON)}

    def test_the_payment_page_follows_the_switch_and_its_language(self):
        self.assertEqual(self._read_labels(), {"Pay now"})
        self.assertFalse(self.is_marked)
        self.website.trustedshops_order_button = True
        self.assertEqual(self._read_labels(), {WORDS})
        self.assertTrue(self.is_marked)
        self._tick()
        self.assertEqual(self._read_labels(), {WORDS})
        self.assertEqual(
            self._read_labels("/de/shop/payment"), {"Zahlungspflichtig bestellen"}
        )

    def test_a_language_without_our_words_keeps_those_of_core(self):
        self.website.trustedshops_order_button = True
        self._translate(WORDS)
        labels = self._read_labels("/de/shop/payment")
        self.assertFalse(self.is_marked)
        self.assertFalse(labels & {WORDS, ""}, labels)
        german = self.website.with_context(lang="de_DE")
        self.assertEqual(german._trustedshops_get_order_words(), "")

    def test_a_website_has_words_of_its_own(self):
        self.website.trustedshops_order_button = True
        view = self.view.with_context(website_id=self.website.id)
        view.arch = view.arch.replace(WORDS, "Buy now")
        self.assertEqual(self.website._trustedshops_get_order_words(), "Buy now")
        self.assertEqual(self._read_labels(), {"Buy now"})

    def test_changed_or_translated_words_are_read_again(self):
        self.website.trustedshops_order_button = True
        german = self.website.with_context(lang="de_DE", edit_translations=True)
        words = german._trustedshops_get_order_words()
        self.assertEqual(words, "Zahlungspflichtig bestellen")
        self._translate("Kaufen")
        self.assertEqual(german._trustedshops_get_order_words(), "Kaufen")

    def test_a_free_order_has_no_obligation_to_pay(self):
        self.website.trustedshops_order_button = True
        self.goods.list_price = 0
        self.assertEqual(self._read_labels(), {"Confirm Order"})

    def test_a_quotation_of_a_salesperson_is_paid_with_the_words_of_core(self):
        self.website.trustedshops_order_button = True
        self.order.write({"state": "sent", "require_payment": True})
        labels = self._read_labels(self.order.get_portal_url())
        self.assertEqual(labels, {"Pay"})
