# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo.tests import BaseCase

from ..lib.badge_snippet import MAX_LENGTH, Note, SnippetError, parse_snippet
from ..lib.js_literal import find_object

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

# As Trusted Shops gave it to merchants before: the address is put together.
OLD = """<script type="text/javascript">
(function () {
var _tsid = '%(ts_id)s';
_tsConfig = {
    'yOffset': '0', /* offset from page bottom */
    'variant': 'reviews', /* default, reviews, custom, custom_reviews */
    'customElementId': '', /* required for variants custom and custom_reviews */
    'trustcardDirection': '', /* for custom variants: topRight, topLeft... */
    'customBadgeWidth': '', /* for custom variants: 40 - 90 (in pixels) */
    'customBadgeHeight': '', /* for custom variants: 40 - 90 (in pixels) */
    'disableResponsive': 'false', /* deactivate responsive behaviour */
    'disableTrustbadge': 'false' /* deactivate trustbadge */
};
var _ts = document.createElement('script');
_ts.type = 'text/javascript';
_ts.charset = 'utf-8';
_ts.async = true;
_ts.src = '//widgets.trustedshops.com/js/' + _tsid + '.js';
var __ts = document.getElementsByTagName('script')[0];
__ts.parentNode.insertBefore(_ts, __ts);
})();
</script>"""

# With all keys that shop modules know, and the address in one piece.
OLD_WITH_ADDRESS = """<script type="text/javascript">
(function () {
var _tsid = '%(ts_id)s';
_tsConfig = {
    'yOffset': '30', /* offset from page bottom */
    'variant': 'default', /* default, reviews, custom, custom_reviews */
    'customElementId': '', /* required for variants custom and custom_reviews */
    'trustcardDirection': '', // for custom variants
    'customBadgeWidth': '',
    'customBadgeHeight': '',
    'disableResponsive': 'false',
    'disableTrustbadge': 'false',
    'trustCardTrigger': 'mouseenter',
    'responsive': {'variant': 'floating', 'position': 'left', 'yOffset': '15'},
    'customCheckoutElementId': '',
};
var _ts = document.createElement('script');
_ts.type = 'text/javascript';
_ts.charset = 'utf-8';
_ts.async = true;
_ts.src = '//widgets.trustedshops.com/js/%(ts_id)s.js';
var __ts = document.getElementsByTagName('script')[0];
__ts.parentNode.insertBefore(_ts, __ts);
})();
</script>"""


