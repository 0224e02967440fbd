# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tests import Form

from .certificate_common import OTHER_ID, THIRD_ID, CertificateCommon
from .fake_service import TS_ID

NO_ID = "This contains no Trusted Shops ID"
TOO_MANY = "more than one Trusted Shops ID"
CANNOT_BE_SENT = "^The web service login contains characters that cannot be sent. Type"
# Pasted from the help pages of Trusted Shops.


class TestCertificateBadInput(CertificateCommon):
    """Whatever is entered wrong has its own sentence, with the cure."""

    def _assert_refused(self, words, work):
        """Check what a refusal says; nothing of it is left in the database."""
        with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
            work()

    def test_id_is_found_in_pasted_text(self):
        script = f"<script>var _tsid = '{OTHER_ID.lower()}';</script>\x00"
        self.assertEqual(self._add(self.designer, ts_id=script).ts_id, OTHER_ID)

    def test_a_text_without_id_is_refused_when_adding_and_when_changing(self):
        for text in (False, 12345, OTHER_ID[:-1]):
            with self.subTest(text=text):
                self._assert_refused(NO_ID, lambda text=text: self._add(ts_id=text))
                self._assert_refused(
                    NO_ID, lambda text=text: self.certificate.write({"ts_id": text})
                )
        values = {"website_id": self.second.id}
        certificates = self.env["trustedshops.certificate"]
        self._assert_refused(NO_ID, lambda: certificates.create(values))
        self.assertEqual(self.certificate.ts_id, TS_ID)
        self.assertEqual(self.service.calls, [])

    def test_more_than_one_id_is_refused(self):
        both = f"{OTHER_ID} {THIRD_ID}"
        self._assert_refused(TOO_MANY, lambda: self._add(ts_id=both))

    def test_id_of_a_company_that_the_user_cannot_see_is_refused(self):
        stranger, _website = self._make_stranger()
        message = f"{TS_ID} is already used by another company of this database"
        self._assert_refused(message, lambda: self._add(stranger, ts_id=TS_ID))
        self._archive(self.certificate)
        self._assert_refused(message, lambda: self._add(stranger, ts_id=TS_ID))
        own = self._add(stranger)
        self._assert_refused(message, lambda: own.write({"ts_id": TS_ID}))

    def test_certificate_with_a_shared_id_cannot_move_to_another_company(self):
        _stranger, website = self._make_stranger()
        twin = self._add(ts_id=TS_ID)
        with self.assertRaisesRegex(
            RedirectWarning, "is already used by another company"
        ):
            twin.write({"website_id": website.id, "lang_id": False})

    def _assert_occupied(self, work, by=OTHER_ID):
        """Check what is refused, and that it leads to the one in the way."""
        with self.assertRaises(RedirectWarning) as refused, self.cr.savepoint():
            work()
        message, action = refused.exception.args[:2]
        self.assertIn(f"({by}). Choose another language", message)
        self.assertEqual(self.certificate.browse(action["res_id"]).ts_id, by)

    def test_a_second_certificate_for_website_and_language_is_refused(self):
        self._add()
        self._assert_occupied(lambda: self._add(ts_id=THIRD_ID))
        english = self._add(ts_id=THIRD_ID, lang_id=self.langs["en_US"].id)
        self._assert_occupied(
            lambda: english.write({"lang_id": self.langs["de_DE"].id})
        )

    def test_archived_certificate_frees_its_place_and_cannot_return_to_a_taken_one(
        self,
    ):
        first = self._add()
        self._archive(first)
        second = self._add(ts_id=THIRD_ID)
        self._assert_occupied(first.action_unarchive, by=THIRD_ID)
        self._archive(second)
        self._assert_occupied((first + second).action_unarchive, by=THIRD_ID)

    def test_only_an_enabled_certificate_takes_a_place(self):
        first = self._add()
        first.mode = "disabled"
        self._add(ts_id=THIRD_ID)
        for mode in ("disabled", "test"):
            first.mode = mode
            self._assert_occupied(lambda: first.write({"mode": "enabled"}), by=THIRD_ID)
            first.invalidate_recordset()

    def test_an_unknown_id_takes_no_place_until_it_is_corrected(self):
        self.service.status["stateEnum"] = "INVALID_TS_ID"
        mistyped = self._add(website_id=self.website.id)
        self.assertEqual(mistyped.state, "invalid")
        self.service.status["stateEnum"] = "PRODUCTION"
        self._save(mistyped, ts_id=THIRD_ID)
        self.assertValues(mistyped, state="production", mode="test")

    def test_an_unknown_id_is_corrected_on_the_form_before_the_website_is_known(self):
        self.service.status["stateEnum"] = "INVALID_TS_ID"
        mistyped = self._add()
        self.assertValues(mistyped, state="invalid", website_id=False)
        with Form(mistyped) as form:
            form.ts_id = THIRD_ID
        self.assertEqual(mistyped.ts_id, THIRD_ID)

    def test_removing_a_refused_login_does_not_release_the_certificate(self):
        self.service.script("checkLogin", -10001)
        certificate = self._add(ws_user="u", ws_password="wrong")
        self._save(certificate, ws_password=False)
        self.assertValues(
            certificate, hold_reason="login", has_ws_login=False, state="production"
        )

    def test_classic_certificate_is_not_held_for_a_refused_login(self):
        self.service.script("checkLogin", -10001)
        certificate = self._add(ws_user="u", ws_password="wrong")
        self.service.status["typeEnum"] = "CLASSIC"
        certificate.protection_model = "classic"
        certificate.action_check_now()
        self.assertFalse(certificate.hold_reason)

    def test_a_login_that_cannot_be_sent_is_refused_without_showing_it(self):
        for name in ("ws_user", "ws_password", "new_ws_password"):
            values = {"ws_user": "u", "ws_password": "p", name: "se\x00cret"}
            for work in (
                lambda values=values: self._add(self.manager, **values),
                lambda values=values: self.certificate.write(values),
            ):
                with self.subTest(name=name):
                    self._assert_refused(CANNOT_BE_SENT, work)
        self.assertEqual(self.certificate.ws_password, "wspass-0815")

    def test_a_login_may_have_blanks_around_it_and_any_letters(self):
        certificate = self._add(self.manager, ws_user=" ü-1 ", ws_password="p€ß<&>\"'")
        self.assertEqual(certificate.hold_reason, False)
        self.assertEqual(
            self.service.get_parts("checkLogin"),
            [{"tsId": OTHER_ID, "wsUser": "ü-1", "wsPassword": "p€ß<&>\"'"}],
        )

    def test_certificate_can_be_saved_with_a_wrong_sandbox_address(self):
        for url in (
            "nonsense",
            "http://[::1",
            "http://127.0.0.1:port",
            "http://\x01",
            "http://user:secret@127.0.0.1:9",
        ):
            self.env["ir.config_parameter"].set_param(
                "website_sale_trustedshops.sandbox_url", url
            )
            certificate = self._add(environment="sandbox", website_id=self.second.id)
            with self.subTest(url=url):
                self.assertValues(certificate, state="draft")
                self.assertRegex(
                    self._prepare_check_error(certificate),
                    r"^Trusted Shops could not be asked \(.+\)\.",
                )
                self.assertNotIn("secret", str(certificate.last_check_error))
            certificate.unlink()

    def test_invalid_colour_is_refused(self):
        self._assert_refused(
            "must be a colour such as #ffdc0f",
            lambda: self.certificate.write({"badge_background_color": "red"}),
        )
