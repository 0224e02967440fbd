# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Forget why the last check failed where the hold of a certificate says it."""
    cr.execute(
        "UPDATE trustedshops_certificate SET last_check_error = NULL"
        " WHERE hold_reason IS NOT NULL"
    )