class TestBadgeSnippet(BaseCase):
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

    # === BOTH GENERATIONS === #

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

    def test_the_old_snippet_that_puts_its_address_together_is_taken_whole(self):
        snippet = self._parse(OLD % {"ts_id": TS_ID})
        self.assertEqual(
            snippet.options,
            {"offset_desktop": 0, "reviews_desktop": True, "shown": True},
        )
        self.assertEqual(snippet.notes, ())

    def test_the_old_object_and_its_loader_are_taken(self):
        snippet = self._parse(OLD_WITH_ADDRESS % {"ts_id": TS_ID})
        self.assertEqual(
            snippet.options,
            {
                "offset_desktop": 30,
                "reviews_desktop": False,
                "shown": True,
                "position_mobile": "left",
                "offset_mobile": 15,
            },
        )
        self.assertEqual(
            snippet.notes, (Note("no_option", "responsive.variant", "floating"),)
        )

    def test_old_code_without_a_tag_is_taken(self):
        code = f'window._tsConfig = {{yOffset: -40}}; x.src = "{LOADER}"; a < b;'
        snippet = self._parse(code)
        self.assertEqual(snippet.options, {"offset_desktop": -40})
        self.assertEqual(snippet.notes, ())

    def test_variants_of_the_old_object(self):
        for variant, options in {
            "reviews": {"reviews_desktop": True},
            "default": {"reviews_desktop": False},
            "hide": {"shown": False},
            "custom": {},
            "custom_reviews": {},
            "small": {},
        }.items():
            with self.subTest(variant=variant):
                code = f"_tsConfig = {{'variant': '{variant}'}}; a.src='{LOADER}';"
                self.assertEqual(self._parse(code).options, options)

    def test_an_option_without_a_counterpart_is_told(self):
        code = (
            "_tsConfig = {'variant': 'custom', 'customElementId': 'here',"
            " 'trustCardTrigger': 'click', 'disableResponsive': 'true', 'mine': '1'};"
            f" a.src='{LOADER}';"
        )
        snippet = self._parse(code)
        self.assertEqual(snippet.options, {})
        self.assertEqual(
            snippet.notes,
            (
                Note("no_option", "variant", "custom"),
                Note("no_option", "customElementId", "here"),
                Note("no_option", "trustCardTrigger", "click"),
                Note("no_option", "disableResponsive", "true"),
                Note("unknown", "mine", "1"),
            ),
        )

    def test_an_object_without_the_loader_is_taken_and_the_missing_id_told(self):
        snippet = self._parse("<script>_tsConfig = {'yOffset': '7'};</script>")
        self.assertEqual(snippet.options, {"offset_desktop": 7})
        self.assertEqual(snippet.notes, (Note("no_id"),))

    # === VALUES === #

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

    def test_the_ends_of_the_range_are_kept(self):
        for value in (-54, 999):
            snippet = self._parse_tag(f'data-desktop-y-offset="{value}"')
            self.assertEqual(snippet.options, {"offset_desktop": value})
            self.assertEqual(snippet.notes, ())

    def test_pixels_and_fractions_are_numbers(self):
        snippet = self._parse_tag('data-desktop-y-offset=" 20px"')
        self.assertEqual(snippet.options, {"offset_desktop": 20})
        snippet = self._parse_tag('data-desktop-y-offset="20.7"')
        self.assertEqual(snippet.options, {"offset_desktop": 20})

    def test_what_is_no_value_of_the_list_changes_nothing(self):
        for name, value in (
            ("data-desktop-position", "center"),
            ("data-mobile-position", "top"),
            ("data-desktop-y-offset", "1e3"),
            ("data-desktop-y-offset", "12;alert(1)"),
            ("data-disable-mobile", "yes"),
            ("data-desktop-enable-fadeout", "1"),
        ):
            with self.subTest(name=name, value=value):
                snippet = self._parse_tag(f'{name}="{value}"')
                self.assertEqual(snippet.options, {})
                self.assertEqual(snippet.notes, (Note("no_value", name, value),))

    def test_an_unknown_colour_scheme_is_that_of_the_device(self):
        snippet = self._parse_tag('data-color-scheme="pink"')
        self.assertEqual(snippet.options, {"color_scheme": "os-default"})
        self.assertEqual(
            snippet.notes,
            (Note("replaced", "data-color-scheme", "pink", "os-default"),),
        )

    def test_the_type_of_a_script_is_no_option(self):
        self.assertEqual(self._parse_tag('type="text/javascript"').notes, ())
        self.assertEqual(
            self._parse_tag('type="module"').notes, (Note("unknown", "type", "module"),)
        )

    def test_a_variant_that_nobody_knows_is_told(self):
        snippet = self._parse(f"_tsConfig = {{variant: 'small'}}; a.src='{LOADER}'")
        self.assertEqual(snippet.notes, (Note("no_value", "variant", "small"),))

    def test_the_badge_of_todays_snippet_may_be_drawn_elsewhere_which_is_told(self):
        snippet = self._parse_tag('data-desktop-enable-custom="true"')
        self.assertEqual(
            snippet.notes, (Note("no_option", "data-desktop-enable-custom", "true"),)
        )

    # === WHOSE === #

    def test_a_snippet_of_another_certificate_is_refused(self):
        self._refuse(NEW.replace(TS_ID, OTHER_ID), "other_id", OTHER_ID)
        self._refuse(OLD % {"ts_id": OTHER_ID}, "other_id", OTHER_ID)
        self._refuse(OLD_WITH_ADDRESS % {"ts_id": OTHER_ID}, "other_id", OTHER_ID)

    def test_two_scripts_of_which_one_is_anothers_are_refused(self):
        self._refuse(NEW + NEW.replace(TS_ID, OTHER_ID), "other_id", OTHER_ID)
        # Each has a variable of its own with the same name.
        mine, others = OLD % {"ts_id": TS_ID}, OLD % {"ts_id": OTHER_ID}
        self._refuse(mine + others, "other_id", OTHER_ID)
        self._refuse(others + mine, "other_id", OTHER_ID)

    def test_an_address_in_pieces_names_the_id(self):
        start = "'//widgets.trustedshops.com/js/'"
        for code in (
            "a.src = {start} + '{ts_id}' + '.js';",
            'a.src = "//widgets.trustedshops.com/js/" + "{ts_id}" + ".js";',
            "a.src='https:'+{start}+'{ts_id}'+'.js'",
            "a.src = '//widgets.trustedshops' + '.com/js/{ts_id}.js';",
            "var $id='{ts_id}'; a.src = {start}\n + $id\n + '.js';",
            'window._tsid = "{ts_id}"; a.src = {start} + window._tsid + ".js";',
            "var tsid = 'x'; tsid = '{ts_id}'; a.src = {start} + tsid + '.js';",
            "a.src = {start} + '{ts_id}.js?' + new Date().getTime();",
            "a.src = {start} + '{ts_id}.js?' + (1 + 1);",
        ):
            with self.subTest(code=code):
                mine = code.format(start=start, ts_id=TS_ID)
                self.assertEqual(self._parse(f"_tsConfig = {{}}; {mine}").notes, ())
                others = code.format(start=start, ts_id=OTHER_ID)
                self._refuse(f"_tsConfig = {{}}; {others}", "other_id", OTHER_ID)

    def test_an_id_that_the_code_makes_is_told_as_missing(self):
        for piece in ("_tsid", "getId()", "(a || b)", "ids[0]"):
            with self.subTest(piece=piece):
                snippet = self._parse(
                    "_tsConfig = {'yOffset': '7'};"
                    f" a.src = '//widgets.trustedshops.com/js/' + {piece} + '.js';"
                )
                self.assertEqual(snippet.options, {"offset_desktop": 7})
                self.assertEqual(snippet.notes, (Note("no_id"),))

    def test_another_host_in_pieces_is_refused(self):
        for pieces, shown in (
            ("'//evil.example/js/' + '.js'", "//evil.example/js/.js"),
            ("'//evil.example/js/' + id", "//evil.example/js/…"),
            ("'//evil.example/js/' + (id)", "//evil.example/js/…"),
            ("'//widgets.trustedshops.com' + id", "//widgets.trustedshops.com…"),
            ("'//widgets.trustedshops.com' + (id)", "//widgets.trustedshops.com…"),
            (
                "'//widgets.trustedshops.com' + '.evil'",
                "//widgets.trustedshops.com.evil",
            ),
            ("'https:' + host + '/a.js'", "https:…/a.js"),
        ):
            with self.subTest(pieces=pieces):
                self._refuse(
                    f"_tsConfig = {{}}; a.src = {pieces};", "foreign_host", shown
                )

    def test_what_stands_in_place_of_the_id_is_no_loader(self):
        self._refuse(
            OLD % {"ts_id": "YOUR_ID"},
            "no_loader",
            "//widgets.trustedshops.com/js/YOUR_ID.js",
        )

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
                self._refuse(
                    f"_tsConfig = {{}}; a.src = '{source}';", "foreign_host", shown
                )

    def test_the_sandbox_is_taken_for_its_own_certificate_only(self):
        tag = f'<script src="http://127.0.0.1:8099/js/{TS_ID}.js"></script>'
        self.assertEqual(parse_snippet(tag, TS_ID, {"127.0.0.1:8099"}).notes, ())
        with self.assertRaises(SnippetError):
            parse_snippet(tag, TS_ID, {"127.0.0.1:8098"})

    def test_a_script_of_trusted_shops_without_an_id_is_no_loader(self):
        source = "https://integrations.etrusted.com/applications/widget.js/v2"
        self._refuse(f'<script src="{source}"></script>', "no_loader", source)

    # === HOSTILE AND BROKEN === #

    def test_event_handlers_and_other_attributes_are_dropped(self):
        snippet = self._parse_tag(
            'onload="alert(1)" id="x" data-desktop-position="left" data-evil="1"'
            ' style="color:red" nonce="abc"'
        )
        self.assertEqual(snippet.options, {"position_desktop": "left"})
        self.assertEqual(
            snippet.notes,
            (
                Note("unknown", "onload", "alert(1)"),
                Note("unknown", "id", "x"),
                Note("unknown", "data-evil", "1"),
                Note("unknown", "style", "color:red"),
                Note("unknown", "nonce", "abc"),
            ),
        )

    def test_names_that_are_none_are_dropped(self):
        snippet = self._parse_tag("da\u00e9ta=1 data-desktop-position<b=left")
        self.assertEqual(snippet.options, {})
        self.assertEqual({note.reason for note in snippet.notes}, {"unknown"})

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

    def test_old_code_in_a_tag_with_a_handler_tells_it(self):
        code = (OLD % {"ts_id": TS_ID}).replace("<script", "<script onerror='x()'")
        self.assertIn(Note("unknown", "onerror", "x()"), self._parse(code).notes)

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
            "_tsConfig == {}",
        ):
            with self.subTest(text=text):
                self._refuse(text, "no_snippet")

    def test_code_in_the_old_object_is_refused(self):
        for value in (
            "alert(1)",
            "alert",
            "'1', : '2'",
            "'1', {: '2'",
            "'1', a",
            "'1', a 'b' '2'",
            "'a' + 'b'",
            "`a`",
            "[1]",
            "function () {}",
            "'unterminated",
            "'1' '2'",
            "{a: {b: {c: '1'}}}",
            "/* no end",
            "",
        ):
            with self.subTest(value=value):
                self._refuse(
                    f"_tsConfig = {{'yOffset': {value}}}", "unreadable", "_tsConfig"
                )
        self._refuse("_tsConfig = {'yOffset': '1'", "unreadable", "_tsConfig")
        self._refuse("_tsConfig = a b: '1'}", "unreadable", "_tsConfig")
        self._refuse("_tsConfig = make()", "unreadable", "_tsConfig")

    def test_too_many_keys_are_refused(self):
        keys = ",".join(f"k{number}:1" for number in range(201))
        self._refuse(f"_tsConfig = {{{keys}}}", "unreadable", "_tsConfig")

    def test_a_huge_text_is_refused(self):
        self._refuse("x" * (MAX_LENGTH + 1), "too_long")
        self._refuse("x" * MAX_LENGTH, "no_snippet")

    def test_long_names_and_values_are_shortened_for_showing(self):
        note = self._parse_tag(f'data-evil="{"v" * 500}"').notes[0]
        self.assertEqual(note.value, "v" * 59 + "…")

    def test_the_worst_texts_are_read_in_a_moment(self):
        started = time.monotonic()
        for piece in (
            "<div>",
            "<script ",
            "<script src=",
            "{",
            "_tsConfig={",
            "_tsConfig={a:'",
            "/*",
            "//\n",
            " ",
            "a.src='",
            "a='",
            "a.src='' +",
            "a.src=''+a",
            "\\",
            "&lt;",
            "&#x0;",
            "\u202e\ud800",
        ):
            for start in ("", "_tsConfig = {", "<script>"):
                text = start + piece * ((MAX_LENGTH - len(start)) // len(piece))
                with self.subTest(piece=piece, start=start):
                    with self.assertRaises(SnippetError):
                        self._parse(text)
        self.assertLess(time.monotonic() - started, 20)

    def test_a_tag_that_has_no_end_is_taken_only_as_it_is_read(self):
        for text in (NEW[:200], NEW.removesuffix("</script>")):
            with self.subTest(text=text):
                try:
                    options = self._parse(text).options
                except SnippetError as error:
                    self.assertEqual(error.reason, "no_snippet")
                else:
                    self.assertEqual(options["position_desktop"], "left")


class TestJsLiteral(BaseCase):
    """A literal of JavaScript becomes texts."""

    def test_all_kinds_of_values_become_texts(self):
        code = (
            "var a = 1; window._tsConfig = { // first\n"
            "  'one': 'a\\'b', \"two\": \"\\u0041\\x42\\n\", three: -4.5, /* x */\n"
            "  four: true, five: null, six: {seven: 'x',}, $8: false };"
            " _tsConfig = {one: 'later'}"
        )
        self.assertEqual(
            find_object(code, "_tsConfig"),
            {
                "one": "a'b",
                "two": "AB\n",
                "three": "-4.5",
                "four": "true",
                "five": "",
                "six": {"seven": "x"},
                "$8": "false",
            },
        )

    def test_an_escape_never_becomes_what_no_database_takes(self):
        for written, text in (
            (r"\u0000", "\ufffd"),
            (r"\x00", "\ufffd"),
            (r"\x1f\u007f", "\ufffd\ufffd"),
            (r"a\ud83d", "a\ufffd"),
            (r"\ude00b", "\ufffdb"),
            (r"\ud83d\ude00", "\U0001f600"),
            (r"\x09\x0a\x0d", "\t\n\r"),
        ):
            with self.subTest(written=written):
                self.assertEqual(
                    find_object(f"x = {{'k{written}': '{written}'}}", "x"),
                    {f"k{text}": text},
                )

    def test_a_name_that_ends_alike_is_another(self):
        self.assertIsNone(find_object("my_tsConfig = {a: 1}", "_tsConfig"))

    def test_nothing_is_read_behind_the_literal(self):
        self.assertEqual(find_object("x = {a: 1} }}} '", "x"), {"a": "1"})
