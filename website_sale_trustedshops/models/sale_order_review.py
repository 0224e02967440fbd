# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    """Links by which a buyer reviews the shop at Trusted Shops."""

    _inherit = "sale.order"

    def _trustedshops_get_rate_urls(self):
        """Return the addresses at which the buyer reviews the shop.

        In the language of the context.

        :return: ``now`` and ``later``; empty when there is nothing to review
        :rtype: dict[str, str]
        """
        self.ensure_one()
        certificate_sudo = self._trustedshops_get_certificate_after()
        email = self._trustedshops_get_email()
        if (
            not email
            or not self._trustedshops_is_ordered()
            or not certificate_sudo._is_card_shown_to(self.env.user)
        ):
            return {}
        return certificate_sudo._get_rate_urls(
            self.env.lang or self.website_id.default_lang_id.code,
            email=email,
            order_reference=self.name,
            ordered_at=self._trustedshops_get_ordered_at(),
        )
