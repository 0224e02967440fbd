# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links in mails that need no login, and the consent that is confirmed by one."""

import hmac
import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.website_sale_trustedshops.models.failure import log_failure

from .. import const

_logger = logging.getLogger(__name__)
MAIL_TEMPLATE = "website_sale_trustedshops_reviews.mail_template_consent_confirm"
MAIL_LAYOUT = "website_sale_trustedshops_reviews.consent_mail_layout"
# What a link is for: one for the way out must not confirm.
STOP, CONFIRM = "stop", "confirm"
# Orders whose buyers are asked: one that waits for a transfer is "sent" or "draft".
PLACED = ("draft", "sent", "sale")


class TrustedShopsConsent(models.Model):
    """Who opens a link changes nothing: mail scanners do. The button of its page does.

    A link has neither address nor order in it, and its signature outlives copies of the
    database. The way out outlives its row, too: it has the hash of the address in it.
    """

    _inherit = "trustedshops.consent"

    # === LINKS === #
    def _get_link(self, purpose):
        """Return the address of a page at which the buyer decides, in his language.

        :param str purpose: ``stop`` or ``confirm``
        :rtype: str
        """
        self.ensure_one()
        website = self.order_id.website_id or self.channel_id.website_id
        shop = website.get_base_url() + website._trustedshops_get_lang_path(
            self.lang_id
        )
        return f"{shop}/trustedshops/reviews/{purpose}/{self._get_token(purpose)}"

    def _get_token(self, purpose):
        """Return row, company, hash of the address, and a signature for one purpose."""
        suppressions = self.env["trustedshops.suppression"]
        version = suppressions._get_newest_key()
        digest = suppressions._get_digests(self.email)[0]
        about = f"{self.id}-{self.company_id.id}-{version}-{digest}"
        return f"{about}-{suppressions._get_digests(f'{purpose}/{about}')[0]}"

    @api.model
    def _read_token(self, purpose, token):
        """Return what is in a token, None when it is not one of ours.

        :param str purpose: ``stop`` or ``confirm``
        :param str token: as somebody sent it
        :return: row in sudo (empty when it is gone), company, version of the key and
            hash of the address
        """
        about, _dash, signature = token.rpartition("-")
        known = self.env["trustedshops.suppression"]._get_digests(f"{purpose}/{about}")
        given = signature.encode()
        if not any([hmac.compare_digest(each.encode(), given) for each in known]):
            return None
        row_id, company_id, version, digest = about.split("-")
        row = self.sudo().browse(int(row_id)).exists().filtered("email")
        company = self.env["res.company"].sudo().browse(int(company_id)).exists()
        return row, company, int(version), digest

    @api.model
    def _stop_by_token(self, token):
        """Stop an address by the link in a mail; unknown links change nothing.

        :param str token: as somebody sent it
        """
        found = self._read_token(STOP, token)
        if not found:
            return
        row, company, version, digest = found
        if row := row or self.sudo()._find_by_digest(digest, company):
            row._withdraw("link")
        elif company:
            suppressions_sudo = self.env["trustedshops.suppression"].sudo()
            known = [("digest", "=", digest), ("company_id", "=", company.id)]
            if not suppressions_sudo.search_count(known, limit=1):
                suppressions_sudo._suppress_digest(digest, version, company, "link")

    @api.model
    def _find_by_digest(self, digest, company):
        """Return a row of an address of which only the hash is known.

        All addresses are hashed for it, but only for a link whose own row is gone.
        """
        of_company = [("company_id", "=", company.id), ("email", "!=", False)]
        get_digests = self.env["trustedshops.suppression"]._get_digests
        for (email,) in self._read_group(of_company, ["email"]):
            if digest in get_digests(email):
                return self.search([*of_company, ("email", "=", email)], limit=1)
        return self.browse()

    # === CONFIRMED BY E-MAIL === #
    def _is_waiting(self):
        """Tell whether a request can still be confirmed."""
        self.ensure_one()
        latest = self.moment + const.CONFIRM_WITHIN
        return (
            self.kind == "requested"
            and fields.Datetime.now() <= latest
            and not self.confirmation_ids
            and not self._is_stopped()
        )

    @api.model
    def _find_waiting(self, token):
        """Return the request that a link can still confirm.

        :param str token: as somebody sent it
        :return: record in sudo, may be empty
        """
        row = (self._read_token(CONFIRM, token) or [self.sudo().browse()])[0]
        return row if row and row._is_waiting() else row.browse()

    @api.model
    def _confirm_by_token(self, token):
        """Note that the owner of an address confirmed his consent.

        :param str token: as somebody sent it
        :return: whether he did, now or before
        :rtype: bool
        """
        found = self._read_token(CONFIRM, token)
        row = found and found[0]
        if not row:
            return False
        if row._is_waiting():
            row._confirm()
        confirmation = row.confirmation_ids
        return bool(confirmation) and not confirmation._is_stopped()

    def _confirm(self):
        """Add the consent that this request asked for."""
        # Who presses twice waits for himself here, and then the framework repeats his
        # second request, which finds the consent. Running into the index instead would
        # be logged, with the address.
        self.env.cr.execute(
            SQL(
                "UPDATE trustedshops_consent SET write_date = write_date WHERE id = %s",
                self.id,
            ),
            log_exceptions=False,
        )
        copied = ("email", "text", "privacy_url")
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

    # === THE MAIL === #
    @api.model
    def _cron_send_requests(self):
        """Write the mails that ask buyers to confirm, each once.

        The mail and its stamp are one transaction; the mail queue of Odoo sends it. One
        that fails does not keep the next ones waiting.
        """
        due = self.sudo().search(
            [("kind", "=", "requested"), ("mailed_at", "=", False)], order="id"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for row in due:
            row._try_to_send_request()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _try_to_send_request(self):
        """Write the mail of one request, if it still needs one.

        Whatever fails on the way is logged, and tried again in the next run.
        """
        try:
            with self.env.cr.savepoint():
                row = self.try_lock_for_update().filtered(
                    lambda each: not each.mailed_at
                )
                if row and row._is_wanted():
                    row._send_request()
        except Exception as error:
            text = "Request %s to confirm a consent: no mail"
            log_failure(_logger, error, text, self.id)

    def _is_wanted(self):
        """Tell whether the buyer is still to be asked to confirm."""
        is_purchase = self.order_id.state in PLACED
        return is_purchase and self.channel_id._is_asking() and self._is_waiting()

    def _send_request(self):
        """Write the mail of one request."""
        self.mailed_at = fields.Datetime.now()
        template_sudo = self.env.ref(MAIL_TEMPLATE).sudo()
        template_sudo.send_mail(self.id, email_layout_xmlid=MAIL_LAYOUT)

    @api.model
    def _trustedshops_stop(self, email, company):
        """Override: the mail that asks to confirm does not leave any more."""
        result = super()._trustedshops_stop(email, company)
        self._find_by_address(email, company)._unlink_mails([("state", "!=", "sent")])
        return result

    def _unlink_mails(self, domain):
        """Delete mails of these rows; one that is being sent is left to the queue.

        :param domain: which of ``mail.mail``
        """
        own = Domain("model", "=", self._name) & Domain("res_id", "in", self.ids)
        mails_sudo = self.env["mail.mail"].sudo().search(own & Domain(domain))
        mails_sudo.try_lock_for_update().unlink()

    def _get_buyer_lang(self):
        """Return the language in which the buyer ticked, while the shop has it.

        :rtype: str
        """
        code = self.lang_id.code
        is_known = code and self.env["res.lang"]._get_data(code=code)
        return code if is_known else "en_US"
