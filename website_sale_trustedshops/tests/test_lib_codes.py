# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import BaseCase

from ..lib.codes import (
    APPLICATION_CODES,
    ApplicationCode,
    get_code,
)


class TestLibCodes(BaseCase):
    """Every published code is classified, and an unpublished one safely."""

    def test_every_published_code_has_its_kind(self):
        kinds = {
            "certificate": {-10001, -10002, -10011},
            "duplicate": {-10003},
            "limit": {-10017},
            "retryable": {-11111},
            "rejected": {-11001, *range(-10010, -10003), *range(-10016, -10011)}
            | {-10018, -10019},
        }
        found = {kind: set() for kind in kinds}
        for code, known in APPLICATION_CODES.items():
            found[known.kind].add(code)
        self.assertEqual(found, kinds)

    def test_each_code_about_the_certificate_says_why_it_is_held(self):
        self.assertEqual(
            {
                code: known.hold_reason
                for code, known in APPLICATION_CODES.items()
                if known.kind == "certificate" or known.hold_reason
            },
            {-10001: "login", -10002: "suspended", -10011: "no_limit"},
        )

    def test_a_wrong_or_missing_address_is_curable(self):
        curable = {code for code in APPLICATION_CODES if get_code(code).is_curable}
        self.assertEqual(curable, {-10014, -10018})

    def test_an_unpublished_code_has_a_kind_of_its_own(self):
        self.assertEqual(get_code(-10013), ApplicationCode("TOO_OLD_ORDER", "rejected"))
        for code in (-1, -9999, -10000, -10020, -424242):
            self.assertEqual(get_code(code), ApplicationCode("UNKNOWN", "unknown"))
