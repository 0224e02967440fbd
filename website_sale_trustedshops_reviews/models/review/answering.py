# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tells Trusted Shops what staff replied and reported.

What is wanted is committed before the call. When the answer is lost it is read back
whether it was done. If it was not, nothing is repeated by itself: a report twice is
two, and a buyer may be told twice.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
from ...lib.reviews import Veto, is_same_text
from .desk import (
    BUSY_STATES,
    CHECKING,
    FAILED,
    NOT_THERE,
    QUEUED,
    REPLY,
    RETRACT,
    SENDING,
    VETO,
)
from .review import NO_TASK, REASON_BY_WORD

_logger = logging.getLogger(__name__)

WORD_BY_REASON = {reason: word for word, reason in REASON_BY_WORD.items()}


@dataclass(frozen=True)
class _Task:
    """What Trusted Shops is to be told, without any record: no SQL around a call."""

    kind: str
    review_ref: str
    text: str = field(repr=False)
    is_buyer_told: bool
    reason: str
    email: str = field(repr=False)
    channel_name: str
    since: datetime | None


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    # === THE RUN === #
    @api.model
    def _cron_answer(self):
        """Tell Trusted Shops what staff replied and reported."""
        self._run_queue()

    @api.model
    def _run_steps(self, clients):
        jobs = (
            (self._get_queued_domain, lambda row: row._send_task(clients)),
            (self._get_checking_domain, lambda row: row._look_for_task(clients)),
        )
        return self._run_batches(
            self._get_lost_domain(), lambda rows: rows._note_lost_call()
        ) and self._run_in_turn(jobs, lambda: True)

    @api.model
    def _get_task_domain(self, state):
        """Return what is due in a state."""
        due = Domain("next_attempt_at", "<=", fields.Datetime.now())
        return Domain("desk_state", "=", state) & due

    @api.model
    def _get_lost_domain(self):
        """Return what a dead process left in the middle of a call."""
        return self._get_task_domain(SENDING)

    @api.model
    def _get_queued_domain(self):
        """Return what can be sent now."""
        return self._get_task_domain(QUEUED) & self._get_ready_domain()

    @api.model
    def _get_checking_domain(self):
        """Return what has to be read back now."""
        return self._get_task_domain(CHECKING) & self._get_ready_domain()

    @api.model
    def _get_underway_domain(self):
        return Domain("desk_state", "in", BUSY_STATES)

    def _postpone_after_bug(self):
        """Keep a row whose processing crashed from being the first of every run."""
        if self.desk_state in (QUEUED, CHECKING):
            self.next_attempt_at = fields.Datetime.now() + const.BACK_OFF[-1]

    # === CALLS === #
    def _prepare_task(self):
        """Return what Trusted Shops is to be told, as plain values."""
        since = self.desk_ordered_at
        return _Task(
            kind=self.desk_task,
            review_ref=self.review_ref,
            text=self.desk_text or "",
            is_buyer_told=self.is_buyer_told,
            reason=WORD_BY_REASON.get(self.desk_reason, ""),
            email=self.desk_email or "",
            channel_name=self.channel_id.name or "",
            since=since and since - const.CLOCKS_DIFFER_BY,
        )

    def _send_task(self, clients):
        """Tell Trusted Shops; everything it needs is read before the call.

        :param dict clients: open clients by their account, shared by the run
        """
        if not (client := self._get_client(clients)):
            return
        task, is_unclear = self._prepare_task(), self.may_have_arrived
        attempt, now = self.desk_attempt + 1, fields.Datetime.now()
        self.write(
            {
                "desk_state": SENDING,
                "desk_attempt": attempt,
                "next_attempt_at": now + const.SENDING_LOST_AFTER,
            }
        )
        self.env["ir.cron"]._commit_progress()
        try:
            answer = is_unclear and _find_done(client, task)
            is_unclear = False  # what is refused from here on was not done before
            answer = answer or _do(client, task)
        except TrustedShopsError as error:
            answer = error
        is_refused = isinstance(answer, RefusedError) and not is_unclear
        self._store_answer(
            answer, lambda row: row._store_task(attempt, answer, is_refused)
        )
        self._follow_task_trouble(answer)

    def _look_for_task(self, clients):
        """Read back whether something arrived whose answer was lost.

        Asking twice does no harm, so the row is not held during the call.

        :param dict clients: open clients by their account, shared by the run
        """
        if not (client := self._get_client(clients)):
            return
        task, attempt = self._prepare_task(), self.desk_attempt
        self.next_attempt_at = fields.Datetime.now() + const.LOOK_FOR_AGAIN_AFTER
        self.env["ir.cron"]._commit_progress()
        try:
            answer = _find_done(client, task)
        except TrustedShopsError as error:
            answer = error
        self._store_answer(answer, lambda row: row._store_look(attempt, answer))
        self._follow_task_trouble(answer)

    def _follow_task_trouble(self, answer):
        """Have others wait when the answer is not about this review."""
        is_trouble = isinstance(answer, TrustedShopsError)
        # That reviews may not be answered says nothing about invitations.
        if is_trouble and not isinstance(answer, AccessRefusedError):
            self.channel_id._follow_trouble(answer)
            self.env["ir.cron"]._commit_progress()

    # === ANSWERS === #
    def _store_task(self, attempt, answer, is_refused):
        """Store the answer to a call.

        A process may have been suspended so long that another one took over; what was
        done is noted anyway, unless something else was begun meanwhile.

        :param int attempt: which call of the row was answered
        :param answer: what was done, or why that is not known
        :type answer: Veto or bool or TrustedShopsError
        :param bool is_refused: whether it is certain that nothing was done
        """
        is_done = not isinstance(answer, TrustedShopsError)
        is_own = self.desk_attempt == attempt and self.desk_state
        if is_own and is_done:
            self._note_done(answer)
        elif is_own and self.desk_state == SENDING:
            self.may_have_arrived = self.may_have_arrived and not is_refused
            self._note_trouble(answer)
        else:
            _logger.info("%s %s: a late answer is dropped", self._queue_word, self.id)

    def _store_look(self, attempt, answer):
        """Store whether something arrived.

        :param int attempt: of the call whose answer was lost
        :param answer: what was done, None when it was not, or why that is not known
        :type answer: Veto or bool or None or TrustedShopsError
        """
        if self.desk_state != CHECKING or self.desk_attempt != attempt:
            return
        if isinstance(answer, TrustedShopsError):
            self._note_trouble(answer)
        elif answer:
            self._note_done(answer)
        else:
            self._fail(NOT_THERE)

    def _note_done(self, answer):
        """Note that Trusted Shops has it.

        :param answer: a report that was made, True for anything else
        :type answer: Veto or bool
        """
        values = {
            "desk_done_at": fields.Datetime.now(),
            "desk_error": False,
            "may_have_arrived": False,
        }
        is_retracted = self.desk_task == RETRACT
        # It answers what stood there when staff wrote it, however long it waited.
        if self.desk_task == REPLY:
            values.update(reply=self.desk_text, reply_at=self.desk_ordered_at)
        elif is_retracted:
            values.update(reply=False, reply_at=False)
        else:
            values.update(
                veto_reason=self.desk_reason,
                veto_text=self.desk_text,
                veto_at=self.desk_ordered_at,
                veto_ref=answer.ref if isinstance(answer, Veto) else False,
            )
        body = self.env._(
            "%(task)s by %(user)s: received by Trusted Shops.",
            task=self._get_task_word(),
            user=self.desk_user_id.name,
        )
        self.write({**values, **NO_TASK, "desk_text": False, "desk_email": False})
        self._message_log(body=body)
        self._close_todos_about("desk")
        if not is_retracted:
            self._follow_low()

    def _note_trouble(self, error):
        """Note why it is not known to be done.

        :param TrustedShopsError error: from the client
        """
        now, text = fields.Datetime.now(), str(error)
        is_lost = self.desk_state == CHECKING or self.may_have_arrived
        if isinstance(error, MisconfiguredError) and not isinstance(
            error, AccessRefusedError
        ):  # its activity is the account's
            state = CHECKING if self.desk_state == CHECKING else QUEUED
            self.write(
                {"desk_state": state, "desk_error": text, "next_attempt_at": now}
            )
            return
        if not isinstance(error, RetryableError):
            self._fail(text)
            return
        is_lost = is_lost or error.maybe_sent
        count = self.desk_trouble_count
        if count >= len(const.BACK_OFF):
            self.may_have_arrived = is_lost
            self._fail(text)
            return
        wait = const.BACK_OFF[count]
        if is_lost and not count:
            wait = const.DESK_LOOK_AFTER
        if error.retry_after:
            wait = timedelta(seconds=error.retry_after)
        self.write(
            {
                "desk_state": CHECKING if is_lost else QUEUED,
                "may_have_arrived": is_lost,
                "desk_error": text,
                "desk_trouble_count": count + 1,
                "next_attempt_at": now + wait,
            }
        )

    def _fail(self, reason):
        """Have a person decide.

        :param str reason: English technical sentence
        """
        self.write(
            {
                "desk_state": FAILED,
                "desk_error": reason,
                "next_attempt_at": False,
            }
        )
        review = self._in_responsible_lang()
        review._notify_responsible("desk", review._explain_task())

    def _note_lost_call(self):
        """Read back what a dead process left in the middle of a call."""
        self.write(
            {
                "desk_state": CHECKING,
                "may_have_arrived": True,
                "desk_error": "a process ended in the middle of the call",
                "next_attempt_at": fields.Datetime.now(),
            }
        )


