# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clean up when the addon is uninstalled."""

from odoo.addons.website_sale_trustedshops.framework import set_parameter

from .const import ADDRESS_KEY


def uninstall_hook(env):
    """Remove the key: uninstalling removes all hashes made with it."""
    set_parameter(env, ADDRESS_KEY, False)
