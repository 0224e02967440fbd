# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import email_normalize

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.failure import explain_trouble

from ... import const
from ...lib.account_content import CHECKOUT, change_invites
from ...lib.errors import AccessRefusedError, LoginRefusedError

ON, OFF, UNKNOWN = "on", "off", "unknown"
SWITCH = [(ON, "On"), (OFF, "Off"), (UNKNOWN, "Unknown")]


class TrustedShopsChannel(models.Model):
    """Show whom Trusted Shops invites, and change that when a user presses a button."""

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
        SWITCH,
        string="Invitations by the Trustcard",
        required=True,
        readonly=True,
        default=UNKNOWN,
    )
    own_invites = fields.Selection(
        SWITCH,
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

    # === WHEN === #
    @api.depends("trigger", "delay_days", "own_invites", "their_delay_days")
    @api.depends_context("lang")
    def _compute_delay_notice(self):
        for channel in self:
            channel.delay_notice = channel._explain_delay()

    def _explain_delay(self):
        """Return when the buyer gets the mail: our days and those of Trusted Shops."""
        words = {"days": self.delay_days, "theirs": self.their_delay_days}
        if not self._is_their_delay_known():
            return self.env._(
                "Days until the mail: %(days)s in Odoo, and those of Trusted Shops, 5"
                " or 7 as a rule: its settings are not known here.",
                **words,
            )
        if not any(words.values()):
            return self.env._(
                "The buyer gets the mail at once: neither Odoo nor Trusted Shops waits."
            )
        return self.env._(
            "Days until the mail: %(days)s in Odoo + %(theirs)s at Trusted Shops ="
            " %(sum)s.",
            sum=self.delay_days + self.their_delay_days,
            **words,
        )

    def _is_their_delay_known(self):
        return self.own_invites != UNKNOWN and self.their_delay_days >= 0

    def _get_invite_delay_days(self):
        """Return how many days Trusted Shops waits before it invites.

        :rtype: int
        """
        # The help pages of Trusted Shops say 7 days.
        return self.their_delay_days if self._is_their_delay_known() else 7

    # === WHAT TRUSTED SHOPS TELLS === #
    def _store_settings(self, content):
        """Store the channel's invite settings, or that the login may not see them."""
        settings = content.settings[self.channel_ref]
        checkout = content.find_setting(self.channel_ref, CHECKOUT)
        own = content.find_setting(self.channel_ref, self.event_type)
        delay_days = own and own.delay_days
        values = {
            "settings_state": "refused" if settings is None else "known",
            "checkout_invites": _to_switch(checkout),
            "own_invites": _to_switch(own),
            "their_delay_days": -1 if delay_days is None else delay_days,
        }
        if changed := {name: val for name, val in values.items() if self[name] != val}:
            self.write(changed)

    def _are_settings_missing(self):
        """Return True if the settings of a new event type are still to appear."""
        return any(
            channel.settings_state == "known" and channel.own_invites == UNKNOWN
            for channel in self.filtered("website_id")
        )

    # === THE BUTTONS === #
    def action_remove_their_delay(self):
        """Make Trusted Shops invite as soon as Odoo sends an event."""
        done = self.env._("Trusted Shops does not wait any more before it invites.")
        return self._change_at_trustedshops(done, self.event_type, delay_days=0)

    def action_enable_own_invites(self):
        """Make Trusted Shops invite after Odoo's events."""
        done = self.env._("Trusted Shops now invites buyers after Odoo's events.")
        return self._change_at_trustedshops(done, self.event_type, is_enabled=True)

    def action_disable_checkout_invites(self):
        """Make Trusted Shops stop inviting by the Trustcard."""
        done = self.env._("Trusted Shops does not invite by the Trustcard any more.")
        return self._change_at_trustedshops(done, CHECKOUT, is_enabled=False)

    def _change_at_trustedshops(self, done, type_name, **changes):
        """Change an invite setting at Trusted Shops, and tell the user.

        :param str done: the message after a success
        :param str type_name: name of the event type
        :param changes: see ``change_invites``
        :return: a notification
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        account_sudo = self.account_id.sudo()
        is_there = True
        try:
            with account_sudo._get_client(**const.ASK_TIMEOUTS) as client:
                is_there = change_invites(
                    client, self.channel_ref, type_name, **changes
                )
        except TrustedShopsError as error:
            return show(self._explain_error(error), type="danger", sticky=True)
        account_sudo._ask(by_person=True)
        if not is_there:
            return show(
                self.env._(
                    "Trusted Shops is still setting this up: try again in a minute."
                ),
                type="warning",
            )
        return self._show_with_link(done)

    def _show_with_link(self, done):
        """Return a message with a link to the settings at Trusted Shops."""
        environment = self.account_id.environment
        address = environment == "production" and "https://app.etrusted.com"
        if environment == "sandbox":
            address = self.env["trustedshops.certificate"]._get_sandbox_url()
        if not address:
            return show(done)
        link = {"label": self.env._("See it at Trusted Shops"), "url": address}
        return show(done, links=[link])

    def action_send_test(self):
        """Send a test event, so that the current user gets the mail of buyers."""
        self.ensure_one()
        self.check_access("write")
        email = email_normalize(self.env.user.email)
        if not email:
            message = self.env._("Enter your e-mail address in your preferences first.")
            return show(message, type="warning")
        now = fields.Datetime.now()
        reference = f"TEST-{now:%Y%m%d-%H%M%S}"
        event = self._prepare_event({"email": email}, reference, now)
        try:
            with self.account_id._get_client(**const.ASK_TIMEOUTS) as client:
                client.send_event(event)
        except TrustedShopsError as error:
            return show(self._explain_error(error), type="danger", sticky=True)
        message = self._explain_test(email, reference)
        kind = "warning" if self.own_invites == OFF else "success"
        return show(message, type=kind, sticky=True)

    def _prepare_event(
        self, customer, reference, ordered_at, *, locale="", products=()
    ):
        """Return an event of this channel; keys without a value are left out.

        Source: developers.etrusted.com, POST /events

        :param dict customer: ``email`` at least
        :param str reference: number of the order
        :param datetime.datetime ordered_at: UTC
        :param str locale: of the order, '' for that of the channel
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

    def _explain_test(self, email, reference):
        """Return what happens to a test event that Trusted Shops accepted."""
        words = {
            "email": email,
            "order": reference,
            "days": self.their_delay_days,
        }
        if self.own_invites == OFF:
            return self.env._(
                "Trusted Shops took the test order %(order)s for %(email)s, but sends"
                " no invitations after Odoo's events: switch that on first.",
                **words,
            )
        if not self._is_their_delay_known():
            return self.env._(
                "Trusted Shops took the test order %(order)s for %(email)s. When the"
                " invitation is sent is decided by the settings there.",
                **words,
            )
        if not self.their_delay_days:
            return self.env._(
                "Trusted Shops took the test order %(order)s for %(email)s: the"
                " invitation should arrive within some minutes.",
                **words,
            )
        return self.env._(
            "Trusted Shops took the test order %(order)s for %(email)s. Days until it"
            " sends the invitation, as set there: %(days)s.",
            **words,
        )

    def _explain_error(self, error):
        """Return why Trusted Shops did not do what the user wanted."""
        words = {"reason": explain_trouble(self.env, str(error))}
        if isinstance(error, LoginRefusedError):
            return self.env._(
                "Trusted Shops does not accept the login of the account: connect it"
                " again (%(reason)s).",
                **words,
            )
        if isinstance(error, AccessRefusedError):
            return self.env._(
                "This login may not do that at Trusted Shops. Do it there, or use an"
                " API client of a user with the Administrative role (%(reason)s).",
                **words,
            )
        if isinstance(error, RefusedError):
            return self.env._("Trusted Shops refused it: %(reason)s.", **words)
        return self.env._(
            "Trusted Shops could not be asked (%(reason)s). Try again later.", **words
        )


def _to_switch(setting):
    """Return the field value for an invite setting, which is None if unknown."""
    if not setting:
        return UNKNOWN
    return ON if setting.is_enabled else OFF
