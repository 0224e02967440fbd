# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_address,
    test_fee,
    test_overview,
    test_owed_mail,
    test_rights_table,
)
