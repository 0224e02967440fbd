# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from types import MappingProxyType

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .http_common import TrustedShopsHttpCommon

ROW = "//*[@name='trustedshops_protection']"
WAITING = "Buyer Protection: ordered, the confirmation follows by e-mail"


@tagged("post_install", "-at_install")
class TestWords(TrustedShopsHttpCommon):
    """What the buyer reads about the protection after the order."""

    # The words that shoppers must not and must read.
    INSURANCE = re.compile(r"\w*(?:insur|versicher|ubezpiecz)\w*", re.IGNORECASE)
    TERMS = MappingProxyType(
        {
            "en_US": "Buyer Protection",
            "de_DE": "Käuferschutz",
            "pl_PL": "Ochron",
        }
    )

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

    def test_the_portal_shows_the_state_to_the_buyer(self):
        order = self._make_portal_order()
        self.authenticate("ts_buyer", "ts_buyer")
        page = self._open(f"/my/orders/{order.id}")
        self.assertEqual(self._get_text(page, ROW), WAITING)

    def test_the_portal_shows_cover_and_claims_of_a_confirmed_one(self):
        order = self._make_portal_order()
        self._set_state(order, "confirmed")
        self.certificate.claim_url = "https://claims.example/here"
        self.authenticate("ts_buyer", "ts_buyer")
        page = self._open(f"/my/orders/{order.id}")
        text = self._get_text(page, ROW)
        for words in ("500.00 €", "12/02/2026", "99887766"):
            self.assertIn(words, text)
        [link] = page.xpath("//a[@name='trustedshops_claim']")
        self.assertEqual(link.get("href"), "https://claims.example/here")

    def test_the_portal_links_no_claims_before_there_is_a_cover(self):
        order = self._make_portal_order()
        self.authenticate("ts_buyer", "ts_buyer")
        page = self._open(f"/my/orders/{order.id}")
        self.assertFalse(page.xpath("//a[@name='trustedshops_claim']"))

    def test_the_portal_shows_nothing_that_is_meant_for_staff(self):
        order = self._make_portal_order()
        protection = order.trustedshops_protection_id
        protection.write({"state": "rejected", "last_error": "Code -10008, see log"})
        self.authenticate("ts_buyer", "ts_buyer")
        self.assertNotIn("-10008", self.url_open(f"/my/orders/{order.id}").text)
        for user in (self.user, self.website.user_id):
            with self.assertRaises(AccessError):
                protection.with_user(user).read(["state"])

    def test_the_portal_shows_nothing_to_another_buyer(self):
        order = self._make_portal_order()
        self.authenticate("ts_other", "ts_other")
        response = self.url_open(f"/my/orders/{order.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertNotIn("Buyer Protection", response.text)

    def test_the_portal_shows_no_row_for_an_order_without_protection(self):
        order = self._make_cart(partner_id=self.user.partner_id.id)
        order.action_confirm()
        self.authenticate("ts_buyer", "ts_buyer")
        self.assertFalse(self._open(f"/my/orders/{order.id}").xpath(ROW))

    def test_the_confirmation_page_shows_the_state_to_a_guest(self):
        order = self._make_cart()
        self._choose(order)
        order.action_confirm()
        self.assertEqual(self._get_text(self._open_confirmation(order), ROW), WAITING)

    def test_the_confirmation_page_is_silent_without_protection(self):
        order = self._make_cart()
        order.action_confirm()
        self.assertFalse(self._open_confirmation(order).xpath(ROW))

    def test_each_state_has_its_words_for_the_buyer(self):
        waiting = "ordered, the confirmation follows by e-mail"
        refused = "could not be concluded; its fee is not charged, or is paid back"
        expected = {
            "selected": "",
            "queued": waiting,
            "sending": waiting,
            "on_hold": "ordered, the shop is looking into it",
            "requested": "applied for, the confirmation follows by e-mail",
            "confirmed": "confirmed \N{EN DASH} covered up to 500.00 € until"
            " 12/02/2026, number 99887766",
            "rejected": refused,
            "failed": refused,
            "cancelled": "cancelled",
        }
        order = self._make_portal_order()
        protection = order.trustedshops_protection_id.with_context(lang="en_US")
        protection.application_number = "4711"
        found = {}
        for state in expected:
            self._set_state(order, state)
            words = protection._get_shopper_status()
            found[state] = words.replace("\N{NO-BREAK SPACE}", " ")
        self.assertEqual(found, expected)

    def test_while_the_number_is_looked_up_no_mail_is_promised(self):
        protection = self._make_portal_order().trustedshops_protection_id
        protection.state = "requested"
        self.assertEqual(
            protection.with_context(lang="en_US")._get_shopper_status(),
            "ordered, the shop is looking into it",
        )

    def test_a_failure_that_may_be_none_is_no_failure_to_the_buyer_yet(self):
        order = self._make_portal_order()
        protection = order.trustedshops_protection_id.with_context(lang="en_US")
        protection.write({"state": "failed", "unanswered": True})
        self.assertEqual(
            protection._get_shopper_status(), "ordered, the shop is looking into it"
        )
        protection.fee_state = "refunded"
        self.assertEqual(
            protection._get_shopper_status(),
            "could not be concluded; its fee is not charged, or is paid back",
        )

    def test_shoppers_never_read_insurance(self):
        """Buyer Protection, Käuferschutz, Ochrona Kupującego: never an insurance."""
        order = self._make_portal_order()
        cart = self._make_cart(partner_id=self.user.partner_id.id)
        found = set()
        for lang, prefix in (("en_US", ""), ("de_DE", "/de"), ("pl_PL", "/pl")):
            self.user.partner_id.lang = lang
            self.authenticate(
                "ts_buyer",
                "ts_buyer",
                session_extra={
                    "sale_order_id": cart.id,
                    "sale_last_order_id": order.id,
                },
            )
            for state in ("queued", "confirmed", "rejected"):
                self._set_state(order, state)
                for url in (f"/my/orders/{order.id}", "/shop/confirmation"):
                    text = self.url_open(prefix + url).text
                    self.assertIn(self.TERMS[lang], text)
                    found.update(self.INSURANCE.findall(text))
            for url in ("/shop/cart", "/shop/payment"):
                response = self.url_open(prefix + url)
                found.update(self.INSURANCE.findall(response.text))
            self.assertIn(self.TERMS[lang], response.text)
            text = self._render_mail("mail_template_protection_confirmed", order, lang)
            self.assertIn(self.TERMS[lang], text)
            text += self._render_mail("mail_template_protection_failed", order, lang)
            found.update(self.INSURANCE.findall(text))
        self.assertEqual(found, set())

    def _render_mail(self, name, order, lang):
        """Return subject and body of a mail to the buyer, in a language."""
        template = self.env.ref(f"website_sale_trustedshops.{name}")
        protection = order.trustedshops_protection_id
        protection.lang_id = self.langs[lang]
        return "".join(
            template._render_field(field, protection.ids, compute_lang=True)[
                protection.id
            ]
            for field in ("subject", "body_html")
        )
