# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

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
                " https://shop.example. Choose the website for which it was issued,"
                " correct the domain under Website > Configuration > Websites, or ask"
                " Trusted Shops to correct the address of the certificate.",
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
                " certificate. Set it under Website > Configuration > Websites.",
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

    def test_each_answer_about_the_language_has_its_sentence(self):
        german = self.langs["de_DE"]
        for code, lang, level, sentence in (
            (
                "de",
                german,
                "ok",
                "Issued for the language de, which fits German / Deutsch.",
            ),
            (
                "pl",
                german,
                "problem",
                "Issued for the language pl, but used for German / Deutsch. Choose the"
                " language for which it was issued; every language needs its own"
                " certificate.",
            ),
            (
                "pl",
                german.browse(),
                "problem",
                "Issued for the language pl, which the website Second does not have."
                " Add the language to the website, or use a certificate for one of its"
                " languages.",
            ),
            (
                "",
                german.browse(),
                "hint",
                "Trusted Shops does not say for which language it was issued.",
            ),
            (
                "de",
                german.browse(),
                "hint",
                "Issued for the language de, but shown in all languages of the website"
                " that have no certificate of their own. Choose a language to show it"
                " only there.",
            ),
        ):
            self.own.lang_id = lang
            self._answer(certificationLanguage=code)
            found = self._get_findings(self.own)["language"]
            self.assertEqual(found, (level, sentence))
            self.assertEqual(self._is_offered(), level != "problem")

    def test_a_website_that_loses_the_language_makes_a_mismatch(self):
        self.own.lang_id = False
        self.assertTrue(self._is_offered())
        self.second.language_ids = self.langs["en_US"]
        self.assertEqual(self.own.lang_match, "mismatch")
        self.assertFalse(self._is_offered())

    def _overrule(self):
        self._answer(url="elsewhere.example")
        self.assertFalse(self._is_offered())
        self.own.with_user(self.designer).action_use_anyway()

    def test_a_person_may_use_it_anyway_and_take_that_back(self):
        self._overrule()
        self.assertTrue(self._is_offered())
        self.assertEqual(self._get_findings(self.own)["address"][0], "hint")
        self.assertIn(
            "ts_designer (base.group_user,website.group_website_designer) decided to"
            " use this certificate although it does not match: issued for"
            " elsewhere.example in the language de, used on https://shop.example.",
            self.own.message_ids[0].body,
        )
        self.own.with_user(self.designer).action_stop_using_anyway()
        self.assertFalse(self._is_offered())

    def test_the_decision_outlives_checks_that_say_the_same(self):
        self._overrule()
        self._refresh()
        self.own.action_check_now()
        self.assertTrue(self._is_offered())

    def test_the_decision_ends_when_something_else_does_not_match(self):
        def move_certificate():
            self._answer(url="third.example")

        def move_website():
            self.second.domain = "https://new.example"

        def change_language():
            self.own.lang_id = False

        def change_language_of_certificate():
            self._answer(certificationLanguage="pl")

        def take_language_away():
            self.own.lang_id = False
            self.own.action_use_anyway()
            self.assertTrue(self._is_offered())
            self.second.language_ids = self.langs["en_US"]

        def change_website():
            third = self._make_website("Third", "https://fourth.example")
            self.own.website_id = third

        for change in (
            move_certificate,
            move_website,
            change_language,
            change_language_of_certificate,
            take_language_away,
            change_website,
        ):
            self.own.action_stop_using_anyway()
            self._answer(url="shop.example", certificationLanguage="de")
            self.second.write(
                {
                    "domain": "https://shop.example",
                    "language_ids": [
                        Command.set([self.langs["en_US"].id, self.langs["de_DE"].id])
                    ],
                }
            )
            self.own.write(
                {"website_id": self.second.id, "lang_id": self.langs["de_DE"].id}
            )
            self._overrule()
            self.assertTrue(self._is_offered())
            change()
            with self.subTest(change=change.__name__):
                self.assertFalse(self.own.is_overruled)
                self.assertFalse(self._is_offered())

    def test_another_id_needs_a_decision_of_its_own(self):
        self._overrule()
        self._save(self.own, ts_id=THIRD_ID)
        self.assertValues(self.own, shop_match="mismatch", overruled_match=False)
        self.assertFalse(self._is_offered())
