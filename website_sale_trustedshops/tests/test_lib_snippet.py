# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import BaseCase

from ..lib.snippet import MAX_LENGTH, find_badge_options, find_widget_id

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


class TestLibSnippet(BaseCase):
    """What is taken out of a script of Trusted Shops, and what is not."""

    def _find_in_tag(self, attributes):
        """Return what a tag says that is right but for some attributes."""
        tag = f'<script src="{LOADER}" {attributes}></script>'
        return find_badge_options(tag, TS_ID)

    def test_the_script_of_today_is_taken_whole(self):
        self.assertEqual(
            find_badge_options(NEW, TS_ID),
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

    def test_each_value_is_taken_in_its_form_or_not_at_all(self):
        for name, value, options in (
            ("data-desktop-y-offset", "-54", {"offset_desktop": -54}),
            ("data-desktop-y-offset", " 20px", {"offset_desktop": 20}),
            ("data-desktop-y-offset", "20.7", {"offset_desktop": 20}),
            ("data-desktop-position", "LEFT", {"position_desktop": "left"}),
            ("data-disable-trustbadge", "true", {"shown": False}),
            ("data-color-scheme", "os-default", {"color_scheme": "os-default"}),
            # Out of range, as Trusted Shops clamps it.
            ("data-desktop-y-offset", "-55", {"offset_desktop": -54}),
            ("data-mobile-y-offset", "999999999", {"offset_mobile": 999}),
            ("data-mobile-position", "", {}),
            ("data-desktop-position", "center", {}),
            ("data-desktop-y-offset", "1e3", {}),
            ("data-desktop-y-offset", "12;alert(1)", {}),
            ("data-disable-mobile", "yes", {}),
            ("data-desktop-enable-custom", "true", {}),
            ("onload", "alert(1)", {}),
            ("style", "color:red", {}),
        ):
            with self.subTest(name=name, value=value):
                self.assertEqual(self._find_in_tag(f'{name}="{value}"'), options)

    def test_only_the_script_of_this_certificate_is_read(self):
        other = NEW.replace(TS_ID, OTHER_ID)
        around = f"<div onclick='x()'>{NEW}</div><script>alert(2)</script>"
        wrong = "<script data-desktop-position='right'></script>"
        for text, position in (
            (around, "left"),
            (NEW + other.replace('"left"', '"right"') + wrong, "left"),
            (other, None),
            (NEW.replace(LOADER, "//widgets.trustedshops.com/js/YOUR_ID.js"), None),
            (NEW.ljust(MAX_LENGTH + 1), None),
            (f"window._tsConfig = {{yOffset: -40}}; x.src = '{LOADER}'", None),
            (TS_ID, None),
            ("<script", None),
            ("\x00<script>\ud800", None),
        ):
            with self.subTest(text=text[:60]):
                found = find_badge_options(text, TS_ID)
                self.assertEqual(found.get("position_desktop"), position)


class TestLibWidget(BaseCase):
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
