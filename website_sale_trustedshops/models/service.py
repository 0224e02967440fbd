# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time
from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.fields import Domain

from .. import const
from ..lib.exceptions import TrustedShopsError
from .failure import log_failure

_logger = logging.getLogger(__name__)

SOAP, APPLYING = "soap", "applying"
# The responsible user is told after this time.
TOLD_AFTER = timedelta(minutes=15)
# With how many logins a probe is tried while there is no answer, and for how many
# seconds, so that a service that hangs does not keep the server from other work.
PROBES, PROBE_WITHIN = 3, 8
# Longer than any pause.
DAY = timedelta(days=1)


class Kind(NamedTuple):
    """What can give no answer.

    :param tuple pauses: how long it is left alone, in minutes: one after the other,
        in the end always the last
    :param str message: code of what people read meanwhile
    :param bool is_probed: whether a call that only reads tells when it answers again
    """

    pauses: tuple
    message: object
    is_probed: bool = False


KINDS = {
    SOAP: Kind((1, 2, 4, 10), "silent_soap", is_probed=True),
    APPLYING: Kind((5, 10, 20, 30), "silent_applying"),
}


def is_ahead(name, now, at_most):
    """Return the domain of the records for which a moment is yet to come.

    A moment that is further ahead was set by a wrong clock, so nothing waits for it.

    :param str name: of a field, a moment in UTC
    :param datetime.datetime now: UTC
    :param datetime.timedelta at_most: how far ahead it is ever set
    :rtype: Domain
    """
    return Domain(name, ">", now) & Domain(name, "<=", now + at_most)


class Run:
    """Remembers the calls of one run of a scheduled action.

    An *endpoint* is what fails together: an environment, or an account for reviews.

    :param services: the model ``trustedshops.service``
    :param str kind: of the service that is asked
    """

    def __init__(self, services, kind):
        self.services, self.kind = services, kind
        self.clients = {}
        # Calls without an answer by environment and endpoint, and the environments that
        # answered the probe.
        self.missed, self.alive = Counter(), set()
        # Places that make no call any more, and whether any work was left.
        self.over, self.is_cut = set(), False
        # By kind and endpoint of the rests that an answer changes: whether one row goes
        # alone.
        self.rests = services._search_rests()
        self.seconds = self.slowest = self.in_vain = 0.0

    def call(self, make):
        """Make a call, in which no SQL runs.

        :param make: function that makes the call
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
        """Return whether one row goes alone after a rest.

        :param str rest: kind of the rest
        :param endpoint: see :class:`Run`
        """
        return self.rests.get((rest, endpoint), False)

    def note(self, login, environment, answer, rest="", row_id=0):
        """Store and commit what the last call tells about the service, if that is news.

        :param login: with which it was made, a record that inherits
            ``trustedshops.login``
        :param str environment: of the service
        :param answer: of :meth:`call`
        :param str rest: kind of the rest that calls of this kind have of their own
        :param int row_id: id of the row that was sent, if they have one
        """
        endpoint = login._get_endpoint(environment)
        if isinstance(answer, TrustedShopsError) and answer.is_silence:
            self._note_missed(login, environment, answer, rest, row_id)
        elif (rest, endpoint) in self.rests:
            self.rests.pop((rest, endpoint))
            self.services._get_rest(rest, login)._update_answer()
        else:
            return
        self.services.env["ir.cron"]._commit_progress()

    def _note_missed(self, login, environment, error, rest, row_id):
        """Ask by a call that only reads whether the service is silent.

        If it is not, it is the trouble of the row, and the run goes on until a second
        call in this endpoint gets no answer.
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
            row._rest(error, row_id, is_silent)
            self.rests[rest, endpoint] = bool(row.silent_since)

    def pause(self):
        """Leave the server to others for a time after calls without an answer.

        :return: whether work was left
        :rtype: bool
        """
        pause = max(const.REST, timedelta(seconds=2 * self.in_vain))
        for environment, _endpoint in self.missed:
            self.services._find(self.kind, environment)._pause(pause)
        return self.is_cut

    def close(self):
        """Close the clients."""
        for client in self.clients.values():
            client.close()


