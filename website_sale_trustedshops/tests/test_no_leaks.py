# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import traceback
from unittest.mock import patch

import psycopg2
import requests

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import APPLY, TrustedShopsCommon
from .fake_service import make_fault
from .lib_common import everything_logged
from .test_queue import POLL

# What a log must not contain: login, buyer, message of the service.
SECRETS = ("wspass-0815", "wsuser-4711", "muster.example", "<soap", "Envelope")
# What a server repeats that wants it in our log.
ECHO = "wspass-0815 erika@muster.example <soap:Envelope>"
ANSWERS = (
    -10001,
    -10008,
    -11111,
    ECHO,
    make_fault(ECHO),
    (503, ECHO),
    requests.ReadTimeout(ECHO),
    KeyError("a bug"),
)


@tagged("post_install", "-at_install")
class TestNoLeaks(TrustedShopsCommon):
    """With every log at DEBUG: no password, no buyer, no envelope."""

    def setUp(self):
        super().setUp()
        self._freeze("2026-11-02 10:00:00")

    def _collect(self, work):
        """Return all that is logged meanwhile, but for Odoo's own log of SQL."""
        with everything_logged(but=("odoo.sql_db",)) as records:
            work()
        formatter = logging.Formatter("%(name)s %(message)s")
        return [formatter.format(record) for record in records]

    def assertSilent(self, work, expected):
        """Assert that work logs something, and nothing of the secrets."""
        lines = self._collect(work)
        self.assertTrue([line for line in lines if expected in line], expected)
        for line in lines:
            for secret in SECRETS:
                self.assertNotIn(secret, line)

    def assertRefused(self, work):
        """Assert that a refusal of the database shows no row, in log and web client."""
        error = None

        def try_it():
            nonlocal error
            try:
                with self.env.cr.savepoint():
                    work()
            except ValidationError as caught:
                error = caught

        self.assertSilent(try_it, "odoo.sql_db bad query: [of trustedshops_")
        shown = "".join(traceback.format_exception(error))
        for secret in SECRETS:
            self.assertNotIn(secret, shown)

    def test_a_certificate_that_the_database_refuses(self):
        certificate = self.certificate
        certificate.flush_recordset()
        for values in (
            {"badge_offset_desktop": 5000},
            {"ws_password": "wspass-0815", "badge_offset_mobile": 5000},
        ):
            with self.subTest(values=values):
                self.assertRefused(
                    lambda values=values: (
                        certificate.write(values),
                        certificate.flush_recordset(),
                    )
                )

    def test_a_new_certificate_that_the_database_refuses(self):
        self.assertRefused(
            lambda: self._make_certificate(
                ts_id="X" + "1" * 32,
                lang_id=self.langs["pl_PL"].id,
                badge_offset_desktop=5000,
            )
        )

    def test_a_protection_that_the_database_refuses(self):
        protection = self._make_queued()
        self.env.flush_all()

        def write():
            with self.env.cr.savepoint(), self.assertRaises(psycopg2.IntegrityError):
                protection.write(
                    {"buyer_email": "a@muster.example", "fee_state": False}
                )
                protection.flush_recordset()

        self.assertSilent(write, "odoo.sql_db bad query: [of trustedshops_protection,")

    def _refuse(self, protection, *_args):
        """Have the database refuse a row, which it then repeats with all its values."""
        protection.write(
            {"buyer_email": "erika@muster.example", "certificate_id": False}
        )
        protection.flush_recordset()

    def test_an_order_whose_protection_the_database_refuses(self):
        order = self._make_cart()
        protection = self._choose(order)
        with patch.object(type(protection), "_place", self._as_method(self._refuse)):
            self.assertSilent(order.action_confirm, "failed: null value in column")
        self.assertEqual(order.state, "sale")

    def test_a_row_of_the_queue_that_the_database_refuses(self):
        protection = self._make_queued()
        with patch.object(type(protection), "_apply", self._as_method(self._refuse)):
            self.assertSilent(self._run_queue, "failed: null value in column")
        self.assertEqual(protection.state, "queued")

    def _as_method(self, function):
        """Return a method of a model that does the same, under a name of ours."""

        def refuse(records, *args):
            return function(records, *args)

        return refuse

    def test_other_tables_are_logged_as_ever(self):
        with self.assertLogs("odoo.sql_db", "ERROR") as logs:
            with self.env.cr.savepoint(), self.assertRaises(psycopg2.Error):
                self.env.cr.execute("SELECT nothing FROM trustedshops_nowhere")
        self.assertIn("SELECT nothing FROM trustedshops_nowhere", logs.output[0])

    def test_checking_a_certificate(self):
        def check():
            for answer in (1, *ANSWERS[:-1]):
                self.service.script("checkLogin", answer)
                self.certificate.action_check_now()

        self.assertSilent(check, "Trusted Shops checkLogin: ")

    def test_the_way_of_an_order_to_its_mail(self):
        protection = self._make_queued()
        self.service.script(POLL, 99887766)
        self.assertSilent(self._run_queue, "Trusted Shops getRequestState: answered")
        self.assertTrue(protection.mail_created_at)

    def test_every_answer_to_an_application(self):
        for answer in ANSWERS:
            self.certificate.hold_reason = False
            self._make_queued()
            self.service.script(APPLY, answer)
            self.assertSilent(self._run_queue, f"Trusted Shops {APPLY}: ")

    def test_every_answer_to_a_question(self):
        for answer in ANSWERS:
            self._make_queued()
            self.service.script(POLL, answer)
            self.assertSilent(self._run_queue, f"Trusted Shops {POLL}: ")

    def test_the_mail_about_a_failure(self):
        self._make_queued().state = "failed"
        self.assertSilent(self._run_queue, "ir_cron")
