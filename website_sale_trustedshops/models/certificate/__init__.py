# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import certificate  # isort: skip
from . import answers, display, fee_table, website_check
