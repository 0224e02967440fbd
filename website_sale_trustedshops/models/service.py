# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import format_datetime

from .. import const
from ..lib.exceptions import TrustedShopsError
from .failure import log_failure

_logger = logging.getLogger(__name__)

SOAP = "soap"
# A service is silent once this many different rows in succession got no answer.
SILENT_AFTER = 3
# A silent service is probed after half the time for which it has been silent, or after
# this time.
PROBE_AT_MOST = timedelta(hours=1)


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

    :param services: the model ``trustedshops.service``
    :param str kind: of the service that is asked
    """

    def __init__(self, services, kind):
        self.services, self.kind = services, kind
        self.clients = {}
        # For each environment with a call that got no answer: is the service silent?
        self.troubled = services._find_troubled(kind)
        self.seconds = self.slowest = 0.0
        # After a call without an answer this run makes no other call.
        self.is_over = False

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

    def note(self, environment, asker, answer):
        """Store and commit whether the service answered the last call, if that is news.

        :param str environment: of the service
        :param asker: record for which it was asked
        :param answer: of :meth:`call`
        """
        error = answer if isinstance(answer, TrustedShopsError) else None
        self.is_over = bool(error) and error.is_silence
        if self.is_over or environment in self.troubled:
            self.troubled.pop(environment, None)
            self.services._note(self.kind, environment, asker, error, self.seconds)
            self.services.env["ir.cron"]._commit_progress()

    def close(self):
        """Close the clients."""
        for client in self.clients.values():
            client.close()


class TrustedShopsService(models.Model):
    """Tells whether one of Trusted Shops' services answers, in one environment.

    It is silent once three different rows in a row got no answer; a single row without
    an answer is no outage. Then nothing is sent to it. From time to time we try a call
    that only reads; when it is answered, one row is sent alone, and then all.
    """

    _name = "trustedshops.service"
    _description = "Trusted Shops Service"
    _inherit = ["trustedshops.todo"]
    _order = "kind, environment"

    kind = fields.Selection(
        [(SOAP, "Certificates and Buyer Protection")],
        string="Service",
        required=True,
        readonly=True,
    )
    environment = fields.Selection(const.ENVIRONMENTS, required=True, readonly=True)
    silent_since = fields.Datetime(readonly=True)
    # The service answered the call that only reads.
    is_on_trial = fields.Boolean(readonly=True, export_string_translation=False)
    rests_until = fields.Datetime(string="Next Attempt", readonly=True)
    # Names of the last records in succession without an answer, separated by blanks.
    missed = fields.Char(readonly=True, export_string_translation=False)
    last_error = fields.Char(readonly=True)
    notice = fields.Char(compute="_compute_notice", export_string_translation=False)

    _unique_place = models.UniqueIndex("(kind, environment)")

    @api.depends("kind", "environment")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for service in self:
            parts = (
                service._fields[name].convert_to_export(service[name], service)
                for name in ("kind", "environment")
            )
            service.display_name = ", ".join(filter(None, parts))

    @api.depends("silent_since")
    @api.depends_context("lang", "tz")
    def _compute_notice(self):
        for service in self:
            service.notice = service.silent_since and service._explain_outage()

    # === MAY IT BE ASKED === #
    @api.model
    def _find(self, kind, environment):
        """Return the row of a service in sudo; only the first call needs a query."""
        return self.sudo().browse(self._find_id(kind, environment))

    @api.model
    @tools.ormcache("kind", "environment")
    def _find_id(self, kind, environment):
        """Return the ids of the row of a service, which a data file created."""
        place = [("kind", "=", kind), ("environment", "=", environment)]
        return self.sudo().search(place).ids

    def _get_wait(self, now):
        """Return why nothing may be sent now, and until when.

        The twin of :meth:`_get_resting_domain`.

        :param datetime.datetime now: UTC
        :return: ``silent`` or ``resting``, '' when the service may be asked; UTC, False
            when the end is not known
        :rtype: tuple
        """
        if not self.filtered_domain(self._get_resting_domain(now)):
            return "", False
        until = self.rests_until and max(self.rests_until, now)
        return ("silent" if self.silent_since else "resting"), until

    @api.model
    def _get_resting_domain(self, now):
        """Return the services to which nothing may be sent now."""
        is_silent = Domain("silent_since", "!=", False)
        is_silent &= Domain("is_on_trial", "=", False)
        return is_silent | self._get_rest_domain(now)

    @api.model
    def _get_rest_domain(self, now):
        """Return the services that are left alone for a time."""
        return is_ahead("rests_until", now, PROBE_AT_MOST)

    @api.model
    def _get_resting_environments(self, kind, now=None):
        """Return the environments in which nothing may be sent to a service now."""
        now = now or fields.Datetime.now()
        resting = Domain("kind", "=", kind) & self._get_resting_domain(now)
        return self.sudo().search(resting).mapped("environment")

    # === WHAT A CALL TELLS === #
    @api.model
    def _note(self, kind, environment, asker, error, seconds=0.0):
        """Store whether a call was answered, unless another process holds the row.

        :param str kind: of the service
        :param environment: of the service
        :param asker: record for which it was asked
        :param error: why there is no result
        :type error: TrustedShopsError or None
        :param float seconds: that the call took
        """
        locked = self._find(kind, environment).try_lock_for_update()
        if not locked:
            return
        if error and error.is_silence:
            locked._note_silence(asker, error, seconds)
        elif locked.missed or locked.silent_since:
            locked._note_answer()

    def _note_silence(self, asker, error, seconds=0.0):
        """Store that there was no answer; tell the responsible user if that lasts."""
        now, since = fields.Datetime.now(), self.silent_since
        missed = dict.fromkeys((self.missed or "").split())
        missed[f"{asker._name}:{asker.id}"] = None
        if len(missed) >= SILENT_AFTER:
            since = since or now
        # Four times as long as the call took: even if two services hang at once,
        # scheduled actions are unlocked for more than half of the time.
        pause = max(
            const.REST,
            4 * timedelta(seconds=seconds),
            min((now - since) / 2, PROBE_AT_MOST) if since else const.REST,
        )
        self.write(
            {
                "missed": " ".join([*missed][-SILENT_AFTER:]),
                "silent_since": since,
                "is_on_trial": False,
                "rests_until": now + pause,
                "last_error": str(error),
            }
        )
        if since and now - since >= timedelta(minutes=15):
            tz = self._get_responsible().tz or "UTC"
            service = self._in_responsible_lang().with_context(tz=tz)
            service._notify_responsible("silent", service._explain_outage())

    def _note_answer(self):
        """Store that the service answers, and run the queues that waited."""
        self.write(
            {
                "missed": False,
                "silent_since": False,
                "is_on_trial": False,
                "rests_until": False,
                "last_error": False,
            }
        )
        self._close_todos_about("silent")
        self._wake()

    def _explain_outage(self):
        return self.env._(
            "Trusted Shops has not answered since %(date)s: %(service)s. Nothing is"
            " lost: what waits is sent as soon as it answers. If this lasts, check"
            " whether this server can reach Trusted Shops.",
            date=format_datetime(self.env, self.silent_since, dt_format="short"),
            service=self.display_name,
        )

    # === IS IT BACK === #
    @api.model
    def _begin_run(self, kind):
        """Begin a run: probe the silent services for which it is time.

        :param str kind: of the services
        :rtype: Run
        """
        rests = self._get_rest_domain(fields.Datetime.now())
        silent = Domain("kind", "=", kind) & Domain("silent_since", "!=", False)
        for service in self.sudo().search(silent & ~rests):
            try:
                service._probe()
            except Exception as error:  # a bug in the probe must not stop the queue
                self.env.cr.rollback()
                log_failure(_logger, error, "%s could not be probed", str(service))
        return Run(self, kind)

    def _probe(self):
        """Make a call that only reads; if it is answered, one row may go alone."""
        commit = self.env["ir.cron"]._commit_progress
        login = self._find_logins()[:1]
        # Store this first, so that nothing probes again at once if the process dies.
        self.rests_until = fields.Datetime.now() + const.REST
        commit()
        error = login and login._probe()
        locked = self.try_lock_for_update()
        if error and error.is_silence:
            locked._note_silence(login, error)
        elif locked.silent_since:
            locked.write({"is_on_trial": True, "rests_until": False})
        commit()

    @api.model
    def _find_troubled(self, kind):
        """Return whether a service is silent, by environment with unanswered calls."""
        troubled = Domain("missed", "!=", False) | Domain("silent_since", "!=", False)
        found = self.sudo().search(Domain("kind", "=", kind) & troubled)
        return {each.environment: bool(each.silent_since) for each in found}

    @api.model
    def _get_next_attempt_at(self, kind):
        """Return when the next service of a kind has rested, False when none rests."""
        resting = Domain("kind", "=", kind)
        resting &= self._get_rest_domain(fields.Datetime.now())
        return self.sudo().search(resting, order="rests_until", limit=1).rests_until

    # === WHO ASKS IT === #
    def _find_logins(self):
        """Return the logins with which this service is asked.

        :return: records of one model that inherits ``trustedshops.login``
        """
        certificates = self.env["trustedshops.certificate"].sudo()
        return certificates.search([("environment", "=", self.environment)])

    def _wake(self):
        """Run the queues that call this service."""
        self.env["trustedshops.protection"]._trigger_queue()

    def _get_responsible(self):
        """Override: the responsible user of a login is told about the outage."""
        users = self._find_logins().user_id.filtered("active")
        return users[:1] or self._find_administrators()[:1]
