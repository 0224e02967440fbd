# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

TEMPLATE_DOMAIN = [("model", "=", "trustedshops.protection")]


class TrustedShopsCertificate(models.Model):
    """Settings of the mails that a certificate sends to buyers."""

    _inherit = "trustedshops.certificate"

    send_confirmed_mail = fields.Boolean(default=True, export_string_translation=False)
    confirmed_template_id = fields.Many2one(
        "mail.template",
        domain=TEMPLATE_DOMAIN,
        export_string_translation=False,
    )
    send_failed_mail = fields.Boolean(default=True, export_string_translation=False)
    failed_template_id = fields.Many2one(
        "mail.template",
        domain=TEMPLATE_DOMAIN,
        export_string_translation=False,
    )
    conditions_attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Conditions as Files",
        help="Sent to the buyer with the confirmation.",
    )

    @api.constrains("confirmed_template_id", "failed_template_id")
    def _check_templates(self):
        for template in self.confirmed_template_id | self.failed_template_id:
            if template.sudo().model != "trustedshops.protection":
                raise ValidationError(
                    self.env._(
                        "The template “%(template)s” is not for Buyer Protection.",
                        template=template.sudo().name,
                    )
                )

    def _get_mail_template(self, kind):
        """Return the template of a mail to the buyer, in sudo.

        :param str kind: ``confirmed`` or ``failed``
        :return: record of ``mail.template``
        :raise UserError: when it was deleted
        """
        xmlid = f"website_sale_trustedshops.mail_template_protection_{kind}"
        standard = self.env.ref(xmlid, raise_if_not_found=False)
        chosen = self[f"{kind}_template_id"]
        if template := chosen or standard:
            return template.sudo()
        raise UserError(
            self.env._(
                "The template of this mail was deleted. Choose another one on the"
                " certificate, or switch the mail off there."
            )
        )
