# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mails to the buyer."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ... import const
from ...client_action import show
from ..batches import Job
from ..certificate.mail import MAILS
from .protection import NOT_CONCLUDED_STATES

LAYOUT = "website_sale_trustedshops.mail_layout"


class TrustedShopsProtection(models.Model):
    """The mails to the buyer: each is written once, in one transaction with its stamp.

    The mail queue of Odoo sends it.
    """

    _inherit = "trustedshops.protection"

    # Confirmed, respectively not concluded, while that mail was switched off.
    mail_skipped_at = fields.Datetime(readonly=True, export_string_translation=False)
    failed_mail_skipped_at = fields.Datetime(
        readonly=True, export_string_translation=False
    )
    # When it was refused or given up, and when the buyer was told.
    not_concluded_at = fields.Datetime(readonly=True, export_string_translation=False)
    failed_mail_created_at = fields.Datetime(string="Failure Mailed at", readonly=True)
    # A mail could not be written; then it is tried again.
    mail_paused_until = fields.Datetime(readonly=True, export_string_translation=False)
    # The mail in Odoo's queue, and when it is put back there if nobody took it.
    buyer_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
    )
    mail_retry_at = fields.Datetime(readonly=True, export_string_translation=False)
    _mail_idx = models.Index(
        "(id) WHERE state = 'confirmed' AND mail_created_at IS NULL"
        " AND mail_skipped_at IS NULL"
    )
    _failed_mail_idx = models.Index(
        "(id) WHERE state IN ('rejected', 'failed') AND failed_mail_created_at IS NULL"
        " AND failed_mail_skipped_at IS NULL"
    )

    # === IN THE QUEUE === #
    def _run_mails(self):
        """Write the mails that are due, and put those back that nobody took.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        due = Job(
            self,
            self._get_mails_domain,
            lambda rows: rows._create_buyer_mails(),
            after_bug=lambda protection: protection._note_broken_mail(),
        )
        back = Job(self, self._get_refused_domain, lambda rows: rows._retry_mails())
        return due.run() and back.run()

    @api.model
    def _get_refused_domain(self):
        now = fields.Datetime.now()
        retry = Domain("mail_retry_at", "=", False) | Domain("mail_retry_at", "<=", now)
        return Domain("buyer_mail_id.state", "=", "exception") & retry

    @api.model
    def _get_mails_domain(self):
        """Return the rows with a mail that has to be written now."""
        confirmed = (
            Domain("state", "=", "confirmed")
            & Domain("mail_created_at", "=", False)
            & Domain("mail_skipped_at", "=", False)
        )
        failed = (
            self._get_not_concluded_domain()
            & Domain("failed_mail_created_at", "=", False)
            & Domain("failed_mail_skipped_at", "=", False)
        )
        now = fields.Datetime.now()
        ready = Domain("mail_paused_until", "=", False)
        ready |= Domain("mail_paused_until", "<=", now)
        return (confirmed | failed) & ready

    def _get_mail_kind(self):
        """Return which mail a protection deserves as it stands.

        :return: one of ``MAILS``, '' while nothing is decided
        :rtype: str
        """
        if self.state == "confirmed":
            return "confirmed"
        return "failed" if self._is_over() else ""

    def _create_buyer_mails(self):
        """Write the mails that are due; those without a template wait for one."""
        groups = self.grouped(lambda each: (each._get_mail_kind(), each.certificate_id))
        for (kind, certificate), protections in groups.items():
            is_wanted = certificate[MAILS[kind].switch]
            if is_wanted and not certificate._get_mail_template(kind):
                pause = fields.Datetime.now() + const.MAIL_PAUSE
                protections.mail_paused_until = pause
                certificate._notify_missing_template(kind)
                continue
            protections._write_or_skip_mails(kind, is_wanted)
            if kind == "confirmed":
                protections._post_at_orders("confirmed")

    def _write_or_skip_mails(self, kind, is_wanted):
        """Write the mails of one certificate that are due, or note there are none."""
        self._close_mail_todos(kind)
        mailed = self.filtered(lambda each: is_wanted and each.buyer_email)
        skipped = self - mailed
        if mailed:
            mailed._write_buyer_mails(kind)
        skipped[MAILS[kind].skipped_field] = fields.Datetime.now()
        for protection in skipped if is_wanted else ():
            protection._notify_responsible("mail", protection._explain("mail_lost"))

    def _write_buyer_mails(self, kind, **values):
        """Give mails of ``MAILS`` to the mail queue of Odoo and note when.

        All are of one certificate, so its template is compiled once for them.

        :param str kind: one of ``MAILS``
        :param values: of the mails, in place of what the template says
        """
        certificate_sudo = self.certificate_id.sudo()
        template_sudo = certificate_sudo._get_mail_template(kind)
        # So the message outlives the mail, which is deleted once it is sent: by it Odoo
        # knows to which record a mail belongs that comes back.
        values = {**values, "is_notification": True}
        mails_sudo = template_sudo.send_mail_batch(
            self.ids, email_layout_xmlid=LAYOUT, email_values=values
        )
        if kind == "confirmed":
            files = certificate_sudo.conditions_attachment_ids
            mails_sudo.attachment_ids = [Command.link(file.id) for file in files]
        self.write(
            {
                MAILS[kind].created_field: fields.Datetime.now(),
                "mail_paused_until": False,
                "mail_retry_at": False,
            }
        )
        for protection, mail_sudo in zip(self, mails_sudo, strict=True):
            protection.buyer_mail_id = mail_sudo
            mail_sudo.subject = protection._mark_test(mail_sudo.subject)
        self._trigger_mail_cron()

    def _trigger_mail_cron(self):
        """Have the mail queue of Odoo run, once for all mails of a transaction."""
        data = self.env.cr.precommit.data
        if "trustedshops_mails" not in data:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
            data["trustedshops_mails"] = True

    def _close_mail_todos(self, kind):
        """Close what asked for a mail of ``MAILS``: it is written, or not wanted."""
        self._close_todos_about("mail")
        self.certificate_id._close_todos_about(MAILS[kind].cause)

    def _note_broken_mail(self):
        """Keep a mail that cannot be written from crashing in every run, and tell it.

        Its template may fit all other records.
        """
        self.mail_paused_until = fields.Datetime.now() + const.MAIL_PAUSE
        self._notify_responsible("mail", self._explain("mail_broken"))

    def _retry_mails(self):
        """Put mails back that the mail server did not take; in the end ask a person.

        Odoo gives up at the first refusal. A guarantee number must not be lost because
        the mail server was away for an hour.
        """
        now = fields.Datetime.now()
        for protection in self:
            stamps = (protection.mail_created_at, protection.failed_mail_created_at)
            age = now - max(stamp for stamp in stamps if stamp)
            if age < const.MAIL_RETRY_WITHIN:
                pause = min(max(age, const.MAIL_PAUSE), const.MAIL_PAUSE_AT_MOST)
                protection.mail_retry_at = now + pause
                protection.buyer_mail_id.sudo().mark_outgoing()
                protection._trigger_mail_cron()
            else:
                protection.buyer_mail_id = False
                note = protection._explain("mail_lost")
                protection._notify_responsible("mail", note)

    # === COMING BACK === #
    def _message_receive_bounce(self, email, partner):
        """Override of `mail` to have a person check an address that took no mail."""
        result = super()._message_receive_bounce(email, partner)
        bounced = email_normalize(email)
        for protection in self:
            order = protection.order_id
            # That of the purchase, and the present one, to which Resend mails.
            mailed = (protection.buyer_email, order._trustedshops_get_email())
            if bounced and bounced in mailed:
                protection._notify_of_returned_mail()
        return result

    def _notify_of_returned_mail(self):
        """Ask for another address of the buyer."""
        for protection in self:
            protection = protection._in_responsible_lang()
            note = protection._explain("mail_returned")
            protection._notify_responsible("mail", note)

    # === BUTTONS === #
    def action_preview_mail(self):
        """Open the preview of the mail that the buyer gets, or would get.

        :rtype: dict
        :raise UserError: when it has no template
        """
        self.ensure_one()
        is_failed = self.state in NOT_CONCLUDED_STATES
        template = self._get_template_or_refuse("failed" if is_failed else "confirmed")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail.mail_template_preview_action"
        )
        return {
            **action,
            "name": self.env._("Preview Mail"),
            "context": {
                "default_mail_template_id": template.id,
                "default_resource_ref": f"{self._name},{self.id}",
                "default_lang": self._get_buyer_lang(),
            },
        }

    def action_resend_mail(self):
        """Send the buyer's mail again although it was sent, by a person's wish.

        It goes to the customer's present address: the one that Trusted Shops was told
        may be wrong.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nothing is decided yet, or nothing can be sent
        """
        protection_sudo = self._begin_button("resend_mail")
        kind = protection_sudo._get_mail_kind()
        template = protection_sudo._get_template_or_refuse(kind)
        protection_sudo._close_mail_todos(kind)
        email = protection_sudo.order_id._trustedshops_get_email()
        is_corrected = email and email != protection_sudo.buyer_email
        # A template that names partners finds their present address by itself.
        values = {"email_to": email} if is_corrected and template.email_to else {}
        protection_sudo._write_buyer_mails(kind, **values)
        text = protection_sudo._explain("resent")
        protection_sudo._post_note(text)
        return show(text)

    def _get_template_or_refuse(self, kind):
        """Return the template of a mail of ``MAILS``.

        :raise UserError: when it was deleted
        """
        template = self.certificate_id._get_mail_template(kind)
        if not template:
            raise UserError(self.certificate_id._explain_missing_template())
        return template

    # === FOR THE TEMPLATES === #
    def _get_buyer_lang(self):
        """Return the language of the purchase, while the shop still has it.

        :rtype: str
        """
        for code in (self.lang_id.sudo().code, self.partner_id.sudo().lang):
            if code and self.env["res.lang"]._get_data(code=code):
                return code
        return "en_US"

    def _get_claim_url(self):
        """Return where the buyer makes a claim, in the reader's language.

        :rtype: str
        """
        return self.certificate_id.sudo()._get_shopper_page("claim_url")
