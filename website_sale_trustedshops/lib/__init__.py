# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plain-Python layer of the addon: no ``env``, no recordset, no database.

Everything here takes plain values, returns frozen dataclasses or plain values, and
raises the exceptions of :mod:`.exceptions`. Only this package imports zeep or
requests.
"""
