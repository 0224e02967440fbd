# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import request, route

from odoo.addons.website_sale.controllers.main import WebsiteSale

from .. import const


class TrustedShopsConfirmation(WebsiteSale):
    """Adds Trustcard, registration button and widget to the confirmation page."""

    @route("/shop/trustedshops/card_delivered", type="jsonrpc", **const.POST_ROUTE)
    def shop_trustedshops_card_delivered(self, order_id=None):
        """Store that the browser got the Trustcard, so that it is shown only once.

        :param int order_id: order of the page; only the visitor's last order counts
        :return: ``noted``: whether there was a card to deliver
        :rtype: dict
        """
        own_id = request.session.get("sale_last_order_id")
        order_sudo = request.env["sale.order"].sudo().browse(own_id or ()).exists()
        is_own = bool(order_sudo) and order_id == own_id
        return {"noted": is_own and order_sudo._trustedshops_set_card_delivered()}

    def _prepare_shop_payment_confirmation_values(self, order):
        """Override of `website_sale` to add Trustcard, button, widget and notice.

        Put ``trustedshops_is_ordered`` into the context of the request's website, which
        the templates read.
        """
        values = super()._prepare_shop_payment_confirmation_values(order)
        # All other notices are about the cart.
        if order.trustedshops_notice == "choice_paid":
            notice = order._trustedshops_format_message("choice_paid")
            values["trustedshops_notice"] = notice
        website = request.env["website"].get_current_website()
        request.website = website.with_context(trustedshops_is_ordered=True)
        headers = request.httprequest.headers
        is_framed = headers.get("Sec-Fetch-Dest") in ("iframe", "frame")
        # The website's editor shows the page in a frame.
        if not (is_framed and request.env.user.has_group("base.group_user")):
            values |= order._trustedshops_prepare_confirmation()
        return values
