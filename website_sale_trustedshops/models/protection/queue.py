# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: the run of the cron, its batches, and the steps that ask nobody.

The calls are in ``trustedshops_protection_apply.py``.

One application: the call and its answer.

A call is always between two commits. Before it the row says ``sending``, so a process
that dies leaves a trace; after it the answer is written alone and committed. Nothing of
the order is locked or written around a call.

Asking what became of an application.
"""

import contextlib
import logging
import time
from datetime import timedelta
from decimal import Decimal
from itertools import zip_longest

import psycopg2

from odoo import api, fields, models, release
from odoo.fields import Domain
from odoo.tools import SQL

from ... import const
from ...lib.client import TrustedShopsClient
from ...lib.codes import KIND_CERTIFICATE, KIND_DUPLICATE, KIND_LIMIT
from ...lib.exceptions import RefusedError, RetryableError, TrustedShopsError
from ...lib.values import ProtectionRequest
from .protection import FEE_GIVEN_BACK

_logger = logging.getLogger(__name__)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    # --- Apply ---
    late_number = fields.Char(
        readonly=True,
        help="Application number in an answer that came when the row was not waiting"
        " for it any more.",
    )

    def _trigger_apply_cron(self, at=None):
        """Have the queue run soon.

        :param datetime.datetime at: UTC, default: as soon as this is committed
        """
        cron = self.env.ref(
            "website_sale_trustedshops.ir_cron_apply_protection",
            raise_if_not_found=False,
        )
        if cron:
            cron.sudo()._trigger(at=at)

    # === THE RUN === #
    @api.model
    def _cron_apply(self):
        """Work through everything that is due.

        What waits for nobody's answer comes first, also what a run that died left to be
        told: the next one may die, too. Then the calls, and again what they tell of.
        """
        self._probe_held_certificates()
        clients = {}
        try:
            done = all(run() for run in self._get_runs(clients))
        finally:
            for client in clients.values():
                client.close()
        if not done:
            self._trigger_apply_cron()  # time is up, not the work
            # Else the framework starts us again at once, up to ten times, whatever the
            # time, and each time a call may take a minute.
            self.env["ir.cron"]._commit_progress(remaining=0)
        elif next_at := self._get_next_attempt_at():
            self._trigger_apply_cron(at=next_at)

    def _get_runs(self, clients):
        """Return the batches of a run in their order.

        :param dict clients: open clients by their environment, shared by the run
        :return: functions that tell whether there is time left
        :rtype: tuple
        """
        return (
            lambda: self._run_batch(
                self._get_lost_calls_domain(),
                lambda protection: protection._recover_lost_call(),
            ),
            lambda: self._run_batch(
                self._get_cancelled_domain(),
                lambda protection: protection._cancel(),
            ),
            lambda: self._run_batch(
                self._get_overdue_domain(),
                lambda protection: protection._fail_overdue(),
            ),
            self._run_notices,
            lambda: self._run_batch(
                self._get_unreturned_domain(),
                lambda protection: protection._try_to_return_fee(),
                after_bug=lambda protection: protection._notify_of_books(),
            ),
            lambda: self._run_batch(
                self._get_refunds_domain(),
                lambda protection: protection._refund_money(),
                after_bug=lambda protection: protection._note_lost_refund(),
            ),
            self._run_mails,
            lambda: self._run_calls(clients),
            self._run_undecided,
            self._run_notices,
            self._run_mails,
        )

    def _run_calls(self, clients):
        """Apply and ask in turn: however much is due, neither keeps the other waiting.

        :param dict clients: open clients by their environment, shared by the run
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        jobs = (
            (self._get_applications_domain, lambda row: row._apply(clients), []),
            (self._get_polls_domain, lambda row: row._poll(clients), []),
        )
        while True:
            batches = []
            for get_domain, work, seen in jobs:
                domain = get_domain()  # anew: the clock and the rows went on
                rows = self._find_batch(domain, seen)
                batches.append([(row, domain, work) for row in rows])
            turns = [turn for pair in zip_longest(*batches) for turn in pair if turn]
            if not turns:
                return True
            # An answer is told before the next one to the same row comes.
            if not self._run_turns(turns) or not self._run_notices():
                return False

    def _run_batch(self, domain, work, after_bug=None):
        """Do the work on every row that is due, a batch at a time.

        :param Domain domain: which rows; checked again when a row is locked
        :param work: called with each locked row, commits by itself
        :param after_bug: called with a row whose work crashed, default:
            :meth:`_postpone_after_bug`
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        seen = []
        while rows := self._find_batch(domain, seen):
            if not self._run_turns([(row, domain, work, after_bug) for row in rows]):
                return False
        return True

    def _find_batch(self, domain, seen):
        """Return the next rows that are due.

        :param Domain domain: which rows
        :param list seen: ids of those that had their turn in this run, filled here:
            each has one, also if it stays due because somebody has locked it
        """
        rows = self.search(
            domain & Domain("id", "not in", seen),
            limit=const.BATCH_SIZE,
            order="next_attempt_at, id",
        )
        seen += rows.ids
        return rows

    def _run_turns(self, turns):
        """Do each work on its row.

        :param list turns: arguments of :meth:`_run_one`, with the row in front
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        # Should a bug break the run off, the framework sees that there is more to do.
        self.env["ir.cron"]._commit_progress(remaining=len(turns))
        # Each row alone, without a prefetch: it would be done anew after each commit.
        return all(row[0]._run_one(*work) for row, *work in turns)

    def _run_one(self, domain, work, after_bug=None):
        """Do the work on one row; a bad row does not stop the next.

        :param Domain domain: which rows; checked again when the row is locked
        :param work: called with the locked row
        :param after_bug: called with the row when its work crashed
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked = locked.filtered_domain(domain)
            if locked:
                work(locked._in_responsible_lang())
            # Here, where a refusal of the database is caught.
            return bool(commit(1))
        except psycopg2.OperationalError:
            # Somebody else changed the row after our snapshot: the next run looks.
            self.env.cr.rollback()
        except Exception:
            # A bug, or a record nobody foresaw. It is recorded, the rest goes on.
            self.env.cr.rollback()
            _logger.exception("Buyer Protection %s of the queue failed", self.id)
            try:
                row = self._in_responsible_lang()
                (after_bug or type(self)._postpone_after_bug)(row)
                commit()
            except psycopg2.OperationalError:
                self.env.cr.rollback()
        return bool(commit(1))

    def _postpone_after_bug(self):
        """Keep a row whose processing crashed from being the first of every run."""
        if self.state not in ("queued", "requested"):
            return
        self.next_attempt_at = fields.Datetime.now() + const.BACK_OFF[-1]
        if not self.notice_due:  # else it belongs to what has to be told
            self.last_error = self.env._(
                "An error in this addon stopped the application; see the server log. It"
                " is tried again in an hour."
            )

    @api.model
    def _get_lost_calls_domain(self):
        oldest = fields.Datetime.now() - const.SENDING_LOST_AFTER
        return Domain("state", "=", "sending") & Domain("sending_since", "<=", oldest)

    @api.model
    def _get_cancelled_domain(self):
        """Return what waits although its order was cancelled during a call."""
        waiting = Domain("state", "in", ("queued", "on_hold"))
        return waiting & Domain("order_id.state", "=", "cancel")

    @api.model
    def _get_overdue_domain(self):
        oldest = fields.Datetime.now() - const.APPLY_WITHIN
        waiting = Domain("state", "in", ("queued", "on_hold"))
        return waiting & Domain("placed_at", "<=", oldest)

    @api.model
    def _get_applications_domain(self):
        return (
            Domain("state", "=", "queued")
            & Domain("next_attempt_at", "<=", fields.Datetime.now())
            & Domain("certificate_id.hold_reason", "=", False)
            & Domain("certificate_id.ws_user", "!=", False)
            & Domain("certificate_id.ws_password", "!=", False)
        )

    @api.model
    def _get_polls_domain(self):
        return (
            Domain("state", "=", "requested")
            & Domain("next_attempt_at", "<=", fields.Datetime.now())
            & Domain("application_number", "!=", False)
        )

    @api.model
    def _get_next_attempt_at(self):
        """Return when the queue has something to do again.

        :return: UTC, None when nothing waits
        :rtype: datetime.datetime or None
        """
        waiting = Domain("state", "in", ("queued", "requested"))
        waiting &= Domain("next_attempt_at", ">", fields.Datetime.now())
        moments = self.search(waiting, order="next_attempt_at", limit=1).mapped(
            "next_attempt_at"
        )
        sending = Domain("state", "=", "sending")
        if lost := self.search(sending, order="sending_since", limit=1):
            # Not at once: one that is lost already was locked just now.
            soon = fields.Datetime.now() + const.BACK_OFF[0]
            moments.append(max(lost.sending_since + const.SENDING_LOST_AFTER, soon))
        return min(moments, default=None)

    @api.model
    def _get_waiting_certificates(self):
        """Return the certificates with applications that have to go out.

        :return: records of ``trustedshops.certificate``, archived ones too
        """
        waiting = self._read_group(
            [("state", "in", ("queued", "sending"))], ["certificate_id"]
        )
        return self.env["trustedshops.certificate"].concat(
            *(certificate for (certificate,) in waiting)
        )

    @api.model
    def _get_stuck_domain(self):
        """Return which rows the queue should have taken long ago."""
        oldest = fields.Datetime.now() - const.STUCK_AFTER
        due = self._get_applications_domain() | self._get_polls_domain()
        due &= Domain("next_attempt_at", "<=", oldest)
        sending = Domain("state", "=", "sending")
        return due | (sending & Domain("sending_since", "<=", oldest))

    # === STEPS BEFORE THE CALLS === #
    def _recover_lost_call(self):
        """Queue again what a dead process left behind in the middle of a call."""
        self.write(
            {
                **self._prepare_trouble_values(maybe_sent=True),
                "sending_since": False,
                "next_attempt_at": fields.Datetime.now() + self._get_back_off(),
                "last_error": self.env._(
                    "A process ended in the middle of a call, so whether the"
                    " application arrived is not known. It is sent again."
                ),
            }
        )

    def _fail_overdue(self):
        """End what the service would refuse as too old, and tell a person."""
        self.state = "failed"
        self._close_passing_todos()
        if self._may_have_arrived():
            note = self.env._(
                "No application was confirmed within three days, but an application may"
                " have arrived. Look for the order number at Trusted Shops before you"
                " press Refund fee."
            )
        else:
            note = self.env._(
                "No application went through within three days, and Trusted Shops"
                " accepts none for older orders. The buyer is not protected, and the"
                " fee goes back by itself."
            )
        self._notify_responsible("protection", note)

    @api.model
    def _probe_held_certificates(self):
        """Ask once an hour whether a held certificate with a queue is good again."""
        waiting = self._read_group([("state", "=", "queued")], ["certificate_id"])
        now = fields.Datetime.now()
        for (certificate,) in waiting:
            if not certificate.hold_reason:
                continue
            if certificate.next_probe_at and certificate.next_probe_at > now:
                continue
            certificate.next_probe_at = now + const.PROBE_INTERVAL
            self.env["ir.cron"]._commit_progress()
            certificate._check_in_cron()
            if not self.env["ir.cron"]._commit_progress():
                break

    # === APPLY === #

    # === APPLYING === #
    def _apply(self, clients):
        """Apply for one protection; everything it needs is read before the call.

        :param dict clients: open clients by their endpoints, shared by the run
        """
        if self._is_order_cancelled():
            self._cancel()
            return
        if reason := self._get_obstacle():
            given_back = self.fee_state in FEE_GIVEN_BACK
            self._put_on_hold(reason, "fee_given_back" if given_back else "protection")
            return
        try:
            request = self._prepare_request()
            request.to_parts()  # says now what could not be sent
        except (TypeError, ValueError) as error:
            self._put_on_hold(
                self.env._("The application is incomplete: %(what)s", what=error)
            )
            return
        client = self._get_client(clients)
        attempt = self._begin_attempt()
        number = error = None
        try:
            number = client.request_protection(request)
        except TrustedShopsError as caught:
            error = caught
        try:
            self._write_answer(
                lambda row: (
                    row._store_number(attempt, number)
                    if number
                    else row._store_error(attempt, error)
                )
            )
        except psycopg2.Error:
            _logger.error(
                "The answer to Buyer Protection %s could not be stored: %s",
                self.id,
                error or f"application number {number}",
            )
            raise
        self._hold_certificate(error)

    def _begin_attempt(self):
        """Commit that a call begins.

        :return: what tells this call from any other of the row
        :rtype: tuple
        """
        self.write(
            {
                "state": "sending",
                "sending_since": fields.Datetime.now(),
                "attempt_count": self.attempt_count + 1,
            }
        )
        attempt = (self.sending_since, self.attempt_count)
        self.env["ir.cron"]._commit_progress()
        return attempt

    def _hold_certificate(self, error):
        """Stop the certificate when the answer says that it is at fault.

        :param error: of the call
        :type error: TrustedShopsError or None
        """
        code = error.code if error else None
        # Not for an answer so late that the row has another one by now.
        if code in const.HOLD_REASON_BY_CODE and self.last_code == code:
            self.certificate_id._hold(code)
            self.env["ir.cron"]._commit_progress()

    def _get_client(self, clients):
        """Return an open client for the environment for which this row was placed.

        :param dict clients: open clients by their environment, filled here
        :rtype: TrustedShopsClient
        """
        if self.environment not in clients:
            endpoints = self.certificate_id._get_endpoints(self.environment)
            clients[self.environment] = TrustedShopsClient(endpoints)
        return clients[self.environment]

    def _get_foreign_reason(self):
        """Tell whether the certificate became another one since the order was placed.

        Its login then belongs elsewhere: a test order must not be sent to production.

        :return: what does not fit, '' when everything does
        :rtype: str
        """
        certificate = self.certificate_id
        if (self.ts_id, self.environment) == (
            certificate.ts_id,
            certificate.environment,
        ):
            return ""
        return self.env._(
            "The certificate has another Trusted Shops ID or environment than when the"
            " order was placed, so the application is not sent."
        )

    def _prepare_request(self):
        """Return the application of this row.

        :rtype: ProtectionRequest
        """
        certificate_sudo = self.certificate_id.sudo()
        return ProtectionRequest(
            ts_id=self.ts_id,
            ts_product_id=self.item_code,
            amount=Decimal(f"{self.order_amount:.2f}"),
            currency=self.currency_id.name,
            payment_type=self.payment_type,
            buyer_email=self.buyer_email or None,
            shop_customer_id=self.customer_reference,
            shop_order_id=self.order_reference,
            order_date=self.placed_at,
            shop_system_version=f"Odoo {release.version}",
            ws_user=certificate_sudo.ws_user or None,
            ws_password=certificate_sudo.ws_password or None,
        )

    def _put_on_hold(self, reason, cause="protection"):
        """Let a person decide.

        :param str reason: what is wrong and what to do
        :param str cause: a word that stays the same for the same trouble
        """
        self.write({"state": "on_hold", "last_error": reason, "last_code": 0})
        self._notify_responsible(cause, reason)

    # === STORING AN ANSWER === #
    def _write_answer(self, store):
        """Store an answer, alone in a new transaction, and commit it.

        When the database refuses, because of a concurrent transaction or because the
        connection died, the *writing* is repeated, never the call.

        :param store: called with the row, which is locked and was not read yet
        :raise psycopg2.Error: when it keeps refusing; the row then stays ``sending``
            and counts as an unanswered call
        """
        for attempt in range(1, const.WRITE_ATTEMPTS + 1):
            try:
                if attempt == 1:
                    self._store_alone(store)
                else:  # on another connection, whatever became of this one
                    with self.pool.cursor() as cr:
                        self.with_env(self.env(cr=cr))._store_alone(store)
                return
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                with contextlib.suppress(psycopg2.InterfaceError):
                    self.env.cr.rollback()  # a closed one holds no lock
                if attempt == const.WRITE_ATTEMPTS:
                    raise
                time.sleep(0.1 * 2**attempt)

    def _store_alone(self, store):
        """Store an answer in the transaction of this record, and commit it.

        :param store: called with the row when it is locked
        """
        self._wait_for_lock()
        store(self)
        self.env["ir.cron"]._commit_progress()

    def _wait_for_lock(self):
        """Lock the row; unlike elsewhere it is waited for, the answer must be kept."""
        self.env.execute_query(
            SQL(
                "SELECT id FROM trustedshops_protection WHERE id = %s"
                " FOR NO KEY UPDATE",
                self.id,
            )
        )

    def _is_attempt(self, attempt):
        """Tell whether the row still waits for the answer of this very call.

        A process may have been suspended so long that another one took over.

        :param tuple attempt: of :meth:`_begin_attempt`
        :rtype: bool
        """
        own = (self.sending_since, self.attempt_count)
        return self.state == "sending" and own == attempt

    def _store_number(self, attempt, number):
        """Store that an application arrived; its number is kept whatever happened.

        :param tuple attempt: of :meth:`_begin_attempt`
        :param int number: application number
        """
        number = str(number)
        if self._is_attempt(attempt):
            values = self._prepare_requested_values(number)
            if self.late_number == number:
                values["late_number"] = False
            self.write(values)
        elif number == self.application_number:
            _logger.info("Buyer Protection %s: a late answer is known", self.id)
        elif self._needs_number():
            self.write(self._prepare_requested_values(number))
        else:
            # Of a row that is being sent this is taken with the answer of that call.
            self.write({"late_number": number, "notice_due": True})

    def _needs_number(self):
        """Tell whether a late number is simply the one that was missing.

        :rtype: bool
        """
        if self.state == "requested":
            return not self.application_number
        return self.state in ("queued", "on_hold")

    def _store_error(self, attempt, error):
        """Store an answer without a number.

        :param tuple attempt: of :meth:`_begin_attempt`
        :param TrustedShopsError error: from the client
        """
        if not self._is_attempt(attempt):
            _logger.info(
                "Buyer Protection %s: a late answer is dropped: %s", self.id, error
            )
        elif self.late_number:  # of an earlier call, so there is an application
            self.write(
                {
                    **self._prepare_requested_values(self.late_number),
                    "late_number": False,
                }
            )
        else:
            self.write(self._prepare_error_values(error))

    def _prepare_requested_values(self, number):
        """Return the values after an accepted application.

        :param str number: application number
        :rtype: dict
        """
        now = fields.Datetime.now()
        return {
            "state": "requested",
            "application_number": number,
            "is_number_entered": False,
            "requested_at": now,
            "next_attempt_at": now,  # often it is decided at once
            "sending_since": False,
            "trouble_count": 0,
            "undecided_told": False,
            "last_code": 0,
            "last_error": False,
            "notice_due": True,
        }

    def _prepare_error_values(self, error):
        """Return the values after an application without a number.

        :param TrustedShopsError error: from the client
        :rtype: dict
        """
        values = {
            "sending_since": False,
            "last_code": error.code or 0,
            "last_error": self._explain(error),
        }
        if error.kind == KIND_DUPLICATE:
            return {**values, **self._prepare_duplicate_values()}
        if isinstance(error, RefusedError):
            return {
                **values,
                "state": "rejected",
                "trouble_count": 0,
                "notice_due": True,
            }
        wait = const.LIMIT_RETRY if error.kind == KIND_LIMIT else self._get_back_off()
        values["next_attempt_at"] = fields.Datetime.now() + wait
        if error.kind == KIND_CERTIFICATE:  # its activity is the certificate's
            return {**values, "state": "queued", "notice_due": self.notice_due}
        maybe_sent = isinstance(error, RetryableError) and error.maybe_sent
        return {**values, **self._prepare_trouble_values(maybe_sent)}

    def _prepare_trouble_values(self, maybe_sent):
        """Return the values after an attempt that brought nothing.

        :param bool maybe_sent: whether the application may have arrived
        :rtype: dict
        """
        count = self.trouble_count + 1
        return {
            "state": "queued",
            "unanswered": self.unanswered or maybe_sent,
            "trouble_count": count,
            "notice_due": self.notice_due or count == const.TROUBLE_ATTENTION,
        }

    def _prepare_duplicate_values(self):
        """Return the values when the service knows the order number already.

        After an unanswered call of ours, that call arrived. Otherwise the number is
        somebody else's: an old shop, a sequence that was reset.
        """
        values = {"trouble_count": 0, "notice_due": True}
        if self.unanswered:
            return {
                **values,
                "state": "requested",
                "application_number": False,
                "requested_at": fields.Datetime.now(),
                "next_attempt_at": False,
            }
        return {**values, "state": "on_hold"}

    def _get_back_off(self):
        """Return how long to wait after this many attempts.

        :rtype: datetime.timedelta
        """
        index = min(self.attempt_count, len(const.BACK_OFF)) - 1
        return const.BACK_OFF[max(index, 0)]

    # === POLL === #

    def _poll(self, clients):
        """Ask whether an application was decided.

        Asking twice does no harm, so the row is not held during the call.

        :param dict clients: open clients by their endpoints, shared by the run
        """
        client = self._get_client(clients)
        ts_id, number = self.ts_id, self.application_number
        self.next_attempt_at = fields.Datetime.now() + self._get_poll_interval()
        self.env["ir.cron"]._commit_progress()
        guarantee_number = error = None
        try:
            guarantee_number = client.get_request_state(ts_id, int(number))
        except TrustedShopsError as caught:
            error = caught
        self._write_answer(
            lambda row: row._store_state(number, guarantee_number, error)
        )

    def _store_state(self, number, guarantee_number, error):
        """Store what became of an application, if that is still what is asked for.

        :param str number: application that was asked for
        :param guarantee_number: answer, 0 while it is not decided
        :type guarantee_number: int or None
        :param error: from the client, when there is no such answer
        :type error: TrustedShopsError or None
        """
        if self.state != "requested" or self.application_number != number:
            _logger.info("Buyer Protection %s: a late answer is dropped", self.id)
        elif isinstance(error, RefusedError):
            self.write(self._prepare_refusal_values(error))
        elif error:
            self.last_error = self._explain(error)
        else:
            self.write(self._prepare_state_values(guarantee_number))

    def _prepare_refusal_values(self, error):
        """Return the values when the application was refused.

        A number that a person entered may be mistyped: it is asked for again.

        :param RefusedError error: from the client
        :rtype: dict
        """
        values = {
            "next_attempt_at": False,
            "last_code": error.code,
            "last_error": self._explain_decision(error),
            "notice_due": True,
        }
        if self.is_number_entered:
            return {**values, "application_number": False}
        return {**values, "state": "rejected"}

    def _prepare_state_values(self, guarantee_number):
        """Return the values for an answer about an application.

        :param int guarantee_number: 0 while it is not decided
        :rtype: dict
        """
        if not guarantee_number:
            return {"last_error": False}
        return {
            "state": "confirmed",
            "guarantee_number": str(guarantee_number),
            "confirmed_at": fields.Datetime.now(),
            "protected_until": self._get_last_day(),
            "next_attempt_at": False,
            "last_code": 0,
            "last_error": False,
            "notice_due": True,
        }

    def _get_last_day(self):
        """Return the last protected day, counted from the day of the order in the shop.

        :rtype: datetime.date
        """
        # As core does for an order; where the company has none, the responsible user
        # got one from a browser.
        responsible = self.certificate_id.user_id
        in_shop = self.with_context(tz=self.company_id.partner_id.tz or responsible.tz)
        placed_at = fields.Datetime.context_timestamp(in_shop, self.placed_at)
        return placed_at.date() + timedelta(days=self.duration_days)

    def _get_poll_interval(self):
        """Return how long to wait before asking again.

        :rtype: datetime.timedelta
        """
        age = fields.Datetime.now() - self.requested_at
        for older_than, interval in const.POLL_INTERVALS:
            if age < older_than:
                return interval
        return const.POLL_INTERVAL_LATER
