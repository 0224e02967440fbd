# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal
from odoo.addons.website_sale_trustedshops.const import POST_ROUTE
from odoo.addons.website_sale_trustedshops.controllers.portal import find_order


class TrustedShopsReviewsPortal(CustomerPortal):
    @route("/my/orders/<int:order_id>/trustedshops_stop", type="http", **POST_ROUTE)
    def portal_order_trustedshops_stop(self, order_id, access_token=None, **_post):
        """Take back the consent of an order, and redirect to the page of the order.

        A click by staff who open the page counts as one of staff.

        :param int order_id: id of an order that the visitor may see
        :param access_token: access token of the order
        :type access_token: str or None
        :return: redirect, to the portal if the visitor may not see the order
        """
        order_sudo = find_order(self, order_id, access_token)
        if not order_sudo:
            return request.redirect("/my")
        if consent_sudo := order_sudo._trustedshops_get_newest_consent():
            # Keep the user: staff can open this page, and are not the buyer.
            consent_sudo = consent_sudo.with_user(request.env.user).sudo()
            consent_sudo._withdraw(consent_sudo._get_visitor_reason())
        return request.redirect(
            order_sudo.get_portal_url(anchor="trustedshops_consent"), code=303
        )
