# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links in mails that need no login: to stop the invitations, and to confirm."""

import hmac
import json
import re
import secrets
from hashlib import sha256

from odoo import api, fields, models

from ... import const
from ..ir_config_parameter import LINK_KEYS

# The purposes of links: a link to stop must not confirm.
STOP, CONFIRM = "stop", "confirm"


class TrustedShopsConsent(models.Model):
    """Let buyers decide about a consent by a link, with a button on its page.

    Opening the link does nothing, because mail scanners open every link. A token
    reveals neither address nor order. Users can neither see nor choose the nonce, which
    makes the signature of each row differ.
    """

    _inherit = "trustedshops.consent"

    # 128 random bits. With them and the key anyone could confirm for the buyer.
    nonce = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda _self: secrets.token_hex(16),
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    # === MAKING A LINK === #
    def _get_link(self, purpose):
        """Return the address of a page at which the buyer decides, in their language.

        If a user renders a mail, in a preview or for any address, its link does not
        work.

        :param str purpose: ``stop`` or ``confirm``
        :rtype: str
        """
        self.ensure_one()
        website = self.order_id.website_id or self.channel_id.website_id
        shop = website.get_base_url() + website._trustedshops_get_lang_path(
            self.lang_id
        )
        token = self._get_tokens(purpose)[0] if self.env.su else "preview"
        return f"{shop}/trustedshops/reviews/{purpose}/{token}"

    def _get_tokens(self, purpose):
        """Return the tokens of a row, one for each key.

        :param str purpose: ``stop`` or ``confirm``
        :return: the newest key's first
        :rtype: list[str]
        """
        self.ensure_one()
        tokens = []
        for version, key in self._get_link_keys().items():
            # A list in JSON: no other values have the same encoding.
            signed = json.dumps([version, purpose, self.company_id.id, self.nonce])
            code = hmac.digest(key, signed.encode(), "sha256").hex()
            tokens.append(f"{version}-{self.id}-{code}")
        return tokens

    @api.model
    def _get_link_keys(self):
        """Return the keys of the links by version, the newest first.

        :rtype: dict[int, bytes]
        """
        return self.env["ir.config_parameter"]._trustedshops_get_keys(LINK_KEYS)

    def _get_purposes(self):
        """Return the purposes of the links that mails may contain for this row."""
        return {"requested": (STOP, CONFIRM), "given": (STOP,)}.get(self.kind, ())

    # === USING A LINK === #
    @api.model
    def _find_by_token(self, purpose, token):
        """Return the consent whose link a visitor opened.

        :param str purpose: ``stop`` or ``confirm``
        :param str token: as the visitor sent it
        :return: the consent, or the row in ``trustedshops.way.out`` of a deleted one,
            in sudo; None if the link is not ours
        """
        # Version of the key, id of the row, HMAC-SHA256. The numbers are never longer.
        found = re.fullmatch(r"[0-9]{1,9}-([0-9]{1,9})-[0-9a-f]{64}", token)
        if not found:
            return None
        row = self.sudo().browse(int(found[1])).exists()
        if not row:
            return self.env["trustedshops.way.out"]._find(purpose, token)
        known = row._get_tokens(purpose)
        is_own = any([hmac.compare_digest(each, token) for each in known])
        return row if is_own and purpose in row._get_purposes() else None

    def _stop_by_visitor(self):
        """Take the consent back for the visitor who pressed the button."""
        self.ensure_one()
        if self.email:
            self._withdraw(self._get_visitor_reason())
        else:
            self._stop_hash_by_visitor(self._prepare_hash(), self.company_id)

    @api.model
    def _stop_hash_by_visitor(self, hashed, company):
        """Take back all consents of an address that is known only by its hash.

        :param dict hashed: see :meth:`_prepare_hash`
        :param company: record of ``res.company``
        """
        domain = [(name, "=", value) for name, value in hashed.items()]
        domain += [("company_id", "=", company.id), ("email", "!=", False)]
        if row_sudo := self.sudo().search(domain, limit=1):
            row_sudo._withdraw(row_sudo._get_visitor_reason())
        else:
            suppressions = self.env["trustedshops.suppression"]
            reason = self.browse()._get_visitor_reason()
            suppressions._suppress_hash(hashed, company, reason)

    def _get_visitor_reason(self):
        """Return ``link`` if the buyer presses the button of a page, else ``staff``.

        Staff can open customers' pages, too. Their click is not the will of the buyer,
        unless they placed the order for themselves.
        """
        user = self.env.user
        is_buyer = user.partner_id == self.order_id.partner_id
        return "staff" if user._is_internal() and not is_buyer else "link"

    def _get_confirm_step(self):
        """Return what the page to confirm shows: ``confirm``, ``staff`` or ``over``."""
        if not self._is_waiting():
            return "over"
        return "confirm" if self._get_visitor_reason() == "link" else "staff"

    def _confirm_by_visitor(self):
        """Store that the owner of the address agrees.

        :return: what the page shows: ``confirmed``, also if it was done before, else
            as :meth:`_get_confirm_step`
        :rtype: str
        """
        step = self._get_confirm_step()
        if step == "confirm":
            self._confirm()
        confirmation = self.confirmation_ids
        is_valid = confirmation and not confirmation._is_stopped()
        is_followed = self.channel_id._is_asking() and self._is_order_open()
        return "confirmed" if is_valid and is_followed else step


