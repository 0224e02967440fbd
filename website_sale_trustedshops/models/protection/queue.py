# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: the run of the cron, applications and questions.

How it works through its rows is in ``models/queue.py``.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ... import const
from ...lib.client import TrustedShopsClient
from ...lib.codes import KIND_CERTIFICATE, KIND_DUPLICATE, KIND_LIMIT
from ...lib.exceptions import RefusedError, RetryableError, TrustedShopsError
from ..batches import Job
from ..service import SOAP
from .protection import FEE_GIVEN_BACK, NOT_CONCLUDED_STATES
from .words import explain_answer, explain_decision, explain_unclear

_logger = logging.getLogger(__name__)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    _queue_cron = "website_sale_trustedshops.ir_cron_apply_protection"
    _queue_service = SOAP
    _underway_states = ("queued", "sending", "requested")
    _waiting_states = ("queued", "requested")

    # Application number in an answer that came when the row had another one, or ended;
    # the row's own, if it was confirmed after its fee was given back.
    late_number = fields.Char(readonly=True, export_string_translation=False)

    # === THE RUN === #
    @api.model
    def _run_first(self):
        """Override to look at held certificates, end what is moot, give fees back."""
        held = Domain("hold_reason", "!=", False)
        self.env["trustedshops.certificate"]._check_due(const.PROBE_INTERVAL, held)
        return super()._run_first() and all(job.run() for job in self._get_first_jobs())

    @api.model
    def _get_first_jobs(self):
        """Return what asks nobody and comes first, list of Job."""
        return [
            Job(self, self._get_overtaken_domain, lambda rows: rows._end_overtaken()),
            Job(
                self,
                self._get_unreturned_domain,
                lambda row: row._try_to_return_fee(),
                after_bug=lambda row: row._notify_of_books(),
                is_alone=True,
            ),
            Job(
                self,
                self._get_refunds_domain,
                lambda row: row.refund_ids._send(),  # commits by itself
                after_bug=lambda row: row.refund_ids._note_lost_answer(),
                is_alone=True,
            ),
        ]

    @api.model
    def _run_between(self):
        """Override to tell what came of it; a run that died may have left some."""
        return self._run_notices() and self.mail_ids._run()

    @api.model
    def _get_jobs(self, run):
        return [
            Job(self, domain, work, is_call=True)
            for domain, work in (
                (self._get_applications_domain, lambda row: row._apply(run)),
                (self._get_polls_domain, lambda row: row._poll(run)),
            )
        ]

    # === WHAT IS DUE === #
    @api.model
    def _get_overtaken_domain(self):
        """Return what time or a cancellation overtook."""
        # An order that is cancelled during a call waits again after it.
        is_moot = Domain("order_id.state", "=", "cancel")
        if self._is_clock_right():
            oldest = fields.Datetime.now() - const.APPLY_WITHIN
            is_moot |= Domain("placed_at", "<=", oldest)
        return Domain("state", "in", ("queued", "on_hold")) & is_moot

    @api.model
    def _is_clock_right(self):
        """Tell whether this run follows the one before as it should."""
        # If not, nothing counts as overdue: it is applied for, and Trusted Shops
        # decides. The framework tells when the run before was.
        before, now = self.env.context.get("lastcall"), fields.Datetime.now()
        return bool(before) and before <= now <= before + const.RUNS_APART

    @api.model
    def _get_applications_domain(self):
        certificates = self.env["trustedshops.certificate"]
        return (
            Domain("state", "=", "queued")
            & self._get_due_domain()
            & Domain("order_id.state", "!=", "cancel")
            & Domain("certificate_id", "any", certificates._get_askable_domain())
        )

    @api.model
    def _get_polls_domain(self):
        """Return what can be asked about; that needs no login."""
        resting = self.env["trustedshops.service"]._get_resting_environments(SOAP)
        return (
            Domain("state", "=", "requested")
            & self._get_due_domain()
            & Domain("application_number", "!=", False)
            & Domain("environment", "not in", resting)
        )

    @api.model
    def _get_stuck_domain(self):
        """Return which rows the queue should have taken long ago."""
        oldest = fields.Datetime.now() - const.STUCK_AFTER
        due = self._get_applications_domain() | self._get_polls_domain()
        is_old = due & Domain("next_attempt_at", "<=", oldest)
        return is_old | (self._get_lost_domain() & Domain("lease_until", "<=", oldest))

    @api.model
    def _get_refunds_domain(self):
        """Return whose money has to be looked at, lost calls of a provider included."""
        due = Domain("state", "in", ("due", "sending"))
        return Domain("refund_ids", "any", due)

    # === WHAT ASKS NOBODY === #
    def _end_overtaken(self):
        """End what is moot or too old."""
        for protection in self:
            if protection._is_order_cancelled():
                protection._cancel()
            else:
                protection._fail_overdue()

    def _prepare_lost_values(self):
        return self._prepare_trouble_values(True)

    def _fail_overdue(self):
        """End what the service would refuse as too old."""
        reason = self._explain("overdue")
        if self.last_code and not self.is_number_taken:
            reason = self._explain("with_code", words=reason, code=self.last_code)
        self.write({"state": "failed", "last_error": reason})

    # === APPLYING === #
    def _apply(self, run):
        """Apply for one protection; everything it needs is read before the call."""
        if reason := self._get_obstacle():
            self._put_on_hold(reason)
            return
        try:
            request = self._prepare_request()
            request.to_parts()  # says now what could not be sent
        except (TypeError, ValueError) as error:
            self._put_on_hold(
                self.env._("The application is incomplete: %(what)s", what=error)
            )
            return
        is_outage = run.troubled.get(self.environment)
        certificate = self.certificate_id
        is_limit_told = "credit" in (certificate.told_causes or ())
        answer = self._ask(
            run,
            lambda client: client.request_protection(request),
            lambda row, *answer: row._store_application(*answer, is_outage),
            state="sending",
            attempt_count=self.attempt_count + 1,
        )
        self._follow_answer(answer, certificate, is_limit_told)

    def _follow_answer(self, answer, certificate, is_limit_told):
        """Have the certificate say what is wrong with it, or is not any more."""
        code = 0
        if isinstance(answer, TrustedShopsError):
            # Not one so late that the row has another one by now.
            code = answer.code if self.last_code == answer.code else 0
        if code in const.HOLD_REASON_BY_CODE:
            certificate._hold(code)
        elif is_limit_told != (code == const.CREDIT_CODE):
            certificate._notify_problems()

    def _get_client(self, run):
        """Override: for the environment for which this row was placed."""
        if self.environment not in run.clients:
            hosts = self.certificate_id._get_hosts(self.environment)
            run.clients[self.environment] = TrustedShopsClient(hosts)
        return run.clients[self.environment]

    # === STORING AN ANSWER === #
    def _store_application(self, answer, is_late, is_outage=False):
        """Store the answer to an application; a number is kept whatever happened."""
        if isinstance(answer, TrustedShopsError):
            if self.state == "sending" and not is_late:
                self.write(self._prepare_error_values(answer, is_outage))
        elif self.state in ("queued", "sending", "on_hold") or self._lacks_number():
            self.write(self._prepare_requested_values(str(answer)))
        elif self.application_number != str(answer):
            # An application arrived; under that number it is not this row's yet.
            self.write(
                {
                    "late_number": str(answer),
                    "may_have_arrived": True,
                    "notice_due": True,
                }
            )

    def _prepare_requested_values(self, number):
        """Return the values after an application that arrived."""
        now = fields.Datetime.now()
        return {
            "state": "requested",
            "application_number": number,
            "number_entered_at": False,
            "requested_at": now,
            # Often it is decided at once; nothing is asked without a number.
            "next_attempt_at": number and now,
            "trouble_count": 0,
            "last_code": 0,
            "notice_due": True,
        }

    def _prepare_error_values(self, error, is_outage):
        """Return the values after an application without a number."""
        values = {
            "last_code": error.code or 0,
            "last_error": explain_answer(self, error),
        }
        is_duplicate = error.kind == KIND_DUPLICATE
        if is_duplicate and self.may_have_arrived:
            # That call of ours arrived.
            return {**self._prepare_requested_values(False), **values}
        if isinstance(error, RefusedError):
            # A known number is somebody else's: an old shop, a sequence that was reset.
            state = "on_hold" if is_duplicate else "rejected"
            return {**values, "state": state, "trouble_count": 0, "notice_due": True}
        maybe_sent = isinstance(error, RetryableError) and error.maybe_sent
        # What is wrong with certificate or service, each row need not tell.
        is_own = error.kind not in (KIND_CERTIFICATE, KIND_LIMIT) and not is_outage
        values = {**self._prepare_trouble_values(maybe_sent, is_own), **values}
        if error.kind == KIND_LIMIT:
            values["next_attempt_at"] = fields.Datetime.now() + const.LIMIT_RETRY
        return values

    def _prepare_trouble_values(self, maybe_sent, is_own=True):
        """Return the values after an attempt that brought nothing."""
        values = self._prepare_wait_values(is_own=is_own)
        is_news = values.get("trouble_count") == const.TROUBLE_ATTENTION
        return {
            **values,
            "state": "queued",
            "may_have_arrived": self.may_have_arrived or maybe_sent,
            "notice_due": self.notice_due or is_news,
        }

    # === ASKING === #
    def _poll(self, run):
        """Ask whether an application was decided; asking twice does no harm."""
        ts_id, number = self.ts_id, self.application_number
        now = fields.Datetime.now()
        age = now - (self.number_entered_at or self.requested_at)
        pauses = (pause for younger, pause in const.POLL_INTERVALS if age < younger)
        self._ask(
            run,
            lambda client: client.get_request_state(ts_id, int(number)),
            lambda row, answer, _is_late: row._store_state(number, answer),
            next_attempt_at=now + next(pauses),
        )

    def _store_state(self, number, answer):
        """Store what became of an application, if that is still what is asked for."""
        # A guarantee counts also when the row was given up meanwhile.
        is_error = isinstance(answer, TrustedShopsError)
        was_given_up = self.state in NOT_CONCLUDED_STATES and not is_error and answer
        if self.application_number != number or (
            self.state != "requested" and not was_given_up
        ):
            _logger.info("%s: a late answer is dropped", self)
        elif was_given_up:
            self.write(self._prepare_late_guarantee_values(answer))
        elif isinstance(answer, RefusedError):
            self.write(self._prepare_refusal_values(answer))
        elif answer and not is_error:
            self.write(self._prepare_confirmed_values(answer))
        else:
            self.write(self._prepare_undecided_values(answer))

    def _prepare_refusal_values(self, error):
        """Return the values when the application was refused."""
        # A number that a person entered may be mistyped: it is asked for again.
        values = {
            "next_attempt_at": False,
            "last_code": error.code,
            "last_error": explain_decision(self, error),
            "notice_due": True,
        }
        if self.number_entered_at:
            return {**values, "application_number": False}
        return {**values, "state": "rejected"}

    def _prepare_undecided_values(self, error):
        """Return the values when an application is not decided; it is asked again."""
        code = (error and error.code) or 0
        # A person is told at once where asking may lead nowhere, and again what to do
        # because of another code.
        kind = code and error.kind
        is_wrong = code and (self.number_entered_at or kind == KIND_DUPLICATE)
        is_told = is_wrong or (self.last_code and self._is_asked_in_vain())
        return {
            "last_code": code,
            "last_error": explain_unclear(self, error) if error else False,
            "notice_due": self.notice_due or (code != self.last_code and bool(is_told)),
        }

    def _prepare_confirmed_values(self, guarantee_number):
        """Return the values when the application was accepted."""
        # The last day is counted from the day of the order in the shop.
        placed_at = fields.Datetime.context_timestamp(self, self.placed_at)
        return {
            "state": "confirmed",
            "guarantee_number": str(guarantee_number),
            "confirmed_at": fields.Datetime.now(),
            "protected_until": placed_at.date() + timedelta(days=self.duration_days),
            "last_code": 0,
            "notice_due": True,
        }

    def _prepare_late_guarantee_values(self, guarantee_number):
        """Return the values when an application was accepted that had been given up."""
        # Where its fee is on its way back, a person is told of it as of a late number.
        values = self._prepare_confirmed_values(guarantee_number)
        if self.fee_state in FEE_GIVEN_BACK or self.refund_ids:
            values["late_number"] = self.application_number
        return {**values, "may_have_arrived": False}

    def _in_shop(self):
        """Return the record in the language of staff and the time zone of the shop."""
        tz = self.certificate_id._get_tz(self.company_id)
        return self._in_responsible_lang().with_context(tz=tz)
