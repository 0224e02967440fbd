# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields

from odoo.addons.website_sale_trustedshops_reviews.tests.invitation_common import (
    InvitationCommon,
)


class TestTill(InvitationCommon):
    """Orders of the website that are paid at a till, or in the store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._require_modules("pos_sale", "website_sale_collect")
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        config = cls.env["pos.config"].create({"name": "Till"})
        config.open_ui()
        cls.session = config.current_session_id
        cls.cash = config.payment_method_ids[:1]

    def _settle(self, order, quantity, **values):
        """Sell so many of each line of an order at the till, and return the sale."""
        lines = order.order_line
        sold = [self._prepare_sold(line, quantity) for line in lines]
        total = sum(values["price_subtotal_incl"] for values in sold)
        now = fields.Datetime.to_string(fields.Datetime.now())
        payment = {"amount": total, "name": now, "payment_method_id": self.cash.id}
        sale = {
            "amount_paid": total,
            "amount_return": 0,
            "amount_tax": sum(lines.mapped("price_tax")),
            "amount_total": total,
            "date_order": now,
            "partner_id": order.partner_id.id,
            "name": f"{order.name}-{quantity}",
            "session_id": self.session.id,
            "uuid": f"{order.name}-{quantity}",
            "user_id": self.env.uid,
            "lines": [Command.create(values) for values in sold],
            "payment_ids": [Command.create(payment)],
            **values,
        }
        self.env["pos.order"].sync_from_ui([sale])
        return lines.pos_order_line_ids.order_id[-1:]

    def _prepare_sold(self, line, quantity):
        """Return the line of a sale by which the till sells so many of a line."""
        share = quantity / line.product_uom_qty
        return {
            "price_unit": line.price_unit,
            "product_id": line.product_id.id,
            "price_subtotal": share * line.price_subtotal,
            "price_subtotal_incl": share * line.price_total,
            "sale_order_line_id": line.id,
            "sale_order_origin_id": line.order_id.id,
            "extra_tax_data": line.extra_tax_data,
            "qty": quantity,
            "tax_ids": [Command.set(line.tax_ids.ids)],
        }

    def test_an_order_of_the_website_that_is_fetched_at_the_till(self):
        chair = self._make_goods(available_in_pos=True)
        order = self._make_order(**self._make_lines(chair, quantity=3))
        self._settle(order, 1)
        self._run_invites()
        self.assertState(order, "waiting", "too_early")
        self._settle(order, 2)
        self._run_invites(hours=1)
        self.assertState(order, "accepted")

    def test_the_fee_of_buyer_protection_is_a_line_like_any_other(self):
        self.env.user.group_ids += self.env.ref("account.group_account_invoice")
        for policy in ("order", "delivery"):
            with self.subTest(policy=policy):
                self.fee_product.invoice_policy = policy
                order, protection = self._make_ticked()
                # The till sells what was ordered, less what was delivered.
                self.assertEqual(order.order_line[-1].qty_delivered, 0.0)
                sale = self._settle(order, 1, to_invoice=True)
                self.assertEqual(sale.account_move.amount_total, 100.98)
                self.assertEqual((order.state, order.amount_total), ("sale", 100.98))
                self.assertEqual(order.invoice_status, "invoiced")
                self.assertEqual(protection.state, "queued")

    def test_an_order_to_be_paid_in_the_store_is_placed_with_its_fee(self):
        # Of website_sale_collect, which the tests at the till have beside them.
        provider = self.env["payment.provider"].search(
            [("custom_mode", "=", "on_site")], limit=1
        )
        for is_dropped in (False, True):
            with self.subTest(is_dropped=is_dropped):
                order, protection = self._make_ticked()
                transaction = self._pay(order, "draft", provider)
                if is_dropped:
                    order._trustedshops_remove_choice()
                transaction._set_pending()
                transaction._post_process()
                self.assertEqual((order.state, order.amount_total), ("sale", 100.98))
                self.assertTrue(order._trustedshops_get_fee_lines())
                self.assertEqual(protection.state, "queued")
