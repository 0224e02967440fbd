# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form

from .certificate_common import OTHER_ID, THIRD_ID, CertificateCommon


class TestCertificateWithoutWebsite(CertificateCommon):
    """It serves nobody, takes no place and offers nothing, until it has one."""

    def setUp(self):
        super().setUp()
        self.service.status["url"] = "elsewhere.example"
        self.unplaced = self._add(mode="test")
        self.assertFalse(self.unplaced.website_id)

    def _get_codes(self, certificate):
        return [finding["cause"] for finding in certificate._get_findings()]

    def test_it_serves_no_order_and_nobody_sees_it_or_its_seal(self):
        self.certificate.mode = "test"
        nobody = self.env["res.users"]
        self.assertFalse(self.certificate._is_visible_to(nobody))
        for mode in ("test", "enabled"):
            self.unplaced.mode = mode
            order = self._make_cart(website_id=False)
            self.assertFalse(order.website_id._trustedshops_get_certificate())
            order.action_confirm()
            self.assertFalse(order._trustedshops_get_certificate_after())
            self.assertFalse(order.trustedshops_certificate_id)
            self.assertFalse(order._trustedshops_get_offer())
            self.assertFalse(self.unplaced._is_shown_to_everybody())
            self.assertFalse(self.unplaced._is_visible_to(self.designer))
            seal = self.unplaced.with_user(self.env.ref("base.public_user"))
            self.assertFalse(seal._can_return_content("seal_image"))

    def test_it_takes_no_place(self):
        stranger, website = self._make_stranger()
        self._make_website("Others 2", company_id=website.company_id.id)
        self.unplaced.mode = "enabled"
        other = self._add(stranger, ts_id=THIRD_ID)
        self.assertEqual((other.state, other.website_id.id), ("production", False))
        self.unplaced.website_id = self.second
        with self.assertRaises(RedirectWarning):
            self._add(
                website_id=self.second.id,
                ts_id="X" + "3" * 32,
                lang_id=self.unplaced.lang_id.id,
            )

    def test_it_offers_nothing_to_do_before_its_website(self):
        codes = self._get_codes(self.unplaced)
        self.assertIn("website_missing", codes)
        for code in ("enable", "test_order", "website", "items_currency"):
            self.assertNotIn(code, codes)
        with self.assertRaisesRegex(
            UserError, f"website of the certificate {OTHER_ID}"
        ):
            self.unplaced.action_enable()
        self.unplaced.website_id = self.second
        self.assertIn("enable", self._get_codes(self.unplaced))

    # === ITS FIRST WEBSITE BRINGS THE LANGUAGE === #
    def test_the_language_comes_with_the_website_that_a_person_chooses(self):
        twin = self._add(ts_id=THIRD_ID, mode="test")
        (self.unplaced + twin).write({"website_id": self.second.id})
        german = self.langs["de_DE"]
        self.assertEqual((self.unplaced + twin).lang_id, german)
        self.unplaced.lang_id = False
        self.unplaced.website_id = self.website
        self.assertFalse(self.unplaced.lang_id)

    def test_the_language_comes_with_the_website_of_a_later_answer(self):
        self.service.status["url"] = "shop.example"
        self.unplaced.action_check_now()
        self.assertValues(
            self.unplaced, website_id=self.second.id, lang_id=self.langs["de_DE"].id
        )

    def test_all_languages_survive_an_answer_that_the_id_is_unknown(self):
        self.unplaced.website_id = self.second
        self.unplaced.lang_id = False
        for word, name in (
            ("INVALID_TS_ID", "elsewhere.example, Excellence"),
            ("PRODUCTION", "elsewhere.example, All languages, Excellence"),
        ):
            self.service.status["stateEnum"] = word
            self.unplaced.action_check_now()
            self.assertEqual(self.unplaced.display_name, name)
        self.assertValues(self.unplaced, state="production", lang_id=False)

    # === WHAT IT PROTECTS === #
    def test_an_emptied_model_is_no_error(self):
        self.unplaced.protection_model = False
        for state in ("invalid", "draft", "production"):
            self.unplaced.sudo().state = state
            self.assertNotIn("model_less", self._get_codes(self.unplaced))
        self.unplaced.website_id = self.second
        with self.assertRaisesRegex(AssertionError, "protection_model is a required"):
            Form(self.unplaced).save()

    def test_a_first_answer_of_reviews_only_hides_the_badge_later_ones_do_not(self):
        self.service.status["stateEnum"] = "NO_AUDIT"
        self.assertFalse(self._add(ts_id=THIRD_ID, mode="test").badge_shown)
        self.unplaced.action_check_now()
        self.assertTrue(self.unplaced.badge_shown)
