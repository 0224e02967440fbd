# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hmac

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.address import normalize_address

from .. import const

# Ways to agree by which the owner of an address ends what stopped it before.
ENDED_BY = {
    "link": (const.CHECKBOX, const.DOUBLE_OPT_IN),
    "import": (const.CHECKBOX, const.DOUBLE_OPT_IN),
    "erasure": (const.DOUBLE_OPT_IN,),
    "staff": (),
}


class TrustedShopsSuppression(models.Model):
    """An address that is never invited, as a hash: nobody can read it here.

    Buyers who took their consent back may agree again at a later order: a newer tick,
    or a newer confirmation by e-mail, counts more than an older ``link`` or ``import``.
    After an ``erasure`` only the confirmation does: anybody who knows the address could
    tick. Nothing that staff enter or import counts more, and nothing ends ``staff``. A
    sales manager can end all but an ``erasure``, which nobody can.
    """

    _name = "trustedshops.suppression"
    _description = "Address Without Review Invitations"
    _inherit = ["trustedshops.guarded.fields"]
    _order = "moment desc, id desc"

    digest = fields.Char(string="Hash", required=True, readonly=True, index=True)
    key_version = fields.Integer(
        required=True, readonly=True, export_string_translation=False
    )
    moment = fields.Datetime(
        required=True, readonly=True, default=lambda _self: fields.Datetime.now()
    )
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
    # To look for an address that somebody names.
    email = fields.Char(
        string="E-mail Address",
        compute="_compute_email",
        search="_search_email",
        export_string_translation=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework: erased addresses are known at once."""
        rows = super().create(vals_list)
        if "erasure" in rows.mapped("reason"):
            clear_caches(self.env)
        return rows

    def _compute_email(self):
        """Compute nothing: it is not known."""
        self.email = False

    @api.model
    def _search_email(self, operator, value):
        if operator not in ("in", "=", "ilike") or isinstance(value, bool):
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        emails = filter(None, map(normalize_address, values))
        digests = [each for email in emails for each in self._get_digests(email)]
        return Domain("digest", "in", digests)

    # === THE HASH === #
    @api.model
    def _get_keys(self):
        """Return the keys of the hashes by version, the newest first.

        :rtype: dict[int, bytes]
        """
        parameters = self.env["ir.config_parameter"]
        return parameters._trustedshops_get_keys(const.ADDRESS_KEYS)

    @api.model
    def _get_digests(self, text):
        """Return the hashes of an address, one by each key.

        :param str text: a normalized address
        :return: HMAC-SHA256 in hexadecimal, the newest key's first
        :rtype: list[str]
        """
        keys = self._get_keys().values()
        return [hmac.digest(key, text.encode(), "sha256").hex() for key in keys]

    @api.model
    def _prepare_hash(self, email):
        """Return what is stored in place of an address, by the newest key.

        :param str email: normalized
        :return: ``digest`` and ``key_version``
        :rtype: dict
        """
        newest, *_ = self._get_keys()
        return {"digest": self._get_digests(email)[0], "key_version": newest}

    # === WHO IS SUPPRESSED === #
    @api.model
    def _is_suppressed(self, email, company, requested_at=None):
        """Tell whether an address must not be invited.

        :param str email: in any spelling; what is no address is never invited
        :param company: record of ``res.company``
        :param datetime.datetime requested_at: UTC; tell whether the address must not
            even be asked to confirm what it ticked then: that can end all but what
            staff stopped, and what its owner stopped since
        :rtype: bool
        """
        email = normalize_address(email)
        if not email:
            return True
        found = self.sudo()._find(email, company)
        if requested_at:
            return any(each._ends_request(requested_at) for each in found)
        return any(each._is_in_force(email) for each in found)

    @api.model
    def _is_erased(self, email, company):
        """Tell whether a person's data was erased who has not come back since.

        :param str email: normalized
        :param company: record of ``res.company``
        :rtype: bool
        """
        erased = self._get_erased_digests(company.id)
        if erased.isdisjoint(self._get_digests(email)):
            return False
        found = self.sudo()._find(email, company)
        erasures = found.filtered(lambda each: each.reason == "erasure")
        return any(each._is_in_force(email) for each in erasures)

    @api.model
    @tools.ormcache("company_id")
    def _get_erased_digests(self, company_id):
        """Return the hashes of a company's erased addresses: they are few.

        Kept in memory, so that placing an order takes no query for them.

        :param int company_id: id of ``res.company``
        :rtype: frozenset of str
        """
        erased = [("reason", "=", "erasure"), ("company_id", "=", company_id)]
        return frozenset(self.sudo().search(erased).mapped("digest"))

    @api.model
    def _check_not_erased(self, email, company):
        """Refuse what staff enter about an erased person.

        :param str email: normalized
        :param company: record of ``res.company``
        :raise UserError: when the data was erased
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

    def _ends_request(self, requested_at):
        """Tell whether what was ticked at a moment cannot be confirmed any more."""
        is_buyers = self.reason in ("link", "import")
        return self.reason == "staff" or is_buyers and self.moment >= requested_at

    def _is_in_force(self, email):
        """Tell whether the owner of the address did not agree again since.

        :param str email: normalized, that of the hash
        """
        modes = ENDED_BY[self.reason]
        consents_sudo = self.env["trustedshops.consent"].sudo()
        return not modes or not consents_sudo._is_given_after(
            email, self.company_id, self.moment, modes
        )

    @api.model
    def _find(self, email, company):
        """Return what stops a normalized address in a company."""
        return self.search(
            [
                ("digest", "in", self._get_digests(email)),
                ("company_id", "=", company.id),
            ]
        )

    @api.model
    def _suppress(self, email, company, reason, moment=None):
        """Never invite an address again, and stop what was not sent.

        :param str email: normalized
        :param company: record of ``res.company``
        :param str reason: ``link``, ``import``, ``staff`` or ``erasure``
        :param datetime.datetime moment: when it was said, UTC; by default now
        :return: the record, in sudo
        """
        hashed = self._prepare_hash(email)
        suppression_sudo = self._suppress_hash(hashed, company, reason, moment)
        for model_sudo in self.env["trustedshops.personal.data"]._get_models_sudo():
            model_sudo._trustedshops_stop(email, company)
        return suppression_sudo

    @api.model
    def _suppress_hash(self, hashed, company, reason, moment=None):
        """Never invite an address again of which only the hash is known.

        Once for each reason: who says it again says it later, after what they may have
        agreed to meanwhile.

        :param dict hashed: see :meth:`_prepare_hash`
        :param company: record of ``res.company``
        :param str reason: ``link``, ``import``, ``staff`` or ``erasure``
        :param datetime.datetime moment: when it was said, UTC; by default now
        :return: the record, in sudo
        """
        moment = moment or fields.Datetime.now()
        # A buyer's user must not be readable beside the hash of his address.
        writer = self.with_user(SUPERUSER_ID) if reason == "link" else self.sudo()
        values = {**hashed, "company_id": company.id, "reason": reason}
        known = writer.search([(name, "=", each) for name, each in values.items()])
        for row in known:
            row.moment = max(row.moment, moment)
        return known or writer.create({**values, "moment": moment})

    def action_end(self):
        """Let an address be invited again that was stopped by mistake.

        :raise AccessError: without the rights
        :raise UserError: when the person's data was erased
        """
        self.check_access("read")
        if not self.env["trustedshops.consent"]._may_manage():
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
