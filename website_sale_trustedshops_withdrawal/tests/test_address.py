# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase

from odoo.addons.website_sale_trustedshops.tests.test_lib_address import (
    CASES as THEIR_CASES,
)
from odoo.addons.website_sale_withdrawal.tests.test_address import CASES


class TestAddress(BaseCase):
    def test_both_addons_read_an_address_alike(self):
        self.assertEqual(CASES, THEIR_CASES)
