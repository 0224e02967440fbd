# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from .invitation_common import EMAIL, InvitationCommon


class TestInvitationPayload(InvitationCommon):
    """The event says what is needed to invite, and nothing else about the buyer."""

    def _get_event(self, lang="de_DE", email=EMAIL, **values):
        """Return what was sent about an order."""
        language = self.env["res.lang"]._activate_lang(lang)
        order = self._make_order(
            consent={"lang_id": language.id, "email": email}, **values
        )
        self.channel.quiet_days = 0
        self._run_invites(minutes=1)
        self.assertState(order, "accepted")
        return self.etrusted.get_bodies("sendEvent")[-1]

    def _get_products(self, *products, **values):
        return self._get_event(**self._make_lines(*products), **values).get("products")

    def test_an_event_has_exactly_these_keys(self):
        lamp = self._make_goods("Lampe", type="service", default_code="L-1")
        event = self._get_event(name="WEB/0042; 🎁", **self._make_lines(lamp))
        self.assertTrue(event.pop("systemVersion").startswith("19.0"))
        base = self.website.get_base_url()
        self.assertEqual(
            event,
            {
                "type": "order_status_from_odoo",
                "customer": {"email": EMAIL},
                "channel": {"id": "chl-4711", "type": "etrusted"},
                "transaction": {
                    "reference": "WEB/0042; 🎁",
                    "date": "2026-11-02T10:00:00Z",
                },
                "products": [
                    {
                        "name": "Lampe",
                        "sku": "L-1",
                        "url": f"{base}/de{lamp.product_tmpl_id.website_url}",
                    }
                ],
                "system": "Odoo",
            },
        )

    def test_the_language_is_told_where_it_is_not_the_channels(self):
        for lang, locale in (
            ("de_DE", None),
            ("de_CH", None),
            ("pl_PL", "pl_PL"),
            ("en_US", "en_US"),
            ("es_419", None),
        ):
            with self.subTest(lang=lang):
                event = self._get_event(lang)
                self.assertEqual(event.get("defaultLocale"), locale)

    def test_products_have_their_names_in_the_language_of_the_order(self):
        chair = self._make_goods("Chair", type="service")
        chair.with_context(lang="de_DE").name = "Stuhl"
        [product] = self._get_products(chair)
        self.assertEqual(product["name"], "Stuhl")
        [product] = self._get_products(chair, lang="en_US")
        self.assertEqual(product["name"], "Chair")

    def test_an_order_without_a_product_to_show_is_invited_without_products(self):
        secret = self._make_goods("Secret", type="service", website_published=False)
        self.assertIsNone(self._get_products(secret))

    def test_brand_number_and_picture_are_told_where_they_are_known(self):
        lamp = self._make_goods("Lampe", type="service")
        [plain] = self._get_products(lamp)
        self.assertFalse({"brand", "mpn", "imageUrl"} & plain.keys())
        templates = type(lamp.product_tmpl_id)
        brand = patch.object(templates, "_trustedshops_get_brand", return_value="ACME")
        mpn = patch.object(templates, "_trustedshops_get_mpn", return_value="A-17")
        lamp.image_1920 = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
            "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        with brand, mpn:
            [told] = self._get_products(lamp)
        self.assertEqual((told["brand"], told["mpn"]), ("ACME", "A-17"))
        self.assertIn("/web/image/product.template/", told["imageUrl"])

    def test_odd_orders_are_told_as_they_are(self):
        long = self._make_goods("Ł" * 400, type="service")
        names = [f"Chair {number}" for number in range(40)]
        chairs = self.goods.create(
            [
                {"name": name, "type": "service", "website_published": True}
                for name in names
            ]
        )
        [product] = self._get_products(long)
        self.assertEqual(product["name"], "Ł" * 255)
        self.assertEqual(len(self._get_products(*chairs)), 40)
        for name in ("A/B;C", "S'00\"1", "<b>1</b>", "№ 5 & 6", "🛒"):
            with self.subTest(name=name):
                event = self._get_event(name=name)
                self.assertEqual(event["transaction"]["reference"], name)
