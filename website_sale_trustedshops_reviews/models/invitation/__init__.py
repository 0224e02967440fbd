# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import invitation  # isort: skip
from . import (
    explanation,
    may_invite,
    notices,
    order_invitation,
    sending,
    trigger,
)
