# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sends the daily mail to the users who are responsible for certificates."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formataddr

# Protections that the mail lists.
SUMMARY_LINES = 20


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    @api.model
    def _cron_send_summaries(self):
        """Write one mail to each responsible user with something to do."""
        today = fields.Date.today()
        # The queue of an archived certificate goes on.
        wanted = self.with_context(active_test=False).search(
            Domain("send_summary_mail", "=", True)
            & Domain("summary_sent_on", "!=", today)
        )
        by_user = wanted.grouped(lambda certificate: certificate._get_responsible())
        self.env["ir.cron"]._commit_progress(remaining=len(by_user))
        for user, of_user in by_user.items():
            if of_user._send_summary(user):
                of_user.summary_sent_on = today
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _send_summary(self, user):
        """Send a user a mail about what needs attention; return whether it was sent."""
        self = self.with_context(lang=user.lang or "en_US", active_test=True)
        summary = self._prepare_summary()
        if not (user.email and (summary["certificates"] or summary["protections"])):
            return False
        sender = self.company_id[:1].email_formatted or user.email_formatted
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._("Trusted Shops: action required"),
                "body_html": self.env["ir.qweb"]._render(
                    "website_sale_trustedshops.protection_summary",
                    {"user": user, **summary},
                    lang=self.env.lang,
                ),
                "email_from": sender,
                "email_to": formataddr((user.name, user.email)),
                "auto_delete": True,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True

    @api.model
    def _find_waiting(self):
        """Return the certificates with applications that are not sent yet."""
        waiting = Domain("state", "in", ("queued", "sending"))
        [[certificates]] = self.env["trustedshops.protection"]._read_group(
            waiting, [], ["certificate_id:recordset"]
        )
        return certificates

    def _prepare_summary(self):
        """Return what needs the attention of the responsible user.

        :return: ``certificates`` whose applications wait; ``protections`` that need
            attention, the oldest first; ``more``: the number of others that do
        :rtype: dict
        """
        waiting = self._find_waiting()
        refusals = {each: each._get_refusal() for each in self}
        needing = Domain("certificate_id", "in", self.ids)
        needing &= Domain("needs_attention", "=", True)
        all_protections = self.env["trustedshops.protection"]
        protections = all_protections.search(needing, order="id", limit=SUMMARY_LINES)
        return {
            "certificates": self.filtered(
                lambda each: (
                    refusals[each]
                    and (each in waiting or refusals[each] != "login_missing")
                )
            ),
            "protections": protections,
            "more": all_protections.search_count(needing) - len(protections),
        }
