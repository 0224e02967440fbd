# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo.http import request, route

from odoo.addons.website_sale.controllers.delivery import Delivery
from odoo.addons.website_sale.controllers.payment import PaymentPortal
from odoo.addons.website_sale_trustedshops.controllers import prefetch
from odoo.addons.website_sale_trustedshops.models.failure import log_failure

_logger = logging.getLogger(__name__)


class TrustedShopsReviewsCheckout(Delivery):
    @route(
        "/shop/trustedshops/reviews",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def shop_trustedshops_reviews(self, key="", ticked=None, in_place=None, **_post):
        """Keep, or forget, that the visitor agrees to be invited to a review.

        For his own cart only. Whatever goes wrong, he can go on and pay.

        :param str key: of the words that he saw
        :param ticked: not sent by a box that is not ticked
        :type ticked: str or None
        :param in_place: whether our script asks: it stays on the page
        :type in_place: str or None
        :return: JSON with ``ticked`` for the script (null: not known), else the way
            back to the page
        """
        is_ticked = self._trustedshops_try_to_tick(
            request.cart, "_trustedshops_tick_review", bool(ticked), key
        )
        if in_place:
            return request.make_json_response({"ticked": is_ticked})
        return request.redirect("/shop/payment#trustedshops_review_box", code=303)

    @route(
        "/shop/trustedshops/reviews/ordered",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def shop_trustedshops_reviews_ordered(
        self, key="", ticked=None, in_place=None, **_post
    ):
        """Note that the visitor agrees after his order, for his own last one only.

        What he agreed to he takes back on the page of the order, as anybody does.

        :param str key: see above
        :param ticked: see above
        :param in_place: see above
        :return: see above; ``ticked`` also when he agreed before
        """
        own_id = request.session.get("sale_last_order_id")
        order_sudo = request.env["sale.order"].sudo().browse(own_id or ()).exists()
        is_ticked = self._trustedshops_try_to_tick(
            order_sudo, "_trustedshops_agree_late", bool(ticked), key
        )
        if in_place:
            return request.make_json_response({"ticked": is_ticked})
        return request.redirect("/shop/confirmation", code=303)

    def _trustedshops_try_to_tick(self, order_sudo, name, *args):
        """Return whether the box is ticked now; None after a failure, which is logged.

        :param order_sudo: record of ``sale.order``, may be empty
        :param str name: of its method
        :param args: of the method
        """
        if not order_sudo:
            return False
        try:
            with request.env.cr.savepoint():
                return getattr(order_sudo, name)(*args)
        except psycopg2.OperationalError:
            raise  # the framework repeats the whole request
        except Exception as error:
            text = "Tick for reviews of order %s"
            log_failure(_logger, error, text, order_sudo.id)
            return None

    def _get_shop_payment_values(self, order, **kwargs):
        """Override of `website_sale` to ask whether the buyer may be invited."""
        values = super()._get_shop_payment_values(order, **kwargs)
        question = order._trustedshops_get_review_question(
            can_write=not prefetch.is_prefetch()
        )
        if question:
            values["trustedshops_no_store"] = True
        values["trustedshops_review"] = question
        return values

    def _prepare_shop_payment_confirmation_values(self, order):
        """Override of `website_sale` to ask after the order, where the shop does."""
        values = super()._prepare_shop_payment_confirmation_values(order)
        values["trustedshops_review"] = order._trustedshops_get_late_question()
        return values


class TrustedShopsReviewsPayment(PaymentPortal):
    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Override of `website_sale`: a payment that begins here remembers the tick.

        Express checkout names no amount: its wallet showed no box.
        """
        if kwargs.get("amount"):
            request.update_context(trustedshops_is_payment_page=True)
        return super().shop_payment_transaction(order_id, access_token, **kwargs)
