# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

from lxml import html
from PIL import Image

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged

from ..lib.colors import is_color, pick_text_color
from .certificate_common import CertificateCommon

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/" + bytes(12)


def make_image(width=80, height=60, kind="PNG"):
    """Return a picture as a form sends it."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#2f6f4e").save(stream, kind)
    return base64.b64encode(stream.getvalue())


@tagged("post_install", "-at_install")
class TestSeal(CertificateCommon):
    """Which picture, on which colour."""

    def setUp(self):
        super().setUp()
        self.own = self._add(ws_user="u", ws_password="p")

    def _get_seal(self):
        return self.second.with_context(lang="de_DE")._trustedshops_get_seal()

    def test_without_upload_it_is_our_drawing(self):
        self.assertEqual(
            self._get_seal(),
            {
                "url": "https://www.trustedshops.com/shop/certificate.php?shop_id=X"
                + "1" * 32,
                "image": "/website_sale_trustedshops/static/src/img/seal.svg",
                "isOwn": False,
                "background": "",
                "color": "",
            },
        )

    def test_an_upload_shows_at_once_under_an_address_of_its_own(self):
        self.assertFalse(self._get_seal()["isOwn"])
        addresses = []
        for width in (80, 90):
            self.own.seal_image = make_image(width)
            seal = self._get_seal()
            self.assertTrue(seal["isOwn"])
            addresses.append(seal["image"])
        self.assertRegex(
            addresses[0], rf"^/shop/trustedshops/seal/{self.own.id}/[0-9a-f]{{16}}$"
        )
        self.assertNotEqual(*addresses)
        self.own.seal_image = False
        self.assertFalse(self._get_seal()["isOwn"])

    def test_a_large_picture_is_made_small(self):
        self.own.seal_image = make_image(2000, 500)
        picture = Image.open(io.BytesIO(self.own._get_seal_bytes()))
        self.assertEqual(picture.size, (400, 100))

    def test_pictures_of_three_kinds_are_taken(self):
        for kind in ("PNG", "JPEG", "GIF"):
            self.own.seal_image = make_image(kind=kind)
            self.assertTrue(self._get_seal()["isOwn"])

    def test_what_a_browser_could_run_is_refused(self):
        for content in (SVG, b"\n " + SVG, b"<html><script>alert(1)</script></html>"):
            with self.subTest(content=content), self.assertRaises(UserError):
                self.own.seal_image = base64.b64encode(content)
                self.own.flush_recordset()
        with self.assertRaisesRegex(ValidationError, "must be a PNG, JPEG or GIF"):
            self.own.seal_image = base64.b64encode(SVG)

    def test_a_kind_that_is_never_made_small_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "must be a PNG, JPEG or GIF"):
            self.own.seal_image = base64.b64encode(WEBP)

    def test_a_huge_file_is_refused_before_it_is_read(self):
        with self.assertRaisesRegex(ValidationError, "at most 2 MB"):
            self.own.seal_image = b"A" * 2_800_001
        with self.assertRaisesRegex(ValidationError, "at most 2 MB"):
            self._add(seal_image=b"A" * 2_800_001)

    def test_what_is_no_file_is_refused(self):
        for value in (5, 5.5, True, [5], {"a": 1}):
            with self.subTest(value=value), self.assertRaises(UserError):
                self.own.write({"seal_image": value})

    def test_text_can_be_read_on_every_colour(self):
        for background, color in (
            ("#ffdc0f", "#000000"),
            ("#fff", "#000000"),
            ("#777777", "#000000"),
            ("#2f6f4e", "#ffffff"),
            ("#00f", "#ffffff"),
            ("#000000", "#ffffff"),
        ):
            with self.subTest(background=background):
                self.own.badge_background_color = background
                seal = self._get_seal()
                self.assertEqual(
                    (seal["background"], seal["color"]), (background, color)
                )
                self.assertEqual(pick_text_color(background), color)

    def test_only_colours_are_colours(self):
        for text in ("#ffff", "red", "#12345g", "#fff;x:y", "#fff\n", "", "url(x)"):
            self.assertFalse(is_color(text), text)


@tagged("post_install", "-at_install")
class TestSealHttp(CertificateCommon, HttpCase):
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
                "https://www.trustedshops.com/shop/certificate.php?shop_id=X"
                + "1" * 32,
                "noopener nofollow",
                "background-color: #2f6f4e; color: #ffffff;",
            ),
        )
        [image] = link.xpath("./img")
        self.assertEqual(image.get("alt"), "")
        self.assertEqual(
            link.text_content().strip(),
            "Certified by Trusted Shops: see the certificate",
        )
        self.assertEqual(seal.xpath(".//script"), [])

    def test_an_upload_takes_the_place_of_drawing_and_text(self):
        self.own.seal_image = make_image()
        [seal] = self._find_seals()
        [image] = seal.xpath("./a/img")
        self.assertEqual(
            image.get("alt"), "Certified by Trusted Shops: see the certificate"
        )
        self.assertEqual(seal.text_content().strip(), "")
        response = self.url_open(image.get("src"))
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("immutable", response.headers["Cache-Control"])
        self.assertEqual(response.content, self.own._get_seal_bytes())

    def test_a_certificate_that_is_switched_off_has_no_seal_and_no_picture(self):
        self.own.seal_image = make_image()
        address = self._find_seals()[0].xpath("./a/img/@src")[0]
        self.own.action_archive()
        self.assertEqual(self._find_seals(), [])
        self.assertEqual(self.url_open(address).status_code, 404)

    def test_there_is_no_picture_of_others(self):
        for address in (f"{self.own.id}/0", "999999999/0", "0/0"):
            response = self.url_open(f"/shop/trustedshops/seal/{address}")
            self.assertEqual(response.status_code, 404)
