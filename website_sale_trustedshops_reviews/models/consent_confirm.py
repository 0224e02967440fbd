# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The consent that is confirmed by a link in a mail."""

import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from odoo.addons.website_sale_trustedshops.models.failure import log_failure

from .. import const

_logger = logging.getLogger(__name__)
MAIL_TEMPLATE = "website_sale_trustedshops_reviews.mail_template_consent_confirm"
MAIL_LAYOUT = "website_sale_trustedshops_reviews.consent_mail_layout"
# Orders whose buyers are asked: one that waits for a transfer is "sent" or "draft".
PLACED = ("draft", "sent", "sale")


class TrustedShopsConsent(models.Model):
    _inherit = "trustedshops.consent"

    # The mail that asks to confirm, until it is deleted. It has a link that is the
    # buyer's alone, so the mail leads to no record that anybody may read.
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    # === CONFIRMED BY E-MAIL === #
    def _is_waiting(self):
        """Tell whether a request can still be confirmed, and the shop still asks."""
        self.ensure_one()
        latest = self.moment + const.CONFIRM_WITHIN
        return (
            self.kind == "requested"
            and fields.Datetime.now() <= latest
            and not self.confirmation_ids
            and self.channel_id._is_asking()
            and not self._is_stopped()
        )

    def _confirm(self):
        """Add the consent that this request asked for."""
        # Who presses twice waits for himself here, and then the framework repeats his
        # second request, which finds the consent. Running into the index instead would
        # be logged, with the address.
        self.env.cr.execute(
            SQL(
                "UPDATE trustedshops_consent SET write_date = write_date WHERE id = %s",
                self.id,
            ),
            log_exceptions=False,
        )
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
    def _cron_send_requests(self):
        """Write the mails that ask buyers to confirm, each once.

        The mail and its stamp are one transaction; the mail queue of Odoo sends it. One
        that fails does not keep the next ones waiting.
        """
        due = self.sudo().search(
            [("kind", "=", "requested"), ("mailed_at", "=", False)], order="id"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for row in due:
            row._try_to_send_request()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _try_to_send_request(self):
        """Write the mail of one request, if it still needs one.

        Whatever fails on the way is logged, and tried again in the next run.
        """
        try:
            with self.env.cr.savepoint():
                row = self.try_lock_for_update().filtered(
                    lambda each: not each.mailed_at
                )
                if row and row._is_wanted():
                    row._send_request()
        except Exception as error:
            text = "Request %s to confirm a consent: no mail"
            log_failure(_logger, error, text, self.id)

    def _is_wanted(self):
        """Tell whether the buyer is still to be asked to confirm."""
        return self.order_id.state in PLACED and self._is_waiting()

    def _send_request(self):
        """Write the mail of one request."""
        self.mailed_at = fields.Datetime.now()
        template_sudo = self.env.ref(MAIL_TEMPLATE).sudo()
        self.mail_id = template_sudo.send_mail(
            self.id,
            email_layout_xmlid=MAIL_LAYOUT,
            email_values={"model": False, "res_id": False},
        )

    @api.model
    def _trustedshops_stop(self, email, company):
        """Override: the mail that asks to confirm does not leave any more.

        One that was asked for after what is said now, leaves.
        """
        result = super()._trustedshops_stop(email, company)
        mailed = self._find_by_address(email, company).filtered("mail_id")
        ended = mailed.filtered(lambda each: each._is_stopped())
        ended._unlink_mails([("state", "!=", "sent")])
        return result

    def _unlink_mails(self, domain):
        """Delete mails of these rows; one that is being sent is left to the queue.

        :param domain: which of ``mail.mail``
        """
        mails_sudo = self.sudo().mail_id.filtered_domain(domain)
        mails_sudo.try_lock_for_update().unlink()

    def _is_erased_before(self):
        """Tell whether the buyer's data was erased, so that a tick is not enough."""
        suppressions = self.env["trustedshops.suppression"]
        return suppressions._is_erased(self.email, self.company_id)

    def _get_buyer_lang(self):
        """Return the language in which the buyer ticked, while the shop has it.

        :rtype: str
        """
        code = self.lang_id.code
        is_known = code and self.env["res.lang"]._get_data(code=code)
        return code if is_known else "en_US"
