# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, split_every

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.lib.address import normalize_address

from ... import const

# Ways by which staff record what a buyer said elsewhere.
STAFF_MODES = ("manual", "import")
# Fields that an administrator may import; Odoo fills in the others.
IMPORTED_FIELDS = frozenset({"email", "kind", "moment", "order_id", "source", "text"})
# A buyer can confirm a double opt-in for this long; then the request is deleted.
CONFIRM_WITHIN = timedelta(days=7)


class TrustedShopsConsent(models.Model):
    """What a buyer agreed to or took back, as proof; users cannot change the records.

    A consent counts for one company. A tick in a cart is a record with only the hash of
    an address, which no user can read; placing the order turns it into the consent,
    with the exact words that the buyer saw. The system user writes the records for
    buyers, because a buyer's own user may be erased.
    """

    _name = "trustedshops.consent"
    _description = "Consent to Review Invitations"
    _inherit = ["trustedshops.message", "trustedshops.guarded.fields"]
    _order = "moment desc, id desc"
    _rec_names_search = ("email",)

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
    # Empty in a cart, and after the person's data was erased; the hash is not.
    email = fields.Char(string="E-mail Address", index=True)
    digest = fields.Char(
        string="Hash",
        compute="_compute_digest",
        precompute=True,
        store=True,
        index="btree_not_null",
    )
    moment = fields.Datetime(required=True)
    text = fields.Text(string="Words")
    # What the words promise; later changes of the settings change no promise.
    kept_years = fields.Integer(
        string="Years Kept",
        compute="_compute_kept_years",
        precompute=True,
        store=True,
        aggregator=None,
    )
    kept_until = fields.Date(
        compute="_compute_kept_until",
        precompute=True,
        store=True,
        index=True,
        help="The end of the year of the consent, plus the years that its words name.",
    )
    contact = fields.Char(
        string="Contact Named", readonly=True, help="Where its words say to withdraw."
    )
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
    # A consent has the request that it confirms; a request has its confirmation.
    request_id = fields.Many2one(
        "trustedshops.consent",
        readonly=True,
        ondelete="set null",
        export_string_translation=False,
    )
    confirmation_ids = fields.One2many(
        "trustedshops.consent", "request_id", export_string_translation=False
    )

    _moment_idx = models.Index("(moment DESC, id DESC)")
    _one_tick = models.UniqueIndex("(order_id) WHERE kind = 'ticked'")
    _one_confirmation = models.UniqueIndex("(request_id) WHERE request_id IS NOT NULL")
    _given_idx = models.Index(
        "(write_date) WHERE kind = 'given' AND order_id IS NOT NULL"
    )

    @api.depends("email")
    def _compute_digest(self):
        """Compute the hash of the address, and keep it when the address is erased."""
        suppressions = self.env["trustedshops.suppression"]
        for consent in self:
            email, known = consent.email, consent.digest
            consent.digest = suppressions._get_digest(email) if email else known

    @api.depends("company_id")
    def _compute_kept_years(self):
        """Compute the years for a record that no words of the shop belong to."""
        for consent in self:
            years = consent.company_id.sudo().trustedshops_consent_years
            consent.kept_years = consent.kept_years or years

    @api.depends("moment", "kept_years")
    def _compute_kept_until(self):
        for consent in self:
            year = consent.moment and consent.moment.year + consent.kept_years
            consent.kept_until = year and date(year, 12, 31)

    @api.depends("kind", "moment")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Compute a name without the address.

        More users see the name than may read the record.
        """
        kinds = dict(self._fields["kind"].get_description(self.env)["selection"])
        for consent in self:
            moment = format_datetime(self.env, consent.moment, dt_format="short")
            parts = (kinds.get(consent.kind), moment)
            consent.display_name = ", ".join(filter(None, parts))

    # === RIGHTS === #
    def write(self, vals):
        """Override of the framework to refuse every change by a user.

        :raise AccessError: outside sudo
        """
        self._check_is_superuser()
        return super().write(vals)

    def unlink(self):
        """Override of the framework to let only the addon delete records, with mails.

        :raise AccessError: outside sudo
        """
        self._check_is_superuser()
        self._unlink_mails([])
        return super().unlink()

    def _check_is_superuser(self):
        """Check that the records are changed or deleted in sudo, not by a user.

        :raise AccessError: outside sudo
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Consents are a proof: they cannot be changed or deleted. Erase the"
                    " person's data instead, or wait until the retention period ends."
                )
            )

    @api.model
    def _can_manage(self):
        """Return True if the user may manage consents and invitations of all orders.

        Sales managers and administrators may.
        """
        managers = ("sales_team.group_sale_manager", "base.group_system")
        return self.env.su or any(map(self.env.user.has_group, managers))

    # === THE TICK === #
    @api.model
    def _create_tick(self, order, words):
        """Create the record of a ticked consent box, with the words that the buyer saw.

        :param order: record of ``sale.order`` with a valid e-mail address
        :param Words words: see ``trustedshops.consent.text``
        :return: the new record, written by the system user
        """
        email = normalize_address(order._trustedshops_get_email())
        tick = self.with_user(SUPERUSER_ID).create(
            {
                "kind": "ticked",
                "moment": fields.Datetime.now(),
                "order_id": order.id,
                "company_id": order.company_id.id,
                **words.promise,
            }
        )
        # ``create`` computes the hash of ``email``, which a tick leaves empty.
        tick.digest = self.env["trustedshops.suppression"]._get_digest(email)
        return tick

    def _is_for(self, words):
        """Return True if the tick is for these words, language and address of the cart.

        :param Words words: words that the buyer sees now
        :rtype: bool
        """
        own = {name: self[name] for name in words.promise}
        own |= {"channel_id": self.channel_id.id, "lang_id": self.lang_id.id}
        email = normalize_address(self.order_id._trustedshops_get_email())
        return own == words.promise and self._is_of(email)

    def _is_of(self, email):
        """Return True if the consent box was ticked with this address.

        Core hands the cart of a guest to the user who logs in to the same browser.

        :param str email: normalized address
        :rtype: bool
        """
        return self.digest == self.env["trustedshops.suppression"]._get_digest(email)

    def _place(self, order):
        """Turn the tick of a placed order into a consent, or a request to confirm it.

        Store address and moment. Do nothing if none of the records is a tick any more,
        if the shop stopped asking, or if the order is free or has another address. A
        buyer whose data was erased must confirm by e-mail, because anyone may have
        entered the address.

        :param order: record of ``sale.order`` in sudo
        """
        tick = self.filtered(lambda each: each.kind == "ticked")[:1]
        code = tick and self.env["res.lang"]._get_data(id=tick.lang_id.id).code
        words = code and order.website_id._trustedshops_get_words(code)
        email = normalize_address(order._trustedshops_get_email())
        if not words or not tick._is_of(email) or order._trustedshops_is_free():
            return
        suppressions = self.env["trustedshops.suppression"]
        must_confirm = words.mode == const.DOUBLE_OPT_IN or suppressions._is_erased(
            email, order.company_id
        )
        tick.with_user(SUPERUSER_ID).write(
            {
                "kind": "requested" if must_confirm else "given",
                "mode": const.DOUBLE_OPT_IN if must_confirm else words.mode,
                "email": email,
                "moment": fields.Datetime.now(),
                "mail_due": must_confirm,
            }
        )

    @api.model
    def _lock_for_click(self, record):
        """Lock a record, so that a second click waits until the first one is stored.

        The framework then repeats the second request, which finds what is stored.

        :param record: one record of any model
        """
        query = "UPDATE %s SET write_date = write_date WHERE id = %s"
        query = SQL(query, SQL.identifier(record._table), record.id)
        self.env.cr.execute(query, log_exceptions=False)

    # === WHICH ONE COUNTS === #
    @api.model
    def _search_given(self, order):
        """Return the newest consent of an order, even one that was taken back.

        :param order: record of ``sale.order``, or none
        :return: record of ``trustedshops.consent``, or none
        """
        if not order:
            return self.browse()  # erased consents have no order either
        # This saves one query for each invitation that is sent.
        return self.search_fetch(
            [("order_id", "=", order.id), ("kind", "=", "given")],
            ("channel_id", "company_id", "email", "lang_id", "mode", "moment"),
            limit=1,
        )

    def _is_stopped(self):
        """Return True if the consent, or request to confirm it, no longer counts.

        Only the suppressions of its address decide; a ``withdrawn`` record is just
        proof.
        """
        self.ensure_one()
        return not normalize_address(self.email) or bool(self._get_stops())

    def _get_stops(self):
        """Return the suppressions that make the consent not count, in sudo."""
        suppressions_sudo = self.env["trustedshops.suppression"].sudo()
        found = suppressions_sudo._search_by_address(self.email, self.company_id)
        return found.filtered(lambda each: each._is_applicable_to(self))

    @api.model
    def _search_by_address(self, email, company):
        """Return the records of an address in a company, the newest first.

        :param str email: normalized address
        :param company: record of ``res.company``
        """
        return self.search([("email", "=", email), ("company_id", "=", company.id)])

    # === WITHDRAWAL === #
    def _withdraw(self, reason):
        """Take back all consents of this buyer to the company, and stop invitations.

        :param str reason: ``link`` if the buyer did it, or ``staff``
        :return: False if the address is erased, or the consent was taken back before
        :rtype: bool
        """
        self.ensure_one()
        if not self.email:
            return False
        rows = self.sudo()._search_by_address(self.email, self.company_id)
        newest = rows.filtered(lambda each: each.kind in ("requested", "given"))[:1]
        said = newest._get_stops().mapped("reason")
        # Store what the buyer wants even if another reason suppresses the address.
        if reason in said or (said and reason == "staff"):
            return False
        reasons = self.env["trustedshops.suppression"]._fields["reason"]
        staff_env = self.channel_id._with_responsible_lang().env
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
                "source": dict(reasons.get_description(staff_env)["selection"])[reason],
            }
        )
        suppressions = self.env["trustedshops.suppression"]
        suppressions._suppress(self.email, self.company_id, reason)
        return True

    def _withdraw_by_staff(self):
        """Take back all consents of this buyer, as the buyer asked staff to do.

        Rights are not checked here.

        :return: a notification
        :rtype: dict
        :raise UserError: if there is nothing to take back
        """
        if not self or not self._withdraw("staff"):
            raise UserError(self.env._("There is no consent that could be taken back."))
        return show(self._format_message("consent_withdrawn"))

    def action_withdraw(self):
        """Take back all consents of this buyer, as the buyer asked staff to do.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: if there is nothing to take back
        """
        self._check_can_manage()
        return self.sudo()._withdraw_by_staff()

    def _check_can_manage(self):
        """Check that the user may manage this consent.

        :raise AccessError: without the rights
        """
        self.ensure_one()
        self.check_access("read")
        if not self._can_manage():
            raise AccessError(
                self.env._("Only sales managers and administrators can do this.")
            )

    def _format_for_buyer(self):
        """Return the sentence about the consent for the page of its order.

        :rtype: str
        """
        codes = {"given": "consent_given", "requested": "consent_requested"}
        code = codes[self.kind]
        if self._is_stopped():
            code = "consent_withdrawn"
        moment = self.order_id._trustedshops_format_time(self.moment)
        return self._format_message(code, "buyer", date=moment)

    # === RETENTION === #
    @api.model
    def _cron_clean(self):
        """Delete records whose retention is over, in batches with a commit each.

        Also delete the mails of erased records that were being sent when they were
        erased.
        """
        erased = [("email", "=", False), ("mail_id", "!=", False)]
        self.sudo().search(erased)._unlink_mails([])
        old = self.sudo().search(self._get_old_domain())
        self.env["ir.cron"]._commit_progress(remaining=len(old))
        for batch in split_every(const.CLEAN_BATCH, old.ids, old.browse):
            batch.unlink()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    @api.model
    def _get_old_domain(self):
        """Return the domain of records whose retention is over.

        These are ticks in carts that were not ordered within 30 days, requests that
        were not confirmed within 7 days, and all records that are kept no longer by
        their own words.
        """
        now = fields.Datetime.now()
        ticked = Domain("kind", "=", "ticked")
        old = ticked & Domain("moment", "<", now - timedelta(days=30))
        open_requests = Domain("kind", "=", "requested")
        open_requests &= Domain("confirmation_ids", "=", False)
        old |= open_requests & Domain("moment", "<", now - CONFIRM_WITHIN)
        return old | Domain("kept_until", "<", now.date())

    # === SAID ELSEWHERE === #
    @api.model
    def default_get(self, fields):
        """Override of the framework to give users no defaults except for an import."""
        if not self.env.su:
            fields = [name for name in fields if name in IMPORTED_FIELDS]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to check and complete records that a user imports.

        An imported withdrawal also suppresses the address.

        :raise AccessError: if a user's values have more than can be imported
        :raise ValidationError: if something is missing or wrong
        """
        if not self.env.su:
            vals_list = [self._prepare_import(vals) for vals in vals_list]
        rows = super().create(vals_list)
        suppressions = self.env["trustedshops.suppression"]
        for row in rows.filtered(lambda each: each.kind == "withdrawn"):
            if row.mode == "import":
                said = (row.email, row.company_id, "import", row.moment)
                suppressions._suppress(*said)
        return rows

    @api.model
    def _prepare_import(self, vals):
        """Return the values of a record that a user imports.

        A consent without an order in Odoo is only a proof, and leads to no invitation.

        :param dict vals: some of ``IMPORTED_FIELDS``
        :rtype: dict
        :raise AccessError: if there are other fields, another kind of record, or an
            order that the user may not read
        :raise ValidationError: if something is missing or wrong
        """
        kind = vals.get("kind") or "given"
        if vals.keys() - IMPORTED_FIELDS or kind not in ("given", "withdrawn"):
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
            self._check_is_kept(order.company_id or self.env.company, vals["moment"])
        if order and kind == "given":
            self._check_buyer(order, vals.get("email"))
            return self._prepare_given(order, "import", vals)
        return {**self._prepare_said(order, "import", vals), "kind": kind}

    @api.model
    def _check_is_kept(self, company, moment):
        """Check that a consent is not so old that the daily clean-up would delete it.

        :param company: record of ``res.company``
        :param moment: UTC, when the consent was given
        :type moment: str or datetime.datetime
        :raise ValidationError: if it is too old
        """
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
        """Check that an imported address is that of the order, whose mails go there.

        :param order: record of ``sale.order``
        :param email: address as it was imported
        :type email: str or None
        :raise ValidationError: if it is another address
        """
        email = normalize_address(email)
        if email and email != normalize_address(order._trustedshops_get_email()):
            raise ValidationError(
                self.env._(
                    "The order %(order)s belongs to another address. Leave the order"
                    " out to keep the consent as proof.",
                    order=order.name,
                )
            )

    @api.model
    def _prepare_given(self, order, mode, said):
        """Return the values of a consent for an order, given outside the shop.

        :param order: record of ``sale.order``
        :param str mode: ``manual`` or ``import``
        :param dict said: ``email``, ``moment`` (UTC), ``source`` and ``text``
        :rtype: dict
        :raise ValidationError: if no channel invites buyers in the language of the
            order
        """
        channel = order._trustedshops_get_asking_channel()
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
        """Return the values that a consent and a withdrawal outside the shop share.

        :param order: record of ``sale.order``, or none
        :param str mode: see :meth:`_prepare_given`
        :param dict said: see :meth:`_prepare_given`
        :rtype: dict
        """
        return {
            **{name: said.get(name) for name in ("moment", "source", "text")},
            # Keep an invalid address, so that the error message shows it.
            "email": normalize_address(said.get("email")) or said.get("email"),
            "mode": mode,
            "order_id": order.id,
            "company_id": (order.company_id or self.env.company).id,
        }

    @api.constrains("kind", "email", "moment", "text", "mode")
    def _check_proof(self):
        """Check that a consent has one address, words, and a moment in the past."""
        for consent in self:
            is_said = consent.kind == "given" or consent.mode == "import"
            is_erased = consent.digest and not consent.email
            if not is_said or is_erased:
                continue
            address = normalize_address(consent.email)
            if not address or address != consent.email:
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
        """Check that staff do not enter or import an address whose data was erased.

        :raise UserError: if one was
        """
        suppressions = self.env["trustedshops.suppression"]
        for consent in self.filtered(lambda each: each.mode in STAFF_MODES):
            if consent.email:
                suppressions._check_not_erased(consent.email, consent.company_id)

    def _load_records(self, data_list, update=False):
        """Override of the framework to try rows one by one if one of many is wrong.

        The framework does so after a ValueError. It reports a UserError for the first
        row, even if another row is wrong.
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
