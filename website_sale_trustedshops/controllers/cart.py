# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import request, route

from odoo.addons.website_sale.controllers.cart import Cart

from . import prefetch


class TrustedShopsCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        """Override of `website_sale`: fetched ahead of time it changes nothing.

        Shown later it would offer an express payment of a total with the fee.
        """
        if prefetch.is_prefetch() and request.cart.trustedshops_protection_id:
            return prefetch.refuse()
        return super().cart(*args, **kwargs)

    def _get_express_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale`: express checkout never shows the box.

        The wallet charges what the cart page tells it, so a choice made earlier goes
        before that amount is read.
        """
        order._trustedshops_drop_choice("returned")
        return super()._get_express_shop_payment_values(order, **kwargs)
