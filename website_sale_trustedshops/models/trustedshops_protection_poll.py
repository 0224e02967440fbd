# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asking what became of an application."""

import logging
from datetime import timedelta

from odoo import fields, models

from .. import const
from ..lib.exceptions import RefusedError, TrustedShopsError

_logger = logging.getLogger(__name__)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

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
