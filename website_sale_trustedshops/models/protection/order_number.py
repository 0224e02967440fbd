# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the order number: Trusted Shops accepts each once, but a shop may repeat it."""

import psycopg2

from .standing import is_in_doubt

# Trusted Shops accepts an order number once for each of its IDs and environments.
FIELDS = ("ts_id", "environment", "order_reference")


def take(protection, number):
    """Store the order number for good, unless another order has it.

    Write it alone: if the database refuses the statement, the log quotes it, and the
    log must not contain anything about the buyer. The statement locks the row, so that
    the database will not refuse the other values later.

    :param dict number: values of ``FIELDS``
    :return: whether the number was free; it was not if a sequence was reset, or a user
        changed a number
    :rtype: bool
    """
    try:
        with protection.env.cr.savepoint():
            protection.write(number)
    except psycopg2.errors.UniqueViolation:
        protection.write({**number, "order_reference": False})
        protection.flush_recordset()
        return False
    return True


def take_over_doubt(protection, values):
    """Return True if an earlier application under this number may have arrived.

    If the order was cancelled after a lost call and then confirmed again, Trusted
    Shops may have an application under its number. That now counts for this
    protection, and the earlier one is settled. If the number was known at the first
    call already, it is not ours, and the next call asks again.

    :param values: with ``ts_id``, ``environment`` and ``order_reference``
    :type values: dict or record
    """
    earlier = protection.order_id.trustedshops_protection_ids.filtered(
        lambda each: (
            each.state == "cancelled"
            and is_in_doubt(each)
            and all(each[name] == values[name] for name in FIELDS)
        )
    )
    has_doubt = any(earlier.mapped("may_have_arrived"))
    earlier.write({"may_have_arrived": False, "last_code": 0})
    earlier._update_todo()
    for each in earlier:
        each._in_responsible_lang()._ask_for_credit()
    return has_doubt
