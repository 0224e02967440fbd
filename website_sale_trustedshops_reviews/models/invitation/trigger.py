# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When the trigger of a channel happened: the order was placed, shipped or delivered.

Each call reads the facts again: nothing hooks into a confirmation or a delivery. For
goods in stock, website_sale_trustedshops_reviews_stock overrides the answers.
"""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_triggered_at(self, trigger, seen_at):
        """Return when the trigger of a channel happened.

        :param str trigger: ``placed``, ``shipped`` or ``delivered``
        :param datetime.datetime seen_at: UTC, when it was first seen; the answer if
            Odoo stores no moment
        :return: UTC, False as long as it did not happen
        :rtype: datetime.datetime or bool
        """
        self.ensure_one()
        placed_at = self._trustedshops_get_ordered_at()
        if trigger == "placed" or not placed_at:
            return placed_at
        if self.state != "sale":
            return False
        if trigger == "shipped":
            return self._trustedshops_get_shipped_at(seen_at)
        return self._trustedshops_get_delivered_at(seen_at)

    def _trustedshops_get_shipped_at(self, seen_at):
        """Return when the first goods left; without stock, when all were delivered."""
        return self._trustedshops_get_delivered_at(seen_at)

    def _trustedshops_get_delivered_at(self, seen_at):
        """Return when the last goods arrived, False as long as more will come."""
        lines = self._trustedshops_get_delivered_lines()
        if not lines:
            return self.date_order
        if any(line._trustedshops_is_awaited() for line in lines):
            return False
        moments = (line._trustedshops_get_delivered_at(seen_at) for line in lines)
        return max(filter(None, moments), default=False)

    def _trustedshops_get_delivered_lines(self):
        """Return the lines of goods, without combos, whose parts have own lines."""
        goods = self._trustedshops_get_goods(
            ("order_id", "product_uom_id", "qty_delivered", "qty_delivered_method")
        )
        goods.product_id.fetch(["product_tmpl_id"])
        goods.product_id.product_tmpl_id.fetch(["invoice_policy", "type"])
        return goods.filtered(lambda line: line.product_id.type != "combo")

    def _trustedshops_get_extra_days(self):
        """Return how many days to wait beyond those of the channel. To be extended.

        :rtype: int
        """
        return 0

    def _trustedshops_is_all_returned(self):
        """Return True if the buyer kept nothing: all came back, or was credited.

        :rtype: bool
        """
        lines = self._trustedshops_get_delivered_lines()
        return bool(lines) and all(line._trustedshops_is_returned() for line in lines)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _trustedshops_is_awaited(self):
        """Return True if some of the line is still to be delivered.

        :rtype: bool
        """
        self.ensure_one()
        return not self._trustedshops_is_uncounted() and self._trustedshops_is_less(
            self.qty_delivered, self.product_uom_qty
        )

    def _trustedshops_get_delivered_at(self, seen_at):
        """Return when the last quantity of the line was delivered.

        :param datetime.datetime seen_at: UTC, the answer if Odoo stores no moment
        :return: UTC, False if nothing was delivered
        :rtype: datetime.datetime or bool
        """
        self.ensure_one()
        if self._trustedshops_is_uncounted():
            return self.order_id.date_order
        return seen_at if self.qty_delivered > 0 else False

    def _trustedshops_is_returned(self):
        """Return True if the buyer kept nothing of the line.

        :rtype: bool
        """
        self.ensure_one()
        posted = self.invoice_lines.filtered(lambda line: line.parent_state == "posted")
        is_credited = "out_refund" in posted.move_id.mapped("move_type")
        return is_credited and not self._trustedshops_is_less(
            0.0, self.qty_invoiced_posted
        )

    def _trustedshops_is_uncounted(self):
        """Return True if no delivered quantity is expected for the line.

        Services that are invoiced as ordered, without timesheets, count as delivered at
        once: a download, a voucher, a booking.
        """
        return (
            self.product_id.type == "service"
            and self.product_id.invoice_policy == "order"
            and self.qty_delivered_method == "manual"
        )

    def _trustedshops_is_less(self, quantity, other):
        """Return True if a quantity is less than another, in the unit of the line."""
        return self.product_uom_id.compare(quantity, other) < 0


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    trigger_notice = fields.Char(
        compute="_compute_trigger_notice", export_string_translation=False
    )

    @api.depends("trigger")
    @api.depends_context("lang")
    def _compute_trigger_notice(self):
        for channel in self:
            channel.trigger_notice = channel._explain_trigger()

    def _explain_trigger(self):
        """Return what staff must do so that buyers are invited, False if nothing."""
        return self.trigger != "placed" and self.env._(
            "Goods count as delivered when staff enter the delivered quantity in the"
            " order. Otherwise choose Ordered, or install Inventory."
        )
