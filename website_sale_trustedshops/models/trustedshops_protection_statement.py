# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .trustedshops_protection import FEE_GIVEN_BACK

# Who compares the statement with the invoices of Trusted Shops.
BILLING_GROUPS = ("account.group_account_invoice", "sales_team.group_sale_manager")
# Compares what is left of a payment with the fee, captures included, with nothing: to
# be completed with the id of the protection and the comparison.
COMPARE_PAYMENT = """
    EXISTS (
        SELECT 1
          FROM payment_transaction payment
          LEFT JOIN payment_transaction capture
            ON capture.source_transaction_id = payment.id
           AND capture.operation != 'refund'
          LEFT JOIN payment_transaction refund
            ON refund.source_transaction_id IN (payment.id, capture.id)
           AND refund.operation = 'refund'
           AND refund.state = 'done'
         WHERE payment.trustedshops_protection_id = %s
           AND payment.state = 'done'
           AND payment.operation NOT IN ('refund', 'validation')
         GROUP BY payment.id
        HAVING payment.amount + COALESCE(SUM(refund.amount), 0) %s 0
    )
"""


class TrustedShopsProtection(models.Model):
    """What Trusted Shops bills, to compare with what the buyers pay."""

    _inherit = "trustedshops.protection"

    fee_collected = fields.Boolean(
        compute="_compute_fee_collected",
        search="_search_fee_collected",
        help="The buyer paid the fee, online or with an invoice, and did not get it"
        " back.",
    )

    @api.depends("fee_state")
    def _compute_fee_collected(self):
        domain = Domain("id", "in", self.ids) & self._get_collected_domain()
        collected = self.sudo().search(domain)
        for protection in self:
            protection.fee_collected = protection in collected

    def _search_fee_collected(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_collected_domain()
        return Domain.OR(domain if each else ~domain for each in value)

    @api.model
    def _get_collected_domain(self):
        """Return which protections' fees the buyers' money contains.

        Money that is only reserved on a card is none yet.

        :rtype: odoo.fields.Domain
        """
        return self._get_paid_domain() & Domain("fee_state", "not in", FEE_GIVEN_BACK)

    @api.model
    def _get_paid_domain(self):
        """Return which protections' fees were paid: online, or with an invoice.

        A full refund of the payment gives the fee back, whatever the invoices say.

        :rtype: odoo.fields.Domain
        """
        self.env["payment.transaction"].flush_model()
        invoiced = (
            self.env["account.move.line"]
            .sudo()
            ._search(
                Domain("trustedshops_protection_id", "!=", False)
                & Domain("move_id.move_type", "=", "out_invoice")
                & Domain("parent_state", "=", "posted")
                & Domain("move_id.payment_state", "in", ("in_payment", "paid"))
            )
        )
        is_invoice_paid = Domain(
            "id", "in", invoiced.subselect("trustedshops_protection_id")
        )
        is_paid, is_refunded = map(_compare_payment, (SQL(">"), SQL("<=")))
        return is_paid | (is_invoice_paid & ~is_refunded)

    def _mark_as_billed(self, reference):
        """Note the invoice of Trusted Shops that contains these fees.

        :param str reference: its number
        :raise AccessError: without the rights
        """
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in BILLING_GROUPS):
            raise AccessError(
                self.env._(
                    "Only accountants and sales managers mark protections as billed."
                )
            )
        self.sudo().billed_ref = reference
        text = self.env._(
            "Billed by Trusted Shops with %(reference)s.", reference=reference
        )
        self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, text))


def _compare_payment(comparison):
    """Return the protections with a payment that has something, or nothing, left.

    :param SQL comparison: of what is left with 0
    :rtype: odoo.fields.Domain
    """
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL(
            COMPARE_PAYMENT, SQL.identifier(alias, "id"), comparison
        )
    )
