# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.exceptions import AccessError

from .http_common import TrustedShopsHttpCommon

ROW = "//*[@name='trustedshops_protection']"
CLAIM = "//a[@name='trustedshops_claim']"
AGREED = "//details[@name='trustedshops_agreed']"
WAITING = (
    "Buyer Protection: Your Buyer Protection has been ordered; the confirmation follows"
    " by e-mail."
)


class TestOrderWords(TrustedShopsHttpCommon):
    """What the buyer reads about the protection after the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_new_portal_user(
            login="ts_buyer", password="ts_buyer", lang="en_US"
        )
        cls.stranger = cls._create_new_portal_user(
            login="ts_other", password="ts_other", lang="en_US"
        )

    def _make_portal_order(self):
        order = self._make_cart(partner_id=self.user.partner_id.id)
        self.user.partner_id.email = "buyer@muster.example"
        self._choose(order)
        order.action_confirm()
        return order

    def _open_confirmation(self, order):
        self.authenticate(None, None, session_extra={"sale_last_order_id": order.id})
        return self._open("/shop/confirmation")

    def _set_state(self, order, state):
        order.trustedshops_protection_id.write(
            {
                "state": state,
                "guarantee_number": "99887766",
                "protected_until": "2026-12-02",
            }
        )

    def test_the_portal_shows_the_state_to_the_buyer_and_claims_when_covered(self):
        order = self._make_portal_order()
        self.certificate.claim_url = "https://claims.example/here"
        self.authenticate("ts_buyer", "ts_buyer")
        page = self._open(f"/my/orders/{order.id}")
        self.assertEqual(self._get_text(page, ROW), f"Trusted Shops {WAITING}")
        self.assertFalse(page.xpath(CLAIM))
        self._set_state(order, "confirmed")
        page = self._open(f"/my/orders/{order.id}")
        text = self._get_text(page, ROW)
        for words in ("500.00 €", "December 2, 2026", "99887766"):
            self.assertIn(words, text)
        [link] = page.xpath(CLAIM)
        self.assertEqual(link.get("href"), "https://claims.example/here")

    def test_the_portal_shows_nothing_that_is_meant_for_staff(self):
        order = self._make_portal_order()
        protection = order.trustedshops_protection_id
        protection.write(
            {
                "state": "rejected",
                "application_number": "9087654321",
                "last_error": "Code -10008, see log",
            }
        )
        self.authenticate("ts_buyer", "ts_buyer")
        page = self.url_open(f"/my/orders/{order.id}").text
        for hidden in ("-10008", "9087654321"):
            self.assertNotIn(hidden, page)
        for user in (self.user, self.website.user_id):
            with self.assertRaises(AccessError):
                protection.with_user(user).read(["state"])
        # Another buyer is shown nothing at all.
        self.authenticate("ts_other", "ts_other")
        response = self.url_open(f"/my/orders/{order.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertNotIn("Buyer Protection", response.text)

    def test_the_confirmation_page_shows_the_state_to_a_guest(self):
        order, _protection = self._make_ticked()
        order.action_confirm()
        text = self._get_text(self._open_confirmation(order), ROW)
        self.assertEqual(text, f"Trusted Shops {WAITING}")
        # Without protection there is no row.
        order = self._make_cart()
        order.action_confirm()
        self.assertFalse(self._open_confirmation(order).xpath(ROW))

    def test_each_page_shows_after_the_goods_what_the_buyer_agreed_to(self):
        self.certificate.conditions_url = "https://shop.example/conditions"
        self.certificate.privacy_url = "https://shop.example/privacy"
        self.env.company.partner_id.tz = "Europe/Warsaw"
        order = self._make_portal_order()
        protection = order.trustedshops_protection_id
        protection.consent_at = "2026-06-30 22:15:00"
        self.certificate.conditions_url = "https://shop.example/others"
        self.authenticate(
            "ts_buyer", "ts_buyer", session_extra={"sale_last_order_id": order.id}
        )
        for url, bought in (
            (f"/my/orders/{order.id}", "id('total')"),
            ("/shop/confirmation", "//div[@class='d-lg-none']"),
        ):
            page = self._open(url)
            with self.subTest(url=url):
                self.assertEqual(len(page.xpath(f"{bought}/following::*{ROW[3:]}")), 1)
                text = self._get_text(page, AGREED)
                self.assertIn("07/01/2026 12:15:00 AM (Europe/Warsaw):", text)
                self.assertIn(" ".join(protection.consent_text.split()), text)
                self.assertEqual(
                    page.xpath(f"{AGREED}/a/@href"),
                    ["https://shop.example/conditions", "https://shop.example/privacy"],
                )

    def test_times_are_those_of_the_shop_or_of_its_responsible_user(self):
        order = self._make_cart()
        moment = datetime(2026, 11, 28, 10)
        for company_tz, user_tz, expected in (
            ("Europe/Berlin", "Asia/Tokyo", "11/28/2026 11:00:00 AM (Europe/Berlin)"),
            (False, "Asia/Tokyo", "11/28/2026 07:00:00 PM (Asia/Tokyo)"),
            (False, False, "11/28/2026 10:00:00 AM (UTC)"),
        ):
            self.env.company.partner_id.tz = company_tz
            self.certificate.user_id.tz = user_tz
            with self.subTest(expected=expected):
                visited = self._as_visitor(order)
                self.assertEqual(visited._trustedshops_format_time(moment), expected)
        self.assertEqual(order._trustedshops_format_time(False), "")
