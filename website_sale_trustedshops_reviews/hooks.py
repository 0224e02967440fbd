# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clean up when the addon is uninstalled."""

from odoo.addons.website_sale_trustedshops.framework import set_parameter

from .models.ir_config_parameter import KEY_PARAMETERS


def uninstall_hook(env):
    """Remove the keys: uninstalling removes all hashes and links made with them."""
    for name in KEY_PARAMETERS:
        set_parameter(env, name, False)
