# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read from stock moves when the goods of an order were shipped and delivered."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_shipped_at(self, seen_at):
        """Override of `website_sale_trustedshops_reviews` to read transfers.

        Return the moment of the first done transfer to the buyer. Without a line that
        is delivered by stock moves, keep the answer of that addon.
        """
        lines = self._trustedshops_get_delivered_lines()
        if not any(line._trustedshops_is_from_stock() for line in lines):
            return super()._trustedshops_get_shipped_at(seen_at)
        return self.effective_date

    def _trustedshops_get_extra_days(self):
        """Override of `website_sale_trustedshops_reviews` to add days.

        They are the extra days of the delivery method.
        """
        return (
            super()._trustedshops_get_extra_days()
            + self.carrier_id.trustedshops_extra_days
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _trustedshops_is_awaited(self):
        """Override of `website_sale_trustedshops_reviews` to read moves.

        They tell whether more goods will come. Goods that were delivered and then
        returned still count as delivered.
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
        """Override of `website_sale_trustedshops_reviews` to read moves.

        Return the moment of the last done move to the buyer. Keep the answer of that
        addon for a line without one.
        """
        if not self._trustedshops_is_from_stock():
            return super()._trustedshops_get_delivered_at(seen_at)
        arrived = self._trustedshops_get_moved()
        if not arrived:
            return super()._trustedshops_get_delivered_at(seen_at)
        return max(arrived.mapped("date"))

    def _trustedshops_is_returned(self):
        """Override of `website_sale_trustedshops_reviews` to read moves.

        Also return True if all delivered goods came back. It does not matter whether
        they were credited.
        """
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
        """Return True if a purchase order for the line is not confirmed yet.

        Then there may be no stock moves yet. The field with the purchases exists only
        with `sale_purchase`, which is not a dependency.
        """
        if "purchase_line_ids" not in self._fields:
            return False
        states = self.sudo().purchase_line_ids.mapped("state")
        return not {"draft", "sent", "to approve"}.isdisjoint(states)

    # === MOVES === #
    def _trustedshops_is_from_stock(self):
        """Return True if stock moves determine the delivered quantity of the line."""
        return self.qty_delivered_method == "stock_move"

    def _trustedshops_get_deliveries(self):
        """Return the moves towards the buyer, of all steps and in any state.

        Leave out losses, and moves back into the stock, from the buyer or from a step
        in between.

        :return: records of ``stock.move``
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
        """Return the done moves that reached the buyer, or that came back from there.

        :param bool is_back: whether to return the moves back
        :return: records of ``stock.move``
        """
        return self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_id._is_outgoing() != is_back
                and move.location_id._is_outgoing() == is_back
            )
        )

    def _trustedshops_is_covered(self, moves):
        """Return True if the undelivered rest of the line was cancelled.

        Of a kit it is enough that a part was cancelled, or came back.

        :param moves: records of ``stock.move`` towards the buyer, all done or cancelled
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
        """Return the quantity that will not be delivered, in the unit of the product.

        Count a quantity once that was cancelled in several steps. Cancelled moves are
        not linked to the next step, so compare their locations.

        :param moves: records of ``stock.move`` towards the buyer, all done or cancelled
        :rtype: float
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
        """Return the cancelled quantity of a move, in the unit of the product.

        A transfer without a back-order moves less than planned: the rest is cancelled,
        too.

        :param move: record of ``stock.move``, done or cancelled
        :rtype: float
        """
        brought = move.quantity if move.state == "done" else 0.0
        return move.product_uom._compute_quantity(
            max(move.product_uom_qty - brought, 0.0),
            move.product_id.uom_id,
            rounding_method="HALF-UP",
        )

    def _trustedshops_sum(self, moves):
        """Return the sum of the quantities of moves, in the unit of their product.

        :param moves: records of ``stock.move`` of one product
        :rtype: float
        """
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, rounding_method="HALF-UP"
            )
            for move in moves
        )
