# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: applying for protections, asking for their state, mailing the buyer.

A call is always between two commits. Before it the row says ``sending``, so a process
that dies leaves a trace; after it the answer is written alone and committed. Nothing of
the order is locked or written around a call.
"""

import logging
import time
from datetime import timedelta
from decimal import Decimal

import psycopg2

from odoo import api, fields, models, release
from odoo.fields import Domain

from .. import const
from ..lib.client import ProtectionRequest, TrustedShopsClient
from ..lib.codes import KIND_DUPLICATE, KIND_LIMIT
from ..lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    TrustedShopsError,
)

_logger = logging.getLogger(__name__)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

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
        """Work through everything that is due, new applications before polls.

        Mails wait for nobody's answer, so they come first, and again at the end for
        what was confirmed in this run.
        """
        self._probe_held_certificates()
        clients = {}
        try:
            done = (
                self._run_mails()
                and self._run_batch(
                    self._get_lost_calls_domain(),
                    lambda protection: protection._recover_lost_call(),
                )
                and self._run_batch(
                    self._get_overdue_domain(),
                    lambda protection: protection._fail_overdue(),
                )
                and self._run_batch(
                    self._get_applications_domain(),
                    lambda protection: protection._apply(clients),
                )
                and self._run_batch(
                    self._get_polls_domain(),
                    lambda protection: protection._poll(clients),
                )
                and self._run_mails()
            )
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

    def _run_batch(self, domain, work):
        """Do the work on every row that is due, a batch at a time.

        :param Domain domain: which rows; checked again when a row is locked
        :param work: called with each locked row, commits by itself
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        commit = self.env["ir.cron"]._commit_progress
        seen = []  # each row once, also one that stays due because it is locked
        while rows := self.search(
            domain & Domain("id", "not in", seen),
            limit=const.BATCH_SIZE,
            order="next_attempt_at, id",
        ):
            seen += rows.ids
            commit(remaining=len(rows))
            for row in rows:
                row[0]._run_one(domain, work)  # no prefetch after each commit
                if not commit(1):
                    return False
        return True

    def _run_one(self, domain, work):
        """Do the work on one row; a bad row does not stop the next.

        :param Domain domain: which rows; checked again when the row is locked
        :param work: called with the locked row
        """
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked = locked.filtered_domain(domain)
            if locked:
                work(locked._in_responsible_lang())
                # Here, where a refusal of the database is caught.
                self.env["ir.cron"]._commit_progress()
        except psycopg2.OperationalError:
            # Somebody else changed the row after our snapshot: the next run looks.
            self.env.cr.rollback()
        except Exception:
            # A bug, or a record nobody foresaw. It is recorded, the rest goes on.
            self.env.cr.rollback()
            _logger.exception("Buyer Protection %s of the queue failed", self.id)
            try:
                self._postpone_after_bug()
                self.env["ir.cron"]._commit_progress()
            except psycopg2.OperationalError:
                self.env.cr.rollback()

    def _postpone_after_bug(self):
        """Keep a row whose processing crashed from being the first of every run."""
        if self.state in ("queued", "requested"):
            self.write(
                {
                    "next_attempt_at": fields.Datetime.now() + const.BACK_OFF[-1],
                    "last_error": self.env._(
                        "An error in this addon stopped the application; see the server"
                        " log. It is tried again in an hour."
                    ),
                }
            )

    @api.model
    def _get_lost_calls_domain(self):
        oldest = fields.Datetime.now() - const.SENDING_LOST_AFTER
        return Domain("state", "=", "sending") & Domain("sending_since", "<=", oldest)

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
        return self.search(waiting, order="next_attempt_at", limit=1).next_attempt_at

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
        return self._get_applications_domain() & Domain("next_attempt_at", "<=", oldest)

    # === STEPS BEFORE THE CALLS === #

    def _recover_lost_call(self):
        """Queue again what a dead process left behind in the middle of a call."""
        self.write(
            {
                "state": "queued",
                "unanswered": True,
                "sending_since": False,
                "next_attempt_at": fields.Datetime.now(),
            }
        )

    def _fail_overdue(self):
        """End what the service would refuse as too old, and tell a person."""
        self.state = "failed"
        if self.unanswered:
            note = self.env._(
                "Trusted Shops did not answer within three days, but an application may"
                " have arrived. Look for the order number at Trusted Shops before you"
                " pay the fee back."
            )
        else:
            note = self.env._(
                "No application went through within three days, and Trusted Shops"
                " accepts none for older orders. The buyer is not protected: pay the"
                " fee back."
            )
        self.certificate_id._notify_of(self, note)

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

    # === APPLYING === #

    def _apply(self, clients):
        """Apply for one protection; everything it needs is read before the call.

        :param dict clients: open clients by their endpoints, shared by the run
        """
        if reason := self._get_hold_reason() or self._get_foreign_reason():
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
        client = self._get_client(clients)
        self.write(
            {
                "state": "sending",
                "sending_since": fields.Datetime.now(),
                "attempt_count": self.attempt_count + 1,
            }
        )
        self.env["ir.cron"]._commit_progress()
        code = 0
        try:
            number = client.request_protection(request)
            values = self._prepare_requested_values(number)
        except TrustedShopsError as error:
            code = error.code or 0
            values = self._prepare_error_values(error)
        self._record_answer(values)
        if code in const.HOLD_REASON_BY_CODE:
            self.certificate_id._hold(code)
        self._tell_about_answer()
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

    def _put_on_hold(self, reason):
        """Let a person decide.

        :param str reason: what is wrong and what to do
        """
        self.write({"state": "on_hold", "last_error": reason, "last_code": 0})
        self.certificate_id._notify_of(self, reason)

    def _record_answer(self, values):
        """Write the answer alone and commit it.

        When the database refuses because of a concurrent transaction the *write* is
        repeated, never the call.

        :param dict values: of this row
        :raise psycopg2.OperationalError: when it keeps refusing; the row then stays
            ``sending`` and counts as an unanswered call
        """
        for attempt in range(1, const.WRITE_ATTEMPTS + 1):
            try:
                self.write(values)
                self.env["ir.cron"]._commit_progress()
                return
            except psycopg2.OperationalError:
                self.env.cr.rollback()
                if attempt == const.WRITE_ATTEMPTS:
                    raise
                time.sleep(0.1 * attempt)

    def _prepare_requested_values(self, number):
        """Return the values after an accepted application.

        :param int number: application number
        :rtype: dict
        """
        now = fields.Datetime.now()
        return {
            "state": "requested",
            "application_number": str(number),
            "requested_at": now,
            "next_attempt_at": now,  # often it is decided at once
            "sending_since": False,
            "last_code": 0,
            "last_error": False,
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
            return {**values, "state": "rejected"}
        wait = const.LIMIT_RETRY if error.kind == KIND_LIMIT else self._get_back_off()
        maybe_sent = isinstance(error, RetryableError) and error.maybe_sent
        return {
            **values,
            "state": "queued",
            "unanswered": self.unanswered or maybe_sent,
            "next_attempt_at": fields.Datetime.now() + wait,
        }

    def _prepare_duplicate_values(self):
        """Return the values when the service knows the order number already.

        After an unanswered call of ours, that call arrived. Otherwise the number is
        somebody else's: an old shop, a sequence that was reset.
        """
        if self.unanswered:
            return {
                "state": "requested",
                "requested_at": fields.Datetime.now(),
                "next_attempt_at": False,
            }
        return {"state": "on_hold"}

    def _get_back_off(self):
        """Return how long to wait after this many attempts.

        :rtype: datetime.timedelta
        """
        index = min(self.attempt_count, len(const.BACK_OFF)) - 1
        return const.BACK_OFF[max(index, 0)]

    def _explain(self, error):
        """Return what the answer means for this order.

        :param TrustedShopsError error: from the client
        :rtype: str
        """
        if error.kind == KIND_DUPLICATE and self.unanswered:
            return self.env._(
                "An earlier application arrived, but its number did not reach us. Look"
                " it up at Trusted Shops by the order number."
            )
        if error.kind == KIND_DUPLICATE:
            return self.env._(
                "Trusted Shops knows this order number already although this order was"
                " never sent. Is it this order? Look at Trusted Shops before you go on."
            )
        if isinstance(error, MisconfiguredError):
            return self.env._(
                "The certificate or its login is not accepted: correct the certificate,"
                " the application then goes out by itself."
            )
        if error.code:
            return self.env._(
                "Trusted Shops answered %(code)s (%(symbol)s).",
                code=error.code,
                symbol=error.symbol,
            )
        return self.env._(
            "Trusted Shops did not answer (%(reason)s). We try again.", reason=error
        )

    def _tell_about_answer(self):
        """Note the answer at the order, and ask for a person where one is needed."""
        if self.state == "requested" and self.application_number:
            self.order_id.message_post(
                body=self.env._(
                    "Buyer Protection was applied for, application number %(number)s.",
                    number=self.application_number,
                )
            )
        elif self.state in ("requested", "on_hold", "rejected"):
            self.certificate_id._notify_of(self, self.last_error)

    # === ASKING FOR THE STATE === #

    def _poll(self, clients):
        """Ask whether an application was decided.

        Asking twice does no harm, so the row is not held during the call.

        :param dict clients: open clients by their endpoints, shared by the run
        """
        client = self._get_client(clients)
        ts_id, number = self.ts_id, int(self.application_number)
        self.next_attempt_at = fields.Datetime.now() + self._get_poll_interval()
        self.env["ir.cron"]._commit_progress()
        try:
            guarantee_number = client.get_request_state(ts_id, number)
            values = self._prepare_state_values(guarantee_number)
        except RefusedError as error:
            values = {
                "state": "rejected",
                "last_code": error.code,
                "last_error": self._explain(error),
            }
        except TrustedShopsError as error:
            values = {"last_error": self._explain(error)}
        self._record_answer(values)
        if self.state == "rejected":
            self._tell_about_answer()

    def _prepare_state_values(self, guarantee_number):
        """Return the values for an answer about an application.

        :param int guarantee_number: 0 while it is not decided
        :rtype: dict
        """
        if not guarantee_number:
            return {"last_error": False}
        days = timedelta(days=self.duration_days)
        return {
            "state": "confirmed",
            "guarantee_number": str(guarantee_number),
            "confirmed_at": fields.Datetime.now(),
            "protected_until": fields.Date.to_date(self.placed_at + days),
            "next_attempt_at": False,
            "last_code": 0,
            "last_error": False,
        }

    def _get_poll_interval(self):
        """Return how long to wait before asking again.

        :rtype: datetime.timedelta
        """
        age = fields.Datetime.now() - self.requested_at
        for older_than, interval in const.POLL_INTERVALS:
            if age < older_than:
                return interval
        return const.POLL_INTERVAL_LATER
