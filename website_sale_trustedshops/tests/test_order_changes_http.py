# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from odoo.addons.website_sale.tests.common import MockRequest

from ..controllers.checkout import TrustedShopsCheckout
from .http_common import TrustedShopsHttpCommon


class CartChangesHttpCommon(TrustedShopsHttpCommon):
    """A buyer with an account and a ticked cart of 119.00 euro, 19.00 of them tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls._make_tax(19)
        cls.goods.taxes_id = cls.tax
        cls.chair = cls._make_goods("Chair", 7.0)
        cls.user = cls._make_portal_buyer()

    @classmethod
    def _make_goods(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.set(cls.tax.ids)],
                "website_published": True,
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        self.order.partner_id = self.user.partner_id
        self.order.order_line.tax_ids = self.tax
        self._visit(self.order, "ts_buyer")
        self.protection = self._choose(self.order)

    def _make_other_cart(self, **values):
        order = self._make_cart(200.0, **values)
        order.order_line.tax_ids = self.tax
        return order

    def _call(self, url, **params):
        answer = self.make_jsonrpc_request(url, params)
        self.env.invalidate_all()
        return answer

    def _go(self, url):
        self.env.flush_all()
        response = self.url_open(url, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def assertTotals(self, total, tax, order=None):
        """Compare to the cent, and not with a tolerance."""
        order = order or self.order
        totals = [f"{order[name]:.10f}" for name in ("amount_total", "amount_tax")]
        self.assertEqual(totals, [f"{total:.10f}", f"{tax:.10f}"])
        self.assertFalse(order._trustedshops_get_fee_lines())
        self.assertFalse(order.trustedshops_protection_id)

    def assertDropped(self, total, tax, notice="choice_changed"):
        self.assertTotals(total, tax)
        self.assertFalse(self.protection.exists())
        self.assertEqual(self.order.trustedshops_notice, notice)
        self.assertFalse(self.order.shop_warning)


class TestCartChangesHttp(CartChangesHttpCommon):
    """What a buyer does in the shop after the tick, by the routes that the shop has."""

    def _add(self, url):
        return self._call(
            url,
            product_template_id=self.chair.product_tmpl_id.id,
            product_id=self.chair.id,
        )

    def test_goods_added(self):
        self.assertEqual(self._add("/shop/cart/add")["cart_quantity"], 2)
        self.assertDropped(127.33, 20.33)

    def _get_recovery_link(self, order, method):
        token = order._portal_ensure_token()
        return f"/shop/cart?id={order.id}&access_token={token}&revive_method={method}"

    def test_an_earlier_cart_merged_into_one_without_a_tick(self):
        other = self._make_other_cart()
        self._visit(other)
        self._open(self._get_recovery_link(self.order, "merge"))
        self.assertEqual(other.trustedshops_notice, "choice_changed")
        self.assertTotals(357.0, 57.0, other)
        self.assertEqual(self.order.state, "cancel")
        self.assertTotals(0.0, 0.0)

    def test_two_ticked_carts_merged(self):
        other = self._make_other_cart()
        self._choose(other)
        self._open(self._get_recovery_link(other, "merge"))
        self.assertDropped(357.0, 57.0, "choice_returned")
        self.assertTotals(0.0, 0.0, other)

    def test_an_earlier_cart_that_comes_back_after_the_log_in(self):
        self.authenticate("ts_buyer", "ts_buyer")
        self._call("/shop/cart/quantity")
        self.assertDropped(119.0, 19.0)

    def test_another_delivery_address(self):
        other = self.env["res.partner"].create(
            {
                "name": "Work",
                "parent_id": self.user.partner_id.id,
                "type": "delivery",
                "street": "Am Werk 1",
                "city": "Köln",
                "zip": "50667",
                "country_id": self.env.ref("base.de").id,
            }
        )
        self._call("/shop/update_address", partner_id=other.id, address_type="delivery")
        self.assertEqual(self.order.partner_shipping_id, other)
        self.assertDropped(119.0, 19.0, "choice_changed")

    def _make_deliveries(self):
        """Tick the box of a cart that is delivered; return its method and another."""
        self.goods.type = "consu"
        first, second = self.env["delivery.carrier"].create(
            [
                {
                    "name": name,
                    "product_id": self._make_goods(name, 0.0).id,
                    "fixed_price": price,
                    "website_published": True,
                }
                for name, price in (("Parcel", 4.99), ("Express", 9.99))
            ]
        )
        self.order._set_delivery_method(first)
        self.protection = self._choose(self.order)
        return first, second

    def test_another_delivery_method(self):
        _first, second = self._make_deliveries()
        answer = self._call("/shop/set_delivery_method", dm_id=second.id)
        self.assertIn("130.89", answer["amount_total"])
        self.assertDropped(130.89, 20.9, "choice_changed")

    def test_the_same_delivery_at_the_same_price_is_no_change(self):
        first, _second = self._make_deliveries()
        self.order._set_delivery_method(first)
        self.assertEqual(self.order.trustedshops_protection_id, self.protection)
        self.assertFalse(self.order.trustedshops_notice)
        first.fixed_price = 5.99
        self.order._set_delivery_method(first)
        self.assertDropped(126.13, 20.14, "choice_changed")

    def test_another_pricelist(self):
        _usual, half = self._make_pricelists(
            ("usual", self.currency_euro, 0),
            ("half", self.currency_euro, 50),
            website_id=self.website.id,
            selectable=True,
        )
        self._go(f"/shop/change_pricelist/{self.env['ir.http']._slug(half)}")
        self.assertEqual(self.order.pricelist_id, half)
        self.assertDropped(59.5, 9.5)

    def test_fee_in_an_optional_section_keeps_its_quantity_in_the_portal(self):
        self._require_modules("sale_management")
        section = {"display_type": "line_section", "name": "Options"}
        values = {**section, "is_optional": True, "sequence": 0}
        self.order.order_line = [Command.create(values)]
        # Announced, so it is still a quotation, whose options the buyer may change.
        self._pay(self.order, "pending", self._get_wire_transfer())
        fee_line = self.order._trustedshops_get_fee_lines()
        for change in ({"remove": True}, {"input_quantity": 0}, {}):
            with self.subTest(change=change):
                self._call(
                    f"/my/orders/{self.order.id}/update_line_dict",
                    line_id=fee_line.id,
                    access_token=self.order._portal_ensure_token(),
                    **change,
                )
                self.assertValues(fee_line, product_uom_qty=1.0, price_total=0.98)

    def test_tracking_and_the_mail_about_an_abandoned_cart_list_the_goods_alone(self):
        with MockRequest(self.env, website=self.website):
            tracked = TrustedShopsCheckout().order_2_return_dict(self.order)
        self.assertEqual(
            [item["item_name"] for item in tracked["items"]], [self.goods.name]
        )
        self.assertEqual(tracked["value"], 119.98)
        self.order._cart_recovery_email_send()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("Lamp", mail.body_html)
        self.assertNotIn("Buyer Protection", mail.body_html)
