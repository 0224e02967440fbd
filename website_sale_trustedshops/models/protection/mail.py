# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import formataddr

from ... import const
from ..certificate.mail import MAILS
from .protection import NOT_CONCLUDED_STATES

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
    # --- Delivery ---
    # Until it is sent; then it is gone, or no longer ours to look after.
    buyer_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    mail_retry_count = fields.Integer(readonly=True)
    mail_retry_at = fields.Datetime(readonly=True)

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
        if self._find_todos_about(MAIL_BROKEN):
            return
        words = self._in_responsible_lang()
        self._notify_responsible(
            MAIL_BROKEN,
            words.env._(
                "The buyer's mail about the Buyer Protection of order %(order)s could"
                " not be written: most often its template asks for something that this"
                " order does not have; the server's log says what. Mend the template."
                " We try again every hour; Resend on the protection tries at once.",
                order=self.display_name,
            ),
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
        self.certificate_id._close_todos_about(MAILS[kind].cause)

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

    # === DELIVERY === #
    # Whether the buyer's mail went out.
    #
    # The mail queue of Odoo gives up at the first refusal of the mail server. A mail
    # with a guarantee number in it must not: it is put back, with growing pauses,
    # before a person is asked.

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
        self._notify_responsible(
            "protection",
            self.env._(
                "The buyer's mail about this Buyer Protection could not be sent. Look"
                " at the mail server and at the buyer's address, then press Resend, or"
                " tell the buyer otherwise."
            ),
        )

    # === SUMMARY === #
    # The daily mail to the responsible user, on days on which something needs him.

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
