# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from .. import const


class TrustedShopsProtection(models.Model):
    """Whether the buyer's mail went out.

    The mail queue of Odoo gives up at the first refusal of the mail server. A mail with
    a guarantee number in it must not: it is put back, with growing pauses, before a
    person is asked.
    """

    _inherit = "trustedshops.protection"

    # Until it is sent; then it is gone, or no longer ours to look after.
    buyer_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    mail_retry_count = fields.Integer(readonly=True)
    mail_retry_at = fields.Datetime(readonly=True)

    @api.model
    def _prepare_delivery_values(self, mail):
        """Return the values that begin the watch over a new mail.

        :param mail: record of ``mail.mail``
        :rtype: dict
        """
        return {
            "buyer_mail_id": mail.id,
            "mail_retry_count": 0,
            "mail_retry_at": False,
        }

    @api.model
    def _get_deliveries_domain(self):
        """Return the rows whose mail is not in the mail queue any more."""
        now = fields.Datetime.now()
        due = Domain("mail_retry_at", "=", False) | Domain("mail_retry_at", "<=", now)
        left = Domain("buyer_mail_id.state", "!=", "outgoing")
        return Domain("buyer_mail_id", "!=", False) & left & due

    def _check_delivery(self):
        """Put a mail that could not be sent back into the queue, or forget it."""
        mail_sudo = self.buyer_mail_id.sudo()
        if mail_sudo.state != "exception":
            self.buyer_mail_id = False
        elif self.mail_retry_count >= len(const.MAIL_RETRIES):
            self.buyer_mail_id = False
            self._notify_of_lost_mail()
        else:
            wait = const.MAIL_RETRIES[self.mail_retry_count]
            self.mail_retry_at = fields.Datetime.now() + wait
            self.mail_retry_count += 1
            mail_sudo.mark_outgoing()
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        self.env["ir.cron"]._commit_progress()

    def _notify_of_lost_mail(self):
        """Tell the responsible user that the buyer does not know."""
        self.certificate_id._notify_of(
            self,
            self.env._(
                "The buyer's mail about this Buyer Protection could not be sent. Look"
                " at the mail server and at the buyer's address, then press Resend, or"
                " tell the buyer otherwise."
            ),
        )
