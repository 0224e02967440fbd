# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Computes the fee's taxes right to the cent, and caches the words about them."""

from odoo import api, models, tools

from ...framework import clear_caches


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    @api.constrains("tax_ids")
    def _trustedshops_clear_tax_words(self):
        """Clear the cache of ``_trustedshops_get_words`` when a mapping changes."""
        clear_caches(self.env)


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.constrains(
        "active",
        "amount",
        "amount_type",
        "children_tax_ids",
        "company_id",
        "fiscal_position_ids",
        "invoice_repartition_line_ids",
        "original_tax_ids",
        "replacing_tax_ids",
        "repartition_line_ids",
    )
    @api.ondelete(at_uninstall=True)
    def _trustedshops_clear_tax_words(self):
        """Clear the cache of ``_trustedshops_get_words`` when a tax changes.

        The framework calls constraints for every way to create or change a tax.
        """
        clear_caches(self.env)

    @api.model
    @tools.ormcache("tax_ids", "position_ids", "is_net", "self.env.lang")
    def _trustedshops_get_words(self, tax_ids, position_ids, is_net):
        """Return the words about the taxes of a fee, from a cache.

        :param tuple tax_ids: ids of the taxes of the fee's product
        :param tuple position_ids: id of the fiscal position that maps them, or empty
        :param bool is_net: whether the shop shows prices without taxes
        :return: see ``_get_tax_words`` of the certificate
        :rtype: str
        """
        taxes_sudo = self.sudo().browse(tax_ids).exists()
        position_sudo = self.env["account.fiscal.position"].sudo().browse(position_ids)
        return self.env["trustedshops.certificate"]._get_tax_words(
            position_sudo.map_tax(taxes_sudo), is_net=is_net
        )

    @api.model
    def _prepare_global_discount_lines(self, base_lines, *args, **kwargs):
        """Override of `account` to apply no global discount to the fee."""
        discounted = [
            line
            for line in base_lines
            if not getattr(line["record"], "is_trustedshops_protection", False)
        ]
        return super()._prepare_global_discount_lines(discounted, *args, **kwargs)

    def _trustedshops_prepare_fee_price(self, order, **values):
        """Return the price values of a line that adds exactly the fee to its document.

        Core's ``extra_tax_data`` fixes net and tax, and a computation key of its own
        keeps the line out of the common rounding of the other lines. This works for all
        taxes and rounding methods. Core does the same for down payments and global
        discounts. Call it on the taxes of the line.

        :param order: record of ``sale.order`` with the fee
        :param values: values of the line, as in core's
            ``_prepare_base_line_for_taxes_computation``; its ``price_unit`` is the
            gross fee
        :return: ``price_unit`` and ``extra_tax_data``
        :rtype: dict
        """
        company = order.company_id
        base_line = self._prepare_base_line_for_taxes_computation(
            {},
            tax_ids=self,
            quantity=1.0,
            special_mode="total_included",
            computation_key=f"trustedshops_protection,{order.id}",
            **values,
        )
        self._add_tax_details_in_base_line(
            base_line, company, rounding_method="round_per_line"
        )
        self._round_base_lines_tax_details([base_line], company)
        self._fix_base_lines_tax_details_on_manual_tax_amounts([base_line], company)
        included = sum(
            tax_data["tax_amount_currency"]
            for tax_data in base_line["tax_details"]["taxes_data"]
            if tax_data["tax"].price_include and not tax_data["is_reverse_charge"]
        )
        net = base_line["tax_details"]["total_excluded_currency"]
        base_line["price_unit"] = net + included
        return {
            "price_unit": base_line["price_unit"],
            "extra_tax_data": self._export_base_line_extra_tax_data(base_line),
        }
