# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Certificates: their shape, the checks of what a person or test enters, the seeds.

A certificate is a plain dict, as the control API shows it; see ``read_certificate``.
Sources: WSDL 2013 (enumerations), handbook 1.2, fee tables of shop modules.
"""

import re
from datetime import date, timedelta
from decimal import Decimal

from .fields import is_flag, is_text, is_url, matches, one_of, read_fields, whole

TYPES = ("CLASSIC", "EXCELLENCE", "MIGRATION", "SPONSORSHIP", "NO_AUDIT")
STATES = ("PRODUCTION", "INTEGRATION", "TEST", "CANCELLED", "DISABLED", "NO_AUDIT")
# Credit line of the shop; all but "open" refuse applications, see ``services``.
LIMITS = ("open", "used_up", "suspended", "none")
CURRENCIES = tuple(
    "EUR USD AUD CAD CHF DKK GBP JPY NZD SEK PLN NOK BGN LVL LTL RON RUB TRY CZK HUF "
    "HRK".split()
)
# Handbook 1.2 with the Polish code PLATNOSCI.
PAYMENT_TYPES = tuple(
    "DIRECT_DEBIT CREDIT_CARD INVOICE CASH_ON_DELIVERY PREPAYMENT CHEQUE PAYBOX PAYPAL "
    "AMAZON_PAYMENTS CASH_ON_PICKUP FINANCING LEASING T_PAY CLICKANDBUY GIROPAY "
    "GOOGLE_CHECKOUT SHOP_CARD DIRECT_E_BANKING MONEYBOOKERS DOTPAY PLATNOSCI "
    "PRZELEWY24 OTHER".split()
)
# Types whose buyers are covered, if nothing else is said.
_GUARANTEED = ("CLASSIC", "EXCELLENCE")
# What a Classic certificate without items covers, in its currency.
_CLASSIC_AMOUNT = "2500.00"
CREATION_DATE = "2010-08-09T00:00:00+02:00"

_TS_ID = re.compile(r"X[0-9A-Z]{32}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MARK = re.compile(r"[1-4]\.[0-9]{2}|5\.00")
_LANGUAGE = re.compile(r"[a-z]{2}")
_PRODUCT_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MONEY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")


def _day(value):
    """Accept a day, or '' for a certificate whose document does not name it."""
    try:
        return value == "" or bool(matches(_DATE)(value) and date.fromisoformat(value))
    except ValueError:
        return False


def _money(value):
    """Accept an amount, or '' where the document has none."""
    return value == "" or matches(_MONEY)(value)


def _payment_types(value):
    return isinstance(value, list) and all(one_of(PAYMENT_TYPES)(v) for v in value)


def _always(value):
    return True


# Field: (is the value good?, what a good value is, default or None if required).
_FIELDS = {
    "ts_id": (matches(_TS_ID), "X and 32 capital letters or digits", None),
    "type": (one_of(TYPES), "one of " + ", ".join(TYPES), None),
    "state": (one_of(STATES), "one of " + ", ".join(STATES), None),
    "language": (matches(_LANGUAGE), "two lower-case letters", "de"),
    "url": (is_url, "an address that starts with http", ""),
    "ws_user": (is_text, "a text of 200 characters at most", ""),
    "ws_password": (is_text, "a text of 200 characters at most", ""),
    "limit": (one_of(LIMITS), "one of " + ", ".join(LIMITS), "open"),
    "inactive_payment_types": (_payment_types, "a list of payment types", ()),
    "ratings": (is_flag, "true or false", True),
    "rating_active": (is_flag, "true or false", False),
    "mark": (matches(_MARK), 'a text like "4.83", from 1.00 to 5.00', "4.83"),
    "reviews": (whole(0, 10**6), "a whole number", 123),
    "fees_invented": (is_flag, "true or false", False),
    "note": (is_text, "a text of 200 characters at most", ""),
    "valid_from": (_day, 'a date like "2020-01-31", or empty', "2020-01-01"),
    "valid_to": (_day, 'a date like "2020-01-31", or empty', "2099-12-31"),
    "feed": (is_flag, "true or false", True),
    "soap": (is_flag, "true or false", True),
    "guarantee": (is_flag, "true or false", False),
    "guarantee_amount": (_money, 'a text like "100.00", or empty', ""),
    "items": (_always, "", ()),
}
_ITEM_FIELDS = {
    "ts_product_id": (matches(_PRODUCT_ID), "letters, digits, _ . and -", None),
    "currency": (one_of(CURRENCIES), "one of " + ", ".join(CURRENCIES), None),
    "protected_amount": (matches(_MONEY), 'a text like "500.00"', None),
    "duration_days": (whole(1, 3650), "a whole number of days", None),
    "net_fee": (matches(_MONEY), 'a text like "0.82"', None),
    "gross_fee": (matches(_MONEY), 'a text like "0.98"', None),
    "id": (whole(1, 2**31 - 1), "a positive whole number", 0),
    "creation_date": (matches(re.compile(r"[0-9T:.+Z-]{19,40}")), "a date", ""),
}


def read_certificate(data, shop_url):
    """Return a certificate from what was entered, with all fields.

    :param dict data: ``ts_id``, ``type`` and ``state`` at least; ``items`` is a list
        of dicts with ``ts_product_id``, ``currency``, ``duration_days`` (days) and
        the amounts ``protected_amount``, ``net_fee``, ``gross_fee`` (texts in units
        of that currency, never numbers).
    :param str shop_url: the address when ``url`` is missing.
    :raise ValueError: in plain words, when something does not fit.
    """
    certificate = read_fields(data, _FIELDS, "A certificate")
    certificate["url"] = certificate["url"] or shop_url
    certificate["guarantee"] = data.get("guarantee", certificate["type"] in _GUARANTEED)
    if not isinstance(certificate["items"], list | tuple):
        raise ValueError("A certificate: 'items' must be a list.")
    certificate["items"] = [
        _read_item(item, position)
        for position, item in enumerate(certificate["items"], 1)
    ]
    names = [item["ts_product_id"] for item in certificate["items"]]
    if len(set(names)) != len(names):
        raise ValueError("A certificate: two items have the same 'ts_product_id'.")
    if "guarantee_amount" not in data:
        amounts = [item["protected_amount"] for item in certificate["items"]]
        largest = max(amounts, key=Decimal, default=_CLASSIC_AMOUNT)
        certificate["guarantee_amount"] = largest
    return certificate


def _read_item(data, position):
    item = read_fields(data, _ITEM_FIELDS, "An item")
    item["id"] = item["id"] or position
    item["creation_date"] = item["creation_date"] or CREATION_DATE
    return item


def find_item(certificate, ts_product_id):
    """Return the item with that id, or None."""
    for item in certificate["items"]:
        if item["ts_product_id"] == ts_product_id:
            return item
    return None


def covers(certificate, item, amount):
    """Tell whether an item may be used for an amount in the item's currency.

    The largest item may be used for more than it protects ("up to"): handbook 1.1
    and the PrestaShop module offer it then.
    """
    protected = Decimal(item["protected_amount"])
    largest = max(
        Decimal(other["protected_amount"])
        for other in certificate["items"]
        if other["currency"] == item["currency"]
    )
    return amount <= protected or protected == largest


# Net and gross fees in EUR, 19 % VAT: net from the tables of three shop modules,
# gross is 0.196 % of the protected amount, which makes 9.80 and not 9.81 for 5000.
_EUR_FEES = (
    (500, "0.82", "0.98"),
    (1500, "2.47", "2.94"),
    (2500, "4.12", "4.90"),
    (5000, "8.24", "9.80"),
    (10000, "16.47", "19.60"),
    (20000, "32.94", "39.20"),
)
# The ids are real, THE FEES ARE INVENTED: no source names them. 23 % VAT.
_PLN_FEES = (
    (500, "1.62", "1.99"),
    (1500, "4.06", "4.99"),
    (2500, "7.31", "8.99"),
    (5000, "14.63", "17.99"),
    (10000, "29.26", "35.99"),
    (20000, "56.90", "69.99"),
)


def _items(fees, prefix, currency):
    return [
        {
            "ts_product_id": f"{prefix}_{amount}_30_{currency}",
            "currency": currency,
            "protected_amount": f"{amount}.00",
            "duration_days": 30,
            "net_fee": net,
            "gross_fee": gross,
        }
        for amount, net, gross in fees
    ]


_EUR = _items(_EUR_FEES, "TS080501", "EUR")
_PLN = _items(_PLN_FEES, "TS100809", "PLN")

# Last digits of the id that ends soon, and the days until then, from when it is made.
_ENDING, _ENDING_DAYS = 15, 20
# Last digits of the id, name of the login (empty: has none), note, further fields.
_SEEDS = (
    (1, "de", "Excellence, German, EUR", {"items": _EUR}),
    (
        2,
        "pl",
        "Excellence, Polish, PLN (invented fees)",
        {"language": "pl", "items": _PLN, "fees_invented": True},
    ),
    (
        3,
        "",
        "Classic, German",
        {"type": "CLASSIC", "guarantee_amount": "100.00"},
    ),
    (
        4,
        "integration",
        "Excellence, being certified",
        {"state": "INTEGRATION", "items": _EUR},
    ),
    (5, "test", "Excellence, test id", {"state": "TEST", "items": _EUR}),
    (
        6,
        "cancelled",
        "Excellence, expired",
        {"state": "CANCELLED", "items": _EUR, "ratings": False},
    ),
    (
        7,
        "disabled",
        "Excellence, locked",
        {"state": "DISABLED", "items": _EUR, "ratings": False},
    ),
    (
        8,
        "",
        "Reviews only, not audited",
        {"type": "NO_AUDIT", "state": "NO_AUDIT", "rating_active": True},
    ),
    (9, "usedup", "Credit limit used up", {"limit": "used_up", "items": _EUR}),
    (10, "suspended", "Credit limit suspended", {"limit": "suspended", "items": _EUR}),
    (11, "nolimit", "No credit limit granted", {"limit": "none", "items": _EUR}),
    (12, "single", "Excellence with a single item", {"items": _EUR[:1]}),
    (
        13,
        "",
        "Known to the public list only, with guarantee",
        {"type": "CLASSIC", "soap": False},
    ),
    (
        14,
        "",
        "Known to the public list only, reviews without guarantee",
        {"type": "CLASSIC", "soap": False, "guarantee": False},
    ),
    (
        _ENDING,
        "",
        f"Ends in {_ENDING_DAYS} days, guarantee without amount",
        {"type": "CLASSIC", "guarantee_amount": ""},
    ),
    (
        16,
        "",
        "For another address, guarantee of 0",
        {
            "type": "CLASSIC",
            "url": "https://shop.another.example",
            "guarantee_amount": "0",
        },
    ),
    (17, "", "Polish Classic", {"type": "CLASSIC", "language": "pl"}),
)


def make_seeds(shop_url):
    """Return the certificates of a new sandbox; their ids never change.

    The ids have the real syntax and are obviously made up: all start ``X5A4DB0C5``.
    """
    ending = {"valid_to": str(date.today() + timedelta(days=_ENDING_DAYS))}
    return [
        read_certificate(
            {
                "ts_id": f"X5A4DB0C5{number:024d}",
                "type": "EXCELLENCE",
                "state": "PRODUCTION",
                "ws_user": f"shop-{login}" if login else "",
                "ws_password": f"sandbox-{login}" if login else "",
                "note": note,
                **(ending if number == _ENDING else {}),
                **fields,
            },
            shop_url,
        )
        for number, login, note, fields in _SEEDS
    ]
