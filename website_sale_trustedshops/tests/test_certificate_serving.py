# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError, ValidationError

from .certificate_common import OTHER_ID, CertificateCommon
from .fake_service import TS_ID


class TestCertificateChoice(CertificateCommon):
    """Which certificate serves a visitor, which may go, and the daily check."""

    def _find(self, lang):
        certificates = self.env["trustedshops.certificate"]
        return certificates._get_for(self.website.id, lang)

    def _add_german(self, **status):
        """Return a certificate for German, as the service answers about it."""
        self.service.status.update(status)
        return self._make_certificate(ts_id=OTHER_ID, lang_id=self.langs["de_DE"].id)

    def test_archived_certificate_serves_no_visitor_in_any_context(self):
        self.certificate.action_archive()
        certificates = self.env["trustedshops.certificate"]
        for asking in (certificates.with_context(active_test=False), certificates):
            self.assertFalse(asking._get_for(self.website.id, "en_US"))

    def test_certificate_that_is_not_in_force_serves_no_visitor(self):
        german = self._add_german()
        for state, ts_id in (
            ("draft", TS_ID),
            ("cancelled", TS_ID),
            ("disabled", TS_ID),
            ("invalid", TS_ID),
            ("integration", OTHER_ID),
        ):
            german.sudo().state = state
            self.assertEqual(self._find("de_DE").ts_id, ts_id, state)

    def test_a_live_classic_of_the_language_comes_first(self):
        german = self._add_german(typeEnum="CLASSIC")
        self.assertEqual(german.protection_model, "classic")
        self.assertEqual(self._find("de_DE"), german)

    def test_tests_rank_after_live_ones_by_language(self):
        german = self._add_german(stateEnum="TEST")
        self.assertEqual(self._find("de_DE"), self.certificate)
        self.certificate.action_check_now()
        self.assertEqual(self.certificate.state, "test")
        self.assertEqual(self._find("de_DE"), german)
        self.assertEqual(self._find("pl_PL"), self.certificate)
        self.service.status["stateEnum"] = "PRODUCTION"
        german.action_check_now()
        self.assertEqual(self._find("de_DE"), german)

    def test_certificate_of_another_system_is_a_test_in_each_state(self):
        german = self._add_german()
        self.env.cr.execute(
            "UPDATE trustedshops_certificate SET environment = 'sandbox' WHERE id = %s",
            german.ids,
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self._find("de_DE"), self.certificate)

    def test_reviews_only_ranks_between_live_and_test(self):
        german = self._add_german(stateEnum="NO_AUDIT")
        self.assertEqual(self._find("de_DE"), self.certificate)
        self.service.status["stateEnum"] = "TEST"
        self.certificate.action_check_now()
        self.assertEqual(self._find("de_DE"), german)

    def test_a_hold_and_old_fees_hide_the_offer_and_nothing_else(self):
        german = self._add_german()
        german.write(
            {"hold_reason": "login", "items_checked_at": "2020-01-01 00:00:00"}
        )
        self.assertEqual(self._find("de_DE"), german)
        self.assertTrue(german._is_shown_to_everybody())
        self.assertFalse(german._is_usable_by(self.website.user_id))

    def test_what_was_ordered_goes_on_when_the_certificate_is_disabled(self):
        protection = self._make_queued()
        self.certificate.mode = "disabled"
        self._run_queue()
        self.assertEqual(protection.state, "requested")

    def test_a_language_must_be_one_of_the_website(self):
        self.website.language_ids -= self.langs["pl_PL"]
        with self.assertRaises(ValidationError):
            self.certificate.lang_id = self.langs["pl_PL"]

    def test_a_certificate_in_use_cannot_be_deleted(self):
        self._make_queued()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.certificate.unlink()

    def test_certificate_with_only_a_choice_can_be_deleted(self):
        order, _protection = self._make_ticked()
        self.certificate.action_archive()
        self.assertFalse(self.certificate.active)
        # Once the cart has lost it, it can be deleted, with its fees.
        items = self.certificate.item_ids
        order.unlink()
        self.certificate.unlink()
        self.assertFalse(items.exists())

    def test_certificate_is_not_checked_again_within_twenty_hours(self):
        self._freeze("2026-11-02 10:00:00")
        self.certificate.action_check_now()
        self.service.calls.clear()
        self._wait(hours=19)
        self._refresh()
        self.assertEqual(self.service.calls, [])
        self._wait(hours=1)
        self._refresh()
        self.assertEqual(len(self.service.get_parts("checkCertificate")), 1)
