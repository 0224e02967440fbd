# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import formatLang

from ..lib.review_links import make_reviews_url
from ..lib.widget_hosts import make_widget_script_url

BEST_MARK = 5


class TrustedShopsCertificate(models.Model):
    """What the blocks of the website builder show of a certificate."""

    _inherit = "trustedshops.certificate"

    @api.model
    def _get_snippet_data(self, website_id, lang_code):
        """Return what our blocks need on a website, in the language of the page.

        All texts come from here, in that language, and all are plain texts. Whoever
        put a block into a page wants it there, also where the seal in the footer is
        switched off.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :return: empty when there is no certificate for it; without a seal when none is
            in force but the shop may collect reviews
        :rtype: dict
        """
        found = self.sudo().browse(self._find_id_for(website_id, lang_code) or ())
        certificate = found.with_context(lang=lang_code)
        website_sudo = self.env["website"].sudo().browse(website_id)
        if not certificate._is_card_shown_to(website_sudo.user_id):
            return {}
        is_in_force = certificate._is_shown_to_everybody()
        seal = certificate._prepare_block() if is_in_force else {}
        reviews_url = make_reviews_url(certificate.ts_id, lang_code[:2])
        return {
            **seal,
            "reviewsUrl": certificate._move_to_environment(reviews_url),
            "rating": certificate._prepare_rating(),
            "notice": certificate._get_rating_notice(),
            "consent": certificate.badge_consent,
            "cookiesBar": website_sudo.cookies_bar,
            "widgetScript": make_widget_script_url(
                certificate.environment, self._get_sandbox_url()
            ),
        }

    def _prepare_block(self):
        """Return what a block of the seal is made of."""
        return {
            **self._prepare_seal(),
            "label": self.env._("Certified by Trusted Shops"),
            "hint": self.env._("See the certificate (opens a new window)"),
            "reviewsHint": self.env._("See the reviews (opens a new window)"),
        }

    def _prepare_rating(self):
        """Return what stars need, beside the sentence about the reviews.

        :return: None when no rating may be shown
        :rtype: dict or None
        """
        if not self._has_fresh_rating():
            return None
        value = formatLang(self.env, self.rating_value, digits=2)
        return {
            "percent": round(self.rating_value / BEST_MARK * 100),
            "text": self.env._("%(value)s of 5", value=value),
            "count": self._describe_rating_count(),
            "link": self.env._("How reviews are checked"),
        }

    def _describe_rating_count(self):
        """Return how many reviews the rating is made of, in words."""
        if self.rating_count == 1:
            return self.env._("1 review")
        count = formatLang(self.env, self.rating_count, digits=0)
        return self.env._("%(count)s reviews", count=count)
