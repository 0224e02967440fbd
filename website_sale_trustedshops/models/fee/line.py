# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The order line of the fee, whose price Trusted Shops sets; it is not a product."""

from odoo import api, fields, models
from odoo.exceptions import UserError

# Fields that no user may change on the line of the fee.
FIXED = {
    "price_unit",
    "product_uom_qty",
    "product_id",
    "product_uom_id",
    "extra_tax_data",
}


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "trustedshops.guarded.fields"]

    _trustedshops_guarded_fields = frozenset({"is_trustedshops_protection"})

    is_trustedshops_protection = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )

    def _trustedshops_is_goods(self):
        """Return True if the line is something that the buyer gets and may review.

        :rtype: bool
        """
        self.ensure_one()
        is_reward = "reward_id" in self._fields and self.reward_id  # `sale_loyalty`
        return bool(
            self.product_id
            and not self.display_type
            and self.product_uom_qty > 0
            and not self.is_delivery
            and not self.is_downpayment
            and not self.is_trustedshops_protection
            and not self._is_discount_line()
            and not is_reward
        )

    # === CART === #
    def _show_in_cart(self):
        """Override of `website_sale` to show the fee only in the totals."""
        return super()._show_in_cart() and not self.is_trustedshops_protection

    def _is_sellable(self):
        """Override of `website_sale` to offer the fee neither by a link nor again."""
        return super()._is_sellable() and not self.is_trustedshops_protection

    # === PORTAL === #
    def _can_be_edited_on_portal(self):
        """Override of `sale` to keep customers from changing the fee on the portal."""
        is_editable = super()._can_be_edited_on_portal()
        return is_editable and not self.is_trustedshops_protection

    # === PRICE === #
    def _compute_pricelist_item_id(self):
        """Override of `sale` to keep rules of pricelists away from the fee."""
        fee_lines = self.filtered("is_trustedshops_protection")
        fee_lines.pricelist_item_id = False
        return super(SaleOrderLine, self - fee_lines)._compute_pricelist_item_id()

    @api.depends("is_trustedshops_protection")
    def _compute_price_unit(self):
        """Override of `sale` to keep the price of the service, not of the product."""
        fee_lines = self.filtered("is_trustedshops_protection")
        return super(SaleOrderLine, self - fee_lines)._compute_price_unit()

    def _compute_discount(self):
        """Override of `sale` to keep discounts of other apps away from the fee."""
        fee_lines = self.filtered("is_trustedshops_protection")
        fee_lines.discount = 0.0
        return super(SaleOrderLine, self - fee_lines)._compute_discount()

    @api.depends("extra_tax_data")
    def _compute_amount(self):
        """Override of `sale` to depend on the pinned net and tax of the fee."""
        return super()._compute_amount()

    def _trustedshops_update_pinned_price(self):
        """Pin net and tax of the fee again, after its taxes changed.

        Lines of cancelled orders, and of orders without a protection, stay as they are.
        """
        for line in self:
            order = line.order_id
            if order.trustedshops_protection_id and order.state != "cancel":
                line.sudo().write(
                    order._trustedshops_prepare_fee_price(
                        line.product_id,
                        line.tax_ids,
                        order.trustedshops_protection_id.sudo().gross_fee,
                    )
                )

    # === CHANGES === #
    def write(self, vals):
        """Override of `sale` to keep the line of the fee unchanged, and at its order.

        A discount of the whole order skips the fee silently.

        :raise AccessError: when a user changes the fee
        """
        fee_lines = self.filtered("is_trustedshops_protection")
        if not fee_lines:
            return super().write(vals)
        fixed = {name for name in vals if name in FIXED or self._fields[name].readonly}
        fee_lines._trustedshops_refuse_changes(fixed, vals)
        if "order_id" in vals:
            fee_lines = fee_lines._trustedshops_remove_before_merge(vals["order_id"])
        result = super(SaleOrderLine, self.exists() - fee_lines).write(vals)
        moved = ("discount", "order_id")
        own = {name: value for name, value in vals.items() if name not in moved}
        super(SaleOrderLine, fee_lines).write(own)
        if "tax_ids" in vals:
            fee_lines._trustedshops_update_pinned_price()
        return result

    def _trustedshops_remove_before_merge(self, order_id):
        """Remove the choices of carts whose lines move to another cart in a merge.

        The other cart shows the buyer a notice.

        :param int order_id: id of the other cart
        :return: the lines of fees that were not removed, which must stay where they are
        """
        target_sudo = self.env["sale.order"].sudo().browse(order_id)
        for order_sudo in self.order_id.sudo() - target_sudo:
            if order_sudo._trustedshops_remove_choice():
                target_sudo._trustedshops_update_notice("choice_changed")
        return self.exists()

    # === INVOICE AND DELETION === #
    def _compute_qty_to_invoice(self):
        """Override of `sale` to invoice the fee as ordered, not as delivered.

        It is never delivered, so core would never invoice it. After a credit note for a
        part of it, never invoice more than was ordered.
        """
        result = super()._compute_qty_to_invoice()
        for line in self.filtered("is_trustedshops_protection"):
            if line.state == "sale":
                ordered = line.product_uom_qty
                line.qty_to_invoice = min(ordered - line.qty_invoiced, ordered)
        return result

    def _can_be_invoiced_alone(self):
        """Override of `sale` to invoice the fee only with the goods it protects."""
        return super()._can_be_invoiced_alone() and not self.is_trustedshops_protection

    def _prepare_invoice_line(self, **optional_values):
        """Override of `sale` to mark the line of the fee on invoices."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.is_trustedshops_protection:
            protection_sudo = self.order_id.sudo().trustedshops_protection_id
            values["trustedshops_protection_id"] = protection_sudo.id
        return values

    def _trustedshops_get_sold_and_returned(self):
        """Return the quantities that posted documents charged and credited.

        :return: both in the unit of the line
        :rtype: tuple of float
        """
        self.ensure_one()
        quantities = {"out_invoice": 0.0, "out_refund": 0.0}
        for each in self.invoice_lines:
            if each.parent_state == "posted" and each.move_type in quantities:
                quantities[each.move_type] += each.product_uom_id._compute_quantity(
                    each.quantity, self.product_uom_id
                )
        return tuple(quantities.values())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fee_of_placed_order(self):
        for line in self.filtered("is_trustedshops_protection"):
            state = line.order_id.sudo().trustedshops_protection_id.state
            if state not in (False, "selected", "cancelled"):
                raise UserError(
                    self.env._(
                        "The fee of a placed order cannot be removed. Cancel the order,"
                        " or press Refund fee."
                    )
                )

    def unlink(self):
        """Override of `sale` to delete the protection in the cart with its line."""
        orders_sudo = self.filtered("is_trustedshops_protection").order_id.sudo()
        result = super().unlink()
        for order_sudo in orders_sudo:
            order_sudo._trustedshops_unlink_choice()
        return result


class SaleReport(models.Model):
    _inherit = "sale.report"

    is_trustedshops_protection = fields.Boolean(
        string="Buyer Protection", readonly=True
    )
    trustedshops_was_offered = fields.Boolean(
        string="Offered Buyer Protection", readonly=True
    )
    trustedshops_has_protection = fields.Boolean(
        string="Ordered with Buyer Protection", readonly=True
    )

    def _select_additional_fields(self):
        """Override of `sale` to add the fee, the offer and the protection of orders."""
        return {
            **super()._select_additional_fields(),
            "is_trustedshops_protection": "BOOL_OR(l.is_trustedshops_protection)",
            "trustedshops_was_offered": "s.trustedshops_was_offered",
            "trustedshops_has_protection": "s.trustedshops_protection_id IS NOT NULL",
        }


class DeliveryCarrier(models.Model):
    """Leaves the fee out of delivery prices that depend on the order's total."""

    _inherit = "delivery.carrier"

    def _get_price_available(self, order):
        """Override of `delivery` to leave the fee out of a price by rules.

        Core adds up the order here. ``_get_price_dict`` finds the fee in the context,
        and subtracts it.
        """
        fee = order.sudo()._trustedshops_get_fee_in_total()
        fee = self._compute_currency(order, fee, "pricelist_to_company")
        carrier = self.with_context(trustedshops_fee=fee)
        return super(DeliveryCarrier, carrier)._get_price_available(order)

    def _get_price_dict(self, total, weight, volume, quantity, wv=0.0):
        """Override of `delivery` to subtract the fee in the context from the total."""
        total -= self.env.context.get("trustedshops_fee", 0.0)
        return super()._get_price_dict(total, weight, volume, quantity, wv=wv)
