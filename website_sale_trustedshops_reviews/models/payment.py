# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    # The tick in the cart when this payment began on the payment page. Other payments
    # (express, portal, link, till, by staff) have none, so they give no consent. A tick
    # that the buyer took back in the meantime is deleted.
    trustedshops_tick_id = fields.Many2one(
        "trustedshops.consent",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
        groups="base.group_system",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `payment` to store the tick of a payment on the payment page."""
        transactions = super().create(vals_list)
        if self.env.context.get("trustedshops_is_payment_page"):
            texts = self.env["trustedshops.consent.text"]
            for transaction in transactions.sudo():
                order = transaction.sale_order_ids[:1]
                if texts._is_asked_on(order.website_id.id):
                    transaction.trustedshops_tick_id = order._trustedshops_get_tick()
            # Flush now: if the tick was deleted in the meantime, the framework repeats
            # the request. After the call to the provider, that would pay twice.
            transactions.sudo().flush_recordset(["trustedshops_tick_id"])
        return transactions
