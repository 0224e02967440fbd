# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The only place of the oracle that knows models and fields of the product.

It turns what is there into neutral words. When the product is built in another way,
this folder follows, and the stories and what they told before stay as they are.

``shared.py`` reads texts and sees mails, activities, notes and calls, ``orders.py``
sees orders with their protections, documents and payments. What people do is in
``applications.py`` and ``consents.py``.
"""

from . import applications, consents, orders, shared

__all__ = ["applications", "begin", "consents", "look", "read"]
# What sees a record, by its model.
SEEN = {
    "sale.order": orders.see_order,
    "trustedshops.certificate": applications.see_certificate,
}
read = shared.read


def begin(case):
    """Remember what was there before the stories of a class.

    :param case: class with an environment
    """
    case.known = shared.get_newest(case.env)


def look(case):
    """Return what is to be seen now of what a case watches, as JSON."""
    seen = {
        name: SEEN[record._name](case, record) if record.exists() else "deleted"
        for name, record in case.watched.items()
    }
    return {**seen, **shared.see(case)}
