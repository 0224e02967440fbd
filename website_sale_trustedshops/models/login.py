# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_datetime

from .. import const
from .failure import log_failure
from .finding import HINT
from .service import is_ahead

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

WAITS = {
    "limited": _lt("Trusted Shops wants to be left alone until %(until)s."),
    "silent": _lt(
        "Trusted Shops has not answered for some time, and is asked again at %(until)s."
    ),
}


# What nobody has to know of.
RESTS = ("", "resting")


class Wait(NamedTuple):
    """Why Trusted Shops may not be asked now.

    :param str code: of the login, ``WAITS`` or ``RESTS``; '' when it may be asked
    :param until: UTC, False when that is not known
    :type until: datetime.datetime or bool
    """

    code: str = ""
    until: object = False


class TrustedShopsLogin(models.AbstractModel):
    """What Trusted Shops is asked with, and whether it may be asked now.

    Refusal and limits belong to the login, silence to the service. All who ask, and all
    who tell why something waits, ask here: :meth:`_get_wait`, or its twin
    :meth:`_get_askable_domain`.
    """

    _name = "trustedshops.login"
    _description = "Trusted Shops Login"
    _inherit = [
        "trustedshops.secrets",
        "trustedshops.finding",
        "trustedshops.own.fields",
    ]

    # Kind of the service that is asked, and the external ID of the daily job.
    _login_service = ""
    _login_cron = ""

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
    # Trusted Shops wants to be left alone.
    limited_until = fields.Datetime(
        string="Left Alone Until", readonly=True, copy=False
    )
    # When the scheduled action last tried, or a person got an answer; empty: due now.
    last_attempt_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    # === MAY TRUSTED SHOPS BE ASKED === #
    def _get_wait(self, now=None):
        """Return why Trusted Shops may not be asked with this login, and until when.

        The twin of :meth:`_get_askable_domain`.

        :param now: UTC, default: now
        :type now: datetime.datetime or None
        :rtype: Wait
        """
        self.ensure_one()
        now = now or fields.Datetime.now()
        if code := self._get_refusal():
            return Wait(code)
        if self.filtered_domain(self._get_limited_domain(now)):
            return Wait("limited", self.limited_until)
        services = self.env["trustedshops.service"]
        service = services._find(self._login_service, self.environment)
        return Wait(*service._get_wait(now))

    @api.model
    def _get_askable_domain(self, now=None):
        """Return the logins with which Trusted Shops may be asked.

        The twin of :meth:`_get_wait`.

        :param now: UTC, default: now
        :type now: datetime.datetime or None
        """
        return self._get_accepted_domain() & self._get_reachable_domain(now)

    @api.model
    def _get_reachable_domain(self, now=None):
        """Return the logins that may be tried now, accepted or not."""
        now = now or fields.Datetime.now()
        services = self.env["trustedshops.service"]
        resting = services._get_resting_environments(self._login_service, now)
        return ~self._get_limited_domain(now) & Domain("environment", "not in", resting)

    @api.model
    def _get_limited_domain(self, now):
        """Return the logins of which Trusted Shops wants no calls at present."""
        return is_ahead("limited_until", now, const.LIMIT_AT_MOST)

    def _get_refusal(self):
        """Return why this login is not used until a person acts, '' when it is.

        The twin of :meth:`_get_accepted_domain`.
        """
        raise NotImplementedError

    @api.model
    def _get_accepted_domain(self):
        """Return the logins that are used, as far as it is about the login."""
        raise NotImplementedError

    def _explain_wait(self, wait=None):
        """Return why Trusted Shops is not asked now, '' when it is, or is in a minute.

        :param wait: what :meth:`_get_wait` returned, default: ask it
        :type wait: Wait or None
        :rtype: str
        """
        wait = wait or self._get_wait()
        if wait.code in WAITS:
            until = wait.until or fields.Datetime.now()
            text = self.env._(WAITS[wait.code])
            return text % {"until": format_datetime(self.env, until, dt_format="short")}
        return self._explain_refusal(wait.code) if wait.code not in RESTS else ""

    def _explain_refusal(self, code):
        """Return what is wrong with the login, and what to do.

        :param str code: see :meth:`_get_refusal`
        """
        raise NotImplementedError

    def _get_wait_finding(self):
        """Return that Trusted Shops is not asked for a time, None when it is."""
        wait = self._get_wait()
        if wait.code not in WAITS:
            return None
        return self._make_finding("wait", HINT, self._explain_wait(wait))

    # === WHAT AN ANSWER SAYS OF IT === #
    def _note_call(self, error):
        """Store what an answer to a call of this login says of the service.

        :param error: why there is no result
        :type error: TrustedShopsError or None
        """
        services = self.env["trustedshops.service"]
        services._note(self._login_service, self.environment, self, error)

    def _note_limit(self, error):
        """Leave the service alone for as long as it wants.

        :param TrustedShopsError error: from the client
        """
        if seconds := getattr(error, "retry_after", None):
            until = fields.Datetime.now() + timedelta(seconds=seconds)
            self.limited_until = until

    def _probe(self):
        """Ask something that changes nothing, to see whether there is an answer.

        :return: why there is no result
        :rtype: TrustedShopsError or None
        """
        raise NotImplementedError

    # === THE DAILY CHECK === #
    def _check_soon(self):
        """Have the scheduled action ask about these logins."""
        self.sudo().last_attempt_at = False
        self.env["ir.cron"]._trustedshops_trigger(self._login_cron)

    @api.model
    def _cron_check(self):
        """Ask about every login that was not asked about today."""
        if not self._check_due(const.REFRESH_INTERVAL):
            self.env["ir.cron"]._trustedshops_go_on_later(
                self._login_cron, after=const.REST
            )

    @api.model
    def _check_due(self, interval, domain=Domain.TRUE):
        """Ask about every login that is due, one transaction each.

        Those that waited longest come first, so that one that hangs cannot starve the
        others. After a call without an answer the others wait, too.

        :param datetime.timedelta interval: since the last attempt
        :param Domain domain: which logins
        :return: whether all were asked about
        :rtype: bool
        """
        due = Domain("last_attempt_at", "=", False)
        due |= Domain("last_attempt_at", "<=", fields.Datetime.now() - interval)
        logins = self._find_in_use(domain & due)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(logins))
        for login in logins:
            login = login.with_prefetch()
            if not login.filtered_domain(self._get_reachable_domain()):
                return False
            login._check_in_cron()
            if not commit(1):
                return login == logins[-1]
        return True

    @api.model
    def _find_in_use(self, domain):
        """Return logins that are asked about by themselves, the longest waiting first.

        :param Domain domain: which of them
        """
        return self.search(domain, order="last_attempt_at NULLS FIRST, id")

    def _check_in_cron(self):
        """Ask about one login; whatever is wrong with it stops no other work.

        Commits the attempt first, so that one that always crashes is not the first of
        every run. A commit empties the cache: what the answer is compared with is read
        under the lock.
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked.last_attempt_at = fields.Datetime.now()
            commit()
            locked = locked.try_lock_for_update(allow_referencing=True)
            if locked:
                # A certificate that finds its website stays in its company.
                error = locked.with_company(locked.company_id)._check()
                commit()
                self._note_call(error)
                commit()
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # somebody is changing it: the next run looks
        except Exception as error:
            self.env.cr.rollback()
            self._note_failed_check(error)
            commit()

    def _check(self):
        """Ask Trusted Shops about this login, and store what it says.

        :return: why there is no answer
        :rtype: TrustedShopsError or None
        """
        raise NotImplementedError

    def _note_failed_check(self, error):
        """Store why a check was broken off.

        :param Exception error: a bug, or a record nobody foresaw
        """
        log_failure(_logger, error, "%s could not be checked", str(self))
