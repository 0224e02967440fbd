# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest import TestCase

from ..lib.snippet import (
    MAX_LENGTH,
    Note,
    SnippetError,
    find_widget_id,
    parse_snippet,
)

TS_ID = "X0123456789ABCDEF0123456789ABCDEF"
OTHER_ID = "X1111111111111111111111111111111A"
LOADER = f"//widgets.trustedshops.com/js/{TS_ID}.js"

# As Trusted Shops gives it to merchants today.
NEW = f"""<script async
data-desktop-y-offset="12"
data-mobile-y-offset="-10"
data-desktop-disable-reviews="true"
data-desktop-enable-custom="false"
data-desktop-position="left"
data-desktop-custom-width="156"
data-desktop-enable-fadeout="true"
data-disable-mobile="false"
data-disable-trustbadge="false"
data-mobile-custom-width="156"
data-mobile-disable-reviews="true"
data-mobile-enable-custom="false"
data-mobile-position="center"
data-mobile-enable-topbar="false"
data-mobile-enable-fadeout="false"
data-color-scheme="dark"
charset="UTF-8"
src="{LOADER}">
</script>"""

# As Trusted Shops gave it to merchants before.
OLD = f"""<script type="text/javascript">
(function () {{
var _tsid = '{TS_ID}';
_tsConfig = {{
    'yOffset': '0', /* offset from page bottom */
    'variant': 'reviews' /* default, reviews, custom, custom_reviews */
}};
var _ts = document.createElement('script');
_ts.src = '//widgets.trustedshops.com/js/' + _tsid + '.js';
}})();
</script>"""


