# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.ts_id import TooManyIdsError, normalize_ts_id
from ...lib.values import to_text

LOGIN_FIELDS = {"ws_user", "ws_password"}
# What has to be asked again when it changed (and an Excellence set by hand).
CHECKED_FIELDS = {"ts_id", "environment", *LOGIN_FIELDS}
# What an answer proposes and a person may refine.
PROPOSED_FIELDS = ("protection_model", "website_id", "lang_id", "badge_shown")
# What only Trusted Shops says or this addon notes. A person's RPC call may not write
# it: a certificate "valid" by hand would sell what nobody insures.
SERVICE_FIELDS = {
    "state",
    "certificate_language",
    "shop_url",
    "answer_source",
    "valid_from",
    "valid_to",
    "guarantee_amount",
    "guarantee_currency_id",
    "hold_reason",
    "last_check_at",
    "last_check_error",
    "last_attempt_at",
    "login_checked_at",
    "items_checked_at",
    "item_ids",
    "next_probe_at",
    "manual_fields",
    "proposed_values",
    "overruled_match",
    "told_causes",
    "rating_value",
    "rating_count",
    "rating_at",
}
# Computed and stored. The framework lets an RPC call write such a column; then a
# certificate would match, or leave the rules of its company, because somebody says so.
COMPUTED_FIELDS = {"company_id", "shop_match", "lang_match"}
# What says whom a certificate serves; there is one of them at a time.
PLACE_FIELDS = {"website_id", "lang_id", "active"}


