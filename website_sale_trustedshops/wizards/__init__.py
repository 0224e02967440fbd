# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    base_module_uninstall,
    privacy_lookup_wizard,
    trustedshops_mail_resend,
    trustedshops_number_entry,
    trustedshops_refund_end,
)
