# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One application: the call and its answer.

A call is always between two commits. Before it the row says ``sending``, so a process
that dies leaves a trace; after it the answer is written alone and committed. Nothing of
the order is locked or written around a call.
"""

import contextlib
import logging
import time
from decimal import Decimal

import psycopg2

from odoo import fields, models, release
from odoo.tools import SQL

from .. import const
from ..lib.client import ProtectionRequest, TrustedShopsClient
from ..lib.codes import KIND_CERTIFICATE, KIND_DUPLICATE, KIND_LIMIT
from ..lib.exceptions import RefusedError, RetryableError, TrustedShopsError
from .trustedshops_protection import FEE_GIVEN_BACK

_logger = logging.getLogger(__name__)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    late_number = fields.Char(
        readonly=True,
        help="Application number in an answer that came when the row was not waiting"
        " for it any more.",
    )

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
        self.certificate_id._notify_of(self, reason, cause)

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
