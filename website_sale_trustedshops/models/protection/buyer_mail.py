# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, email_normalize, format_datetime

from ... import const
from ...client_action import show
from ..batches import Job
from ..service import is_ahead
from .buttons import press

_lt = LazyTranslate(__name__)
# How long a mail waits whose template failed.
PAUSE = timedelta(hours=1)
# The mail that tells the buyer of a state.
KINDS = {"confirmed": "confirmed", "rejected": "failed", "failed": "failed"}
UNWRITTEN = _lt(
    "The buyer's mail could not be written: correct its template, see the server log."
    " We try again every hour; Resend tries at once."
)
LOST = _lt(
    "The buyer's mail could not be sent. Check the mail server and the buyer's address,"
    " then press Resend."
)
RETURNED = _lt(
    "The buyer's mail came back: the address does not take it. Check the buyer's"
    " address, then press Resend."
)


class TrustedShopsProtection(models.Model):
    """The mail that tells the buyer of a decision: one a decision, written once.

    One transaction creates the mail in Odoo's queue, which sends it, and stores that it
    was written. Staff are told before, because a template may fail, and because the
    buyer reads of a refusal only when it is final.
    """

    _inherit = "trustedshops.protection"

    # The buyer has to be told of the state, but no mail was written yet.
    mail_due = fields.Boolean(readonly=True, export_string_translation=False)
    # When the last mail was written; empty if it did not reach the buyer.
    mailed_at = fields.Datetime(string="Mail Written", readonly=True)
    mail_status = fields.Char(
        string="Mail to the Buyer", compute="_compute_mail_status"
    )

    _mail_idx = models.Index("(id) WHERE mail_due IS TRUE")

    @api.depends("mail_due", "mailed_at", "state")
    @api.depends_context("lang", "tz")
    def _compute_mail_status(self):
        is_own = Domain("res_id", "in", self.ids)
        waiting = self._find_mails(["outgoing", "exception"], is_own).mapped("res_id")
        for protection in self:
            if protection.mail_due:
                status = self.env._("Not written yet")
            elif not protection.mailed_at:
                is_decided = protection.state in KINDS
                status = is_decided and self.env._("Not sent")
            elif protection.id in waiting:
                status = self.env._("Waits for the mail server")
            else:
                status = self.env._(
                    "Sent; written on %(date)s",
                    date=format_datetime(
                        self.env, protection.mailed_at, dt_format="short"
                    ),
                )
            protection.mail_status = status

    def _plan_mail(self):
        """Have the buyers told of the new state, unless they were, and of no other."""
        for protection in self:
            if protection.state == "confirmed":
                protection.mailed_at = False  # that was a refusal
            is_told = bool(protection.mailed_at)
            protection.mail_due = protection.state in KINDS and not is_told

    @api.model
    def _find_mails(self, states, domain=Domain.TRUE):
        """Return mails to buyers, in sudo, but none to staff about activities.

        :param states: of ``mail.mail``
        :param Domain domain: which of them
        """
        domain &= Domain("model", "=", self._name) & Domain("state", "in", states)
        domain &= Domain("message_type", "=", "email_outgoing")
        return self.env["mail.mail"].sudo().search(domain)

    def _find_refused_mails(self):
        """Return the mails to these buyers that the mail server refused, in sudo."""
        return self._find_mails(["exception"], Domain("res_id", "in", self.ids))

    # === IN THE QUEUE === #
    @api.model
    def _run_mails(self):
        """Write the mails that are due, and queue refused ones again.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        jobs = (
            Job(
                self,
                self._get_mails_domain,
                lambda rows: rows._write_mails(),
                after_bug=lambda row: row._wait_for_template(),
            ),
            Job(self, self._get_refused_domain, lambda rows: rows._retry_mails()),
        )
        return all(job.do_all() for job in jobs)

    @api.model
    def _get_mails_domain(self):
        """Return the rows whose buyers are to be told now."""
        waits = is_ahead("next_attempt_at", fields.Datetime.now(), PAUSE)
        return Domain("mail_due", "=", True) & self._get_decided_domain() & ~waits

    @api.model
    def _get_refused_domain(self):
        """Return the rows with a true mail that the mail server refused."""
        ids = self._find_mails(["exception"]).mapped("res_id")
        return Domain("id", "in", ids) & self._get_decided_domain()

    @api.model
    def _get_decided_domain(self):
        """Return the rows whose decision is final."""
        is_confirmed = Domain("state", "=", "confirmed")
        return is_confirmed | self._get_not_concluded_domain()

    def _write_mails(self):
        """Write to the buyers, unless that is switched off."""
        groups = self.grouped(lambda each: (KINDS[each.state], each.certificate_id))
        for (kind, certificate), rows in groups.items():
            if certificate[f"send_{kind}_mail"]:
                rows._mail_buyers()
            else:
                rows._settle_mail()
            if kind == "confirmed":
                rows._post_at_orders(
                    _lt(
                        "Buyer Protection is confirmed, guarantee number"
                        " %(guarantee_number)s."
                    )
                )

    def _mail_buyers(self, **values):
        """Give mails to the mail queue of Odoo, and store that they were written.

        All are of one kind and certificate, so that Odoo compiles the template once.

        :param values: of the mails, in place of those of the template
        """
        kind, certificate = KINDS[self[:1].state], self.certificate_id
        self._find_refused_mails().cancel()  # the new ones take their place
        # Keep the message when the mail is deleted after sending. If the mail comes
        # back, Odoo finds the record by its message.
        values = {**values, "is_notification": True}
        mails_sudo = certificate._get_mail_template(kind).send_mail_batch(
            self.ids,
            email_layout_xmlid="website_sale_trustedshops.mail_layout",
            email_values=values,
        )
        if kind == "confirmed":
            files = certificate.sudo().conditions_attachment_ids
            mails_sudo.attachment_ids = [Command.link(file.id) for file in files]
        for protection, mail_sudo in zip(self, mails_sudo, strict=True):
            mail_sudo.subject = protection._mark_test(mail_sudo.subject)
        self._settle_mail(mailed_at=fields.Datetime.now())
        self._trigger_mail_queue()

    def _settle_mail(self, **values):
        """Store that no mail is to be written any more, and close what asked for it."""
        self.write({"mail_due": False, "next_attempt_at": False, **values})
        self._close_todos_about("mail")

    def _trigger_mail_queue(self):
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    # === TROUBLE === #
    def _wait_for_template(self):
        """Postpone a mail whose template fails or is missing, and ask a person."""
        self.next_attempt_at = fields.Datetime.now() + PAUSE
        self._notify_responsible("mail", self.env._(UNWRITTEN))

    def _retry_mails(self):
        """Queue refused mails again, as Odoo does not retry; at last tell a person."""
        since = fields.Datetime.now() - const.MAIL_RETRY_WITHIN
        young = self.filtered(lambda each: each.mailed_at and each.mailed_at > since)
        young._find_refused_mails().mark_outgoing()
        self._trigger_mail_queue()
        given_up = self - young
        given_up._find_refused_mails().cancel()
        given_up._ask_about_mail(LOST)

    def _ask_about_mail(self, sentence):
        """Ask a person about mails that did not reach the buyers.

        :param LazyGettext sentence: what happened and what to do
        """
        self.sudo().mailed_at = False
        for protection in self.sudo():
            protection = protection._in_responsible_lang()
            protection._notify_responsible("mail", protection.env._(sentence))

    def _message_receive_bounce(self, email, partner):
        """Override of `mail` to have a person check an address that refused a mail."""
        result = super()._message_receive_bounce(email, partner)
        bounced = email_normalize(email)
        for protection in self:
            order = protection.order_id
            # The address of the purchase, and the present one, which Resend uses.
            mailed = (protection.buyer_email, order._trustedshops_get_email())
            if bounced and bounced in mailed:
                protection._ask_about_mail(RETURNED)
        return result

    # === BUTTONS === #
    def action_preview_mail(self):
        """Open the preview of the mail that the buyer gets, or would get.

        :rtype: dict
        :raise UserError: when it has no template
        """
        self.ensure_one()
        kind = KINDS.get(self.state, "confirmed")
        template = self.certificate_id._get_mail_template(kind)
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
        """Send the buyer's mail again because a person wants it.

        It goes to the customer's present address, because the one that Trusted Shops
        got may be wrong.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nothing is decided yet, or nothing can be sent
        """
        protection_sudo = press(self, "resend_mail")
        kind = KINDS[protection_sudo.state]
        template = protection_sudo.certificate_id._get_mail_template(kind)
        email = protection_sudo.order_id._trustedshops_get_email()
        is_corrected = email and email != protection_sudo.buyer_email
        # A template that mails to partners uses their present address anyway.
        values = {"email_to": email} if is_corrected and template.email_to else {}
        protection_sudo._mail_buyers(**values)
        text = self.env._("The mail about Buyer Protection was sent again.")
        protection_sudo._post_note(text)
        return show(text)

    # === FOR THE TEMPLATES === #
    def _get_buyer_lang(self):
        """Return the language of the purchase if the shop still has it.

        :rtype: str
        """
        for code in (self.lang_id.sudo().code, self.partner_id.sudo().lang):
            if code and self.env["res.lang"]._get_data(code=code):
                return code
        return "en_US"

    def _get_claim_url(self):
        """Return the page where the buyer makes a claim, in the reader's language.

        :rtype: str
        """
        return self.certificate_id.sudo()._get_shopper_page("claim_url")


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to have a person check an impossible address.

        Core deletes such a mail, so the queue cannot find it later, and calls it no
        failure when there is no address at all.
        """
        has_nobody = not (success_pids or success_emails or failure_type)
        if has_nobody or failure_type in ("mail_email_invalid", "mail_email_missing"):
            protections = self.env["trustedshops.protection"]
            mails = self.filtered(
                lambda mail: (
                    mail.model == protections._name
                    and mail.message_type == "email_outgoing"
                )
            )
            protections.browse(mails.mapped("res_id"))._ask_about_mail(RETURNED)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
