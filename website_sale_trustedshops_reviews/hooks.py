# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is left to tidy when the addon goes."""

from odoo.addons.website_sale_trustedshops.framework import set_parameter

from . import const


def uninstall_hook(env):
    """Remove the keys: all that was made by them goes as well."""
    for name in const.KEYS_PARAMETERS:
        set_parameter(env, name, False)
