# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tools.safe_eval import safe_eval

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

    def test_invoice_and_credit_note_book_the_fee_under_its_account_and_tax(
        self,
    ):
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

    def test_the_transaction_says_how_much_of_it_is_the_fee(self):
        order, protection = self._make_ticked()
        transaction = self._pay(order, trustedshops_protection_id=protection.id)
        other = self._pay(self._make_cart())
        self.assertRecordValues(
            transaction + other,
            [
                {"amount": 100.98, "trustedshops_fee_amount": 0.98},
                {"amount": 100.0, "trustedshops_fee_amount": 0.0},
            ],
        )
        # The payment of a transaction says it, too.
        payment = self.env["account.payment"].create(
            {"amount": 100.98, "payment_transaction_id": transaction.id}
        )
        self.assertEqual(payment.trustedshops_fee_amount, 0.98)

    def test_a_transaction_after_the_fee_was_given_back_does_not_say_so(self):
        order, protection = self._make_ticked()
        self._pay(order, "pending", self._get_wire_transfer())
        protection.state = "rejected"
        protection._try_to_return_fee()
        transaction = self._pay(order)
        self.assertEqual((transaction.amount, order.amount_total), (100.0, 100.0))
        self.assertFalse(transaction.trustedshops_protection_id)
        self.assertEqual(transaction.trustedshops_fee_amount, 0.0)

    def test_a_payment_by_hand_says_it_when_it_settles_what_it_pays(self):
        for count, values, fee in (
            (1, {}, 0.98),
            (2, {"group_payment": True}, 1.96),
            (1, {"amount": 50.0}, 0.0),  # it is not known which part
        ):
            invoices = self.env["account.move"].concat(
                *(self._invoice(self._make_sold()) for _each in range(count))
            )
            with self.subTest(count=count, **values):
                payment = self._pay_invoice(invoices, **values)
                self.assertEqual(payment.trustedshops_fee_amount, fee)

    def test_a_refund_of_the_credit_note_says_it(self):
        invoice = self._invoice(self._make_sold())
        self._pay_invoice(invoice)
        credit = self._credit(invoice)
        credit.action_post()
        self.assertValues(
            self._pay_invoice(credit),
            payment_type="outbound",
            trustedshops_fee_amount=0.98,
        )

    def _reconcile(self, invoice, amount):
        """Return a payment that was entered alone and matched with an invoice."""
        payment = self.env["account.payment"].create(
            {"amount": amount, "partner_id": invoice.partner_id.id}
        )
        payment.action_post()
        lines = (payment.move_id + invoice).line_ids
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        return payment

    def _pay_by_hand(self):
        """Return payments entered by hand of which each is known to contain the fee."""
        payments = self._pay_invoice(self._invoice(self._make_sold()))
        payments += self._reconcile(self._invoice(self._make_sold()), 100.98)
        invoice = self._invoice(self._make_sold())
        payments += self._pay_invoice(invoice)
        credit = self._credit(invoice)
        credit.action_post()
        payments += self._pay_invoice(credit)
        # Payments of a part: the column says nothing of them, either.
        self._reconcile(self._invoice(self._make_sold()), 50.0)
        self._pay_invoice(self._invoice(self._make_sold()), amount=50.0)
        return payments

    def _pay_online(self):
        """Return a transaction that contains the fee, and its payment in the books."""
        order = self._make_sold()
        transaction = self._pay(
            order, trustedshops_protection_id=order.trustedshops_protection_id.id
        )
        payment = self.env["account.payment"].create(
            {"amount": 100.98, "payment_transaction_id": transaction.id}
        )
        return transaction, payment

    def test_the_accountant_filters_payments_and_transactions_with_the_fee(self):
        by_hand, (transaction, online) = self._pay_by_hand(), self._pay_online()
        self._pay(self._make_cart())
        self.env["account.payment"].create({"amount": 100.0})
        for view, found in (
            ("account.view_account_payment_search", by_hand + online),
            ("payment.payment_transaction_search", transaction),
        ):
            with self.subTest(view=view):
                name = "trustedshops_protection"
                rows = self._find("billing", found._name, view, name)
                self.assertEqual(rows, found)
                self.assertTrue(all(rows.mapped("trustedshops_fee_amount")))

    def assertReadable(self, record, *names):
        """Check that users see the field on the form, and its value."""
        for name in names:
            with self.subTest(model=record._name, user=name):
                seen = record.with_user(self.users[name]).with_context(lang="en_US")
                [field] = self._get_form(seen).xpath(
                    "//field[@name='trustedshops_fee_amount']"
                )
                self.assertEqual(
                    field.xpath("ancestor-or-self::*/@invisible")[-1:],
                    ["not trustedshops_fee_amount"],
                )
                self.assertEqual(
                    seen.web_read({"trustedshops_fee_amount": {}}),
                    [{"id": record.id, "trustedshops_fee_amount": 0.98}],
                )
                self.assertEqual(
                    seen.fields_get(["trustedshops_fee_amount"])[
                        "trustedshops_fee_amount"
                    ]["string"],
                    "of which Buyer Protection",
                )

    def _get_form(self, records):
        return records._get_view(view_type="form")[0]

    def test_order_and_invoice_are_read_by_seller_and_accountants(self):
        order = self._make_sold()
        invoice = self._invoice(order)
        self.env.invalidate_all()
        self.assertReadable(order, "seller", "billing", "auditor")
        self.assertReadable(invoice, "seller", "billing", "auditor")

    def test_transaction_and_payment_are_read_by_the_accountant(self):
        order = self._make_sold()
        transaction = self._pay(
            order, trustedshops_protection_id=order.trustedshops_protection_id.id
        )
        payment = self._pay_invoice(self._invoice(order))
        self.env.invalidate_all()
        self.assertReadable(transaction, "billing")
        self.assertReadable(payment, "billing", "auditor")

    def _get_filter(self, name):
        """Return the domain of a filter above the sales report."""
        arch = self.env["sale.report"]._get_view(
            self.env.ref("sale.view_order_product_search").id, "search"
        )[0]
        [node] = arch.xpath(f"//filter[@name='{name}']")
        return node.get("string"), safe_eval(node.get("domain"))

    def test_the_sales_report_tells_the_fee_from_the_goods(self):
        order = self._make_sold()
        self.env.flush_all()
        report = self.env["sale.report"].with_user(self.users["seller"])
        found = {}
        for name in ("trustedshops_protection", "trustedshops_no_protection"):
            label, domain = self._get_filter(name)
            lines = report.search([("name", "=", order.name), *domain])
            found[label] = lines.mapped("price_total")
        self.assertEqual(
            found, {"Buyer Protection": [0.98], "Without Buyer Protection": [100.0]}
        )
