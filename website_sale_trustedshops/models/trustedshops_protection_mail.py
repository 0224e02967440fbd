# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import const
from .trustedshops_certificate_mail import MAILS
from .trustedshops_protection import NOT_CONCLUDED_STATES

# Cause of the activity about a mail that cannot be written.
MAIL_BROKEN = "mail_broken"


class TrustedShopsProtection(models.Model):
    """The mails to the buyer.

    Each is written once: it and its stamp are one transaction. The mail queue of Odoo
    sends it; whether that went well is looked after in ``_delivery``.
    """

    _inherit = "trustedshops.protection"

    mail_skipped_at = fields.Datetime(
        readonly=True, help="Confirmed while that mail was switched off."
    )
    not_concluded_at = fields.Datetime(
        readonly=True, help="When it was refused, or given up."
    )
    failed_mail_created_at = fields.Datetime(
        string="Failure Mailed at",
        readonly=True,
        help="When the buyer was told that there is no protection.",
    )
    failed_mail_skipped_at = fields.Datetime(
        readonly=True, help="Not concluded while that mail was switched off."
    )

    mail_paused_until = fields.Datetime(
        readonly=True, help="The mail could not be written; then it is tried again."
    )

    _mail_idx = models.Index(
        "(id) WHERE state = 'confirmed' AND mail_created_at IS NULL"
        " AND mail_skipped_at IS NULL"
    )
    _failed_mail_idx = models.Index(
        "(id) WHERE state IN ('rejected', 'failed') AND failed_mail_created_at IS NULL"
        " AND failed_mail_skipped_at IS NULL"
    )

    def write(self, vals):
        """Override to note since when a protection is not concluded."""
        if "state" in vals and "not_concluded_at" not in vals:
            ended = vals["state"] in NOT_CONCLUDED_STATES
            now = fields.Datetime.now() if ended else False
            vals = {**vals, "not_concluded_at": now}
        return super().write(vals)

    # === WRITING THEM === #

    def _run_mails(self):
        """Write the mails that are due, and look after those that were not sent.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        due = self._get_mails_domain()
        due &= Domain("id", "not in", self._hold_without_template(due).ids)
        return self._run_batch(
            due,
            lambda protection: protection._create_buyer_mail(),
            after_bug=lambda protection: protection._pause_mail(),
        ) and self._run_batch(
            self._get_deliveries_domain(),
            lambda protection: protection._check_delivery(),
        )

    @api.model
    def _get_mails_domain(self):
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

    @api.model
    def _hold_without_template(self, due):
        """Tell the responsible user whose template is gone; their mails wait for one.

        :param Domain due: rows with a mail to be written
        :return: those that have to wait
        """
        waiting = self.browse()
        for certificate, state, rows in self._read_group(
            due, ["certificate_id", "state"], ["id:recordset"]
        ):
            kind = "confirmed" if state == "confirmed" else "failed"
            if not certificate[MAILS[kind].switch]:
                continue
            if not certificate._get_mail_template(kind):
                certificate._notify_missing_template(kind)
                waiting += rows
        return waiting

    def _pause_mail(self):
        """Keep a mail that cannot be written from crashing in every run, and tell it.

        Its template may fit all other records.
        """
        self.mail_paused_until = fields.Datetime.now() + const.MAIL_PAUSE
        self._trigger_apply_cron(at=self.mail_paused_until)
        if self._find_todos(MAIL_BROKEN):
            return
        words = self._in_responsible_lang()
        self.certificate_id._notify_of(
            self,
            words.env._(
                "The buyer's mail about the Buyer Protection of order %(order)s could"
                " not be written: most often its template asks for something that this"
                " order does not have; the server's log says what. Mend the template."
                " We try again every hour; Resend on the protection tries at once.",
                order=self.display_name,
            ),
            MAIL_BROKEN,
        )

    def _get_mail_kind(self):
        """Return which mail a protection deserves as it stands.

        :return: one of ``MAILS``, '' while nothing is decided
        :rtype: str
        """
        if self.state == "confirmed":
            return "confirmed"
        return "failed" if self.state in NOT_CONCLUDED_STATES else ""

    def _create_buyer_mail(self):
        """Write the mail that is due, or note that there is none: one transaction."""
        kind = self._get_mail_kind()
        if kind == "confirmed":
            note = self.env._(
                "Buyer Protection is confirmed, guarantee number %(number)s.",
                number=self.guarantee_number,
            )
            self.order_id.message_post(body=note)
        if not self.certificate_id[MAILS[kind].switch]:
            self[MAILS[kind].skipped_field] = fields.Datetime.now()
        elif not self.buyer_email:
            self[MAILS[kind].skipped_field] = fields.Datetime.now()
            self._notify_of_lost_mail()
        else:
            self._write_buyer_mail(kind)
        self._close_todos_about_template(kind)
        self.env["ir.cron"]._commit_progress()

    def _close_todos_about_template(self, kind):
        """Close what asked for a template: it works, or none is needed.

        :param str kind: one of ``MAILS``
        """
        self._close_todos_about(MAIL_BROKEN)
        self.certificate_id._find_activities(MAILS[kind].cause).unlink()

    def _write_buyer_mail(self, kind):
        """Give a mail to the mail queue of Odoo and note when.

        :param str kind: one of ``MAILS``
        """
        certificate_sudo = self.certificate_id.sudo()
        template_sudo = certificate_sudo._get_mail_template(kind)
        mail_id = template_sudo.send_mail(self.id, force_send=False)
        mail_sudo = self.env["mail.mail"].sudo().browse(mail_id)
        if kind == "confirmed":
            files = certificate_sudo.conditions_attachment_ids
            mail_sudo.attachment_ids = [Command.link(file.id) for file in files]
        self.sudo().write(
            {
                MAILS[kind].created_field: fields.Datetime.now(),
                "mail_paused_until": False,
                **self._prepare_delivery_values(mail_sudo),
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    # === BUTTONS === #

    def action_preview_mail(self):
        """Open the preview of the mail that the buyer gets, or would get.

        :rtype: dict
        """
        self.ensure_one()
        kind = self._get_mail_kind() or "confirmed"
        template = self.certificate_id._get_mail_template(kind)
        if not template:
            raise UserError(self._explain_missing_template())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail.mail_template_preview_action"
        )
        return {
            **action,
            "name": self.env._("Preview of the Mail"),
            "context": {
                "default_mail_template_id": template.id,
                "default_resource_ref": f"{self._name},{self.id}",
                "default_lang": self._get_buyer_lang(),
            },
        }

    def action_resend_mail(self):
        """Send the buyer's mail again although it was sent, by a person's wish.

        :rtype: bool
        :raise AccessError: when the user is no manager of sales
        :raise UserError: when nothing is decided yet, or nothing can be sent
        """
        self.ensure_one()
        if not self._may_resend():
            raise AccessError(
                self.env._("Only managers of sales and administrators send it again.")
            )
        kind = self._get_mail_kind()
        if not kind:
            raise UserError(
                self.env._(
                    "Trusted Shops has not decided yet, so there is nothing to tell the"
                    " buyer."
                )
            )
        if not self.buyer_email:
            raise UserError(self.env._("There is no e-mail address of the buyer."))
        if not self.certificate_id._get_mail_template(kind):
            raise UserError(self._explain_missing_template())
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("This protection is being worked on: try again in a moment.")
            )
        self._write_buyer_mail(kind)
        self._close_todos_about_template(kind)
        self.order_id.sudo().message_post(
            body=self.env._("The mail about Buyer Protection was sent again by hand.")
        )
        return True

    def _may_resend(self):
        return any(
            self.env.user.has_group(group)
            for group in ("sales_team.group_sale_manager", "base.group_system")
        )

    # === WORDS === #

    def _explain_missing_template(self):
        return self.env._(
            "The template of this mail was deleted. Choose another one on the"
            " certificate, or switch the mail off there."
        )

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

    def _get_mail_status(self):
        """Return what the order's own mail says, in words for the buyer.

        That of an order that waits for its payment is written before it counts as
        placed.

        :rtype: str
        """
        if self.state != "selected":
            return self._get_shopper_status()
        if self.order_id._trustedshops_get_payments():
            return self.env._("ordered, the confirmation follows by e-mail")
        return self.env._(
            "it is applied for when your payment has arrived; the confirmation then"
            " follows by e-mail"
        )
