# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Decide whom to invite, and when: on each run of the queue, from facts alone."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .invitation import INVITE_WITHIN

# How often to look again at an order whose day is known: the day may move, or the
# order may be cancelled.
LOOK_AGAIN_AFTER = timedelta(days=1)
# Limit for one channel and day: orders with imported consent that become due.
IMPORTED_PER_DAY = 100

# Reasons that end an invitation, with their labels, by the state in which it ends.
REASONS_BY_END = {
    "cancelled": [
        ("order_gone", "The order was deleted."),
        ("order_cancelled", "The order was cancelled."),
        ("too_old", "The order is older than six months, so it cannot be reviewed."),
        ("copied", "This is a copy of the database; the original invites."),
    ],
    "suppressed": [
        ("no_website", "The order does not belong to a website."),
        ("withdrawn", "The buyer took the consent back."),
        ("by_staff", "Staff took the consent back for the buyer."),
        ("suppressed", "The buyer's address must not be invited."),
        ("no_amount", "The order costs nothing."),
        ("recent", "The buyer was invited for another order a short time ago."),
        ("card", "Trusted Shops may have invited the buyer through the Trustcard."),
        ("returned", "Everything was returned or credited."),
    ],
}
END_BY_REASON = {
    code: end for end, reasons in REASONS_BY_END.items() for code, _label in reasons
}
# All reasons. While one from ``off`` to the end applies, the invitation waits.
REASONS = [
    *REASONS_BY_END["cancelled"],
    *REASONS_BY_END["suppressed"],
    ("off", "Its channel asks no buyers for consent at present."),
    ("archived", "Its channel is archived."),
    ("trustcard", "The Trustcard invites the buyers of its channel."),
    ("their_off", "Trusted Shops sends no invitations after the channel's events."),
    ("not_placed", "The order is not paid or confirmed."),
    ("not_shipped", "Nothing was shipped yet."),
    ("not_delivered", "Not everything was delivered yet."),
    ("not_yet", "The days after which its channel invites are not over."),
    ("throttled", "Today's limit for orders with imported consent is reached."),
    ("other_consent", "The buyer gave another consent."),
]


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    reason = fields.Selection(REASONS, readonly=True)

    # === WHETHER === #
    def _may_invite(self):
        """Return why the buyer may not be invited now.

        The queue asks before a row becomes due, and again in the transaction that marks
        it as being sent. Staff cannot overrule the answer.

        :return: the code of one of ``REASONS``, '' if the buyer may be invited
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

        A failed invitation can be sent again, and an unknown one may have arrived.

        :rtype: bool
        """
        reason = self.reason
        if self.state in ("waiting", "due"):
            reason = self._may_invite()
        elif self.state not in REASONS_BY_END:
            return False
        if reason == "trustcard":
            return not self.order_id.trustedshops_card_delivered_at
        return reason in END_BY_REASON and reason != "card"

    def _get_final_reason(self):
        """Return why the order, or its consent, rules an invitation out."""
        order = self.order_id
        if not order:
            return "order_gone"
        if order.state == "cancel":
            return "order_cancelled"
        if not order.website_id:
            return "no_website"
        consent = self.env["trustedshops.consent"].sudo()._find_given(order)
        # An erased one leads to no order.
        if reason := consent._get_stop_reason() if consent else "suppressed":
            return reason
        ordered_at = self.ordered_at or order.create_date
        if ordered_at < fields.Datetime.now() - INVITE_WITHIN:
            return "too_old"
        return "" if consent.email == self.email else "other_consent"

    def _get_passing_reason(self):
        """Return what an invitation waits for."""
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
        """Return why an invitation is ruled out on the day when it would be sent."""
        order, channel = self.order_id, self.channel_id
        if order.amount_total <= 0:  # rounded as it was stored
            return "no_amount"
        if self._find_recent():
            return "recent"
        if order.trustedshops_card_delivered_at and channel.checkout_invites != "off":
            return "card"
        if not channel.returned_invited and order._trustedshops_is_all_returned():
            return "returned"
        return "throttled" if self._is_throttled() else ""

    def _find_recent(self):
        """Return an invitation of the same buyer that is too recent for another.

        Also count one whose answer was lost, because it may have arrived.

        :return: record, may be empty
        """
        days = max(self.channel_id.quiet_days, 0)
        oldest = fields.Datetime.now() - timedelta(days=days)
        return self.search(
            [
                ("id", "!=", self._origin.id),
                ("email", "=", self.email),
                ("company_id", "=", self.company_id.id),
                "|",
                ("may_have_arrived", "=", True),
                ("state", "=", "sending"),
                ("sent_at", ">", oldest),
            ],
            limit=1,
        )

    def _is_throttled(self):
        """Return True if the channel's limit for imported consents is reached today."""
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
        """Return when the channel's trigger happened, and when to invite after it.

        :return: UTC, both False as long as it did not happen
        :rtype: tuple
        """
        order, channel = self.order_id, self.channel_id
        seen_at = self.triggered_at or fields.Datetime.now()
        triggered_at = order._trustedshops_get_triggered_at(channel.trigger, seen_at)
        if not triggered_at:
            return False, False
        return triggered_at, triggered_at + timedelta(days=self._get_delay_days())

    def _get_delay_days(self):
        """Return how many days after the trigger the buyer is invited."""
        if self.is_early:
            return 0
        extra = self.order_id._trustedshops_get_extra_days()
        return max(self.channel_id.delay_days + extra, 0)

    # === DECIDING === #
    def _decide(self):
        """Bring each row to the state that follows from the facts."""
        for invitation in self:
            invitation._follow_consent()
            invitation._follow_reason(invitation._may_invite())

    def _follow_consent(self):
        """Copy the address and the language of the consent that counts now."""
        if self.order_id and self.order_id._trustedshops_get_consent():
            values = self.order_id._trustedshops_prepare_invitation()
            values["channel_id"] = values["channel_id"] or self.channel_id.id
            del values["next_attempt_at"]
            self._write_changes(values)

    def _follow_reason(self, reason):
        """Write the state that follows from a reason not to invite, or from none.

        :param str reason: of :meth:`_may_invite`
        """
        now = fields.Datetime.now()
        values = {
            "state": END_BY_REASON.get(reason, "waiting" if reason else "due"),
            "reason": reason,
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
        """Write only the values that differ from those stored."""
        known = self._fields
        changes = {
            name: value
            for name, value in values.items()
            if known[name].convert_to_cache(value, self)
            != known[name].convert_to_cache(self[name], self)
        }
        if changes:
            self.write(changes)
