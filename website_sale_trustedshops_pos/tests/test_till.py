# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon


class TestTill(TrustedShopsCommon):
    """The fee of an order that is settled at the point of sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        cls.env.user.group_ids += cls.env.ref("account.group_account_invoice")
        config = cls.env["pos.config"].create({"name": "Till"})
        config.open_ui()
        cls.session = config.current_session_id
        cls.cash = config.payment_method_ids[:1]

    def _settle(self, order, to_invoice=False, sold=None, **changes):
        """Sell lines of an order at the till, all by default, return the sale."""
        sold = order.order_line if sold is None else sold
        total = changes.get("price_unit", sum(sold.mapped("price_total")))
        now = fields.Datetime.to_string(fields.Datetime.now())
        payment = {"amount": total, "name": now, "payment_method_id": self.cash.id}
        sale = {
            "amount_paid": total,
            "amount_return": 0,
            "amount_tax": sum(sold.mapped("price_tax")),
            "amount_total": total,
            "date_order": now,
            "to_invoice": to_invoice,
            "partner_id": order.partner_id.id,
            "name": order.name,
            "session_id": self.session.id,
            "uuid": order.name,
            "user_id": self.env.uid,
            "lines": [
                fields.Command.create({**self._prepare_sold(line), **changes})
                for line in sold
            ],
            "payment_ids": [fields.Command.create(payment)],
        }
        self.env["pos.order"].sync_from_ui([sale])
        return order.pos_order_line_ids.order_id

    def _prepare_sold(self, line):
        """Return the line of a sale by which the till sells a line of an order."""
        return {
            "price_unit": line.price_unit,
            "product_id": line.product_id.id,
            "price_subtotal": line.price_subtotal,
            "price_subtotal_incl": line.price_total,
            "sale_order_line_id": line.id,
            "sale_order_origin_id": line.order_id.id,
            "extra_tax_data": line.extra_tax_data,
            "qty": 1,
            "tax_ids": [fields.Command.set(line.tax_ids.ids)],
        }

    def _make_settled(self, to_invoice=False):
        """Return a protection whose fee was paid at the till, and the sale."""
        order, protection = self._make_ticked()
        sale = self._settle(order, to_invoice)
        self.assertEqual(order.state, "sale")
        self.assertEqual(protection.state, "queued")
        protection.state = "confirmed"
        return protection, sale

    def _take_back(self, sale, fee_only=True):
        """Take lines of a sale back at the till, return the refund."""
        refund = self.env["pos.order"].browse(sale.refund()["res_id"])
        if fee_only:
            refund.lines.filtered(lambda line: line.product_id == self.goods).unlink()
        refund.to_invoice = bool(sale.account_move)
        return self._finish(refund)

    def _finish(self, refund):
        """Pay a refund out, return it."""
        refund._compute_prices()
        refund.add_payment(
            {
                "pos_order_id": refund.id,
                "amount": refund.amount_total,
                "payment_method_id": self.cash.id,
            }
        )
        refund.action_pos_order_paid()
        if refund.to_invoice:
            refund._generate_pos_order_invoice()
        return refund

    def _find(self, protection, *, collected):
        domain = Domain("id", "=", protection.id)
        domain &= Domain("fee_collected", "=", collected)
        return self.env["trustedshops.protection"].search(domain)

    def _assert_nothing_to_invoice(self, protection):
        line = protection.order_id._trustedshops_get_fee_lines()
        self.assertEqual(line.qty_to_invoice, 0.0)
        self.assertEqual(protection.order_id.invoice_status, "invoiced")

    def test_what_was_paid_at_the_till_is_paid_and_collected(self):
        for to_invoice in (False, True):
            with self.subTest(to_invoice=to_invoice):
                protection, _sale = self._make_settled(to_invoice)
                order = protection.order_id
                self.assertEqual(order.trustedshops_paid_amount, 100.98)
                self.assertEqual(order.trustedshops_owed_amount, 0.0)
                self.assertEqual(protection.fee_state, "invoiced")
                self.assertEqual(self._find(protection, collected=True), protection)

    def test_without_its_fee_or_with_a_part_of_the_sum_it_is_held(self):
        down_payment = self.env["product.product"].create({"name": "Part"})
        self.session.config_id.down_payment_product_id = down_payment
        part = {
            "product_id": down_payment.id,
            "sale_order_line_id": False,
            "price_unit": 30.0,
            "price_subtotal": 30.0,
            "price_subtotal_incl": 30.0,
        }
        for changes in ({}, part):
            with self.subTest(changes=changes):
                order, protection = self._make_ticked()
                goods = order.order_line - order._trustedshops_get_fee_lines()
                self._settle(order, sold=goods, **changes)
                self.assertEqual((order.state, order.amount_total), ("sale", 100.98))
                self.assertEqual(protection.state, "on_hold")

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
                    order._trustedshops_drop_choice()
                transaction._set_pending()
                transaction._post_process()
                self.assertEqual((order.state, order.amount_total), ("sale", 100.98))
                self.assertTrue(order._trustedshops_get_fee_lines())
                self.assertEqual(protection.state, "queued")

    def test_the_invoice_of_the_till_knows_its_line_of_the_fee(self):
        protection, sale = self._make_settled(to_invoice=True)
        self.assertEqual(sale.account_move.amount_total, 100.98)
        self.assertEqual(sale.account_move.trustedshops_fee_amount, 0.98)
        self.assertEqual(protection.invoice_ids, sale.account_move)

    def test_the_fee_is_given_back_at_the_till(self):
        for to_invoice in (False, True):
            with self.subTest(to_invoice=to_invoice):
                protection, sale = self._make_settled(to_invoice)
                protection.action_refund_fee()
                self._assert_nothing_to_invoice(protection)
                self.assertFalse(protection.credit_note_ids)
                self._run_queue()
                [note] = self._get_todos(protection)
                self.assertIn("at the till", note)
                self.assertIn(sale.name, note)
                refund = self._take_back(sale)
                self.assertEqual(protection.fee_state, "refunded")
                self.assertFalse(protection.activity_ids)
                self.assertEqual(self._find(protection, collected=False), protection)
                self._assert_nothing_to_invoice(protection)
                self.assertEqual(protection.credit_note_ids, refund.account_move)
                self.assertEqual(
                    sum(protection.credit_note_ids.mapped("amount_total")),
                    0.98 if to_invoice else 0.0,
                )

    def test_what_the_till_took_back_by_itself_is_not_charged_again(self):
        for fee_only in (False, True):
            with self.subTest(fee_only=fee_only):
                protection, sale = self._make_settled()
                self._take_back(sale, fee_only=fee_only)
                self.assertEqual(protection.fee_state, "refunded")
                self.assertTrue(protection.fee_returned_at)
                line = protection.order_id._trustedshops_get_fee_lines()
                self.assertEqual(line.qty_to_invoice, 0.0)
                self._run_queue()
                self.assertFalse(protection.activity_ids)

    def test_goods_that_the_till_took_back_bring_up_the_policy(self):
        protection, sale = self._make_settled()
        refund = self.env["pos.order"].browse(sale.refund()["res_id"])
        fee = refund.lines.filtered(lambda line: line.product_id == self.fee_product)
        fee.unlink()
        self._finish(refund)
        self.assertTodo(protection, "Decide whether the fee is paid back")

    def test_a_fee_invoiced_on_delivery_is_sold_at_the_till(self):
        self.fee_product.invoice_policy = "delivery"
        order, _protection = self._make_ticked()
        line = order._trustedshops_get_fee_lines()
        # What the till sells is what was ordered, less what was delivered or invoiced.
        self.assertEqual(line.product_uom_qty, 1.0)
        self.assertEqual((line.qty_delivered, line.qty_invoiced), (0.0, 0.0))
        order.action_confirm()
        self.assertEqual(order.amount_to_invoice, 100.98)
