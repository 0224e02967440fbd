# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Works through records in batches, so that a bad record stops no other.

Work without a call is done for many records in one transaction. A call is always
between two commits. Before it the record is marked as under way, so that a process that
dies leaves a trace; after it the answer is written alone. The order is neither locked
nor written around a call.
"""

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from itertools import chain, zip_longest

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import const
from ..failure import log_failure

_logger = logging.getLogger(__name__)
# How often to try to write an answer that the database refuses. The growing intervals
# add up to 25 seconds, enough for a server to restart. The call is never repeated.
WRITE_ATTEMPTS = 8


@dataclass
class Job:
    """One kind of work on records of a model, done for each record once in a run.

    :param model: empty recordset of a model that inherits ``trustedshops.queue``
    :param get_domain: function that returns the domain of records that are due; called
        for each batch, because time passes and records change
    :param work: function that does the work on a recordset: a batch, or one record with
        ``run`` or ``is_alone``
    :param after_bug: function that postpones a record whose work crashed, default:
        ``_reschedule_after_bug`` of the record
    :param run: state of the run, if the work calls Trusted Shops
    :type run: Run or None
    :param bool is_fair: whether the records with the fewest attempts come first, of
        these the newest, so that records that always fail keep no other waiting; the
        second turn is the oldest record's
    :param bool is_alone: whether each record has a transaction of its own
    """

    model: object
    get_domain: Callable
    work: Callable
    after_bug: Callable | None = None
    run: object = None
    is_fair: bool = False
    is_alone: bool = False
    seen: list = field(default_factory=list)

    def do_all(self):
        """Do the work on every record that is due, a batch at a time, with commits.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        while turns := self.find_turns():
            if not _run_turns(self.model.env, turns):
                return False
        return True

    def find_turns(self):
        """Search the next batch of records that had no turn in this run.

        :return: tuples of records, the domain of due records, and this job
        :rtype: list of tuple
        """
        domain = self.get_due_domain()
        rows = self.model.search(
            domain & Domain("id", "not in", self.seen),
            limit=const.BATCH_SIZE,
            order="attempt_count NULLS FIRST, id desc"
            if self.is_fair
            else "next_attempt_at, id",
        )
        if self.is_fair and rows and not self.seen:
            rows = rows[0] | self.model.search(domain, limit=1, order="id") | rows
        self.seen += rows.ids
        if self.run:
            # Read shared values now and prefetch rows alone: calls empty the cache.
            groups = [row._in_shop().with_prefetch() for row in rows]
        elif self.is_alone:
            groups = [self.model.browse(id_) for id_ in rows.ids]
        else:
            groups = [rows] if rows else []
        return [(group, domain, self) for group in groups]

    def get_due_domain(self):
        """Return the domain of due records, without endpoints that the run gave up.

        :rtype: Domain
        """
        domain = self.get_domain()
        if self.run and self.run.over:
            domain &= ~self.model._get_endpoint_domain(self.run.over)
        return domain

    def do(self, rows):
        """Do the work; without calls, in the languages of the responsible users.

        :param rows: records that are due
        """
        if self.run:
            self.work(rows)
            return
        for group in rows.grouped(lambda row: row._get_responsible()).values():
            self.work(group._with_responsible_lang())

    def log_bug(self, row, error):
        """Log that the work on a record crashed, postpone the record, and commit.

        :param row: the record
        :param Exception error: what the work raised
        """
        log_failure(_logger, error, "%s: its turn in the queue failed", str(row))
        keep_away = self.after_bug or type(row)._reschedule_after_bug
        try:
            keep_away(row._with_responsible_lang())
            row.env["ir.cron"]._commit_progress()
        except psycopg2.OperationalError:
            row.env.cr.rollback()


def run_in_turn(jobs, env, between):
    """Do the work of several jobs in turns, so that none keeps the others waiting.

    :param jobs: list of Job
    :param odoo.api.Environment env: environment of the scheduled action
    :param between: function that is called before each batch; if it returns False,
        there is no time left
    :return: whether there is time left in this run of the cron
    :rtype: bool
    """
    while between():
        batches = [job.find_turns() for job in jobs]
        turns = [turn for turn in chain(*zip_longest(*batches)) if turn]
        if not turns:
            return True
        if not _run_turns(env, turns):
            break
    return False


