# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .certificate_common import OTHER_ID, CertificateCommon
from .fake_service import TS_ID

SNIPPET = (
    '<script async data-desktop-position="left" data-desktop-y-offset="1500"'
    ' data-disable-mobile="true" onload="alert(1)" charset="UTF-8"'
    f' src="//widgets.trustedshops.com/js/{TS_ID}.js"></script><b>Hello</b>'
)


@tagged("post_install", "-at_install")
class TestBadgePaste(CertificateCommon):
    """A pasted snippet fills the options of the badge."""

    def _paste(self, text, user=None, certificate=None):
        certificate = certificate or self.certificate
        return (
            self.env["trustedshops.badge.paste"]
            .with_user(user or self.manager)
            .create({"certificate_id": certificate.id, "snippet": text})
        )

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
        self.assertTrue(paste.is_read)
        found, dropped = self._read_result(paste)
        self.assertEqual(
            found,
            [
                "Side on Desktops: Left",
                "Offset on Desktops: 999",
                "Show on Phones: No",
            ],
        )
        self.assertEqual(
            dropped,
            [
                "data-desktop-y-offset: 1500 is out of range. 999 was taken, as Trusted"
                " Shops does.",
                "onload is no option of the badge and was left out.",
                "<b> is no part of the badge and was left out. Place other code in the"
                " website editor.",
            ],
        )

    def test_every_kind_of_note_has_its_words(self):
        src = f"src='//widgets.trustedshops.com/js/{TS_ID}.js'"
        for attribute, words in {
            'data-color-scheme="pink"': "data-color-scheme: there is no “pink”."
            " “os-default” was taken, as Trusted Shops does.",
            'data-desktop-position="top"': "data-desktop-position: “top” is none of its"
            " values. The option stays as it is.",
            'data-desktop-enable-custom="true"': "data-desktop-enable-custom = “true”:"
            " there is no such option here. The badge floats and decides this by"
            " itself.",
        }.items():
            with self.subTest(attribute=attribute):
                paste = self._paste(f"<script {src} {attribute}></script>")
                self.assertEqual(self._read_result(paste)[1], [words])
        paste = self._paste("_tsConfig = {'yOffset': '3'}")
        self.assertEqual(
            self._read_result(paste)[1],
            [
                "The snippet names no Trusted Shops ID: whether it belongs to this"
                " certificate, only you know."
            ],
        )

    def test_nothing_changes_before_the_person_agrees(self):
        paste = self._paste(SNIPPET)
        self.assertEqual(self.certificate.badge_position_desktop, "right")
        paste.action_apply()
        self.assertRecordValues(
            self.certificate,
            [
                {
                    "badge_position_desktop": "left",
                    "badge_offset_desktop": 999,
                    "badge_on_phones": False,
                    # Not named in the snippet.
                    "badge_position_mobile": "right",
                    "badge_fade_out_mobile": True,
                }
            ],
        )

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
        self.assertRecordValues(
            self.certificate,
            [
                {
                    "badge_offset_desktop": -54,
                    "badge_offset_mobile": -10,
                    "badge_reviews_desktop": False,
                    "badge_reviews_mobile": False,
                    "badge_position_desktop": "left",
                    "badge_position_mobile": "center",
                    "badge_fade_out_desktop": True,
                    "badge_fade_out_mobile": False,
                    "badge_on_phones": False,
                    "badge_shown": False,
                    "badge_color_scheme": "light",
                }
            ],
        )

    def test_a_snippet_of_another_certificate_is_refused_naming_both_ids(self):
        with self.assertRaisesRegex(
            UserError,
            f"belongs to the Trusted Shops ID {OTHER_ID}, but this certificate has the"
            f" ID {TS_ID}",
        ):
            self._paste(SNIPPET.replace(TS_ID, OTHER_ID))

    def test_each_refusal_says_why(self):
        for text, words in {
            "Hello": "This is no script of the badge",
            "_tsConfig = {'a': b()}": "could not be read",
            "x" * 20_001: "much longer",
            "<script src='//evil.example/a.js'></script>": "“//evil.example/a.js”,"
            " which is no address of Trusted Shops",
            "<script src='//widgets.trustedshops.com/a.js'></script>": "not that of the"
            " badge",
        }.items():
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._paste(text)

    def test_the_sandbox_of_the_certificate_is_no_foreign_host(self):
        self.certificate.environment = "sandbox"
        text = f"<script src='http://127.0.0.1:9/js/{TS_ID}.js'></script>"
        paste = self._paste(text)
        self.assertFalse(paste.has_options)
        self.assertIn("changes none of the badge's options", paste.result)

    def test_no_text_of_a_snippet_becomes_markup(self):
        paste = self._paste(
            f"<script src='//widgets.trustedshops.com/js/{TS_ID}.js'"
            " data-desktop-position='<img src=x onerror=alert(1)>'></script>"
        )
        self.assertIn("&lt;img src=x onerror=alert(1)&gt;", paste.result)
        self.assertNotIn("<img", paste.result)

    def test_escapes_that_no_database_takes_are_kept_as_a_sign(self):
        for written, sign in {
            r"\u0000": "\ufffd",
            r"\x00": "\ufffd",
            r"\ud83d": "\ufffd",
            r"\ud83d\ude00": "\U0001f600",
        }.items():
            with self.subTest(written=written):
                paste = self._paste(
                    f"_tsConfig = {{'a{written}': '1', 'variant': 'b{written}'}};"
                    f" x.src = '//widgets.trustedshops.com/js/{TS_ID}.js';"
                )
                paste.flush_recordset()
                paste.invalidate_recordset()
                self.assertEqual(
                    self._read_result(paste)[1],
                    [
                        f"a{sign} is no option of the badge and was left out.",
                        f"variant: “b{sign}” is none of its values. The option stays"
                        " as it is.",
                    ],
                )

    def test_characters_by_number_that_no_database_takes_do_no_harm(self):
        for number in ("0", "1", "x7f", "xd83d", "xffff"):
            with self.subTest(number=number):
                paste = self._paste(
                    f"<script src='//widgets.trustedshops.com/js/{TS_ID}.js'"
                    f" data-desktop-position='top&#{number};'></script>"
                )
                paste.flush_recordset()
                paste.invalidate_recordset()
                (words,) = self._read_result(paste)[1]
                self.assertRegex(words, "^data-desktop-position: “top")

    def test_the_snippet_is_never_stored(self):
        paste = self._paste(SNIPPET)
        paste.flush_recordset()
        self.env.cr.execute(
            "SELECT to_jsonb(paste)::text FROM trustedshops_badge_paste paste"
            " WHERE id = %s",
            [paste.id],
        )
        (row,) = self.env.cr.fetchone()
        self.assertNotIn("script", row)
        self.assertNotIn("Hello", row)
        self.assertFalse(paste.snippet)

    def test_nobody_makes_up_what_was_found(self):
        made_up = {"options": {"badge_position_desktop": "left"}, "notes": []}
        pastes = self.env["trustedshops.badge.paste"].with_user(self.designer)
        paste = pastes.create({"certificate_id": self.certificate.id, "found": made_up})
        self.assertFalse(paste.is_read)
        paste.write({"found": made_up})
        self.assertFalse(paste.is_read)
        with self.assertRaisesRegex(UserError, "Paste the script of the badge first"):
            paste.action_read()

    def test_what_was_read_for_one_certificate_is_not_given_to_another(self):
        other = self._add(website_id=self.second.id)
        paste = self._paste(SNIPPET)
        paste.write({"certificate_id": other.id})
        self.assertEqual(paste.certificate_id, self.certificate)

    def test_another_snippet_can_be_pasted(self):
        paste = self._paste(SNIPPET)
        self.assertEqual(paste.action_read()["res_id"], paste.id)
        paste.action_start_again()
        self.assertFalse(paste.is_read)
        paste.write({"snippet": "_tsConfig = {'yOffset': '3'}"})
        self.assertEqual(self._read_result(paste)[0], ["Offset on Desktops: 3"])

    def test_who_may_edit_certificates_may_paste(self):
        self._paste(SNIPPET, self.designer).action_apply()
        self.assertEqual(self.certificate.badge_position_desktop, "left")

    def test_who_may_not_edit_certificates_may_not_paste(self):
        salesman = new_test_user(
            self.env, "ts_salesman", groups="sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            self._paste(SNIPPET, salesman)

    def test_certificates_of_other_companies_are_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Other"})
        website = self._make_website("Far", company_id=company.id)
        far = self._add(website_id=website.id)
        with self.assertRaises(AccessError):
            self._paste(SNIPPET.replace(TS_ID, OTHER_ID), self.designer, far)
        with self.assertRaises(AccessError):
            self._paste(False, self.designer, far)
