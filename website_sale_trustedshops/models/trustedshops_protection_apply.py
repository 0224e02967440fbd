# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One application: the call, its answer, and the questions about it afterwards.

A call is always between two commits. Before it the row says ``sending``, so a process
that dies leaves a trace; after it the answer is written alone and committed. Nothing of
the order is locked or written around a call.
"""

import time
from datetime import timedelta
from decimal import Decimal

import psycopg2

from odoo import fields, models, release

from .. import const
from ..lib.client import ProtectionRequest, TrustedShopsClient
from ..lib.codes import KIND_DUPLICATE, KIND_LIMIT
from ..lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    TrustedShopsError,
)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

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
