# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue of invitations: its run, and sending events.

The base addon says how a run works through rows. The queue never repeats a call whose
answer was lost: two mails to a buyer are worse than none, and nothing proves that an
event was not received. Only a person sends it again.
"""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.batches import Job

from ...lib.errors import AccessRefusedError, LoginRefusedError
from ..service import EVENTS, REST
from .may_invite import LOOK_AGAIN_AFTER


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    _queue_cron = "website_sale_trustedshops_reviews.ir_cron_invite"
    _queue_service = REST
    _queue_rest = EVENTS
    _back_off = (
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
        timedelta(hours=24),
    )
    _underway_states = ("due", "sending")
    _waiting_states = ("waiting", "due")

    # === THE RUN === #
    @api.model
    def _run_first(self):
        """Override to create missing rows, and to delete data that is too old."""
        steps = (
            (self._get_revived_domain, lambda rows: rows._look_again()),
            (self._get_old_payload_domain, lambda rows: rows.write({"payload": False})),
            (self._get_old_address_domain, lambda rows: rows.write({"email": False})),
        )
        return (
            super()._run_first()
            and self._create_missing(self._get_consent_age())
            and all(Job(self, *step).do_all() for step in steps)
        )

    @api.model
    def _run_between(self):
        """Override to notify users of new outcomes."""

        def get_domain():
            return Domain("notice_due", "=", True)

        return Job(self, get_domain, lambda rows: rows._notify_outcomes()).do_all()

    @api.model
    def _get_jobs(self, run):
        """Override to decide, and to send events."""
        return [
            Job(self, self._get_undecided_domain, lambda rows: rows._decide()),
            Job(
                self,
                self._get_sendable_domain,
                lambda row: row._send(run),
                run=run,
                is_fair=True,
            ),
        ]

    @api.model
    def _get_undecided_domain(self):
        """Return the rows to decide about."""
        waiting = Domain("state", "=", "waiting") & self._get_due_domain()
        # Due, but not sent for a day, because the channel is held.
        since = fields.Datetime.now() - LOOK_AGAIN_AFTER
        held = Domain("state", "=", "due") & Domain("next_attempt_at", "<=", since)
        return waiting | held

    @api.model
    def _get_sendable_domain(self):
        """Return the rows to send now."""
        sendable = self.env["trustedshops.account"]._get_sendable_domain()
        domain = Domain("state", "=", "due") & self._get_due_domain()
        domain &= Domain("channel_id.account_id", "any", sendable)
        return domain & Domain("channel_id.hold_reason", "=", False)

    @api.model
    def _get_place_domain(self, places):
        """Override: accounts fail alone."""
        return Domain("channel_id.account_id", "in", list(places))

    def _get_login(self):
        """Override to return the account of the channel."""
        return self.channel_id.account_id

    def _get_environment(self):
        """Override to return the environment of the channel's account."""
        return self.channel_id.account_id.environment

    def _get_client(self, run):
        """Override to return the client of the channel's account."""
        account = self.channel_id.account_id
        if account.id not in run.clients:
            try:
                run.clients[account.id] = account._get_client()
            except TrustedShopsError as error:
                self.channel_id._follow_trouble(error)
                return None
        return run.clients[account.id]

    def _in_shop(self):
        """Override to skip field tracking, which takes a twentieth of the time."""
        return super()._in_shop().with_context(tracking_disable=True)

    @api.model
    def _wake(self, domain):
        """Make the queue decide soon about some of the rows that wait.

        :param Domain domain: which ones
        """
        waiting = self.search(Domain("state", "=", "waiting") & domain)
        if waiting:
            # Skip a row that the queue has locked: the queue is deciding about it.
            locked = waiting.try_lock_for_update(allow_referencing=True)
            locked.next_attempt_at = fields.Datetime.now()
            self._trigger_queue()

    # === SENDING === #
    def _send(self, run):
        """Send the event of one order.

        Read everything before the call, and use the order and the channel as they are
        now, even after an earlier attempt.
        """
        if reason := self._may_invite():
            self._follow_reason(reason)
            return
        payload = self._prepare_payload()
        answer = self._ask(
            run,
            lambda client: client.send_event(payload),
            lambda row, *answer: row._store_event(*answer),
            rest=EVENTS,
            state="sending",
            payload=json.dumps(payload, ensure_ascii=False, indent=2),
            attempt_count=self.attempt_count + 1,
            sent_at=fields.Datetime.now(),
        )
        if isinstance(answer, RefusedError):
            self._hold_after_same_answers()
        elif isinstance(answer, TrustedShopsError):
            self.channel_id._follow_trouble(answer)

    def _store_event(self, answer, is_late):
        """Store the answer to an event; success counts even if the answer is late."""
        if not isinstance(answer, TrustedShopsError):
            self.write(self._prepare_accepted_values(answer or self.event_ref))
        elif self.state == "sending" and not is_late:
            self.write(self._prepare_error_values(answer))

    def _prepare_accepted_values(self, event_ref):
        """Return the values after an event that arrived."""
        now = fields.Datetime.now()
        return {
            "state": "accepted",
            "reason": False,
            "event_ref": event_ref,
            "answered_at": now,
            "ended_at": now,
            "next_attempt_at": False,
            "last_error": False,
            "may_have_arrived": True,
            # To close an activity about the row, and to check whether the buyer took
            # the consent back in the meantime.
            "notice_due": True,
        }

    def _prepare_error_values(self, error):
        """Return the values after an event that failed, or may have arrived."""
        now, wait = fields.Datetime.now(), {}
        values = {"last_error": str(error), "answered_at": now, "state": "due"}
        if isinstance(error, MisconfiguredError):  # the account or channel notifies
            return {**values, "next_attempt_at": now}
        if isinstance(error, RetryableError):
            if error.maybe_sent:
                return {**values, **self._prepare_lost_values()}
            wait = self._prepare_wait_values(error)
        return {**values, **(wait or {"state": "failed", **self._prepare_end_values()})}

    def _is_given_up_after(self, error):
        """Override: what a gateway refuses, Trusted Shops never saw."""
        return not getattr(error, "is_from_gateway", False)

    def _prepare_end_values(self):
        """Return the values of a row that only a user can send again."""
        now = fields.Datetime.now()
        return {"ended_at": now, "next_attempt_at": False, "notice_due": True}

    def _prepare_lost_values(self):
        """Override to let a user decide whether it is sent again."""
        return {
            "state": "unknown",
            "may_have_arrived": True,
            **self._prepare_end_values(),
        }

    def _hold_after_same_answers(self):
        """Hold the channel after three refusals in a row with the same message.

        Then the channel is at fault, so the queue sends the events again after the
        release.
        """
        last = self.search(
            [("channel_id", "=", self.channel_id.id), ("answered_at", "!=", False)],
            order="answered_at desc, id desc",
            limit=3,
        )
        told = {(each.state, each.last_error) for each in last}
        if len(last) < 3 or told != {("failed", self.last_error)}:
            return
        rows = last.try_lock_for_update(allow_referencing=True)
        rows.write(
            {
                "state": "due",
                "ended_at": False,
                "notice_due": False,
                "next_attempt_at": fields.Datetime.now(),
            }
        )
        self.channel_id._hold("invalid", self.last_error)


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _wake_invitations(self, vals):
        """Make the queue decide soon if a changed field affects its decisions.

        :param dict vals: of ``write``
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
            invitations_sudo._wake(Domain("channel_id", "in", self.ids))

    def _follow_trouble(self, error):
        """Stop the queue of the account or channel if the error is about one of them.

        :param TrustedShopsError error: from the client
        """
        self.ensure_one()
        account = self.account_id
        if isinstance(error, LoginRefusedError):
            account._note_refusal("refused", str(error))
        elif isinstance(error, AccessRefusedError):
            self._hold("refused", str(error))
            refused = account.channel_ids.filtered(
                lambda each: each.hold_reason == "refused"
            )
            if len(refused) > 1:  # then it is not about the channel
                account._note_refusal("refused", str(error))
        else:
            account._note_limit(error)
