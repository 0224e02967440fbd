# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from .http_common import ADDED, NOT_ADDED, TrustedShopsHttpCommon

FEE_ROW = "//tr[@name='o_order_trustedshops_protection']"


class TestTickInPlaceHttp(TrustedShopsHttpCommon):
    """The tick on a page that shows the new sums without a reload."""

    def _read(self, content):
        return " ".join(html.fromstring(content).text_content().split())

    def _read_sums(self, answer):
        names = ("amount_untaxed", "amount_tax", "amount_total")
        return [self._read(answer[name]) for name in names]

    # === WHAT THE PAGE SHOWS === #

    def test_the_answer_says_what_the_page_shows_now(self):
        ticked = self._tick(amount=100.0)
        self.assertEqual(
            [ticked["enabled"], ticked["reload"], ticked["amount"]],
            [True, False, 100.98],
        )
        self.assertEqual(self._read_sums(ticked), ["100.82 €", "0.16 €", "100.98 €"])
        self.assertEqual(self._read(ticked["answer"]), "Added. New total: 100.98 €.")
        unticked = self._tick(False, amount=100.98)
        self.assertEqual(
            [unticked["enabled"], unticked["reload"], unticked["amount"]],
            [False, False, 100.0],
        )
        self.assertEqual(self._read_sums(unticked), ["100.00 €", "0.00 €", "100.00 €"])
        self.assertEqual(
            self._read(unticked["answer"]), "Removed. New total: 100.00 €."
        )

    def test_the_row_of_the_fee_is_there_from_the_start(self):
        for display, text in (
            ("tax_included", "Buyer Protection (incl. 19% VAT) 0.98 €"),
            ("tax_excluded", "Buyer Protection (plus 19% VAT) 0.82 €"),
        ):
            self.website.show_line_subtotals_tax_selection = display
            with self.subTest(display=display):
                desktop, phone = self._open().xpath(FEE_ROW)
                self.assertEqual(
                    [self._get_text(row, ".") for row in (desktop, phone)], [text] * 2
                )
                self.assertEqual(desktop.get("class"), "d-none")
                self._tick()
                desktop, phone = self._open().xpath(FEE_ROW)
                self.assertEqual(self._get_text(desktop, "."), text)
                self.assertIsNone(desktop.get("class"))
                self._tick(False)

    def test_pages_without_the_offer_have_no_hidden_row(self):
        self.assertFalse(self._open("/shop/cart").xpath(FEE_ROW))
        self.certificate.hold_reason = "login"
        self.assertFalse(self._open().xpath(FEE_ROW))

    def test_the_box_waits_for_the_script_as_the_order_button_does(self):
        page = self._open()
        self.assertIsNotNone(self._get_box(page).get("disabled"))
        [row] = page.xpath("//fieldset[contains(@class, 'o_trustedshops_offer')]")
        self.assertFalse(row.xpath(".//noscript | .//form"))

    def test_the_chatter_does_not_count_ticks(self):
        before = self.order.message_ids
        for enable, amount in ((True, 100.0), (False, 100.98), (True, 100.0)):
            self._tick(enable, amount=amount)
        self.assertEqual(self.order.message_ids, before)
        self.assertFalse(self.order.trustedshops_protection_id.message_ids)

    # === HOW LONG IT LASTS === #

    def test_no_copy_of_the_page_is_kept_for_the_way_back(self):
        pages = {}
        for hold in ("", "login"):
            self.certificate.hold_reason = hold
            pages[hold] = self.url_open("/shop/payment").headers.get("Cache-Control")
        self.assertEqual(pages, {"": "no-store", "login": None})

    def test_the_mark_of_a_load_that_never_came_keeps_no_later_tick(self):
        self._tick()
        self._tick(False, amount=100.98)
        self._tick(amount=100.0)
        self._open()
        self.assertEqual(self.order.amount_total, 100.0)

    # === WHEN THE PAGE IS LOADED ANEW === #

    def test_a_page_that_shows_another_amount(self):
        for amount in (None, 99.99, 100.98, 0, "100.0", [100.0], {}, 10**400):
            with self.subTest(amount=str(amount)[:20]):
                self.assertEqual(self._tick(amount=amount), ADDED)
                self._tick(False)

    def test_a_cart_that_changed_meanwhile(self):
        self.order.order_line.product_uom_qty = 2
        self.assertEqual(self._tick(amount=100.0), ADDED)

    def test_a_provider_that_takes_no_more_than_some_amount(self):
        provider = self._get_wire_transfer()
        company = self.env["res.company"].create({"name": "Other"})
        limit = {"state": "test", "maximum_amount": 1.0}
        provider.copy({"company_id": company.id, **limit})  # changes no page of ours
        self.assertFalse(self._tick(amount=100.0)["reload"])
        provider.maximum_amount = 5000.0
        self.assertEqual(self._tick(False, amount=100.98), NOT_ADDED)
        provider.state = "disabled"
        self.assertFalse(self._tick(amount=100.0)["reload"])

    def test_a_total_that_falls_to_zero(self):
        self._tick()
        self.order.order_line[0].price_unit = 0.0
        self.assertTrue(self._tick(False, amount=0.98)["reload"])
