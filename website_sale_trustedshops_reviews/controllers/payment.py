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
        is_ticked = self._trustedshops_keep_tick(bool(ticked), key)
        if in_place:
            return request.make_json_response({"ticked": is_ticked})
        return request.redirect("/shop/payment#trustedshops_review_box", code=303)

    def _trustedshops_keep_tick(self, ticked, key):
        """Return whether the box is ticked now; None after a failure, which is logged.

        :param bool ticked: whether the visitor ticked it
        :param str key: of the words that he saw
        """
        order_sudo = request.cart
        if not order_sudo:
            return False
        try:
            with request.env.cr.savepoint():
                return order_sudo._trustedshops_tick_review(ticked, key)
        except psycopg2.OperationalError:
            raise  # the framework repeats the whole request
        except Exception as error:
            text = "Tick for reviews in the cart %s"
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


class TrustedShopsReviewsPayment(PaymentPortal):
    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Override of `website_sale`: a payment that begins here remembers the tick.

        Express checkout names no amount: its wallet showed no box.
        """
        if kwargs.get("amount"):
            request.update_context(trustedshops_is_payment_page=True)
        return super().shop_payment_transaction(order_id, access_token, **kwargs)
