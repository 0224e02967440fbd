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
from contextlib import nullcontext, suppress
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

    # What the log calls a row, the external ID of the cron, and the service it asks.
    _queue_word = ""
    _queue_cron = ""
    _queue_service = ""
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

    # === THE RUN === #
    def _trigger_queue(self, at=None):
        """Have the queue run."""
        self.env["ir.cron"]._trustedshops_trigger(self._queue_cron, at=at)

    @api.model
    def _run_queue(self):
        """Work through everything that is due, and see to the run after this one."""
        run = self.env["trustedshops.service"]._begin_run(self._queue_service)
        try:
            is_done = self._run_steps(run)
        finally:
            run.close()
        if not is_done:
            is_slow = run.slowest >= const.SLOW_CALL
            pause = timedelta(seconds=run.slowest if is_slow else 0)
            self.env["ir.cron"]._trustedshops_go_on_later(self._queue_cron, after=pause)
            return
        if next_at := self._get_next_attempt_at():
            self._trigger_queue(at=next_at)
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_steps(self, run):
        """Do everything that is due; return whether there was time for it."""
        raise NotImplementedError

    @api.model
    def _get_underway_domain(self):
        """Return the rows that the queue takes up again by themselves."""
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
        underway, moments = self._get_underway_domain(), []
        for name in ("next_attempt_at", "lease_until"):
            later = underway & Domain(name, ">", now)
            moments.append(self.search(later, order=name, limit=1)[name])
        services = self.env["trustedshops.service"]
        moments.append(services._get_next_attempt_at(self._queue_service))
        return min(filter(None, moments), default=None)

    # === BATCHES === #
    def _run_in_turn(self, run, jobs, between):
        """Do jobs in turn, a row each, so that none keeps others waiting."""
        jobs = [(*job, []) for job in jobs]
        while between():
            batches = []
            for get_domain, work, seen in () if run.is_over else jobs:
                domain = get_domain()  # anew: the clock and the rows went on
                rows = self._find_batch(domain, seen)
                # What they share is read here: each call begins with an empty cache.
                alone = [row._in_shop().with_prefetch() for row in rows]
                batches.append([(row, domain, work) for row in alone])
            turns = [turn for turn in chain(*zip_longest(*batches)) if turn]
            if not turns:
                return True
            if not self._run_turns(turns, run):
                break
        return False

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
        text = "%s %s of the queue failed"
        log_failure(_logger, error, text, self._queue_word, self.id)
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
        self.next_attempt_at = fields.Datetime.now() + self._back_off[-1]

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
        self._store_answer(answer, lambda row: row._take(answer, lease, store))
        run.note(environment, self, answer)
        return answer

    def _get_client(self, run):
        """Return an open client for the row, shared by the run; None without one."""
        raise NotImplementedError

    def _get_environment(self):
        """Return the environment in which the row is asked about."""
        raise NotImplementedError

    def _take(self, answer, lease, store):
        """Store an answer, and end the lease of its call."""
        is_late = self.lease_until != lease
        if is_late:
            _logger.info("%s %s: a late answer", self._queue_word, self.id)
        else:
            self.lease_until = False
        store(self, answer, is_late)

    def _store_answer(self, answer, store):
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
                        store(row)
                    row.env["ir.cron"]._commit_progress()
                return
            except psycopg2.Error as error:
                with suppress(psycopg2.InterfaceError):
                    own.rollback()  # a closed one holds no lock
                if attempt == const.WRITE_ATTEMPTS or not isinstance(error, passing):
                    text = "The answer to %s %s could not be stored: %s"
                    _logger.error(text, self._queue_word, self.id, answer)
                    raise
                time.sleep(0.1 * 2**attempt)

    def _wait_for_lock(self):
        """Lock the row, and wait for that: the answer must be kept if it is there."""
        query = "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE"
        table = SQL.identifier(self._table)
        return self.env.execute_query(SQL(query, table, self.id))
