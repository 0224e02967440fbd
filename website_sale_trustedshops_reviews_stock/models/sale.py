# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When the goods of an order were shipped and delivered, by its stock moves."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_shipped_at(self, seen_at):
        """Override: when the first transfer to the buyer was done."""
        lines = self._trustedshops_get_delivered_lines()
        if not any(line._trustedshops_is_from_stock() for line in lines):
            return super()._trustedshops_get_shipped_at(seen_at)
        return self.effective_date

    def _trustedshops_get_extra_days(self):
        """Override: the delivery method may take longer than others."""
        return (
            super()._trustedshops_get_extra_days()
            + self.carrier_id.trustedshops_extra_days
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _trustedshops_is_awaited(self):
        """Override: by the moves, which know what comes later and what never comes.

        What was delivered stays delivered when it is returned.
        """
        if not self._trustedshops_is_from_stock():
            return super()._trustedshops_is_awaited()
        moves = self._trustedshops_get_deliveries()
        if any(move.state not in ("done", "cancel") for move in moves):
            return True
        if self._trustedshops_is_being_purchased():
            return True
        # Also what was sold at a till, of which the order has no moves.
        is_short = self._trustedshops_is_less(self.qty_delivered, self.product_uom_qty)
        return is_short and not self._trustedshops_is_covered(moves)

    def _trustedshops_get_delivered_at(self, seen_at):
        """Override: when the last move to the buyer was done."""
        if not self._trustedshops_is_from_stock():
            return super()._trustedshops_get_delivered_at(seen_at)
        arrived = self._trustedshops_get_arrived()
        if not arrived:
            return super()._trustedshops_get_delivered_at(seen_at)
        return max(arrived.mapped("date"))

    def _trustedshops_is_returned(self):
        """Override: or everything that arrived came back, refunded or not."""
        if super()._trustedshops_is_returned():
            return True
        if not self._trustedshops_is_from_stock() or self._trustedshops_is_awaited():
            return False
        sent, returned = self._trustedshops_get_arrived(), self._trustedshops_get_back()
        back = returned.grouped("product_id")  # of a kit, each part
        return bool(returned) and all(
            product.uom_id.compare(
                self._trustedshops_sum(back.get(product, self.env["stock.move"])),
                self._trustedshops_sum(moves),
            )
            >= 0
            for product, moves in sent.grouped("product_id").items()
        )

    def _trustedshops_is_being_purchased(self):
        """Tell whether a vendor is to be asked for it: it has no moves until then.

        Only with a module by which orders lead to purchases.
        """
        if "purchase_line_ids" not in self._fields:
            return False
        states = self.sudo().purchase_line_ids.mapped("state")
        return not {"draft", "sent", "to approve"}.isdisjoint(states)

    # === MOVES === #
    def _trustedshops_is_from_stock(self):
        """Tell whether the line is delivered by stock moves."""
        return self.qty_delivered_method == "stock_move"

    def _trustedshops_get_deliveries(self):
        """Return the moves on the way to the buyer, each step of them.

        What goes back into the stock, from the buyer or a step in between, is none.
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

    def _trustedshops_get_arrived(self):
        """Return the moves by which the buyer got something."""
        return self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_id._is_outgoing()
                and not move.location_id._is_outgoing()
            )
        )

    def _trustedshops_get_back(self):
        """Return the moves by which the buyer gave something back."""
        return self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.location_id._is_outgoing()
                and not move.location_dest_id._is_outgoing()
            )
        )

    def _trustedshops_is_covered(self, moves):
        """Tell whether what did not arrive never comes: it was given up.

        :param moves: none of them is open
        :rtype: bool
        """
        arrived = self._trustedshops_get_arrived()
        given_up = self._trustedshops_sum_given_up(moves)
        if self._trustedshops_is_kit(moves):
            # Its parts have no quantity of the kit. One that came back counts for
            # nothing in what was delivered.
            return bool(arrived) and bool(given_up or self._trustedshops_get_back())
        in_product_unit = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, rounding_method="HALF-UP"
        )
        settled = self._trustedshops_sum(arrived) + given_up
        return self.product_id.uom_id.compare(settled, in_product_unit) >= 0

    def _trustedshops_sum_given_up(self, moves):
        """Return what moves were to bring and never will, in the unit of the product.

        What the next step was to bring on all the same is given up there. Moves that
        are cancelled do not say any more which one follows: their places do.
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
        """Return what a move was to bring and never will, in the unit of the product.

        A transfer that is done without a back-order brings less than it was to.
        """
        brought = move.quantity if move.state == "done" else 0.0
        return move.product_uom._compute_quantity(
            max(move.product_uom_qty - brought, 0.0),
            move.product_id.uom_id,
            rounding_method="HALF-UP",
        )

    def _trustedshops_is_kit(self, moves):
        """Tell whether the moves are of the parts of the product."""
        return bool(moves.product_id - self.product_id)

    def _trustedshops_sum(self, moves):
        """Return what moves have brought, in the unit of the product."""
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, rounding_method="HALF-UP"
            )
            for move in moves
        )
