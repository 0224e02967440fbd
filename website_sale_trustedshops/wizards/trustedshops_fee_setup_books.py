# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

# The name of a tax that was made here, among those of the company's chart of accounts.
OWN_TAX = "trustedshops_tax_{booking}"


class TrustedShopsFeeSetup(models.TransientModel):
    """What the set-up of the fee finds in the books of a company, or makes there."""

    _inherit = "trustedshops.fee.setup"

    # === FINDING === #

    def _find_in_chart(self, names, model):
        """Return what the company's chart of accounts has for the chosen booking.

        :param dict names: see :data:`const.FEE_TAX_BY_CHART`
        :param str model: name of the model
        :return: record of the model, may be empty or archived
        """
        chart = self.company_id.chart_template
        return self._find_record(names.get((chart, self.booking)), model)

    def _find_record(self, name, model):
        """Return a record of the company's chart of accounts by its name there.

        :param str name: without the company; None for no record
        :param str model: name of the model
        """
        charts = self.env["account.chart.template"].with_company(self.company_id)
        found = name and charts.ref(name, raise_if_not_found=False)
        return found or self.env[model]

    def _find_own_tax(self, booking):
        """Return the tax of 0 % that was made here for a booking.

        :param str booking: a value of the field
        :return: record of ``account.tax``, may be empty
        """
        return self._find_record(OWN_TAX.format(booking=booking), "account.tax")

    def _get_exempt_taxes(self):
        """Return the taxes of 0 % that may be the right one for an exempt fee.

        Not those for buyers abroad. What is passed through is no turnover: all that a
        chart has would report it as one, so none of them will do.

        :return: records of ``account.tax``, also archived ones
        """
        taxes = self.env["account.tax"].with_context(active_test=False)
        if self.booking != "exempt":
            return taxes
        found = taxes.search([*self._get_zero_domain(), ("is_domestic", "=", True)])
        return found - self._find_own_tax("pass_through")

    def _get_zero_domain(self):
        """Return the domain of the company's sales taxes of 0 %."""
        return [
            *self.env["account.tax"]._check_company_domain(self.company_id),
            ("type_tax_use", "=", "sale"),
            ("amount_type", "=", "percent"),
            ("amount", "=", 0.0),
        ]

    def _is_made_here(self, product):
        """Tell whether this addon made a product, so that it is for the fee alone.

        :param product: record of ``product.product``
        :rtype: bool
        """
        domain = [
            ("module", "=", "website_sale_trustedshops"),
            ("model", "=", product._name),
            ("res_id", "in", product.ids),
        ]
        return bool(self.env["ir.model.data"].sudo().search_count(domain, limit=1))

    # === MAKING === #

    def _create_product(self):
        """Return a product for the fee of this certificate."""
        product = self.env["product.product"].create(
            {
                "name": self.env._("Trusted Shops Buyer Protection"),
                "type": "service",
                "company_id": self.company_id.id,
                "categ_id": self.product_id.categ_id.id,
                "sale_ok": False,
                "purchase_ok": False,
                "list_price": 0.0,
                "invoice_policy": "order",
                "taxes_id": self.tax_id.ids,
            }
        )
        # Known as ours, so that it does not outlive the addon unless it was sold.
        name = f"website_sale_trustedshops.product_protection_fee_{product.id}"
        self._name_record(name, product)
        return product

    def _create_zero_tax(self):
        """Return a tax of 0 % that appears in no tax report."""
        tax = self.env["account.tax"].create(
            {
                "name": self._prepare_tax_name(),
                "invoice_label": "0%",
                "amount_type": "percent",
                "amount": 0.0,
                "type_tax_use": "sale",
                "company_id": self.company_id.id,
                "tax_group_id": self._get_zero_tax_group().id,
            }
        )
        self._name_in_chart(OWN_TAX.format(booking=self.booking), tax)
        return tax

    def _prepare_tax_name(self):
        """Return the name of the tax that is made when the company has none."""
        if self.booking == "exempt":
            return self.env._("0% Exempt (Buyer Protection)")
        return self.env._("0% Passed through (Buyer Protection)")

    def _get_zero_tax_group(self):
        """Return the group in which a tax of 0 % is shown below an invoice.

        The first group at hand would not do: the buyer would read "VAT 19 %: 0.00".
        """
        taxes = self.env["account.tax"].search(self._get_zero_domain(), limit=1)
        group = taxes.tax_group_id
        if not group:
            group = group.create({"name": "0%", "company_id": self.company_id.id})
            self._name_in_chart("trustedshops_tax_group", group)
        return group

    def _name_in_chart(self, name, record):
        """Let a record be found as one of the company's chart of accounts.

        :param str name: without the company
        :param record: record of any model
        """
        charts = self.env["account.chart.template"].with_company(self.company_id)
        self._name_record(charts.company_xmlid(name), record)

    def _name_record(self, xmlid, record):
        """Give a record an external id that updates of its module leave alone.

        :param str xmlid: with the module
        :param record: record of any model
        """
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": xmlid, "record": record, "noupdate": True}]
        )