class TrustedShopsCertificate(models.Model):
    """A Trusted Shops certificate of one website, for one language or all of them.

    Here is what it is and who may change it. What Trusted Shops says about it is asked
    in ``trustedshops_certificate_check``, whether it belongs to the shop is told in
    ``_match``, what is wrong with it in ``_health``, what shoppers get in ``_offer``,
    how its fee is sold in ``_fee``.
    """

    _name = "trustedshops.certificate"
    _description = "Trusted Shops Certificate"
    _inherit = ["trustedshops.todo", "trustedshops.own.fields"]
    _rec_name = "ts_id"
    _order = "website_id, lang_id, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    ts_id = fields.Char(
        string="Trusted Shops ID",
        required=True,
        copy=False,
        help="The identifier of the certificate: an X and 32 letters or digits. You"
        " may paste the address of your certificate or the script of the badge, too.",
    )
    environment = fields.Selection(
        [
            ("production", "Production"),
            ("qa", "Trusted Shops' test system"),
            ("sandbox", "Sandbox on this machine"),
        ],
        required=True,
        default="production",
        help="Another environment, or another ID, needs its own web service login: the"
        " one that is stored goes.",
    )
    website_id = fields.Many2one(
        "website",
        required=True,
        ondelete="restrict",
        help="Leave it empty in a new certificate to have it found by the address for"
        " which the certificate was issued.",
    )
    website_lang_ids = fields.Many2many(related="website_id.language_ids")
    lang_id = fields.Many2one(
        "res.lang",
        string="Language",
        domain="[('id', 'in', website_lang_ids)]",
        help="Empty: the certificate serves all languages of the website that have"
        " no certificate of their own.",
    )
    company_id = fields.Many2one(
        "res.company", related="website_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Gets an activity when someone has to act.",
    )
    protection_model = fields.Selection(
        [
            ("classic", "Classic"),
            ("excellence", "Excellence"),
            ("none", "Badge and reviews only"),
        ],
        required=True,
        default="none",
        tracking=True,
    )
    ws_user = fields.Char(
        string="Web Service User", copy=False, groups="base.group_system"
    )
    ws_password = fields.Char(
        string="Web Service Password",
        copy=False,
        groups="base.group_system",
        exportable=False,
    )
    # The browser keeps what forms read, on disk: it gets this empty field to write.
    new_ws_password = fields.Char(
        string="New Password",
        compute="_compute_new_ws_password",
        readonly=False,
        copy=False,
        groups="base.group_system",
        exportable=False,
    )
    has_ws_login = fields.Boolean(
        compute="_compute_has_ws_login", compute_sudo=True, string="Has a Login"
    )
    fee_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="restrict",
        domain="[('type', '=', 'service')]",
        default=lambda self: self.env.ref(
            "website_sale_trustedshops.product_protection_fee",
            raise_if_not_found=False,
        ),
        help="The product under which the fee of Buyer Protection is sold: it decides"
        " the tax and the account.",
    )
    badge_shown = fields.Boolean(
        string="Show Seal and Badge",
        default=True,
        help="A seal in the footer of the website, with a link to your certificate, and"
        " the floating badge. Without them buyers still get the Trustcard after their"
        " order.",
    )
    # What Trusted Shops said, nobody else: see SERVICE_FIELDS.
    state = fields.Selection(
        [
            ("draft", "Never checked"),
            ("production", "Valid"),
            ("integration", "Being certified"),
            ("test", "Test"),
            ("cancelled", "Expired"),
            ("disabled", "Disabled"),
            ("no_audit", "Reviews only"),
            ("invalid", "Unknown ID"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    answer_source = fields.Selection(
        [("soap", "SOAP service"), ("feed", "Public list of certified shops")],
        string="Answered by",
        readonly=True,
        copy=False,
    )
    certificate_language = fields.Char(
        readonly=True,
        copy=False,
        help="As stated by Trusted Shops, as ISO 639-1 code.",
    )
    shop_url = fields.Char(string="Certified Address", readonly=True, copy=False)
    valid_from = fields.Date(readonly=True, copy=False)
    valid_to = fields.Date(string="Valid until", readonly=True, copy=False)
    hold_reason = fields.Selection(
        [
            ("login", "The web service login is not accepted"),
            ("suspended", "Trusted Shops suspended the credit limit"),
            ("no_limit", "The certificate has no credit limit"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        help="While set, no Buyer Protection is offered and applications wait.",
    )
    last_check_at = fields.Datetime(
        string="Last Answer", readonly=True, copy=False, help="Last complete answer."
    )
    last_check_error = fields.Char(readonly=True, copy=False)
    last_attempt_at = fields.Datetime(
        readonly=True, copy=False, help="Last check by the daily job, answered or not."
    )
    login_checked_at = fields.Datetime(readonly=True, copy=False)
    items_checked_at = fields.Datetime(
        string="Fees as of", readonly=True, copy=False, help="Last complete fee table."
    )
    next_probe_at = fields.Datetime(readonly=True, copy=False)
    item_ids = fields.One2many(
        "trustedshops.protection.item", "certificate_id", string="Fees", readonly=True
    )
    manual_fields = fields.Json(
        readonly=True, copy=False, help="Names of proposed fields that a person chose."
    )
    proposed_values = fields.Json(
        readonly=True, copy=False, help="What the last answer proposed, by field."
    )
    is_model_manual = fields.Boolean(compute="_compute_is_manual")
    is_website_manual = fields.Boolean(compute="_compute_is_manual")
    is_lang_manual = fields.Boolean(compute="_compute_is_manual")
    is_badge_manual = fields.Boolean(compute="_compute_is_manual")
    is_used = fields.Boolean(compute="_compute_is_used", compute_sudo=True)
    _website_lang_uniq = models.UniqueIndex(
        "(website_id, COALESCE(lang_id, 0)) WHERE active",
        "This website has a certificate for that language already: choose another"
        " language, change that certificate, or archive it first.",
    )

    # === COMPUTE AND CONSTRAINTS === #
    def _compute_new_ws_password(self):
        self.new_ws_password = False

    @api.depends("ws_user", "ws_password")
    def _compute_has_ws_login(self):
        for certificate in self:
            certificate.has_ws_login = bool(
                certificate.ws_user and certificate.ws_password
            )

    @api.depends("manual_fields")
    def _compute_is_manual(self):
        for certificate in self:
            manual = certificate.manual_fields or ()
            certificate.is_model_manual = "protection_model" in manual
            certificate.is_website_manual = "website_id" in manual
            certificate.is_lang_manual = "lang_id" in manual
            certificate.is_badge_manual = "badge_shown" in manual

    def _compute_is_used(self):
        protections = self.env["trustedshops.protection"]
        for certificate in self:
            placed = [
                ("certificate_id", "=", certificate._origin.id),
                ("state", "!=", "selected"),
            ]
            certificate.is_used = bool(protections.search_count(placed, limit=1))

    @api.constrains("website_id", "lang_id")
    def _check_lang_is_of_website(self):
        for certificate in self:
            languages = certificate.website_id.language_ids
            if certificate.lang_id and certificate.lang_id not in languages:
                raise ValidationError(
                    self.env._(
                        "%(language)s is not a language of the website %(website)s: add"
                        " it to the website first, or leave the language empty.",
                        language=certificate.lang_id.name,
                        website=certificate.website_id.name,
                    )
                )

    @api.constrains("ts_id", "website_id")
    def _check_id_is_of_one_company(self):
        """Refuse an id that another company uses, whoever may see that company.

        Order numbers are counted per company; at Trusted Shops they would collide.
        """
        for certificate_sudo in self.sudo().with_context(active_test=False):
            if certificate_sudo.search_count(
                [
                    ("ts_id", "=", certificate_sudo.ts_id),
                    ("company_id", "!=", certificate_sudo.company_id.id),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "The Trusted Shops ID %(ts_id)s is in use for another company"
                        " of this database. Every company needs a certificate of its"
                        " own: enter the ID that Trusted Shops gave to this one.",
                        ts_id=certificate_sudo.ts_id,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(certificate.is_used for certificate in self):
            raise UserError(
                self.env._(
                    "Buyer Protection was applied for with this certificate, so it"
                    " cannot be deleted. Archive it instead."
                )
            )

    # === CRUD === #
    @api.model
    def default_get(self, fields):
        """Override of the framework: no default gives what only Trusted Shops says.

        Everybody may set defaults for himself, and name some in the context of a call.
        """
        said = SERVICE_FIELDS | COMPUTED_FIELDS
        defaults = super().default_get([name for name in fields if name not in said])
        return {**defaults, "state": "draft"} if "state" in fields else defaults

    @api.model_create_multi
    def create(self, vals_list):
        """Ask Trusted Shops about each id first: its answer fills what was left out."""
        self.check_access("create")
        certificates = self.browse()
        for vals in vals_list:
            vals = self._prepare_given_values({"ts_id": False, **vals})
            answer = self._ask_about_new(vals)
            proposed = self._prepare_proposals_of_new(answer, vals)
            chosen = {name: vals[name] for name in self._get_chosen_fields(vals)}
            vals = {**vals, **proposed, **chosen}
            self._check_place_of_unknown(answer, vals)
            self._check_place_of_new(vals)
            certificate = super().create([self._omit_login(vals)])
            certificate._store_login(vals)
            certificate_sudo = certificate.sudo()
            certificate_sudo.manual_fields = self._get_manual_fields(chosen, proposed)
            certificate_sudo._apply_answer(answer, is_new=True)
            certificates += certificate
        self._clear_website_cache()
        certificates._refresh_ratings()
        return certificates

    def write(self, vals):
        self.check_access("write")
        vals = self._prepare_given_values(vals)
        self._check_nothing_emptied(vals)
        self._check_change_of_used(vals)
        self._check_new_place(vals)
        if not self._is_proposal():
            self._mark_chosen_fields(vals)
        shown_before = self._get_visible_values()
        changed_id = self.filtered(lambda each: each._is_other_certificate(vals))
        without_login = self.filtered(lambda each: not each.has_ws_login)
        result = super().write(self._omit_login(vals))
        self._store_login(vals)
        if "website_id" in vals:
            self.check_access("write")  # not into a company that the user may not see
        changed_id.sudo()._forget_answers(vals)
        if "seal_image" in vals or shown_before != self._get_visible_values():
            self._clear_website_cache()
        if self._must_be_checked(vals):
            self._check_at_trustedshops(by_person=True)
        for certificate in without_login.filtered("has_ws_login"):
            certificate.sudo()._release_queue()
        return result

    def unlink(self):
        result = super().unlink()
        self._clear_website_cache()
        return result

    def _omit_login(self, vals):
        return {name: val for name, val in vals.items() if name not in LOGIN_FIELDS}

    def _store_login(self, vals):
        """Write user and password by themselves: a query that fails is not logged.

        :param dict vals: values of ``create`` or ``write``
        :raise AccessError: when the user may not change a login that is among them
        """
        login = LOGIN_FIELDS & vals.keys()
        for name in login:
            self._check_field_access(self._fields[name], "write")
            query = SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL.identifier(name),
                vals[name] or None,
                self.ids,
            )
            self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset(login, flush=False)
        self.modified(login)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Override of the framework: a password leaves Odoo in no export."""
        if any(
            path and path[0] in ("ws_password", "new_ws_password") for path in fields
        ):
            raise UserError(self.env._("The web service password is not exported."))
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Override of the framework: nor does a list of groups show passwords."""
        expression = super()._read_group_groupby(alias, groupby_spec, query)
        if groupby_spec.split(":")[0] == "ws_password":
            raise UserError(
                self.env._("Nothing is grouped by the web service password.")
            )
        return expression

    def _prepare_given_values(self, vals):
        """Return the values of ``create`` or ``write`` in their one form.

        :param dict vals: as given by a person or by this addon
        :rtype: dict
        :raise AccessError: when a person gives what only Trusted Shops says
        :raise ValidationError: when there is no identifier in the text, or a login
            that nobody can send, or shoppers cannot be sent to an address
        """
        self._trustedshops_refuse((SERVICE_FIELDS | COMPUTED_FIELDS) & vals.keys())
        vals = dict(vals)
        password = vals.pop("new_ws_password", False)
        if password:
            vals["ws_password"] = password
        self._check_login_text(vals)
        if "ts_id" in vals:
            vals["ts_id"] = self._normalize_ts_id(str(vals["ts_id"] or ""))
        vals.update(self._normalize_pages(vals))
        return vals

    def _check_nothing_emptied(self, vals):
        """Refuse to empty a required field before the database does.

        The database would repeat the whole row, the password with it: for the log, and
        in the chain of errors that the web client shows to whoever pressed *Save*.
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if field and field.required and not value:
                raise ValidationError(
                    self.env._(
                        "%(field)s must not be empty.",
                        field=field._description_string(self.env),
                    )
                )

    def _check_login_text(self, vals):
        """Refuse a login with characters that neither XML nor the database can carry.

        :param dict vals: values of ``create`` or ``write``
        :raise ValidationError: which shows no piece of the login
        """
        for name in LOGIN_FIELDS:
            try:
                to_text(name, vals.get(name) or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The web service login contains characters that cannot be sent."
                        " Type user and password by hand, as Trusted Shops sent them"
                        " to you."
                    )
                ) from error

    def _normalize_ts_id(self, text):
        """Return the identifier in its one form, taken out of what was pasted.

        :param str text: what was typed or pasted
        :rtype: str
        :raise ValidationError: when there is no identifier in it, or more than one
        """
        try:
            return normalize_ts_id(text)
        except TooManyIdsError as error:
            raise ValidationError(
                self.env._(
                    "There is more than one Trusted Shops ID in what you entered. Make"
                    " one certificate for each: paste only the ID of this one."
                )
            ) from error
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "There is no Trusted Shops ID in what you entered. It is an X"
                    " followed by 32 letters or digits; you find it in your Trusted"
                    " Shops account and in the address of your certificate."
                )
            ) from error

    def _check_place_of_new(self, vals):
        """Refuse a new certificate in a place that is taken.

        The database would refuse it, too, but not before it got the login.

        :param dict vals: values of ``create``, proposals included
        :raise ValidationError: when another one serves that website and language
        """
        if vals.get("active", True) and self._is_place_taken(
            vals.get("website_id"), vals.get("lang_id") or False
        ):
            raise ValidationError(self._explain_taken_place())

    def _check_new_place(self, vals):
        """Refuse to move certificates, or to bring them back, to a place that is taken.

        :param dict vals: values to write
        :raise ValidationError: when another one serves that website and language
        """
        if not PLACE_FIELDS & vals.keys():
            return
        for certificate in self:
            website_id = vals.get("website_id", certificate.website_id.id)
            lang_id = vals.get("lang_id", certificate.lang_id.id) or False
            active = vals.get("active", certificate.active)
            if active and certificate._is_place_taken(website_id, lang_id):
                raise ValidationError(self._explain_taken_place())

    @api.model
    def _explain_taken_place(self):
        return self.env._(
            "This website has a certificate for that language already: choose another"
            " language, change that certificate, or archive it first."
        )

    def _check_change_of_used(self, vals):
        """Refuse another id or environment when applications were sent with this one.

        :param dict vals: values to write
        :raise UserError: when one of the certificates is used
        """
        for certificate in self:
            if certificate._is_other_certificate(vals) and certificate.is_used:
                raise UserError(
                    self.env._(
                        "Buyer Protection was applied for with %(ts_id)s, so its ID and"
                        " environment stay. Archive it and add another certificate.",
                        ts_id=certificate.ts_id,
                    )
                )

    def _is_other_certificate(self, vals):
        """Tell whether values make this another certificate at Trusted Shops."""
        return any(
            name in vals and vals[name] != self[name]
            for name in ("ts_id", "environment")
        )

    def _forget_answers(self, given):
        """Drop what was said about the id that was here before, and who was told.

        The login goes, too, unless a password was given along: whoever may not read it
        would send it to another system or for another shop.

        :param dict given: values that made this another certificate
        """
        unanswered = dict.fromkeys(SERVICE_FIELDS - {"item_ids", "manual_fields"})
        if not given.get("ws_password"):
            unanswered |= {"ws_user": given.get("ws_user"), "ws_password": False}
        for certificate in self.with_context(trustedshops_proposal=True):
            certificate.item_ids.unlink()
            certificate._close_todos_about()
            values = {**unanswered, "state": "draft"}
            if "protection_model" not in (certificate.manual_fields or ()):
                values["protection_model"] = "none"
            certificate.write(values)

    def _is_proposal(self):
        """Tell whether an answer is being stored: a caller's context does not count."""
        return self.env.su and self.env.context.get("trustedshops_proposal")

    def _must_be_checked(self, vals):
        """Tell whether values change what Trusted Shops has to say."""
        if self._is_proposal():
            return False
        is_upgraded = vals.get("protection_model") == "excellence"
        return is_upgraded or bool(CHECKED_FIELDS & vals.keys())

    # === WHAT A PERSON CHOSE === #
    @api.model
    def _get_chosen_fields(self, vals):
        """Return the proposed fields that a person chose for a new certificate.

        A form sends all of its fields; empty ones and defaults are nobody's choice.

        :param dict vals: values of ``create``
        :rtype: list of str
        """
        no_choice = {"protection_model": (None, "none"), "badge_shown": (None, True)}
        return [
            name
            for name in PROPOSED_FIELDS
            if vals.get(name) not in no_choice.get(name, (None, False))
        ]

    def _mark_chosen_fields(self, vals):
        """Note which proposed fields a person changes, so that no answer does later.

        :param dict vals: values to write
        """
        given = {name: vals[name] for name in PROPOSED_FIELDS if name in vals}
        for certificate_sudo in self.sudo():
            current = certificate_sudo._convert_to_write(
                {name: certificate_sudo[name] for name in given}
            )
            changed = {name: val for name, val in given.items() if val != current[name]}
            if not changed:
                continue
            kept = set(certificate_sudo.manual_fields or ()).difference(changed)
            proposed = certificate_sudo.proposed_values or {}
            manual = self._get_manual_fields(changed, proposed)
            certificate_sudo.manual_fields = sorted(kept.union(manual))

    @api.model
    def _get_manual_fields(self, chosen, proposed):
        """Return the names of the fields in which a person differs from Trusted Shops.

        :param dict chosen: values by field, as a person chose them
        :param dict proposed: values by field, as the answer proposed them
        :rtype: list of str
        """
        return sorted(
            name
            for name, value in chosen.items()
            if name not in proposed or proposed[name] != value
        )

    def action_use_proposal(self):
        """Take what Trusted Shops proposes for the field named in the context."""
        self.ensure_one()
        self.check_access("write")
        name = self.env.context.get("trustedshops_field")
        if name not in PROPOSED_FIELDS:
            raise UserError(self.env._("There is no proposal for this field."))
        certificate_sudo = self.sudo().with_context(trustedshops_proposal=True)
        proposed = certificate_sudo.proposed_values or {}
        manual = [each for each in certificate_sudo.manual_fields or () if each != name]
        values = {}
        if name in proposed and self._exists_still(name, proposed[name]):
            values = {name: proposed[name]}
        certificate_sudo.write({"manual_fields": manual, **values})

    def _exists_still(self, name, value):
        """Tell whether a value that was proposed long ago can be taken.

        :param str name: field
        :param value: in the form of ``write``
        :rtype: bool
        """
        comodel = self._fields[name].comodel_name
        return not (comodel and value) or bool(self.env[comodel].browse(value).exists())

    # === CACHE === #
    @api.model
    def _clear_website_cache(self):
        """Show a change at once, on all workers: rendered pages are kept with it."""
        self.env.registry.clear_cache()
