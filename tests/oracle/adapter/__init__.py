# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The only place of the oracle that knows models and fields of the product.

It turns what is there into neutral words. When the product is built in another way,
this folder follows, and the stories and what they told before stay as they are.

``texts.py`` reads what people read, ``shared.py`` sees mails, activities, notes and
calls, ``money.py`` orders, protections, documents and payments, ``reviews.py`` the
rest. What people do that is no field is in ``applications.py``, ``consents.py`` and
``desk.py``.
"""

from . import applications, money, shared
from .applications import (
    break_mail,
    die_in_call,
    enter_number,
    press,
    store_late_guarantee,
    store_late_number,
)
from .consents import (
    clean_consents,
    enter_consent,
    erase,
    get_token,
    import_consent,
    lift,
    open_link,
    press_link,
    propose_words,
    send_requests,
    stop_by_link,
    withdraw,
    withdraw_order,
)
from .desk import (
    WORDS,
    answer_review,
    connect,
    read_again,
    refresh,
    release,
)
from .reviews import (
    die_in_event,
    imported_per_day,
    press_invitation,
    see_reviews,
)
from .texts import find, read

__all__ = [
    "SEEN",
    "WORDS",
    "answer_review",
    "begin",
    "break_mail",
    "clean_consents",
    "connect",
    "die_in_call",
    "die_in_event",
    "enter_consent",
    "enter_number",
    "erase",
    "find",
    "get_token",
    "import_consent",
    "imported_per_day",
    "lift",
    "look",
    "open_link",
    "press",
    "press_invitation",
    "press_link",
    "propose_words",
    "read",
    "read_again",
    "refresh",
    "release",
    "see_reviews",
    "send_requests",
    "stop_by_link",
    "store_late_guarantee",
    "store_late_number",
    "withdraw",
    "withdraw_order",
]
# What sees a record, by its model; areas may add to it.
SEEN = {**money.SEEN, **applications.SEEN}


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
