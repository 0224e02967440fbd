# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from lxml import html

from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user

from .certificate_common import OTHER_ID, CertificateCommon
from .http_common import PatientHttpCase

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
WIDGET = "wdg-01234567-89ab-cdef-0123-456789abcdef"
TESTS_FOR_EVERYBODY = "website_sale_trustedshops.test_offers_for_everybody"


class BadgeCase(CertificateCommon):
    """A certificate of the second website, in German."""

    def setUp(self):
        super().setUp()
        self.own = self._add()

    def _move_to(self, environment):
        self.own.environment = environment
        self.own.sudo().state = "production"
        self.env["ir.config_parameter"].set_param(TESTS_FOR_EVERYBODY, "True")


class TestBadgeOptions(BadgeCase):
    """The fields of the floating badge, their defaults and their bounds."""

    def test_offsets_end_where_those_of_the_script_end(self):
        for name, lowest in (("desktop", -54), ("mobile", -10)):
            field = f"badge_offset_{name}"
            self.own.write({field: lowest})
            self.own.write({field: 999})
            for value in (lowest - 1, 1000):
                with self.assertRaises(ValidationError) as refused:
                    self.own.write({field: value})
                self.assertIn(
                    f"must be between {lowest} and 999 pixels", str(refused.exception)
                )

    def test_a_script_pasted_as_the_id_sets_its_options(self):
        script = f"""<script async data-desktop-y-offset="-54" onload="alert(1)"
            data-desktop-disable-reviews="true" data-color-scheme="light"
            src="//widgets.trustedshops.com/js/{self.own.ts_id}.js"></script>"""
        with Form(self.own.with_user(self.designer)) as form:
            form.ts_id = script
        self.assertValues(
            self.own,
            badge_offset_desktop=-54,
            badge_reviews_desktop=False,
            badge_color_scheme="light",
        )


class TestWidget(BadgeCase):
    """The widget after an order, as it is entered."""

    def test_only_the_id_is_kept_of_a_pasted_code(self):
        with Form(self.own.with_user(self.designer)) as form:
            form.checkout_widget_id = (
                f'<etrusted-widget data-etrusted-widget-id="{WIDGET.upper()}"/>'
            )
        self.assertEqual(self.own.checkout_widget_id, WIDGET)
        for nothing in (" ", "", False):
            self.own.checkout_widget_id = WIDGET
            self.own.with_user(self.designer).checkout_widget_id = nothing
            self.assertFalse((self.own.checkout_widget_id or "").strip())

    def test_nonsense_is_refused_with_what_to_do(self):
        self.own.checkout_widget_id = WIDGET
        with self.assertRaisesRegex(
            ValidationError, "^This is not the code of one widget. Copy that from"
        ):
            self.own.with_user(self.designer).checkout_widget_id = 4711
        self.assertEqual(self.own.checkout_widget_id, WIDGET)


class TestBadgeOfPage(BadgeCase):
    """What the page of a visitor holds of the certificate."""

    def _get_badge(self, lang="de_DE", website=None, user=None):
        website = (website or self.second).with_context(lang=lang)
        website = website.with_user(user or website.user_id)
        return json.loads(website._trustedshops_get_settings() or "{}")

    def test_a_valid_certificate_is_enough(self):
        expected = {
            "src": f"https://widgets.trustedshops.com/js/{OTHER_ID}.js",
            "consent": "consent_or_confirmation",
            "options": DEFAULT_OPTIONS,
            "isCertified": True,
            "cookiesBar": False,
            "isOrdered": False,
        }
        self.assertEqual(self._get_badge(), expected)
        self.second.cookies_bar = True
        self.assertEqual(self._get_badge(), {**expected, "cookiesBar": True})

    def test_each_option_shows_at_once(self):
        self._get_badge()
        for name, value, option, expected in (
            ("badge_position_desktop", "left", "data-desktop-position", "left"),
            ("badge_position_mobile", "center", "data-mobile-position", "center"),
            ("badge_offset_desktop", -54, "data-desktop-y-offset", "-54"),
            ("badge_offset_mobile", 999, "data-mobile-y-offset", "999"),
            ("badge_color_scheme", "dark", "data-color-scheme", "dark"),
            ("badge_fade_out_desktop", True, "data-desktop-enable-fadeout", "true"),
            ("badge_fade_out_mobile", False, "data-mobile-enable-fadeout", "false"),
            ("badge_reviews_desktop", False, "data-desktop-disable-reviews", "true"),
            ("badge_reviews_mobile", False, "data-mobile-disable-reviews", "true"),
            ("badge_on_phones", False, "data-disable-mobile", "true"),
            ("badge_shown", False, "data-disable-trustbadge", "true"),
        ):
            with self.subTest(name):
                before = self.own[name]
                self.own[name] = value
                self.assertEqual(
                    self._get_badge()["options"], {**DEFAULT_OPTIONS, option: expected}
                )
                self.own[name] = before
        self.own.badge_consent = "always"
        self.assertEqual(self._get_badge()["consent"], "always")

    def test_a_warm_page_asks_the_database_for_nothing(self):
        third = self._make_website("Third")
        portal = new_test_user(self.env, "ts_portal", groups="base.group_portal")
        users = (self.second.user_id, portal, self.designer)

        def look():
            for user in users:
                self._get_badge(user=user)
                self._get_badge(website=third, user=user)

        look()
        look()
        with self.assertQueryCount(0):
            look()


