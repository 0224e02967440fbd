# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import consent  # isort: skip
from . import (
    consent_text,
    double_opt_in,
    entered,
    order_consent,
    payment_tick,
    stop_link,
    suppression,
)
