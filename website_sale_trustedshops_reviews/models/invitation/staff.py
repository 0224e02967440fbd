# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff read about an invitation, and do with it.

A button never asks Trusted Shops: it changes the row and wakes the queue.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.website_sale_trustedshops.models.failure import explain_trouble

from ... import const
from .invitation import END_BY_REASON, UNSENT_STATES

# What Trusted Shops has, or may have.
ARRIVED_STATES = ("accepted", "unknown")
# States after which only a person sends again.
TROUBLE_STATES = ("failed", "unknown")


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
        """Return the user who gets the activities."""
        return self.channel_id[:1]._get_responsible()

    # === IN WORDS === #
    @api.depends("state", "reason", "due_at", "last_error")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for invitation in self:
            invitation.explanation = invitation._explain()

    def _explain(self):
        """Return whether and when the buyer is invited, and why.

        What waits is decided anew, so that it is true now.

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
            return self._explain_unknown()
        if self.state in ("suppressed", "cancelled"):
            return self._explain_reason(self.reason)
        reason = self.sudo()._may_invite()
        if reason in END_BY_REASON:
            return self._explain_reason(reason)
        return self._explain_waiting(reason)

    def _explain_reason(self, reason):
        """Return that the buyer is not invited, and why."""
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
        """Return what an invitation waits for, by what the queue will do."""
        if wait := self._explain_wait():
            return self.env._("The invitation waits. %(wait)s", wait=wait)
        if reason == "not_yet":
            _occasion, due_at = self.sudo()._get_schedule()
            return self.env._(
                "The buyer will be invited on %(date)s.", date=self._format(due_at)
            )
        if reason in ("not_placed", "not_shipped", "not_delivered"):
            return self._explain_occasion(reason)
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

    def _explain_occasion(self, reason):
        """Return what has to happen before the days of the channel are counted."""
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
        """Return why nothing can be sent for this channel now, '' when it can."""
        channel = self.channel_id
        if channel.hold_reason:
            return self.env._("Its channel is held: see there.")
        return channel.account_id._explain_wait()

    def _explain_unknown(self):
        """Return what is known of an invitation whose answer was lost."""
        if self.ended_at:
            return self.env._(
                "It is not known whether the buyer was invited: there was no answer,"
                " and Trusted Shops does not list the invitation. Send it again if you"
                " want; the buyer may then get two mails."
            )
        return self.env._(
            "It is not known yet whether the buyer was invited: there was no answer."
            " Odoo will look for the invitation on %(date)s.",
            date=self._format(self.next_attempt_at),
        )

    def _explain_trouble(self):
        """Return why it was not sent the last time."""
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
        """Tell whether there is consent and occasion, and only days to wait for."""
        return self.state == "waiting" and self.sudo()._may_invite() == "not_yet"

    def _is_stuck(self):
        """Tell whether only a person sends the invitation again."""
        is_over = self.state == "unknown" and self.ended_at
        return self.state == "failed" or bool(is_over)

    def action_invite_earlier(self):
        """Invite without the days that the channel waits.

        :raise AccessError: without the rights
        :raise UserError: when there is anything else to wait for
        """
        invitation_sudo = self._begin_button("_is_early_enough")
        invitation_sudo.write(
            {"is_early": True, "next_attempt_at": fields.Datetime.now()}
        )
        invitation_sudo._trigger_queue()

    def action_send_again(self):
        """Send again what failed, or whose answer was lost.

        :raise AccessError: without the rights
        :raise UserError: when there is nothing to send again
        """
        invitation_sudo = self._begin_button("_is_stuck")
        invitation_sudo._look_again()
        invitation_sudo.write({"is_early": True, "trouble_count": 0, "look_count": 0})
        invitation_sudo._message_log(
            body=self.env._("%(name)s sent it again.", name=self.env.user.name)
        )
        invitation_sudo._trigger_queue()

    def _begin_button(self, is_possible):
        """Check that a button may be pressed, and keep the queue off the row.

        :param str is_possible: method that tells whether it makes sense now
        :return: the record in sudo, locked: nobody has rights to write it
        :raise AccessError: without the rights
        :raise UserError: when it makes no sense now, or the queue is at work on it
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

    # === THE BUYER WANTS NO MORE === #
    @api.model
    def _trustedshops_stop(self, email, company):
        """Override: the queue soon looks at what was not sent, and tells of the rest.

        It asks anyway before it sends; nothing here can keep the buyer from his will.
        """
        result = super()._trustedshops_stop(email, company)
        own = self.search(
            [
                ("email", "=", email),
                ("company_id", "=", company.id),
                ("state", "in", (*UNSENT_STATES, *ARRIVED_STATES)),
            ]
        )
        unsent = own.filtered(lambda each: each.state in UNSENT_STATES)
        (own - unsent).write({"notice_due": True})
        # One that the queue is at work on, it looks at by itself.
        unsent.try_lock_for_update(allow_referencing=True).write(
            {"state": "waiting", "next_attempt_at": fields.Datetime.now()}
        )
        if own:
            own._trigger_queue()
        return result

    def _is_unwanted(self):
        """Tell whether the buyer took back his consent, or must not be invited."""
        order = self.order_id
        if order and not order._trustedshops_get_consent():
            return True
        suppressions = self.env["trustedshops.suppression"]
        return suppressions._is_suppressed(self.email, self.company_id)

    def _may_be_reminded(self):
        """Tell whether Trusted Shops may still write to the buyer."""
        wait = timedelta(days=self.channel_id._get_invite_delay_days())
        return fields.Datetime.now() < self.sent_at + wait + const.REMINDED_WITHIN

    def _notify_withdrawn(self):
        """Have a person ask Trusted Shops to write no more, once for all rows."""
        self[-1:]._notify_responsible(
            "withdrawn",
            self.env._(
                "The buyer wants no more invitations, and was invited already, or may"
                " have been. Ask Trusted Shops to send no invitation and no reminder"
                " for these orders: %(orders)s.",
                orders=", ".join(self.mapped("order_reference")),
            ),
        )

    @api.model
    def _trustedshops_erase(self, email, company):
        """Override: remove the address, and what was sent with it."""
        count = super()._trustedshops_erase(email, company)
        own = self.search([("email", "=", email), ("company_id", "=", company.id)])
        own.write({"email": False, "payload": False, "is_erased": True})
        return count + len(own)

    # === WHAT NEEDS A PERSON === #
    def _tell(self):
        """Ask a person for what failed, is not known, or must be stopped."""
        self.notice_due = False
        self._tell_of_unwanted()
        for channel in self.channel_id:
            channel = channel._in_responsible_lang()
            for state in TROUBLE_STATES:
                channel._tell_of_invitations(state)
        for account in self.channel_id.account_id:
            account._in_responsible_lang()._tell_of_archived()

    def _tell_of_unwanted(self):
        """Ask a person to stop what buyers do not want any more.

        What nobody knows of is not sent to them again.
        """
        unwanted = self.filtered(
            lambda each: each.state in ARRIVED_STATES and each._is_unwanted()
        )
        reminded = unwanted.filtered(lambda each: each._may_be_reminded())
        for rows in reminded.sorted("id").grouped("email").values():
            rows._notify_withdrawn()
        over = unwanted.filtered(lambda each: each._is_stuck())
        over.write({"state": "suppressed", "reason": "withdrawn"})


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _tell_of_invitations(self, state):
        """Have one activity about the invitations that only a person sends again.

        :param str state: one of ``TROUBLE_STATES``
        """
        self.ensure_one()
        stuck = [
            ("channel_id", "=", self.id),
            ("state", "=", state),
            ("ended_at", "!=", False),
        ]
        invitations = self.env["trustedshops.invitation"]
        count = invitations.search_count(stuck)
        if not count:
            self._close_todos_about(state)
            return
        rows = invitations.search(stuck, limit=const.SUMMARY_LINES)
        orders = ", ".join(rows.mapped("order_reference"))
        if state == "failed":
            note = self.env._(
                "Review invitations that failed: %(count)s. Orders: %(orders)s. Correct"
                " what Trusted Shops says there, and send them again.",
                count=count,
                orders=orders,
            )
        else:
            note = self.env._(
                "Review invitations without an answer, which Trusted Shops does not"
                " list: %(count)s. Orders: %(orders)s. Send again which you want; those"
                " buyers may get two mails.",
                count=count,
                orders=orders,
            )
        self._notify_responsible(state, note)


class TrustedShopsAccount(models.Model):
    _inherit = "trustedshops.account"

    def _tell_of_archived(self):
        """Have one activity about the invitations that wait for an archived channel."""
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
