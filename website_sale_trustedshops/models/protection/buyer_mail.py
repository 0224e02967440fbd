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
# The mails that we write to buyers, not those to staff or of a merchant's own rule.
OURS = Domain(
    [
        ("model", "=", "trustedshops.protection"),
        ("message_type", "=", "email_outgoing"),
        ("is_notification", "=", True),
    ]
)
# Why a mail can reach nobody.
IMPOSSIBLE = ("mail_email_invalid", "mail_email_missing")
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
        waiting = self._find_unsent_mails().mapped("res_id")
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

    def _find_unsent_mails(self, domain=Domain.TRUE):
        """Return the mails to these buyers that did not leave, in sudo.

        :param Domain domain: which of them
        """
        domain &= OURS & Domain("res_id", "in", self.ids)
        domain &= Domain("state", "in", ("outgoing", "exception"))
        return self.env["mail.mail"].sudo().search(domain)

    # === IN THE QUEUE === #
    @api.model
    def _run_mails(self):
        """Write the mails that are due.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        return Job(
            self,
            self._get_mails_domain,
            lambda rows: rows._write_mails(),
            after_bug=lambda row: row._wait_for_template(),
        ).do_all()

    @api.model
    def _get_mails_domain(self):
        """Return the rows whose buyers are to be told now."""
        waits = is_ahead("next_attempt_at", fields.Datetime.now(), PAUSE)
        return Domain("mail_due", "=", True) & self._get_decided_domain() & ~waits

    @api.model
    def _get_refused_domain(self):
        """Return the rows with a true mail that the mail server refused.

        A mail waits an hour; as the queue runs every ten minutes, that is 50 minutes.
        """
        tried_before = fields.Datetime.now() - timedelta(minutes=50)
        is_due = Domain("write_date", "<=", tried_before)
        is_due |= Domain("failure_type", "in", IMPOSSIBLE)
        refused = OURS & Domain("state", "=", "exception") & is_due
        ids = self.env["mail.mail"].sudo().search(refused).mapped("res_id")
        # Otherwise a person knows that it came back, or it is no longer true.
        is_valid = Domain("mailed_at", "!=", False)
        return Domain("id", "in", ids) & is_valid & self._get_decided_domain()

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
        self._find_unsent_mails().cancel()  # the new ones take their place
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
        is_impossible = Domain("failure_type", "in", IMPOSSIBLE)
        returned = self.browse(self._find_unsent_mails(is_impossible).mapped("res_id"))
        since = fields.Datetime.now() - const.MAIL_RETRY_WITHIN
        lost = (self - returned).filtered(lambda each: each.mailed_at <= since)
        for rows, sentence in ((returned, RETURNED), (lost, LOST)):
            rows._find_unsent_mails().cancel()
            rows._ask_about_mail(sentence)
        (self - returned - lost)._find_unsent_mails().mark_outgoing()
        self._trigger_mail_queue()

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

    # Each run of our queue looks for refused mails; others may be kept for ever.
    _trustedshops_refused_idx = models.Index(
        "(mail_message_id) WHERE state = 'exception'"
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to keep a mail that reached nobody, for our queue.

        Core deletes it if the address is impossible. Our queue has a person check the
        address, because core's queue must not stop at a row of ours.
        """
        is_impossible = not failure_type or failure_type in IMPOSSIBLE
        if is_impossible and not (success_pids or success_emails):
            self.sudo().filtered_domain(OURS).auto_delete = False
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
