# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Other files extend what these define.
from . import messages, service  # isort: skip
from . import account  # isort: skip
from . import channel  # isort: skip
from . import channel_settings  # isort: skip
from . import consent, invitation, review  # isort: skip
from . import (
    ir_cron,
    ir_http,
    json_ld,
    overview,
    payment,
    product,
    res_company,
    res_config_settings,
    sale_order,
    website,
)
from . import privacy  # isort: skip
