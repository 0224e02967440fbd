# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff read about invitations, and what they and buyers change.

A button does not call Trusted Shops: it changes the invitation and starts the queue.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.errors import AccessRefusedError, LoginRefusedError
from .invitation_decide import END_BY_REASON

# Trusted Shops has the event, or may have it.
ARRIVED_STATES = ("accepted", "unknown")


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

    _notice_idx = models.Index("(id) WHERE notice_due IS TRUE")

    def _get_responsible(self):
        """Override of `website_sale_trustedshops` to return the channel's user."""
        return self.channel_id[:1]._get_responsible()

    # === IN WORDS === #
    @api.depends("state", "reason", "due_at", "last_error")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for invitation in self:
            invitation.explanation = invitation._format_explanation()

    def _format_explanation(self):
        """Return whether and when the buyer is invited, or why not.

        Decide again about an invitation that waits, so that the answer is true now.

        :rtype: str
        """
        self.ensure_one()
        if self.state in (*ARRIVED_STATES, "failed", "sending"):
            return self._format_message(
                f"invitation_{self.state}",
                date=self._format_day(self.answered_at),
                reason=self._format_trouble(self.last_error),
            )
        is_open = self.state in ("waiting", "due")
        reason = self.sudo()._get_reason() if is_open else self.reason
        if reason in END_BY_REASON:
            return self._format_not_invited(reason)
        return self._format_waiting(reason)

    def _format_not_invited(self, reason):
        """Return the sentence that the buyer is not invited, with the reason.

        :param str reason: key of ``END_BY_REASON``
        :rtype: str
        """
        code = "not_invited_again" if self.may_have_arrived else "not_invited"
        return self._format_message(code, reason=self._format_reason(reason))

    def _format_waiting(self, reason):
        """Return the sentence about when the buyer is invited, or what that waits for.

        :param str reason: result of :meth:`_get_reason`
        :rtype: str
        """
        code, moment, days = "not_invited_now", False, 0
        words = reason and self._format_reason(reason)
        if wait := self._format_wait():
            code, words = "invitation_waiting", wait
        elif reason == "not_yet":
            code, (_triggered_at, moment) = "invited_on", self.sudo()._get_schedule()
        elif reason.startswith("not_"):
            days = self.sudo()._get_delay_days()
            code = "invited_after" if days else "invited_then"
        elif not reason and self._is_tried_again():
            code, moment = "invited_again_on", self.next_attempt_at
            words = self._format_trouble(self.last_error)
        elif not reason:
            code = "invited_soon"
        return self._format_message(
            code, reason=words, date=self._format_day(moment), days=days
        )

    def _is_tried_again(self):
        """Return True if the last attempt failed, and a later one is scheduled."""
        return bool(self.last_error) and self.next_attempt_at > fields.Datetime.now()

    def _format_wait(self):
        """Return why nothing can be sent for the channel now.

        :return: '' if it can, or during a short pause
        :rtype: str
        """
        if self.channel_id.hold_reason:
            return self._format_message("invitation_held")
        return self.channel_id.account_id._format_wait()

    def _format_reason(self, reason):
        """Return the message of a reason not to invite."""
        return self._format_message(f"because_{reason}")

    def _format_day(self, moment):
        """Return the day of a moment in the reader's time zone, '' without a moment."""
        local = moment and fields.Datetime.context_timestamp(self, moment)
        return format_date(self.env, local)

    # === BUTTONS === #
    @api.depends("state", "triggered_at", "due_at", "is_early", "reason", "ended_at")
    @api.depends_context("uid")
    def _compute_buttons(self):
        can_press = self.env["trustedshops.consent"]._can_manage()
        for invitation in self:
            invitation.can_invite_earlier = can_press and invitation._is_early_enough()
            invitation.can_send_again = can_press and invitation._is_stuck()

    def _is_early_enough(self):
        """Return True if the invitation waits only for the days of the channel."""
        return self.state == "waiting" and self.sudo()._get_reason() == "not_yet"

    def _is_stuck(self):
        """Return True if only a user can send the invitation again."""
        return self.state in ("failed", "unknown")

    def action_invite_earlier(self):
        """Invite as soon as possible, without waiting for the days of the channel.

        :raise AccessError: without the rights
        :raise UserError: if there is anything else to wait for
        """
        invitation_sudo = self._lock_for_button("_is_early_enough")
        invitation_sudo.write(
            {"is_early": True, "next_attempt_at": fields.Datetime.now()}
        )
        invitation_sudo._trigger_queue()

    def action_send_again(self):
        """Have an invitation sent again that failed, or that may have been sent.

        :raise AccessError: without the rights
        :raise UserError: if it is neither, or is being sent
        """
        invitation_sudo = self._lock_for_button("_is_stuck")
        invitation_sudo._reopen()
        invitation_sudo.write({"is_early": True, "trouble_count": 0})
        invitation_sudo._message_log(
            body=self._format_message("sent_again", name=self.env.user.name)
        )
        invitation_sudo._trigger_queue()

    def _lock_for_button(self, is_possible):
        """Check that the user may press a button now, and lock the invitation.

        :param str is_possible: name of the method that says whether the invitation
            allows it
        :return: the record in sudo, because users have no right to write it
        :raise AccessError: without the rights
        :raise UserError: if it is not possible now, or the queue is sending it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["trustedshops.consent"]._can_manage():
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

    # === THE BUYER SAYS STOP === #
    @api.model
    def _stop(self, email, company):
        """Have the queue decide soon about the invitations of an address.

        The queue also schedules activities about those that Trusted Shops has, or may
        have. It checks every invitation again before sending, so one that is locked now
        may be skipped.

        :param str email: normalized address
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
        # Skip one that the queue has locked: the queue checks it before sending.
        unsent.try_lock_for_update(allow_referencing=True).write(
            {"state": "waiting", "next_attempt_at": fields.Datetime.now()}
        )
        if own:
            own._trigger_queue()

    # === ACTIVITIES === #
    def _schedule_outcomes(self):
        """Sync the activities about invitations that need a user's attention.

        They failed, are unknown, are not wanted by the buyer any more, or wait because
        their channel is archived.
        """
        self.notice_due = False
        self._end_unwanted()
        for channel in self.channel_id:
            own = Domain("channel_id", "=", channel.id)
            for state in ("failed", "unknown"):
                stuck = own & Domain("state", "=", state)
                self._sync_activity(channel, f"invitations_{state}", stuck)
        archived = Domain("state", "=", "waiting") & Domain("reason", "=", "archived")
        for account in self.channel_id.account_id:
            own = Domain("channel_id.account_id", "=", account.id)
            self._sync_activity(account, "invitations_archived", own & archived)

    @api.model
    def _sync_activity(self, record, code, domain):
        """Schedule or remove the one activity about the orders of some invitations.

        :param record: record of a model with activities
        :param str code: code of the message
        :param Domain domain: condition on the invitations
        """
        if not (rows := self.search(domain, limit=21)):
            record._remove_todos_about(code)
            return
        names = rows[:20].mapped("order_reference") + ["…"] * (len(rows) > 20)
        record = record._in_responsible_lang()
        note = record._format_message(code, orders=", ".join(names))
        record._schedule_todo(code, note)

    def _end_unwanted(self):
        """Handle invitations that Trusted Shops has although the buyer refuses.

        Schedule an activity to have Trusted Shops stop reminders, and end those that a
        user could send again.
        """
        arrived = self.filtered(lambda each: each.state in ARRIVED_STATES)
        reasons = {each: each._get_unwanted_reason() for each in arrived}
        unwanted = arrived.filtered(reasons.get)
        # About an erased buyer there is another activity.
        reminded = unwanted.filtered(
            lambda each: not each.is_erased and each._may_be_reminded()
        )
        # One activity for all orders of a buyer.
        for rows in reminded.sorted("id").grouped("email").values():
            orders = ", ".join(rows.mapped("order_reference"))
            note = self._format_message("buyer_withdrawn", orders=orders)
            rows[-1]._schedule_todo("buyer_withdrawn", note)
        for invitation in unwanted.filtered(lambda each: each._is_stuck()):
            invitation.write({"state": "suppressed", "reason": reasons[invitation]})

    def _get_unwanted_reason(self):
        """Return why the buyer does not want the invitation, '' if they may want it."""
        consent = self.env["trustedshops.consent"].sudo()._search_given(self.order_id)
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


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _trigger_invitations(self, vals):
        """Have the queue decide soon if one of the written fields affects decisions.

        :param dict vals: values of ``write``
        """
        deciding = {
            "active",
            "consent_mode",
            "delay_days",
            "inviter",
            "quiet_days",
            "returned_invited",
            "trigger",
        }
        if deciding & vals.keys():
            invitations_sudo = self.env["trustedshops.invitation"].sudo()
            invitations_sudo._trigger_decision(Domain("channel_id", "in", self.ids))

    def _hold_after(self, error):
        """Hold the channel, or refuse its account, after an error about one of them.

        If access is refused at two channels, the account is refused. After another
        error the account pauses for as long as Trusted Shops asks for, if it does.

        :param TrustedShopsError error: from the client
        """
        self.ensure_one()
        account = self.account_id
        if isinstance(error, LoginRefusedError):
            account._update_refusal("refused", str(error))
        elif isinstance(error, AccessRefusedError):
            self._hold("refused", str(error))
            refused = account.channel_ids.filtered(
                lambda each: each.hold_reason == "refused"
            )
            if len(refused) > 1:  # then it is not about the channel
                account._update_refusal("refused", str(error))
        else:
            account._update_limit(error)
