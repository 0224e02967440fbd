# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .certificate_common import OTHER_ID, SERVING, THIRD_ID, CertificateCommon
from .fake_service import TS_ID

LOADER = f"https://widgets.trustedshops.com/js/{TS_ID}.js"
SETTINGS = f"""<meta name="trustedshops" content='{{"src": "{LOADER}"}}'/>"""
PAGE = f"""<html lang="en-US" data-website-id="WEBSITE"><head>{SETTINGS}</head>
<body><div id="wrapwrap"><footer id="bottom"><div class="o_trustedshops_seal">
<a href="https://www.trustedshops.de/shop/certificate.php?shop_id={TS_ID}"><img/></a>
</div></footer></div></body></html>"""
BARE = PAGE.replace("o_trustedshops_seal", "").replace(SETTINGS, "")
# Level and message by cause.
SHOWN = {
    "seal": ("ok", "part_shown"),
    "badge": ("ok", "part_shown"),
    "other_loader": ("ok", "loader_none"),
}
BLOCK = '<div class="s_trustedshops_badge {}" data-variant="{}"></div>'
WIDGET = "wdg-01234567"
REVIEWS = '<div class="s_trustedshops_reviews" data-widget-id="{}"></div>'
PASTED_SEAL = '<a href="//x.example/shop/certificate.php?shop_id=X"><img/></a>'
FINE = {"page": ("ok", "page_good")}
# What another addon looks for on each page of a shop.
LINK = "<a href='{}/withdrawal'></a>"
OTHERS = {"withdrawal"}


def add(content):
    """Return the page with more in its body."""
    return PAGE.replace("</body>", f"{content}</body>")


class WebsiteCheckCommon(CertificateCommon):
    def _judge(self, source, lang="en-US", is_start=True, **answer):
        """Return what is found on a page, by cause."""
        path = "/" if is_start else "/shop"
        source = source.replace("WEBSITE", str(self.website.id))
        source = source.replace("en-US", lang)
        links = "".join(map(LINK.format, ("", "/de", "/pl")))
        source = source.replace("</body>", f"{links}</body>")
        page = {
            "is_start": is_start,
            "path": path,
            "url": f"https://shop.example{path}",
        }
        page |= {"status": 200, "html": source, "is_html": True, **answer}
        certificate = self.certificate.with_user(self.designer)
        found = certificate.check_page(lang, page)
        return {each["cause"]: each for each in found if each["cause"] not in OTHERS}

    def _read(self, *args, **kwargs):
        """Return level and message of what is found on a page, by cause."""
        found = self._judge(*args, **kwargs)
        return {cause: (each["level"], each["key"]) for cause, each in found.items()}


