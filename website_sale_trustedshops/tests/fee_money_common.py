# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .staff_common import RefundCommon


class FeeMoneyCommon(RefundCommon):
    """Fees of 0.98 € that go back, of orders of 100.00 €, and their money."""

    makes_payments = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.buyer.copy({"name": "Buyer", "email": "buyer@example.com"})

    # === WHAT IS SHOWN === #

    def _get_open_items(self):
        """Return what is open of the buyer's documents and payments."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", self.buyer.commercial_partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "!=", 0.0),
            ],
            order="id",
        )
        return lines.mapped("amount_residual")

    def _get_asked(self, protection):
        """Return the titles of what a person is asked about the money."""
        todos = protection.refund_ids._get_todos_about("refund")
        return [todo.summary.replace("\xa0", " ") for todo in todos]

    def assertOpen(self, protection, title="Refund 0.98 € for {}"):
        self.assertEqual(protection.refund_ids.state, "open")
        asked = [title.format(protection.order_id.name)]
        self.assertEqual(self._get_asked(protection), asked)

    def assertSettled(self, protection, *open_items):
        self.assertEqual(self._get_open_items(), [*open_items])
        self.assertEqual(protection.refund_ids.state, "done")
        self.assertEqual(self._get_asked(protection), [])

    # === WHAT PEOPLE DO === #

    def _credit_goods(self, invoice, quantity):
        """Return the posted credit note of goods, made by hand."""
        note = self._credit(invoice)
        note.invoice_line_ids.filtered("trustedshops_protection_id").unlink()
        note.invoice_line_ids.quantity = quantity
        note.action_post()
        return note

    def _pay_part(self, document, amount):
        return self._pay_invoice(
            document, amount=amount, payment_difference_handling="open"
        )

    def _make_paid(self, provider=None, **values):
        """Return a protection that was paid online, refused since, and the payment."""
        order, protection = self._make_ticked()
        payment = self._pay(order, provider=provider or self._get_demo(), **values)
        protection.state = "rejected"
        return protection, payment

    def _return(self, protection, how):
        if how == "button":
            self._refund(protection)
        else:
            protection._try_to_refund_fee()
