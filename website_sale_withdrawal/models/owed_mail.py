# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Receipts and copies, which the law demands: tried four times, then staff are asked.

Core's queue tries a mail once, and deletes it when the mail server took it. It marks
only the mail: if it waited for a lock of ours, a rollback after the mail server took
the mail would send it again. The job then updates the withdrawal.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from .. import const
from ..address import normalize_address

# A receipt has the fields ``receipt_at``, ``receipt_sent_at``, ``receipt_tries`` and
# ``receipt_mail_id``; a copy has the same.
KINDS = ("receipt", "copy")


class SaleWithdrawalOwedMail(models.AbstractModel):
    """Mixin that follows the mails about a declaration until the mail server took them.

    Each mail is written in the transaction that also stores that it was written.
    """

    _name = "sale.withdrawal.owed.mail"
    _description = "Withdrawal: Mails"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    receipt_at = fields.Datetime(
        string="Receipt Written", readonly=True, help="Empty: not written yet."
    )
    receipt_sent_at = fields.Datetime(
        string="Receipt Sent",
        readonly=True,
        help="When the mail server took it. Empty: it waits, or was not sent.",
    )
    receipt_tries = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    receipt_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    copy_at = fields.Datetime(string="Copy Written", readonly=True)
    copy_sent_at = fields.Datetime(string="Copy Sent", readonly=True)
    copy_tries = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )
    copy_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _start_mail(self, kind, values):
        """Give a mail to core's queue, and store that, in one transaction.

        :param str kind: one of ``KINDS``
        :param dict values: values of the mail
        """
        mails_sudo = self.env["mail.mail"].sudo()
        mail_sudo = mails_sudo.create({**values, "withdrawal_is_owed": True})
        self.write(
            {
                f"{kind}_at": fields.Datetime.now(),
                f"{kind}_sent_at": False,
                f"{kind}_tries": 1,
                f"{kind}_mail_id": mail_sudo.id,
            }
        )
        self._trigger_mail_queue()

    @api.model
    def _trigger_mail_queue(self):
        """Have core's queue send mails after the transaction."""
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _get_follow_up_domain(self, kind):
        """Return the domain of records whose mail was sent, is lost, or may go again.

        :param str kind: one of ``KINDS``
        """
        mail, tries, now = f"{kind}_mail_id", f"{kind}_tries", fields.Datetime.now()
        is_ended = Domain(mail, "=", False)
        is_ended |= Domain(f"{mail}.state", "in", ("sent", "cancel"))
        # Core's queue has never tried it, which is told once.
        is_stuck = Domain(f"{mail}.state", "=", "outgoing")
        is_stuck &= Domain(f"{kind}_at", "<=", now - const.TELL_AFTER)
        is_stuck &= Domain(tries, "<", const.TOLD)
        is_refused = self._get_refused_domain(kind)
        return Domain(tries, ">", 0) & (is_ended | is_refused | is_stuck)

    @api.model
    def _get_refused_domain(self, kind):
        """Return the domain of mails refused for good, or whose next try is due.

        :param str kind: one of ``KINDS``
        """
        mail, tries, now = f"{kind}_mail_id", f"{kind}_tries", fields.Datetime.now()
        is_over = Domain(tries, ">", len(const.TRY_AGAIN_AFTER))
        is_over |= Domain(f"{mail}.failure_type", "in", const.IMPOSSIBLE)
        for count, after in enumerate(const.TRY_AGAIN_AFTER, 1):
            is_due = Domain(f"{kind}_at", "<=", now - after)
            is_over |= Domain(tries, "=", count) & is_due
        return Domain(f"{mail}.state", "=", "exception") & is_over

    def _process_mails(self):
        """Store that the mails were sent, try them again, or give them up."""
        for kind in KINDS:
            if self.filtered_domain(self._get_follow_up_domain(kind)):
                self._process_mail_of_kind(kind)

    def _process_mail_of_kind(self, kind):
        """Do so for one mail, see :meth:`_process_mails`.

        :param str kind: one of ``KINDS``
        """
        mail_sudo, tries = self.sudo()[f"{kind}_mail_id"], self[f"{kind}_tries"]
        is_returned = mail_sudo.failure_type in const.IMPOSSIBLE
        is_refused = mail_sudo.state == "exception" and not is_returned
        if mail_sudo.withdrawal_sent_at:
            self[f"{kind}_sent_at"] = mail_sudo.withdrawal_sent_at
            self[f"{kind}_tries"] = 0
            mail_sudo.filtered("auto_delete").unlink()
        elif mail_sudo.state == "outgoing":
            self[f"{kind}_tries"] = const.TOLD
            self._report_unsent_mail("waits")
        elif is_refused and tries <= len(const.TRY_AGAIN_AFTER):
            self[f"{kind}_tries"] += 1
            mail_sudo.mark_outgoing()
            self._trigger_mail_queue()
        else:
            self._set_mail_lost(kind, is_returned)

    def _set_mail_lost(self, kind, is_returned):
        """Store that a mail did not reach its reader, and tell a user.

        :param str kind: one of ``KINDS``
        :param bool is_returned: whether the address does not take it
        """
        self._drop_mail(kind)
        self[f"{kind}_sent_at"] = False
        self._report_unsent_mail("returned" if is_returned else "lost")

    def _report_unsent_mail(self, what):
        """Schedule an activity about a mail, unless there is the same one.

        :param str what: ``unwritten``, ``waits``, ``lost`` or ``returned``
        """
        user = self._get_responsible()
        in_lang = self.with_context(lang=user.lang or "en_US")
        reasons = {
            "unwritten": in_lang.env._("It could not be written, see the server log."),
            "waits": in_lang.env._("It waits for the mail server."),
            "lost": in_lang.env._(
                "The mail server did not take it for a day, or it was deleted."
            ),
            "returned": in_lang.env._("The address does not take it."),
        }
        advice = in_lang.env._("Print the receipt, and send it to the buyer.")
        note = Markup("<p>{} {}</p>").format(reasons[what], advice)
        if note not in self.sudo().activity_ids.mapped("note"):
            in_lang.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self._get_local_date(self.received_at),
                summary=in_lang.env._("A mail to the buyer was not sent"),
                note=note,
                user_id=user.id,
            )

    def _drop_mail(self, kind):
        """Delete a mail, with its text in the chatter if it was not sent.

        It may have an address that was typed by mistake.

        :param str kind: one of ``KINDS``
        """
        mail_sudo = self.sudo()[f"{kind}_mail_id"]
        self[f"{kind}_tries"] = 0
        if mail_sudo.withdrawal_sent_at:
            mail_sudo.filtered("auto_delete").unlink()
        else:
            mail_sudo.mail_message_id.unlink()

    def _message_receive_bounce(self, email, partner):
        """Override of `mail` to tell a user that a mail came back."""
        result = super()._message_receive_bounce(email, partner)
        for withdrawal in self.sudo():
            address = normalize_address(email)
            for kind, own in zip(KINDS, ("email", "copy_email"), strict=True):
                if address and withdrawal[own] == address and withdrawal[f"{kind}_at"]:
                    withdrawal._set_mail_lost(kind, is_returned=True)
        return result


class MailMail(models.Model):
    _inherit = "mail.mail"

    # Whether a withdrawal waits to learn what became of the mail.
    withdrawal_is_owed = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    withdrawal_sent_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to mark an owed mail that was sent, and to keep it.

        Core would delete it; the job does that later.
        """
        owed_sudo = self.sudo().filtered("withdrawal_is_owed")
        if not failure_type and (success_pids or success_emails):
            owed_sudo.withdrawal_sent_at = fields.Datetime.now()
        kept_sudo = owed_sudo.filtered("auto_delete")
        kept_sudo.auto_delete = False
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        kept_sudo.auto_delete = True
        return result
