# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.website_sale.tests.common import MockRequest

from .common import TrustedShopsCommon

CART = (
    "Your cart changed, so Buyer Protection was taken out of it. You can choose it"
    " again when you pay."
)
PRICES = (
    "The prices of your cart changed, so Buyer Protection was taken out of it. You can"
    " choose it again when you pay."
)
ADDRESS = (
    "Your address changed, so Buyer Protection was taken out of your cart. You can"
    " choose it again when you pay."
)
UNAVAILABLE = (
    "Buyer Protection is not available for your order at the moment. You can order"
    " without it."
)
NOTE = (
    "Buyer Protection was taken out of this order, because the order changed after it"
    " was chosen."
)


class CartChangesCommon(TrustedShopsCommon):
    """A cart of 119.00 euro, 19.00 of them tax, with a fee of 0.98."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer.lang = "en_US"
        cls.tax = cls._make_tax(19)
        cls.goods.taxes_id = cls.tax
        cls.chair = cls.env["product.product"].create(
            {
                "name": "Chair",
                "type": "service",
                "list_price": 7.0,
                "taxes_id": [Command.set(cls.tax.ids)],
                "website_published": True,
            }
        )
        cls.seller = new_test_user(
            cls.env,
            "ts_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            lang="en_US",
        )
        # Staff sees prices, taxes and discounts on the form.
        for group in (
            "product.group_product_pricelist",
            "sale.group_discount_per_so_line",
        ):
            cls.env.ref("base.group_user").implied_ids |= cls.env.ref(group)

    def setUp(self):
        super().setUp()
        self.order = self._make_cart()
        self.goods_line = self.order.order_line
        self.goods_line.tax_ids = self.tax
        self.protection = self._choose(self.order)
        self.fee_line = self.order.order_line - self.goods_line
        self.staff_order = self.order.with_user(self.seller)

    def assertTotals(self, total, tax):
        """Compare to the cent, and not with a tolerance."""
        totals = [f"{self.order[name]:.10f}" for name in ("amount_total", "amount_tax")]
        self.assertEqual(totals, [f"{total:.10f}", f"{tax:.10f}"])

    def assertDropped(self, total, tax, warning=CART):
        """Check that nothing of the choice is left, and what the buyer reads."""
        self.assertFalse(self.order.trustedshops_protection_id)
        self.assertFalse(self.protection.exists())
        self.assertFalse(self.order._trustedshops_get_fee_lines())
        self.assertTotals(total, tax)
        self.assertEqual(self.order.shop_warning, warning)

    def assertKept(self, total, tax):
        """Check that the choice is as it was, and nothing is said."""
        self.assertEqual(self.order.trustedshops_protection_id, self.protection)
        self.assertEqual(self.order._trustedshops_get_fee_lines(), self.fee_line)
        self.assertEqual(self.fee_line.price_total, 0.98)
        self.assertTotals(total, tax)
        self.assertFalse(self.order.shop_warning)

    def _get_notes(self):
        """Return what the chatter tells about the choice."""
        bodies = self.order.message_ids.mapped("body")
        return [str(body) for body in bodies if "taken out of this" in body]


@tagged("post_install", "-at_install")
class TestStaffEdits(CartChangesCommon):
    """What staff does to the quotation of a cart that carries the fee."""

    def test_a_dearer_product_drops_the_choice_and_says_so(self):
        with Form(self.staff_order) as form, form.order_line.edit(0) as line:
            line.price_unit = 150.0
        self.assertDropped(178.5, 28.5)
        self.assertEqual(self._get_notes(), [f"<p>{NOTE}</p>"])

    def test_another_quantity_drops_the_choice(self):
        with Form(self.staff_order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 3
        self.assertDropped(357.0, 57.0)

    def test_a_discount_of_a_line_drops_the_choice(self):
        with Form(self.staff_order) as form, form.order_line.edit(0) as line:
            line.discount = 10
        self.assertDropped(107.1, 17.1)

    def test_other_taxes_of_a_line_drop_the_choice(self):
        self.goods_line.with_user(self.seller).tax_ids = [Command.clear()]
        self.assertDropped(100.0, 0.0)

    def test_another_product_drops_the_choice(self):
        with Form(self.staff_order) as form, form.order_line.new() as line:
            line.product_id = self.chair
        self.assertDropped(127.33, 20.33)

    def test_a_line_that_is_created_apart_drops_the_choice(self):
        self.env["sale.order.line"].with_user(self.seller).create(
            {"order_id": self.order.id, "product_id": self.chair.id}
        )
        self.assertDropped(127.33, 20.33)

    def test_a_product_from_the_catalog_drops_the_choice(self):
        with MockRequest(self.env, website=self.website):
            self.staff_order._update_order_line_info(self.chair.id, 2)
        self.assertDropped(135.66, 21.66)

    def test_a_product_removed_drops_the_choice(self):
        self.order.order_line = [Command.create({"product_id": self.chair.id})]
        self.protection = self._choose(self.order)
        self.order.shop_warning = False
        with Form(self.staff_order) as form:
            form.order_line.remove(0)
        self.assertDropped(8.33, 1.33)

    def test_the_last_product_removed_takes_the_fee_along(self):
        self.goods_line.with_user(self.seller).unlink()
        self.assertFalse(self.order.order_line)
        self.assertDropped(0.0, 0.0)

    def test_the_fee_removed_drops_the_choice(self):
        with Form(self.staff_order) as form:
            form.order_line.remove(1)
        self.assertDropped(119.0, 19.0, warning=False)
        self.assertEqual(self._get_notes(), [])

    def test_all_lines_removed_are_no_news_about_the_choice(self):
        self.staff_order.order_line = [Command.clear()]
        self.assertDropped(0.0, 0.0, warning=False)
        self.assertEqual(self._get_notes(), [])

    def test_lines_in_another_order_and_words_keep_the_choice(self):
        with Form(self.staff_order) as form:
            form.client_order_ref = "4711"
            with form.order_line.edit(0) as line:
                line.name = "A lamp of another colour"
        self.fee_line.with_user(self.seller).sequence = 1
        self.assertKept(119.98, 19.16)
        self.assertEqual(self._get_notes(), [])

    def test_edits_that_come_to_the_same_keep_the_choice(self):
        self.staff_order.order_line = [
            Command.update(self.goods_line.id, {"price_unit": 93.0}),
            Command.create({"product_id": self.chair.id}),
        ]
        self.assertKept(119.98, 19.16)

    def test_a_move_of_all_lines_in_an_edit_drops_the_choice_once(self):
        self.staff_order.order_line = [
            Command.update(self.goods_line.id, {"price_unit": 93.0, "sequence": 12}),
            Command.update(self.fee_line.id, {"sequence": 11}),
        ]
        self.assertDropped(110.67, 17.67)
        self.assertEqual(len(self._get_notes()), 1)

    def test_a_quotation_that_was_sent_is_watched_as_well(self):
        self.order.state = "sent"
        self.goods_line.with_user(self.seller).price_unit = 150.0
        # It is no cart any more, so nothing can be chosen again.
        self.assertDropped(178.5, 28.5, UNAVAILABLE)

    def test_the_buyer_is_told_in_the_own_language_staff_in_its_own(self):
        self.buyer.lang = "de_DE"
        self.goods_line.with_user(self.seller).price_unit = 150.0
        self.assertDropped(
            178.5,
            28.5,
            "Ihr Warenkorb hat sich geändert, daher wurde der Käuferschutz daraus"
            " entfernt. Beim Bezahlen können Sie ihn erneut wählen.",
        )
        self.assertEqual(self._get_notes(), [f"<p>{NOTE}</p>"])

    def test_a_shopper_leaves_no_note(self):
        self._as_visitor(self.order).order_line[0].price_unit = 150.0
        self.assertDropped(178.5, 28.5)
        self.assertEqual(self._get_notes(), [])

    # === THE LINE OF THE FEE === #

    def test_the_fee_is_not_sold_as_something_else(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        other_company = self.env["res.company"].create({"name": "Other"})
        for vals in (
            {"product_id": self.chair.id},
            {"product_uom_id": dozen.id},
            {"price_unit": 0.5},
            {"product_uom_qty": 0},
            {"price_total": 0.5},
            {"price_subtotal": 0.5},
            {"price_tax": 0.5},
            {"qty_to_invoice": 5.0},
            {"company_id": other_company.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.fee_line.with_user(self.seller).write(vals)
        self.assertKept(119.98, 19.16)

    def test_a_context_of_the_caller_counts_for_nothing(self):
        forged = {
            "trustedshops_changing": True,
            "trustedshops_dropping_choice": True,
            "trustedshops_pinning_fee": True,
        }
        fee_line = self.fee_line.with_user(self.seller).with_context(**forged)
        with self.assertRaises(UserError):
            fee_line.price_unit = 0.5
        self.goods_line.with_user(self.seller).with_context(**forged).price_unit = 150.0
        self.assertDropped(178.5, 28.5)

    def test_a_context_of_the_caller_leaves_no_choice_without_its_line(self):
        fee_line = self.fee_line.with_user(self.seller)
        fee_line.with_context(trustedshops_dropping_choice=True).unlink()
        self.assertFalse(self.order.trustedshops_protection_id)

    def test_values_that_change_nothing_are_no_reason_to_refuse(self):
        self.fee_line.with_user(self.seller).write(
            {
                "product_id": self.fee_product.id,
                "price_unit": self.fee_line.price_unit,
                "product_uom_qty": 1.0,
            }
        )
        self.assertKept(119.98, 19.16)

    def test_a_tax_added_to_the_fee_leaves_it_to_the_cent(self):
        self.fee_line.with_user(self.seller).tax_ids = self._make_tax(23)
        self.assertKept(119.98, 19.18)

    def test_another_tax_of_an_ordered_fee_leaves_it_to_the_cent(self):
        self.order.action_confirm()
        self.fee_line.with_user(self.seller).tax_ids = self._make_tax(23)
        self.assertEqual(self.fee_line.price_total, 0.98)
        self.assertEqual(
            (self.order.amount_total, self.order.amount_tax), (119.98, 19.18)
        )

    def test_a_fee_without_tax_is_the_same(self):
        self.fee_line.with_user(self.seller).tax_ids = [Command.clear()]
        self.assertKept(119.98, 19.0)

    # === PRICES, TAXES, BUYER === #

    def _make_pricelist(self, currency=None, percent=50):
        return self.env["product.pricelist"].create(
            {
                "name": "Half",
                "currency_id": (currency or self.currency_euro).id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": percent}
                    )
                ],
            }
        )

    def test_other_prices_drop_the_choice_when_they_are_computed(self):
        self.staff_order.pricelist_id = self._make_pricelist()
        self.assertKept(119.98, 19.16)
        self.staff_order.action_update_prices()
        self.assertDropped(59.5, 9.5, PRICES)

    def test_a_pricelist_with_the_same_prices_keeps_the_choice(self):
        self.staff_order.pricelist_id = self._make_pricelist(percent=0)
        self.staff_order.action_update_prices()
        self.assertKept(119.98, 19.16)

    def test_a_discount_that_is_computed_anew_keeps_the_choice(self):
        """While core computes, the discount is 0 for a moment."""
        self.order.pricelist_id = self._make_pricelist()
        self.order._recompute_prices()
        self.order.shop_warning = False
        self.protection = self._choose(self.order)
        self.fee_line = self.order._trustedshops_get_fee_lines()
        self.assertEqual(self.goods_line.discount, 50.0)
        self.staff_order.action_update_prices()
        self.assertKept(60.48, 9.66)

    def test_another_currency_drops_the_choice_at_once(self):
        self.staff_order.pricelist_id = self._make_pricelist(self.currency_pln)
        self.assertDropped(119.0, 19.0, UNAVAILABLE)

    def _make_position(self):
        position = self.env["account.fiscal.position"].create({"name": "export"})
        self._make_tax(0).write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [
                    Command.set((self.tax | self.fee_product.taxes_id).ids)
                ],
            }
        )
        return position

    def test_other_taxes_drop_the_choice_when_they_are_computed(self):
        self.staff_order.fiscal_position_id = self._make_position()
        self.assertKept(119.98, 19.16)
        self.staff_order.action_update_taxes()
        self.assertDropped(100.0, 0.0, PRICES)

    def test_another_buyer_never_agreed(self):
        self.staff_order.partner_id = self.buyer.copy({"email": "b@muster.example"})
        self.assertDropped(119.0, 19.0, ADDRESS)

    def test_the_same_buyer_keeps_the_choice(self):
        self.staff_order.partner_id = self.buyer
        self.assertKept(119.98, 19.16)

    def test_goods_that_staff_archives_take_the_choice_along(self):
        """Core takes them out of all carts."""
        self.order.order_line = [Command.create({"product_id": self.chair.id})]
        self.protection = self._choose(self.order)
        self.order.shop_warning = False
        self.goods.action_archive()
        self.assertDropped(8.33, 1.33)

    def test_a_delivery_that_staff_adds_drops_the_choice(self):
        self.goods.type = "consu"
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Parcel",
                "product_id": self.env["product.product"]
                .create(
                    {
                        "name": "Parcel",
                        "type": "service",
                        "taxes_id": [Command.set(self.tax.ids)],
                    }
                )
                .id,
                "fixed_price": 4.99,
            }
        )
        action = self.staff_order.action_open_delivery_wizard()
        wizard = Form.from_action(self.env(user=self.seller), action)
        wizard.carrier_id = carrier
        wizard.save().button_confirm()
        self.assertDropped(124.94, 19.95)

    # === COPIES, DISCOUNTS, TEMPLATES === #

    def test_a_duplicate_is_the_cart_without_a_tick(self):
        copy = self.staff_order.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    "trustedshops_protection_id": False,
                    "amount_total": 119.0,
                    "amount_tax": 19.0,
                    "shop_warning": False,
                }
            ],
        )
        self.assertKept(119.98, 19.16)

    def _discount(self, **values):
        # The first discount of a company makes the product of discounts.
        self.env["sale.order.discount"].create(
            {"sale_order_id": self.order.id, **values}
        ).action_apply_discount()

    def test_a_discount_of_all_lines_drops_the_choice(self):
        self._discount(discount_type="sol_discount", discount_percentage=0.5)
        self.assertDropped(59.5, 9.5)

    def test_a_discount_of_the_order_drops_the_choice_and_counts_no_fee(self):
        self._discount(discount_type="so_discount", discount_percentage=0.5)
        self.assertDropped(59.5, 9.5)

    def test_a_discount_of_an_amount_drops_the_choice_and_counts_no_fee(self):
        self._discount(discount_type="amount", discount_amount=11.9)
        self.assertDropped(107.1, 17.1)

    def test_a_discount_of_a_placed_order_is_none_of_the_fee(self):
        self._pay(self.order, "pending", self._get_wire_transfer())
        for values in (
            {"discount_type": "sol_discount", "discount_percentage": 0.5},
            {"discount_type": "so_discount", "discount_percentage": 0.5},
        ):
            self._discount(**values)
            self.assertEqual(self.fee_line.price_total, 0.98)
        self.assertTotals(29.75 + 0.98, 4.75 + 0.16)

    def _make_quotation_template(self):
        return self.env["sale.order.template"].create(
            {
                "name": "Chairs",
                "sale_order_template_line_ids": [
                    Command.create(
                        {"product_id": self.chair.id, "product_uom_qty": 4.0}
                    )
                ],
            }
        )

    def test_a_quotation_template_replaces_the_fee_with_the_goods(self):
        template = self._make_quotation_template()
        group = self.env.ref("sale_management.group_sale_order_template")
        self.env.ref("base.group_user").implied_ids |= group
        with Form(self.staff_order) as form:
            form.sale_order_template_id = template
        self.assertEqual(self.order.order_line.product_id, self.chair)
        self.assertDropped(33.32, 5.32, warning=False)

    # === NOT ANY MORE === #

    def test_an_order_that_is_being_paid_keeps_the_choice(self):
        self._pay(self.order, "pending")
        self.goods_line.with_user(self.seller).price_unit = 150.0
        self.assertKept(179.48, 28.66)
        self.assertEqual(self._get_notes(), [])

    def test_a_confirmed_order_keeps_its_protection(self):
        self.order.action_confirm()
        self.goods_line.with_user(self.seller).price_unit = 150.0
        self.assertKept(179.48, 28.66)
        self.assertEqual(self.protection.state, "queued")


@tagged("post_install", "-at_install")
class TestMovedLines(CartChangesCommon):
    """Lines that move to another cart leave the fee behind."""

    def _merge(self):
        """Move the lines as the link of a recovery mail does."""
        other = self._make_cart(200.0)
        other.order_line.tax_ids = self.tax
        self._as_visitor(self.order).order_line.write({"order_id": other.id})
        return other

    def test_the_fee_of_a_cart_does_not_move_with_its_goods(self):
        other = self._merge()
        self.assertRecordValues(
            other,
            [
                {
                    "amount_total": 357.0,
                    "amount_tax": 57.0,
                    "trustedshops_protection_id": False,
                    "shop_warning": "You came back to an earlier cart, so Buyer"
                    " Protection was taken out of it. You can choose it again when you"
                    " pay.",
                }
            ],
        )
        self.assertDropped(0.0, 0.0, warning=False)

    def test_goods_that_move_in_drop_the_choice(self):
        other = self._make_cart(200.0)
        other.order_line.tax_ids = self.tax
        self._as_visitor(other).order_line.write({"order_id": self.order.id})
        self.assertDropped(357.0, 57.0)

    def test_goods_that_move_out_drop_the_choice(self):
        other = self._make_cart(200.0)
        self._as_visitor(self.goods_line).write({"order_id": other.id})
        self.assertDropped(0.0, 0.0)

    def test_the_fee_of_an_order_that_is_being_paid_stays_with_it(self):
        self._pay(self.order, "pending")
        other = self._merge()
        self.assertEqual(other.amount_total, 357.0)
        self.assertEqual(self.fee_line.order_id, self.order)
        self.assertEqual(self.order.trustedshops_protection_id, self.protection)
