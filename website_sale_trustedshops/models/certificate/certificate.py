# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ... import const
from ...framework import clear_caches
from ...lib.links import normalize_page_url
from ...lib.match import get_host
from ...lib.snippet import find_badge_options, find_widget_id
from ...lib.ts_id import TooManyIdsError, normalize_ts_id
from ...lib.values import to_text
from ..queue.service import APPLYING, SOAP

LOGIN_FIELDS = {"ws_user", "ws_password"}
# Addresses of the pages for shoppers, unless the merchant enters others. The privacy
# page serves all languages. Source: links in certified shop modules, and for claims the
# public site of Trusted Shops.
DEFAULT_BY_PAGE = {
    "conditions_url": (
        "https://www.trustedshops.com/shop/protection_conditions.php?shop_id={ts_id}"
    ),
    "privacy_url": "https://www.trustedshops.com/shop/data_privacy.php?shop_id={ts_id}",
    "claim_url": "https://my.trustedshops.com/",
}
PROTECTION_MODELS = [
    ("classic", "Classic"),
    ("excellence", "Excellence"),
    ("none", "Trustbadge and reviews only"),
]
TEMPLATE_DOMAIN = [("model", "=", "trustedshops.protection")]
PAGE_HELP = "Empty: the page at Trusted Shops."
# States of a certificate in force. One in the state "test" protects no order.
IN_FORCE_STATES = ("production", "integration", "test")


