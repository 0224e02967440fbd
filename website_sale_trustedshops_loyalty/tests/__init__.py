# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_choice,
    test_fee_is_no_base,
    test_gift_card,
    test_loyalty_http,
    test_placing,
    test_random_carts,
    test_random_gift_cards,
    test_random_chains,
    test_refund,
    test_trustcard,
)
