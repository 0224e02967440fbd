# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adds payment types of Trusted Shops, and the protection that a transaction pays."""

from odoo import api, fields, models

from ... import const

# Codes of Odoo's payment methods by payment type; a brand follows its primary method.
# A type that names a sort of payment ("credit card", "financing") serves all methods of
# that sort. One that names a company (PayPal, giropay, Sofort ...) serves that company
# alone: another wallet or bank transfer is OTHER, which certified modules report for
# everything they cannot name. Methods of other continents are OTHER as well, because
# Trusted Shops certifies no shops there. So is BLIK: no type names a payment by phone,
# and it reaches shops through many providers, not only through Przelewy24.
# Source: payment.method of Odoo 19.0, and names that addons of others may use.
METHODS_BY_PAYMENT_TYPE = {
    "AMAZON_PAYMENTS": "amazon_pay",
    "CASH_ON_DELIVERY": "cash_on_delivery",
    "CASH_ON_PICKUP": "pay_on_site",
    "CHEQUE": "check cheque",
    "CLICKANDBUY": "clickandbuy",
    # Cards, and wallets that hold nothing but cards.
    "CREDIT_CARD": "bancontact card poste_pay samsung_pay vpay",
    "DIRECT_DEBIT": "bacs_direct_debit sepa_direct_debit",
    # Klarna continues Sofort under its own name.
    "DIRECT_E_BANKING": "klarna_paynow sofort",
    "DOTPAY": "dotpay",
    # Paid in instalments to a lender.
    "FINANCING": "affirm afterpay alma clearpay cofidis floa_bank humm in3"
    " klarna_pay_over_time tinka zip",
    "GIROPAY": "giropay",
    # Paid in one sum after the delivery.
    "INVOICE": "afterpay_riverty billink invoice klarna ratepay walley",
    "LEASING": "leasing",
    "MONEYBOOKERS": "moneybookers skrill",
    "PAYBOX": "paybox",
    "PAYPAL": "paypal",
    "PLATNOSCI": "payu",
    # The buyer transfers the money without a provider.
    "PREPAYMENT": "bank_transfer multibanco wire_transfer",
    "PRZELEWY24": "p24 przelewy24",
}


class PaymentMethod(models.Model):
    _inherit = "payment.method"

    trustedshops_payment_type = fields.Selection(
        const.PAYMENT_TYPES,
        string="Trusted Shops Payment Type",
        compute="_compute_trustedshops_payment_type",
        recursive=True,
        store=True,
        readonly=False,
        groups="base.group_user",
    )

    @api.depends("code", "primary_payment_method_id.trustedshops_payment_type")
    def _compute_trustedshops_payment_type(self):
        types = {
            code: payment_type
            for payment_type, codes in METHODS_BY_PAYMENT_TYPE.items()
            for code in codes.split()
        }
        for method in self:
            primary = method.primary_payment_method_id
            method.trustedshops_payment_type = (
                types.get(method.code) or primary.trustedshops_payment_type or "OTHER"
            )


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "trustedshops.guarded.fields"]

    _trustedshops_guarded_fields = frozenset(
        {"trustedshops_protection_id", "trustedshops_refund_id"}
    )

    trustedshops_protection_id = fields.Many2one(
        "trustedshops.protection",
        string="Buyer Protection",
        readonly=True,
        index="btree_not_null",
    )
    trustedshops_fee_amount = fields.Monetary(
        related="trustedshops_protection_id.gross_fee",
        string="of which Buyer Protection",
    )
    # The fee that this refund transaction pays back.
    trustedshops_refund_id = fields.Many2one(
        "trustedshops.refund",
        string="Fee Refund",
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `payment` to store the protection that the amount contains.

        A transaction may be paid after the buyer removed the protection. Shop, portal,
        tokens and subscriptions all create transactions.
        """
        transactions = super().create(vals_list)
        for transaction in transactions.sudo():
            if protection := transaction._trustedshops_get_protection():
                transaction.trustedshops_protection_id = protection
        # Flush now: if this failed only after the provider was called, because the
        # protection is gone, Odoo would repeat the request, and the payment with it.
        transactions.sudo().flush_recordset(["trustedshops_protection_id"])
        return transactions

    def _trustedshops_get_protection(self):
        """Return the protection whose fee is part of the amount.

        Only a payment of one whole order certainly contains the fee, and only while the
        order charges it.

        :return: record of ``trustedshops.protection``, empty without a fee
        """
        self.ensure_one()
        order = self.sale_order_ids
        protection = order[:1].trustedshops_protection_id
        lines = order._trustedshops_get_fee_lines()
        if (
            len(order) == 1
            and protection
            and len(lines) == 1
            and lines.price_total > 0
            and self.currency_id == order.currency_id
            and not order.currency_id.compare_amounts(self.amount, order.amount_total)
        ):
            return protection
        return protection.browse()

    def _create_child_transaction(
        self, amount, is_refund=False, **custom_create_values
    ):
        """Override of `payment` to link a refund to the fee whose button opened it.

        :raise AccessError: without the right to refund the fee
        :raise UserError: when the fee is settled, or a refund of it is under way
        """
        refund_id = is_refund and self.env.context.get("trustedshops_refund_id")
        refund = self.env["trustedshops.refund"].sudo(False).browse(refund_id or [])
        linked = refund.exists()._prepare_transaction(self)
        return super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values, **linked
        )

    def _trustedshops_is_placing(self):
        """Return True if the order counts as placed before the money arrives.

        That is so for wire transfers, which take days: the service refuses orders that
        are older than three. Pending transactions of other providers are often
        abandoned redirects.

        :rtype: bool
        """
        self.ensure_one()
        return (
            self.state == "pending"
            and self.provider_code == "custom"
            and self.operation != "validation"
        )

    def _trustedshops_is_buyers_money(self):
        """Return True if the amount is authorized, paid or announced by wire transfer.

        :rtype: bool
        """
        self.ensure_one()
        return self.operation != "validation" and (
            self.state in ("authorized", "done") or self._trustedshops_is_placing()
        )

    def _trustedshops_is_received(self):
        """Return True if the transaction received money from the buyer."""
        self.ensure_one()
        return self.state == "done" and self.operation not in ("validation", "refund")

    def _trustedshops_get_reserved_amount(self):
        """Return the sum of authorized amounts, less captured and voided parts.

        :return: amount in the currency of the transactions
        :rtype: float
        """
        reserved = self.filtered(
            lambda each: each.state == "authorized" and each.operation != "validation"
        )
        parts = reserved.child_transaction_ids.filtered(
            lambda each: each.operation != "refund" and each.state in ("done", "cancel")
        )
        return sum(reserved.mapped("amount")) - sum(parts.mapped("amount"))

    def _trustedshops_get_refunds(self):
        """Return those of these transactions that are refunds and did not fail."""
        return self.filtered(
            lambda each: (
                each.operation == "refund" and each.state not in const.FAILED_STATES
            )
        )
