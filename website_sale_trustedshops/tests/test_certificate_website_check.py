# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .certificate_common import OTHER_ID, SERVING, THIRD_ID, CertificateCommon
from .fake_service import TS_ID


def loader_of(ts_id):
    return f"https://widgets.trustedshops.com/js/{ts_id}.js"


class TestWebsiteCheck(CertificateCommon):
    """What the administrator's browser is told to look for."""

    def _get_pages(self, certificate=None):
        certificate = certificate or self.certificate
        return certificate.get_website_expectations()["pages"]

    def _get_website(self):
        return self.certificate.get_website_expectations()["website"]

    def _make_page(self, ts_id, **values):
        """Return what is expected of the English start page."""
        return {
            "lang": "en-US",
            "lang_name": "English (US)",
            "path": "/",
            "more": [],
            "certificate": None,
            "ts_id": ts_id,
            "badge_shown": True,
            "seal_shown": True,
            "seal": True,
            "loader": loader_of(ts_id),
            **values,
        }

    def test_each_language_has_a_page_and_its_certificate(self):
        self._add(
            ts_id=OTHER_ID, website_id=self.website.id, lang_id=self.langs["pl_PL"].id
        ).mode = "enabled"
        certificate = self.certificate.with_user(self.designer)
        pages = {page["lang"]: page for page in self._get_pages(certificate)}
        self.assertEqual(len(pages), 3)
        self.assertEqual(pages["en-US"], self._make_page(TS_ID))
        self.assertEqual(
            pages["pl-PL"],
            self._make_page(
                OTHER_ID, lang="pl-PL", lang_name="Polish / Język polski", path="/pl"
            ),
        )
        self.assertEqual(pages["de-DE"]["path"], "/de")
        self.assertEqual(pages["de-DE"]["ts_id"], TS_ID)

    def test_paths_follow_the_languages_of_the_website(self):
        german = self.langs["de_DE"]
        get_path = self.website._trustedshops_get_lang_path
        self.assertEqual(get_path(german), "/de")
        german.url_code = "deutsch"
        self.assertEqual(get_path(german), "/deutsch")
        self.website.default_lang_id = german
        self.assertEqual(get_path(german), "")
        self.website.default_lang_id = self.langs["en_US"]
        self.website.language_ids -= german
        self.assertEqual(get_path(german), "")

    def test_a_language_without_certificate_expects_nothing(self):
        certificate = self._add(
            ts_id=THIRD_ID, website_id=self.second.id, lang_id=self.langs["de_DE"].id
        )
        pages = {page["lang"]: page for page in self._get_pages(certificate)}
        finding = {
            "level": "hint",
            "text": "No certificate serves this language, so its visitors see nothing.",
        }
        self.assertEqual(
            pages["en-US"],
            self._make_page(
                "",
                certificate=finding,
                badge_shown=False,
                seal_shown=False,
                seal=False,
                loader="",
            ),
        )

    def _see_choice(self, level, text, lang="de-DE"):
        """See what is said about who serves a language; the reason is not ours."""
        pages = {page["lang"]: page["certificate"] for page in self._get_pages()}
        self.assertEqual(pages[lang]["level"], level)
        start, _dots, end = text.partition("...")
        self.assertTrue(pages[lang]["text"].startswith(start), pages[lang])
        self.assertTrue(pages[lang]["text"].endswith(end), pages[lang])

    def test_a_language_whose_only_certificate_is_not_in_force_is_a_problem(self):
        self.service.status["stateEnum"] = "DISABLED"
        self.certificate.action_check_now()
        page = self._get_pages()[0]
        self.assertEqual((page["ts_id"], page["seal"], page["loader"]), ("", False, ""))
        self._see_choice(
            "problem",
            f"{TS_ID} should serve this language, but does not: Trusted Shops has"
            " disabled the certificate, so the website shows nothing of it...."
            " No certificate serves this language, so its visitors see nothing.",
        )

    def _add_german(self, **status):
        self.service.status.update(status)
        self._add(website_id=self.website.id, lang_id=self.langs["de_DE"].id)

    def test_certificate_that_should_serve_but_does_not_is_a_problem(self):
        self._take_down()
        self._add_german()
        self._see_choice(
            "problem",
            f"{OTHER_ID} should serve this language, but does not: Trusted Shops has"
            f" not answered yet.... Served by: {SERVING}",
        )
        pages = {page["lang"]: page["certificate"] for page in self._get_pages()}
        self.assertIsNone(pages["pl-PL"])

    def test_a_test_beside_a_live_one_or_one_that_protects_less_is_told(self):
        for status, words in (
            (
                {"stateEnum": "TEST"},
                f"{OTHER_ID} should serve this language, but does not: This is a test"
                f" certificate.... Served by: {SERVING}",
            ),
            (
                {"stateEnum": "PRODUCTION", "typeEnum": "CLASSIC"},
                "shop.example, German / Deutsch, Classic serves this language in place"
                f" of {SERVING}, which protects more.",
            ),
        ):
            self._add_german(**status)
            self._see_choice("hint", words)
            self.certificate.search([("ts_id", "=", OTHER_ID)]).unlink()

    def test_a_test_that_serves_alone_is_told(self):
        self.service.status["stateEnum"] = "TEST"
        self.certificate.action_check_now()
        self.assertTrue(self.certificate.mode_notice)
        self._see_choice("hint", self.certificate.mode_notice)

    def test_expectations_are_those_of_visitors_not_of_staff(self):
        self.service.status["stateEnum"] = "TEST"
        self.certificate.action_check_now()
        page = self._get_pages(self.certificate.with_user(self.manager))[0]
        self.assertEqual((page["seal"], page["loader"]), (False, ""))
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        self.env.registry.clear_cache()
        page = self._get_pages(self.certificate.with_user(self.manager))[0]
        self.assertEqual((page["seal"], page["loader"]), (True, loader_of(TS_ID)))

    def test_disabled_certificate_is_told_with_the_reason(self):
        self._add_german()
        german = self.certificate.search([("ts_id", "=", OTHER_ID)])
        german.write({"mode": "disabled"})
        self._see_choice(
            "problem",
            f"{OTHER_ID} should serve this language, but does not: Disabled:"
            f" visitors see no offer... Served by: {SERVING}",
        )

    def test_a_good_check_is_kept_until_a_bad_one(self):
        certificate = self.certificate.with_user(self.designer)
        for is_seen in (True, False):
            certificate.note_website_check(is_seen)
            is_open = "website" in self._get_findings(certificate)
            self.assertEqual(is_open, not is_seen)

    def test_a_badge_that_is_switched_off_expects_the_loader_alone(self):
        self.certificate.badge_shown = False
        page = self._get_pages()[0]
        self.assertEqual(
            (page["badge_shown"], page["seal"], page["loader"]),
            (False, True, loader_of(TS_ID)),
        )

    def _check_lamps(self):
        """Return what is looked for on a website that blocks scripts until consent."""
        self.website.write(
            {
                "name": "Lamps",
                "domain": "https://lamps.example/",
                "cookies_bar": True,
                "block_third_party_domains": True,
            }
        )
        self.certificate.badge_consent = "consent"
        return self.certificate.get_website_expectations()

    def test_the_check_knows_the_settings_of_the_website(self):
        self.assertEqual(
            self._check_lamps()["website"],
            {
                "id": self.website.id,
                "name": "Lamps",
                "url": "https://lamps.example",
                "is_always_loaded": False,
                "consent_text": (
                    "Load the Trustbadge: After optional cookies are accepted"
                ),
                "cookies_bar": True,
                "stops_badge": False,
                "loader_hosts": [
                    "integrations.etrusted.com",
                    "integrations.etrusted.site",
                    "static-app.connect-qa.trustedshops.com",
                    "static-app.connect.trustedshops.com",
                    "widgets-qa.trustedshops.com",
                    "widgets.trustedshops.com",
                ],
            },
        )

    def test_the_check_judges_the_settings_of_the_website(self):
        address, consent, domains = self._check_lamps()["findings"]
        self.assertEqual((address["cause"], address["level"]), ("address", "problem"))
        self.assertIn("has the address https://lamps.example", address["text"])
        self.assertEqual(
            (consent["cause"], consent["level"], consent["text"]),
            (
                "consent",
                "ok",
                "Load the Trustbadge: After optional cookies are accepted",
            ),
        )
        self.assertEqual((domains["cause"], domains["level"]), ("domains", "ok"))

    def test_only_a_whole_ending_stops_a_badge_that_need_not_wait(self):
        self.website.write({"cookies_bar": True, "block_third_party_domains": True})
        self.certificate.badge_consent = "always"
        for domains in ("trustedshops.com", "widgets.trustedshops.com", "com"):
            self.website.custom_blocked_third_party_domains = domains
            stops_badge = self._get_website()["stops_badge"]
            self.assertEqual(stops_badge, domains == "com", domains)
        for record, name, value in (
            (self.certificate, "badge_consent", "consent"),
            (self.website, "cookies_bar", False),
            (self.website, "block_third_party_domains", False),
        ):
            before = record[name]
            record[name] = value
            with self.subTest(name):
                self.assertFalse(self._get_website()["stops_badge"])
            record[name] = before

    def test_the_sandbox_is_a_host_of_loaders(self):
        self._save(self.certificate, environment="sandbox")
        self.assertIn("127.0.0.1:9", self._get_website()["loader_hosts"])

    def _judge(self, kind, path, html, user=None):
        """Return level and text of what is found on an English page."""
        url = f"https://shop.example{path}"
        page = {"kind": kind, "asked": url, "url": url, "status": 200, "html": html}
        page |= {"is_cut": False, "is_html": True}
        certificate = self.certificate.with_user(user or self.designer)
        findings = certificate.judge_page("en-US", page)
        return {each["cause"]: each for each in findings}

    def test_a_page_is_judged_by_what_is_expected(self):
        root = f"<html lang='en-US' data-website-id='{self.website.id}'><body>"
        found = self._judge("start", "/", root)
        self.assertEqual(
            {cause: each["text"] for cause, each in found.items()},
            {
                "seal": "Seal: missing.",
                "badge": "Trustbadge: missing.",
                "other_loader": "Nothing else on the page loads the badge.",
                "elements": "The page lacks the element #wrapwrap.",
            },
        )
        [fine] = self._judge("page", "/shop", root).values()
        self.assertEqual(
            (fine["cause"], fine["level"], fine["text"]),
            ("page", "ok", "Nothing is wrong with this page."),
        )
        seal = '<a href="//x.example/shop/certificate.php?shop_id=X"><img/></a>'
        seals = self._judge("page", "/shop", root + seal * 2)["seals"]
        self.assertEqual(seals["text"], "This page shows 2 seals.")
        self.assertEqual(
            seals["links"],
            [
                {
                    "text": "Edit the page",
                    "url": "/odoo/action-website.website_preview?path=%2Fshop"
                    "&enable_editor=1",
                    "is_place": True,
                }
            ],
        )

    def test_a_page_that_visitors_do_not_get_is_told_with_what_to_do(self):
        [finding] = self._judge("start", "/", "<html><body>").values()
        self.assertEqual((finding["cause"], finding["level"]), ("page", "problem"))
        self.assertIn("shows another website", finding["text"])
        self.assertTrue(finding["todo"])

    def test_reader_of_certificates_may_not_check_the_website(self):
        salesman = new_test_user(
            self.env, "ts_salesman", groups="sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            self._get_pages(self.certificate.with_user(salesman))
        with self.assertRaises(AccessError):
            self._judge("start", "/", "<p>", salesman)
