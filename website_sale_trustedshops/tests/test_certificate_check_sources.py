# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from odoo import models

from .certificate_common import DOWN, GUARANTEE, CertificateCommon
from .fake_service import HTML_PAGE, make_fault

# What the public list may say about a shop.
FEEDS = {
    "guarantee": {"trustMark": {"status": "VALID"}, **GUARANTEE},
    "valid": {"trustMark": {"status": "VALID"}},
    "other": {"trustMark": {"status": "INTEGRATION"}},
    "expired": {"trustMark": {"status": "VALID", "validTo": "2026-11-01"}, **GUARANTEE},
    "unknown": None,
    "down": DOWN,
}
# What is wrong, by the first words of its sentence.
FINE = ""
UNASKED = "Trusted Shops could not be asked ("

NEW = ("draft", False, False)
BY_SOAP = ("production", "excellence", "soap")
CLASSIC = ("production", "classic", "feed")
REVIEWS = ("production", "none", "feed")
LOCKED = ("disabled", "none", "feed")
EXPIRED = ("cancelled", "classic", "feed")

# State, model, source and error after an answer, by what the record was before, what
# the SOAP service says, and what the public list says.
STAND_IN = {"guarantee": CLASSIC, "valid": REVIEWS, "other": LOCKED, "expired": EXPIRED}


def stand_in(error, unknown, down, **stored):
    """Return what becomes of a record for which the public list stands in."""
    outcomes = {
        feed: (state, stored.get("model", model), source, error)
        for feed, (state, model, source) in STAND_IN.items()
    }
    return {**outcomes, "unknown": unknown, "down": down}


INVALID = ("invalid", "excellence", "soap", FINE)
BACK = ("production", "classic", "soap")
TABLE = {
    ("new", "known"): dict.fromkeys(FEEDS, (*BY_SOAP, FINE)),
    ("soap", "known"): dict.fromkeys(FEEDS, (*BY_SOAP, FINE)),
    ("feed", "known"): dict.fromkeys(FEEDS, (*BACK, FINE)),
    ("new", "unknown"): stand_in(
        FINE, ("invalid", False, "soap", FINE), (*NEW, UNASKED)
    ),
    ("soap", "unknown"): stand_in(FINE, INVALID, INVALID, model="excellence"),
    ("feed", "unknown"): stand_in(
        FINE,
        ("invalid", "classic", "soap", FINE),
        (*CLASSIC, UNASKED),
        model="classic",
    ),
    ("new", "silent"): stand_in(UNASKED, (*NEW, UNASKED), (*NEW, UNASKED), model=False),
    ("soap", "silent"): dict.fromkeys(FEEDS, (*BY_SOAP, UNASKED)),
    ("feed", "silent"): stand_in(
        UNASKED, (*CLASSIC, UNASKED), (*CLASSIC, UNASKED), model="classic"
    ),
}
SCRIPT = "<script>alert(1)</script>"


