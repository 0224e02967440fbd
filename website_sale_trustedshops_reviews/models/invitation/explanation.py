# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Explain an invitation to staff, and let them change it with buttons.

A button never asks Trusted Shops: it changes the row and wakes the queue.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.website_sale_trustedshops.models.failure import explain_trouble

from .may_invite import END_BY_REASON, REASONS_BY_END


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    explanation = fields.Char(
        compute="_compute_explanation",
        compute_sudo=True,
        export_string_translation=False,
    )
    can_invite_earlier = fields.Boolean(
        compute="_compute_buttons", export_string_translation=False
    )
    can_send_again = fields.Boolean(
        compute="_compute_buttons", export_string_translation=False
    )

    # === IN WORDS === #
    @api.depends("state", "reason", "due_at", "last_error")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for invitation in self:
            invitation.explanation = invitation._explain()

    def _explain(self):
        """Return whether and when the buyer is invited, and why.

        For a row that waits, decide again, so that the answer is true now.

        :rtype: str
        """
        self.ensure_one()
        if self.state == "accepted":
            date = self._format(self.answered_at)
            return self.env._(
                "Handed over to Trusted Shops on %(date)s, which invites the buyer.",
                date=date,
            )
        if self.state == "failed":
            return self.env._(
                "The invitation failed: %(reason)s", reason=self._explain_trouble()
            )
        if self.state == "sending":
            return self.env._("The invitation is being sent.")
        if self.state == "unknown":
            return self.env._(
                "The invitation may have been sent: there was no answer. Send it again"
                " if you want; the buyer may then get two mails."
            )
        if self.state in REASONS_BY_END:
            return self._explain_reason(self.reason)
        reason = self.sudo()._may_invite()
        if reason in END_BY_REASON:
            return self._explain_reason(reason)
        return self._explain_waiting(reason)

    def _explain_reason(self, reason):
        """Return a sentence that says why the buyer is not invited."""
        if self.may_have_arrived:
            return self.env._(
                "It is not known whether the buyer was invited; there will be no second"
                " invitation. %(reason)s",
                reason=self._get_label(reason),
            )
        return self.env._(
            "The buyer is not invited. %(reason)s", reason=self._get_label(reason)
        )

    def _explain_waiting(self, reason):
        """Return what an invitation waits for, as the queue sees it."""
        if wait := self._explain_wait():
            return self.env._("The invitation waits. %(wait)s", wait=wait)
        if reason == "not_yet":
            _triggered_at, due_at = self.sudo()._get_schedule()
            return self.env._(
                "The buyer will be invited on %(date)s.", date=self._format(due_at)
            )
        if reason in ("not_placed", "not_shipped", "not_delivered"):
            return self._explain_trigger(reason)
        if reason:
            return self.env._(
                "The buyer is not invited now. %(reason)s",
                reason=self._get_label(reason),
            )
        if self.last_error and self.next_attempt_at > fields.Datetime.now():
            return self.env._(
                "The invitation could not be sent, and is tried again on %(date)s:"
                " %(reason)s",
                date=self._format(self.next_attempt_at),
                reason=self._explain_trouble(),
            )
        return self.env._("The buyer will be invited within an hour.")

    def _explain_trigger(self, reason):
        """Return what must happen before the days of the channel are counted."""
        words = {
            "reason": self._get_label(reason),
            "days": self.sudo()._get_delay_days(),
        }
        if not words["days"]:
            return self.env._(
                "%(reason)s The buyer will be invited as soon as that changes.", **words
            )
        return self.env._(
            "%(reason)s Days from then until the buyer is invited: %(days)s.", **words
        )

    def _explain_wait(self):
        """Return why nothing can be sent for this channel now, '' if it can."""
        channel = self.channel_id
        if channel.hold_reason:
            return self.env._("Its channel is held: see there.")
        return channel.account_id._explain_wait()

    def _explain_trouble(self):
        """Return why the last attempt failed."""
        return explain_trouble(self.env, self.last_error)

    def _get_label(self, reason):
        """Return a reason in the language of the reader."""
        return dict(self._fields["reason"]._description_selection(self.env))[reason]

    def _format(self, moment):
        """Return the day of a moment for the reader."""
        return format_date(self.env, fields.Datetime.context_timestamp(self, moment))

    # === BUTTONS === #
    @api.depends("state", "triggered_at", "due_at", "is_early", "reason", "ended_at")
    @api.depends_context("uid")
    def _compute_buttons(self):
        may_press = self.env["trustedshops.consent"]._may_manage()
        for invitation in self:
            invitation.can_invite_earlier = may_press and invitation._is_early_enough()
            invitation.can_send_again = may_press and invitation._is_stuck()

    def _is_early_enough(self):
        """Return True if the invitation waits for nothing but a number of days."""
        return self.state == "waiting" and self.sudo()._may_invite() == "not_yet"

    def _is_stuck(self):
        """Return True if the queue gave up: only a user can send the row again."""
        return self.state in ("failed", "unknown")

    def action_invite_earlier(self):
        """Invite now, without waiting for the days of the channel.

        :raise AccessError: without the rights
        :raise UserError: if there is anything else to wait for
        """
        invitation_sudo = self._begin_button("_is_early_enough")
        invitation_sudo.write(
            {"is_early": True, "next_attempt_at": fields.Datetime.now()}
        )
        invitation_sudo._trigger_queue()

    def action_send_again(self):
        """Send again an invitation that failed, or that got no answer.

        :raise AccessError: without the rights
        :raise UserError: if there is nothing to send again
        """
        invitation_sudo = self._begin_button("_is_stuck")
        invitation_sudo._look_again()
        invitation_sudo.write({"is_early": True, "trouble_count": 0})
        invitation_sudo._message_log(
            body=self.env._("%(name)s sent it again.", name=self.env.user.name)
        )
        invitation_sudo._trigger_queue()

    def _begin_button(self, is_possible):
        """Check that the user may press a button now, and lock the row.

        :param str is_possible: name of the method that decides it
        :return: the record in sudo: users have no right to write it
        :raise AccessError: without the rights
        :raise UserError: if it is not possible now, or the queue is sending the row
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["trustedshops.consent"]._may_manage():
            raise AccessError(self.env._("Only sales managers may do this."))
        locked_sudo = self.sudo().try_lock_for_update(allow_referencing=True)
        if not locked_sudo or locked_sudo.state == "sending":
            raise UserError(
                self.env._("The invitation is being sent. Try again in a minute.")
            )
        if not getattr(locked_sudo, is_possible)():
            raise UserError(
                self.env._("This is not possible any more. Load the page again.")
            )
        return locked_sudo