class TestPassingDomains(BadgeCase):
    """What is left of the website's list of domains that wait for consent."""

    OURS = ("trustedshops.com", "www.etrusted.com", "widgets.trustedshops.com")

    def setUp(self):
        super().setUp()
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

    def test_mode_decides_where_our_domains_pass(self):
        for mode, left, left_after_order in (
            ("always", (), ()),
            ("consent", self.OURS, self.OURS),
            ("consent_or_confirmation", self.OURS, ("www.etrusted.com",)),
        ):
            self.own.badge_consent = mode
            with self.subTest(mode):
                self.assertEqual(self._get_left(), left)
                self.assertEqual(self._get_left(is_ordered=True), left_after_order)

    def test_widget_after_an_order_passes_with_the_card(self):
        self.second.custom_blocked_third_party_domains = "\n".join(
            ["#ignore_default", "integrations.etrusted.com", "youtube.com"]
            + ["widgets.example"]
        )
        blocked = ("integrations.etrusted.com",)
        self.assertEqual(self._get_left(is_ordered=True), blocked)
        self.own.checkout_widget_id = WIDGET
        self.assertEqual(self._get_left(is_ordered=True), ())
        self.assertEqual(self._get_left(), blocked)
        self.own.badge_consent = "consent"
        self.assertEqual(self._get_left(is_ordered=True), blocked)

    def test_list_of_the_merchant_stays_where_nothing_is_loaded(self):
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
        self.own.badge_consent = "always"
        self.second.custom_blocked_third_party_domains = "\n".join(
            [
                *("#ignore_default", "etrusted.site", "127.0.0.1:9"),
                *("youtube.com", "widgets.example"),
            ]
        )
        for environment, left in (("qa", "127.0.0.1:9"), ("sandbox", "etrusted.site")):
            self._move_to(environment)
            self.assertEqual(self._get_left(), (left,))


class TestBadgeHttp(CertificateCommon, PatientHttpCase):
    """What the head of each page says; pages are kept for all visitors."""

    def _get_settings(self, url, **cookies):
        response = self.url_open(url, cookies=cookies)
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        page = html.fromstring(response.content)
        return page.xpath("/html/head/meta[@name='trustedshops']/@content")

    def test_the_settings_are_in_every_page_once(self):
        website = self.website.with_user(self.website.user_id)
        expected = website.with_context(lang="en_US")._trustedshops_get_settings()
        for url in ("/", "/shop", "/shop/cart", "/contactus"):
            with self.subTest(url):
                self.assertEqual(self._get_settings(url), [expected])

    def test_a_page_that_is_kept_changes_with_the_certificate(self):
        self._get_settings("/")
        self.certificate.badge_consent = "always"
        [settings] = self._get_settings("/")
        self.assertIn('"consent": "always"', settings)
        self.certificate.action_archive()
        self.assertEqual(self._get_settings("/"), [])

    def test_a_page_is_the_same_with_and_without_consent(self):
        self.website.cookies_bar = True
        [settings] = self._get_settings("/")
        for answer in ("true", "false"):
            cookie = f'{{"required": true, "optional": {answer}}}'
            found = self._get_settings("/", website_cookies_bar=cookie)
            self.assertEqual(found, [settings])
