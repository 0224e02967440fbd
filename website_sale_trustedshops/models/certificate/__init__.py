# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import certificate  # isort: skip
from . import (
    check,
    display,
    fee_table,
    health,
    mail_settings,
    serving_rank,
    website_check,
)