class TestCertificateSources(CertificateCommon):
    """The SOAP service decides, the public list stands in; silence says nothing."""

    def setUp(self):
        super().setUp()
        self._freeze("2026-11-02 10:00:00")

    def _set_scene(self, soap, feed):
        """Prepare what both sources say.

        :param str soap: ``known``, ``unknown``, or a way to be silent
        :param str feed: key of ``FEEDS``
        """
        self.service.reset()
        shop = FEEDS[feed]
        if feed == "down":
            self.service.always["getTrustmark"] = shop
        elif shop:
            self.service.trustmark = {"url": "shop.example", **shop}
        if soap == "unknown":
            self.service.status.update(stateEnum="INVALID_TS_ID", typeEnum="")
        elif soap == "down":
            self.service.always["checkCertificate"] = make_fault()
        elif soap == "half":
            self.service.status["stateEnum"] = "CANCELLED"
            self.service.always["getProtectionItems"] = HTML_PAGE
        elif soap == "word":
            self.service.status["stateEnum"] = "SUSPENDED"
        else:
            self.assertEqual(soap, "known")

    def _get_outcome(self, before, soap, feed):
        """Return what a certificate is after an answer.

        :param str before: ``new``, or who answered about it: ``soap``, ``feed``
        """
        if before != "new":
            self._set_scene({"soap": "known", "feed": "unknown"}[before], "guarantee")
        else:
            self._set_scene(soap, feed)
        certificate = self._add(website_id=self.second.id)
        if before != "new":
            self._set_scene(soap, feed)
            certificate.action_check_now()
        error = self._prepare_check_error(certificate)
        outcome = (
            certificate.state,
            certificate.protection_model,
            certificate.answer_source,
            UNASKED if error.startswith(UNASKED) else error,
        )
        certificate.unlink()
        return outcome

    def test_each_pair_of_answers_has_its_outcome(self):
        for (before, soap), outcomes in TABLE.items():
            ways = ("down", "half", "word") if soap == "silent" else (soap,)
            for way in ways:
                for feed, outcome in outcomes.items():
                    with self.subTest(before=before, soap=way, feed=feed):
                        self.assertEqual(self._get_outcome(before, way, feed), outcome)

    def test_certificate_is_valid_on_its_last_day(self):
        self._answer_by_feed(trustMark={"status": "VALID", "validTo": "2026-11-02"})
        certificate = self._add()
        self.assertEqual(certificate.state, "production")
        self.clock.tick(86400)
        certificate.action_check_now()
        self.assertEqual(certificate.state, "cancelled")

    def test_unknown_state_tells_nothing_about_the_login(self):
        self.service.status["stateEnum"] = "SUSPENDED"
        self.service.script("checkLogin", -10001)
        self.certificate.action_check_now()
        self.assertValues(self.certificate, hold_reason=False, state="production")
        self.assertEqual(
            self.certificate.last_check_error,
            {"code": "check_unasked", "trouble": "unanswered"},
        )

    def _get_validity(self):
        return self.certificate.valid_from, self.certificate.valid_to

    def test_the_list_brings_the_dates_also_when_the_service_answers(self):
        dates = {"validFrom": "2026-01-01T00:00:00+01:00", "validTo": "2036-12-31"}
        self.service.trustmark = {"trustMark": {"status": "VALID", **dates}}
        self.certificate.action_check_now()
        self.assertEqual(self._get_validity(), (date(2026, 1, 1), date(2036, 12, 31)))
        self.service.script("getTrustmark", DOWN)
        self.certificate.action_check_now()
        self.assertEqual(self._get_validity(), (date(2026, 1, 1), date(2036, 12, 31)))
        self.service.trustmark = None
        self.certificate.action_check_now()
        self.assertEqual(self._get_validity(), (False, False))

    def test_unsent_question_keeps_the_dates(self):
        self.service.trustmark = {
            "trustMark": {"status": "VALID", "validTo": "2036-12-31"}
        }
        self.certificate.action_check_now()
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.sandbox_url", "nonsense"
        )
        models.BaseModel.write(self.certificate, {"environment": "sandbox"})
        self.certificate.action_check_now()
        self.assertEqual(self._get_validity(), (False, date(2036, 12, 31)))

    def test_manual_excellence_offers_nothing_without_a_fee_table(self):
        self._set_scene("unknown", "guarantee")
        certificate = self._add(
            ws_user="u",
            ws_password="p",
            protection_model="excellence",
            website_id=self.second.id,
        )
        self.assertValues(
            certificate, state="production", protection_model="excellence", item_ids=[]
        )
        self.assertFalse(certificate._is_usable_by(self.manager))
        self.assertEqual(self._get_findings(certificate)["items_none"][0], "problem")
        self._set_scene("known", "guarantee")
        for word, is_usable in (("EXCELLENCE", True), ("CLASSIC", False)):
            self.service.status["typeEnum"] = word
            certificate.action_check_now()
            self.assertEqual(certificate.protection_model, "excellence")
            self.assertEqual(certificate._is_usable_by(self.manager), is_usable)

    def test_fee_table_of_an_unknown_id_is_not_sold_from(self):
        certificate = self._add(ws_user="u", ws_password="p", website_id=self.second.id)
        self.assertTrue(certificate._is_usable_by(self.manager))
        self._set_scene("unknown", "guarantee")
        certificate.action_check_now()
        self.assertValues(
            certificate,
            state="production",
            protection_model="excellence",
            item_ids=[],
            items_checked_at=False,
        )
        self.assertFalse(certificate._is_usable_by(self.manager))

    def test_a_table_older_than_three_days_is_no_longer_sold_from(self):
        certificate = self.certificate
        certificate.items_checked_at = datetime(2026, 11, 2, 10)
        self.service.always["checkCertificate"] = DOWN
        usable = {}
        for hours in (0, 72, 1):
            self.clock.tick(hours * 3600)
            certificate.action_check_now()
            usable[hours] = certificate._is_usable_by(self.manager)
        self.assertEqual(usable, {0: True, 72: True, 1: False})

    def _assert_escaped(self, html):
        self.assertNotIn("<script", html)
        self.assertIn("&lt;script&gt;", html)

    def test_markup_in_a_mismatch_is_shown_as_text(self):
        # An address of some host, but none of ours.
        self.service.status["url"] = f"https://evil.example/{SCRIPT}"
        certificate = self._add(website_id=self.second.id)
        self.assertEqual(certificate.shop_match, "mismatch")
        self._assert_escaped(certificate.health)
        certificate.last_attempt_at = False
        self._refresh()
        [todo] = [each for each in self._get_todos(certificate) if "evil" in each]
        self._assert_escaped(todo)

    def test_endless_texts_are_cut_and_an_unknown_model_is_none(self):
        endless = "a" * 100_000
        self.service.status.update(
            url=endless, certificationLanguage=endless, typeEnum=SCRIPT
        )
        certificate = self._add(website_id=self.second.id)
        self.assertEqual(
            [len(certificate.shop_url), len(certificate.certificate_language)],
            [255, 16],
        )
        self.assertLess(len(certificate.health), 10_000)
        self.assertValues(certificate, protection_model="none", lang_match="unknown")
