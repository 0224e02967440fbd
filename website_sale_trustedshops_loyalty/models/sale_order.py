# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === THE FEE IS NOT A PRODUCT === #

    def _get_no_effect_on_threshold_lines(self):
        """Override of `sale_loyalty` to leave the fee out of discounts and amounts.

        It counts neither for points nor for the minimum amount of a program.
        """
        lines = super()._get_no_effect_on_threshold_lines()
        return lines | self._trustedshops_get_fee_lines()

    def _get_not_rewarded_order_lines(self):
        """Override of `sale_loyalty` to leave the fee out of counted products."""
        lines = super()._get_not_rewarded_order_lines()
        return lines - self._trustedshops_get_fee_lines()

    # === GIFT CARDS AND EWALLETS PAY === #

    def _trustedshops_get_payment_lines(self):
        """Return the lines with which gift cards and eWallets pay for the order.

        A card or a top-up that the buyer orders counts as goods.
        """
        return self.order_line.filtered("reward_id.program_id.is_payment_program")

    def _trustedshops_get_amount_to_protect(self):
        """Override of `website_sale_trustedshops` to add what gift cards pay.

        The value of the goods does not depend on the means of payment.
        """
        payment_lines = self._trustedshops_get_payment_lines()
        if not payment_lines:
            return super()._trustedshops_get_amount_to_protect()
        lines = self._get_priced_lines() - payment_lines
        return self._trustedshops_add_up(lines - self._trustedshops_get_fee_lines())

    def _trustedshops_add_up(self, lines):
        """Return the total of an order of these lines alone.

        The sum of the lines would be wrong, because a card can be taxed, and the tax of
        all lines may be rounded together.

        :param lines: records of ``sale.order.line``
        :return: with taxes, in the order's currency
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
        """Override of `website_sale_trustedshops` to let a gift card also pay the fee.

        When the fee is removed, the card pays less again.
        """
        if self.order_line.reward_id:
            self._update_programs_and_rewards()
        return super()._trustedshops_update_rewards()
