# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import giving_back, invoice, line, paid, refund_fee, to_the_cent
