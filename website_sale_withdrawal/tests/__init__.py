# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_address,
    test_declaration,
    test_entry,
    test_link_http,
    test_mails,
    test_matching,
    test_privacy,
    test_proposals,
    test_rights,
    test_staff,
    test_staff_views,
    test_steps_http,
)
