# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values in the answers of eTrusted: whatever they hold, nothing breaks by it."""

import json
import re
from datetime import UTC, datetime

from odoo.addons.website_sale_trustedshops.lib.exceptions import make_unreadable_error
from odoo.addons.website_sale_trustedshops.lib.values import to_printable

# What an id consists of, also where it becomes a part of an address.
REF = re.compile(r"[A-Za-z0-9_-]{1,100}")
# Longest short text that is kept of an answer, in characters.
MAX_LENGTH = 255


def get_rows(answer, operation):
    """Return the objects in an answer, which are a list, or the items of a page."""
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        document = None
    rows = document.get("items") if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise make_unreadable_error(operation)
    return rows


def get_ref(row, operation):
    """Return the id of an object, which becomes a part of addresses."""
    ref = row.get("id")
    if not isinstance(ref, str) or not REF.fullmatch(ref):
        raise make_unreadable_error(operation)
    return ref


def get_text(row, name):
    """Return a text as one short printable line, '' without one."""
    value = row.get(name)
    return to_printable(value, MAX_LENGTH) if isinstance(value, str) else ""


def to_moment(text):
    """Return a moment as naive UTC, None when it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def quote_ref(ref):
    """Return an id as a part of an address.

    :raise ValueError: when it is none; nothing was sent
    """
    if not REF.fullmatch(ref or ""):
        raise ValueError("This is no id of Trusted Shops")
    return ref