def _run_turns(env, turns):
    """Do the work of some turns, see :meth:`Job.find_turns`, while there is time.

    :return: whether there is time left in this run of the cron
    :rtype: bool
    """
    # Report what remains first: after a crash the framework knows of more work.
    count = sum(len(rows) for rows, *_job in turns)
    env["ir.cron"]._commit_progress(remaining=count)
    for rows, domain, job in turns:
        if job.run and job.run.missed:  # fewer endpoints may be called than before
            domain = job.get_due_domain()
        if not run_together(rows, domain, job):
            return False
    return True


def run_together(rows, domain, job):
    """Do the work on records in one transaction, and commit; a bad one stops no other.

    Skip records that are locked or not due any more. After an error, roll back and try
    the records one by one; of a bad one, record the bug.

    :param rows: records that the domain found before
    :param Domain domain: domain of records that are due
    :param Job job: does the work
    :return: whether there is time left in this run of the cron
    :rtype: bool
    """
    commit = rows.env["ir.cron"]._commit_progress
    try:
        locked = rows.try_lock_for_update(allow_referencing=True)
        if due := locked.filtered_domain(domain):
            job.do(due)
        # Inside the try, because the database may refuse the commit.
        return bool(commit(len(rows)))
    except Exception as error:
        rows.env.cr.rollback()
        if len(rows) > 1:
            # One by one, to find the bad record and do the others.
            alone = [rows.browse(id_) for id_ in rows.ids]
            return all(run_together(row, domain, job) for row in alone)
        # If another process changed it after our snapshot, the next run does it.
        if not isinstance(error, psycopg2.OperationalError):
            job.log_bug(rows, error)
    return bool(commit(1))


def store_answer(row, answer, lease, store):
    """Store an answer, alone in a new transaction, and commit it.

    If the database refuses it, because of a concurrent transaction or a dead
    connection, repeat the *write*, never the call.

    :param row: record that the call was about; do nothing if it was deleted
    :param answer: answer of the call, or its TrustedShopsError
    :param datetime.datetime lease: lease of the call; if the record has another lease
        by now, another process took the record over, and the answer is late
    :param store: function that writes the answer, called with the record, the answer,
        and whether it is late
    :raise psycopg2.Error: when the answer cannot be written
    """
    own = row.env.cr
    passing = (psycopg2.OperationalError, psycopg2.InterfaceError)
    for attempt in range(1, WRITE_ATTEMPTS + 1):
        # Repeat it on another connection, because this one may be dead.
        connect = row.pool.cursor if attempt > 1 else lambda: nullcontext(own)
        try:
            with connect() as cr:
                current = row.with_env(row.env(cr=cr))
                if lock_and_wait(current):
                    is_late = current.lease_until != lease
                    current.lease_until = is_late and current.lease_until
                    store(current, answer, is_late)
                current.env["ir.cron"]._commit_progress()
            return
        except psycopg2.Error as error:
            with suppress(psycopg2.InterfaceError):
                own.rollback()  # a closed cursor holds no lock
            if attempt == WRITE_ATTEMPTS or not isinstance(error, passing):
                _logger.error("%s: not stored: the answer %s", row, answer)
                raise
            time.sleep(0.1 * 2**attempt)


def lock_and_wait(row):
    """Lock a record, and wait for other transactions.

    :param row: record
    :return: truthy, empty if the record was deleted before
    :rtype: list of tuple
    :raise psycopg2.OperationalError: when another transaction changed or deleted it
        meanwhile
    """
    query = "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE"
    return row.env.execute_query(SQL(query, SQL.identifier(row._table), row.id))


class IrCron(models.Model):
    """Triggers our scheduled actions, and postpones the rest of a run."""

    _inherit = "ir.cron"

    @api.model
    def _trustedshops_trigger(self, xmlid, at=None):
        """Trigger a scheduled action; do nothing if it was deleted.

        :param str xmlid: external ID of the scheduled action
        :param at: UTC, default: after the commit
        :type at: datetime.datetime or None
        """
        if cron := self.env.ref(xmlid, raise_if_not_found=False):
            cron.sudo()._trigger(at=at)

    @api.model
    def _trustedshops_run_later(self, xmlid, after=None):
        """Trigger a later run for the rest of the work, and end this one.

        If the work were reported as unfinished, the framework would start it again
        immediately, up to ten times, and each time a call may take a minute.

        :param str xmlid: external ID of the scheduled action that runs
        :param after: time until the later run, default: none
        :type after: datetime.timedelta or None
        """
        at = after and fields.Datetime.now() + after
        self._trustedshops_trigger(xmlid, at=at or None)
        self._commit_progress(remaining=0)
