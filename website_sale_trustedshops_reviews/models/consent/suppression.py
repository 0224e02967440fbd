# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hmac
import json
import re
import secrets

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.website_sale_trustedshops.framework import (
    clear_caches,
    get_parameter,
    set_parameter,
)
from odoo.addons.website_sale_trustedshops.lib.address import normalize_address

from ... import const


class TrustedShopsSuppression(models.Model):
    """The hash of an address that must not be invited, without the address itself.

    A newer tick or confirmation by e-mail ends a suppression whose reason is ``link``
    or ``import``. Only a confirmation ends an ``erasure``, because anyone who knows the
    address could tick. Neither ends ``staff``, and no consent that staff enter or
    import ends any suppression. A sales manager can end every suppression except an
    ``erasure``.
    """

    _name = "trustedshops.suppression"
    _description = "Address Without Review Invitations"
    _order = "moment desc, id desc"

    digest = fields.Char(string="Hash", required=True, readonly=True, index=True)
    moment = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    reason = fields.Selection(
        [
            ("link", "Link of the buyer"),
            ("import", "Imported"),
            ("staff", "Staff"),
            ("erasure", "Erasure"),
        ],
        required=True,
        readonly=True,
    )
    # Archived when a manager ended it.
    active = fields.Boolean(default=True, readonly=True)
    # Only to search: a user enters an address, and finds its hash.
    email = fields.Char(
        string="E-mail Address",
        compute="_compute_email",
        search="_search_email",
        export_string_translation=False,
    )

    _unique_living = models.UniqueIndex("(digest, company_id, reason) WHERE active")

    def _compute_email(self):
        """Leave the field empty, because the address is unknown."""
        self.email = False

    @api.model
    def _search_email(self, operator, value):
        """Return the domain of the suppressions of an entered address, by its hash."""
        if operator not in ("in", "=", "ilike") or isinstance(value, bool):
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        emails = filter(None, map(normalize_address, values))
        return Domain("digest", "in", list(map(self._get_digest, emails)))

    # === THE HASH === #
    @api.model
    def _get_key(self):
        """Return the key of hashes and of links to stop, creating it if necessary.

        The secret of the database would not do: it changes when a database is copied,
        so suppressed addresses would be invited again and links in mails would break.

        :rtype: bytes
        """
        key = get_parameter(self.env, const.ADDRESS_KEY)
        if not key:
            key = secrets.token_hex(32)
            set_parameter(self.env, const.ADDRESS_KEY, key)
        return key.encode()

    @api.model
    def _hash(self, purpose, *values):
        """Return HMAC-SHA256 of texts for one purpose, in hexadecimal.

        The purpose is hashed together with the texts, so that a hash which users can
        see is never the signature of a link.

        :param str purpose: ``address`` or ``stop``
        :param values: JSON values, usually texts
        :rtype: str
        """
        message = json.dumps([purpose, *values]).encode()
        return hmac.digest(self._get_key(), message, "sha256").hex()

    @api.model
    def _get_digest(self, email):
        """Return the hash of an address.

        :param str email: normalized address
        :rtype: str
        """
        return self._hash("address", email)

    @api.model
    def _sign_stop(self, digest, company):
        """Return the token of the link to stop for an address; it needs no record.

        :param str digest: hash of the address
        :param company: record of ``res.company``
        :rtype: str
        """
        return f"{company.id}-{digest}-{self._hash('stop', str(company.id), digest)}"

    @api.model
    def _read_stop(self, token):
        """Return the hash and the company for which a link to stop was signed.

        :param str token: token as a visitor sent it
        :return: hash of the address, and the company in sudo; None if we did not sign
            it
        :rtype: tuple or None
        """
        found = re.fullmatch(r"([0-9]{1,9})-([0-9a-f]{64})-([0-9a-f]{64})", token)
        if not found:
            return None
        company_id, digest, code = found.groups()
        if not hmac.compare_digest(code, self._hash("stop", company_id, digest)):
            return None
        company_sudo = self.env["res.company"].sudo().browse(int(company_id)).exists()
        return (digest, company_sudo) if company_sudo else None

    # === WHO IS SUPPRESSED === #
    @api.model
    def _is_suppressed(self, email, company):
        """Return True if an address must not be invited.

        :param str email: address in any spelling; an invalid address is never invited
        :param company: record of ``res.company``
        :rtype: bool
        """
        email = normalize_address(email)
        if not email:
            return True
        found_sudo = self.sudo()._search_by_address(email, company)
        return any(each._is_in_force(email) for each in found_sudo)

    @api.model
    def _is_erased(self, email, company):
        """Return True if the owner's data was erased, and they did not confirm again.

        :param str email: normalized address
        :param company: record of ``res.company``
        :rtype: bool
        """
        erased = self._get_erased_digests(company.id)
        if self._get_digest(email) not in erased:
            return False
        found_sudo = self.sudo()._search_by_address(email, company)
        erasures_sudo = found_sudo.filtered(lambda each: each.reason == "erasure")
        return any(each._is_in_force(email) for each in erasures_sudo)

    @api.model
    @tools.ormcache("company_id")
    def _get_erased_digests(self, company_id):
        """Return the hashes of a company's erased addresses, cached.

        They are few, and keep the placing of an order from needing a query.

        :param int company_id: id of ``res.company``
        :rtype: frozenset of str
        """
        erased = [("reason", "=", "erasure"), ("company_id", "=", company_id)]
        return frozenset(self.sudo().search(erased).mapped("digest"))

    @api.model
    def _check_not_erased(self, email, company):
        """Check that no data was erased for the address of a consent that staff enter.

        :param str email: normalized address
        :param company: record of ``res.company``
        :raise UserError: if the data was erased
        """
        if self._is_erased(email, company):
            raise UserError(
                self.env._(
                    "The data of the person with this address was erased, so no consent"
                    " can be entered or imported for it. Leave it out. To be invited"
                    " again, the buyer has to tick the box at the next order in the"
                    " shop, and to confirm the e-mail that follows."
                )
            )

    def _is_applicable_to(self, consent):
        """Return True if this suppression makes a consent, or a request, not count.

        An erasure does not stop a request: the owner of the address may confirm it.

        :param consent: record of ``trustedshops.consent`` with the address of the hash
        :rtype: bool
        """
        if consent.kind == "requested":
            is_by_buyer = self.reason in ("link", "import")
            return self.reason == "staff" or (
                is_by_buyer and self.moment >= consent.moment
            )
        return self.moment >= consent.moment or self._is_in_force(consent.email)

    def _is_in_force(self, email):
        """Return True unless the owner of the address agreed again later.

        After ``staff`` no later consent counts, and after ``erasure`` only one that was
        confirmed by e-mail.

        :param str email: normalized address, that of the hash
        :rtype: bool
        """
        by_tick = (const.CHECKBOX, const.DOUBLE_OPT_IN)
        modes = {
            "link": by_tick,
            "import": by_tick,
            "erasure": (const.DOUBLE_OPT_IN,),
            "staff": (),
        }[self.reason]
        newer = [
            ("kind", "=", "given"),
            ("mode", "in", modes),
            ("email", "=", email),
            ("company_id", "=", self.company_id.id),
            ("moment", ">", self.moment),
        ]
        consents_sudo = self.env["trustedshops.consent"].sudo()
        return not modes or not consents_sudo.search_count(newer, limit=1)

    @api.model
    def _search_by_address(self, email, company):
        """Return the suppressions of an address in a company.

        :param str email: normalized address
        :param company: record of ``res.company``
        """
        digest = self._get_digest(email)
        return self.search([("digest", "=", digest), ("company_id", "=", company.id)])

    @api.model
    def _suppress(self, email, company, reason, moment=None):
        """Suppress an address, delete its unsent mails, and stop its invitations.

        :param str email: normalized address
        :param company: record of ``res.company``
        :param str reason: ``link``, ``import``, ``staff`` or ``erasure``
        :param datetime.datetime moment: UTC, from when it counts; default: now
        :return: the suppression, in sudo
        """
        digest = self._get_digest(email)
        suppression_sudo = self._suppress_hash(digest, company, reason, moment)
        self.env["trustedshops.consent"].sudo()._stop_mails(email, company)
        self.env["trustedshops.invitation"].sudo()._stop(email, company)
        return suppression_sudo

    @api.model
    def _suppress_hash(self, digest, company, reason, moment=None):
        """Suppress an address that is known only by its hash.

        There is one record for each reason. A second suppression moves its moment
        forward, so that it also ends consents given in between. An erasure clears the
        caches.

        :param str digest: hash of the address
        :param company: record of ``res.company``
        :param str reason: ``link``, ``import``, ``staff`` or ``erasure``
        :param datetime.datetime moment: UTC, from when it counts; default: now
        :return: the suppression, in sudo
        """
        # The record must not link the hash of an address with the buyer's user.
        writer = self.with_user(SUPERUSER_ID) if reason == "link" else self.sudo()
        writer.flush_model()
        # If a link is pressed twice at the same instant, the framework repeats the
        # second request, which finds what the first one stored.
        query = SQL(
            """
            INSERT INTO trustedshops_suppression AS known (
                        digest, company_id, reason, moment, active,
                        create_uid, write_uid, create_date, write_date)
                 VALUES (%(digest)s, %(company)s, %(reason)s, %(moment)s, TRUE,
                         %(user)s, %(user)s, %(now)s, %(now)s)
            ON CONFLICT (digest, company_id, reason) WHERE active
              DO UPDATE SET moment = GREATEST(known.moment, EXCLUDED.moment)
              RETURNING id
            """,
            digest=digest,
            company=company.id,
            reason=reason,
            moment=moment or fields.Datetime.now(),
            user=writer.env.uid,
            now=self.env.cr.now(),
        )
        self.env.cr.execute(query, log_exceptions=False)
        suppression_sudo = writer.browse(self.env.cr.fetchone())
        suppression_sudo.invalidate_recordset()
        if reason == "erasure":
            clear_caches(self.env)
        return suppression_sudo

    def action_end(self):
        """Archive suppressions, and decide again about the invitations they stopped.

        :raise AccessError: without the rights
        :raise UserError: if the person's data was erased
        """
        self.check_access("read")
        if not self.env["trustedshops.consent"]._can_manage():
            raise AccessError(
                self.env._("Only sales managers and administrators can lift this.")
            )
        if "erasure" in self.mapped("reason"):
            raise UserError(
                self.env._(
                    "This person's data was erased. Only the buyer can end that, by"
                    " ticking the box at a new order and confirming the e-mail."
                )
            )
        self.sudo().active = False
        self.env["trustedshops.invitation"].sudo()._reopen_lifted(self.sudo())
