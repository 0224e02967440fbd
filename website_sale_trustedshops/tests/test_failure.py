# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from ..models.failure import BUG, LOST, log_failure


class TestWords(TransactionCase):
    """What people read instead of the words for developers."""

    def test_a_stored_error_is_told_in_plain_words(self):
        for stored, words in (
            (BUG, "An error in this addon stopped this; see the server log."),
            (
                LOST,
                "A process ended in the middle of a call, so whether it arrived is not"
                " known.",
            ),
            ("not_sent", "what was entered cannot be sent"),
            ("unreached", "no connection"),
            ("unverified", "its certificate could not be verified"),
            ("refused", "it refused the call"),
            ("server_error", "its server reports an error"),
            ("unanswered", "no usable answer"),
            ("comment is too long", "comment is too long"),
            ("HTTP status 500", "HTTP status 500"),
            (False, ""),
            (None, ""),
        ):
            with self.subTest(stored=stored):
                told = self.env["trustedshops.message"]._format_trouble(stored)
                self.assertEqual(told, words)


class TestFailure(TransactionCase):
    """What gets into the log when something fails that must not stop others."""

    def _log(self, error):
        logger = logging.getLogger("odoo.tests.trustedshops")
        with self.assertLogs(logger, "ERROR") as log:
            log_failure(logger, error, "Row %s failed", 7)
        return log.output[0]

    @mute_logger("odoo.sql_db")
    def test_a_refused_row_is_not_quoted(self):
        with self.assertRaises(psycopg2.Error) as refused, self.cr.savepoint():
            self.cr.execute(
                "INSERT INTO res_partner_bank (acc_number) VALUES ('DE02 1203')"
            )
        self.assertIn("DE02 1203", str(refused.exception))
        said = self._log(refused.exception)
        self.assertIn("Row 7 failed: null value in column", said)
        self.assertNotIn("DE02 1203", said)

    def test_a_bug_is_logged_with_its_place(self):
        try:
            {}["missing"]
        except KeyError as error:
            said = self._log(error)
        self.assertIn("Row 7 failed\nTraceback", said)
        self.assertIn("KeyError: 'missing'", said)
