# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a buyer may be invited, as far as it can be said without stock.

Everything is read anew each time: nothing hooks into a confirmation or a delivery. What
was shipped or delivered from stock is answered in the bridge to it.
"""

from odoo import api, fields, models

# What is read of the lines beside what makes them goods.
LINE_FIELDS = ("order_id", "product_uom_id", "qty_delivered", "qty_delivered_method")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_occasion(self, trigger, seen_at):
        """Return when that happened after which the buyer is invited.

        :param str trigger: of the channel: ``placed``, ``shipped`` or ``delivered``
        :param datetime.datetime seen_at: UTC, for what Odoo keeps no moment of: when it
            was first seen
        :return: UTC, False while it did not happen
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
        """Return when the first goods left: without stock, when all were delivered."""
        return self._trustedshops_get_delivered_at(seen_at)

    def _trustedshops_get_delivered_at(self, seen_at):
        """Return when the buyer had everything that comes, False before."""
        lines = self._trustedshops_get_delivered_lines()
        if not lines:
            return self.date_order
        if any(line._trustedshops_is_awaited() for line in lines):
            return False
        moments = (line._trustedshops_get_delivered_at(seen_at) for line in lines)
        return max(filter(None, moments), default=False)

    def _trustedshops_get_delivered_lines(self):
        """Return the lines of what the buyer gets; a combo comes as its parts."""
        goods = self._trustedshops_get_goods(LINE_FIELDS)
        goods.product_id.fetch(["product_tmpl_id"])
        goods.product_id.product_tmpl_id.fetch(["invoice_policy", "type"])
        return goods.filtered(lambda line: line.product_id.type != "combo")

    def _trustedshops_get_extra_days(self):
        """Return for how many days longer than usual the buyer is not invited.

        :rtype: int
        """
        return 0

    def _trustedshops_is_all_returned(self):
        """Tell whether the buyer kept nothing: all came back, or was credited.

        :rtype: bool
        """
        lines = self._trustedshops_get_delivered_lines()
        return bool(lines) and all(line._trustedshops_is_returned() for line in lines)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _trustedshops_is_awaited(self):
        """Tell whether some of the line is still to be delivered.

        :rtype: bool
        """
        self.ensure_one()
        return not self._trustedshops_is_uncounted() and self._trustedshops_is_less(
            self.qty_delivered, self.product_uom_qty
        )

    def _trustedshops_get_delivered_at(self, seen_at):
        """Return when the last of what was delivered was delivered.

        :param datetime.datetime seen_at: UTC, for what Odoo keeps no moment of
        :return: UTC, False when nothing was
        :rtype: datetime.datetime or bool
        """
        self.ensure_one()
        if self._trustedshops_is_uncounted():
            return self.order_id.date_order
        return seen_at if self.qty_delivered > 0 else False

    def _trustedshops_is_returned(self):
        """Tell whether the buyer kept nothing of the line.

        :rtype: bool
        """
        self.ensure_one()
        posted = self.invoice_lines.filtered(lambda line: line.parent_state == "posted")
        is_credited = "out_refund" in posted.move_id.mapped("move_type")
        return is_credited and not self._trustedshops_is_less(
            0.0, self.qty_invoiced_posted
        )

    def _trustedshops_is_uncounted(self):
        """Tell whether nobody is expected to enter what was delivered.

        What is invoiced as ordered, and is neither in stock nor worked on by the hour,
        is there at once: a download, a voucher, a booking.
        """
        return (
            self.product_id.type == "service"
            and self.product_id.invoice_policy == "order"
            and self.qty_delivered_method == "manual"
        )

    def _trustedshops_is_less(self, quantity, other):
        """Compare two quantities in the unit of the line."""
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
        """Return what staff have to do for buyers to be invited, False when nothing."""
        return self.trigger != "placed" and self.env._(
            "Goods count as delivered when staff enter the delivered quantity in the"
            " order. If nobody does, choose Ordered, or install Inventory."
        )
