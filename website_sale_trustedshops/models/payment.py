# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Type payment methods for Trusted Shops, and have transactions remember the fee."""

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..framework import make_domain

# Payment type by the code of Odoo's payment method; a brand follows its primary method.
# A type that names a sort of payment ("credit card", "financing") serves all methods of
# that sort. One that names a company (PayPal, giropay, Sofort ...) serves that company
# alone: another wallet or bank transfer is OTHER, which certified modules report for
# everything they cannot name. Methods of other continents are OTHER as well, because
# Trusted Shops certifies no shops there. So is BLIK: no type names a payment by phone,
# and it reaches shops through many providers, not only through Przelewy24.
# Source: payment.method of Odoo 19.0, and names that addons of others may use.
PAYMENT_TYPE_BY_METHOD = {
    "amazon_pay": "AMAZON_PAYMENTS",
    "cash_on_delivery": "CASH_ON_DELIVERY",
    "pay_on_site": "CASH_ON_PICKUP",
    "check": "CHEQUE",
    "cheque": "CHEQUE",
    "clickandbuy": "CLICKANDBUY",
    # Cards, and wallets that hold nothing but cards.
    "bancontact": "CREDIT_CARD",
    "card": "CREDIT_CARD",
    "poste_pay": "CREDIT_CARD",
    "samsung_pay": "CREDIT_CARD",
    "vpay": "CREDIT_CARD",
    "bacs_direct_debit": "DIRECT_DEBIT",
    "sepa_direct_debit": "DIRECT_DEBIT",
    # Klarna continues Sofort under its own name.
    "klarna_paynow": "DIRECT_E_BANKING",
    "sofort": "DIRECT_E_BANKING",
    "dotpay": "DOTPAY",
    # Paid in instalments to a lender.
    "affirm": "FINANCING",
    "afterpay": "FINANCING",
    "alma": "FINANCING",
    "clearpay": "FINANCING",
    "cofidis": "FINANCING",
    "floa_bank": "FINANCING",
    "humm": "FINANCING",
    "in3": "FINANCING",
    "klarna_pay_over_time": "FINANCING",
    "tinka": "FINANCING",
    "zip": "FINANCING",
    "giropay": "GIROPAY",
    # Paid in one sum after the delivery.
    "afterpay_riverty": "INVOICE",
    "billink": "INVOICE",
    "invoice": "INVOICE",
    "klarna": "INVOICE",
    "ratepay": "INVOICE",
    "walley": "INVOICE",
    "leasing": "LEASING",
    "moneybookers": "MONEYBOOKERS",
    "skrill": "MONEYBOOKERS",
    "paybox": "PAYBOX",
    "paypal": "PAYPAL",
    "payu": "PLATNOSCI",
    # The buyer transfers the money without a provider.
    "bank_transfer": "PREPAYMENT",
    "multibanco": "PREPAYMENT",
    "wire_transfer": "PREPAYMENT",
    "p24": "PRZELEWY24",
    "przelewy24": "PRZELEWY24",
}
# SQL for ``_compute_trustedshops_amount_left``.
AMOUNT_LEFT = """
    COALESCE((
        SELECT SUM(capture.amount)
          FROM payment_transaction capture
         WHERE capture.source_transaction_id = %(payment)s.id
           AND capture.operation != 'refund'
           AND capture.state = 'done'
    ), %(payment)s.amount) + COALESCE((
        SELECT SUM(refund.amount)
          FROM payment_transaction refund
         WHERE refund.operation = 'refund'
           AND refund.state NOT IN ('cancel', 'error')
           AND refund.source_transaction_id = ANY(ARRAY(
                   SELECT %(payment)s.id
                    UNION ALL
                   SELECT child.id
                     FROM payment_transaction child
                    WHERE child.source_transaction_id = %(payment)s.id
               ))
    ), 0)
"""


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
        for method in self:
            primary = method.primary_payment_method_id
            by_code = PAYMENT_TYPE_BY_METHOD.get(method.code)
            method.trustedshops_payment_type = (
                by_code or primary.trustedshops_payment_type or "OTHER"
            )


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "trustedshops.guarded.fields"]

    _trustedshops_guarded_fields = frozenset({"trustedshops_protection_id"})

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
    trustedshops_amount_left = fields.Monetary(
        compute="_compute_trustedshops_amount_left",
        search="_search_trustedshops_amount_left",
        export_string_translation=False,
    )

    @api.depends(
        "amount",
        "child_transaction_ids.state",
        "child_transaction_ids.child_transaction_ids.state",
    )
    def _compute_trustedshops_amount_left(self):
        """Compute the captured amount, less what was refunded or is being refunded.

        It is not stored, because a refund would then write the row of its payment after
        the provider was asked. If another process changed that row meanwhile, Odoo
        would repeat the request, and the refund.
        """
        self.flush_model()
        query = SQL(
            f"SELECT id, {AMOUNT_LEFT}"
            " FROM payment_transaction WHERE id = ANY(%(ids)s)",
            payment=SQL.identifier("payment_transaction"),
            ids=self.ids,
        )
        left = dict(self.env.execute_query(query))
        for transaction in self:
            transaction.trustedshops_amount_left = left.get(transaction._origin.id)

    def _search_trustedshops_amount_left(self, operator, value):
        if operator not in (">", "<="):
            return NotImplemented
        self.flush_model()
        return make_domain(
            lambda alias: SQL(
                AMOUNT_LEFT + f" {operator} %(value)s",
                payment=SQL.identifier(alias),
                value=value,
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `payment` to remember the protection that the amount contains.

        Shop, portal, tokens and subscriptions all create transactions. One may be paid
        after the buyer dropped the protection.
        """
        transactions = super().create(vals_list)
        for transaction in transactions.sudo():
            if protection := transaction._trustedshops_find_protection():
                transaction.trustedshops_protection_id = protection
        # Write it now: if it were written after the provider was asked, and the choice
        # were gone, Odoo would repeat the request, and the payment with it.
        transactions.sudo().flush_recordset(["trustedshops_protection_id"])
        return transactions

    def _trustedshops_find_protection(self):
        """Return the protection whose fee is part of the amount.

        Only a payment of the whole order certainly contains the fee, and only while the
        fee is charged: it may have been given back already.

        :return: record of ``trustedshops.protection``, may be empty
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

    def _post_process(self):
        """Override of `payment` to go on with the protection of the orders paid."""
        paid = self.filtered(lambda each: each._trustedshops_is_buyers_money())
        # Before the order is compared with what was paid, confirmed and invoiced.
        paid.sale_order_ids._trustedshops_settle_choice()
        # Place these first: core mails about a pending order, but confirms none.
        placing = paid.filtered(lambda each: each._trustedshops_places_order())
        placing.sale_order_ids._trustedshops_place()
        result = super()._post_process()
        orders = (paid - placing).sale_order_ids
        orders.filtered(lambda order: order.state == "sale")._trustedshops_place()
        self.sale_order_ids._trustedshops_follow_money()
        self._trustedshops_follow_refunds()
        return result

    def _trustedshops_follow_refunds(self):
        """Act on fees that go back, after a refund failed or money came in."""
        refunds_sudo = self.env["trustedshops.refund"].sudo()
        failed = self.sudo().filtered(lambda each: each.state in ("cancel", "error"))
        for refund in refunds_sudo.search([("payment_id", "in", failed.ids)]):
            in_lang = refund.with_env(refund.protection_id._in_responsible_lang().env)
            refund.order_id._trustedshops_try(
                in_lang._notify_doubt,
                refund.payment_id.reference,
                refund.payment_id.state_message or "",
            )
        received = self.sudo().filtered(lambda each: each._trustedshops_is_received())
        received |= received.source_transaction_id
        protections = received.trustedshops_protection_id
        protections |= received.sale_order_ids.trustedshops_protection_id
        for refund in protections.refund_ids:
            refund.order_id._trustedshops_try(refund._look_again)

    def _trustedshops_places_order(self):
        """Return True if the transaction places the order before the money is here.

        A wire transfer takes days, and the service refuses orders older than three, so
        waiting for the money would lose the protection. Pending transactions of other
        providers are often abandoned redirects.

        :rtype: bool
        """
        self.ensure_one()
        return (
            self.state == "pending"
            and self.provider_code == "custom"
            and self.operation != "validation"
        )

    def _trustedshops_is_buyers_money(self):
        """Return True if the amount counts towards the total of the order.

        :rtype: bool
        """
        self.ensure_one()
        return self.operation != "validation" and (
            self.state in ("authorized", "done") or self._trustedshops_places_order()
        )

    def _trustedshops_is_received(self):
        """Return True if the buyer's money came in with it."""
        self.ensure_one()
        return self.state == "done" and self.operation not in ("validation", "refund")

    def _trustedshops_get_reserved_amount(self):
        """Return the authorized amount, less what was captured or released."""
        reserved = self.filtered(
            lambda each: each.state == "authorized" and each.operation != "validation"
        )
        parts = reserved.child_transaction_ids.filtered(
            lambda each: each.operation != "refund" and each.state in ("done", "cancel")
        )
        return sum(reserved.mapped("amount")) - sum(parts.mapped("amount"))

    def _trustedshops_get_refunds(self):
        """Return the refunds among these that are done or under way."""
        return self.filtered(
            lambda each: (
                each.operation == "refund" and each.state not in ("cancel", "error")
            )
        )

    def _trustedshops_can_refund(self, amount):
        """Return True if a part can be paid back through the provider.

        :param float amount: in the transaction's currency
        :rtype: bool
        """
        self.ensure_one()
        method = self.payment_method_id
        method = method.primary_payment_method_id or method
        left = self.trustedshops_amount_left
        return (
            {self.provider_id.support_refund, method.support_refund} == {"partial"}
            and self.provider_id.state != "disabled"
            and self.currency_id.compare_amounts(left, amount) >= 0
            and not self._trustedshops_find_refund(amount)
        )

    def _trustedshops_find_refund(self, amount):
        """Return the refund of this amount; any refund if the whole payment went back.

        :param float amount: in the transaction's currency
        :return: one transaction, done or under way, or none
        """
        self.ensure_one()
        refunds = self.child_transaction_ids._trustedshops_get_refunds()
        alone = refunds.filtered(
            lambda each: not self.currency_id.compare_amounts(-each.amount, amount)
        )
        if self.currency_id.is_zero(self.trustedshops_amount_left):
            return (alone or refunds).sorted("id")[-1:]
        return alone[:1]
