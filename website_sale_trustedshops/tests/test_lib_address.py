# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.lib.address import (
    get_spellings,
    normalize_address,
)

# What is typed, and what is stored; '' is refused. The tests of
# `website_sale_withdrawal` have the same table.
CASES = (
    ("erika@muster.example", "erika@muster.example"),
    ("  Erika@MUSTER.example\n", "erika@muster.example"),
    ("erika@bücher.example", "erika@xn--bcher-kva.example"),
    ("erika@BU\u0308CHER.example", "erika@xn--bcher-kva.example"),
    ("erika@xn--bcher-kva.example", "erika@xn--bcher-kva.example"),
    ("erika@muster.example.", "erika@muster.example"),
    ("erika+shop@muster.example", "erika+shop@muster.example"),
    ("ERIKA@straße.example", "erika@xn--strae-oqa.example"),
    ("JÖRG@muster.example", "jörg@muster.example"),
    ("O'Brien@muster.example", "o'brien@muster.example"),
    ("e!#$%&*+/?=^_`{|}~-@muster.example", "e!#$%&*+/?=^_`{|}~-@muster.example"),
    ("a@AB--cd.de", "a@ab--cd.de"),
    ("a@B_c.de", "a@b_c.de"),
    (None, ""),
    (False, ""),
    ("", ""),
    ("erika", ""),
    ("@muster.example", ""),
    ("erika@", ""),
    ("a@b", ""),
    ("erika@localhost", ""),
    ("a@muster.example, b@muster.example", ""),
    ("a@muster.example;b@muster.example", ""),
    ("Erika <erika@muster.example>", ""),
    # Odoo makes another person's address of these.
    ("max mustermann@web.de", ""),
    ("a@b.de x", ""),
    ("erika@muster@example.com", ""),
    ("erika(muster)@muster.example", ""),
    ("erika\x00muster@muster.example", ""),
    # So do mail programs.
    ("=?utf-8?q?z=69el?=@muster.example", ""),
    ("=?UTF-8?B?emllbA==?=@muster.example", ""),
    ("a=?utf-8?q?z=69el?=@muster.example", ""),
    ("=??q??=@muster.example", ""),
    ("erika\\muster@muster.example", ""),
    # People do not see these.
    ("eri\u200bka@muster.example", ""),
    ("erika@mus\u00adter.example", ""),
    ("\u202eerika@muster.example", ""),
    ("erika@muster..example", ""),
    ("erika@-", ""),
    ("erika@b_c..de", ""),
    ("erika@-b_c.de", ""),
    ("erika@b_ü.de", ""),
    ("'erika@muster.example'", ""),
    (f"erika@{'x' * 64}.example", ""),
    (f"{'e' * 243}@muster.example", ""),
)


class TestAddress(BaseCase):
    def test_an_address_is_stored_as_typed_or_refused(self):
        for typed, expected in CASES:
            with self.subTest(typed=typed):
                self.assertEqual(normalize_address(typed), expected)

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