class TestWebsiteCheckPages(WebsiteCheckCommon):
    """What is said of a page that visitors get."""

    def assertSeen(self, source, cause, level, code, words="", **options):
        """Check what is found on a page, and what the sentence names."""
        found = self._read(source, **options)
        shown = SHOWN if options.get("is_start", True) else {}
        self.assertEqual(found, {**shown, cause: (level, code)})
        self.assertIn(words, self._judge(source, **options)[cause]["text"])

    def test_a_whole_page_is_fine(self):
        self.assertEqual(self._read(PAGE), SHOWN)
        self.assertEqual(self._read(PAGE, is_start=False), FINE)

    def test_what_is_wrong_with_seal_badge_and_language(self):
        other = f"shop_id={OTHER_ID}"
        for old, new, cause, code, words in (
            ("o_trustedshops_seal", "gone", "seal", "part_missing", "Seal"),
            ('name="trustedshops"', "", "badge", "part_missing", "Trustbadge"),
            (f"shop_id={TS_ID}", other, "seal", "part_other_id", f"{OTHER_ID} instead"),
            ("/js/X", "/js/Y", "badge", "part_other_id", f"– instead of {TS_ID}"),
            ("https://wi", "http://wi", "badge", "badge_address", "“http://widgets."),
            ('id="wrapwrap"', "", "elements", "element", "#wrapwrap"),
            ('lang="en-US"', 'lang="fr-FR"', "language", "page_lang", "“fr-FR”"),
        ):
            with self.subTest(new=new):
                self.assertIn(old, PAGE)
                source = PAGE.replace(old, new)
                self.assertSeen(source, cause, "problem", code, words)
                self.assertTrue(self._judge(source)[cause]["todo"])
        source = PAGE.replace("o_trustedshops_seal", "o_trustedshops_seal d-none")
        self.assertSeen(source, "seal", "hint", "seal_footer")

    def test_a_page_that_visitors_do_not_get(self):
        for answer, level, code in (
            ({"status": 0}, "problem", "page_silent"),
            ({"status": 500}, "problem", "page_broken"),
            ({"url": "https://shop.example/web/login"}, "hint", "page_login"),
            ({"is_html": False, "html": ""}, "hint", "page_no_html"),
        ):
            with self.subTest(answer):
                self.assertEqual(self._read(PAGE, **answer), {"page": (level, code)})

    def test_of_another_website_nothing_else_is_said(self):
        for new in ("", 'data-website-id="99999"'):
            found = self._read(PAGE.replace('data-website-id="WEBSITE"', new))
            self.assertEqual(found, {"page": ("problem", "page_other")})

    def test_a_block_in_place_of_seal_and_badge(self):
        found = self._read(add(BLOCK.format("", "seal")))
        in_place = ("ok", "part_block")
        self.assertEqual((found["seal"], found["badge"]), (in_place, in_place))
        self.assertEqual(self._read(add(BLOCK.format("", "text"))), SHOWN)

    def test_other_loaders(self):
        path = f"widgets.trustedshops.com/js/{OTHER_ID}.js"
        config = "_tsConfig = {'y': '<img src=x>'}"
        for script, words in (
            (f'src="//{path}">', f"//{path}"),
            (f'src="about:blank" data-nocookie-src="https://{path}">', path),
            (f">a(); {config}", config),
            (f" type='module'>x.src = '//a/js/{OTHER_ID}.js'", f"/js/{OTHER_ID}.js'"),
        ):
            with self.subTest(script):
                source = add(f"<script {script}</script>")
                self.assertSeen(source, "other_loader", "problem", "loader", words)
        harmless = (
            '<script src="https://widgets.trustedshops.com/widget.js/v2"></script>'
            f'<script src="https://cdn.example/js/{OTHER_ID}.js"></script>'
            '<script src="http://[broken"></script>'
            '<script type="application/json">{"a": "_tsConfig = 1"}</script>'
            f"<noscript><script src='//{path}'></script></noscript>"
        )
        self.assertEqual(self._read(add(harmless)), SHOWN)

    def test_the_sandbox_is_a_host_of_loaders(self):
        source = add(f'<script src="//127.0.0.1:9/js/{OTHER_ID}.js"></script>')
        self.assertEqual(self._read(source)["other_loader"][0], "ok")
        self._save(self.certificate, environment="sandbox")
        self.assertEqual(self._read(source)["other_loader"][0], "problem")

    def test_what_is_there_twice(self):
        other = WIDGET.replace("0", "9")
        pasted = (
            f'<etrusted-widget data-etrusted-widget-id="{WIDGET}"></etrusted-widget>'
        )
        for content, cause, level, code, words in (
            (BLOCK.format("", "seal") * 2, "seals", "problem", "seals", "2 seals"),
            (PASTED_SEAL, "seals", "problem", "seals", "2 seals"),
            (REVIEWS.format(WIDGET) * 2, "widgets", "problem", "widget_twice", WIDGET),
            (
                REVIEWS.format(WIDGET) + pasted,
                *("widgets", "problem", "widget_twice", WIDGET),
            ),
            (
                REVIEWS.format(WIDGET) + REVIEWS.format(other),
                *("widgets", "hint", "widgets", "2 widgets"),
            ),
        ):
            with self.subTest(content):
                self.assertSeen(add(content), cause, level, code, words, is_start=False)
                [link] = self._judge(add(content), is_start=False)[cause]["links"]
                path = "/odoo/action-website.website_preview?path=%2Fshop"
                self.assertEqual(link["url"], f"{path}&enable_editor=1")

    def test_what_each_kind_of_window_shows_once(self):
        for one, other in (
            ("d-none d-lg-block", "d-lg-none"),
            (
                "o_snippet_mobile_invisible d-lg-block d-none",
                "o_snippet_desktop_invisible d-lg-none",
            ),
        ):
            content = BLOCK.format(one, "seal") + BLOCK.format(other, "seal")
            self.assertEqual(self._read(add(content), is_start=False), FINE)
            content = f'<div class="{one}">{BLOCK.format("", "seal") * 2}</div>'
            self.assertIn("seals", self._read(add(content), is_start=False))
        hidden = '<div class="d-none">' + BLOCK.format("", "seal") * 2 + "</div>"
        self.assertEqual(self._read(add(hidden), is_start=False), FINE)

    def test_a_cookies_bar_that_the_theme_lost(self):
        self.website.cookies_bar = True
        bar = "<div id='website_cookies_bar'>{}</div>"
        accept = '<a id="cookies-consent-all"></a>'
        refuse = '<a id="cookies-consent-essential"></a>'
        for content, lost in (
            ("", "website_cookies_bar"),
            (bar.format(refuse), "cookies-consent-all"),
            (bar.format(accept), "cookies-consent-essential"),
        ):
            self.assertSeen(add(content), "elements", "problem", "element", lost)
        self.assertEqual(self._read(add(bar.format(accept + refuse))), SHOWN)

    def test_the_words_of_the_order_button(self):
        self.website.trustedshops_order_button = True
        view = self.env.ref("website_sale_trustedshops.order_button_words")
        words = "Order with obligation to pay"
        terms = {"de_DE": {words: "Zahlungspflichtig"}, "pl_PL": {words: words}}
        view.update_field_translations("arch_db", terms)
        for lang, level, code, said in (
            ("en-US", "ok", "order_words", words),
            ("de-DE", "ok", "order_words", "Zahlungspflichtig"),
            ("pl-PL", "hint", "order_words_none", "no words of ours"),
        ):
            found = self._judge(PAGE, lang)["order_words"]
            self.assertEqual((found["level"], found["key"]), (level, code))
            self.assertIn(said, found["text"])


