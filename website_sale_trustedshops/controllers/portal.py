# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal, PaymentPortal

from .. import const
from . import prefetch


def find_order(controller, order_id, access_token):
    """Return the order if the visitor may see it, else an empty record.

    :param controller: portal controller, which checks the access
    :param int order_id: id of ``sale.order``
    :param access_token: access token of the order
    :type access_token: str or None
    :return: record of ``sale.order`` in sudo
    """
    try:
        return controller._document_check_access(
            "sale.order", order_id, access_token=access_token
        )
    except (AccessError, MissingError):
        return request.env["sale.order"].sudo()


def find_droppable_order(controller, order_id, access_token):
    """Return the order if Buyer Protection can still be taken out of it.

    The parameters are those of :func:`find_order`.

    :return: record of ``sale.order`` in sudo; empty if nothing can be taken out, or the
        visitor may not see the order, whose page core then refuses
    """
    order_sudo = find_order(controller, order_id, access_token)
    return order_sudo.filtered(lambda order: order._trustedshops_can_remove_choice())


class TrustedShopsPortal(CustomerPortal):
    """Removes Buyer Protection from carts, because the portal does not offer it."""

    @route()
    def portal_order_page(
        self, order_id, report_type=None, access_token=None, **kwargs
    ):
        """Override of `sale` to take Buyer Protection out before the buyer pays here.

        The page says so. Change nothing for staff who visit the order of another user,
        for a prefetch, or for a report.
        """
        user = request.env.user
        order_sudo = find_droppable_order(self, order_id, access_token)
        is_buyer = user.share or order_sudo.partner_id == user.partner_id
        dropped = (
            order_sudo and is_buyer and not (report_type or prefetch.is_prefetch())
        )
        if dropped:
            order_sudo._trustedshops_remove_choice()
        response = super().portal_order_page(
            order_id, report_type=report_type, access_token=access_token, **kwargs
        )
        if dropped and response.qcontext:
            notice = order_sudo._trustedshops_format_message("choice_portal")
            response.qcontext["trustedshops_notice"] = notice
        return response

    @route(
        "/my/orders/<int:order_id>/trustedshops_registration",
        type="jsonrpc",
        **const.POST_ROUTE,
    )
    def portal_order_trustedshops_registration(self, order_id, access_token=None):
        """Store when the buyer opened the registration form at Trusted Shops.

        :param int order_id: the visitor's last order, or another that they may see
        :param access_token: access token of the order
        :type access_token: str or None
        :return: ``noted``: whether there was a form to open
        :rtype: dict
        """
        order_sudo = request.env["sale.order"].sudo().browse(order_id).exists()
        is_last = order_id == request.session.get("sale_last_order_id")
        if not is_last and not find_order(self, order_id, access_token):
            return {"noted": False}
        return {
            "noted": bool(order_sudo)
            and order_sudo._trustedshops_set_registration_opened()
        }

    def _get_payment_values(
        self, order_sudo, is_down_payment=False, payment_amount=None, **kwargs
    ):
        """Override of `sale` to limit the amount to the total of a website's order.

        Core charges the amount of a payment link, which may include a fee that has been
        dropped since.
        """
        if payment_amount and order_sudo.website_id:
            payment_amount = min(payment_amount, order_sudo.amount_total)
        return super()._get_payment_values(
            order_sudo,
            is_down_payment=is_down_payment,
            payment_amount=payment_amount,
            **kwargs,
        )

    @route()
    def portal_quote_accept(self, order_id, access_token=None, **kwargs):
        """Override of `sale` to take Buyer Protection out before the buyer signs."""
        token = access_token or request.httprequest.args.get("access_token")
        if order_sudo := find_droppable_order(self, order_id, token):
            order_sudo._trustedshops_remove_choice()
        return super().portal_quote_accept(
            order_id, access_token=access_token, **kwargs
        )


class TrustedShopsPortalPayment(PaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """Override of `sale` to take out the fee, which the portal never shows.

        :raise ValidationError: when the amount is not the total without the fee
        :raise UserError: when the order is being changed or paid
        """
        for order_sudo in find_droppable_order(self, order_id, access_token):
            order_sudo._trustedshops_sync_with_page(is_shown=False)
            if order_sudo.currency_id.compare_amounts(
                kwargs.get("amount") or 0.0, order_sudo.amount_total
            ):
                raise ValidationError(
                    order_sudo._trustedshops_format_message("choice_outdated")
                )
        return super().portal_order_transaction(order_id, access_token, **kwargs)
