# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails about a consent, and their links: to stop invitations, and to confirm.

Opening a link changes nothing, because mail scanners open every link. Buyers press a
button on its page, and need no login.
"""

import logging
import secrets

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.website_sale_trustedshops.models.failure import log_failure

from ... import const
from .consent import CONFIRM_WITHIN

_logger = logging.getLogger(__name__)

CONFIRM_SCOPE = "website_sale_trustedshops_reviews-confirm"


class TrustedShopsConsent(models.Model):
    """Adds the links in mails by which buyers decide about a consent.

    A link to stop is signed over the hash of the address, so that it works without a
    record; one to confirm is signed by Odoo for one record and a few days. A token
    reveals neither address nor order. Users can neither read nor set the nonce, and
    neutralizing a copy of the database deletes the open requests, so that a copy
    confirms nothing.
    """

    _name = "trustedshops.consent"
    _inherit = ["trustedshops.consent", "trustedshops.owed.mail"]

    # 128 random bits.
    nonce = fields.Char(
        readonly=True,
        copy=False,
        default=lambda _self: secrets.token_hex(16),
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    _mail_idx = models.Index("(id) WHERE mail_due")
    _mail_tries_idx = models.Index("(id) WHERE mail_tries > 0")

    # === LINKS === #
    def _get_link(self, purpose):
        """Return the URL of the page to stop or to confirm, in the buyer's language.

        Outside sudo, as in a preview of a template, the link does not work.

        :param str purpose: ``stop`` or ``confirm``
        :rtype: str
        """
        self.ensure_one()
        website = self.order_id.website_id or self.channel_id.website_id
        path = website._trustedshops_get_lang_path(self.lang_id)
        token = self._sign(purpose) if self.env.su else "preview"
        shop = website.get_base_url() + path
        return f"{shop}/trustedshops/reviews/{purpose}/{token}"

    def _sign(self, purpose):
        """Return the token of a link.

        :param str purpose: ``stop``, or ``confirm``, whose token expires seven days
            after ``moment``
        :rtype: str
        """
        if purpose == "stop":
            suppressions = self.env["trustedshops.suppression"]
            return suppressions._sign_stop(self.digest, self.company_id)
        expiration = self.moment + CONFIRM_WITHIN
        return hash_sign(self.env, CONFIRM_SCOPE, [self.id, self.nonce], expiration)

    def _get_visitor_reason(self):
        """Return ``link`` if the visitor counts as the buyer, ``staff`` if not.

        Staff can open customers' pages, too. An internal user counts as the buyer only
        if one of the orders is their own.

        :rtype: str
        """
        user = self.env.user
        is_buyer = user.partner_id in self.order_id.partner_id
        return "staff" if user.has_group("base.group_user") and not is_buyer else "link"

    # === STOPPING === #
    @api.model
    def _stop_by_visitor(self, digest, company):
        """Take back all consents of an address, or suppress it if there are none.

        :param str digest: hash of the address
        :param company: record of ``res.company``
        """
        said = [("kind", "in", ("requested", "given")), ("email", "!=", False)]
        known = [("digest", "=", digest), ("company_id", "=", company.id)]
        rows_sudo = self.sudo().search([*said, *known])
        reason = rows_sudo._get_visitor_reason()
        if rows_sudo:
            rows_sudo[0]._withdraw(reason)
        else:
            suppressions = self.env["trustedshops.suppression"]
            suppressions._suppress_hash(digest, company, reason)

    # === CONFIRMING === #
    @api.model
    def _get_request(self, token):
        """Return the request to confirm that a link is for, in sudo.

        :param str token: token as the visitor sent it
        :return: none if the link is not ours, is expired, or its record is deleted
        """
        rows_sudo = self.sudo()
        try:
            signed = verify_hash_signed(rows_sudo.env, CONFIRM_SCOPE, token)
        except ValueError:
            signed = None
        request_id, nonce = signed or (None, None)
        request_sudo = rows_sudo.browse(request_id).exists()
        return request_sudo.filtered(lambda each: each.nonce == nonce)

    def _is_waiting(self):
        """Return True if the buyer can still confirm the request.

        Not after seven days or a withdrawal, nor if the shop stopped asking.
        """
        self.ensure_one()
        return (
            self.kind == "requested"
            and fields.Datetime.now() < self.moment + CONFIRM_WITHIN
            and not self.confirmation_ids
            and self._is_still_asked()
            and not self._is_stopped()
        )

    def _is_still_asked(self):
        """Return True if the order is not cancelled and its channel still asks."""
        # An order that waits for a bank transfer is "sent" or "draft".
        is_open = self.order_id.state in ("draft", "sent", "sale")
        return is_open and self.channel_id._is_asking()

    def _get_confirm_step(self):
        """Return the step of the page: ``confirm``, ``staff`` or ``over``.

        ``staff`` is for internal users who opened the link: they cannot confirm for the
        buyer.
        """
        if not self or not self._is_waiting():
            return "over"
        return "confirm" if self._get_visitor_reason() == "link" else "staff"

    def _confirm_by_visitor(self):
        """Store the consent if the visitor may confirm it.

        :return: step of the page: ``confirmed``, also if it was confirmed before, else
            see :meth:`_get_confirm_step`
        :rtype: str
        """
        step = self._get_confirm_step()
        if step == "confirm":
            self._confirm()
        confirmation = self.confirmation_ids
        is_valid = confirmation and not confirmation._is_stopped()
        return "confirmed" if is_valid and self._is_still_asked() else step

    def _confirm(self):
        """Create the consent that confirms this request."""
        # A second click waits here, is repeated, and then finds the consent. Without
        # this the unique index would refuse its record, and the log show the address.
        self._lock_for_click(self)
        copied = ("email", "text", "privacy_url", "kept_years", "contact")
        linked = ("order_id", "lang_id", "channel_id", "company_id")
        self.with_user(SUPERUSER_ID).create(
            {
                **{name: self[name] for name in copied},
                **{name: self[name].id for name in linked},
                "kind": "given",
                "mode": const.DOUBLE_OPT_IN,
                "moment": fields.Datetime.now(),
                "request_id": self.id,
            }
        )

    # === MAILS === #
    # One is due for a request to confirm, and for a consent whose stop link is in no
    # mail of the order. Its links are for the buyer alone, so that it is attached to no
    # record, whose chatter would show them.

    @api.model
    def _cron_send_mails(self):
        """Create due mails about consents, and follow others, each in a transaction.

        A failure is logged, stops no other, and is tried again by the next run.
        """
        is_due = Domain("mail_due", "=", True) | self._get_follow_up_domain()
        rows = self.sudo().search(is_due, order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(rows))
        for row in rows:
            try:
                with self.env.cr.savepoint():
                    row.try_lock_for_update().filtered_domain(is_due)._process_mail()
            except Exception as error:
                log_failure(_logger, error, "Consent %s: no mail", row.id)
                if row.mail_due:
                    row._schedule_at_channel("consent_mail_unwritten")
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _process_mail(self):
        """Create the due mail of the record, or follow the one that it has.

        A consent that was taken back gets none, nor a request that cannot be confirmed
        any more.
        """
        is_wanted = self and self._is_mail_wanted()
        if self.mail_due and is_wanted:
            name = "given" if self.kind == "given" else "confirm"
            self._create_mail(f"mail_template_consent_{name}")
        elif self.mail_due and self.kind == "given":
            self.mail_due = False
        elif is_wanted or self.mail_id.trustedshops_sent_at:
            self._process_mails()
        else:
            self._drop_mails()
            self.mail_tries = 0

    def _is_mail_wanted(self):
        """Return True if the consent counts, or the request can be confirmed."""
        if self.kind == "given":
            return not self._is_stopped()
        return self._is_waiting()

    def _create_mail(self, template_name):
        """Create the mail of the record from a template of this addon.

        :param str template_name: XML id without the addon
        """
        addon = "website_sale_trustedshops_reviews"
        template = self.env.ref(f"{addon}.{template_name}").sudo()
        # The page to stop takes a press by mail programs, too. Source: RFC 8058
        headers = {
            "List-Unsubscribe": f"<{self._get_link('stop')}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        mail_id = template.send_mail(
            self.id,
            email_layout_xmlid=f"{addon}.consent_mail_layout",
            email_values={
                "headers": repr(headers),
                "model": False,
                "res_id": False,
            },
        )
        self._start_mails(template.env["mail.mail"].browse(mail_id))
        self.channel_id._remove_todos_about("consent_mail_unwritten")

    def _report_unsent_mail(self):
        """Override to schedule one activity for all consents of the channel."""
        self._schedule_at_channel("consent_mail_lost")

    def _schedule_at_channel(self, code):
        """Schedule an activity about the mails of the channel, unless there is one.

        :param str code: code of the message
        """
        self.channel_id._schedule_message(code)

    def action_resend_mail(self):
        """Have the mail about the consent written again.

        :raise AccessError: without the rights
        :raise UserError: if the buyer needs it no more, or cannot confirm any more
        """
        self._check_can_manage()
        if not self.sudo()._is_mail_wanted():
            raise UserError(
                self.env._("This mail is not needed any more, or came too late.")
            )
        self.sudo().mail_due = True
        addon = "website_sale_trustedshops_reviews"
        self.env["ir.cron"]._trustedshops_trigger(f"{addon}.ir_cron_send_consent_mails")

    @api.model
    def _stop_mails(self, email, company):
        """Delete the unsent mails about consents of an address that no longer count.

        :param str email: normalized address
        :param company: record of ``res.company``
        """
        mailed = self._search_by_address(email, company).filtered("mail_id")
        ended = mailed.filtered(lambda each: each._is_stopped())
        ended._unlink_mails([("state", "!=", "sent")])

    def _unlink_mails(self, domain):
        """Delete mails of these records, except those that the mail queue is sending.

        :param list domain: condition on the mails
        """
        mails_sudo = self.sudo().mail_id.filtered_domain(domain)
        mails_sudo.try_lock_for_update().unlink()
        self.filtered(lambda each: not each.sudo().mail_id).mail_tries = 0

    # === WHAT THE TEMPLATES ASK === #
    def _is_erased_before(self):
        """Return True if the buyer's data was erased, so that a tick is not enough."""
        suppressions = self.env["trustedshops.suppression"]
        return suppressions._is_erased(self.email, self.company_id)

    def _format_imprint(self):
        """Return the address of the company, with its numbers, one per line.

        :rtype: str
        """
        company = self.company_id
        address = company.partner_id._display_address(without_company=True)
        lines = [*address.split("\n"), company.company_registry, company.vat]
        return "\n".join(line.strip() for line in lines if line and line.strip())

    def _get_buyer_lang(self):
        """Return the code of the buyer's language, ``en_US`` if it is deactivated."""
        return self.env["res.lang"]._get_code(self.lang_id.code) or "en_US"


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):
        """Override of `base` to keep our link to stop on one line.

        Python would encode it as it folds it, and no mail program would find it.
        """
        message = super()._build_email__(*args, **kwargs)
        if "/trustedshops/reviews/stop/" in message.get("List-Unsubscribe", ""):
            # What a line may have at most. Source: RFC 5322, 2.1.1
            message.policy = message.policy.clone(max_line_length=998)
        return message
