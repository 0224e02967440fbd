# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


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

    def test_another_address_alone_keeps_it_from_being_offered(self):
        for url, domain, code, level in (
            ("shop.example", "https://shop.example", "match", False),
            ("elsewhere.example", "https://shop.example", "mismatch", "problem"),
            ("", "https://shop.example", "unknown", "warning"),
            ("", False, "unknown", "warning"),
            ("shop.example", False, "unknown", "warning"),
        ):
            self.second.domain = domain
            self._answer(url=url)
            with self.subTest(url=url, domain=domain):
                found = self._get_findings(self.own).get(f"address_{code}", [False])
                self.assertEqual(found[0], level)
                self.assertEqual(self._is_offered(), level != "problem")

    def test_another_language_is_told_but_who_enabled_it_decided(self):
        german = self.langs["de_DE"]
        austrian = self._add_language("de_AT", "German (Austria)")
        self.second.language_ids += austrian
        for lang, code, cause, level in (
            (german, "de", "mismatch", False),
            (austrian, "de", "mismatch", False),
            (german, "pl", "mismatch", "problem"),
            (False, "pl", "mismatch", "problem"),  # the website lacks it
            (False, "", "mismatch", False),
            (False, "de", "mismatch", False),
        ):
            self.own.lang_id = lang
            self._answer(certificationLanguage=code)
            with self.subTest(code=code, cause=cause):
                found = self._get_findings(self.own).get(f"lang_{cause}", [False])
                self.assertEqual(found[0], level)
                self.assertTrue(self.own._is_usable_by(self.website.user_id))

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

    def test_the_offer_alone_can_be_paused(self):
        self.own.offered_to = "nobody"
        self.assertFalse(self.own._is_usable_by(self.website.user_id))
        self.assertTrue(self.own._is_shown_to_everybody())
