# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads from stock moves when the goods of an order were shipped and delivered."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_shipped_at(self, seen_at):
        """Override to return when the first transfer to the buyer was done."""
        lines = self._trustedshops_get_delivered_lines()
        if not any(line._trustedshops_is_from_stock() for line in lines):
            return super()._trustedshops_get_shipped_at(seen_at)
        return self.effective_date

    def _trustedshops_get_extra_days(self):
        """Override to add the days of a delivery method that takes longer."""
        return (
            super()._trustedshops_get_extra_days()
            + self.carrier_id.trustedshops_extra_days
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _trustedshops_is_awaited(self):
        """Override to read from the stock moves whether more goods are to come.

        Goods that were delivered and returned still count as delivered.
        """
        if not self._trustedshops_is_from_stock():
            return super()._trustedshops_is_awaited()
        moves = self._trustedshops_get_deliveries()
        if any(move.state not in ("done", "cancel") for move in moves):
            return True
        if self._trustedshops_is_being_purchased():
            return True
        # An order that was settled at a till has no moves.
        is_short = self._trustedshops_is_less(self.qty_delivered, self.product_uom_qty)
        return is_short and not self._trustedshops_is_covered(moves)

    def _trustedshops_get_delivered_at(self, seen_at):
        """Override to return when the last move to the buyer was done."""
        if not self._trustedshops_is_from_stock():
            return super()._trustedshops_get_delivered_at(seen_at)
        arrived = self._trustedshops_get_moved()
        if not arrived:
            return super()._trustedshops_get_delivered_at(seen_at)
        return max(arrived.mapped("date"))

    def _trustedshops_is_returned(self):
        """Override to return True if everything came back, refunded or not."""
        if super()._trustedshops_is_returned():
            return True
        if not self._trustedshops_is_from_stock() or self._trustedshops_is_awaited():
            return False
        sent = self._trustedshops_get_moved()
        returned = self._trustedshops_get_moved(is_back=True)
        back = returned.grouped("product_id")  # a kit has several products
        return bool(returned) and all(
            product.uom_id.compare(
                self._trustedshops_sum(back.get(product, self.env["stock.move"])),
                self._trustedshops_sum(moves),
            )
            >= 0
            for product, moves in sent.grouped("product_id").items()
        )

    def _trustedshops_is_being_purchased(self):
        """Return True if a purchase is not confirmed yet, so that there are no moves.

        This happens only with a module that creates purchases from orders.
        """
        if "purchase_line_ids" not in self._fields:
            return False
        states = self.sudo().purchase_line_ids.mapped("state")
        return not {"draft", "sent", "to approve"}.isdisjoint(states)

    # === MOVES === #
    def _trustedshops_is_from_stock(self):
        """Return True if stock moves deliver the line."""
        return self.qty_delivered_method == "stock_move"

    def _trustedshops_get_deliveries(self):
        """Return the moves of all steps on the way to the buyer.

        Leave out moves back into the stock, from the buyer or from a step in between.
        """
        return self.move_ids.filtered(
            lambda move: (
                move.location_dest_usage != "inventory"
                and not move.location_id._is_outgoing()
                and (
                    not move.origin_returned_move_id
                    or (move.location_final_id or move.location_dest_id)._is_outgoing()
                )
            )
        )

    def _trustedshops_get_moved(self, *, is_back=False):
        """Return the moves by which the buyer got something, or gave it back."""
        return self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_id._is_outgoing() != is_back
                and move.location_id._is_outgoing() == is_back
            )
        )

    def _trustedshops_is_covered(self, moves):
        """Return True if the rest of the line was given up and will never come.

        :param moves: moves of the line, all done or cancelled
        :rtype: bool
        """
        given_up = self._trustedshops_sum_given_up(moves)
        if moves.product_id - self.product_id:
            # The quantity of a part is not that of the kit, and a returned part does
            # not lower the delivered quantity.
            return bool(given_up or self._trustedshops_get_moved(is_back=True))
        in_product_unit = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, rounding_method="HALF-UP"
        )
        arrived = self._trustedshops_get_moved()
        settled = self._trustedshops_sum(arrived) + given_up
        return self.product_id.uom_id.compare(settled, in_product_unit) >= 0

    def _trustedshops_sum_given_up(self, moves):
        """Return the quantity that was given up, in the unit of the product.

        A quantity that the next step was still to move counts only there. Cancelled
        moves have no link to the next step, so compare their locations.
        """
        total = 0.0
        for place, step in moves.grouped("location_dest_id").items():
            following = moves.filtered(
                lambda move, place=place: move.location_id == place
            )
            done = step.filtered(lambda move: move.state == "done")
            given_up = sum(map(self._trustedshops_get_given_up, step))
            brought_on = sum(following.mapped("product_qty"))
            again = max(brought_on - self._trustedshops_sum(done), 0.0)
            total += max(given_up - again, 0.0)
        return total

    def _trustedshops_get_given_up(self, move):
        """Return the quantity that a move gave up, in the unit of the product.

        A transfer that was done without a back-order moves less than planned.
        """
        brought = move.quantity if move.state == "done" else 0.0
        return move.product_uom._compute_quantity(
            max(move.product_uom_qty - brought, 0.0),
            move.product_id.uom_id,
            rounding_method="HALF-UP",
        )

    def _trustedshops_sum(self, moves):
        """Return the quantity that moves have moved, in the unit of the product."""
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, rounding_method="HALF-UP"
            )
            for move in moves
        )