class TestLibSnippet(TestCase):
    """What is taken out of a snippet of Trusted Shops, and what is not."""

    def _parse(self, text):
        return parse_snippet(text, TS_ID)

    def _refuse(self, text, reason, found=""):
        with self.assertRaises(SnippetError) as refused:
            self._parse(text)
        self.assertEqual(
            (refused.exception.reason, refused.exception.found), (reason, found)
        )

    def _parse_tag(self, attributes):
        """Return what a tag says that is right but for some attributes."""
        return self._parse(f'<script src="{LOADER}" {attributes}></script>')

    def test_the_snippet_of_today_is_taken_whole(self):
        snippet = self._parse(NEW)
        self.assertEqual(
            snippet.options,
            {
                "offset_desktop": 12,
                "offset_mobile": -10,
                "reviews_desktop": False,
                "reviews_mobile": False,
                "position_desktop": "left",
                "position_mobile": "center",
                "fade_out_desktop": True,
                "fade_out_mobile": False,
                "on_phones": True,
                "shown": True,
                "color_scheme": "dark",
            },
        )
        self.assertEqual(snippet.notes, ())

    def test_a_snippet_of_the_old_kind_is_refused_as_such(self):
        for text in (OLD, f"window._tsConfig = {{yOffset: -40}}; x.src = '{LOADER}'"):
            self._refuse(text, "outdated")

    def test_each_value_is_taken_in_its_form(self):
        for name, value, options in (
            ("data-desktop-y-offset", "-54", {"offset_desktop": -54}),
            ("data-desktop-y-offset", "999", {"offset_desktop": 999}),
            ("data-desktop-y-offset", " 20px", {"offset_desktop": 20}),
            ("data-desktop-y-offset", "20.7", {"offset_desktop": 20}),
            ("data-desktop-position", "LEFT", {"position_desktop": "left"}),
            ("data-disable-trustbadge", "true", {"shown": False}),
            ("data-color-scheme", "os-default", {"color_scheme": "os-default"}),
            # What changes nothing is no news.
            ("data-mobile-position", "", {}),
            ("data-desktop-y-offset", " ", {}),
            ("data-desktop-enable-custom", "false", {}),
            ("type", "text/javascript", {}),
        ):
            with self.subTest(name=name, value=value):
                snippet = self._parse_tag(f'{name}="{value}"')
                self.assertEqual((snippet.options, snippet.notes), (options, ()))

    def test_numbers_out_of_range_are_clamped_as_trusted_shops_does(self):
        for name, value, option, taken in (
            ("data-desktop-y-offset", "-55", "offset_desktop", -54),
            ("data-desktop-y-offset", "1000", "offset_desktop", 999),
            ("data-mobile-y-offset", "-11", "offset_mobile", -10),
            ("data-mobile-y-offset", "999999999", "offset_mobile", 999),
        ):
            with self.subTest(name=name, value=value):
                snippet = self._parse_tag(f'{name}="{value}"')
                self.assertEqual(snippet.options, {option: taken})
                self.assertEqual(
                    snippet.notes, (Note("clamped", name, value, str(taken)),)
                )

    def test_what_is_not_taken_is_told(self):
        for reason, name, value in (
            ("no_value", "data-desktop-position", "center"),
            ("no_value", "data-mobile-position", "top"),
            ("no_value", "data-desktop-y-offset", "1e3"),
            ("no_value", "data-desktop-y-offset", "12;alert(1)"),
            ("no_value", "data-disable-mobile", "yes"),
            ("no_value", "data-desktop-enable-fadeout", "1"),
            ("no_value", "data-color-scheme", "pink"),
            ("no_option", "data-desktop-enable-custom", "true"),
            ("no_option", "data-mobile-custom-width", "90"),
            ("no_option", "type", "module"),
        ):
            with self.subTest(name=name, value=value):
                snippet = self._parse_tag(f'{name}="{value}"')
                self.assertEqual(snippet.options, {})
                self.assertEqual(snippet.notes, (Note(reason, name, value),))

    def test_a_snippet_of_another_certificate_or_of_none_is_refused(self):
        self._refuse(NEW.replace(TS_ID, OTHER_ID), "other_id", OTHER_ID)
        self._refuse(NEW + NEW.replace(TS_ID, OTHER_ID), "other_id", OTHER_ID)
        for source in (
            "//widgets.trustedshops.com/js/YOUR_ID.js",
            "https://integrations.etrusted.com/applications/widget.js/v2",
        ):
            self._refuse(NEW.replace(LOADER, source), "no_loader", source)

    def test_hosts_of_trusted_shops_are_taken(self):
        for host in (
            "widgets.trustedshops.com",
            "widgets-qa.trustedshops.com",
            "integrations.etrusted.com",
            "integrations.etrusted.site",
            "static-app.connect.trustedshops.com",
            "static-app.connect-qa.trustedshops.com",
        ):
            with self.subTest(host=host):
                src = f"https://{host}/js/{TS_ID}.js"
                snippet = self._parse(f'<script src="{src}"></script>')
                self.assertEqual(snippet.notes, ())

    def test_another_host_is_refused(self):
        path = f"/js/{TS_ID}.js"
        for source in (
            f"https://evil.example{path}",
            f"//widgets.trustedshops.com.evil.example{path}",
            f"https://widgets.trustedshops.com@evil.example{path}",
            f"https://a:b@widgets.trustedshops.com{path}",
            f"https://evil.example\\@widgets.trustedshops.com{path}",
            f"javascript://widgets.trustedshops.com{path}",
            f"data://widgets.trustedshops.com{path}",
            "javascript:alert(1)",
            "https://[::1",
        ):
            with self.subTest(source=source):
                shown = source if len(source) <= 60 else f"{source[:59]}…"
                self._refuse(f'<script src="{source}"></script>', "foreign_host", shown)

    def test_the_sandbox_is_taken_for_its_own_certificate_only(self):
        tag = f'<script src="http://127.0.0.1:8099/js/{TS_ID}.js"></script>'
        self.assertEqual(parse_snippet(tag, TS_ID, {"127.0.0.1:8099"}).notes, ())
        with self.assertRaises(SnippetError):
            parse_snippet(tag, TS_ID, {"127.0.0.1:8098"})

    def test_event_handlers_and_other_attributes_are_dropped(self):
        snippet = self._parse_tag(
            f'onload="alert(1)" id="{"v" * 500}" data-desktop-position="left"'
            ' data-evil="1" style="color:red" nonce="abc"'
        )
        self.assertEqual(snippet.options, {"position_desktop": "left"})
        self.assertEqual(
            snippet.notes,
            (
                Note("no_option", "onload", "alert(1)"),
                Note("no_option", "id", "v" * 59 + "…"),
                Note("no_option", "data-evil", "1"),
                Note("no_option", "style", "color:red"),
                Note("no_option", "nonce", "abc"),
            ),
        )
        # So are names that are none.
        snippet = self._parse_tag("da\u00e9ta=1 data-desktop-position<b=left")
        self.assertEqual(snippet.options, {})
        self.assertEqual({note.reason for note in snippet.notes}, {"no_option"})

    def test_other_tags_and_scripts_are_dropped(self):
        snippet = self._parse(
            f'<div onclick="x()"><img src=x onerror=alert(1)>{NEW}</div>'
            "<script>alert(2)</script><iframe src='https://evil.example'></iframe>"
        )
        self.assertEqual(snippet.options["position_desktop"], "left")
        self.assertEqual(
            [(note.reason, note.name) for note in snippet.notes],
            [
                ("foreign_code", "<div>"),
                ("foreign_code", "<img>"),
                ("foreign_code", "<script>"),
                ("foreign_code", "<iframe>"),
            ],
        )

    def test_text_that_is_no_snippet_is_refused(self):
        for text in (
            "",
            None,
            "   ",
            "Hello",
            "<b>Hello</b>",
            "<!-- -->",
            "<",
            "\x00",
            "<script>alert(1)</script>",
            "tsConfig = {}",
            '<script data-desktop-position="left"></script>',
        ):
            with self.subTest(text=text):
                self._refuse(text, "no_snippet")
        self._refuse("x" * (MAX_LENGTH + 1), "too_long")
        self._refuse("x" * MAX_LENGTH, "no_snippet")


class TestLibWidget(TestCase):
    """The id of a widget, taken out of its code."""

    ID = "wdg-01234567-89ab-cdef-0123-456789abcdef"
    CODE = (
        f'<etrusted-widget data-etrusted-widget-id="{ID}"></etrusted-widget><script'
        ' src="https://integrations.etrusted.com/applications/widget.js/v2"></script>'
    )

    def test_the_id_is_taken_out_of_the_code(self):
        for text in (self.ID, self.ID.upper(), self.CODE, self.CODE * 2):
            with self.subTest(text=text):
                self.assertEqual(find_widget_id(text), self.ID)

    def test_what_names_no_widget_or_several_has_no_id(self):
        for text in (
            "",
            NEW,
            self.ID[:-1],
            f"{self.ID}0",
            f"{self.ID}-0",
            self.ID.replace("a", "g"),
            self.CODE + self.ID.replace("0", "1"),
        ):
            with self.subTest(text=text):
                self.assertEqual(find_widget_id(text), "")
