# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import TrustedShopsCommon


class TrustedShopsPaymentCommon(TrustedShopsCommon):
    """Payments that begin before, and come back after, something happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As with core's demonstration data: the buyer pays all before it is confirmed.
        cls.env.company.portal_confirmation_pay = True
        cls.env.company.prepayment_percent = 1.0

    @classmethod
    def _get_demo(cls):
        """Return core's provider for demonstrations, switched on."""
        cls._require_modules("payment_demo")
        return cls._prepare_provider("demo", update_values={"is_published": True})

    def _begin(self, order, provider=None, **values):
        """Return a new transaction of the whole order, as the payment form makes it."""
        return self._create_transaction(
            "redirect",
            **{
                "reference": f"{order[0].name}-{len(order[0].transaction_ids)}",
                "sale_order_ids": [Command.set(order.ids)],
                "partner_id": order.partner_id.id,
                "provider_id": (provider or self.provider).id,
                "currency_id": order.currency_id.id,
                "amount": order[0].amount_total,
                **values,
            },
        )

    def _come_back(self, transaction, state="done"):
        """Let the provider say how a payment ended, and the shop go on with it."""
        {
            "done": transaction._set_done,
            "authorized": transaction._set_authorized,
            "pending": transaction._set_pending,
            "cancel": transaction._set_canceled,
            "error": lambda: transaction._set_error("Refused by the bank"),
        }[state]()
        self.env.invalidate_all()  # a request of its own reads again what was paid
        transaction._post_process()

    def _begin_with_choice(self, order, provider=None, **values):
        """Return a transaction that contains the fee, and the protection."""
        protection = self._choose(order)
        transaction = self._begin(order, provider, **values)
        self.assertEqual(transaction.trustedshops_protection_id, protection)
        return transaction, protection

    def _drop(self, order):
        """Take the choice out of the cart, as a second tab or the back button does."""
        self.assertTrue(self._as_visitor(order)._trustedshops_remove_choice())

    def assertOrder(self, order, state, total, protection=None, protection_state=None):
        """Check an order, its one line of the fee, and the one protection it has."""
        self.assertValues(
            order,
            state=state,
            amount_total=total,
            trustedshops_protection_id=protection and protection.id,
        )
        state = order.trustedshops_protection_id.state
        self.assertEqual(state, protection_state or False)

    def _count_fee_lines(self, order):
        return len(order.order_line.filtered("is_trustedshops_protection"))
