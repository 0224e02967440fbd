# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import TrustedShopsCommon


class TestItem(TrustedShopsCommon):
    """The item that is chosen covers goods and delivery, and nothing else."""

    def _get_chosen(self, order):
        """Return what is protected and for how much; None when nothing is offered."""
        offer = self._as_visitor(order)._trustedshops_get_offer()
        item = offer.get("item")
        return item and (float(item.protected_amount), float(item.gross_fee))

    def test_the_protected_amount_includes_taxes(self):
        order = self._make_cart(420.17)
        order.order_line.tax_ids = self._make_tax(19)
        self.assertEqual(order.amount_total, 500.0)
        self.assertEqual(self._get_chosen(order), (500.0, 0.98))
        order.order_line.price_unit = 420.18
        self.assertEqual(order.amount_total, 500.01)
        self.assertEqual(self._get_chosen(order), (1500.0, 2.94))

    def test_delivery_counts(self):
        order = self._make_cart(495.0)
        product = self.env.ref("delivery.product_product_delivery")
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": product.id,
                "price_unit": 5.0,
                "tax_ids": [Command.clear()],
                "is_delivery": True,
            }
        )
        self.assertEqual(self._get_chosen(order), (500.0, 0.98))
        order.order_line[1].price_unit = 5.01
        self.assertEqual(self._get_chosen(order), (1500.0, 2.94))

    def test_the_fee_itself_does_not_count(self):
        order, _protection = self._make_ticked(500.0)
        self.assertEqual(order.amount_total, 500.98)
        self.assertEqual(self._get_chosen(order), (500.0, 0.98))
        self.assertEqual(self._choose(order).protected_amount, 500.0)

    def test_a_cart_of_nothing_is_offered_nothing_and_loses_the_fee(self):
        order = self._make_cart(0.0)
        self.assertIsNone(self._get_chosen(order))
        self.assertFalse(self._as_visitor(order)._trustedshops_choose_protection())
        order, _protection = self._make_ticked()
        self.goods.list_price = 0.0
        self._as_visitor(order)._recompute_cart()
        self.assertEqual(order.amount_total, 0.0)
        self.assertFalse(order.trustedshops_protection_id)
