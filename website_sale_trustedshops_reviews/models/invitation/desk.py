# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff read about invitations, and what they and buyers change.

A button does not call Trusted Shops: it changes the invitation and starts the queue.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...lib.errors import AccessRefusedError, LoginRefusedError

# Trusted Shops has the event, or may have it.
ARRIVED_STATES = ("accepted", "unknown")


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    explanation = fields.Char(
        compute="_compute_explanation",
        compute_sudo=True,
        export_string_translation=False,
    )
    can_send_now = fields.Boolean(
        compute="_compute_can_send_now", export_string_translation=False
    )

    _notice_idx = models.Index("(id) WHERE notice_due IS TRUE")

    def _get_responsible(self):
        """Override of `website_sale_trustedshops` to return the channel's user."""
        return self.channel_id[:1]._get_responsible()

    # === IN WORDS === #
    @api.depends("state", "reason", "last_error", "channel_id.hold_reason")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for invitation in self:
            invitation.explanation = invitation._format_explanation()

    def _format_explanation(self):
        """Return why the buyer is not invited, or not yet, '' if all is well.

        :rtype: str
        """
        self.ensure_one()
        trouble = self._format_trouble(self.last_error)
        if self.state == "failed":
            return trouble
        if self.state == "unknown":
            order = self.order_reference
            return self._format_message("invitation_unknown", orders=order)
        reasons = dict(self._fields["reason"].get_description(self.env)["selection"])
        if self.state != "due":
            return reasons.get(self.reason, "")
        if self.channel_id.hold_reason:
            return reasons["channel"]
        return self.channel_id.account_id._format_wait() or trouble

    # === THE BUTTON === #
    @api.depends("state", "triggered_at", "due_at", "is_early", "reason")
    @api.depends_context("uid")
    def _compute_can_send_now(self):
        can_press = self.env["trustedshops.consent"]._can_manage()
        for invitation in self:
            invitation.can_send_now = can_press and invitation._is_sendable_by_user()

    def _is_sendable_by_user(self):
        """Return True if only a user sends it, or it waits for nothing but its day."""
        if self.state in ("failed", "unknown"):
            return True
        invitation_sudo = self.sudo()
        return (
            self.state == "waiting"
            and not self.is_early
            and invitation_sudo._get_reason() == "too_early"
            and bool(invitation_sudo._get_schedule()[0])
        )

    def action_send_now(self):
        """Have the queue send the invitation now: early, or again.

        If Trusted Shops may have it already, the buyer may get two mails.

        :raise AccessError: without the rights
        :raise UserError: if a user cannot send it, or it is being sent
        """
        invitation_sudo = self._lock_for_button()
        if invitation_sudo.state != "waiting":
            invitation_sudo._reopen()
            note = self._format_message("sent_again", name=self.env.user.name)
            invitation_sudo._message_log(body=note)
        now = fields.Datetime.now()
        invitation_sudo.write(
            {"is_early": True, "trouble_count": 0, "next_attempt_at": now}
        )
        invitation_sudo._trigger_queue()

    def _lock_for_button(self):
        """Check that the user may press the button now, and lock the invitation.

        :return: the record in sudo, because users have no right to write it
        :raise AccessError: without the rights
        :raise UserError: if it is not possible now, or the queue is sending it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["trustedshops.consent"]._can_manage():
            raise AccessError(self.env._("Only sales managers may do this."))
        locked_sudo = self._trustedshops_lock()
        if locked_sudo.state == "sending":
            self._trustedshops_refuse_as_busy()
        if not locked_sudo._is_sendable_by_user():
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

        They failed, are unknown, or are not wanted by the buyer any more.
        """
        self.notice_due = False
        self._handle_unwanted()
        for channel in self.channel_id:
            own = Domain("channel_id", "=", channel.id)
            for code, state in (
                ("invitation_failed", "failed"),
                ("invitation_unknown", "unknown"),
            ):
                self._sync_activity(channel, code, own & Domain("state", "=", state))

    @api.model
    def _sync_activity(self, channel, code, domain):
        """Schedule or remove the one activity about the orders of some invitations.

        :param channel: record of ``trustedshops.channel``
        :param str code: code of the message
        :param Domain domain: condition on the invitations
        """
        if not (rows := self.search(domain, limit=21)):
            channel._remove_todos_about(code)
            return
        names = rows[:20].mapped("order_reference") + ["…"] * (len(rows) > 20)
        channel._schedule_message(code, orders=", ".join(names))

    def _handle_unwanted(self):
        """Handle invitations that Trusted Shops has although the buyer refuses.

        Schedule an activity to have Trusted Shops stop reminders, and end those that a
        user could send again.
        """
        arrived = self.filtered(lambda each: each.state in ARRIVED_STATES)
        unwanted = arrived.filtered(lambda each: each._is_unwanted())
        # About an erased buyer there is another activity.
        reminded = unwanted.filtered(
            lambda each: not each.is_erased and each._can_be_reminded()
        )
        # One activity for all orders of a buyer.
        for rows in reminded.sorted("id").grouped("email").values():
            orders = ", ".join(rows.mapped("order_reference"))
            rows[-1]._schedule_message("buyer_withdrawn", orders=orders)
        stuck = unwanted.filtered(lambda each: each.state == "unknown")
        stuck.write({"state": "suppressed", "reason": "no_consent"})

    def _is_unwanted(self):
        """Return True if the buyer does not want the invitation any more."""
        consent = self.env["trustedshops.consent"].sudo()._search_given(self.order_id)
        if self.order_id and (not consent or consent._is_stopped()):
            return True
        suppressions = self.env["trustedshops.suppression"]
        return suppressions._is_suppressed(self.email, self.company_id)

    def _can_be_reminded(self):
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
            own = Domain("channel_id", "in", self.ids)
            invitations_sudo._trigger_decision(own)

    def _start_hold_after(self, error):
        """Hold the channel, or refuse its account, after an error about one of them.

        If access is refused at two channels, the account is refused. After another
        error the account pauses for as long as Trusted Shops asks for, if it does.

        :param TrustedShopsError error: from the client
        """
        self.ensure_one()
        account = self.account_id
        if isinstance(error, LoginRefusedError):
            account._update_refusal("refused", error.trouble)
        elif isinstance(error, AccessRefusedError):
            self._start_hold("refused", error.trouble)
            refused = account.channel_ids.filtered(
                lambda each: each.hold_reason == "refused"
            )
            if len(refused) > 1:  # then it is not about the channel
                account._update_refusal("refused", error.trouble)
        else:
            account._update_limit(error)