class TrustedShopsCertificate(models.Model):
    """A Trusted Shops certificate of one website, for one language or all of them.

    This file holds its fields, who may change them, and its findings. The other files
    of this folder: asking Trusted Shops (``answers``), which certificate serves whom
    and what the website shows (``display``), how the fee is sold (``fee_table``), and
    why something does not show (``website_check``).
    """

    _name = "trustedshops.certificate"
    _description = "Trusted Shops Certificate"
    _inherit = ["trustedshops.place", "trustedshops.login"]
    _rec_name = "ts_id"
    _rec_names_search = ["ts_id", "shop_url", "website_id.name"]
    _order = "website_id, lang_id, id"
    _check_company_auto = True
    _trustedshops_login_fields = frozenset(LOGIN_FIELDS)
    _trustedshops_password_fields = frozenset({"ws_password"})
    _place_ended = "certificate_ended"
    _login_service = SOAP
    _login_rest = APPLYING
    _login_cron = "website_sale_trustedshops.ir_cron_refresh_certificates"

    # --- Entered by users ---
    active = fields.Boolean(default=True)
    mode = fields.Selection(
        [("disabled", "Disabled"), ("test", "Test"), ("enabled", "Enabled")],
        required=True,
        default="test",
        tracking=True,
    )
    ts_id = fields.Char(
        string="Trusted Shops ID (TSID)",
        required=True,
        copy=False,
        help="You can also paste the address of your certificate, or the script of the"
        " Trustbadge, whose settings are taken over.",
    )
    environment = fields.Selection(
        help="Changing the environment or the ID removes the stored web service login:"
        " each needs its own."
    )
    website_id = fields.Many2one(
        help="Leave empty on a new certificate to find the website by its address.",
    )
    lang_id = fields.Many2one(
        help="Leave empty to serve all languages of the website that have no"
        " certificate of their own.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    protection_model = fields.Selection(PROTECTION_MODELS, tracking=True)
    ws_user = fields.Char(
        string="Web Service User", copy=False, groups="base.group_system"
    )
    ws_password = fields.Char(
        copy=False,
        groups="base.group_system",
        exportable=False,
        export_string_translation=False,
    )
    # Browsers cache what forms read, so forms write this field, which reads as empty.
    new_ws_password = fields.Char(
        string="Password",
        compute="_compute_new_ws_password",
        readonly=False,
        groups="base.group_system",
        exportable=False,
    )
    has_ws_login = fields.Boolean(
        compute="_compute_has_ws_login",
        compute_sudo=True,
        export_string_translation=False,
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
        help="Sets the tax and the account of the fee.",
    )
    badge_shown = fields.Boolean(
        string="Show Trustbadge",
        default=True,
        help="The floating badge. Without it buyers still get the Trustcard after"
        " their order.",
    )
    seal_shown = fields.Boolean(
        string="Show Seal",
        default=True,
    )

    # One certificate may serve several languages, each with its own pages.
    conditions_url = fields.Char(
        string="Conditions",
        translate=True,
        help=PAGE_HELP,
    )
    privacy_url = fields.Char(
        string="Data Privacy",
        translate=True,
        help=PAGE_HELP,
    )
    claim_url = fields.Char(
        string="Claims",
        translate=True,
        help=PAGE_HELP,
    )
    is_privacy_policy_updated = fields.Boolean(
        string="Privacy Policy Updated", copy=False
    )

    # --- Mails to buyers ---
    send_confirmed_mail = fields.Boolean(default=True, export_string_translation=False)
    confirmed_template_id = fields.Many2one(
        "mail.template",
        domain=TEMPLATE_DOMAIN,
        export_string_translation=False,
    )
    send_failed_mail = fields.Boolean(default=True, export_string_translation=False)
    failed_template_id = fields.Many2one(
        "mail.template",
        domain=TEMPLATE_DOMAIN,
        export_string_translation=False,
    )
    conditions_attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Conditions as Files",
        help="Sent to the buyer with the confirmation.",
    )

    # --- Set by answers of Trusted Shops ---
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
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    answer_source = fields.Selection(
        [("soap", "Web service"), ("feed", "Public list of certified shops")],
        string="Answered by",
        readonly=True,
    )
    answered_model = fields.Selection(
        PROTECTION_MODELS, string="Model at Trusted Shops", readonly=True
    )
    certificate_language = fields.Char(readonly=True)
    shop_url = fields.Char(string="Certified Address", readonly=True)
    valid_from = fields.Date(readonly=True)
    valid_to = fields.Date(string="Valid until", readonly=True)
    hold_reason = fields.Selection(
        [
            ("login", "The web service login is not accepted"),
            ("suspended", "Trusted Shops suspended the credit limit"),
            ("no_limit", "The certificate has no credit limit"),
        ],
        readonly=True,
        tracking=True,
    )
    item_ids = fields.One2many(
        "trustedshops.protection.item", "certificate_id", string="Fees", readonly=True
    )

    # --- Checks ---
    last_check_at = fields.Datetime(string="Last Answer", readonly=True)
    # Why the last check failed, for ``_get_check_finding``.
    last_check_error = fields.Json(readonly=True, export_string_translation=False)
    # When the website check last found that visitors get the Trustbadge.
    website_checked_at = fields.Datetime(readonly=True, export_string_translation=False)
    items_checked_at = fields.Datetime(readonly=True, export_string_translation=False)

    # An order whose total did not rise by exactly the fee, until a user checks again.
    misfit_order_id = fields.Many2one(
        "sale.order", readonly=True, copy=False, export_string_translation=False
    )
    is_used = fields.Boolean(
        compute="_compute_is_used", compute_sudo=True, export_string_translation=False
    )

    # === COMPUTED FIELDS === #
    @api.depends(
        "shop_url",
        "website_id.name",
        "website_id.domain",
        "lang_id.name",
        "protection_model",
        "state",
        "ts_id",
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Compute a name of shop, language and model, because users know no IDs."""
        words = dict(
            self._fields["protection_model"].get_description(self.env)["selection"]
        )
        for certificate in self:
            website = certificate.website_id
            shop = get_host(certificate.shop_url) or get_host(website.domain)
            is_known = certificate.state not in ("draft", "invalid")
            all_languages = is_known and self.env._("All languages")
            lang = certificate.lang_id.name or all_languages
            model = words.get(certificate.protection_model)
            parts = (shop or website.name or certificate.ts_id, lang, model)
            name = ", ".join(filter(None, parts))
            certificate.display_name = name if certificate._origin else False

    def _compute_new_ws_password(self):
        self.new_ws_password = False

    @api.depends("ws_user", "ws_password")
    def _compute_has_ws_login(self):
        for certificate in self:
            certificate.has_ws_login = bool(
                certificate.ws_user and certificate.ws_password
            )

    @api.depends("website_id.company_id")
    def _compute_company_id(self):
        """Compute the company of the website, or else keep that of the certificate.

        Without either it is the current company of the user.
        """
        for certificate in self:
            company = certificate.website_id.company_id or certificate.company_id
            certificate.company_id = company or self.env.company

    def _compute_is_used(self):
        """Compute whether any Buyer Protection was ordered with the certificate."""
        self.env["trustedshops.protection"].flush_model(["certificate_id", "state"])
        # One step of an index for each certificate. PostgreSQL would turn EXISTS into a
        # join, and with "=" it would read years of protections to find that there is
        # none.
        query = SQL(
            "SELECT id, (SELECT TRUE FROM trustedshops_protection"
            " WHERE certificate_id BETWEEN certificate.id AND certificate.id"
            " AND state != 'selected' ORDER BY certificate_id LIMIT 1)"
            " FROM trustedshops_certificate certificate WHERE id = ANY(%s)",
            self._origin.ids,
        )
        used = dict(self.env.execute_query(query))
        for certificate in self:
            certificate.is_used = used.get(certificate._origin.id)

    # === CONSTRAINTS === #
    @api.constrains("ts_id", "website_id")
    def _check_id_is_of_one_company(self):
        """Refuse an ID that another company uses, even if the user cannot see it.

        Order numbers are unique only within a company. Two companies with the same ID
        could send Trusted Shops the same number.

        :raise RedirectWarning: when another company uses it, to which the user has
            access
        :raise ValidationError: when the user has no access to that company
        """
        for certificate in self:
            others = self.sudo().with_context(active_test=False)
            foreign = [
                ("ts_id", "=", certificate.ts_id),
                ("company_id", "!=", certificate.company_id.id),
            ]
            if other := others.search(foreign, limit=1):
                other._refuse_for(
                    self.env._(
                        "The Trusted Shops ID %(ts_id)s is already used by another"
                        " company of this database. Enter the ID that Trusted Shops"
                        " gave to this company.",
                        ts_id=certificate.ts_id,
                    )
                )

    def _refuse_for(self, message, **context):
        """Override to link the certificate only for users of its company.

        :param str message: what is wrong and what to do
        :param context: context of the action that opens the certificate
        :raise RedirectWarning: with the link, when the user has access to the company
        :raise ValidationError: without the link, otherwise
        """
        if self.company_id not in self.env.user.company_ids:
            raise ValidationError(message)
        return super()._refuse_for(message, **context)

    def _get_tz(self, company):
        """Return the time zone in which the shop tells times.

        It is the company's, as in core's orders, else that of the responsible user,
        which Odoo got from the browser, else UTC.

        :param company: record of ``res.company`` whose contact can be read
        :return: name of the zone, such as ``Europe/Berlin``
        :rtype: str
        """
        return company.partner_id.tz or self.user_id.tz or "UTC"

    # === CRUD === #
    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to normalize the values and schedule a check.

        The scheduled action then asks Trusted Shops. A user who saves a form gets the
        answer right away, see :meth:`web_save`.

        :raise ValidationError: see :meth:`_prepare_given_values`
        """
        self.check_access("create")
        vals_list = [
            self._prepare_given_values({"ts_id": False, **vals}) for vals in vals_list
        ]
        certificates = super().create(
            [self._prepare_without_login(vals) for vals in vals_list]
        )
        for certificate, vals in zip(certificates, vals_list, strict=True):
            certificate._store_login(vals)
        certificates._check_soon()
        return certificates

    def write(self, vals):
        """Override of the framework to normalize the values and act on what changed.

        A new ID or environment drops all answers of Trusted Shops. A new ID,
        environment or login, or a user's choice of *Excellence*, schedules a check. A
        new login also ends the hold for a refused one, and releases the applications
        that waited for it. The first website of a certificate also sets its language. A
        change of what visitors see clears the caches.

        :raise UserError: when the ID or environment of a used certificate would change
        :raise ValidationError: see :meth:`_prepare_given_values`
        """
        self.check_access("write")
        if vals.get("website_id") and "lang_id" not in vals:
            if len(self) > 1:  # each has its own language
                return all([certificate.write(vals) for certificate in self])
            if self._has_answer() and not self.website_id:
                website = self.website_id.browse(vals["website_id"])
                said = self.certificate_language
                vals = vals | self._prepare_first_lang(website, said)
        vals = self._prepare_given_values(vals)
        names = {"ts_id", "environment"} & vals.keys()
        changed_id = self.filtered(
            lambda each: any(vals[name] != each[name] for name in names)
        )
        changed_id._check_unused()
        shown_before = self._get_visible_values()
        offer_before = self._get_offer_values()
        without_login = self.filtered(lambda each: not each.has_ws_login)
        result = super().write(self._prepare_without_login(vals))
        self._store_login(vals)
        if "website_id" in vals:
            self.check_access("write")  # also for the company of the new website
        changed_id.sudo()._reset_answers(vals)
        is_shown = "seal_image" in vals or shown_before != self._get_visible_values()
        if is_shown:
            clear_caches(self.env)
        if is_shown or offer_before != self._get_offer_values():
            # The job stores what visitors see.
            self.env["ir.cron"]._trustedshops_trigger(self._login_cron)
        is_chosen = vals.get("protection_model") == "excellence"
        is_chosen = is_chosen and "last_attempt_at" not in vals  # else it is an answer
        if is_chosen or {"ts_id", "environment", *LOGIN_FIELDS} & vals.keys():
            self._check_soon()
        if any(vals.get(name) for name in LOGIN_FIELDS):
            self.sudo()._reset_refusal()
        without_login.filtered("has_ws_login").sudo()._release_queue()
        return result

    def unlink(self):
        """Override of the framework to clear the caches of pages."""
        result = super().unlink()
        clear_caches(self.env)
        return result

    # === WHAT USERS ENTER === #
    def _prepare_given_values(self, vals):
        """Return the values of ``create`` or ``write`` in normal form.

        The values of ``ts_id`` and ``checkout_widget_id`` may be pasted texts that
        contain the ID. A pasted script of the Trustbadge also sets the options of the
        badge. A ``new_ws_password`` becomes the ``ws_password``.

        :param dict vals: values as given by a user or by this addon
        :rtype: dict
        :raise ValidationError: when the ID, the login, the widget or the address of a
            page cannot be used
        """
        vals = dict(vals)
        if password := vals.pop("new_ws_password", False):
            vals["ws_password"] = password
        self._check_login_text(vals)
        if "ts_id" in vals:
            pasted = str(vals["ts_id"] or "")
            ts_id = vals["ts_id"] = self._normalize_ts_id(pasted)
            for option, value in find_badge_options(pasted, ts_id).items():
                vals[f"badge_{option}"] = value
        if widget := str(vals.get("checkout_widget_id") or "").strip():
            vals["checkout_widget_id"] = self._find_widget_id(widget)
        for name in DEFAULT_BY_PAGE.keys() & vals.keys():
            vals[name] = self._normalize_page(name, vals[name])
        return vals

    def _check_login_text(self, vals):
        """Check that XML and the database can carry the login.

        :param dict vals: values of ``create`` or ``write``
        :raise ValidationError: when they cannot; it quotes no value
        """
        for name in ("ws_user", "ws_password"):
            try:
                to_text(name, vals.get(name) or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The web service login contains characters that cannot be sent."
                        " Type it instead of pasting it."
                    )
                ) from error

    def _normalize_ts_id(self, text):
        """Return the Trusted Shops ID in a text that was typed or pasted.

        :raise ValidationError: when the text contains none, or several
        """
        try:
            return normalize_ts_id(text)
        except TooManyIdsError as error:
            raise ValidationError(
                self.env._(
                    "You entered more than one Trusted Shops ID. Create one certificate"
                    " for each."
                )
            ) from error
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "This contains no Trusted Shops ID. It is an X followed by 32"
                    " letters or digits."
                )
            ) from error

    def _find_widget_id(self, text):
        """Return the ID of the widget in a text that was typed or pasted.

        :raise ValidationError: when the text contains none, or several
        """
        if found := find_widget_id(text):
            return found
        raise ValidationError(
            self.env._(
                "This is not the code of one widget. Copy that from your Trusted Shops"
                " account and paste it here: it contains an ID that begins with wdg-."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        protections_sudo = self.env["trustedshops.protection"].sudo()
        chosen = [("certificate_id", "in", self.ids)]
        if protections_sudo.search_count(chosen, limit=1):
            raise UserError(
                self.env._(
                    "Buyer Protection was chosen with this certificate, so it cannot be"
                    " deleted. Archive it instead."
                )
            )

    def _check_unused(self):
        """Check that no order has Buyer Protection of these certificates.

        :raise UserError: when one has, because its ID and environment must not change
        """
        for certificate in self.filtered("is_used"):
            raise UserError(
                self.env._(
                    "%(ts_id)s was used to apply for Buyer Protection, so its ID and"
                    " environment cannot change. Archive it and add another"
                    " certificate.",
                    ts_id=certificate.ts_id,
                )
            )

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Override of the framework to normalize pages and to show a new notice.

        The addresses of pages are normalized as by ``write``. A changed notice about
        reviews clears the caches.

        :raise ValidationError: when an address cannot be used
        """
        if field_name in DEFAULT_BY_PAGE:
            translations = {
                lang: self._normalize_page(field_name, text)
                for lang, text in translations.items()
            }
        result = super().update_field_translations(
            field_name, translations, source_lang=source_lang
        )
        if field_name == "rating_notice":
            clear_caches(self.env)
        return result

    def _normalize_page(self, name, text):
        """Return the address of a page in normal form, an empty one unchanged.

        False removes all translations, '' only this one.

        :param str name: field of the page
        :param text: address, as entered
        :type text: str or bool
        :raise ValidationError: when it is not the address of a public page
        """
        try:
            return normalize_page_url(text) if text else text
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(address)s” is not the address of a public page. It"
                    " must begin with https://.",
                    field=self._fields[name].get_description(self.env)["string"],
                    address=text,
                )
            ) from error

    def _reset_answers(self, given):
        """Drop what belongs to the previous ID or environment, with the login.

        That is the answers, the fee table, the activities and the protection model. An
        enabled certificate becomes a test. A user who may not read the login could
        otherwise send it to another system or for another shop, so it stays only if a
        password is among the values.

        :param dict given: values of the ``write`` that changed ID or environment; they
            stay
        """
        answered = self._trustedshops_guarded_fields - {"item_ids", "company_id"}
        unanswered = {
            **{name: None for name in answered if not self._fields[name].compute},
            "state": "draft",
        }
        if not given.get("ws_password"):
            unanswered |= {"ws_user": given.get("ws_user"), "ws_password": False}
        for certificate in self:
            certificate.item_ids.unlink()
            certificate._remove_todos_about(is_open=False)
            values = dict(unanswered)
            # Filled by an answer about the other shop, or decided for it.
            if "protection_model" not in given:
                values["protection_model"] = False
            if certificate.mode == "enabled" and "mode" not in given:
                values["mode"] = "test"
            certificate.write(values)

    # === MAILS TO BUYERS === #
    @api.constrains("confirmed_template_id", "failed_template_id")
    def _check_templates(self):
        for template in self.confirmed_template_id | self.failed_template_id:
            if template.sudo().model != "trustedshops.protection":
                raise ValidationError(
                    self.env._(
                        "The template “%(template)s” is not for Buyer Protection.",
                        template=template.sudo().name,
                    )
                )

    def _get_mail_template(self, kind):
        """Return the template of a mail to the buyer, the chosen or the standard one.

        :param str kind: ``confirmed`` or ``failed``
        :return: record of ``mail.template`` in sudo
        :raise UserError: when none is chosen, and the standard one was deleted
        """
        xmlid = f"website_sale_trustedshops.mail_template_protection_{kind}"
        standard = self.env.ref(xmlid, raise_if_not_found=False)
        chosen = self[f"{kind}_template_id"]
        if template := chosen or standard:
            return template.sudo()
        raise UserError(
            self.env._(
                "The template of this mail was deleted. Choose another one on the"
                " certificate, or switch the mail off there."
            )
        )

    # === FINDINGS === #
    @api.model
    def _get_finding_fields(self):
        """Override to return the fields on which a certificate's findings depend."""
        return (
            *self._trustedshops_guarded_fields,
            "active",
            "environment",
            "protection_model",
            "has_ws_login",
            "fee_product_id",
            "fee_warning",
            "is_fee_booking_checked",
            "website_id.domain",
            "lang_id",
            "mode",
            "badge_shown",
            "seal_shown",
            "seal_image",
            "is_privacy_policy_updated",
            "is_end_confirmed",
            "offered_to",
            "website_id.trustedshops_order_button",
        )

    def _get_findings(self):
        """Override to list the findings of a certificate, open to-dos included."""
        self.ensure_one()
        certificate_sudo = self.sudo()
        findings = certificate_sudo._get_state_findings()
        if not self.active:
            findings += certificate_sudo._get_end_findings()
        if self.state not in ("draft", "invalid"):
            findings += certificate_sudo._get_match_findings()
        if self.protection_model == "excellence" and self.state != "invalid":
            findings.append(certificate_sudo._get_login_finding())
            findings += certificate_sudo._get_fee_findings()
        findings.append(certificate_sudo._get_mode_finding())
        findings.append(certificate_sudo._get_wait_finding())
        if certificate_sudo.has_stuck:
            findings.append(certificate_sudo._prepare_finding("queue_stuck"))
        if certificate_sudo.has_limited:
            findings.append(certificate_sudo._prepare_finding("credit"))
        findings.append(certificate_sudo._get_check_finding())
        findings += certificate_sudo._get_todo_findings()
        return [each for each in findings if each]

    def _get_todo_findings(self):
        """List the findings about what the shop still has to do.

        There are none before the certificate is in force and has a website.

        :return: see :meth:`_prepare_finding`
        :rtype: list of dict
        """
        if self.state not in IN_FORCE_STATES or not self.website_id:
            return []
        has_fee = self.protection_model == "excellence"
        is_enabled = self.mode == "enabled"
        company = self.website_id.company_id.sudo()
        # Source: § 312j BGB, § 8 FAGG, art. 17 ust. 3 ustawy o prawach konsumenta.
        needs_words = company.country_id.code in ("DE", "AT", "PL")
        has_words = self.website_id.trustedshops_order_button
        is_checked = self.fee_warning or self.is_fee_booking_checked
        todos = {
            "fee_booking": has_fee and not is_checked,
            "test_order": has_fee and not self.is_used,
            "enable": self.mode == "test" and self._is_live(),
            "website": is_enabled and self.badge_shown and not self.website_checked_at,
            "seal": self.seal_shown and not self.seal_image,
            "privacy": not self.is_privacy_policy_updated,
            "offer_nobody": has_fee and self.offered_to == "nobody",
            "order_button": is_enabled and needs_words and not has_words,
        }
        open_codes = [code for code, is_open in todos.items() if is_open]
        return [self._prepare_finding(code) for code in open_codes]

    def _can_act_on(self, code):
        """Override to let only ``FEE_BOOKERS`` confirm how the fee is booked."""
        if code == "fee_booking":
            return self.env.user.has_groups(const.FEE_BOOKERS)
        return super()._can_act_on(code)

    # === WHAT ENDS A TO-DO === #
    def action_confirm_privacy_policy(self):
        """Mark the privacy policies of the websites as updated.

        This ends the to-do of all their certificates.
        """
        self._get_website_certificates().is_privacy_policy_updated = True

    def _get_website_certificates(self):
        """Return these certificates with all others of their websites."""
        return self | self.search([("website_id", "in", self.website_id.ids)])

    def action_enable(self):
        """Enable the certificates, so that visitors see them.

        :raise UserError: when one has no website yet
        :raise RedirectWarning: when another one serves its website and language
        """
        for certificate in self.filtered(lambda each: not each.website_id):
            raise UserError(
                self.env._(
                    "Choose the website of the certificate %(ts_id)s before you enable"
                    " it.",
                    ts_id=certificate.ts_id,
                )
            )
        self.mode = "enabled"

    def action_use_order_words(self):
        """Put the legally required words on the order button of the website.

        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        self.sudo().website_id.trustedshops_order_button = True

    def action_open_shop(self):
        """Open the shop at its own address, in the language of the certificate.

        The preview of the website shows no Trustbadge. Without a language, open the
        default one of the website. The prefix of the language is always there: without
        it, Odoo takes the language of the user.

        :rtype: dict
        """
        self.ensure_one()
        website_sudo = self.website_id.sudo()
        lang = self.lang_id or website_sudo.default_lang_id
        url = f"{website_sudo.get_base_url()}/{lang.url_code}/shop"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def action_check_website(self):
        """Open the website check of this certificate.

        :rtype: dict
        """
        xmlid = "website_sale_trustedshops.website_check_action"
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return {**action, "context": {"active_id": self.id}}

    def action_upload_seal(self):
        """Open the dialog in which users upload the merchant's own seal.

        :rtype: dict
        """
        self.ensure_one()
        xmlid = "website_sale_trustedshops.trustedshops_certificate_view_form_seal"
        return {
            "type": "ir.actions.act_window",
            "name": self._fields["seal_image"].get_description(self.env)["string"],
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(xmlid).id, "form")],
            "target": "new",
        }
