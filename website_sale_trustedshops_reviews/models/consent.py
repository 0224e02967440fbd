# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.lib.address import (
    get_spellings,
    normalize_address,
)

from .. import const

# Ways by which staff enter what a buyer said.
STAFFS_OWN = ("manual", "import")
# What an administrator may import; the rest follows from it.
IMPORTED_FIELDS = frozenset({"email", "kind", "moment", "order_id", "source", "text"})
IMPORTED_KINDS = ("given", "withdrawn")
# What is filled in although nobody imports it.
FILLED_FIELDS = frozenset({"nonce"})
# What names the person, or leads to the order. The words are the shop's own sentence,
# and the source of a withdrawal tells who took the consent back.
NAMING_FIELDS = ("email", "order_id")


class TrustedShopsConsent(models.Model):
    """What a buyer agreed to, or took back: rows are added, never changed.

    An address belongs to one company's buyers: what is said to one of them is not said
    to another. A tick in a cart is a row without an address, which nobody is shown:
    placing the order makes it the consent, with the very words that the buyer saw.
    What a buyer does is written by nobody's user: his own would outlive his erasure.
    """

    _name = "trustedshops.consent"
    _description = "Consent to Review Invitations"
    _inherit = ["trustedshops.personal.data", "trustedshops.guarded.fields"]
    _order = "moment desc, id desc"
    _rec_name = "email"

    kind = fields.Selection(
        [
            ("ticked", "Ticked in a cart"),
            ("requested", "Asked to confirm"),
            ("given", "Given"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        default="given",
    )
    # Empty in a cart, and once the person's data was erased. The hash stays.
    email = fields.Char(string="E-mail Address", index=True)
    digest = fields.Char(
        string="Hash",
        compute="_compute_digest",
        precompute=True,
        store=True,
        index="btree_not_null",
    )
    key_version = fields.Integer(
        compute="_compute_digest",
        precompute=True,
        store=True,
        export_string_translation=False,
    )
    moment = fields.Datetime(required=True)
    text = fields.Text(string="Words")
    privacy_url = fields.Char(string="Data Privacy Page", readonly=True)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    mode = fields.Selection(
        [
            ("checkbox", "Checkbox"),
            ("double_opt_in", "Confirmed by e-mail"),
            ("manual", "Entered by staff"),
            ("import", "Imported"),
        ],
        string="How",
        readonly=True,
    )
    source = fields.Char()
    order_id = fields.Many2one(
        "sale.order", ondelete="set null", index="btree_not_null"
    )
    channel_id = fields.Many2one(
        "trustedshops.channel", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    # What was confirmed by e-mail, and when the mail for it was written.
    request_id = fields.Many2one(
        "trustedshops.consent",
        readonly=True,
        ondelete="set null",
        export_string_translation=False,
    )
    confirmation_ids = fields.One2many(
        "trustedshops.consent", "request_id", export_string_translation=False
    )
    mailed_at = fields.Datetime(string="Mailed at", readonly=True)

    _moment_idx = models.Index("(moment DESC, id DESC)")
    _one_tick = models.UniqueIndex("(order_id) WHERE kind = 'ticked'")
    _one_confirmation = models.UniqueIndex("(request_id) WHERE request_id IS NOT NULL")
    _mail_idx = models.Index("(id) WHERE kind = 'requested' AND mailed_at IS NULL")

    @api.depends("email")
    def _compute_digest(self):
        """Compute the hash of the address, which outlives it."""
        suppressions = self.env["trustedshops.suppression"]
        for consent in self:
            consent.update(
                suppressions._prepare_hash(consent.email)
                if consent.email
                else consent._prepare_hash()
            )

    # === WHO MAY WHAT === #
    @api.model
    def default_get(self, fields):
        """Override of the framework: a caller's default is no way around an import."""
        if not self.env.su:
            allowed = IMPORTED_FIELDS | FILLED_FIELDS
            fields = [name for name in fields if name in allowed]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework: what a person adds is an import.

        :raise AccessError: when a person's values have more than can be imported
        """
        if not self.env.su:
            vals_list = [self._prepare_import(vals) for vals in vals_list]
        rows = super().create(vals_list)
        rows._stop_imported()
        return rows

    def write(self, vals):
        """Override of the framework: nobody changes what was said."""
        self._refuse_to_people()
        return super().write(vals)

    def unlink(self):
        """Override of the framework: nobody deletes what was said.

        Links in mails that were sent work on; mails that wait are deleted, too.
        """
        self._refuse_to_people()
        self.env["trustedshops.way.out"]._keep(self)
        self._unlink_mails([])
        return super().unlink()

    def _refuse_to_people(self):
        """Refuse everything but what this addon does."""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Consents are a proof: nobody can change or delete them. Erase the"
                    " person's data instead, or wait until the retention period ends."
                )
            )

    @api.model
    def _may_manage(self):
        """Tell whether the user may act for buyers, beyond his own orders."""
        managers = ("sales_team.group_sale_manager", "base.group_system")
        return self.env.su or any(map(self.env.user.has_group, managers))

    @api.model
    def _prepare_import(self, vals):
        """Return the values of a row that an administrator imports.

        A consent without an order of Odoo's proves that it was given, and invites
        nobody. What was taken back stops the address, since now if nobody knows when.

        :param dict vals: some of ``IMPORTED_FIELDS``
        :rtype: dict
        :raise AccessError: when there are others
        :raise ValidationError: when something is missing or wrong
        """
        kind = vals.get("kind") or "given"
        if vals.keys() - IMPORTED_FIELDS or kind not in IMPORTED_KINDS:
            raise AccessError(
                self.env._(
                    "Only these can be imported: e-mail address, moment, words, source"
                    " and order of a consent that was given or withdrawn."
                )
            )
        is_dated = vals.get("moment") or kind == "withdrawn"
        if not is_dated or not (vals.get("source") or "").strip():
            raise ValidationError(
                self.env._("Say when it was given, and where it is from.")
            )
        vals = {**vals, "moment": vals.get("moment") or fields.Datetime.now()}
        order = self.env["sale.order"].browse(vals.get("order_id") or ())
        if order:
            order.check_access("read")
        if kind == "given":
            self._check_kept(order.company_id or self.env.company, vals["moment"])
        if order and kind == "given":
            self._check_buyer(order, vals.get("email"))
            return self._prepare_given(order, "import", vals)
        return {**self._prepare_said(order, "import", vals), "kind": kind}

    @api.model
    def _check_kept(self, company, moment):
        """Refuse a proof that would be deleted the next day."""
        oldest = company._trustedshops_get_oldest_kept()
        if fields.Datetime.to_datetime(moment) < oldest:
            raise ValidationError(
                self.env._(
                    "It was given longer ago than consents are kept, number of years:"
                    " %(years)s. Leave it out.",
                    years=company.sudo().trustedshops_consent_years,
                )
            )

    @api.model
    def _check_buyer(self, order, email):
        """Refuse the address of somebody else, who would be told of the order."""
        email = normalize_address(email)
        if email and email != normalize_address(order._trustedshops_get_email()):
            raise ValidationError(
                self.env._(
                    "The order %(order)s belongs to another address. Leave the order"
                    " out to keep the consent as proof.",
                    order=order.name,
                )
            )

    def _stop_imported(self):
        """Stop the addresses of imported rows that were taken back."""
        for row in self.filtered(
            lambda each: each.mode == "import" and each.kind == "withdrawn"
        ):
            self.env["trustedshops.suppression"]._suppress(
                row.email, row.company_id, "import", row.moment
            )

    @api.model
    def _prepare_given(self, order, mode, said):
        """Return the values of a consent that was given elsewhere.

        :param order: record of ``sale.order``
        :param str mode: ``manual`` or ``import``
        :param dict said: ``email``, ``moment`` (UTC), ``source`` and ``text``
        :rtype: dict
        :raise ValidationError: when no channel would invite the buyer
        """
        channel = order._trustedshops_find_asking_channel()
        if not channel:
            raise ValidationError(
                self.env._(
                    "Order %(order)s: no channel of its website invites buyers who"
                    " agreed. Choose how buyers are asked on a channel first.",
                    order=order.name,
                )
            )
        lang = self.env["res.lang"]._get_data(code=order._trustedshops_get_buyer_lang())
        return {
            **self._prepare_said(order, mode, said),
            "kind": "given",
            "channel_id": channel.id,
            "lang_id": lang.id,
        }

    @api.model
    def _prepare_said(self, order, mode, said):
        """Return the values of what a buyer said elsewhere, see _prepare_given."""
        return {
            **{name: said.get(name) for name in ("moment", "source", "text")},
            # What cannot be read stays as it is, for the message that refuses it.
            "email": normalize_address(said.get("email")) or said.get("email"),
            "mode": mode,
            "order_id": order.id,
            "company_id": (order.company_id or self.env.company).id,
        }

    @api.constrains("kind", "email", "moment", "text", "mode")
    def _check_proof(self):
        """Refuse what proves nothing."""
        for consent in self:
            is_said = consent.kind == "given" or consent.mode == "import"
            if not is_said or consent._is_erased():
                continue
            if normalize_address(consent.email) != consent.email:
                raise ValidationError(
                    self.env._(
                        "%(email)s is not exactly one e-mail address.",
                        email=consent.email or "–",
                    )
                )
            if consent.kind == "given" and not (consent.text or "").strip():
                raise ValidationError(
                    self.env._("Enter the words to which the buyer agreed.")
                )
            if consent.moment > fields.Datetime.now():
                raise ValidationError(self.env._("The moment cannot be in the future."))

    @api.constrains("email", "mode")
    def _check_not_erased(self):
        """Refuse an erased address that staff enter or import."""
        suppressions = self.env["trustedshops.suppression"]
        for consent in self.filtered(lambda each: each.mode in STAFFS_OWN):
            if consent.email:
                suppressions._check_not_erased(consent.email, consent.company_id)

    def _load_records(self, data_list, update=False):
        """Override of the framework: rows are tried one by one when one is wrong.

        A ``UserError`` about many rows would be told of the first one.
        """
        try:
            return super()._load_records(data_list, update)
        except UserError as error:
            if len(data_list) == 1:
                raise
            raise ValueError(error) from error

    @api.model
    def get_import_templates(self):
        """Override of `base_import` to offer a file to fill in."""
        return [
            {
                "label": self.env._("Import Template for Consents"),
                "template": "/website_sale_trustedshops_reviews/static/consents.csv",
            }
        ]

    # === THE TICK === #
    @api.model
    def _tick(self, order, words):
        """Keep a tick in a cart, with the words that the buyer saw.

        :param order: record of ``sale.order``
        :param Words words: see ``trustedshops.consent.text``
        :return: the row
        """
        return self.with_user(SUPERUSER_ID).create(
            {
                "kind": "ticked",
                "moment": fields.Datetime.now(),
                "order_id": order.id,
                "company_id": order.company_id.id,
                "channel_id": words.channel_id,
                "lang_id": words.lang_id,
                "text": words.proof,
                "privacy_url": words.privacy_url,
            }
        )

    def _is_for(self, words):
        """Tell whether these words were ticked, in this language."""
        own = (self.channel_id.id, self.lang_id.id, self.text, self.privacy_url)
        return own == (words.channel_id, words.lang_id, words.proof, words.privacy_url)

    def _place(self, order):
        """Make the tick a consent, or a request to confirm, as the order is placed.

        Address and moment are those of now. Nothing happens when the shop stopped
        asking meanwhile, or when it was done before. The tick of an erased person is
        always confirmed by e-mail: anybody may have entered the address.

        :param order: record of ``sale.order`` in sudo
        """
        tick = self.filtered(lambda each: each.kind == "ticked")[:1]
        code = tick and self.env["res.lang"]._get_data(id=tick.lang_id.id).code
        words = code and order.website_id._trustedshops_get_words(code)
        email = normalize_address(order._trustedshops_get_email())
        if not words or not email or not order.amount_total:
            return
        suppressions = self.env["trustedshops.suppression"]
        is_asked = words.mode == const.DOUBLE_OPT_IN or suppressions._is_erased(
            email, order.company_id
        )
        tick.with_user(SUPERUSER_ID).write(
            {
                "kind": "requested" if is_asked else "given",
                "mode": const.DOUBLE_OPT_IN if is_asked else words.mode,
                "email": email,
                "moment": fields.Datetime.now(),
            }
        )

    # === WHICH ONE COUNTS === #
    @api.model
    def _find_valid(self, order):
        """Return the newest consent of an order that counts.

        :param order: record of ``sale.order``
        :return: one record, may be empty
        """
        given = self._find_given(order)
        return given.filtered(lambda each: not each._is_stopped())

    @api.model
    def _find_given(self, order):
        """Return the newest consent of an order, whatever became of it.

        :param order: record of ``sale.order``
        :return: one record, may be empty
        """
        # One query less than a search, for each invitation that is sent.
        return self.search_fetch(
            [("order_id", "=", order.id), ("kind", "=", "given")],
            ("channel_id", "company_id", "email", "lang_id", "mode", "moment"),
            limit=1,
        )

    def _is_stopped(self):
        """Tell whether nothing may come of it: taken back, or its address stopped."""
        self.ensure_one()
        suppressions = self.env["trustedshops.suppression"]
        requested_at = self.moment if self.kind == "requested" else None
        return self._is_withdrawn() or suppressions._is_suppressed(
            self.email, self.company_id, requested_at=requested_at
        )

    def _is_withdrawn(self):
        """Tell whether the buyer took it back since, for this order or any other."""
        self.ensure_one()
        withdrawn = [
            ("kind", "=", "withdrawn"),
            ("email", "=", self.email),
            ("company_id", "=", self.company_id.id),
            ("moment", ">=", self.moment),
        ]
        return not self.email or bool(self.search_count(withdrawn, limit=1))

    @api.model
    def _is_given_after(self, email, company, moment, modes):
        """Tell whether the owner of an address agreed after a moment.

        :param str email: normalized
        :param company: record of ``res.company``
        :param datetime.datetime moment: UTC
        :param tuple modes: ways to agree that count
        :rtype: bool
        """
        newer = [
            ("kind", "=", "given"),
            ("mode", "in", modes),
            ("email", "=", email),
            ("company_id", "=", company.id),
            ("moment", ">", moment),
        ]
        return bool(self.search_count(newer, limit=1))

    @api.model
    def _find_by_address(self, email, company):
        """Return all rows of an address in a company, the newest first.

        :param str email: normalized
        :param company: record of ``res.company``
        """
        return self.search([("email", "=", email), ("company_id", "=", company.id)])

    @api.model
    def _find_by_hash(self, hashed, company):
        """Return the newest row that has the address of a hash, may be empty.

        :param dict hashed: see :meth:`_prepare_hash`
        :param company: record of ``res.company``
        """
        domain = [(name, "=", value) for name, value in hashed.items()]
        domain += [("company_id", "=", company.id), ("email", "!=", False)]
        return self.search(domain, limit=1)

    def _prepare_hash(self):
        """Return the stored hash of the address, which may be erased.

        :return: ``digest`` and ``key_version``
        :rtype: dict
        """
        return {"digest": self.digest, "key_version": self.key_version}

    def _is_erased(self):
        """Tell whether only the hash of the address is left."""
        return bool(self.digest and not self.email)

    # === TAKEN BACK === #
    def _withdraw(self, reason):
        """Take back what the buyer of a row said, for all of his orders.

        :param str reason: ``link`` or ``staff``
        :return: whether anything changed: not when it was taken back before
        :rtype: bool
        """
        self.ensure_one()
        suppressions = self.env["trustedshops.suppression"]
        is_known = suppressions._is_suppressed(self.email, self.company_id)
        rows = self.sudo()._find_by_address(self.email, self.company_id)
        newest = rows.filtered(lambda each: each.kind in ("requested", "given"))[:1]
        if not self.email or (
            is_known and all(each._is_withdrawn() for each in newest)
        ):
            return False
        writer = self.with_user(SUPERUSER_ID) if reason == "link" else self.sudo()
        writer.create(
            {
                "kind": "withdrawn",
                "email": self.email,
                "moment": fields.Datetime.now(),
                "order_id": self.order_id.id,
                "channel_id": self.channel_id.id,
                "lang_id": self.lang_id.id,
                "company_id": self.company_id.id,
                "source": reason,
            }
        )
        suppressions._suppress(self.email, self.company_id, reason)
        return True

    def _withdraw_by_staff(self):
        """Take it back by a person's click.

        :return: a notification
        :rtype: dict
        :raise UserError: when there is nothing to take back
        """
        if not self or not self._withdraw("staff"):
            raise UserError(self.env._("There is no consent that could be taken back."))
        return show(
            self.env._("The buyer will not be invited any more, for any order.")
        )

    def action_withdraw(self):
        """Note that the buyer told staff not to invite him.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when there is nothing to take back
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_manage():
            raise AccessError(
                self.env._("Only sales managers and administrators can do this.")
            )
        return self.sudo()._withdraw_by_staff()

    # === THE END === #
    @api.model
    def _trustedshops_erase(self, email, company):
        """Override to leave the proof: a hash, words, kind and moment of each row."""
        rows = self._find_by_address(email, company)
        rows._unlink_mails([])
        # The payment would still lead from the row to its order.
        payments_sudo = self.env["payment.transaction"].sudo()
        payments = payments_sudo.search([("trustedshops_tick_id", "in", rows.ids)])
        payments.trustedshops_tick_id = False
        for row in rows.filtered(lambda each: each.mode in STAFFS_OWN):
            row.write({"text": row._get_nameless_text(), "source": False})
        rows.write(dict.fromkeys(NAMING_FIELDS, False))
        return len(rows)

    def _get_nameless_text(self):
        """Return words that staff entered without what names the person in them."""
        names = self._find_people().filtered("name").mapped("name")
        parts = re.findall(r"\w{3,}", " ".join(names))
        words = {*get_spellings(self.email), *names, *parts, self.order_id.name}
        # The longest first: of "Jo Wu", "Jo" alone would leave "Wu".
        ordered = sorted(filter(None, words), key=len, reverse=True)
        pattern = rf"(?<!\w)({'|'.join(map(re.escape, ordered))})(?!\w)"
        return re.sub(pattern, "…", self.text or "", flags=re.IGNORECASE)

    def _find_people(self):
        """Return the buyer of the order, and all contacts of the address, in sudo."""
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        return self.order_id.sudo().partner_id | contacts.search(
            [("email_normalized", "in", get_spellings(self.email))]
        )

    @api.model
    def _cron_clean(self):
        """Delete what is not kept any more, a batch at a time.

        Also mails that were being sent when their rows were erased.
        """
        erased = [("email", "=", False), ("mail_id", "!=", False)]
        self.sudo().search(erased)._unlink_mails([])
        old = self.sudo().search(self._get_old_domain())
        self.env["ir.cron"]._commit_progress(remaining=len(old))
        for batch in self._split(old):
            batch.unlink()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    @api.model
    def _split(self, records):
        """Return records in batches for one transaction each."""
        size = const.CLEAN_BATCH
        return [records[at : at + size] for at in range(0, len(records), size)]

    @api.model
    def _get_old_domain(self):
        """Return the rows whose time is over.

        Ticks that were never ordered, requests that nobody confirmed, and proofs older
        than each company keeps them.
        """
        now = fields.Datetime.now()
        ticked = Domain("kind", "=", "ticked")
        old = ticked & Domain("moment", "<", now - const.TICK_WITHIN)
        open_requests = Domain("kind", "=", "requested")
        open_requests &= Domain("confirmation_ids", "=", False)
        old |= open_requests & Domain("moment", "<", now - const.CONFIRM_WITHIN)
        companies = self.env["res.company"]
        return old | companies._trustedshops_get_outdated_domain("moment")
