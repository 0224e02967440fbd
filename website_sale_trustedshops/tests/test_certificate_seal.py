# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

from lxml import html
from PIL import Image

from odoo.exceptions import UserError

from ..lib.colors import get_text_color, is_color
from .certificate_common import CertificateCommon
from .http_common import PatientHttpCase

CERTIFICATE_URL = (
    f"https://www.trustedshops.com/shop/certificate.php?shop_id=X{'1' * 32}"
)


def make_image(width=80, height=60, kind="PNG"):
    """Return a picture as a form sends it."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#2f6f4e").save(stream, kind)
    return base64.b64encode(stream.getvalue())


class TestSeal(CertificateCommon):
    """Which picture, on which colour."""

    def setUp(self):
        super().setUp()
        self.own = self._add(ws_user="u", ws_password="p")

    def _get_seal(self):
        website = self.second.with_context(lang="de_DE")
        return website._trustedshops_get_display()["seal"]

    def test_without_upload_it_is_our_drawing(self):
        self.assertEqual(
            self._get_seal(),
            {
                "url": CERTIFICATE_URL,
                "image": "/website_sale_trustedshops/static/src/img/seal.svg",
                "isOwn": False,
                "background": "",
                "color": "",
            },
        )

    def test_an_upload_shows_at_once(self):
        self.assertFalse(self._get_seal()["isOwn"])
        for kind in ("PNG", "JPEG", "GIF"):
            self.own.seal_image = make_image(kind=kind)
            seal = self._get_seal()
            self.assertTrue(seal["isOwn"])
            self.assertRegex(
                seal["image"],
                rf"^/web/image/trustedshops.certificate/{self.own.id}/seal_image"
                r"\?unique=[0-9a-f]+$",
            )
        self.own.seal_image = False
        self.assertFalse(self._get_seal()["isOwn"])
        # A large one is made small.
        self.own.seal_image = make_image(2000, 500)
        picture = Image.open(io.BytesIO(base64.b64decode(self.own.seal_image)))
        self.assertEqual(picture.size, (400, 100))

    def test_the_official_seal_is_asked_for_where_a_seal_shows(self):
        self.assertEqual(self._get_findings(self.own)["seal"][0], "todo")
        for values in ({"seal_shown": False}, {"seal_image": make_image()}):
            self.own.write(values)
            self.assertNotIn("seal", self._get_findings(self.own))
            self.own.write({"seal_shown": True, "seal_image": False})
        self.own.sudo().state = "no_audit"
        self.assertNotIn("seal", self._get_findings(self.own))

    def test_file_that_is_no_picture_is_refused(self):
        for value in (base64.b64encode(b"text"), 5, 5.5, True, [5], {"a": 1}):
            with self.subTest(value=value), self.assertRaises(UserError):
                self.own.write({"seal_image": value})
                self.own.flush_recordset()

    def test_text_can_be_read_on_every_colour(self):
        for background, color in (
            ("#ffdc0f", "#000000"),
            ("#fff", "#000000"),
            ("#777777", "#000000"),
            ("#2f6f4e", "#ffffff"),
            ("#00f", "#ffffff"),
            ("#000000", "#ffffff"),
            # Just dark and just bright enough: the contrast is the same for both.
            ("rgb(117, 117, 117)", "#ffffff"),
            ("rgb(118,118,118)", "#000000"),
            ("rgba(0, 0, 0, 0.6)", "#ffffff"),
            ("rgba(0, 0, 0, 0.4)", ""),
            ("#00000099", "#ffffff"),
            ("#00000066", ""),
            ("transparent", ""),
            ("rgb(1,2)", ""),
            ("", ""),
        ):
            with self.subTest(background=background):
                self.assertEqual(get_text_color(background), color)
        for text in ("#ffff", "red", "#12345g", "#fff;x:y", "#fff\n", "", "url(x)"):
            self.assertFalse(is_color(text), text)


class TestSealHttp(CertificateCommon, PatientHttpCase):
    """What a visitor's browser gets of it."""

    def setUp(self):
        super().setUp()
        self.website.domain = "https://first.example"
        self.service.status["url"] = "first.example"
        self.certificate.unlink()
        self.service.status["certificationLanguage"] = "en"
        self.own = self._add(website_id=self.website.id)

    def _find_seals(self):
        tree = html.fromstring(self.url_open("/").content)
        return tree.find_class("o_trustedshops_seal")

    def test_the_footer_has_a_static_seal_with_a_name(self):
        self.own.badge_background_color = "#2f6f4e"
        [seal] = self._find_seals()
        [link] = seal.xpath("./a")
        self.assertEqual(
            (link.get("href"), link.get("rel"), link.get("style")),
            (
                CERTIFICATE_URL,
                "noopener nofollow",
                "background-color: #2f6f4e; color: #ffffff;",
            ),
        )
        self.assertEqual(link.xpath("./img/@alt"), [""])
        self.assertEqual(
            link.text_content().strip(),
            "Certified by Trusted Shops: see the certificate",
        )
        self.assertEqual(seal.xpath(".//script"), [])

    def test_visitors_get_the_uploaded_seal_until_it_is_switched_off(self):
        self.own.seal_image = make_image()
        picture = base64.b64decode(self.own.seal_image)
        [seal] = self._find_seals()
        [image] = seal.xpath("./a/img")
        self.assertEqual(
            image.get("alt"), "Certified by Trusted Shops: see the certificate"
        )
        self.assertEqual(seal.text_content().strip(), "")
        response = self.url_open(image.get("src"))
        self.assertIn("immutable", response.headers["Cache-Control"])
        self.assertEqual(response.content, picture)
        self.own.action_archive()
        self.assertEqual(self._find_seals(), [])
        self.assertNotEqual(self.url_open(image.get("src")).content, picture)
        for name in ("ts_id", "ws_password"):
            address = f"/web/content/trustedshops.certificate/{self.own.id}/{name}"
            self.assertEqual(self.url_open(address).status_code, 404)
