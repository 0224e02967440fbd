# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time
from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ... import const
from ...lib.exceptions import TrustedShopsError
from ..failure import LOST, log_failure

_logger = logging.getLogger(__name__)

SOAP, APPLYING = "soap", "applying"
# The responsible user gets an activity after this time without an answer, which ends
# this time after an answer.
TOLD_AFTER, TOLD_UNTIL = timedelta(minutes=15), timedelta(minutes=30)
# A probe tries at most so many logins, and begins no call after so many seconds: a
# service that hangs must not keep the server from other work.
PROBES, PROBE_WITHIN = 3, 8
# Longer than any pause.
DAY = timedelta(days=1)


class Kind(NamedTuple):
    """A kind of record of ``trustedshops.service``.

    :param tuple pauses: pauses in minutes, after the first, second ... failure in
        succession; the last one repeats
    :param str message: code of the message while there is no answer
    :param bool is_probed: whether probes, calls that only read, find out when there are
        answers again
    """

    pauses: tuple
    message: str
    is_probed: bool = False


KINDS = {
    SOAP: Kind((1, 2, 4, 10), "silent_soap", is_probed=True),
    APPLYING: Kind((5, 10, 20, 30), "silent_records"),
}


def get_ahead_domain(name, now, at_most):
    """Return the domain of records with a moment in the near future.

    A later moment was set by a wrong clock, so nothing waits for it.

    :param str name: field with the moment, in UTC
    :param datetime.datetime now: UTC
    :param datetime.timedelta at_most: longest time from now
    :rtype: Domain
    """
    return Domain(name, ">", now) & Domain(name, "<=", now + at_most)


class Run:
    """Keeps the state of one run of a scheduled action that calls a service.

    An *endpoint* is an environment, or an account for reviews: its calls fail together.
    A *rest* is a pause of the calls that change something.

    :param services: empty recordset of ``trustedshops.service``
    :param str kind: kind of the service
    """

    def __init__(self, services, kind):
        self.services, self.kind = services, kind
        self.clients = {}
        # Calls without an answer by environment and endpoint, and the environments that
        # answered a probe.
        self.missed, self.alive = Counter(), set()
        # Endpoints that this run calls no more, and whether it left any work.
        self.over, self.is_cut = set(), False
        # See `_search_rests`.
        self.rests = services._search_rests()
        # Duration of the last and of the slowest call, and of all without an answer.
        self.seconds = self.slowest = self.in_vain = 0.0

    def call(self, make):
        """Make a call, and measure its duration.

        :param make: function that makes the call, without any SQL
        :return: its answer, or the TrustedShopsError that it raised
        """
        began = time.monotonic()
        try:
            return make()
        except TrustedShopsError as error:
            return error
        finally:
            self.seconds = time.monotonic() - began
            self.slowest = max(self.slowest, self.seconds)

    def is_trial(self, rest, endpoint):
        """Return True if the next call of a kind is the first one after a rest.

        If it gets no answer, the record that is sent is not at fault.

        :param str rest: kind of the rest
        :param endpoint: see :class:`Run`
        :rtype: bool
        """
        return self.rests.get((rest, endpoint), False)

    def process_answer(self, login, environment, answer, rest="", row_id=0):
        """Update the records of the service and of the rest after a call, and commit.

        Do nothing after an answer if none was missing before.

        :param login: login with which the call was made, a record of a model that
            inherits ``trustedshops.login``
        :param str environment: environment of the service
        :param answer: result of :meth:`call`
        :param str rest: kind of the rest of such calls, '' if they have none
        :param int row_id: id of the record that was sent, 0 without a rest
        """
        endpoint = login._get_endpoint(environment)
        if isinstance(answer, TrustedShopsError) and answer.is_silence:
            self._process_missed(login, environment, answer, rest, row_id)
        elif (rest, endpoint) in self.rests:
            self.rests.pop((rest, endpoint))
            self.services._get_rest(rest, login)._update_answer()
        else:
            return
        self.services.env["ir.cron"]._commit_progress()

    def _process_missed(self, login, environment, error, rest, row_id):
        """Probe the service after a call without an answer, and store the result.

        If it answers, only the record is in trouble: the run calls the endpoint until a
        second call gets no answer. The parameters are those of :meth:`process_answer`.
        """
        endpoint = login._get_endpoint(environment)
        self.in_vain += self.seconds
        self.missed[environment, endpoint] += 1
        service = self.services._find(self.kind, environment)
        began = time.monotonic()
        is_silent = environment not in self.alive and bool(service._probe(login))
        self.in_vain += time.monotonic() - began
        if is_silent:
            service._update_silence(error)
            self.is_cut = True
        else:
            self.alive.add(environment)
        if self.missed[environment, endpoint] > 1:
            self.over.add(endpoint)
            self.is_cut = True
        if rest:
            row = self.services._get_rest(rest, login, is_made=True)
            row._update_rest(error, row_id, is_silent)
            self.rests[rest, endpoint] = bool(row.silent_since)

    def pause(self):
        """Pause the services that left calls of this run without an answer.

        The pause is twice as long as these calls took, and at least a minute.

        :return: whether the run left work for a later one
        :rtype: bool
        """
        pause = max(const.REST, timedelta(seconds=2 * self.in_vain))
        for environment, _endpoint in self.missed:
            self.services._find(self.kind, environment)._pause(pause)
        return self.is_cut

    def close(self):
        """Close the clients that the run opened."""
        for client in self.clients.values():
            client.close()


