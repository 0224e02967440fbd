# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The badge block, filled by the server."""

from unittest.mock import patch

from lxml import html
from markupsafe import Markup, escape

from odoo.tests import new_test_user

from .certificate_common import CertificateCommon
from .test_certificate_seal import CERTIFICATE_URL, make_image
from .test_snippets import SnippetHttpCase

HOSTILE = '"><img src=x onerror=alert(1)>{{7*7}}'
REVIEWS_URL = f"https://www.trustedshops.com/buyerrating/info_X{'1' * 32}.html"
PAGE = """<t t-name="website.blocks"><t t-call="website.layout"><div id="wrap">
<p>%s</p></div></t></t>"""


def make_block(label="", **options):
    """Return a block as the website's editor saves it."""
    words = "".join(
        f' data-{name.replace("_", "-")}="{escape(value)}"'
        for name, value in {**options, "label": label}.items()
    )
    return Markup(f'<div class="s_trustedshops_badge my-2"{words}></div>')


class TestBadge(CertificateCommon):
    """What a block with some options shows."""

    def setUp(self):
        super().setUp()
        self.service.rating = ("4.83", 123)
        self.service.status["certificationLanguage"] = "en"
        self.own = self._add()

    def _get(self, **options):
        words = {name.replace("_", "-"): text for name, text in options.items()}
        website = self.second.with_context(lang="en_US")
        return website._trustedshops_prepare_badge(words)

    def _pick(self, names, **options):
        badge = self._get(**options)
        return [badge[name] for name in names.split()]

    def test_a_seal_by_default_leads_to_the_certificate(self):
        self.assertEqual(
            self._pick("url hint height width text rating style box_class"),
            [
                CERTIFICATE_URL,
                "See the certificate (opens a new window)",
                56,
                56,
                "Certified by Trusted Shops",
                False,
                "",
                "",
            ],
        )

    def test_variants(self):
        drawing = "/website_sale_trustedshops/static/src/img/seal.svg"
        label = "Certified by Trusted Shops"
        for variant, image, text in (
            ("seal", drawing, label),
            ("stars", drawing, label),
            ("text", "", label),
            (HOSTILE, drawing, label),
        ):
            self.assertEqual(self._pick("image text", variant=variant), [image, text])
        self.own.seal_image = make_image(200, 50)
        for variant, text in (("seal", ""), ("text", label)):
            self.assertEqual(self._pick("text", variant=variant), [text])
        self.assertEqual(self._pick("text", label="Safe"), ["Safe"])
        # The page keeps room for a picture that is not there yet.
        self.assertEqual(self._pick("width height"), [224, 56])

    def test_stars(self):
        badge = self._get(variant="stars")
        self.assertEqual(badge["rating"]["text"], "4.83 of 5")
        self.assertEqual(badge["reviewsUrl"], REVIEWS_URL)
        self.own.sudo().rating_count = 0
        self.env.registry.clear_cache()
        self.assertIsNone(self._get(variant="stars")["rating"])

    def test_links(self):
        certificate = [CERTIFICATE_URL, "See the certificate (opens a new window)"]
        for link, expected in (
            ("certificate", certificate),
            ("reviews", [REVIEWS_URL, "See the reviews (opens a new window)"]),
            ("javascript:alert(1)", certificate),
        ):
            self.assertEqual(self._pick("url hint", link=link), expected)
        self.assertEqual(self._pick("url", link="none"), [""])

    def test_sizes_and_corners(self):
        for size, expected in (
            ("small", [32, 0.875]),
            ("medium", [56, 1]),
            ("large", [88, 1.375]),
            ("huge", [56, 1]),
        ):
            self.assertEqual(self._pick("height font_size", size=size), expected)
        for corners, expected in (
            ("none", "rounded-0 px-3 py-2"),
            ("pill", "rounded-5 px-4 py-2"),
            ("d-none", "rounded px-3 py-2"),
        ):
            box = self._pick("box_class", corners=corners, background_color="#fff")
            self.assertEqual(box, [expected])
            self.assertEqual(self._pick("box_class", corners=corners), [""])

    def test_colours(self):
        self.own.badge_background_color = "#000000"
        own = "background-color: #000000; color: #ffffff;"
        rounded = "rounded px-3 py-2"
        for color, style, box_class in (
            ("", own, rounded),
            ("#FF0000", "background-color: #FF0000; color: #000000;", rounded),
            ("rgba(0, 0, 0, 0.4)", "background-color: rgba(0, 0, 0, 0.4);", rounded),
            # Those of the theme bring a text that can be read.
            ("o-color-1", "", f"{rounded} bg-o-color-1"),
            ("900", "", f"{rounded} bg-900"),
            ("red;background:url(javascript:alert(1))", own, rounded),
            ("900 d-none", own, rounded),
        ):
            with self.subTest(color=color):
                found = self._pick("style box_class", background_color=color)
                self.assertEqual(found, [style, box_class])

    def test_a_label_is_shown_as_it_is(self):
        for label, text in (
            ("   ", "Certified by Trusted Shops"),
            (" Safe shopping ", "Safe shopping"),
            ("x" * 300, "x" * 300),
        ):
            self.assertEqual(self._pick("text", label=label), [text])


