# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: the run of the cron, events, and the search for those without an answer.

How it works through its rows is in ``models/queue.py`` of the base addon. A call whose
answer was lost is never repeated by itself: two mails to a buyer are worse than none,
and nothing proves that an event which is not listed did not arrive.
"""

import json
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    TrustedShopsError,
)

from ... import const
from ...lib.errors import AccessRefusedError

_logger = logging.getLogger(__name__)


class TrustedShopsInvitation(models.Model):
    _inherit = "trustedshops.invitation"

    _queue_word = "Review invitation"
    _queue_cron = "website_sale_trustedshops_reviews.ir_cron_invite"

    # Attempts in a row that certainly did not arrive, and looks for what may have.
    trouble_count = fields.Integer(readonly=True, export_string_translation=False)
    look_count = fields.Integer(readonly=True, export_string_translation=False)

    # === THE RUN === #
    @api.model
    def _cron_invite(self):
        """Look at the orders of buyers who agreed, and invite whom it is time to."""
        self._run_queue()

    @api.model
    def _get_consent_age(self):
        """Return how old consents may be that have no row yet.

        The first run of a day looks at all: none began for long, or there was no
        channel. The framework tells when the run before was.

        :rtype: datetime.timedelta
        """
        before = self.env.context.get("lastcall")
        is_first = not before or before.date() != fields.Date.today()
        return const.INVITE_WITHIN if is_first else const.NEW_CONSENTS

    def _run_steps(self, clients):
        """Override to do first what waits for nobody's answer.

        :param dict clients: by their account
        """
        return (
            self._create_missing(self._get_consent_age())
            and self._run_batches(
                self._get_lost_domain(), lambda rows: rows._note_lost_call()
            )
            and self._run_batches(
                self._get_revived_domain(), lambda rows: rows._look_again()
            )
            and self._run_batches(
                self._get_kept_domain(), lambda rows: rows.write({"payload": False})
            )
            and self._run_batches(
                self._get_forgotten_domain(), lambda rows: rows.write({"email": False})
            )
            and self._run_calls(clients)
        )

    def _run_calls(self, clients):
        """Decide and ask Trusted Shops in turn: neither keeps the other waiting.

        :param dict clients: open clients by their account, shared by the run
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        jobs = (
            (self._get_events_domain, lambda row: row._send(clients)),
            (self._get_looks_domain, lambda row: row._look_for(clients)),
        )
        seen = []

        def decide_some():
            domain = self._get_undecided_domain()
            rows = self._find_batch(domain, seen)
            turn = (rows, domain, lambda due: due._decide())
            return (not rows or self._run_turns([turn])) and self._run_notices()

        while self._run_in_turn(jobs, decide_some):
            # Nothing is to be asked at present; more may be once it is decided.
            if not self._find_batch(self._get_undecided_domain(), [*seen]):
                return True
        return False

    def _run_notices(self):
        """Tell of the outcomes that nobody was told of.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        return self._run_batches(
            Domain("notice_due", "=", True), lambda rows: rows._tell()
        )

    def _in_shop(self):
        """Override: no field is tracked, and looking for one takes a twentieth."""
        return super()._in_shop().with_context(tracking_disable=True)

    def _postpone_after_bug(self):
        """Keep a row whose processing crashed from being the first of every run."""
        if self.state not in ("waiting", "due", "unknown"):
            return
        self.write(
            {
                "next_attempt_at": fields.Datetime.now() + const.BACK_OFF[-1],
                "last_error": self.env._(
                    "An error in this addon stopped the invitation; see the server log."
                    " It is tried again in a day."
                ),
            }
        )

    # === WHAT IS DUE === #
    @api.model
    def _get_lost_domain(self):
        """Return the rows that a dead process left in the middle of a call."""
        now = fields.Datetime.now()
        return Domain("state", "=", "sending") & Domain("next_attempt_at", "<=", now)

    @api.model
    def _get_revived_domain(self):
        """Return what ended with an order that is a purchase again."""
        oldest = fields.Datetime.now() - const.INVITE_WITHIN
        return (
            Domain("state", "=", "cancelled")
            & Domain("reason", "=", "order_cancelled")
            & Domain("ended_at", ">", oldest)
            & Domain("may_have_arrived", "=", False)
            & Domain("order_id.state", "=", "sale")
        )

    @api.model
    def _get_undecided_domain(self):
        """Return whose facts have to be looked at.

        Also of what is due but could not be sent for a day: its channel is held.
        """
        now = fields.Datetime.now()
        waiting = Domain("state", "=", "waiting") & Domain("next_attempt_at", "<=", now)
        since = now - const.LOOK_AGAIN_AFTER
        held = Domain("state", "=", "due") & Domain("next_attempt_at", "<=", since)
        return waiting | held

    @api.model
    def _get_kept_domain(self):
        """Return the rows whose data were kept long enough."""
        oldest = fields.Datetime.now() - const.PAYLOAD_KEPT_FOR
        return Domain("payload", "!=", False) & Domain("ended_at", "<=", oldest)

    @api.model
    def _get_forgotten_domain(self):
        """Return the rows whose address is not needed any more.

        As long as the company keeps consents, and as the rules look back.
        """
        now = fields.Datetime.now()
        [[quiet_days]] = (
            self.env["trustedshops.channel"]
            .with_context(active_test=False)
            ._read_group([], [], ["quiet_days:max"])
        )
        needed = now - max(const.INVITE_WITHIN, timedelta(days=quiet_days or 0))
        companies = self.env["res.company"]
        old = companies._trustedshops_get_outdated_domain("ended_at")
        old &= Domain("ended_at", "<", needed)
        return old & Domain("email", "!=", False)

    @api.model
    def _get_events_domain(self):
        """Return what can be sent now."""
        return (
            Domain("state", "=", "due")
            & Domain("next_attempt_at", "<=", fields.Datetime.now())
            & Domain("channel_id.hold_reason", "=", False)
            & self._get_ready_domain()
        )

    @api.model
    def _get_looks_domain(self):
        """Return what has to be looked for at Trusted Shops now."""
        return (
            Domain("state", "=", "unknown")
            & Domain("next_attempt_at", "<=", fields.Datetime.now())
            & self._get_ready_domain()
        )

    @api.model
    def _get_underway_domain(self):
        return Domain("state", "in", ("due", "sending", "unknown"))

    # === SENDING === #
    def _send(self, clients):
        """Send the event of one order; everything it needs is read before the call.

        :param dict clients: open clients by their account, shared by the run
        """
        if reason := self._may_invite():
            self._follow_reason(reason)
            return
        if not (client := self._get_client(clients)):
            return
        # As the order and the channel are now, whatever was refused before.
        payload = self._prepare_payload()
        attempt, now = self.attempt_count + 1, fields.Datetime.now()
        self.write(
            {
                "state": "sending",
                "payload": json.dumps(payload, ensure_ascii=False, indent=2),
                "attempt_count": attempt,
                "sent_at": now,
                "next_attempt_at": now + const.SENDING_LOST_AFTER,
            }
        )
        self.env["ir.cron"]._commit_progress()
        try:
            answer = client.send_event(payload)
        except TrustedShopsError as error:
            answer = error
        self._store_answer(answer, lambda row: row._store_event(attempt, answer))
        self._follow_trouble(answer)

    def _store_event(self, attempt, answer):
        """Store the answer to an event; that it was taken is kept whatever happened.

        A process may have been suspended so long that another one took over.

        :param int attempt: which call of the row was answered
        :param answer: receipt, or why there is none
        :type answer: Receipt or TrustedShopsError
        """
        if isinstance(answer, TrustedShopsError):
            if self.state == "sending" and self.attempt_count == attempt:
                self.write(self._prepare_error_values(answer))
            else:
                text = "%s %s: a late answer is dropped: %s"
                _logger.info(text, self._queue_word, self.id, answer)
        else:
            self.write(self._prepare_accepted_values(answer.ref or self.event_ref))

    def _prepare_accepted_values(self, event_ref):
        """Return the values after an event that arrived.

        :param str event_ref: ``evt-…``, empty when Trusted Shops named none
        :rtype: dict
        """
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

    def _prepare_error_values(self, error):
        """Return the values after an event that was not taken, or may have been.

        :param TrustedShopsError error: from the client
        :rtype: dict
        """
        now = fields.Datetime.now()
        values = {"last_error": str(error), "answered_at": now}
        if isinstance(error, MisconfiguredError):  # its activity is the account's
            return {**values, "state": "due", "next_attempt_at": now}
        if not isinstance(error, RetryableError):
            return {**values, **self._prepare_failed_values()}
        if error.maybe_sent:
            return {**values, **self._prepare_unknown_values()}
        if error.retry_after:
            wait = timedelta(seconds=error.retry_after)
            return {**values, "state": "due", "next_attempt_at": now + wait}
        count = self.trouble_count
        if count >= len(const.BACK_OFF):
            return {**values, **self._prepare_failed_values()}
        return {
            **values,
            "state": "due",
            "trouble_count": count + 1,
            "next_attempt_at": now + const.BACK_OFF[count],
        }

    def _prepare_failed_values(self):
        """Return the values of a row that only a person sends again."""
        return {
            "state": "failed",
            "ended_at": fields.Datetime.now(),
            "next_attempt_at": False,
            "notice_due": True,
        }

    def _prepare_unknown_values(self):
        """Return the values of a row that has to be looked for."""
        return {
            "state": "unknown",
            "may_have_arrived": True,
            "look_count": 0,
            "next_attempt_at": self.sent_at + self._get_look_times()[0],
        }

    def _note_lost_call(self):
        """Look for what a dead process left behind in the middle of a call."""
        for invitation in self:
            invitation.write(
                {
                    **invitation._prepare_unknown_values(),
                    "last_error": self.env._(
                        "A process ended in the middle of a call, so whether the"
                        " invitation arrived is not known."
                    ),
                }
            )

    # === WHAT FOLLOWS FOR CHANNEL AND ACCOUNT === #
    def _follow_trouble(self, answer):
        """Have the other invitations wait when the answer is not about this one.

        :param answer: what came back, stored already
        :type answer: Receipt or TrustedShopsError
        """
        if not isinstance(answer, TrustedShopsError):
            return
        channel = self.channel_id
        if isinstance(answer, RefusedError):
            self._hold_after_same_answers()
        else:
            channel._follow_trouble(answer)
        self.env["ir.cron"]._commit_progress()

    def _hold_after_same_answers(self):
        """Hold the channel when the last invitations were refused in the same words.

        Then it is not about the single orders: they are due again once it is released.
        """
        last = self.search(
            [("channel_id", "=", self.channel_id.id), ("answered_at", "!=", False)],
            order="answered_at desc, id desc",
            limit=const.REFUSED_IN_A_ROW,
        )
        told = {(each.state, each.last_error) for each in last}
        if len(last) < const.REFUSED_IN_A_ROW or told != {("failed", self.last_error)}:
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

    # === LOOKING FOR LOST ONES === #
    def _get_look_times(self):
        """Return after what times an invitation is looked for.

        :return: since it was sent
        :rtype: tuple of datetime.timedelta
        """
        days = self.channel_id._get_invite_delay_days()
        last = timedelta(days=days) + const.LAST_LOOK_AFTER_DELAY
        return (*const.LOOK_FOR_AFTER, max(last, *const.LOOK_FOR_AFTER))

    def _look_for(self, clients):
        """Ask whether an invitation is among those of the channel.

        Asking twice does no harm, so the row is not held during the call.

        :param dict clients: open clients by their account, shared by the run
        """
        if not (client := self._get_client(clients)):
            return
        channel_ref, reference = self.channel_id.channel_ref, self.order_reference
        look = self.look_count
        self.next_attempt_at = fields.Datetime.now() + const.LOOK_FOR_AGAIN_AFTER
        self.env["ir.cron"]._commit_progress()
        try:
            answer = client.find_invites(channel_ref, reference)
        except TrustedShopsError as error:
            answer = error
        self._store_answer(answer, lambda row: row._store_look(look, answer))
        # That this may not be asked says nothing about sending.
        is_trouble = isinstance(answer, TrustedShopsError)
        if is_trouble and not isinstance(answer, AccessRefusedError):
            self.channel_id._follow_trouble(answer)
            self.env["ir.cron"]._commit_progress()

    def _store_look(self, look, answer):
        """Store whether an invitation was found.

        :param int look: how many looks there were before
        :param answer: invitations for the order, or why that is not known
        :type answer: tuple of Invite or TrustedShopsError
        """
        if self.state != "unknown" or self.look_count != look:
            _logger.info("%s %s: a late answer is dropped", self._queue_word, self.id)
        elif isinstance(answer, TrustedShopsError):
            # Refused, it will be refused again: as if nothing had been found.
            is_final = isinstance(answer, (RefusedError, AccessRefusedError))
            values = self._prepare_not_found_values(look + is_final)
            if not is_final and not values.get("ended_at"):
                values = {}  # asked again after a while
            self.write({**values, "last_error": str(answer)})
        elif found := self._filter_own(answer):
            refs = [each.event_ref for each in found if each.event_ref]
            self.write(self._prepare_accepted_values((refs or [self.event_ref])[0]))
        else:
            self.write(self._prepare_not_found_values(look + 1))

    def _filter_own(self, invites):
        """Return the invitations that the lost event can have led to.

        Another order may have had this number, or a test of the merchant.

        :param invites: invitations for the order's number
        :type invites: tuple of Invite
        :rtype: list of Invite
        """
        since = self.sent_at - const.CLOCKS_DIFFER_BY
        return [
            each for each in invites if not each.created_at or each.created_at >= since
        ]

    def _prepare_not_found_values(self, count):
        """Return the values after a look that found nothing.

        :param int count: looks so far
        :rtype: dict
        """
        values, times = {"look_count": count}, self._get_look_times()
        now = fields.Datetime.now()
        if count < len(times) and now < self.sent_at + times[-1]:
            return {**values, "next_attempt_at": self.sent_at + times[count]}
        return {
            **values,
            "ended_at": now,
            "next_attempt_at": False,
            "notice_due": True,
        }
