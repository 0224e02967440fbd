# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest

from odoo.addons.website_sale_trustedshops.lib.address import (
    get_spellings,
    normalize_address,
)


class TestAddress(unittest.TestCase):
    def test_each_address_has_one_spelling(self):
        for typed, expected in (
            ("erika@muster.example", "erika@muster.example"),
            ("  Erika@MUSTER.example\n", "erika@muster.example"),
            ("erika@bücher.example", "erika@xn--bcher-kva.example"),
            ("erika@BU\u0308CHER.example", "erika@xn--bcher-kva.example"),
            ("erika@xn--bcher-kva.example", "erika@xn--bcher-kva.example"),
            ("erika@muster.example.", "erika@muster.example"),
            ("erika+shop@muster.example", "erika+shop@muster.example"),
            ("ERIKA@straße.example", "erika@xn--strae-oqa.example"),
            ("O'Brien@muster.example", "o'brien@muster.example"),
            ("e!#$%&*+/=?^_`{|}~-@muster.example",) * 2,
            ("a@AB--cd.de", "a@ab--cd.de"),
            ("a@B_c.de", "a@b_c.de"),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(normalize_address(typed), expected)

    def test_what_is_not_exactly_one_address_is_none(self):
        for typed in (
            None,
            False,
            "",
            "erika",
            "@muster.example",
            "erika@",
            "erika@muster@example.com",
            "a@muster.example, b@muster.example",
            "a@muster.example;b@muster.example",
            "Erika <erika@muster.example>",
            "erika muster@muster.example",
            "erika@muster..example",
            "erika@-",
            "erika@b_c..de",
            "erika@-b_c.de",
            "erika@b_ü.de",
            "'erika@muster.example'",
            f"erika@{'x' * 64}.example",
            f"{'e' * 243}@muster.example",
        ):
            with self.subTest(typed=typed):
                self.assertEqual(normalize_address(typed), "")

    def test_how_odoo_may_have_stored_an_address(self):
        for address, expected in (
            ("erika@muster.example", ["erika@muster.example"]),
            (
                "erika@xn--bcher-kva.example",
                ["erika@xn--bcher-kva.example", "erika@bücher.example"],
            ),
            ("a@b_c.de", ["a@b_c.de"]),
        ):
            with self.subTest(address=address):
                self.assertEqual(get_spellings(address), expected)
