# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom to invite, and when: decided on each run of the queue, from facts alone."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .invitation import INVITE_WITHIN, LOOK_AGAIN_AFTER

# Orders with imported consent that become due at one channel in a day, at most.
IMPORTED_PER_DAY = 100
# The state that each of these reasons leads to; with all others it waits.
END_BY_REASON = {
    **dict.fromkeys(
        ("order_gone", "order_cancelled", "too_old", "copied"), "cancelled"
    ),
    **dict.fromkeys(
        (
            "no_website",
            "withdrawn",
            "by_staff",
            "suppressed",
            "no_amount",
            "recent",
            "card",
            "returned",
        ),
        "suppressed",
    ),
}


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    reason = fields.Selection("_selection_reason", readonly=True)

    @api.model
    def _selection_reason(self):
        """Return the selection of the reasons not to invite, from the messages."""
        reasons = [code for code in self._get_messages() if code.startswith("because_")]
        return [
            (code.removeprefix("because_"), self._format_message(code))
            for code in reasons
        ]

    # === WHETHER === #
    def _get_reason(self):
        """Return the reason not to invite the buyer now.

        The queue asks before an invitation becomes due, and again in the transaction
        that marks it as being sent. Users cannot overrule the answer.

        :return: a value of ``reason``, '' if the buyer may be invited
        :rtype: str
        """
        self.ensure_one()
        # Fetch only these: all columns take noticeably longer for each invitation.
        names = (
            "amount_total carrier_id company_id create_date date_order state"
            " trustedshops_card_delivered_at website_id"
        )
        self.order_id.fetch(names.split())
        return (
            self._get_final_reason()
            or self._get_passing_reason()
            or self._get_reason_when_due()
        )

    def _is_ruled_out(self):
        """Return True if neither Odoo nor the Trustcard will invite the buyer.

        False for a failed invitation, which a user can send again, and for an unknown
        one, which may have arrived.

        :rtype: bool
        """
        reason = self.reason
        if self.state in ("waiting", "due"):
            reason = self._get_reason()
        elif self.state not in END_BY_REASON.values():
            return False
        if reason == "trustcard":
            return not self.order_id.trustedshops_card_delivered_at
        return reason in END_BY_REASON and reason != "card"

    def _get_final_reason(self):
        """Return the reason in the order or in its consent, '' without one.

        All but ``other_consent`` end the invitation; with that it waits until its
        address is that of the newest consent.
        """
        order = self.order_id
        if not order:
            return "order_gone"
        if order.state == "cancel":
            return "order_cancelled"
        if not order.website_id:
            return "no_website"
        consent = self.env["trustedshops.consent"].sudo()._search_given(order)
        # Without a consent, it was erased.
        if reason := consent._get_stop_reason() if consent else "suppressed":
            return reason
        ordered_at = self.ordered_at or order.create_date
        if ordered_at < fields.Datetime.now() - INVITE_WITHIN:
            return "too_old"
        return "" if consent.email == self.email else "other_consent"

    def _get_passing_reason(self):
        """Return the reason to wait, in the channel or schedule, '' without one."""
        channel = self.channel_id
        if not channel.active:
            return "archived"
        if channel.inviter != "odoo":
            return "trustcard"
        if channel.consent_mode == "off":
            return "off"
        if channel.own_invites == "off":
            return "their_off"
        triggered_at, due_at = self._get_schedule()
        if not triggered_at:
            trigger = channel.trigger
            is_placed = self.order_id._trustedshops_get_ordered_at()
            return f"not_{trigger}" if is_placed else "not_placed"
        return "not_yet" if due_at > fields.Datetime.now() else ""

    def _get_reason_when_due(self):
        """Return the reason that is checked only once the day has come, '' without one.

        All but ``throttled`` end the invitation.
        """
        order, channel = self.order_id, self.channel_id
        if order.amount_total <= 0:  # rounded as it was stored
            return "no_amount"
        if self._has_recent():
            return "recent"
        if order.trustedshops_card_delivered_at and channel.checkout_invites != "off":
            return "card"
        if not channel.returned_invited and order._trustedshops_is_all_returned():
            return "returned"
        return "throttled" if self._is_throttled() else ""

    def _has_recent(self):
        """Return True if the same address was, or may have been, invited recently.

        The channel sets the number of days. Invitations of all channels of the company
        count.
        """
        days = max(self.channel_id.quiet_days, 0)
        oldest = fields.Datetime.now() - timedelta(days=days)
        recent = [
            ("id", "!=", self._origin.id),
            ("email", "=", self.email),
            ("company_id", "=", self.company_id.id),
            ("sent_at", ">", oldest),
            "|",
            ("may_have_arrived", "=", True),
            ("state", "=", "sending"),
        ]
        return bool(self.search_count(recent, limit=1))

    def _is_throttled(self):
        """Return True if the channel reached today's limit for imported consents."""
        if not self.is_imported or self.state != "waiting":
            return False
        # A bit less than a day, because orders over the limit wait for a day.
        since = fields.Datetime.now() - timedelta(hours=23)
        others = Domain("is_imported", "=", True)
        others &= Domain("channel_id", "=", self.channel_id.id)
        # Make two counts, each with its own index, and count no further than needed.
        free = IMPORTED_PER_DAY
        for counted in (
            Domain("state", "=", "due"),
            Domain("sent_at", ">", since) & Domain("state", "!=", "due"),
        ):
            free -= free and self.search_count(others & counted, limit=free)
        return not free

    # === WHEN === #
    def _get_schedule(self):
        """Return the moments of the channel's trigger, and of the invitation after it.

        :return: moments in UTC, both False as long as it did not happen
        :rtype: tuple
        """
        order, channel = self.order_id, self.channel_id
        seen_at = self.triggered_at or fields.Datetime.now()
        triggered_at = order._trustedshops_get_triggered_at(channel.trigger, seen_at)
        if not triggered_at:
            return False, False
        return triggered_at, triggered_at + timedelta(days=self._get_delay_days())

    def _get_delay_days(self):
        """Return the days from the trigger to the invitation; 0 for an early one."""
        if self.is_early:
            return 0
        extra = self.order_id._trustedshops_get_extra_days()
        return max(self.channel_id.delay_days + extra, 0)

    # === DECIDING === #
    def _decide(self):
        """Write the state of each invitation that follows from the facts."""
        for invitation in self:
            invitation._sync_consent()
            invitation._apply_reason(invitation._get_reason())

    def _sync_consent(self):
        """Copy address, language and channel of the consent that counts now, if any."""
        if self.order_id and self.order_id._trustedshops_get_consent():
            values = self.order_id._trustedshops_prepare_invitation()
            values["channel_id"] = values["channel_id"] or self.channel_id.id
            del values["next_attempt_at"]
            self._write_changes(values)

    def _apply_reason(self, reason):
        """Write the state that follows from a reason not to invite, or from none.

        :param str reason: result of :meth:`_get_reason`
        """
        now = fields.Datetime.now()
        values = {
            "state": END_BY_REASON.get(reason, "waiting" if reason else "due"),
            "reason": reason or False,
            "next_attempt_at": now,
            "ended_at": False,
            "last_error": False,
            "payload": False,
        }
        if reason in END_BY_REASON:
            values |= {"ended_at": now, "next_attempt_at": False}
        else:
            triggered_at, due_at = self._get_schedule()
            values |= {"triggered_at": triggered_at, "due_at": due_at}
        if values["state"] == "waiting":
            # A bit less than the hour between two runs, which is never exact.
            values["next_attempt_at"] = now + timedelta(minutes=50)
        if reason == "not_yet":
            values["next_attempt_at"] = min(due_at, now + LOOK_AGAIN_AFTER)
        elif reason == "throttled":
            values["next_attempt_at"] = now + LOOK_AGAIN_AFTER
        if "archived" in (reason, self.reason) and reason != self.reason:
            values["notice_due"] = True
        self._write_changes(values)

    def _write_changes(self, values):
        """Write only the values that differ from the stored ones.

        :param dict values: values of ``write``
        """
        changes = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changes:
            self.write(changes)
