# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .certificate_common import THIRD_ID, CertificateCommon
from .fake_service import make_item


@tagged("full")
class TestCertificateCache(CertificateCommon):
    """What changes shows at once, and what does not change flushes nothing."""

    QUICK = (
        "test_each_change_shows_at_once",
        "test_own_language_then_none_then_nothing",
    )

    def setUp(self):
        super().setUp()
        self.own = self._add(ws_user="u", ws_password="p")

    def _get_seal(self, lang="de_DE", website=None):
        website = website or self.second
        website = website.with_context(lang=lang)
        seal = website._trustedshops_get_display()["seal"]
        return seal.get("url", "")[-5:], seal.get("background")

    def _find(self, lang, website=None):
        website = website or self.second
        return website.with_context(lang=lang)._trustedshops_get_certificate()

    def test_new_fee_table_is_used_without_clearing_the_cache(self):
        """Other workers are told only after the scheduled action checked them all."""
        before = self.own._get_items_in_cache(self.own.id, self.own.items_checked_at)
        self.assertTrue(before)
        silent = patch.object(type(self.env.registry), "clear_cache")
        with silent, freeze_time("2030-01-01"):
            self.service.items = [make_item(500, "0.90", "1.07")]
            self.own.action_check_now()
        after = self.own._get_items_in_cache(self.own.id, self.own.items_checked_at)
        self.assertEqual([str(item.gross_fee) for item in after], ["1.07"])

    def test_what_another_thread_cached_before_the_commit_is_forgotten(self):
        self.env.cr.postcommit.clear()
        self.own.mode = "disabled"
        as_before = patch.object(
            type(self.own), "_get_first_for_lang", return_value=self.own
        )
        with as_before:
            self.assertEqual(self._find("de_DE"), self.own)
        self.assertEqual(self._find("de_DE"), self.own)
        self.env.cr.postcommit.run()
        self.assertFalse(self._find("de_DE"))

    def test_each_change_shows_at_once(self):
        own, shown, gone = self.own, ("11111", ""), ("", None)
        english, german = self.langs["en_US"].id, self.langs["de_DE"].id
        self.assertEqual(self._get_seal(), shown)
        for record, change, seal in (
            (own, {"badge_background_color": "#ffdc0f"}, ("11111", "#ffdc0f")),
            (own, {"badge_background_color": False}, shown),
            (own, {"seal_shown": False}, gone),
            (own, {"seal_shown": True}, shown),
            (self.second, {"domain": "https://new.example"}, gone),
            (self.second, {"domain": "https://shop.example"}, shown),
            (own, {"mode": "test"}, gone),
            (own, {"mode": "enabled"}, shown),
            (own, {"lang_id": english}, gone),
            (own, {"lang_id": german}, shown),
            (own, "action_archive", gone),
            (own, "action_unarchive", shown),
            (own, {"environment": "sandbox"}, gone),
            (own, {"environment": "production"}, gone),
            (own, {"mode": "enabled"}, shown),
            (own, {"website_id": self.website.id}, gone),
            (own, {"website_id": self.second.id, "lang_id": german}, shown),
            (own, "unlink", gone),
        ):
            if isinstance(change, str):
                getattr(record, change)()
            elif record == own:
                self._save(own, **change)
            else:
                record.write(change)
            self.assertEqual(self._get_seal(), seal, change)

    def test_what_the_service_says_shows_at_once(self):
        """The seal, and the badge for visitors and for staff."""
        for word, seal, *badges in (
            ("CANCELLED", "", False, False),
            ("INTEGRATION", "11111", True, True),
            ("DISABLED", "", False, False),
            ("NO_AUDIT", "", True, True),
            ("TEST", "", False, True),
            ("PRODUCTION", "11111", True, True),
        ):
            self.service.status["stateEnum"] = word
            self.own.last_attempt_at = False
            self._refresh()
            self.assertEqual(self._get_seal()[0], seal, word)
            website = self.second.with_context(lang="de_DE")
            found = [
                bool(website.with_user(user)._trustedshops_get_display()["badge"])
                for user in (website.user_id, self.designer)
            ]
            self.assertEqual(found, badges, word)

    def test_showing_tests_to_everybody_shows_at_once(self):
        self.service.status["stateEnum"] = "TEST"
        self.own.action_check_now()
        self.assertEqual(self._get_seal(), ("", None))
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        self.assertEqual(self._get_seal(), ("11111", ""))

    def _add_general(self):
        """Return a certificate for the other languages of the website."""
        general = self._add(ts_id=THIRD_ID, lang_id=self.langs["en_US"].id)
        general.lang_id = False
        return general

    def test_own_language_then_none_then_nothing(self):
        self.assertEqual(self._find("de_DE"), self.own)
        self.assertFalse(self._find("en_US"))
        general = self._add_general()
        self.assertEqual(self._find("de_DE"), self.own)
        self.assertEqual(self._find("en_US"), general)
        self.assertEqual(self._find("pl_PL"), general)
        self.own.action_archive()
        self.assertEqual(self._find("de_DE"), general)
        # One of another website is never taken.
        third = self._make_website("Third", "https://www.shop.example")
        self.assertFalse(self._find("de_DE", third))
        self.assertEqual(self._get_seal("de_DE", third), ("", None))


