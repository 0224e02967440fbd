# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, RecordCapturer

from .certificate_common import (
    OCCUPIED,
    OTHER_ID,
    SERVING,
    THIRD_ID,
    CertificateCommon,
)
from .common import REFRESH_CRON


def link_to(other):
    """Return the error of a constraint, with a link to another certificate."""
    action = {"res_model": other._name, "res_id": other.id}
    return RedirectWarning("Not on Sundays.", action, "Open")


class TestCertificateAdding(CertificateCommon):
    """The identifier is enough; what a person chose stays."""

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
            manual_fields=False,
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
        unanswered = {"website_id": self.website.id, "lang_id": False, "state": "draft"}
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
                    "manual_fields": False,
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
        self.assertEqual(late._explain_failed_check(), OCCUPIED)
        self.assertEqual(self._get_todos(late), [f"<p>{OCCUPIED}</p>"])
        self.service.status["typeEnum"] = "CLASSIC"
        self._archive(first)
        late.last_attempt_at = False
        self._refresh()
        self.assertEqual((late.state, self._get_todos(late)), ("production", []))

    # === WHICH WEBSITE === #

    def test_website_is_found_by_each_spelling_of_its_address(self):
        for url in (
            "www.shop.example",
            "https://SHOP.example/",
            "http://shop.example:8080/de",
        ):
            self.service.status["url"] = url
            certificate = self._add()
            with self.subTest(url=url):
                self.assertEqual(certificate.website_id, self.second)
            certificate.unlink()

    def _add_from(self, **context):
        """Return the website of a certificate that is added in a context."""
        certificates = self.env["trustedshops.certificate"].with_context(**context)
        certificate = self._save(certificates, ts_id=OTHER_ID)
        website = certificate.website_id
        certificate.unlink()
        return website

    def test_fallback_website_is_used_unless_one_address_fits(self):
        third = self._make_website("Third")
        of_settings = {"trustedshops_fallback_website_id": third.id}
        self.assertEqual(self._add_from(**of_settings), self.second)
        twin = self._make_website("Twin", "https://www.shop.example")
        self.assertEqual(self._add_from(**of_settings), third)
        twin.unlink()
        self.service.status["url"] = "elsewhere.example"
        self.assertEqual(self._add_from(website_id=third.id), third)
        third.unlink()
        found = self._add_from(**of_settings, website_id=self.second.id)
        self.assertEqual(found, self.second)

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

    def _get_choice(self, certificate):
        return {
            name: certificate[name]
            for name in ("protection_model", "website_id", "lang_id", "badge_shown")
        }

    def test_what_was_chosen_is_marked_and_survives_checks(self):
        chosen = {
            "protection_model": "classic",
            "website_id": self.website,
            "lang_id": self.langs["pl_PL"],
            "badge_shown": False,
        }

        def choose_when_adding():
            certificates = self.env["trustedshops.certificate"]
            return self._add(**certificates._convert_to_write(chosen))

        def choose_later():
            certificate = self._add()
            for name, value in chosen.items():
                certificate[name] = value
            return certificate

        for choose in (choose_when_adding, choose_later):
            with self.subTest(choose=choose.__name__):
                certificate = choose()
                self.assertEqual(self._get_choice(certificate), chosen)
                self.assertEqual(
                    certificate.manual_fields,
                    ["badge_shown", "lang_id", "protection_model", "website_id"],
                )
                certificate.action_check_now()
                self._refresh()
                self.assertEqual(self._get_choice(certificate), chosen)
            certificate.unlink()

    def test_several_certificates_are_marked_each_for_itself(self):
        first = self._add()
        second = self._add(ts_id=THIRD_ID, website_id=self.website.id, lang_id=False)
        second.protection_model = "classic"
        (first + second).write({"protection_model": "classic", "badge_shown": True})
        self.assertRecordValues(
            first + second,
            [
                {"manual_fields": ["protection_model"]},
                {"manual_fields": ["protection_model", "website_id"]},
            ],
        )

    def test_choosing_the_proposed_value_is_no_choice(self):
        certificate = self._add(
            website_id=self.second.id,
            lang_id=self.langs["de_DE"].id,
            protection_model="excellence",
        )
        self.assertFalse(certificate.manual_fields)
        certificate.protection_model = "classic"
        certificate.protection_model = "excellence"
        self.assertFalse(certificate.manual_fields)
        # An empty language can be chosen.
        certificate.lang_id = False
        certificate.action_check_now()
        self.assertValues(certificate, lang_id=False, manual_fields=["lang_id"])

    def test_a_choice_outlives_an_answer_that_agrees_with_it(self):
        certificate = self._add(protection_model="classic")
        certificate.badge_shown = False
        for state, model in (("CANCELLED", "CLASSIC"), ("PRODUCTION", "EXCELLENCE")):
            self.service.status.update(stateEnum=state, typeEnum=model)
            certificate.action_check_now()
        self.assertValues(
            certificate,
            badge_shown=False,
            protection_model="classic",
            manual_fields=["badge_shown", "protection_model"],
        )

    def test_the_proposal_can_be_taken_for_each_field(self):
        certificate = self._add(
            website_id=self.website.id,
            lang_id=self.langs["pl_PL"].id,
            protection_model="classic",
            badge_shown=False,
        )
        for name, value in (
            ("lang_id", self.langs["de_DE"]),
            ("website_id", self.second),
            ("protection_model", "excellence"),
            ("badge_shown", True),
        ):
            as_designer = certificate.with_user(self.designer)
            as_designer.with_context(trustedshops_field=name).action_use_proposal()
            with self.subTest(name=name):
                self.assertEqual(certificate[name], value)
                self.assertNotIn(name, certificate.manual_fields or ())

    def test_a_proposal_follows_the_last_answer(self):
        certificate = self._add(protection_model="none", badge_shown=False)
        certificate.protection_model = "none"
        self.service.status["typeEnum"] = "CLASSIC"
        certificate.action_check_now()
        self.assertEqual(certificate.protection_model, "none")
        certificate.with_context(
            trustedshops_field="protection_model"
        ).action_use_proposal()
        self.assertEqual(certificate.protection_model, "classic")

    def test_proposal_of_a_deleted_website_is_not_used(self):
        certificate = self._add(website_id=self.website.id, lang_id=False)
        self.assertEqual(certificate.proposed_values["website_id"], self.second.id)
        self.second.unlink()
        certificate.with_context(trustedshops_field="website_id").action_use_proposal()
        self.assertEqual(certificate.website_id, self.website)
        for name in ("state", "ws_password", None):
            other = certificate.with_context(trustedshops_field=name)
            with self.subTest(name=name), self.assertRaises(KeyError):
                other.action_use_proposal()

    # === IN WHOSE PLACE === #

    def _read_takeover(self, certificate=None, **values):
        """Return what the form says before it is saved."""
        certificates = certificate or self.env["trustedshops.certificate"]
        form = Form(certificates.with_user(self.designer))
        for name, value in {"mode": "enabled", **values}.items():
            form[name] = value
        return form.takeover

    def test_form_names_the_replaced_certificates_before_saving(self):
        name, german = self.website.name, self.langs["de_DE"]
        heading = (
            "Once Trusted Shops has confirmed this certificate, it takes over from"
            " others, but only in the language for which it was issued:\n"
        )
        self.assertEqual(
            self._read_takeover(website_id=self.website, lang_id=german),
            f"{heading}{name}, German / Deutsch: from {SERVING}",
        )
        self.assertEqual(  # where each is that it may take over
            self._read_takeover(),
            f"{heading}{name}, English (US): from {SERVING}\n"
            f"{name}, German / Deutsch: from {SERVING}\n"
            f"{name}, Polish / Język polski: from {SERVING}",
        )

    def test_test_replaces_no_live_certificate(self):
        values = {"website_id": self.website, "lang_id": self.langs["de_DE"]}
        for environment in ("qa", "sandbox"):
            found = self._read_takeover(**values, environment=environment)
            self.assertFalse(found)
        self.service.status["stateEnum"] = "TEST"
        self.certificate.action_check_now()
        self.assertIn(
            f"from {SERVING}", self._read_takeover(**values, environment="qa")
        )

    def test_serving_certificate_replaces_others_only_when_it_moves(self):
        own = self._add()
        self.assertFalse(self._read_takeover(own))
        self.assertEqual(
            self._read_takeover(own, website_id=self.website),
            "When you save, this certificate takes over:\n"
            f"{self.website.name}, German / Deutsch: from {SERVING}",
        )

    def test_unanswered_certificate_names_the_replaced_ones(self):
        certificate = self._add_while_down(
            website_id=self.website.id, lang_id=self.langs["de_DE"].id
        )
        self.assertIn(f"German / Deutsch: from {SERVING}", certificate.takeover)
        certificate.action_check_now()
        self.assertFalse(certificate.takeover)

    def test_it_names_no_certificate_of_another_company(self):
        stranger, website = self._make_stranger()
        self._add(website_id=website.id, lang_id=False)
        form = Form(self.env["trustedshops.certificate"].with_user(self.designer))
        self.assertNotIn("Others", form.takeover)
        form = Form(self.env["trustedshops.certificate"].with_user(stranger))
        self.assertNotIn(self.website.name, form.takeover)

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
            website_id=self.website.id,
            lang_id=False,
            protection_model="none",
        )
        self._refresh()
        self.assertValues(
            certificate,
            state="production",
            website_id=self.second.id,
            lang_id=self.langs["de_DE"].id,
            protection_model="excellence",
            manual_fields=False,
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

    def test_a_first_answer_moves_to_no_website_without_the_language_or_company(self):
        self._archive(self.certificate)
        late = self._add_while_down()
        late.lang_id = self.langs["pl_PL"]
        late.action_check_now()
        self.assertValues(
            late,
            state="production",
            website_id=self.website.id,
            lang_id=self.langs["pl_PL"].id,
        )
        self._archive(late)
        self.second.company_id = self.env["res.company"].create({"name": "Other"})
        late = self._add_while_down(ts_id=THIRD_ID)
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
            login_checked_at=False,
            last_check_at=False,
            manual_fields=False,
            protection_model="none",
            shop_match="unknown",
            website_id=self.second.id,
        )
        self.assertEqual(certificate.last_check_error["code"], "unasked")

    def _add_foreign(self):
        """Return a certificate of another company."""
        company = self.env["res.company"].create({"name": "Other"})
        website = self.env["website"].create({"name": "X", "company_id": company.id})
        return self._add(ts_id=THIRD_ID, website_id=website.id)

    def test_a_rule_that_refuses_the_answer_is_quoted(self):
        own, foreign = self._add(), self._add_foreign()
        for error in (
            ValidationError("Not on Sundays."),
            RedirectWarning("Not on Sundays.", 7, "Open"),
            # As about the same ID at another company.
            link_to(foreign),
        ):
            own._note_failed_check(error)
            self.assertEqual(own._explain_failed_check(), "Not on Sundays.")

    def test_a_place_is_not_called_taken_by_a_certificate_that_was_moved(self):
        own, other = self._add(), self.certificate
        own._note_failed_check(link_to(other))
        self.assertIn(other.ts_id, own._explain_failed_check())
        other.lang_id = self.langs["pl_PL"]
        self.assertEqual(own._explain_failed_check(), "")

    def test_the_same_id_pasted_again_forgets_nothing(self):
        certificate = self._add()
        self._take_down()
        self._save(certificate, ts_id=f" {OTHER_ID.lower()} ")
        self.assertValues(certificate, state="production")
        self.assertEqual(len(certificate.item_ids), 6)

    def test_another_id_is_placed_by_its_own_first_answer(self):
        third = self._make_website("Third", "https://third.example", ["pl_PL"])
        polish = self.langs["pl_PL"]
        for code, lang in (("pl", polish), ("fr", polish.browse())):
            self.service.status.update(url="shop.example", certificationLanguage="de")
            certificate = self._add()
            self.service.status.update(url="third.example", certificationLanguage=code)
            self._save(certificate, ts_id=THIRD_ID)
            with self.subTest(code=code):
                self.assertValues(certificate, website_id=third.id, lang_id=lang.id)
            certificate.unlink()

    def test_another_id_keeps_what_was_chosen_for_the_old_one(self):
        certificate = self._add(protection_model="classic", badge_shown=False)
        self._save(certificate, ts_id=THIRD_ID)
        self.assertValues(
            certificate,
            protection_model="classic",
            badge_shown=False,
            manual_fields=["badge_shown", "protection_model"],
        )

    def test_new_id_closes_the_activities_about_the_old_one(self):
        certificate = self._add()
        self.service.status.update(stateEnum="DISABLED", typeEnum="CLASSIC")
        certificate.last_attempt_at = False
        self._refresh()
        self.assertTrue(self._get_todos(certificate))
        self.assertFalse(certificate.badge_shown)  # not in force, so there is no seal
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
                    UserError,
                    "^X0123456789ABCDEF0123456789ABCDEF was used to apply for Buyer"
                    " Protection, so its ID and environment cannot change. Archive it"
                    " and add another certificate.$",
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
        self.assertFalse(certificate.attention)
        self.assertEqual(certificate.health.strip(), "")
        self.assertEqual(self.service.calls, [])