class TestWebsiteCheck(WebsiteCheckCommon):
    """What visitors of each language should get, and what the settings say."""

    def _get_settings(self):
        certificate = self.certificate.with_user(self.designer)
        found = certificate.start_website_check()["findings"]
        return {each["cause"]: (each["level"], each["key"]) for each in found}

    def test_each_language_has_a_start_page(self):
        self.website.write({"name": "Lamps", "domain": "https://lamps.example/"})
        check = self.certificate.start_website_check()
        self.assertEqual(
            check["website"], {"name": "Lamps", "url": "https://lamps.example"}
        )
        paths = {page["lang"]: page["path"] for page in check["pages"]}
        self.assertEqual(paths, {"en-US": "/", "de-DE": "/de", "pl-PL": "/pl"})

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

    def test_a_language_may_have_a_certificate_of_its_own(self):
        self._add(
            ts_id=OTHER_ID, website_id=self.website.id, lang_id=self.langs["pl_PL"].id
        ).mode = "enabled"
        polish = PAGE.replace(TS_ID, OTHER_ID)
        for lang, source in (("en-US", PAGE), ("de-DE", PAGE), ("pl-PL", polish)):
            found = self._read(source, lang)
            self.assertEqual((found["seal"][0], found["badge"][0]), ("ok", "ok"))

    def test_nothing_is_expected_without_a_certificate(self):
        self._add(
            ts_id=THIRD_ID, website_id=self.second.id, lang_id=self.langs["de_DE"].id
        )
        self.certificate = self.certificate.search([("ts_id", "=", THIRD_ID)])
        self.website = self.second
        unserved = ("hint", "page_unserved")
        other = {"other_loader": SHOWN["other_loader"]}
        self.assertEqual(self._read(BARE), {"certificate": unserved, **other})
        self.assertEqual(
            self._read(PAGE),
            {
                "certificate": unserved,
                **dict.fromkeys(("seal", "badge"), ("problem", "part_unexpected")),
                **other,
            },
        )

    def _see_choice(self, level, text, lang="de-DE"):
        """See what is said about who serves a language; the reason is not ours."""
        found = self._judge(BARE, lang)["certificate"]
        start, _dots, end = text.partition("...")
        self.assertEqual(found["level"], level)
        self.assertTrue(found["text"].startswith(start), found)
        self.assertTrue(found["text"].endswith(end), found)

    def test_a_language_whose_only_certificate_is_not_in_force_is_a_problem(self):
        self.service.status["stateEnum"] = "DISABLED"
        self.certificate.action_check_now()
        self.assertNotIn("badge", self._read(BARE))
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
        self.assertNotIn("certificate", self._read(PAGE, "pl-PL"))

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

    def test_disabled_certificate_is_told_with_the_reason(self):
        self._add_german()
        german = self.certificate.search([("ts_id", "=", OTHER_ID)])
        german.write({"mode": "disabled"})
        self._see_choice(
            "problem",
            f"{OTHER_ID} should serve this language, but does not: Disabled:"
            f" visitors see no offer... Served by: {SERVING}",
        )

    def test_of_two_disabled_certificates_the_first_is_named(self):
        second = self._add(website_id=self.website.id)
        both = self.certificate | second
        both.write({"mode": "disabled", "lang_id": False})
        self._see_choice(
            "problem",
            f"{TS_ID} should serve this language, but does not: Disabled:"
            " visitors see no offer..."
            " No certificate serves this language, so its visitors see nothing.",
        )

    def test_what_visitors_should_get_and_not_what_staff_see(self):
        self.service.status["stateEnum"] = "TEST"
        self.certificate.action_check_now()
        found = self._read(BARE)
        self.assertEqual(found["certificate"], ("warning", "test"))
        for cause in ("seal", "badge"):
            self.assertEqual(found[cause], ("hint", "part_absent"))
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )
        self.env.registry.clear_cache()
        self.assertEqual(self._read(PAGE), SHOWN)

    def test_what_is_switched_off_is_told(self):
        self.certificate.write({"badge_shown": False, "seal_shown": False})
        found = self._read(PAGE.replace("o_trustedshops_seal", ""))
        for cause in ("seal", "badge"):
            self.assertEqual(found[cause], ("hint", "part_off"))

    def test_when_the_badge_loads(self):
        for consent, has_bar, level, code in (
            ("consent", True, "ok", "consent_good"),
            ("always", False, "ok", "consent_good"),
            ("always", True, "hint", "consent_always"),
            ("consent", False, "hint", "consent_no_bar"),
        ):
            self.website.cookies_bar = has_bar
            self.certificate.badge_consent = consent
            self.assertEqual(self._get_settings()["consent"], (level, code))

    def test_only_a_whole_ending_stops_a_badge_that_need_not_wait(self):
        self.website.write({"cookies_bar": True, "block_third_party_domains": True})
        self.certificate.badge_consent = "always"
        for domains, level in (
            ("trustedshops.com", "ok"),
            ("widgets.trustedshops.com", "ok"),
            ("com", "problem"),
        ):
            self.website.custom_blocked_third_party_domains = domains
            self.assertEqual(self._get_settings()["domains"][0], level, domains)
        for record, name, value in (
            (self.certificate, "badge_consent", "consent"),
            (self.website, "cookies_bar", False),
            (self.website, "block_third_party_domains", False),
        ):
            before = record[name]
            record[name] = value
            with self.subTest(name):
                self.assertEqual(self._get_settings()["domains"][0], "ok")
            record[name] = before

    def test_the_address_of_the_website_is_compared(self):
        self.website.domain = "https://lamps.example"
        mismatch = ("problem", "address_mismatch")
        self.assertEqual(self._get_settings()["address_mismatch"], mismatch)

    def test_a_good_check_is_kept_until_a_bad_one(self):
        certificate = self.certificate.with_user(self.designer)
        for is_seen in (True, False):
            certificate.update_website_check(is_seen)
            is_open = "website" in self._get_findings(certificate)
            self.assertEqual(is_open, not is_seen)

    def test_reader_of_certificates_may_not_check_the_website(self):
        salesman = new_test_user(
            self.env, "ts_salesman", groups="sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            self.certificate.with_user(salesman).start_website_check()
        self.designer = salesman
        with self.assertRaises(AccessError):
            self._judge(PAGE)
