# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

# Customers read their own orders, but not what is written for staff.
STAFF = "base.group_user"


class SaleOrder(models.Model):
    """What the page *Payments* of the order form shows, and its buttons.

    Everything is computed in sudo: sales people may not read transactions, accountants
    see orders of others.
    """

    _inherit = "sale.order"

    trustedshops_payments = fields.Html(
        string="Payments of the Order",
        compute="_compute_trustedshops_payments",
        compute_sudo=True,
        sanitize=False,
        groups=STAFF,
    )
    trustedshops_paid_amount = fields.Monetary(
        string="Paid",
        compute="_compute_trustedshops_paid_amount",
        compute_sudo=True,
        help="Online or reserved on a card, settled on the invoices, or at the till,"
        " less what was paid back.",
        groups=STAFF,
    )
    trustedshops_owed_amount = fields.Monetary(
        string="Owed",
        compute="_compute_trustedshops_paid_amount",
        compute_sudo=True,
        help="The total without what was credited and what was paid.",
        groups=STAFF,
    )

    @api.depends("transaction_ids")
    @api.depends_context("lang")
    def _compute_trustedshops_payments(self):
        for order in self:
            transactions = order._trustedshops_get_transactions()
            order.trustedshops_payments = bool(transactions) and self.env[
                "ir.qweb"
            ]._render(
                "website_sale_trustedshops.order_payments",
                {"transactions": transactions.sorted("id")},
            )

    @api.depends("amount_total", "invoice_ids", "transaction_ids")
    def _compute_trustedshops_paid_amount(self):
        for order in self:
            saved = order._origin  # what is only typed has no payments
            order.trustedshops_paid_amount = (
                saved._trustedshops_get_amount_paid() if saved else 0.0
            )
            order.trustedshops_owed_amount = (
                saved._trustedshops_get_owed_amount() if saved else order.amount_total
            )
