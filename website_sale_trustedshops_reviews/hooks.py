# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hooks of the addon."""

from odoo.addons.website_sale_trustedshops.framework import set_parameter

from .const import ADDRESS_KEY


def uninstall_hook(env):
    """Delete the key that hashes addresses; the hashes go with the addon's tables."""
    set_parameter(env, ADDRESS_KEY, False)