class TrustedShopsService(models.Model):
    """Stores which services of Trusted Shops give no answer, and the pauses of calls.

    There is a record for each service and environment. A service is *silent* if a
    probe, a call that only reads, gets no answer; then only probes are sent until one
    is answered. A probe says nothing about calls that change something, so these have
    records of their own: after a *rest* one call goes alone, and any answer to it ends
    the rest.
    """

    _name = "trustedshops.service"
    _description = "Trusted Shops Service"
    _inherit = ["trustedshops.todo"]
    _order = "kind, environment, id"

    kind = fields.Selection(
        [
            (SOAP, "Certificates and Buyer Protection"),
            (APPLYING, "Applications for Buyer Protection"),
        ],
        string="Service",
        required=True,
        readonly=True,
    )
    environment = fields.Selection(const.ENVIRONMENTS, required=True, readonly=True)
    silent_since = fields.Datetime(readonly=True)
    rests_until = fields.Datetime(string="Next Attempt", readonly=True)
    # The last pause, in minutes; 0 after an answer.
    pause_minutes = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    # Id of the last record that was sent without an answer; 0 after an answer.
    missed_id = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    # Last answer after a call without one, until the trouble is over.
    answered_at = fields.Datetime(readonly=True, export_string_translation=False)
    # ``trouble`` of the last error.
    last_error = fields.Char(readonly=True, export_string_translation=False)
    notice = fields.Char(
        compute="_compute_notice", compute_sudo=True, export_string_translation=False
    )

    _unique_endpoint = models.UniqueIndex("(kind, environment)")

    @api.depends("kind", "environment")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for service in self:
            service.display_name = ", ".join(filter(None, service._get_names()))

    def _get_names(self):
        """Return the parts of the display name, in the language of the context.

        :rtype: list[str or bool]
        """
        return [
            self._fields[name].convert_to_export(self[name], self)
            for name in ("kind", "environment")
        ]

    @api.depends("silent_since", "last_error")
    @api.depends_context("lang")
    def _compute_notice(self):
        for service in self:
            service.notice = service.silent_since and service._format_silence()

    # === PAUSES === #
    @api.model
    def _find(self, kind, environment):
        """Return the record of a kind and environment in sudo, by a cached id."""
        return self.sudo().browse(self._find_id(kind, environment))

    @api.model
    @tools.ormcache("kind", "environment")
    def _find_id(self, kind, environment):
        """Return the ids of the records of a kind and environment: one, or none."""
        domain = [("kind", "=", kind), ("environment", "=", environment)]
        return self.sudo().search(domain).ids

    @api.model
    def _get_rest(self, kind, login, *, is_made=False):
        """Return the record that stores the rest of the calls with a login, in sudo.

        It may be empty. To be overridden for kinds with a record for each login.

        :param str kind: kind of the rest
        :param login: record of a model that inherits ``trustedshops.login``
        :param bool is_made: whether to create a missing record
        """
        return self._find(kind, login.environment)

    @api.model
    def _search_rests(self):
        """Return the kinds and endpoints whose records the next answer will reset.

        :return: by kind and endpoint, whether the service is silent or the rest holds
        :rtype: dict
        """
        missed = Domain("missed_id", "!=", 0) | Domain("pause_minutes", "!=", 0)
        missed |= Domain("silent_since", "!=", False)
        found = self.sudo().search(missed)
        return {
            (each.kind, each._get_endpoint()): bool(each.silent_since) for each in found
        }

    def _get_endpoint(self):
        """Return the endpoint of the record, see :class:`Run`."""
        return self.environment

    def _get_wait(self, now):
        """Return the reason to make no call now, and when it ends.

        :param datetime.datetime now: UTC
        :return: ``silent``, the kind of the rest, ``resting`` for a short pause, or ''
            if calls may be sent; and the end in UTC, False if it is not known
        :rtype: tuple
        """
        if not self.filtered_domain(self._get_resting_domain(now)):
            return "", False
        until = self.rests_until and max(self.rests_until, now)
        code = "silent" if self._get_kinds()[self.kind].is_probed else self.kind
        return (code if self.silent_since else "resting"), until

    @api.model
    def _get_resting_domain(self, now):
        """Return the domain of records whose calls, except probes, must wait now.

        :param datetime.datetime now: UTC
        """
        probed = [name for name, kind in self._get_kinds().items() if kind.is_probed]
        is_silent = Domain("kind", "in", probed) & Domain("silent_since", "!=", False)
        return is_silent | get_ahead_domain("rests_until", now, DAY)

    @api.model
    def _get_resting_endpoints(self, kind, now=None):
        """Return the endpoints to which nothing may be sent now.

        :param str kind: kind of the service, or of the rest
        :param now: UTC, default: now
        :type now: datetime.datetime or None
        :rtype: list
        """
        now = now or fields.Datetime.now()
        resting = Domain("kind", "=", kind) & self._get_resting_domain(now)
        return [each._get_endpoint() for each in self.sudo().search(resting)]

    @api.model
    def _get_recovering_domain(self, since):
        """Return the domain of services without an answer at some time since a moment.

        :param datetime.datetime since: UTC
        """
        return self._get_resting_domain(since) | Domain("answered_at", ">", since)

    @api.model
    def _get_next_attempt_at(self, *kinds):
        """Return the earliest end of a pause of some kinds; False if none is paused.

        :rtype: datetime.datetime or bool
        """
        resting = Domain("kind", "in", kinds)
        resting &= get_ahead_domain("rests_until", fields.Datetime.now(), DAY)
        return self.sudo().search(resting, order="rests_until", limit=1).rests_until

    @api.model
    def _get_kinds(self):
        """Return the :class:`Kind` of each value of ``kind``. To be extended."""
        return KINDS

    @api.model
    def _get_trouble_end(self, *kinds):
        """Return when a trouble of some kinds may be over, see :meth:`_close_troubles`.

        :return: UTC, False if there is none
        :rtype: datetime.datetime or bool
        """
        since = fields.Datetime.now() - TOLD_UNTIL
        ending = Domain("kind", "in", kinds) & Domain("answered_at", ">", since)
        found = self.sudo().search(ending, order="answered_at", limit=1)
        return found and found.answered_at + TOLD_UNTIL

    # === RESULTS OF CALLS === #
    def _update_silence(self, error):
        """Store that there is no answer, and begin the next, longer pause.

        If that lasts, schedule an activity for the responsible user. Do nothing if
        another process has locked the record.

        :param TrustedShopsError error: of the call
        """
        now = fields.Datetime.now()
        for service in self.try_lock_for_update():
            if not service.silent_since:
                words = now, service.kind, service.environment, error
                _logger.warning("No answer since %s UTC, %s in %s: %s", *words)
            since = service.silent_since or now
            pauses = service._get_kinds()[service.kind].pauses
            longer = (each for each in pauses if each > service.pause_minutes)
            pause = next(longer, pauses[-1])
            service.write(
                {
                    "silent_since": since,
                    "rests_until": now + timedelta(minutes=pause),
                    "pause_minutes": pause,
                    "last_error": error.trouble,
                }
            )
            in_lang = service._with_responsible_lang()
            todos = service._get_todos_about("silent", is_open=False)
            # A user who closed it knows of the trouble.
            if any(todos.mapped("active")) or (not todos and now - since >= TOLD_AFTER):
                in_lang._schedule_todo("silent", in_lang._format_silence())

    def _update_answer(self):
        """Store that there are answers.

        If there were none before, run the queues that waited. The activity stays for
        ``TOLD_UNTIL``, because the next call may get no answer again.
        """
        names = ("silent_since", "rests_until", "pause_minutes", "missed_id")
        names += ("last_error",)
        noted = self.filtered(lambda each: any(each[name] for name in names))
        for service in noted.try_lock_for_update():
            is_over = bool(service.silent_since)
            answered = {"answered_at": fields.Datetime.now()}
            service.write({**dict.fromkeys(names, False), **answered})
            if is_over:
                words = service.kind, service.environment
                _logger.info("Answers again, %s in %s", *words)
                service._trigger_queues()

    @api.model
    def _close_troubles(self):
        """Close the activities about troubles that are over.

        That is ``TOLD_UNTIL`` after an answer, if none was missing since, and no record
        waits whose call got no answer.
        """
        over = Domain("silent_since", "=", False) & Domain("missed_id", "=", 0)
        over &= Domain("answered_at", "<=", fields.Datetime.now() - TOLD_UNTIL)
        for service in self.sudo().search(over).try_lock_for_update():
            if not service._is_waited_for(is_missed=True):
                service.answered_at = False
                service._remove_todos_about("silent", is_open=False)

    def _update_rest(self, error, row_id, is_silent):
        """Note that a call for a queued record got no answer, and perhaps begin a rest.

        A rest begins after two different records in succession without an answer, or
        after the first one following a rest. Do nothing if the whole service is silent.

        :param TrustedShopsError error: of the call
        :param int row_id: id of the record that was sent
        :param bool is_silent: whether the service is silent
        """
        if is_silent:
            return
        if self.silent_since or self.missed_id not in (0, row_id):
            self._update_silence(error)
        self.try_lock_for_update().missed_id = row_id

    def _pause(self, pause):
        """Pause the calls to services that are not silent, without an activity.

        Skip those that another process has locked.

        :param datetime.timedelta pause: length of the pause
        """
        answering = self.filtered(lambda each: not each.silent_since)
        answering.try_lock_for_update().rests_until = fields.Datetime.now() + pause

    def _format_silence(self):
        """Return the sentence about missing answers, with the reason.

        The activity, the forms and the order's tab show it. It contains no date,
        because its readers have different time zones.

        :rtype: str
        """
        message = self._get_kinds()[self.kind].message
        reason = self._format_trouble(self.last_error)
        words = {"reason": reason, "service": self.display_name}
        return self._format_message(message, **words)

    # === PROBES === #
    @api.model
    def _start_run(self, kind):
        """Begin a run of a scheduled action.

        Probe the silent services of a kind whose pause is over. End the rests after
        which nothing would be sent, and the activities about what is over.

        :param str kind: kind of the services
        :rtype: Run
        """
        rests = get_ahead_domain("rests_until", fields.Datetime.now(), DAY)
        silent = Domain("kind", "=", kind) & Domain("silent_since", "!=", False)
        for service in self.sudo().search(silent & ~rests):
            try:
                service._probe_again()
            except Exception as error:  # a bug in the probe must not stop the queue
                self.env.cr.rollback()
                log_failure(_logger, error, "%s could not be probed", str(service))
        self._reset_idle_rests()
        self._close_troubles()
        return Run(self, kind)

    @api.model
    def _reset_idle_rests(self):
        """Reset rests whose pause is over and for which nothing is queued.

        Close their activities. Keep ``pause_minutes``, so that the next pause is still
        longer.
        """
        kinds = [name for name, kind in self._get_kinds().items() if not kind.is_probed]
        idle = Domain("kind", "in", kinds) & Domain("silent_since", "!=", False)
        idle &= ~get_ahead_domain("rests_until", fields.Datetime.now(), DAY)
        found = self.sudo().search(idle)
        for service in found.filtered(lambda each: not each._is_waited_for()):
            locked = service.try_lock_for_update()
            ended = ("silent_since", "rests_until", "answered_at")
            locked.write(dict.fromkeys(ended, False))
            locked._remove_todos_about("silent", is_open=False)

    def _is_waited_for(self, *, is_missed=False):
        """Return True if any record waits for an answer.

        :param bool is_missed: whether its last call must have got none
        """
        accepted = self.env["trustedshops.certificate"]._get_accepted_domain()
        waiting = Domain("environment", "=", self.environment)
        waiting &= Domain("state", "in", ("queued", "sending"))
        waiting &= Domain("certificate_id", "any", accepted)
        if is_missed:
            waiting &= Domain("last_error", "in", ("no_answer", LOST))
        return bool(self.env["trustedshops.protection"].search_count(waiting, limit=1))

    def _probe_again(self):
        """Probe a silent service, and store and commit whether it answers."""
        commit = self.env["ir.cron"]._commit_progress
        # Commit this first, so that no run probes again if the process dies.
        self.rests_until = fields.Datetime.now() + const.REST
        commit()
        if error := self._probe():
            self._update_silence(error)
        else:
            self._update_answer()
        commit()

    def _probe(self, login=None):
        """Make a call that only reads, with one login after the other until an answer.

        Try at most ``PROBES`` logins, and begin no call after ``PROBE_WITHIN`` seconds.

        :param login: record to begin with, None for any
        :return: the error if there was no answer; None after an answer, or without any
            login
        :rtype: TrustedShopsError or None
        """
        error, ends_at = None, time.monotonic() + PROBE_WITHIN
        for each in self._get_probing(login)[:PROBES]:
            error = each._probe()
            if not (error and error.is_silence):
                return None
            if time.monotonic() >= ends_at:
                break
        return error

    # === LOGINS AND QUEUES === #
    def _get_probing(self, login):
        """Return the logins to probe with, the given one first.

        The answer about one certificate may be unreadable, and any other shows that the
        service answers.

        :param login: record to begin with, or None
        """
        if not login:
            return self._search_logins()
        own = login.filtered(lambda each: each.environment == self.environment)
        return own | self._search_logins()

    def _search_logins(self):
        """Return the logins of this service and environment. To be extended.

        Certificates may be archived, because their queues go on; accounts are not.

        :return: records of a model that inherits ``trustedshops.login``, in sudo, the
            archived ones last
        """
        certificates = self.env["trustedshops.certificate"].sudo()
        found = certificates.with_context(active_test=False).search(
            [("environment", "=", self.environment)], order="active desc, id"
        )
        return found.with_env(certificates.env)

    def _trigger_queues(self):
        """Run the queues that call this service."""
        self.env["trustedshops.protection"]._trigger_queue()

    def _get_responsible(self):
        """Override to return the responsible user of a login, or an administrator."""
        users = self._search_logins().user_id.filtered("active")
        return users[:1] or self._get_administrators()[:1]
