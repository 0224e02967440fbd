# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import product

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import const

# What the line of the fee stays, whoever writes; so does what is computed from it.
FIXED = {
    "price_unit",
    "product_uom_qty",
    "product_id",
    "product_uom_id",
    "extra_tax_data",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    is_trustedshops_protection = fields.Boolean(
        string="Is Buyer Protection", readonly=True, copy=False
    )

    # === CART === #
    def _show_in_cart(self):
        """Override of `website_sale`: the fee has a row of its own in the totals."""
        return super()._show_in_cart() and not self.is_trustedshops_protection

    def _is_sellable(self):
        """Override of `website_sale`: the fee is no product to click on."""
        return super()._is_sellable() and not self.is_trustedshops_protection

    def _is_reorder_allowed(self):
        """Override of `website_sale`: a protection is bought with its order only."""
        return super()._is_reorder_allowed() and not self.is_trustedshops_protection

    def _check_validity(self):
        """Override of `website_sale`: the fee is no product without a price."""
        if self.is_trustedshops_protection:
            return None
        return super()._check_validity()

    # === PRICE === #
    def _compute_pricelist_item_id(self):
        """Override of `sale`: no pricelist rule applies to the fee."""
        fee_lines = self.filtered("is_trustedshops_protection")
        fee_lines.pricelist_item_id = False
        return super(SaleOrderLine, self - fee_lines)._compute_pricelist_item_id()

    @api.depends("is_trustedshops_protection")
    def _compute_price_unit(self):
        """Override of `sale`: the fee is the service's, whatever the product costs."""
        fee_lines = self.filtered("is_trustedshops_protection")
        return super(SaleOrderLine, self - fee_lines)._compute_price_unit()

    @api.depends("is_trustedshops_protection")
    def _compute_discount(self):
        """Override of `sale`: the fee is never discounted."""
        fee_lines = self.filtered("is_trustedshops_protection")
        fee_lines.discount = 0.0
        return super(SaleOrderLine, self - fee_lines)._compute_discount()

    @api.depends("extra_tax_data")
    def _compute_amount(self):
        """Override of `sale`: ``extra_tax_data`` pins net and tax of the fee."""
        return super()._compute_amount()

    def _trustedshops_pin_again(self):
        """Fix net and tax of the fee after its taxes changed."""
        for line in self:
            order = line.order_id
            if order.trustedshops_protection_id and order.state != "cancel":
                line.sudo().with_context(trustedshops_pinning_fee=const.OURS).write(
                    order._trustedshops_pin_fee(
                        line.product_id,
                        line.tax_ids,
                        order.trustedshops_protection_id.sudo().gross_fee,
                    )
                )

    # === CHANGES === #
    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to drop a choice that was made for fewer goods.

        :raise UserError: when somebody adds a line of the fee, which the shop does
        """
        ids = {
            vals.get("order_id")
            for vals in vals_list
            if not vals.get("is_trustedshops_protection")
        }
        orders = self.env["sale.order"].browse(ids - {None, False})
        purchases = orders._trustedshops_note_purchases()
        lines = super().create(vals_list)
        if not self.env.su:
            lines._trustedshops_check_no_fee()
        orders._trustedshops_drop_where_changed(purchases)
        return lines

    def write(self, vals):
        """Override of `sale` to keep the fee, and to drop it with another purchase.

        A discount of the whole order leaves the fee out without a word.

        :raise UserError: when the values are for the fee and change what it is
        """
        if self.env.context.get("trustedshops_pinning_fee") == const.OURS:
            return super().write(vals)
        lines = self._trustedshops_leave_fee_behind(vals)
        fee_lines = lines.filtered("is_trustedshops_protection")
        fee_lines._trustedshops_check_fee_values(vals)
        if vals.get("is_trustedshops_protection"):
            (lines - fee_lines)._trustedshops_refuse()
        orders = lines.order_id.browse(vals.get("order_id", [])) | lines.order_id
        purchases = orders._trustedshops_note_purchases()
        result = super(SaleOrderLine, lines - fee_lines).write(vals)
        if fee_lines:
            others = {name: value for name, value in vals.items() if name != "discount"}
            super(SaleOrderLine, fee_lines).write(others)
            if "tax_ids" in vals:
                fee_lines._trustedshops_pin_again()
        orders._trustedshops_drop_where_changed(purchases)
        return result

    def _trustedshops_check_fee_values(self, vals):
        """Refuse to sell the fee as something else or at another price.

        :param dict vals: as of ``write``
        :raise UserError: when one of them is another than it was
        """
        fixed = {name for name in vals if name in FIXED or self._fields[name].readonly}
        for line, name in product(self, fixed):
            old = line._fields[name].convert_to_write(line[name], line)
            if old != vals[name]:
                self._trustedshops_refuse()

    def _trustedshops_check_no_fee(self):
        """Refuse lines that pass for the fee, whether by values or by defaults.

        :raise UserError: when there is one
        """
        self.filtered("is_trustedshops_protection")._trustedshops_refuse()

    def _trustedshops_refuse(self):
        """Refuse what is done to these lines of the fee, if there are any.

        :raise UserError: with the way to go
        """
        if self:
            raise UserError(
                self.env._(
                    "The fee of Buyer Protection is set by Trusted Shops and cannot"
                    " be changed. Remove its line from the cart instead."
                )
            )

    def _trustedshops_leave_fee_behind(self, vals):
        """Drop the choices of carts whose lines move to another, as merging does.

        :param dict vals: as of ``write``
        :return: the lines that move
        """
        if "order_id" not in vals:
            return self
        target = self.env["sale.order"].browse(vals["order_id"])
        leaving = self.filtered(
            lambda line: line.is_trustedshops_protection and line.order_id != target
        )
        lines = self - leaving
        for order in leaving.order_id.sudo():
            if order._trustedshops_drop_choice():
                target.sudo()._trustedshops_tell("earlier_cart")
        return lines

    # === INVOICE AND DELETION === #
    def _compute_qty_to_invoice(self):
        """Override of `sale`: the fee is invoiced as ordered, whatever its product.

        Nobody delivers it, so it would never be charged. And never more than was
        ordered: credit notes may have credited parts of it.
        """
        result = super()._compute_qty_to_invoice()
        for line in self.filtered("is_trustedshops_protection"):
            if line.state == "sale":
                ordered = line.product_uom_qty
                line.qty_to_invoice = min(ordered - line.qty_invoiced, ordered)
        return result

    def _can_be_invoiced_alone(self):
        """Override of `sale`: the fee goes with the goods that it protects."""
        return super()._can_be_invoiced_alone() and not self.is_trustedshops_protection

    def _prepare_invoice_line(self, **optional_values):
        """Override of `sale`: invoice and credit note know their line of the fee."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.is_trustedshops_protection:
            protection_sudo = self.order_id.sudo().trustedshops_protection_id
            values["trustedshops_protection_id"] = protection_sudo.id
        return values

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fee_of_placed_order(self):
        if self.env.context.get("trustedshops_dropping_choice") == const.OURS:
            return
        for line in self.filtered("is_trustedshops_protection"):
            state = line.order_id.sudo().trustedshops_protection_state
            if state not in (False, "selected", "cancelled"):
                raise UserError(
                    self.env._(
                        "Buyer Protection was ordered with this order, so its fee"
                        " cannot be removed. Cancel the order, or press Refund fee."
                    )
                )

    def unlink(self):
        """Override of `sale`: without its line there is no choice any more."""
        if self.env.context.get("trustedshops_dropping_choice") == const.OURS:
            return super().unlink()
        orders_sudo = self.filtered("is_trustedshops_protection").order_id.sudo()
        orders = self.order_id
        purchases = orders._trustedshops_note_purchases()
        result = super().unlink()
        for order in orders_sudo:
            protection = order.trustedshops_protection_id
            order.trustedshops_protection_id = False
            order._trustedshops_forget(protection)
        orders._trustedshops_drop_where_changed(purchases)
        return result
