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
    # --- Display ---
    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
        help="What Trusted Shops charges for the protection of the buyer, taxes in.",
    )

    # === COMPUTE === #
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

    # === DISPLAY === #
    # The fee as people read it: buyers in the shop, staff on the order.

    @api.depends("order_line.is_trustedshops_protection", "order_line.price_total")
    def _compute_trustedshops_fee_amount(self):
        for order in self:
            lines = order._trustedshops_get_fee_lines()
            order.trustedshops_fee_amount = sum(lines.mapped("price_total"))

    # === IN THE SHOP === #
    def _trustedshops_shows_net(self):
        """Tell whether the shop shows prices without taxes, as to companies.

        :rtype: bool
        """
        self.ensure_one()
        return self.website_id.show_line_subtotals_tax_selection == "tax_excluded"

    def _trustedshops_get_displayed_fee(self, certificate, gross_fee):
        """Return the fee as the shop shows its prices, before there is a line for it.

        :param certificate: record of ``trustedshops.certificate``
        :param float gross_fee: in the order's currency
        :return: net or gross, in the order's currency
        :rtype: float
        """
        if not self._trustedshops_shows_net():
            return gross_fee
        product = certificate.fee_product_id
        taxes = self._trustedshops_get_fee_taxes(product)
        pinned = self._trustedshops_pin_fee(product, taxes, gross_fee)
        return pinned["extra_tax_data"].get("manual_total_excluded_currency", gross_fee)

    def _trustedshops_get_line_tax_words(self, line):
        """Return how the fee in the cart is taxed, in words for the buyer.

        :param line: record of ``sale.order.line``
        :return: "incl. 19 % VAT", "plus 19 % VAT", '' when no tax is due
        :rtype: str
        """
        return self.env["trustedshops.certificate"]._get_tax_words(
            line.tax_ids, is_net=self._trustedshops_shows_net()
        )


class SaleReport(models.Model):
    _inherit = "sale.report"

    is_trustedshops_protection = fields.Boolean(
        string="Buyer Protection", readonly=True
    )

    def _select_additional_fields(self):
        """Override of `sale` to tell the fee from what the shop sells."""
        result = super()._select_additional_fields()
        result["is_trustedshops_protection"] = "l.is_trustedshops_protection"
        return result

    def _group_by_sale(self):
        """Override of `sale`, see above."""
        return f"{super()._group_by_sale()}, l.is_trustedshops_protection"
