# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .certificate_common import THIRD_ID, CertificateCommon


class TestCertificateMatch(CertificateCommon):
    """Whether a certificate is meant for this shop, and what follows."""

    def setUp(self):
        super().setUp()
        # Matches in every respect; each test spoils what it is about.
        self.own = self._add(ws_user="u", ws_password="p")
        self.assertTrue(self.own._is_usable_by(self.website.user_id))

    def _answer(self, **status):
        """Let the service say something else about the certificate."""
        self.service.status.update(status)
        self.own.action_check_now()

    def _is_offered(self):
        """Tell whether visitors get offer and seal, which go together here."""
        offered = self.own._is_usable_by(self.website.user_id)
        website = self.own.website_id.with_context(lang="de_DE")
        seal = bool(website._trustedshops_get_display()["seal"])
        self.assertEqual(offered, seal)
        return offered

    def test_each_answer_about_the_address_has_its_sentence(self):
        for url, domain, level, sentence in (
            (
                "shop.example",
                "https://shop.example",
                "ok",
                "Issued for shop.example, which is the address of the website Second.",
            ),
            (
                "elsewhere.example",
                "https://shop.example",
                "problem",
                "Issued for elsewhere.example, but the website Second has the address"
                " https://shop.example. Choose the right website, correct its domain in"
                " the settings, or ask Trusted Shops to correct the certificate. To use"
                " it anyway, set its mode to Enabled.",
            ),
            (
                "",
                "https://shop.example",
                "hint",
                "Trusted Shops does not say for which address it was issued. Check in"
                " your Trusted Shops account that it is for the website Second.",
            ),
            (
                "",
                False,
                "hint",
                "The website Second has no domain to compare with the address of the"
                " certificate. Set it under Website > Configuration > Settings.",
            ),
        ):
            self.second.domain = domain
            self._answer(url=url)
            found = self._get_findings(self.own)["address"]
            self.assertEqual(found, (level, sentence))
            self.assertEqual(self._is_offered(), level != "problem")

    def test_a_language_fits_its_own_and_that_of_other_countries(self):
        polish = self.langs["pl_PL"]
        self.second.language_ids += polish
        self.own.lang_id = polish
        self._answer(certificationLanguage="pl")
        self.assertEqual(self.own.lang_match, "match")
        austrian = self.env["res.lang"]._create_lang("de_AT", "German (Austria)")
        self.second.language_ids += austrian
        self.own.lang_id = austrian
        self._answer(certificationLanguage="de")
        self.assertEqual(self.own.lang_match, "regional")
        self.assertEqual(
            self._get_findings(self.own)["language"],
            (
                "hint",
                "Issued for the language de and used for German (Austria): it fits, but"
                " texts at Trusted Shops may be those for another country.",
            ),
        )
        self.assertTrue(self.own._is_usable_by(self.website.user_id))

    def assertLanguage(self, lang, code, level, sentence):
        """Check what is said of the certificate's language, and whether it serves."""
        self.own.lang_id = lang
        self._answer(certificationLanguage=code)
        found = self._get_findings(self.own)["language"]
        self.assertEqual(found, (level, sentence))
        self.assertEqual(self._is_offered(), level != "problem")

    def test_certificate_issued_for_its_language_fits(self):
        self.assertLanguage(
            self.langs["de_DE"],
            "de",
            "ok",
            "Issued for the language de, which fits German / Deutsch.",
        )

    def test_certificate_issued_for_another_language_is_not_offered(self):
        self.assertLanguage(
            self.langs["de_DE"],
            "pl",
            "problem",
            "Issued for the language pl, but used for German / Deutsch: every language"
            " needs its own certificate. To use it anyway, set its mode to Enabled.",
        )

    def test_certificate_for_a_language_that_the_website_lacks_is_not_offered(self):
        self.assertLanguage(
            False,
            "pl",
            "problem",
            "Issued for the language pl, which the website Second does not have. Add"
            " the language there, or use another certificate. To use it anyway, set its"
            " mode to Enabled.",
        )

    def test_certificate_issued_for_an_unknown_language_is_offered(self):
        self.assertLanguage(
            False,
            "",
            "hint",
            "Trusted Shops does not say for which language it was issued.",
        )

    def test_certificate_that_serves_all_languages_is_offered_with_a_hint(self):
        self.assertLanguage(
            False,
            "de",
            "hint",
            "Issued for the language de, but shown in all languages of the website that"
            " have no certificate of their own. Choose a language to show it only"
            " there.",
        )

    def test_a_website_that_loses_the_language_makes_a_mismatch(self):
        self.own.lang_id = False
        self.assertTrue(self._is_offered())
        self.second.language_ids = self.langs["en_US"]
        self.assertEqual(self.own.lang_match, "mismatch")
        self.assertFalse(self._is_offered())

    def _mismatch(self):
        self._answer(url="elsewhere.example")
        self.assertValues(self.own, mode="disabled", manual_fields=False)
        self.assertFalse(self._is_offered())

    def test_mismatch_disables_a_certificate_until_it_ends(self):
        self._mismatch()
        self.second.domain = "https://elsewhere.example"
        self.assertEqual(self.own.mode, "enabled")
        self.assertTrue(self._is_offered())

    def test_user_may_enable_a_mismatch_and_undo_that(self):
        self._mismatch()
        self.own.with_user(self.designer).mode = "enabled"
        self._refresh()
        self._answer(url="third.example")
        self.assertTrue(self._is_offered())
        self.assertEqual(self._get_findings(self.own)["address"][0], "hint")
        self.env.flush_all()
        own = self.own.with_user(self.designer)
        own.with_context(trustedshops_field="mode").action_use_proposal()
        self.assertFalse(self._is_offered())

    def test_enabled_mismatch_is_disabled_once_it_matched_and_stops(self):
        self._mismatch()
        self.own.mode = "enabled"
        self._answer(url="shop.example")
        self.assertFalse(self.own.manual_fields)
        self._answer(url="elsewhere.example")
        self.assertEqual(self.own.mode, "disabled")

    def test_certificate_is_not_enabled_in_a_taken_place(self):
        self._mismatch()
        self.service.status["url"] = "shop.example"
        other = self._add(ts_id=THIRD_ID)
        self.assertEqual(other.mode, "enabled")
        self._answer(url="shop.example")
        self.assertEqual(self.own.mode, "disabled")
        # Another address of the website lets the two change roles.
        self._answer(url="elsewhere.example")
        self.second.domain = "https://elsewhere.example"
        self.assertEqual((self.own + other).mapped("mode"), ["enabled", "disabled"])

    def test_certificate_for_another_shop_is_stored_beside_the_serving_one(self):
        self.service.status["url"] = "elsewhere.example"
        other = self._add(ts_id=THIRD_ID, website_id=self.second.id)
        self.assertValues(other, state="production", mode="disabled")

    def test_new_id_keeps_the_test_mode(self):
        self.own.mode = "test"
        self._save(self.own, ts_id=THIRD_ID)
        self.assertEqual(self.own.mode, "test")

    def test_new_id_of_another_shop_is_disabled_again(self):
        self._mismatch()
        self.own.mode = "enabled"
        self._save(self.own, ts_id=THIRD_ID)
        self.assertValues(self.own, shop_match="mismatch", mode="disabled")

    def test_disabled_certificate_stays_disabled_after_each_answer(self):
        self.own.mode = "disabled"
        self._answer(url="elsewhere.example")
        self._answer(url="shop.example")
        self._save(self.own, ts_id=THIRD_ID)
        self.assertValues(self.own, mode="disabled", manual_fields=["mode"])
        self.assertFalse(self._is_offered())

    def test_only_internal_users_see_a_certificate_in_test_mode(self):
        self.own.mode = "test"
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )  # is for those that protect nobody
        self.assertFalse(self._is_offered())
        self.assertTrue(self.own._is_usable_by(self.manager))

    def test_a_test_is_proposed_to_be_tested_and_stays_one_if_enabled(self):
        self._answer(stateEnum="TEST")
        self.assertEqual(self.own.mode, "test")
        self.own.mode = "enabled"
        self.assertFalse(self._is_offered())
        self._answer(stateEnum="PRODUCTION")
        self.assertTrue(self._is_offered())

    def test_the_offer_alone_can_be_paused(self):
        self.own.offered_to = "nobody"
        self.assertFalse(self.own._is_usable_by(self.website.user_id))
        self.assertTrue(self.own._is_shown_to_everybody())
