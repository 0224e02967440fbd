# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import review  # isort: skip
from . import (
    low_stars,
    order_and_product,
    reading,
    reply,
    storing,
    verified_buyers,
)
