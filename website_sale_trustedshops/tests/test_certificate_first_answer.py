# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import RecordCapturer

from .certificate_common import (
    GUARANTEE,
    OTHER_ID,
    THIRD_ID,
    CertificateCommon,
)
from .common import REFRESH_CRON
from .fake_service import TS_ID


class TestCertificateAdding(CertificateCommon):
    """The identifier is enough; a saved value is the user's."""

    def test_the_id_alone_brings_model_state_language_website_and_seal(self):
        self._freeze("2026-11-02 10:00:00")
        self.assertValues(
            self._add(self.designer),
            ts_id=OTHER_ID,
            environment="production",
            company_id=self.env.company.id,
            hold_reason=False,
            last_check_at=datetime(2026, 11, 2, 10),
            last_check_error=False,
            website_id=self.second.id,
            lang_id=self.langs["de_DE"].id,
            protection_model="excellence",
            badge_shown=True,
            state="production",
            answer_source="soap",
            shop_url="shop.example",
            certificate_language="de",
            shop_match="match",
            lang_match="match",
            answered_model="excellence",
            user_id=self.designer.id,
            fee_product_id=self.fee_product.id,
        )

    def test_imported_certificates_are_checked_in_the_background(self):
        self.second.language_ids += self.langs["pl_PL"]
        domain = [("cron_id", "=", self.env.ref(REFRESH_CRON).id)]
        with RecordCapturer(self.env["ir.cron.trigger"], domain) as triggers:
            certificates = self.env["trustedshops.certificate"].create(
                [{"ts_id": OTHER_ID}, {"ts_id": THIRD_ID}]
            )
        self.assertEqual(len(triggers.records), 1)
        self.assertEqual(self.service.calls, [])
        unanswered = {"website_id": False, "lang_id": False, "state": "draft"}
        self.assertRecordValues(certificates, [unanswered] * 2)
        answer = (
            "<certificationLanguage>%s</certificationLanguage>"
            "<stateEnum>PRODUCTION</stateEnum><url>shop.example</url>"
        )
        self.service.script("checkCertificate", answer % "de", answer % "pl")
        self._refresh()
        self.assertRecordValues(
            certificates,
            [
                {
                    "website_id": self.second.id,
                    "lang_id": self.langs[code].id,
                    "state": "production",
                }
                for code in ("de_DE", "pl_PL")
            ],
        )

    def test_an_import_into_a_taken_place_stays_unanswered_and_says_why(self):
        first = self._add()
        late = self.env["trustedshops.certificate"].create(
            {"ts_id": THIRD_ID, "mode": "enabled"}
        )
        self._refresh()
        self.assertValues(late, state="draft", item_ids=[])
        words = f"({OTHER_ID}). Choose another language, change that certificate,"
        self.assertIn(words, self._get_findings(late)["check_said"][1])
        self.assertTodo(late, words)
        self.service.status["typeEnum"] = "CLASSIC"
        self._archive(first)
        self.assertNotIn("check_said", self._get_findings(late))
        late.last_attempt_at = False
        self._refresh()
        self.assertEqual((late.state, self._get_todos(late)), ("production", []))

    # === WHICH WEBSITE === #

    def test_a_website_that_no_address_names_is_chosen_by_a_person(self):
        self.service.status.update(url="elsewhere.example", typeEnum="CLASSIC")
        certificate = self._add(mode="test")
        self.assertValues(
            certificate,
            state="production",
            website_id=False,
            headline_level="problem",
            company_id=self.env.company.id,
        )
        self.assertIn("Issued for elsewhere.example", certificate.headline)
        certificate.website_id = self.second
        self.assertNotIn("website_missing", self._get_findings(certificate))

    def test_of_two_websites_with_its_address_none_is_guessed(self):
        self._make_website("Twin", "https://www.shop.example")
        self.assertFalse(self._add().website_id)

    def test_the_website_of_the_settings_is_the_one_that_is_meant(self):
        third = self._make_website("Third")
        certificates = self.env["trustedshops.certificate"]
        in_settings = certificates.with_context(default_website_id=third.id)
        self.assertEqual(self._save(in_settings, ts_id=OTHER_ID).website_id, third)

    def test_a_user_of_one_company_adds_to_a_website_of_that_company(self):
        stranger, website = self._make_stranger()
        certificate = self._add(stranger)
        self.assertValues(
            certificate.sudo(), website_id=website.id, company_id=website.company_id.id
        )

    def test_the_language_of_the_country_goes_before_that_of_a_neighbour(self):
        for codes, lang, match in (
            (("en_US", "de_AT", "de_DE"), "de_DE", "match"),
            (("en_US", "de_AT"), "de_AT", "regional"),
            (("en_US", "pl_PL"), False, "mismatch"),
        ):
            website = self._make_website("-".join(codes), langs=codes)
            certificate = self._add(website_id=website.id)
            found = (certificate.lang_id.code, certificate.lang_match)
            self.assertEqual(found, (lang, match))

    # === WHAT A PERSON CHOSE === #

    def test_what_was_chosen_survives_each_answer(self):
        chosen = {
            "protection_model": "classic",
            "website_id": self.website,
            "lang_id": self.langs["pl_PL"],
            "badge_shown": False,
        }
        certificates = self.env["trustedshops.certificate"]
        certificate = self._add(**certificates._convert_to_write(chosen))
        for ask in (self._refresh, certificate.action_check_now):
            self.assertEqual({name: certificate[name] for name in chosen}, chosen)
            ask()
        self.assertEqual({name: certificate[name] for name in chosen}, chosen)

    def test_another_model_at_trusted_shops_is_a_finding(self):
        certificate = self._add()
        for own, word, is_less in (
            ("excellence", "CLASSIC", True),
            ("classic", "EXCELLENCE", False),
        ):
            certificate.protection_model = own
            self.service.status["typeEnum"] = word
            certificate.action_check_now()
            with self.subTest(word=word):
                self.assertEqual(certificate.protection_model, own)
                found = self._get_findings(certificate)
                self.assertEqual("model_less" in found, is_less)

    def test_what_only_the_list_said_is_no_model(self):
        self._answer_by_feed(trustMark={"status": "VALID"}, **GUARANTEE)
        self._take_down(feed=False)
        certificate = self._add()
        self.assertValues(certificate, state="production", protection_model=False)
        self._bring_back()
        self.service.status["stateEnum"] = "PRODUCTION"
        certificate.action_check_now()
        self.assertEqual(certificate.protection_model, "excellence")

    def _add_while_down(self, **values):
        self._take_down()
        certificate = self._add(**values)
        self._bring_back()
        return certificate

    def test_the_first_answer_proposes_also_when_it_comes_later(self):
        self._archive(self.certificate)
        certificate = self._add_while_down()
        self.assertValues(
            certificate,
            state="draft",
            website_id=False,
            lang_id=False,
            protection_model=False,
            headline_level="warning",
        )
        self.assertIn("could not be asked", certificate.headline)
        self._refresh()
        self.assertValues(
            certificate,
            state="production",
            website_id=self.second.id,
            lang_id=self.langs["de_DE"].id,
            protection_model="excellence",
        )

    def test_nothing_moves_at_later_answers(self):
        certificate = self._add()
        third = self._make_website("Third", "https://third.example", ["pl_PL"])
        self.service.status.update(url="third.example", certificationLanguage="pl")
        certificate.action_check_now()
        self._refresh()
        self.assertNotEqual(certificate.website_id, third)
        self.assertValues(
            certificate,
            website_id=self.second.id,
            lang_id=self.langs["de_DE"].id,
            shop_match="mismatch",
            lang_match="mismatch",
        )

    def test_a_first_answer_fills_no_website_without_the_language_or_of_others(self):
        late = self._add_while_down(mode="test")
        late.write({"website_id": self.website.id, "lang_id": self.langs["pl_PL"].id})
        late.website_id = False
        late.action_check_now()
        self.assertValues(
            late,
            state="production",
            website_id=False,
            lang_id=self.langs["pl_PL"].id,
        )
        self.second.company_id = self.env["res.company"].create({"name": "Other"})
        late = self._add_while_down(ts_id=THIRD_ID, mode="test")
        self._refresh()
        self.assertValues(late, state="production", website_id=self.website.id)

    # === ANOTHER IDENTIFIER === #

    def test_another_id_forgets_the_old_answers_also_while_the_service_is_down(self):
        self.service.trustmark = {
            "trustMark": {
                "status": "VALID",
                "validFrom": "2026-01-01",
                "validTo": "2036-12-31",
            }
        }
        certificate = self._add(ws_user="u", ws_password="p")
        self.assertEqual(certificate.valid_to, date(2036, 12, 31))
        self._take_down()
        self._save(certificate, ts_id=THIRD_ID)
        self.assertValues(
            certificate,
            ts_id=THIRD_ID,
            state="draft",
            answer_source=False,
            shop_url=False,
            certificate_language=False,
            valid_from=False,
            valid_to=False,
            item_ids=[],
            items_checked_at=False,
            last_check_at=False,
            answered_model=False,
            protection_model=False,
            shop_match="unknown",
            website_id=self.second.id,
        )
        self.assertEqual(certificate.last_check_error["code"], "check_unasked")

    def test_a_rule_that_refuses_the_answer_is_quoted(self):
        own = self._add()
        for error in (
            ValidationError("Not on Sundays."),
            RedirectWarning("Not on Sundays.", 7, "Open"),
        ):
            own._update_failed_check(error)
            self.assertEqual(
                self._get_findings(own)["check_said"], ("problem", "Not on Sundays.")
            )

    def test_the_same_id_pasted_again_forgets_nothing(self):
        certificate = self._add()
        self._take_down()
        self._save(certificate, ts_id=f" {OTHER_ID.lower()} ")
        self.assertValues(certificate, state="production")
        self.assertEqual(len(certificate.item_ids), 6)

    def test_another_id_keeps_its_place_and_gets_its_own_model(self):
        certificate = self._add(badge_shown=False)
        self.service.status.update(url="third.example", typeEnum="CLASSIC")
        self._save(certificate, ts_id=THIRD_ID)
        self.assertValues(
            certificate,
            website_id=self.second.id,
            lang_id=self.langs["de_DE"].id,
            shop_match="mismatch",
            protection_model="classic",
            badge_shown=False,
        )
        self._save(certificate, ts_id=OTHER_ID, protection_model="none")
        self.assertEqual(certificate.protection_model, "none")

    def test_new_id_closes_the_activities_about_the_old_one(self):
        certificate = self._add()
        self.service.status.update(stateEnum="DISABLED", typeEnum="CLASSIC")
        certificate.last_attempt_at = False
        self._refresh()
        self.assertTrue(self._get_todos(certificate))
        self.service.status["stateEnum"] = "PRODUCTION"
        self._save(certificate, ts_id=THIRD_ID)
        self.assertEqual(certificate.protection_model, "classic")
        self.assertEqual(self._get_todos(certificate), [])

    def test_id_and_environment_of_a_used_certificate_stay(self):
        self._make_queued()
        for values in ({"ts_id": OTHER_ID}, {"environment": "qa"}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(
                    UserError, f"^{TS_ID} was used to apply for Buyer Protection"
                ),
            ):
                self.certificate.with_user(self.manager).write(values)
        self.certificate.write(
            {"ts_id": self.certificate.ts_id, "environment": "production"}
        )
        self.assertTrue(self.certificate.is_used)

    def test_unsaved_certificate_has_no_findings(self):
        certificate = self.env["trustedshops.certificate"].new(
            {"ts_id": OTHER_ID, "protection_model": "excellence"}
        )
        self.assertFalse(certificate.headline)
        self.assertEqual(certificate.health.strip(), "")
        self.assertEqual(self.service.calls, [])
