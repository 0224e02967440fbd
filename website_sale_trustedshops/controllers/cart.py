# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import request, route

from odoo.addons.website_sale.controllers.cart import Cart

from . import prefetch


class TrustedShopsCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        """Override of `website_sale`: refuse a prefetch while the fee is in the cart.

        Otherwise the browser would later show an express payment that includes the fee.
        """
        if prefetch.is_prefetch() and request.cart.trustedshops_protection_id:
            return prefetch.refuse()
        return super().cart(*args, **kwargs)

    def _get_express_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale`: express checkout never shows the box.

        The wallet charges the amount on the cart page, so drop an earlier choice before
        core reads that amount.
        """
        order._trustedshops_drop_choice("returned")
        return super()._get_express_shop_payment_values(order, **kwargs)
