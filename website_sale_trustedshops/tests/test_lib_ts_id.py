# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import BaseCase

from ..lib.ts_id import is_valid, normalize_ts_id

TS_ID = "X0123456789ABCDEF0123456789ABCDEF"
OTHER_TS_ID = "XFEDCBA9876543210FEDCBA9876543210"


class TestLibTsId(BaseCase):
    """An id is found in whatever a merchant pastes."""

    def test_the_id_is_found_in_any_case_and_inside_an_address_or_a_script(self):
        for text in (
            TS_ID,
            "x0123456789abcdef0123456789abcdef",
            f"  {TS_ID}\n",
            f"\xa0\u200b{TS_ID}\u200b",
            f"https://www.trustedshops.com/shop/certificate.php?shop_id={TS_ID}",
            f"https://www.trustedshops.com/shop/certificate.php?shop_id={TS_ID}&x=1",
            f"https://www.trustedshops.de/profil/shop.example_{TS_ID}.html",
            f"https://example.com/?to=certificate.php%3Fshop_id%3D{TS_ID}",
            f"//widgets.trustedshops.com/js/{TS_ID.lower()}.js",
            f"<script>var _tsid = '{TS_ID}'; load('{TS_ID}.js');</script>",
        ):
            with self.subTest(text=text):
                self.assertEqual(normalize_ts_id(text), TS_ID)

    def test_a_text_without_an_id_is_refused(self):
        for text in (
            "",
            None,
            False,
            "shop.example",
            TS_ID[:-1],
            f"{TS_ID}0",
            f"A{TS_ID}",
            f"Y{TS_ID[1:]}",
            f"X0123456789-ABCDEF{TS_ID[17:-1]}",
        ):
            with self.subTest(text=text), self.assertRaises(ValueError) as caught:
                normalize_ts_id(text)
            self.assertEqual(
                str(caught.exception),
                "A Trusted Shops ID has 33 characters: the letter X and 32 more letters"
                " or digits",
            )

    def test_a_text_with_two_ids_is_refused(self):
        with self.assertRaises(ValueError) as caught:
            normalize_ts_id(f"{TS_ID} {OTHER_TS_ID}")
        self.assertEqual(
            str(caught.exception), "The text contains more than one Trusted Shops ID"
        )

    def test_only_the_normal_form_is_valid(self):
        self.assertTrue(is_valid(TS_ID))
        self.assertTrue(is_valid(f"X{'Z' * 32}"))
        for text in (None, "", TS_ID.lower(), f"{TS_ID}\n", f"{TS_ID}0", TS_ID[1:]):
            with self.subTest(text=text):
                self.assertFalse(is_valid(text))
