# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import guarded_fields  # isort: skip
from . import place  # isort: skip
from . import mail  # isort: skip
from . import finding  # isort: skip
from . import service  # isort: skip
from . import queue  # isort: skip
from . import login  # isort: skip
from . import (
    account,
    bill,
    blocks,
    buyer_mail,
    certificate,
    delivery,
    inspection,
    ir_cron,
    payment,
    preview,
    product,
    protection,
    refund,
    report,
    res_config_settings,
    sale,
    tax,
    website,
)
