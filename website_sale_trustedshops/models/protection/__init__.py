# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import protection  # isort: skip
from . import applying, buttons, buyer_mail, fee_in_books, notices, statement, words
