# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Moments as texts: those of the control API, and those of the REST side."""

import re
from datetime import UTC, datetime

# RFC 3339; the colon of the offset may be missing.
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})"
)


def format_time(seconds):
    """Return seconds since 1970 as ISO 8601 text in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def format_moment(seconds):
    """Return seconds since 1970 as the REST side writes it, with a ``Z``."""
    return format_time(seconds).replace("+00:00", "Z")


def read_moment(text):
    """Return seconds since 1970, or None for what is no moment with a zone."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
