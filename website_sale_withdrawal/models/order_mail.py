# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    """Adds a link to the mails of an order.

    The link goes around the content of a mail, not into its template: shops keep the
    templates that they have, and each website may choose another.
    """

    _inherit = "sale.order"

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        """Override of `sale` to add the link to withdraw, for orders of websites."""
        self.ensure_one()
        if self.website_id:
            self = self.with_context(withdrawal_link=True)
        # Pass no argument that is the default, as core does: core's tests check that.
        deferring = {} if allow_deferred_sending else {"allow_deferred_sending": False}
        return super()._send_order_notification_mail(mail_template, **deferring)

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Override of `mail` to add ``withdrawal_url`` to the mails of an order.

        :meth:`_send_order_notification_mail` asks for it by the context.
        """
        values = super()._notify_by_email_prepare_rendering_context(
            message, *args, **kwargs
        )
        if self.env.context.get("withdrawal_link"):
            values["withdrawal_url"] = self.get_base_url() + self._withdrawal_get_path()
        return values
