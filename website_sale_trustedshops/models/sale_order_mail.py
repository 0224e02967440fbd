# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class SaleOrder(models.Model):
    """What the mails of the order itself say about Buyer Protection.

    Which template they are made from is the merchant's choice, and core's is his to
    edit: the sentence is added to whatever was rendered.
    """

    _inherit = "sale.order"

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        """Override of `sale` to have the mail say that a protection was ordered."""
        self.ensure_one()
        protection_sudo = self.sudo().trustedshops_protection_id
        if mail_template and protection_sudo:
            lang = mail_template.sudo()._render_lang(self.ids)[self.id]
            lang = lang or protection_sudo._get_buyer_lang()
            self = self.with_context(trustedshops_mail_lang=lang)
        # As core calls it, without what is the default anyway: its tests look at that.
        deferring = {} if allow_deferred_sending else {"allow_deferred_sending": False}
        return super()._send_order_notification_mail(mail_template, **deferring)

    def message_post(self, **kwargs):
        """Override of `mail`: see :meth:`_send_order_notification_mail`."""
        if lang := self.env.context.get("trustedshops_mail_lang"):
            status = self._trustedshops_render_mail_status(lang)
            kwargs["body"] = kwargs.get("body", "") + status
        return super().message_post(**kwargs)

    def _trustedshops_render_mail_status(self, lang):
        """Return a paragraph for the mail of the order.

        :param str lang: code of the buyer's language
        :return: '' when there is nothing to say
        :rtype: markupsafe.Markup
        """
        protection_sudo = self.sudo().with_context(lang=lang).trustedshops_protection_id
        return self.env["ir.qweb"]._render(
            "website_sale_trustedshops.protection_mail_status",
            {"status": protection_sudo._get_mail_status()},
            lang=lang,
        )
