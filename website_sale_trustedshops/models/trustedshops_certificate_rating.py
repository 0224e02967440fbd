# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, fields, models

from .. import const
from ..lib.exceptions import TrustedShopsError
from ..lib.ratings import RatingClient
from .trustedshops_certificate_check import FEED_TIMEOUTS

_logger = logging.getLogger(__name__)


class TrustedShopsCertificate(models.Model):
    """What buyers say about the shop, asked with every check, never for a visitor.

    No answer and no rating change nothing: the last good one stays, with the time at
    which it was told, and is not shown when that was too long ago.
    """

    _inherit = "trustedshops.certificate"

    rating_value = fields.Float(
        string="Rating",
        digits=(3, 2),
        readonly=True,
        copy=False,
        help="Mark of the last year, 5 is the best.",
    )
    rating_count = fields.Integer(string="Reviews", readonly=True, copy=False)
    rating_at = fields.Datetime(string="Rating as of", readonly=True, copy=False)
    rating_notice = fields.Char(
        string="How Reviews Are Checked",
        translate=True,
        help="The sentence beside the stars, in each language of the website. The law"
        " wants one that can be read without a click. Empty: our own.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        certificates._refresh_ratings()
        return certificates

    def _check_at_trustedshops(self, by_person=False):
        result = super()._check_at_trustedshops(by_person=by_person)
        self._refresh_ratings()
        return result

    def _refresh_ratings(self):
        """Ask for the ratings of the certificates and store what is told."""
        for certificate_sudo in self.sudo().filtered(lambda each: each._is_answered()):
            rating = certificate_sudo._ask_for_rating()
            if rating:
                certificate_sudo.with_context(trustedshops_proposal=True).write(
                    {
                        "rating_value": float(rating.value),
                        "rating_count": rating.count,
                        "rating_at": fields.Datetime.now(),
                    }
                )

    def _is_answered(self):
        """Tell whether Trusted Shops knows the certificate, as far as we know."""
        return self.state not in ("draft", "invalid")

    def _ask_for_rating(self):
        """Ask for the rating; whatever fails is no reason to fail here.

        :return: None when no rating is known, or nobody answers
        :rtype: Rating or None
        """
        try:
            feed_url = self._get_feed_url(self.environment)
            with RatingClient(feed_url, **FEED_TIMEOUTS) as client:
                return client.get_rating(self.ts_id)
        except (TrustedShopsError, ValueError) as error:
            _logger.info("Certificate %s: no rating (%s)", self.id, error)
            return None

    def _get_rating_notice(self):
        """Return the sentence that tells how reviews are checked, never empty.

        In the language of the context. Trusted Shops itself promises no more than this.
        """
        return (self.rating_notice or "").strip() or self.env._(
            "The reviews are collected by Trusted Shops, which takes reasonable and"
            " proportionate steps to make sure that they are genuine."
        )

    def _has_fresh_rating(self):
        """Tell whether the rating may be shown."""
        oldest = fields.Datetime.now() - const.RATING_FRESH
        return bool(self.rating_count and self.rating_at and self.rating_at >= oldest)
