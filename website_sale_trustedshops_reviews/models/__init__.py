# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import todo, personal_data, service, channel_queue  # isort: skip
from . import (
    account,
    channel,
    consent,
    consent_confirm,
    consent_link,
    consent_text,
    invitation,
    ir_config_parameter,
    payment,
    product_identity,
    product_rating,
    report,
    res_company,
    res_config_settings,
    review,
    sale_order,
    stars,
    suppression,
    verification,
    website,
    website_check,
)
