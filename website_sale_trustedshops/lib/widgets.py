# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Widgets with reviews, which a script of Trusted Shops draws into a page.

Source: the official connector for shops. No host of a test system is known.
"""

_PRODUCTION = "https://integrations.etrusted.com"
# Hosts of the script by environment.
WIDGET_HOSTS = {"production": _PRODUCTION, "qa": _PRODUCTION}
_PATH = "/applications/widget.js/v2"


def make_widget_script_url(base_url):
    """Return the address of the script that draws the widgets of a page.

    :param str base_url: one of ``WIDGET_HOSTS``, or the address of a sandbox
    :rtype: str
    """
    return base_url.rstrip("/") + _PATH
