# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .. import const
from ..lib.review_links import make_rate_later_url, make_rate_now_url


class TrustedShopsCertificate(models.Model):
    """What buyers find at Trusted Shops after their order."""

    _inherit = "trustedshops.certificate"

    guarantee_amount = fields.Monetary(
        string="Free Protection up to",
        currency_field="guarantee_currency_id",
        readonly=True,
        copy=False,
        help="What a purchase is protected up to free of charge when buyers apply by"
        " themselves, as stated by Trusted Shops. 0: nothing is stated.",
    )
    guarantee_currency_id = fields.Many2one(
        "res.currency", readonly=True, copy=False, ondelete="restrict"
    )

    def _prepare_guarantee(self, trustmark):
        """Return the values for what Trusted Shops says about its guarantee.

        :param trustmark: entry of the public list, None when there is none
        :type trustmark: Trustmark or None
        :rtype: dict
        """
        currencies = self.env["res.currency"].with_context(active_test=False)
        name = trustmark.protection_currency if trustmark else False
        currency = currencies.search([("name", "=", name)], limit=1)
        amount = trustmark.max_protection_amount if currency else 0
        return {
            "guarantee_amount": amount or 0,
            "guarantee_currency_id": currency.id,
        }

    def _get_free_amount(self):
        """Return up to which amount buyers are protected free of charge.

        What a table of fees covers costs money, also for who calls that Classic.

        :return: in the currency of the guarantee; 0 when it is not known
        :rtype: float
        """
        return 0 if self.item_ids else self.guarantee_amount

    # === TO WHOM === #

    def _is_card_shown_to(self, user):
        """Tell whether buyers may get the Trustcard and links to review the shop.

        :param user: record of ``res.users``: the buyer
        :rtype: bool
        """
        if not self or not self._is_meant_for_website():
            return False
        # Whose shop is not audited may still collect reviews.
        if self.state == "no_audit":
            is_live = self.environment == "production"
            return is_live or user._is_internal() or self._are_tests_public()
        return self._is_visible_to(user)

    def _is_classic(self):
        """Tell whether buyers apply for Buyer Protection by themselves.

        :rtype: bool
        """
        return self.protection_model == "classic" and self.state in const.TEST_STATES

    # === WHERE === #

    def _get_page_url(self, pattern):
        """Override: a test certificate leads to the pages of its own system."""
        return self._move_to_environment(super()._get_page_url(pattern))

    def _move_to_environment(self, url):
        """Return the address of a page on the system that knows this certificate.

        :param str url: on the public site
        :rtype: str
        """
        if self.environment == "production":
            return url
        site = const.QA_SITE
        if self.environment == "sandbox":
            site = self._get_sandbox_url().rstrip("/")
        return f"{site}/{url.split('/', 3)[3]}"

    def _get_rate_urls(self, lang_code, **order):
        """Return the addresses at which a buyer reviews the shop.

        :param str lang_code: the buyer's language, for example ``de_DE``
        :param order: ``email``, ``order_reference`` and ``ordered_at``
        :return: ``now`` and ``later``
        :rtype: dict[str, str]
        """
        self.ensure_one()
        now = make_rate_now_url(self.ts_id, lang_code[:2], **order)
        later = make_rate_later_url(self.ts_id, days=const.REVIEW_DAYS, **order)
        return {
            "now": self._move_to_environment(now),
            "later": self._move_to_environment(later),
        }
