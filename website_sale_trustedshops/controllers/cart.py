# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import request, route

from odoo.addons.website_sale.controllers.cart import Cart

from . import prefetch


class TrustedShopsCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        """Override of `website_sale`: refuse to be prefetched with the fee in the cart.

        The page would later offer an express payment of a total with the fee.
        """
        if prefetch.is_prefetch() and request.cart.trustedshops_protection_id:
            return prefetch.refuse()
        return super().cart(*args, **kwargs)

    def _get_express_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale`: express checkout never shows the box.

        The wallet charges the amount on the cart page, so an earlier choice is dropped
        before that amount is read.
        """
        order._trustedshops_drop_choice("returned")
        return super()._get_express_shop_payment_values(order, **kwargs)
