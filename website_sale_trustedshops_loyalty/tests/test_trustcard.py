# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import LoyaltyCommon


class TestTrustcard(LoyaltyCommon):
    """What buyers of a Classic shop send who paid with a card or got a reward."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate.protection_model = "classic"

    def _confirm(self, order):
        """Return the order as its buyer sees it, who is not logged in."""
        order.action_confirm()
        return self._as_visitor(order)

    def test_a_gift_card_pays_and_changes_no_amount(self):
        for balance, total in ((40, 60.0), (150, 0.0)):
            with self.subTest(balance=balance):
                order = self._make_cart()
                self._enter(order, self._make_card(balance).code)
                self.assertEqual(order.amount_total, total)
                order = self._confirm(order)
                card = order._trustedshops_get_card()
                self.assertEqual(card["fields"]["tsCheckoutOrderAmount"], "100.00")
                form = order._trustedshops_get_form()
                self.assertEqual(form["values"]["amount"], "100.00")

    def test_a_reward_is_no_product_to_review(self):
        gift = self.env["product.product"].create(
            {"name": "Gift", "list_price": 5.0, "is_published": True}
        )
        program = self._make_program(
            {"reward_type": "product", "reward_product_id": gift.id}
        )
        order = self._make_cart()
        self._claim(order, program)
        self.assertIn(gift, order.order_line.product_id)
        card = self._confirm(order)._trustedshops_get_card()
        self.assertEqual([item["Name"] for item in card["items"]], ["Lamp"])
