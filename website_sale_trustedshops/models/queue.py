# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A queue of rows that a scheduled action works through: batches, calls, answers.

What asks nobody is done for many rows in one transaction. A call is always between two
commits: before it the row says that it is under way, so a process that dies leaves a
trace, and after it the answer is written alone. Nothing of the order is locked or
written around a call.
"""

import logging
import time
from contextlib import closing, nullcontext, suppress
from datetime import timedelta
from itertools import chain, zip_longest

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import const
from .failure import log_failure
from .service import is_ahead

_logger = logging.getLogger(__name__)


class TrustedShopsQueue(models.AbstractModel):
    """Rows about which Trusted Shops is asked, one call a row.

    While a call is under way that must not be repeated, the state is ``sending``, and
    nobody else writes the row.
    """

    _name = "trustedshops.queue"
    _description = "Trusted Shops Queue"
    _inherit = ["trustedshops.todo"]

    # External ID of the cron, and the service that it asks.
    _queue_cron = ""
    _queue_service = ""
    # States that the queue takes up again by itself, and those a bug does not end.
    _underway_states = ()
    _waiting_states = ()
    # Waiting time before the 2nd, 3rd ... attempt, whether a row is given up after the
    # last or that one repeats, and the longest of all waits.
    _back_off = const.BACK_OFF
    _gives_up = False
    _longest_wait = timedelta(days=1)

    next_attempt_at = fields.Datetime(string="Next Attempt", readonly=True)
    # When the call that is under way counts as lost.
    lease_until = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True, aggregator=None)
    # Attempts in a row that brought nothing.
    trouble_count = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    # A call got no answer, so what it said may have arrived.
    may_have_arrived = fields.Boolean(readonly=True, export_string_translation=False)
    last_error = fields.Char(readonly=True)
    # Somebody has to be told what came of it.
    notice_due = fields.Boolean(readonly=True, export_string_translation=False)

    # === THE RUN === #
    def _trigger_queue(self, at=None):
        """Have the queue run."""
        self.env["ir.cron"]._trustedshops_trigger(self._queue_cron, at=at)

    @api.model
    def _run_queue(self):
        """Work through everything that is due, and see to the run after this one."""
        is_done, services = self._run_first(), self.env["trustedshops.service"]
        with closing(services._begin_run(self._queue_service)) as run:
            is_done = is_done and self._run_jobs(run)
        if not is_done:
            is_slow = run.slowest >= const.SLOW_CALL
            pause = timedelta(seconds=run.slowest if is_slow else 0)
            self.env["ir.cron"]._trustedshops_go_on_later(self._queue_cron, after=pause)
            return
        if next_at := self._get_next_attempt_at():
            self._trigger_queue(at=next_at)
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_first(self):
        """Do once what waits for nobody's answer; return whether there is time left."""
        return self._run_batches(
            self._get_lost_domain(), lambda rows: rows._take_up_lost()
        )

    @api.model
    def _run_between(self):
        """Do what is due before each batch of jobs; return whether there is time."""
        return True

    @api.model
    def _get_jobs(self, run):
        """Return what a run does in turn: functions for domain and work on a row.

        The third value tells whether it is a call; other jobs take a batch together.
        """
        raise NotImplementedError

    @api.model
    def _get_due_domain(self):
        """Return the rows that wait no longer, or did by a wrong clock."""
        now = fields.Datetime.now()
        waits = is_ahead("next_attempt_at", now, self._longest_wait)
        return ~waits & Domain("next_attempt_at", "!=", False)

    @api.model
    def _get_lost_domain(self):
        """Return the rows that a dead process left in the middle of a call."""
        waits = is_ahead("lease_until", fields.Datetime.now(), const.LEASE)
        return Domain("state", "=", "sending") & ~waits

    @api.model
    def _get_next_attempt_at(self):
        """Return when there is something to do before the next regular run, or None."""
        now = fields.Datetime.now()
        underway, moments = Domain("state", "in", self._underway_states), []
        for name in ("next_attempt_at", "lease_until"):
            later = underway & Domain(name, ">", now)
            moments.append(self.search(later, order=name, limit=1)[name])
        services = self.env["trustedshops.service"]
        moments.append(services._get_next_attempt_at(self._queue_service))
        return min(filter(None, moments), default=None)

    # === BATCHES === #
    @api.model
    def _run_jobs(self, run):
        """Do the jobs in turn, a row each, so that none keeps others waiting."""
        jobs = [(*job, []) for job in self._get_jobs(run)]
        while self._run_between():
            batches = [self._find_turns(run, *job) for job in jobs]
            turns = [turn for turn in chain(*zip_longest(*batches)) if turn]
            if not turns:
                return True
            if not self._run_turns(turns, run):
                break
        return False

    def _find_turns(self, run, get_domain, work, is_call, seen):
        """Return the next turns of a job."""
        if is_call and run.is_over:
            return []
        domain = get_domain()  # anew: the clock and the rows went on
        rows = self._find_batch(domain, seen)
        if not is_call:
            return [(rows, domain, work)] if rows else []
        # What they share is read here: each call begins with an empty cache.
        return [(row._in_shop().with_prefetch(), domain, work) for row in rows]

    def _run_batches(self, domain, work, after_bug=None, *, alone=False):
        """Do the work on every row that is due, a batch at a time."""

        def work_in_language(rows):
            for group in rows.grouped(lambda row: row._get_responsible()).values():
                work(group._in_responsible_lang())

        seen = []
        while rows := self._find_batch(domain, seen):
            groups = map(self.browse, rows.ids) if alone else [rows]
            turns = [(group, domain, work_in_language, after_bug) for group in groups]
            if not self._run_turns(turns):
                return False
        return True

    def _find_batch(self, domain, seen):
        """Return the next rows that are due, each once in a run; fills ``seen``."""
        rows = self.search(
            domain & Domain("id", "not in", seen),
            limit=const.BATCH_SIZE,
            order="next_attempt_at, id",
        )
        seen += rows.ids
        return rows

    def _run_turns(self, turns, run=None):
        """Do each work on its rows; return whether there is time left."""
        # Should a bug break the run off, the framework sees that there is more to do.
        count = sum(len(rows) for rows, *_job in turns)
        self.env["ir.cron"]._commit_progress(remaining=count)
        for rows, *job in turns:
            if run and run.is_over:
                return True
            if not rows._run_together(*job):
                return False
        return True

    def _run_together(self, domain, work, after_bug=None):
        """Do the work on rows in one transaction; a bad row stops no other."""
        commit = self.env["ir.cron"]._commit_progress
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            if rows := locked.filtered_domain(domain):
                work(rows)
            # Here, where a refusal of the database is caught.
            return bool(commit(len(self)))
        except Exception as error:
            self.env.cr.rollback()
            if len(self) > 1:
                # Each alone: the bad one is found, and the rest is done.
                alone = [self.browse(id_) for id_ in self.ids]
                return all(row._run_together(domain, work, after_bug) for row in alone)
            # If somebody else changed the row after our snapshot, the next run looks.
            if not isinstance(error, psycopg2.OperationalError):
                self._record_bug(error, after_bug)
        return bool(commit(1))

    def _record_bug(self, error, after_bug):
        """Write down that the work on a row crashed, and keep it out of the way."""
        log_failure(_logger, error, "%s: its turn in the queue failed", str(self))
        try:
            (after_bug or type(self)._postpone_after_bug)(self._in_responsible_lang())
            self.env["ir.cron"]._commit_progress()
        except psycopg2.OperationalError:
            self.env.cr.rollback()

    def _in_shop(self):
        """Return the row as it is worked on: in which language, time zone, company."""
        return self._in_responsible_lang()

    def _postpone_after_bug(self):
        """Keep a row whose processing crashed from being the first of every run."""
        if self.state not in self._waiting_states:
            return
        self.next_attempt_at = fields.Datetime.now() + self._back_off[-1]
        if not self.notice_due:
            self.last_error = self.env._(
                "An error in this addon stopped this; see the server log."
            )

    def _take_up_lost(self):
        """Go on with what a dead process left behind in the middle of a call."""
        reason = self.env._(
            "A process ended in the middle of a call, so whether it arrived is not"
            " known."
        )
        for row in self:
            row.write({**row._prepare_lost_values(), "last_error": reason})

    def _prepare_lost_values(self):
        """Return the values of a row when it is not known what a call did."""
        raise NotImplementedError

    def _prepare_wait_values(self, error=None, is_own=True):
        """Return the values after an attempt that brought nothing, none to give up."""
        now, count = fields.Datetime.now(), self.trouble_count
        if seconds := getattr(error, "retry_after", None):
            return {"next_attempt_at": now + timedelta(seconds=seconds)}
        if not is_own:  # login or service are at fault
            return {"next_attempt_at": now + self._back_off[0]}
        if self._gives_up and count >= len(self._back_off):
            return {}
        wait = self._back_off[min(count, len(self._back_off) - 1)]
        return {"next_attempt_at": now + wait, "trouble_count": count + 1}

    # === A CALL === #
    def _ask(self, run, call, store, **values):
        """Ask Trusted Shops about the row, and store the answer; commits."""
        # Everything that is needed was read before. A process may be suspended for so
        # long that another one takes the row over: its answer is late.
        if not (client := self._get_client(run)):
            return None
        environment = self._get_environment()
        lease = fields.Datetime.now() + const.LEASE
        self.write({**values, "lease_until": lease})
        self.env["ir.cron"]._commit_progress()
        answer = run.call(lambda: call(client))
        self._store_answer(answer, lease, store)
        run.note(environment, self, answer)
        return answer

    def _get_client(self, run):
        """Return an open client for the row, shared by the run; None without one."""
        raise NotImplementedError

    def _get_environment(self):
        """Return the environment in which the row is asked about."""
        return self.environment

    def _store_answer(self, answer, lease, store):
        """Store an answer, alone in a new transaction, and commit it."""
        # When the database refuses, because of a concurrent transaction or because the
        # connection died, the *writing* is repeated, never the call.
        own = self.env.cr
        passing = (psycopg2.OperationalError, psycopg2.InterfaceError)
        for attempt in range(1, const.WRITE_ATTEMPTS + 1):
            # Again on another connection, whatever became of this one.
            connect = self.pool.cursor if attempt > 1 else lambda: nullcontext(own)
            try:
                with connect() as cr:
                    row = self.with_env(self.env(cr=cr))
                    if row._wait_for_lock():
                        is_late = row.lease_until != lease
                        row.lease_until = is_late and row.lease_until
                        store(row, answer, is_late)
                    row.env["ir.cron"]._commit_progress()
                return
            except psycopg2.Error as error:
                with suppress(psycopg2.InterfaceError):
                    own.rollback()  # a closed one holds no lock
                if attempt == const.WRITE_ATTEMPTS or not isinstance(error, passing):
                    _logger.error("%s: not stored: the answer %s", self, answer)
                    raise
                time.sleep(0.1 * 2**attempt)

    def _wait_for_lock(self):
        """Lock the row, and wait for that: the answer must be kept if it is there."""
        query = "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE"
        table = SQL.identifier(self._table)
        return self.env.execute_query(SQL(query, table, self.id))
