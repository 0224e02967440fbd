# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_address,
    test_fee,
    test_lib_withdrawal_rule,
    test_person,
    test_readiness_http,
    test_uninstall,
)
