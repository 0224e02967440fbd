# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: the run of the cron, events, and the search for those without an answer.

How it works through its rows is in ``models/queue.py`` of the base addon. A call whose
answer was lost is never repeated by itself: two mails to a buyer are worse than none,
and nothing proves that an event which is not listed did not arrive.
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

from ... import const
from ...lib.errors import AccessRefusedError


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    _queue_cron = "website_sale_trustedshops_reviews.ir_cron_invite"
    _underway_states = ("due", "sending", "unknown")
    _waiting_states = ("waiting", "due", "unknown")

    # Looks for what may have arrived.
    look_count = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )

    # === THE RUN === #
    @api.model
    def _run_first(self):
        """Override to find who agreed, and to forget what is not needed any more."""
        steps = (
            (self._get_revived_domain, lambda rows: rows._look_again()),
            (self._get_kept_domain, lambda rows: rows.write({"payload": False})),
            (self._get_forgotten_domain, lambda rows: rows.write({"email": False})),
        )
        return (
            super()._run_first()
            and self._create_missing(self._get_consent_age())
            and all(Job(self, *step).run() for step in steps)
        )

    @api.model
    def _run_between(self):
        """Override to tell of the outcomes that nobody was told of."""
        return Job(self, self._get_notices_domain, lambda rows: rows._tell()).run()

    @api.model
    def _get_notices_domain(self):
        """Return the outcomes that nobody was told of."""
        return Domain("notice_due", "=", True)

    @api.model
    def _get_jobs(self, run):
        send, look_for = lambda row: row._send(run), lambda row: row._look_for(run)
        return [
            Job(self, self._get_undecided_domain, lambda rows: rows._decide()),
            Job(self, self._get_events_domain, send, is_call=True),
            Job(self, self._get_looks_domain, look_for, is_call=True),
        ]

    # === WHAT IS DUE === #
    @api.model
    def _get_undecided_domain(self):
        """Return whose facts have to be looked at."""
        # Also of what is due but could not be sent for a day: its channel is held.
        waiting = Domain("state", "=", "waiting") & self._get_due_domain()
        since = fields.Datetime.now() - const.LOOK_AGAIN_AFTER
        held = Domain("state", "=", "due") & Domain("next_attempt_at", "<=", since)
        return waiting | held

    @api.model
    def _get_events_domain(self):
        """Return what can be sent now."""
        is_held = Domain("channel_id.hold_reason", "!=", False)
        return Domain("state", "=", "due") & ~is_held & self._get_askable_domain()

    @api.model
    def _get_looks_domain(self):
        """Return what has to be looked for at Trusted Shops now."""
        return Domain("state", "=", "unknown") & self._get_askable_domain()

    # === SENDING === #
    def _send(self, run):
        """Send the event of one order; everything it needs is read before the call."""
        if reason := self._may_invite():
            self._follow_reason(reason)
            return
        # As the order and the channel are now, whatever was refused before.
        payload = self._prepare_payload()
        is_outage = run.troubled.get(self._get_environment())
        answer = self._ask(
            run,
            lambda client: client.send_event(payload),
            lambda row, *answer: row._store_event(*answer, is_outage),
            state="sending",
            payload=json.dumps(payload, ensure_ascii=False, indent=2),
            attempt_count=self.attempt_count + 1,
            sent_at=fields.Datetime.now(),
        )
        if isinstance(answer, RefusedError):
            self._hold_after_same_answers()
        elif isinstance(answer, AccessRefusedError):
            self.channel_id._follow_trouble(answer)

    def _store_event(self, answer, is_late, is_outage=False):
        """Store the answer to an event; that it was taken is kept whatever happened."""
        if not isinstance(answer, TrustedShopsError):
            self.write(self._prepare_accepted_values(answer.ref or self.event_ref))
        elif self.state == "sending" and not is_late:
            self.write(self._prepare_error_values(answer, is_outage))

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
            # Somebody may have been asked to see to it, and the buyer may have taken
            # back his consent meanwhile.
            "notice_due": True,
        }

    def _prepare_error_values(self, error, is_outage):
        """Return the values after an event that was not taken, or may have been."""
        now, wait = fields.Datetime.now(), {}
        values = {"last_error": str(error), "answered_at": now, "state": "due"}
        if isinstance(error, MisconfiguredError):  # its activity is the account's
            return {**values, "next_attempt_at": now}
        if isinstance(error, RetryableError):
            if error.maybe_sent:
                return {**values, **self._prepare_lost_values()}
            wait = self._prepare_wait_values(error, not is_outage)
        return {**values, **(wait or {"state": "failed", **self._prepare_end_values()})}

    def _prepare_end_values(self):
        """Return the values of a row that only a person sends again."""
        now = fields.Datetime.now()
        return {"ended_at": now, "next_attempt_at": False, "notice_due": True}

    def _prepare_lost_values(self):
        """Override: the row has to be looked for."""
        return {
            "state": "unknown",
            "may_have_arrived": True,
            "look_count": 0,
            "next_attempt_at": self.sent_at + self._get_look_times()[0],
        }

    # === LOOKING FOR LOST ONES === #
    def _get_look_times(self):
        """Return after what times since it was sent an invitation is looked for."""
        days = self.channel_id._get_invite_delay_days()
        last = timedelta(days=days) + const.LAST_LOOK_AFTER_DELAY
        return (*const.LOOK_FOR_AFTER, max(last, *const.LOOK_FOR_AFTER))

    def _look_for(self, run):
        """Ask whether an invitation is among those of the channel."""
        # Asking twice does no harm, so the row is not held during the call.
        channel_ref, reference = self.channel_id.channel_ref, self.order_reference
        self._ask(
            run,
            lambda client: client.find_invites(channel_ref, reference),
            lambda row, *answer: row._store_look(*answer),
            next_attempt_at=fields.Datetime.now() + const.LOOK_FOR_AGAIN_AFTER,
        )

    def _store_look(self, answer, is_late):
        """Store whether an invitation was found."""
        if self.state != "unknown" or is_late:
            return
        if isinstance(answer, TrustedShopsError):
            # Refused, it will be refused again: as if nothing had been found.
            is_final = isinstance(answer, (RefusedError, AccessRefusedError))
            values = self._prepare_not_found_values(self.look_count + is_final)
            if not is_final and not values.get("ended_at"):
                values = {}  # asked again after a while
            self.write({**values, "last_error": str(answer)})
        elif found := self._filter_own(answer):
            refs = [each.event_ref for each in found if each.event_ref]
            self.write(self._prepare_accepted_values((refs or [self.event_ref])[0]))
        else:
            self.write(self._prepare_not_found_values(self.look_count + 1))

    def _filter_own(self, invites):
        """Return the invitations that the lost event can have led to."""
        # Another order may have had this number, or a test of the merchant.
        since = self.sent_at - const.CLOCKS_DIFFER_BY
        return [
            each for each in invites if not each.created_at or each.created_at >= since
        ]

    def _prepare_not_found_values(self, count):
        """Return the values after a look that found nothing, by how many there were."""
        values, times = {"look_count": count}, self._get_look_times()
        now = fields.Datetime.now()
        if count < len(times) and now < self.sent_at + times[-1]:
            return {**values, "next_attempt_at": self.sent_at + times[count]}
        return {**values, **self._prepare_end_values()}
