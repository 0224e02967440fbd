# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formataddr

from .. import const
from .trustedshops_protection import NOT_CONCLUDED_STATES


class TrustedShopsProtection(models.Model):
    """The daily mail to the responsible user, on days on which something needs him."""

    _inherit = "trustedshops.protection"

    @api.model
    def _cron_send_summaries(self):
        """Write one mail to each responsible user with something to do."""
        today = fields.Date.today()
        certificates = self.env["trustedshops.certificate"].with_context(
            active_test=False  # an archived one's queue goes on
        )
        wanted = certificates.search(
            Domain("send_summary_mail", "=", True)
            & (
                Domain("summary_sent_on", "=", False)
                | Domain("summary_sent_on", "<", today)
            )
        )
        by_user = wanted.grouped(lambda certificate: certificate._get_responsible())
        self.env["ir.cron"]._commit_progress(remaining=len(by_user))
        for user, of_user in by_user.items():
            if self._send_summary(user, of_user):
                of_user.summary_sent_on = today
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _send_summary(self, user, certificates):
        """Give a user's mail to the mail queue of Odoo.

        :param user: record of ``res.users``
        :param certificates: those for which he is responsible
        :return: whether there was something to write
        :rtype: bool
        """
        self = self.with_context(lang=user.lang or "en_US")
        groups = self._get_summary_groups(certificates)
        if not (groups and user.email):
            return False
        company = certificates.company_id[:1]
        body = self.env["ir.qweb"]._render(
            "website_sale_trustedshops.protection_summary",
            {"groups": groups, "user": user},
            lang=self.env.lang,
        )
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._("Trusted Shops: what needs you today"),
                "body_html": body,
                "email_from": company.email_formatted or user.email_formatted,
                "email_to": formataddr((user.name, user.email)),
                "auto_delete": True,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True

    @api.model
    def _get_summary_groups(self, certificates):
        """Return what needs the responsible user.

        :param certificates: records of ``trustedshops.certificate``
        :return: dicts of ``title``, ``count`` and ``lines``, which are dicts of
            ``name``, ``text`` and ``url``, the oldest first; none without lines
        :rtype: list of dict
        """
        of_user = Domain("certificate_id", "in", certificates.ids)
        waiting = self._get_waiting_certificates()
        held = certificates.filtered(
            lambda each: each.hold_reason or (each in waiting and not each.has_ws_login)
        ).with_env(self.env)
        groups = [
            {
                "title": self.env._("Certificates whose applications wait"),
                "count": len(held),
                "lines": [each._prepare_summary_line(each.attention) for each in held],
            }
        ]
        for title, domain in self._get_attention_domains():
            rows = self.search(of_user & domain, order="id", limit=const.SUMMARY_LINES)
            groups.append(
                {
                    "title": title,
                    "count": self.search_count(of_user & domain),
                    "lines": [
                        row.certificate_id._prepare_summary_line(row.last_error, row)
                        for row in rows
                    ],
                }
            )
        return [group for group in groups if group["lines"]]

    @api.model
    def _get_attention_domains(self):
        """Return which rows need a person, each sort with its title.

        :rtype: list of (str, Domain)
        """
        long_ago = fields.Datetime.now() - const.POLL_ATTENTION_AFTER
        requested = Domain("state", "=", "requested")
        return [
            (
                self.env._("On hold: release or give up"),
                Domain("state", "=", "on_hold"),
            ),
            (
                self.env._("Applied for, but the application number is missing"),
                requested & Domain("application_number", "=", False),
            ),
            (
                self.env._("Applied for, and not decided for a week"),
                requested
                & Domain("application_number", "!=", False)
                & Domain("requested_at", "<=", long_ago),
            ),
            (
                self.env._("Not concluded, and the fee was not paid back"),
                Domain("state", "in", NOT_CONCLUDED_STATES)
                & Domain("fee_state", "in", ("due", "invoiced")),
            ),
        ]