# === WITHOUT ANY RECORD === #


def _do(client, task):
    """Do what is wanted.

    :param ReviewClient client: of the account
    :param _Task task: what to do
    :return: the report that was made, True for anything else
    :rtype: Veto or bool
    """
    if task.kind == REPLY:
        client.send_reply(task.review_ref, task.text, is_buyer_told=task.is_buyer_told)
    elif task.kind == RETRACT:
        client.delete_reply(task.review_ref)
    else:
        return client.send_veto(
            task.review_ref,
            task.reason,
            task.text,
            email=task.email,
            channel_name=task.channel_name,
        )
    return True


def _find_done(client, task):
    """Look whether it is done already.

    :param ReviewClient client: of the account
    :param _Task task: what was wanted
    :return: the report that was found, True for anything else; None when it is not done
    :rtype: Veto or bool or None
    """
    if task.kind == VETO:
        veto = client.get_veto(task.review_ref)
        is_own = (
            veto
            and veto.reason == task.reason
            and is_same_text(veto.text, task.text)
            and not (veto.at and task.since and veto.at < task.since)
        )
        return veto if is_own else None
    review = client.get_review(task.review_ref)
    reply = review and review.reply
    if task.kind == RETRACT:
        return True if not reply else None
    return True if reply and is_same_text(reply.text, task.text) else None
