# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the placed order to the decision: obstacles, the queue, calls and answers.

How a run works through its records is in ``models/queue/``.
"""

import logging
from datetime import timedelta
from decimal import Decimal

import psycopg2

from odoo import api, fields, models, release
from odoo.fields import Domain

from ... import const
from ...lib.address import get_first_email
from ...lib.client import TrustedShopsClient
from ...lib.codes import (
    DUPLICATE_CODES,
    KIND_CERTIFICATE,
    KIND_DUPLICATE,
    KIND_LIMIT,
    KIND_RETRYABLE,
    LIMIT_CODES,
    get_code,
)
from ...lib.exceptions import RefusedError, RetryableError, TrustedShopsError
from ...lib.fee_item import find_item
from ...lib.values import ProtectionRequest
from ..queue.batches import Job
from ..queue.service import APPLYING, SOAP
from .protection import (
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    SENT_STATES,
    UNSENT_STATES,
)

_logger = logging.getLogger(__name__)
# How often the queue asks about an application that is younger than the first value.
# Source: Trusted Shops recommends every ten minutes.
POLL_INTERVALS = (
    (timedelta(hours=2), timedelta(minutes=10)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta.max, timedelta(days=1)),
)
# Trusted Shops accepts an order number once for each of its IDs and environments.
NUMBER_FIELDS = ("ts_id", "environment", "order_reference")


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    _queue_cron = "website_sale_trustedshops.ir_cron_apply_protection"
    _queue_service = SOAP
    _queue_rest = APPLYING
    _underway_states = ("queued", "sending", "requested")
    _waiting_states = ("queued", "requested")

    # === PLACING === #
    def _place(self):
        """Freeze the values to send, and queue the application or put it on hold.

        It is put on hold when the sums do not fit, or another order has its number. No
        call is made.
        """
        self.ensure_one()
        self = self._with_responsible_lang()
        values = self._prepare_placed_values()
        values["may_have_arrived"] = self._update_doubt(values)
        number = {name: values.pop(name) for name in NUMBER_FIELDS}
        is_free = self._set_order_number(number)
        self.write(values)
        self.flush_recordset()
        if is_free:
            reason = self._get_hold_reason()
        else:
            # As if Trusted Shops had answered so, because it would refuse the number.
            self.last_code = DUPLICATE_CODES[0]
            reason = self._prepare_reason("number_known")
        self.write({"state": "on_hold" if reason else "queued", **reason})
        self._log_at_orders("queued")
        if not reason:
            self._trigger_queue()

    def _prepare_placed_values(self):
        """Return the values to send, and what else is frozen when the order is placed.

        Later, :meth:`_update_corrections` takes over some of them.

        :rtype: dict
        """
        order = self.order_id
        now = fields.Datetime.now()
        method = order._trustedshops_get_payment_method()
        partner = self.partner_id or order.partner_id  # who agreed
        return {
            "ts_id": self.certificate_id.ts_id,
            "environment": self.certificate_id.environment,
            "order_reference": order.name,
            "order_amount": order._trustedshops_get_amount_to_protect(),
            "partner_id": partner.id,
            "customer_reference": order._trustedshops_get_customer_reference(partner),
            "buyer_email": get_first_email(partner.email),
            "payment_type": method.trustedshops_payment_type or "OTHER",
            "placed_at": now,
            "placed_with_payment": bool(order._trustedshops_get_payments()),
            "next_attempt_at": now,
        }

    def _set_order_number(self, number):
        """Store the order number, unless another protection has it.

        Write it alone: if the database refuses the statement, the log quotes it, and
        the log must not contain anything about the buyer. The statement locks the
        record, so that the database will not refuse the other values later.

        :param dict number: values of ``NUMBER_FIELDS``
        :return: whether the number was free; it was not if a sequence was reset, or a
            user changed a number. Then ``order_reference`` stays empty
        :rtype: bool
        """
        try:
            with self.env.cr.savepoint():
                self.write(number)
        except psycopg2.errors.UniqueViolation:
            self.write({**number, "order_reference": False})
            self.flush_recordset()
            return False
        return True

    def _update_doubt(self, values):
        """Store that an earlier application under this number may have arrived.

        If the order was cancelled after a lost call and then confirmed again, Trusted
        Shops may have an application under its number. That now counts for this
        protection, and the earlier one is settled. If the number was known at the first
        call already, it is not ours, and the next call asks again.

        :param dict values: values that contain ``NUMBER_FIELDS``
        :return: whether an earlier application may have arrived
        :rtype: bool
        """
        earlier = self.order_id.trustedshops_protection_ids.filtered(
            lambda each: (
                each.state == "cancelled"
                and each._is_in_doubt()
                and all(each[name] == values[name] for name in NUMBER_FIELDS)
            )
        )
        has_doubt = any(earlier.mapped("may_have_arrived"))
        earlier.write({"may_have_arrived": False, "last_code": 0})
        earlier._update_todo()
        for each in earlier:
            each._with_responsible_lang()._schedule_credit()
        return has_doubt

    def _update_after_payment(self):
        """Check protections again after money of their orders came in or went.

        Queue those on hold whose reason is gone, or store the new reason. Ask a user
        about one that was applied for and will not be paid.
        """
        for protection in self:
            protection = protection._with_responsible_lang()
            protection._sync_payment()
            # With a code, it is on hold because of an answer, not because of money.
            if protection.state != "on_hold" or protection.last_code:
                continue
            reason = protection._get_obstacle()
            if not reason:
                protection._set_due()
            elif any(protection[name] != reason[name] for name in reason):
                protection._set_on_hold(reason)

    def _sync_payment(self):
        """Ask a user about a protection that was applied for and is not paid any more.

        Close that activity when it is paid. If the order was cancelled, apply the
        refund policy instead.
        """
        is_cancelled, is_sent = (
            self.order_id.state == "cancel",
            self.state in SENT_STATES,
        )
        if is_cancelled and is_sent and not self.ended_at:
            self._apply_refund_policy()
        is_open = is_sent and self.fee_state not in FEE_GIVEN_BACK and not is_cancelled
        if is_open and not self._is_buyer_bound():
            self._schedule_message("called_off")
        else:
            self._remove_todos_about("called_off")

    def _set_due(self):
        """Make the application due now, and trigger the queue."""
        now = fields.Datetime.now()
        self.write({"state": "queued", "next_attempt_at": now, "last_code": 0})
        self._trigger_queue()

    def _set_on_hold(self, reason):
        """Put the application on hold until a user decides, or its reason goes.

        :param dict reason: see :meth:`_prepare_reason`
        """
        self.write({"state": "on_hold", "last_code": 0, **reason})

    def _cancel(self):
        """Cancel protections of cancelled orders that were not sent.

        Their fees are taken off draft invoices; for one on a posted invoice a user is
        asked for the credit note. Those that were sent are not changed.
        """
        for protection in self.filtered(lambda each: each.state in UNSENT_STATES):
            protection = protection._with_responsible_lang()
            reason = self._prepare_reason("cancelled")
            protection.write({"state": "cancelled", **reason})
            protection._get_fee_on("draft", "out_invoice")._trustedshops_remove()
            protection._sync_invoices()
            protection._schedule_credit()

    # === OBSTACLES === #
    # A user may overrule the reasons of `_get_hold_reason` but for a credited fee, and
    # no others.

    def _get_obstacle(self):
        """Return the reason that keeps the application from being sent now.

        :return: see :meth:`_prepare_reason`; {} when nothing keeps it
        :rtype: dict
        """
        reason = self._get_blocking_reason() or self._get_hold_reason()
        if reason or self.buyer_email:
            return reason
        return self._prepare_reason("no_email")

    def _get_blocking_reason(self):
        """Return the reason against sending that no user can overrule.

        The certificate's login may belong to another environment by now, and a test
        order must not reach production. A changed state of the certificate holds
        nothing back, because it may change again.

        :return: see :meth:`_get_obstacle`
        """
        certificate = self.certificate_id
        if not self._is_buyer_bound():
            return self._prepare_reason("unpaid")
        if not self.order_reference:
            return self._prepare_reason("number_known")
        is_same_id = self.ts_id == certificate.ts_id
        if is_same_id and self.environment == certificate.environment:
            return {}
        return self._prepare_reason("other_certificate")

    def _is_buyer_bound(self):
        """Return True if the order is confirmed or paid, or its transfer announced.

        A wire transfer on its way places an order that is not confirmed. When it is
        called off, the buyer owes nothing.
        """
        order = self.order_id
        is_promised = order._trustedshops_get_promised_amount() is not None
        return order.state == "sale" or is_promised

    def _get_hold_reason(self):
        """Return the reason to wait for a user or for a payment.

        A user can release the application in spite of it, unless the fee was credited.

        :return: see :meth:`_get_obstacle`
        """
        self.ensure_one()
        if self.fee_state in FEE_GIVEN_BACK:
            # It may be charged again: a corrected invoice begins with a credit note.
            return self._prepare_reason("fee_credited")
        if self.is_released:
            return {}
        order = self.order_id
        paid, total = self._get_paid_amount(), order.amount_total
        sums = {"paid": paid or 0.0, "total": total, "currency": order.currency_id.id}
        if not order._trustedshops_get_fee_lines():
            return self._prepare_reason("fee_dropped", **sums)
        if paid is not None and self.currency_id.compare_amounts(paid, total) < 0:
            return self._prepare_reason("partly_paid", **sums)
        return {} if self._is_order_covered() else self._prepare_reason("not_covered")

    def _get_paid_amount(self):
        """Return the amount of the order that the buyer paid, or is bound to pay.

        :return: amount in the order's currency; None for an order that was placed
            without a payment and still has none
        :rtype: float or None
        """
        order = self.order_id
        paid = order._trustedshops_get_promised_amount()
        # An order without any payment is on account; one with a voided payment is not.
        if paid is None and not self.placed_with_payment:
            return None
        # The rest may have been paid on the invoice.
        went_back = order._trustedshops_get_transactions()._trustedshops_get_refunds()
        if self._filter_collected() and not went_back:
            return max(paid or 0.0, order.amount_total)
        return paid or 0.0

    def _is_order_covered(self):
        """Return True if the item still fits the customer, currency and amount."""
        order = self.order_id
        amount = order._trustedshops_get_amount_to_protect()
        is_same_buyer = not self.partner_id or self.partner_id == order.partner_id
        if not is_same_buyer or self.currency_id != order.currency_id:
            return False
        if self.currency_id.compare_amounts(amount, self.protected_amount) <= 0:
            return True
        # For amounts above all items the largest item is right ("up to ...").
        items = [item._to_lib() for item in self.certificate_id.item_ids]
        value = Decimal(f"{amount:.2f}")
        fitting = find_item(items, value, self.currency_id.name)
        return bool(fitting) and fitting.ts_product_id == self.item_code

    # === THE RUN === #
    @api.model
    def _run_first(self):
        """Override to check held certificates, and to end and refund protections.

        Mails that were sent or refused are followed. Only the certificates need calls.
        """
        held = Domain("hold_reason", "!=", False)
        self.env["trustedshops.certificate"]._check_due(timedelta(hours=1), held)
        jobs = (
            Job(self, self._get_expired_domain, lambda rows: rows._close_expired()),
            Job(
                self,
                self._get_unrefunded_domain,
                lambda row: row._try_to_refund_fee(),
                after_bug=lambda row: row._schedule_books(),
                is_alone=True,
            ),
            Job(
                self,
                self._get_follow_up_domain,
                lambda rows: rows._process_mails(),
            ),
        )
        return super()._run_first() and all(job.do_all() for job in jobs)

    @api.model
    def _run_between(self):
        """Override to log answers, also of a run that died, and to write due mails.

        Schedule also the activities about protections that a user has to release or
        look up.
        """

        def report_in_next_run(_row):
            """Do nothing: after a crash the next run reports the record again."""

        jobs = (
            Job(
                self,
                self._get_notices_domain,
                lambda rows: rows._log_answers(),
                report_in_next_run,
            ),
            Job(
                self,
                # Those that only a user can settle, and that have no activity about it.
                lambda: (
                    self._get_held_domain()
                    & ~Domain("activity_ids.trustedshops_cause", "=", "protection")
                ),
                lambda rows: rows._update_todo(),
                report_in_next_run,
            ),
            Job(
                self,
                self._get_mails_domain,
                lambda rows: rows._write_mails(),
                lambda row: row._reschedule_mail(),
            ),
        )
        return all(job.do_all() for job in jobs)

    @api.model
    def _get_notices_domain(self):
        """Return the domain of protections with an answer that was not logged yet."""
        return Domain("notice_due", "=", True) & Domain("state", "!=", "sending")

    @api.model
    def _get_jobs(self, run):
        """Override to return the jobs that apply for protections, and that poll."""
        applications, polls = self._get_applications_domain, self._get_polls_domain
        return [
            Job(self, applications, lambda row: row._apply(run), run=run, is_fair=True),
            Job(self, polls, lambda row: row._poll(run), run=run),
        ]

    @api.model
    def _get_expired_domain(self):
        """Return the domain of waiting protections of cancelled or too old orders.

        The age counts only if the queue ran in the last three hours, as the framework
        tells. If the clock was wrong or the server down, the queue still applies, and
        Trusted Shops decides.
        """
        # When an order is cancelled during a call, its record may wait again later.
        is_moot = Domain("order_id.state", "=", "cancel")
        before, now = self.env.context.get("lastcall"), fields.Datetime.now()
        if before and before <= now <= before + timedelta(hours=3):
            is_moot |= Domain("placed_at", "<=", now - const.APPLY_WITHIN)
        return Domain("state", "in", ("queued", "on_hold")) & is_moot

    @api.model
    def _get_applications_domain(self):
        """Return the domain of applications that are due and may be sent now."""
        certificates = self.env["trustedshops.certificate"]
        return (
            Domain("state", "=", "queued")
            & self._get_due_domain()
            & Domain("order_id.state", "!=", "cancel")
            & Domain("certificate_id", "any", certificates._get_sendable_domain())
        )

    @api.model
    def _get_polls_domain(self):
        """Return the domain of applications about which to ask now.

        Asking needs no login, so refused ones do not matter.
        """
        resting = self.env["trustedshops.service"]._get_resting_endpoints(SOAP)
        certificates = self.env["trustedshops.certificate"]
        limited = certificates._get_limited_domain(fields.Datetime.now())
        return (
            Domain("state", "=", "requested")
            & self._get_due_domain()
            & Domain("application_number", "!=", False)
            & ~self._get_endpoint_domain(resting)
            & Domain("certificate_id", "any", ~limited)
        )

    @api.model
    def _get_stuck_domain(self):
        """Return the domain of records that the queue should have taken an hour ago.

        Those of a service that gave no answer in this hour only wait their turn.
        """
        oldest = fields.Datetime.now() - timedelta(hours=1)
        services = self.env["trustedshops.service"].sudo()
        recovering = services.search(
            Domain("kind", "in", (SOAP, APPLYING))
            & services._get_recovering_domain(oldest)
        )
        due = self._get_applications_domain() | self._get_polls_domain()
        due &= Domain("environment", "not in", recovering.mapped("environment"))
        is_old = due & Domain("next_attempt_at", "<=", oldest)
        return is_old | (self._get_lost_domain() & Domain("lease_until", "<=", oldest))

    def _close_expired(self):
        """Cancel the protections of cancelled orders, and let those too old fail."""
        cancelled = self.filtered(lambda each: each.order_id.state == "cancel")
        cancelled._cancel()
        (self - cancelled).write(
            {"state": "failed", **self._prepare_reason("too_late")}
        )

    # === APPLYING === #
    def _apply(self, run):
        """Apply for one protection, and store the answer.

        Put it on hold instead if something keeps it from being sent. Hold the
        certificate if the answer rejects it or its login. All values are read before
        the call, which is between two commits.

        :param Run run: what it remembers of its calls
        """
        if reason := self._get_obstacle():
            self._set_on_hold(reason)
            return
        try:
            request = self._prepare_request()
            request.to_parts()  # raises now for what could not be sent
        except ValueError as error:
            self._set_on_hold(self._prepare_reason("incomplete", what=str(error)))
            return
        certificate = self.certificate_id
        is_own = not run.is_trial(APPLYING, self.environment)
        was_limited = self.last_code in LIMIT_CODES
        answer = self._ask(
            run,
            lambda client: client.request_protection(request),
            lambda row, *answer: row._store_application(*answer, is_own),
            rest=APPLYING,
            state="sending",
            attempt_count=self.attempt_count + 1,
        )
        certificate._update_limit(answer)
        is_error = isinstance(answer, TrustedShopsError)
        # A late answer does not count if the record has another code by now.
        code = answer.code if is_error and self.last_code == answer.code else 0
        if get_code(code).hold_reason:
            certificate._start_hold(code)
        elif was_limited or code in LIMIT_CODES:
            certificate._sync_todos()

    def _prepare_request(self):
        """Return the application to send, not checked yet.

        :rtype: ProtectionRequest
        """
        certificate_sudo = self.certificate_id.sudo()
        return ProtectionRequest(
            ts_id=self.ts_id,
            ts_product_id=self.item_code or None,
            amount=Decimal(f"{self.order_amount:.2f}"),
            currency=self.currency_id.name,
            payment_type=self.payment_type or None,
            buyer_email=self.buyer_email or None,
            shop_customer_id=self.customer_reference or None,
            shop_order_id=self.order_reference or None,
            order_date=self.placed_at,
            shop_system_version=f"Odoo {release.version}",
            ws_user=certificate_sudo.ws_user or None,
            ws_password=certificate_sudo.ws_password or None,
        )

    def _get_login(self):
        """Override to return the certificate."""
        return self.certificate_id

    def _get_client(self, run):
        """Override to connect to the environment for which the order was placed."""
        if self.environment not in run.clients:
            hosts = self.certificate_id._get_hosts(self.environment)
            run.clients[self.environment] = TrustedShopsClient(hosts)
        return run.clients[self.environment]

    def _poll(self, run):
        """Ask for the decision about an application, and store the answer.

        The next time to ask is stored first. Asking twice does no harm.

        :param Run run: what it remembers of its calls
        """
        ts_id, number = self.ts_id, self.application_number
        now = fields.Datetime.now()
        age = now - (self.number_entered_at or self.requested_at)
        pauses = (pause for younger, pause in POLL_INTERVALS if age < younger)
        certificate = self.certificate_id
        answer = self._ask(
            run,
            lambda client: client.get_request_state(ts_id, int(number)),
            lambda row, answer, _is_late: row._store_state(number, answer),
            next_attempt_at=now + next(pauses),
        )
        certificate._update_limit(answer)

    # === ANSWERS === #
    def _store_application(self, answer, is_late, is_own=True):
        """Store the answer to an application, also one that comes too late.

        A number is always kept: as the record's own if it still waits for one, else as
        ``late_number``. A late error is dropped.

        :param answer: the number, or why there is none
        :type answer: int or TrustedShopsError
        :param bool is_late: whether another process took the record over meanwhile
        :param bool is_own: whether a failure is the record's own, not that of all
            applications
        """
        if isinstance(answer, TrustedShopsError):
            if self.state == "sending" and not is_late:
                self.write(self._prepare_error_values(answer, is_own))
        elif self.state in ("queued", "sending", "on_hold") or (
            self.state == "requested" and not self.application_number
        ):
            self.write(self._prepare_requested_values(str(answer)))
        elif self.application_number != str(answer):
            # An application arrived, but this record has no number or another one.
            self.write(
                {
                    "late_number": str(answer),
                    "may_have_arrived": True,
                    "notice_due": True,
                }
            )

    @api.model
    def _prepare_requested_values(self, number):
        """Return the values to write after an application that arrived.

        :param number: number under which Trusted Shops knows it, False when not known
            here
        :type number: str or bool
        :rtype: dict
        """
        now = fields.Datetime.now()
        return {
            "state": "requested",
            "application_number": number,
            "number_entered_at": False,
            "requested_at": now,
            # Often it is decided immediately. Without a number there is nothing to ask.
            "next_attempt_at": number and now,
            "trouble_count": 0,
            "last_code": 0,
            "notice_due": True,
        }

    def _prepare_error_values(self, error, is_own):
        """Return the values to write if an application was not answered with a number.

        :param TrustedShopsError error: from the client
        :param bool is_own: whether a failure is the record's own, not that of all
            applications
        :return: with the state: ``requested`` if an earlier call arrived, ``on_hold``
            if another order has the number, ``rejected``, or ``queued`` to try again
        :rtype: dict
        """
        values = {"last_code": error.code or 0, **self._prepare_answer_reason(error)}
        is_duplicate = error.kind == KIND_DUPLICATE
        if is_duplicate and self.may_have_arrived:
            # Our earlier call arrived.
            return {**self._prepare_requested_values(False), **values}
        if isinstance(error, RefusedError):
            # Trusted Shops knows the order number from another order, for example from
            # an old shop, or from before a sequence was reset.
            state = "on_hold" if is_duplicate else "rejected"
            return {**values, "state": state, "trouble_count": 0, "notice_due": True}
        maybe_sent = isinstance(error, RetryableError) and error.maybe_sent
        # Problems of certificate or service are reported there, not for each record.
        is_own = is_own and error.kind not in (KIND_CERTIFICATE, KIND_LIMIT)
        values = {**self._prepare_trouble_values(maybe_sent, is_own, error), **values}
        if error.kind == KIND_LIMIT:
            # The credit limit frees up as older guarantees end.
            values["next_attempt_at"] = fields.Datetime.now() + timedelta(hours=1)
        return values

    def _prepare_answer_reason(self, error):
        """Return the values that store an error as the reason for the state.

        :param TrustedShopsError error: from the client
        :return: see :meth:`_prepare_reason`
        """
        if error.kind == KIND_DUPLICATE:
            is_ours = self.may_have_arrived
            return self._prepare_reason("number_lost" if is_ours else "number_known")
        if not error.code:
            return self._prepare_reason("no_answer", trouble=error.trouble)
        return self._prepare_reason("answered")

    def _prepare_trouble_values(self, maybe_sent, is_own=True, error=None):
        """Return the values that queue the application again after a failed attempt.

        :param bool maybe_sent: whether the application may have arrived
        :param bool is_own: whether the record itself is at fault
        :param error: why there is no result, if there was an answer
        :type error: TrustedShopsError or None
        :rtype: dict
        """
        values = self._prepare_wait_values(error, is_own)
        is_news = values.get("trouble_count") == const.TROUBLE_ATTENTION
        if is_news:  # unless an activity about all of them exists
            services = self.env["trustedshops.service"]
            service = services._find(APPLYING, self.environment)
            is_news = not service._get_todos_about("silent", is_open=False)
        return {
            **values,
            "state": "queued",
            "may_have_arrived": self.may_have_arrived or maybe_sent,
            "notice_due": self.notice_due or is_news,
        }

    def _prepare_lost_values(self):
        """Override to queue the application again as one that may have arrived."""
        return self._prepare_trouble_values(True)

    def _store_state(self, number, answer):
        """Store the decision about an application, unless the record has moved on.

        A guarantee is stored even if the record was given up meanwhile.

        :param str number: number of the application
        :param answer: a guarantee number, 0 for undecided, or why there is none
        :type answer: int or TrustedShopsError
        """
        # A guarantee counts even if the record was given up meanwhile.
        is_error = isinstance(answer, TrustedShopsError)
        was_given_up = self.state in NOT_CONCLUDED_STATES and not is_error and answer
        if self.application_number != number or (
            self.state != "requested" and not was_given_up
        ):
            _logger.info("%s: a late answer is dropped", self)
        elif isinstance(answer, RefusedError):
            self.write(self._prepare_refusal_values(answer))
        elif answer and not is_error:
            self.write(self._prepare_confirmed_values(answer))
        else:
            self.write(self._prepare_undecided_values(answer))

    def _prepare_refusal_values(self, error):
        """Return the values to write after Trusted Shops refused the application.

        If a user entered its number, it may be mistyped: drop it, and stay
        ``requested``.

        :param RefusedError error: from the client
        :rtype: dict
        """
        # A number that a user entered may be mistyped, so ask for it again.
        is_entered = bool(self.number_entered_at)
        return {
            "next_attempt_at": False,
            "last_code": error.code,
            **self._prepare_reason(
                "application_refused", number=self.application_number
            ),
            "notice_due": True,
            **({"application_number": False} if is_entered else {"state": "rejected"}),
        }

    def _prepare_undecided_values(self, error):
        """Return the values to write when an application is not decided yet.

        :param error: why there is no decision, or 0
        :type error: TrustedShopsError or int
        :rtype: dict
        """
        code, reason = (error and error.code) or 0, self._prepare_reason(False)
        # Tell a user now if asking may lead nowhere, and tell them again when the code
        # changes, because what to do changes with it.
        kind = code and error.kind
        is_wrong = code and (self.number_entered_at or kind == KIND_DUPLICATE)
        is_told = is_wrong or (self.last_code and self._is_lookup_due())
        if code and kind != KIND_RETRYABLE:
            reason = self._prepare_reason("unclear", number=self.application_number)
        elif error:
            reason = self._prepare_answer_reason(error)
        is_news = code != self.last_code and bool(is_told)
        return {
            "last_code": code,
            **reason,
            "notice_due": self.notice_due or is_news,
        }

    def _prepare_confirmed_values(self, guarantee_number):
        """Return the values to write after Trusted Shops accepted the application.

        :param int guarantee_number: number that Trusted Shops gave
        :rtype: dict
        """
        # The protected days begin with the day of the order in the shop.
        placed_at = fields.Datetime.context_timestamp(self, self.placed_at)
        values = {
            "state": "confirmed",
            "guarantee_number": str(guarantee_number),
            "confirmed_at": fields.Datetime.now(),
            "protected_until": placed_at.date() + timedelta(days=self.duration_days),
            "last_code": 0,
            "notice_due": True,
        }
        if self.state in NOT_CONCLUDED_STATES:  # it had been given up
            values["may_have_arrived"] = False
            # If its fee is being given back, ask a user, as for a late number.
            if self.fee_state in FEE_GIVEN_BACK or self.refund_ids:
                values["late_number"] = self.application_number
        return values

    def _prepare_not_found_values(self):
        """Return the values to write when a user found no application at Trusted Shops.

        :rtype: dict
        """
        values, is_requested = {"may_have_arrived": False}, self.state == "requested"
        if is_requested:
            values["state"] = "failed"
        if is_requested and self.last_error == "application_refused":
            kept = self._prepare_reason(self.last_error, **(self.error_values or {}))
            return {**values, **kept}
        if is_requested or self.last_code in DUPLICATE_CODES:
            values["last_code"] = 0
        if self.state != "rejected":  # a refusal keeps its own reason
            values |= self._prepare_reason("not_found")
        return values
