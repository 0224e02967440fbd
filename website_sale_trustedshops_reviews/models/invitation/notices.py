# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stop invitations when a buyer says so, and notify users of outcomes."""

from datetime import timedelta

from odoo import api, fields, models

# Trusted Shops has the event, or may have it.
ARRIVED_STATES = ("accepted", "unknown")


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    _notice_idx = models.Index("(id) WHERE notice_due IS TRUE")

    def _get_responsible(self):
        """Override to return the user who is responsible for the channel."""
        return self.channel_id[:1]._get_responsible()

    # === THE BUYER SAYS STOP === #
    @api.model
    def _stop(self, email, company):
        """Make the queue look soon at the invitations of an address.

        The queue checks every row again before it sends, so a locked row does no harm.
        It notifies users of invitations that were sent already.

        :param str email: normalized
        :param company: record of ``res.company``
        """
        unsent_states = ("waiting", "due")
        own = self.search(
            [
                ("email", "=", email),
                ("company_id", "=", company.id),
                ("state", "in", (*unsent_states, *ARRIVED_STATES)),
            ]
        )
        unsent = own.filtered(lambda each: each.state in unsent_states)
        (own - unsent).write({"notice_due": True})
        # Skip a row that the queue has locked: the queue checks it before sending.
        unsent.try_lock_for_update(allow_referencing=True).write(
            {"state": "waiting", "next_attempt_at": fields.Datetime.now()}
        )
        if own:
            own._trigger_queue()

    # === ACTIVITIES === #
    def _notify_outcomes(self):
        """Give users activities for what failed, is unknown, or must be stopped."""
        self.notice_due = False
        self._notify_unwanted()
        for channel in self.channel_id:
            channel = channel._in_responsible_lang()
            for state in ("failed", "unknown"):
                channel._notify_stuck(state)
        for account in self.channel_id.account_id:
            account._in_responsible_lang()._notify_archived()

    def _notify_unwanted(self):
        """Ask a user to have Trusted Shops stop invitations that buyers refuse.

        End those whose answer was lost, so that users cannot send them again.
        """
        unwanted = self.filtered(
            lambda each: each.state in ARRIVED_STATES and each._get_unwanted_reason()
        )
        # Of an erased buyer an activity tells already.
        reminded = unwanted.filtered(
            lambda each: not each.is_erased and each._may_be_reminded()
        )
        for rows in reminded.sorted("id").grouped("email").values():
            rows._notify_withdrawn()
        over = unwanted.filtered(lambda each: each._is_stuck())
        for invitation in over:
            reason = invitation._get_unwanted_reason()
            invitation.write({"state": "suppressed", "reason": reason})

    def _get_unwanted_reason(self):
        """Return why the buyer wants no invitation any more, '' if that is unknown."""
        consent = self.env["trustedshops.consent"].sudo()._find_given(self.order_id)
        if self.order_id and not consent:
            return "suppressed"
        if consent and (reason := consent._get_stop_reason()):
            return reason
        suppressions = self.env["trustedshops.suppression"]
        is_known = suppressions._is_suppressed(self.email, self.company_id)
        return "suppressed" if is_known else ""

    def _may_be_reminded(self):
        """Return True if Trusted Shops may still send the buyer a reminder.

        For how long is not documented: 60 days is a cautious guess.
        """
        days = self.channel_id._get_invite_delay_days() + 60
        return fields.Datetime.now() < self.sent_at + timedelta(days=days)

    def _notify_withdrawn(self):
        """Ask a user once, for all these rows, to have Trusted Shops write no more."""
        self[-1:]._notify_responsible(
            "withdrawn",
            self.env._(
                "The buyer wants no more invitations, and was invited already, or may"
                " have been. Ask Trusted Shops to send no invitation and no reminder"
                " for these orders: %(orders)s.",
                orders=", ".join(self.mapped("order_reference")),
            ),
        )


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _notify_stuck(self, state):
        """Give one activity about the invitations that only a user can send again.

        :param str state: ``failed`` or ``unknown``
        """
        self.ensure_one()
        stuck = [
            ("channel_id", "=", self.id),
            ("state", "=", state),
        ]
        invitations = self.env["trustedshops.invitation"]
        count = invitations.search_count(stuck)
        if not count:
            self._close_todos_about(state)
            return
        rows = invitations.search(stuck, limit=20)  # name 20 at most
        words = {"count": count, "orders": ", ".join(rows.mapped("order_reference"))}
        if state == "failed":
            note = self.env._(
                "Review invitations that failed: %(count)s. Orders: %(orders)s. Correct"
                " what Trusted Shops says there, and send them again.",
                **words,
            )
        else:
            note = self.env._(
                "Review invitations that may have been sent, because there was no"
                " answer: %(count)s. Orders: %(orders)s. Send again which you want;"
                " those buyers may get two mails.",
                **words,
            )
        self._notify_responsible(state, note)


class TrustedShopsAccount(models.Model):
    _inherit = "trustedshops.account"

    def _notify_archived(self):
        """Give one activity about the invitations that wait for an archived channel."""
        self.ensure_one()
        count = self.env["trustedshops.invitation"].search_count(
            [
                ("channel_id.account_id", "=", self.id),
                ("state", "=", "waiting"),
                ("reason", "=", "archived"),
            ]
        )
        if not count:
            self._close_todos_about("archived")
            return
        self._notify_responsible(
            "archived",
            self.env._(
                "Review invitations that wait, because their channel is archived and no"
                " other serves the website in the buyer's language: %(count)s.",
                count=count,
            ),
        )
