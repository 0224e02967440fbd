# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A local stand-in for the services of Trusted Shops.

It is a process of its own: SOAP services, the REST interface for reviews, an SMTP
inbox, a page for people and a control API for tests. Start it with
``python3 -m trustedshops_sandbox``.
"""

__version__ = "1.0.0"
