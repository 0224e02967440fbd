# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.privacy_lookup.wizard import privacy_lookup_wizard
from odoo.addons.website_sale_trustedshops_reviews.tests.invitation_common import (
    NOW,
    InvitationCommon,
)


@tagged("full")
class TestDelivered(InvitationCommon):
    """When the goods have arrived, on real orders, transfers, purchases and returns."""

    QUICK = (
        "test_the_buyer_is_invited_when_the_transfer_is_done",
        "test_a_back_order_is_waited_for",
        "test_a_kit_is_delivered_with_its_last_part",
        "test_returned_goods_count_as_delivered_and_may_rule_out_the_invitation",
        "test_goods_that_should_go_back_into_the_stock_delay_no_invitation",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.chair = cls._make_stocked("Chair")
        cls.table = cls._make_stocked("Table")

    @classmethod
    def _make_stocked(cls, name, **values):
        """Return a product of which there are a hundred."""
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": 50.0,
                "taxes_id": [Command.clear()],
                "website_published": True,
                "invoice_policy": "order",
                **values,
            }
        )
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, 100
        )
        return product

    def _order(self, *products, quantity=2, **values):
        """Return a placed order of products, whose buyer agreed."""
        email = f"{self.invitations.search_count([])}-{len(products)}@x.example"
        return self._make_order(
            consent={"email": email},
            **self._make_lines(*products, quantity=quantity),
            **values,
        )

    def _transfer(self, picking, quantity=None, *, backorder=True):
        """Do a transfer, or a part of each of its moves.

        :param bool backorder: what becomes of the rest: done later, or never
        """
        picking.action_assign()
        for move in picking.move_ids.filtered(lambda each: each.state != "cancel"):
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        context = {"skip_backorder": True}
        if not backorder:
            context["picking_ids_not_to_backorder"] = picking.ids
        picking.with_context(**context).button_validate()
        self.assertEqual(picking.state, "done")

    def _open(self, order):
        """Return the transfers of an order that can be done now."""
        return order.picking_ids.filtered(lambda each: each.state == "assigned")

    def _return(self, picking, quantity, *, to_refund=True, exchange=False):
        """Have goods of a transfer come back, and return the transfer of that."""
        before = picking.sale_id.picking_ids
        wizard = self._open_return(picking)
        wizard.product_return_moves.write(
            {"quantity": quantity, "to_refund": to_refund}
        )
        if exchange:
            wizard.action_create_exchanges()
        else:
            wizard.action_create_returns()
        new = picking.sale_id.picking_ids - before
        back = new.filtered(lambda each: each.location_id.usage == "customer")
        self._transfer(back)
        return new - back

    def assertDelivered(self, order, delivered, trigger="delivered"):
        """Check when an order counts as delivered."""
        order.invalidate_recordset()
        self.assertEqual(
            order._trustedshops_get_triggered_at(trigger, datetime(2030, 1, 1)),
            delivered,
        )

    # === DELIVERY === #
    def test_the_buyer_is_invited_when_the_transfer_is_done(self):
        order = self._order(self.chair)
        self._run_invites()
        self.assertState(order, "waiting", "too_early")
        self._wait(days=2)
        self._transfer(order.picking_ids)
        self._run_invites()
        invitation = self.assertState(order, "accepted")
        self.assertEqual(invitation.triggered_at, NOW + timedelta(days=2))

    def test_a_back_order_is_waited_for(self):
        order = self._order(self.chair, self.table, quantity=3)
        self._transfer(order.picking_ids, 1)
        self.assertDelivered(order, False)
        self.assertDelivered(order, NOW, "shipped")
        self._wait(days=3)
        self._transfer(self._open(order))
        self.assertDelivered(order, NOW + timedelta(days=3))
        self.assertDelivered(order, NOW, "shipped")

    def test_goods_that_never_come_do_not_delay_the_delivery(self):
        order = self._order(self.chair, self.table, quantity=3)
        self._transfer(order.picking_ids, 1)
        self._wait(days=1)
        self._open(order).action_cancel()
        self.assertDelivered(order, NOW)
        order = self._order(self.chair, quantity=3)
        self._transfer(order.picking_ids, 1, backorder=False)
        self.assertDelivered(order, NOW + timedelta(days=1))

    def test_nothing_delivered_is_no_delivery(self):
        for product in (self.chair, self._make_kit()):
            with self.subTest(product=product.display_name):
                order = self._order(product)
                order.picking_ids.action_cancel()
                self.assertDelivered(order, False)
                self.assertDelivered(order, False, "shipped")

    def test_a_line_added_later_is_waited_for(self):
        order = self._order(self.chair)
        self._transfer(order.picking_ids)
        self.assertDelivered(order, NOW)
        order.write(self._make_lines(self.table))
        self.assertDelivered(order, False)
        self._wait(hours=1)
        self._transfer(self._open(order))
        self.assertDelivered(order, NOW + timedelta(hours=1))

    def test_a_larger_or_smaller_quantity_is_followed(self):
        order = self._order(self.chair, quantity=2)
        self._transfer(order.picking_ids)
        order.order_line.product_uom_qty = 3
        self.assertDelivered(order, False)
        order.order_line.product_uom_qty = 2
        self.assertDelivered(order, NOW)

    def test_deliveries_in_several_steps_count_with_the_last(self):
        for steps, count in (("pick_ship", 2), ("pick_pack_ship", 3)):
            with self.subTest(steps=steps):
                self._freeze()
                self.warehouse.delivery_steps = steps
                order = self._order(self.chair)
                for _step in range(count):
                    self.assertDelivered(order, False)
                    self.assertDelivered(order, False, "shipped")
                    self._wait(hours=1)
                    self._transfer(self._open(order))
                arrived = NOW + timedelta(hours=count)
                self.assertDelivered(order, arrived)
                self.assertDelivered(order, arrived, "shipped")

    def test_a_back_order_of_the_first_step_is_waited_for(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._order(self.chair, quantity=5)
        self._transfer(self._open(order), 3)
        [ship] = self._open(order).filtered(
            lambda each: each.location_dest_id.usage == "customer"
        )
        self._transfer(ship)
        self.assertDelivered(order, False)
        self._open(order).action_cancel()
        self.assertDelivered(order, NOW)

    def test_services_of_the_order_are_waited_for_as_without_stock(self):
        work = self._make_goods("Work", type="service", invoice_policy="delivery")
        order = self._order(self.chair, work, self.goods)
        self._transfer(order.picking_ids)
        self.assertDelivered(order, False)
        order.order_line.filtered(
            lambda line: line.product_id == work
        ).qty_delivered = 2
        self.assertDelivered(order, datetime(2030, 1, 1))

    def test_an_order_of_services_is_shipped_when_it_is_delivered(self):
        order = self._order(self.goods)
        self.assertDelivered(order, NOW, "shipped")

    def test_the_delivery_method_adds_its_days(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Slow",
                "product_id": self.goods.id,
                "trustedshops_extra_days": 5,
            }
        )
        self.channel.delay_days = 2
        order = self._order(self.chair, carrier_id=carrier.id)
        self._transfer(order.picking_ids)
        self._run_invites()
        invitation = self.assertState(order, "waiting", "too_early")
        self.assertEqual(invitation.due_at, NOW + timedelta(days=7))
        # Fewer days count for whoever waits.
        invitation.next_attempt_at = NOW + timedelta(days=1)
        carrier.trustedshops_extra_days = 1
        self._run_invites()
        self.assertEqual(invitation.due_at, NOW + timedelta(days=3))

    # === DROP-SHIPPING === #
    def _make_drop_shipped(self):
        """Return a product that its vendor sends to the buyer."""
        self._require_modules("stock_dropshipping")
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        return self._make_stocked(
            "Lamp from elsewhere",
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 10.0})],
            route_ids=[
                Command.link(self.env.ref("stock_dropshipping.route_drop_shipping").id)
            ],
        )

    def test_new_purchase_after_a_cancelled_one_delays_the_delivery(self):
        order = self._order(self._make_drop_shipped(), self.chair)
        self._transfer(order.picking_ids)
        purchase = order._get_purchase_orders()
        purchase.button_confirm()
        purchase.button_cancel()
        self.assertDelivered(order, NOW)  # given up, until it is ordered anew
        again = purchase.copy()
        again.order_line.sale_line_id = purchase.order_line.sale_line_id
        self.assertDelivered(order, False)
        again.button_confirm()
        self.assertDelivered(order, False)
        self._wait(days=4)
        self._transfer(again.picking_ids)
        self.assertDelivered(order, NOW + timedelta(days=4))

    def test_quantity_cancelled_in_two_steps_is_given_up_once(self):
        order = self._order(self.chair, quantity=5)
        self._transfer(order.picking_ids, 1)
        ship = self._open(order).move_ids
        output = self.warehouse.wh_output_stock_loc_id
        pick = ship.copy({"product_uom_qty": 2, "location_dest_id": output.id})
        ship.write({"product_uom_qty": 2, "location_id": output.id})
        (ship + pick)._action_cancel()
        self.assertDelivered(order, False)  # 1 arrived, 2 never come, 2 are missing

    def test_drop_shipping_counts_from_before_its_purchase_to_its_transfer(self):
        order = self._order(self._make_drop_shipped())
        self.assertFalse(order.order_line.move_ids)
        self.assertDelivered(order, False)
        purchase = order._get_purchase_orders()
        purchase.button_confirm()
        self.assertDelivered(order, False)
        self._wait(days=4)
        self._transfer(purchase.picking_ids)
        self.assertDelivered(order, NOW + timedelta(days=4))
        self.assertDelivered(order, NOW + timedelta(days=4), "shipped")

    # === KITS === #
    def _make_kit(self):
        self._require_modules("sale_mrp")
        kit = self._make_goods("Set")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.chair.id, "product_qty": 4}),
                    Command.create({"product_id": self.table.id, "product_qty": 1}),
                ],
            }
        )
        return kit

    def test_a_kit_is_delivered_with_its_last_part(self):
        order = self._order(self._make_kit())
        self.assertDelivered(order, False)
        self._transfer(order.picking_ids, 2)
        self.assertDelivered(order, False)
        self._wait(days=1)
        self._transfer(self._open(order))
        self.assertDelivered(order, NOW + timedelta(days=1))

    def test_a_kit_whose_last_part_never_comes_is_delivered(self):
        order = self._order(self._make_kit())
        self._transfer(order.picking_ids, 2)
        self._open(order).action_cancel()
        self.assertDelivered(order, NOW)

    def test_goods_given_up_before_anything_came_delay_no_invitation(self):
        for given_up in (self._make_kit(), self.table):
            with self.subTest(product=given_up.display_name):
                order = self._order(self.chair, given_up)
                line = order.order_line.filtered(
                    lambda each, product=given_up: each.product_id == product
                )
                line.move_ids._action_cancel()
                self._transfer(order.picking_ids)
                self.assertDelivered(order, NOW)

    def test_a_kit_that_came_back_was_delivered(self):
        for to_refund in (True, False):
            with self.subTest(to_refund=to_refund):
                order = self._order(self._make_kit(), quantity=1)
                self._transfer(order.picking_ids)
                self._return_all(order.picking_ids, to_refund=to_refund)
                self.assertDelivered(order, NOW)
                self.assertTrue(order._trustedshops_is_all_returned())

    def _return_all(self, picking, *, to_refund=True):
        """Have everything of a transfer come back."""
        wizard = self._open_return(picking)
        wizard.product_return_moves.to_refund = to_refund
        action = wizard.action_create_returns_all()
        self._transfer(self.env["stock.picking"].browse(action["res_id"]))

    def _open_return(self, picking):
        context = {
            "active_id": picking.id,
            "active_ids": picking.ids,
            "active_model": picking._name,
        }
        return Form(self.env["stock.return.picking"].with_context(**context)).save()

    # === RETURNS === #
    def test_returned_goods_count_as_delivered_and_may_rule_out_the_invitation(self):
        for to_refund in (True, False):
            for quantity, is_all in ((1, False), (2, True)):
                with self.subTest(to_refund=to_refund, quantity=quantity):
                    order = self._order(self.chair)
                    self._transfer(order.picking_ids)
                    self._return(order.picking_ids, quantity, to_refund=to_refund)
                    self.assertDelivered(order, NOW)
                    self.assertEqual(order._trustedshops_is_all_returned(), is_all)

    def test_an_exchange_is_waited_for_and_is_no_return(self):
        order = self._order(self.chair)
        self._transfer(order.picking_ids)
        exchange = self._return(order.picking_ids, 2, exchange=True)
        self.assertTrue(exchange)
        self.assertDelivered(order, False)
        self._wait(days=2)
        self._transfer(exchange)
        self.assertDelivered(order, NOW + timedelta(days=2))
        self.assertFalse(order._trustedshops_is_all_returned())

    def test_goods_put_back_before_they_left_are_no_return(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._order(self.chair)
        pick = self._open(order)
        self._transfer(pick)
        self._return_all(pick)
        self.assertDelivered(order, False)
        self.assertFalse(order._trustedshops_is_all_returned())

    def test_goods_that_should_go_back_into_the_stock_delay_no_invitation(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._order(self.chair)
        pick = self._open(order)
        self._transfer(pick)
        ship = self._open(order)
        back = self._open_return(pick).action_create_returns_all()
        self._transfer(ship)
        back = self.env["stock.picking"].browse(back["res_id"])
        self.assertNotIn(back.state, ("done", "cancel"))
        self.assertDelivered(order, NOW)

    # === WHAT ELSE DELIVERS === #

    def test_each_company_invites_by_its_own_channel_and_stock(self):
        other = self.env["res.company"].create({"name": "Sklep"})
        self.env.user.company_ids |= other
        website = self.website.create({"name": "Sklep", "company_id": other.id})
        account = self.account.create({"company_id": other.id})
        values = {"account_id": account.id, "website_id": website.id}
        polish = self.channel.copy({**values, "channel_ref": "chl-pl"})
        stock = self.warehouse.search([("company_id", "=", other.id)])
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.chair, stock.lot_stock_id, 10)
        own = self._order(self.chair)
        order = own.with_company(other).create(
            {
                "partner_id": self.buyer.id,
                "company_id": other.id,
                "website_id": website.id,
                **self._make_lines(self.chair),
            }
        )
        order.action_confirm()
        self._add_consent(order, channel_id=False, company_id=other.id)
        for each in (own, order):
            self._transfer(each.picking_ids)
        self._run_invites()
        self.assertState(own, "accepted")
        invitation = self.assertState(order, "due")  # its account is not connected
        self.assertValues(
            invitation,
            company_id=other.id,
            channel_id=polish.id,
            email="erika@muster.example",
        )

    # === PRIVACY LOOKUP === #
    def _delete_selection(self, order):
        """Return the error of *Delete Selection* about a buyer, and what is left."""
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": order.partner_id.name, "email": order.partner_id.email}
        )
        wizard.action_lookup()
        found = {"sale.order", "stock.picking", "trustedshops.consent"}
        self.assertLessEqual(found, {*wizard.line_ids.mapped("res_model")})
        error = ""
        try:
            with self.env.cr.savepoint():
                # As it would be when the web client sorts them: goods before the order.
                wizard.line_ids.sorted("res_model", reverse=True).action_unlink_all()
        except UserError as raised:
            error = str(raised)
        self.env.invalidate_all()
        transfers, moves = order.picking_ids, order.order_line.move_ids
        return error, order.exists(), transfers.exists(), moves.exists()

    def test_deleting_a_person_keeps_the_transfer_as_without_our_addons(self):
        order = self._make_order(**self._make_lines(self.chair))
        transfer, move = order.picking_ids, order.order_line.move_ids
        line = self.env["privacy.lookup.wizard.line"]
        core = privacy_lookup_wizard.PrivacyLookupWizardLine
        with (
            patch.object(type(line), "action_unlink", core.action_unlink),
            patch.object(type(line), "action_unlink_all", core.action_unlink_all),
        ):
            without = self._delete_selection(order)
        self.assertEqual(self._delete_selection(order), without)
        error, *left = without
        self.assertTrue(error)
        self.assertEqual(left, [order, transfer, move])
        # Neither is one of our own lines erased.
        self.assertTrue(order.sudo().trustedshops_consent_ids.email)
