# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A queue of rows that a cron works through: batches, bugs, and storing an answer.

What asks nobody is done for many rows in one transaction. A call is always between two
commits: before it the row says ``sending``, so a process that dies leaves a trace, and
after it the answer is written alone. Nothing of the order is locked or written around a
call.
"""

import logging
import time
from contextlib import nullcontext, suppress
from itertools import chain, zip_longest

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import const
from .failure import log_failure

_logger = logging.getLogger(__name__)


class TrustedShopsQueue(models.AbstractModel):
    """Rows about which Trusted Shops is asked, one call a row.

    A model has ``next_attempt_at``, by which its rows take their turns, and a state
    ``sending`` while a call is under way; then nobody else writes the row.
    """

    _name = "trustedshops.queue"
    _description = "Trusted Shops Queue"
    _inherit = ["trustedshops.todo"]

    # What the log calls a row, and the external ID of the cron.
    _queue_word = ""
    _queue_cron = ""

    # While a row is being sent: when the call counts as lost.
    next_attempt_at = fields.Datetime(string="Next Attempt", readonly=True)

    # === THE RUN === #
    def _trigger_queue(self, at=None):
        """Have the queue run.

        :param datetime.datetime at: UTC, default: as soon as this is committed
        """
        self.env["ir.cron"]._trustedshops_trigger(self._queue_cron, at=at)

    @api.model
    def _run_queue(self):
        """Work through everything that is due, and see to the run after this one."""
        clients = {}
        try:
            done = self._run_steps(clients)
        finally:
            for client in clients.values():
                client.close()
        if not done:
            self.env["ir.cron"]._trustedshops_go_on_later(self._queue_cron)
        elif next_at := self._get_next_attempt_at():
            self._trigger_queue(at=next_at)

    @api.model
    def _run_steps(self, clients):
        """Do everything that is due.

        :param dict clients: open clients, filled by the work and shared by the run
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        raise NotImplementedError

    @api.model
    def _get_underway_domain(self):
        """Return the rows that the queue takes up again by themselves."""
        raise NotImplementedError

    @api.model
    def _get_next_attempt_at(self):
        """Return when the queue has something to do before its next regular run.

        :return: UTC, None when nothing waits
        :rtype: datetime.datetime or None
        """
        later = Domain("next_attempt_at", ">", fields.Datetime.now())
        waiting = self._get_underway_domain() & later
        first = self.search(waiting, order="next_attempt_at", limit=1)
        return first.next_attempt_at or None

    # === BATCHES === #
    def _run_in_turn(self, jobs, between):
        """Do jobs in turn, a row each: however much is due, none keeps others waiting.

        :param jobs: pairs of a method that returns which rows are due, and of the work,
            called with one of them, which may commit
        :param between: done before each batch; tells whether there is time left
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        jobs = [(*job, []) for job in jobs]
        while between():
            batches = []
            for get_domain, work, seen in jobs:
                domain = get_domain()  # anew: the clock and the rows went on
                rows = self._find_batch(domain, seen)
                # What they share is read here: each call begins with an empty cache.
                alone = [row._in_shop().with_prefetch() for row in rows]
                batches.append([(row, domain, work) for row in alone])
            turns = [turn for turn in chain(*zip_longest(*batches)) if turn]
            if not turns:
                return True
            if not self._run_turns(turns):
                break
        return False

    def _run_batches(self, domain, work, after_bug=None, *, alone=False):
        """Do the work on every row that is due, a batch at a time.

        :param Domain domain: which rows; checked again when they are locked
        :param work: called with rows of one responsible user, in the user's language
        :param after_bug: called with a row whose work crashed, default:
            :meth:`_postpone_after_bug`
        :param bool alone: whether each row needs a transaction of its own, as for work
            that commits by itself
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """

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
        """Do each work on its rows.

        :param list turns: arguments of :meth:`_run_together`, with the rows in front
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        # Should a bug break the run off, the framework sees that there is more to do.
        count = sum(len(rows) for rows, *_job in turns)
        self.env["ir.cron"]._commit_progress(remaining=count)
        return all(rows._run_together(*job) for rows, *job in turns)

    def _run_together(self, domain, work, after_bug=None):
        """Do the work on rows in one transaction; a bad row does not stop the others.

        :param Domain domain: which rows; checked again when they are locked
        :param work: called with those that were locked
        :param after_bug: called with a row whose work crashed
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
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
        """Write down that the work on a row crashed, and keep it out of the way.

        :param Exception error: a bug, or a record nobody foresaw
        :param after_bug: called with the row, see :meth:`_run_together`
        """
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
        raise NotImplementedError

    # === STORING AN ANSWER === #
    def _store_answer(self, answer, store):
        """Store an answer, alone in a new transaction, and commit it.

        When the database refuses, because of a concurrent transaction or because the
        connection died, the *writing* is repeated, never the call.

        :param answer: what the log says when it cannot be stored
        :param store: called with the row, which is locked and was not read yet
        :raise psycopg2.Error: when it keeps refusing; the row then stays ``sending``
            and counts as an unanswered call
        """
        own = self.env.cr
        passing = (psycopg2.OperationalError, psycopg2.InterfaceError)
        for attempt in range(1, const.WRITE_ATTEMPTS + 1):
            # Again on another connection, whatever became of this one.
            connect = self.pool.cursor if attempt > 1 else lambda: nullcontext(own)
            try:
                with connect() as cr:
                    row = self.with_env(self.env(cr=cr))
                    row._wait_for_lock()
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
        """Lock the row; unlike elsewhere it is waited for, the answer must be kept."""
        self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.id,
            )
        )
