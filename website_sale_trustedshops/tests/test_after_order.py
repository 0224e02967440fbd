# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .after_order_common import TrustcardCommon
from .fake_service import TS_ID


@tagged("post_install", "-at_install")
class TestTrustcard(TrustcardCommon):
    """Which orders get a Trustcard and our button, and what these say."""

    def assertShown(self, order, card=True, form=True):
        self.assertEqual(bool(self._get_card(order)), card, "card")
        self.assertEqual(bool(self._get_form(order)), form, "form")

    def assertNothing(self, order):
        self.assertShown(order, card=False, form=False)

    def test_an_order_paid_at_the_till_and_opened_again_has_no_moment(self):
        order = self._make_cart()
        ordered = patch.object(
            type(order), "_trustedshops_is_ordered", lambda self: True
        )
        with ordered:
            self.assertFalse(order._trustedshops_get_ordered_at())

    # === WHAT IT SAYS === #

    def test_a_buyer_without_number_has_that_of_the_address(self):
        self.buyer.ref = False
        form = self._get_form(self._order())
        self.assertEqual(form["values"]["kdnr"], str(self.buyer.id))

    def test_the_payment_type_is_that_of_the_payment_which_counts(self):
        method = self.env.ref("payment.payment_method_paypal")
        order = self._make_cart()
        self._pay(order, payment_method_id=method.id)
        self._pay(order, state="error")
        card, form = self._get_card(order), self._get_form(order)
        self.assertEqual(form["values"]["paymentType"], "PAYPAL")
        self.assertEqual(card["fields"]["tsCheckoutOrderPaymentType"], "Paypal")

    def test_amount_and_currency_are_those_of_the_order(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "PLN", "currency_id": self.currency_pln.id}
        )
        order = self._order(price=1234.5, pricelist_id=pricelist.id)
        card, form = self._get_card(order), self._get_form(order)
        for amount, currency in (
            (
                card["fields"]["tsCheckoutOrderAmount"],
                card["fields"]["tsCheckoutOrderCurrency"],
            ),
            (form["values"]["amount"], form["values"]["curr"]),
        ):
            self.assertEqual((amount, currency), ("1234.50", "PLN"))

    def test_the_amount_contains_the_taxes(self):
        order = self._make_cart()
        order.order_line.tax_ids = self._make_tax(19)
        order.action_confirm()
        card = self._get_card(order)
        self.assertEqual(card["fields"]["tsCheckoutOrderAmount"], "119.00")

    def test_a_promised_date_of_delivery_times_the_reminder(self):
        order = self._order(commitment_date="2026-12-24 10:00:00")
        self.assertEqual(
            self._get_card(order)["fields"]["tsCheckoutOrderEstDeliveryDate"],
            "2026-12-24",
        )

    def test_the_first_of_several_addresses_is_sent(self):
        self.buyer.email = "Erika <Erika@muster.example>; other@muster.example"
        card = self._get_card(self._order())
        self.assertEqual(card["fields"]["tsCheckoutBuyerEmail"], "erika@muster.example")

    # === PRODUCTS === #

    def _make_template(self, **values):
        return self.env["product.template"].create(
            {"name": "Chair", "is_published": True, **values}
        )

    def _make_variants(self, **values):
        """Return a product in two colours and the records of both."""
        template = self._make_template(**values)
        self._add_colours(template)
        return template, *template.product_variant_ids

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

    def test_a_barcode_that_only_repeats_the_identifier_is_no_gtin(self):
        template = self._make_template(default_code="96385074", barcode="96385074")
        [item] = self._order_goods(template.product_variant_id)
        self.assertEqual((item["SKU"], item["GTIN"]), ("96385074", ""))

    def test_the_gtin_is_that_of_the_variant_bought(self):
        _template, red, blue = self._make_variants()
        red.barcode, blue.barcode = "4006381333931", "96385074"
        [item] = self._order_goods(blue, blue)
        self.assertEqual(item["GTIN"], "96385074")

    def test_two_variants_are_one_product_without_gtin(self):
        template, red, blue = self._make_variants()
        red.write({"default_code": "C-RED", "barcode": "4006381333931"})
        blue.write({"default_code": "C-BLUE", "barcode": "96385074"})
        [item] = self._order_goods(red, blue)
        self.assertEqual((item["SKU"], item["GTIN"]), (f"odoo-{template.id}", ""))

    def test_a_product_keeps_its_identifier_whatever_becomes_of_its_reference(self):
        template = self._make_template(default_code="C-1")
        template.default_code = "C-2"
        product = template.product_variant_id
        self.assertEqual(self._order_goods(product)[0]["SKU"], "C-1")
        self._add_colours(template)
        self.assertFalse(template.default_code)
        product = template.product_variant_ids[1]
        self.assertEqual(self._order_goods(product)[0]["SKU"], "C-1")

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
        order.action_confirm()
        self.assertEqual(
            [item["Name"] for item in self._get_card(order)["items"]], ["Lamp"]
        )

    def test_a_product_without_a_page_is_left_out(self):
        self.goods.website_published = False
        self.assertEqual(self._get_card(self._order())["items"], [])

    def test_a_product_has_its_name_in_the_language_of_the_page(self):
        self.goods.with_context(lang="de_DE").name = "Lampe"
        [item] = self._get_card(self._order(), "de_DE")["items"]
        self.assertEqual(item["Name"], "Lampe")

    # === WHICH CERTIFICATE === #

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

    def test_a_certificate_of_another_shop_gets_nothing(self):
        self.website.domain = "https://other.example"
        self.certificate.sudo().shop_url = "https://shop.example"
        self.assertTrue(self.certificate.is_mismatch)
        self.assertNothing(self._order())

    def test_without_certificate_or_website_there_is_nothing(self):
        order = self._order()
        backend_order = self._order(website_id=False)
        self.assertNothing(backend_order)
        self.certificate.action_archive()
        self.assertNothing(order)

    def test_the_certificate_is_that_of_the_language(self):
        self.certificate.lang_id = self.langs["de_DE"]
        order = self._order()
        order.trustedshops_certificate_id = False  # older than the addon
        self.assertTrue(self._get_card(order, "de_DE"))
        self.assertFalse(self._get_card(order, "pl_PL"))

    # === THE CERTIFICATE OF AN ORDER === #

    def _make_two_languages(self):
        """Return the certificates for German and Polish."""
        self.certificate.lang_id = self.langs["de_DE"]
        polish = self._make_certificate(
            ts_id="X" + "3" * 32,
            lang_id=self.langs["pl_PL"].id,
            protection_model="classic",
        )
        polish.sudo().certificate_language = "pl"
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
            self._as_visitor(order, lang)._trustedshops_keep_certificate()
            found.append(order.trustedshops_certificate_id)
        self.assertEqual(found, [german, polish, german.browse()])

    def test_a_certificate_out_of_use_serves_nobody(self):
        german, polish = self._make_two_languages()
        order = self._order()
        self._as_visitor(order, "pl_PL")._trustedshops_keep_certificate()
        polish.action_archive()
        self.assertEqual(self._get_card(order, "pl_PL"), {})
        self.assertEqual(self._get_card(order, "de_DE")["ts_id"], TS_ID)

    def test_test_certificates_are_for_staff_unless_everybody_may_see_them(self):
        self._save(self.certificate, environment="qa")
        self.certificate.sudo().state = "production"
        order = self._order()
        self.assertNothing(order)
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        form = self._get_form(order)
        self.assertTrue(form["is_test"])
        self.assertEqual(
            form["action"], "https://qa.trustedshops.com/shop/protection.php"
        )
        self.certificate.sudo().state = "no_audit"
        self.assertTrue(self._get_card(order))

    def test_the_sandbox_has_its_own_pages(self):
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.sandbox_url", "http://127.0.0.1:9/"
        )
        self.certificate.environment = "sandbox"
        self.assertEqual(
            self.certificate._move_to_environment("https://a.example/shop/x.php?b=/c"),
            "http://127.0.0.1:9/shop/x.php?b=/c",
        )
        self.assertEqual(
            self.certificate._get_shopper_page("privacy_url"),
            f"http://127.0.0.1:9/shop/data_privacy.php?shop_id={TS_ID}",
        )

    # === WHICH ORDER === #

    def _pay_as(self, state, provider=None, **values):
        order = self._make_cart(**values)
        self._pay(order, state=state, provider=provider)
        return order

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
        for name, (payments, is_ordered) in cases.items():
            order = self._make_cart()
            for state, by, amount in payments:
                self._pay(order, state, by, amount=amount)
            with self.subTest(payments=name):
                self.assertShown(order, card=is_ordered, form=is_ordered)
                order._action_cancel()
                self.assertNothing(order)

    def test_a_copy_of_the_order_begins_anew(self):
        order = self._as_visitor(self._order())
        order._trustedshops_note_card_delivered()
        order._trustedshops_note_registration()
        self.assertTrue(order.trustedshops_certificate_id)
        copy = order.copy()
        self.assertFalse(copy.trustedshops_card_delivered_at)
        self.assertFalse(copy.trustedshops_registered_at)
        self.assertFalse(copy.trustedshops_certificate_id)
        self.assertFalse(copy.trustedshops_is_classic)
        self.assertFalse(copy._trustedshops_note_card_delivered())

    def test_an_order_whose_payment_was_taken_back_gets_nothing(self):
        self.provider.support_manual_capture = "full_only"
        order = self._pay_as("authorized")
        self.assertEqual(order.state, "sale")
        for state in ("cancel", "error"):
            with self.subTest(state=state):
                order.transaction_ids.state = state
                self.assertNothing(order)

    def test_a_free_order_can_be_reviewed_but_has_nothing_to_protect(self):
        order = self._order(price=0.0)
        self.assertShown(order, form=False)
        self.assertEqual(
            self._get_card(order)["fields"]["tsCheckoutOrderAmount"], "0.00"
        )

    def test_without_an_address_there_is_nothing(self):
        order = self._order()
        for email in (False, "nobody"):
            with self.subTest(email=email):
                self.buyer.email = email
                self.assertNothing(order)

    # === PROTECTION === #

    def test_excellence_gets_no_card_unless_the_protection_failed(self):
        self.certificate.protection_model = "excellence"
        protection = self._make_queued()
        order = protection.order_id
        for state in ("queued", "sending", "on_hold", "requested", "confirmed"):
            with self.subTest(state=state):
                protection.state = state
                self.assertNothing(order)
        for state in ("rejected", "failed"):
            with self.subTest(state=state):
                protection.state = state
                self.assertShown(order, form=False)
                # The fee of what was not concluded goes back.
                self.assertEqual(
                    self._get_card(order)["fields"]["tsCheckoutOrderAmount"], "100.00"
                )
        protection.unanswered = True  # so there may be a protection after all
        self.assertNothing(order)
        self.certificate.protection_model = "classic"
        protection.state = "confirmed"
        self.assertNothing(order)

    # === WHO LOOKS === #

    def test_staff_who_buy_get_the_card(self):
        self.manager.partner_id.email = "m@shop.example"
        order = self._order(partner_id=self.manager.partner_id.id)
        self.assertTrue(order.with_user(self.manager).sudo()._trustedshops_get_card())

    # === HOW LONG === #

    def test_the_card_is_shown_for_a_day_and_the_form_for_three(self):
        self._freeze("2026-11-02 10:00:00")
        order = self._order()
        self._wait(hours=24)
        self.assertShown(order)
        self._wait(seconds=1)
        self.assertShown(order, card=False)
        self._wait(days=2, seconds=-1)
        self.assertShown(order, card=False)
        self._wait(seconds=1)
        self.assertNothing(order)

    def test_the_day_begins_with_the_order_not_with_the_money(self):
        self._freeze("2026-11-02 10:00:00")
        order = self._pay_as("pending", self._get_wire_transfer())
        order.transaction_ids._write({"create_date": fields.Datetime.now()})
        order.transaction_ids.invalidate_recordset(["create_date"])
        self.assertShown(order)
        self._wait(hours=25)
        self.assertShown(order, card=False)
        order.transaction_ids._set_done()
        order.transaction_ids._post_process()
        self.assertEqual(order.state, "sale")
        self.assertShown(order, card=False)

    def test_the_age_of_the_cart_does_not_count(self):
        order = self._make_cart(date_order=fields.Datetime.now() - timedelta(days=9))
        self._pay(order, "pending", self._get_wire_transfer())
        self.assertShown(order)

    # === THE ORDER'S PAGE FOR STAFF === #

    def test_the_order_says_that_only_trusted_shops_knows(self):
        order = self._order()
        self.assertTrue(order.trustedshops_is_classic)
        self.certificate.protection_model = "excellence"
        order.invalidate_recordset(["trustedshops_is_classic"])
        self.assertFalse(order.trustedshops_is_classic)

    def test_sales_people_may_read_the_page(self):
        user = new_test_user(
            self.env, "ts_sales", groups="sales_team.group_sale_salesman_all_leads"
        )
        order = self._order().with_user(user)
        self.assertTrue(order.read(["trustedshops_is_classic"])[0]["id"])
        view = self.env["sale.order"].with_user(user).get_view(view_type="form")
        self.assertIn("your Trusted Shops account shows it", view["arch"])