class TrustedShopsService(models.Model):
    """Tells what gives no answer: a service, or only calls that change something.

    There is a row for each service and environment. Only a call that reads makes a
    service silent; then nothing else is sent until such a call is answered. As it says
    nothing about calls that change something, these have rows of their own: after a
    rest one goes alone, and any answer to it ends the rest.
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
    # The last pause, in minutes, if there was no answer since.
    pause_minutes = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    # The last row that was sent, if it got no answer.
    missed_id = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    # English technical sentence.
    last_error = fields.Char(readonly=True)
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
        """Return the words that make up the name, in the language of the context."""
        return [
            self._fields[name].convert_to_export(self[name], self)
            for name in ("kind", "environment")
        ]

    @api.depends("silent_since", "last_error")
    @api.depends_context("lang")
    def _compute_notice(self):
        for service in self:
            service.notice = service.silent_since and service._format_silence()

    # === MAY IT BE ASKED === #
    @api.model
    def _find(self, kind, environment):
        """Return the row of a service in sudo; only the first call needs a query."""
        return self.sudo().browse(self._find_id(kind, environment))

    @api.model
    @tools.ormcache("kind", "environment")
    def _find_id(self, kind, environment):
        """Return the ids of the row of a service, which a data file created."""
        domain = [("kind", "=", kind), ("environment", "=", environment)]
        return self.sudo().search(domain).ids

    @api.model
    def _get_rest(self, kind, login, *, is_made=False):
        """Return the row of the calls with a login that change something, in sudo.

        :param str kind: of the rest
        :param login: a record that inherits ``trustedshops.login``
        :param bool is_made: whether a missing row is created
        """
        return self._find(kind, login.environment)

    @api.model
    def _search_rests(self):
        """Return whether there is no answer, by kind and endpoint."""
        missed = Domain("missed_id", "!=", 0) | Domain("pause_minutes", "!=", 0)
        missed |= Domain("silent_since", "!=", False)
        found = self.sudo().search(missed)
        return {
            (each.kind, each._get_endpoint()): bool(each.silent_since) for each in found
        }

    def _get_endpoint(self):
        """Return the name of what fails together, see :class:`Run`."""
        return self.environment

    def _get_wait(self, now):
        """Return the reason not to send anything now, and its end.

        The twin of :meth:`_get_resting_domain`.

        :param datetime.datetime now: UTC
        :return: ``silent``, the kind of a rest, or ``resting`` for a short pause; ''
            when it may be asked; UTC, False when the end is not known
        :rtype: tuple
        """
        if not self.filtered_domain(self._get_resting_domain(now)):
            return "", False
        until = self.rests_until and max(self.rests_until, now)
        code = "silent" if self._get_kinds()[self.kind].is_probed else self.kind
        return (code if self.silent_since else "resting"), until

    @api.model
    def _get_resting_domain(self, now):
        """Return the domain of rows to which nothing may be sent now, probes aside."""
        probed = [name for name, kind in self._get_kinds().items() if kind.is_probed]
        is_silent = Domain("kind", "in", probed) & Domain("silent_since", "!=", False)
        return is_silent | is_ahead("rests_until", now, DAY)

    @api.model
    def _get_resting_endpoints(self, kind, now=None):
        """Return the endpoints to which nothing may be sent now.

        :param str kind: of the service, or of the rest
        """
        now = now or fields.Datetime.now()
        resting = Domain("kind", "=", kind) & self._get_resting_domain(now)
        return [each._get_endpoint() for each in self.sudo().search(resting)]

    @api.model
    def _get_next_attempt_at(self, *kinds):
        """Return the end of the next rest of some kinds, False without one."""
        resting = Domain("kind", "in", kinds)
        resting &= is_ahead("rests_until", fields.Datetime.now(), DAY)
        return self.sudo().search(resting, order="rests_until", limit=1).rests_until

    @api.model
    def _get_kinds(self):
        """Return each :class:`Kind` by its name. To be extended."""
        return KINDS

    # === WHAT A CALL TELLS === #
    def _update_silence(self, error):
        """Store that there is no answer; tell the responsible user if that lasts.

        Do nothing if another process holds the row.

        :param TrustedShopsError error: why there is none
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
                    "last_error": str(error),
                }
            )
            if now - since >= TOLD_AFTER:
                told = service._in_responsible_lang()
                told._schedule_todo("silent", told._format_silence())

    def _update_answer(self):
        """Store that there are answers, and run the queues that waited."""
        names = ("silent_since", "rests_until", "pause_minutes", "missed_id")
        names += ("last_error",)
        noted = self.filtered(lambda each: any(each[name] for name in names))
        for service in noted.try_lock_for_update():
            is_over = bool(service.silent_since)
            service.write(dict.fromkeys(names, False))
            if is_over:
                words = service.kind, service.environment
                _logger.info("Answers again, %s in %s", *words)
                service._remove_todos_about("silent")
                service._wake()

    def _rest(self, error, row_id, is_silent):
        """Rest from applications after two rows in succession, or one after a rest.

        The probe says nothing about them, unless the whole service is silent.

        :param TrustedShopsError error: why there is no answer
        :param int row_id: id of the row that got none
        :param bool is_silent: whether the service is silent
        """
        if is_silent:
            return
        if self.silent_since or self.missed_id not in (0, row_id):
            self._update_silence(error)
        self.try_lock_for_update().missed_id = row_id

    def _pause(self, pause):
        """Make no calls for a time, without telling anybody.

        :param datetime.timedelta pause: how long
        """
        answering = self.filtered(lambda each: not each.silent_since)
        answering.try_lock_for_update().rests_until = fields.Datetime.now() + pause

    def _format_silence(self):
        """Return the sentence about the silence: its reason, and the losses so far.

        The activity, the forms and the order's tab all say it. It names no moment,
        which each reader would see in another time zone.
        """
        message = self._get_kinds()[self.kind].message
        reason = self._format_trouble(self.last_error)
        words = {"reason": reason, "service": self.display_name}
        text = self._format_message(message, **words)
        if count := self._count_given_up():
            text = f"{text} {self._format_message('given_up', count=count)}"
        return text

    def _count_given_up(self):
        """Count the applications that became too old during the silence."""
        oldest = self.silent_since - const.APPLY_WITHIN
        return self.env["trustedshops.protection"].search_count(
            [
                ("environment", "=", self.environment),
                ("state", "=", "failed"),
                ("last_error", "=", "too_late"),
                ("placed_at", ">=", oldest),
            ]
        )

    # === IS IT BACK === #
    @api.model
    def _begin_run(self, kind):
        """Begin a run: probe the silent services for which it is time.

        :param str kind: of the services
        :rtype: Run
        """
        rests = is_ahead("rests_until", fields.Datetime.now(), DAY)
        silent = Domain("kind", "=", kind) & Domain("silent_since", "!=", False)
        for service in self.sudo().search(silent & ~rests):
            try:
                service._ask_again()
            except Exception as error:  # a bug in the probe must not stop the queue
                self.env.cr.rollback()
                log_failure(_logger, error, "%s could not be probed", str(service))
        self._end_idle_rests()
        return Run(self, kind)

    @api.model
    def _end_idle_rests(self):
        """End the rests after which nothing would be sent, so that nobody is told.

        The next call without an answer makes a longer one all the same.
        """
        kinds = [name for name, kind in self._get_kinds().items() if not kind.is_probed]
        idle = Domain("kind", "in", kinds) & Domain("silent_since", "!=", False)
        idle &= ~is_ahead("rests_until", fields.Datetime.now(), DAY)
        found = self.sudo().search(idle)
        for service in found.filtered(lambda each: not each._is_waited_for()):
            service.try_lock_for_update().write(
                {"silent_since": False, "rests_until": False}
            )
            service._remove_todos_about("silent")

    def _is_waited_for(self):
        """Return whether any row waits for the end of this rest."""
        accepted = self.env["trustedshops.certificate"]._get_accepted_domain()
        waiting = Domain("environment", "=", self.environment)
        waiting &= Domain("state", "in", ("queued", "sending"))
        waiting &= Domain("certificate_id", "any", accepted)
        return bool(self.env["trustedshops.protection"].search_count(waiting, limit=1))

    def _ask_again(self):
        """Probe a silent service, and store whether it answers."""
        commit = self.env["ir.cron"]._commit_progress
        # Store this first, so that nothing probes again at once if the process dies.
        self.rests_until = fields.Datetime.now() + const.REST
        commit()
        if error := self._probe():
            self._update_silence(error)
        else:
            self._update_answer()
        commit()

    def _probe(self, login=None):
        """Ask by a call that only reads, with one login after the other.

        :param login: to begin with
        :return: why there is no answer; None if there is one, or nobody to ask
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

    # === WHO ASKS IT === #
    def _get_probing(self, login):
        """Return the logins to probe with, also others than the given one.

        Any certificate speaks for the service, and of one the answer may be unreadable.

        :param login: to begin with, or None
        """
        if not login:
            return self._search_logins()
        own = login.filtered(lambda each: each.environment == self.environment)
        return own | self._search_logins()

    def _search_logins(self):
        """Return the logins with which this service is asked. To be extended.

        Certificates may be archived, because their queues go on; accounts are not.

        :return: records of one model that inherits ``trustedshops.login``, in sudo
        """
        certificates = self.env["trustedshops.certificate"].sudo()
        found = certificates.with_context(active_test=False).search(
            [("environment", "=", self.environment)], order="active desc, id"
        )
        return found.with_env(certificates.env)

    def _wake(self):
        """Run the queues that call this service."""
        self.env["trustedshops.protection"]._trigger_queue()

    def _get_responsible(self):
        """Override: the responsible user of a login is told about the silence."""
        users = self._search_logins().user_id.filtered("active")
        return users[:1] or self._get_administrators()[:1]
