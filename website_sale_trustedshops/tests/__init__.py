# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_cart,
    test_cart_payment,
    test_cents,
    test_certificate,
    test_certificate_choice,
    test_data,
    test_fake_service,
    test_lib_client,
    test_lib_codes,
    test_lib_items,
    test_lib_language,
    test_lib_network,
    test_lib_shop_url,
    test_lib_trustmark,
    test_lib_ts_id,
    test_lib_values,
    test_lib_wsdl,
    test_offer_http,
    test_placing,
    test_queue,
    test_queue_answers,
    test_rights,
    test_tick_http,
    test_words,
)
