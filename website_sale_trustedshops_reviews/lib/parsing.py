# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the answers of eTrusted safely: they may contain anything."""

import json
import re
from datetime import timezone

from odoo.addons.website_sale_trustedshops.lib.exceptions import make_unreadable_error
from odoo.addons.website_sale_trustedshops.lib.values import read_moment, to_printable

# The form of an id, which is safe as a part of an address.
REF = re.compile(r"[A-Za-z0-9_-]{1,100}")


def load(content):
    """Return the document in an answer, None if it is not JSON.

    :param bytes content: of the answer
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def is_object(content):
    """Return True if an answer is a JSON object, as all of the interface are.

    :param bytes content: of the answer
    :rtype: bool
    """
    return isinstance(load(content), dict)


def load_object(content):
    """Return the object in an answer, empty if there is none.

    :param bytes content: of the answer
    :rtype: dict
    """
    document = load(content)
    return document if isinstance(document, dict) else {}


def get_rows(answer, operation):
    """Return the objects in an answer: a list, or a page with ``items``."""
    document = load(answer.content)
    rows = document.get("items") if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise make_unreadable_error(operation)
    return rows


def get_object(row, name):
    """Return the object that another one has under a name, {} without one."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def get_ref(row, operation):
    """Return the id of an object, which becomes a part of addresses."""
    ref = row.get("id")
    if not isinstance(ref, str) or not REF.fullmatch(ref):
        raise make_unreadable_error(operation)
    return ref


def get_text(row, name):
    """Return a text as one short printable line, '' without one."""
    value = row.get(name)
    return to_printable(value, 255) if isinstance(value, str) else ""


def to_moment(text):
    """Return a moment as naive UTC, None if the text is not a moment."""
    try:
        moment = read_moment(text)
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        return moment
    except (ValueError, OverflowError):
        return None


def quote_ref(ref):
    """Return an id as a part of an address.

    :raise ValueError: if it is not an id, before anything is sent
    """
    if not REF.fullmatch(ref or ""):
        raise ValueError("This is no id of Trusted Shops")
    return ref
