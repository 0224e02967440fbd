# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon


class TillCommon(TrustedShopsCommon):
    """A till at which orders are settled, and taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        cls.env.user.group_ids += cls.env.ref("account.group_account_invoice")
        config = cls.env["pos.config"].create({"name": "Till"})
        config.open_ui()
        cls.session = config.current_session_id
        cls.cash = config.payment_method_ids[:1]

    def _settle(self, order, to_invoice=False, sold=None, **changes):
        """Sell lines of an order at the till, all by default, return the sale."""
        sold = order.order_line if sold is None else sold
        total = changes.get("price_unit", sum(sold.mapped("price_total")))
        now = fields.Datetime.to_string(fields.Datetime.now())
        payment = {"amount": total, "name": now, "payment_method_id": self.cash.id}
        sale = {
            "amount_paid": total,
            "amount_return": 0,
            "amount_tax": sum(sold.mapped("price_tax")),
            "amount_total": total,
            "date_order": now,
            "to_invoice": to_invoice,
            "partner_id": order.partner_id.id,
            "name": order.name,
            "session_id": self.session.id,
            "uuid": order.name,
            "user_id": self.env.uid,
            "lines": [
                fields.Command.create({**self._prepare_sold(line), **changes})
                for line in sold
            ],
            "payment_ids": [fields.Command.create(payment)],
        }
        self.env["pos.order"].sync_from_ui([sale])
        return order.pos_order_line_ids.order_id

    def _prepare_sold(self, line):
        """Return the line of a sale by which the till sells a line of an order."""
        return {
            "price_unit": line.price_unit,
            "product_id": line.product_id.id,
            "price_subtotal": line.price_subtotal,
            "price_subtotal_incl": line.price_total,
            "sale_order_line_id": line.id,
            "sale_order_origin_id": line.order_id.id,
            "extra_tax_data": line.extra_tax_data,
            "qty": 1,
            "tax_ids": [fields.Command.set(line.tax_ids.ids)],
        }

    def _make_settled(self, to_invoice=False):
        """Return a protection whose fee was paid at the till, and the sale."""
        order, protection = self._make_ticked()
        sale = self._settle(order, to_invoice)
        self.assertEqual(order.state, "sale")
        self.assertEqual(protection.state, "queued")
        protection.state = "confirmed"
        return protection, sale

    def _take_back(self, sale, fee_only=True):
        """Take lines of a sale back at the till, return the refund."""
        refund = self.env["pos.order"].browse(sale.refund()["res_id"])
        if fee_only:
            refund.lines.filtered(lambda line: line.product_id == self.goods).unlink()
        refund.to_invoice = bool(sale.account_move)
        return self._finish(refund)

    def _finish(self, refund):
        """Pay a refund out, return it."""
        refund._compute_prices()
        refund.add_payment(
            {
                "pos_order_id": refund.id,
                "amount": refund.amount_total,
                "payment_method_id": self.cash.id,
            }
        )
        refund.action_pos_order_paid()
        if refund.to_invoice:
            refund._generate_pos_order_invoice()
        return refund
