# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...client_action import show
from ..buyer_mail import ask_about_mail
from .buttons import press
from .standing import NOT_CONCLUDED_STATES


class TrustedShopsProtection(models.Model):
    """The mails to the buyer, by hand, and what their templates say."""

    _inherit = "trustedshops.protection"

    mail_ids = fields.One2many(
        "trustedshops.buyer.mail", "protection_id", string="Mails"
    )

    # === COMING BACK === #
    def _message_receive_bounce(self, email, partner):
        """Override of `mail` to have a person check an address that took no mail."""
        result = super()._message_receive_bounce(email, partner)
        bounced = email_normalize(email)
        for protection in self:
            order = protection.order_id
            # That of the purchase, and the present one, to which Resend mails.
            mailed = (protection.buyer_email, order._trustedshops_get_email())
            if bounced and bounced in mailed:
                ask_about_mail(protection, "mail_returned")
        return result

    # === BUTTONS === #
    def action_preview_mail(self):
        """Open the preview of the mail that the buyer gets, or would get.

        :rtype: dict
        :raise UserError: when it has no template
        """
        self.ensure_one()
        kind = "failed" if self.state in NOT_CONCLUDED_STATES else "confirmed"
        template = self.certificate_id._require_mail_template(kind)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail.mail_template_preview_action"
        )
        return {
            **action,
            "name": self.env._("Preview Mail"),
            "context": {
                "default_mail_template_id": template.id,
                "default_resource_ref": f"{self._name},{self.id}",
                "default_lang": self._get_buyer_lang(),
            },
        }

    def action_resend_mail(self):
        """Send the buyer's mail again although it was sent, by a person's wish.

        It goes to the customer's present address: the one that Trusted Shops was told
        may be wrong.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nothing is decided yet, or nothing can be sent
        """
        protection_sudo = press(self, "resend_mail")
        mail_sudo = protection_sudo.mail_ids._follow(protection_sudo)
        if not mail_sudo.try_lock_for_update():  # the queue writes it right now
            raise UserError(self._explain("busy"))
        template = protection_sudo.certificate_id._require_mail_template(mail_sudo.kind)
        mail_sudo._close_todos()
        email = protection_sudo.order_id._trustedshops_get_email()
        is_corrected = email and email != protection_sudo.buyer_email
        # A template that names partners finds their present address by itself.
        values = {"email_to": email} if is_corrected and template.email_to else {}
        mail_sudo._compose(**values)
        text = protection_sudo._explain("resent")
        protection_sudo._post_note(text)
        return show(text)

    # === FOR THE TEMPLATES === #
    def _get_buyer_lang(self):
        """Return the language of the purchase, while the shop still has it.

        :rtype: str
        """
        for code in (self.lang_id.sudo().code, self.partner_id.sudo().lang):
            if code and self.env["res.lang"]._get_data(code=code):
                return code
        return "en_US"

    def _get_claim_url(self):
        """Return where the buyer makes a claim, in the reader's language.

        :rtype: str
        """
        return self.certificate_id.sudo()._get_shopper_page("claim_url")
