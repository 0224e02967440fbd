# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    """Links by which a buyer reviews the shop at Trusted Shops."""

    _inherit = "sale.order"

    def _trustedshops_get_rate_urls(self):
        """Return the addresses at which the buyer reviews the shop.

        Texts in the language of the context; templates of mails may use them, too.

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

    def _send_order_notification_mail(self, mail_template, **kwargs):
        """Override of `sale`: the confirmation alone may ask for a review."""
        order = self
        if mail_template and mail_template == self._get_confirmation_template():
            order = self.with_context(trustedshops_review_links=True)
        return super(SaleOrder, order)._send_order_notification_mail(
            mail_template, **kwargs
        )

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Override of `sale` to add the links to the layout of the mail."""
        values = super()._notify_by_email_prepare_rendering_context(
            message, *args, **kwargs
        )
        if self.env.context.get("trustedshops_review_links"):
            # The superuser sends it: what visitors may not see stays out of it.
            visitor = self.website_id.user_id or self.env.user
            order = self.with_user(visitor).sudo().with_context(lang=values["lang"])
            certificate_sudo = order._trustedshops_get_certificate_after()
            if certificate_sudo.review_links_in_mail:
                values["trustedshops_rate_urls"] = order._trustedshops_get_rate_urls()
        return values
