# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import format_datetime

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.batches import Job
from odoo.addons.website_sale_trustedshops.models.failure import explain_trouble

from ... import const
from ...lib.errors import AccessRefusedError
from ...lib.review_client import ReviewClient, Veto, is_same_text
from .review import REASON_LABELS

REPLY, RETRACT, VETO = "reply", "retract", "veto"
QUEUED, SENDING, CHECKING = "queued", "sending", "checking"
FAILED, DONE = "failed", "done"
# States in which the queue still has work to do.
BUSY_STATES = (QUEUED, SENDING, CHECKING)
STATES = [
    (QUEUED, "To be sent"),
    (SENDING, "Being sent"),
    (CHECKING, "Without an answer"),
    (FAILED, "Failed"),
    (DONE, "Done"),
]
# English technical sentence: Trusted Shops does not have the answer.
NOT_THERE = "it is not there"


@dataclass(frozen=True)
class _Told:
    """Hold the values of a call, without a record: a call makes no SQL query."""

    kind: str
    review_ref: str
    text: str = field(repr=False)
    is_buyer_told: bool
    reason: str
    email: str = field(repr=False)
    channel_name: str
    since: datetime


class TrustedShopsReviewTask(models.Model):
    """Carry out once what a user wants Trusted Shops to do about a review.

    After a lost answer the queue reads back whether it was done. If not, it repeats
    nothing: that could be a second report, or a second mail to the buyer.
    """

    _name = "trustedshops.review.task"
    _description = "Answer to a Review"
    _inherit = ["trustedshops.channel.queue"]
    _order = "id desc"
    _rec_name = "kind"

    _queue_cron = "website_sale_trustedshops_reviews.ir_cron_answer_reviews"
    _queue_client = ReviewClient
    _underway_states = BUSY_STATES
    _waiting_states = (QUEUED, CHECKING)

    review_id = fields.Many2one(
        "trustedshops.review",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    channel_id = fields.Many2one(related="review_id.channel_id")
    kind = fields.Selection(
        [(REPLY, "The reply"), (RETRACT, "Delete the reply"), (VETO, "The report")],
        string="Pending Action",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        STATES, string="Sending", required=True, readonly=True, default=QUEUED
    )
    text = fields.Text(readonly=True, export_string_translation=False)
    reason = fields.Selection(
        REASON_LABELS, readonly=True, export_string_translation=False
    )
    email = fields.Char(readonly=True, export_string_translation=False)
    is_buyer_told = fields.Boolean(readonly=True, export_string_translation=False)
    user_id = fields.Many2one("res.users", readonly=True)
    ordered_at = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        export_string_translation=False,
    )
    done_at = fields.Datetime(readonly=True, export_string_translation=False)

    _open_uniq = models.UniqueIndex(
        "(review_id) WHERE state != 'done'",
        "Something else is being sent for this review. Try again in a minute.",
    )
    _due_idx = models.Index(
        "(next_attempt_at, id) WHERE state IN ('queued', 'sending', 'checking')"
    )

    # === THE RUN === #
    @api.model
    def _get_jobs(self, run):
        """Override to send tasks, and to read back those without an answer."""
        calls = {
            QUEUED: lambda row: row._send(run),
            CHECKING: lambda row: row._look_for(run),
        }
        return [
            Job(self, partial(self._get_askable_domain, state), call, run=run)
            for state, call in calls.items()
        ]

    def _get_responsible(self):
        """Override to return the user who answers the review."""
        return self.review_id[:1]._get_responsible()

    # === CALLS === #
    def _prepare_told(self):
        """Return the values of the call."""
        return _Told(
            kind=self.kind,
            review_ref=self.review_id.review_ref,
            text=self.text or "",
            is_buyer_told=self.is_buyer_told,
            reason=(self.reason or "").upper(),
            email=self.email or "",
            channel_name=self.channel_id.name or "",
            since=self.ordered_at - const.CLOCKS_DIFFER_BY,
        )

    def _send(self, run):
        """Call Trusted Shops, after a check whether an earlier call arrived."""
        told, is_unclear = self._prepare_told(), [self.may_have_arrived]

        def call(client):
            done = is_unclear[0] and _find_done(client, told)
            is_unclear[0] = False  # from here on, a refusal means that it was not done
            return done or _do(client, told)

        self._ask(
            run,
            call,
            lambda row, *answer: row._store_task(*answer, is_unclear[0]),
            state=SENDING,
            attempt_count=self.attempt_count + 1,
        )

    def _look_for(self, run):
        """Read back whether a call without an answer arrived.

        Asking twice does no harm, so the row is not locked during the call.
        """
        told = self._prepare_told()
        self._ask(
            run,
            lambda client: _find_done(client, told),
            lambda row, *answer: row._store_look(*answer),
            next_attempt_at=fields.Datetime.now() + const.LOOK_FOR_AGAIN_AFTER,
        )

    # === ANSWERS === #
    def _store_task(self, answer, is_late, is_unclear):
        """Store the answer to a call; success counts even if the answer is late.

        :param answer: what was done, or an error
        :type answer: Veto or bool or TrustedShopsError
        :param bool is_late: whether another process took the row over
        :param bool is_unclear: whether an earlier call may have arrived
        """
        if not isinstance(answer, TrustedShopsError):
            if self.state != DONE:
                self._note_done(answer)
        elif self.state == SENDING and not is_late:
            if isinstance(answer, RefusedError) and not is_unclear:
                self.may_have_arrived = False
            self._note_trouble(answer)

    def _store_look(self, answer, is_late):
        """Store whether a call arrived.

        :param answer: what was done, None if it was not, or an error
        :type answer: Veto or bool or None or TrustedShopsError
        :param bool is_late: whether another call began in the meantime
        """
        if self.state != CHECKING or is_late:
            return
        if isinstance(answer, TrustedShopsError):
            self._note_trouble(answer)
        elif answer:
            self._note_done(answer)
        else:
            self._fail(NOT_THERE)

    def _note_done(self, answer):
        """Store that Trusted Shops carried out the task.

        :param answer: the report that was made, True for other kinds
        :type answer: Veto or bool
        """
        review = self.review_id
        # Count from the user's click: staff answered the text that they saw then.
        at = self.ordered_at
        values = {
            REPLY: {"reply": self.text, "reply_at": at},
            RETRACT: {"reply": False, "reply_at": False},
            VETO: {
                "veto_reason": self.reason,
                "veto_text": self.text,
                "veto_at": at,
                "veto_ref": answer.ref if isinstance(answer, Veto) else False,
            },
        }
        body = self.env._(
            "%(task)s by %(user)s: received by Trusted Shops.",
            task=self._get_word(),
            user=self.user_id.name,
        )
        review.write(values[self.kind])
        self.write(
            {
                "state": DONE,
                "done_at": fields.Datetime.now(),
                "next_attempt_at": False,
                "last_error": False,
                "may_have_arrived": False,
                "text": False,
                "email": False,
            }
        )
        review._message_log(body=body)
        review._close_todos_about("desk")
        if self.kind != RETRACT:
            review._follow_low()

    def _note_trouble(self, error):
        """Store why the task failed, or may have failed.

        :param TrustedShopsError error: from the client
        """
        values = {"last_error": str(error)}
        is_checking, now = self.state == CHECKING, fields.Datetime.now()
        is_lost = is_checking or self.may_have_arrived
        if isinstance(error, MisconfiguredError) and not isinstance(
            error, AccessRefusedError
        ):  # the account notifies
            values["state"] = CHECKING if is_checking else QUEUED
            self.write({**values, "next_attempt_at": now})
            return
        if not isinstance(error, RetryableError):
            self._fail(str(error))
            return
        is_lost = is_lost or error.maybe_sent
        self.may_have_arrived = is_lost
        wait = self._prepare_wait_values(error)
        if not wait:
            self._fail(str(error))
            return
        if is_lost and wait.get("trouble_count") == 1:
            wait["next_attempt_at"] = now + timedelta(minutes=2)
        values["state"] = CHECKING if is_lost else QUEUED
        self.write({**values, **wait})

    def _fail(self, reason):
        """Let a user decide; the reason is an English technical sentence."""
        self.write({"state": FAILED, "last_error": reason, "next_attempt_at": False})
        task = self._in_responsible_lang()
        task.review_id._notify_responsible("desk", task._explain())

    def _prepare_lost_values(self):
        """Override to read back whether the call arrived."""
        now = fields.Datetime.now()
        return {"state": CHECKING, "may_have_arrived": True, "next_attempt_at": now}

    # === IN WORDS === #
    def _get_word(self):
        """Return the kind of the task in the language of the reader."""
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _explain(self):
        """Return where the task stands, in words for staff."""
        words = {
            "task": self._get_word(),
            "reason": explain_trouble(self.env, self.last_error),
            "date": self.next_attempt_at
            and format_datetime(self.env, self.next_attempt_at),
        }
        if self.state == FAILED:
            return self._explain_failure(words)
        account = self.channel_id.account_id
        if wait := account._explain_wait(account._get_wait()):
            return self.env._("%(task)s: waiting. %(wait)s", wait=wait, **words)
        if self.state == CHECKING:
            return self.env._(
                "%(task)s: there was no answer. Odoo will check on %(date)s whether it"
                " arrived.",
                **words,
            )
        if self.trouble_count:
            return self.env._(
                "%(task)s: could not be sent (%(reason)s). The next attempt is on"
                " %(date)s.",
                **words,
            )
        return self.env._("%(task)s: being sent to Trusted Shops.", **words)

    def _explain_failure(self, words):
        """Return why a user has to decide.

        :param dict words: see :meth:`_explain`
        """
        if not self.may_have_arrived:
            return self.env._(
                "%(task)s: failed (%(reason)s). Send it again or discard it.",
                **words,
            )
        if self.last_error == NOT_THERE:
            return self.env._(
                "%(task)s: there was no answer, and it was not found at Trusted Shops."
                " Send it again or discard it.",
                **words,
            )
        return self.env._(
            "%(task)s: there was no answer, and Trusted Shops could not be asked"
            " whether it arrived (%(reason)s). Send it again or discard it.",
            **words,
        )

    # === WHAT STAFF DO === #
    def _is_same(self, wanted):
        """Return True if this task has the given values.

        :param dict wanted: values of a task
        """
        names = ("kind", "reason", "email", "is_buyer_told")
        is_alike = all(self[name] == wanted[name] for name in names)
        return is_alike and is_same_text(self.text, wanted["text"])

    def _send_again(self):
        """Queue a failed task again."""
        now = fields.Datetime.now()
        self.write({"state": QUEUED, "trouble_count": 0, "next_attempt_at": now})
        self.review_id._close_todos_about("desk")
        self._trigger_queue()

    def _drop(self):
        """Delete the task."""
        self.review_id._close_todos_about("desk")
        self.unlink()


# === CALLS WITHOUT A RECORD === #


def _do(client, told):
    """Carry out the task; return the new report, True for other kinds."""
    if told.kind == REPLY:
        client.send_reply(told.review_ref, told.text, is_buyer_told=told.is_buyer_told)
    elif told.kind == RETRACT:
        client.delete_reply(told.review_ref)
    else:
        return client.send_veto(
            told.review_ref,
            told.reason,
            told.text,
            email=told.email,
            channel_name=told.channel_name,
        )
    return True


def _find_done(client, told):
    """Return the report, True for other kinds, None if the task was not done."""
    if told.kind == VETO:
        veto = client.get_veto(told.review_ref)
        is_own = (
            veto
            and veto.reason == told.reason
            and is_same_text(veto.text, told.text)
            and not (veto.at and veto.at < told.since)
        )
        return veto if is_own else None
    review = client.get_review(told.review_ref)
    reply = review and review.reply
    if told.kind == RETRACT:
        return True if not reply else None
    return True if reply and is_same_text(reply.text, told.text) else None
