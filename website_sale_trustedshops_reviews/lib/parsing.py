# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Functions that read answers of eTrusted, which may contain anything."""

import json
import re
from datetime import timezone

from odoo.addons.website_sale_trustedshops.lib.exceptions import make_unreadable_error
from odoo.addons.website_sale_trustedshops.lib.values import read_moment, to_printable

# Ids of this form are safe as a part of a URL.
REF = re.compile(r"[A-Za-z0-9_-]{1,100}")


def load(content):
    """Return the content of an answer as Python values, None if it is not JSON.

    :param bytes content: body of the answer
    :return: value of any JSON type
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def is_object(content):
    """Return True if an answer is a JSON object, as all answers of eTrusted are.

    :param bytes content: body of the answer
    :rtype: bool
    """
    return isinstance(load(content), dict)


def load_object(content):
    """Return the JSON object in an answer, {} if there is none.

    :param bytes content: body of the answer
    :rtype: dict
    """
    document = load(content)
    return document if isinstance(document, dict) else {}


def get_rows(answer, operation):
    """Return the JSON objects in an answer: a list, or a page with ``items``.

    :param Answer answer: answer of eTrusted
    :param str operation: name of the operation, for the error
    :rtype: list of dict
    :raise RetryableError: if there is no such list
    """
    document = load(answer.content)
    rows = document.get("items") if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise make_unreadable_error(operation)
    return rows


def get_object(row, name):
    """Return the JSON object under a key of another one, {} without one.

    :param dict row: JSON object
    :param str name: key
    :rtype: dict
    """
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def get_ref(row, operation):
    """Return the ``id`` of a JSON object, which is safe as a part of a URL.

    :param dict row: JSON object
    :param str operation: name of the operation, for the error
    :rtype: str
    :raise RetryableError: if there is no such id
    """
    ref = row.get("id")
    if not isinstance(ref, str) or not REF.fullmatch(ref):
        raise make_unreadable_error(operation)
    return ref


def get_text(row, name):
    """Return the text under a key as one printable line of at most 255 characters.

    :param dict row: JSON object
    :param str name: key
    :return: '' without a text
    :rtype: str
    """
    value = row.get(name)
    return to_printable(value, 255) if isinstance(value, str) else ""


def to_moment(text):
    """Return the moment in a text in ISO 8601, None if it is not one.

    :param str text: text, taken as UTC without an offset
    :return: moment in UTC, naive
    :rtype: datetime.datetime or None
    """
    try:
        moment = read_moment(text)
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        return moment
    except (ValueError, OverflowError):
        return None


def quote_ref(ref):
    """Check that a text is an id, and return it as a part of a URL.

    :param str ref: id at Trusted Shops
    :rtype: str
    :raise ValueError: if it is not an id
    """
    if not REF.fullmatch(ref or ""):
        raise ValueError("This is no id of Trusted Shops")
    return ref
