# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A queue of records that are sent to Trusted Shops until there is a result.

They are sent one by one. ``batches.py`` does the work of a run.
"""

from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ... import const
from ..failure import BUG, LOST
from .batches import Job, run_in_turn, store_answer
from .service import get_ahead_domain


class TrustedShopsQueue(models.AbstractModel):
    """Base of models whose records are sent to Trusted Shops by a scheduled action.

    During a call that must not be repeated the state is ``sending``, and nothing else
    writes the record.
    """

    _name = "trustedshops.queue"
    _description = "Trusted Shops Queue"
    _inherit = ["trustedshops.todo", "trustedshops.guarded.fields"]

    # External ID of the cron, and kind of the service that it calls.
    _queue_cron = ""
    _queue_service = ""
    # Kind of the rest of the calls that change something, '' without one.
    _queue_rest = ""
    # States in which the queue has work left, and those of them that a bug postpones.
    _underway_states = ()
    _waiting_states = ()
    # Time before the 2nd, 3rd ... attempt, and the longest wait for any reason.
    _back_off = const.BACK_OFF
    _longest_wait = timedelta(days=1)

    is_waiting = fields.Boolean(
        store=False, search="_search_is_waiting", export_string_translation=False
    )
    next_attempt_at = fields.Datetime(string="Next Attempt", readonly=True)
    # The call that is under way counts as lost after this moment.
    lease_until = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True, aggregator=None)
    # Attempts in a row without a result.
    trouble_count = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    # A call without an answer may have arrived at Trusted Shops.
    may_have_arrived = fields.Boolean(readonly=True, export_string_translation=False)
    # Code of the last error, or the words of Trusted Shops about it.
    last_error = fields.Char(readonly=True, export_string_translation=False)
    # Users do not know the result of a call yet.
    notice_due = fields.Boolean(readonly=True, export_string_translation=False)

    @api.model
    def _search_is_waiting(self, operator, value):
        """Search for records that the queue has not finished."""
        if operator != "in":
            return NotImplemented
        states = {*self._underway_states, *self._waiting_states}
        waiting = Domain("state", "in", states)
        return Domain.OR(waiting if each else ~waiting for each in value)

    # === THE RUN === #
    def _trigger_queue(self, at=None):
        """Trigger the scheduled action of the queue.

        :param at: UTC, default: after the commit
        :type at: datetime.datetime or None
        """
        self.env["ir.cron"]._trustedshops_trigger(self._queue_cron, at=at)

    @api.model
    def _run_queue(self):
        """Do the work of the scheduled action: all records that are due, with commits.

        Trigger the next run if work is left, or records wait for a moment.
        """
        is_done, services = self._run_first(), self.env["trustedshops.service"]
        with closing(services._start_run(self._queue_service)) as run:
            jobs = self._get_jobs(run)
            is_done = is_done and run_in_turn(jobs, self.env, self._run_between)
            run.pause()
        if not is_done:
            # After a slow call, pause as long as it took, so that other crons can run.
            pause = timedelta(seconds=run.slowest if run.slowest >= 5 else 0)
            self.env["ir.cron"]._trustedshops_run_later(self._queue_cron, after=pause)
            return
        if next_at := self._get_next_attempt_at():
            self._trigger_queue(at=next_at)
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_first(self):
        """Do the work that needs no call; return True if there is time left."""
        lost = self._get_lost_domain
        return Job(self, lost, lambda rows: rows._process_lost()).do_all()

    @api.model
    def _run_between(self):
        """Do urgent work before each batch; return True if there is time left.

        To be overridden.
        """
        return True

    @api.model
    def _get_jobs(self, run):
        """Return the jobs of a run, which take turns.

        :param Run run: state of the run, to share its clients
        :rtype: list[Job]
        """
        raise NotImplementedError

    @api.model
    def _get_due_domain(self):
        """Return the domain of records whose wait ended, or is longer than allowed.

        The longest wait is ``_longest_wait``.
        """
        now = fields.Datetime.now()
        waits = get_ahead_domain("next_attempt_at", now, self._longest_wait)
        return ~waits & Domain("next_attempt_at", "!=", False)

    @api.model
    def _get_lost_domain(self):
        """Return the domain of records whose process died during a call."""
        waits = get_ahead_domain("lease_until", fields.Datetime.now(), const.LEASE)
        return Domain("state", "=", "sending") & ~waits

    @api.model
    def _get_next_attempt_at(self):
        """Return the next moment at which a record, a lost call or a pause is due.

        :return: UTC, None if there is none
        :rtype: datetime.datetime or None
        """
        now = fields.Datetime.now()
        underway, moments = Domain("state", "in", self._underway_states), []
        for name in ("next_attempt_at", "lease_until"):
            later = underway & Domain(name, ">", now)
            moments.append(self.search(later, order=name, limit=1)[name])
        kinds = self._queue_service, self._queue_rest
        services = self.env["trustedshops.service"]
        moments += [services._get_next_attempt_at(*kinds)]
        moments += [services._get_trouble_end(*kinds)]
        return min(filter(None, moments), default=None)

    @api.model
    def _get_endpoint_domain(self, endpoints):
        """Return the domain of records of some endpoints, see ``Run``."""
        return Domain("environment", "in", list(endpoints))

    # === ONE RECORD === #
    def _in_shop(self):
        """Return the record with the context in which it is processed. To be extended.

        The language is that of the responsible user.
        """
        return self._with_responsible_lang()

    def _reschedule_after_bug(self):
        """Postpone a waiting record whose work crashed, so that it is not always first.

        Store the error unless the record has a result that users do not know yet.
        """
        if self.state not in self._waiting_states:
            return
        self.next_attempt_at = fields.Datetime.now() + self._back_off[-1]
        if not self.notice_due:
            self.last_error = BUG

    def _process_lost(self):
        """Store that the calls of these records were lost."""
        for row in self:
            row.write({**row._prepare_lost_values(), "last_error": LOST})

    def _prepare_lost_values(self):
        """Return the values to write after a call that may have arrived."""
        raise NotImplementedError

    def _prepare_wait_values(self, error=None, is_own=True):
        """Return the values to write after an attempt without a result.

        Wait as long as the service asks for, else by ``_back_off``.

        :param error: error of the call, None if there was no answer
        :type error: TrustedShopsError or None
        :param bool is_own: whether the record is at fault; if not, it waits shortly,
            and the attempt does not count
        :return: empty to give up
        :rtype: dict
        """
        now, count = fields.Datetime.now(), self.trouble_count
        if seconds := getattr(error, "retry_after", None):
            return {"next_attempt_at": now + timedelta(seconds=seconds)}
        if not is_own:  # the login or the service is at fault
            return {"next_attempt_at": now + self._back_off[0]}
        if count >= len(self._back_off) and self._is_given_up_after(error):
            return {}
        wait = self._back_off[min(count, len(self._back_off) - 1)]
        return {"next_attempt_at": now + wait, "trouble_count": count + 1}

    def _is_given_up_after(self, error):
        """Return True to give up after all of ``_back_off``, by default False.

        :param error: see :meth:`_prepare_wait_values`
        :type error: TrustedShopsError or None
        :rtype: bool
        """
        return False

    # === A CALL === #
    def _ask(self, run, call, store, rest="", **values):
        """Make a call about the record, between two commits, and store the answer.

        :param Run run: state of the run
        :param call: function that makes the call with a client, without any SQL
        :param store: see :func:`store_answer`
        :param str rest: kind of the rest of such calls, '' if they have none
        :param values: values to write before the call
        :return: answer or TrustedShopsError; None if there is no client
        """
        # If this process sleeps so long that another one takes the record over, the
        # answer is late.
        if not (client := self._get_client(run)):
            return None
        login, environment = self._get_login(), self._get_environment()
        lease = fields.Datetime.now() + const.LEASE
        self.write({**values, "lease_until": lease})
        self.env["ir.cron"]._commit_progress()
        answer = run.call(lambda: call(client))
        store_answer(self, answer, lease, store)
        run.process_answer(login, environment, answer, rest, self.id)
        return answer

    def _get_client(self, run):
        """Return a client for the record, which the run shares and closes, or None."""
        raise NotImplementedError

    def _get_login(self):
        """Return the login for calls about the record."""
        raise NotImplementedError

    def _get_environment(self):
        """Return the environment for calls about the record."""
        return self.environment
