# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, email_normalize, format_datetime

from ...client_action import show
from ..batches import Job
from ..certificate.mail_settings import MAILS
from .buttons import BUSY, press
from .standing import NOT_CONCLUDED_STATES

_lt = LazyTranslate(__name__)
# The pause before the next try if the template of a mail fails or is missing, and the
# first pause after the mail server refused a mail.
PAUSE = timedelta(hours=1)
# The mail that tells the buyer of a state.
KINDS = {"confirmed": "confirmed", "rejected": "failed", "failed": "failed"}
LOST = _lt(
    "The buyer's mail could not be sent. Check the mail server and the buyer's address,"
    " then press Resend."
)
RETURNED = _lt(
    "The buyer's mail came back: the address does not take it. Check the buyer's"
    " address, then press Resend."
)


def _ask_about_mail(protections, sentence):
    """Ask a person about the mails of protections.

    :param LazyGettext sentence: what happened and what to do
    """
    for protection in protections:
        protection = protection._in_responsible_lang()
        protection._notify_responsible("mail", protection.env._(sentence))


class TrustedShopsBuyerMail(models.Model):
    """A mail that tells the buyer of a decision: written once, or left out for good.

    It waits from the decision on. One transaction creates the mail in Odoo's queue,
    which sends it, and stores that it was written.
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
    # It is skipped when mails are switched off or there is no address.
    state = fields.Selection(
        [("waiting", "Waiting"), ("written", "Written"), ("skipped", "Cancelled")],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    # When it was written or skipped.
    settled_at = fields.Datetime(string="Date", readonly=True)
    # The mail in Odoo's queue, until Odoo deletes it.
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
    )
    # When to try again to write it, or to send one that the mail server refused.
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
        """Create the mails for the state of protections, and delete the others.

        A waiting mail about another state is outdated.

        :param protections: of one state
        :return: the mail about this state of each of them, none while it is undecided
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
        """Write the mails that are due, and send refused ones again.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        mails, due, refused = type(self), self._get_due_domain, self._get_refused_domain
        return (
            Job(self, due, mails._settle, mails._note_bug).do_all()
            and Job(self, refused, mails._put_back, mails._wait).do_all()
        )

    @api.model
    def _get_due_domain(self):
        """Return the mails to be written now."""
        return Domain("state", "=", "waiting") & self._get_true_domain()

    @api.model
    def _get_refused_domain(self):
        """Return the mails that the mail server refused."""
        return Domain("mail_id.state", "=", "exception") & self._get_true_domain()

    @api.model
    def _get_true_domain(self):
        """Return the mails whose pause is over and whose decision is final."""
        over = self.env["trustedshops.protection"]._get_not_concluded_domain()
        # ``any!`` joins the tables: few mails wait, but there are many protections.
        is_decided = Domain("kind", "=", "confirmed")
        is_decided |= Domain("protection_id", "any!", over)
        is_ready = Domain("next_attempt_at", "<=", fields.Datetime.now())
        is_ready |= Domain("next_attempt_at", "=", False)
        return is_decided & is_ready

    def _get_responsible(self):
        """Return the user who gets the activities."""
        return self.protection_id[:1]._get_responsible()

    def _in_responsible_lang(self):
        """Return the mails in the language of the responsible user."""
        return self.with_env(self.protection_id._in_responsible_lang().env)

    # === WRITING === #
    def _settle(self):
        """Write the mails that are due or skip them; without a template they wait."""
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
                mails.protection_id._post_at_orders(
                    _lt(
                        "Buyer Protection is confirmed, guarantee number"
                        " %(guarantee_number)s."
                    )
                )

    def _write_or_skip(self, is_wanted):
        """Write mails of one kind and certificate, or mark them as skipped."""
        self._close_todos()
        mailed = self.filtered(
            lambda each: is_wanted and each.protection_id.buyer_email
        )
        skipped = self - mailed
        if mailed:
            mailed._compose()
        skipped.write({"state": "skipped", "settled_at": fields.Datetime.now()})
        if is_wanted:
            _ask_about_mail(skipped.protection_id, LOST)

    def _compose(self, **values):
        """Give mails to the mail queue of Odoo, and mark them as written.

        All are of one kind and certificate, so that Odoo compiles the template once.

        :param values: of the mails, in place of those of the template
        """
        kind, certificate = self[:1].kind, self.protection_id.certificate_id
        template_sudo = certificate._get_mail_template(kind)
        # Keep the message when the mail is deleted after sending. If the mail comes
        # back, Odoo finds the record by its message.
        values = {**values, "is_notification": True}
        mails_sudo = template_sudo.send_mail_batch(
            self.protection_id.ids,
            email_layout_xmlid="website_sale_trustedshops.mail_layout",
            email_values=values,
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
    def _wait(self, pause=PAUSE):
        """Try again after a pause."""
        self.next_attempt_at = fields.Datetime.now() + pause

    def _note_bug(self):
        """Postpone a mail that crashed, and ask a person.

        The same template may work for all other protections.
        """
        self._wait()
        _ask_about_mail(
            self.protection_id,
            _lt(
                "The buyer's mail could not be written: correct its template, see the"
                " server log. We try again every hour; Resend tries at once."
            ),
        )

    def _put_back(self):
        """Have Odoo send refused mails again; after two days ask a person.

        Odoo gives up at the first refusal, but a guarantee number must not be lost
        because the mail server was away for an hour. The pauses double.
        """
        for mail in self:
            age = fields.Datetime.now() - mail.settled_at
            if age < timedelta(days=2):
                mail._wait(min(max(age, PAUSE), timedelta(hours=4)))
                mail.mail_id.sudo().mark_outgoing()
                mail._trigger_cron()
            else:
                mail.mail_id = False
                _ask_about_mail(mail.protection_id, LOST)

    def _close_todos(self):
        """Close the activities about these mails: they are written, or not wanted."""
        self.protection_id._close_todos_about("mail")
        for mail in self:
            cause = MAILS[mail.kind].cause
            mail.protection_id.certificate_id._close_todos_about(cause)


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
            mails_sudo = self.env["trustedshops.buyer.mail"].sudo()
            mails_sudo = mails_sudo.search([("mail_id", "in", self.ids)])
            _ask_about_mail(mails_sudo.protection_id, RETURNED)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )


class TrustedShopsProtection(models.Model):
    """The mails of a protection: bounces, resending, and values for templates."""

    _inherit = "trustedshops.protection"

    mail_ids = fields.One2many(
        "trustedshops.buyer.mail", "protection_id", string="Mails"
    )

    # === COMING BACK === #
    def _message_receive_bounce(self, email, partner):
        """Override of `mail` to have a person check an address that refused a mail."""
        result = super()._message_receive_bounce(email, partner)
        bounced = email_normalize(email)
        for protection in self:
            order = protection.order_id
            # The address of the purchase, and the present one, which Resend uses.
            mailed = (protection.buyer_email, order._trustedshops_get_email())
            if bounced and bounced in mailed:
                _ask_about_mail(protection, RETURNED)
        return result

    # === BUTTONS === #
    def action_preview_mail(self):
        """Open the preview of the mail that the buyer gets, or would get.

        :rtype: dict
        :raise UserError: when it has no template
        """
        self.ensure_one()
        kind = "failed" if self.state in NOT_CONCLUDED_STATES else "confirmed"
        template = self.certificate_id._require_mail_template(kind)
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
        mail_sudo = protection_sudo.mail_ids._follow(protection_sudo)
        if not mail_sudo.try_lock_for_update():  # the queue writes it right now
            raise UserError(self.env._(BUSY))
        template = protection_sudo.certificate_id._require_mail_template(mail_sudo.kind)
        mail_sudo._close_todos()
        email = protection_sudo.order_id._trustedshops_get_email()
        is_corrected = email and email != protection_sudo.buyer_email
        # A template that mails to partners uses their present address anyway.
        values = {"email_to": email} if is_corrected and template.email_to else {}
        mail_sudo._compose(**values)
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
