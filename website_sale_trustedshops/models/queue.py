# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A queue of rows about which Trusted Shops is asked: when, in what order, how often.

How a run works through them is in ``batches.py``.
"""

from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .. import const
from .batches import Job, run_in_turn, store_answer
from .service import is_ahead


class TrustedShopsQueue(models.AbstractModel):
    """Rows about which Trusted Shops is asked, one call a row.

    While a call is under way that must not be repeated, the state is ``sending``, and
    nobody else writes the row.
    """

    _name = "trustedshops.queue"
    _description = "Trusted Shops Queue"
    _inherit = ["trustedshops.todo", "trustedshops.guarded.fields"]

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
            jobs = self._get_jobs(run)
            is_done = is_done and run_in_turn(jobs, run, self._run_between)
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
        lost = self._get_lost_domain
        return Job(self, lost, lambda rows: rows._take_up_lost()).run()

    @api.model
    def _run_between(self):
        """Do what is due before each batch of jobs; return whether there is time."""
        return True

    @api.model
    def _get_jobs(self, run):
        """Return what a run does in turn, list of Job.

        :param Run run: what it remembers of its calls
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

    # === ONE ROW === #
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
        store_answer(self, answer, lease, store)
        run.note(environment, self, answer)
        return answer

    def _get_client(self, run):
        """Return an open client for the row, shared by the run; None without one."""
        raise NotImplementedError

    def _get_environment(self):
        """Return the environment in which the row is asked about."""
        return self.environment
