# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Drop the indexes whose place others take, that find parts of a number.

    Odoo leaves an index of another kind as it is.
    """
    cr.execute("DROP INDEX IF EXISTS trustedshops_protection__order_reference_index")
    cr.execute("DROP INDEX IF EXISTS trustedshops_protection__application_number_index")
