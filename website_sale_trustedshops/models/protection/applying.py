# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue of protections: what is due, and the calls to apply and to ask.

How a run works through its rows is in ``models/queue.py`` and ``models/batches.py``.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ... import const
from ...lib.client import TrustedShopsClient
from ...lib.exceptions import TrustedShopsError
from ..batches import Job
from ..service import APPLYING, SOAP
from .answers import prepare_trouble_values, store_application, store_state
from .obstacles import get_obstacle
from .sentences import Reason
from .standing import is_order_cancelled

# How often the queue asks about an application that is younger than the first value.
# Source: Trusted Shops recommends every ten minutes.
POLL_INTERVALS = (
    (timedelta(hours=2), timedelta(minutes=10)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta.max, timedelta(days=1)),
)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    _queue_cron = "website_sale_trustedshops.ir_cron_apply_protection"
    _queue_service = SOAP
    _queue_rest = APPLYING
    _underway_states = ("queued", "sending", "requested")
    _waiting_states = ("queued", "requested")

    # Number in an answer that came too late: the row had another number or had ended.
    # If the row was confirmed after its fee was given back, it is its own number.
    late_number = fields.Char(readonly=True, export_string_translation=False)

    # === THE RUN === #
    @api.model
    def _run_first(self):
        """Override to check held certificates and do other work without a call."""
        held = Domain("hold_reason", "!=", False)
        self.env["trustedshops.certificate"]._check_due(timedelta(hours=1), held)
        return super()._run_first() and all(
            job.do_all() for job in self._get_first_jobs()
        )

    @api.model
    def _get_first_jobs(self):
        """Return the list of Jobs that come first and make no call."""
        return [
            Job(self, self._get_overtaken_domain, lambda rows: rows._end_overtaken()),
            Job(
                self,
                self._get_unreturned_domain,
                lambda row: row._try_to_return_fee(),
                after_bug=lambda row: row._notify_of_books(),
                is_alone=True,
            ),
            Job(self, self._get_refused_domain, lambda rows: rows._retry_mails()),
        ]

    @api.model
    def _run_between(self):
        """Override to report the answers, also those from a run that died."""
        return self._run_notices() and self._run_mails()

    @api.model
    def _get_jobs(self, run):
        applications, polls = self._get_applications_domain, self._get_polls_domain
        return [
            Job(self, applications, lambda row: row._apply(run), run=run, is_fair=True),
            Job(self, polls, lambda row: row._poll(run), run=run),
        ]

    # === WHAT IS DUE === #
    @api.model
    def _get_overtaken_domain(self):
        """Return the waiting rows whose order was cancelled or is too old by now."""
        # When an order is cancelled during a call, its row may wait again later.
        is_moot = Domain("order_id.state", "=", "cancel")
        if self._is_clock_right():
            oldest = fields.Datetime.now() - const.APPLY_WITHIN
            is_moot |= Domain("placed_at", "<=", oldest)
        return Domain("state", "in", ("queued", "on_hold")) & is_moot

    @api.model
    def _is_clock_right(self):
        """Return True if the last run was not in the future, and not long ago.

        The queue runs every ten minutes; the framework tells when it last ran. If the
        clock was wrong or the server down, the queue gives up nothing because of its
        age: it still applies, and Trusted Shops decides.
        """
        before, now = self.env.context.get("lastcall"), fields.Datetime.now()
        return bool(before) and before <= now <= before + timedelta(hours=3)

    @api.model
    def _get_applications_domain(self):
        certificates = self.env["trustedshops.certificate"]
        return (
            Domain("state", "=", "queued")
            & self._get_due_domain()
            & Domain("order_id.state", "!=", "cancel")
            & Domain("certificate_id", "any", certificates._get_sendable_domain())
        )

    @api.model
    def _get_polls_domain(self):
        """Return the applications to ask about, which needs no login."""
        resting = self.env["trustedshops.service"]._get_resting_places(SOAP)
        certificates = self.env["trustedshops.certificate"]
        limited = certificates._get_limited_domain(fields.Datetime.now())
        return (
            Domain("state", "=", "requested")
            & self._get_due_domain()
            & Domain("application_number", "!=", False)
            & ~self._get_place_domain(resting)
            & Domain("certificate_id", "any", ~limited)
        )

    @api.model
    def _get_stuck_domain(self):
        """Return the rows that the queue should have taken an hour ago."""
        oldest = fields.Datetime.now() - timedelta(hours=1)
        due = self._get_applications_domain() | self._get_polls_domain()
        is_old = due & Domain("next_attempt_at", "<=", oldest)
        return is_old | (self._get_lost_domain() & Domain("lease_until", "<=", oldest))

    # === WITHOUT A CALL === #
    def _end_overtaken(self):
        """End the protections of cancelled orders, and those that are too old."""
        for protection in self:
            if is_order_cancelled(protection):
                protection._cancel()
                continue
            code = protection.last_code
            reason = Reason("too_late", {"code": code} if code else {})
            protection.write({"state": "failed", **reason.prepare()})

    def _prepare_lost_values(self):
        return prepare_trouble_values(self, True)

    # === APPLYING === #
    def _apply(self, run):
        """Apply for one protection. Everything it needs is read before the call."""
        if reason := get_obstacle(self):
            self._put_on_hold(reason)
            return
        try:
            request = self._prepare_request()
            request.to_parts()  # raises now for what could not be sent
        except (TypeError, ValueError) as error:
            self._put_on_hold(Reason("incomplete", {"what": str(error)}))
            return
        certificate = self.certificate_id
        is_own = not run.is_trial(APPLYING, self.environment)
        is_limit_told = "credit" in (certificate.told_causes or ())
        answer = self._ask(
            run,
            lambda client: client.request_protection(request),
            lambda row, *answer: store_application(row, *answer, is_own),
            rest=APPLYING,
            state="sending",
            attempt_count=self.attempt_count + 1,
        )
        self._follow_answer(answer, certificate, is_limit_told)

    def _follow_answer(self, answer, certificate, is_limit_told):
        """Have the certificate report its problems, or that one is solved."""
        code = 0
        certificate._note_limit(answer)
        if isinstance(answer, TrustedShopsError):
            # A late answer does not count if the row has another code by now.
            code = answer.code if self.last_code == answer.code else 0
        if code in const.HOLD_REASON_BY_CODE:
            certificate._hold(code)
        elif is_limit_told != (code == const.CREDIT_CODE):
            certificate._notify_problems()

    def _get_login(self):
        """Override to return the certificate."""
        return self.certificate_id

    def _get_client(self, run):
        """Override to connect to the environment for which this row was placed."""
        if self.environment not in run.clients:
            hosts = self.certificate_id._get_hosts(self.environment)
            run.clients[self.environment] = TrustedShopsClient(hosts)
        return run.clients[self.environment]

    # === ASKING === #
    def _poll(self, run):
        """Ask whether an application was decided. Asking twice does no harm."""
        ts_id, number = self.ts_id, self.application_number
        now = fields.Datetime.now()
        age = now - (self.number_entered_at or self.requested_at)
        pauses = (pause for younger, pause in POLL_INTERVALS if age < younger)
        certificate = self.certificate_id
        answer = self._ask(
            run,
            lambda client: client.get_request_state(ts_id, int(number)),
            lambda row, answer, _is_late: store_state(row, number, answer),
            next_attempt_at=now + next(pauses),
        )
        certificate._note_limit(answer)

    def _in_shop(self):
        """Return the record in the language of staff and the time zone of the shop."""
        tz = self.certificate_id._get_tz(self.company_id)
        return self._in_responsible_lang().with_context(tz=tz)

    def _get_day_in_shop(self, moment):
        """Return the day of a moment in the time zone of the shop.

        :param datetime.datetime moment: UTC
        :rtype: datetime.date
        """
        return fields.Datetime.context_timestamp(self._in_shop(), moment).date()
