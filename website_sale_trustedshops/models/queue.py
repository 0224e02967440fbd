# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A queue of rows that are sent to Trusted Shops: when, in what order, how often.

How a run works through them is in ``batches.py``.
"""

from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .. import const
from .batches import Job, run_in_turn, store_answer
from .failure import BUG, LOST
from .service import is_ahead


class TrustedShopsQueue(models.AbstractModel):
    """Rows about which the queue asks Trusted Shops, with one call per row.

    During a call that must not be repeated the state is ``sending``, and nothing else
    writes the row.
    """

    _name = "trustedshops.queue"
    _description = "Trusted Shops Queue"
    _inherit = ["trustedshops.todo", "trustedshops.guarded.fields"]

    # External ID of the cron, and kind of the service that it asks.
    _queue_cron = ""
    _queue_service = ""
    # Kind of the rest of its calls that change something, if they have one.
    _queue_rest = ""
    # States in which the queue has work left, and those of them that a bug postpones.
    _underway_states = ()
    _waiting_states = ()
    # How long a row waits before the 2nd, 3rd ... attempt, and the longest wait of any
    # kind.
    _back_off = const.BACK_OFF
    _longest_wait = timedelta(days=1)

    next_attempt_at = fields.Datetime(string="Next Attempt", readonly=True)
    # When the call that is under way counts as lost.
    lease_until = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True, aggregator=None)
    # Attempts in a row without a result.
    trouble_count = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    # A call got no answer, so it may have arrived.
    may_have_arrived = fields.Boolean(readonly=True, export_string_translation=False)
    # Why it brought no result: a code, or the technical sentence of an error.
    last_error = fields.Char(readonly=True, export_string_translation=False)
    # The result of a call was not reported to users yet.
    notice_due = fields.Boolean(readonly=True, export_string_translation=False)

    # === THE RUN === #
    def _trigger_queue(self, at=None):
        """Have the queue run, by default as soon as this is committed."""
        self.env["ir.cron"]._trustedshops_trigger(self._queue_cron, at=at)

    @api.model
    def _run_queue(self):
        """Work through everything that is due, and schedule the next run."""
        is_done, services = self._run_first(), self.env["trustedshops.service"]
        with closing(services._begin_run(self._queue_service)) as run:
            jobs = self._get_jobs(run)
            is_done = is_done and run_in_turn(jobs, self.env, self._run_between)
            run.pause()
        if not is_done:
            # After a slow call, pause as long as it took, so that other jobs can run.
            pause = timedelta(seconds=run.slowest if run.slowest >= 5 else 0)
            self.env["ir.cron"]._trustedshops_go_on_later(self._queue_cron, after=pause)
            return
        if next_at := self._get_next_attempt_at():
            self._trigger_queue(at=next_at)
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_first(self):
        """Do the work that needs no call first; return whether there is time left."""
        lost = self._get_lost_domain
        return Job(self, lost, lambda rows: rows._take_up_lost()).do_all()

    @api.model
    def _run_between(self):
        """Do what is due before each batch of jobs; return whether there is time."""
        return True

    @api.model
    def _get_jobs(self, run):
        """Return the list of Jobs that a run does in turn.

        :param Run run: what it remembers of its calls
        """
        raise NotImplementedError

    @api.model
    def _get_due_domain(self):
        """Return the domain of rows whose wait is over, or absurdly long."""
        now = fields.Datetime.now()
        waits = is_ahead("next_attempt_at", now, self._longest_wait)
        return ~waits & Domain("next_attempt_at", "!=", False)

    @api.model
    def _get_lost_domain(self):
        """Return the domain of rows that a dead process left in a call."""
        waits = is_ahead("lease_until", fields.Datetime.now(), const.LEASE)
        return Domain("state", "=", "sending") & ~waits

    @api.model
    def _get_next_attempt_at(self):
        """Return the moment of a run before the next regular one, or None."""
        now = fields.Datetime.now()
        underway, moments = Domain("state", "in", self._underway_states), []
        for name in ("next_attempt_at", "lease_until"):
            later = underway & Domain(name, ">", now)
            moments.append(self.search(later, order=name, limit=1)[name])
        services, kinds = self.env["trustedshops.service"], self._get_service_kinds()
        moments.append(services._get_next_attempt_at(*kinds))
        return min(filter(None, moments), default=None)

    @api.model
    def _get_service_kinds(self):
        """Return the kinds of the service and of the rest for which rows wait."""
        return self._queue_service, self._queue_rest

    @api.model
    def _get_endpoint_domain(self, endpoints):
        """Return the domain of rows in some endpoints, see ``Run``."""
        return Domain("environment", "in", list(endpoints))

    # === ONE ROW === #
    def _in_shop(self):
        """Return the row in the language, time zone and company of its work."""
        return self._in_responsible_lang()

    def _postpone_after_bug(self):
        """Postpone a row that crashed, so that it is not the first of every run."""
        if self.state not in self._waiting_states:
            return
        self.next_attempt_at = fields.Datetime.now() + self._back_off[-1]
        if not self.notice_due:
            self.last_error = BUG

    def _take_up_lost(self):
        """Go on with the rows that a dead process left in the middle of a call."""
        for row in self:
            row.write({**row._prepare_lost_values(), "last_error": LOST})

    def _prepare_lost_values(self):
        """Return the values of a row whose call may or may not have arrived."""
        raise NotImplementedError

    def _prepare_wait_values(self, error=None, is_own=True):
        """Return the values after an attempt without a result; {} to give up."""
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
        """Return whether the last wait ends the row; otherwise it repeats.

        :param error: why there is no result, if there was an answer
        :type error: TrustedShopsError or None
        """
        return False

    # === A CALL === #
    def _ask(self, run, call, store, rest="", **values):
        """Ask Trusted Shops about the row, store the answer and commit.

        :param str rest: kind of the rest of such calls, if they have one
        """
        # All values were read before. If this process sleeps so long that another one
        # takes the row over, the answer is late.
        if not (client := self._get_client(run)):
            return None
        login, environment = self._get_login(), self._get_environment()
        lease = fields.Datetime.now() + const.LEASE
        self.write({**values, "lease_until": lease})
        self.env["ir.cron"]._commit_progress()
        answer = run.call(lambda: call(client))
        store_answer(self, answer, lease, store)
        run.note(login, environment, answer, rest, self.id)
        return answer

    def _get_client(self, run):
        """Return an open client for the row, shared by the run; None without one."""
        raise NotImplementedError

    def _get_login(self):
        """Return the login with which the row is asked about."""
        raise NotImplementedError

    def _get_environment(self):
        """Return the environment in which the row is asked about."""
        return self.environment
