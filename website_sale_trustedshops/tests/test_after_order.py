# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields

from .after_order_common import TrustcardCommon
from .fake_service import TS_ID

WIDGET = "wdg-01234567-89ab-cdef-0123-456789abcdef"


class TestTrustcard(TrustcardCommon):
    """Which orders get a Trustcard and our button, and what these say."""

    def assertShown(self, order, card=True, form=True):
        self.assertEqual(bool(self._get_card(order)), card, "card")
        self.assertEqual(bool(self._get_form(order)), form, "form")

    def assertNothing(self, order):
        self.assertShown(order, card=False, form=False)

    def test_card_and_form_say_how_much_was_ordered_and_how_it_is_paid(self):
        pricelist = self._make_zloty_prices()
        order = self._make_cart(1000.0, pricelist_id=pricelist.id)
        order.order_line.tax_ids = self._make_tax(19)
        method = self.env.ref("payment.payment_method_paypal")
        self._pay(order, payment_method_id=method.id)
        self._pay(order, state="error")
        card = self._get_card(order)
        said, form = card["fields"], self._get_form(order)["values"]
        self.assertEqual(said["tsCheckoutOrderAmount"], "1190.00")
        self.assertEqual(said["tsCheckoutOrderCurrency"], "PLN")
        self.assertEqual(said["tsCheckoutOrderPaymentType"], "Paypal")
        self.assertEqual((form["amount"], form["curr"]), ("1190.00", "PLN"))
        self.assertEqual(form["paymentType"], "PAYPAL")

    def test_they_say_what_is_known_of_the_buyer_and_the_delivery(self):
        self.buyer.ref = False
        self.buyer.email = "Erika <Erika@muster.example>; other@muster.example"
        order = self._order(commitment_date="2026-12-24 10:00:00")
        said = self._get_card(order)["fields"]
        form = self._get_form(order)["values"]
        self.assertEqual(said["tsCheckoutBuyerEmail"], "erika@muster.example")
        self.assertEqual(said["tsCheckoutOrderEstDeliveryDate"], "2026-12-24")
        self.assertEqual(form["kdnr"], str(self.buyer.id))

    def _make_template(self, **values):
        return self.env["product.template"].create(
            {"name": "Chair", "is_published": True, **values}
        )

    def _add(self, order, product, **values):
        order.order_line = [
            Command.create(
                {"product_id": product.id, "tax_ids": [Command.clear()], **values}
            )
        ]

    def _order_goods(self, *products):
        """Return what the card of an order of these says of its products."""
        order = self._make_cart()
        order.order_line.unlink()
        for product in products:
            self._add(order, product)
        order.action_confirm()
        return self._get_card(order)["items"]

    def test_a_product_has_a_public_address_and_its_code(self):
        self.website.domain = "https://shop.example"
        template = self._make_template(
            name="Lamp", default_code="L-1", barcode="4006381333931"
        )
        [item] = self._order_goods(template.product_variant_id)
        self.assertEqual(
            item,
            {
                "Url": f"https://shop.example/shop/l-1-lamp-{template.id}",
                "ImageUrl": "",
                "Name": "Lamp",
                "SKU": "L-1",
                "GTIN": "4006381333931",
                "MPN": "",
                "Brand": "",
            },
        )

    def test_a_picture_has_a_public_address(self):
        self.website.domain = "https://shop.example"
        self.goods.image_1920 = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
            "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        [item] = self._get_card(self._order())["items"]
        template = self.goods.product_tmpl_id
        self.assertRegex(
            item["ImageUrl"],
            rf"^https://shop\.example/web/image/product\.template/{template.id}/"
            r"image_512\?unique=[0-9a-f]+$",
        )

    def test_a_barcode_with_the_right_check_digit_is_a_gtin(self):
        order = self._order()
        gtins = "4006381333931 0012345678905 96385074 036000291452 10614141000415"
        others = ("4006381333932", "96385070", "ABC-1", "123456789", "96385074\n")
        for barcode in (*gtins.split(), *others, "٩٦٣٨٥٠٧٤"):
            with self.subTest(barcode=barcode):
                self.goods.barcode = barcode
                [item] = self._get_card(order)["items"]
                expected = barcode if barcode in gtins.split() else ""
                self.assertEqual(item["GTIN"], expected)

    def test_variants_are_one_product_whose_gtin_is_that_of_the_one_bought(self):
        template = self._make_template()
        self._add_colours(template)
        red, blue = template.product_variant_ids
        red.write({"default_code": "C-RED", "barcode": "4006381333931"})
        blue.write({"default_code": "C-BLUE", "barcode": "96385074"})
        sku = f"odoo-{template.id}"
        for bought, gtin in (([blue, blue], "96385074"), ([red, blue], "")):
            [item] = self._order_goods(*bought)
            self.assertEqual((item["SKU"], item["GTIN"]), (sku, gtin))
        # Trusted Shops refuses one that only repeats the identifier.
        same = self._make_template(default_code="036000291452", barcode="036000291452")
        [item] = self._order_goods(same.product_variant_id)
        self.assertEqual((item["SKU"], item["GTIN"]), ("036000291452", ""))

    def test_only_goods_that_the_buyer_gets_are_products(self):
        order = self._make_cart()
        product = self._make_template(name="Other").product_variant_id
        for values in (
            {"is_delivery": True},
            {"is_trustedshops_protection": True, "price_unit": 0.98},
            {"is_downpayment": True},
            {"product_uom_qty": 0},
            {"product_uom_qty": -1},
        ):
            self._add(order, product, **values)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Section"})
        ]
        self._add(order, self._make_template(is_published=False).product_variant_id)
        discount = self._make_template(name="Discount").product_variant_id
        self.env.company.sale_discount_product_id = discount
        self._add(order, discount)
        order.action_confirm()
        self.goods.with_context(lang="de_DE").name = "Lampe"
        for lang, name in (("en_US", "Lamp"), ("de_DE", "Lampe")):
            items = self._get_card(order, lang)["items"]
            self.assertEqual([item["Name"] for item in items], [name])

    def test_what_each_certificate_gives(self):
        """Card and form by what Trusted Shops says of the shop."""
        order = self._order()
        cases = {
            ("production", "classic"): (True, True),
            ("integration", "classic"): (True, True),
            ("production", "none"): (True, False),
            ("production", "excellence"): (True, False),
            ("no_audit", "none"): (True, False),
            ("no_audit", "classic"): (True, False),
            **{
                (state, "classic"): (False, False)
                for state in ("draft", "test", "cancelled", "disabled", "invalid")
            },
        }
        for (state, model), (card, form) in cases.items():
            self.certificate.sudo().write({"state": state, "protection_model": model})
            with self.subTest(state=state, model=model):
                self.assertShown(order, card=card, form=form)

    def _get_widget(self, order):
        return self._as_visitor(order)._trustedshops_get_widget()

    def test_who_gets_nothing(self):
        order = self._order()
        cases = {
            "no address": lambda: self.buyer.write({"email": False}),
            "no such address": lambda: self.buyer.write({"email": "nobody"}),
            "no website": lambda: order.write({"website_id": False}),
            "no certificate": lambda: self.certificate.action_archive(),
        }
        for name, change in cases.items():
            with self.subTest(case=name), self.env.cr.savepoint() as savepoint:
                change()
                self.assertNothing(order)
                savepoint.rollback()
                self.env.registry.clear_cache()
                self.env.invalidate_all()
        self.assertShown(order)
        # Staff who look at the page of a customer's order.
        seen = order.with_user(self.manager).sudo()
        self.certificate.checkout_widget_id = WIDGET
        self.assertTrue(self._get_widget(order))
        self.assertFalse(seen._trustedshops_get_form())
        self.assertFalse(seen._trustedshops_get_card())
        self.assertFalse(seen._trustedshops_get_widget())

    def test_widget_is_that_of_the_certificate_kept_with_the_order(self):
        german, polish = self._make_two_languages()
        german.checkout_widget_id = WIDGET.replace("0", "2")
        polish.checkout_widget_id = WIDGET
        order = self._order()
        order.trustedshops_certificate_id = polish
        self.assertEqual(self._get_widget(order)["id"], WIDGET)
        german.mode = polish.mode = "test"
        self.assertFalse(self._get_widget(order))

    def test_no_widget_beside_protection_whatever_became_of_it(self):
        self.certificate.protection_model = "excellence"
        self.certificate.checkout_widget_id = WIDGET
        protection = self._make_queued()
        for state in ("queued", "confirmed", "rejected", "cancelled"):
            with self.subTest(state=state):
                protection.state = state
                self.assertFalse(self._get_widget(protection.order_id))
        self.assertTrue(self._get_widget(self._order()))

    def test_a_disabled_certificate_leaves_the_button_to_orders_before(self):
        order = self._order()
        self.certificate.mode = "test"
        self.assertShown(order, card=False)
        self.assertFalse(self._get_form(order).get("test_mark"))
        in_test = self._order()
        self.assertNothing(in_test)
        self.certificate.mode = "disabled"
        # A Trustcard takes a script, which no page loads any more.
        self.assertShown(order, card=False)
        self.assertNothing(in_test)
        self.assertNothing(self._order())
        self.certificate.sudo().state = "cancelled"
        self.assertNothing(order)

    def test_a_test_is_kept_for_the_orders_of_staff(self):
        self.certificate.mode = "test"
        staff = self._order(partner_id=self.manager.partner_id.id)
        self.assertEqual(staff.trustedshops_certificate_id, self.certificate)
        self.assertFalse(self._order().trustedshops_certificate_id)

    def test_the_certificate_is_that_of_the_language(self):
        self.certificate.lang_id = self.langs["de_DE"]
        order = self._order()
        order.trustedshops_certificate_id = False  # older than the addon
        self.assertTrue(self._get_card(order, "de_DE"))
        self.assertFalse(self._get_card(order, "pl_PL"))

    def _make_two_languages(self):
        """Return the certificates for German and Polish."""
        self.certificate.lang_id = self.langs["de_DE"]
        polish = self._make_certificate(
            ts_id="X" + "3" * 32,
            lang_id=self.langs["pl_PL"].id,
            protection_model="classic",
        )
        polish.sudo().write({"certificate_language": "pl", "mode": "enabled"})
        return self.certificate, polish

    def test_an_order_keeps_its_certificate_whatever_the_page_speaks(self):
        german, polish = self._make_two_languages()
        order = self._make_cart()
        self._as_visitor(order, "pl_PL")._check_cart_is_ready_to_be_paid()
        order.action_confirm()
        self.assertEqual(order.trustedshops_certificate_id, polish)
        for lang in ("de_DE", "pl_PL", "en_US"):
            with self.subTest(lang=lang):
                self.assertEqual(self._get_card(order, lang)["ts_id"], "X" + "3" * 32)
                self.assertEqual(
                    self._get_form(order, lang)["values"]["shop_id"], "X" + "3" * 32
                )
        # Nor does the page of staff disagree.
        self.buyer.lang = "de_DE"
        german.protection_model = "none"
        order.invalidate_recordset(["trustedshops_is_classic"])
        self.assertTrue(order.trustedshops_is_classic)
        polish.protection_model = "excellence"
        order.invalidate_recordset(["trustedshops_is_classic"])
        self.assertFalse(order.trustedshops_is_classic)

    def test_an_order_that_staff_confirm_keeps_that_of_the_buyers_language(self):
        german, _polish = self._make_two_languages()
        orders = self._order() + self._order(website_id=False) + self._make_cart()
        self.assertEqual(
            [order.trustedshops_certificate_id for order in orders],
            [german, german.browse(), german.browse()],
        )

    def test_a_buyer_who_pays_again_in_another_language_buys_in_it(self):
        german, polish = self._make_two_languages()
        order = self._make_cart()
        found = []
        for lang in ("de_DE", "pl_PL", "en_US"):
            self._as_visitor(order, lang)._trustedshops_update_certificate()
            found.append(order.trustedshops_certificate_id)
        self.assertEqual(found, [german, polish, german.browse()])

    def test_a_certificate_out_of_use_serves_nobody(self):
        german, polish = self._make_two_languages()
        order = self._order()
        self._as_visitor(order, "pl_PL")._trustedshops_update_certificate()
        polish.action_archive()
        self.assertEqual(self._get_card(order, "pl_PL"), {})
        self.assertEqual(self._get_card(order, "de_DE")["ts_id"], TS_ID)

    def test_test_certificates_are_for_staff_unless_everybody_may_see_them(self):
        self._save(self.certificate, environment="qa", protection_model="classic")
        self.certificate.sudo().state = "production"
        order = self._order()
        self.assertNothing(order)
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        form = self._get_form(order)
        self.assertIn("Your purchase is not protected", form["test_mark"])
        self.assertEqual(
            form["action"], "https://qa.trustedshops.com/shop/protection.php"
        )
        self.certificate.sudo().state = "no_audit"
        self.assertTrue(self._get_card(order))

    def test_what_is_ordered_is_told_by_its_payments(self):
        self.provider.support_manual_capture = "full_only"
        wire, provider = self._get_wire_transfer(), self.provider
        cases = {
            "paid": ([("done", provider, 100.0)], True),
            "reserved": ([("authorized", provider, 100.0)], True),
            "wire transfer": ([("pending", wire, 100.0)], True),
            "a second try": (
                [("error", provider, 100.0), ("done", provider, 100.0)],
                True,
            ),
            "a cart": ([], False),
            "less than the order": ([("pending", wire, 99.99)], False),
            **{
                state: ([(state, provider, 100.0)], False)
                for state in ("draft", "pending", "cancel", "error")
            },
        }
        cases["taken back"] = ([("authorized", provider, 100.0)], False)
        for name, (payments, is_ordered) in cases.items():
            order = self._make_cart()
            for state, by, amount in payments:
                self._pay(order, state, by, amount=amount)
            if name == "taken back":
                self.assertEqual(order.state, "sale")
                order.transaction_ids.state = "cancel"
            with self.subTest(payments=name):
                self.assertShown(order, card=is_ordered, form=is_ordered)
                order._action_cancel()
                self.assertNothing(order)

    def test_a_copy_of_the_order_begins_anew(self):
        order = self._as_visitor(self._order())
        order._trustedshops_set_card_delivered()
        order._trustedshops_set_registration_opened()
        self.assertTrue(order.trustedshops_certificate_id)
        copy = order.copy()
        self.assertFalse(copy.trustedshops_card_delivered_at)
        self.assertFalse(copy.trustedshops_registration_opened_at)
        self.assertFalse(copy.trustedshops_certificate_id)
        self.assertFalse(copy.trustedshops_is_classic)
        self.assertFalse(copy._trustedshops_set_card_delivered())

    def test_a_free_order_can_be_reviewed_but_has_nothing_to_protect(self):
        order = self._order(price=0.0)
        self.assertShown(order, form=False)
        self.assertEqual(
            self._get_card(order)["fields"]["tsCheckoutOrderAmount"], "0.00"
        )

    def test_excellence_gets_no_card_unless_the_protection_failed(self):
        self.certificate.protection_model = "excellence"
        protection = self._make_queued()
        order = protection.order_id
        for state in ("queued", "sending", "on_hold", "requested", "confirmed"):
            with self.subTest(state=state):
                protection.state = state
                self.assertNothing(order)
        protection.state = "rejected"  # it may be corrected and applied for again
        self.assertNothing(order)
        for state in ("rejected", "failed"):
            with self.subTest(state=state):
                protection.state = state
                protection.final_at = fields.Datetime.now()
                self.assertShown(order, form=False)
                # The fee of what was not concluded goes back.
                self.assertEqual(
                    self._get_card(order)["fields"]["tsCheckoutOrderAmount"], "100.00"
                )
        protection.may_have_arrived = True  # so there may be a protection after all
        self.assertNothing(order)
        self.certificate.protection_model = "classic"
        protection.state = "confirmed"
        self.assertNothing(order)

    def test_the_card_is_shown_for_a_day_and_the_form_for_three(self):
        self._freeze("2026-11-02 10:00:00")
        order = self._order()
        self._wait(hours=24)
        self.assertShown(order)
        self._wait(seconds=1)
        self.assertShown(order, card=False)
        self._wait(days=2, seconds=-1)
        self.assertShown(order, card=False)
        cart = self._as_visitor(order)
        self.assertTrue(cart._trustedshops_set_registration_opened())
        # Trusted Shops may not have been reached, and tells nobody.
        self.assertShown(order, card=False)
        self._wait(seconds=1)
        self.assertNothing(order)
        self.assertFalse(cart._trustedshops_set_registration_opened())

    def test_the_day_begins_with_the_order_not_with_the_money(self):
        self._freeze("2026-11-02 10:00:00")
        order = self._make_cart(date_order=fields.Datetime.now() - timedelta(days=9))
        self._pay(order, "pending", self._get_wire_transfer())
        order.transaction_ids._write({"create_date": fields.Datetime.now()})
        order.transaction_ids.invalidate_recordset(["create_date"])
        self.assertShown(order)
        self._wait(hours=25)
        self.assertShown(order, card=False)
        order.transaction_ids._set_done()
        order.transaction_ids._post_process()
        self.assertEqual(order.state, "sale")
        self.assertShown(order, card=False)

    # === REVIEW === #

    def _get_url(self, order, lang="de_DE"):
        """Return the link by which a buyer reviews the shop."""
        return self._as_visitor(order, lang)._trustedshops_get_rate_url()

    def test_only_an_order_can_be_reviewed(self):
        failed, unpaid = self._make_cart(), self._make_cart()
        self._pay(failed, "error")
        self._pay(unpaid, "pending", self._get_wire_transfer())
        self.assertEqual(unpaid.state, "sent")
        for order in (self._make_cart(), failed, unpaid):
            self.assertEqual(self._get_url(order), "")
        order = self._order()
        for model in ("classic", "excellence", "none"):
            self.certificate.protection_model = model
            self.assertIn(f"/bewerten_{TS_ID}.html&buyerEmail=", self._get_url(order))
        # The mail of the order asks for no review: nobody agreed to that.
        mail = self._send_order_mail(order)
        self.assertIn(order.name, mail)
        self.assertNotIn("trustedshops.", mail)

    def test_without_address_or_certificate_there_is_no_link(self):
        order = self._order()
        self.buyer.email = False
        self.assertEqual(self._get_url(order), "")
        self.buyer.email = "erika@muster.example"
        self.certificate.sudo().state = "cancelled"
        self.assertEqual(self._get_url(order), "")

    def test_the_sandbox_has_its_own_pages(self):
        order = self._order()
        self.env.cr.execute(
            "UPDATE trustedshops_certificate SET environment = 'sandbox'"
        )
        for name, value in (
            ("test_offers_for_everybody", "True"),
            ("sandbox_url", "http://127.0.0.1:9"),
        ):
            key = f"website_sale_trustedshops.{name}"
            self.env["ir.config_parameter"].set_param(key, value)
        self.env.invalidate_all()
        url = self._get_url(order, "pl_PL")
        self.assertTrue(
            url.startswith(f"http://127.0.0.1:9/opinia/ocen_{TS_ID}.html&"), url
        )
