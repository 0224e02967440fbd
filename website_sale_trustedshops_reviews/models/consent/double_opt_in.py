# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mails about a consent, and the double opt-in, which a link in one confirms."""

import logging

from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.website_sale_trustedshops.models.failure import log_failure

from ... import const
from .consent import CONFIRM_WITHIN, wait_for_first_click

_logger = logging.getLogger(__name__)


class TrustedShopsConsent(models.Model):
    _inherit = "trustedshops.consent"

    # A mail is created for a request to confirm, and for a consent whose stop link
    # stands in no mail of the order.
    mail_due = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    mailed_at = fields.Datetime(string="Mailed at", readonly=True)
    # The mail, until it is deleted. Its links are for the buyer alone, so it is
    # attached to no record.
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    _mail_idx = models.Index("(id) WHERE mail_due")

    # === THE CONFIRMATION === #
    def _is_waiting(self):
        """Return True if the request can still be confirmed and the shop still asks."""
        self.ensure_one()
        return (
            self.kind == "requested"
            and fields.Datetime.now() < self.moment + CONFIRM_WITHIN
            and not self.confirmation_ids
            and self._is_followed()
            and not self._is_stopped()
        )

    def _is_followed(self):
        """Return True if the shop still asks and the order stands: it may invite."""
        # An order that waits for a bank transfer is "sent" or "draft".
        is_open = self.order_id.state in ("draft", "sent", "sale")
        return is_open and self.channel_id._is_asking()

    def _confirm(self):
        """Add the consent for which this request asked."""
        # Without this the unique index would refuse the row of a second click, and the
        # log would show the address.
        wait_for_first_click(self)
        copied = ("email", "text", "privacy_url")
        linked = ("order_id", "lang_id", "channel_id", "company_id")
        self.with_user(SUPERUSER_ID).create(
            {
                **{name: self[name] for name in copied},
                **{name: self[name].id for name in linked},
                "kind": "given",
                "mode": const.DOUBLE_OPT_IN,
                "moment": fields.Datetime.now(),
                "request_id": self.id,
            }
        )

    # === THE MAIL === #
    @api.model
    def _cron_send_mails(self):
        """Create the mails about consents that are due, each once.

        One transaction stores the mail and its moment; Odoo's mail queue sends it. One
        failure does not stop the others.
        """
        due = self.sudo().search([("mail_due", "=", True)], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for row in due:
            row._try_to_send_mail()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _try_to_send_mail(self):
        """Create the mail of one row, if it still needs one.

        A failure is logged, and the next run tries again.
        """
        try:
            with self.env.cr.savepoint():
                row = self.try_lock_for_update().filtered("mail_due")
                if row.kind == "given":
                    row._send_stop_link()
                elif row and row._is_waiting():
                    row._send_mail("mail_template_consent_confirm")
        except Exception as error:
            log_failure(_logger, error, "Consent %s: no mail", self.id)

    def _send_stop_link(self):
        """Create the mail with the stop link, unless the consent was taken back."""
        if self._is_stopped():
            self.mail_due = False
        else:
            self._send_mail("mail_template_consent_given")

    def _send_mail(self, template_name):
        """Create the mail of one row.

        :param str template_name: in this addon
        """
        addon = "website_sale_trustedshops_reviews"
        template = self.env.ref(f"{addon}.{template_name}")
        self.write({"mail_due": False, "mailed_at": fields.Datetime.now()})
        self.mail_id = template.sudo().send_mail(
            self.id,
            email_layout_xmlid=f"{addon}.consent_mail_layout",
            email_values={"model": False, "res_id": False},
        )

    @api.model
    def _stop_mails(self, email, company):
        """Delete the waiting mails that ask an address to confirm.

        A mail for a request that is newer than the withdrawal stays.

        :param str email: normalized
        :param company: record of ``res.company``
        """
        mailed = self._find_by_address(email, company).filtered("mail_id")
        ended = mailed.filtered(lambda each: each._is_stopped())
        ended._unlink_mails([("state", "!=", "sent")])

    def _unlink_mails(self, domain):
        """Delete mails of these rows, except one that the mail queue is sending.

        :param domain: which mails, a domain on ``mail.mail``
        """
        mails_sudo = self.sudo().mail_id.filtered_domain(domain)
        mails_sudo.try_lock_for_update().unlink()

    # === WHAT THE TEMPLATE ASKS === #
    def _is_erased_before(self):
        """Return True if the buyer's data was erased, so that a tick is not enough."""
        suppressions = self.env["trustedshops.suppression"]
        return suppressions._is_erased(self.email, self.company_id)

    def _get_buyer_lang(self):
        """Return the language in which the buyer ticked, English if it is gone.

        :rtype: str
        """
        code = self.lang_id.code
        is_known = code and self.env["res.lang"]._get_data(code=code)
        return code if is_known else "en_US"
