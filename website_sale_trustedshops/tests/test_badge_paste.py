# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .certificate_common import OTHER_ID, CertificateCommon
from .fake_service import TS_ID

SNIPPET = (
    '<script async data-desktop-position="left" data-desktop-y-offset="1500"'
    ' data-disable-mobile="true" onload="alert(1)" charset="UTF-8"'
    ' data-mobile-position="top" data-desktop-enable-custom="true"'
    f' src="//widgets.trustedshops.com/js/{TS_ID}.js"></script><b>Hello</b>'
)


class TestBadgePaste(CertificateCommon):
    """A pasted snippet fills the options of the badge."""

    def _paste(self, text, user=None, certificate=None):
        certificate = certificate or self.certificate
        pastes = self.env["trustedshops.badge.paste"].with_user(user or self.manager)
        return pastes.create({"certificate_id": certificate.id, "snippet": text})

    def _read_result(self, paste):
        """Return what the dialog lists as found and as dropped."""
        tree = html.fromstring(f"<div>{paste.result}</div>")
        return [
            [
                " ".join(line.text_content().split())
                for line in tree.xpath(f"//ul[contains(@class, '{name}')]/li")
            ]
            for name in ("o_trustedshops_found", "o_trustedshops_dropped")
        ]

    def test_the_dialog_says_what_it_found_and_what_it_drops(self):
        paste = self._paste(SNIPPET)
        self.assertTrue(paste.has_options)
        self.assertFalse(paste.refusal)
        found, dropped = self._read_result(paste)
        self.assertEqual(
            found,
            ["Side on Desktops: Left", "Offset on Desktops: 999", "Show on Phones: No"],
        )
        self.assertEqual(
            dropped,
            [
                "data-desktop-y-offset: 1500 is out of range. Like Trusted Shops, we"
                " take 999.",
                "onload = “alert(1)”: there is no such option here.",
                "data-mobile-position: “top” is not one of its values. The option stays"
                " as it is.",
                "data-desktop-enable-custom = “true”: there is no such option here.",
                "<b> is not part of the Trustbadge and was left out. Place other code"
                " in the website editor.",
            ],
        )

    def test_dialog_shows_the_result_while_typing(self):
        with Form(
            self.env["trustedshops.badge.paste"].with_context(
                default_certificate_id=self.certificate.id
            )
        ) as form:
            self.assertFalse(form.result)
            form.snippet = "Hello"
            self.assertIn("not the script of the Trustbadge", form.refusal)
            form.snippet = SNIPPET
            self.assertFalse(form.refusal)
            self.assertIn("Side on Desktops", form.result)

    def test_nothing_changes_before_the_user_applies(self):
        paste = self._paste(SNIPPET, self.designer)
        self.assertEqual(self.certificate.badge_position_desktop, "right")
        paste.action_apply()
        self.assertFalse(paste.snippet)
        self.assertValues(
            self.certificate,
            badge_position_desktop="left",
            badge_offset_desktop=999,
            badge_on_phones=False,
            badge_position_mobile="right",
            badge_fade_out_mobile=True,
        )
        self.assertFalse(paste.snippet)

    def test_all_options_fit_the_fields_of_the_certificate(self):
        self._paste(
            f"""<script data-desktop-y-offset="-54" data-mobile-y-offset="-10"
            data-desktop-disable-reviews="true" data-mobile-disable-reviews="true"
            data-desktop-position="left" data-mobile-position="center"
            data-desktop-enable-fadeout="true" data-mobile-enable-fadeout="false"
            data-disable-mobile="true" data-disable-trustbadge="true"
            data-color-scheme="light"
            src="//widgets.trustedshops.com/js/{TS_ID}.js"></script>"""
        ).action_apply()
        self.assertValues(
            self.certificate,
            badge_offset_desktop=-54,
            badge_offset_mobile=-10,
            badge_reviews_desktop=False,
            badge_reviews_mobile=False,
            badge_position_desktop="left",
            badge_position_mobile="center",
            badge_fade_out_desktop=True,
            badge_fade_out_mobile=False,
            badge_on_phones=False,
            badge_shown=False,
            badge_color_scheme="light",
        )

    def test_each_refusal_says_why_and_nothing_is_taken(self):
        script = "<script src='//%s/a.js' data-desktop-position='left'></script>"
        for text, words in (
            ("Hello", "not the script of the Trustbadge"),
            (
                "_tsConfig = {'yOffset': '0'}",
                "an old snippet (“_tsConfig”). Copy the current one from your Trusted"
                " Shops account (Control Centre > Integrations > Trustbadge)",
            ),
            ("x" * 20_001, "too long"),
            (
                script % "evil.example",
                "“//evil.example/a.js”, which is not an address of Trusted Shops",
            ),
            (script % "widgets.trustedshops.com", "not that of the Trustbadge"),
            (
                SNIPPET.replace(TS_ID, OTHER_ID),
                f"belongs to the Trusted Shops ID {OTHER_ID}, but this certificate has"
                f" the ID {TS_ID}",
            ),
        ):
            with self.subTest(words=words):
                paste = self._paste(text)
                self.assertIn(words, paste.refusal)
                self.assertFalse(paste.has_options)
                self.assertFalse(paste.result)
                with self.assertRaisesRegex(UserError, re.escape(words)):
                    paste.action_apply()
        self.assertEqual(self.certificate.badge_position_desktop, "right")

    def test_sandbox_of_the_certificate_is_accepted_as_host(self):
        self.certificate.environment = "sandbox"
        text = f"<script src='http://127.0.0.1:9/js/{TS_ID}.js'></script>"
        paste = self._paste(text)
        self.assertFalse(paste.has_options)
        self.assertIn("changes none of the badge's options", paste.result)

    def test_no_text_of_a_snippet_becomes_markup(self):
        for value, shown in (
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("top&#0;&#x7f;&#xd83d;&#xffff;", "top"),
        ):
            paste = self._paste(
                f"<script src='//widgets.trustedshops.com/js/{TS_ID}.js'"
                f" data-desktop-position='{value}'></script>"
            )
            self.assertIn(f"data-desktop-position: “{shown}", paste.result)
            self.assertNotIn("<img", paste.result)

    def test_user_without_write_access_may_not_paste(self):
        salesman = new_test_user(
            self.env, "ts_salesman", groups="sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            self._paste(SNIPPET, salesman)
