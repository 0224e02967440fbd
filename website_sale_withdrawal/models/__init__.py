# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    mail_budget,
    order_mail,
    owed_mail,
    res_company,
    res_config_settings,
    sale_order,
    sale_withdrawal,
    staff,
)
