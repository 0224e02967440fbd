# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    delivery_carrier,
    mail_activity,
    payment_method,
    payment_transaction,
    res_config_settings,
    sale_order,
    sale_order_line,
    trustedshops_certificate,
    trustedshops_certificate_check,
    trustedshops_certificate_fee,
    trustedshops_certificate_health,
    trustedshops_certificate_match,
    trustedshops_certificate_offer,
    trustedshops_protection,
    trustedshops_protection_item,
    trustedshops_protection_queue,
    website,
)
