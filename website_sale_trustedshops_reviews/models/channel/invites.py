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
from ...lib.errors import AccessRefusedError, LoginRefusedError
from ...lib.inventory import CHECKOUT, change_invites

# Where people see what is set, by environment.
APPS = {"production": "https://app.etrusted.com"}
ON, OFF, UNKNOWN = "on", "off", "unknown"
SWITCH = [(ON, "On"), (OFF, "Off"), (UNKNOWN, "Unknown")]


class TrustedShopsChannel(models.Model):
    """Who is invited at Trusted Shops after what: shown, and changed on demand only."""

    _inherit = "trustedshops.channel"

    # Whether Trusted Shops told this login what is set at the channel.
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
    # Days that Trusted Shops waits after our event; -1: it does not say.
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
        """Return when the buyer is asked: our days and then those of Trusted Shops."""
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
        """Return for how many days Trusted Shops waits before it invites.

        :rtype: int
        """
        if self._is_their_delay_known():
            return self.their_delay_days
        return const.USUAL_DELAY_DAYS

    # === WHAT TRUSTED SHOPS SAYS === #
    def _store_settings(self, inventory):
        """Store who is invited at the channel, as far as the login may see it."""
        settings = inventory.settings[self.channel_ref]
        checkout = inventory.get_invites(self.channel_ref, CHECKOUT)
        own = inventory.get_invites(self.channel_ref, self.event_type)
        values = {
            "settings_state": "refused" if settings is None else "known",
            "checkout_invites": _to_switch(checkout),
            "own_invites": _to_switch(own),
            "their_delay_days": -1 if own.delay_days is None else own.delay_days,
        }
        if changed := {name: val for name, val in values.items() if self[name] != val}:
            self.write(changed)

    def _are_settings_missing(self):
        """Tell whether the settings of a new event type have yet to appear."""
        return any(
            channel.settings_state == "known" and channel.own_invites == UNKNOWN
            for channel in self.filtered("website_id")
        )

    # === THE BUTTONS === #
    def action_remove_their_delay(self):
        """Have Trusted Shops invite as soon as Odoo says so."""
        done = self.env._("Trusted Shops does not wait any more before it invites.")
        return self._change_at_trustedshops(done, self.event_type, delay_days=0)

    def action_enable_own_invites(self):
        """Have Trusted Shops invite after Odoo's events."""
        done = self.env._("Trusted Shops now invites buyers after Odoo's events.")
        return self._change_at_trustedshops(done, self.event_type, is_enabled=True)

    def action_disable_checkout_invites(self):
        """Have Trusted Shops no longer invite by the Trustcard."""
        done = self.env._("Trusted Shops does not invite by the Trustcard any more.")
        return self._change_at_trustedshops(done, CHECKOUT, is_enabled=False)

    def _change_at_trustedshops(self, done, type_name, **changes):
        """Change who is invited at Trusted Shops, for somebody who waits.

        :param str done: what happened when it succeeded
        :param str type_name: event type
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
        """Return what happened, with a link to where it can be seen."""
        environment = self.account_id.environment
        address = APPS.get(environment)
        if environment == "sandbox":
            address = self.env["trustedshops.certificate"]._get_sandbox_url()
        if not address:
            return show(done)
        link = {"label": self.env._("See it at Trusted Shops"), "url": address}
        return show(done, links=[link])

    def action_send_test(self):
        """Invite the user himself, to see what buyers get."""
        self.ensure_one()
        self.check_access("write")
        email = email_normalize(self.env.user.email)
        if not email:
            message = self.env._("Enter your e-mail address in your preferences first.")
            return show(message, type="warning")
        event = self._prepare_test_event(email)
        try:
            with self.account_id._get_client(**const.ASK_TIMEOUTS) as client:
                client.send_event(event)
        except TrustedShopsError as error:
            return show(self._explain_error(error), type="danger", sticky=True)
        message = self._explain_test(email, event["transaction"]["reference"])
        kind = "warning" if self.own_invites == OFF else "success"
        return show(message, type=kind, sticky=True)

    def _prepare_test_event(self, email):
        """Return an event about a purchase that nobody made."""
        now = fields.Datetime.now()
        return {
            "type": self.event_type,
            "customer": {"email": email},
            "channel": {"id": self.channel_ref, "type": "etrusted"},
            "transaction": {
                "reference": f"TEST-{now:%Y%m%d-%H%M%S}",
                "date": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            },
            "system": const.SYSTEM,
            "systemVersion": const.SYSTEM_VERSION,
        }

    def _explain_test(self, email, reference):
        """Return what becomes of a test invitation that was taken."""
        words = {
            "email": email,
            "order": reference,
            "days": self.their_delay_days,
        }
        if self.own_invites == OFF:
            return self.env._(
                "Trusted Shops took the test order %(order)s for %(email)s, but invites"
                " nobody after Odoo's events: switch that on first.",
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
        """Return what it means that Trusted Shops did not do what a person wanted."""
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


def _to_switch(invites):
    """Return the value of a field for what Trusted Shops says about invitations."""
    if not invites.is_known:
        return UNKNOWN
    return ON if invites.is_enabled else OFF
