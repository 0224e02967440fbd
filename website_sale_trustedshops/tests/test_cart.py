# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.website_sale.tests.common import MockRequest

from .common import TrustedShopsCommon

WARNING = (
    "Your cart changed, so Buyer Protection was taken out of it. You can choose it"
    " again when you pay."
)


@tagged("post_install", "-at_install")
class TestCart(TrustedShopsCommon):
    """The line of the fee is no product, and goes as soon as the cart changes."""

    def setUp(self):
        super().setUp()
        self.order = self._make_cart()
        self.protection = self._choose(self.order)
        self.fee_line = self.order.order_line.filtered("is_trustedshops_protection")
        self.goods_line = self.order.order_line - self.fee_line

    def assertDropped(self, warning=WARNING):
        self.assertRecordValues(
            self.order,
            [
                {
                    "trustedshops_protection_id": False,
                    "amount_total": 100.0,
                    "shop_warning": warning,
                }
            ],
        )
        self.assertFalse(self.protection.exists())

    # === NO PRODUCT === #

    def test_the_line_says_what_is_sold(self):
        self.assertRecordValues(
            self.fee_line,
            [
                {
                    "product_id": self.fee_product.id,
                    "name": "Buyer Protection up to 500.00\N{NO-BREAK SPACE}€",
                    "product_uom_qty": 1.0,
                    "price_total": 0.98,
                }
            ],
        )

    def test_the_cart_neither_counts_nor_lists_the_line(self):
        self.assertEqual(self.order.cart_quantity, 1)
        self.assertEqual(self.order.website_order_line, self.goods_line)

    def test_a_cart_of_goods_that_are_shipped_is_not_one_of_services(self):
        self.assertTrue(self.order.only_services)
        self.goods.type = "consu"
        self.order.invalidate_recordset(["only_services"])
        self.assertFalse(self.order.only_services)

    def test_the_line_is_not_ordered_again(self):
        self.assertFalse(self.fee_line._is_reorder_allowed())

    def test_the_line_is_no_product_to_click_on(self):
        self.assertFalse(self.fee_line._is_sellable())

    def test_a_copy_of_the_order_is_not_protected(self):
        copy = self.order.copy()
        self.assertEqual(copy.order_line.product_id, self.goods)
        self.assertFalse(copy.trustedshops_protection_id)

    def test_the_line_alone_is_never_invoiced(self):
        self.assertFalse(self.fee_line._can_be_invoiced_alone())

    # === PRICE === #

    def test_prices_computed_again_leave_the_fee(self):
        self.fee_product.list_price = 55.0
        self.order._recompute_prices()
        self.fee_line.with_context(force_price_recomputation=True)._compute_price_unit()
        self.assertEqual(self.fee_line.price_total, 0.98)

    def test_the_line_is_none_whose_price_is_computed_again(self):
        self.assertEqual(self.order._get_update_prices_lines(), self.goods_line)

    def test_a_pricelist_of_half_price_leaves_the_fee_that_is_being_paid(self):
        self._pay(self.order, "pending")
        self.order.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "half",
                "currency_id": self.currency_euro.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        self.order._recompute_prices()
        self.assertRecordValues(
            self.fee_line,
            [{"price_total": 0.98, "discount": 0.0, "pricelist_item_id": False}],
        )
        self.assertEqual(self.goods_line.price_total, 50.0)

    def test_a_discount_of_the_whole_order_leaves_the_fee_of_a_placed_one(self):
        self.order.action_confirm()
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": self.order.id,
                "discount_type": "sol_discount",
                "discount_percentage": 0.5,
            }
        ).action_apply_discount()
        self.assertRecordValues(
            self.fee_line + self.goods_line,
            [
                {"discount": 0.0, "price_total": 0.98},
                {"discount": 50.0, "price_total": 50.0},
            ],
        )

    def test_staff_cannot_change_what_the_fee_costs(self):
        for vals in ({"price_unit": 0.5}, {"product_uom_qty": 2}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.fee_line.write(vals)

    def test_a_quantity_of_seven_stays_one(self):
        cart = self._as_visitor(self.order)
        with MockRequest(self.env, website=self.website, sale_order_id=self.order.id):
            cart.with_context(skip_cart_verification=True)._cart_update_line_quantity(
                self.fee_line.id, 7
            )
        self.assertRecordValues(
            self.fee_line, [{"product_uom_qty": 1.0, "price_total": 0.98}]
        )

    def test_goods_are_never_added_to_the_line_of_the_fee(self):
        lines = self.order._cart_find_product_line(
            self.fee_product.id, uom_id=self.fee_product.uom_id.id
        )
        self.assertFalse(lines)

    def test_the_fee_buys_no_free_delivery(self):
        self.assertEqual(self.order._compute_amount_total_without_delivery(), 100.0)

    def test_free_delivery_over_an_amount_does_not_count_the_fee(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Parcel",
                "product_id": self.env["product.product"]
                .create({"name": "Parcel", "type": "service"})
                .id,
                "delivery_type": "fixed",
                "fixed_price": 8.10,
                "free_over": True,
                "amount": 100.5,
            }
        )
        self.assertEqual(carrier.rate_shipment(self.order)["price"], 8.10)

    def test_a_delivery_price_by_rules_does_not_count_the_fee(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "By value",
                "product_id": self.env["product.product"]
                .create({"name": "By value", "type": "service"})
                .id,
                "delivery_type": "base_on_rule",
                "price_rule_ids": [
                    Command.create(
                        {
                            "variable": "price",
                            "operator": "<=",
                            "max_value": 100.5,
                            "list_base_price": 7.0,
                        }
                    ),
                    Command.create(
                        {
                            "variable": "price",
                            "operator": ">",
                            "max_value": 100.5,
                            "list_base_price": 0.0,
                        }
                    ),
                ],
            }
        )
        self.assertEqual(carrier.rate_shipment(self.order)["price"], 7.0)

    # === THE CART CHANGES === #

    def test_another_quantity_drops_the_choice_and_says_so(self):
        cart = self._as_visitor(self.order)
        with MockRequest(self.env, website=self.website, sale_order_id=self.order.id):
            cart._cart_update_line_quantity(self.goods_line.id, 2)
        self.assertRecordValues(
            self.order,
            [
                {
                    "trustedshops_protection_id": False,
                    "amount_total": 200.0,
                    "shop_warning": WARNING,
                }
            ],
        )

    def test_another_product_drops_the_choice_and_says_so(self):
        cart = self._as_visitor(self.order)
        other = self.env["product.product"].create(
            {
                "name": "Chair",
                "type": "service",
                "list_price": 7.0,
                "taxes_id": [Command.clear()],
                "website_published": True,
            }
        )
        with MockRequest(self.env, website=self.website, sale_order_id=self.order.id):
            cart._cart_add(other.id)
        self.assertRecordValues(
            self.order,
            [
                {
                    "trustedshops_protection_id": False,
                    "amount_total": 107.0,
                    "shop_warning": WARNING,
                }
            ],
        )

    def test_another_address_drops_the_choice_and_says_so(self):
        other = self.env["res.partner"].create(
            {"name": "Work", "parent_id": self.buyer.id, "type": "delivery"}
        )
        with MockRequest(self.env, website=self.website, sale_order_id=self.order.id):
            self._as_visitor(self.order)._update_address(
                other.id, {"partner_shipping_id"}
            )
        self.assertDropped(
            "Your address changed, so Buyer Protection was taken out of your cart. You"
            " can choose it again when you pay."
        )

    def test_another_delivery_method_drops_the_choice_and_says_so(self):
        self._as_visitor(self.order)._set_delivery_method(self.env["delivery.carrier"])
        self.assertDropped(
            "Your delivery method changed, so Buyer Protection was taken out of your"
            " cart. You can choose it again when you pay."
        )

    def test_a_revived_cart_comes_back_without_the_choice(self):
        self._as_visitor(self.order)._verify_cart()
        self.assertDropped(
            "You came back to an earlier cart, so Buyer Protection was taken out of it."
            " You can choose it again when you pay."
        )

    def test_another_currency_drops_the_choice_before_the_payment_page(self):
        self.order.pricelist_id = self.env["product.pricelist"].create(
            {"name": "PLN", "currency_id": self.currency_pln.id}
        )
        self._as_visitor(self.order)._recompute_cart()
        self.assertFalse(self.order.trustedshops_protection_id)
        self.assertEqual(self.order.order_line, self.goods_line)

    def test_the_line_removed_in_the_cart_clears_the_choice(self):
        self._as_visitor(self.order)._cart_update_line_quantity(self.fee_line.id, 0)
        self.assertFalse(self.order.trustedshops_protection_id)
        self.assertFalse(self.protection.exists())

    def test_the_emptied_cart_clears_the_choice(self):
        self.order.order_line.unlink()
        self.assertFalse(self.order.trustedshops_protection_id)
        self.assertFalse(self.protection.exists())

    def test_a_salesperson_may_remove_the_line_of_a_cart(self):
        seller = new_test_user(
            self.env, "ts_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.fee_line.with_user(seller).unlink()
        self.assertFalse(self.order.trustedshops_protection_id)

    def test_choosing_again_keeps_one_line(self):
        again = self._choose(self.order)
        self.assertEqual(len(self.order.order_line), 2)
        self.assertEqual(self.order.amount_total, 100.98)
        self.assertFalse(self.protection.exists())
        self.assertEqual(again.state, "selected")
