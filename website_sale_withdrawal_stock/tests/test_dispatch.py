# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.privacy_lookup.wizard import privacy_lookup_wizard
from odoo.addons.website_sale_withdrawal.tests.common import WithdrawalCommon


@tagged("post_install", "-at_install")
class TestDispatch(WithdrawalCommon):
    """The period, estimated by real transfers, and the way to core's return."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.withdrawal_transit_days = 3
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.warehouse.delivery_steps = "ship_only"
        cls.chair = cls.env["product.product"].create(
            {"name": "Chair", "type": "consu", "is_storable": True}
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.chair, cls.warehouse.lot_stock_id, 100
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "website_id": cls.website.id,
                "order_line": [
                    Command.create({"product_id": cls.chair.id, "product_uom_qty": 3})
                ],
            }
        )
        cls.order.action_confirm()
        cls.withdrawal = cls._declare(order_id=cls.order.id, is_verified=True)

    def _deliver(self, moment, quantity):
        """Deliver a part of the order, and leave the rest to a back-order."""
        picking = self.order.picking_ids.filtered(lambda each: each.state != "done")
        with freeze_time(moment):
            picking.move_ids.quantity = quantity
            picking.move_ids.picked = True
            action = picking.button_validate()
            if isinstance(action, dict):
                wizard = Form.from_action(self.env, action).save()
                wizard.process()
        return picking

    def _get_end(self):
        self.withdrawal.invalidate_recordset()
        return self.withdrawal.period_end

    def test_before_the_last_goods_went_the_period_has_not_begun(self):
        self.assertFalse(self._get_end())
        self._deliver("2026-11-02 10:00:00", 1)
        self.assertFalse(self._get_end())

    def test_the_last_dispatch_counts(self):
        self._deliver("2026-11-02 10:00:00", 1)
        self._deliver("2026-11-09 10:00:00", 2)
        self.assertEqual(self.order.effective_date, datetime(2026, 11, 2, 10))
        # Three days in transit and fourteen more.
        self.assertEqual(self._get_end(), date(2026, 11, 26))

    def test_a_cancelled_transfer_does_not_count(self):
        self._deliver("2026-11-02 10:00:00", 1)
        self.order.picking_ids.filtered(
            lambda each: each.state != "done"
        ).action_cancel()
        self.assertEqual(self._get_end(), date(2026, 11, 19))

    def _return(self, picking):
        action = self.withdrawal.action_return()
        self.assertEqual(action["context"]["active_id"], picking.id)
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 3
        return wizard._create_return()

    def test_goods_come_back_by_cores_dialog(self):
        with self.assertRaisesRegex(UserError, "Nothing was dispatched"):
            self.withdrawal.action_return()
        picking = self._deliver("2026-11-02 10:00:00", 3)
        back = self._return(picking)
        self.assertEqual(back.move_ids.product_id, self.chair)
        # What comes back was no dispatch.
        with freeze_time("2026-11-20 10:00:00"):
            back.move_ids.write({"quantity": 3, "picked": True})
            back.button_validate()
        self.assertEqual(self._get_end(), date(2026, 11, 19))

    def test_an_exchange_begins_the_period_anew_and_is_a_hint(self):
        words = "sent back or exchanged before"
        picking = self._deliver("2026-11-02 10:00:00", 3)
        back = self._return(picking)
        self.assertNotIn(words, "\n".join(self.withdrawal._list_hints()))
        back.move_ids.write({"quantity": 3, "picked": True})
        back.button_validate()
        self.assertIn(words, "\n".join(self.withdrawal._list_hints()))
        wizard = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=back.id
        )
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 3
        again = wizard._create_return()
        with freeze_time("2026-11-20 10:00:00"):
            again.move_ids.write({"quantity": 3, "picked": True})
            again.button_validate()
        self.assertEqual(self._get_end(), date(2026, 12, 7))

    def test_of_several_transfers_a_person_chooses(self):
        first = self._deliver("2026-11-02 10:00:00", 1)
        second = self._deliver("2026-11-09 10:00:00", 2)
        action = self.withdrawal.action_return()
        self.assertEqual(action["res_model"], "stock.picking")
        [(name, operator, ids)] = action["domain"]
        self.assertEqual((name, operator), ("id", "in"))
        self.assertEqual({*ids}, {first.id, second.id})

    def test_deleting_a_person_keeps_the_transfer_as_without_our_addon(self):
        transfer, line = self.order.picking_ids, self.env["privacy.lookup.wizard.line"]
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": "Erika Muster", "email": "erika@muster.example"}
        )
        core = privacy_lookup_wizard.PrivacyLookupWizardLine
        errors = []
        for method in (core.action_unlink_all, type(line).action_unlink_all):
            wizard.action_lookup()
            names = {"sale.order", "sale.withdrawal", "stock.picking"}
            self.assertLessEqual(names, {*wizard.line_ids.mapped("res_model")})
            lines = wizard.line_ids.sorted("res_model", reverse=True)
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                method(lines)
            errors.append(str(caught.exception))
            self.env.invalidate_all()
            self.assertEqual(self.order.picking_ids, transfer)
            self.assertEqual(len(transfer.exists().move_ids), 1)
            self.assertTrue(self.withdrawal.exists())
        self.assertEqual(errors[0], errors[1])
