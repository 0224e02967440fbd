# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Route of the data that the block of product reviews loads after the page."""

from odoo.http import Controller, request, route

from odoo.addons.website_sale_trustedshops.const import READ_ROUTE
from odoo.addons.website_sale_trustedshops.framework import get_website


class TrustedShopsProductSnippet(Controller):
    @route(
        "/shop/trustedshops/product/<int:product_id>",
        auth="public",
        save_session=False,
        **READ_ROUTE,
    )
    def trustedshops_product(self, product_id, **_kwargs):
        """Return the identifier of a product at Trusted Shops as JSON.

        Only pages with the block of product reviews request it, so other pages need no
        query.

        :param int product_id: id of ``product.template``
        :return: response with ``sku``, '' if the visitor may not see the product, or if
            it has none
        """
        sku = get_website(request.env)._trustedshops_get_sku(product_id)
        return request.make_json_response({"sku": sku})
