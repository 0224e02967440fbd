# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.website_sale.controllers.cart import Cart


class TrustedShopsCart(Cart):
    def _get_express_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale`: express checkout never shows the box.

        The wallet charges what the cart page tells it, so a choice made earlier goes
        before that amount is read.
        """
        order._trustedshops_drop_after_change()
        return super()._get_express_shop_payment_values(order, **kwargs)
