# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The only place of the oracle that knows models and fields of the product.

It turns what is there into neutral words. When the product is built in another way,
this folder follows, and the stories and what they told before stay as they are.

``texts.py`` reads what people read, ``shared.py`` sees mails, activities, notes and
calls, ``money.py`` orders, protections, documents and payments, ``reviews.py`` the
rest.
"""

from . import money, shared
from .texts import find, read

__all__ = ["SEEN", "begin", "find", "look", "read"]
# What sees a record, by its model; areas may add to it.
SEEN = {**money.SEEN}


def begin(case):
    """Remember what was there before the stories of a class.

    :param case: class with an environment
    """
    case.known = shared.get_newest(case.env)


def look(case):
    """Return what is to be seen now.

    :param case: with ``watched`` records by their name, see ``OracleCase.watch``
    :return: JSON
    :rtype: dict
    """
    seen = {
        name: SEEN[record._name](case, record) if record.exists() else "deleted"
        for name, record in case.watched.items()
    }
    return {**seen, **shared.see(case)}