@tagged("full")
class TestManyCertificates(CertificateCommon):
    """A run over fifty certificates, and a list of them."""

    QUICK = ("test_list_makes_no_remote_call_and_few_queries",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        languages = cls.env["res.lang"].with_context(active_test=False).search([])[:50]
        languages.active = True
        cls.second.language_ids = [Command.set(languages.ids)]
        cls.many = cls.env["trustedshops.certificate"].create(
            [
                {
                    "ts_id": f"X{number:032d}",
                    "website_id": cls.second.id,
                    "lang_id": language.id,
                    "ws_user": "u",
                    "ws_password": "p",
                }
                for number, language in enumerate(languages)
            ]
        )
        cls.many.action_check_now()
        cls.certificate.action_archive()

    def _run(self, asked=50):
        """Return how often the daily check cleared a cache, and which ones.

        What was cleared the framework tells other workers when the job ends: once.
        """
        registry = type(self.env.registry)
        self.many.last_attempt_at = False
        self.service.calls.clear()
        with (
            patch.object(
                registry, "clear_cache", autospec=True, side_effect=registry.clear_cache
            ) as clear,
            patch.object(registry, "signal_changes", autospec=True) as signal,
            self.enter_registry_test_mode(),
            self.env.registry.cursor() as cr,
        ):
            self.env.registry.cache_invalidated.clear()
            certificates = self.many.with_env(self.env(cr=cr))
            certificates._cron_check()  # without the clock of a job
            signal.assert_not_called()
            cleared = sorted(self.env.registry.cache_invalidated)
            calls = clear.call_count
        self.assertEqual(len(self.service.get_parts("checkCertificate")), asked)
        return calls, cleared

    def test_a_run_over_unchanged_certificates_flushes_no_cache(self):
        self.assertEqual(self._run(), (0, []))
        # Nor does one that tells of worse logins, or fails.
        self.service.always["checkLogin"] = -10001
        self.assertEqual(self._run(), (0, []))
        self.assertEqual(set(self.many.mapped("hold_reason")), {"login"})
        self._take_down()
        # The probe asks of three; then the others wait.
        self.assertEqual(self._run(asked=4), (0, []))

    def test_visible_changes_flush_the_cache_and_are_signalled_together(self):
        self.service.status["stateEnum"] = "INTEGRATION"
        self.assertEqual(self._run(), (50, ["default"]))
        self.assertEqual(set(self.many.mapped("state")), {"integration"})

    def test_list_makes_no_remote_call_and_few_queries(self):
        self.service.calls.clear()
        specification = {"ts_id": {}, "headline": {}, "state": {}, "shop_match": {}}
        counts = []
        self.many.with_user(self.designer).web_read(specification)  # warms up
        for some in (self.many[:10], self.many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.with_user(self.designer).web_read(specification)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(self.service.calls, [])
        self.assertLessEqual(counts[1], counts[0])
