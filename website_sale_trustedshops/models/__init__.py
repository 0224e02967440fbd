# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import rights  # isort: skip
from . import place  # isort: skip
from . import messages  # isort: skip
from . import finding  # isort: skip
from . import queue  # isort: skip
from . import dialog  # isort: skip
from . import owed_mail  # isort: skip
from . import privacy  # isort: skip
from . import protection  # isort: skip
from . import (
    blocks,
    certificate,
    checkout,
    fee,
    overview,
    product,
    res_config_settings,
    website,
)
