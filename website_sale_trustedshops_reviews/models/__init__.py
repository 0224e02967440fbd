# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# Other files extend what these define.
from . import messages, todo, service  # isort: skip
from . import etrusted_account  # isort: skip
from . import (
    channel,
    consent,
    invitation,
    json_ld,
    product,
    product_rating,
    report,
    res_company,
    res_config_settings,
    review,
    stars,
    website,
    website_check,
)
from . import privacy  # isort: skip
