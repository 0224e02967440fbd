# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain


class TrustedShopsProtection(models.Model):
    """The mails to the buyer."""

    _inherit = "trustedshops.protection"

    def _run_mails(self):
        """Write the mails of confirmed protections.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        return self._run_batch(
            self._get_mails_domain(),
            lambda protection: protection._create_confirmation_mail(),
        )

    @api.model
    def _get_mails_domain(self):
        return Domain("state", "=", "confirmed") & Domain("mail_created_at", "=", False)

    def _create_confirmation_mail(self):
        """Write the buyer's mail, once: it and its stamp are one transaction.

        The mail queue sends it, and keeps trying when the mail server is away.
        """
        template = self.env.ref(
            "website_sale_trustedshops.mail_template_protection_confirmed",
            raise_if_not_found=False,
        )
        if template:
            template.send_mail(
                self.id,
                force_send=False,
            )
        self.mail_created_at = fields.Datetime.now()
        self.order_id.message_post(
            body=self.env._(
                "Buyer Protection is confirmed, guarantee number %(number)s.",
                number=self.guarantee_number,
            )
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        self.env["ir.cron"]._commit_progress()
