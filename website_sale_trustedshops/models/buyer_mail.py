# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from .. import const
from .batches import Job
from .certificate.mail_settings import MAILS

LAYOUT = "website_sale_trustedshops.mail_layout"
# Which mail a decision deserves.
KINDS = {"confirmed": "confirmed", "rejected": "failed", "failed": "failed"}


def ask_about_mail(protections, name):
    """Ask a person about the mails of protections.

    :param str name: of the sentence that says what happened and what to do
    """
    for protection in protections:
        protection = protection._in_responsible_lang()
        protection._notify_responsible("mail", protection._explain(name))


class TrustedShopsBuyerMail(models.Model):
    """One mail about a protection to its buyer: written once, or left out for good.

    It waits from the decision on. That it was written is stored in one transaction with
    the mail in Odoo's queue, which sends it.
    """

    _name = "trustedshops.buyer.mail"
    _description = "Mails"
    _order = "id"

    protection_id = fields.Many2one(
        "trustedshops.protection",
        string="Buyer Protection",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        [
            ("confirmed", "To the buyer: confirmed"),
            ("failed", "To the buyer: not concluded"),
        ],
        string="Mails",
        required=True,
        readonly=True,
    )
    # Left out: switched off, or without an address.
    state = fields.Selection(
        [("waiting", "Waiting"), ("written", "Written"), ("skipped", "Cancelled")],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    # When it was written, or left out.
    settled_at = fields.Datetime(string="Date", readonly=True)
    # The mail in Odoo's queue, as long as that was not sent.
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
    )
    # When it is written after it could not be, or put back if nobody took it.
    next_attempt_at = fields.Datetime(readonly=True, export_string_translation=False)

    _protection_uniq = models.UniqueIndex("(protection_id, kind)")
    _waiting_idx = models.Index("(next_attempt_at, id) WHERE state = 'waiting'")

    @api.depends("kind", "state", "settled_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for mail in self:
            kind, state = (
                dict(mail._fields[name]._description_selection(self.env))[mail[name]]
                for name in ("kind", "state")
            )
            date = format_datetime(self.env, mail.settled_at, dt_format="short")
            mail.display_name = (
                f"{kind} ({state} {date})" if date else f"{kind} ({state})"
            )

    @api.model
    def _follow(self, protections):
        """Have the mails say how protections stand now: new ones wait.

        What waits to say something else is not true any more.

        :param protections: of one state
        :return: the mail that each of them deserves, none while it is not decided
        """
        kind = KINDS.get(protections[:1].state)
        mails = protections.sudo().mail_ids
        fitting = mails.filtered(lambda each: each.kind == kind)
        (mails - fitting).filtered(lambda each: each.state == "waiting").unlink()
        missing = (protections if kind else protections[:0]) - fitting.protection_id
        values = [{"protection_id": each.id, "kind": kind} for each in missing]
        return fitting | self.sudo().create(values)

    # === IN THE QUEUE === #
    @api.model
    def _run(self):
        """Write the mails that are due, and put those back that nobody took.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        mails, due, refused = type(self), self._get_due_domain, self._get_refused_domain
        return (
            Job(self, due, mails._settle, mails._note_bug).run()
            and Job(self, refused, mails._put_back, mails._wait).run()
        )

    @api.model
    def _get_due_domain(self):
        """Return the mails that have to be written now."""
        return Domain("state", "=", "waiting") & self._get_true_domain()

    @api.model
    def _get_refused_domain(self):
        """Return the mails that the mail server did not take."""
        return Domain("mail_id.state", "=", "exception") & self._get_true_domain()

    @api.model
    def _get_true_domain(self):
        """Return the mails that wait no longer, and are true: it is decided so."""
        over = self.env["trustedshops.protection"]._get_not_concluded_domain()
        # Joined, for the waiting ones are few, and the protections many.
        is_decided = Domain("kind", "=", "confirmed")
        is_decided |= Domain("protection_id", "any!", over)
        is_ready = Domain("next_attempt_at", "<=", fields.Datetime.now())
        is_ready |= Domain("next_attempt_at", "=", False)
        return is_decided & is_ready

    def _get_responsible(self):
        """Return the user who gets the activities."""
        return self.protection_id[:1]._get_responsible()

    def _in_responsible_lang(self):
        """Return the mails in the language of whoever reads what happens to them."""
        return self.with_env(self.protection_id._in_responsible_lang().env)

    # === WRITING === #
    def _settle(self):
        """Write the mails that are due, or leave them out; some wait for a template."""
        groups = self.grouped(
            lambda each: (each.kind, each.protection_id.certificate_id)
        )
        for (kind, certificate), mails in groups.items():
            is_wanted = certificate[MAILS[kind].switch]
            if is_wanted and not certificate._get_mail_template(kind):
                mails._wait()
                certificate._notify_missing_template(kind)
                continue
            mails._write_or_skip(is_wanted)
            if kind == "confirmed":
                mails.protection_id._post_at_orders("confirmed")

    def _write_or_skip(self, is_wanted):
        """Write mails of one kind and certificate, or note that there are none."""
        self._close_todos()
        mailed = self.filtered(
            lambda each: is_wanted and each.protection_id.buyer_email
        )
        skipped = self - mailed
        if mailed:
            mailed._compose()
        skipped.write({"state": "skipped", "settled_at": fields.Datetime.now()})
        if is_wanted:
            ask_about_mail(skipped.protection_id, "mail_lost")

    def _compose(self, **values):
        """Give mails to the mail queue of Odoo, and note that.

        All are of one kind and certificate, so its template is compiled once for them.

        :param values: of the mails, in place of what the template says
        """
        kind, certificate = self[:1].kind, self.protection_id.certificate_id
        template_sudo = certificate._get_mail_template(kind)
        # So the message outlives the mail, which is deleted once it is sent: by it Odoo
        # knows to which record a mail belongs that comes back.
        values = {**values, "is_notification": True}
        mails_sudo = template_sudo.send_mail_batch(
            self.protection_id.ids, email_layout_xmlid=LAYOUT, email_values=values
        )
        if kind == "confirmed":
            files = certificate.sudo().conditions_attachment_ids
            mails_sudo.attachment_ids = [Command.link(file.id) for file in files]
        self.write(
            {
                "state": "written",
                "settled_at": fields.Datetime.now(),
                "next_attempt_at": False,
            }
        )
        for mail, mail_sudo in zip(self, mails_sudo, strict=True):
            mail.mail_id = mail_sudo
            mail_sudo.subject = mail.protection_id._mark_test(mail_sudo.subject)
        self._trigger_cron()

    def _trigger_cron(self):
        """Have the mail queue of Odoo run, once for all mails of a transaction."""
        data = self.env.cr.precommit.data
        if "trustedshops_mails" not in data:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
            data["trustedshops_mails"] = True

    # === TROUBLE === #
    def _wait(self, pause=const.MAIL_PAUSE):
        """Try again after a while."""
        self.next_attempt_at = fields.Datetime.now() + pause

    def _note_bug(self):
        """Keep a mail that cannot be written from crashing in every run, and tell it.

        Its template may fit all other records.
        """
        self._wait()
        ask_about_mail(self.protection_id, "mail_broken")

    def _put_back(self):
        """Put mails back that the mail server did not take; in the end ask a person.

        Odoo gives up at the first refusal. A guarantee number must not be lost because
        the mail server was away for an hour.
        """
        for mail in self:
            age = fields.Datetime.now() - mail.settled_at
            if age < const.MAIL_RETRY_WITHIN:
                mail._wait(min(max(age, const.MAIL_PAUSE), const.MAIL_PAUSE_AT_MOST))
                mail.mail_id.sudo().mark_outgoing()
                mail._trigger_cron()
            else:
                mail.mail_id = False
                ask_about_mail(mail.protection_id, "mail_lost")

    def _close_todos(self):
        """Close what asked for these mails: they are written, or not wanted."""
        self.protection_id._close_todos_about("mail")
        for mail in self:
            cause = MAILS[mail.kind].cause
            mail.protection_id.certificate_id._close_todos_about(cause)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to have a person check an address that nobody can have.

        Such a mail is deleted here, so the queue cannot find it afterwards. Nor does
        core call it a failure if a mail has no address at all.
        """
        has_nobody = not (success_pids or success_emails or failure_type)
        if has_nobody or failure_type in ("mail_email_invalid", "mail_email_missing"):
            mails_sudo = self.env["trustedshops.buyer.mail"].sudo()
            mails_sudo = mails_sudo.search([("mail_id", "in", self.ids)])
            ask_about_mail(mails_sudo.protection_id, "mail_returned")
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
