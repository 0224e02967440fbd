# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from ..lib.exceptions import (
    MisconfiguredError,
    RetryableError,
    make_code_error,
    make_status_error,
)
from ..models.failure import BUG, get_trouble, log_failure


class TestWords(TransactionCase):
    """What people read instead of the words for developers."""

    def assertTold(self, stored, words):
        told = self.env["trustedshops.message"]._format_trouble(stored)
        self.assertEqual(told, words)

    def test_an_error_is_told_in_plain_words(self):
        for error, words in (
            (make_status_error(401), "it refused the call"),
            (make_status_error(503), "its server reports an error"),
            (make_status_error(302), "no usable answer"),
            (
                MisconfiguredError("ws_user is too long"),
                "what was entered cannot be sent",
            ),
            (RetryableError("x (ConnectionError)", maybe_sent=False), "no connection"),
            (
                RetryableError("x could not be verified (SSLError)", maybe_sent=False),
                "its certificate could not be verified",
            ),
            (RetryableError("x (ReadTimeout)"), "no usable answer"),
            (make_code_error("checkCertificate", -11111), "no usable answer"),
        ):
            with self.subTest(error=error):
                self.assertTold(get_trouble(error), words)

    def test_a_stored_sentence_is_told_in_plain_words(self):
        for sentence, words in (
            (BUG, "An error in this addon stopped this; see the server log."),
            ("Trusted Shops could not be reached (ReadTimeout)", "no connection"),
            ("Trusted Shops sent an answer that is too large", "no usable answer"),
            ("x answered with HTTP status 502", "its server reports an error"),
            ("Login refused with HTTP status 401", "it refused the call"),
            ("x answered with HTTP status 302", "no usable answer"),
            ("it makes no sense (HTTP status 200)", "no usable answer"),
            ("x answered y with HTTP status 400: a\nb", "a\nb"),
            ("x answered y with HTTP status 403: expired", "expired"),
            (
                "x answered y with HTTP status 401: invalid_client",
                "it refused the call",
            ),
            ("Trusted Shops does not list chl-1", "Trusted Shops does not list chl-1"),
            (False, ""),
        ):
            with self.subTest(sentence=sentence):
                self.assertTold(sentence, words)


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
