# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import RedirectWarning

from .certificate_common import OTHER_ID, THIRD_ID, CertificateCommon


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
        for code, url, domain, level, sentence in (
            (
                "match",
                "shop.example",
                "https://shop.example",
                "ok",
                "Issued for shop.example, which is the address of the website Second.",
            ),
            (
                "mismatch",
                "elsewhere.example",
                "https://shop.example",
                "problem",
                "Issued for elsewhere.example, but the website Second has the address"
                " https://shop.example. Choose the right website, correct its domain in"
                " the settings, or ask Trusted Shops to correct the certificate.",
            ),
            (
                "unknown",
                "",
                "https://shop.example",
                "warning",
                "Trusted Shops does not say for which address it was issued. Check in"
                " your Trusted Shops account that it is for the website Second.",
            ),
            (
                "without_domain",
                "",
                False,
                "warning",
                "The website Second has no domain to compare with the address of the"
                " certificate. Set it under Website > Configuration > Settings.",
            ),
        ):
            self.second.domain = domain
            self._answer(url=url)
            found = self._get_findings(self.own)[f"address_{code}"]
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
            self._get_findings(self.own)["lang_regional"],
            (
                "hint",
                "Issued for the language de and used for German (Austria): it fits, but"
                " texts at Trusted Shops may be those for another country.",
            ),
        )
        self.assertTrue(self.own._is_usable_by(self.website.user_id))

    def assertLanguage(self, lang, code, level, sentence):
        """Check what is said of the language; whoever enabled it decided."""
        self.own.lang_id = lang
        self._answer(certificationLanguage=code)
        self.assertIn((level, sentence), self._get_findings(self.own).values())
        self.assertTrue(self._is_offered())

    def test_certificate_issued_for_its_language_fits(self):
        self.assertLanguage(
            self.langs["de_DE"],
            "de",
            "ok",
            "Issued for the language de, which fits German / Deutsch.",
        )

    def test_certificate_issued_for_another_language_is_a_problem(self):
        self.assertLanguage(
            self.langs["de_DE"],
            "pl",
            "problem",
            "Issued for the language pl, but used for German / Deutsch: every language"
            " needs its own certificate.",
        )

    def test_certificate_for_a_language_that_the_website_lacks_is_a_problem(self):
        self.assertLanguage(
            False,
            "pl",
            "problem",
            "Issued for the language pl, which the website Second does not have. Add"
            " the language there, or use another certificate.",
        )

    def test_certificate_issued_for_an_unknown_language_is_offered(self):
        self.assertLanguage(
            False,
            "",
            "warning",
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

    def test_a_new_certificate_is_a_test_until_a_user_enables_it(self):
        own = self._save(
            self.env["trustedshops.certificate"],
            **{"ts_id": THIRD_ID, "website_id": self.second.id},
        )
        self.assertValues(own, state="production", mode="test")
        self.own.action_archive()
        self._refresh()
        own.action_check_now()
        self.assertEqual(own.mode, "test")
        self.assertFalse(own._is_shown_to_everybody())
        own.mode = "enabled"
        own.action_check_now()
        self.assertEqual(own.mode, "enabled")
        self.assertTrue(own._is_shown_to_everybody())

    def test_a_certificate_of_another_address_serves_nobody_whatever_its_mode(self):
        self._answer(url="elsewhere.example")
        for mode in ("test", "enabled"):
            self.own.mode = mode
            with self.subTest(mode=mode):
                self.assertFalse(self._is_offered())
                self.assertFalse(self.own._is_usable_by(self.manager))
                self._answer()
                self.assertEqual(self.own.mode, mode)
        self.second.domain = "https://elsewhere.example"
        self.assertTrue(self._is_offered())

    def test_a_test_takes_no_place_until_it_is_enabled(self):
        other = self._add(ts_id=THIRD_ID, mode="test")
        self.assertValues(other, website_id=self.second.id, lang_id=self.own.lang_id.id)
        with self.assertRaisesRegex(RedirectWarning, "already has a certificate"):
            other.mode = "enabled"
        other.invalidate_recordset()
        self.own.mode = "disabled"
        other.mode = "enabled"

    def test_a_new_id_is_a_test_again_unless_it_is_disabled(self):
        for before, after in (
            ("test", "test"),
            ("enabled", "test"),
            ("disabled", "disabled"),
        ):
            self.own.mode = before
            ts_id = THIRD_ID if self.own.ts_id != THIRD_ID else OTHER_ID
            self._save(self.own, ts_id=ts_id)
            self.assertEqual(self.own.mode, after)

    def test_only_internal_users_see_a_certificate_in_test_mode(self):
        self.own.mode = "test"
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )  # is for those that protect nobody
        self.assertFalse(self._is_offered())
        self.assertTrue(self.own._is_usable_by(self.manager))

    def test_a_test_certificate_stays_one_if_enabled(self):
        self._answer(stateEnum="TEST")
        self.assertFalse(self._is_offered())
        self._answer(stateEnum="PRODUCTION")
        self.assertTrue(self._is_offered())

    def test_the_offer_alone_can_be_paused(self):
        self.own.offered_to = "nobody"
        self.assertFalse(self.own._is_usable_by(self.website.user_id))
        self.assertTrue(self.own._is_shown_to_everybody())
