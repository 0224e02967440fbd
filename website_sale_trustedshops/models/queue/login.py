# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ... import const
from ..failure import log_failure
from ..rights import all_readonly_fields
from .service import get_ahead_domain

_logger = logging.getLogger(__name__)

# A short pause, which is not shown to users.
RESTS = ("", "resting")


class Wait(NamedTuple):
    """The reason why Trusted Shops may not be asked now.

    :param str code: code of a refusal of the login, ``limited``, or a code of the
        service, see ``trustedshops.service``; '' when it may be asked
    :param until: when it ends, in UTC, False when that is not known
    :type until: datetime.datetime or bool
    """

    code: str = ""
    until: object = False


class TrustedShopsLogin(models.AbstractModel):
    """A login at Trusted Shops, kept out of logs, exports and groups of lists.

    It says whether Trusted Shops may be asked now: refusals and limits belong to the
    login, silence to the service. The rules are domains: :meth:`_get_accepted_domain`,
    :meth:`_get_askable_domain` and :meth:`_get_sendable_domain`. The methods beside
    them ask the domain, and add the reason.
    """

    _name = "trustedshops.login"
    _description = "Trusted Shops Login"
    _inherit = ["trustedshops.finding", "trustedshops.guarded.fields"]
    _trustedshops_guarded_fields = all_readonly_fields

    # Kinds of the service that is asked and of the rest of the calls that change
    # something, and the external ID of the daily job.
    _login_service = ""
    _login_rest = ""
    _login_cron = ""
    # Names of the fields of the login, and of those that users cannot read.
    _trustedshops_login_fields = frozenset()
    _trustedshops_password_fields = frozenset()

    environment = fields.Selection(
        const.ENVIRONMENTS, required=True, default="production"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Gets an activity when something needs to be done.",
    )
    refused_at = fields.Datetime(
        string="Refused", readonly=True, copy=False, export_string_translation=False
    )
    # Trusted Shops asked us to stop calling for a time.
    limited_until = fields.Datetime(string="Paused Until", readonly=True, copy=False)
    # When the scheduled action last tried, or a user got an answer; empty: due now.
    last_attempt_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    # === SECRETS === #
    # ``create`` and ``write`` of each model store the login apart from other values.

    def _prepare_without_login(self, vals):
        """Return the values that the framework stores: all but the login.

        :meth:`_store_login` stores the login. An empty required field is refused here,
        before the database does and repeats the row.

        :param dict vals: values of ``create`` or ``write``
        :raise ValidationError: when a required field would be empty
        """
        self._check_nothing_emptied(vals)
        login = self._trustedshops_login_fields
        return {name: val for name, val in vals.items() if name not in login}

    def _store_login(self, vals):
        """Write user and password in queries that are not logged when they fail.

        :param dict vals: values of ``create`` or ``write``
        :raise AccessError: when the user may not change a login that is among them
        """
        login = self._trustedshops_login_fields & vals.keys()
        for name in login:
            self._check_field_access(self._fields[name], "write")
            query = SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL.identifier(name),
                vals[name] or None,
                self.ids,
            )
            self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset(login, flush=False)
        self.modified(login)

    def _check_nothing_emptied(self, vals):
        """Refuse to empty a required field before the database does.

        The error of the database would repeat the whole row with its password, in the
        log and in the web client of the user who pressed *Save*.
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if field and field.required and not value:
                raise ValidationError(
                    self.env._(
                        "%(field)s must not be empty.",
                        field=field.get_description(self.env)["string"],
                    )
                )

    @api.model
    def _has_field_access(self, field, operation):
        """Override of the framework: users can write a password, but never read one.

        The framework asks this for each way to a value: reading and exporting, domains
        and orders, groups and their aggregates, also through other records.
        """
        if operation == "read" and not self.env.su:
            if field.name in self._trustedshops_password_fields:
                return False
        return super()._has_field_access(field, operation)

    # === MAY TRUSTED SHOPS BE ASKED === #
    def _get_wait(self, now=None):
        """Return the reason not to ask Trusted Shops with this login, and when it ends.

        :param now: UTC, default: now
        :type now: datetime.datetime or None
        :return: empty if the login is in :meth:`_get_askable_domain`
        :rtype: Wait
        """
        now = now or fields.Datetime.now()
        if code := self._get_refusal():
            return Wait(code)
        if self._is_in(self._get_limited_domain(now)):
            return Wait("limited", self.limited_until)
        services = self.env["trustedshops.service"]
        service = services._find(self._login_service, self.environment)
        return Wait(*service._get_wait(now))

    @api.model
    def _get_askable_domain(self, now=None):
        """Return the domain of logins with which Trusted Shops may be asked.

        :param now: UTC, default: now
        :type now: datetime.datetime or None
        """
        return self._get_accepted_domain() & self._get_reachable_domain(now)

    @api.model
    def _get_reachable_domain(self, now=None):
        """Return the domain of logins that may be tried now, accepted or not."""
        now = now or fields.Datetime.now()
        services = self.env["trustedshops.service"]
        resting = services._get_resting_endpoints(self._login_service, now)
        return ~self._get_limited_domain(now) & Domain("environment", "not in", resting)

    def _get_sending_wait(self, now=None):
        """Return the reason not to make a call that changes data, and when it ends.

        :param now: UTC, default: now
        :type now: datetime.datetime or None
        :return: empty if the login is in :meth:`_get_sendable_domain`
        :rtype: Wait
        """
        now = now or fields.Datetime.now()
        wait, services = self._get_wait(now), self.env["trustedshops.service"]
        if wait.code not in RESTS:
            return wait
        rest = Wait(*services._get_rest(self._login_rest, self)._get_wait(now))
        return rest if rest.code else wait  # a rest counts more than a short pause

    @api.model
    def _get_sendable_domain(self, now=None):
        """Return the domain of logins with which calls may be made that change data.

        :param now: UTC, default: now
        :type now: datetime.datetime or None
        """
        services = self.env["trustedshops.service"]
        resting = services._get_resting_endpoints(self._login_rest, now)
        return self._get_askable_domain(now) & ~self._get_endpoint_domain(resting)

    def _get_endpoint(self, environment):
        """Return the key of the endpoint that this login uses.

        Logins with the same endpoint get answers, or none, together.

        :param str environment: environment in which the login is used
        """
        return environment

    @api.model
    def _get_endpoint_domain(self, endpoints):
        """Return the domain of logins that use some endpoints.

        :param endpoints: iterable of keys, see :meth:`_get_endpoint`
        """
        return Domain("environment", "in", list(endpoints))

    @api.model
    def _get_limited_domain(self, now):
        """Return the domain of logins with which Trusted Shops asked for a pause."""
        return get_ahead_domain("limited_until", now, at_most=timedelta(days=1))

    def _is_in(self, domain):
        """Return True if the record is in a domain, even one the user may not read."""
        self.ensure_one()
        return bool(self.sudo().filtered_domain(domain))

    @api.model
    def _get_accepted_domain(self):
        """Return the domain of logins about which no user has to correct anything."""
        raise NotImplementedError

    def _get_refusal(self):
        """Return the code of what a user has to correct about the login.

        :return: '' if the login is in :meth:`_get_accepted_domain`
        :rtype: str
        """
        if self._is_in(self._get_accepted_domain()):
            return ""
        return self._get_refusal_reason()

    def _get_refusal_reason(self):
        """Return the code of the reason why a login is not accepted.

        Only called for records outside of :meth:`_get_accepted_domain`.
        """
        raise NotImplementedError

    def _format_wait(self, wait=None):
        """Return the sentence that tells why Trusted Shops is not called now.

        That is a pause, or a login that a user has to correct.

        :param wait: result of :meth:`_get_wait`, or of :meth:`_get_sending_wait`, which
            is called by default
        :type wait: Wait or None
        :return: '' if it can be called, or during a short pause
        :rtype: str
        """
        code, until = wait or self._get_sending_wait()
        services = self.env["trustedshops.service"]
        if code == "limited":
            until = format_datetime(self.env, until, dt_format="short")
            return self._format_message("wait_limited", until=until)
        if code == "silent":
            service = services._find(self._login_service, self.environment)
            return service._format_silence()
        if code == self._login_rest:
            return services._get_rest(code, self)._format_silence()
        return self._format_refusal(code) if code not in RESTS else ""

    def _format_refusal(self, code):
        """Return the sentence about a login that is not accepted.

        :param str code: see :meth:`_get_refusal`
        """
        raise NotImplementedError

    def _get_wait_finding(self):
        """Return a finding while Trusted Shops is not asked, else None."""
        wait = self._get_sending_wait()
        if wait.code not in ("limited", "silent", self._login_rest):
            return None
        return self._prepare_finding("silent", notice=self._format_wait(wait))

    # === WHAT AN ANSWER TELLS === #
    def _update_answered(self):
        """Store that the service answered a call of this login."""
        services = self.env["trustedshops.service"]
        services._find(self._login_service, self.environment)._update_answer()

    def _update_limit(self, error):
        """Stop calling for as long as the service asks for.

        :param error: from the client, or what was answered
        """
        if seconds := getattr(error, "retry_after", None):
            until = fields.Datetime.now() + timedelta(seconds=seconds)
            self.limited_until = until

    def _probe(self):
        """Make a call that changes nothing, to see whether the service answers.

        :return: why there is no result
        :rtype: TrustedShopsError or None
        """
        raise NotImplementedError

    # === THE DAILY CHECK === #
    def _check_soon(self):
        """Trigger the scheduled action, which asks about these logins now."""
        self.sudo().last_attempt_at = False
        self.env["ir.cron"]._trustedshops_trigger(self._login_cron)

    @api.model
    def _cron_check(self):
        """Ask about every login that was not asked about for 20 hours.

        Trigger a later run for those that could not be asked about.
        """
        # Less than a day: no job begins at the same second every day.
        if not self._check_due(timedelta(hours=20)):
            services, now = self.env["trustedshops.service"], fields.Datetime.now()
            next_at = services._get_next_attempt_at(self._login_service)
            self.env["ir.cron"]._trustedshops_run_later(
                self._login_cron, after=max((next_at or now) - now, const.REST)
            )

    @api.model
    def _check_due(self, interval, domain=Domain.TRUE):
        """Ask about every login that is due, each in its own transaction.

        The one that waited longest goes first, so that a login whose calls hang cannot
        starve the others.

        :param datetime.timedelta interval: time since the last attempt
        :param Domain domain: condition on the logins
        :return: whether all were asked about
        :rtype: bool
        """
        due = Domain("last_attempt_at", "=", False)
        due |= Domain("last_attempt_at", "<=", fields.Datetime.now() - interval)
        if not (logins := self._search_in_use(domain & due)):
            return True
        commit = self.env["ir.cron"]._commit_progress
        run = self.env["trustedshops.service"]._start_run(self._login_service)
        commit(remaining=len(logins))
        left = 0
        for number, login in enumerate(logins, 1):
            login = login.with_prefetch()
            is_over = login._get_endpoint(login.environment) in run.over
            if is_over or not login.filtered_domain(self._get_reachable_domain()):
                left += 1
                continue
            login._check_in_cron(run)
            if not commit(1):
                left += len(logins) - number
                break
        run.pause()
        return not left

    @api.model
    def _search_in_use(self, domain):
        """Return logins that the daily job asks about, the longest waiting first.

        :param Domain domain: condition on the logins
        """
        return self.search(domain, order="last_attempt_at NULLS FIRST, id")

    def _check_in_cron(self, run):
        """Ask about one login; an error stops no other work.

        Commit the attempt first, so that a login that always crashes does not go first
        in every run. A commit empties the cache, so the values with which the answer is
        compared are read under the lock.
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked.last_attempt_at = fields.Datetime.now()
            commit()
            locked = locked.try_lock_for_update(allow_referencing=True)
            if locked:
                # The answer may propose a website, but only one of its own company.
                checked = locked.with_company(locked.company_id)
                error = run.call(checked._check)
                commit()
                run.process_answer(self, self.environment, error)
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # changed meanwhile: the next run asks
        except Exception as error:
            self.env.cr.rollback()
            self._update_failed_check(error)
            commit()

    def _check(self):
        """Ask Trusted Shops about this login, and store the answer.

        :return: why there is no answer
        :rtype: TrustedShopsError or None
        """
        raise NotImplementedError

    def _update_failed_check(self, error):
        """Store why a check was broken off.

        :param Exception error: a bug, or an unexpected record
        """
        log_failure(_logger, error, "%s could not be checked", str(self))
