# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields

from odoo.addons.website_sale_trustedshops_reviews.tests.invitation_common import (
    InvitationCommon,
)


class TestTillDelivery(InvitationCommon):
    """What is handed over at a till was delivered, although no transfer brought it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        config = cls.env["pos.config"].create({"name": "Till"})
        config.open_ui()
        cls.session = config.current_session_id
        cls.cash = config.payment_method_ids[:1]

    def _settle(self, order, quantity):
        """Hand some of the one line of an order over at the till, for its price."""
        line = order.order_line
        total = quantity * line.price_unit
        now = fields.Datetime.to_string(fields.Datetime.now())
        sold = {
            "price_unit": line.price_unit,
            "product_id": line.product_id.id,
            "price_subtotal": total,
            "price_subtotal_incl": total,
            "sale_order_line_id": line.id,
            "sale_order_origin_id": order.id,
            "qty": quantity,
        }
        payment = {"amount": total, "name": now, "payment_method_id": self.cash.id}
        sale = {
            "amount_paid": total,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": total,
            "date_order": now,
            "partner_id": order.partner_id.id,
            "name": f"{order.name}-{quantity}",
            "session_id": self.session.id,
            "uuid": f"{order.name}-{quantity}",
            "user_id": self.env.uid,
            "lines": [Command.create(sold)],
            "payment_ids": [Command.create(payment)],
        }
        self.env["pos.order"].sync_from_ui([sale])

    def test_an_order_of_the_website_that_is_fetched_at_the_till(self):
        chair = self._make_goods(available_in_pos=True)
        order = self._make_order(**self._make_lines(chair, quantity=3))
        self._settle(order, 1)
        self._run_invites()
        self.assertState(order, "waiting", "not_delivered")
        self._settle(order, 2)
        self._run_invites(hours=1)
        self.assertState(order, "accepted")

    def test_sale_at_the_till_gets_no_invitation(self):
        self.env["pos.order"].create(
            {
                "session_id": self.session.id,
                "partner_id": self.buyer.id,
                "amount_tax": 0,
                "amount_total": 0,
                "amount_paid": 0,
                "amount_return": 0,
            }
        )
        self._run_invites()
        self.assertFalse(self.invitations.search([]))
