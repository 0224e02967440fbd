# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.const import CERTIFICATE_URL
from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.match import MISMATCH

from .. import const
from ..lib.account_content import CHECKOUT
from .json_ld import prepare_markup

# Whether Trusted Shops invites after events of a type.
ON, OFF, UNKNOWN = "on", "off", "unknown"
CONTROL_CENTRE = "https://app.etrusted.com"


class TrustedShopsChannel(models.Model):
    """A shop at Trusted Shops that collects reviews, usually in one language.

    A new channel gets a website and language by its locale, if exactly one fits;
    afterwards only users change that.
    """

    _name = "trustedshops.channel"
    _description = "Trusted Shops Channel"
    _inherit = ["trustedshops.place", "trustedshops.finding"]
    _order = "website_id, lang_id, id"
    _check_company_auto = True
    _place_ended = "channel_ended"
    _finding_others = frozenset({"invitation_failed", "invitation_unknown"})

    # --- Read from Trusted Shops ---
    name = fields.Char(readonly=True)
    channel_ref = fields.Char(
        string="Channel ID",
        required=True,
        readonly=True,
        export_string_translation=False,
    )
    url = fields.Char(string="Shop Address", readonly=True)
    locale = fields.Char(readonly=True)
    account_id = fields.Many2one(
        "trustedshops.account",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    hold_reason = fields.Selection(
        [
            ("gone", "Not in the account any more"),
            ("refused", "Trusted Shops refuses access"),
            ("invalid", "Trusted Shops refuses every invitation"),
        ],
        string="Status",
        readonly=True,
        copy=False,
        tracking=True,
    )
    # ``trouble`` of the error.
    hold_error = fields.Char(readonly=True, copy=False, export_string_translation=False)

    # --- Chosen by users ---
    active = fields.Boolean(default=True)
    website_id = fields.Many2one(index=True, check_company=True)
    lang_id = fields.Many2one(
        help="Leave empty to serve all languages of the website that have no channel of"
        " their own.",
    )
    certificate_id = fields.Many2one(
        "trustedshops.certificate",
        check_company=True,
        help="Leave empty for the one that serves the website in the language.",
    )
    inviter = fields.Selection(
        [("odoo", "Odoo"), ("trustcard", "Trustcard")],
        string="Invited by",
        required=True,
        default="trustcard",
    )
    consent_mode = fields.Selection(
        [
            ("off", "Do not ask"),
            (const.CHECKBOX, "Checkbox at checkout"),
            (const.DOUBLE_OPT_IN, "Checkbox and confirmation by e-mail"),
        ],
        string="Consent of Buyers",
        required=True,
        default="off",
        tracking=True,
    )
    question_place = fields.Selection(
        [("payment", "On the payment page"), ("confirmation", "After the order")],
        string="Buyers Are Asked",
        required=True,
        default="payment",
        help="After the order, on the confirmation page, a tick counts at once.",
    )
    text_ids = fields.One2many("trustedshops.consent.text", "channel_id")
    trigger = fields.Selection(
        [
            ("placed", "Ordered"),
            ("shipped", "Shipped"),
            ("delivered", "Delivered"),
        ],
        string="Invite When",
        required=True,
        default="delivered",
    )
    delay_days = fields.Integer(string="Days After", default=0)
    returned_invited = fields.Boolean(
        string="Invite After a Full Return",
        default=True,
        help="Trusted Shops requires that all buyers who agreed are treated alike.",
    )
    quiet_days = fields.Integer(
        string="Days Between Invitations",
        default=30,
        help="The same buyer is not invited again within this time.",
    )
    event_type = fields.Char(
        default=const.EVENT_TYPE,
        required=True,
        help="Trusted Shops invites after events of this type. It is made there when"
        " the account is connected.",
    )
    rating_period = fields.Selection(
        [("365days", "Last 12 months, else all"), ("overall", "All")],
        string="Reviews of Products Counted",
        required=True,
        default="365days",
        help="Which reviews the stars of a product are made of.",
    )
    # The feed of ratings asked for a pause until then.
    ratings_paused_until = fields.Datetime(
        readonly=True, export_string_translation=False
    )
    is_organization_rated = fields.Boolean(
        string="Rating of the Shop for Search Engines",
        help="Each page tells search engines and AI assistants how buyers rate the"
        " shop. Trusted Shops recommends it. Switch it off when the Trustbadge does so"
        " already.",
    )
    is_organization_certified = fields.Boolean(
        string="Certification for Search Engines",
        help="Each page tells search engines and AI assistants that Trusted Shops"
        " certified the shop, with a link to its certificate, as long as that is in"
        " force. Trusted Shops recommends it. Switch it off when the Trustbadge does so"
        " already.",
    )
    low_stars = fields.Integer(
        string="Low Rating Threshold (Stars)",
        default=2,
        help="A user gets an activity for each review with this many stars or fewer."
        " 0: no activities.",
    )
    review_user_id = fields.Many2one(
        "res.users",
        string="Low Reviews Go To",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: to the user who is responsible for the account.",
    )

    _unique_ref = models.Constraint(
        "UNIQUE (account_id, channel_ref)", "An account has each channel once."
    )
    # Catch what ``_check_place_is_free`` cannot see: two concurrent transactions.
    _unique_place = models.UniqueIndex(
        "(website_id, COALESCE(lang_id, 0)) WHERE website_id IS NOT NULL",
        "A website has one channel for each language, and one for all others.",
    )
    _check_delay = models.Constraint(
        "CHECK (delay_days BETWEEN 0 AND 180)",
        "Days After must be 0 to 180: purchases may be reviewed for six months.",
    )
    _check_quiet = models.Constraint(
        "CHECK (quiet_days >= 0)",
        "The days between invitations must not be below 0.",
    )
    _check_low_stars = models.Constraint(
        "CHECK (low_stars BETWEEN 0 AND 5)", "Low reviews have 0 to 5 stars."
    )

    # === COMPUTED FIELDS === #
    @api.depends("name", "channel_ref", "locale")
    def _compute_display_name(self):
        for channel in self:
            name = channel.name or channel.channel_ref or ""
            if channel.locale:
                name = f"{name} ({channel.locale})"
            channel.display_name = name

    # === CONSTRAINTS === #
    def _check_place_is_free(self, vals):
        """Check that no other channel serves the website in the language.

        Call this before the write: the database also refuses it, but cannot name the
        other channel.

        :param dict vals: values of ``write``
        :raise RedirectWarning: if one does, with a link to it
        """
        self.check_access("write")
        for channel in self:
            place = {
                "website_id": channel.website_id.id,
                "lang_id": channel.lang_id.id,
                **vals,
            }
            if not place["website_id"]:
                continue
            other = channel._search_in_place(place["website_id"], place["lang_id"])
            if other:
                other._refuse_for(
                    channel._format_message(
                        "channel_taken",
                        website=other.website_id.name,
                        language=other._get_lang_name(),
                        channel=other.display_name,
                    )
                )

    @api.constrains("event_type")
    def _check_event_type(self):
        for channel in self:
            name = channel.event_type
            is_name = re.fullmatch("[A-Za-z0-9_.-]{1,100}", name)
            if not is_name or name.lower() == CHECKOUT:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be the event type. Use letters, digits,"
                        " dots, dashes and underscores; “checkout” belongs to the"
                        " Trustbadge.",
                        name=name,
                    )
                )

    @api.constrains("review_user_id")
    def _check_review_user(self):
        for channel in self.filtered("review_user_id"):
            if not channel._is_answered_by(channel.review_user_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s may not answer reviews of %(company)s: choose a sales"
                        " manager, an editor of the website or an administrator of that"
                        " company.",
                        user=channel.review_user_id.name,
                        company=channel.company_id.name,
                    )
                )

    # === WHO IS TOLD === #
    def _get_responsible(self):
        """Override of `website_sale_trustedshops` to return the account's user."""
        return self.account_id[:1]._get_responsible()

    def _is_answered_by(self, user):
        """Return True if a user of the company may answer reviews of the channel.

        :param user: record of ``res.users``
        :rtype: bool
        """
        reviews = self.env["trustedshops.review"].with_user(user)
        is_there = user.active and self.company_id <= user.sudo().company_ids
        return is_there and reviews._can_answer()

    @api.model
    def _get_taking_domain(self):
        """Override of `website_sale_trustedshops` to count archived channels, too."""
        return Domain("active", "in", (True, False))

    # === CRUD === #
    def write(self, vals):
        """Override of the framework to check the place, and to pass changes on.

        Clear the caches of pages, have invitations decided and ratings read again, or
        have the account read again for another event type.

        :raise RedirectWarning: if another channel serves the website in the language
        """
        if {"website_id", "lang_id"} & vals.keys():
            self._check_place_is_free(vals)
        result = super().write(vals)
        # ``trustedshops.words.source`` clears it when the words for buyers change.
        shown = {"is_organization_certified", "is_organization_rated", "certificate_id"}
        if shown & vals.keys():
            clear_caches(self.env)
        self._trigger_invitations(vals)
        if "rating_period" in vals:
            self.env["trustedshops.product.rating"]._read_again(self)
        if "event_type" in vals:
            self.account_id._trigger_check()
        return result

    # === VIEW === #
    @api.model
    def get_empty_list_help(self, help_message):
        """Override of the framework to add a link to the form of a new account.

        Users who may not create one do not see it.
        """
        account = self.env["trustedshops.account"].sudo(False)  # read in sudo
        if help_message and account.has_access("create"):
            template = "website_sale_trustedshops_reviews.account_start"
            help_message += self.env["ir.qweb"]._render(template)
        return super().get_empty_list_help(help_message)

    # === WHICH ONE SERVES === #
    @api.model
    def _search_candidates(self, website_id):
        """Override of `website_sale_trustedshops` to leave some channels out.

        They belong to other companies, which may have owned the website before.
        """
        website_sudo = self.env["website"].sudo().browse(website_id)
        found_sudo = super()._search_candidates(website_id)
        return found_sudo.filtered(
            lambda each: each.company_id == website_sudo.company_id
        )

    # === WHAT TRUSTED SHOPS TELLS === #
    @api.model
    def _store_content(self, account, content):
        """Create or update the channels of an account, and hold those that are gone.

        New channels get the website and language of their locale, see
        :meth:`_match_places`.

        :param account: record of ``trustedshops.account``
        :param AccountContent content: content of the account at Trusted Shops
        """
        all_channels = self.with_context(active_test=False)
        known = all_channels.search([("account_id", "=", account.id)])
        known = known.with_env(self.env)
        by_ref, created = {each.channel_ref: each for each in known}, self.browse()
        for found in content.channels:
            values = {
                "name": found.name or False,
                "url": found.url or False,
                "locale": found.locale or False,
            }
            if channel := by_ref.pop(found.ref, self):
                channel._write_changed(values)
                channel.filtered(lambda each: each.hold_reason == "gone")._release()
            else:
                own = {"account_id": account.id, "channel_ref": found.ref}
                channel = self.create({**values, **own})
                created |= channel
            if found.ref in content.settings:
                channel._store_settings(content)
        for channel in by_ref.values():
            # Keep another reason for the hold, even if the channel comes back.
            if not channel.hold_reason:
                channel._start_hold("gone")
        created._match_places()

    def _write_changed(self, vals):
        """Write only the values that differ from the stored ones.

        :param dict vals: values of ``write``
        """
        if changed := {name: val for name, val in vals.items() if self[name] != val}:
            self.write(changed)

    # === PLACE === #
    def _match_places(self):
        """Set the website and language that each of these new channels fits by locale.

        Leave the choice to users if several websites or channels fit, or another
        channel serves there.
        """
        places = self.grouped(lambda each: each._get_fitting_place())
        for place, channels in places.items():
            is_sure = place and len(channels) == 1
            if is_sure and not channels._search_in_place(*place):
                channels.write(dict(zip(("website_id", "lang_id"), place, strict=True)))

    def _get_fitting_place(self):
        """Return the ids of the one website and language that fit the locale, else ().

        :rtype: tuple
        """
        own = [("company_id", "=", self.company_id.id)]
        places = []
        for website in self.env["website"].sudo().search(own):
            langs = website.default_lang_id | website.language_ids
            if lang := self._get_lang_for(langs, self.locale):
                places.append((website.id, lang.id))
        return places[0] if len(places) == 1 else ()

    def _get_lang_name(self):
        """Return the name of the language that it serves, or "All languages"."""
        return self.lang_id.name or self.env._("All languages")

    # === HOLD === #
    def _start_hold(self, reason, text=""):
        """Stop the invitations of this channel, and sync its activities.

        Do nothing if it is held for this reason already. A channel that is gone is
        released when it comes back, others by a user.

        :param str reason: a value of ``hold_reason``
        :param str text: ``trouble`` of the error
        """
        if self.hold_reason != reason:
            self.write({"hold_reason": reason, "hold_error": text})
            self._sync_todos()

    def _release(self):
        """Release the channels that are held, and start the queue of invitations."""
        held = self.filtered("hold_reason")
        if held:
            held.write({"hold_reason": False, "hold_error": False})
            for channel in held:
                channel._sync_todos()
            self.env["trustedshops.invitation"]._trigger_queue()

    def action_release(self):
        """Release the channels that are held.

        :raise AccessError: without the right to write them
        :raise UserError: if a channel is not in the account at Trusted Shops any more
        """
        self.check_access("write")
        if any(channel.hold_reason == "gone" for channel in self):
            raise UserError(
                self.env._(
                    "The channel is not in the account at Trusted Shops any more:"
                    " connect the account again."
                )
            )
        self.sudo()._release()

    def action_start_inviting(self):
        """Let Odoo invite the buyers, and ask them by a plain box on the payment page.

        Also read the account again, so that the form shows the current invite settings.
        """
        self.write({"inviter": "odoo", "consent_mode": const.CHECKBOX})
        # The form shows what is set at Trusted Shops: ask for it now.
        for account_sudo in self.account_id.sudo().filtered("has_login"):
            account_sudo._ask(by_person=True)

    def action_open_account(self):
        """Open the form of the account.

        :rtype: dict
        """
        return self.account_id.get_formview_action()

    def action_open_settings(self):
        """Open the page at Trusted Shops where invitations are switched on.

        :rtype: dict
        :raise AccessError: without the right to read the channel
        """
        self.check_access("read")
        url = self.settings_url or CONTROL_CENTRE
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    # === FINDINGS === #
    @api.model
    def _get_finding_fields(self):
        """Override of `website_sale_trustedshops` to return the fields.

        They are the guarded ones, and those about place, words, inviter and account.
        """
        return (
            *self._trustedshops_guarded_fields,
            "active",
            "website_id.company_id",
            "website_lang_ids",
            "lang_id",
            "inviter",
            "consent_mode",
            "text_ids.lang_id",
            "account_id.state",
        )

    def _get_findings(self):
        """Override of `website_sale_trustedshops` to list the findings.

        They are about the account and the channel. An archived channel has only that of
        its end.
        """
        self.ensure_one()
        if not self.active:
            return self._get_end_findings()
        buttons = []  # not those of the account
        if self.account_id.sudo(False).has_access("read"):
            buttons = [("action_open_account", self.env._("Open the account"))]
        of_account = self.account_id.sudo()._get_own_findings()
        return [
            *({**each, "buttons": buttons} for each in of_account),
            *self._get_own_findings(),
        ]

    def _get_own_findings(self):
        """Return the findings about the channel, without those of its account.

        :rtype: list of dict
        """
        findings = [
            self._get_hold_finding(),
            self._get_place_finding(),
            self._get_words_finding(),
            *self._get_inviter_findings(),
            self._get_reading_finding(),
        ]
        return [each for each in findings if each]

    def _get_told_findings(self):
        """Override of `website_sale_trustedshops` to return fewer findings.

        Activities are only about a hold and about unread reviews. The account has its
        own activities. A channel that is gone needs none if no website uses it.
        """
        is_used = self.active and (self.website_id or self.hold_reason != "gone")
        hold = is_used and self._get_hold_finding()
        return [each for each in (hold, self._get_reading_finding()) if each]

    def _get_hold_finding(self):
        """Return the finding about the reason why the channel is held, or None."""
        if not self.hold_reason:
            return None
        code = "channel_gone" if self.hold_reason == "gone" else "channel_held"
        text = self._format_trouble(self.hold_error)
        values = {"channel": self.display_name, "text": text}
        return self._prepare_finding(code, key=f"hold_{self.hold_reason}", **values)

    def _get_place_finding(self):
        """Return the finding about the website and language that it serves, or None.

        A channel that is gone has none.
        """
        website = self.website_id
        if self.hold_reason == "gone":
            return None
        if not website:
            code = "channel_unplaced"
        elif website.company_id != self.company_id:
            code = "channel_moved"
        elif self._get_lang_quality(self.locale) == MISMATCH:
            code = "channel_language"
        else:
            return None
        return self._prepare_finding(
            code,
            address=self.url or "–",
            company=website.sudo().company_id.name,
            locale=self.locale or "–",
            website=website.name,
        )

    def _get_words_finding(self):
        """Return the finding about languages without words for buyers, or None."""
        if not self._is_asking():
            return None
        langs = self.lang_id or self.website_id.language_ids
        missing = langs - self.sudo().text_ids.lang_id
        names = ", ".join(missing.mapped("name"))
        return missing and self._prepare_finding("channel_words", languages=names)

    def _get_inviter_findings(self):
        """Return the findings about who invites; some may be None.

        A channel without a website has none.

        :rtype: list
        """
        if not self.website_id or self.inviter != "odoo":
            return []
        code = ""
        if self.own_invites == OFF:
            code = "channel_own_off"
        elif self.consent_mode == "off":
            code = "channel_not_asking"
        own = code and self._prepare_finding(code)
        return [own, self._get_double_invites_finding()]

    def _get_reading_finding(self):
        """Return the finding that reviews could not be read for hours, or None."""
        if not self._is_unread_for_long():
            return None
        reason = self._format_trouble(self.reviews_error)
        return self._prepare_finding("channel_unread", reason=reason)

    # === WHAT PAGES SHOW OF IT === #
    def _are_ratings_public(self):
        """Return True if visitors may see the ratings of the channel.

        They may not if it is gone, because its ratings are not read any more, or if it
        is not of the production environment, unless tests are public.
        """
        if not self or self.hold_reason == "gone":
            return False
        is_live = self.account_id.environment == "production"
        return is_live or self.env["trustedshops.certificate"]._are_tests_public()

    def _get_shown_certificate(self, lang_code):
        """Return the certificate of the channel, else the one that serves its website.

        :param str lang_code: language, for example ``de_DE``
        :return: record of ``trustedshops.certificate`` in sudo, empty if visitors may
            see neither
        """
        visitor = self.website_id.user_id
        serving = self._get_serving_certificate(lang_code)
        for certificate in (serving.browse(self.certificate_id.id or ()), serving):
            if certificate.active and certificate._is_visible_to(visitor):
                return certificate
        return serving.browse()

    def _get_serving_certificate(self, lang_code):
        """Return the certificate that serves the channel's website, in sudo.

        :param str lang_code: language, for example ``de_DE``
        :return: record of ``trustedshops.certificate``, or none
        """
        certificates_sudo = self.env["trustedshops.certificate"].sudo()
        in_lang = certificates_sudo.with_context(lang=lang_code)
        return in_lang._get_for(self.website_id.id, lang_code)

    def _prepare_organization(self, certificate, lang_code):
        """Return what to add to the structured data about the shop.

        Source: schema.org/Certification

        :param certificate: record of ``trustedshops.certificate`` whose rating to add,
            or none
        :param str lang_code: language, for example ``de_DE``
        :return: ``aggregateRating`` and ``hasCertification``, as far as switched on and
            known
        :rtype: dict
        """
        added = {}
        if self.is_organization_rated and certificate._prepare_rating():
            added["aggregateRating"] = prepare_markup(
                certificate.rating_value, certificate.rating_count
            )
        serving = self._get_serving_certificate(lang_code)
        if self.is_organization_certified and serving._is_shown_to_everybody():
            added["hasCertification"] = {
                "@type": "Certification",
                "name": self.env._("Trusted Shops Trustmark"),
                "issuedBy": {
                    "@type": "Organization",
                    "name": "Trusted Shops",
                    "url": "https://www.trustedshops.com",
                },
                "certificationIdentification": serving.ts_id,
                "url": serving._get_page_url(CERTIFICATE_URL),
            }
        return added
