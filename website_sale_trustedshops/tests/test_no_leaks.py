# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import traceback
from threading import Thread

import psycopg2
import requests

from odoo.exceptions import RedirectWarning, ValidationError

from ..models.rights import mute_failed_statements
from .common import APPLY, TrustedShopsCommon
from .fake_service import make_fault
from .lib_common import everything_logged

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


class TestNoLeaks(TrustedShopsCommon):
    """With every log at DEBUG: no password, no buyer, no envelope."""

    is_frozen = True

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

    def assertRefused(self, error, work):
        """Assert that a refusal shows nothing of the secrets, in log and web client."""
        shown = []

        def try_it():
            try:
                with self.env.cr.savepoint():
                    work()
            except error as caught:
                shown.extend(traceback.format_exception(caught))
            else:
                self.fail("it was not refused")

        shown += self._collect(try_it)
        for secret in SECRETS:
            self.assertNotIn(secret, "".join(shown))

    def test_a_certificate_without_what_it_needs(self):
        """The database would repeat the whole row, with the login that is in it."""
        certificate_sudo = self.certificate.sudo()
        required = [
            name
            for name, field in certificate_sudo._fields.items()
            if field.required and field.store
        ]
        self.assertIn("ts_id", required)
        for values in (
            *({name: False} for name in required),
            {"badge_offset_desktop": 5000, "ws_password": SECRETS[0]},
            {"badge_offset_mobile": -11},
        ):
            with self.subTest(values=values):
                self.assertRefused(
                    ValidationError,
                    lambda values=values: (
                        certificate_sudo.write(values),
                        certificate_sudo.flush_recordset(),
                    ),
                )

    def test_two_certificates_for_one_place(self):
        self.assertRefused(
            RedirectWarning,
            lambda: self._make_certificate(ts_id="X" + "1" * 32),
        )

    def test_a_login_that_the_database_does_not_take(self):
        """As when it cannot serialize the change of somebody else."""
        self.env.cr.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'not now'; END $$;"
            " CREATE TRIGGER refuse BEFORE UPDATE OF ws_password"
            " ON trustedshops_certificate EXECUTE FUNCTION refuse()"
        )
        password = SECRETS[0]
        self.assertRefused(
            psycopg2.Error,
            lambda: self.certificate.write({"new_ws_password": password}),
        )

    def test_an_error_that_is_stored(self):
        protection = self._make_queued()
        self.service.script(APPLY, make_fault("no access for wsuser-4711 wspass-0815"))
        self.assertSilent(self._run_queue, "no access for *** ***")
        self.assertIn("(no usable answer)", self._get_told(protection))

    def test_every_answer_to_an_application(self):
        for answer in ANSWERS:
            self.certificate.hold_reason = False
            self._make_queued()
            self.service.script(APPLY, answer)
            self.assertSilent(self._run_queue, f"Trusted Shops {APPLY}: ")

    def test_row_that_the_database_refuses_is_not_in_the_log(self):
        """Of any model of ours, the dialogs included, when two press at once."""
        own = [
            model
            for name, model in self.env.items()
            if name.startswith("trustedshops.") and not model._abstract and model._auto
        ]
        self.assertTrue(own)
        typed = "erika@muster.example"
        for model in own:
            for refused in (
                lambda model=model: model._create([{"stored": {"create_uid": typed}}]),
                lambda model=model: model.browse(1)._write_multi(
                    [{"create_uid": typed}]
                ),
            ):
                with (
                    self.subTest(model=model._name),
                    self.assertNoLogs("odoo.sql_db"),
                    self.assertRaisesRegex(psycopg2.Error, typed),
                    self.env.cr.savepoint(),
                ):
                    refused()

    def test_statements_of_other_threads_stay_in_the_log(self):
        logger = logging.getLogger("odoo.sql_db")
        with self.assertLogs(logger, "ERROR") as log:
            with mute_failed_statements():
                logger.error("own")
                other = Thread(target=logger.error, args=["other"])
                other.start()
                other.join()
            logger.error("after")
        said = [record.getMessage() for record in log.records]
        self.assertEqual(said, ["other", "after"])
