# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from lxml import html

from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .certificate_common import OTHER_ID, THIRD_ID, CertificateCommon

DEFAULT_OPTIONS = {
    "data-desktop-position": "right",
    "data-mobile-position": "right",
    "data-desktop-y-offset": "0",
    "data-mobile-y-offset": "0",
    "data-color-scheme": "os-default",
    "data-desktop-enable-fadeout": "false",
    "data-mobile-enable-fadeout": "true",
    "data-desktop-disable-reviews": "false",
    "data-mobile-disable-reviews": "false",
    "data-disable-mobile": "false",
    "data-disable-trustbadge": "false",
}
TESTS_FOR_EVERYBODY = "website_sale_trustedshops.test_offers_for_everybody"


@tagged("post_install", "-at_install")
class TestBadgeOptions(CertificateCommon):
    """The fields of the floating badge, their defaults and their bounds."""

    def setUp(self):
        super().setUp()
        self.own = self._add()

    def _is_accepted(self, **values):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.own.write(values)
                self.own.flush_recordset()
        except ValidationError:
            self.env.invalidate_all()
            return False
        return True

    def test_offsets_end_where_those_of_the_script_end(self):
        found = {
            (name, value): self._is_accepted(**{f"badge_offset_{name}": value})
            for name, values in (
                ("desktop", (-55, -54, 999, 1000)),
                ("mobile", (-11, -10, 999, 1000)),
            )
            for value in values
        }
        self.assertEqual(
            found,
            {
                ("desktop", -55): False,
                ("desktop", -54): True,
                ("desktop", 999): True,
                ("desktop", 1000): False,
                ("mobile", -11): False,
                ("mobile", -10): True,
                ("mobile", 999): True,
                ("mobile", 1000): False,
            },
        )

    def test_other_words_are_refused(self):
        for values in (
            {"badge_position_desktop": "center"},
            {"badge_position_mobile": "top"},
            {"badge_color_scheme": '"><script>alert(1)</script>'},
            {"badge_consent": "never"},
        ):
            with self.subTest(values), self.assertRaises(ValueError):
                self.own.write(values)

    def test_the_form_has_the_options_also_without_excellence(self):
        self.own.protection_model = "classic"
        with Form(self.own.with_user(self.designer)) as form:
            form.badge_position_desktop = "left"
            form.badge_offset_mobile = 40
        self.assertEqual(
            self.own.read(["badge_position_desktop", "badge_offset_mobile", "ts_id"]),
            [
                {
                    "id": self.own.id,
                    "badge_position_desktop": "left",
                    "badge_offset_mobile": 40,
                    "ts_id": OTHER_ID,
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestBadgeOfPage(CertificateCommon):
    """What the page of a visitor holds of the certificate."""

    def setUp(self):
        super().setUp()
        self.own = self._add()

    def _get_badge(self, lang="de_DE", website=None, user=None):
        website = (website or self.second).with_context(lang=lang)
        settings = website.with_user(
            user or website.user_id
        )._trustedshops_get_settings()
        return json.loads(settings or "{}")

    def test_a_valid_certificate_is_enough(self):
        self.assertEqual(
            self._get_badge(),
            {
                "src": f"https://widgets.trustedshops.com/js/{OTHER_ID}.js",
                "consent": "consent_or_confirmation",
                "options": DEFAULT_OPTIONS,
                "cookiesBar": False,
                "isOrdered": False,
            },
        )

    def test_whether_the_website_asks_for_cookies_shows_at_once(self):
        found = []
        for asks in (True, False):
            self.second.cookies_bar = asks
            found.append(self._get_badge()["cookiesBar"])
        self.assertEqual(found, [True, False])

    def test_each_option_shows_at_once(self):
        self._get_badge()
        for values, expected in (
            ({"badge_position_desktop": "left"}, {"data-desktop-position": "left"}),
            ({"badge_position_mobile": "center"}, {"data-mobile-position": "center"}),
            ({"badge_offset_desktop": -54}, {"data-desktop-y-offset": "-54"}),
            ({"badge_offset_mobile": 999}, {"data-mobile-y-offset": "999"}),
            ({"badge_color_scheme": "dark"}, {"data-color-scheme": "dark"}),
            (
                {"badge_fade_out_desktop": True},
                {"data-desktop-enable-fadeout": "true"},
            ),
            (
                {"badge_fade_out_mobile": False},
                {"data-mobile-enable-fadeout": "false"},
            ),
            (
                {"badge_reviews_desktop": False},
                {"data-desktop-disable-reviews": "true"},
            ),
            ({"badge_reviews_mobile": False}, {"data-mobile-disable-reviews": "true"}),
            ({"badge_on_phones": False}, {"data-disable-mobile": "true"}),
            ({"badge_shown": False}, {"data-disable-trustbadge": "true"}),
        ):
            with self.subTest(values):
                [name] = values
                before = self.own[name]
                self.own.write(values)
                self.assertEqual(
                    self._get_badge()["options"], {**DEFAULT_OPTIONS, **expected}
                )
                self.own[name] = before
        self.own.badge_consent = "always"
        self.assertEqual(self._get_badge()["consent"], "always")

    def test_the_environment_picks_the_host(self):
        self.env["ir.config_parameter"].set_param(TESTS_FOR_EVERYBODY, "True")
        found = []
        for environment in ("qa", "sandbox"):
            self.own.environment = environment
            self.own.sudo().state = "production"
            found.append(self._get_badge()["src"])
        self.assertEqual(
            found,
            [
                f"https://widgets-qa.trustedshops.com/js/{OTHER_ID}.js",
                f"http://127.0.0.1:9/js/{OTHER_ID}.js",
            ],
        )

    def test_nothing_is_loaded_without_a_usable_certificate(self):
        found = {}
        for word in ("PRODUCTION", "INTEGRATION", "NO_AUDIT", "TEST", "DISABLED"):
            self.service.status["stateEnum"] = word
            self.own.last_attempt_at = False
            self._refresh()
            found[word] = (
                bool(self._get_badge()),
                bool(self._get_badge(user=self.designer)),
            )
        self.assertEqual(
            found,
            {
                "PRODUCTION": (True, True),
                "INTEGRATION": (True, True),
                "NO_AUDIT": (True, True),
                "TEST": (False, True),
                "DISABLED": (False, False),
            },
        )

    def test_neither_archived_nor_of_another_language_or_website(self):
        third = self._make_website("Third")
        self.assertEqual(self._get_badge(website=third), {})
        self.assertEqual(self._get_badge(lang="en_US"), {})
        self.own.action_archive()
        self.assertEqual(self._get_badge(), {})
        self.own.action_unarchive()
        self.assertTrue(self._get_badge())
        self.second.domain = "https://elsewhere.example"
        self.assertEqual(self._get_badge(), {})

    def test_a_warm_page_asks_the_database_for_nothing(self):
        third = self._make_website("Third")
        portal = new_test_user(self.env, "ts_portal", groups="base.group_portal")
        users = (self.second.user_id, portal, self.designer)
        for _turn in range(2):
            for user in users:
                self._get_badge(user=user)
                self._get_badge(website=third, user=user)
        with self.assertQueryCount(0):
            for user in users:
                self._get_badge(user=user)
                self._get_badge(website=third, user=user)


@tagged("post_install", "-at_install")
class TestPassingDomains(CertificateCommon):
    """What is left of the website's list of domains that wait for consent."""

    OURS = ("trustedshops.com", "www.etrusted.com", "widgets.trustedshops.com")

    def setUp(self):
        super().setUp()
        self.own = self._add()
        self.second.custom_blocked_third_party_domains = "\n".join(
            ["#ignore_default", *self.OURS, "youtube.com", "widgets.example"]
        )

    def _get_left(self, lang="de_DE", is_ordered=False, user=None):
        """Return which of ours are left, with all others there."""
        website = self.second.with_context(
            lang=lang, trustedshops_is_ordered=is_ordered
        ).with_user(user or self.second.user_id)
        domains = website._get_blocked_third_party_domains_list()
        self.assertEqual(domains[-2:], ["youtube.com", "widgets.example"])
        return tuple(domains[:-2])

    def test_the_mode_says_where_ours_are_left_out(self):
        found = {}
        for mode in ("always", "consent", "consent_or_confirmation"):
            self.own.badge_consent = mode
            found[mode] = (self._get_left(), self._get_left(is_ordered=True))
        self.assertEqual(
            found,
            {
                "always": ((), ()),
                "consent": (self.OURS, self.OURS),
                "consent_or_confirmation": (self.OURS, ("www.etrusted.com",)),
            },
        )

    def test_where_nothing_is_loaded_the_list_is_the_merchants(self):
        self.own.badge_consent = "always"
        self.assertEqual(self._get_left(lang="en_US"), self.OURS)
        self.own.sudo().state = "test"
        self.assertEqual(self._get_left(), self.OURS)
        self.assertEqual(self._get_left(user=self.designer), ())
        self.own.action_archive()
        self.assertEqual(self._get_left(), self.OURS)

    def test_the_list_of_odoo_stays_whole(self):
        self.second.custom_blocked_third_party_domains = False
        before = self.second.blocked_third_party_domains.split("\n")
        self.own.badge_consent = "always"
        website = self.second.with_context(lang="de_DE")
        self.assertEqual(website._get_blocked_third_party_domains_list(), before)

    def test_the_environment_picks_the_hosts(self):
        self.env["ir.config_parameter"].set_param(TESTS_FOR_EVERYBODY, "True")
        self.own.badge_consent = "always"
        self.second.custom_blocked_third_party_domains = "\n".join(
            [
                *("#ignore_default", "etrusted.site", "127.0.0.1:9"),
                *("youtube.com", "widgets.example"),
            ]
        )
        found = {}
        for environment in ("qa", "sandbox"):
            self.own.environment = environment
            self.own.sudo().state = "production"
            found[environment] = self._get_left()
        self.assertEqual(found, {"qa": ("127.0.0.1:9",), "sandbox": ("etrusted.site",)})

    def test_a_warm_page_asks_the_database_for_nothing(self):
        self._get_left()
        with self.assertQueryCount(0):
            self._get_left()


@tagged("post_install", "-at_install")
class TestBadgeHttp(CertificateCommon, HttpCase):
    """What the head of each page says; pages are kept for all visitors."""

    def _get_settings(self, url, **cookies):
        cookies = {name.replace("__", "-"): value for name, value in cookies.items()}
        response = self.url_open(url, cookies=cookies)
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        page = html.fromstring(response.content)
        return [
            json.loads(content)
            for content in page.xpath("/html/head/meta[@name='trustedshops']/@content")
        ]

    def test_the_settings_are_in_every_page_once(self):
        for url in ("/", "/shop", "/shop/cart", "/contactus"):
            with self.subTest(url):
                self.assertEqual(
                    self._get_settings(url),
                    [
                        {
                            "src": (
                                "https://widgets.trustedshops.com/js/"
                                f"{self.certificate.ts_id}.js"
                            ),
                            "consent": "consent_or_confirmation",
                            "options": DEFAULT_OPTIONS,
                            "cookiesBar": False,
                            "isOrdered": False,
                        }
                    ],
                )

    def test_a_page_that_is_kept_changes_with_the_certificate(self):
        self._get_settings("/")
        self.certificate.badge_consent = "always"
        [settings] = self._get_settings("/")
        self.assertEqual(settings["consent"], "always")
        self.certificate.action_archive()
        self.assertEqual(self._get_settings("/"), [])

    def test_a_page_is_the_same_with_and_without_consent(self):
        self.website.cookies_bar = True
        found = [
            self._get_settings("/", **cookies)
            for cookies in (
                {},
                {"website_cookies_bar": '{"required": true, "optional": true}'},
                {"website_cookies_bar": '{"required": true, "optional": false}'},
            )
        ]
        self.assertEqual(len(found[0]), 1)
        self.assertEqual(found, [found[0]] * 3)

    def test_every_language_has_its_own(self):
        german = self.langs["de_DE"]
        self.website.language_ids |= german
        own = self._add(ts_id=THIRD_ID, website_id=self.website.id, lang_id=german.id)
        self.assertEqual(own.state, "production")
        [settings] = self._get_settings("/contactus")
        self.assertIn(self.certificate.ts_id, settings["src"])
        [settings] = self._get_settings(f"/{german.url_code}/contactus")
        self.assertIn(THIRD_ID, settings["src"])
