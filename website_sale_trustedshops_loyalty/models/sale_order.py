# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === THE FEE IS NOT A PRODUCT === #

    def _get_no_effect_on_threshold_lines(self):
        """Override of `sale_loyalty` to add the fee: no program counts or discounts it.

        The fee earns no points, and does not count towards a program's minimum amount.
        """
        lines = super()._get_no_effect_on_threshold_lines()
        return lines | self._trustedshops_get_fee_lines()

    def _get_not_rewarded_order_lines(self):
        """Override of `sale_loyalty` to leave the fee out of the counted products."""
        lines = super()._get_not_rewarded_order_lines()
        return lines - self._trustedshops_get_fee_lines()

    # === GIFT CARDS AND EWALLETS PAY === #

    def _trustedshops_get_payment_lines(self):
        """Return the reward lines with which gift cards and eWallets pay for the order.

        The purchase of a gift card or of a top-up is not among them.

        :return: records of ``sale.order.line``
        """
        return self.order_line.filtered("reward_id.program_id.is_payment_program")

    def _trustedshops_has_no_money(self):
        """Override of `website_sale_trustedshops` to look at cards that were invoiced.

        While a line is not invoiced, the refund of the fee lowers it by itself.
        """
        is_invoiced = any(self._trustedshops_get_payment_lines().mapped("qty_invoiced"))
        return not is_invoiced and super()._trustedshops_has_no_money()

    def _trustedshops_get_amount_to_protect(self):
        """Override of `website_sale_trustedshops` to include what gift cards pay.

        The protected amount is the value of the order, however the buyer pays for it.
        """
        payment_lines = self._trustedshops_get_payment_lines()
        if not payment_lines:
            return super()._trustedshops_get_amount_to_protect()
        lines = self._get_priced_lines() - payment_lines
        return self._trustedshops_add_up(lines - self._trustedshops_get_fee_lines())

    def _trustedshops_add_up(self, lines):
        """Return the total that the order would have with these lines alone.

        The totals of the lines are not simply added, because taxes may be rounded for
        the order as a whole.

        :param lines: records of ``sale.order.line``
        :return: total with taxes, in the order's currency
        :rtype: float
        """
        tax_model = self.env["account.tax"]
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        tax_model._add_tax_details_in_base_lines(base_lines, self.company_id)
        tax_model._round_base_lines_tax_details(base_lines, self.company_id)
        totals = tax_model._get_tax_totals_summary(
            base_lines, self.currency_id, self.company_id
        )
        return totals["total_amount_currency"]

    # === THE CHOICE === #

    def _trustedshops_can_update_page(self, amount):
        """Override of `website_sale_trustedshops` to reload a page with discounts.

        Core shows a row with all discounts if it is switched on in the website's
        editor.
        """
        can_update = super()._trustedshops_can_update_page(amount)
        return can_update and not (
            self.order_line.reward_id
            and self.website_id.is_view_active("website_sale_loyalty.cart_discount")
        )

    def _trustedshops_update_rewards(self):
        """Override of `website_sale_trustedshops` to update gift cards and discounts.

        A gift card also pays the fee, and pays less again after the fee is removed.
        """
        if self.order_line.reward_id:
            self._update_programs_and_rewards()
        return super()._trustedshops_update_rewards()
