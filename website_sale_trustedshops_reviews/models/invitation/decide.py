# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom to invite, and when: decided on each run of the queue, from facts alone."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .invitation import INVITE_WITHIN, LOOK_AGAIN_AFTER

# Orders with imported consent that become due at one channel in a day, at most.
IMPORTED_PER_DAY = 100
# The state that each reason leads to, and none: then it is sent.
STATE_BY_REASON = {
    "cancelled": "cancelled",
    "returned": "suppressed",
    "not_reviewable": "suppressed",
    "no_consent": "suppressed",
    "recent": "suppressed",
    "channel": "waiting",
    "too_early": "waiting",
    "copied": "cancelled",
    "": "due",
}


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    reason = fields.Selection(
        [
            ("cancelled", "The order was cancelled or deleted."),
            ("returned", "The order was returned, credited or withdrawn from."),
            (
                "not_reviewable",
                "The order costs nothing, belongs to no website, or is older than six"
                " months.",
            ),
            (
                "no_consent",
                "There is no consent any more, or the address must not be invited.",
            ),
            (
                "recent",
                "The buyer was invited a short time ago, or perhaps by the Trustcard.",
            ),
            ("channel", "Its channel sends no invitations at present."),
            (
                "too_early",
                "It is too early: not shipped or delivered yet, the waiting days are"
                " not over, or a withdrawal is open.",
            ),
            ("copied", "This is a copy of the database; the original invites."),
        ],
        readonly=True,
    )

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
        reason = self.reason or ""
        if self.state in ("waiting", "due"):
            reason = self._get_reason()
        elif self.state not in ("suppressed", "cancelled"):
            return False
        if reason in ("channel", "recent"):
            is_by_card = bool(self.order_id.trustedshops_card_delivered_at)
            is_over = reason == "recent" or self.channel_id.inviter == "trustcard"
            return is_over and not is_by_card
        return STATE_BY_REASON[reason] in ("suppressed", "cancelled")

    def _get_final_reason(self):
        """Return the reason in the order or in its consent, '' without one."""
        order = self.order_id
        if not order or order.state == "cancel":
            return "cancelled"
        ordered_at = self.ordered_at or order.create_date
        is_old = ordered_at < fields.Datetime.now() - INVITE_WITHIN
        if not order.website_id or is_old:
            return "not_reviewable"
        consent = self.env["trustedshops.consent"].sudo()._search_given(order)
        # Without a consent, it was erased.
        if not consent or consent._is_stopped():
            return "no_consent"
        # The next decision copies the address of a newer consent.
        return "" if consent.email == self.email else "too_early"

    def _get_passing_reason(self):
        """Return the reason to wait, in the channel or schedule, '' without one."""
        channel = self.channel_id
        if (
            not channel.active
            or channel.inviter != "odoo"
            or channel.consent_mode == "off"
            or channel.own_invites == "off"
        ):
            return "channel"
        triggered_at, due_at = self._get_schedule()
        is_due = triggered_at and due_at <= fields.Datetime.now()
        return "" if is_due else "too_early"

    def _get_reason_when_due(self):
        """Return the reason that is checked only once the day has come, '' without one.

        All but ``too_early`` end the invitation.
        """
        order, channel = self.order_id, self.channel_id
        if order._trustedshops_is_free():
            return "not_reviewable"
        is_by_card = bool(order.trustedshops_card_delivered_at)
        if self._has_recent() or (is_by_card and channel.checkout_invites != "off"):
            return "recent"
        if not channel.returned_invited and (reason := self._get_return_reason()):
            return reason
        return "too_early" if self._is_throttled() else ""

    def _get_return_reason(self):
        """Return the reason of an order that is undone or came back, '' without one.

        While a withdrawal may still be refused, the invitation waits.
        """
        undone = self.order_id._trustedshops_get_undone()
        if undone and not undone.is_certain:
            return "too_early"
        is_back = undone or self.order_id._trustedshops_is_all_returned()
        return "returned" if is_back else ""

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
        if not self.is_imported or self.is_early or self.state != "waiting":
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
    def _update_decision(self):
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
        now, state = fields.Datetime.now(), STATE_BY_REASON[reason]
        values = {
            "state": state,
            "reason": reason or False,
            "next_attempt_at": now,
            "ended_at": False,
            "last_error": False,
            "payload": False,
        }
        if state in ("waiting", "due"):
            triggered_at, due_at = self._get_schedule()
            values |= {"triggered_at": triggered_at, "due_at": due_at}
        else:
            values |= {"ended_at": now, "next_attempt_at": False}
        if state == "waiting":
            # A bit less than the hour between two runs, which is never exact.
            values["next_attempt_at"] = now + timedelta(minutes=50)
        if reason == "too_early" and triggered_at:
            later = now + LOOK_AGAIN_AFTER
            is_ahead = now < due_at < later
            values["next_attempt_at"] = due_at if is_ahead else later
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
