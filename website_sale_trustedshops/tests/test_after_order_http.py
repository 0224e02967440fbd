# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from .after_order_common import TrustcardCommon
from .fake_service import TS_ID
from .http_common import TrustedShopsHttpCommon

DELIVERED = "/shop/trustedshops/card_delivered"
BLOCK = "//div[@id='trustedShopsCheckout']"
FORM = "//form[@id='formTShops']"
WIDGET = "wdg-01234567-89ab-cdef-0123-456789abcdef"
HOSTILE = """"></span><script>alert('x')</script>&amp;<b>"""


class TestTrustcardHttp(TrustcardCommon, TrustedShopsHttpCommon):
    """What a buyer's browser gets on the confirmation page and in the portal."""

    def setUp(self):
        super().setUp()
        self.order.action_confirm()
        self._return_from_payment(self.order)

    def _return_from_payment(self, order, login=None):
        """Begin the session of a buyer who ordered."""
        extra = {"sale_last_order_id": order.id}
        self.authenticate(login, login, session_extra=extra)

    def _confirm(self, lang="", **headers):
        return self._open(f"{lang}/shop/confirmation", **headers)

    def _open_portal(self, order=None, lang=""):
        order = order or self.order
        order._portal_ensure_token()
        return self._open(
            f"{lang}/my/orders/{order.id}?access_token={order.access_token}"
        )

    def _deliver(self, **params):
        answer = self.make_jsonrpc_request(DELIVERED, params)
        self.env.invalidate_all()
        return answer

    def _register(self, order, token=None):
        """Tell what the script of a page tells when its button is pressed."""
        url = f"/my/orders/{order.id}/trustedshops_registration"
        answer = self.make_jsonrpc_request(url, {"access_token": token})
        self.env.invalidate_all()
        return answer

    def assertNothing(self, page):
        self.assertFalse(page.xpath(f"{BLOCK} | {FORM}"))

    def test_the_page_holds_the_order_in_a_hidden_block(self):
        self.certificate.protection_model = "none"
        page = self._confirm()
        [block] = page.xpath(BLOCK)
        self.assertEqual(block.get("style"), "display: none")
        self.assertEqual(
            {each.get("id"): each.text for each in block.xpath("./span[@id]")},
            {
                "tsCheckoutOrderNr": self.order.name,
                "tsCheckoutBuyerEmail": "erika@muster.example",
                "tsCheckoutOrderAmount": "100.00",
                "tsCheckoutOrderCurrency": "EUR",
                "tsCheckoutOrderPaymentType": "OTHER",
                "tsCheckoutOrderEstDeliveryDate": None,
            },
        )
        template = self.goods.product_tmpl_id
        [item] = block.xpath("./span[@class='tsCheckoutProductItem']")
        self.assertEqual(
            {each.get("class"): each.text for each in item.xpath("./span")},
            {
                "tsCheckoutProductUrl": self.base_url() + template.website_url,
                "tsCheckoutProductImageUrl": None,
                "tsCheckoutProductName": "Lamp",
                "tsCheckoutProductSKU": f"odoo-{template.id}",
                "tsCheckoutProductGTIN": None,
                "tsCheckoutProductMPN": None,
                "tsCheckoutProductBrand": None,
            },
        )

    def test_the_button_posts_to_a_new_window(self):
        page = self._confirm()
        [form] = page.xpath(FORM)
        # It says that nothing is sent before: nothing is there for the script to read.
        self.assertFalse(page.xpath(BLOCK))
        self.assertNotIn("card", self._get_settings(page))
        self.assertEqual(
            {
                name: form.get(name)
                for name in ("action", "method", "target", "rel", "accept-charset")
            },
            {
                "action": "https://www.trustedshops.com/shop/protection.php",
                "method": "post",
                "target": "_blank",
                "rel": "noopener",
                "accept-charset": "UTF-8",
            },
        )
        self.assertEqual(
            {
                each.get("name"): each.get("value")
                for each in form.xpath(".//input[@type='hidden']")
            },
            {
                "_charset_": "UTF-8",
                "shop_id": TS_ID,
                "email": "erika@muster.example",
                "amount": "100.00",
                "curr": "EUR",
                "paymentType": "OTHER",
                "kdnr": "K-77",
                "KDNR": "K-77",
                "ordernr": self.order.name,
                "ORDERNR": self.order.name,
            },
        )

    def _read_form(self):
        """Return what buyers read before they click."""
        return self._get_text(
            self._confirm(), "//section[contains(@class, 'o_trustedshops_form')]//p"
        )

    def test_the_sentence_says_what_is_sent(self):
        self.assertEqual(
            self._read_form(),
            "Protect this purchase at Trusted Shops. You have to register there. Your"
            " click sends the number, amount, currency and payment type of your order,"
            " your customer number and your e-mail address to Trusted Shops. Nothing"
            " is sent before.",
        )

    def _tell_guarantee(self, amount, currency):
        """Let the public list name an amount, and ask it."""
        guarantee = {"maxProtectionAmount": amount, "mainProtectionCurrency": currency}
        mark = {"status": "VALID"}
        self.service.trustmark = {"trustMark": mark, "guarantee": guarantee}
        self.certificate.action_check_now()

    def test_it_is_free_up_to_what_trusted_shops_says(self):
        self.service.status["typeEnum"] = "CLASSIC"
        for guarantee, expected in (
            (("100", "EUR"), "free for you up to 100.00 €."),
            (("2,500", "PLN"), "free for you up to 2,500.00 zł."),
            (("0", "EUR"), None),
            (("100", "XXX"), None),
        ):
            self._tell_guarantee(*guarantee)
            with self.subTest(guarantee=guarantee):
                text = self._read_form()
                self.assertIn(expected or "at Trusted Shops. You have to", text)
                self.assertEqual("free" in text, bool(expected))

    def test_what_a_table_of_fees_covers_is_not_free(self):
        self._tell_guarantee("20,000", "EUR")
        self.assertTrue(self.certificate.item_ids)
        self.assertNotIn("free", self._read_form())

    def test_hostile_names_stay_text(self):
        self.goods.name = HOSTILE
        self.order.name = HOSTILE
        self.buyer.ref = HOSTILE
        [customer] = self._confirm().xpath(f"{FORM}//input[@name='kdnr']")
        self.certificate.protection_model = "none"
        page = self._confirm()
        [name] = page.xpath(f"{BLOCK}//span[@class='tsCheckoutProductName']")
        [number] = page.xpath(f"{BLOCK}/span[@id='tsCheckoutOrderNr']")
        self.assertEqual(
            (name.text, number.text, customer.get("value")), (HOSTILE,) * 3
        )
        self.assertFalse(page.xpath("//script[contains(text(), 'alert(')]"))

    def test_the_editors_frame_shows_staff_no_card(self):
        self.certificate.protection_model = "none"
        self.assertTrue(self._confirm(Sec_Fetch_Dest="iframe").xpath(BLOCK))  # a buyer
        self.manager.partner_id.email = "m@shop.example"
        order = self._make_cart(partner_id=self.manager.partner_id.id)
        order.action_confirm()
        self._return_from_payment(order, "ts_manager")
        self.assertTrue(self._confirm().xpath(BLOCK))
        self.assertNothing(self._confirm(Sec_Fetch_Dest="iframe"))

    def test_a_delivered_card_is_gone_with_the_next_view(self):
        response = self.url_open(f"{DELIVERED}?order_id={self.order.id}")
        self.assertEqual(response.status_code, 405)
        self.certificate.protection_model = "none"
        for _look in range(2):
            self.assertTrue(self._confirm().xpath(BLOCK))
            self.assertFalse(self.order.trustedshops_card_delivered_at)
        self.assertEqual(self.service.calls, [])
        self.assertEqual(self._deliver(order_id=self.order.id), {"noted": True})
        self.assertTrue(self.order.trustedshops_card_delivered_at)
        self.assertFalse(self._confirm().xpath(BLOCK))
        self.assertEqual(self._deliver(order_id=self.order.id), {"noted": False})
        self.certificate.protection_model = "classic"
        page = self._open_portal()
        [number] = page.xpath(f"{FORM}//input[@name='ordernr']")
        self.assertEqual(number.get("value"), self.order.name)
        self.assertFalse(page.xpath(BLOCK))

    # === WIDGET === #

    def _read_widget(self):
        """Return what the page says of its widget, and whether it has a place."""
        page = self._confirm()
        places = page.xpath("//div[contains(@class, 'o_trustedshops_widget')]")
        widget = self._get_settings(page).get("widget")
        self.assertEqual(len(places), bool(widget))
        return widget

    def test_widget_is_there_for_the_buyer_for_a_day(self):
        self.assertIsNone(self._read_widget())
        self.certificate.checkout_widget_id = WIDGET
        expected = {
            "id": WIDGET,
            "widgetScript": "https://integrations.etrusted.com/applications/widget.js/v2",
            "cookiesBar": False,
        }
        for mode, cookies_bar, awaits in (
            ("consent_or_confirmation", True, False),
            ("always", True, False),
            ("consent", True, True),
            ("consent", False, False),
        ):
            self.certificate.badge_consent = mode
            self.website.cookies_bar = cookies_bar
            with self.subTest(mode=mode, cookies_bar=cookies_bar):
                self.assertEqual(
                    self._read_widget(), {**expected, "cookiesBar": awaits}
                )
        self._deliver(order_id=self.order.id)
        self.assertTrue(self._read_widget())
        self.order.date_order -= timedelta(hours=25)
        self.assertIsNone(self._read_widget())

    # === USED === #

    def test_opened_registration_is_told_on_each_page_and_can_be_opened_again(self):
        self._deliver(order_id=self.order.id)
        opened = "//p[@name='trustedshops_opened']"
        for open_page in (self._confirm, self._confirm, self._open_portal):
            page = open_page()
            [form] = page.xpath(FORM)
            self.assertFalse(page.xpath(opened))
        self.assertEqual(form.get("data-order-id"), str(self.order.id))
        self.assertEqual(self._register(self.order), {"noted": True})
        self.assertTrue(self.order.trustedshops_registration_opened_at)
        self.order.trustedshops_registration_opened_at = "2026-11-28 23:30:00"
        self.env.company.partner_id.tz = "Europe/Berlin"
        for open_page in (self._confirm, self._open_portal):
            page = open_page()
            self.assertEqual(
                self._get_text(page, opened),
                "You opened the registration on 11/29/2026 12:30:00 AM (Europe/Berlin)."
                " If it is not finished, open it again.",
            )
            self.assertEqual(
                self._get_text(page, f"{FORM}//button"),
                "Register for Buyer Protection (opens a new window)",
            )
        self.assertEqual(self._register(self.order), {"noted": True})

    def test_only_who_may_see_an_order_uses_its_button(self):
        other = self._order()
        other._portal_ensure_token()
        for token in (None, "", "wrong"):
            self.assertEqual(self._register(other, token), {"noted": False})
        self.assertFalse(other.trustedshops_registration_opened_at)
        self.assertEqual(self._register(other, other.access_token), {"noted": True})

    def test_only_the_sessions_own_order_is_noted(self):
        other = self._order()
        for params in (
            {"order_id": other.id},
            {"order_id": str(self.order.id)},
            {"order_id": None},
            {"order_id": [self.order.id]},
            {},
        ):
            with self.subTest(params=params):
                self.assertEqual(self._deliver(**params), {"noted": False})
        self._visit(self._make_cart())
        for order_id in (self.order.id, None, False):
            self.assertEqual(self._deliver(order_id=order_id), {"noted": False})
        for order in self.order + other:
            self.assertFalse(order.trustedshops_card_delivered_at)
        self._return_from_payment(other)
        other_id = other.id
        other.action_cancel()
        other.unlink()
        self.assertEqual(self._deliver(order_id=other_id), {"noted": False})

    def test_the_portal_links_the_review_in_the_readers_language(self):
        self.order.write({"name": "S00047", "date_order": "2026-11-02 09:05:07"})
        self.buyer.email = "anna@example.com"
        query = (
            "buyerEmail=YW5uYUBleGFtcGxlLmNvbQ%3D%3D&shopOrderID=UzAwMDQ3"
            "&orderDate=MjAyNi0xMS0wMiAwOTowNTowNw%3D%3D"
        )
        for lang, rate_now in (
            ("", f"https://www.trustedshops.com/buyerrating/rate_{TS_ID}.html"),
            ("/de", f"https://www.trustedshops.com/bewertung/bewerten_{TS_ID}.html"),
            ("/pl", f"https://www.trustedshops.pl/opinia/ocen_{TS_ID}.html"),
        ):
            with self.subTest(lang=lang):
                links = self._open_portal(lang=lang).xpath(
                    "//p[@name='trustedshops_review']/a/@href"
                )
                self.assertEqual(links, [f"{rate_now}&{query}"])
