# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class SaleOrder(models.Model):
    """The fee as people read it: buyers in the shop, staff on the order."""

    _inherit = "sale.order"

    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
        help="What Trusted Shops charges for the protection of the buyer, taxes in.",
    )

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