class TestBlocks(SnippetHttpCase):
    """Blocks of pages, headers and descriptions as visitors get them."""

    def setUp(self):
        super().setUp()
        self.service.status["certificationLanguage"] = "en"
        self.own = self._add(website_id=self.website.id)
        self.own.lang_id = False
        self.website.language_ids += self.langs["de_DE"]
        self._make_page(make_block(variant="stars"))

    def _make_page(self, block):
        arch = PAGE % block
        self.page = self.env["website.page"].create(
            {
                "name": "Blocks",
                "url": "/blocks",
                "type": "qweb",
                "key": "website.blocks",
                "arch": arch,
                "is_published": True,
                "website_id": self.website.id,
            }
        )

    def _open(self, url="/blocks"):
        return html.fromstring(self.url_open(url).content)

    def _find(self, url="/blocks", place="//main"):
        [block] = self._open(url).xpath(f"{place}//*[hasclass('s_trustedshops_badge')]")
        return block

    def _get_text(self, block):
        return " ".join(block.text_content().split())

    def test_a_page_has_all_of_it_without_any_script(self):
        block = self._find()
        link, rating, notice = block.xpath(".//a")
        self.assertEqual(
            [link.get(name) for name in ("rel", "target")],
            ["noopener nofollow", "_blank"],
        )
        [image] = link.xpath("./img")
        sizes = [image.get(name) for name in ("width", "height", "alt", "loading")]
        self.assertEqual(sizes, ["56", "56", "", "eager"])
        self.assertEqual(self._get_text(rating), "4.83 of 5 (123 reviews)")
        self.assertEqual(
            self._get_text(notice), "How they are checked (opens a new window)"
        )
        text = "Trusted Shops collects the reviews and takes steps"
        self.assertIn(text, self._get_text(block))
        self.assertEqual(len(block.xpath(".//i[contains(@class, 'fa-star')]")), 5)

    def test_a_kept_page_is_that_of_its_language_and_follows_the_certificate(self):
        self.assertIn("4.83 of 5", self._get_text(self._find()))
        self.assertIn("4,83 von 5", self._get_text(self._find("/de/blocks")))
        self.opener.cookies.clear()  # one of them keeps the language
        self.assertIn("4.83 of 5", self._get_text(self._find()))
        self.own.rating_notice = "We check them."
        self.assertIn("We check them.", self._get_text(self._find()))
        self.own.action_archive()
        self.assertEqual(len(self._find()), 0)

    def test_a_header_shows_it_on_every_page_in_every_language(self):
        self.env["ir.ui.view"].create(
            {
                "name": "Header",
                "type": "qweb",
                "key": "website.header_badge",
                "inherit_id": self.env.ref("website.layout").id,
                "arch": '<xpath expr="//header" position="inside">'
                f"{make_block()}</xpath>",
            }
        )
        for url, text in (
            ("/", "Certified by Trusted Shops"),
            ("/de/shop", "Von Trusted Shops zertifiziert"),
        ):
            block = self._find(url, "//header")
            self.assertEqual(self._get_text(block), text)

    def test_a_description_shows_it(self):
        product = self.env["product.template"].search(
            [("is_published", "=", True)], limit=1
        )
        product.website_description = f"<p>Before</p>{make_block()}<p>After &amp;</p>"
        block = self._find(product.website_url)
        self.assertEqual(self._get_text(block), "Certified by Trusted Shops")
        self.assertIn("After &", self._get_text(block.getparent()))
        self.own.action_archive()
        self.assertEqual(len(self._find(product.website_url)), 0)

    def test_options_of_a_page_are_shown_as_text(self):
        self.page.arch = PAGE % make_block(
            HOSTILE,
            variant=HOSTILE,
            size="__proto__",
            corners="constructor",
            link="javascript:alert(1)",
            background_color="red;background:url(javascript:alert(1))",
        )
        block = self._find()
        self.assertEqual(self._get_text(block), HOSTILE)
        self.assertEqual(block.xpath(".//a/@href")[0][-33:], self.own.ts_id)
        self.assertEqual(block.xpath(".//*[@onerror]"), [])
        self.assertEqual(block.xpath(".//@style"), ["font-size: 1em;"])

    def test_saved_content_of_a_block_is_not_shown(self):
        self.page.arch = PAGE % Markup(
            '<div class="s_trustedshops_badge">Old <b>content</b></div>'
        )
        text = self._get_text(self._find())
        self.assertEqual(text, "Certified by Trusted Shops")

    def test_editor_gets_the_block_empty(self):
        product = self.env["product.template"].search(
            [("is_published", "=", True)], limit=1
        )
        product.website_description = make_block()
        groups = "website.group_website_designer"
        for login, group in (
            ("designer", groups),
            ("editor", "website.group_website_restricted_editor"),
        ):
            new_test_user(self.env, login, groups=f"base.group_user,{group}")
            self.authenticate(login, login)
            for url in ("/blocks", "/de/blocks", product.website_url):
                with self.subTest(login=login, url=url):
                    self.assertEqual(len(self._find(url)), 0)
        # They get the same from the route.
        [box] = html.fragments_fromstring(
            self.url_open("/shop/trustedshops/badge?lang=de-DE&link=none").text
        )
        self.assertEqual(self._get_text(box), "Von Trusted Shops zertifiziert")
        self.assertEqual(box.xpath(".//a | .//@*[starts-with(name(), 'data-oe')]"), [])

    def test_the_route_answers_nothing_without_a_certificate(self):
        self.authenticate("admin", "admin")
        self.own.action_archive()
        response = self.url_open("/shop/trustedshops/badge?variant=stars")
        self.assertEqual((response.status_code, response.text), (200, ""))

    def test_route_answers_internal_users_only(self):
        url = "/shop/trustedshops/badge?variant=text&label=Anything"
        response = self.url_open(url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self._create_new_portal_user(login="ts_buyer", password="ts_buyer")
        self.authenticate("ts_buyer", "ts_buyer")
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_pages_without_our_block_are_not_parsed(self):
        path = "odoo.addons.website_sale_trustedshops.models.blocks.find_badges"
        self.page.arch = PAGE % "Nothing"
        with patch(path) as find:
            self._open()
        find.assert_not_called()
