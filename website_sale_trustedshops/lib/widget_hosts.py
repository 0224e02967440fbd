# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hosts from which a visitor's browser loads what Trusted Shops draws.

Source: loader and widget scripts of Trusted Shops and its own shop modules.
"""

# By environment of a certificate; a sandbox serves the same paths at its own address.
LOADER_SITES = {
    "production": "https://widgets.trustedshops.com",
    "qa": "https://widgets-qa.trustedshops.com",
}
WIDGET_SITES = {
    "production": "https://integrations.etrusted.com",
    "qa": "https://integrations.etrusted.site",
}


def make_loader_url(ts_id, environment, sandbox_url):
    """Return the address of the script that draws the floating badge and Trustcard.

    :param str ts_id: of the certificate
    :param str environment: of the certificate
    :param str sandbox_url: base address for every environment without a site
    :rtype: str
    """
    site = LOADER_SITES.get(environment) or sandbox_url.rstrip("/")
    return f"{site}/js/{ts_id}.js"


def make_widget_script_url(environment, sandbox_url):
    """Return the address of the script that draws widgets with reviews.

    :param str environment: of the certificate
    :param str sandbox_url: base address for every environment without a site
    :rtype: str
    """
    site = WIDGET_SITES.get(environment) or sandbox_url.rstrip("/")
    return f"{site}/applications/widget.js/v2"
