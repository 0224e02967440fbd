# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.match import get_host
from odoo.addons.website_sale_trustedshops.models.failure import explain_trouble

from ... import const
from ...lib.account_content import CHECKOUT


class TrustedShopsChannel(models.Model):
    """Represent a shop at Trusted Shops that collects reviews in one language.

    This file has the fields, finds the channels of a website, and puts a channel on
    hold. See ``place`` for the website that a channel belongs to, and
    ``invite_settings`` for whom Trusted Shops invites.
    """

    _name = "trustedshops.channel"
    _description = "Trusted Shops Channel"
    _inherit = ["trustedshops.place", "trustedshops.finding"]
    _order = "website_id, lang_id, id"
    _check_company_auto = True

    # --- Told by Trusted Shops ---
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

    _unique_ref = models.Constraint(
        "UNIQUE (account_id, channel_ref)", "An account has each channel once."
    )
    # Catch what ``_check_place_is_free`` cannot see: two transactions at once.
    _unique_place = models.UniqueIndex(
        "(website_id, COALESCE(lang_id, 0)) WHERE active AND website_id IS NOT NULL",
        "A website has one channel for each language, and one for all others.",
    )
    _check_delay = models.Constraint(
        "CHECK (delay_days BETWEEN 0 AND 180)",
        "The days after must be 0 to 180: purchases may be reviewed for six months.",
    )
    _check_quiet = models.Constraint(
        "CHECK (quiet_days >= 0)",
        "The days between invitations must not be below 0.",
    )

    # === COMPUTED FIELDS === #
    @api.depends("name", "url", "channel_ref", "locale")
    def _compute_display_name(self):
        for channel in self:
            name = channel.name or get_host(channel.url) or channel.channel_ref or ""
            if channel.locale:
                name = f"{name} ({channel.locale})"
            channel.display_name = name

    def _get_responsible(self):
        """Override to return the user who is responsible for the account."""
        return self.account_id[:1]._get_responsible()

    # === CONSTRAINTS === #
    def _check_place_is_free(self, vals):
        """Refuse a second channel for a website and language, with a link to the first.

        Call this before the write. Otherwise the database refuses it first, and cannot
        name the other channel.

        :param dict vals: of ``write``
        """
        self.check_access("write")
        for channel in self:
            place = {
                "active": channel.active,
                "website_id": channel.website_id.id,
                "lang_id": channel.lang_id.id,
                **vals,
            }
            if not (place["active"] and place["website_id"]):
                continue
            other = channel._find_in_place(place["website_id"], place["lang_id"])
            if other:
                other._refuse_for(channel._explain_taken(other))

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

    # === CRUD === #
    def write(self, vals):
        """Override of the framework to keep places apart, and to follow changes."""
        if {"active", "website_id", "lang_id"} & vals.keys():
            self._check_place_is_free(vals)
        result = super().write(vals)
        # The model of the words clears the cache when the words for buyers change.
        shown = {"is_organization_certified", "is_organization_rated", "certificate_id"}
        if shown & vals.keys():
            clear_caches(self.env)
        self._wake_invitations(vals)
        if "rating_period" in vals:
            self._read_all_ratings()
        if "event_type" in vals:
            self.account_id._ask_soon()
        return result

    # === WHICH ONE SERVES === #
    @api.model
    def _find_serving(self, website_id):
        """Override to leave out channels of other companies and archived accounts.

        Channels of a company that owned the website before no longer serve it.
        """
        website_sudo = self.env["website"].sudo().browse(website_id)
        found_sudo = super()._find_serving(website_id)
        return found_sudo.filtered(
            lambda each: (
                each.company_id == website_sudo.company_id and each.account_id.active
            )
        )

    # === WHAT TRUSTED SHOPS TELLS === #
    @api.model
    def _store_content(self, account, content):
        """Store the channels of an account, and match the new ones with websites.

        :param account: record of ``trustedshops.account``
        :param AccountContent content: what Trusted Shops told
        """
        all_channels = self.with_context(active_test=False)
        known = all_channels.search([("account_id", "=", account.id)])
        known = known.with_env(self.env)
        by_ref, created = {each.channel_ref: each for each in known}, self.browse()
        for found in content.channels:
            said = {
                "name": found.name or False,
                "url": found.url or False,
                "locale": found.locale or False,
            }
            channel = by_ref.pop(found.ref, self)
            if channel:
                channel._store_said(said)
            else:
                values = {"account_id": account.id, "channel_ref": found.ref, **said}
                channel = self.create(values)
                created |= channel
            if found.ref in content.settings:
                channel._store_settings(content)
        for channel in by_ref.values():
            channel._note_gone()
        created._match_places()

    def _store_said(self, said):
        """Store what Trusted Shops says about a channel; release one that came back."""
        changed = {name: val for name, val in said.items() if self[name] != val}
        if changed:
            self.write(changed)
        if self.hold_reason == "gone":
            self._release()

    # === HOLD === #
    def _note_gone(self):
        """Hold a channel that is missing from its account.

        A channel on hold for another reason keeps that reason, even if it comes back.
        """
        if self.hold_reason:
            return
        self.hold_reason = "gone"
        if self.active and self.website_id:
            channel = self._in_responsible_lang()
            note = channel.env._(
                "The channel %(channel)s is not in the account %(account)s at Trusted"
                " Shops any more, so it sends no invitations. It goes on by itself"
                " when it comes back; archive it otherwise.",
                channel=channel.display_name,
                account=channel.account_id.name,
            )
            channel._notify_responsible("hold", note)

    def _hold(self, reason, text):
        """Hold this channel until a user releases it, and notify the responsible user.

        :param str reason: a value of ``hold_reason``
        :param str text: message of Trusted Shops
        """
        self.ensure_one()
        if self.hold_reason == reason:
            return
        self.hold_reason = reason
        channel = self._in_responsible_lang()
        note = channel.env._(
            "No invitations are sent for the channel %(channel)s. Trusted Shops said:"
            " %(text)s. Correct it, and press Release.",
            channel=channel.display_name,
            text=explain_trouble(channel.env, text),
        )
        channel._notify_responsible("hold", note)

    def _release(self):
        """Release channels that are held, and start the queue that waited."""
        held = self.filtered("hold_reason")
        if held:
            held.hold_reason = False
            held._close_todos_about("hold")
            self.env["trustedshops.invitation"]._trigger_queue()

    def action_release(self):
        """Release channels that are held, because a user pressed the button."""
        self.check_access("write")
        if any(channel.hold_reason == "gone" for channel in self):
            raise UserError(
                self.env._(
                    "The channel is not in the account at Trusted Shops any more:"
                    " connect the account again."
                )
            )
        self.sudo()._release()
