# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue: the run of the cron, applications and questions.

How it works through its rows is in ``models/queue.py``.
"""

import logging
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models, release
from odoo.fields import Domain

from ... import const
from ...lib.client import TrustedShopsClient
from ...lib.codes import KIND_CERTIFICATE, KIND_DUPLICATE, KIND_LIMIT
from ...lib.exceptions import RefusedError, RetryableError, TrustedShopsError
from ...lib.values import ProtectionRequest
from .protection import FEE_GIVEN_BACK, NOT_CONCLUDED_STATES

_logger = logging.getLogger(__name__)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    _queue_word = "Buyer Protection"
    _queue_cron = "website_sale_trustedshops.ir_cron_apply_protection"

    # Application number in an answer that came when the row had another one, or ended;
    # the row's own, if it was confirmed after its fee was given back.
    late_number = fields.Char(readonly=True, export_string_translation=False)

    # === THE RUN === #
    @api.model
    def _cron_apply(self):
        """Work through everything that is due."""
        self._probe_held_certificates()
        self._run_queue()

    @api.model
    def _probe_held_certificates(self):
        """Ask once an hour whether a held certificate in use is good again."""
        commit = self.env["ir.cron"]._commit_progress
        certificates, now = self.env["trustedshops.certificate"], fields.Datetime.now()
        is_due = Domain("next_probe_at", "=", False)
        is_due |= Domain("next_probe_at", "<=", now)
        held = Domain("hold_reason", "!=", False)
        for certificate in certificates._find_in_use(held & is_due):
            certificate.next_probe_at = now + const.PROBE_INTERVAL
            commit()
            certificate._check_in_cron()
            if not commit():
                break

    def _run_steps(self, clients):
        """Override to do first what waits for nobody's answer.

        :param dict clients: by their environment
        """
        return (
            self._run_batches(
                self._get_overtaken_domain(), lambda rows: rows._settle_overtaken()
            )
            and self._run_batches(
                self._get_unreturned_domain(),
                lambda row: row._try_to_return_fee(),
                after_bug=lambda row: row._notify_of_books(),
                alone=True,
            )
            and self._run_batches(
                self._get_refunds_domain(),
                lambda row: row._refund_money(),
                after_bug=lambda row: row._note_lost_refund(),
                alone=True,
            )
            and self._run_calls(clients)
        )

    def _run_calls(self, clients):
        """Apply and ask in turn: however much is due, neither keeps the other waiting.

        What came of it is told before the next batch, and at first what a run that died
        left to be told: this one may die, too.

        :param dict clients: open clients by their environment, shared by the run
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        jobs = (
            (self._get_applications_domain, lambda row: row._apply(clients)),
            (self._get_polls_domain, lambda row: row._poll(clients)),
        )
        return self._run_in_turn(
            jobs,
            lambda: self._run_notices() and self._run_reminders() and self._run_mails(),
        )

    def _postpone_after_bug(self):
        """Keep a row whose processing crashed from being the first of every run."""
        if self.state not in ("queued", "requested"):
            return
        self.next_attempt_at = fields.Datetime.now() + const.BACK_OFF[-1]
        if not self.notice_due:  # else it belongs to what has to be told
            self.last_error = self.env._(
                "An error in this addon stopped the application; see the server log."
            )

    # === WHAT IS DUE === #
    @api.model
    def _get_overtaken_domain(self):
        """Return what time or a cancellation overtook: see :meth:`_settle_overtaken`.

        An order that is cancelled during a call waits again after it.
        """
        now = fields.Datetime.now()
        is_lost = Domain("state", "=", "sending")
        is_lost &= Domain("next_attempt_at", "<=", now)
        is_moot = Domain("order_id.state", "=", "cancel")
        is_moot |= Domain("placed_at", "<=", now - const.APPLY_WITHIN)
        return is_lost | (Domain("state", "in", ("queued", "on_hold")) & is_moot)

    @api.model
    def _get_applications_domain(self):
        return (
            Domain("state", "=", "queued")
            & Domain("next_attempt_at", "<=", fields.Datetime.now())
            & Domain("order_id.state", "!=", "cancel")
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
    def _get_underway_domain(self):
        return Domain("state", "in", ("queued", "sending", "requested"))

    @api.model
    def _get_waiting_certificates(self):
        """Return the certificates with applications that have to go out.

        :return: records of ``trustedshops.certificate``, archived ones too
        """
        waiting = Domain("state", "in", ("queued", "sending"))
        [[certificates]] = self._read_group(waiting, [], ["certificate_id:recordset"])
        return certificates

    @api.model
    def _get_stuck_domain(self):
        """Return which rows the queue should have taken long ago."""
        oldest = fields.Datetime.now() - const.STUCK_AFTER
        due = self._get_applications_domain() | self._get_polls_domain()
        due |= Domain("state", "=", "sending")
        return due & Domain("next_attempt_at", "<=", oldest)

    # === WHAT ASKS NOBODY === #
    def _settle_overtaken(self):
        """Take up lost calls, and end what is moot or too old."""
        for protection in self:
            if protection.state == "sending":
                protection._recover_lost_call()
            elif protection._is_order_cancelled():
                protection._cancel()
            else:
                protection._fail_overdue()

    def _recover_lost_call(self):
        """Queue again what a dead process left behind in the middle of a call."""
        self.write(
            {
                **self._prepare_trouble_values(maybe_sent=True),
                "next_attempt_at": fields.Datetime.now() + self._get_back_off(),
                "last_error": self.env._(
                    "A process ended in the middle of a call, so whether the"
                    " application arrived is not known."
                ),
            }
        )

    def _fail_overdue(self):
        """End what the service would refuse as too old."""
        reason = self._explain("overdue")
        if self.last_code and not self.is_number_taken:
            reason = self._explain("with_code", words=reason, code=self.last_code)
        self.write({"state": "failed", "last_error": reason})

    def _put_on_hold(self, reason):
        """Let a person decide.

        :param str reason: what is wrong and what to do
        """
        self.write({"state": "on_hold", "last_error": reason, "last_code": 0})

    # === APPLYING === #
    def _apply(self, clients):
        """Apply for one protection; everything it needs is read before the call.

        :param dict clients: open clients by their environment, shared by the run
        """
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
        client = self._get_client(clients)
        attempt = self.attempt_count + 1
        self.write(
            {
                "state": "sending",
                "attempt_count": attempt,
                "next_attempt_at": fields.Datetime.now() + const.SENDING_LOST_AFTER,
            }
        )
        self.env["ir.cron"]._commit_progress()
        try:
            answer = client.request_protection(request)
        except TrustedShopsError as error:
            answer = error
        self._store_answer(answer, lambda row: row._store_application(attempt, answer))
        # Not for an answer so late that the row has another one by now.
        code = isinstance(answer, TrustedShopsError) and answer.code
        if code in const.HOLD_REASON_BY_CODE and self.last_code == code:
            self.certificate_id._hold(code)
            self.env["ir.cron"]._commit_progress()

    def _get_client(self, clients):
        """Return an open client for the environment for which this row was placed.

        :param dict clients: open clients by their environment, filled here
        :rtype: TrustedShopsClient
        """
        if self.environment not in clients:
            hosts = self.certificate_id._get_hosts(self.environment)
            clients[self.environment] = TrustedShopsClient(hosts)
        return clients[self.environment]

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

    # === STORING AN ANSWER === #
    def _store_application(self, attempt, answer):
        """Store the answer to an application; a number is kept whatever happened.

        A process may have been suspended so long that another one took over.

        :param int attempt: which call of the row was answered
        :param answer: application number, or why there is none
        :type answer: int or TrustedShopsError
        """
        if isinstance(answer, TrustedShopsError):
            if self.state == "sending" and self.attempt_count == attempt:
                self.write(self._prepare_error_values(answer))
            else:
                text = "Buyer Protection %s: a late answer is dropped: %s"
                _logger.info(text, self.id, answer)
        elif self.state in ("queued", "sending", "on_hold") or self._lacks_number():
            self.write(self._prepare_requested_values(str(answer)))
        elif self.application_number == str(answer):
            _logger.info("Buyer Protection %s: a late answer is known", self.id)
        else:
            # An application arrived; under that number it is not this row's yet.
            self.write(
                {"late_number": str(answer), "unanswered": True, "notice_due": True}
            )

    def _prepare_requested_values(self, number):
        """Return the values after an application that arrived.

        :param number: application number, False when nobody knows it
        :type number: str or bool
        :rtype: dict
        """
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

    def _prepare_error_values(self, error):
        """Return the values after an application without a number.

        :param TrustedShopsError error: from the client
        :rtype: dict
        """
        values = {
            "last_code": error.code or 0,
            "last_error": self._explain_answer(error),
        }
        is_duplicate = error.kind == KIND_DUPLICATE
        if is_duplicate and self.unanswered:
            # That call of ours arrived.
            return {**self._prepare_requested_values(False), **values}
        if isinstance(error, RefusedError):
            # A known number is somebody else's: an old shop, a sequence that was reset.
            state = "on_hold" if is_duplicate else "rejected"
            return {**values, "state": state, "trouble_count": 0, "notice_due": True}
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

    def _get_back_off(self):
        """Return how long to wait after this many attempts.

        :rtype: datetime.timedelta
        """
        return const.BACK_OFF[min(self.attempt_count, len(const.BACK_OFF)) - 1]

    # === ASKING === #
    def _poll(self, clients):
        """Ask whether an application was decided.

        Asking twice does no harm, so the row is not held during the call.

        :param dict clients: open clients by their environment, shared by the run
        """
        client = self._get_client(clients)
        ts_id, number = self.ts_id, self.application_number
        now = fields.Datetime.now()
        age = now - (self.number_entered_at or self.requested_at)
        self.next_attempt_at = now + next(
            pause for younger_than, pause in const.POLL_INTERVALS if age < younger_than
        )
        self.env["ir.cron"]._commit_progress()
        try:
            answer = client.get_request_state(ts_id, int(number))
        except TrustedShopsError as error:
            answer = error
        self._store_answer(answer, lambda row: row._store_state(number, answer))

    def _store_state(self, number, answer):
        """Store what became of an application, if that is still what is asked for.

        A guarantee counts also when the row was given up meanwhile.

        :param str number: application that was asked for
        :param answer: guarantee number, 0 while it is not decided; or why there is none
        :type answer: int or TrustedShopsError
        """
        is_error = isinstance(answer, TrustedShopsError)
        was_given_up = self.state in NOT_CONCLUDED_STATES and not is_error and answer
        if self.application_number != number or (
            self.state != "requested" and not was_given_up
        ):
            _logger.info("Buyer Protection %s: a late answer is dropped", self.id)
        elif was_given_up:
            self.write(self._prepare_late_guarantee_values(answer))
        elif isinstance(answer, RefusedError):
            self.write(self._prepare_refusal_values(answer))
        elif is_error:
            self.write(self._prepare_unclear_values(answer))
        elif answer:
            self.write(self._prepare_confirmed_values(answer))
        else:
            self.write(self._prepare_undecided_values(0, False))

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
        if self.number_entered_at:
            return {**values, "application_number": False}
        return {**values, "state": "rejected"}

    def _prepare_unclear_values(self, error):
        """Return the values when the answer about an application decided nothing.

        It is asked for again; a person is told at once where that may lead nowhere.

        :param TrustedShopsError error: from the client
        :rtype: dict
        """
        code = error.code or 0
        is_wrong = bool(self.number_entered_at) or error.kind == KIND_DUPLICATE
        values = self._prepare_undecided_values(code, self._explain_unclear(error))
        is_news = bool(code) and code != self.last_code and is_wrong
        return {**values, "notice_due": values["notice_due"] or is_news}

    def _prepare_undecided_values(self, code, reason):
        """Return the values when an application is not decided, whatever was answered.

        What a person was told to do because of an earlier code is told again.

        :param int code: of the answer, 0 when it has none
        :param reason: what the answer means, False when all goes well
        :type reason: str or bool
        :rtype: dict
        """
        was_told = bool(self.last_code) and self._is_asked_in_vain()
        return {
            "last_code": code,
            "last_error": reason,
            "notice_due": self.notice_due or (was_told and code != self.last_code),
        }

    def _prepare_confirmed_values(self, guarantee_number):
        """Return the values when the application was accepted.

        The last day is counted from the day of the order in the shop.

        :param int guarantee_number: above 0
        :rtype: dict
        """
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
        """Return the values when an application was accepted that had been given up.

        Where its fee is on its way back, a person is told of it as of a late number.

        :param int guarantee_number: above 0
        :rtype: dict
        """
        values = self._prepare_confirmed_values(guarantee_number)
        if self.fee_state in FEE_GIVEN_BACK or self.fee_returned_at:
            values["late_number"] = self.application_number
        return {**values, "unanswered": False}

    def _in_shop(self):
        """Return the record in the language of staff and the time zone of the shop."""
        # As core does for an order; where the company has none, the responsible user
        # got one from a browser.
        tz = self.company_id.partner_id.tz or self.certificate_id.user_id.tz
        return self._in_responsible_lang().with_context(tz=tz or "UTC")