class TrustedShopsWayOut(models.Model):
    """Keep the links of deleted consents working: mails live longer than their rows.

    No user reads these rows. They hold the hash of the address to stop, and show that
    an expired link to confirm is one of ours.
    """

    _name = "trustedshops.way.out"
    _description = "Link of a Deleted Consent"

    # SHA-256 of purpose and token.
    link_hash = fields.Char(required=True)
    digest = fields.Char(required=True)
    key_version = fields.Integer(required=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    moment = fields.Datetime(required=True, default=fields.Datetime.now)

    _link_hash_uniq = models.UniqueIndex("(link_hash)")

    @api.model
    def _keep(self, consents):
        """Store the links of consents that are being deleted.

        :param consents: records of ``trustedshops.consent`` in sudo
        """
        self.sudo().create(
            [
                {
                    "link_hash": self._hash_link(purpose, token),
                    "company_id": consent.company_id.id,
                    **consent._prepare_hash(),
                }
                for consent in consents.filtered("digest")
                for purpose in consent._get_purposes()
                for token in consent._get_tokens(purpose)
            ]
        )

    @api.model
    def _find(self, purpose, token):
        """Return the row of a deleted consent by its link, None if it is not ours.

        :param str purpose: ``stop`` or ``confirm``
        :param str token: in ASCII
        :return: record in sudo
        """
        link_hash = self._hash_link(purpose, token)
        return self.sudo().search([("link_hash", "=", link_hash)]) or None

    @api.model
    def _hash_link(self, purpose, token):
        return sha256(f"{purpose}/{token}".encode()).hexdigest()

    @api.autovacuum
    def _gc_old(self):
        """Delete links that are older than their company keeps consents."""
        domain = self.env["res.company"]._trustedshops_get_outdated_domain("moment")
        old = self.search(domain, limit=const.CLEAN_BATCH)
        old.unlink()
        return len(old), len(old) == const.CLEAN_BATCH

    # === USING A LINK, AS WITH A CONSENT === #
    def _stop_by_visitor(self):
        """Take back all consents of the address, and suppress it."""
        hashed = {"digest": self.digest, "key_version": self.key_version}
        consents = self.env["trustedshops.consent"]
        consents._stop_hash_by_visitor(hashed, self.company_id)

    def _get_confirm_step(self):
        return "over"

    def _confirm_by_visitor(self):
        return "over"
