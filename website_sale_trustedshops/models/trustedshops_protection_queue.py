# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: the run of the cron, its batches, and the steps that ask nobody.

The calls are in ``trustedshops_protection_apply.py``.
"""

import logging
from itertools import zip_longest

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from .. import const
from ..lib.sql_log import log_failure

_logger = logging.getLogger(__name__)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def _trigger_apply_cron(self, at=None):
        """Have the queue run soon.

        :param datetime.datetime at: UTC, default: as soon as this is committed
        """
        cron = self.env.ref(
            "website_sale_trustedshops.ir_cron_apply_protection",
            raise_if_not_found=False,
        )
        if cron:
            cron.sudo()._trigger(at=at)

    # === THE RUN === #

    @api.model
    def _cron_apply(self):
        """Work through everything that is due.

        What waits for nobody's answer comes first, also what a run that died left to be
        told: the next one may die, too. Then the calls, and again what they tell of.
        """
        self._probe_held_certificates()
        clients = {}
        try:
            done = all(run() for run in self._get_runs(clients))
        finally:
            for client in clients.values():
                client.close()
        if not done:
            self._trigger_apply_cron()  # time is up, not the work
            # Else the framework starts us again at once, up to ten times, whatever the
            # time, and each time a call may take a minute.
            self.env["ir.cron"]._commit_progress(remaining=0)
        elif next_at := self._get_next_attempt_at():
            self._trigger_apply_cron(at=next_at)

    def _get_runs(self, clients):
        """Return the batches of a run in their order.

        :param dict clients: open clients by their environment, shared by the run
        :return: functions that tell whether there is time left
        :rtype: tuple
        """
        return (
            lambda: self._run_batch(
                self._get_lost_calls_domain(),
                lambda protection: protection._recover_lost_call(),
            ),
            lambda: self._run_batch(
                self._get_cancelled_domain(),
                lambda protection: protection._cancel(),
            ),
            lambda: self._run_batch(
                self._get_overdue_domain(),
                lambda protection: protection._fail_overdue(),
            ),
            self._run_notices,
            lambda: self._run_batch(
                self._get_unreturned_domain(),
                lambda protection: protection._try_to_return_fee(),
                after_bug=lambda protection: protection._notify_of_books(),
            ),
            lambda: self._run_batch(
                self._get_refunds_domain(),
                lambda protection: protection._refund_money(),
                after_bug=lambda protection: protection._note_lost_refund(),
            ),
            self._run_mails,
            lambda: self._run_calls(clients),
            self._run_undecided,
            self._run_notices,
            self._run_mails,
        )

    def _run_calls(self, clients):
        """Apply and ask in turn: however much is due, neither keeps the other waiting.

        :param dict clients: open clients by their environment, shared by the run
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        jobs = (
            (self._get_applications_domain, lambda row: row._apply(clients), []),
            (self._get_polls_domain, lambda row: row._poll(clients), []),
        )
        while True:
            batches = []
            for get_domain, work, seen in jobs:
                domain = get_domain()  # anew: the clock and the rows went on
                rows = self._find_batch(domain, seen)
                batches.append([(row, domain, work) for row in rows])
            turns = [turn for pair in zip_longest(*batches) for turn in pair if turn]
            if not turns:
                return True
            # An answer is told before the next one to the same row comes.
            if not self._run_turns(turns) or not self._run_notices():
                return False

    def _run_batch(self, domain, work, after_bug=None):
        """Do the work on every row that is due, a batch at a time.

        :param Domain domain: which rows; checked again when a row is locked
        :param work: called with each locked row, commits by itself
        :param after_bug: called with a row whose work crashed, default:
            :meth:`_postpone_after_bug`
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        seen = []
        while rows := self._find_batch(domain, seen):
            if not self._run_turns([(row, domain, work, after_bug) for row in rows]):
                return False
        return True

    def _find_batch(self, domain, seen):
        """Return the next rows that are due.

        :param Domain domain: which rows
        :param list seen: ids of those that had their turn in this run, filled here:
            each has one, also if it stays due because somebody has locked it
        """
        rows = self.search(
            domain & Domain("id", "not in", seen),
            limit=const.BATCH_SIZE,
            order="next_attempt_at, id",
        )
        seen += rows.ids
        return rows

    def _run_turns(self, turns):
        """Do each work on its row.

        :param list turns: arguments of :meth:`_run_one`, with the row in front
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        # Should a bug break the run off, the framework sees that there is more to do.
        self.env["ir.cron"]._commit_progress(remaining=len(turns))
        # Each row alone, without a prefetch: it would be done anew after each commit.
        return all(row[0]._run_one(*work) for row, *work in turns)

    def _run_one(self, domain, work, after_bug=None):
        """Do the work on one row; a bad row does not stop the next.

        :param Domain domain: which rows; checked again when the row is locked
        :param work: called with the locked row
        :param after_bug: called with the row when its work crashed
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked = locked.filtered_domain(domain)
            if locked:
                work(locked._in_responsible_lang())
            # Here, where a refusal of the database is caught.
            return bool(commit(1))
        except psycopg2.OperationalError:
            # Somebody else changed the row after our snapshot: the next run looks.
            self.env.cr.rollback()
        except Exception as error:
            # A bug, or a record nobody foresaw. It is recorded, the rest goes on.
            self.env.cr.rollback()
            text = "Buyer Protection %s of the queue failed"
            log_failure(_logger, error, text, self.id)
            try:
                row = self._in_responsible_lang()
                (after_bug or type(self)._postpone_after_bug)(row)
                commit()
            except psycopg2.OperationalError:
                self.env.cr.rollback()
        return bool(commit(1))

    def _postpone_after_bug(self):
        """Keep a row whose processing crashed from being the first of every run."""
        if self.state not in ("queued", "requested"):
            return
        self.next_attempt_at = fields.Datetime.now() + const.BACK_OFF[-1]
        if not self.notice_due:  # else it belongs to what has to be told
            self.last_error = self.env._(
                "An error in this addon stopped the application; see the server log. It"
                " is tried again in an hour."
            )

    @api.model
    def _get_lost_calls_domain(self):
        oldest = fields.Datetime.now() - const.SENDING_LOST_AFTER
        return Domain("state", "=", "sending") & Domain("sending_since", "<=", oldest)

    @api.model
    def _get_cancelled_domain(self):
        """Return what waits although its order was cancelled during a call."""
        waiting = Domain("state", "in", ("queued", "on_hold"))
        return waiting & Domain("order_id.state", "=", "cancel")

    @api.model
    def _get_overdue_domain(self):
        oldest = fields.Datetime.now() - const.APPLY_WITHIN
        waiting = Domain("state", "in", ("queued", "on_hold"))
        return waiting & Domain("placed_at", "<=", oldest)

    @api.model
    def _get_applications_domain(self):
        return (
            Domain("state", "=", "queued")
            & Domain("next_attempt_at", "<=", fields.Datetime.now())
            & Domain("certificate_id.hold_reason", "=", False)
            & Domain("certificate_id.ws_user", "!=", False)
            & Domain("certificate_id.ws_password", "!=", False)
        )

    @api.model
    def _get_polls_domain(self):
        return (
            Domain("state", "=", "requested")
            & Domain("next_attempt_at", "<=", fields.Datetime.now())
            & Domain("application_number", "!=", False)
        )

    @api.model
    def _get_next_attempt_at(self):
        """Return when the queue has something to do again.

        :return: UTC, None when nothing waits
        :rtype: datetime.datetime or None
        """
        waiting = Domain("state", "in", ("queued", "requested"))
        waiting &= Domain("next_attempt_at", ">", fields.Datetime.now())
        moments = self.search(waiting, order="next_attempt_at", limit=1).mapped(
            "next_attempt_at"
        )
        sending = Domain("state", "=", "sending")
        if lost := self.search(sending, order="sending_since", limit=1):
            # Not at once: one that is lost already was locked just now.
            soon = fields.Datetime.now() + const.BACK_OFF[0]
            moments.append(max(lost.sending_since + const.SENDING_LOST_AFTER, soon))
        return min(moments, default=None)

    @api.model
    def _get_waiting_certificates(self):
        """Return the certificates with applications that have to go out.

        :return: records of ``trustedshops.certificate``, archived ones too
        """
        waiting = self._read_group(
            [("state", "in", ("queued", "sending"))], ["certificate_id"]
        )
        return self.env["trustedshops.certificate"].concat(
            *(certificate for (certificate,) in waiting)
        )

    @api.model
    def _get_stuck_domain(self):
        """Return which rows the queue should have taken long ago."""
        oldest = fields.Datetime.now() - const.STUCK_AFTER
        due = self._get_applications_domain() | self._get_polls_domain()
        due &= Domain("next_attempt_at", "<=", oldest)
        sending = Domain("state", "=", "sending")
        return due | (sending & Domain("sending_since", "<=", oldest))

    # === STEPS BEFORE THE CALLS === #

    def _recover_lost_call(self):
        """Queue again what a dead process left behind in the middle of a call."""
        self.write(
            {
                **self._prepare_trouble_values(maybe_sent=True),
                "sending_since": False,
                "next_attempt_at": fields.Datetime.now() + self._get_back_off(),
                "last_error": self.env._(
                    "A process ended in the middle of a call, so whether the"
                    " application arrived is not known. It is sent again."
                ),
            }
        )

    def _fail_overdue(self):
        """End what the service would refuse as too old, and tell a person."""
        self.state = "failed"
        self._close_passing_todos()
        if self._may_have_arrived():
            note = self.env._(
                "No application was confirmed within three days, but an application may"
                " have arrived. Look for the order number at Trusted Shops before you"
                " press Refund fee."
            )
        else:
            note = self.env._(
                "No application went through within three days, and Trusted Shops"
                " accepts none for older orders. The buyer is not protected, and the"
                " fee goes back by itself."
            )
        self.certificate_id._notify_of(self, note)

    @api.model
    def _probe_held_certificates(self):
        """Ask once an hour whether a held certificate with a queue is good again."""
        waiting = self._read_group([("state", "=", "queued")], ["certificate_id"])
        now = fields.Datetime.now()
        for (certificate,) in waiting:
            if not certificate.hold_reason:
                continue
            if certificate.next_probe_at and certificate.next_probe_at > now:
                continue
            certificate.next_probe_at = now + const.PROBE_INTERVAL
            self.env["ir.cron"]._commit_progress()
            certificate._check_in_cron()
            if not self.env["ir.cron"]._commit_progress():
                break
