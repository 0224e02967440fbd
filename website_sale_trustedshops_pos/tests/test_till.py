# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.fields import Domain

from .till_common import TillCommon


class TestTill(TillCommon):
    """The fee of an order that is settled at the point of sale."""

    def _find(self, protection, *, collected):
        domain = Domain("id", "=", protection.id)
        domain &= Domain("fee_collected", "=", collected)
        return self.env["trustedshops.protection"].search(domain)

    def _assert_nothing_to_invoice(self, protection):
        line = protection.order_id._trustedshops_get_fee_lines()
        self.assertEqual(line.qty_to_invoice, 0.0)
        self.assertEqual(protection.order_id.invoice_status, "invoiced")

    def test_a_sale_at_the_till_is_paid_and_collected(self):
        for to_invoice in (False, True):
            with self.subTest(to_invoice=to_invoice):
                protection, _sale = self._make_settled(to_invoice)
                order = protection.order_id
                self.assertEqual(order._trustedshops_get_money().received, 100.98)
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

    def _get_sales(self):
        """Return what the analysis of sales says of fees."""
        self.env.flush_all()
        rows = self.env["sale.report"]._read_group(
            [("product_id", "=", self.fee_product.id), ("state", "!=", "draft")],
            [],
            ["price_total:sum"],
        )
        return round(rows[0][0] or 0.0, 2)

    def test_the_analysis_of_sales_comes_to_nothing_after_a_refund(self):
        for to_invoice in (False, True):
            for pressed in (False, True):
                with self.subTest(to_invoice=to_invoice, pressed=pressed):
                    protection, sale = self._make_settled(to_invoice)
                    if pressed:
                        protection.action_refund_fee()
                        self._run_queue()
                    self._take_back(sale)
                    self.assertEqual(self._get_sales(), 0.0)

    def test_an_invoice_that_the_buyer_asks_for_later_has_what_he_paid(self):
        protection, sale = self._make_settled()
        protection.action_refund_fee()
        self._run_queue()
        sale._generate_pos_order_invoice()
        self.assertEqual(sale.account_move.amount_total, 100.98)
        refund = self._take_back(sale)
        self.assertEqual(refund.account_move.amount_total, 0.98)
        self.assertEqual(protection.refund_ids.state, "done")

    def test_money_that_came_in_afterwards_stays_in_the_list(self):
        protection, sale = self._make_settled()
        protection.action_refund_fee()
        self._run_queue()
        refund = protection.refund_ids
        refund.write({"found_at": "2026-11-02 10:00:00", "settled_amount": -5.0})
        self._take_back(sale)
        self.assertEqual(
            (refund.state, str(refund.found_at)), ("by_hand", "2026-11-02 10:00:00")
        )

    def test_a_fee_not_sold_at_a_till_is_invoiced_as_core_does(self):
        protection = self._make_queued()
        protection.state = "rejected"
        order = protection.order_id
        order._create_invoices().action_post()
        protection.action_refund_fee()
        line = order._trustedshops_get_fee_lines()
        self.assertEqual(line.qty_invoiced, 0.0)
        protection.credit_note_ids.button_draft()
        protection.credit_note_ids.button_cancel()
        self.assertEqual(line.qty_invoiced, 1.0)

    def test_a_fee_returned_at_the_till_is_not_charged_again(self):
        for fee_only in (False, True):
            with self.subTest(fee_only=fee_only):
                protection, sale = self._make_settled()
                self._take_back(sale, fee_only=fee_only)
                self.assertEqual(protection.fee_state, "refunded")
                self.assertTrue(protection.refund_ids)
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
        self.assertTodo(protection, "Press Refund fee to give the fee up")

    def test_a_fee_invoiced_on_delivery_is_sold_at_the_till(self):
        self.fee_product.invoice_policy = "delivery"
        order, _protection = self._make_ticked()
        line = order._trustedshops_get_fee_lines()
        # What the till sells is what was ordered, less what was delivered or invoiced.
        self.assertEqual(line.product_uom_qty, 1.0)
        self.assertEqual((line.qty_delivered, line.qty_invoiced), (0.0, 0.0))
        order.action_confirm()
        self.assertEqual(order.amount_to_invoice, 100.98)
