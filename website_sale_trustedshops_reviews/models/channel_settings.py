# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..lib.account_content import CHECKOUT
from .channel import CONTROL_CENTRE, OFF, ON, UNKNOWN

_SWITCH = [(ON, "On"), (OFF, "Off"), (UNKNOWN, "Unknown")]


class TrustedShopsChannel(models.Model):
    """Adds the invite settings of Trusted Shops, and prepares the events."""

    _inherit = "trustedshops.channel"

    # Whether Trusted Shops shows this login the settings of the channel.
    settings_state = fields.Selection(
        [(UNKNOWN, "Unknown"), ("known", "Known"), ("refused", "Not Allowed")],
        required=True,
        readonly=True,
        default=UNKNOWN,
        export_string_translation=False,
    )
    checkout_invites = fields.Selection(
        _SWITCH,
        string="Invitations by the Trustcard",
        required=True,
        readonly=True,
        default=UNKNOWN,
    )
    own_invites = fields.Selection(
        _SWITCH,
        string="Invitations after Odoo's Events",
        required=True,
        readonly=True,
        default=UNKNOWN,
    )
    # Days that Trusted Shops waits after our event, -1 if it does not say.
    their_delay_days = fields.Integer(
        readonly=True, default=-1, export_string_translation=False
    )
    delay_notice = fields.Char(
        compute="_compute_delay_notice", export_string_translation=False
    )
    # Where users change the settings.
    settings_url = fields.Char(
        compute="_compute_settings_url",
        compute_sudo=True,  # not every user may read the account
        export_string_translation=False,
    )

    # === WHEN === #
    @api.depends("trigger", "delay_days", "own_invites", "their_delay_days")
    @api.depends_context("lang")
    def _compute_delay_notice(self):
        for channel in self:
            is_known = channel._is_their_delay_known()
            channel.delay_notice = channel._format_message(
                "channel_delay",
                days=channel.delay_days,
                theirs=channel.their_delay_days if is_known else "?",
            )

    def _is_their_delay_known(self):
        """Return True if the delay of Trusted Shops after our events is known."""
        return self.own_invites != UNKNOWN and self.their_delay_days >= 0

    def _get_invite_delay_days(self):
        """Return the days between our event and the invitation, 7 if unknown.

        :rtype: int
        """
        # The help pages of Trusted Shops say 7 days.
        return self.their_delay_days if self._is_their_delay_known() else 7

    @api.depends("account_id.environment")
    def _compute_settings_url(self):
        sandbox = self.env["trustedshops.certificate"]._get_sandbox_url()
        addresses = {"production": CONTROL_CENTRE, "sandbox": sandbox}
        for channel in self:
            environment = channel.account_id.environment
            channel.settings_url = addresses.get(environment, False)

    # === WHAT TRUSTED SHOPS TELLS === #
    def _store_settings(self, content):
        """Store the channel's invite settings, or that the login may not see them.

        :param AccountContent content: content with the settings of this channel
        """
        settings = content.settings[self.channel_ref]
        checkout = content.find_setting(self.channel_ref, CHECKOUT)
        own = content.find_setting(self.channel_ref, self.event_type)
        delay_days = own and own.delay_days
        values = {
            "settings_state": "refused" if settings is None else "known",
            "checkout_invites": _get_switch(checkout),
            "own_invites": _get_switch(own),
            "their_delay_days": -1 if delay_days is None else delay_days,
        }
        self._write_changed(values)

    def _is_being_set_up(self):
        """Return True if the settings of a new event type are not listed yet."""
        is_known = self.website_id and self.settings_state == "known"
        return is_known and self.own_invites == UNKNOWN

    def _get_double_invites_finding(self):
        """Return the finding that both Odoo and the Trustcard may invite, or None."""
        self.ensure_one()
        is_inviting = self.inviter == "odoo" and self.consent_mode != "off"
        if not is_inviting or OFF in (self.own_invites, self.checkout_invites):
            return None
        return self._prepare_finding(
            "channel_twice" if self.checkout_invites == ON else "channel_maybe_twice",
            channel=self.display_name,
        )

    # === EVENTS === #
    def _prepare_event(
        self, customer, reference, ordered_at, *, locale="", products=()
    ):
        """Return an event of this channel, without the keys that have no value.

        Source: developers.etrusted.com, POST /events

        :param dict customer: ``email`` at least
        :param str reference: number of the order
        :param datetime.datetime ordered_at: UTC
        :param str locale: locale of the order, '' for that of the channel
        :param products: see ``_prepare_products`` of the invitation
        :type products: list of dict
        :rtype: dict
        """
        event = {
            "type": self.event_type,
            "defaultLocale": locale,
            "customer": customer,
            "channel": {"id": self.channel_ref, "type": "etrusted"},
            "transaction": {
                "reference": reference,
                "date": f"{ordered_at:%Y-%m-%dT%H:%M:%SZ}",
            },
            "products": products,
            "system": "Odoo",
            "systemVersion": "19.0",
        }
        return {key: value for key, value in event.items() if value}


def _get_switch(setting):
    """Return the value of a switch field for an invite setting, or for None."""
    if not setting:
        return UNKNOWN
    return ON if setting.is_enabled else OFF
