# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .staff_common import RefundCommon


class TestBooks(RefundCommon):
    """The fee on invoice, credit note and payment, and who can read it there."""

    ROLES = {**RefundCommon.ROLES, "auditor": "account.group_account_readonly"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["account.account"].create(
            {
                "name": "Buyer Protection",
                "code": "844400",
                "account_type": "income_other",
            }
        )
        cls.fee_product.property_account_income_id = cls.account

    def _make_sold(self):
        """Return a confirmed order of 100.00 with the fee, of a salesperson."""
        order, _protection = self._make_ticked(user_id=self.users["seller"].id)
        order.action_confirm()
        return order

    def _get_fee_line(self, move):
        return move.invoice_line_ids.filtered("trustedshops_protection_id")

    def assertFeeLine(self, move):
        self.assertValues(
            self._get_fee_line(move),
            product_id=self.fee_product.id,
            account_id=self.account.id,
            tax_ids=self.fee_tax.ids,
            quantity=1.0,
            price_subtotal=0.82,
            price_total=0.98,
        )

    def test_invoice_and_credit_note_book_it_under_its_account_and_tax(self):
        invoice = self._invoice(self._make_sold())
        self.assertFeeLine(invoice)
        self.assertEqual(invoice.amount_total, 100.98)
        tax_line = invoice.line_ids.filtered("tax_line_id")
        self.assertValues(tax_line, tax_line_id=self.fee_tax.id, credit=0.16)
        credit = self._credit(invoice)
        self.assertFeeLine(credit)
        self.assertEqual(credit.amount_total, 100.98)
        tax_line = credit.line_ids.filtered("tax_line_id")
        self.assertValues(tax_line, tax_line_id=self.fee_tax.id, debit=0.16)

    def test_the_fee_is_invoiced_as_ordered_not_as_its_product_says(self):
        for product_type in ("service", "consu"):
            self.fee_product.write({"type": product_type, "invoice_policy": "delivery"})
            order = self._make_sold()
            fee_line = order._trustedshops_get_fee_lines()
            with self.subTest(type=product_type):
                self.assertEqual(fee_line.qty_to_invoice, 1.0)
                self.assertEqual(order.amount_to_invoice, 100.98)
                invoice = order._create_invoices()
                invoice.action_post()
                self.assertEqual(invoice.amount_total, 100.98)
                self.assertEqual(order.invoice_status, "invoiced")
                self.assertEqual(order.amount_to_invoice, 0.0)

    def test_a_fee_marked_as_undelivered_is_invoiced(self):
        self.fee_product.invoice_policy = "delivery"
        order = self._make_sold()
        order._trustedshops_get_fee_lines().qty_delivered = 0.0
        self.assertEqual(order._create_invoices().amount_total, 100.98)
        # Nor is one invoiced alone that waits for its goods.
        self.goods.invoice_policy = "delivery"
        self.assertEqual(self._make_sold().invoice_status, "no")

    def test_another_rate_of_exchange_leaves_the_fee_on_the_invoice(self):
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": self.currency_pln.id, "rate": 4.25}
        )
        pricelist = self._make_zloty_prices()
        order = self._make_cart(pricelist_id=pricelist.id)
        self._add_fee(order, self.certificate, 4.90)
        order.action_confirm()
        self.env["res.currency.rate"].search([]).rate = 4.4444
        invoice = self._invoice(order)
        self.assertValues(
            self._get_fee_line(invoice),
            price_subtotal=4.12,
            price_total=4.90,
            credit=0.93,
        )

    def _make_position(self, source, target):
        position = self.env["account.fiscal.position"].create({"name": "elsewhere"})
        target.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.set(source.ids)],
            }
        )
        return position

    def test_taxes_computed_again_leave_the_fee_as_it_is(self):
        source, target = self._make_tax(19), self._make_tax(23)
        self.fee_product.taxes_id = source
        order, _protection = self._make_ticked()
        order.fiscal_position_id = self._make_position(source, target)
        order._recompute_taxes()
        self.assertValues(
            order._trustedshops_get_fee_lines(),
            tax_ids=target.ids,
            price_subtotal=0.80,
            price_total=0.98,
        )

    def test_a_transaction_after_the_fee_was_given_back_does_not_say_so(self):
        order, protection = self._make_ticked()
        self._pay(order, "pending", self._get_wire_transfer())
        protection.state = "rejected"
        protection._try_to_refund_fee()
        transaction = self._pay(order)
        self.assertEqual((transaction.amount, order.amount_total), (100.0, 100.0))
        self.assertFalse(transaction.trustedshops_protection_id)
        self.assertEqual(transaction.trustedshops_fee_amount, 0.0)

    def test_transactions_say_how_much_of_them_is_the_fee_and_are_found_by_it(self):
        transaction, other = self._pay(self._make_sold()), self._pay(self._make_cart())
        for record, fee in ((transaction, 0.98), (other, 0.0)):
            self.assertEqual(record.trustedshops_fee_amount, fee)
        view = "payment.payment_transaction_search"
        rows = self._find(
            "billing", "payment.transaction", view, "trustedshops_protection"
        )
        self.assertEqual(rows, transaction)

    def test_the_fee_is_read_on_order_and_invoice(self):
        order = self._make_sold()
        invoice = self._invoice(order)
        self.env.invalidate_all()
        for record, roles in (
            (order, ("seller", "billing", "auditor")),
            (invoice, ("seller", "billing", "auditor")),
        ):
            for role in roles:
                with self.subTest(model=record._name, role=role):
                    [values] = self._as(role, record).read(["trustedshops_fee_amount"])
                    self.assertEqual(values["trustedshops_fee_amount"], 0.98)

    def test_the_sales_report_tells_the_fee_from_the_goods(self):
        order = self._make_sold()
        self.env.flush_all()
        for name, total in (
            ("trustedshops_protection", 0.98),
            ("trustedshops_no_protection", 100.0),
        ):
            view = "sale.view_order_product_search"
            rows = self._find("seller", "sale.report", view, name)
            own = rows.filtered(lambda row: row.name == order.name)
            self.assertEqual(own.mapped("price_total"), [total])
