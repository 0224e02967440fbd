# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails that we owe to a buyer: tried four times, then a user gets an activity.

Core's queue tries a mail once, and deletes it when the mail server took it. It marks
only the mail: if it waited for a lock of ours, a rollback after the mail server took
the mail would send it again. A run of ours then updates the record.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

MAIL_CRON = "mail.ir_cron_mail_scheduler_action"
# When a mail is tried again after it was written. Core stores the same failure for a
# mail server that is busy and for one that refuses the mail for good.
TRY_AGAIN_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
# After this time a user also gets an activity about a mail that core did not try.
TELL_AFTER = timedelta(hours=30)
# What `mail_tries` is then.
TOLD = len(TRY_AGAIN_AFTER) + 2
# Failures after which no mail reaches the address.
IMPOSSIBLE = ("mail_email_invalid", "mail_email_missing")


class TrustedShopsOwedMail(models.AbstractModel):
    """Mixin of models that owe a mail to a buyer.

    The mail is written in the transaction that also stores that it was written.
    """

    _name = "trustedshops.owed.mail"
    _description = "Trusted Shops: Mail to a Buyer"

    # The mail is still to be written.
    mail_due = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    mailed_at = fields.Datetime(string="Mail Written", readonly=True, copy=False)
    # When the mail server took it, as core's queue tells.
    mail_sent_at = fields.Datetime(string="Mail Sent", readonly=True, copy=False)
    # How often core's queue got it; 0 if it is not, or no longer, to be sent.
    mail_tries = fields.Integer(
        readonly=True, copy=False, aggregator=None, export_string_translation=False
    )
    # The mail until it was sent or is given up, or longer if its template keeps it.
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    # What a returned mail names.
    mail_reference = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    mail_status = fields.Char(
        string="Mail to the Buyer", compute="_compute_mail_status"
    )

    @api.depends("mail_due", "mail_sent_at", "mail_tries")
    @api.depends_context("lang", "tz")
    def _compute_mail_status(self):
        for record in self:
            if record.mail_due:
                status = record.env._("Not written yet")
            elif record.mail_tries:
                status = record.env._("Waits for the mail server")
            elif record.mail_sent_at:
                status = record.env._(
                    "Sent on %(date)s",
                    date=format_datetime(
                        record.env, record.mail_sent_at, dt_format="short"
                    ),
                )
            else:
                status = record._is_mail_owed() and record.env._("Not sent")
            record.mail_status = status

    def _is_mail_owed(self):
        """Return True if the buyer should have got a mail. To be extended."""
        self.ensure_one()
        return bool(self.mailed_at)

    def _report_unsent_mail(self):
        """Ask a user about a mail that did not reach the buyer. To be overridden."""
        raise NotImplementedError

    def _start_mails(self, mails_sudo):
        """Store that the mails of these records are in core's queue, and start it.

        :param mails_sudo: a ``mail.mail`` for each record, in the same order
        """
        mails_sudo.trustedshops_is_owed = True
        for record, mail_sudo in zip(self, mails_sudo, strict=True):
            record.write(
                {
                    "mail_due": False,
                    "mailed_at": fields.Datetime.now(),
                    "mail_sent_at": False,
                    "mail_tries": 1,
                    "mail_id": mail_sudo.id,
                    "mail_reference": mail_sudo.message_id,
                }
            )
        self.env["ir.cron"]._trustedshops_trigger(MAIL_CRON)

    @api.model
    def _get_follow_up_domain(self):
        """Return the domain of records whose mail was sent, is lost, or may go again.

        :rtype: odoo.fields.Domain
        """
        now = fields.Datetime.now()
        is_ended = Domain("mail_id", "=", False)
        is_ended |= Domain("mail_id.state", "in", ("sent", "cancel"))
        # Core's queue has never tried it, which is told once.
        is_stuck = Domain("mail_id.state", "=", "outgoing")
        is_stuck &= Domain("mailed_at", "<=", now - TELL_AFTER)
        is_stuck &= Domain("mail_tries", "<", TOLD)
        is_refused = self._get_refused_domain()
        return Domain("mail_tries", ">", 0) & (is_ended | is_refused | is_stuck)

    @api.model
    def _get_refused_domain(self):
        """Return the domain of mails refused for good, or whose next try is due."""
        now = fields.Datetime.now()
        is_over = Domain("mail_tries", ">", len(TRY_AGAIN_AFTER))
        is_over |= Domain("mail_id.failure_type", "in", IMPOSSIBLE)
        for tries, after in enumerate(TRY_AGAIN_AFTER, 1):
            is_due = Domain("mailed_at", "<=", now - after)
            is_over |= Domain("mail_tries", "=", tries) & is_due
        return Domain("mail_id.state", "=", "exception") & is_over

    def _process_mails(self):
        """Store that the mails were sent, try them again, or give them up.

        These are records of :meth:`_get_follow_up_domain`, in sudo.
        """
        sent = self.filtered("mail_id.trustedshops_sent_at")
        for record in sent:
            sent_at = record.mail_id.trustedshops_sent_at
            record.write({"mail_sent_at": sent_at, "mail_tries": 0})
        sent._drop_mails()
        for record in self - sent:
            mail, tries = record.mail_id, record.mail_tries
            is_returned = mail.failure_type in IMPOSSIBLE
            is_refused = mail.state == "exception" and not is_returned
            if mail.state == "outgoing":
                record.mail_tries = TOLD
                record._report_unsent_mail()
            elif is_refused and tries <= len(TRY_AGAIN_AFTER):
                record.mail_tries += 1
                mail.mark_outgoing()
                self.env["ir.cron"]._trustedshops_trigger(MAIL_CRON)
            else:
                record._set_mails_lost()

    def _set_mails_lost(self):
        """Store that the mails did not reach the buyers, and tell a user."""
        self._drop_mails()
        self.write({"mail_tries": 0, "mail_sent_at": False})
        for record in self:
            record._report_unsent_mail()

    def _drop_mails(self):
        """Delete the mails, an unsent one with its text in the chatter.

        It may have an address that was typed by mistake. A sent mail stays if its
        template keeps it.
        """
        mails_sudo = self.sudo().mail_id
        sent_sudo = mails_sudo.filtered("trustedshops_sent_at")
        sent_sudo.filtered("auto_delete").unlink()
        (mails_sudo - sent_sudo).mail_message_id.unlink()


class MailMail(models.Model):
    _inherit = "mail.mail"

    # Whether a record of ours waits to learn what became of the mail.
    trustedshops_is_owed = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    trustedshops_sent_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to mark an owed mail that was sent, and to keep it.

        Core would delete it; the record that owes it does that later.
        """
        owed_sudo = self.sudo().filtered("trustedshops_is_owed")
        if not failure_type and (success_pids or success_emails):
            owed_sudo.trustedshops_sent_at = fields.Datetime.now()
        kept_sudo = owed_sudo.filtered("auto_delete")
        kept_sudo.auto_delete = False
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        kept_sudo.auto_delete = True
        return result


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to tell a user that an owed mail came back."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        mixin = "trustedshops.owed.mail"
        references = message_dict["bounced_msg_ids"] or []
        for name in self.env.registry.descendants([mixin], "_inherit") - {mixin}:
            records_sudo = self.env[name].sudo()
            returned = [("mail_reference", "in", references), ("mail_due", "=", False)]
            records_sudo.search(returned)._set_mails_lost()
        return result
