# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import choice  # isort: skip
from . import after_order, offer, order_button, payment, placing
